"""The page that says what is kept, and for how long, and proves that nothing is sent."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.labels import labelled
from imagecraft_desktop.ui.settings.buttons import describe, fill, make_button, make_rows
from imagecraft_desktop.ui.settings.mnemonics import Mnemonics
from imagecraft_desktop.values import Choice


class PrivacyPage(QWidget):
    """A list of sentences, to be read line by line."""

    proof_wanted = Signal()

    def __init__(self, sentences: Sequence[str], keys: Mnemonics) -> None:
        super().__init__()
        self._rows = make_rows()
        prove = make_button(keys.mark(say(strings.PRIVACY_PROVE)))
        describe(prove, say(strings.PRIVACY_PROVE_HELP))
        prove.clicked.connect(self.proof_wanted)
        column = QVBoxLayout(self)
        column.addWidget(labelled(keys.mark(say(strings.PRIVACY_LIST)), self._rows))
        column.addWidget(self._rows)
        column.addWidget(prove)
        self._proof = ""
        self.show_sentences(sentences)

    def show_sentences(self, sentences: Sequence[str]) -> None:
        """What is kept; what was found stays at the end."""
        self._sentences = list(sentences)
        self.show_proof(self._proof)

    def show_proof(self, sentence: str) -> None:
        """Put what was found at the end of the list, where it can be read again."""
        self._proof = sentence
        lines = [*self._sentences, *filter(None, [sentence])]
        fill(self._rows, [Choice(line, line) for line in lines])
