"""Buttons and lists that are named as a screen reader needs it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPushButton, QWidget

from imagecraft_desktop.ui.labels import plain
from imagecraft_desktop.values import Choice

_BETWEEN = 2


def make_button(text: str) -> QPushButton:
    """A button named by its text, without the mark of its key."""
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setAccessibleName(plain(text))
    return button


def describe(part: QWidget, help: str) -> None:
    """Give a control its help, for a screen reader, the pointer and the line under the page."""
    if part.accessibleDescription() != help:  # readers may say it at each word of a change
        part.setAccessibleDescription(help)
    part.setToolTip(help)


def make_rows() -> QListWidget:
    """A list of sentences, each apart from the next."""
    rows = QListWidget()
    rows.setWordWrap(True)
    rows.setSpacing(_BETWEEN)
    return rows


def fill(rows: QListWidget, choices: Sequence[Choice]) -> None:
    """List these, and keep the place: the same value if it is still there.

    What is listed already is left alone: each line that comes or goes keeps a screen reader busy.
    """
    lines = [rows.item(number) for number in range(rows.count())]
    shown = [(one.text(), one.data(Qt.ItemDataRole.UserRole)) for one in lines]
    if shown == [(choice.label, choice.value) for choice in choices]:
        return
    before, place = chosen(rows), max(rows.currentRow(), 0)
    rows.clear()
    for choice in choices:
        item = QListWidgetItem(choice.label)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, choice.label)
        item.setData(Qt.ItemDataRole.UserRole, choice.value)
        rows.addItem(item)
    values = [choice.value for choice in choices]
    if values:
        rows.setCurrentRow(
            values.index(before) if before in values else min(place, len(values) - 1)
        )


def chosen(rows: QListWidget) -> str:
    """The value of the chosen row; "" when none is."""
    item = rows.currentItem()
    return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""
