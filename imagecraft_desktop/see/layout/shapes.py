"""Flat regions of a picture whose outline is a rectangle, plain, rounded or a pill.

A screen is painted in flat colours, so a button, a field, a cell or a card is a connected region of
pixels that hardly differ from their neighbours, closed off by an edge. Soft gradients stay one region.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop.values import Box

STEP = 3  # neighbours that differ by so much in a channel (of 255) have an edge between them
BIG = 4_200_000  # pixels; a larger picture is looked at in half its size
SMALLEST = 6  # pixels, edge of the smallest region that is kept
MOST = 1200  # regions looked at; more are letters and photos

Colour = tuple[int, int, int]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Shape:
    """A region with a rectangular outline.

    Attributes:
        box: Without its border line, in pixels of the picture.
        radius: Of its corners, in pixels; half the height for a pill.
        fill: Its commonest colour.
        rim: The colour just outside it: of its border line, or of what is around.
        around: The colour a few pixels outside it.
        region: Number of the region in `Regions.labels`.
        solidity: Part of the box that is the region itself; the rest is text or other things on it.
    """

    box: Box
    radius: float
    fill: Colour
    rim: Colour
    around: Colour
    region: int
    solidity: float

    @property
    def is_pill(self) -> bool:
        return self.radius >= 0.36 * min(self.box.width, self.box.height)

    @property
    def is_outlined(self) -> bool:
        """Has it a border line, unlike what is inside and unlike what is outside?"""
        return distance(self.rim, self.fill) >= 8 and distance(self.rim, self.around) >= 8

    @property
    def is_filled(self) -> bool:
        return distance(self.fill, self.around) >= 8


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """Every flat region, and those that are shapes.

    Attributes:
        labels: int32, (H', W'): number of the region at each pixel, 0 on edges.
        scale: Picture pixels to one of `labels`: 1 or 2.
        shapes: Largest first.
    """

    labels: NDArray[np.int32]
    scale: int
    shapes: tuple[Shape, ...]

    def at(self, x: float, y: float) -> int:
        """Number of the region at a place of the picture, 0 on an edge or outside."""
        column, row = int(x) // self.scale, int(y) // self.scale
        height, width = self.labels.shape
        if not (0 <= row < height and 0 <= column < width):
            return 0
        return int(self.labels[row, column])


def distance(one: Sequence[int], other: Sequence[int]) -> int:
    """Greatest difference of two colours in a channel, 0 to 255."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def saturation(colour: Sequence[int]) -> int:
    """How far a colour is from grey: difference of its greatest and least channel, 0 to 255."""
    return max(colour) - min(colour)


def is_red(colour: Sequence[int]) -> bool:
    """Is it a red that warns: clearly red, neither orange, pink nor brown?"""
    red, green, blue = colour
    return (
        red >= 140
        and red - max(green, blue) >= 70
        and abs(green - blue) <= 0.45 * (red - min(green, blue))
    )


def find_regions(pixels: Pixels) -> Regions:
    """Cut a picture into flat regions and keep those with a rectangular outline.

    Args:
        pixels: RGB, (H, W, 3).
    """
    import cv2

    flat = _flat(pixels)
    scale = 1
    if flat.size > BIG:
        scale = 2
        flat = _halved(flat)
    _, found, stats, _ = cv2.connectedComponentsWithStats(flat, connectivity=4, ltype=cv2.CV_32S)
    labels = np.asarray(found, np.int32)
    smallest = max(4, SMALLEST // scale)
    wide, high, area = stats[:, 2], stats[:, 3], stats[:, 4]
    wanted = (wide >= smallest) & (high >= smallest) & (area >= 0.2 * wide * high)
    wanted[0] = False
    numbers = np.flatnonzero(wanted)
    numbers = numbers[np.argsort(-area[numbers], kind="stable")][:MOST]
    shapes = []
    for number in numbers.tolist():
        left, top, width, height, count = stats[number].tolist()
        cell = Box(left, top, left + width, top + height)
        radius = _corner_radius(labels, number, cell)
        if radius is None:
            continue
        # the last column and row of a region are marked as edges
        box = Box(
            left * scale,
            top * scale,
            min((cell.right + 1) * scale, pixels.shape[1]),
            min((cell.bottom + 1) * scale, pixels.shape[0]),
        )
        fill = _fill(pixels, labels, number, cell)
        rim, around = _outside(pixels, box, fill)
        solidity = count / (width * height)
        shapes.append(Shape(box, radius * scale, fill, rim, around, number, solidity))
    return Regions(labels, scale, tuple(shapes))


def _flat(pixels: Pixels) -> Pixels:
    """(H, W): 255 where a pixel hardly differs from its right and lower neighbour, else 0."""
    import cv2

    flat = np.full(pixels.shape[:2], 255, np.uint8)
    if pixels.shape[1] > 1:
        flat[:, :-1] &= _alike(cv2.absdiff(pixels[:, 1:], pixels[:, :-1]))
    if pixels.shape[0] > 1:
        flat[:-1] &= _alike(cv2.absdiff(pixels[1:], pixels[:-1]))
    return flat


def _alike(difference: NDArray[Any]) -> Pixels:
    import cv2

    return np.asarray(cv2.inRange(difference, (0, 0, 0), (STEP - 1,) * 3), np.uint8)


def _halved(flat: Pixels) -> Pixels:
    """Half the size; an edge anywhere in four pixels stays an edge, so regions stay apart."""
    height, width = (flat.shape[0] // 2 * 2, flat.shape[1] // 2 * 2)
    even = flat[:height:2] & flat[1:height:2]
    return np.ascontiguousarray(even[:, :width:2] & even[:, 1:width:2])


def _corner_radius(labels: NDArray[np.int32], number: int, cell: Box) -> float | None:
    """Radius of the corners, or None when the outline is no (rounded) rectangle."""
    left, top, width, height = cell.left, cell.top, cell.width, cell.height
    right, bottom = cell.right - 1, cell.bottom - 1
    rows = [labels[y, left : right + 1] == number for y in (top, bottom)]
    sides = [labels[top : bottom + 1, x] == number for x in (left, right)]
    across = _runs_of(rows)
    down = _runs_of(sides)
    if across is None or down is None:
        return None
    short = min(width, height)
    radius_x, radius_y = (width - across) / 2, (height - down) / 2
    if max(radius_x, radius_y) > 0.62 * short or abs(radius_x - radius_y) > 0.3 * short + 1:
        return None
    return max(radius_x, radius_y)


def _runs_of(edges: list[NDArray[np.bool_]]) -> float | None:
    """Mean length of the straight part of two opposite sides; None when one has holes."""
    total = 0
    for edge in edges:
        found = np.flatnonzero(edge)
        length = int(found[-1] - found[0]) + 1
        if len(found) < 0.85 * length:
            return None
        total += length
    return total / 2


def _fill(pixels: Pixels, labels: NDArray[np.int32], number: int, cell: Box) -> Colour:
    scale = pixels.shape[0] // labels.shape[0]
    crop = labels[cell.top : cell.bottom, cell.left : cell.right] == number
    step_y, step_x = max(1, cell.height // 16), max(1, cell.width // 16)
    ys, xs = np.nonzero(crop[::step_y, ::step_x])
    if len(ys) == 0:
        ys, xs = np.nonzero(crop)
        step_y = step_x = 1
    sample = pixels[(ys * step_y + cell.top) * scale, (xs * step_x + cell.left) * scale]
    red, green, blue = np.median(sample, axis=0).astype(int).tolist()
    return red, green, blue


def _outside(pixels: Pixels, box: Box, fill: Colour) -> tuple[Colour, Colour]:
    """The colours just outside a box (the most unlike its fill) and four pixels out."""
    height, width = pixels.shape[:2]
    middle_x, middle_y = (box.left + box.right) // 2, (box.top + box.bottom) // 2
    rims, around = [], []
    for dx, dy, x, y in (
        (-1, 0, box.left, middle_y),
        (1, 0, box.right - 1, middle_y),
        (0, -1, middle_x, box.top),
        (0, 1, middle_x, box.bottom - 1),
    ):
        line = [
            tuple(int(c) for c in pixels[y + dy * n, x + dx * n])
            for n in (1, 2, 5)
            if 0 <= y + dy * n < height and 0 <= x + dx * n < width
        ]
        if len(line) == 3:
            rims.append(max(line[:2], key=lambda colour: distance(colour, fill)))
            around.append(line[2])
    if not rims:
        return fill, fill
    return _median(rims), _median(around)


def _median(colours: list[tuple[int, ...]]) -> Colour:
    """The colour nearest to all the others."""
    best = min(colours, key=lambda one: sum(distance(one, each) for each in colours))
    return best[0], best[1], best[2]
