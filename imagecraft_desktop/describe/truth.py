"""Compares what a captioning network wrote with what was proven. Pure; called by the embedded describer.

Detectors miss things, so that something was not found proves nothing. What is proven: that there are at
least so many of a thing, that a colour is nowhere, which text was read. A sentence that denies the
first, or quotes text that nobody read, is left out; the rest is said as doubtful. The words are English;
of captions in other languages only what stands between quotation marks is compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from imagecraft_desktop.describe.bounds import BOUNDS
from imagecraft_desktop.describe.caption import doubt, lower
from imagecraft_desktop.values import Caption, Certainty, Thing

COUNT, COLOUR, TEXT, KIND = "count", "colour", "text", "kind"

_COUNTED = "one two three four five six seven eight nine ten eleven twelve"
_NUMBERS = {word: number for number, word in enumerate(_COUNTED.split(), 1)}
_NUMBERS |= {"single": 1, "lone": 1, "couple": 2, "pair": 2}
_NONE = frozenset(["no", "without"])
_ARTICLES = frozenset(["a", "an", "any"])
"""Of "without a dog"."""
_NOBODY = frozenset(["nobody", "unoccupied", "deserted"])
_ONE_OF_MANY = {
    "person": ("person", "people", "persons"),
    "mouse": ("mouse", "mice"),
    "sheep": ("sheep",),
    "knife": ("knife", "knives"),
    "bus": ("bus", "buses"),
}
"""Words for a thing, where "s" does not make the plural."""
_ANIMALS_TEXT = (
    "bird cat dog horse sheep cow elephant bear zebra giraffe lion tiger fox wolf monkey "
    "rabbit pig goat deer duck chicken fish snake turtle frog camel panda kangaroo"
)
_ANIMALS = frozenset(_ANIMALS_TEXT.split())
_COLOURS: Mapping[str, tuple[str, ...]] = {
    "red": ("red", "pink", "orange", "brown", "purple"),
    "orange": ("orange", "red", "yellow", "brown", "beige"),
    "yellow": ("yellow", "beige", "orange", "green", "brown"),
    "green": ("green", "turquoise", "yellow", "brown", "grey"),
    "turquoise": ("turquoise", "green", "blue"),
    "blue": ("blue", "turquoise", "purple", "grey"),
    "purple": ("purple", "pink", "blue", "red"),
    "pink": ("pink", "red", "purple", "orange", "beige"),
    "brown": ("brown", "orange", "red", "beige", "yellow", "black", "grey"),
    "beige": ("beige", "brown", "white", "yellow", "grey", "orange"),
    "grey": ("grey", "black", "white", "blue", "brown", "beige"),
    "black": ("black", "grey", "brown", "blue"),
    "white": ("white", "grey", "beige"),
}
"""A colour's word, and the names of `see.colours` that people may call so."""
_OTHER_COLOURS = {"gray": "grey", "violet": "purple", "tan": "beige", "teal": "turquoise"}
_QUOTED = re.compile(
    r"[\"“”„«»「]([^\"“”„«»「」]+)[\"“”«»」]|(?<!\w)['‘]([^'’]{2,}?)['’](?!\w)"
    r"|\b(?:says|saying|reads|reading|words|spelling)\b:?\s+(?!a\b|the\b|books?\b)([^\"“”'‘]+)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+")
_SMALL_TEXT = (
    "a an the this that there is are was of in on at with and or to by for from its it his "
    "her their some several very up down out into over near next front back top side view "
    "close"
)
_SMALL = frozenset(_SMALL_TEXT.split())
_BETWEEN = 2
"""So many words may stand between a number and its noun: "two small brown dogs"."""


def check(
    caption: Caption,
    things: Sequence[Thing],
    lines: Sequence[str],
    shares: Callable[[], Mapping[str, float]],
    is_answer: bool = False,
) -> Caption:
    """The caption, no surer than what was proven allows, with what it contradicts.

    Args:
        things: Seen in what was captioned.
        lines: Text read in the whole picture.
        shares: Of what was captioned: names of `see.colours` to shares of its points; asked only when a
            colour is named.
        is_answer: It answers a question: what cannot be confirmed is then hedged and not left out.
    """
    if caption.certainty is None:
        return caption
    is_english = caption.language.partition("-")[0] == "en"
    # a Spanish "red" is a net
    words = _WORD.findall(caption.text.lower()) if is_english else []
    proven = [thing for thing in things if thing.certainty is Certainty.CERTAIN]
    found: list[str] = []
    level: Certainty | None = caption.certainty
    if _quotes_unread(caption.text, lines):
        found.append(TEXT)
        level = doubt(level, Certainty.UNSURE) if is_answer else None
    denied, doubtful = _wrong_counts(words, proven)
    if denied or doubtful:
        found.append(COUNT)
        level = None if denied else doubt(level, Certainty.UNSURE)
    if _names_other_animal(words, proven):
        found.append(KIND)
        level = doubt(level, Certainty.UNSURE)
    if _names_absent_colour(words, shares):
        found.append(COLOUR)
        level = doubt(level, Certainty.UNSURE)
    return replace(caption, certainty=level, contradicts=tuple(found)) if found else caption


def agreement(one: str, other: str) -> float:
    """Share of the words with content that two sentences have in common, 0 to 1."""
    first, second = _content(one), _content(other)
    if not first or not second:
        return float(first == second)
    return 2 * len(first & second) / (len(first) + len(second))


def compare(first: Caption, second: Caption) -> Caption:
    """The first caption with its likeness to a second decoding; a level less sure when they differ."""
    share = agreement(first.text, second.text)
    level = first.certainty if share >= BOUNDS.agreement else lower(first.certainty)
    return replace(first, certainty=level, agreement=share)


def _content(text: str) -> set[str]:
    words = set(_WORD.findall(text.lower())) - _SMALL
    return {word.removesuffix("s") if len(word) > 3 else word for word in words}


def _words_for(thing: Thing) -> frozenset[str]:
    """Words that mean this thing, whatever else it may be called."""
    names = [name for name in (thing.name, thing.family) if name and " " not in name]
    return frozenset(
        word for name in names for word in _ONE_OF_MANY.get(name, (name, f"{name}s", f"{name}es"))
    )


def _wrong_counts(words: Sequence[str], proven: Sequence[Thing]) -> tuple[bool, bool]:
    """Whether things are denied that are there; whether other counts are named than were found."""
    denied = doubtful = False
    for thing in proven:
        nouns = _words_for(thing)
        if thing.name == "person" and _NOBODY & set(words):
            denied = True
        for place, word in enumerate(words):
            if word in nouns:
                number, gap = _number_before(words, place)
                if number == 0 or (number is not None and number < thing.count and gap == 0):
                    denied = True
                elif number is not None and number != thing.count:
                    doubtful = True
    return denied, doubtful


def _number_before(words: Sequence[str], place: int) -> tuple[int | None, int]:
    """The number of a noun, 0 for "no dogs", None when none is named; how many words are between."""
    for gap in range(_BETWEEN + 1):
        at = place - 1 - gap
        if at < 0:
            break
        if words[at] in _NONE:
            return 0, gap
        if words[at] in _NUMBERS:
            return _NUMBERS[words[at]], gap
        if words[at] == "of" and at > 0 and words[at - 1] in _NUMBERS:  # "a couple of dogs"
            return _NUMBERS[words[at - 1]], gap
        if words[at] in _SMALL - _ARTICLES:
            break
    return None, 0


def _names_other_animal(words: Sequence[str], proven: Sequence[Thing]) -> bool:
    """Whether an animal is named and the one that is there is not."""
    seen = [thing for thing in proven if _ANIMALS & {thing.name, thing.family}]
    named = {word.removesuffix("s") for word in words} & _ANIMALS | {"sheep", "fish"} & set(words)
    return bool(named and seen) and not any(_words_for(thing) & set(words) for thing in seen)


def _names_absent_colour(words: Sequence[str], shares: Callable[[], Mapping[str, float]]) -> bool:
    named = {_OTHER_COLOURS.get(word, word) for word in words} & _COLOURS.keys()
    if not named:
        return False
    found = shares()
    return any(
        sum(found.get(name, 0.0) for name in _COLOURS[colour]) < BOUNDS.colour for colour in named
    )


def _quotes_unread(text: str, lines: Sequence[str]) -> bool:
    read = _letters(" ".join(lines))
    quotes = ("".join(found) for found in _QUOTED.findall(text))
    return any(not _is_in(_letters(quote), read) for quote in quotes)


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _is_in(quote: str, read: str) -> bool:
    """Whether text was read, or something very like it: a few letters may be wrong on either side."""
    if quote in read:
        return True
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(quote)
    for at in range(max(1, len(read) - len(quote) + 1)):
        matcher.set_seq1(read[at : at + len(quote)])
        if matcher.quick_ratio() >= BOUNDS.quote and matcher.ratio() >= BOUNDS.quote:
            return True
    return False
