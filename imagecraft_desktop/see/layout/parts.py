"""The parts of a screen, as values. Nothing here does work.

A state (on, selected, empty, a percentage) stands here only when the pixels prove it; a control whose
state is in doubt is left out altogether.
"""

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
    SWITCH = "switch"
    PROGRESS = "progress"
    STATUS = "status"
    TABLE = "table"
    CHART = "chart"
    TILE = "tile"
    DIALOG = "dialog"
    LINE_NUMBERS = "line numbers"
    OTHER = "other"


class SwitchKind(StrEnum):
    """Which sort of two-state control."""

    SWITCH = "switch"
    CHECK_BOX = "check box"
    RADIO = "radio button"


class SelectionKind(StrEnum):
    """What a selected thing is one of."""

    ENTRY = "entry"
    TAB = "tab"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together, in reading order.

    `is_aside` marks a side column (a list of pages, of folders), which is read after the main one.
    """

    role: Role
    box: Box
    lines: tuple[TextLine, ...]
    is_aside: bool = False

    @property
    def text(self) -> str:
        """The lines as one text. A word hyphenated at a line's end is left as it stands."""
        return " ".join(line.line for line in self.lines)


@dataclass(frozen=True, slots=True)
class Table:
    """Aligned columns and rows; `rows[0]` is the header when `has_header`. Empty cells are "".

    Row numbers and column letters of a spreadsheet are left out of `rows`.

    Attributes:
        bold_rows: Indexes into `rows` of those in bold where others are not (unread messages);
            the header is never among them.
        is_sheet: It had row numbers and column letters: a spreadsheet.
    """

    box: Box
    rows: tuple[tuple[str, ...], ...]
    has_header: bool
    bold_rows: tuple[int, ...] = ()
    is_sheet: bool = False


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch, check box or radio button with the text beside it, whose state is proven."""

    label: str
    is_on: bool
    box: Box
    kind: SwitchKind = SwitchKind.SWITCH


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. `is_default` when it alone of its row is filled with a strong colour."""

    label: str
    box: Box
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A box to type into or to choose from.

    Attributes:
        label: The text above, to the left, or (a hint in grey) inside; "" when none was found.
        value: What it holds; "" when proven empty; None when that is not known.
        error: Red text below it, else "".
        hint: Pale text in it that is likely not its value (an example of what to type).
        is_password: It holds dots; `value` is None then.
    """

    label: str
    value: str | None
    box: Box
    error: str = ""
    is_password: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ProgressBar:
    """A bar filled from the left. `percent` is 0 to 100, measured or read; `label` may be ""."""

    label: str
    percent: int
    box: Box


@dataclass(frozen=True, slots=True)
class Selection:
    """The one highlighted entry of a list, or the open tab.

    Attributes:
        position: From 1, among `count` entries.
    """

    label: str
    box: Box
    kind: SelectionKind
    position: int
    count: int


@dataclass(frozen=True, slots=True)
class Tile:
    """One of several boxes of equal size with a few lines each (a figure on a dashboard)."""

    box: Box
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dialog:
    """A box over something else that wants an answer.

    Attributes:
        icon: "error" (red) or "warning" (yellow) when such a sign is beside the text, else "".
        is_whole_picture: The picture is nothing but this message box.
    """

    box: Box
    title: str
    body: tuple[str, ...]
    buttons: tuple[str, ...]
    icon: str = ""
    is_whole_picture: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that shape and colour prove.

    Attributes:
        kind: "bar", "line" or "pie".
        values: (label, value as read), None where unread; "" for a label that was not read.
        trend: "rising" or "falling" when every bar is taller (shorter) than the one before, else "".
        heights: Of the bars, in order, relative to the tallest (1.0); empty for other kinds.
        is_horizontal: The bars lie; they are in order from top to bottom.
    """

    kind: str
    box: Box
    title: str
    values: tuple[tuple[str, str | None], ...]
    trend: str
    heights: tuple[float, ...] = ()
    is_horizontal: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of a screen or page. `lines` is every line in reading order.

    Attributes:
        lines: Those of signs only ("- □ ×") come last.
        blocks: Cover the lines in the same order, without those of signs only. Tables, charts, tiles,
            fields, buttons, switches and the dialog have a block each, so that none is said twice.
        errors: Red lines of text that belong to no field.
    """

    lines: tuple[TextLine, ...]
    blocks: tuple[Block, ...]
    title: str = ""
    columns: int = 1
    dialog: Dialog | None = None
    tables: tuple[Table, ...] = ()
    switches: tuple[Switch, ...] = ()
    charts: tuple[Chart, ...] = ()
    buttons: tuple[Button, ...] = ()
    fields: tuple[Field, ...] = ()
    selected: tuple[Selection, ...] = ()
    progress: tuple[ProgressBar, ...] = ()
    tiles: tuple[Tile, ...] = ()
    errors: tuple[str, ...] = ()
