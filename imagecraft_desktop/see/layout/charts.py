"""Bar charts by the shapes of their bars; line and pie charts by colour, as a kind only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop.see.layout.parts import Chart
from imagecraft_desktop.see.layout.scene import Scene
from imagecraft_desktop.see.layout.shapes import Shape, distance
from imagecraft_desktop.values import Box

LEVEL = 3  # greatest difference of the feet of bars, and of their widths, in pixels
VIVID = 70  # saturation of a curve or a slice, of 255
_NUMBER = re.compile(r"-?\d[\d.,\u00a0 ]*")


@dataclass(frozen=True, slots=True)
class FoundChart:
    """A chart, its lines (by number, in the order they are read) and its shapes (by index)."""

    chart: Chart
    lines: tuple[int, ...]
    shapes: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Bar:
    """A bar in upright coordinates: `along` runs over the bars, `top` is its free end."""

    shape: int
    low: float
    high: float
    foot: float
    top: float

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2

    @property
    def tall(self) -> float:
        return abs(self.foot - self.top)


def find_charts(
    scene: Scene, taken_shapes: frozenset[int], taken_lines: frozenset[int]
) -> list[FoundChart]:
    """Every chart that shape and colour prove, top to bottom."""
    found = [
        *_bar_charts(scene, taken_shapes, False),
        *_bar_charts(scene, taken_shapes, True),
    ]
    if not found:
        found += _curves_and_pies(scene, taken_lines)
    return sorted(found, key=lambda one: (one.chart.box.top, one.chart.box.left))


# --- bars -----------------------------------------------------------------------------------


def _bar_charts(scene: Scene, taken: frozenset[int], lying: bool) -> list[FoundChart]:
    bars = [
        _bar(at, shape, lying)
        for at, shape in enumerate(scene.shapes)
        if at not in taken and _may_be_bar(scene, at)
    ]
    found = []
    while bars:
        first = bars[0]
        group = [one for one in bars if _is_brother(scene, first, one)]
        bars = [one for one in bars if one not in group]
        chart = _bar_chart(scene, sorted(group, key=lambda one: one.middle), lying)
        if chart is not None:
            found.append(chart)
    return found


def _may_be_bar(scene: Scene, at: int) -> bool:
    """A solid shape with nothing in it but, perhaps, its value."""
    shape = scene.shapes[at]
    stands_out = distance(shape.fill, shape.around) >= 50
    if not stands_out or shape.solidity < 0.6 or min(shape.box.width, shape.box.height) < 4:
        return False
    texts = [scene.text(n) for n in scene.held[at]]
    if any(not _NUMBER.search(text) or len(text) > 12 for text in texts) or len(texts) > 1:
        return False
    return bool(texts) or shape.solidity >= 0.94


def _bar(at: int, shape: Shape, lying: bool) -> _Bar:
    left, top, right, bottom = shape.box
    return _Bar(at, top, bottom, left, right) if lying else _Bar(at, left, right, bottom, top)


def _is_brother(scene: Scene, one: _Bar, other: _Bar) -> bool:
    wide = one.high - one.low
    return (
        abs(one.foot - other.foot) <= LEVEL
        and abs(wide - (other.high - other.low)) <= max(LEVEL, 0.06 * wide)
        and distance(scene.shapes[one.shape].fill, scene.shapes[other.shape].fill) <= 12
    )


def _bar_chart(scene: Scene, bars: list[_Bar], lying: bool) -> FoundChart | None:
    if len(bars) < 3:
        return None
    tallest = max(bar.tall for bar in bars)
    steps = [b.middle - a.middle for a, b in pairwise(bars)]
    wide = median(bar.high - bar.low for bar in bars)
    is_even = max(steps) - min(steps) <= max(4, 0.12 * median(steps))
    if not is_even or min(steps) < wide + 1 or tallest < 3 * scene.unit:
        return None
    if max(bar.tall for bar in bars) - min(bar.tall for bar in bars) < 0.04 * tallest:
        return None  # tiles of one height
    step = median(steps)
    labels = [_label(scene, bar, step, lying) for bar in bars]
    values = [_value(scene, bar, step, lying) for bar in bars]
    if max(sum(n is not None for n in labels), sum(n is not None for n in values)) < 0.5 * len(
        bars
    ):
        return None
    read = [scene.text(n) if n is not None else None for n in values]
    read = _without_misread(read, [bar.tall for bar in bars])
    names = [scene.text(n) if n is not None else "" for n in labels]
    box = _around([scene.shapes[bar.shape].box for bar in bars])
    pairs = [n for pair in zip(labels, values, strict=True) for n in pair if n is not None]
    title = _title(scene, box, pairs)
    lines = ([title] if title is not None else []) + pairs
    chart = Chart(
        kind="bar",
        box=box,
        title=scene.text(title) if title is not None else "",
        values=tuple(zip(names, read, strict=True)),
        trend=_trend([bar.tall for bar in bars]),
        heights=tuple(round(bar.tall / tallest, 3) for bar in bars),
        is_horizontal=lying,
    )
    return FoundChart(chart, tuple(lines), frozenset(bar.shape for bar in bars))


def _upright(box: Box, lying: bool) -> tuple[float, float, float, float]:
    """(low, high) over the bars, then the ends of the box along them."""
    if lying:
        return box.top, box.bottom, box.left, box.right
    return box.left, box.right, box.top, box.bottom


def _label(scene: Scene, bar: _Bar, step: float, lying: bool) -> int | None:
    """The line just beyond the foot of a bar, centred on it."""
    best, nearest = None, 3.0 * scene.unit if not lying else 16.0 * scene.unit
    for n, box in enumerate(scene.boxes):
        low, high, near, far = _upright(box, lying)
        gap = bar.foot - far if lying else near - bar.foot
        if abs((low + high) / 2 - bar.middle) <= 0.35 * step and -2 <= gap < nearest:
            best, nearest = n, gap
    return best


def _value(scene: Scene, bar: _Bar, step: float, lying: bool) -> int | None:
    """The number just beyond the free end of a bar, or inside it."""
    for n, box in enumerate(scene.boxes):
        if not _NUMBER.search(scene.text(n)):
            continue
        low, high, near, far = _upright(box, lying)
        gap = near - bar.top if lying else bar.top - far
        reach = 1.6 * scene.unit
        is_centred = abs((low + high) / 2 - bar.middle) <= 0.35 * step
        is_inside = min(bar.foot, bar.top) <= near and far <= max(bar.foot, bar.top)
        if is_centred and (-2 <= gap <= reach or is_inside):
            return n
    return None


def _as_number(text: str) -> float | None:
    match = _NUMBER.search(text)
    if match is None:
        return None
    digits = re.sub(r"[\u00a0 ]", "", match[0])
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    try:
        return float(digits.replace(",", ".").rstrip("."))
    except ValueError:
        return None


def _without_misread(read: list[str | None], tall: list[float]) -> list[str | None]:
    """Drop a value that its bar contradicts, when the others lie on one line with theirs."""
    points = [
        (at, number, tall[at])
        for at, text in enumerate(read)
        if text is not None and (number := _as_number(text)) is not None
    ]
    if len(points) < 4:
        return read
    slopes = [
        (b[1] - a[1]) / (b[2] - a[2])
        for i, a in enumerate(points)
        for b in points[i + 1 :]
        if abs(b[2] - a[2]) > 2
    ]
    if not slopes:
        return read
    slope = median(slopes)
    base = median(number - slope * height for _, number, height in points)
    span = max(abs(slope) * max(tall), 1e-9)
    off = {at for at, number, height in points if abs(base + slope * height - number) > 0.06 * span}
    if not off or len(off) > 0.34 * len(points):
        return read  # all fit, or the scale is not linear
    return [None if at in off else text for at, text in enumerate(read)]


def _trend(tall: Sequence[float]) -> str:
    if all(b > a + 0.5 for a, b in pairwise(tall)):
        return "rising"
    if all(b < a - 0.5 for a, b in pairwise(tall)):
        return "falling"
    return ""


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def _title(scene: Scene, box: Box, own: Sequence[int]) -> int | None:
    """The largest line with letters above the chart and within its width."""
    above = [
        n
        for n, line in enumerate(scene.boxes)
        if n not in own
        and line.bottom <= box.top + scene.unit
        and box.top - line.bottom <= 0.6 * max(box.height, box.width)
        and line.left < box.right
        and line.right > box.left - 4 * scene.unit
        and sum(sign.isalpha() for sign in scene.text(n)) >= 3
    ]
    if not above:
        return None
    return max(above, key=lambda n: (round(scene.sizes[n] / 2), scene.boxes[n].top))


# --- curves and pies ------------------------------------------------------------------------


def _curves_and_pies(scene: Scene, taken_lines: frozenset[int]) -> list[FoundChart]:
    import cv2

    shrink = max(1, round(max(scene.width, scene.height) / 1000))
    small = np.ascontiguousarray(scene.pixels[::shrink, ::shrink])
    red, green, blue = cv2.split(small)
    spread = cv2.subtract(cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue))
    mask = (np.asarray(spread) >= VIVID).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found: list[FoundChart] = []
    for at in np.argsort(-stats[:, 4], kind="stable").tolist()[:12]:
        left, top, width, height, area = stats[at].tolist()
        if at == 0 or at >= count or width < 60 or height < 12:
            continue
        part = np.asarray(labels[top : top + height, left : left + width] == at)
        box = Box(left * shrink, top * shrink, (left + width) * shrink, (top + height) * shrink)
        if _is_pie(part, small[top : top + height, left : left + width], area):
            found.append(_chart_of_kind(scene, "pie", box, taken_lines))
        elif _is_curve(part) and (axes := _axes(scene, box)):
            found.append(_chart_of_kind(scene, "line", box, taken_lines, axes))
    return found[:1]


def _is_curve(part: NDArray[np.bool_]) -> bool:
    """A thin line that runs from left to right without gaps, and goes up or down."""
    height, width = part.shape
    if width < 1.2 * height or height < 12:
        return False
    filled = part.sum(axis=0)
    return bool(
        (filled > 0).mean() >= 0.98
        and np.median(filled) <= max(4, 0.06 * height)
        and filled.mean() <= 0.25 * height
    )


def _axes(scene: Scene, box: Box) -> tuple[int, ...]:
    """Lines of the axes: three or more numbers in a column beside the curve, three or more labels
    in a row below. Nothing when one of the two is missing."""
    beside = [
        n
        for n, line in enumerate(scene.boxes)
        if _as_number(scene.text(n)) is not None
        and len(scene.text(n)) <= 8
        and line.right <= box.left + 2 * scene.unit
        and box.left - line.right <= 6 * scene.unit
        and box.top - 1.5 * box.height <= line.top <= box.bottom + 1.5 * box.height
    ]
    below = [
        n
        for n, line in enumerate(scene.boxes)
        if line.top >= box.bottom - scene.unit
        and line.left >= box.left - 3 * scene.unit
        and line.right <= box.right + 3 * scene.unit
    ]
    column = _most_level(beside, [scene.boxes[n].right for n in beside], scene.unit)
    row = _most_level(below, [scene.boxes[n].bottom for n in below], 0.5 * scene.unit)
    if len(column) < 3 or len(row) < 3:
        return ()
    return (*column, *(n for n in row if n not in column))


def _most_level(numbers: Sequence[int], edges: Sequence[int], slack: float) -> list[int]:
    """The largest group of lines whose edges are level."""
    groups = (
        [n for n, other in zip(numbers, edges, strict=True) if abs(other - edge) <= slack]
        for edge in edges
    )
    return max(groups, key=len, default=[])


def _is_pie(part: NDArray[np.bool_], pixels: NDArray[np.uint8], area: int) -> bool:
    """A full disc of two or more plain colours that meet in its middle."""
    height, width = part.shape
    if abs(width - height) > 0.04 * width or width < 60:
        return False
    ys, xs = np.mgrid[0:height, 0:width] + 0.5
    off = np.hypot(ys - height / 2, xs - width / 2) / (width / 2)
    disc = off <= 0.97
    if part[disc].mean() < 0.93 or part[off > 1.06].any() or area < 0.7 * width * height:
        return False
    shares = []
    for near, far in ((0.1, 0.4), (0.4, 0.7), (0.7, 0.95)):
        ring = pixels[(off >= near) & (off < far)] // 24
        codes = ring[:, 0].astype(np.int32) * 256 + ring[:, 1] * 16 + ring[:, 2]
        values, counts = np.unique(codes, return_counts=True)
        main = counts >= 0.04 * len(codes)
        shares.append(
            dict(zip(values[main].tolist(), (counts[main] / len(codes)).tolist(), strict=True))
        )
    first = shares[0]
    if not 2 <= len(first) <= 12 or sum(first.values()) < 0.85:
        return False
    # a slice has the same share of every ring
    return all(
        abs(other.get(colour, 0.0) - share) <= 0.04
        for other in shares[1:]
        for colour, share in first.items()
    )


def _chart_of_kind(
    scene: Scene, kind: str, box: Box, taken: frozenset[int], axes: tuple[int, ...] = ()
) -> FoundChart:
    title = _title(scene, box, [*taken, *axes])
    chart = Chart(kind, box, scene.text(title) if title is not None else "", (), "")
    return FoundChart(chart, ((title,) if title is not None else ()) + axes, frozenset())
