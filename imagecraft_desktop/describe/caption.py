"""What a network wrote becomes a statement that is worded as surely as it deserves.

The levels are taken from the probabilities of the tokens, by the bounds of `describe.bounds`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from contextlib import nullcontext

from imagecraft_desktop import strings
from imagecraft_desktop.describe.bounds import BOUNDS, Bounds
from imagecraft_desktop.describe.embedded.phrases import safe, sentence
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Caption, Certainty, Statement

_ORDER = [level.certainty for level in BOUNDS.levels]
_SMALL_WORDS = frozenset(
    [
        *("a", "an", "the", "this", "that", "there", "it", "some", "several", "two"),
        *("un", "una", "unos", "unas", "el", "la", "los", "las", "hay"),
        *("yes", "no", "sí"),
    ]
)
_DOTS = re.compile(r"[.\s]+$")


def clean(text: str) -> str:
    """A caption as a sentence: the model's own capitals, but the first letter large, and a stop at
    its end. Empty when nothing was written.

    Args:
        text: What the network wrote, without its prompt.
    """
    text = _DOTS.sub("", safe(text))
    if not any(map(str.isalnum, text)):
        return ""
    return sentence(text[0].upper() + text[1:])


def make_caption(
    text: str,
    probabilities: Sequence[float],
    has_ended: bool,
    language: str = "en",
    bounds: Bounds = BOUNDS,
) -> Caption:
    """A caption with what is known of its certainty.

    Args:
        text: What the network wrote, without its prompt.
        probabilities: Of its tokens, each 0 to 1.
        has_ended: Whether the network came to its end by itself.
        language: BCP 47 tag of the text.
        bounds: Of this network.
    """
    made, how = clean(text), bounds.how
    if not made or not probabilities:
        return Caption(made, 0.0, 0.0, len(probabilities), None, language, bounds=how)
    weakest = min(probabilities)
    logs = [math.log(max(one, 1e-12)) for one in probabilities]
    mean = math.exp(math.fsum(logs) / len(logs))
    enough = (one for one in bounds.levels if mean >= one.mean and weakest >= one.weakest)
    level = next((one.certainty for one in enough), None)
    if level is not None and not has_ended:
        level = Certainty.UNSURE
    return Caption(made, mean, weakest, len(probabilities), level, language, bounds=how)


def combine(captions: Sequence[Caption]) -> Caption | None:
    """All that was written, as sure as the least sure of it; None when nothing was asked for."""
    if not captions:
        return None
    levels = [caption.certainty for caption in captions]
    known = [level for level in levels if level is not None]
    agreements = [caption.agreement for caption in captions]
    return Caption(
        " ".join(caption.text for caption in captions),
        min(caption.probability for caption in captions),
        min(caption.weakest for caption in captions),
        sum(caption.tokens for caption in captions),
        least_sure(known) if len(known) == len(levels) else None,
        captions[0].language,
        min((one for one in agreements if one is not None), default=None),
        tuple(dict.fromkeys(one for caption in captions for one in caption.contradicts)),
        bounds=captions[0].bounds,
    )


def least_sure(levels: Sequence[Certainty]) -> Certainty:
    """Of several levels; of none the surest."""
    return max(levels, key=_ORDER.index, default=Certainty.CERTAIN)


def lower(certainty: Certainty | None) -> Certainty | None:
    """The next level down; None below the last."""
    if certainty is None or certainty is _ORDER[-1]:
        return None
    return _ORDER[_ORDER.index(certainty) + 1]


def doubt(certainty: Certainty | None, most: Certainty) -> Certainty | None:
    """The level, but none above `most`."""
    if certainty is None:
        return None
    return max(certainty, most, key=_ORDER.index)


def say_caption(caption: Caption, most: Certainty = Certainty.CERTAIN) -> Statement:
    """Plain, "Probably ...", "Could be ...", or that it cannot be told.

    Args:
        most: No surer than this, however sure the network is.
    """
    level = doubt(caption.certainty, most)
    if level is None:
        return Statement(say(strings.CANNOT_TELL), Certainty.UNSURE, "captioner")
    if level is Certainty.CERTAIN:
        return Statement(caption.text, level, "captioner")
    return Statement(_hedge(caption, level), level, "captioner")


def _hedge(caption: Caption, level: Certainty) -> str:
    """A sentence with a word of doubt, in the sentence's own language if it is known here; else the
    word stands before the whole sentence, in the language of the program."""
    language = caption.language.partition("-")[0]
    is_ours = strings.language().partition("-")[0] == language
    is_probable = level is Certainty.LIKELY
    if not is_ours and language != "en":
        message = strings.FOREIGN_PROBABLY if is_probable else strings.FOREIGN_COULD_BE
        return say(message, caption=caption.text)
    message = strings.CAPTION_PROBABLY if is_probable else strings.CAPTION_COULD_BE
    with nullcontext() if is_ours else strings.in_english():
        return say(message, caption=_inside(caption.text))


def _inside(text: str) -> str:
    """A sentence as it stands after a first word: "A man" is "a man", "NASA" and "Rome" stay."""
    first = text.split(" ", 1)[0]
    return text[0].lower() + text[1:] if first.rstrip(".,!").lower() in _SMALL_WORDS else text
