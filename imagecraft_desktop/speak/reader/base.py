"""What every way to a screen reader offers, and those of this system in the order they are tried.

A reader is looked for at each utterance, so one that starts or ends meanwhile is noticed. A way is
one module of this folder with a class named by `READER`, and a name in `_ORDER`.
"""

from __future__ import annotations

import importlib
import logging
import sys
from typing import Protocol

log = logging.getLogger(__name__)

_ORDER = ("prism", "orca", "speech_dispatcher", "nvda", "jaws", "voiceover", "narrator")
"""A library that others keep comes before our own ways; what has braille before what has none."""


class Reader(Protocol):
    """A way to a screen reader. Made without cost. All methods may be called from any thread, and
    none raises or waits longer than about a second.

    Attributes:
        systems: Values of `sys.platform` where it can be.
        says_names: Whether it is known to say by itself the new name of what has the focus.
    """

    systems: tuple[str, ...]

    @property
    def says_names(self) -> bool: ...

    @property
    def name(self) -> str:
        """What people call the reader: "Orca"."""

    def is_running(self) -> bool:
        """Whether the reader runs and can be reached. Takes some milliseconds."""

    def say(self, text: str) -> bool:
        """Hand over a whole text for speech and, where possible, braille; what the reader is saying
        is not cut off. False when it did not take it."""

    def stop(self) -> None:
        """End what was handed over, where the reader lets others do so."""


def known(platform: str = sys.platform) -> list[Reader]:
    """The ways of this system; a module that does not import is logged and left out."""
    found: list[Reader] = []
    for name in _ORDER:
        try:
            reader = importlib.import_module(f"{__package__}.{name}").READER
        except Exception:
            log.exception("reader %s does not import", name)
            continue
        if platform in reader.systems:
            found.append(reader())
    return found
