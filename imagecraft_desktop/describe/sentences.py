"""Cuts what a network writes into sentences while it writes. Used by the captioners.

A sentence is out as soon as what follows shows that it has ended: the stops of "3.5", of "Dr. Gray",
of "z. B." and of the "2." that numbers a list end nothing. A line's end does: lists and headings
come without stops. The signs of Markdown and the tags of HTML are left out, for they would be read aloud, and so is
what was written before: small networks that take the likeliest token each time go round in circles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from imagecraft_desktop.describe.bounds import BOUNDS, Bounds
from imagecraft_desktop.describe.caption import make_caption
from imagecraft_desktop.describe.embedded.phrases import ends_sentence
from imagecraft_desktop.values import Caption

_BREAKS = r"br|hr|p|div|li|ul|ol|h[1-6]|table|tr|td|th|pre|blockquote"
_INLINE = r"b|i|u|s|a|em|strong|span|small|mark|sub|sup|code|font|center|del|ins|think|answer"
_QUOTES = "\"'`“”‘’«»"
"""A tag between them is talked about."""


def _tag(names: str) -> re.Pattern[str]:
    """Tags of HTML by these names, also with what they set: <p class="first">."""
    values = r"(?:\s+[\w-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=]+))*"
    tag = rf"</?(?:{names}){values}\s*/?>"
    return re.compile(rf"(?!(?<=[{_QUOTES}]){tag}[{_QUOTES}]){tag}", re.IGNORECASE)


_BREAK_TAG, _INLINE_TAG = _tag(_BREAKS), _tag(_INLINE)
LINE_END = re.compile(
    rf"\n|(?<![{_QUOTES}])<(?:[bh]r|/(?:p|div|li|h[1-6]|tr))\s*/?>", re.IGNORECASE
)
_END = re.compile(
    rf"([.!?…]+)[*_]*[\"'”’»)\]]*(?=\s)|[。！？]+[”’」』）]*|{LINE_END.pattern}", re.IGNORECASE
)
_UNFINISHED = "\N{REPLACEMENT CHARACTER}"
"""At the end of a text: the rest of the letter is in the tokens to come."""
_FENCE = re.compile(r"^\s*(?:`{3,}|~{3,})[\w+-]*\s*$")
_LINE_START = re.compile(r"^\s*(?:#{1,6}\s+|[-*+•]\s+|>\s+)+")
_EMPHASIS = re.compile(
    r"(?<![0-9A-Za-z])(\*{1,3}|__|`+)(?=[^\s*`])(.+?)(?<=\S)\1(?!\.?[0-9A-Za-z])"
)
"""Not 5*3*2, nor __init__.py."""
_HALF = re.compile(r"^[*`]+(?=[^\s*`])|(?<=[.!?…])[*`]+$|(?<![\w*])\*\*(?=\w)|(?<=\w)\*\*(?![\w*])")
"""Of what is emphasised over several sentences."""
_LETTERS = re.compile(r"\w")
_CIRCLE = 2


def first_end(text: str, is_whole: bool = False) -> int | None:
    """Where the first sentence of a text ends; None when that cannot be told yet.

    Args:
        is_whole: Nothing follows the text; then it ends with it at the latest.
    """
    for end in _END.finditer(text):
        before, after = text[: end.start()], text[end.end() :].lstrip()
        if end[0][0] in "\n<。！？":
            if _LETTERS.search(before):
                return end.end()
            continue
        if not (after or is_whole):
            return None
        is_stop = end[1] != "." or ends_sentence(before, after)
        if is_stop and not after[:1].islower() and _LETTERS.search(before):
            return end.end()
    return len(text) if is_whole else None


def plain(text: str) -> str:
    """A sentence without the signs of Markdown and the tags of HTML."""
    text = _INLINE_TAG.sub("", _BREAK_TAG.sub(" ", text))
    text = _LINE_START.sub("", _FENCE.sub("", text))
    return _HALF.sub("", _EMPHASIS.sub(r"\2", text).strip())


class Circle:
    """Knows what was written before.

    Attributes:
        is_closed: So many sentences in a row were old ones that no new one is to be waited for.
    """

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._old = 0
        self.is_closed = False

    def is_new(self, sentence: str) -> bool:
        """Whether a sentence was not written before, but for capitals and signs."""
        words = " ".join(re.findall(r"[\w+−-]+", sentence.casefold()))
        if not words or words not in self._known:
            self._known.add(words)
            self._old = 0
            return True
        self._old += 1
        self.is_closed = self._old >= _CIRCLE
        return False


@dataclass(frozen=True)
class _Written:
    """A token's probability, and how long the text is with it."""

    probability: float
    length: int


class Cutter:
    """The sentences of one answer.

    Args:
        decode: The text of tokens.
        language: BCP 47 tag of what is written.
        bounds: Of the network.
    """

    def __init__(
        self,
        decode: Callable[[Sequence[int]], str],
        language: str = "en",
        bounds: Bounds = BOUNDS,
    ) -> None:
        self._decode = decode
        self._language = language
        self._bounds = bounds
        self._ids: list[int] = []
        self._written: list[_Written] = []
        self._done = 0
        self._has_said = False
        self._circle = Circle()
        self.text = ""
        """All that was written."""

    @property
    def is_circling(self) -> bool:
        """Whether the network only writes what it has written: then it is to be stopped."""
        return self._circle.is_closed

    def add(self, token: int, probability: float) -> Iterator[Caption]:
        """One more token; the sentences that are whole with it."""
        self._ids.append(token)
        self.text = self._decode(self._ids)
        self._written.append(_Written(probability, len(self.text)))
        if not self.text.endswith(_UNFINISHED):
            yield from self._whole(is_whole=False)

    def finish(self, has_ended: bool) -> Iterator[Caption]:
        """What is left; where nothing was written that could be said, a caption without a text.

        Args:
            has_ended: Whether the network came to its end by itself. If not, what it was saying is
                left out, unless it is all that there is.
        """
        if has_ended:
            yield from self._whole(is_whole=True)
        elif self._done == 0:
            self._has_said = True
            yield self._caption(len(self.text), has_ended=False)
        if not self._has_said:
            yield make_caption("", [], has_ended, self._language, self._bounds)

    def _whole(self, is_whole: bool) -> Iterator[Caption]:
        while self._done < len(self.text):
            end = first_end(self.text[self._done :], is_whole)
            if end is None:
                return
            made = self._caption(self._done + end, has_ended=True)
            if made.text and self._circle.is_new(made.text):
                self._has_said = True
                yield made

    def _caption(self, end: int, has_ended: bool) -> Caption:
        """What was written up to there, with the probabilities of the tokens that begin in it."""
        begins = [0, *(one.length for one in self._written)]
        sure = [
            one.probability
            for one, begin in zip(self._written, begins, strict=False)
            if self._done <= begin < end
        ]
        text = plain(self.text[self._done : end])
        self._done = end
        return make_caption(text, sure, has_ended, self._language, self._bounds)
