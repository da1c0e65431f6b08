"""Compares what a captioning network wrote with what was proven. Pure; called by the embedded describer.

Detectors miss things, so that something was not found proves nothing. What is proven: that there are at
least so many of a thing, that a colour is nowhere, which text was read. A sentence that denies the
first, or quotes text that nobody read, is left out; the rest is said as doubtful. The words are English, or of a
language that `vocabulary` has; of captions in others only what stands between quotation marks is compared, so that where
things were proven they are never stated plainly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from imagecraft_desktop.describe.bounds import BOUNDS
from imagecraft_desktop.describe.caption import doubt, lower
from imagecraft_desktop.describe.counts import SMALL, Verdict, compare_counts, words_for
from imagecraft_desktop.describe.other_languages import Sentence
from imagecraft_desktop.describe.quotes import compare_quotes
from imagecraft_desktop.describe.vocabulary import VOCABULARIES
from imagecraft_desktop.values import Caption, Certainty, Thing

_ANIMAL = "animal"
COUNT, COLOUR, TEXT, KIND = "count", "colour", "text", "kind"

_ANIMALS_TEXT = (
    "bird cat dog horse sheep cow elephant bear zebra giraffe lion tiger fox wolf monkey "
    "rabbit pig goat deer duck chicken fish snake turtle frog camel panda kangaroo squirrel hamster raccoon "
    "donkey llama alpaca gorilla leopard cheetah lizard crocodile alligator dolphin whale otter"
)
_ANIMALS = frozenset(_ANIMALS_TEXT.split())
_CALLED_TEXT: Mapping[str, str] = {
    "dog": "puppy puppies pup pups retriever retrievers labrador labradors poodle poodles terrier terriers beagle "
    "beagles husky huskies corgi corgis chihuahua chihuahuas pug pugs dachshund dachshunds spaniel spaniels collie "
    "collies bulldog bulldogs rottweiler rottweilers dalmatian dalmatians",
    "cat": "kitten kittens kitty kitties tabby tabbies",
    "horse": "pony ponies foal foals mare mares stallion stallions",
    "sheep": "sheep lamb lambs ewe ewes",
    "cow": "calf calves ox oxen cattle",
    "bird": "seagull seagulls gull gulls pigeon pigeons parrot parrots eagle eagles owl owls swan swans goose geese "
    "penguin penguins",
    "chicken": "hen hens rooster roosters",
    "wolf": "wolves",
    "fox": "foxes",
    "fish": "fish fishes",
}
_ANIMAL_OF = {
    **{word: animal for animal in _ANIMALS for word in (animal, f"{animal}s")},
    **{word: animal for animal, text in _CALLED_TEXT.items() for word in text.split()},
}
"""A word, and the animal that it means."""
_MAIN_COLOURS: Mapping[str, tuple[str, ...]] = {
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
_OTHER_COLOURS_TEXT: Mapping[str, str] = {
    "gray": "grey black white blue brown beige",
    "silver": "grey white black blue beige brown turquoise",
    "silvery": "grey white black blue beige brown turquoise",
    "gold": "yellow orange brown beige green",
    "golden": "yellow orange brown beige green",
    "blond": "yellow orange brown beige white grey",
    "blonde": "yellow orange brown beige white grey",
    "bronze": "brown orange yellow beige green turquoise grey black",
    "tan": "beige brown white yellow grey orange",
    "khaki": "beige brown yellow green grey orange",
    "maroon": "red brown purple pink black",
    "burgundy": "red brown purple pink black",
    "crimson": "red pink purple orange brown",
    "scarlet": "red pink orange brown",
    "magenta": "pink purple red",
    "fuchsia": "pink purple red",
    "violet": "purple pink blue red",
    "indigo": "blue purple black grey",
    "navy": "blue black grey purple turquoise",
    "azure": "blue turquoise grey",
    "cyan": "turquoise blue green",
    "teal": "turquoise green blue grey",
}
_OTHER_COLOURS = {word: tuple(text.split()) for word, text in _OTHER_COLOURS_TEXT.items()}
_COLOURS = {**_MAIN_COLOURS, **_OTHER_COLOURS}
"""A colour's word, and the names of `see.colours` that people may call so."""
_NAMES = {"golden": frozenset(["retriever", "retrievers", "gate", "eagle", "eagles", "hour"])}
"""What follows a colour that is then part of a name, and none."""
_WORD = re.compile(r"[a-z]+")
_ANY_WORD = re.compile(r"[^\W\d_]+")
_SMALL = SMALL | {"a", "an"}
_OF_ALL_TEXT = (
    "image picture photo photograph scene view shot show shows showing depict depicts depicting feature features "
    "featuring see seen appear appears one two three four five six several group who which while has have"
)
_OF_ALL = frozenset(_OF_ALL_TEXT.split())
"""What networks write of any picture: that two sentences have it in common tells nothing."""
_MOST_SMALL = 4
"""Letters of a word that is taken to have no content, in a language without a table."""
_LEAST_PLURAL = 3
"""A word with more letters may be a plural."""


@dataclass(frozen=True)
class _Said:
    """What a caption says of what was proven.

    Attributes:
        colours: For each that is named, the names of `see.colours` that may be called so.
        is_compared: Whether it could be compared with all that was proven.
    """

    counts: Verdict
    is_other_animal: bool
    colours: Sequence[Sequence[str]]
    is_compared: bool


def check(
    caption: Caption,
    things: Sequence[Thing],
    lines: Sequence[str],
    shares: Callable[[], Mapping[str, float]],
    question: str = "",
) -> Caption:
    """The caption, no surer than what was proven allows, with what it contradicts.

    Args:
        things: Seen in what was captioned.
        lines: Text read in the whole picture.
        shares: Of what was captioned: names of `see.colours` to shares of its points; asked only when a
            colour is named.
        question: That it answers: what cannot be confirmed is then hedged and not left out. "" for none.
    """
    if caption.certainty is None:
        return caption
    proven = [thing for thing in things if thing.certainty is Certainty.CERTAIN]
    found: list[str] = []
    level: Certainty | None = caption.certainty
    quoted = compare_quotes(caption.text, lines)
    if quoted.denied or quoted.doubtful:
        found.append(TEXT)
        level = None if quoted.denied and not question else doubt(level, Certainty.UNSURE)
    said = _said(caption, proven, question)
    if said.counts.denied or said.counts.doubtful:
        found.append(COUNT)
        level = None if said.counts.denied else doubt(level, Certainty.UNSURE)
    if said.is_other_animal:
        found.append(KIND)
        level = doubt(level, Certainty.UNSURE)
    if said.colours and _is_absent(said.colours, shares()):
        found.append(COLOUR)
        level = doubt(level, Certainty.UNSURE)
    if proven and not said.is_compared:
        level = doubt(level, Certainty.LIKELY)
    return replace(caption, certainty=level, contradicts=tuple(found))


def agreement(one: str, other: str, language: str = "en") -> float:
    """Share of the words with content that two sentences in a language have in common, 0 to 1."""
    first, second = _content(one, language), _content(other, language)
    if not first or not second:
        return float(first == second)
    return 2 * len(first & second) / (len(first) + len(second))


def compare(first: Caption, second: Caption) -> Caption:
    """The first caption with its likeness to a second decoding; a level less sure when they differ."""
    share = agreement(first.text, second.text, first.language)
    level = first.certainty if share >= BOUNDS.agreement else lower(first.certainty)
    return replace(first, certainty=level, agreement=share)


def compare_short(first: Caption, second: Caption) -> Caption:
    """As `compare`, where the second is shorter by its task: a level less sure when they have nothing in common."""
    share = agreement(first.text, second.text, first.language)
    level = first.certainty if share > 0 else lower(first.certainty)
    return replace(first, certainty=level, agreement=share)


def go_on(first: Caption, later: Caption) -> Caption:
    """A later sentence of the same answer: not plain where a second look showed nothing of the first."""
    if first.agreement != 0:
        return later
    return replace(later, certainty=doubt(later.certainty, Certainty.LIKELY))


def _content(text: str, language: str) -> set[str]:
    language = language.partition("-")[0].lower()
    words = set(_ANY_WORD.findall(text.lower()))
    if language == "en":
        words -= _SMALL | _OF_ALL
    elif language in VOCABULARIES:
        words = Sentence(text, language).content()
    else:
        words = {word for word in words if len(word) > _MOST_SMALL}
    return {word.removesuffix("s") if len(word) > _LEAST_PLURAL else word for word in words}


def _said(caption: Caption, proven: Sequence[Thing], question: str) -> _Said:
    """What a caption says of what was proven, by the means that there are for its language: a Spanish "red" is a
    net."""
    language = caption.language.partition("-")[0].lower()
    animals = [thing for thing in proven if _ANIMALS & {thing.name, thing.family}]
    counted = [*proven, *_all_animals(animals)]
    if language == "en":
        words = _WORD.findall(caption.text.lower())
        is_other = bool(animals) and _names_other_animal(words, animals)
        counts = compare_counts(caption.text, counted, question)
        return _Said(counts, is_other, _colours(words), is_compared=True)
    if language not in VOCABULARIES:
        return _Said(Verdict(), is_other_animal=False, colours=[], is_compared=False)
    sentence = Sentence(caption.text, language)
    is_other = bool(animals) and any(map(sentence.names, _ANIMALS))
    is_other = is_other and not any(map(sentence.names_thing, animals))
    is_compared = not question and sentence.can_compare(proven)
    return _Said(sentence.compare_counts(counted), is_other, sentence.colours(), is_compared)


def _names_other_animal(words: Sequence[str], seen: Sequence[Thing]) -> bool:
    """Whether an animal is named and the one that is there is not."""
    named = {_ANIMAL_OF[word] for word in words if word in _ANIMAL_OF}
    meant = named | set(words)
    return bool(named) and not any(
        words_for(thing) & set(words) or {thing.name, thing.family} & meant for thing in seen
    )


def _all_animals(animals: Sequence[Thing]) -> list[Thing]:
    """What "animals" means: all that were proven."""
    if not animals:
        return []
    count, score = sum(one.count for one in animals), min(one.score for one in animals)
    return [Thing(_ANIMAL, count, Certainty.CERTAIN, score)]


def _colours(words: Sequence[str]) -> list[Sequence[str]]:
    """For each colour that is named, the names of `see.colours` that may be called so."""
    return [
        _COLOURS[word]
        for word, after in zip(words, [*words[1:], ""], strict=False)
        if word in _COLOURS and after not in _NAMES.get(word, ())
    ]


def _is_absent(colours: Sequence[Sequence[str]], shares: Mapping[str, float]) -> bool:
    """Whether one of them is nowhere."""
    return any(sum(shares.get(one, 0.0) for one in names) < BOUNDS.colour for names in colours)
