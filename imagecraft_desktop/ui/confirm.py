"""Asks before something is done that cannot be undone, or that leaves this machine."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say


def confirm(
    parent: QWidget | None,
    text: str,
    act: Callable[[], object],
    otherwise: Callable[[], object] = lambda: None,
) -> None:
    """Ask, and act only on yes; no is what Enter and Escape say. Returns at once.

    Args:
        otherwise: Called on no.
    """
    buttons = QMessageBox.StandardButton
    box = QMessageBox(
        QMessageBox.Icon.Question,
        say(strings.CONFIRM_TITLE),
        text,
        buttons.Yes | buttons.No,
        parent,
    )
    box.setTextFormat(Qt.TextFormat.PlainText)  # a name in it may look like markup
    for button, label in ((buttons.Yes, strings.CONFIRM_YES), (buttons.No, strings.CONFIRM_NO)):
        box.button(button).setText(say(label))
    box.setDefaultButton(buttons.No)
    box.setEscapeButton(buttons.No)
    box.finished.connect(box.deleteLater)

    def answer(given: int) -> None:
        if given == buttons.Yes.value:
            act()
        else:
            otherwise()

    box.finished.connect(answer)
    box.open()
    box.activateWindow()
