"""Lets the user type a question about the last picture, when one is wanted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Slot

from imagecraft_desktop.control import Control
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.ui.question import QuestionDialog
from imagecraft_desktop.values import Origin


class Asking(QObject):
    """Opens the question window; there is one at most."""

    def __init__(self, control: Control, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._control = control
        self._dialog: QuestionDialog | None = None
        control.question_wanted.connect(self._open)
        control.reloaded.connect(self._follow)

    @Slot()
    def _open(self) -> None:
        capture = self._control.capture
        if capture is None:
            return
        if self._dialog is None:
            is_file = capture.origin is Origin.FILE
            name = Path(capture.name).name if is_file else capture.name
            self._dialog = QuestionDialog(name, self._control.settings.high_contrast)
            self._dialog.asked.connect(self._ask)
            self._dialog.destroyed.connect(self._forget)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    @Slot()
    def _follow(self) -> None:
        if self._dialog is not None:
            self._dialog.follow(self._control.settings.high_contrast)

    @Slot()
    def _forget(self) -> None:
        self._dialog = None

    @Slot(str)
    def _ask(self, question: str) -> None:
        reply = self._control.do(Action.ASK, {"question": question})
        if reply["ok"] and self._dialog is not None:
            self._dialog.accept()
