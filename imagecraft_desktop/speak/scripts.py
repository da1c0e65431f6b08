"""Which script a text is written in, so that each part goes to a voice that can read it.

The standard library has no script property; the first word of a character's Unicode name serves.
Used by `prepare`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from imagecraft_desktop import strings

# First word of the Unicode name: the language to read it in
_LANGUAGES = {
    "CJK": "zh", "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CYRILLIC": "ru",
    "ARABIC": "ar", "HEBREW": "he", "GREEK": "el", "DEVANAGARI": "hi", "BENGALI": "bn",
    "GURMUKHI": "pa", "GUJARATI": "gu", "TAMIL": "ta", "TELUGU": "te", "KANNADA": "kn",
    "MALAYALAM": "ml", "SINHALA": "si", "THAI": "th", "LAO": "lo", "MYANMAR": "my",
    "GEORGIAN": "ka", "ARMENIAN": "hy", "ETHIOPIC": "am", "KHMER": "km", "TIBETAN": "bo",
}  # fmt: skip

NAMES = {
    "zh": strings.LANG_CHINESE, "ja": strings.LANG_JAPANESE, "ko": strings.LANG_KOREAN,
    "ru": strings.LANG_RUSSIAN, "uk": strings.LANG_UKRAINIAN, "ar": strings.LANG_ARABIC,
    "fa": strings.LANG_PERSIAN, "he": strings.LANG_HEBREW, "el": strings.LANG_GREEK,
    "hi": strings.LANG_HINDI, "bn": strings.LANG_BENGALI, "pa": strings.LANG_PUNJABI,
    "gu": strings.LANG_GUJARATI, "ta": strings.LANG_TAMIL, "te": strings.LANG_TELUGU,
    "kn": strings.LANG_KANNADA, "ml": strings.LANG_MALAYALAM, "si": strings.LANG_SINHALA,
    "th": strings.LANG_THAI, "lo": strings.LANG_LAO, "my": strings.LANG_BURMESE,
    "ka": strings.LANG_GEORGIAN, "hy": strings.LANG_ARMENIAN, "am": strings.LANG_AMHARIC,
    "km": strings.LANG_KHMER, "bo": strings.LANG_TIBETAN, "en": strings.LANG_ENGLISH,
    "es": strings.LANG_SPANISH, "de": strings.LANG_GERMAN, "fr": strings.LANG_FRENCH,
    "it": strings.LANG_ITALIAN, "pt": strings.LANG_PORTUGUESE, "pl": strings.LANG_POLISH,
}  # fmt: skip
"""Names of languages, by BCP 47 base tag, as constants of `strings`."""

_UKRAINIAN = frozenset("іїєґІЇЄҐ")
_PERSIAN = frozenset("پچژگک")
_OTHER = "und"  # BCP 47: a language that is not known


@dataclass(frozen=True)
class Run:
    """A stretch of text in one script. `language` is a BCP 47 base tag, "und" when not known."""

    text: str
    language: str


@lru_cache(maxsize=4096)
def _script_language(character: str) -> str:
    """The language of a letter's script; "" for Latin letters and for what belongs to any script."""
    category = unicodedata.category(character)
    if category[0] not in "LM":
        return ""
    first = unicodedata.name(character, "LATIN").replace("-", " ").split()[0]
    if first in {"LATIN", "COMBINING", "MODIFIER", "FEMININE", "MASCULINE", "MICRO"}:
        return ""
    if first in {"FULLWIDTH", "HALFWIDTH", "VARIATION"}:
        return ""
    return _LANGUAGES.get(first, _OTHER)


def is_plain(text: str) -> bool:
    """Whether everything can be read by a voice for Latin letters."""
    return text.isascii() or not any(map(_script_language, text))


def split(text: str, language: str) -> list[Run]:
    """Cut a text where its script changes.

    Digits, signs and blanks stay with the letters before them. Latin letters are taken to be in
    `language` unless that is written in another script; then in English.
    """
    base = language.lower().replace("_", "-").partition("-")[0]
    latin = "en" if base in set(_LANGUAGES.values()) | {"uk", "fa"} else base
    if is_plain(text):
        return [Run(text, latin)] if text.strip() else []
    runs: list[list[str]] = []
    begun = 0
    for index, character in enumerate(text):
        found = _script_language(character)
        if not found and not character.isalpha():
            continue
        tag = found or latin
        if runs and runs[-1][1] == tag:
            continue
        if runs:
            runs[-1][0] = text[begun:index]
            begun = index
        runs.append(["", tag])
    if runs:
        runs[-1][0] = text[begun:]
    return _settled([Run(part, tag) for part, tag in runs])


def _settled(runs: list[Run]) -> list[Run]:
    """Chinese beside kana is Japanese; some letters tell neighbouring languages apart."""
    has_kana = any(run.language == "ja" for run in runs)
    settled: list[Run] = []
    for run in runs:
        language = run.language
        if language == "zh" and has_kana:
            language = "ja"
        elif language == "ru" and _UKRAINIAN & set(run.text):
            language = "uk"
        elif language == "ar" and _PERSIAN & set(run.text):
            language = "fa"
        if settled and settled[-1].language == language:
            settled[-1] = Run(settled[-1].text + run.text, language)
        else:
            settled.append(Run(run.text, language))
    return settled
