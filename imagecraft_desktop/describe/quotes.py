"""What a sentence says is written, against the text that was read. Pure; called by `truth`.

Written is what stands between quotation marks, in every language; and what follows English words such as "says",
where it is no ordinary continuation: "a sign reading stop", but not "a woman reading in bed".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from imagecraft_desktop.describe.bounds import BOUNDS
from imagecraft_desktop.describe.counts import Verdict

_MARKED = re.compile(r"[\"“”„«»「]([^\"“”„«»「」]+)[\"“”«»」]|(?<!\w)['‘]([^'’]{2,}?)['’](?!\w)")
_KINDS = {
    "says": r"(?:says|saying|(?<=that )say|(?<=which )say)\b:?",
    "written": r"(?:(?:that|which)\s+reads?\b:?|reads\s*:|reading\s*:)",
    "reads": r"(?:reads|reading)\b",
    "words": r"(?:(?:the\s+words?|(?<=with )words)\b:?|words\s*:|titled\b:?|entitled\b:?|spelling(?:\s+out)?\b:?)",
    "labelled": r"labell?ed\b:?",
}
_CLAIM = re.compile(
    rf"\b(?:{'|'.join(f'(?P<{kind}>{words})' for kind, words in _KINDS.items())})\s*"
    r"(?:\b(?:the|a)\s+(?:words?|phrase|text|letters?|message)\b:?\s*)?(?P<quote>\b\w.*)",
    re.IGNORECASE | re.DOTALL,
)
_CONTINUED_TEXT = (
    "in on at to with about from by while and or as of for before after into onto inside outside near "
    "next under over above below behind beside between against through during along around across up down "
    "out off is are was were be being can that which who it them this these those a an his her "
    "their its my some several many each one two three four five six together aloud alone outdoors indoors"
)
_CONTINUED = frozenset(_CONTINUED_TEXT.split())
"""Not the first word of what is written, unless it can be nothing else."""
_MADE_TEXT = (
    "written painted printed carved engraved drawn displayed underlined spelled spelt visible filled missing upside "
    "bee bottle bottles jar jars box boxes"
)
_MADE = frozenset(_MADE_TEXT.split())
"""What is said of words, and not their content; and what is called labelled."""
_OBJECTS_TEXT = (
    "newspaper newspapers paper papers book books magazine magazines letter letters comic comics "
    "novel novels menu menus map maps mail mails email emails text texts message messages label labels "
    "sign signs instructions note notes story stories poem poems poetry document documents music news "
    "bible tablet phone screen something anything glasses lamp lamps light room nook corner chair area "
    "material materials"
)
_OBJECTS = frozenset(_OBJECTS_TEXT.split())
"""What is read, without saying what is written there; and what is for reading."""
_NEAR = 4
"""So many words may lead to an object: "reading the old newspapers"."""
_SPOKEN = frozenset(
    ["something", "anything", "nothing", "goodbye", "farewell", "hello", "hi", "grace", "vows"]
)
_VAGUE = frozenset(["something", "anything", "nothing", "so"])
_PEOPLE_TEXT = (
    "man men woman women boy boys girl girls child children kid kids person people student students lady "
    "ladies guy guys someone somebody couple family group mother father teacher baby toddler player he she "
    "they who passenger passengers individual individuals adult adults bride groom"
)
_PEOPLE = frozenset(_PEOPLE_TEXT.split())
_BEARERS_TEXT = (
    "sign signs poster posters banner banners billboard billboards board blackboard chalkboard whiteboard "
    "shirt shirts tshirt jersey jerseys hat cap sweater hoodie jacket apron mug mugs cup label labels "
    "screen monitor display card cards note notes letters text logo placard placards plaque plate flag box "
    "bottle can bag sticker tag caption headline title message cake clock graffiti it"
)
_BEARERS = frozenset(_BEARERS_TEXT.split())
"""What is written on; said last before "reading", it is what reads so."""
_WORN = frozenset(
    [
        "shirt",
        "shirts",
        "tshirt",
        "jersey",
        "jerseys",
        "hat",
        "cap",
        "sweater",
        "hoodie",
        "jacket",
        "apron",
    ]
)
"""Those by which someone who reads is told from others: "a man in a hat reading to two girls"."""
_QUANTITIES = frozenset(
    ["", "a", "an", "the", "of", "with", "and", "some", "several", "many", "two", "three", "four"]
)
"""Before "labelled" they make it an adjective: "two labelled bottles"."""
_AT = r"(?:it|them|him|her|top|both|either|each|one|the|a|an|its|his|their)\b"
_SCENE = r"(?:background|foreground|middle|cent(?:er|re)|corner|window|distance|street|picture|image|room)\b"
_TAIL = re.compile(
    r"[,;.!?](?=\s|$)|\s(?="
    rf"(?:on|above|below|over|under|beneath|beside|behind|near|across|along|around|against|inside|outside|at)\s+{_AT}"
    r"|in\s+(?:front\b|an?\b|(?:\w+\s+){0,2}(?:letters|writing|font|paint|ink|print|capitals)\b)"
    rf"|in\s+(?:red|orange|yellow|green|blue|purple|pink|brown|black|white|gold|silver|gr[ae]y)\b|in\s+the\s+{_SCENE}"
    r"|with\s+(?:a|an|the|two|three|some|several|its|his|her|their|people)\b"
    r"|and\s+(?:a|an|the|another|two|three|some|several|other|people)\b|to\s+the\s+(?:left|right)\b"
    r"|(?:is|are|hangs|hanging|stands|standing|sits|sitting|painted|written|printed|displayed|attached|mounted"
    r"|posted|placed|next|while)\b)",
    re.IGNORECASE,
)
"""Where what is written may end, and the sentence goes on: with where, or how, it is written, or with something else."""
_LEAST = 2
"""Letters of what is left of a quote that is cut."""
_WORD = re.compile(r"\w+")


def compare_quotes(text: str, lines: Sequence[str]) -> Verdict:
    """Hold a sentence against the text that was read.

    Args:
        lines: All that was read.
    Returns:
        Denied where something is said to be written that nobody read; doubtful where that is not clear.
    """
    read = _letters(" ".join(lines))
    marked = ("".join(found) for found in _MARKED.findall(text))
    denied = any(not _is_in(_letters(quote), read) for quote in marked)
    doubtful = False
    for quote, is_clear in _claims(_MARKED.sub('"', text)):
        if not any(_is_in(part, read) for part in _parts(quote)):
            denied, doubtful = denied or is_clear, doubtful or not is_clear
    return Verdict(denied, doubtful)


def _claims(text: str) -> Iterator[tuple[str, bool]]:
    """What is said to be written without quotation marks, and whether that is clearly what is meant: a man may say
    what he likes, and what he reads may be what he reads in."""
    at = 0
    while found := _CLAIM.search(text, at):
        at = found.start("quote")
        quote = found["quote"].partition('"')[0]
        before = _WORD.findall(text[: found.start()].lower())
        kind = next(kind for kind in _KINDS if found[kind])
        after = _phrase(_WORD.findall(quote.lower()))
        if after and not _is_ordinary(kind, before, after):
            yield quote, not _is_of_person(kind, before)


def _is_ordinary(kind: str, before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether words after "says" and the like are none that are said to be written."""
    first = after[0]
    if kind == "says":
        return first in (_SPOKEN if _is_of_person(kind, before) else _VAGUE)
    if kind == "written":
        return bool(_OBJECTS & set(after)) and not _is_last(before, _BEARERS, _PEOPLE)
    if kind == "labelled" and (before[-1] if before else "") in _QUANTITIES:
        return True
    if kind != "reads":
        return first in _CONTINUED | _MADE
    if _OBJECTS & set(after):
        return True
    is_of_bearer = bool((_BEARERS - _WORN) & set(before[-1:]))  # "a sign reading for sale"
    return not is_of_bearer and (first in _CONTINUED or first.endswith("ly"))


def _phrase(words: Sequence[str]) -> Sequence[str]:
    """The first words, as far as they may belong to one object: "the old newspapers" of "on a train"."""
    end = next((at for at, word in enumerate(words) if at and word in _CONTINUED), _NEAR)
    return words[: min(end, _NEAR)]


def _is_of_person(kind: str, before: Sequence[str]) -> bool:
    """Whether it is someone who says it, or reads."""
    if kind == "says":
        return bool(_PEOPLE & set([word for word in before[-2:] if word != "is"][-1:]))
    return kind == "reads" and _is_last(before, _PEOPLE, _BEARERS)


def _is_last(words: Sequence[str], wanted: frozenset[str], others: frozenset[str]) -> bool:
    """Whether of the words of two sorts the last is one of those wanted."""
    last = next((word for word in reversed(words) if word in wanted | others), "")
    return last in wanted


def _parts(quote: str) -> Iterator[str]:
    """The letters of what may be the quote: all, and up to each place where the sentence may go on."""
    yield _letters(quote)
    for end in _TAIL.finditer(quote):
        part = _letters(quote[: end.start()])
        if len(part) >= _LEAST:
            yield part


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
