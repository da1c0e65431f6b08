"""Text in a photo that a captioning network reads, too: what two that cannot see each other's letters make
of the same place. Pure; called by `work`.

The embedded reader says of a photo only what it reads well, and no lone numbers, for edges look like them.
A network that tells places may confirm the rest. What only one of the two sees is never said. Two readings say the
same only where every sign but plain punctuation is the same: blood of AB+ is not blood of AB-.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from imagecraft_desktop import strings
from imagecraft_desktop.describe.embedded.phrases import safe
from imagecraft_desktop.see.layout import reading_order
from imagecraft_desktop.values import Box, Certainty, Statement, TextLine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Reread = Callable[["NDArray[np.uint8]"], Sequence[TextLine] | None]
"""Has a captioning network read RGB pixels (H, W, 3); its lines with their places there, without text where it is
not sure enough of it. None: it was not read."""

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
_STOPS = ".。:;, "
"""Not said at the end of a text that stands in a sentence."""
_PUNCTUATION = frozenset(".,;:!?…'\"’‘“”«»()[]¿¡。，、；：！？")
"""Of sentences: without it words say the same, as long as no number stands among them."""


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


def is_open(found: Sequence[Found], lines: Sequence[TextLine]) -> bool:
    """Whether both see writing at a place, whatever each makes of it: then nobody may say that there is none."""
    return any(_overlap(one.line.box, line.box) > 0 for one in found for line in lines)


def compare(found: Sequence[Found], lines: Sequence[TextLine]) -> Iterator[Statement]:
    """What the two make of the photo together, as surely as it deserves.

    Args:
        lines: Of the network, with their places in the same picture; without text where it is not sure of it.
    """
    left = list(found)
    for line in lines:
        here = [one for one in left if _overlap(one.line.box, line.box) >= _COVERED]
        if not here or _covered(here, line.box) < _COVERED:
            continue
        left = [one for one in left if one not in here]
        if len(_letters(line.line)) >= _SIGNS:
            yield from _tell(here, line)


def _tell(here: Sequence[Found], line: TextLine) -> Iterator[Statement]:
    here, text = _unsaid(here, line.line)
    read = _put_together([one.line for one in here], text)
    mine, other = _letters(read), _letters(text)
    is_said = all(one.is_said for one in here)
    if len(other) < _SIGNS or (is_said and _has(read, text)):
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


def _put_together(lines: Sequence[TextLine], text: str) -> str:
    """What was read in pieces, in the order in which it says the same as `text`, if it does in one: what is slanted is
    read from the left, what stands in rows from the top."""
    orders = (reading_order(lines), sorted(lines, key=lambda line: line.box.left))
    found = [_plain(" ".join(line.line for line in order)) for order in orders]
    return next((one for one in found if _is_alike(one, text)), found[0])


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
    return (left, _plain(" ".join(words))) if left else ([], "")


def _without(words: Sequence[str], said: str) -> list[str] | None:
    """The words but those that say the same as `said`; None when there are none such."""
    key = _key(said)
    wanted = key(said)
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            span = key(" ".join(words[start:end]))
            if span == wanted:
                return [*words[:start], *words[end:]]
            if not wanted.startswith(span):
                break
    return None


def _is_alike(one: str, other: str) -> bool:
    """Whether two texts say the same. Beside digits every sign counts: 1.5 is not 15."""
    key = _key(one + other)
    return key(one) == key(other)


def _has(read: str, text: str) -> bool:
    """Whether a text is all of what was read or words of it; a part of a number is another number, and what has a
    sign beside it is something else than what has none."""
    if _is_alike(read, text):
        return True
    if _has_digit(read + text):
        return f" {text.casefold()} " in f" {read.casefold()} "
    sign = r"[^\w]"
    part = rf"(?<!{sign}){re.escape(_words(text))}(?!{sign})"
    return re.search(part, _words(read)) is not None


def _plain(text: str) -> str:
    """Safe text to stand in a sentence: with every sign but a stop at its end."""
    return safe(text).rstrip(_STOPS)


def _key(text: str) -> Callable[[str], str]:
    """What of texts must be the same where this one stands among them."""
    return _signs if _has_digit(text) else _words


def _has_digit(text: str) -> bool:
    return any(map(str.isnumeric, text))


def _signs(text: str) -> str:
    """Every sign but a stop at the end, without blanks and case."""
    return "".join(_plain(text).casefold().split())


def _words(text: str) -> str:
    """Every sign but punctuation, without blanks and case."""
    return "".join(sign for sign in _signs(text) if sign not in _PUNCTUATION)


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
