"""Check boxes, radio buttons and switches whose state the pixels prove.

A check box is claimed checked only for a tick with its long arm to the right, and unchecked only when
it is blank and has an outline or a ticked brother; a dash, a cross, a plus, an icon or a coloured square
beside a text is left out. A radio button is claimed only in a group of which exactly one has the dot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from statistics import median

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop.see.layout.ink import Ink
from imagecraft_desktop.see.layout.parts import Switch, SwitchKind
from imagecraft_desktop.see.layout.scene import Scene
from imagecraft_desktop.see.layout.shapes import Colour, Shape, distance, saturation
from imagecraft_desktop.values import Box, Tick

Point = tuple[int, int]
Found = tuple[Switch, int]

CORNER = 1 - np.pi / 4  # part of a corner's square that a circle leaves free
CLEAR = 40  # difference from the paper of what clearly belongs to a box, of 255
STRONG = 50  # saturation of a track that is on, of 255
_FIRST_SIGN = re.compile(r"^(?:[^\w\s]+\s*|[^\WAI]\s+)")


class _Mark(Enum):
    """What stands in a small box."""

    BLANK = "blank"
    TICK = "tick"
    DOT = "dot"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class _Small:
    """A small square or circle to the left of a line of text.

    `fill` is the common colour inside, `mark_colour` that of what stands on it.
    """

    line: int
    box: Box
    is_round: bool
    mark: _Mark
    fill: Colour
    mark_colour: Colour
    has_rim: bool

    def is_like(self, other: _Small) -> bool:
        return (
            self.is_round == other.is_round
            and abs(self.box.width - other.box.width) <= 2
            and abs(self.box.height - other.box.height) <= 2
        )

    def is_aligned(self, other: _Small) -> bool:
        return abs(self.box.left - other.box.left) <= 3 or abs(self.box.top - other.box.top) <= 3


def find_toggles(scene: Scene, taken: frozenset[int], tick: Tick) -> list[Found]:
    """Every two-state control whose state is proven, top to bottom, with the number of its label's line.

    Args:
        taken: Lines that are something else already (in tables).
    """
    small: list[_Small] = []
    for number in range(min(len(scene.lines), 400)):
        if number in taken:
            continue
        tick()
        found = _beside(scene, number)
        if found is not None:
            small.append(found)
    found_all = [*_check_boxes(scene, small), *_radio_buttons(scene, small), *_switches(scene)]
    # the signs on a window's frame look like boxes and are read as single letters
    named = [one for one in found_all if sum(sign.isalnum() for sign in one[0].label) >= 2]
    return sorted(named, key=lambda one: (one[0].box.top, one[0].box.left))


# --- small boxes beside a text --------------------------------------------------------------


def _beside(scene: Scene, number: int) -> _Small | None:
    """The small square or circle left of a line; the reader may have taken it for the first letter."""
    ink = scene.inks[number]
    if ink is None:
        return None
    found = _left_of(scene, number, ink, ink.box.left)
    if found is None and 8 <= ink.second - ink.box.left <= 3 * max(ink.box.height, 8):
        found = _left_of(scene, number, ink, ink.second)
    return found


def _left_of(scene: Scene, number: int, ink: Ink, start: int) -> _Small | None:
    import cv2

    text = ink.box
    unit = max(text.height, 8)
    left, right = max(0, start - int(3.6 * unit)), start - 1
    middle = (text.top + text.bottom) // 2
    top, bottom = max(0, middle - int(1.7 * unit)), min(scene.height, middle + int(1.7 * unit))
    if right - left < 8 or bottom - top < 8:
        return None
    patch = scene.pixels[top:bottom, left:right]
    paper = np.array(ink.paper, np.int16)
    away = np.abs(patch.astype(np.int16) - paper).max(axis=2)
    mask = (away >= 5).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    best = None
    for at in range(1, count):
        x, y, w, h, _area = (int(each) for each in stats[at])
        if x == 0 or y == 0 or y + h == mask.shape[0]:
            continue
        if not (0.7 * unit <= min(w, h) and max(w, h) <= 2.6 * unit and min(w, h) >= 8):
            continue
        centred = abs(top + y + h / 2 - (text.top + text.bottom) / 2) <= 0.45 * unit
        if (
            abs(w - h) <= max(1, 0.1 * max(w, h))
            and centred
            and (best is None or x + w > best[0] + best[2])
        ):
            best = (x, y, w, h, at)
    if best is None:
        return None
    x, y, w, h, at = best
    row = [one for one in stats[1:].tolist() if one[1] < y + h and one[1] + one[3] > y]
    if max(one[0] for one in row) > x + w or start - (left + x + w) > 2.0 * unit:
        return None  # something stands between it and the text
    box = Box(left + x, top + y, left + x + w, top + y + h)
    whole = labels[y : y + h, x : x + w] == at
    found = _classify(scene, number, box, whole)
    if found is None:
        # without the faint outermost pixels of a smooth outline
        clear = whole & (away[y : y + h, x : x + w] >= CLEAR)
        rows, columns = np.flatnonzero(clear.any(axis=1)), np.flatnonzero(clear.any(axis=0))
        if len(rows) < 8 or len(columns) < 8 or abs(len(rows) - len(columns)) > 2:
            return None
        top, left = int(rows[0]), int(columns[0])
        bottom, right = int(rows[-1]) + 1, int(columns[-1]) + 1
        inner = Box(box.left + left, box.top + top, box.left + right, box.top + bottom)
        found = _classify(scene, number, inner, clear[top:bottom, left:right])
    return found


def _classify(scene: Scene, number: int, box: Box, mask: NDArray[np.bool_]) -> _Small | None:
    solid = _without_holes(mask)
    side = min(box.width, box.height)
    radius = _radius(solid)
    is_round = radius >= 0.42 * side
    if not is_round and radius > 0.34 * side:
        return None
    if not _is_rounded_square(solid, radius):
        return None
    crop = scene.pixels[box.top : box.bottom, box.left : box.right].astype(np.int16)
    if is_round:
        mark, fill = _look_in_circle(crop)
    else:
        mark, fill = _look_in_square(crop)
    rim = _rim(crop, solid)
    return _Small(
        line=number,
        box=box,
        is_round=is_round,
        mark=mark,
        fill=fill,
        mark_colour=_mark_colour(crop, fill),
        has_rim=distance(rim, fill) >= 24,
    )


def _mark_colour(crop: NDArray[np.int16], fill: Colour) -> Colour:
    """Common colour of what stands in a box; the box's own when nothing does."""
    inset = max(2, round(0.2 * min(crop.shape[:2])))
    inner = crop[inset:-inset, inset:-inset]
    away = np.abs(inner - np.array(fill, np.int16)).max(axis=2)
    most = int(away.max(initial=0))
    if most == 0:
        return fill
    red, green, blue = np.median(inner[away >= 0.5 * most], axis=0).astype(int).tolist()
    return red, green, blue


def _without_holes(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    import cv2

    framed = np.pad(mask.astype(np.uint8), 1)
    outside = np.zeros((framed.shape[0] + 2, framed.shape[1] + 2), np.uint8)
    cv2.floodFill(framed, outside, (0, 0), 2)
    return np.asarray(framed[1:-1, 1:-1] != 2)


def _radius(solid: NDArray[np.bool_]) -> float:
    """Radius of the corners, from the area that they leave free."""
    part = max(2, min(solid.shape) // 2)
    free = sorted(
        part * part - int(corner.sum())
        for corner in (
            solid[:part, :part],
            solid[:part, -part:],
            solid[-part:, :part],
            solid[-part:, -part:],
        )
    )
    return float(np.sqrt((free[1] + free[2]) / 2 / CORNER))


def _is_rounded_square(solid: NDArray[np.bool_], radius: float) -> bool:
    height, width = solid.shape
    radius = min(radius, min(height, width) / 2)
    ys, xs = np.mgrid[0:height, 0:width] + 0.5
    dx = np.maximum(np.maximum(radius - xs, xs - (width - radius)), 0)
    dy = np.maximum(np.maximum(radius - ys, ys - (height - radius)), 0)
    ideal = dx * dx + dy * dy <= radius * radius + 0.25
    both, either = int((ideal & solid).sum()), int((ideal | solid).sum())
    return both >= 0.93 * either


def _rim(crop: NDArray[np.int16], solid: NDArray[np.bool_]) -> Colour:
    """The colour of the outline: of the outermost pixels that belong to it."""
    import cv2

    kernel = np.ones((3, 3), np.uint8)
    inner = cv2.erode(np.pad(solid.astype(np.uint8), 1), kernel)[1:-1, 1:-1].astype(bool)
    ring = cv2.erode(np.pad(inner.astype(np.uint8), 1), kernel)[1:-1, 1:-1].astype(bool)
    fill = np.median(crop[ring], axis=0) if ring.any() else np.median(crop[solid], axis=0)
    outline = crop[solid & ~ring]
    away = np.abs(outline - fill).max(axis=1)
    strong = outline[away >= np.quantile(away, 0.6)] if len(outline) else crop[solid]
    red, green, blue = np.median(strong, axis=0).astype(int).tolist()
    return red, green, blue


def _look_in_square(crop: NDArray[np.int16]) -> tuple[_Mark, Colour]:
    height, width = crop.shape[:2]
    inset = max(2, round(0.15 * min(height, width)))
    inner = crop[inset : height - inset, inset : width - inset]
    corners = inner[[0, 0, -1, -1], [0, -1, 0, -1]]
    fill = np.median(corners, axis=0)
    away = np.abs(inner - fill).max(axis=2)
    most = int(away.max())
    colour = (int(fill[0]), int(fill[1]), int(fill[2]))
    if most < 20:
        return _Mark.BLANK, colour
    if most < 60:
        return _Mark.OTHER, colour
    return (_Mark.TICK if _is_tick(away > 0.5 * most) else _Mark.OTHER), colour


def _is_tick(mark: NDArray[np.bool_]) -> bool:
    """A V whose right arm is the longer one."""
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        mark.astype(np.uint8), connectivity=8
    )
    if count < 2:
        return False
    largest = 1 + int(np.argmax(stats[1:, 4]))
    x, y, w, h, area = (int(each) for each in stats[largest])
    side = min(mark.shape)
    if area < 0.8 * mark.sum() or w < 0.45 * side or h < 0.35 * side or area > 0.66 * w * h:
        return False
    tick = labels[y : y + h, x : x + w] == largest
    ys, xs = np.nonzero(tick)
    edge = max(1, round(0.15 * w))
    left_y = ys[xs < edge].mean() / h
    right_y = ys[xs >= w - edge].mean() / h
    low_x = xs[ys >= h - max(1, round(0.15 * h))].mean() / w
    high_x = xs[ys < max(1, round(0.15 * h))].mean() / w
    return bool(
        0.15 <= low_x <= 0.6 and high_x >= 0.7 and right_y <= 0.35 and 0.3 <= left_y <= 0.85
    )


def _look_in_circle(crop: NDArray[np.int16]) -> tuple[_Mark, Colour]:
    """The mark, and the colour of the circle itself."""
    height, width = crop.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width] + 0.5
    off = np.hypot((ys - height / 2) / (height / 2), (xs - width / 2) / (width / 2))
    middle = np.median(crop[off <= 0.22], axis=0)
    colour = (int(middle[0]), int(middle[1]), int(middle[2]))
    inside = crop[off <= 0.6]
    if np.abs(inside - middle).max() < 24:
        return _Mark.BLANK, colour
    # a dot: one colour within, another all around it
    away = np.abs(crop - middle).max(axis=2)
    for edge in (0.3, 0.38, 0.46, 0.54):  # a wider one is the hole of a thick outline
        ring = (off >= edge + 0.1) & (off <= edge + 0.22)
        within, beyond = away[off <= edge - 0.1], away[ring]
        if len(within) and len(beyond) and within.max() < 48 and beyond.min() >= 48:
            red, green, blue = np.median(crop[ring], axis=0).astype(int).tolist()
            return _Mark.DOT, (red, green, blue)
    return _Mark.OTHER, colour


def _check_boxes(scene: Scene, small: list[_Small]) -> list[Found]:
    squares = [one for one in small if not one.is_round]
    found = []
    for one in squares:
        if one.mark is _Mark.TICK and _is_full(scene, one):
            found.append(_switch(scene, one, True, SwitchKind.CHECK_BOX))
        elif one.mark is _Mark.BLANK and _is_unchecked(scene, one, squares):
            found.append(_switch(scene, one, False, SwitchKind.CHECK_BOX))
    return found


def _common_contrast(scene: Scene) -> float:
    return median(ink.contrast for ink in scene.inks if ink is not None)


def _is_full(scene: Scene, one: _Small) -> bool:
    """Is a tick as strong as its label? A pale one means that only some of a group is chosen."""
    ink = scene.inks[one.line]
    if ink is None or distance(one.mark_colour, one.fill) < 0.8 * ink.contrast:
        return False
    if distance(one.fill, ink.paper) <= 6 and ink.contrast < 0.62 * _common_contrast(scene):
        return (
            False  # switched off, and nothing but its greyness to tell a full tick from a pale one
        )
    return saturation(one.fill) >= STRONG or distance(one.mark_colour, ink.colour) <= 70


def _is_unchecked(scene: Scene, one: _Small, squares: list[_Small]) -> bool:
    """Is a blank square a check box, and no bullet or key to a colour?

    It has an outline, or an aligned brother that is ticked or of the same grey; and it is neither
    coloured nor painted like the text.
    """
    ink = scene.inks[one.line]
    if saturation(one.fill) >= STRONG or ink is None:
        return False
    if one.has_rim:
        return True
    if distance(one.fill, ink.colour) < 0.5 * ink.contrast:
        return False
    return any(
        other is not one
        and one.is_like(other)
        and one.is_aligned(other)
        and (other.mark is _Mark.TICK or distance(other.fill, one.fill) <= 6)
        for other in squares
    )


def _radio_buttons(scene: Scene, small: list[_Small]) -> list[Found]:
    rest = [one for one in small if one.is_round]
    found: list[Found] = []
    while rest:
        first = rest[0]
        group = [one for one in rest if one.is_like(first) and one.is_aligned(first)]
        rest = [one for one in rest if one not in group]
        dots = [one for one in group if one.mark is _Mark.DOT]
        blanks = [
            one
            for one in group
            if one.mark is _Mark.BLANK
            and (one.has_rim or any(distance(one.fill, dot.fill) <= 10 for dot in dots))
        ]
        if len(group) >= 2 and len(dots) == 1 and len(blanks) == len(group) - 1:
            found += [_switch(scene, one, one is dots[0], SwitchKind.RADIO) for one in group]
    return found


def _switch(scene: Scene, one: _Small, is_on: bool, kind: SwitchKind) -> Found:
    label = scene.text(one.line)
    if one.box.right > scene.boxes[one.line].left:
        # the box was read as a letter or a sign
        label = _FIRST_SIGN.sub("", label)
    return Switch(label, is_on, one.box, kind), one.line


# --- switches -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Track:
    """A pill with a knob at one end."""

    box: Box
    colour: Colour
    is_right: bool


def _switches(scene: Scene) -> list[Found]:
    tracks: list[_Track] = []
    for shape in scene.shapes:
        track = _track_around(scene, shape)
        if track is not None and all(_apart(track.box, other.box) for other in tracks):
            tracks.append(track)
    found = []
    for track in tracks:
        is_strong = saturation(track.colour) >= STRONG
        if track.is_right != is_strong and not _has_opposite(track, tracks):
            continue
        label = _row_label(scene, track.box)
        if label is not None:
            switch = Switch(scene.text(label), track.is_right, track.box, SwitchKind.SWITCH)
            found.append((switch, label))
    return found


def _apart(one: Box, other: Box) -> bool:
    return (
        one.right <= other.left
        or other.right <= one.left
        or one.bottom <= other.top
        or other.bottom <= one.top
    )


def _has_opposite(track: _Track, tracks: list[_Track]) -> bool:
    """Is there a switch of its size with the knob at the other end and another colour?

    Only for grey themes: a strong colour with the knob at the left proves nothing.
    """
    return saturation(track.colour) < STRONG and any(
        other.is_right != track.is_right
        and abs(other.box.width - track.box.width) <= 3
        and distance(other.colour, track.colour) >= 40
        and saturation(other.colour) < STRONG
        for other in tracks
    )


def _track_around(scene: Scene, knob: Shape) -> _Track | None:
    """The track of a switch, when the shape is a knob at one end of it."""
    box = knob.box
    size = max(box.width, box.height)
    if not 6 <= size <= 80 or abs(box.width - box.height) > max(2, 0.15 * size):
        return None
    if knob.solidity > 0.97 or knob.solidity < 0.6 or distance(knob.fill, knob.rim) < 20:
        return None  # a circle fills about 0.8 of its box
    middle_y = (box.top + box.bottom) // 2
    for side in (-1, 1):
        start = box.right + 2 if side > 0 else box.left - 3
        if not 0 <= start < scene.width:
            continue
        colour = _colour_at(scene, start, middle_y)
        if distance(colour, knob.fill) < 20:
            continue
        if saturation(knob.fill) >= STRONG > saturation(colour):
            continue  # the coloured end of a track beside the knob looks like a knob itself
        far = _walk(scene, (start, middle_y), (side, 0), colour, 2 * size) + 2
        if not 0.4 * size <= far <= 1.9 * size:
            continue
        other_start = box.left - 3 if side > 0 else box.right + 2
        near = _walk(scene, (other_start, middle_y), (-side, 0), colour, size)
        if near > 0.5 * size:
            continue
        far_x = start + side * max(0, int(0.3 * far) - 1)
        up = _walk(scene, (far_x, middle_y), (0, -1), colour, 2 * size)
        down = _walk(scene, (far_x, middle_y), (0, 1), colour, 2 * size)
        high = up + down
        if not size <= high <= 2.2 * size or abs(up - down) > 0.2 * size + 2:
            continue
        left = box.left - (near + 2 if side > 0 else far)
        right = box.right + (far if side > 0 else near + 2)
        track = Box(left, middle_y - up, right, middle_y + down)
        if 1.3 <= track.width / max(1, track.height) <= 3.0 and _is_pill(scene, track, colour):
            return _Track(track, colour, side < 0)
    return None


def _is_pill(scene: Scene, track: Box, colour: Colour) -> bool:
    """Are the four corners of the box free of the track's colour?"""
    inset = max(1, track.height // 14)
    corners = [
        (x, y)
        for x in (track.left + inset, track.right - 1 - inset)
        for y in (track.top + inset, track.bottom - 1 - inset)
    ]
    return all(
        0 <= x < scene.width
        and 0 <= y < scene.height
        and distance(_colour_at(scene, x, y), colour) >= 12
        for x, y in corners
    )


def _colour_at(scene: Scene, x: int, y: int) -> Colour:
    red, green, blue = scene.pixels[y, x].tolist()
    return red, green, blue


def _walk(scene: Scene, start: Point, step: Point, colour: Colour, most: int) -> int:
    """How many pixels of this colour follow each other from here."""
    (x, y), (dx, dy) = start, step
    steps = 0
    while (
        steps < most
        and 0 <= x < scene.width
        and 0 <= y < scene.height
        and distance(_colour_at(scene, x, y), colour) <= 12
    ):
        x, y, steps = x + dx, y + dy, steps + 1
    return steps


def _row_label(scene: Scene, box: Box) -> int | None:
    """The line that names a switch.

    It is the first line of the leftmost group in the switch's own row, if the row is a shape; else of
    the nearest group to the left; else what follows the switch.
    """
    middle = _middle(box)
    row = scene.around(box)
    has_row = row >= 0 and scene.shapes[row].box.height <= 8 * scene.unit
    before = [
        number
        for number in (scene.held[row] if row >= 0 else range(len(scene.boxes)))
        if scene.boxes[number].right <= box.left
        and abs(_middle(scene.boxes[number]) - middle) <= 3 * scene.unit
    ]
    level = [n for n in before if abs(_middle(scene.boxes[n]) - middle) <= 0.9 * scene.unit]
    if level:
        lefts = [scene.boxes[number].left for number in level]
        first = min(lefts) if has_row else max(lefts)
        column = [n for n in before if abs(scene.boxes[n].left - first) <= 0.5 * scene.unit]
        return _nearest_group(scene, column, middle)[0]
    after = [
        number
        for number, line in enumerate(scene.boxes)
        if 0 <= line.left - box.right <= 2.5 * scene.unit and line.top <= middle <= line.bottom
    ]
    return min(after, key=lambda n: scene.boxes[n].left, default=None)


def _nearest_group(scene: Scene, column: list[int], middle: float) -> list[int]:
    """Of lines close under each other (a name and its explanation), those centred on a height."""
    groups: list[list[int]] = []
    for number in sorted(column, key=lambda n: scene.boxes[n].top):
        if (
            groups
            and scene.boxes[number].top - scene.boxes[groups[-1][-1]].bottom <= 0.8 * scene.unit
        ):
            groups[-1].append(number)
        else:
            groups.append([number])

    def off(group: list[int]) -> float:
        return abs((scene.boxes[group[0]].top + scene.boxes[group[-1]].bottom) / 2 - middle)

    return min(groups, key=off)


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2
