"""Turns what was found and what went wrong into text for the eye and the braille display.

The voice is not here: `control.py` has it. What the voice says is shown as well, once, as a
notification; and on the terminal when there is no voice.
"""

from __future__ import annotations

import sys

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.notify import Notifier
from imagecraft_desktop.values import Failure, Outcome

_LONGEST = 360
"""Characters; notification services cut off what does not fit, some of them without a sign."""
_SENTENCE_ENDS = (". ", "? ", "! ", "; ", "\n")


def cut(text: str, longest: int = _LONGEST) -> str:
    """The text, or its first sentences and word of how to get the rest."""
    if len(text) <= longest:
        return text
    start = text[:longest]
    end = max(start.rfind(mark) + 1 for mark in _SENTENCE_ENDS)
    if end <= longest // 3:
        end = start.rfind(" ")
    return say(strings.APP_CUT, text=start[: max(end, 1)].rstrip())


def printable(text: str) -> str:
    """The text with a question mark for what is no character: a file's name may be any bytes."""
    return text.encode(errors="replace").decode()


class Announcer:
    """Shows descriptions, messages and failures.

    Attributes:
        is_wanted: Whether the user wants notifications; what cannot be said aloud is shown anyway.
    """

    def __init__(self, notifier: Notifier, is_wanted: bool = True) -> None:
        self.is_wanted = is_wanted
        self._notifier = notifier

    def show_description(self, outcome: Outcome, is_silent: bool = False) -> None:
        """What was found, and what the user should know about how it went; `is_silent` when it cannot be
        heard, though its speech was made."""
        is_silent = is_silent or outcome.speech_failure is not None
        warnings = [*outcome.warnings]
        if outcome.speech_failure is not None:
            warnings.append(outcome.speech_failure.spoken)
        self._show("\n".join([*warnings, outcome.text]), is_silent)

    def show_failure(self, failure: Failure) -> None:
        """What could not be done; always shown."""
        self._notifier.show(cut(printable(failure.spoken)))

    def show_message(self, text: str, is_silent: bool = False) -> None:
        """A short message; `is_silent` when it cannot be heard."""
        self._show(text, is_silent)

    def _show(self, text: str, is_silent: bool) -> None:
        text = printable(text)
        if is_silent and sys.stdout is not None and sys.stdout.isatty():
            # only to a person's terminal: elsewhere it would end up in a log
            print(text, flush=True)
        if self.is_wanted or is_silent:
            self._notifier.show(cut(text))
