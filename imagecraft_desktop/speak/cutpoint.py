"""Where a recording is cut so that it ends with a whole word: for the maker of voice prompts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """A word of a transcript and when it is heard, in seconds from the start of the recording."""

    text: str
    begin_s: float
    end_s: float


def cut_point(
    words: Sequence[Word], cut_off_s: float, margin_s: float = 0.04, tolerance_s: float = 1.0
) -> tuple[float, int]:
    """Find the first pause after a wished length; without one, the first end of a word.

    Args:
        words: In the order they are heard.
        cut_off_s: What should at least be kept.
        margin_s: How long a silence counts as a pause; two thirds of it are kept.
        tolerance_s: How much later than wished the pause may begin.
    Returns:
        The time of the cut in seconds, and the index of the last word kept. When all words end
        before `cut_off_s`, the end of the last one.
    Raises:
        ValueError: There are no words.
    """
    if not words:
        raise ValueError("no words to cut at")
    late = [index for index, word in enumerate(words) if word.end_s >= cut_off_s]
    for index in late:
        if index + 1 == len(words) or words[index].end_s >= cut_off_s + tolerance_s:
            continue
        if words[index + 1].begin_s - words[index].end_s >= margin_s:
            return words[index].end_s + margin_s * 2 / 3, index
    last = late[0] if late else len(words) - 1
    return words[last].end_s, last


def snap_to_word(words: Sequence[Word], end_s: float) -> tuple[float, int]:
    """Move a chosen end to the end of the word that sounds there, if most of it is before it.

    Returns:
        The end in seconds, and the index of the last word that is kept; -1 when none is.
    """
    kept = -1
    for index, word in enumerate(words):
        if word.end_s >= end_s:
            if (word.begin_s + word.end_s) / 2 < end_s:
                return word.end_s, index
            break
        kept = index
    return end_s, kept
