"""From lines of text and pixels to the parts of a screen: title, dialog, buttons, tables, reading order.

Called by the embedded captioner with the lines that the reader found.
"""

from __future__ import annotations

from imagecraft_desktop.see.layout.order import reading_order
from imagecraft_desktop.see.layout.parts import (
    Block,
    Button,
    Chart,
    Dialog,
    Field,
    Layout,
    ProgressBar,
    Role,
    Selection,
    SelectionKind,
    Switch,
    SwitchKind,
    Table,
    Tile,
)
from imagecraft_desktop.see.layout.whole import lay_out

__all__ = [
    "Block",
    "Button",
    "Chart",
    "Dialog",
    "Field",
    "Layout",
    "ProgressBar",
    "Role",
    "Selection",
    "SelectionKind",
    "Switch",
    "SwitchKind",
    "Table",
    "Tile",
    "lay_out",
    "reading_order",
]
