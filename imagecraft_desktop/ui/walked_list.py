"""A list that tells which line the user has walked to by key: where no screen reader runs, our own voice says it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget

_STEPS = frozenset(
    {
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
    }
)
"""Keys that are answered at the end of the list as well, where they lead nowhere."""


class WalkedList(QListWidget):
    """A `QListWidget` whose lines are walked by ear. Lines that become current by themselves are not told."""

    walked = Signal(str)
    """A key has led to this line."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.currentItem()
        super().keyPressEvent(event)
        item = self.currentItem()
        if item is not None and (item is not before or event.key() in _STEPS):
            self.walked.emit(item.text())
