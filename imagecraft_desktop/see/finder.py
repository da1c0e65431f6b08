"""Finds where lines of text are, strip by strip from the top, with the finder network of PP-OCRv6.

The network marks pixels that belong to writing; the marks are made into turned rectangles (method:
"Real-time Scene Text Detection with Differentiable Binarization", AAAI 2020, arXiv 1911.08947).
Its cost goes with the area, so what is blank is never shown to it; strips bound the memory and let
the first line be read while the rest is still searched.

Called by reader.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from imagecraft_desktop.see import session
from imagecraft_desktop.values import Box, Tick

if TYPE_CHECKING:
    from numpy.typing import NDArray


_BLOCK = 16
"""Edge in pixels of the squares in which ink is looked for."""
_INK = 20
"""Difference between neighbouring pixels, of 255, that may belong to a letter."""
_FIRST_STRIP = 10
_STRIP = 24
"""Heights of strips in blocks: the first is low, so that the top line is known early."""
_GAP = 6
"""So many blank blocks in a row part a strip into areas that are searched separately."""
_MULTIPLE = 32
"""The network wants edges that are multiples of this."""
_LONG_SIDE = 2000
"""A picture with a longer side, in pixels, is searched in half its size where letters are large."""
_LARGE = 24
"""Lines found in half the size that are at least so high, in pixels, are all that there are."""

_PROBABLE = 0.3
_SURE = 0.3
"""Mean probability of a line. 0.3 finds lone numbers in charts that 0.5 misses."""
_HEADLINE = 1.35
"""Letters so much higher than usual are large."""
_CENTRAL = 0.2
"""Distance from the middle, as a share of the picture, up to which a line is central."""
_UNCLIP = 1.6
"""The network marks the core of a line: it is widened by this times area over circumference."""
_THINNEST = 3.0
"""Marks thinner than this, in pixels, are dust."""


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """Where a line of text is, not yet read.

    Attributes:
        corners: (4, 2) float32, x and y in pixels of the picture; top left, top right, bottom
            right, bottom left.
        box: The upright rectangle around them, within the picture.
    """

    corners: NDArray[np.float32]
    box: Box


def find_lines(
    finder: session.Stoppable, pixels: NDArray[np.uint8], tick: Tick, *, is_photo: bool
) -> Iterator[Spot]:
    """Yield the lines of text, strip by strip from the top; no order within a strip.

    Args:
        finder: The network.
        pixels: RGB, uint8, (H, W, 3).
        tick: Called between strips and while the network runs.
        is_photo: Letters in a large photo are large, so it is only searched scaled down.
    """
    longest = max(pixels.shape[:2])
    if longest <= _LONG_SIDE:
        scales: tuple[float, ...] = (1.0,)
    elif is_photo:
        scales = (_LONG_SIDE / longest,)
    else:
        scales = (0.5, 1.0)
    ink = find_ink(pixels)
    recent: list[Spot] = []
    row, height = 0, _FIRST_STRIP
    while (strip := _next_strip(ink, row, height)) is not None:
        first, last = strip
        spots = [
            spot
            for area in _areas(ink, first, last, pixels.shape)
            for spot in _search(finder, pixels, area, scales, tick)
        ]
        floor = min(pixels.shape[0], (last + 1) * _BLOCK)
        cut = [spot.box.top for spot in spots if spot.box.bottom >= floor - 2]
        if floor == pixels.shape[0]:
            row, cut = len(ink), []
        else:
            row = min([last * _BLOCK, *cut]) // _BLOCK
        if row <= first:  # a line higher than the strip
            row, height = first, height * 2
            continue
        height = _STRIP
        # what begins below the next strip's upper edge is found again there, and whole
        recent = [
            spot
            for spot in spots
            if (spot.box.top < row * _BLOCK or row == len(ink))
            and not any(_covers(known, spot) for known in recent)
        ]
        yield from recent


def find_ink(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """In which squares of 16 x 16 pixels neighbouring pixels differ enough to be writing.

    Returns:
        (ceil(H / 16), ceil(W / 16)) bool.
    """
    import cv2

    edges = cv2.morphologyEx(pixels, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    high, wide = edges.shape[:2]
    edges = np.pad(edges, ((0, -high % _BLOCK), (0, -wide % _BLOCK), (0, 0)))
    # one axis after the other: five times faster than both at once
    bands = edges.reshape(-1, _BLOCK, edges.shape[1] * 3).max(axis=1)
    ink: NDArray[np.bool_] = bands.reshape(len(bands), -1, _BLOCK * 3).max(axis=2) > _INK
    return ink


def _next_strip(ink: NDArray[np.bool_], row: int, height: int) -> tuple[int, int] | None:
    """The rows of blocks [first, last) of the next strip with ink, cut where there is least ink."""
    inked = np.flatnonzero(ink[row:].any(axis=1))
    if not len(inked):
        return None
    first = row + int(inked[0])
    last = first + height
    if last >= len(ink):
        return first, len(ink)
    tail = ink[last - height // 4 : last].sum(axis=1)
    # the cut comes before the quietest row, the lowest one when several are as quiet
    quiet = len(tail) - 1 - int(tail[::-1].argmin())
    return first, last - height // 4 + quiet + 1


def _areas(ink: NDArray[np.bool_], first: int, last: int, shape: tuple[int, ...]) -> Iterator[Box]:
    """The parts of a strip that have ink, with one block of surroundings."""
    part = ink[first:last]
    columns = np.flatnonzero(part.any(axis=0))
    if not len(columns):
        return
    ends = np.flatnonzero(np.diff(columns) > _GAP)
    for begin, end in zip(
        [columns[0], *columns[ends + 1]], [*columns[ends], columns[-1]], strict=True
    ):
        yield Box(
            max(0, (int(begin) - 1) * _BLOCK),
            max(0, (first - 1) * _BLOCK),
            min(shape[1], (int(end) + 2) * _BLOCK),
            min(shape[0], (last + 1) * _BLOCK),
        )


def _search(
    finder: session.Stoppable,
    pixels: NDArray[np.uint8],
    area: Box,
    scales: tuple[float, ...],
    tick: Tick,
) -> list[Spot]:
    """The lines in an area, at the first scale at which they are large enough to be sure of."""
    spots: list[Spot] = []
    for scale in scales:
        tick()
        spots = _search_at(finder, pixels, area, scale, tick)
        if spots and min(_thickness(spot) for spot in spots) >= _LARGE:
            break
    return spots


def _search_at(
    finder: session.Stoppable, pixels: NDArray[np.uint8], area: Box, scale: float, tick: Tick
) -> list[Spot]:
    import cv2

    part = pixels[area.top : area.bottom, area.left : area.right]
    if scale != 1.0:
        size = max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale))
        part = cv2.resize(part, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    high, wide = part.shape[:2]
    padded = cv2.copyMakeBorder(
        part, 0, -high % _MULTIPLE, 0, -wide % _MULTIPLE, cv2.BORDER_REPLICATE
    )
    feed = cv2.dnn.blobFromImage(padded, 1 / 127.5, mean=(127.5, 127.5, 127.5), swapRB=True)
    marks = session.run(finder, {"x": feed}, tick)[0][0, 0, :high, :wide]
    found = []
    stretch = area.width / wide, area.height / high
    for rectangle in _rectangles(np.ascontiguousarray(marks)):
        spot = _spot(rectangle * stretch + (area.left, area.top), pixels.shape)
        if spot is not None:
            found.append(spot)
    return found


def _rectangles(marks: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    """Turned rectangles, (4, 2) each, around what the network marked as text."""
    import cv2

    mask = cv2.dilate((marks > _PROBABLE).astype(np.uint8), np.ones((2, 2), np.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for outline in outlines:
        middle, (wide, high), angle = cv2.minAreaRect(outline)
        if min(wide, high) < _THINNEST:
            continue
        if _mean_within(marks, _corners(middle, wide, high, angle)) < _SURE:
            continue
        more = 2 * wide * high * _UNCLIP / (2 * (wide + high))
        if min(wide, high) + more < _THINNEST + 2:
            continue
        yield _corners(middle, wide + more, high + more, angle)


def _corners(
    middle: Sequence[float], wide: float, high: float, angle: float
) -> NDArray[np.float32]:
    import cv2

    corners: NDArray[np.float32] = np.asarray(
        cv2.boxPoints((middle, (wide, high), angle)), np.float32
    )
    return corners


def _mean_within(marks: NDArray[np.float32], corners: NDArray[np.float32]) -> float:
    import cv2

    high, wide = marks.shape
    left, top = np.floor(corners.min(axis=0)).clip(0, [wide - 1, high - 1]).astype(int)
    right, bottom = np.ceil(corners.max(axis=0)).clip(0, [wide - 1, high - 1]).astype(int)
    inside = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    cv2.fillPoly(inside, [(corners - [left, top]).astype(np.int32)], 1)
    return float(cv2.mean(marks[top : bottom + 1, left : right + 1], inside)[0])


def _spot(corners: NDArray[np.floating], shape: tuple[int, ...]) -> Spot | None:
    """Bring corners into order and into the picture; None when nothing is left."""
    across = corners[np.argsort(corners[:, 0], kind="stable")]
    left = across[:2][np.argsort(across[:2, 1], kind="stable")]
    right = across[2:][np.argsort(across[2:, 1], kind="stable")]
    ordered = np.array([left[0], right[0], right[1], left[1]], np.float32)
    ordered = ordered.clip(0, [shape[1], shape[0]]).round().astype(np.float32)
    box = Box(*(int(edge) for edge in (*ordered.min(axis=0), *ordered.max(axis=0))))
    if box.width <= _THINNEST or box.height <= _THINNEST:
        return None
    return Spot(ordered, box)


def _thickness(spot: Spot) -> float:
    """Height of the writing in pixels."""
    down = float(np.linalg.norm(spot.corners[3] - spot.corners[0]))
    across = float(np.linalg.norm(spot.corners[1] - spot.corners[0]))
    return min(down, across)


def _holds(outer: Box, inner: Box) -> bool:
    """Whether the middle of `inner` lies in `outer`."""
    x, y = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    return outer.left <= x < outer.right and outer.top <= y < outer.bottom


def _covers(known: Spot, spot: Spot) -> bool:
    """Whether the middle of a line lies in another; the box around one on a slant holds its neighbours, too."""
    import cv2

    x, y = spot.corners.mean(axis=0)
    return cv2.pointPolygonTest(known.corners, (float(x), float(y)), False) >= 0


def order_by_importance(
    spots: Sequence[Spot], shape: tuple[int, ...], focus: Box | None = None
) -> list[Spot]:
    """Lines in the order in which they are worth reading when there is no time for all.

    What has the focus comes first, then the top row (a window's title), then large letters, then
    the middle of the picture, where message boxes appear, then the rest from the top.

    Args:
        spots: All lines found.
        shape: Of the picture, height first.
        focus: Where the user's attention is, in pixels of the picture.
    """
    if not spots:
        return []
    usual = float(np.median([_thickness(spot) for spot in spots]))
    highest = min((spot.box for spot in spots), key=lambda box: box.top)

    def rank(spot: Spot) -> tuple[int, float]:
        x, y = (spot.box.left + spot.box.right) / 2, (spot.box.top + spot.box.bottom) / 2
        if focus is not None and _holds(focus, spot.box):
            return 0, y
        if y <= highest.bottom:
            return 1, x
        if _thickness(spot) >= _HEADLINE * usual:
            return 2, y
        is_central = max(abs(x / shape[1] - 0.5), abs(y / shape[0] - 0.5)) <= _CENTRAL
        return (3 if is_central else 4), y

    return sorted(spots, key=rank)


def level_boxes(spots: Sequence[Spot]) -> list[Box]:
    """Where the lines would be if the picture was turned so that its text is level.

    For a page photographed at an angle; good for sorting only, since it may leave the picture.
    """
    if not spots:
        return []
    across = np.array([spot.corners[1] - spot.corners[0] for spot in spots])
    wide = np.hypot(across[:, 0], across[:, 1])
    # long lines tell the angle best
    angle = float(np.median(np.repeat(np.arctan2(across[:, 1], across[:, 0]), _votes(wide))))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    boxes = []
    for spot, width in zip(spots, wide, strict=True):
        x, y = spot.corners.mean(axis=0) @ turn
        half = _thickness(spot) / 2
        boxes.append(
            Box(round(x - width / 2), round(y - half), round(x + width / 2), round(y + half))
        )
    return boxes


def _votes(wide: NDArray[np.floating]) -> NDArray[np.int64]:
    votes: NDArray[np.int64] = np.maximum(1, wide / float(np.median(wide))).astype(np.int64)
    return votes


def find_headline(spots: Sequence[Spot]) -> Box | None:
    """The first line below the top row in large letters, when these are clearly larger than usual."""
    if not spots:
        return None
    usual = float(np.median([_thickness(spot) for spot in spots]))
    top = min(spot.box.top for spot in spots)
    below = [spot for spot in spots if spot.box.top > top + usual]
    largest = max(map(_thickness, below), default=0.0)
    if largest < _HEADLINE * usual:
        return None
    large = [spot.box for spot in below if _thickness(spot) >= 0.8 * largest]
    return min(large, key=lambda box: (box.top, box.left))


def estimate_effort(spot: Spot) -> float:
    """How long reading it takes, in line heights; one is about 4 ms."""
    return max(spot.box.width, spot.box.height) / _thickness(spot)
