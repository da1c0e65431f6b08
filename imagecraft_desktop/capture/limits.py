"""How much a picture may cost to open, and the refusal of what would cost more."""

from __future__ import annotations

import math

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say

MOST_PIXELS = 40_000_000
"""A picture with more pixels is made smaller by a whole factor: 120 MB as RGB."""

MOST_DECODED_PIXELS = 80_000_000
"""Most pixels that are decoded at full size, 320 MB in Pillow; cameras make up to 50 million."""


class Refused(Exception):
    """The picture cannot or must not be opened.

    Args:
        message: A constant of `strings`: the clause that says why.
        words: Fill its placeholders.
    """

    def __init__(self, message: str, **words: object) -> None:
        super().__init__(message)
        self.message = message
        self.words = words

    @property
    def reason(self) -> str:
        """The clause, in the language of now."""
        return say(self.message, **self.words)


def check_size(width: int, height: int, most: int = MOST_DECODED_PIXELS) -> None:
    """Raise Refused when there are more than `most` pixels."""
    if width * height > most:
        millions = most // 1_000_000
        words = {"width": width, "height": height, "millions": millions}
        raise Refused(strings.READ_TOO_MANY_PIXELS, **words)


def shrink_factor(width: int, height: int) -> int:
    """The whole factor, 1 or more, that brings a picture down to `MOST_PIXELS`."""
    return max(1, math.ceil(math.sqrt(width * height / MOST_PIXELS)))
