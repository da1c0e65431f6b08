"""The highlighted entry of a list, the open tab, and tiles of one size."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop.see.layout.parts import Selection, SelectionKind, Tile
from imagecraft_desktop.see.layout.scene import Scene
from imagecraft_desktop.see.layout.shapes import Colour, Pixels, distance
from imagecraft_desktop.values import Box

EDGE = 5  # least difference of neighbouring pixels that is a drawn edge, of 255
VISIBLE = 6  # least difference of a highlight from what is around it, of 255


def find_selected(scene: Scene, lines: frozenset[int]) -> list[tuple[Selection, tuple[int, ...]]]:
    """Highlighted entries and open tabs, with the numbers of all lines of their list.

    Args:
        lines: Those that are something else already.
    """
    found = [
        *_entries(scene, lines),
        *_tabs(scene, lines),
    ]
    return sorted(found, key=lambda one: (one[0].box.top, one[0].box.left))


# --- entries of a list ----------------------------------------------------------------------


def _entries(scene: Scene, lines: frozenset[int]) -> list[tuple[Selection, tuple[int, ...]]]:
    found: list[tuple[Selection, tuple[int, ...]]] = []
    free = [n for n, ink in enumerate(scene.inks) if ink is not None and n not in lines]
    for n in free:
        if any(n in numbers for _, numbers in found):
            continue
        entry = _entry(scene, n, free)
        if entry is not None:
            found.append(entry)
    return found


def _entry(
    scene: Scene, number: int, free: Sequence[int]
) -> tuple[Selection, tuple[int, ...]] | None:
    """The list of which a line is the highlighted entry.

    All other entries, above or below and level at the left, stand on one colour, which is also that
    just above and below the highlight.
    """
    line, ink = scene.boxes[number], scene.inks[number]
    level = [
        n for n in free if abs(scene.boxes[n].left - line.left) <= 3 and _is_alike(scene, n, number)
    ]
    if ink is None or len(level) < 3 or not _stands_out(scene, number, level):
        return None
    box = _highlight(scene, line, ink.paper)
    if box is None or any(_colour(scene, x, y) is None for x, y in _outer(box, line)):
        return None
    outside = [scene.pixels[y, x].tolist() for x, y in _outer(box, line)]
    if distance(outside[0], outside[1]) >= VISIBLE or distance(outside[0], ink.paper) < VISIBLE:
        return None  # the head of a panel
    if _has_border(scene, box, ink.paper, outside[0]):
        return None  # a field
    column = _column(scene, number, level, box, outside[0])
    own = [n for n in column if _within(box, scene.boxes[n])]
    others = [n for n in column if n not in own]
    twins = [
        each
        for each in (scene.inks[n] for n in level if n not in own)
        if each is not None and distance(each.paper, ink.paper) < VISIBLE
    ]
    if twins:
        return None  # stripes
    if len(others) < 2 * len(own) or number != min(own, key=lambda n: scene.boxes[n].top):
        return None
    if median(len(scene.text(n).split()) for n in others) > 6:
        return None  # a marked line of a text
    if max(scene.boxes[n].right for n in others) > box.right + 2 * scene.unit:
        return None
    size = len(own)
    selection = Selection(
        label=scene.text(number),
        box=box,
        kind=SelectionKind.ENTRY,
        position=column.index(number) // size + 1,
        count=max(2, round(len(column) / size)),
    )
    return selection, tuple(column)


def _has_border(scene: Scene, box: Box, paper: Sequence[int], ground: Sequence[int]) -> bool:
    """Is there a line around a box, of a colour that does not lie between those on its two sides?"""
    x = (box.left + box.right) // 2
    for y in (box.top - 1, box.top - 2, box.bottom, box.bottom + 1):
        here = _colour(scene, x, y)
        if here is not None and any(
            not min(a, b) - 16 <= c <= max(a, b) + 16
            for a, b, c in zip(paper, ground, here, strict=True)
        ):
            return True
    return False


def _is_alike(scene: Scene, one: int, other: int) -> bool:
    return 0.75 * scene.sizes[other] <= scene.sizes[one] <= 1.3 * scene.sizes[other]


def _stands_out(scene: Scene, number: int, level: Sequence[int]) -> bool:
    """Do most lines of a column stand on another colour than this one?"""
    ink = scene.inks[number]
    return ink is not None and 2 * sum(
        other is not None and distance(other.paper, ink.paper) >= VISIBLE
        for other in (scene.inks[n] for n in level)
    ) >= len(level)


def _highlight(scene: Scene, line: Box, paper: Colour) -> Box | None:
    """The area of one colour around a line, when it is wider than the line and not high."""
    middle = (line.top + line.bottom) // 2
    x = line.right + max(3, int(0.25 * scene.unit))
    start = _colour(scene, x, middle)
    if start is None or distance(start, paper) > 24:
        return None
    paper = start  # cleaner than what is seen between the letters
    most = int(5 * scene.unit)
    right = _walk(scene, (x, middle), (1, 0), paper, scene.width)
    # two places: below the one by the text there may be a longer line of the same entry
    places = (x, x + max(0, right - int(scene.unit)))
    up, down = (
        max(_walk(scene, (place, middle), (0, step), paper, most) for place in places)
        for step in (-1, 1)
    )
    left = _walk(scene, (line.left - 2, middle), (-1, 0), paper, scene.width)
    box = Box(line.left - 2 - left + 1, middle - up + 1, x + right, middle + down)
    is_row = line.height < box.height < most and box.width >= line.width + scene.unit
    return box if is_row and left >= 1 else None


def _outer(box: Box, line: Box) -> tuple[tuple[int, int], tuple[int, int]]:
    x = max(line.right + 2, box.right - 4)
    return (x, box.top - 4), (x, box.bottom + 3)


def _walk(
    scene: Scene, start: tuple[int, int], step: tuple[int, int], colour: Colour, most: int
) -> int:
    """How many pixels of this colour follow each other from here, in one direction."""
    (x, y), (dx, dy) = start, step
    if dx:
        row = scene.pixels[y, x:] if dx > 0 else scene.pixels[y, : x + 1][::-1]
    else:
        row = scene.pixels[y:, x] if dy > 0 else scene.pixels[: y + 1, x][::-1]
    away = np.abs(row[:most].astype(np.int16) - np.array(colour, np.int16)).max(axis=1) > 6
    return int(np.argmax(away)) if away.any() else len(away)


def _colour(scene: Scene, x: int, y: int) -> Colour | None:
    if not (0 <= y < scene.height and 0 <= x < scene.width):
        return None
    red, green, blue = scene.pixels[y, x].tolist()
    return red, green, blue


def _within(box: Box, line: Box) -> bool:
    return box.top <= (line.top + line.bottom) / 2 <= box.bottom


def _column(
    scene: Scene, number: int, level: Sequence[int], box: Box, ground: Sequence[int]
) -> list[int]:
    """The lines above and below the highlight, without a large gap, all on one ground; top to bottom."""
    run: list[int] = []
    bottom = -1
    for n in sorted(level, key=lambda n: scene.boxes[n].top):
        ink = scene.inks[n]
        fits = _within(box, scene.boxes[n]) or (
            ink is not None and distance(ink.paper, ground) < VISIBLE
        )
        if not fits or (run and scene.boxes[n].top - bottom > 2.2 * box.height):
            if number in run:
                break
            run = []
        if fits:
            run.append(n)
            bottom = scene.boxes[n].bottom
    return run if number in run else []


# --- tabs -----------------------------------------------------------------------------------


def _tabs(scene: Scene, lines: frozenset[int]) -> list[tuple[Selection, tuple[int, ...]]]:
    """Rows of short names of which one is open: on the ground of the page, or without a line under it."""
    numbers = sorted(
        (n for n in range(len(scene.lines)) if n not in lines and len(scene.text(n).split()) <= 4),
        key=lambda n: scene.boxes[n].left,
    )
    found = []
    for row in _rows(scene, numbers):
        open_tabs = _on_page(scene, row) or _without_line(scene, row)
        if len(open_tabs) == 1:
            at = open_tabs[0]
            n = row[at]
            selection = Selection(
                scene.text(n), scene.boxes[n], SelectionKind.TAB, at + 1, len(row)
            )
            found.append((selection, tuple(row)))
    return found


def _on_page(scene: Scene, row: Sequence[int]) -> list[int]:
    """Places in the row of names that stand on the ground of the page while all others do not."""
    grounds = [_ground(scene, n) for n in row]
    return [
        at
        for at, ground in enumerate(grounds)
        if ground > 0
        and grounds.count(ground) == 1
        and _goes_on(scene, row[at], ground)
        and all(
            other == at or _is_strip(scene, row[other], grounds[other]) for other in range(len(row))
        )
    ]


def _without_line(scene: Scene, row: Sequence[int]) -> list[int]:
    """Places in the row of names that have a frame on three sides while all others have one below too."""
    boxes = [scene.boxes[n] for n in row]
    reach = int(1.5 * scene.unit)
    below = [_line_near(scene, box, box.bottom + 1, 1, reach) for box in boxes]
    bare = [at for at, edge in enumerate(below) if edge is None]
    if len(bare) != 1:
        return []
    above = [_line_near(scene, box, box.top - 2, -1, reach) for box in boxes]
    tops = [edge for edge in above if edge is not None]
    if len(tops) < len(row):
        return []
    box = boxes[bare[0]]
    middle = (box.top + box.bottom) // 2
    sides = (
        _first_edge(scene, (box.left - 2, middle), (-1, 0), 2 * reach),
        _first_edge(scene, (box.right + 1, middle), (1, 0), 2 * reach),
    )
    if None in sides:
        return []
    own_top = tops.pop(bare[0])
    feet = [edge for edge in below if edge is not None]
    is_level = max(feet) - min(feet) <= 2 and max(tops) - min(tops) <= 2
    is_high = -0.5 * scene.unit <= own_top - min(tops) <= 2
    return bare if is_level and is_high else []


def _line_near(scene: Scene, box: Box, start: int, step: int, reach: int) -> int | None:
    """Height of the first level edge above or below a text, None when there is none near."""
    edges = [
        _first_edge(scene, (x, start), (0, step), reach)
        for x in (box.left, (box.left + box.right) // 2, box.right - 1)
    ]
    heights = [edge[1] for edge in edges if edge is not None]
    if len(heights) < 3 or max(heights) - min(heights) > 1:
        return None
    # the feet of letters are level too, but have gaps
    part = scene.pixels[:, box.left : box.right]
    change = max(
        float((_unlike(part[y], part[y - step]) >= EDGE).mean())
        for y in range(min(heights), max(heights) + 1)
    )
    return heights[0] if change >= 0.9 else None


def _unlike(one: Pixels, other: Pixels) -> NDArray[np.int16]:
    return np.asarray(np.abs(one.astype(np.int16) - other.astype(np.int16)).max(axis=1))


def _first_edge(
    scene: Scene, start: tuple[int, int], step: tuple[int, int], most: int
) -> tuple[int, int] | None:
    """Where the colour first changes from here on; a soft gradient is no change."""
    (x, y), (dx, dy) = start, step
    before = _colour(scene, x, y)
    for _ in range(most):
        x, y = x + dx, y + dy
        here = _colour(scene, x, y)
        if here is None or before is None:
            return None
        if distance(here, before) >= EDGE:
            return x, y
        before = here
    return None


def _rows(scene: Scene, numbers: Sequence[int]) -> list[list[int]]:
    """Rows of three or more lines, cut at large gaps; of two, one may be the label of a field."""
    rows: list[list[int]] = []
    for n in numbers:
        box = scene.boxes[n]
        middle = (box.top + box.bottom) / 2
        for row in rows:
            last = scene.boxes[row[-1]]
            level = abs((last.top + last.bottom) / 2 - middle) <= 0.3 * scene.unit
            if level and 0 < box.left - last.right <= 5 * scene.unit:
                row.append(n)
                break
        else:
            rows.append([n])
    return [row for row in rows if len(row) >= 3]


def _ground(scene: Scene, number: int) -> int:
    """The region that a line stands on, 0 when it is not clear."""
    box = scene.boxes[number]
    middle = (box.top + box.bottom) / 2
    seen = [scene.regions.at(box.left - off, middle) for off in (3, 4, 5)]
    seen += [scene.regions.at(box.right + off, middle) for off in (3, 4, 5)]
    known = [region for region in seen if region > 0]
    return known[0] if len(known) >= 4 and len(set(known)) == 1 else 0


def _goes_on(scene: Scene, number: int, ground: int) -> bool:
    """Does the ground of a tab go on below, or above, over more than the tab?"""
    box = scene.boxes[number]
    far = 3.0 * scene.unit
    for y in (box.bottom + far, box.top - far):
        spots = [
            scene.regions.at(x, y + dy)
            for x in (box.left - scene.unit, box.left, box.right, box.right + 2 * scene.unit)
            for dy in (-3, 3)
        ]
        if sum(region == ground for region in spots) >= 5:
            return True
    return False


def _is_strip(scene: Scene, number: int, ground: int) -> bool:
    """Does a line stand on something low: a strip of tabs, or a tab of its own?"""
    holder = scene.holder[number]
    return (
        ground > 0
        and holder >= 0
        and scene.shapes[holder].region == ground
        and scene.shapes[holder].box.height <= 4.5 * scene.unit
    )


# --- tiles ----------------------------------------------------------------------------------


def find_tiles(scene: Scene, shapes: frozenset[int]) -> list[tuple[Tile, tuple[int, ...]]]:
    """Three or more boxes of one size with two to five lines each, apart from each other."""
    candidates = [
        at
        for at, shape in enumerate(scene.shapes)
        if at not in shapes
        and 2 <= len(scene.held[at]) <= 5
        and shape.box.height >= 2.5 * scene.unit
        and (shape.is_filled or shape.is_outlined)
    ]
    found = []
    for at in candidates:
        box = scene.shapes[at].box
        brothers = [
            scene.shapes[other].box
            for other in candidates
            if other != at
            and abs(scene.shapes[other].box.width - box.width) <= 4
            and abs(scene.shapes[other].box.height - box.height) <= 4
        ]
        level = [b for b in brothers if abs(b.top - box.top) <= 4]
        touching = any(
            abs(b.top - box.bottom) <= 6 or abs(b.bottom - box.top) <= 6 for b in brothers
        )
        if len(brothers) >= 2 and level and not touching:
            numbers = sorted(
                scene.held[at], key=lambda n: (scene.boxes[n].top, scene.boxes[n].left)
            )
            found.append((Tile(box, tuple(scene.text(n) for n in numbers)), tuple(numbers)))
    return sorted(found, key=lambda one: (one[0].box.top, one[0].box.left))
