"""A field for a line of text that a screen reader names when the keyboard comes to it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
)
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

    Args:
        takes_pictures: Whether pictures and files are pasted elsewhere than into the text; see `picture_pasted`.
    """

    picture_pasted = Signal()
    """The key that pastes was pressed, and a picture or files are on the clipboard. They are left there."""

    def __init__(self, parent: QWidget | None = None, *, takes_pictures: bool = False) -> None:
        super().__init__(parent)
        self._takes_pictures = takes_pictures
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
        is_paste = event.matches(QKeySequence.StandardKey.Paste)
        if is_paste and self._takes_pictures and _is_picture_on_clipboard():
            self.picture_pasted.emit()
            return
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


def _is_picture_on_clipboard() -> bool:
    """Whether there is something to be described rather than text. Office programs offer text as a picture, too,
    and file managers files as text.
    """
    mime = QGuiApplication.clipboard().mimeData()
    is_text = mime.hasFormat("text/plain")
    return any(url.isLocalFile() for url in mime.urls()) or (mime.hasImage() and not is_text)
