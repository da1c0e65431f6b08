"""Buttons, fields and progress bars: boxes with a short text, with a value, with a coloured part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop.see.layout.parts import Button, Field, ProgressBar
from imagecraft_desktop.see.layout.scene import LEADING, Scene, holds
from imagecraft_desktop.see.layout.shapes import Shape, distance, is_red, saturation
from imagecraft_desktop.values import Box

STRONG = 60  # saturation of a colour that stands out, of 255
_LETTER_APART = re.compile(r"[B-HJ-Zv-x√×∇] (?=[^\W\d_][^\W\d_A-Z]{2})")
"""A letter that is no word, before a word."""
_LETTER_JOINED = re.compile(r"[XVO√×∇](?=[A-Z][a-z]{2})")
_DOTS = re.compile(r"^[•●∙·*.\s]{3,}$")
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,3})(?:[.,]\d+)?\s?%")


@dataclass(frozen=True, slots=True)
class Found:
    """Controls, and the shapes (by index) and lines (by number) that they are made of."""

    buttons: tuple[tuple[Button, int], ...]
    fields: tuple[tuple[Field, frozenset[int]], ...]
    progress: tuple[tuple[ProgressBar, frozenset[int]], ...]
    shapes: frozenset[int]
    lines: frozenset[int]


def find_controls(scene: Scene, taken: frozenset[int], tables: Sequence[Box]) -> Found:
    """Find what can be pressed or filled in.

    Args:
        taken: Shapes that are something else already (cells, bars).
        tables: Nothing in these or in the strip of their headers is a control.
    Returns:
        Buttons come with the number of their line, fields with those of all their lines.
    """
    used: set[int] = set(taken)
    used |= {
        at
        for at, shape in enumerate(scene.shapes)
        if any(_is_of_table(scene, shape.box, table) for table in tables)
    }
    lines: set[int] = set()
    bars = _progress_bars(scene, used)
    for _, shapes, numbers in bars:
        used |= shapes
        lines |= numbers
    pressable = [
        (at, line)
        for at in range(len(scene.shapes))
        if at not in used and (line := _button_line(scene, at)) is not None and line not in lines
    ]
    pressable = _without_bubbles(scene, pressable)
    pressable = _without_tabs(scene, pressable)
    used |= {at for at, _ in pressable}
    lines |= {line for _, line in pressable}
    fields: list[tuple[Field, frozenset[int]]] = []
    for at in range(len(scene.shapes)):
        if at in used:
            continue
        found = _field(scene, at, lines)
        if found is not None:
            fields.append((found[0], frozenset(found[1])))
            used.add(at)
            lines |= found[1]
    return Found(
        buttons=tuple(sorted(_named(scene, pressable), key=lambda one: _place(one[0].box))),
        fields=tuple(sorted(fields, key=lambda one: _place(one[0].box))),
        progress=tuple(
            sorted(
                ((bar, frozenset(own)) for bar, _, own in bars), key=lambda one: _place(one[0].box)
            )
        ),
        shapes=frozenset(used - taken),
        lines=frozenset(lines),
    )


def _is_of_table(scene: Scene, box: Box, table: Box) -> bool:
    """Is a box in a table, in its header or in the empty end of that?"""
    top = table.top - 2.2 * scene.unit
    beside = box.left <= table.right + 6 and box.right >= table.left - 6
    return (
        beside
        and top <= _middle(box) <= table.bottom
        and (box.top >= table.top - 6 or box.bottom >= table.top - 6)
        and box.height < max(4 * scene.unit, table.height)
    )


def _place(box: Box) -> tuple[int, int]:
    return box.top, box.left


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2


def _centre(box: Box) -> float:
    return (box.left + box.right) / 2


# --- buttons --------------------------------------------------------------------------------


def _button_line(scene: Scene, at: int) -> int | None:
    """The line that names the button, when the shape is one: short text in the middle of a box."""
    shape = scene.shapes[at]
    held = scene.held[at]
    if len(held) != 1 or not (shape.is_filled or shape.is_outlined):
        return None
    number = held[0]
    text, line, box = scene.text(number), scene.boxes[number], shape.box
    if not _is_name(text) or len(text) > 40 or len(text.split()) > 5:
        return None
    if _is_ringed(scene, at, number):
        return number
    if not 1.2 * line.height <= box.height <= max(4.2 * line.height, 3.2 * scene.unit):
        return None
    if box.width < line.width + 0.5 * line.height or box.width > 0.95 * scene.width:
        return None
    if abs(_centre(line) - _centre(box)) > max(3, 0.03 * box.width):
        return None
    if abs(_middle(line) - _middle(box)) > 0.2 * box.height + 1:
        return None
    if _touches(scene, at) or _stands_on_line(scene, box) or _is_list_entry(scene, at, number):
        return None
    return number


def _is_ringed(scene: Scene, at: int, number: int) -> bool:
    """Is a button's coloured rim (it has the focus) what was measured as the ink of its text?

    Then a box of its height stands level with it, and the rim keeps off from that.
    """
    box, line = scene.shapes[at].box, scene.boxes[number]
    gap = max(abs(one - other) for one, other in zip(box, line, strict=True))
    if gap > 3 or not 1.05 * scene.unit <= box.height <= 2.4 * scene.unit:
        return False
    return not _touches(scene, at) and any(
        other_at != at
        and len(scene.held[other_at]) == 1
        and abs(other.box.top - box.top) <= 2
        and abs(other.box.bottom - box.bottom) <= 2
        for other_at, other in enumerate(scene.shapes)
    )


def _is_name(text: str) -> bool:
    """Two letters or more, or one that is a word; the arrow of a list is read as a V."""
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) >= 2 or any(not sign.isascii() for sign in letters)


def _touches(scene: Scene, at: int) -> bool:
    """Does another shape of the same height stand directly beside it, or one at least as wide above or below?

    Then it is a tab, a cell or the head of a panel.
    """
    box = scene.shapes[at].box
    gap = max(4, 0.28 * scene.unit)
    for other_at, other in enumerate(scene.shapes):
        if other_at == at:
            continue
        side = other.box
        level = abs(side.top - box.top) <= 0.25 * box.height and abs(side.bottom - box.bottom) <= 3
        beside = min(abs(side.right - box.left), abs(side.left - box.right)) <= gap
        under = abs(side.left - box.left) <= 3 and abs(side.right - box.right) <= 3
        stacked = min(abs(side.bottom - box.top), abs(side.top - box.bottom)) <= 4
        is_wider = side.left <= box.left + 3 and side.right >= box.right - 3
        if (level and beside) or (is_wider and stacked and (under or side.height > scene.unit)):
            return True
    return False


def _stands_on_line(scene: Scene, box: Box) -> bool:
    """Does a line run along the lower edge and far beyond it, as under a row of tabs?"""
    middle = (box.left + box.right) // 2
    for y in range(box.bottom, min(box.bottom + 4, scene.height)):
        row = scene.pixels[y].astype(np.int16)
        alike = np.abs(row - row[middle]).max(axis=1) <= 6
        reach = box.width // 2
        right = alike[box.right : box.right + reach]
        left = alike[max(0, box.left - reach) : box.left]
        for side, x in ((right, box.right + 6), (left, box.left - 7)):
            if len(side) < 8 or not side.all() or not 0 <= x < scene.width:
                continue
            level = scene.pixels[_level_row(box), x].tolist()
            under = scene.pixels[min(y + 5, scene.height - 1), middle].tolist()
            line = row[middle].tolist()
            if distance(line, level) >= 6 and distance(line, under) >= 6:
                return True
    return False


def _level_row(box: Box) -> int:
    return (box.top + box.bottom) // 2


def _is_list_entry(scene: Scene, at: int, number: int) -> bool:
    """Is it the highlighted one of a list? Then bare lines with the same left edge are close by."""
    box, line = scene.shapes[at].box, scene.boxes[number]
    beside = [
        other
        for n, other in enumerate(scene.boxes)
        if n != number
        and abs(other.left - line.left) <= 2
        and abs(other.height - line.height) <= 0.35 * line.height
        and abs(_middle(other) - _middle(line)) <= 2.2 * box.height
        and not holds(box, other)
    ]
    return len(beside) >= 2


def _without_bubbles(scene: Scene, pressable: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out the bubbles of a chat: of one colour, one under the other on one side, of many widths."""

    def is_bubble(at: int) -> bool:
        shape = scene.shapes[at]
        alike = [
            other
            for other_at, other in enumerate(scene.shapes)
            if other_at != at
            and scene.held[other_at]
            and distance(other.fill, shape.fill) <= 3
            and (
                abs(other.box.left - shape.box.left) <= 3
                or abs(other.box.right - shape.box.right) <= 3
            )
            and abs(other.box.width - shape.box.width) > 8
            and other.box.height <= 4 * shape.box.height
            and (other.box.top >= shape.box.bottom or other.box.bottom <= shape.box.top)
        ]
        return len(alike) >= 2

    return [(at, line) for at, line in pressable if not is_bubble(at)]


def _without_tabs(scene: Scene, pressable: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out a shape that has a brother which stands on a line or touches its neighbour: a tab."""
    tabs = [
        shape.box
        for at, shape in enumerate(scene.shapes)
        if len(scene.held[at]) == 1
        and shape.box.height <= 3.2 * scene.unit
        and (_stands_on_line(scene, shape.box) or _touches(scene, at))
    ]

    def is_tab(at: int) -> bool:
        box = scene.shapes[at].box
        return any(
            abs(other.bottom - box.bottom) <= 2
            and abs(other.top - box.top) <= 2
            and min(abs(other.left - box.right), abs(box.left - other.right)) <= 20 * scene.unit
            for other in tabs
        )

    return [(at, line) for at, line in pressable if not is_tab(at)]


def _named(scene: Scene, pressable: list[tuple[int, int]]) -> Iterable[tuple[Button, int]]:
    for at, line in pressable:
        shape = scene.shapes[at]
        row = [
            scene.shapes[other]
            for other, _ in pressable
            if other != at and abs(_middle(scene.shapes[other].box) - _middle(shape.box)) <= 6
        ]
        is_default = (
            bool(row)
            and saturation(shape.fill) >= STRONG
            and all(saturation(other.fill) < STRONG / 2 for other in row)
        )
        yield Button(_without_icon(scene, line), shape.box, is_default), line


def _without_icon(scene: Scene, number: int) -> str:
    """The name of a button without the letter that an icon before it was read as."""
    text, ink = scene.text(number), scene.inks[number]
    if _LETTER_APART.match(text):
        return text[1:].lstrip()
    if ink is None or not _LETTER_JOINED.match(text):
        return text
    columns = np.abs(
        scene.pixels[ink.box.top : ink.box.bottom, ink.box.left : ink.second].astype(np.int16)
        - np.array(ink.paper, np.int16)
    ).max(axis=(0, 2))
    blank = int((columns[::-1] >= 0.3 * ink.contrast).argmax())
    return text[1:] if blank >= 0.25 * ink.box.height else text


# --- fields ---------------------------------------------------------------------------------


def _field(scene: Scene, at: int, taken: set[int]) -> tuple[Field, set[int]] | None:
    """The field that a shape is, and the lines that belong to it."""
    shape, held = scene.shapes[at], scene.held[at]
    box = shape.box
    if not (shape.is_outlined or shape.is_filled) or saturation(shape.fill) >= STRONG:
        return None
    if not 1.05 * scene.unit <= box.height <= 3.6 * scene.unit or box.width < 3.2 * box.height:
        return None
    if box.width > 0.97 * scene.width or len(held) > 1 or any(n in taken for n in held):
        return None
    if _touches(scene, at) or _stands_on_line(scene, box):
        return None
    number = held[0] if held else None
    if number is not None and not _starts_at_left(scene, shape, number):
        return None
    label = _label(scene, at, taken)
    hint = number is not None and _is_hint(scene, number)
    if number is not None and hint and (label is None or _is_far(scene, label, box)):
        label = number
    if label is None:
        return None
    error, error_lines = _error(scene, box)
    lines = {label} | error_lines | ({number} if number is not None else set())
    name = scene.text(label).rstrip(" :*")
    if number is not None and number == label:
        return Field(name, "", box, error), lines
    if number is not None and hint:
        return Field(name, None, box, error, hint=scene.text(number)), lines
    found = _value(scene, shape, number)
    if found is None:
        return None
    return Field(name, found[0], box, error, found[1]), lines


def _is_far(scene: Scene, label: int, box: Box) -> bool:
    return box.left - scene.boxes[label].right > 5 * scene.unit


def _starts_at_left(scene: Scene, shape: Shape, number: int) -> bool:
    line = scene.boxes[number]
    before, after = line.left - shape.box.left, shape.box.right - line.right
    if abs(before - after) <= max(3, 0.06 * shape.box.width) and before > 0.5 * scene.unit:
        return False  # in the middle: a button, for all that is known
    return line.left - shape.box.left <= max(1.8 * scene.unit, 0.7 * shape.box.height)


def _is_hint(scene: Scene, number: int) -> bool:
    """Is a line clearly paler than the common text of the picture would be there?"""
    ink = scene.inks[number]
    known = [one.colour for one in scene.inks if one is not None]
    if ink is None or len(known) < 3:
        return False
    common = [median(colour[channel] for colour in known) for channel in range(3)]
    full = max(abs(a - b) for a, b in zip(common, ink.paper, strict=True))
    return ink.contrast <= 0.72 * full


def _label(scene: Scene, at: int, taken: set[int]) -> int | None:
    """The line to the left on the same height, else the one directly above, level at the left."""
    box = scene.shapes[at].box
    left = [
        n
        for n, line in enumerate(scene.boxes)
        if n not in taken
        and line.right <= box.left + 2
        and abs(_middle(line) - _middle(box)) <= 0.35 * box.height
        and box.left - line.right <= 12 * scene.unit
        and _is_label(scene, n)
        and _is_free(scene, n, box)
    ]
    if left:
        nearest = max(left, key=lambda n: scene.boxes[n].right)
        if not _shape_between(scene, at, scene.boxes[nearest]):
            return nearest
    above = [
        n
        for n, line in enumerate(scene.boxes)
        if n not in taken
        and 0 <= box.top - line.bottom <= 1.3 * scene.unit
        and abs(line.left - box.left) <= 0.5 * scene.unit
        and _is_label(scene, n)
        and _is_free(scene, n, box)
    ]
    return max(above, key=lambda n: scene.boxes[n].bottom) if above else None


def _is_free(scene: Scene, number: int, field: Box) -> bool:
    """Does a line stand in no box of its own, as the text of another button does?"""
    holder = scene.holder[number]
    return holder < 0 or holds(scene.shapes[holder].box, field)


def _is_label(scene: Scene, number: int) -> bool:
    text = scene.text(number)
    ink = scene.inks[number]
    is_error = ink is not None and is_red(ink.colour)
    is_heading = scene.sizes[number] > 1.5 * scene.unit / LEADING
    has_letters = any(sign.isalpha() for sign in text)
    return has_letters and len(text.split()) <= 8 and not is_error and not is_heading


def _shape_between(scene: Scene, at: int, label: Box) -> bool:
    box = scene.shapes[at].box
    return any(
        other_at != at
        and label.right <= other.box.left
        and other.box.right <= box.left
        and other.box.top < _middle(box) < other.box.bottom
        and other.box.width > scene.unit
        for other_at, other in enumerate(scene.shapes)
    )


def _error(scene: Scene, box: Box) -> tuple[str, set[int]]:
    """Red text directly below a field."""
    below = [
        n
        for n, line in enumerate(scene.boxes)
        if -2 <= line.top - box.bottom <= 1.2 * scene.unit
        and abs(line.left - box.left) <= 1.5 * scene.unit
        and (ink := scene.inks[n]) is not None
        and is_red(ink.colour)
    ]
    below.sort(key=lambda n: scene.boxes[n].top)
    return " ".join(scene.text(n) for n in below), set(below)


def _value(scene: Scene, shape: Shape, number: int | None) -> tuple[str | None, bool] | None:
    """What a field holds, and whether it holds the dots of a password; None when it is no field."""
    if number is not None:
        text = scene.text(number)
        return (None, True) if _DOTS.match(text) else (text, False)
    blobs = _blobs(scene, shape)
    if not blobs:
        return "", False
    if _are_dots(blobs):
        return None, True
    # the arrow of a list to choose from; other ink that is no text belongs to something else
    is_arrow = blobs[0].left >= shape.box.width - 2 * shape.box.height
    return (None, False) if is_arrow else None


def _blobs(scene: Scene, shape: Shape) -> list[Box]:
    """Connected pieces of ink in a field without its border; a text cursor is no ink."""
    import cv2

    inset = max(2, round(shape.box.height * 0.12))
    box = shape.box
    crop = scene.pixels[box.top + inset : box.bottom - inset, box.left + inset : box.right - inset]
    away = np.abs(crop.astype(np.int16) - np.array(shape.fill, np.int16)).max(axis=2)
    mask = (away >= max(40, 0.5 * int(away.max(initial=0)))).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    blobs = []
    for at in range(1, count):
        x, y, w, h, _area = stats[at].tolist()
        is_cursor = w <= max(2, box.height // 16) and h >= 0.4 * box.height
        if not is_cursor:
            blobs.append(Box(x, y, x + w, y + h))
    return sorted(blobs)


def _are_dots(blobs: Sequence[Box]) -> bool:
    """Three or more round spots of one size, evenly spaced on one height."""
    if len(blobs) < 3:
        return False
    wide = [blob.width for blob in blobs]
    high = [blob.height for blob in blobs]
    tops = [blob.top for blob in blobs]
    steps = [b.left - a.left for a, b in pairwise(blobs)]
    return (
        max(wide) - min(wide) <= 2
        and max(high) - min(high) <= 2
        and max(tops) - min(tops) <= 1
        and max(steps) - min(steps) <= 2
        and 0.6 <= wide[0] / high[0] <= 1.6
    )


# --- progress bars --------------------------------------------------------------------------


def _progress_bars(scene: Scene, taken: set[int]) -> list[tuple[ProgressBar, set[int], set[int]]]:
    """Bars with a strongly coloured part at the left and a grey rest, with the shapes and lines used."""
    found: list[tuple[ProgressBar, set[int], set[int]]] = []
    for at, shape in enumerate(scene.shapes):
        if at in taken:
            continue
        bar = _progress_bar(scene, shape)
        if bar is None:
            continue
        inside = {
            other for other, one in enumerate(scene.shapes) if holds(_grown(bar.box), one.box)
        }
        numbers = {n for n, line in enumerate(scene.boxes) if holds(_grown(bar.box), line)}
        numbers |= {
            n for n in (_bar_label(scene, bar.box), _percent_line(scene, bar.box)) if n is not None
        }
        found.append((bar, inside, numbers))
    return found


def _grown(box: Box) -> Box:
    return Box(box.left - 4, box.top - 4, box.right + 4, box.bottom + 4)


def _progress_bar(scene: Scene, shape: Shape) -> ProgressBar | None:
    box = shape.box
    if saturation(shape.fill) < STRONG or not 4 <= box.height <= 2.4 * scene.unit:
        return None
    trough = _trough(scene, shape)
    if trough is None:
        return None
    whole = Box(box.left, box.top, trough, box.bottom)
    if whole.width < 4 * whole.height or whole.width < 3 * scene.unit:
        return None
    percent = round(100 * box.width / whole.width)
    read = _percent_beside(scene, whole)
    if read is not None:
        if abs(read - percent) > 4:
            return None
        percent = read
    if not 1 <= percent <= 99:
        return None
    label = _bar_label(scene, whole)
    if label is None and read is None:
        return None
    return ProgressBar(scene.text(label) if label is not None else "", percent, whole)


def _trough(scene: Scene, shape: Shape) -> int | None:
    """Where the grey rest of a bar ends, x in pixels; None when there is no such rest.

    It must be of the bar's height, begin where the colour ends, and not show at its left: a slider has
    a knob there, a scroll bar is grey all over.
    """
    box = shape.box
    ends = []
    for part in (0.15, 0.5, 0.85):  # above and below a text in the middle
        row = scene.pixels[box.top + int(part * box.height)].astype(np.int16)
        start = _calm(row, shape, min(scene.width, box.right + max(7, box.height // 2)))
        if start is None:
            continue
        if saturation(row[start].tolist()) >= STRONG / 2:
            return None
        away = np.abs(row[start:] - row[start]).max(axis=1) > 6
        ends.append(start + (int(np.argmax(away)) if away.any() else len(away)))
    end = max(ends, default=0)
    if end - box.right < 6:
        return None
    middle_x = (box.right + end) // 2 + 2
    out = max(5, box.height // 4)
    edges = [box.top - out, box.bottom + out - 1]
    trough = scene.pixels[_level_row(box), end - 3].tolist()
    if not all(_is_plain(scene, box, end, part, trough) for part in (0.15, 0.85)):
        return None  # letters
    if any(
        not 0 <= y < scene.height or distance(scene.pixels[y, x].tolist(), trough) < 8
        for y in edges
        for x in (middle_x, end - 3)
    ):
        return None  # what is at the right is the background, not a trough
    left = box.left - out
    if left >= 0 and distance(scene.pixels[_level_row(box), left].tolist(), trough) < 8:
        return None
    return end


def _is_plain(scene: Scene, box: Box, end: int, part: float, trough: Sequence[int]) -> bool:
    """Is a row of the rest of a bar nearly all of its colour?"""
    row = scene.pixels[box.top + int(part * box.height), box.right : end].astype(np.int16)
    away = np.abs(row - np.array(trough, np.int16)).max(axis=1)
    return float((away <= 16).mean()) >= 0.7


def _calm(row: NDArray[np.int16], shape: Shape, end: int) -> int | None:
    """Where the rest of a bar begins: the first of three alike pixels that are unlike the bar."""
    for x in range(shape.box.right + 1, end - 2):
        three = row[x : x + 3]
        if np.abs(three - three[0]).max() <= 4 and distance(three[0].tolist(), shape.fill) >= 40:
            return x
    return None


def _percent_beside(scene: Scene, bar: Box) -> int | None:
    """The percentage that stands in a bar or directly beside it."""
    number = _percent_line(scene, bar)
    match = _PERCENT.search(scene.text(number)) if number is not None else None
    return int(match[1]) if match else None


def _percent_line(scene: Scene, bar: Box) -> int | None:
    for n, line in enumerate(scene.boxes):
        if abs(_middle(line) - _middle(bar)) <= max(0.6 * bar.height, 0.5 * scene.unit):
            near = (
                line.right >= bar.left - 4 * scene.unit and line.left <= bar.right + 4 * scene.unit
            )
            match = _PERCENT.search(scene.text(n))
            if near and match and int(match[1]) <= 100:
                return n
    return None


def _bar_label(scene: Scene, bar: Box) -> int | None:
    """The text to the left of a bar, else directly above it."""
    left = [
        n
        for n, line in enumerate(scene.boxes)
        if line.right <= bar.left + 2
        and bar.left - line.right <= 12 * scene.unit
        and abs(_middle(line) - _middle(bar)) <= max(0.5 * bar.height, 0.5 * scene.unit)
        and not _PERCENT.fullmatch(scene.text(n).strip())
    ]
    if left:
        return max(left, key=lambda n: scene.boxes[n].right)
    above = [
        n
        for n, line in enumerate(scene.boxes)
        if 0 <= bar.top - line.bottom <= 1.5 * scene.unit
        and abs(line.left - bar.left) <= scene.unit
    ]
    return max(above, key=lambda n: scene.boxes[n].bottom, default=None)
