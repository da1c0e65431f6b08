"""The highlighted entry of a list, the open tab, and tiles of one size."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from imagecraft_desktop.see.layout.parts import Selection, SelectionKind, Tile
from imagecraft_desktop.see.layout.scene import Scene, holds
from imagecraft_desktop.see.layout.shapes import Colour, distance
from imagecraft_desktop.values import Box

VISIBLE = 6  # least difference of a highlight from what is around it, of 255


def find_selected(
    scene: Scene, shapes: frozenset[int], lines: frozenset[int]
) -> list[tuple[Selection, tuple[int, ...]]]:
    """Highlighted entries and open tabs, with the numbers of all lines of their list.

    Args:
        shapes, lines: What is something else already.
    """
    found = [
        *_entries(scene, shapes, lines),
        *_tabs(scene, lines),
    ]
    return sorted(found, key=lambda one: (one[0].box.top, one[0].box.left))


# --- entries of a list ----------------------------------------------------------------------


def _entries(
    scene: Scene, shapes: frozenset[int], lines: frozenset[int]
) -> list[tuple[Selection, tuple[int, ...]]]:
    found = []
    for at, shape in enumerate(scene.shapes):
        held = scene.held[at]
        if at in shapes or not 1 <= len(held) <= 4 or any(n in lines for n in held):
            continue
        if not 1.1 * scene.unit <= shape.box.height <= 6 * scene.unit:
            continue
        entry = _entry(scene, at, lines)
        if entry is not None:
            found.append(entry)
    labels = [one.box for one, _ in found]
    # two highlights in one list prove nothing
    return [
        (one, numbers)
        for one, numbers in found
        if sum(
            abs(box.left - one.box.left) <= 3 and abs(box.right - one.box.right) <= 3
            for box in labels
        )
        == 1
    ]


def _entry(
    scene: Scene, at: int, lines: frozenset[int]
) -> tuple[Selection, tuple[int, ...]] | None:
    shape, box = scene.shapes[at], scene.shapes[at].box
    first = min(scene.held[at], key=lambda n: (scene.boxes[n].left, scene.boxes[n].top))
    line = scene.boxes[first]
    own = [n for n in scene.held[at] if abs(scene.boxes[n].left - line.left) <= 3]
    above, below = _colour(scene, box, box.top - 4), _colour(scene, box, box.bottom + 3)
    outside = above if above is not None else below
    if outside is None or distance(outside, shape.fill) < VISIBLE:
        return None
    if above is not None and below is not None and distance(above, below) >= VISIBLE:
        return None  # the head of a panel
    column = _column(scene, first, at, lines)
    others = [n for n in column if n not in own]
    if len(others) < 2 * len(own):
        return None
    papers = [ink.paper for ink in (scene.inks[n] for n in others) if ink is not None]
    if len(papers) < len(others) or any(distance(paper, outside) >= VISIBLE for paper in papers):
        return None
    if median(len(scene.text(n).split()) for n in others) > 6:
        return None  # a marked line of a text
    if max(scene.boxes[n].right for n in others) > box.right + 2 * scene.unit:
        return None
    order = sorted(column, key=lambda n: scene.boxes[n].top)
    size = len(own)
    name = min(own, key=lambda n: scene.boxes[n].top)
    selection = Selection(
        label=scene.text(name),
        box=box,
        kind=SelectionKind.ENTRY,
        position=order.index(name) // size + 1,
        count=max(2, round(len(order) / size)),
    )
    return selection, tuple(order)


def _colour(scene: Scene, box: Box, y: int) -> Colour | None:
    x = (box.left + box.right) // 2
    if not (0 <= y < scene.height and 0 <= x < scene.width):
        return None
    red, green, blue = scene.pixels[y, x].tolist()
    return red, green, blue


def _column(scene: Scene, first: int, at: int, lines: frozenset[int]) -> list[int]:
    """Lines level with one at the left, without a large gap, not in boxes of their own."""
    line, box = scene.boxes[first], scene.shapes[at].box
    level = sorted(
        (
            n
            for n, other in enumerate(scene.boxes)
            if abs(other.left - line.left) <= 3
            and 0.75 * scene.sizes[first] <= scene.sizes[n] <= 1.3 * scene.sizes[first]
            and n not in lines
            and (holds(box, other) or _is_bare(scene, n, at))
        ),
        key=lambda n: scene.boxes[n].top,
    )
    run: list[int] = []
    for n in level:
        if run and scene.boxes[n].top - scene.boxes[run[-1]].bottom > 2.2 * box.height:
            if first in run:
                break
            run = []
        run.append(n)
    return run if first in run else []


def _is_bare(scene: Scene, number: int, at: int) -> bool:
    """Has a line no box of its own, or one that is much larger than the highlight?"""
    holder = scene.holder[number]
    if holder < 0:
        return True
    return scene.shapes[holder].box.height >= 1.5 * scene.shapes[at].box.height


# --- tabs -----------------------------------------------------------------------------------


def _tabs(scene: Scene, lines: frozenset[int]) -> list[tuple[Selection, tuple[int, ...]]]:
    """Rows of short names of which one stands on the ground of the page, the others on a strip."""
    numbers = sorted(
        (n for n in range(len(scene.lines)) if n not in lines and len(scene.text(n).split()) <= 4),
        key=lambda n: scene.boxes[n].left,
    )
    found = []
    for row in _rows(scene, numbers):
        grounds = [_ground(scene, n) for n in row]
        open_tabs = [
            at
            for at, ground in enumerate(grounds)
            if ground > 0
            and grounds.count(ground) == 1
            and _goes_on(scene, row[at], ground)
            and all(
                other == at or _is_strip(scene, row[other], grounds[other])
                for other in range(len(row))
            )
        ]
        if len(open_tabs) == 1:
            at = open_tabs[0]
            n = row[at]
            selection = Selection(
                scene.text(n), scene.boxes[n], SelectionKind.TAB, at + 1, len(row)
            )
            found.append((selection, tuple(row)))
    return found


def _rows(scene: Scene, numbers: Sequence[int]) -> list[list[int]]:
    """Rows of two or more lines, cut at large gaps."""
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
    return [row for row in rows if len(row) >= 2]


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
