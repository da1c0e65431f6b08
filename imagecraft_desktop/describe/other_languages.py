"""What a sentence that is not English says of things and colours, against what was proven. Pure; called by `truth`.

As `counts` does for English, but by tables (`vocabulary`) and so with less insight: it looks at the words right before
and after a noun. Answers to questions it does not understand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from imagecraft_desktop.describe.counts import FEW, Verdict
from imagecraft_desktop.describe.vocabulary import VOCABULARIES, Nouns, Vocabulary
from imagecraft_desktop.values import Thing

_PERSON = "person"
_WORD = re.compile(r"[a-zñ]+|\d+(?:[.,:]\d+)*|[.,;:!?]")
_ENDS = frozenset(".,;:!?")
_WITHOUT_ACCENTS = str.maketrans("áàâéèêíóôúü", "aaaeeeioouu")
_MOST_NUMBER = 999
"""A larger one may be a year."""
_BETWEEN = 1
"""So many words may stand between a number and its noun: "dos pequeños perros"."""
_NEGATED_BY = 4
"""A "not" so many words before a plural may be of it."""
_OF_PLACE = 2
"""So many between a place and "empty": "la calle está completamente vacía"."""


class Sentence:
    """A sentence in a language that there is a table of.

    Args:
        text: What a network wrote.
        language: BCP 47 tag without region; `VOCABULARIES` must have it.
    """

    def __init__(self, text: str, language: str) -> None:
        self._known: Vocabulary = VOCABULARIES[language]
        text = unicodedata.normalize("NFC", text).lower().translate(_WITHOUT_ACCENTS)
        for long, usual in self._known.rewritten.items():
            text = re.sub(rf"\b{long}\b", usual, text)
        for idiom in self._known.idioms:
            text = re.sub(rf"\b{idiom}\b", ";", text)
        self._words = _WORD.findall(text)

    def can_compare(self, proven: Sequence[Thing]) -> bool:
        """Whether the table has words for all of these."""
        return all(self._nouns(thing) is not None for thing in proven)

    def compare_counts(self, proven: Sequence[Thing]) -> Verdict:
        """See `counts.compare_counts`."""
        verdicts = [
            self._about(thing, nouns)
            for thing in proven
            if (nouns := self._nouns(thing)) is not None
        ]
        return Verdict(any(one.denied for one in verdicts), any(one.doubtful for one in verdicts))

    def content(self) -> set[str]:
        """The words that tell one picture from another."""
        known = self._known
        words = {word for word in self._words if word.isalpha()}
        return words - known.small - known.of_all - set(known.numbers)

    def names(self, thing: str) -> bool:
        """Whether it has a word for a thing, given by its English name."""
        nouns = self._known.nouns.get(thing)
        return nouns is not None and bool(nouns.words & set(self._words))

    def names_thing(self, thing: Thing) -> bool:
        """Whether it has a word for a thing or its family."""
        return self.names(thing.name) or self.names(thing.family)

    def colours(self) -> list[tuple[str, ...]]:
        """For each colour that is named, the names of `see.colours` that may be called so."""
        known, found = self._known, []
        for before, word in pairwise(["", *self._words]):
            if before == known.coloured:
                found.append(known.colours.get(word) or known.only_coloured.get(word, ()))
            elif word in known.colours and not self._is_noun(before, word):
                found.append(known.colours[word])
        return list(filter(None, found))

    def _is_noun(self, before: str, word: str) -> bool:
        """Whether a colour's word is none here: "vino blanco", "una naranja", "vende naranjas"."""
        known = self._known
        if before in known.named or word not in known.fruits:
            return before in known.named
        is_first = not before.isalpha() or before in known.small or self._is_amount(before)
        return is_first or word.endswith("s") != before.endswith("s")

    def _is_amount(self, word: str) -> bool:
        return word in self._known.least or self._number(word) is not None

    def _nouns(self, thing: Thing) -> Nouns | None:
        nouns = self._known.nouns
        return nouns.get(thing.name) or nouns.get(thing.family)

    def _number(self, word: str) -> int | None:
        number = int(word) if word.isdecimal() else self._known.numbers.get(word)
        return number if number is None or number <= _MOST_NUMBER else None

    def _about(self, thing: Thing, nouns: Nouns) -> Verdict:
        """What is said of one thing by its name."""
        denied = doubtful = False
        if thing.name == _PERSON:
            is_alone = thing.count <= FEW and bool(nouns.kinds & set(self._words))
            is_deserted = self._is_place(self._known.deserted) and not is_alone
            denied = is_deserted or self._denies_everyone()
            doubtful = self._is_place(self._known.empty) and not is_alone
        named = [place for place, word in enumerate(self._words) if word in nouns.words]
        for place in named:
            word = self._words[place]
            is_all, is_plural = word not in nouns.kinds, nouns.is_plural(word)
            amount = self._amount(place, is_plural)
            if amount is None:
                doubtful |= is_plural and thing.count == 1 and not self._is_denied(place)
                continue
            # the others may be named elsewhere: "dos perros y una perra"
            is_clear = amount.is_clear and is_all and (len(named) == 1 or amount.number == 0)
            is_less = is_all and not amount.is_least and amount.number < thing.count
            denied |= is_less and is_clear
            doubtful |= (is_less and not is_clear) or amount.number > thing.count
        return Verdict(denied, doubtful)

    def _amount(self, place: int, is_plural: bool) -> _Amount | None:
        """How many there are of the noun at a place, if that is said right before it."""
        known, words = self._known, self._words
        after = words[place + 1] if place + 1 < len(words) else "."
        is_whole = after in _ENDS or after in known.goes_on
        if (between := self._negated(place)) is not None:
            return None if between & known.others else _Amount(0, is_whole)
        if self._is_none_as_well(place, is_plural):
            return _Amount(0, is_whole and not known.others & set(words[:place]))
        for gap in range(_BETWEEN + 1):
            at = place - 1 - gap
            if at < 0:
                break
            word = words[at]
            if word == known.of and at:
                at -= 1
                word = words[at] if self._is_amount(words[at]) else word
            is_clear = is_whole and gap == 0
            if word in known.none:
                return None if words[place - 1] in known.others else _Amount(0, is_clear)
            if word in known.least:
                is_negated = known.negation in words[max(0, at - 3) : at]
                return None if is_negated else _Amount(known.least[word], is_clear, is_least=True)
            if (number := self._number(word)) is not None:
                return (
                    _Amount(number, is_clear) if number == 0 or (number > 1) == is_plural else None
                )
            if word in known.small | _ENDS:
                break
        return None

    def _is_denied(self, place: int) -> bool:
        """Whether a plural at a place is said not to be there: "no hay muchos perros", "sin otros perros"."""
        known, before = self._known, self._words[max(0, place - _NEGATED_BY) : place]
        is_without_others = bool(
            known.none & set(before[-2:-1]) and known.others & set(before[-1:])
        )
        is_not_there = known.negation in before and bool(known.there & set(before))
        return is_not_there or is_without_others

    def _negated(self, place: int) -> set[str] | None:
        """What stands between "there is not" and the noun at a place; None where it is not so."""
        known, at = self._known, place - 1
        while at >= 0 and self._words[at] in known.between | known.others:
            at -= 1
        if at < 1 or self._words[at] not in known.there:
            return None
        is_negated = known.negation in self._words[max(0, at - 2) : at]
        return set(self._words[at + 1 : place]) if is_negated else None

    def _is_none_as_well(self, place: int, is_plural: bool) -> bool:
        """Whether "neither" or "nor" says that there is none of a noun: "ni perros ni gatos", "sin gatos ni un perro".
        In "no es ni un perro" and "ni los perros ladran" it does not."""
        known, words, at = self._known, self._words, place - 1
        while at >= 0 and words[at] in known.between - {known.neither}:
            at -= 1
        if at < 0 or words[at] != known.neither or not (is_plural or at < place - 1):
            return False
        ends = [end + 1 for end, word in enumerate(words[:at]) if word in _ENDS - {","}]
        before = words[ends[-1] if ends else 0 : at]
        is_not_there = known.negation in before and bool(known.there & set(before))
        is_first = before[:1] in ([], [known.neither])
        return is_first or is_not_there or bool(known.none & set(before))

    def _denies_everyone(self) -> bool:
        """Whether "nobody" stands for all people: not in "nadie sonríe"."""
        known, words = self._known, self._words
        if known.nobody not in words:
            return False
        place = words.index(known.nobody)
        before, after = words[:place], words[place + 1 :]
        is_there = known.negation in before and bool(known.there & set(before))
        if not (is_there or not before or before[-1] in known.none):
            return False
        if known.of_kind & set(after) or any(word.endswith(known.doing) for word in after):
            return False
        return not after or after[0] in _ENDS or after[0] in known.goes_on

    def _is_place(self, adjectives: frozenset[str]) -> bool:
        """Whether a place is called so, and not what is in it, or almost: "la calle está vacía"."""
        known = self._known
        for at, word in enumerate(self._words):
            if word not in adjectives:
                continue
            for before in reversed(self._words[max(0, at - 1 - _OF_PLACE) : at]):
                if before in known.places:
                    return True
                if before in known.small | known.nearly | _ENDS:
                    break
        return False


@dataclass(frozen=True)
class _Amount:
    """How many of a thing are said to be there.

    Attributes:
        is_clear: It is said of all of them, and not of some kind.
        is_least: There may be more.
    """

    number: int
    is_clear: bool
    is_least: bool = False
