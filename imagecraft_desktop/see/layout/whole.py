"""Puts the findings together: from lines and pixels to the layout of a screen or page."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from imagecraft_desktop.see.layout.blocks import (
    Group,
    find_line_numbers,
    find_menu,
    find_status,
    find_title,
    find_top_bar,
    read_in_order,
)
from imagecraft_desktop.see.layout.charts import find_charts
from imagecraft_desktop.see.layout.controls import find_controls
from imagecraft_desktop.see.layout.dialogs import find_dialog
from imagecraft_desktop.see.layout.order import flow
from imagecraft_desktop.see.layout.parts import Layout, Role, SelectionKind
from imagecraft_desktop.see.layout.scene import Scene, set_scene
from imagecraft_desktop.see.layout.selection import find_selected, find_tiles
from imagecraft_desktop.see.layout.shapes import Pixels, is_red
from imagecraft_desktop.see.layout.tables import find_tables
from imagecraft_desktop.see.layout.toggles import find_toggles
from imagecraft_desktop.values import TextLine, Tick

_DOTS = re.compile(r"^[•●∙·*.\s]{3,}$")


def lay_out(lines: Sequence[TextLine], pixels: Pixels, tick: Tick) -> Layout:
    """Find the parts of a screen or page.

    Args:
        lines: As they were read, with upright boxes; those of signs only ("- □ ×") are put into
            `Layout.lines` but into no block.
        pixels: RGB, uint8, (H, W, 3).
        tick: Called between the stages; whatever it raises ends the work.
    """
    words = [line for line in lines if not _is_sign(line, pixels.shape[1], pixels.shape[0])]
    scene = set_scene(words, pixels, tick)
    tables = find_tables(scene)
    tick()
    cells = frozenset(at for one in tables for at in one.cells)
    in_tables = frozenset(n for one in tables for n in one.lines)
    charts = find_charts(scene, cells, in_tables)
    tick()
    drawn = cells | {at for one in charts for at in one.shapes}
    in_charts = frozenset(n for one in charts for n in one.lines)
    controls = find_controls(scene, drawn, [one.table.box for one in tables if one.cells])
    tick()
    switches = find_toggles(scene, in_tables, tick)
    tiles = find_tiles(scene, drawn | controls.shapes)
    in_tiles = frozenset(n for _, numbers in tiles for n in numbers)
    in_fields = frozenset(n for _, numbers in controls.fields for n in numbers)
    crowd = in_tables | in_charts | in_tiles | in_fields
    in_bars = frozenset(n for _, numbers in controls.progress for n in numbers)
    in_switches = frozenset(n for _, n in switches)
    dialog = find_dialog(scene, controls.buttons, crowd | in_bars | in_switches)
    in_dialog = frozenset(dialog.lines) if dialog else frozenset()
    tick()
    taken = crowd | controls.lines | in_dialog
    selected = find_selected(scene, taken)
    title = find_title(scene, taken)
    status = find_status(scene)
    first = [Group.of(Role.TITLE, () if title is None else (title,))]
    first += [Group.of(Role.DIALOG, dialog.lines)] if dialog else []
    named = frozenset(status) | taken | ({title} if title is not None else set())
    menu = find_menu(scene, named)
    bar = find_top_bar(scene)
    if set(menu) & set(bar) or _is_first(scene, menu, named | set(bar)):
        first.append(Group.of(Role.MENU, menu))
    first.append(Group.of(Role.OTHER, (n for n in bar if n not in named)))
    groups = [
        Group.of(Role.STATUS, status),
        *(Group.of(Role.TABLE, _as_read(scene, one.lines)) for one in tables),
        *(Group.of(Role.CHART, one.lines) for one in charts),
        Group(Role.TILE, tuple(numbers for _, numbers in tiles)),
        *(Group.of(Role.FIELD, _as_read(scene, numbers)) for _, numbers in controls.fields),
        *(Group.of(Role.SWITCH, (n,)) for _, n in switches),
        *(Group.of(Role.PROGRESS, _as_read(scene, numbers)) for _, numbers in controls.progress),
        *(Group.of(Role.BUTTON, (n,)) for _, n in controls.buttons),
        *(
            Group.of(Role.LIST if one.kind is SelectionKind.ENTRY else Role.MENU, numbers)
            for one, numbers in selected
        ),
        Group.of(Role.LINE_NUMBERS, find_line_numbers(scene, taken)),
        Group.of(Role.MENU, menu),
    ]
    reading = read_in_order(scene, first, groups)
    return Layout(
        lines=_with_signs(lines, [words[n] for n in reading.numbers]),
        blocks=reading.blocks,
        title=scene.text(title) if title is not None else "",
        columns=reading.columns,
        dialog=dialog.dialog if dialog else None,
        tables=tuple(one.table for one in tables),
        switches=tuple(one for one, _ in switches),
        charts=tuple(one.chart for one in charts),
        buttons=tuple(button for button, _ in controls.buttons),
        fields=tuple(one for one, _ in controls.fields),
        selected=tuple(one for one, _ in selected),
        progress=tuple(one for one, _ in controls.progress),
        tiles=tuple(tile for tile, _ in tiles),
        errors=_errors(scene, taken),
    )


def _is_sign(line: TextLine, width: int, height: int) -> bool:
    """Is it no word: signs only, or the cross of a window's frame read as a letter?"""
    text = line.line.strip()
    if not any(map(str.isalnum, text)):
        return not _DOTS.match(text)
    in_corner = line.box.left > 0.85 * width and line.box.bottom < 0.08 * height
    return len(text) == 1 and text.isalpha() and in_corner


def _is_first(scene: Scene, menu: Sequence[int], others: Set[int]) -> bool:
    """Does nothing but what is known stand above the menu?"""
    if not menu:
        return False
    bottom = max(scene.boxes[n].bottom for n in menu)
    return all(
        box.top >= bottom for n, box in enumerate(scene.boxes) if n not in menu and n not in others
    )


def _as_read(scene: Scene, numbers: frozenset[int]) -> tuple[int, ...]:
    """Row by row."""
    some = sorted(numbers)
    order = flow(["x" for _ in some], [scene.boxes[n] for n in some])
    return tuple(some[at] for at in order.numbers)


def _errors(scene: Scene, taken: frozenset[int]) -> tuple[str, ...]:
    """Red sentences that belong to nothing else."""
    return tuple(
        scene.text(n)
        for n, ink in enumerate(scene.inks)
        if n not in taken
        and ink is not None
        and is_red(ink.colour)
        and len(scene.text(n).split()) >= 3
    )


def _with_signs(lines: Sequence[TextLine], read: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """Add the lines of signs only, last."""
    if len(read) == len(lines):
        return tuple(read)
    known = {id(line) for line in read}
    return (*read, *(line for line in lines if id(line) not in known))
