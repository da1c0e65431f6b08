"""Keys for controls: the letter that, with Alt, leads to one. Found anew in every language."""

from __future__ import annotations

import string


class Mnemonics:
    """Gives each label of a page a letter of its own.

    Args:
        taken: Letters that controls beside this page have already.
    """

    def __init__(self, taken: str = "") -> None:
        self._taken = set(taken.casefold())

    @property
    def taken(self) -> str:
        """The letters that are given away."""
        return "".join(sorted(self._taken))

    def mark(self, text: str) -> str:
        """The label with `&` before its letter; when none of them is left, with a digit after it."""
        plain = text.replace("&", "&&")
        starts = [i for i, c in enumerate(text) if c.isalnum() and not text[i - 1 : i].isalnum()]
        others = [i for i, c in enumerate(text) if c.isalnum()]
        for place in [*starts, *others]:
            letter = text[place].casefold()
            if letter not in self._taken:
                self._taken.add(letter)
                before = text[:place].replace("&", "&&")
                return f"{before}&{text[place:].replace('&', '&&')}"
        for digit in string.digits[1:]:
            if digit not in self._taken:
                self._taken.add(digit)
                return f"{plain} (&{digit})"
        return plain
