"""What an English sentence says of how many of a thing there are, against what was proven. Pure; called by `truth`.

Proven is a least number: a sentence that names fewer, or none, denies it; one that names more, if only by a plural, or
fewer of some kind, is only doubtful. What is said of a part ("no one is smiling", "two of the dogs") says nothing of all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from imagecraft_desktop.values import Thing

_COUNTED = "one two three four five six seven eight nine ten eleven twelve"
_NUMBERS = {word: number for number, word in enumerate(_COUNTED.split(), 1)}
_NUMBERS |= {"zero": 0, "single": 1, "lone": 1, "couple": 2, "pair": 2}
_LEAST: Mapping[str, int] = {
    **dict.fromkeys(["group", "bunch", "multiple", "various"], 2),
    **dict.fromkeys(["several", "few", "herd", "flock", "pack"], 3),
    **dict.fromkeys(["many", "numerous", "lot", "lots", "plenty", "crowd"], 5),
    **{"dozen": 12, "dozens": 24, "hundreds": 200, "thousands": 2000},
}
"""Words that say that there are many, and the least number that each can mean."""
_MOST_NUMBER = 999
"""A larger one may be a year."""
_UNITS_TEXT = (
    "year years month months week weeks day days hour hours minute minutes foot feet inch inches "
    "metre metres meter meters mile miles pound pounds door seater wheeled legged headed story"
)
_UNITS = frozenset(_UNITS_TEXT.split())
"""A number before one of them is not of what follows: "two year old dogs"."""
_NONE = frozenset(["no", "without"])
_NEITHER = frozenset(["neither", "nor"])
"""Before several they say that there is none, but "neither dog" that there are two."""
_NO = "nay"
"""Stands for a "no" that is an answer by itself, as in "No, a dog"."""
_NOBODY = "nobody"
"""Stands for "no one", too."""
_DESERTED = frozenset(["unoccupied", "uninhabited", "deserted"])
_EMPTY = frozenset(["empty", "vacant", "abandoned"])
_ALONE = frozenset(["alone", "lone", "solitary"])
_EMPTY_PLACES_TEXT = (
    "street streets road roads sidewalk alley path square plaza park playground beach field room hall hallway "
    "corridor classroom office kitchen restaurant cafe station platform stadium theater theatre church stage"
)
_EMPTY_PLACES = frozenset(_EMPTY_PLACES_TEXT.split())
"""Where these are mostly said of people."""
_NEARLY = frozenset(
    ["nearly", "almost", "mostly", "half", "relatively", "fairly", "otherwise", "not"]
)
_LOOKS = frozenset(["looks", "seems", "appears", "lies"])
_ARTICLES = frozenset(["a", "an", "any"])
"""Of "without a dog"."""
_ALL = frozenset(["visible", "actual", "real", "living", "single", *_ARTICLES])
"""Between "no" and a noun they leave it a denial; another word makes it one of some kind."""
_OTHERS = frozenset(["other", "others", "more", "further", "additional", "extra", "else"])
_SEEN_TEXT = (
    "see find show contain include depict detect notice spot shows contains includes depicts"
)
_SEEN = frozenset(_SEEN_TEXT.split())
_DO = frozenset(["do", "does", "did", "can", "could"])
_WATCHERS = frozenset(["i", "we", "you", "it", "picture", "photo", "image", "scene"])
"""Who sees, or shows, all of the picture; the men in it do not."""
_EVEN = frozenset(["any", "single", "one", "even"])
_IS = frozenset(["is", "are", "was", "were", "s", "be"])
_ENDS = frozenset(".;:!?")
_SMALL_TEXT = (
    "the this that there is are was of in on at with and or to by for from its it his her their "
    "some several very up down out into over near next front back top side view close"
)
SMALL = frozenset(_SMALL_TEXT.split())
"""Words without content, but articles."""
_OTHER_THINGS = frozenset([("hot", "dogs"), ("teddy", "bears")])
_NEGATED_BY = 4
"""A "not" so many words before a noun may be of it: "there are not very many dogs"."""
_IN_A_ROW = 3
"""So many words may stand between a "no" and its "or"."""
_BETWEEN = 2
"""So many words may stand between a number and its noun: "two small brown dogs"."""
_PERSON = "person"
_ONE_OF_MANY = {
    _PERSON: ("person", "people", "persons", "human", "humans", "individuals"),
    "mouse": ("mouse", "mice"),
    "sheep": ("sheep",),
    "knife": ("knife", "knives"),
    "bus": ("bus", "buses"),
}
"""Words for a thing, where "s" does not make the plural."""
_SOME_PEOPLE = frozenset(["men", "women", "children", "boys", "girls", "guys", "ladies", "adults"])
"""Some of the people: that there are fewer of them, or none, denies nobody."""
_SOMEONE_TEXT = "man woman child boy girl guy lady adult person someone somebody couple"
_SOMEONE = _SOME_PEOPLE | frozenset(_SOMEONE_TEXT.split())
"""Named in a place that is called deserted they are those who are alone there."""
FEW = 2
"""So many people may be alone in a place."""
_ANYONE = frozenset(["anyone", "anybody", "someone", "somebody", "who", *_SOME_PEOPLE])
_PEOPLE = frozenset(_ONE_OF_MANY[_PERSON]) | _ANYONE
_PLURALS = frozenset(["people", "men", "women", "children", "mice", "sheep"])
_PICTURE = frozenset(
    ["picture", "photo", "photograph", "image", "scene", "frame", "view", "screen"]
)
_PLACES = frozenset(["in", "on", "at", "inside", "near", "around"])
_HERE_TEXT = "visible here there present seen shown around sight all them in the this that at of"
_HERE = frozenset(_HERE_TEXT.split()) | _PICTURE
_ASKING_TEXT = (
    "is are was were there a an any some it these those can could do does you i we see show "
    "contain have has find on how many what number count total exactly please or and"
)
_ASKING = frozenset(_ASKING_TEXT.split()) | _HERE
"""Words of a question about all of the picture; any other word asks for a part or a property."""
_ANSWERING_TEXT = "yes is are was were a an any it i we do does can could see find count one only just exactly to be"
_ANSWERING = frozenset(_ANSWERING_TEXT.split()) | _HERE
_DENYING = frozenset([_NO, "no", "not", "none", "nothing", "zero", "0", _NOBODY])
_HOW_MANY = frozenset(["many", "number", "count"])
_WORD = re.compile(r"[a-z]+|\d+(?:[.,:]\d+)*|[.;:!?]")
_REWRITTEN = (
    (re.compile(r"[’‘]"), "'"),
    (re.compile(r"\b(?:can't|cannot)\b"), "can not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"\bno[ -]?one\b|\bnot a (?:single |living )?soul\b"), _NOBODY),
    (re.compile(r"\bthere (?:is|was) not any(?:one|body)\b"), f"there {_NOBODY}"),
    (re.compile(r"\bnot see any(?:one|body)\b"), f"see {_NOBODY}"),
    (re.compile(r"\bno(?=\s*(?:[,;:.!?–—]|$))"), _NO),
)


@dataclass(frozen=True)
class Verdict:
    """What a sentence says against what was proven.

    Attributes:
        denied: That things are not there, or fewer, which are; or that something is written which nobody read.
        doubtful: Another number than was found, or that none of some kind is there; or perhaps such a text.
    """

    denied: bool = False
    doubtful: bool = False


def compare_counts(text: str, proven: Sequence[Thing], question: str = "") -> Verdict:
    """Hold a sentence against what was proven.

    Args:
        text: English.
        proven: Things of which there are at least so many.
        question: What the sentence answers; "" if it answers none. The noun may stand there alone.
    """
    words, asked = _split(text), _split(question)
    verdicts = [_about(words, asked, thing) for thing in proven]
    verdicts.append(_answer(words, asked, proven))
    return Verdict(any(one.denied for one in verdicts), any(one.doubtful for one in verdicts))


def words_for(thing: Thing) -> frozenset[str]:
    """Words that mean this thing, whatever else it may be called."""
    names = [name for name in (thing.name, thing.family) if name and " " not in name]
    return frozenset(
        word for name in names for word in _ONE_OF_MANY.get(name, (name, f"{name}s", f"{name}es"))
    )


def _split(text: str) -> list[str]:
    text = text.lower()
    for pattern, by in _REWRITTEN:
        text = pattern.sub(by, text)
    return _WORD.findall(text)


def _about(words: Sequence[str], asked: Sequence[str], thing: Thing) -> Verdict:
    """What is said of one thing by its name."""
    nouns = words_for(thing)
    denied = doubtful = False
    is_person = thing.name == _PERSON
    if is_person:
        is_alone = thing.count <= FEW and bool(_SOMEONE & set(words))
        is_deserted = bool(_DESERTED & set(words)) and not is_alone
        denied = is_deserted or _denies_everyone(words, asked)
        is_single = thing.count > 1 and bool(_ALONE & set(words))
        doubtful = is_single or (_is_empty(words) and not is_alone)
    for place, word in enumerate(words):
        if is_person and word in _SOME_PEOPLE:
            doubtful |= _is_more(words, place, thing)
        elif word in nouns and not _is_adjective(words, place):
            one = _claim(words, place, thing)
            denied, doubtful = denied or one.denied, doubtful or one.doubtful
    return Verdict(denied, doubtful)


def _claim(words: Sequence[str], place: int, thing: Thing) -> Verdict:
    """What is said by the words before a noun."""
    if _is_negated(words, place):
        return Verdict(denied=True)
    if (least := _least_before(words, place)) is not None:
        return Verdict(doubtful=least > thing.count)
    number, gap = _number_before(words, place)
    between = set(words[place - gap : place])
    if number is None:
        return Verdict(doubtful=_is_more_than_one(words, place, thing))
    if number == thing.count or (number == 0 and between & _OTHERS):
        return Verdict()
    if number == 0:
        return Verdict(denied=between <= _ALL, doubtful=not between <= _ALL)
    is_less = number < thing.count and gap == 0
    return Verdict(denied=is_less, doubtful=not is_less)


def _is_more(words: Sequence[str], place: int, people: Thing) -> bool:
    """Whether more men, or women, are named than people were found. "Three women's shoes" names none."""
    if words[place + 1 : place + 2] == ["s"]:
        return False
    number = _least_before(words, place)
    if number is None:
        number, _ = _number_before(words, place)
    if number is None:
        return _is_more_than_one(words, place, people)
    return number > people.count


def _is_more_than_one(words: Sequence[str], place: int, thing: Thing) -> bool:
    """Whether a noun without a number is a plural, "dogs", where one thing was found. "Scissors" and "sheep" are one as
    well as many, and "hot dogs" are none."""
    noun, before = words[place], words[max(0, place - _NEGATED_BY) : place]
    if thing.count != 1 or noun in (thing.name, thing.family) or "not" in before:
        return False
    return _is_plural(noun) and (*before[-1:], noun) not in _OTHER_THINGS


def _is_empty(words: Sequence[str]) -> bool:
    """Whether a place is called empty, "an empty street", and not what is in it, or almost."""
    for at, word in enumerate(words):
        if word not in _EMPTY or _NEARLY & set(words[max(0, at - 2) : at]):
            continue
        # "the street is completely empty"
        place, verb = ["", "", *(one for one in words[:at] if not one.endswith("ly"))][-2:]
        if verb in _IS | _LOOKS and place in _EMPTY_PLACES:
            return True
        if words[at + 1 : at + 2] == ["of"] and _PEOPLE & set(words[at + 2 : at + 4]):
            return True
        for end in (at + 1, at + 2):
            after = words[end + 1] if end + 1 < len(words) else "."
            is_place = end < len(words) and words[end] in _EMPTY_PLACES
            if is_place and after in SMALL | _ENDS | _ARTICLES:
                return True
    return False


def _least_before(words: Sequence[str], place: int) -> int | None:
    """How many there are at least where a noun has no number but "several", "a group of", "dozens of"."""
    if not _is_plural(words[place]):
        return None  # "several dog toys"
    for at in range(place - 1, max(-1, place - 2 - _BETWEEN), -1):
        word = words[at - 1] if words[at] == "of" and at else words[at]
        before = words[max(0, at - 4) : at]
        if word in _LEAST:
            is_few = word == "few" and "a" not in before[-1:]
            if "not" in before or is_few:
                return None
            return _LEAST[word] // 2 if "half" in before else _LEAST[word]
        if words[at] in SMALL | _ENDS | _ARTICLES | _NONE or _number(words[at], words[place]):
            return None
    return None


def _is_adjective(words: Sequence[str], place: int) -> bool:
    """Whether "human" is said of something else: "no human activity"."""
    if words[place] != "human" or place + 1 == len(words):
        return False
    after = words[place + 1]
    return not (after in SMALL | _ENDS | _HERE or after in ("being", "beings"))


def _is_negated(words: Sequence[str], place: int) -> bool:
    """Whether a "not" before a noun says that there is none: "there are not any dogs", "I do not see a dog". "The
    statue is not a person" does not."""
    at = place - 1
    while at >= 0 and words[at] in _EVEN | _ARTICLES | _SEEN:
        at -= 1
    if at < 0 or words[at] != "not":
        return False
    is_there = at >= 2 and words[at - 1] in _IS and words[at - 2] == "there"
    between = set(words[at + 1 : place])
    if between & _SEEN:
        return words[at - 1] in _DO and words[at - 2] in _WATCHERS if at >= 2 else True
    return is_there or bool(between & _EVEN)


def _number_before(words: Sequence[str], place: int) -> tuple[int | None, int]:
    """The number of a noun, 0 for "no dogs", None when none is named; how many words are between."""
    for gap in range(_BETWEEN + 1):
        at = place - 1 - gap
        if at < 0:
            break
        before = words[at - 1] if at else ""
        if words[at] in _NONE or _is_none_as_well(words, at, place):
            return 0, gap
        if (number := _number(words[at], words[place])) is not None:
            return (None if words[at + 1] in _UNITS else number), gap
        if words[at] == "of" and before in _NUMBERS:  # "a couple of dogs"
            return _NUMBERS[before], gap
        is_another = words[at] in ("a", "an") and before not in _NONE  # "no cats, a dog"
        if is_another or words[at] in SMALL | _ENDS:
            break
    return None, 0


def _is_none_as_well(words: Sequence[str], at: int, place: int) -> bool:
    """Whether "neither" or "nor", or an "or" in a row that a "no" begins, is said of a noun: "no cars or dogs"."""
    if words[at] in _NEITHER:
        return _is_plural(words[place])
    if words[at] != "or":
        return False
    for before in reversed(words[max(0, at - _IN_A_ROW) : at]):
        if before in _NONE:
            return True
        if before in SMALL | _ENDS | _ARTICLES:
            break
    return False


def _number(word: str, noun: str) -> int | None:
    """The number that a word is. Before one thing a larger one is of something else: "the 42 bus", "two dog bowls"."""
    number = int(word) if word.isdecimal() else _NUMBERS.get(word)
    if number is None or (number > 1 and not _is_plural(noun)) or number > _MOST_NUMBER:
        return None
    return number


def _is_plural(noun: str) -> bool:
    return noun in _PLURALS or (noun.endswith("s") and noun != "bus")


def _denies_everyone(words: Sequence[str], asked: Sequence[str]) -> bool:
    """Whether "no one" stands for all people: not in "No one is smiling", nor as the answer to "Who is smiling?"."""
    if _NOBODY not in words:
        return False
    place = words.index(_NOBODY)
    before, after = words[:place], list(words[place + 1 :])
    if asked and not _is_about_all(asked, _PEOPLE) and not _PICTURE & set(after):
        return False
    if _OTHERS & set(after) or "but" in after or "except" in after:
        return False
    is_placed = bool(after[1:] and after[0] in _IS and after[1] in _PLACES)
    is_seen = bool(_SEEN & set(before) and _WATCHERS & set(before))
    if is_placed or is_seen or "there" in before:
        return not any(word.endswith("ing") or word in ("who", "that") for word in after)
    # "a man sees no one" says nothing of the picture
    is_first = set(before) <= {_NO, *_ENDS} or before[-1] == "with"
    return is_first and set(after) <= _HERE | _IS | _ENDS | {"on", "it"}


def _is_about_all(asked: Sequence[str], nouns: frozenset[str]) -> bool:
    """Whether a question is about all of the picture, and of the thing nothing but whether it is there, or how many."""
    return set(asked) <= _ASKING | _ENDS | nouns


def _answer(words: Sequence[str], asked: Sequence[str], proven: Sequence[Thing]) -> Verdict:
    """What "No" or "Two" says of the thing that the question names."""
    nouns = [
        words_for(one) | (_PEOPLE - _SOME_PEOPLE if one.name == _PERSON else set())
        for one in proven
    ]
    named = [(one, own) for one, own in zip(proven, nouns, strict=True) if own & set(asked)]
    if not named or not _is_about_all(asked, frozenset().union(*(own for _, own in named))):
        return Verdict()
    said = set(words) - _ENDS
    if words[:1] == [_NO] or (said & _DENYING and said <= _DENYING | _ANSWERING):
        return Verdict(denied=True)
    count = named[0][0].count
    least = said & set(_LEAST)
    if len(named) == 1 and _HOW_MANY & set(asked) and least and said - least <= _ANSWERING | {"of"}:
        return Verdict(doubtful=min(_LEAST[word] for word in least) > count)
    numbers = [number for word in words if (number := _number(word, "dogs")) is not None]
    is_number = {word for word in said if _number(word, "dogs") is not None}
    if len(numbers) != 1 or len(named) > 1 or not _HOW_MANY & set(asked):
        return Verdict()
    if said - is_number <= _ANSWERING:
        return Verdict(denied=numbers[0] < count, doubtful=numbers[0] > count)
    return Verdict()
