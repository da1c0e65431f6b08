"""Is there anything in the frame at all? Quick checks before any network is asked.

Called by the embedded captioner. Never calls a page with a little text blank: any contrast between
neighbours that fine noise does not explain counts as content.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop.values import Box

Pixels = NDArray[np.uint8]
Grey = NDArray[np.uint8]


class State(StrEnum):
    """What the frame holds."""

    TOO_SMALL = "too small"
    BLACK = "black"
    ONE_COLOUR = "one colour"
    SHADES = "shades"  # a gradient: colours change, nothing stands out
    NOISE = "noise"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """What is known of a picture without looking at what it shows.

    Attributes:
        colour: The commonest colour, roughly: (red, green, blue).
        plain_share: Share of pixels, 0 to 1, that have this colour. A nearly blank page with some
            text has State.CONTENT and a share close to 1.
        content: The picture without equal black bars on two opposite sides.
        hidden: The largest all-black rectangle, when it takes a tenth of the picture or more and
            the rest is not black: perhaps a protected window or video.
    """

    state: State
    colour: tuple[int, int, int]
    plain_share: float
    content: Box
    hidden: Box | None = None


_SMALLEST_EDGE = 10
_SAME_COLOUR = 6  # grey levels, of 255
_BLACK = 12
_EDGE = 10  # a step between neighbours that an eye could see
_STRONG_EDGE = 24
_GRID = 8  # pixels between the samples
_BAR_SHARE = 0.02
_BAR_BLACK = 16
_HIDDEN_SHARE = 0.1
_HIDDEN_FILL = 0.98
_HIDDEN_BLACK = 2


def check_frame(pixels: Pixels) -> FrameFacts:
    """Look at the frame: about 7 ms for 1920x1080 pixels, 27 ms for 3840x2160, on one core.

    Args:
        pixels: RGB, uint8, (H, W, 3).
    """
    height, width = pixels.shape[:2]
    whole = Box(0, 0, width, height)
    if min(height, width) < _SMALLEST_EDGE:
        return FrameFacts(State.TOO_SMALL, (0, 0, 0), 0.0, whole)
    colour, share = _commonest(pixels[::_GRID, ::_GRID])
    low, high = _range(pixels)
    if max(high) <= _BLACK:  # also the noise of a black video
        return FrameFacts(State.BLACK, (0, 0, 0), 1.0, whole)
    if max(h - lo for lo, h in zip(low, high, strict=True)) <= _SAME_COLOUR:
        return FrameFacts(State.ONE_COLOUR, colour, 1.0, whole)
    state = _state(pixels)
    if state is not State.CONTENT:
        return FrameFacts(state, colour, share, whole)
    content = _without_bars(pixels)
    return FrameFacts(state, colour, share, content, _hidden(pixels) if content == whole else None)


def _state(pixels: Pixels) -> State:
    """CONTENT, SHADES or NOISE."""
    import cv2

    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    rows = grey[::4]
    strong = float(np.mean(cv2.absdiff(rows[:, 2:], rows[:, :-2]) >= _STRONG_EDGE))
    if 0.002 < strong < 0.5:
        return State.CONTENT
    steps = _steps(grey)
    if steps.max() < _EDGE:
        # colours of equal brightness meet without an edge in grey: look at each by itself
        channels = (np.ascontiguousarray(pixels[..., i]) for i in range(3))
        return State.CONTENT if any(_steps(c).max() >= _EDGE for c in channels) else State.SHADES
    everywhere = steps.mean() >= _EDGE / 2 and np.mean(_largest_in_tiles(steps) >= _EDGE) > 0.9
    return State.NOISE if everywhere and _vanishes_when_shrunk(grey) else State.CONTENT


def _steps(channel: Grey) -> Grey:
    """How far the pixels around each differ."""
    import cv2

    return np.asarray(cv2.morphologyEx(channel, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)))


def _largest_in_tiles(channel: Grey) -> Grey:
    height, width = (edge // _GRID * _GRID for edge in channel.shape)
    tiles = channel[:height, :width].reshape(height // _GRID, _GRID, width // _GRID, _GRID)
    return np.asarray(tiles.max(axis=(1, 3)))


def _vanishes_when_shrunk(grey: Grey) -> bool:
    """Whether means over tiles differ as little as those of random pixels do."""
    import cv2

    height, width = grey.shape
    if min(height, width) < 4 * _GRID:
        return False
    small = cv2.resize(grey, (width // _GRID, height // _GRID), interpolation=cv2.INTER_AREA)
    # independent pixels: the deviation of means is that of the pixels / _GRID
    return float(small.std()) < 2.5 * float(grey[:: _GRID + 1, :: _GRID + 1].std()) / _GRID


def _range(pixels: Pixels) -> tuple[list[int], list[int]]:
    """The smallest and largest value of each channel; of some pixels only when they differ."""
    sampled = pixels[::_GRID, ::_GRID].reshape(-1, 3)
    low, high = sampled.min(axis=0), sampled.max(axis=0)
    # the samples may have missed something
    if int((high.astype(int) - low).max()) <= _SAME_COLOUR or high.max() <= _BLACK:
        rows = pixels.reshape(len(pixels), -1)
        low = rows.min(axis=0).reshape(-1, 3).min(axis=0)
        high = rows.max(axis=0).reshape(-1, 3).max(axis=0)
    return low.tolist(), high.tolist()


def _commonest(sampled: Pixels) -> tuple[tuple[int, int, int], float]:
    """The commonest colour and its share."""
    flat = sampled.reshape(-1, 3)
    coarse = (flat >> 4).astype(np.int32) @ np.array([256, 16, 1], np.int32)
    members = flat[coarse == np.bincount(coarse).argmax()]
    colour = np.median(members, axis=0).astype(np.int16)
    near = np.abs(flat - colour).max(axis=1) <= _SAME_COLOUR
    red, green, blue = colour.tolist()
    return (red, green, blue), float(near.mean())


def _without_bars(pixels: Pixels) -> Box:
    """Cut off black bars when they stand on two opposite sides and are equally wide."""
    height, width = pixels.shape[:2]
    if pixels[0, ::_GRID].max() > _BAR_BLACK and pixels[::_GRID, 0].max() > _BAR_BLACK:
        return Box(0, 0, width, height)
    rows = pixels.reshape(height, -1)
    top, bottom = _bars(rows.max(axis=1))
    left, right = _bars(rows.max(axis=0).reshape(-1, 3).max(axis=1))
    return Box(left, top, width - right, height - bottom)


def _bars(brightest: NDArray[np.uint8]) -> tuple[int, int]:
    """The width of the bars at both ends; 0, 0 when they are no pair."""
    light = np.nonzero(brightest > _BAR_BLACK)[0]
    if not len(light):
        return 0, 0
    before, after = int(light[0]), len(brightest) - 1 - int(light[-1])
    least = _BAR_SHARE * len(brightest)
    is_pair = min(before, after) >= least and abs(before - after) <= least
    return (before, after) if is_pair else (0, 0)


def _hidden(pixels: Pixels) -> Box | None:
    import cv2

    dark = pixels[::_GRID, ::_GRID].max(axis=2) <= _HIDDEN_BLACK
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8), connectivity=4)
    if len(stats) < 2:
        return None
    left, top, width, height, area = max(stats[1:].tolist(), key=lambda entry: entry[4])
    if area < _HIDDEN_SHARE * dark.size or area < _HIDDEN_FILL * width * height:
        return None
    box = Box(
        left * _GRID,
        top * _GRID,
        (left + width - 1) * _GRID + 1,
        (top + height - 1) * _GRID + 1,
    )
    inside = pixels[box.top : box.bottom, box.left : box.right]
    return box if inside.max() <= _HIDDEN_BLACK else None
