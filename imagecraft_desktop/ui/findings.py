"""The lists of the image window: the sentences of a description, and what was found in reading order.

A list reads better than a text field: each line is one item, with how sure it is and where it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QListWidgetItem, QWidget

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.labels import command_key
from imagecraft_desktop.ui.places import around, boxes_of, codes_of, merged, place_of
from imagecraft_desktop.ui.walked_list import WalkedList
from imagecraft_desktop.values import (
    Box,
    Certainty,
    Code,
    Description,
    Statement,
    TextLine,
    Thing,
)

_ROW = Qt.ItemDataRole.UserRole
_READ = frozenset({"ocr", "layout", "window", "tree"})
"""Sources of sentences that say word for word what stands there. A caption may have made an address up."""
_ADDRESS = re.compile(r"https?://[^\s<>\"']+|www\.[^\s<>\"']+\.[^\s<>\"']+", re.IGNORECASE)


_KINDS = {
    "mail": ("mailto:", "matmsg:"),
    "phone": ("tel:",),
    "message": ("sms:", "smsto:"),
    "place": ("geo:",),
    "network": ("wifi:",),
    "contact": ("mecard:", "begin:vcard"),
    "event": ("begin:vevent", "begin:vcalendar"),
}
"""How codes that programs understand begin."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list.

    Attributes:
        text: What is kept of it in a text.
        line: What is shown and read aloud.
        boxes: The parts of the picture it is about.
        link: A web address that Enter offers to open; else empty.
        code: The code it tells of, which is copied in its place.
    """

    text: str
    line: str
    boxes: tuple[Box, ...] = ()
    link: str = ""
    code: Code | None = None

    @property
    def copied(self) -> str:
        """What is put on the clipboard: of a code exactly what it holds."""
        return (self.code.content if self.code is not None else "") or self.text

    @property
    def not_opened(self) -> str:
        """Why Enter opens nothing, in a sentence; "" when there is a link."""
        if self.link:
            return ""
        if self.code is None or not self.code.content:
            return say(strings.IMAGES_NOTHING_TO_OPEN)
        copy = say(strings.KEY_WITH_MODIFIER, modifier=command_key(), key="C")
        return say(strings.CODE_KINDS[_kind_of(self.code)], key=copy)


def statement_row(
    statement: Statement, found: Description | None, size: tuple[int, int] | None
) -> Row:
    """A sentence with its certainty, and its place once that is known."""
    boxes = boxes_of(statement, found) if found is not None else ()
    code = next(iter(codes_of(statement, found)), None) if found is not None else None
    link = _link_of(code) if code is not None else _link_in(statement)
    text = say(strings.IMAGES_LINE_LINK, text=statement.text) if link else statement.text
    line = _line(text, statement.certainty, boxes, size)
    return Row(statement.text, line, boxes, link, code)


def question_row(question: str) -> Row:
    """What the user asked."""
    return Row(question, say(strings.IMAGES_ASKED, question=question))


def found_rows(found: Description, size: tuple[int, int] | None) -> list[Row]:
    """Lines of text, things and codes in the order in which they are read: by place, not by sort."""
    text = [_text_row(read, size) for read in found.text]
    things = [_thing_row(one, box, size) for one in found.objects for box in one.boxes]
    codes = [_code_row(code, size) for code in found.codes]
    others = [row for row in (*things, *codes) if row is not None]
    order = merged([row.boxes[0] for row in text], [row.boxes[0] for row in others])
    rows = [*text, *others]
    return [rows[number] for number in order]


def _text_row(read: TextLine, size: tuple[int, int] | None) -> Row:
    link = _ADDRESS.search(read.line)
    form = strings.FOUND_LINK if link else strings.FOUND_TEXT
    text = _line(say(form, text=read.line.rstrip(".")), Certainty.CERTAIN, (read.box,), size)
    return Row(read.line, text, (read.box,), _address(link.group() if link else ""))


def _thing_row(thing: Thing, box: Box, size: tuple[int, int] | None) -> Row | None:
    """None of one that has no name in the language of now."""
    name = _name(thing.name, thing.family)
    if not name:
        return None
    line = _line(say(strings.FOUND_THING, text=name), thing.certainty, (box,), size)
    return Row(name, line, (box,))


def _code_row(code: Code, size: tuple[int, int] | None) -> Row:
    link = _link_of(code)
    form = strings.FOUND_CODE if link else strings.FOUND_CODE_PLAIN
    text = say(form, format=code.format, text=code.content)
    line = _line(text, Certainty.CERTAIN, (code.box,), size)
    return Row(code.content, line, (code.box,), link, code)


def _name(name: str, family: str) -> str:
    """A thing in the language of now; "" when it has no name in it."""
    for word in (name, family):
        if word in strings.THINGS:
            return say(strings.THINGS[word], count=1)
    return name if strings.language() == "en" else ""


def _link_of(code: Code) -> str:
    """The address that a code is, exactly as it stands there; "" when it is none."""
    content = code.content.strip()
    return _with_scheme(content) if _ADDRESS.fullmatch(content) else ""


def _link_in(statement: Statement) -> str:
    """The first address of a sentence that says what stands in the picture."""
    found = _ADDRESS.search(statement.text) if statement.source in _READ else None
    return _address(found.group()) if found else ""


def _address(found: str) -> str:
    found = found.strip().rstrip(".,;:)")
    return _with_scheme(found) if found else ""


def _with_scheme(address: str) -> str:
    return address if address.lower().startswith("http") else f"http://{address}"


def _kind_of(code: Code) -> str:
    """What a code that is no web address holds: a key of `strings.CODE_KINDS`."""
    head = code.content.strip().casefold()
    for kind, beginnings in _KINDS.items():
        if head.startswith(beginnings):
            return kind
    return "number" if head.isdecimal() else "text"


def _line(
    text: str, certainty: Certainty, boxes: Sequence[Box], size: tuple[int, int] | None
) -> str:
    sure = say(strings.IMAGES_SURE[certainty.value])
    whole = around(boxes)
    if whole is None or size is None:
        return say(strings.IMAGES_LINE, text=text, sure=sure)
    place = say(strings.PLACES[place_of(whole, size)])
    return say(strings.IMAGES_LINE_PLACE, text=text, sure=sure, place=place)


class RowList(WalkedList):
    """Lists rows; tells which one the user is on and which is to be opened."""

    pointed = Signal(object)
    """The `Row` the user is on, or None."""
    chosen = Signal(object)
    """The `Row` on which Enter was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setAlternatingRowColors(True)
        self.setUniformItemSizes(False)
        self._spoken: int | None = None
        self._left = QTimer(self, singleShot=True, interval=0)
        self._left.timeout.connect(self._begin)
        self.currentItemChanged.connect(self._point)
        self.itemActivated.connect(self._choose)

    def add(self, row: Row) -> None:
        """Append a row; the place of the user is kept.

        While they are in the list no row becomes their place by itself: what is new is told, and a reader
        would say it a second time. An arrow leads to the first row then, and leaving the list does.
        """
        item = QListWidgetItem()
        self._fill(item, row)
        self.addItem(item)
        self._begin()

    @Slot()
    def _begin(self) -> None:
        if self.count() and self.currentItem() is None and not self.hasFocus():
            self.setCurrentRow(0)

    def replace(self, number: int, row: Row) -> None:
        """Say a row anew, for more is known of it now."""
        item = self.item(number)
        if item.data(_ROW) != row:
            self._fill(item, row)

    def rows(self) -> list[Row]:
        """All of them, in order."""
        return [self.item(number).data(_ROW) for number in range(self.count())]

    def current(self) -> Row | None:
        """The one the user is on: the first, until they have moved."""
        item = self.currentItem() or self.item(0)
        row: Row | None = item.data(_ROW) if item is not None else None
        return row

    def mark(self, number: int | None, colour: QColor, ink: QColor) -> None:
        """Highlight the row that is being spoken, and no other."""
        if number == self._spoken:
            return
        places = [p for p in (self._spoken, number) if p is not None and p < self.count()]
        for place in places:
            item = self.item(place)
            is_spoken = place == number
            item.setBackground(colour if is_spoken else Qt.GlobalColor.transparent)
            item.setData(Qt.ItemDataRole.ForegroundRole, ink if is_spoken else None)
        self._spoken = number
        if number in places and not self.hasFocus():
            self.scrollToItem(self.item(number or 0))

    def clear(self) -> None:
        self._spoken = None
        super().clear()

    @staticmethod
    def _fill(item: QListWidgetItem, row: Row) -> None:
        item.setText(row.line)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, row.line)
        item.setData(_ROW, row)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._left.start()  # until a reader has been told that the focus is elsewhere

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and self.currentItem() is None and self.count():
            self._choose(self.item(0))
        else:
            super().keyPressEvent(event)

    @Slot()
    def _point(self) -> None:
        self.pointed.emit(self.current() if self.currentItem() is not None else None)

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_ROW))
