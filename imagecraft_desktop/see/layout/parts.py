"""The parts of a screen, as values. Nothing here does work."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from imagecraft_desktop.values import Box, TextLine


class Role(StrEnum):
    """What a block of text is on the screen."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    MENU = "menu"
    BUTTON = "button"
    FIELD = "field"
    STATUS = "status"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together, in reading order."""

    role: Role
    box: Box
    lines: tuple[TextLine, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Aligned columns and rows; `rows[0]` is the header when `has_header`. Empty cells are ""."""

    box: Box
    rows: tuple[tuple[str, ...], ...]
    has_header: bool


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch or check box with the text beside it."""

    label: str
    is_on: bool
    box: Box


@dataclass(frozen=True, slots=True)
class Dialog:
    """A box over something else that wants an answer."""

    box: Box
    title: str
    body: tuple[str, ...]
    buttons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that shape and colour prove. `values` are (label, value as read), None where unread."""

    kind: str
    box: Box
    title: str
    values: tuple[tuple[str, str | None], ...]
    trend: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of a screen or page. `lines` is every line in reading order."""

    lines: tuple[TextLine, ...]
    blocks: tuple[Block, ...]
    title: str = ""
    columns: int = 1
    dialog: Dialog | None = None
    tables: tuple[Table, ...] = ()
    switches: tuple[Switch, ...] = ()
    charts: tuple[Chart, ...] = ()
