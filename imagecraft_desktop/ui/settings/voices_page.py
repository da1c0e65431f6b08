"""The page of the user's own voices: list, hear, rename, remove, make a new one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QGridLayout,
    QInputDialog,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.labels import labelled
from imagecraft_desktop.ui.settings.buttons import chosen, fill, make_button, make_rows
from imagecraft_desktop.ui.settings.mnemonics import Mnemonics
from imagecraft_desktop.values import Choice


class VoicesPage(QWidget):
    """Lists voices in a line each."""

    play_wanted = Signal(str)
    rename_wanted = Signal(str, str)
    remove_wanted = Signal(str)
    new_wanted = Signal()

    def __init__(self, keys: Mnemonics) -> None:
        super().__init__()
        self._rows = make_rows()
        column = QVBoxLayout(self)
        column.addWidget(labelled(keys.mark(say(strings.VOICES_LIST)), self._rows))
        column.addWidget(self._rows)
        grid = QGridLayout()
        self._for_one: list[QPushButton] = []
        for place, (text, act) in enumerate(
            (
                (strings.VOICES_NEW, self.new_wanted.emit),
                (strings.VOICES_PLAY, self._play),
                (strings.VOICES_RENAME, self._rename),
                (strings.VOICES_REMOVE, self._remove),
            )
        ):
            button = make_button(keys.mark(say(text)))
            button.clicked.connect(act)
            grid.addWidget(button, *divmod(place, 2))
            if text is not strings.VOICES_NEW:
                self._for_one.append(button)
        column.addLayout(grid)
        self._rows.itemActivated.connect(self._play)

    def show_voices(self, voices: Sequence[Choice]) -> None:
        """List these; the value is the name of a voice."""
        fill(self._rows, voices)
        for button in self._for_one:
            button.setEnabled(bool(voices))

    @Slot()
    def _play(self) -> None:
        if name := chosen(self._rows):
            self.play_wanted.emit(name)

    @Slot()
    def _rename(self) -> None:
        old = chosen(self._rows)

        def take(new: str) -> None:
            if new.strip() and new != old:
                self.rename_wanted.emit(old, new)

        dialog = rename_dialog(self, old)
        dialog.textValueSelected.connect(take)
        dialog.open()

    @Slot()
    def _remove(self) -> None:
        if name := chosen(self._rows):
            self.remove_wanted.emit(name)


def rename_dialog(parent: QWidget, name: str) -> QInputDialog:
    """Asks for another name of a voice."""
    dialog = QInputDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(say(strings.VOICES_RENAME).removesuffix("…"))
    dialog.setLabelText(say(strings.VOICES_NEW_NAME, name=name))
    dialog.setTextValue(name)
    return dialog
