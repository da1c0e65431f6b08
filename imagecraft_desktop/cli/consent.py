"""Asks for a yes, where a command needs the user's consent and was not given it beforehand."""

from __future__ import annotations

import sys

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say


def is_given(question: str) -> bool:
    """Ask in a terminal for a yes; elsewhere nobody says so.

    Args:
        question: A constant of `strings` with the placeholder {yes}, the word to be typed.
    """
    if not sys.stdin.isatty():
        return False
    yes = say(strings.VOICE_YES)
    try:
        answer = input(say(question, yes=yes))
    except EOFError:
        return False
    return answer.strip().casefold() in {yes.casefold(), strings.VOICE_YES}
