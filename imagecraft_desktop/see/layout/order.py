"""The order in which lines are read aloud.

For a listener the order is: what stands alone on top (title, menu), then the main column, then side
columns, then what stands alone at the bottom. Articles are read column by column; forms and tables,
whose columns have matching rows, row by row. The method is a recursive XY cut that joins bands of
lines as long as one corridor of empty space runs through all of them.

Within a row lines go from left to right; a right-to-left script needs only another key in `_by_row`
and the columns of `_columns` reversed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from imagecraft_desktop.values import Box, TextLine

Span = tuple[float, float]

MAX_DEPTH = 12
CORRIDOR = 1.2  # narrowest gap between columns, in line heights; a gap between words is below 0.6
BREAK = 3.0  # a gap this high across everything ends a group of columns, in line heights
PROSE = 30  # letters in a common line that are prose whatever else they are
NARROW_PROSE = 15  # letters in a common line of a narrow column of prose
FULL = 0.65  # least width of a full line of prose to that of its column
TRIM = 0.15  # part of a line's height taken off at each end: boxes of neighbours may overlap


@dataclass(frozen=True, slots=True)
class Placed:
    """A line with a cleaned box: edges in order, never of zero size. Floats, in pixels."""

    number: int
    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Column:
    """Numbers of the lines of one column, in reading order; `is_aside` for a narrow one of short lines."""

    numbers: tuple[int, ...]
    is_aside: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """Numbers of all lines in reading order, and the columns that the page was cut into, if any."""

    numbers: tuple[int, ...]
    columns: tuple[Column, ...]


def reading_order(lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """Sort lines as they are read aloud. Any boxes are accepted; no line is lost or doubled."""
    order = flow([line.line for line in lines], [line.box for line in lines])
    return tuple(lines[number] for number in order.numbers)


def flow(texts: Sequence[str], boxes: Sequence[Box], has_title: bool = True) -> Flow:
    """Sort pieces of text by their boxes as they are read aloud, and tell the columns of the page.

    Args:
        has_title: A line alone at the top is taken for the title and read first.
    """
    placed = [
        _clean(number, text, box)
        for number, (text, box) in enumerate(zip(texts, boxes, strict=True))
    ]
    if not placed:
        return Flow((), ())
    unit = max(1.0, median(each.height for each in placed))
    head, middle, foot = _peel(placed, unit, has_title)
    columns: list[Column] = []
    body = _arrange(middle, unit, 0, columns)
    return Flow(tuple(each.number for each in [*head, *body, *foot]), tuple(columns))


def _clean(number: int, text: str, box: Box) -> Placed:
    left, right = sorted((float(box.left), float(box.right)))
    top, bottom = sorted((float(box.top), float(box.bottom)))
    return Placed(number, text, left, top, max(right, left + 1), max(bottom, top + 1))


def _by_row(placed: Sequence[Placed]) -> list[Placed]:
    """Top to bottom; lines of the same height on the page from left to right."""
    return [each for row in rows_of(placed) for each in row]


def rows_of(placed: Sequence[Placed]) -> list[list[Placed]]:
    """Rows, top to bottom, each from left to right: a line joins a row when its middle is within it."""
    rows: list[list[Placed]] = []
    middle = reach = 0.0
    for each in sorted(placed, key=lambda one: (one.middle, one.left, one.right)):
        if rows and each.middle - middle <= 0.5 * min(each.height, reach):
            rows[-1].append(each)
            # the row's middle stays that of its first line, or rows of a slope would run together
            reach = min(reach, each.height)
        else:
            rows.append([each])
            middle, reach = each.middle, each.height
    return [sorted(row, key=lambda one: (one.left, one.middle, one.right)) for row in rows]


def _bands(placed: Sequence[Placed]) -> list[list[Placed]]:
    """Groups of lines with empty space across the whole width between them, top to bottom."""
    bands: list[list[Placed]] = []
    end = float("-inf")
    for each in sorted(placed, key=lambda one: (one.top, one.left)):
        if not bands or each.top + TRIM * each.height >= end:
            bands.append([])
        bands[-1].append(each)
        end = max(end, each.bottom - TRIM * each.height)
    return bands


def _is_menu(band: Sequence[Placed], unit: float) -> bool:
    """A row of three or more short words, evenly and narrowly spaced."""
    if len(band) < 3 or len(rows_of(band)) > 1:
        return False
    row = sorted(band, key=lambda one: one.left)
    gaps = [b.left - a.right for a, b in pairwise(row)]
    return all(len(one.text.split()) <= 3 for one in row) and max(gaps) <= 3 * unit


def _peel(
    placed: list[Placed], unit: float, has_title: bool
) -> tuple[list[Placed], list[Placed], list[Placed]]:
    """Take off what stands alone at the top (title, menu rows) and at the bottom (status bar).

    Else a title would be read as the first entry of the side column under it.
    """
    bands = _bands(placed)
    head: list[Placed] = []
    while len(bands) > 1 and len(head) < 24:
        first = bands[0]
        if not (has_title and len(first) == 1 and not head) and not _is_menu(first, unit):
            break
        head += _by_row(first)
        bands = bands[1:]
    foot: list[Placed] = []
    if len(bands) > 1:
        gap = min(one.top for one in bands[-1]) - max(one.bottom for one in bands[-2])
        alone = len(rows_of(bands[-1])) == 1 and gap >= BREAK * unit
        if alone:
            foot = _by_row(bands[-1])
            bands = bands[:-1]
    return head, [each for band in bands for each in band], foot


def _filled(spans: Iterable[Span]) -> list[Span]:
    """Join spans that touch or overlap; sorted from left to right."""
    joined: list[Span] = []
    for left, right in sorted(spans):
        if joined and left <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], right))
        else:
            joined.append((left, right))
    return joined


def _across(lines: Sequence[Placed]) -> list[Span]:
    return _filled((each.left, each.right) for each in lines)


def _gaps(filled: Sequence[Span]) -> list[Span]:
    """The empty strips between spans that are in order."""
    return [(a[1], b[0]) for a, b in pairwise(filled)]


def _widest(filled: Sequence[Span]) -> float:
    return max((right - left for left, right in _gaps(filled)), default=0.0)


def _runs(bands: list[list[Placed]], unit: float) -> list[list[Placed]]:
    """Join neighbouring bands for as long as a corridor runs through them."""
    runs: list[list[Placed]] = []
    run_filled: list[Span] = []
    bottom = 0.0
    for band in bands:
        filled = _across(band)
        both = _filled([*run_filled, *filled])
        before = [_widest(each) for each in (run_filled, filled) if len(each) > 1]
        is_near = min(one.top for one in band) - bottom < BREAK * unit
        has_corridor = _widest(both) >= max(CORRIDOR * unit, 0.5 * min(before, default=0.0))
        if runs and is_near and has_corridor:
            runs[-1] += band
            run_filled = both
        else:
            runs.append(list(band))
            run_filled = filled
        bottom = max(bottom, *(one.bottom for one in band))
    return runs


def _arrange(
    placed: list[Placed], unit: float, depth: int, columns: list[Column] | None
) -> list[Placed]:
    """Sort one region. The columns of the outermost cut that finds any are put into `columns`."""
    if len(placed) < 2:
        return placed
    if depth >= MAX_DEPTH:
        return _by_row(placed)
    parts = _columns(placed, unit)
    if len(parts) > 1:
        return _columns_in_order(parts, unit, depth, columns)
    bands = _bands(placed)
    if len(bands) == 1:
        return _by_row(placed)
    runs = _runs(bands, unit)
    if len(runs) == 1:
        return _by_row(placed)
    found: list[Placed] = []
    for run in runs:
        found += _arrange(run, unit, depth + 1, columns)
    return found


def _columns_in_order(
    parts: list[list[Placed]], unit: float, depth: int, columns: list[Column] | None
) -> list[Placed]:
    """Main columns from left to right, then side columns; columns that never meet by height."""
    spans = sorted(
        (min(one.top for one in part), max(one.bottom for one in part)) for part in parts
    )
    if all(before[1] <= after[0] for before, after in pairwise(spans)):
        parts = sorted(parts, key=lambda part: min(one.top for one in part))
        return [each for part in parts for each in _arrange(part, unit, depth + 1, None)]
    asides = [_is_aside(part, parts) for part in parts]
    found: list[Placed] = []
    for wanted in (False, True):
        for part, aside in zip(parts, asides, strict=True):
            if aside is wanted:
                part_lines = _arrange(part, unit, depth + 1, None)
                found += part_lines
                if columns is not None:
                    columns.append(Column(tuple(one.number for one in part_lines), aside))
    return found


def _is_aside(part: list[Placed], parts: list[list[Placed]]) -> bool:
    """A narrow column of short lines beside one with clearly more text."""
    most = max(_letters(each) for each in parts)
    widest = max(_width(each) for each in parts)
    words = median(len(one.text.split()) for one in part)
    return (
        len(part) >= 3
        and words <= 4
        and _width(part) <= 0.5 * widest
        and _letters(part) <= 0.6 * most
    )


def _letters(part: list[Placed]) -> int:
    return sum(len(one.text) for one in part)


def _width(part: list[Placed]) -> float:
    return max(one.right for one in part) - min(one.left for one in part)


def _columns(placed: list[Placed], unit: float) -> list[list[Placed]]:
    """Cut at the corridors, then join neighbours whose rows match (a form, a table)."""
    edges = [right for left, right in _gaps(_across(placed)) if right - left >= CORRIDOR * unit]
    if not edges:
        return [placed]
    strips: list[list[Placed]] = [[] for _ in range(len(edges) + 1)]
    for each in placed:
        strips[sum(edge <= each.left for edge in edges)].append(each)
    parts = [strips[0]]
    for strip in strips[1:]:
        if _rows_match(parts[-1], strip):
            parts[-1] = parts[-1] + strip
        else:
            parts.append(strip)
    return parts


def _rows_match(one: list[Placed], other: list[Placed]) -> bool:
    """Are these two columns of one thing that is read row by row?

    So it is when nearly all lines of one stand beside a line, or a small group, of the other (a form,
    a table), or when none do and both take turns (the two sides of a chat).
    """
    if _is_prose(one) and _is_prose(other):
        return False  # columns of a newspaper stand on the same grid
    heights = [each.height for each in (*one, *other)]
    if max(heights) > 4 * median(heights):
        return False  # a table or chart taken as one piece stands beside a list, not in a row
    few, many = sorted((one, other), key=len)
    if len(few) <= 2 and len(many) >= 4 and all(len(each.text.split()) <= 3 for each in few):
        return True  # a mark at the end of a line, not a column
    if max(_share_beside(one, other), _share_beside(other, one)) >= 0.8:
        return True
    return _take_turns(one, other)


def _is_prose(part: list[Placed]) -> bool:
    """Long lines, or lines of some words close under each other that fill their column and run on."""
    if median(len(each.text) for each in part) >= PROSE:
        return True
    lines = sorted(part, key=lambda one: one.top)
    if len(lines) < 3 or median(len(each.text) for each in lines) < NARROW_PROSE:
        return False
    if median(len(each.text.split()) for each in lines) < 3:
        return False
    left, widest = (
        median(each.left for each in lines),
        max(each.right - each.left for each in lines),
    )
    high = median(each.height for each in lines)
    level = sum(abs(each.left - left) <= 0.6 * high for each in lines)
    full = sum(each.right - each.left >= FULL * widest for each in lines)
    close = sum(after.top - before.bottom <= high for before, after in pairwise(lines))
    on = sum(not (each.text[:1].isupper() or each.text[:1].isdigit()) for each in lines)
    return (
        min(level, full) >= 0.7 * len(lines)
        and close >= 0.7 * (len(lines) - 1)
        and on >= 0.25 * len(lines)
    )


def _share_beside(lines: list[Placed], others: list[Placed]) -> float:
    marks = sorted([each.middle for each in others] + _groups(others))
    return sum(_has_mark(each, marks) for each in lines) / len(lines)


def _take_turns(one: list[Placed], other: list[Placed]) -> bool:
    """Do the bands of two columns never stand side by side, and change sides three times or more?"""
    spans = sorted((each.top, each.bottom, side) for side in (0, 1) for each in (one, other)[side])
    turns = 0
    for (_, bottom, side), (top, _, next_side) in pairwise(spans):
        if side != next_side:
            if top < bottom:
                return False
            turns += 1
    return turns >= 3


def _has_mark(line: Placed, marks: list[float]) -> bool:
    reach = 0.3 * line.height
    at = bisect_left(marks, line.middle - reach)
    return at < len(marks) and marks[at] <= line.middle + reach


def _groups(lines: list[Placed]) -> list[float]:
    """Middles of two or three lines close under each other (a name and its explanation)."""
    groups: list[float] = []
    current: list[Placed] = []
    for each in sorted(lines, key=lambda one: one.top):
        if current and each.top - current[-1].bottom > 0.6 * current[-1].height:
            groups += _middle(current)
            current = []
        current.append(each)
    return groups + _middle(current)


def _middle(group: list[Placed]) -> list[float]:
    if not 2 <= len(group) <= 3:
        return []
    return [(group[0].top + max(one.bottom for one in group)) / 2]
