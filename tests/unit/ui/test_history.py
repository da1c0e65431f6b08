"""The history window by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from tests.windows import history_window

# of the offscreen platform alone
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_tab_to_the_sentences_comes_to_the_first(qtbot: QtBot) -> None:
    """Orca says of a list without a chosen line only how many there are."""
    window = history_window(False)
    qtbot.addWidget(window)
    entries, sentences = window.findChildren(QListWidget)
    assert (entries.currentRow(), sentences.currentRow()) == (0, 0)
    sentences.setCurrentRow(1)
    entries.setCurrentRow(2)
    assert sentences.currentRow() == 0


def test_what_is_described_meanwhile_comes_into_the_list_and_nothing_moves(qtbot: QtBot) -> None:
    window = history_window(False)
    qtbot.addWidget(window)
    entries, sentences = window.findChildren(QListWidget)
    shown = [entries.item(row).data(Qt.ItemDataRole.UserRole) for row in range(entries.count())]
    entries.setCurrentRow(1)
    sentences.setCurrentRow(1)
    new = replace(shown[0], number=1 + max(one.number for one in shown), name="new.png")
    window.add([new, *shown])
    assert entries.count() == len(shown) + 1
    assert "new.png" in entries.item(0).text()
    assert (entries.currentRow(), sentences.currentRow()) == (2, 1)
    window.add([new, *shown])
    assert entries.count() == len(shown) + 1
    window.show_entries([])
    window.add([new])
    assert [entries.count(), entries.currentRow()] == [1, 0]
    assert window.findChildren(QPushButton)[0].isEnabled()


def test_the_line_that_a_key_leads_to_is_told_in_both_lists(qtbot: QtBot) -> None:
    window = history_window(False)
    qtbot.addWidget(window)
    told: list[str] = []
    window.walked.connect(told.append)
    entries, sentences = window.findChildren(QListWidget)
    shown = [entries.item(row).data(Qt.ItemDataRole.UserRole) for row in range(entries.count())]
    window.show_entries(shown)
    assert told == []
    qtbot.keyClick(entries, Qt.Key.Key_Down)
    assert told == [entries.item(1).text()]
    qtbot.keyClick(sentences, Qt.Key.Key_End)
    assert told[1:] == [sentences.item(sentences.count() - 1).text()]


def test_delete_forgets_in_the_list_alone(qtbot: QtBot) -> None:
    window = history_window(False)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    entries, _ = window.findChildren(QListWidget)
    for part, is_asked in ((window.findChildren(QPushButton)[0], False), (entries, True)):
        part.setFocus()
        qtbot.keyClick(part, Qt.Key.Key_Delete)
        asked = [one for one in window.findChildren(QDialog) if one.isVisible()]
        assert bool(asked) is is_asked
