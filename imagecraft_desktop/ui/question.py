"""The window in which a question about the last picture is typed. Opened only when the user asks."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.contrast import use_contrast
from imagecraft_desktop.ui.entry import Entry
from imagecraft_desktop.ui.labels import labelled
from imagecraft_desktop.ui.screen import fit

_WIDTH = 480


class QuestionDialog(QDialog):
    """Asks for one question; Enter sends it, Escape leaves."""

    asked = Signal(str)
    """The question, never empty."""

    def __init__(self, name: str, high_contrast: bool = False) -> None:
        super().__init__()
        use_contrast(self, high_contrast)
        self.setWindowTitle(say(strings.QUESTION_TITLE))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._entry = Entry()
        label = labelled(say(strings.QUESTION_LABEL, name=name.replace("&", "&&")), self._entry)
        buttons = QDialogButtonBox()
        ask = buttons.addButton(say(strings.QUESTION_ASK), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(say(strings.QUESTION_CANCEL), QDialogButtonBox.ButtonRole.RejectRole)
        column = QVBoxLayout(self)
        for part in (label, self._entry, buttons):
            column.addWidget(part)
        ask.setDefault(
            True
        )  # not before it is in the dialog: Tab over Cancel would leave that in its place
        buttons.accepted.connect(self._send)
        buttons.rejected.connect(self.reject)
        fit(self, _WIDTH)
        self._entry.setFocus()

    @Slot()
    def _send(self) -> None:
        if question := self._entry.text().strip():
            self.asked.emit(question)
            self.accept()
