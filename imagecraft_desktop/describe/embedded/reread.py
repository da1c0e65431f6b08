"""Text in a photo that a captioning network reads, too: what two that cannot see each other's letters make
of the same place. Pure; called by `work`.

The embedded reader says of a photo only what it reads well, and no lone numbers, for edges look like them.
A network that tells places may confirm the rest. What only one of the two sees is never said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from typing import TYPE_CHECKING

from imagecraft_desktop import strings
from imagecraft_desktop.describe.bounds import BOUNDS
from imagecraft_desktop.describe.embedded.phrases import name, safe
from imagecraft_desktop.values import Box, Certainty, Statement, TextLine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Reread = Callable[["NDArray[np.uint8]"], Sequence[TextLine]]
"""Has a captioning network read RGB pixels (H, W, 3); its lines with their places there."""

_SIGNS = 2
_LETTERS = 3
"""Fewer signs, or letters where the two differ, are chance."""
_SCORE = 0.5
"""A reading below it is no writing: edges in photos mostly read as less."""
_SURE = 0.9
"""What was read as surely as this is not doubted."""
_LIKE = 0.5
"""Likeness from which on two readings are of the same writing."""
_COVERED = 0.5
"""Share of a line's place that must have been found to be writing, and the other way round."""


@dataclass(frozen=True)
class Found:
    """Writing that the embedded reader found.

    Attributes:
        line: As it read it; perhaps rubbish.
        is_said: Whether that was told.
    """

    line: TextLine
    is_said: bool


def is_worth(found: Sequence[Found]) -> bool:
    """Whether there is anything that another reading could confirm or put in doubt."""
    return any(
        one.line.score < _SURE if one.is_said else one.line.score >= _SCORE
        for one in found
        if len(_letters(one.line.line)) >= _SIGNS
    )


def compare(found: Sequence[Found], lines: Sequence[TextLine]) -> Iterator[Statement]:
    """What the two make of the photo together, as surely as it deserves.

    Args:
        lines: Of the network, with their places in the same picture.
    """
    left = list(found)
    for line in lines:
        here = [one for one in left if _overlap(one.line.box, line.box) >= _COVERED]
        here.sort(key=lambda one: one.line.box.left)
        if not here or _covered(here, line.box) < _COVERED:
            continue
        left = [one for one in left if one not in here]
        yield from _tell(here, line)


def _tell(here: Sequence[Found], line: TextLine) -> Iterator[Statement]:
    here, text = _unsaid(here, line.line)
    read = name(" ".join(one.line.line for one in here))
    mine, other = _letters(read), _letters(text)
    is_said = all(one.is_said for one in here)
    if len(other) < _SIGNS or line.score < BOUNDS.levels[0].mean or (is_said and _has(read, text)):
        return
    if _is_alike(read, text):
        said = strings.say(strings.REREAD_PROBABLY, text=text)
        yield Statement(said, Certainty.LIKELY, "captioner", (line.box,))
        return
    is_like = SequenceMatcher(None, mine, other, False).ratio() >= _LIKE
    if mine != other and (len(other) < _LETTERS or not is_like):
        return
    if is_said:
        said = strings.say(strings.REREAD_ALSO, read=read, text=text)
    else:
        said = strings.say(strings.REREAD_COULD_BE, text=text)
    yield Statement(said, Certainty.UNSURE, "captioner", (line.box,))


def _unsaid(here: Sequence[Found], text: str) -> tuple[list[Found], str]:
    """The readings and the words that are left without those that were said and are read alike.

    Nothing is left when one that was said for certain is read otherwise: it is not doubted.
    """
    left, words = list(here), safe(text).split()
    for one in here:
        if not one.is_said:
            continue
        others = _without(words, one.line.line)
        if others is not None:
            left.remove(one)
            words = others
        elif one.line.score >= _SURE:
            return [], ""
    return (left, name(" ".join(words))) if left else ([], "")


def _without(words: Sequence[str], said: str) -> list[str] | None:
    """The words but those that say the same as `said`; None when there are none such."""
    for start, end in combinations(range(len(words) + 1), 2):
        if _is_alike(name(" ".join(words[start:end])), name(said)):
            return [*words[:start], *words[end:]]
    return None


def _is_alike(one: str, other: str) -> bool:
    """Whether two texts say the same. Beside digits every sign counts: 1.5 is not 15."""
    key = _signs if _has_digit(one + other) else _letters
    return key(one) == key(other)


def _has(read: str, text: str) -> bool:
    """Whether a text is all of what was read or a part of it; a part of a number is another number."""
    if _has_digit(read + text):
        return _is_alike(read, text) or f" {text.casefold()} " in f" {read.casefold()} "
    return _letters(text) in _letters(read)


def _has_digit(text: str) -> bool:
    return any(map(str.isnumeric, text))


def _signs(text: str) -> str:
    return "".join(text.casefold().split())


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _overlap(one: Box, other: Box) -> float:
    """Share of the first box that lies in the second."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    size = one.width * one.height
    return max(0, across) * max(0, down) / size if size > 0 else 0.0


def _covered(here: Sequence[Found], box: Box) -> float:
    return sum(_overlap(box, one.line.box) for one in here)
