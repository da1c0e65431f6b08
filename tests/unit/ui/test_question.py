"""The window in which a question is typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from imagecraft_desktop.ui.question import QuestionDialog

# of the offscreen platform alone
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_enter_asks_also_after_tab_went_round(qtbot: QtBot) -> None:
    """Else the question that was typed is lost without a word: Enter pressed Cancel."""
    dialog = QuestionDialog("dog.jpg")
    asked: list[str] = []
    dialog.asked.connect(asked.append)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    entry = dialog.findChild(QLineEdit)
    for _ in range(3):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is entry
    qtbot.keyClicks(entry, "How many?")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert asked == ["How many?"]
    assert dialog.isVisible(), "it closes when the question was taken"
