"""Words for the ear: lists, names of things, text made safe to say. Called by the files beside it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from imagecraft_desktop import strings
from imagecraft_desktop.values import Certainty, Statement, Thing

_ENDS = ".!?…。！？"
_SOFT_ENDS = ":;,-–—"
_SIGNED = re.compile(r"(?:(?<!\S)(?:[A-Z]{1,2}|Rh|[0-9]+)-|−)\Z")
"""A sign at the end that says something: "AB-", "2-"."""
_STOP = re.compile(r"[.!?…](?=\s)|[。！？]")
_SHORTEST_LAST = 2
_LONGEST_ABBREVIATION = 3
_YEAR = 4
_ABBREVIATIONS = frozenset(
    [
        "approx",
        "art",
        "bzw",
        "ca",
        "cf",
        "ej",
        "etc",
        "evtl",
        "fig",
        "ggf",
        "inkl",
        "min",
        "no",
        "nr",
        "pag",
        "prof",
        "tel",
        "vol",
        "vs",
    ]
)
_AFTER_END = "\"'”’»)]"


def certain(text: str, source: str) -> Statement:
    """A statement that is said plainly."""
    return Statement(text, Certainty.CERTAIN, source)


def safe(text: str) -> str:
    """Text from a picture or a code as one line without control and invisible characters."""
    shown = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    return " ".join(shown.split())


def sentence(text: str) -> str:
    """Safe text with a stop at its end, so that the voice pauses there."""
    text = _ended(safe(text), _SOFT_ENDS + " ")
    if not text or text.rstrip(_AFTER_END)[-1:] in tuple(_ENDS):
        return text
    return text + "."


def name(text: str) -> str:
    """Safe text to stand inside a sentence: without a stop at its end."""
    return _ended(safe(text), ".。" + _SOFT_ENDS + " ")


def _ended(text: str, ends: str) -> str:
    """Without these at its end, up to a sign that says something."""
    while text[-1:] in tuple(ends) and not _SIGNED.search(text):
        text = text[:-1]
    return text


def first_sentence(text: str) -> str:
    """The first sentence of a text, with its stop."""
    whole = sentence(text)
    return whole[: next(sentence_ends(whole), len(whole))]


def sentence_ends(text: str) -> Iterator[int]:
    """Where its sentences end: the place after each stop. What comes after the last is no whole one."""
    for end in _STOP.finditer(text):
        if end[0] != "." or ends_sentence(text[: end.start()], text[end.end() :].lstrip()):
            yield end.end()


def ends_sentence(before: str, after: str) -> bool:
    """Whether a full stop is no part of an abbreviation ("Nr. 5", "z. B.") or of a date ("3. Mai")."""
    word = re.split(r"[\s(]", before)[-1].rstrip(_AFTER_END)
    if after[:1].islower() or len(word) < _SHORTEST_LAST or "." in word:
        return False
    if word.isdecimal():
        return len(word) >= _YEAR
    is_short_name = word[:1].isupper() and len(word) <= _LONGEST_ABBREVIATION
    return not is_short_name and word.casefold() not in _ABBREVIATIONS


def join(names: Sequence[str]) -> str:
    """ "Retry, Save as and Cancel". Empty for an empty list."""
    if len(names) < 2:
        return "".join(names)
    joined = strings.say(strings.LIST_LAST, one=names[-2], other=names[-1])
    for each in reversed(names[:-2]):
        joined = strings.say(strings.LIST_MORE, one=each, rest=joined)
    return joined


def series(names: Sequence[str]) -> str:
    """ "January, $1,200, $412": things that stand beside each other and are no enumeration."""
    if not names:
        return ""
    joined = names[-1]
    for each in reversed(names[:-1]):
        joined = strings.say(strings.LIST_MORE, one=each, rest=joined)
    return joined


def say_thing(thing: Thing) -> str:
    """ "a dog, a German shepherd", "at least 2 giraffes"; "" if the language has no words for it.

    An animal whose species has no name in the language is said by its plainer name.
    """
    from imagecraft_desktop.see.classes import group_of, phrase_of

    if thing.name in strings.THINGS:
        said = strings.say(strings.THINGS[thing.name], count=thing.count)
    else:
        said = phrase_of(thing.name, strings.language())
    family = thing.family if said else thing.family or group_of(thing.name)
    if not family:
        return said
    plain = strings.say(strings.THINGS[family], count=thing.count)
    if not said:
        return plain
    if strings.language() == "en" and thing.name.endswith(family):
        return said  # "a polar bear" needs no "a bear"
    return strings.say(strings.THING_AND_KIND, plain=plain, kind=said)


def say_things(things: Sequence[Thing]) -> str:
    """All of them as a list, each phrase once: two species may share their plainer name."""
    return join(list(dict.fromkeys(say_thing(thing) for thing in things)))


def count_words(text: str) -> int:
    return len(text.split())
