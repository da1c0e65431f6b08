"""When a captioner looks at a picture a second time, and at what of it. Pure; what is made of both is in `truth`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop.values import CALIBRATED, Caption, Certainty, Detail, Wish

_EDGE = 0.05
"""Share of a picture that is left out at each side."""
_WITHOUT_BLANKS = frozenset(["ja", "km", "lo", "my", "th", "yue", "zh"])
"""Languages whose words cannot be told apart, so that two sentences cannot be compared."""


def is_worth(caption: Caption, wish: Wish) -> bool:
    """Whether a second look is worth its time, if the first was quick: not where nothing is to be said of that one, nor
    where it is sure by what was measured with its network, nor where the two could not be compared. By what we chose a network may be sure and wrong."""
    is_proven = caption.certainty is Certainty.CERTAIN and caption.bounds == CALIBRATED
    is_open = caption.certainty is not None and not is_proven
    has_words = caption.language.partition("-")[0].lower() not in _WITHOUT_BLANKS
    return is_open and has_words and wish.detail is not Detail.BRIEF


def middle(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture, (H, W, 3), without a narrow edge."""
    y, x = (round(_EDGE * length) for length in pixels.shape[:2])
    return np.ascontiguousarray(pixels[y : len(pixels) - y, x : pixels.shape[1] - x])
