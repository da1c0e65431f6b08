"""A field selects its text when the keyboard comes to it, but not before that is told."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from imagecraft_desktop.ui.entry import Entry

# of the offscreen platform alone
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

_REASON = Qt.FocusReason


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """With a button, which has the keyboard, and a field."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    button, field = QPushButton("Other"), Entry()
    field.setText("old words")
    for part in (button, field):
        column.addWidget(part)
    window.show()
    qtbot.waitExposed(window)
    button.setFocus()
    return window


@pytest.fixture
def entry(window: QWidget) -> Entry:
    return window.findChild(Entry)


@pytest.mark.parametrize(
    ("reason", "selected"),
    [
        (_REASON.TabFocusReason, "old words"),
        (_REASON.BacktabFocusReason, "old words"),
        (_REASON.ShortcutFocusReason, "old words"),
        (_REASON.OtherFocusReason, ""),
    ],
    ids=lambda value: str(getattr(value, "name", value or "nothing")),
)
def test_the_text_is_selected_after_the_focus_was_told(
    qtbot: QtBot, entry: Entry, reason: Qt.FocusReason, selected: str
) -> None:
    with qtbot.assertNotEmitted(entry.selectionChanged):
        entry.setFocus(reason)
    qtbot.waitUntil(lambda: entry.selectedText() == selected)


def test_what_is_typed_at_once_replaces_the_text(qtbot: QtBot, entry: Entry) -> None:
    entry.setFocus(_REASON.TabFocusReason)
    qtbot.keyClicks(entry, "new")
    qtbot.wait(0)
    qtbot.keyClicks(entry, " ones")
    assert entry.text() == "new ones"


def test_a_field_that_was_left_at_once_selects_nothing(qtbot: QtBot, entry: Entry) -> None:
    entry.setFocus(_REASON.TabFocusReason)
    entry.clearFocus()
    qtbot.wait(0)
    assert entry.selectedText() == ""
