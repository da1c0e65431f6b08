"""The bounds of what a captioning network is believed, in one table; and how they are computed where
the truth is known.

All were chosen, none calibrated: no full-size network was at hand. They err on the side of doubt.
`bench certainty` measures what the levels would be for an installed network, and keeps them for it if that is
wished (`weights/certainty.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from imagecraft_desktop.values import CALIBRATED, CHOSEN, Certainty
from imagecraft_desktop.weights import certainty, store


@dataclass(frozen=True)
class Level:
    """What a caption needs for a level.

    Attributes:
        mean: Least geometric mean of its tokens' probabilities.
        weakest: Least probability of each token.
    """

    certainty: Certainty
    mean: float
    weakest: float


@dataclass(frozen=True)
class Bounds:
    """See the module.

    Attributes:
        levels: The surest first.
        agreement: Share of the words that two decodings have in common below which they disagree.
        colour: Share of the picture's points below which a colour is not in it.
        quote: Likeness to what was read, 0 to 1, from which on quoted text counts as read.
        slow_s: A first decoding that took longer is not followed by a second, nor by reading a photo's text.
        how: CHOSEN, or CALIBRATED: then the levels are of one network.
    """

    levels: tuple[Level, ...]
    agreement: float
    colour: float
    quote: float
    slow_s: float
    how: str

    def level_of(self, certainty: Certainty) -> Level | None:
        """What it needs; None when it is never reached."""
        return next((one for one in self.levels if one.certainty is certainty), None)


BOUNDS = Bounds(
    levels=(
        Level(Certainty.CERTAIN, 0.75, 0.3),
        Level(Certainty.LIKELY, 0.45, 0.1),
        Level(Certainty.UNSURE, 0.2, 0.02),
    ),
    agreement=0.4,
    colour=0.003,
    quote=0.8,
    slow_s=3.0,
    how=CHOSEN,
)


def bounds_of(folder: Path) -> Bounds:
    """Those of the network in a folder: calibrated if it is an installed model and that was done."""
    name = folder.name
    found = certainty.known(name) if folder == store.folder_of(name) else None
    return BOUNDS if found is None else with_levels(found.levels)


def with_levels(least: Mapping[Certainty, float | None]) -> Bounds:
    """The chosen ones, but with these least probabilities of the levels where they are higher: they only add
    doubt. A level without one is never reached. What is asked of each single token stays."""
    levels = [
        replace(level, mean=max(mean, level.mean))
        for level in BOUNDS.levels
        if (mean := least[level.certainty]) is not None
    ]
    return replace(BOUNDS, levels=tuple(levels), how=CALIBRATED)


def least_probability(pairs: Sequence[tuple[float, bool]], precision: float) -> float | None:
    """The bound above which a network is right often enough: a `Level.mean` from real captions.

    Args:
        pairs: Probability of a caption, and whether a person found it right.
        precision: Share that shall be right among those at the bound or above, 0 to 1.
    Returns:
        The least probability of a pair that will do; None when none does.
    """
    found = None
    right = 0
    ordered = sorted(pairs, key=lambda pair: pair[0], reverse=True)
    for count, (probability, is_right) in enumerate(ordered, 1):
        right += is_right
        # equal probabilities cannot be told apart: all of them or none
        is_last = count == len(ordered) or ordered[count][0] < probability
        if is_last and right >= precision * count:
            found = probability
    return found
