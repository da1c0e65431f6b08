"""From lines of text and pixels to the parts of a screen: title, dialog, buttons, tables, reading order.

Called by the embedded captioner with the lines that the reader found.
"""

from __future__ import annotations

from imagecraft_desktop.see.layout.parts import (
    Block,
    Chart,
    Dialog,
    Layout,
    Role,
    Switch,
    Table,
)

__all__ = ["Block", "Chart", "Dialog", "Layout", "Role", "Switch", "Table"]
