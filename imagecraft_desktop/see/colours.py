"""The names of the largest colours.

Called by the embedded captioner. Names are chosen in OKLab, where equal distances look equally
large (Björn Ottosson, 2020, public domain: bottosson.github.io/posts/oklab).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop import strings
from imagecraft_desktop.values import Box

_SAMPLES = 128  # along the longer edge
_MOST = 3
_SMALLEST_SHARE = 0.15

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)

# Lightness 0 to 1; chroma 0 (grey) to about 0.3; hue in degrees from red (29) over yellow (110),
# green (142), turquoise (195), blue (264) to pink (350).
_BLACK_BELOW = 0.22
_WHITE_ABOVE = 0.93
_GREY_BELOW = 0.035
_BEIGE_BELOW = 0.09
_BEIGE_ABOVE = 0.72
_BROWN_BELOW = 0.58
_BROWN_PALE_BELOW = 0.72
_PINK_ABOVE = 0.68
_HUES = (
    (15, "pink"),
    (42, "red"),
    (84, "orange"),
    (113, "yellow"),
    (168, "green"),
    (215, "turquoise"),
    (285, "blue"),
    (330, "purple"),
    (361, "pink"),
)


def name_colours(pixels: NDArray[np.uint8], box: Box | None = None) -> tuple[str, ...]:
    """The one to three largest colours, in the user's language, largest first.

    Args:
        pixels: RGB, uint8, (H, W, 3).
        box: The part that is meant; all of it when None.
    """
    return tuple(strings.say(strings.COLOURS[name]) for name in main_colours(pixels, box))


def main_colours(pixels: NDArray[np.uint8], box: Box | None = None) -> tuple[str, ...]:
    """As `name_colours`, but the keys of `strings.COLOURS`."""
    if box is not None:
        pixels = pixels[box.top : box.bottom, box.left : box.right]
    if pixels.size == 0:
        return ()
    step = max(1, round(max(pixels.shape[:2]) / _SAMPLES))
    names = name_each(pixels[::step, ::step].reshape(-1, 3))
    found, counts = np.unique(names, return_counts=True)
    largest = np.argsort(-counts, kind="stable")[:_MOST]
    return tuple(
        str(found[i])
        for rank, i in enumerate(largest)
        if rank == 0 or counts[i] >= _SMALLEST_SHARE * len(names)
    )


def colour_shares(pixels: NDArray[np.uint8]) -> dict[str, float]:
    """Keys of `strings.COLOURS` that are somewhere, and the share of the points that are so.

    Args:
        pixels: RGB, uint8, (H, W, 3).
    """
    step = max(1, max(pixels.shape[:2]) // (2 * _SAMPLES))
    names = name_each(pixels[::step, ::step].reshape(-1, 3))
    found, counts = np.unique(names, return_counts=True)
    return {str(name): float(count) / len(names) for name, count in zip(found, counts, strict=True)}


def name_colour(rgb: Sequence[int]) -> str:
    """The name of one colour (red, green, blue; 0 to 255), in the user's language."""
    return strings.say(strings.COLOURS[str(name_each(np.array([rgb], np.uint8))[0])])


def name_each(colours: NDArray[np.uint8]) -> NDArray[np.str_]:
    """(N, 3) RGB to (N,) keys of `strings.COLOURS`."""
    lightness, chroma, hue = _to_lch(colours)
    limits, names = zip(*_HUES, strict=True)
    named = np.array(names, dtype="<U9")[np.searchsorted(limits, hue, side="right")]
    reddish = (hue < 30) | (hue >= 330)
    yellowish = (hue >= 30) & (hue < 113)
    named[reddish & (lightness > _PINK_ABOVE)] = "pink"
    named[(hue < 15) & (lightness <= 0.5)] = "red"
    named[(hue >= 42) & (hue < 100) & (lightness < _BROWN_BELOW)] = "brown"
    named[(hue >= 30) & (hue < 90) & (chroma < 0.1) & (lightness < _BROWN_PALE_BELOW)] = "brown"
    named[(hue >= 100) & (hue < 113) & (lightness < 0.75)] = "green"
    named[yellowish & (chroma < _BEIGE_BELOW) & (lightness >= _BEIGE_ABOVE)] = "beige"
    grey = (chroma < _GREY_BELOW) & ~(yellowish & (lightness > 0.85) & (chroma > 0.015))
    named[grey] = "grey"
    named[grey & (lightness > _WHITE_ABOVE)] = "white"
    named[(lightness > 0.97) & (chroma < 0.02)] = "white"
    named[(lightness < _BLACK_BELOW) & (chroma < 0.1)] = "black"
    return named


def _to_lch(
    colours: NDArray[np.uint8],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Lightness, chroma and hue in degrees, in OKLab."""
    share = colours / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    lightness, a, b = _TO_LAB @ np.cbrt(_TO_LMS @ linear.T)
    return lightness, np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360
