"""Tables: cells that touch each other, or lines of text in three or more aligned columns and rows."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop.see.layout.ink import Ink
from imagecraft_desktop.see.layout.order import flow
from imagecraft_desktop.see.layout.parts import Table
from imagecraft_desktop.see.layout.scene import Scene
from imagecraft_desktop.see.layout.shapes import distance
from imagecraft_desktop.values import Box

TOUCH = 5  # greatest gap between cells that touch, in pixels
LEVEL = 3  # greatest difference of edges that are level, in pixels
BOLD = 1.22  # stroke of a bold line to that of a common one of its size
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Rows = list[list[list[int]]]
"""Numbers of the lines in each cell, by row and column."""


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table, the lines it holds (by number) and the shapes that are its cells (by index)."""

    table: Table
    lines: frozenset[int]
    cells: frozenset[int]


def find_tables(scene: Scene) -> list[FoundTable]:
    """Every table, top to bottom: first those with drawn cells, then those of aligned text."""
    found = _drawn_tables(scene)
    taken = frozenset(line for one in found for line in one.lines)
    found += _text_tables(scene, taken)
    return sorted(found, key=lambda one: (one.table.box.top, one.table.box.left))


# --- drawn cells ----------------------------------------------------------------------------


def _drawn_tables(scene: Scene) -> list[FoundTable]:
    cells = [
        at
        for at, shape in enumerate(scene.shapes)
        if 0.9 * scene.unit <= shape.box.height <= 8 * scene.unit
        and shape.box.width >= 0.7 * scene.unit
        and shape.radius <= LEVEL
    ]
    if len(cells) < 6:
        return []
    sides = np.array([scene.shapes[at].box for at in cells], np.int32)
    found = []
    for group in _touching(sides):
        if len(group) < 6:
            continue
        table = _drawn_table(scene, [cells[at] for at in group], sides[group])
        if table is not None:
            found.append(table)
    return found


def _touching(sides: NDArray[np.int32]) -> list[list[int]]:
    """Groups of boxes that touch along a whole side."""
    left, top, right, bottom = sides.T
    level_rows = (abs(top[:, None] - top) <= LEVEL) & (abs(bottom[:, None] - bottom) <= LEVEL)
    level_columns = (abs(left[:, None] - left) <= LEVEL) & (abs(right[:, None] - right) <= LEVEL)
    beside = level_rows & (abs(left[:, None] - right) <= TOUCH)
    below = level_columns & (abs(top[:, None] - bottom) <= TOUCH)
    linked = beside | beside.T | below | below.T
    groups: list[list[int]] = []
    free = set(range(len(sides)))
    while free:
        group = [min(free)]
        free.discard(group[0])
        for at in group:
            for other in np.flatnonzero(linked[at]).tolist():
                if other in free:
                    free.discard(other)
                    group.append(other)
        groups.append(sorted(group))
    return groups


def _starts(edges: Sequence[int]) -> list[int]:
    """Distinct positions, those within a few pixels taken as one."""
    starts: list[int] = []
    for edge in sorted(edges):
        if not starts or edge - starts[-1] > 2 * LEVEL:
            starts.append(edge)
    return starts


def _slot(edge: int, starts: Sequence[int]) -> int:
    return min(range(len(starts)), key=lambda at: abs(starts[at] - edge))


def _drawn_table(scene: Scene, cells: list[int], sides: NDArray[np.int32]) -> FoundTable | None:
    tops, lefts = _starts(sides[:, 1].tolist()), _starts(sides[:, 0].tolist())
    if len(tops) < 3 or len(lefts) < 2 or len(cells) < 0.6 * len(tops) * len(lefts):
        return None
    rows: Rows = [[[] for _ in lefts] for _ in tops]
    places: dict[tuple[int, int], int] = {}
    for at, (left, top, _, _) in zip(cells, sides.tolist(), strict=True):
        places[_slot(top, tops), _slot(left, lefts)] = at
    box = Box(*sides[:, :2].min(axis=0).tolist(), *sides[:, 2:].max(axis=0).tolist())
    taken: set[int] = set()
    for number, line in enumerate(scene.boxes):
        centre = (line.left + line.right) / 2
        if box.left <= centre <= box.right and box.top <= _middle(line) <= box.bottom:
            row = bisect_right(tops, _middle(line)) - 1
            rows[row][bisect_right(lefts, centre) - 1].append(number)
            taken.add(number)
    if not taken:
        return None
    head = _header_above(scene, box, [*lefts, box.right], taken)
    rows = _without_empty_ends(rows)
    if not any(head[len(rows[0]) :]):
        head = head[: len(rows[0])]
    texts = [[_cell_text(scene, cell) for cell in row] for row in rows]
    texts, kept_rows, is_sheet = _without_numbers(texts)
    if len(texts) < 2 or _filled(texts) < 0.4:
        return None
    fills = [
        [scene.shapes[at].fill for (row, _), at in places.items() if row == kept]
        for kept in kept_rows
    ]
    numbers = [[n for cell in rows[kept] for n in cell] for kept in kept_rows]
    has_header = _differs(fills) or _reads_as_header(texts)
    if len(head) == len(texts[0]) + 1 and not head[0]:
        head = head[1:]  # nothing stands over the row numbers
    if head and not has_header and not is_sheet and len(texts[0]) == len(head):
        texts = [[_cell_text(scene, cell) for cell in head], *texts]
        numbers = [[n for cell in head for n in cell], *numbers]
        taken.update(numbers[0])
        has_header = True
    taken |= _counting_beside(scene, box, tops)
    table = Table(
        box,
        tuple(tuple(row) for row in texts),
        has_header,
        _bold_rows(scene, numbers, has_header),
        is_sheet,
    )
    return FoundTable(table, frozenset(taken), frozenset(cells))


def _filled(texts: list[list[str]]) -> float:
    """Part of the cells that hold text."""
    return sum(bool(cell) for row in texts for cell in row) / max(1, sum(map(len, texts)))


def _header_above(scene: Scene, box: Box, edges: Sequence[int], taken: set[int]) -> list[list[int]]:
    """Names directly above the columns, when nearly every column has one; else nothing."""
    cells: list[list[int]] = [[] for _ in edges[1:]]
    for n, line in enumerate(scene.boxes):
        gap = box.top - line.bottom  # the header's own padding, then a rule
        centre = (line.left + line.right) / 2
        if n in taken or not -2 <= gap <= 1.4 * scene.unit or not box.left <= centre <= box.right:
            continue
        at = bisect_right(edges, centre) - 1
        at = min(at, len(cells) - 1)
        middle = (edges[at] + edges[at + 1]) / 2
        is_level = abs(line.left - edges[at]) <= scene.unit
        is_centred = abs(centre - middle) <= max(6, 0.15 * (edges[at + 1] - edges[at]))
        if not is_level and not is_centred:
            return []
        cells[at].append(n)
    named = sum(len(cell) == 1 for cell in cells)
    is_whole = named >= max(2, 0.75 * len(cells)) and all(len(cell) <= 1 for cell in cells)
    return cells if is_whole else []


def _counting_beside(scene: Scene, box: Box, tops: Sequence[int]) -> set[int]:
    """Row numbers to the left of the cells."""
    found = set()
    for n, line in enumerate(scene.boxes):
        beside = 0 <= box.left - line.right + 2 <= 3 * scene.unit
        if beside and box.top <= _middle(line) <= box.bottom and scene.text(n).isdecimal():
            row = bisect_right(tops, _middle(line))
            if int(scene.text(n)) in (row, row - 1, row + 1):
                found.add(n)
    return found


def _cell_text(scene: Scene, numbers: Sequence[int]) -> str:
    order = sorted(
        numbers, key=lambda n: (scene.boxes[n].top // max(1, int(scene.unit)), scene.boxes[n].left)
    )
    return " ".join(scene.text(number) for number in order)


def _without_numbers(texts: list[list[str]]) -> tuple[list[list[str]], list[int], bool]:
    """Take off row numbers and column letters.

    Returns:
        The texts, the indexes of the rows that are left, and whether letters were taken off.
    """
    kept_rows = list(range(len(texts)))
    letters = [cell for cell in texts[0] if cell]
    start = _LETTERS.find(letters[0]) if letters and len(letters[0]) == 1 else -1
    is_sheet = len(letters) >= 2 and start >= 0 and _LETTERS[start:].startswith("".join(letters))
    if is_sheet:
        texts, kept_rows = texts[1:], kept_rows[1:]
    texts = _without_row_numbers(texts)
    return texts, kept_rows, is_sheet


def _without_row_numbers(texts: list[list[str]]) -> list[list[str]]:
    """Take off a first column that counts; a reader may have joined a number to the next cell."""
    if not texts or len(texts[0]) < 3:
        return texts
    for first_row in (0, 1):  # the header of such a column is empty
        body = texts[first_row:]
        if len(body) < 2 or (first_row and texts[0][0]):
            continue
        for start in (1, 2):
            cut = [_cut_number(row, at) for at, row in enumerate(body, start)]
            found = [row for row, _ in filter(None, cut)]
            seen = sum(was_read for _, was_read in filter(None, cut))
            if len(found) == len(body) and seen >= 0.6 * len(body):
                return [row[1:] for row in texts[:first_row]] + found
    return texts


def _cut_number(row: list[str], number: int) -> tuple[list[str], bool] | None:
    """The row without its number, and whether that was read; None when the row has another number."""
    word = str(number)
    joined = re.compile(rf"{word}(?!\d)")
    if row[0] == word:
        return row[1:], True
    if row[0] == "":
        if joined.match(row[1]):
            return [row[1][len(word) :].strip(), *row[2:]], True
        return row[1:], False
    if row[1] == "" and joined.match(row[0]):
        return [row[0][len(word) :].strip(), *row[2:]], True
    return None


def _without_empty_ends(rows: Rows) -> Rows:
    """Take off rows at the bottom and columns at the right in which nothing stands."""
    while len(rows) > 1 and not any(rows[-1]):
        rows = rows[:-1]
    while len(rows[0]) > 1 and not any(row[-1] for row in rows):
        rows = [row[:-1] for row in rows]
    return rows


def _differs(fills: list[list[tuple[int, int, int]]]) -> bool:
    """Has the first row another background than all others?"""
    if len(fills) < 3 or not all(fills):
        return False
    first = fills[0][len(fills[0]) // 2]
    second = fills[1][len(fills[1]) // 2]
    rest = [row[len(row) // 2] for row in fills[1:]]
    # stripes: every second row would differ
    return all(distance(first, one) >= 5 for one in rest) and all(
        distance(second, one) < 5 for one in rest[1::2]
    )


def _is_number(text: str) -> bool:
    return bool(text) and sum(sign.isdigit() for sign in text) >= 0.4 * len(text)


def _reads_as_header(texts: list[list[str]]) -> bool:
    """A first row of words over a column of numbers."""
    first, body = texts[0], texts[1:]
    if not all(first[1:]) or any(_is_number(cell) for cell in first):
        return False
    return any(
        sum(_is_number(row[at]) for row in body) >= 0.8 * len(body) for at in range(len(first))
    )


def _bold_rows(scene: Scene, rows: list[list[int]], has_header: bool) -> tuple[int, ...]:
    """Rows whose longest cells are in bold while most others are not."""
    weights: list[float | None] = []
    for row in rows:
        longest = max(row, key=lambda number: len(scene.text(number)), default=None)
        ink = scene.inks[longest] if longest is not None else None
        weights.append(ink.stroke if ink else None)
    first = 1 if has_header else 0
    known = sorted(weight for weight in weights[first:] if weight is not None)
    if len(known) < 3:
        return ()
    common = known[len(known) // 4]
    bold = tuple(
        at
        for at, weight in enumerate(weights)
        if at >= first and weight is not None and weight >= BOLD * common
    )
    unsure = any(1.1 * common < weight < BOLD * common for weight in known)
    return bold if len(bold) <= 0.75 * len(known) and not unsure else ()


# --- aligned text ---------------------------------------------------------------------------


def _text_tables(scene: Scene, taken: frozenset[int]) -> list[FoundTable]:
    numbers = [n for n in range(len(scene.lines)) if n not in taken]
    order = flow([scene.text(n) for n in numbers], [scene.boxes[n] for n in numbers])
    parts = [[numbers[at] for at in column.numbers] for column in order.columns]
    placed = {number for part in parts for number in part}
    parts.append([number for number in numbers if number not in placed])
    return [table for part in parts for table in _tables_in(scene, part)]


def _tables_in(scene: Scene, part: list[int]) -> list[FoundTable]:
    """Tables among the lines of one column of the page."""
    found: list[FoundTable] = []
    run: list[list[int]] = []
    for row in [*_rows(scene, part), []]:
        if len(row) >= 3 and (not run or _continues(scene, run, row)):
            run.append(row)
            continue
        table = _text_table(scene, run)
        if table is not None:
            found.append(table)
        run = [row] if len(row) >= 3 else []
    return found


def _rows(scene: Scene, part: list[int]) -> list[list[int]]:
    rows: list[list[int]] = []
    middle = 0.0
    for number in sorted(part, key=lambda n: _middle(scene.boxes[n])):
        here = _middle(scene.boxes[number])
        if rows and here - middle <= 0.4 * scene.unit:
            rows[-1].append(number)
        else:
            rows.append([number])
            middle = here
    return [sorted(row, key=lambda n: scene.boxes[n].left) for row in rows]


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2


def _continues(scene: Scene, run: list[list[int]], row: list[int]) -> bool:
    """Is the row as far from the last one as those are from each other, and of their letters?"""
    step = _middle(scene.boxes[row[0]]) - _middle(scene.boxes[run[-1][0]])
    if len(run) > 1:
        steps = [_middle(scene.boxes[b[0]]) - _middle(scene.boxes[a[0]]) for a, b in pairwise(run)]
        if step > 1.8 * median(steps):
            return False
    sizes = [median(scene.sizes[n] for n in each) for each in (run[-1], row)]
    return step <= 6 * scene.unit and max(sizes) <= 1.5 * min(sizes)


def _text_table(scene: Scene, run: list[list[int]]) -> FoundTable | None:
    if len(run) < 3:
        return None
    columns = _columns(scene, run)
    if len(columns) < 3:
        return None
    rows: Rows = []
    for row in run:
        cells: list[list[int]] = [[] for _ in columns]
        for number in row:
            cells[_column_of(scene.boxes[number], columns)].append(number)
        if any(len(cell) > 1 for cell in cells):
            return None
        rows.append(cells)
    for at in range(len(columns)):
        column = [row[at][0] for row in rows if row[at]]
        if len(column) < 0.5 * len(rows) or not _is_aligned(scene, column):
            return None
    if _is_prose(scene, rows) or _are_tiles(scene, rows):
        return None
    numbers = [n for row in run for n in row]
    boxes = [scene.boxes[n] for n in numbers]
    box = Box(
        min(b.left for b in boxes),
        min(b.top for b in boxes),
        max(b.right for b in boxes),
        max(b.bottom for b in boxes),
    )
    texts = [[_cell_text(scene, cell) for cell in row] for row in rows]
    has_header = _reads_as_header(texts) or _is_painted_header(scene, run)
    table = Table(
        box,
        tuple(tuple(row) for row in texts),
        has_header,
        _bold_rows(scene, run, has_header),
    )
    return FoundTable(table, frozenset(numbers), frozenset())


def _columns(scene: Scene, run: list[list[int]]) -> list[tuple[int, int]]:
    """What is filled between the corridors that run through all rows, as (left, right)."""
    columns: list[tuple[int, int]] = []
    for box in sorted((scene.boxes[n] for row in run for n in row), key=lambda b: b.left):
        if columns and box.left - columns[-1][1] < 0.6 * scene.unit:
            columns[-1] = (columns[-1][0], max(columns[-1][1], box.right))
        else:
            columns.append((box.left, box.right))
    return columns


def _column_of(box: Box, columns: list[tuple[int, int]]) -> int:
    return next(at for at, (left, right) in enumerate(columns) if left <= box.left <= right)


def _is_aligned(scene: Scene, column: list[int]) -> bool:
    """Do the left edges, the right edges or the middles of nearly all lines stand under each other?"""
    boxes = [scene.boxes[n] for n in column]
    for edges in (
        [b.left for b in boxes],
        [b.right for b in boxes],
        [(b.left + b.right) / 2 for b in boxes],
    ):
        common = median(edges)
        if sum(abs(edge - common) <= 0.4 * scene.unit for edge in edges) >= 0.7 * len(edges):
            return True
    return False


def _is_prose(scene: Scene, rows: Rows) -> bool:
    """Two columns of long lines: a newspaper."""
    long = 0
    for at in range(len(rows[0])):
        words = [len(scene.text(row[at][0]).split()) for row in rows if row[at]]
        long += median(words) >= 7
    return long >= 2


def _are_tiles(scene: Scene, rows: Rows) -> bool:
    """Is every column in a box of its own?"""
    holders = []
    for at in range(len(rows[0])):
        own = {scene.holder[row[at][0]] for row in rows if row[at]}
        if len(own) != 1:
            return False
        holders.append(own.pop())
    return len(set(holders)) == len(holders)


def _is_painted_header(scene: Scene, run: list[list[int]]) -> bool:
    """A first row that alone is bold, or alone has another background."""
    looks = [[ink for ink in (scene.inks[n] for n in row) if ink is not None] for row in run]
    if len(run) < 4 or not all(looks):
        return False
    papers = [row[0].paper for row in looks]
    if all(distance(papers[0], one) >= 5 for one in papers[1:]) and all(
        distance(papers[1], one) < 5 for one in papers[2:]
    ):
        return True
    strokes = [_stroke(row) for row in looks]
    return strokes[0] >= BOLD * max(strokes[1:])


def _stroke(row: list[Ink]) -> float:
    return median(ink.stroke for ink in row)
