"""The window that lists what was described: search, repeat, copy, export, forget.

It shows what it is given and says what is wanted; `windows/keeping.py` does it.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.confirm import confirm
from imagecraft_desktop.ui.contrast import use_contrast
from imagecraft_desktop.ui.entry import Entry
from imagecraft_desktop.ui.labels import labelled, plain
from imagecraft_desktop.ui.screen import resize_within
from imagecraft_desktop.ui.walked_list import WalkedList
from imagecraft_desktop.values import HistoryEntry

_SIZE = QSize(760, 560)
_LEAST = 40
_TYPING_MS = 200
_TYPED_MS, _OPENED_MS = 500, 1000
"""So long after the last key, and after it was opened, what is to be known is told: a reader that says the key, or
the window, would cut it off."""
_ENTRY = Qt.ItemDataRole.UserRole


class HistoryWindow(QWidget):
    """Lists entries, the newest first; the sentences of the chosen one stand below."""

    searched = Signal(str)
    """Entries with these words are wanted, all with none."""
    repeat_wanted = Signal(object)
    """A `HistoryEntry` is to be spoken."""
    picture_wanted = Signal(object)
    """The picture kept with a `HistoryEntry` is to be shown in the image window."""
    export_wanted = Signal(str)
    """Everything is to be written to this file."""
    forget_wanted = Signal(object)
    """A `HistoryEntry` is to be deleted; None for all."""
    told = Signal(str)
    """A sentence to be heard."""
    walked = Signal(str)
    """A key has led to this line of a list."""

    def __init__(self, high_contrast: bool = False) -> None:
        super().__init__()
        use_contrast(self, high_contrast)
        resize_within(self, _SIZE)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._tell_search)
        self._found = ""
        """What is to be known of the list; "" when it tells all by itself."""
        self._telling = QTimer(self, singleShot=True)
        self._telling.timeout.connect(lambda: self.told.emit(self._found))
        self._whole = self._make_parts()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._whole)
        QShortcut(QKeySequence.StandardKey.Copy, self, self._copy)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        self._entries.setFocus()

    def follow(self, high_contrast: bool) -> None:
        """Take over these colours and the language of now. The entries are then wanted anew."""
        use_contrast(self, high_contrast)
        if self._language != strings.language():
            self._build_again()

    def _build_again(self) -> None:
        """The parts in another language, at the same place."""
        old, words, row = self._whole, self._search.text(), self._entries.currentRow()
        entries = [self._entries.item(n).data(_ENTRY) for n in range(self._entries.count())]
        self._whole = self._make_parts()
        self._search.setText(words)
        self._typing.stop()
        self._telling.stop()
        self.show_entries(entries)
        self._entries.setCurrentRow(row)
        self._column.replaceWidget(old, self._whole)
        self._whole.show()  # else it takes the keyboard some events later
        self._entries.setFocus()
        old.hide()
        old.deleteLater()
        self._tell_search()

    def _make_parts(self) -> QWidget:
        self._language = strings.language()
        self.setWindowTitle(say(strings.HISTORY_TITLE))
        whole = QWidget()
        self._search = Entry()
        self._search.setClearButtonEnabled(True)
        self._entries = WalkedList()
        self._entries.setWordWrap(True)
        self._statements = WalkedList()
        self._statements.setWordWrap(True)
        self._state = QLabel()
        self._state.setWordWrap(True)
        for listing in (self._entries, self._statements):
            listing.setMinimumHeight(_LEAST)
            listing.walked.connect(self.walked)
        column = QVBoxLayout(whole)
        for message, part, share in (
            (strings.HISTORY_SEARCH, self._search, 0),
            (strings.HISTORY_ENTRIES, self._entries, 3),
            (strings.HISTORY_STATEMENTS, self._statements, 2),
        ):
            column.addWidget(labelled(say(message), part))
            column.addWidget(part, share)
        column.addWidget(self._state)
        column.addLayout(self._make_buttons())
        self._search.textChanged.connect(self._typing.start)
        self._search.textChanged.connect(lambda: self._telling.start(_TYPED_MS))
        self._entries.currentItemChanged.connect(self._show_statements)
        self._entries.itemActivated.connect(self._repeat)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self._entries, self._forget_one)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        return whole

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._for_one: list[QPushButton] = []
        self._for_picture: list[QPushButton] = []
        self._for_all: list[QPushButton] = []
        for message, act, group in (
            (strings.HISTORY_REPEAT, self._repeat, self._for_one),
            (strings.HISTORY_COPY, self._copy, self._for_one),
            (strings.HISTORY_PICTURE, self._open_picture, self._for_picture),
            (strings.HISTORY_EXPORT, self._export, self._for_all),
            (strings.HISTORY_FORGET_ONE, self._forget_one, self._for_one),
            (strings.HISTORY_FORGET_ALL, self._forget_all, self._for_all),
            (strings.HISTORY_CLOSE, self.close, []),
        ):
            button = QPushButton(say(message))
            button.setAutoDefault(False)
            button.setAccessibleName(plain(say(message)))
            button.clicked.connect(act)
            row.addWidget(button)
            group.append(button)
        return row

    def show_entries(self, entries: Sequence[HistoryEntry], *, is_off: bool = False) -> None:
        """List these, and keep the place in the list.

        Args:
            is_off: Nothing is added to the history now.
        """
        row = max(self._entries.currentRow(), 0)
        self._entries.clear()
        for entry in entries:
            self._entries.addItem(_item(entry))
        for button in (*self._for_one, *self._for_all):
            button.setEnabled(bool(entries))
        self._enable_picture()
        if entries:
            self._entries.setCurrentRow(min(row, len(entries) - 1))
        else:
            self._statements.clear()
        self._found = self._about(len(entries), is_off=is_off)
        self._show_state(self._found)

    def add(self, entries: Sequence[HistoryEntry]) -> None:
        """Take those of these into the list that are not there; nothing else moves.

        Args:
            entries: All that are to be listed.
        """
        if not self._entries.count():
            self.show_entries(entries)
            return
        rows = range(self._entries.count())
        known = {self._entries.item(row).data(_ENTRY).number for row in rows}
        for row, entry in enumerate(entries):
            if entry.number not in known:
                self._entries.insertItem(row, _item(entry))

    def _about(self, count: int, *, is_off: bool) -> str:
        if self.words:
            return (
                say(strings.HISTORY_FOUND, count=count) if count else say(strings.HISTORY_NOT_FOUND)
            )
        if is_off:
            return say(strings.HISTORY_OFF)
        return "" if count else say(strings.HISTORY_EMPTY)

    def tell_soon(self) -> None:
        """Let it be heard when there is nothing to read, or when the history is off."""
        if self._found:
            self._telling.start(_OPENED_MS)

    def tell(self, text: str) -> None:
        """Show a sentence under the lists that is heard by other means."""
        self._telling.stop()
        self._found = ""
        self._show_state(text)

    def _show_state(self, text: str) -> None:
        self._state.setText(text)
        self._state.setVisible(bool(text))

    @property
    def words(self) -> str:
        """What is searched for."""
        return self._search.text().strip()

    def _chosen(self) -> HistoryEntry | None:
        item = self._entries.currentItem()
        entry: HistoryEntry | None = item.data(_ENTRY) if item is not None else None
        return entry

    @Slot()
    def _tell_search(self) -> None:
        self.searched.emit(self.words)

    @Slot()
    def _show_statements(self) -> None:
        self._statements.clear()
        self._enable_picture()
        entry = self._chosen()
        for one in entry.statements if entry is not None else ():
            text = say(strings.HISTORY_SURE[one.certainty.value], text=one.text)
            item = QListWidgetItem(text)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, text)
            self._statements.addItem(item)
        self._statements.setCurrentRow(0)  # a screen reader then begins with it

    @Slot()
    def _repeat(self) -> None:
        if (entry := self._chosen()) is not None:
            self.repeat_wanted.emit(entry)

    def _enable_picture(self) -> None:
        entry = self._chosen()
        for button in self._for_picture:
            button.setEnabled(entry is not None and entry.has_picture)

    @Slot()
    def _open_picture(self) -> None:
        if (entry := self._chosen()) is not None:
            self.picture_wanted.emit(entry)

    @Slot()
    def _copy(self) -> None:
        entry = self._chosen()
        if entry is None:
            return
        item = self._statements.currentItem()
        is_one = self._statements.hasFocus() and item is not None
        place = self._statements.currentRow()
        QGuiApplication.clipboard().setText(entry.statements[place].text if is_one else entry.text)
        sentence = say(strings.HISTORY_COPIED)
        self.tell(sentence)
        self.told.emit(sentence)

    @Slot()
    def _export(self) -> None:
        chooser = QFileDialog(self, say(strings.HISTORY_EXPORT).replace("&", ""))
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setNameFilter(f"{say(strings.HISTORY_FILES)} (*.txt *.json)")
        chooser.setDefaultSuffix("txt")
        chooser.fileSelected.connect(self.export_wanted)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.open()

    @Slot()
    def _forget_one(self) -> None:
        if (entry := self._chosen()) is not None:
            question = say(strings.HISTORY_SURE_ONE, number=entry.number, name=entry.title)
            confirm(self, question, lambda: self._forget(entry))

    @Slot()
    def _forget_all(self) -> None:
        confirm(self, say(strings.HISTORY_SURE_ALL), lambda: self._forget(None))

    def _forget(self, entry: HistoryEntry | None) -> None:
        self.forget_wanted.emit(entry)
        self._entries.setFocus()  # the button may be off now


def _item(entry: HistoryEntry) -> QListWidgetItem:
    text = _line(entry, entry.statements[0].text if entry.statements else "")
    item = QListWidgetItem(text)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, text)
    item.setData(_ENTRY, entry)
    return item


def _line(entry: HistoryEntry, first: str) -> str:
    if entry.question:
        return say(
            strings.HISTORY_LINE_ASKED,
            number=entry.number,
            when=entry.when,
            name=entry.title,
            question=entry.question,
            text=first,
        )
    return say(
        strings.HISTORY_LINE, number=entry.number, when=entry.when, name=entry.title, text=first
    )
