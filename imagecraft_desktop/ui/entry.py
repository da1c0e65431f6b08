"""A field for a line of text that a screen reader names when the keyboard comes to it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

_REASON = Qt.FocusReason
_SELECTING = frozenset(
    {_REASON.TabFocusReason, _REASON.BacktabFocusReason, _REASON.ShortcutFocusReason}
)


class Entry(QLineEdit):
    """A `QLineEdit` whose text is selected a moment after it got the keyboard.

    By itself, with Tab, Qt selects the text first and tells of the keyboard afterwards. Orca then takes the caret
    that moves for a move within the field it already is in, and does not say the field's name (seen with 43).
    Telling of the keyboard twice does not help: Orca drops the first of two equal events.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_to_select = False
        self._moment = QTimer(self, singleShot=True, interval=0)
        self._moment.timeout.connect(self._select)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() in _SELECTING and not self.hasSelectedText():
            self._is_to_select = True
            self._moment.start()
            event = QFocusEvent(event.type(), _REASON.OtherFocusReason)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._select()  # what is typed right after Tab replaces the text, as it does in every field
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._select()
        super().inputMethodEvent(event)

    @Slot()
    def _select(self) -> None:
        if self._is_to_select and self.hasFocus():
            self.selectAll()
        self._is_to_select = False
