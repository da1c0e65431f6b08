"""The window in which a question about the last picture is typed. Opened only when the user asks."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.contrast import use_contrast
from imagecraft_desktop.ui.entry import Entry
from imagecraft_desktop.ui.labels import labelled, plain
from imagecraft_desktop.ui.screen import fit

_WIDTH = 480


class QuestionDialog(QDialog):
    """Asks for one question; Enter sends it, Escape leaves. Who takes the question closes it."""

    asked = Signal(str)
    """The question, never empty."""

    def __init__(self, name: str, high_contrast: bool = False) -> None:
        super().__init__()
        self._name = name.replace("&", "&&")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._entry = Entry()
        self._label = labelled("", self._entry)
        buttons = QDialogButtonBox()
        self._send_button = buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        self._leave_button = buttons.addButton("", QDialogButtonBox.ButtonRole.RejectRole)
        column = QVBoxLayout(self)
        for part in (self._label, self._entry, buttons):
            column.addWidget(part)
        # not before it is in the dialog: Tab over Cancel would leave that in its place
        self._send_button.setDefault(True)
        buttons.accepted.connect(self._send)
        buttons.rejected.connect(self.reject)
        self.follow(high_contrast)
        fit(self, _WIDTH)
        self._entry.setFocus()

    def follow(self, high_contrast: bool) -> None:
        """Take over these colours and the language of now."""
        use_contrast(self, high_contrast)
        self.setWindowTitle(say(strings.QUESTION_TITLE))
        label = say(strings.QUESTION_LABEL, name=self._name)
        self._label.setText(label)
        self._entry.setAccessibleName(plain(label))
        self._send_button.setText(say(strings.QUESTION_ASK))
        self._leave_button.setText(say(strings.QUESTION_CANCEL))

    @Slot()
    def _send(self) -> None:
        if question := self._entry.text().strip():
            self.asked.emit(question)
