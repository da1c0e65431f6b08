"""Turns any string into pieces that a voice can say. Called by `chain` for every text.

In this order: what cannot be heard is taken out, emoji get their names, the text is cut into
sentences, each is cut where its script changes, written forms become words (`normalize`), and what
is too long for one breath of a voice is cut again. Nothing is dropped without a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from imagecraft_desktop.speak import numerals, scripts
from imagecraft_desktop.speak.forms import VULGAR
from imagecraft_desktop.speak.normalize import name_signs, to_words
from imagecraft_desktop.speak.phrases import ends_clause, fitting, is_short
from imagecraft_desktop.speak.sentences import sentences
from imagecraft_desktop.speak.words import words_for

LONGEST = 220
"""Characters in a piece. hibari takes 3.5 GB for 1,500 words at once, 0.3 GB for this."""
_FIRST_JOINED = (
    80  # characters: some 5 s; on a slow machine all of them may be made before the first is heard
)


@dataclass(frozen=True)
class Piece:
    """What a voice says at once.

    Attributes:
        text: As it is said; at most LONGEST characters.
        language: BCP 47 base tag of its script and language; "und" when not known.
        sentence: Index of the sentence it belongs to, from 0.
        source: The sentence as it was written, cleaned; empty but on a sentence's first piece.
    """

    text: str
    language: str
    sentence: int
    source: str = ""

    @property
    def is_short(self) -> bool:
        """Whether it has too few words for a voice that needs several to be steady."""
        return is_short(self.text)


def prepare(text: str, language: str = "en") -> list[Piece]:
    """Give the pieces of a text in the order they are said; empty only when there is nothing to say.

    Args:
        text: Any string at all.
        language: BCP 47 tag that the Latin letters of the text are read in.
    """
    pieces: list[Piece] = []
    base = language.lower().replace("_", "-").partition("-")[0] or "en"
    number = 0
    for sentence in sentences(_with_greek_names(_with_emoji_names(clean(text), base), base)):
        said = [
            Piece(part, run.language, number)
            for run in scripts.split(_calm(sentence, base), base)
            for part in _parts_of(run)
        ]
        if not said:
            named = name_signs(sentence, base)
            said = [Piece(part, base, number) for part in cut(named)]
        if said:
            said[0] = Piece(said[0].text, said[0].language, number, sentence)
            pieces += said
            number += 1
    return pieces


def _parts_of(run: scripts.Run) -> Iterator[str]:
    spoken = to_words(run.text, run.language)
    return (part for part in cut(spoken) if any(map(str.isalnum, part)))


# --- what cannot be heard ---------------------------------------------------------------------

_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]{0,64}+[ -/]{0,8}+[@-~]|\][^\x07\x1b]{0,512}+(?:\x07|\x1b\\)?|[PX^_][^\x1b]{0,512}+\x1b\\|.)?"
    r"|\x9b[0-?]{0,64}+[ -/]{0,8}+[@-~]"
)
# Kept as they are: compatibility forms would lose their sense (m², 1½)
_SENSE = frozenset("⁻²³¹⁰⁴⁵⁶⁷⁸⁹™№°…µªº′″" + VULGAR)
_PLAINER = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'",
    "\u2044": "/", "\u2215": "/",
})  # fmt: skip
_NO_BREAK = frozenset("\u00a0\u2007\u2009\u202f")
_PRONUNCIATION = re.compile(r"\]\(/?")
# all but one that holds the digits of a number together, as in 10 000
_SPACES = re.compile("(?!(?<=[0-9])\u00a0[0-9]{3}(?![0-9]))[^\\S\n]+")
_NEWLINES = re.compile(r" ?+\n[ \n]*+")


def clean(text: str) -> str:
    """Take out what is not text: escapes, controls, invisible and broken characters.

    Line ends stay; other white space becomes one blank, or a no-break space within a number.
    Digits of every script become 0 to 9.
    """
    if not text.isascii() or not text.isprintable():
        text = _ESCAPES.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
        text = "".join(map(_heard, unicodedata.normalize("NFC", text)))
    text = _PRONUNCIATION.sub(") (", text.translate(_PLAINER))
    text = text.replace("[", " (").replace("]", ") ")
    return _NEWLINES.sub("\n", _SPACES.sub(" ", text)).strip()


def _heard(character: str) -> str:
    """The character, a plainer one, a blank or nothing."""
    if character == "\n" or (character.isascii() and character.isprintable()):
        return character
    if character in _SENSE:
        return character
    if character in _NO_BREAK:
        return "\u00a0"
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in {"Zs", "Zl", "Zp", "Cc"}:
        return "\n" if category in {"Zl", "Zp"} else " "
    if category == "Cf":
        # joiners belong to emoji and to scripts; the others are invisible
        return character if character in "\u200d\u200c" else ""
    if category in {"Cs", "Co", "Cn"}:
        return " "
    if category == "Mn" and "\u0300" <= character <= "\u036f":
        return ""
    return unicodedata.normalize("NFKC", character)


# --- emoji --------------------------------------------------------------------------------------

_MAYBE_EMOJI = re.compile(
    "[\u203c\u2049\u20e3\u2139\u231a-\u23ff\u25b6\u25c0\u25fb-\u27bf\u2934-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_LEFT_OVER = re.compile("[\u200c\u200d\ufe0e\ufe0f\u20e3]+(?![\u0590-\u0dff\u0e00-\u109f])")
_HAS_WORDS = "★☆✓✗☐☑☒☎♪♯♭"


def _with_emoji_names(text: str, language: str) -> str:
    """Each emoji by its name, several of the same as a count."""
    if not _MAYBE_EMOJI.search(text):
        return _LEFT_OVER.sub("", text)
    import emoji  # 60 ms: only for a text that may have one

    if language not in emoji.LANGUAGES:
        language = "en"
    emoji.config.load_language(language)
    spoken: list[str] = []
    end, last, count = 0, "", 0

    def finish() -> None:
        if last:
            spoken.append(f", {_times(last, count, language)}, ")

    for found in emoji.emoji_list(text):
        sign, start = found["emoji"], found["match_start"]
        if sign.strip("\ufe0f") in _HAS_WORDS + "©®™":
            continue
        name = str(emoji.EMOJI_DATA[sign].get(language) or emoji.EMOJI_DATA[sign]["en"])
        name = name.strip(":").replace("_", " ").replace("-", " ").replace("’", "'")
        between = text[end:start]
        if name == last and not between.strip():
            count += 1
        else:
            finish()
            spoken.append(between)
            last, count = name, 1
        end = found["match_end"]
    finish()
    spoken.append(text[end:])
    return _LEFT_OVER.sub("", "".join(spoken))


def _times(name: str, count: int, language: str) -> str:
    words = words_for(language)
    if count == 1 or words is None:
        return name
    return words.times.format(name=name, count=numerals.cardinal(count, language))


# --- letters of Greek ---------------------------------------------------------------------------

_GREEK = "\u0370-\u03ff\u1f00-\u1fff"
_GREEK_LETTER = re.compile("[Α-Ωα-ω]")
_GREEK_WORD = re.compile(f"[{_GREEK}]{{2}}")
_MICRO = re.compile("\u03bc(?=[A-Za-z])")
_OHM = re.compile(r"(?<=[0-9])( ?[kM]?)Ω(?!\w)")


def _with_greek_names(text: str, language: str) -> str:
    """Letters that stand alone are signs, "π": by their names, unless there is a word of Greek."""
    words = words_for(language)
    if words is None or not _GREEK_LETTER.search(text) or _GREEK_WORD.search(text):
        return text

    def named(letter: re.Match[str]) -> str:
        name = unicodedata.name(letter.group()).split()[-1].lower()
        begun, end = letter.span()
        before, after = letter.string[max(0, begun - 1) : begun], letter.string[end : end + 1]
        spoken = words.greek.get(name, name)
        return f"{' ' * before.isalnum()}{spoken}{' ' * after.isalnum()}"

    text = _OHM.sub(r"\1ohm", _MICRO.sub("µ", text))
    return _GREEK_LETTER.sub(named, text)


# --- capitals ---------------------------------------------------------------------------------

# Words that readers spell when all is in capitals: "IT IS US"
_SHOUTED = {
    "en": frozenset(
        [
            "it",
            "us",
            "am",
            "at",
            "be",
            "go",
            "he",
            "me",
            "my",
            "or",
            "so",
            "we",
            "an",
            "are",
            "but",
            "can",
            "get",
            "had",
            "has",
            "her",
            "him",
            "his",
            "how",
            "its",
            "put",
            "she",
            "was",
            "why",
            "add",
            "it's",
            "don't",
            "i'm",
            "can't",
            "you'll",
            "we'll",
            "that's",
            "as",
            "is",
            "in",
            "if",
            "of",
            "on",
            "to",
            "up",
            "by",
            "do",
            "no",
            "for",
            "and",
            "the",
            "you",
            "your",
            "our",
            "out",
            "off",
            "own",
            "who",
            "use",
            "not",
            "now",
            "new",
            "old",
        ]
    ),
    "es": frozenset(
        "el la los las un una de del y o en es al se su no por con que sin sus si lo le".split()  # noqa: SIM905
    ),
}
# not the letter of the west behind degrees, in Spanish a word
_WORD = re.compile(r"(?<![\w&°])(?<!° )[^\W\d_]+(?:'[^\W\d_]+)*+(?![\w$&])")


def _calm(sentence: str, language: str) -> str:
    """In a sentence all in capitals, write small words small, so that they are not spelled."""
    small = _SHOUTED.get(language)
    if small is None or not sentence.isupper() or len(_WORD.findall(sentence)) < 2:
        return sentence
    return _WORD.sub(
        lambda word: word.group().lower() if word.group().lower() in small else word.group(),
        sentence,
    )


# --- length -------------------------------------------------------------------------------------


def cut(text: str, limit: int = LONGEST) -> Iterator[str]:
    """Parts of nearly one length, which end with a clause where they can."""
    if text := text.strip():
        yield from fitting(text, len, limit)


def with_short_joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Put a sentence of a word or two together with the one before it; where it is the first, with the
    one after, unless that is so long that the first words would have to wait for it."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and piece.source and _joins(joined[-1], piece, is_first=len(joined) == 1):
            before = joined[-1]
            joined[-1] = replace(
                before,
                text=f"{before.text} {piece.text}",
                source=f"{before.source} {piece.source}".strip(),
            )
        else:
            joined.append(piece)
    return joined


def _joins(before: Piece, after: Piece, is_first: bool) -> bool:
    if before.language != after.language or not ends_clause(before.text):
        return False
    length = len(before.text) + 1 + len(after.text)
    if after.is_short:
        return length <= LONGEST
    return before.is_short and length <= (_FIRST_JOINED if is_first else LONGEST)
