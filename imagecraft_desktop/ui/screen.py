"""Sizes of windows, on screens of any size and with letters of any size."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStyle, QWidget

_SHARE = 0.9


def resize_within(window: QWidget, size: QSize) -> None:
    """Give a window a size, or less where the screen is too small for it."""
    window.resize(size.boundedTo(available(window) * _SHARE))


def available(window: QWidget) -> QSize:
    """What the desktop leaves of the window's screen."""
    return window.screen().availableSize()


def fit(window: QWidget, width: int) -> None:
    """Make a window as high as its lines need when they are broken at this width, or at what it wants."""
    wanted = window.sizeHint().expandedTo(QSize(width, 0))
    wanted.setHeight(max(wanted.height(), window.heightForWidth(wanted.width())))
    resize_within(window, wanted)


def scrolling(inner: QWidget) -> QScrollArea:
    """A place for parts that may need more height than a screen has; Tab brings each into sight. It is for `Scrolled`."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    return area


def resize_to_scrolled(window: QWidget, inner: QWidget, area: QScrollArea, width: int) -> None:
    """Make a window as large as all that is in its scrolled area, where the screen has room for it.

    Args:
        width: The least.
    """
    bar = window.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
    beside = window.sizeHint() - area.sizeHint()
    width = max(width, inner.minimumSizeHint().width() + bar + beside.width())
    height = inner.heightForWidth(width - bar - beside.width())
    resize_within(window, QSize(width, max(height, inner.sizeHint().height()) + beside.height()))
