"""Groups lines into blocks with a role, and puts the blocks into the order they are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from imagecraft_desktop.see.layout.ink import Ink
from imagecraft_desktop.see.layout.order import flow
from imagecraft_desktop.see.layout.parts import Block, Role
from imagecraft_desktop.see.layout.scene import Scene, holds
from imagecraft_desktop.see.layout.shapes import distance
from imagecraft_desktop.values import Box

LARGE = 1.25  # height of a heading's letters to that of the common ones
BOLD = 1.3  # weight of its strokes to the common weight
_RIM = 2  # pixels
_DRAWN = (Role.TABLE, Role.CHART, Role.TILE)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines, by number, that are read together whatever stands beside them.

    Each of `parts` becomes a block of its own.
    """

    role: Role
    parts: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, role: Role, numbers: Iterable[int]) -> Group:
        return cls(role, (tuple(numbers),))

    def without(self, numbers: set[int]) -> Group:
        kept = (tuple(n for n in part if n not in numbers) for part in self.parts)
        return Group(self.role, tuple(part for part in kept if part))


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read, in order: blocks, and the numbers of their lines."""

    blocks: tuple[Block, ...]
    numbers: tuple[int, ...]
    columns: int


def read_in_order(scene: Scene, first: Sequence[Group], groups: Sequence[Group]) -> Reading:
    """Put lines into blocks and these in order.

    Args:
        first: Read before all else, in this order (title, dialog).
        groups: Read where their first line stands; a line in two groups belongs to the earlier one.
    """
    seen: set[int] = set()
    head, body = _apart(first, seen), _apart(groups, seen)
    known = {n for group in head for part in group.parts for n in part}
    owner = {n: group for group in body for part in group.parts for n in part}
    # what is drawn takes its whole area; of what is only text every line counts for itself
    units = [
        tuple(n for part in group.parts for n in part) for group in body if group.role in _DRAWN
    ]
    drawn = {n for unit in units for n in unit}
    units += [(n,) for n in range(len(scene.lines)) if n not in known and n not in drawn]
    order = flow(
        [" ".join(scene.text(n) for n in unit) for unit in units],
        [_padded(scene, around(scene, unit)) for unit in units],
        has_title=not any(group.role is Role.TITLE for group in head),
    )
    asides = {
        n for column in order.columns if column.is_aside for at in column.numbers for n in units[at]
    }
    sequence: list[tuple[Role, tuple[int, ...], bool]] = [
        (one.role, part, False) for one in head for part in one.parts
    ]
    free: list[int] = []
    done: set[int] = set()
    for n in (units[at][0] for at in order.numbers):
        if n in done:
            continue
        group = owner.get(n)
        if free and (group is not None or (free[-1] in asides) != (n in asides)):
            sequence += _free_parts(scene, free, free[-1] in asides)
            free = []
        if group is None:
            free.append(n)
            continue
        sequence += [(group.role, part, n in asides) for part in group.parts]
        done.update(each for part in group.parts for each in part)
    if free:
        sequence += _free_parts(scene, free, free[-1] in asides)
    return Reading(
        tuple(_block(scene, role, part, is_aside) for role, part, is_aside in sequence),
        tuple(n for _, part, _ in sequence for n in part),
        max(1, len(order.columns)),
    )


def _apart(groups: Iterable[Group], seen: set[int]) -> list[Group]:
    """Groups that share no line. `seen` grows."""
    found = []
    for group in groups:
        own = group.without(seen)
        seen.update(n for part in own.parts for n in part)
        if own.parts:
            found.append(own)
    return found


def around(scene: Scene, numbers: Sequence[int]) -> Box:
    boxes = [scene.boxes[n] for n in numbers]
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def _padded(scene: Scene, box: Box) -> Box:
    """Ink made as high as a line: else a word without tall letters would seem out of line."""
    missing = max(0, int(scene.unit - box.height))
    return Box(box.left, box.top - missing // 2, box.right, box.bottom + missing // 2)


def _block(scene: Scene, role: Role, numbers: Sequence[int], is_aside: bool) -> Block:
    return Block(role, around(scene, numbers), tuple(scene.lines[n] for n in numbers), is_aside)


def _free_parts(
    scene: Scene, numbers: Sequence[int], is_aside: bool
) -> list[tuple[Role, tuple[int, ...], bool]]:
    """Cut lines that follow each other into headings, paragraphs, lists and single lines."""
    parts: list[list[int]] = []
    for n in numbers:
        if parts and _belongs(scene, parts[-1], n):
            parts[-1].append(n)
        else:
            parts.append([n])
    return [(_role(scene, part), tuple(part), is_aside) for part in parts]


def _belongs(scene: Scene, part: Sequence[int], number: int) -> bool:
    """Does a line go on with those before: level, close, of the same letters, in the same box?"""
    last, here = scene.boxes[part[-1]], scene.boxes[number]
    if scene.holder[part[-1]] != scene.holder[number]:
        return False
    if is_heading(scene, part[-1]) != is_heading(scene, number):
        return False
    level = abs(last.left - here.left) <= scene.unit
    gap = here.top - last.bottom
    if not level or not -0.3 * scene.unit <= gap <= 1.6 * scene.unit:
        return False
    if len(part) > 1:
        before = last.top - scene.boxes[part[-2]].bottom
        if abs(gap - before) > 0.5 * scene.unit:
            return False
    one, other = scene.inks[part[-1]], scene.inks[number]
    return one is None or other is None or distance(one.colour, other.colour) <= 60


def _role(scene: Scene, part: Sequence[int]) -> Role:
    if is_heading(scene, part[0]):
        return Role.HEADING
    texts = [scene.text(n) for n in part]
    if len(part) >= 3 and _is_list(scene, part, texts):
        return Role.LIST
    return Role.PARAGRAPH if len(part) > 1 or len(texts[0].split()) >= 5 else Role.OTHER


def _is_list(scene: Scene, part: Sequence[int], texts: Sequence[str]) -> bool:
    """Marks before each line, or short lines of uneven length that end without a full stop."""
    if sum(text.lstrip()[:1] in "•·-–*◦▪" for text in texts) >= 0.7 * len(texts):
        return True
    if max(len(text.split()) for text in texts) > 6:
        return False
    widest = max(scene.boxes[n].width for n in part)
    full = sum(scene.boxes[n].width >= 0.8 * widest for n in part)
    return median(len(text.split()) for text in texts) <= 4 and full <= 0.7 * len(part)


def is_heading(scene: Scene, number: int) -> bool:
    """Is a line larger or bolder than the common text?"""
    ink = scene.inks[number]
    text = scene.text(number)
    if ink is None or len(text.split()) > 14 or not any(sign.isalpha() for sign in text):
        return False
    if _is_ringed(scene, ink):
        return False
    common = median(scene.sizes)
    if scene.sizes[number] >= LARGE * common:
        return True
    alike = sorted(
        one.stroke / size
        for one, size in zip(scene.inks, scene.sizes, strict=True)
        if one is not None and 0.75 <= size / scene.sizes[number] <= 1.35
    )
    weight = ink.stroke / scene.sizes[number]
    return (
        len(alike) >= 4
        and sum(sign.isalpha() for sign in text) >= 4
        and weight >= BOLD * alike[len(alike) // 3]
        and scene.sizes[number] >= 0.9 * common
    )


def _is_ringed(scene: Scene, ink: Ink) -> bool:
    """Was the rim of the box around a line (it has the focus) measured as the top of its letters?"""
    rows = scene.pixels[ink.box.top : ink.box.top + _RIM, ink.box.left : ink.box.right]
    away = np.abs(rows.astype(np.int16) - np.array(ink.paper, np.int16)).max(axis=2)
    return bool(((away >= 0.15 * ink.contrast).mean(axis=1) >= 0.9).any())


# --- title, menu, status bar ----------------------------------------------------------------


def find_title(scene: Scene, taken: frozenset[int]) -> int | None:
    """The line that names the window (in a bar across the top), or a large line at the very top.

    Args:
        taken: Lines that are something else (of a dialog, a table, a field).
    """
    if len(taken) >= len(scene.lines):
        return None
    strip = _strip(scene, at_top=True)
    if strip is not None:
        row = sorted(
            (n for n, box in enumerate(scene.boxes) if holds(strip, box) and n not in taken),
            key=lambda n: scene.boxes[n].left,
        )
        words = [n for n in row if sum(sign.isalnum() for sign in scene.text(n)) >= 2]
        if words and (len(words) < 3 or is_heading(scene, words[0])):
            return words[0]
        if words:
            return None
    free = [n for n in range(len(scene.lines)) if n not in taken]
    top = min(range(len(scene.lines)), key=lambda n: scene.boxes[n].bottom)
    level = [
        n for n in free if scene.boxes[n].top < scene.boxes[top].bottom and is_heading(scene, n)
    ]
    return min(level, key=lambda n: scene.boxes[n].left) if level else None


def _strip(scene: Scene, at_top: bool) -> Box | None:
    """A bar across the whole width at the upper or lower edge."""
    bars = [
        shape.box
        for shape in scene.shapes
        if shape.box.width >= 0.97 * scene.width
        and shape.box.height <= 4.5 * scene.unit
        and (shape.box.top <= 2 if at_top else shape.box.bottom >= scene.height - 4)
    ]
    return min(bars, key=lambda box: box.height) if bars else None


def find_status(scene: Scene) -> tuple[int, ...]:
    """The lines in a bar across the lower edge, from left to right."""
    strip = _strip(scene, at_top=False)
    if strip is None or strip.top <= scene.height / 2:
        return ()
    row = [n for n, box in enumerate(scene.boxes) if holds(strip, box)]
    return tuple(sorted(row, key=lambda n: scene.boxes[n].left))


def find_top_bar(scene: Scene) -> tuple[int, ...]:
    """The lines in a bar across the upper edge, from left to right."""
    strip = _strip(scene, at_top=True)
    if strip is None or strip.bottom >= scene.height / 2:
        return ()
    row = [n for n, box in enumerate(scene.boxes) if holds(strip, box)]
    return tuple(sorted(row, key=lambda n: scene.boxes[n].left))


def find_line_numbers(scene: Scene, taken: frozenset[int]) -> tuple[int, ...]:
    """Five or more numbers that count up, under each other: those beside the text of an editor."""
    columns: list[list[int]] = []
    numbers = [n for n in range(len(scene.lines)) if n not in taken and scene.text(n).isdecimal()]
    for n in sorted(numbers, key=lambda n: scene.boxes[n].top):
        for column in columns:
            last = column[-1]
            level = abs(scene.boxes[n].right - scene.boxes[last].right) <= 0.6 * scene.unit
            if level and 1 <= int(scene.text(n)) - int(scene.text(last)) <= 4:
                column.append(n)
                break
        else:
            columns.append([n])
    best = max(columns, key=len, default=[])
    counted = int(scene.text(best[-1])) - int(scene.text(best[0])) + 1 if best else 0
    return tuple(best) if len(best) >= 5 and len(best) >= 0.6 * counted else ()


def find_menu(scene: Scene, taken: frozenset[int]) -> tuple[int, ...]:
    """The first row of three or more short, evenly spaced words in the upper part of the picture."""
    rows: dict[int, list[int]] = {}
    for n, box in enumerate(scene.boxes):
        if n in taken or box.bottom > max(0.2 * scene.height, 8 * scene.unit):
            continue
        if len(scene.text(n).split()) > 3 or not any(sign.isalpha() for sign in scene.text(n)):
            continue
        middle = (box.top + box.bottom) // 2
        at = next((key for key in rows if abs(key - middle) <= 0.3 * scene.unit), middle)
        rows.setdefault(at, []).append(n)
    for at in sorted(rows):
        row = sorted(rows[at], key=lambda n: scene.boxes[n].left)
        best = max(_even_runs(scene, row), key=len, default=[])
        if len(best) >= 3:
            return tuple(best)
    return ()


def _even_runs(scene: Scene, row: Sequence[int]) -> list[list[int]]:
    """Stretches of a row whose gaps are small and alike."""
    runs: list[list[int]] = []
    gap_before = 0.0
    for n in row:
        if runs:
            gap = scene.boxes[n].left - scene.boxes[runs[-1][-1]].right
            alike = len(runs[-1]) < 2 or abs(gap - gap_before) <= 0.8 * scene.unit
            if alike and 0 < gap <= 4 * scene.unit:
                runs[-1].append(n)
                gap_before = gap
                continue
        runs.append([n])
    return runs
