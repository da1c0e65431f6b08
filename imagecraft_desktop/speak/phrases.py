"""Cuts a text into utterances for a network that can say only so much at once.

Utterances end where a reader takes breath: at the end of a sentence, else at a comma or the like,
else before a word such as "and", else between words, and never between a title and its name. Used
by voices with a limit on length, and by `prepare` for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from imagecraft_desktop.speak.sentences import is_shortened, sentences

_FEWEST_WORDS = 3  # shorter utterances come out unstable
_CLAUSE_END = re.compile(r"[;:,.!?…—–][\"'”’)»]*\Z")
_DASHES = frozenset(["—", "–", "-"])
_CONJUNCTIONS = frozenset(
    "and but or which that because while when with y pero que porque mientras cuando con".split()  # noqa: SIM905
)

# What a cut costs, in shares of the text by which it may be off the middle instead
_BEFORE_CONJUNCTION, _BETWEEN_WORDS, _AFTER_TITLE = 0.1, 0.3, 1.0
_ONE_PART_MORE = 0.15
_SHORT_END = 0.5


def phrases(text: str, count: Callable[[str], int], most: int) -> list[str]:
    """Cut a text; joined with blanks, the utterances have its words in order.

    Args:
        text: Of any length.
        count: The size of a text, in symbols of the network. Slow: it is asked once for each text
            and each of its parts.
        most: What an utterance may have. Only a single character may have more; a word is cut
            where it has too much alone.
    """
    parts = [part for sentence in sentences(text) for part in fitting(sentence, count, most)]
    return _with_short_joined(parts, count, most)


def fitting(text: str, count: Callable[[str], int], most: int) -> Iterator[str]:
    """Halve a sentence, well, until each part fits; arguments as of `phrases`."""
    size = count(text)
    words = text.split()
    if size <= most or len(text) == 1:
        yield text
        return
    if len(words) > 1:
        place = _best_cut(words, size, most)
        halves = [" ".join(words[:place]), " ".join(words[place:])]
    else:
        halves = [text[: len(text) // 2], text[len(text) // 2 :]]
    for half in halves:
        yield from fitting(half, count, most)


def _best_cut(words: Sequence[str], size: int, most: int) -> int:
    """How many words come before the cut. The text is taken to be as large as it is long."""
    parts = -(-size // max(most, 1))
    left = parts // 2
    part_share = most / size
    length = sum(map(len, words))
    costs: list[float] = []
    before = 0
    for index in range(1, len(words)):
        before += len(words[index - 1])
        share = before / length
        cost = abs(share - left / parts) + _cost_of_gap(words[index - 1], words[index])
        if share > left * part_share or 1 - share > (parts - left) * part_share:
            cost += _ONE_PART_MORE
        if min(index, len(words) - index) < _FEWEST_WORDS:
            cost += _SHORT_END
        costs.append(cost)
    return costs.index(min(costs)) + 1


def _cost_of_gap(before: str, after: str) -> float:
    if is_shortened(before, after):
        return _AFTER_TITLE
    if after not in _DASHES and (before in _DASHES or ends_clause(before)):
        return 0
    return _BEFORE_CONJUNCTION if after.lower() in _CONJUNCTIONS else _BETWEEN_WORDS


def _with_short_joined(parts: Sequence[str], count: Callable[[str], int], most: int) -> list[str]:
    """Put what is very short together with its neighbour, where a mark keeps them apart."""
    joined: list[str] = []
    for part in parts:
        if joined and ends_clause(joined[-1]) and (is_short(joined[-1]) or is_short(part)):
            both = f"{joined[-1]} {part}"
            if count(both) <= most:
                joined[-1] = both
                continue
        joined.append(part)
    return joined


def ends_clause(text: str) -> bool:
    """Whether a mark stands at its end at which one pauses."""
    return _CLAUSE_END.search(text) is not None


def is_short(text: str) -> bool:
    """Whether it has too few words to be an utterance."""
    return len(text.split(maxsplit=_FEWEST_WORDS)) < _FEWEST_WORDS
