"""What a server writes, taken apart into sentences, each as sure as its own words.

The form is that of OpenAI's chat completions, whole or in chunks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from imagecraft_desktop.describe.caption import clean, make_caption
from imagecraft_desktop.describe.embedded.phrases import sentence_ends
from imagecraft_desktop.describe.sentences import LINE_END, Circle, plain
from imagecraft_desktop.values import Caption, Certainty

MOST_LETTERS = 8_000
"""Nobody listens to more."""
_SIGNS = re.compile(r"<\|[\w ]{1,30}\|>|</s>|</?think>|<(?:start|end)_of_turn>")
"""Of a model's own, between turns: a server may forget to take them out."""
_THOUGHT, _THOUGHT_END = "<think>", "</think>"
_LONE_END = re.compile(r"(?<![\"'`“‘«])</think>")
"""Where the server wrote the beginning for the model; not where the tag is talked about."""
_THINKING = ("reasoning_content", "reasoning")
"""What servers call thoughts that they tell apart from the answer."""
_CUT = "length"


@dataclass(frozen=True)
class Piece:
    """A part of an answer.

    Attributes:
        text: Belongs to the answer; "" for what is none of its words.
        probabilities: Of the tokens it is made of; None when the server does not tell.
        end: Why the answer ends here: "stop", "length"; "" when it goes on.
        is_thought: Whether the model thinks; its thoughts are no part of the answer.
    """

    text: str
    probabilities: tuple[float, ...] | None
    end: str
    is_thought: bool = False


def read_piece(content: Mapping[str, Any]) -> Piece:
    """Read a chunk, or a whole answer. Raises LookupError, TypeError or ValueError for what is neither."""
    choices = content["choices"]
    if not choices:  # the last chunk of some servers only counts
        return Piece("", None, "")
    choice = choices[0]
    said = choice.get("delta") or choice.get("message") or {}
    text, end = said.get("content") or "", choice.get("finish_reason") or ""
    if not isinstance(text, str) or not isinstance(end, str):
        raise TypeError("words that are no text")
    logs = (choice.get("logprobs") or {}).get("content")
    known = tuple(_probability(token["logprob"]) for token in logs) if logs else None
    return Piece(text, known, end, any(map(said.get, _THINKING)))


def _probability(logarithm: Any) -> float:
    try:
        value = float(logarithm)
    except OverflowError as error:  # a whole number of hundreds of digits
        raise ValueError("a probability that is no number") from error
    if math.isnan(value):
        raise ValueError("a probability that is no number")
    return math.exp(min(value, 0.0))


class Sentences:
    """Collects an answer.

    Args:
        language: BCP 47 tag of what is written.
        thinks: Whether it is thought up to where a thought ends, however it begins: nothing is said before.

    Attributes:
        has_ended: Whether the server came to an end.
        has_thought: Whether the model thought before it answered.
        thinks_aloud: Whether a thought ended that had not begun.
        has_said_thought: Whether sentences of it had been said.
        letters: How many have come.
        circle: What has been written.
    """

    def __init__(self, language: str = "en", *, thinks: bool = False) -> None:
        self._language = language
        self._thinks = thinks
        self._may_think = True
        self._has_said = False
        self.thinks_aloud = self.has_said_thought = False
        self._text = ""
        self._probabilities: list[float] = []
        self._is_known = True
        self._was_cut = False
        self.has_ended = self.has_thought = False
        self.letters = 0
        self.circle = Circle()

    def add(self, piece: Piece) -> Iterator[Caption]:
        """Take a piece; yield the sentences that are whole now."""
        if piece.end:
            self.has_ended, self._was_cut = True, piece.end == _CUT
        if piece.is_thought:  # the server tells thoughts apart
            self.has_thought, self._thinks = True, False
        if piece.text:
            self.letters += len(piece.text)
            self._text += piece.text
            self._is_known = self._is_known and piece.probabilities is not None
            self._probabilities += piece.probabilities or ()
        if not self._is_thinking():
            yield from self._whole()

    def rest(self) -> Iterator[Caption]:
        """The last sentences, after the end."""
        if self._thinks and self._was_cut:
            self.has_thought = True
            return
        self._thinks = False
        if not self._is_thinking():
            yield from self._whole()
            yield from self._caption(self._text, has_ended=not self._was_cut)

    def _whole(self) -> Iterator[Caption]:
        while (end := self._end()) is not None:
            sentence, self._text = self._text[:end], self._text[end:]
            yield from self._caption(sentence, has_ended=True)

    def _is_thinking(self) -> bool:
        """Whether a model still thinks aloud; what it thought is dropped."""
        begun = self._text.lstrip()
        if begun.startswith(_THOUGHT):
            self.has_thought = True
            thought, _, rest = begun.partition(_THOUGHT_END)
            if thought == begun:
                return True
            self._begin_answer(rest)
            return False
        end = _LONE_END.search(self._text) if self._may_think else None
        if end is not None and _THOUGHT not in self._text[: end.start()]:
            self.has_thought = self.thinks_aloud = True
            self.has_said_thought = self._has_said
            self.circle = Circle()
            self._begin_answer(self._text[end.end() :])
            return False
        return self._thinks or (bool(begun) and _THOUGHT.startswith(begun))

    def _begin_answer(self, text: str) -> None:
        self._text, self._probabilities = text, []
        self._thinks = self._may_think = False

    def _end(self) -> int | None:
        """Where the first sentence ends, if it is seen that it does: something follows it."""
        ends = (end for end in sentence_ends(self._text) if self._text[end:].strip())
        found = next(ends, None)
        line = LINE_END.search(self._text, len(self._text) - len(self._text.lstrip()))
        return line.end() if line and (found is None or line.start() < found) else found

    def _caption(self, sentence: str, *, has_ended: bool) -> Iterator[Caption]:
        text = clean(plain(_SIGNS.sub(" ", sentence)))
        if not text:
            return
        probabilities, self._probabilities = self._probabilities, []
        is_known, self._is_known = self._is_known, True
        if not self.circle.is_new(text):
            return
        self._has_said = True
        if is_known and probabilities:
            yield make_caption(text, probabilities, has_ended, self._language)
            return
        # how sure the model is nobody knows: never plain
        level = Certainty.LIKELY if has_ended else Certainty.UNSURE
        yield Caption(text, 0.0, 0.0, 0, level, self._language)
