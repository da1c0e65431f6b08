"""Groups lines into blocks with a role, and puts the blocks into the order they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from imagecraft_desktop.see.layout.order import flow
from imagecraft_desktop.see.layout.parts import Block, Role
from imagecraft_desktop.see.layout.scene import Scene, holds
from imagecraft_desktop.see.layout.shapes import distance
from imagecraft_desktop.values import Box

LARGE = 1.25  # height of a heading's letters to that of the common ones
BOLD = 1.25  # weight of its strokes to the common weight


@dataclass(frozen=True, slots=True)
class Group:
    """Lines, by number, that are read together whatever stands beside them."""

    role: Role
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read, in order: blocks with the numbers of their lines."""

    blocks: tuple[Block, ...]
    numbers: tuple[int, ...]
    columns: int


def read_in_order(
    scene: Scene, groups: Sequence[Group], title: int | None, dialog: Sequence[int]
) -> Reading:
    """Title, dialog, then all else by its place on the page, groups kept together.

    Args:
        groups: They share no line; lines in none are grouped here.
        title: The line that names the window or page.
        dialog: Lines of a dialog, as they are read.
    """
    first = ([title] if title is not None else []) + [n for n in dialog if n != title]
    grouped = {n for group in groups for n in group.numbers} | set(first)
    units = [
        Group(group.role, tuple(n for n in group.numbers if n not in first)) for group in groups
    ]
    units = [unit for unit in units if unit.numbers]
    units += [Group(Role.OTHER, (n,)) for n in range(len(scene.lines)) if n not in grouped]
    order = flow(
        [" ".join(scene.text(n) for n in unit.numbers) for unit in units],
        [_padded(scene, around(scene, unit.numbers)) for unit in units],
    )
    aside = {at for column in order.columns if column.is_aside for at in column.numbers}
    blocks: list[Block] = []
    if title is not None:
        blocks.append(_block(scene, Role.TITLE, [title], False))
    rest = [n for n in dialog if n != title]
    if rest:
        blocks.append(_block(scene, Role.OTHER, rest, False))
    run: list[int] = []
    run_aside = False
    for at in order.numbers:
        unit, is_aside = units[at], at in aside
        if unit.role is Role.OTHER and len(unit.numbers) == 1:
            if is_aside != run_aside:
                blocks += _free_blocks(scene, run, run_aside)
                run, run_aside = [], is_aside
            run.append(unit.numbers[0])
            continue
        blocks += _free_blocks(scene, run, run_aside)
        run = []
        blocks.append(_block(scene, unit.role, unit.numbers, is_aside))
    blocks += _free_blocks(scene, run, run_aside)
    numbers = first + _spread(units, order.numbers)
    return Reading(tuple(blocks), tuple(numbers), max(1, len(order.columns)))


def _spread(units: Sequence[Group], order: Sequence[int]) -> list[int]:
    return [n for at in order for n in units[at].numbers]


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


def _free_blocks(scene: Scene, numbers: Sequence[int], is_aside: bool) -> list[Block]:
    """Cut lines that follow each other into headings, paragraphs, lists and single lines."""
    parts: list[list[int]] = []
    for n in numbers:
        if parts and _belongs(scene, parts[-1], n):
            parts[-1].append(n)
        else:
            parts.append([n])
    return [_block(scene, _role(scene, part), part, is_aside) for part in parts]


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
    widest = max(scene.boxes[n].width for n in part)
    full = sum(scene.boxes[n].width >= 0.8 * widest for n in part)
    return median(len(text.split()) for text in texts) <= 4 and full <= 0.7 * len(part)


def is_heading(scene: Scene, number: int) -> bool:
    """Is a line larger or bolder than the common text?"""
    ink = scene.inks[number]
    text = scene.text(number)
    if ink is None or len(text.split()) > 14 or not any(sign.isalpha() for sign in text):
        return False
    known = [one for one in scene.inks if one is not None]
    height = median(one.box.height for one in known)
    if ink.box.height >= LARGE * 1.1 * height:
        return True
    alike = sorted(one.stroke for one in known if 0.75 * ink.box.height <= one.box.height)
    return (
        len(alike) >= 4
        and ink.stroke >= BOLD * alike[len(alike) // 3]
        and ink.box.height >= 0.9 * height
    )


# --- title, menu, status bar ----------------------------------------------------------------


def find_title(scene: Scene) -> int | None:
    """The line that names the window (in a bar across the top), or a large line at the very top."""
    if not scene.lines:
        return None
    strip = _strip(scene, at_top=True)
    if strip is not None:
        row = sorted(
            (n for n, box in enumerate(scene.boxes) if holds(strip, box)),
            key=lambda n: scene.boxes[n].left,
        )
        words = [n for n in row if sum(sign.isalnum() for sign in scene.text(n)) >= 2]
        if words and (len(words) < 3 or is_heading(scene, words[0])):
            return words[0]
        if words:
            return None
    top = min(range(len(scene.lines)), key=lambda n: scene.boxes[n].bottom)
    level = [
        n
        for n in range(len(scene.lines))
        if scene.boxes[n].top < scene.boxes[top].bottom and is_heading(scene, n)
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
