"""The page that says what is kept, and for how long."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.labels import labelled
from imagecraft_desktop.ui.settings.buttons import fill, make_rows
from imagecraft_desktop.ui.settings.mnemonics import Mnemonics
from imagecraft_desktop.values import Choice


class PrivacyPage(QWidget):
    """A list of sentences, to be read line by line."""

    def __init__(self, sentences: Sequence[str], keys: Mnemonics) -> None:
        super().__init__()
        rows = make_rows()
        column = QVBoxLayout(self)
        column.addWidget(labelled(keys.mark(say(strings.PRIVACY_LIST)), rows))
        column.addWidget(rows)
        fill(rows, [Choice(text, text) for text in sentences])
