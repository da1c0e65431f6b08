"""What the finders of controls, tables and charts look at: lines, their ink, shapes, and who is inside whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop.see.layout.ink import Ink, look_at
from imagecraft_desktop.see.layout.shapes import Pixels, Regions, Shape, find_regions
from imagecraft_desktop.values import Box, TextLine, Tick

_TALL = frozenset("bdfhklit!?()[]{}|/\\\"'$%&@#")
_HANGING = frozenset("gjpqyQ,;()[]{}|_@$/\\")
MOST_INKS = 800  # lines whose ink is looked at; bounds the time on a wall of text
LEADING = 1.2  # distance of lines to the size of their font
SLACK = 3  # pixels by which a line's box may stick out of the shape that holds it


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A picture with its lines and shapes.

    Attributes:
        pixels: RGB, uint8, (H, W, 3).
        lines: As they were read.
        boxes: For each line, the box of its ink; a reader's box is often some pixels too large.
        inks: For each line; None when it has no ink, or too many lines came before it.
        shapes: Without the counters of letters; largest first.
        holder: For each line, the index of the smallest shape around it, -1 for none.
        held: For each shape, every line inside it.
        sizes: For each line, its font size in pixels, judged by the letters it has.
        unit: Height of a common line, in pixels, with its leading.
    """

    pixels: Pixels
    lines: tuple[TextLine, ...]
    boxes: tuple[Box, ...]
    inks: tuple[Ink | None, ...]
    regions: Regions
    shapes: tuple[Shape, ...]
    holder: tuple[int, ...]
    held: tuple[tuple[int, ...], ...]
    sizes: tuple[float, ...]
    unit: float

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    def text(self, number: int) -> str:
        return self.lines[number].line

    def around(self, box: Box) -> int:
        """Index of the smallest shape that is larger than a box and holds it, -1 for none."""
        best = -1
        for at, shape in enumerate(self.shapes):  # largest region first, not largest box
            if holds(shape.box, box) and shape.box != box:
                size = shape.box.width * shape.box.height
                if best < 0 or size < self.shapes[best].box.width * self.shapes[best].box.height:
                    best = at
        return best


def holds(outer: Box, inner: Box) -> bool:
    """Is one box inside the other?"""
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and outer.right >= inner.right
        and outer.bottom >= inner.bottom
    )


def set_scene(lines: Sequence[TextLine], pixels: Pixels, tick: Tick) -> Scene:
    """Find the shapes of a picture and put every line into the smallest one around it."""
    regions = find_regions(pixels)
    tick()
    clean = [_clean(line.box, pixels.shape[1], pixels.shape[0]) for line in lines]
    inks = tuple(
        look_at(pixels, box) if number < MOST_INKS else None for number, box in enumerate(clean)
    )
    tick()
    tight = tuple(box if ink is None else ink.box for box, ink in zip(clean, inks, strict=True))
    sizes = tuple(_font_size(line.line, box.height) for line, box in zip(lines, tight, strict=True))
    boxes = np.array(tight, np.int32).reshape(-1, 4)
    letters = _are_letters(regions.shapes, boxes)
    shapes = tuple(
        shape for shape, letter in zip(regions.shapes, letters, strict=True) if not letter
    )
    inside = _inside(boxes, shapes)
    areas = np.array([shape.box.width * shape.box.height for shape in shapes], np.int64)
    holder = []
    for number in range(len(tight)):
        around = np.flatnonzero(inside[number])
        holder.append(int(around[np.argmin(areas[around])]) if len(around) else -1)
    return Scene(
        pixels=pixels,
        lines=tuple(lines),
        boxes=tight,
        inks=inks,
        regions=regions,
        shapes=shapes,
        holder=tuple(holder),
        held=tuple(tuple(np.flatnonzero(column).tolist()) for column in inside.T),
        sizes=sizes,
        unit=max(8.0, LEADING * median(sizes)) if sizes else 16.0,
    )


def _clean(box: Box, width: int, height: int) -> Box:
    left, right = sorted((min(max(0, box.left), width), min(max(0, box.right), width)))
    top, bottom = sorted((min(max(0, box.top), height), min(max(0, box.bottom), height)))
    return Box(left, top, max(right, left + 1), max(bottom, top + 1))


def _font_size(text: str, height: int) -> float:
    """Size of the font, from the height of the ink and whether letters rise or hang."""
    rises = any(sign.isupper() or sign.isdigit() or sign in _TALL for sign in text)
    hangs = any(sign in _HANGING for sign in text)
    if not text.isascii():
        return height / 0.9
    return height / ((0.74 if rises else 0.56) + (0.21 if hangs else 0.0))


def _sides(shapes: Sequence[Shape]) -> NDArray[np.int32]:
    return np.array([shape.box for shape in shapes], np.int32).reshape(-1, 4)


def _are_letters(shapes: Sequence[Shape], boxes: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which shapes are the inside of a letter: in the middle of a line's box and less high than it."""
    sides = _sides(shapes)
    if not len(sides) or not len(boxes):
        return np.zeros(len(sides), np.bool_)
    middle_x, middle_y = (sides[:, 0] + sides[:, 2]) / 2, (sides[:, 1] + sides[:, 3]) / 2
    high = sides[:, 3] - sides[:, 1]
    heights = boxes[:, 3] - boxes[:, 1]
    within = (
        (boxes[:, None, 0] < middle_x)
        & (middle_x < boxes[:, None, 2])
        & (boxes[:, None, 1] < middle_y)
        & (middle_y < boxes[:, None, 3])
        & (high < 0.8 * heights[:, None])
    )
    return np.asarray(within.any(axis=0))


def _inside(boxes: NDArray[np.int32], shapes: Sequence[Shape]) -> NDArray[np.bool_]:
    """(lines, shapes): is the line inside the shape? A box as large as the shape counts as inside."""
    sides = _sides(shapes)
    across = np.minimum(boxes[:, None, 2], sides[:, 2]) - np.maximum(boxes[:, None, 0], sides[:, 0])
    down = np.minimum(boxes[:, None, 3], sides[:, 3]) - np.maximum(boxes[:, None, 1], sides[:, 1])
    wide = (boxes[:, 2] - boxes[:, 0])[:, None]
    high = (boxes[:, 3] - boxes[:, 1])[:, None]
    return np.asarray(
        (across >= wide - 2 * SLACK)
        & (down >= np.minimum(0.8 * high, high - SLACK))
        & (across > 0.7 * wide)
    )
