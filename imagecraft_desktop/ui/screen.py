"""Sizes of windows, on screens of any size and with letters of any size."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

_SHARE = 0.9


def resize_within(window: QWidget, size: QSize) -> None:
    """Give a window a size, or less where the screen is too small for it."""
    window.resize(size.boundedTo(window.screen().availableSize() * _SHARE))
