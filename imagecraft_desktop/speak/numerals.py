"""Numbers in words. num2words knows the words; here is which reading is meant. Used by `normalize`."""

from __future__ import annotations

import warnings
from functools import cache, lru_cache
from typing import Any

_DIGITS_IN_GROUP = 3
_LONGEST_CARDINAL = 9  # digits; longer ones are read digit by digit


@cache
def _num2words() -> Any:
    with warnings.catch_warnings():  # old escape sequences in its tables
        warnings.simplefilter("ignore")
        from num2words import num2words
    return num2words


@lru_cache(maxsize=4096)
def cardinal(number: int, language: str) -> str:
    """42 -> "forty-two"."""
    return str(_num2words()(number, lang=language)).replace(",", "")


@lru_cache(maxsize=1024)
def ordinal(number: int, language: str) -> str:
    """21 -> "twenty-first"."""
    return str(_num2words()(number, lang=language, to="ordinal")).replace(",", "")


@lru_cache(maxsize=1024)
def year(number: int, language: str) -> str:
    """2026 -> "twenty twenty-six", 1905 -> "nineteen oh five"."""
    spoken = str(_num2words()(number, lang=language, to="year"))
    return spoken.replace(",", "").replace("oh-", "oh ")


def digits(text: str, language: str) -> str:
    """ "0042" -> "zero zero four two"; anything else than a digit is left out."""
    return " ".join(cardinal(int(digit), language) for digit in text if digit in "0123456789")


def grouped_digits(text: str, language: str, size: int = _DIGITS_IN_GROUP) -> str:
    """Digits in groups with a pause between, as one reads a card or serial number."""
    groups = [text[start : start + size] for start in range(0, len(text), size)]
    return ", ".join(digits(group, language) for group in groups)


def pairs(text: str, language: str) -> str:
    """ "1080" -> "ten eighty"; how people say sizes and model numbers."""
    number = int(text)
    if text.startswith("0") and len(text) > 1:
        return digits(text, language)
    if language == "en" and 1000 < number < 10_000 and number % 1000 >= 10:
        high, low = divmod(number, 100)
        if low == 0:
            return f"{cardinal(high, language)} hundred"
        if low < 10:
            return f"{cardinal(high, language)} oh {cardinal(low, language)}"
        return f"{cardinal(high, language)} {cardinal(low, language)}"
    return whole(text, language)


def whole(text: str, language: str) -> str:
    """A run of digits: a number, or digit by digit when it starts with 0 or is very long."""
    if len(text) > _LONGEST_CARDINAL:
        return grouped_digits(text, language)
    if len(text) > 1 and text.startswith("0"):
        return digits(text, language)
    return cardinal(int(text), language)
