"""The languages that networks are asked to write, besides English: their tags and their English names. Pure."""

from __future__ import annotations

from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "ar": "Arabic",
    "bn": "Bengali",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "es": "Spanish",
    "eu": "Basque",
    "fa": "Persian",
    "fi": "Finnish",
    "fil": "Filipino",
    "fr": "French",
    "gl": "Galician",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "mi": "Māori",
    "nb": "Norwegian",
    "nl": "Dutch",
    "nn": "Norwegian Nynorsk",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sv": "Swedish",
    "sw": "Swahili",
    "te": "Telugu",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
"""What a language is called in English, by its BCP 47 tag."""
_OTHER_TAGS = {"in": "id", "iw": "he", "no": "nb", "tl": "fil"}
"""Tags that are old, or stand for one of several, by the one that is in use."""


def usual(tag: str) -> str:
    """The tag in use for a language: "he" for "iw".

    Args:
        tag: BCP 47, in small letters, without region.
    """
    return _OTHER_TAGS.get(tag, tag)


def name_of(tag: str) -> str:
    """What a language is called in English. Raises KeyError for one without a name here."""
    return NAMES[usual(tag)]
