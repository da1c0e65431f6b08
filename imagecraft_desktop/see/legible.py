"""Whether what was found as text can be read: which way up it is, and which lines came out clear.

A turned page and a script that the reader does not know both read as rubbish with a middling score;
true text scores above 0.9 nearly always. Nothing here is shown to the user.

Called by the embedded captioner.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from imagecraft_desktop.see.finder import Spot, estimate_effort
from imagecraft_desktop.see.reader import Reader
from imagecraft_desktop.values import Box, Tick

if TYPE_CHECKING:
    from numpy.typing import NDArray


CLEAR = 0.85
"""Mean score, 0 to 1, of a page that is read well."""
_LINE = 0.75
_LINE_OF_UNCLEAR_PAGE = 0.9
_SIGNS = 0.4
"""Signs in a line per line height of its length; fewer, and most of it was left out."""
_LONG = 4.0
"""Lines so much longer than high tell which way up a page is, and are no icons."""
_MUCH = 8.0
"""So much unclear text, in line heights, is worth a word."""
_FIRST = 12
_SAMPLE = 2
_SHORT = 2.0
"""From so many line heights on a short piece of a photo may be a word."""
_SMALLEST = 10.0
"""What is not so many pixels high cannot be a word that anybody reads."""
_SIGNS_OF_WORD = 2
_SURE = 0.9


def find_turn(reader: Reader, pixels: NDArray[np.uint8], spots: Sequence[Spot], tick: Tick) -> int:
    """How many quarter turns against the clock bring the text upright, as for `numpy.rot90`.

    Args:
        spots: Those to be read first come first: a few of them are read, and remembered.
    """
    whole = sum(map(estimate_effort, spots))
    upended = [spot for spot in spots if spot.box.height > 1.5 * spot.box.width]
    is_upended = sum(map(estimate_effort, upended)) > 0.6 * whole
    among = upended if is_upended else spots[:_FIRST]
    # no more than the first of them: nothing is said before
    sample = [spot for spot in among if estimate_effort(spot) >= _LONG][:_SAMPLE]
    if not sample:
        return 0
    upright = 0.0 if is_upended else _clarity(reader, pixels, sample, tick, 0)
    if upright >= CLEAR:
        return 0
    turns = {
        turn: _clarity(reader, pixels, sample, tick, turn)
        for turn in ((1, 3) if is_upended else (2,))
    }
    best = max(turns, key=lambda turn: turns[turn])
    return best if turns[best] >= CLEAR and turns[best] > upright else 0


def turn_back(box: Box, turn: int, shape: tuple[int, ...]) -> Box:
    """Where a box of a turned picture is in the picture as it came.

    Args:
        turn: Quarter turns against the clock that were made.
        shape: Of the picture as it came, height first.
    """
    high, wide = shape[:2]
    left, top, right, bottom = box
    if turn == 1:
        return Box(wide - bottom, left, wide - top, right)
    if turn == 2:
        return Box(wide - right, high - bottom, wide - left, high - top)
    if turn == 3:
        return Box(top, high - right, bottom, high - left)
    return box


def find_unclear(
    reader: Reader, pixels: NDArray[np.uint8], spots: Sequence[Spot], tick: Tick
) -> list[Spot]:
    """The lines that cannot be read well enough to be said. They have been read: this is quick."""
    clear = [
        _clearness(spot, text, score)
        for spot, (text, score) in zip(spots, reader.rate(pixels, spots, tick), strict=True)
    ]
    efforts = [estimate_effort(spot) for spot in spots]
    mean = _mean(clear, efforts)
    if mean < CLEAR:
        return [s for s, one in zip(spots, clear, strict=True) if one < _LINE_OF_UNCLEAR_PAGE]
    return [
        spot
        for spot, one, effort in zip(spots, clear, efforts, strict=True)
        if one < _LINE and effort >= _LONG
    ]


def is_much(spots: Sequence[Spot]) -> bool:
    """Whether so much text, found but unclear, must be more than icons taken for letters."""
    return sum(effort for spot in spots if (effort := estimate_effort(spot)) >= 2) >= _MUCH


def is_line(spot: Spot) -> bool:
    """Whether it is so long that it is writing, whatever was read there: edges and textures of photos are
    found in short pieces."""
    return estimate_effort(spot) >= _LONG


def may_be_text(
    reader: Reader, pixels: NDArray[np.uint8], spots: Sequence[Spot], tick: Tick
) -> bool:
    """Whether any of what a reader left out of a photo may be writing: an unknown script reads as nothing, and a lone
    number is not trusted. They have been read: this is quick."""
    readings = reader.rate(pixels, spots, tick)
    return any(
        (estimate_effort(spot) >= _SHORT and spot_area(spot) >= _SHORT * _SMALLEST**2)
        or (sum(map(str.isalnum, text)) >= _SIGNS_OF_WORD and score >= _SURE)
        for spot, (text, score) in zip(spots, readings, strict=True)
    )


def spot_area(spot: Spot) -> float:
    """In pixels, also of one on a slant, whose box is much larger."""
    x, y = spot.corners.astype(float).T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def _clarity(
    reader: Reader, pixels: NDArray[np.uint8], spots: Sequence[Spot], tick: Tick, turn: int
) -> float:
    """Mean clearness of lines when turned, long ones counting for more."""
    readings = reader.rate(pixels, spots, tick, turn=turn)
    clear = [_clearness(s, *reading) for s, reading in zip(spots, readings, strict=True)]
    return _mean(clear, [estimate_effort(spot) for spot in spots])


def _clearness(spot: Spot, text: str, score: float) -> float:
    """The score, or nothing where most of the line was left out."""
    signs = sum(not sign.isspace() for sign in text)
    return score if signs >= _SIGNS * estimate_effort(spot) else 0.0


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    whole = sum(weights)
    return sum(v * w for v, w in zip(values, weights, strict=True)) / whole if whole else 1.0
