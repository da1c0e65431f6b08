"""The history window by itself."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QListWidget
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
