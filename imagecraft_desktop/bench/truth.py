"""Whether a description names what is not in the picture: words of the manifest's `absent` lists."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

_IRREGULAR = {"person": "people", "man": "men", "woman": "women", "mouse": "mice"}
_DENIED = re.compile(r"\bno (\w+)( (and|or) no (\w+))*", re.IGNORECASE)
_QUOTING = frozenset({"ocr", "codes", "window"})
_MIXED = frozenset({"layout", "frame"})
"""What statements about controls rest on: they quote some of the lines."""


def absent_of(picture: Path) -> tuple[str, ...]:
    """Things that are tempting but not in the picture, from the manifest of its folder."""
    manifest = picture.parent / "manifest.json"
    if not manifest.exists():
        return ()
    listed = json.loads(manifest.read_text(encoding="utf-8"))["images"]
    return tuple(
        thing
        for image in listed
        if image["file"] == picture.name
        for thing in image.get("absent", ())
    )


def seen_words(statements: Iterable[tuple[str, str]], read: Sequence[str]) -> str:
    """What is said to be seen: not what is quoted, and not what is said to be missing.

    Args:
        statements: Pairs of what a statement rests on and its text.
        read: The lines of text in the picture; statements about controls quote them.
    """
    longest_first = sorted(filter(None, read), key=len, reverse=True)
    quotes = [rf"(?<!\w){re.escape(line)}(?!\w)" for line in longest_first]
    kept = []
    for source, text in statements:
        if source not in _QUOTING:
            kept.append(_without(text, quotes) if source in _MIXED else text)
    return _DENIED.sub(" ", " ".join(kept))


def _without(text: str, quotes: Iterable[str]) -> str:
    for quote in quotes:
        text = re.sub(quote, " ", text, flags=re.IGNORECASE)
    return text


def named(absent: Iterable[str], said: str) -> list[str]:
    """Those of the absent things whose words are said, in singular or plural, whatever the case.

    A "second cat" is named by "cats" as well.
    """
    return [thing for thing in absent if _pattern(thing).search(said)]


def _pattern(thing: str) -> re.Pattern[str]:
    *before, last = thing.split(" ")
    start = "".join(f"{re.escape(word)} " for word in before)
    forms = [f"{start}{form}" for form in (re.escape(last), _plural(last))]
    if before == ["second"]:
        forms.append(_plural(last))
    return re.compile(rf"\b({'|'.join(forms)})\b", re.IGNORECASE)


def _plural(word: str) -> str:
    """A pattern for the plural of a word."""
    return _IRREGULAR.get(word, f"{re.escape(word)}(s|es)")
