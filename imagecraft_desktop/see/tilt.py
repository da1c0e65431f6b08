"""Tilted writing: whether most of it leans the same way, and the picture turned so that it is level.

The finder searches strip by strip, so it tears long tilted lines, and the boxes around them tell no
order. What leans in another way than the rest stays as it is.

Called by the embedded captioner.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from imagecraft_desktop.see.finder import Spot
from imagecraft_desktop.see.reader import Reader, is_text
from imagecraft_desktop.values import Box, Tick

if TYPE_CHECKING:
    from numpy.typing import NDArray


_LONG = 2.0
_LINE = 4.0
"""Lengths in line heights: from the first on a piece has a direction, from the other on it is surely a line."""
_LEVEL = 3.0
"""Up to so many degrees from level or upright nothing is torn."""
_ALIKE = 5.0
"""Lines of one page differ by at most so many degrees, also when it was photographed from a side."""
_MOST = 0.6
"""Share of the writing that must lean alike."""
_TILTED = 10.0
"""Degrees from level or upright from which on a line may have been torn, and people see that it leans."""
_MOST_GROWN = 4.0
"""Times as many pixels that a level picture may have; a square one has twice as many at most."""
_SAMPLE = 40
_SURE = 0.9
_TORN = 0.6
"""Torn lines may be read in two pieces that share letters; level ones are better with so much of their letters."""


class Level:
    """A picture turned by some degrees, without losing its corners.

    Attributes:
        pixels: RGB, uint8, (H, W, 3); what was outside has the colour of the edge.
        is_noticed: Whether it leans so much that one who sees it notices.

    Args:
        pixels: RGB, uint8, (H, W, 3).
        degrees: By which it leans, with the clock.
    """

    def __init__(self, pixels: NDArray[np.uint8], degrees: float) -> None:
        import cv2

        self.is_noticed = abs(degrees) >= _TILTED
        self._shape = high, wide = pixels.shape[:2]
        size = _level_size(pixels.shape, degrees)
        turn = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
        turn[:, 2] += (size[0] - wide) / 2, (size[1] - high) / 2
        turned = cv2.warpAffine(
            pixels,
            turn,
            size,
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=_edge_colour(pixels),
        )
        self.pixels: NDArray[np.uint8] = turned.astype(np.uint8, copy=False)
        self._back = np.asarray(cv2.invertAffineTransform(turn), np.float64)

    def box_back(self, box: Box) -> Box:
        """The box around a box of the turned picture in the picture as it came."""
        left, top, right, bottom = box
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
        return self._around(self._corners_back(corners))

    def spot_back(self, spot: Spot) -> Spot | None:
        """Where a line is in the picture as it came; None when outside of it."""
        corners = self._corners_back(spot.corners)
        box = self._around(corners)
        return Spot(corners.astype(np.float32), box) if min(box.width, box.height) > 0 else None

    def _corners_back(self, corners: NDArray[np.floating]) -> NDArray[np.float64]:
        back: NDArray[np.float64] = corners @ self._back[:, :2].T + self._back[:, 2]
        return back

    def _around(self, corners: NDArray[np.float64]) -> Box:
        high, wide = self._shape
        inside = corners.clip(0, [wide, high]).round()
        return Box(*(int(edge) for edge in (*inside.min(axis=0), *inside.max(axis=0))))


def can_level(shape: Sequence[int], degrees: float) -> bool:
    """Whether a picture, (H, W, 3), is not too long and narrow to be turned: almost all of it would be new."""
    wide, high = _level_size(shape, degrees)
    return wide * high <= _MOST_GROWN * shape[0] * shape[1]


def _level_size(shape: Sequence[int], degrees: float) -> tuple[int, int]:
    """Width and height that a turned picture has."""
    high, wide = shape[:2]
    turn = math.radians(degrees)
    cos, sin = abs(math.cos(turn)), abs(math.sin(turn))
    return math.ceil(wide * cos + high * sin), math.ceil(wide * sin + high * cos)


def find_tilt(spots: Sequence[Spot]) -> float:
    """By how many degrees most of the writing leans, with the clock, over -90 to 90; 0 where it is level, stands
    on end, or leans in several ways."""
    angles, lengths = _directions(spots)
    if not (lengths >= _LINE).any():
        return 0.0
    angles, lengths = angles[lengths >= _LONG], lengths[lengths >= _LONG]
    apart = _turned(angles[None, :] - angles[:, None])
    best = int((abs(apart) @ lengths).argmin())
    alike = abs(apart[best]) <= _ALIKE
    if lengths[alike].sum() < _MOST * lengths.sum():
        return 0.0
    mean = float(angles[best] + np.average(apart[best][alike], weights=lengths[alike]))
    return 0.0 if _from_quarter(mean) <= _LEVEL else float(_turned(mean))


def has_tilted(
    reader: Reader, pixels: NDArray[np.uint8], spots: Sequence[Spot], tick: Tick
) -> bool:
    """Whether any line that is surely text leans so much that others like it may be torn or not found."""
    angles, lengths = _directions(spots)
    tilted = (lengths >= _LINE) & (_from_quarter(angles) >= _TILTED)
    among = [spot for spot, leans in zip(spots, tilted, strict=True) if leans]
    return any(is_text(*read, is_photo=True) for read in reader.rate(pixels, among, tick))


def reads_as_well(
    reader: Reader,
    level: tuple[NDArray[np.uint8], Sequence[Spot]],
    before: tuple[NDArray[np.uint8], Sequence[Spot]],
    tick: Tick,
) -> bool:
    """Whether a levelled picture gives as many letters that are sure as the picture before, torn lines aside.

    Args:
        level, before: RGB, uint8, (H, W, 3), and what was found there. The longest lines are read, and remembered.
    """
    return _sure_letters(reader, *level, tick) >= _TORN * _sure_letters(reader, *before, tick)


def _sure_letters(
    reader: Reader, pixels: NDArray[np.uint8], spots: Sequence[Spot], tick: Tick
) -> int:
    _, lengths = _directions(spots)
    longest = [spots[int(number)] for number in np.argsort(-lengths)[:_SAMPLE]]
    readings = reader.rate(pixels, longest, tick)
    return sum(sum(map(str.isalnum, text)) for text, score in readings if score >= _SURE)


def _directions(spots: Sequence[Spot]) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """The degrees of each line's long sides, with the clock, and its length in line heights."""
    corners = np.array([spot.corners for spot in spots], np.float64).reshape(-1, 4, 2)
    across, down = corners[:, 1] - corners[:, 0], corners[:, 3] - corners[:, 0]
    sizes = np.hypot(*across.T), np.hypot(*down.T)
    along = np.where((sizes[0] >= sizes[1])[:, None], across, down)
    lengths = np.maximum(*sizes) / np.maximum(np.minimum(*sizes), 1)
    return _turned(np.degrees(np.arctan2(along[:, 1], along[:, 0]))), lengths


def _turned(degrees: NDArray[np.floating] | float) -> NDArray[np.floating]:
    """The same direction of a line as -90 up to 90 degrees."""
    return np.asarray((degrees + 90) % 180 - 90)


def _from_quarter(degrees: NDArray[np.floating] | float) -> NDArray[np.floating]:
    """How far it is to level or upright, 0 to 45 degrees."""
    return abs(np.asarray((degrees + 45) % 90 - 45))


def _edge_colour(pixels: NDArray[np.uint8]) -> tuple[int, int, int]:
    edges = np.concatenate((pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))
    red, green, blue = (int(level) for level in np.median(edges, axis=0))
    return red, green, blue
