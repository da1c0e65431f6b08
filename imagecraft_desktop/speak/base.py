"""What every voice offers, and the list of those that are here.

A voice is one module of this folder that has a class named by `VOICE`.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
from collections.abc import Iterator
from typing import Protocol

from imagecraft_desktop.values import Manner, Speech, Tick, no_tick

log = logging.getLogger(__name__)


class Voice(Protocol):
    """Speaks text. Made without cost; `load` does the work.

    Attributes:
        name: Written to the settings file, so it never changes.
        label: A constant of `strings`, shown and read aloud.
        rung: Place in the fallback order; the lowest that works is tried next when a voice fails.
        plays_itself: True when the voice owns its own output: `say` yields nothing and returns
            when the text was spoken. Such a voice cannot be saved to a file.
    """

    name: str
    label: str
    rung: int
    plays_itself: bool

    @classmethod
    def missing(cls) -> str | None:
        """None when it can run here, else the sentence that says why not and what to do."""

    @classmethod
    def has_pitch(cls) -> bool:
        """Whether it follows `Manner.pitch` on this machine."""

    def load(self, tick: Tick = no_tick) -> None:
        """Make ready. Does nothing when ready. Raises VoiceMissing, and what `tick` raises: it is asked
        again and again where that takes seconds."""

    def can_say(self, text: str, language: str) -> bool:
        """Whether this voice can speak the text intelligibly (script and language)."""

    def say(self, text: str, manner: Manner, tick: Tick) -> Iterator[Speech]:
        """Yield the sound of a text, sentence by sentence. Raises SpeakError, Cancelled."""

    def unload(self) -> None:
        """Give the memory back."""


# Other modules of the room; the player would open the sound library
_NOT_VOICES = frozenset(
    "base chain cutpoint device earcon forms guard level microphone normalize numerals phonemes phrases player prepare prompts reader recording samples save scripts sentences sound_file stretch tone track transcript voicecraft words".split()  # noqa: SIM905
)


def known() -> dict[str, type[Voice]]:
    """Every voice of this folder by name, in fallback order; a module that does not import is
    logged and left out."""
    found: list[type[Voice]] = []
    import imagecraft_desktop.speak as room

    for entry in pkgutil.iter_modules(room.__path__):
        if entry.name in _NOT_VOICES:
            continue
        try:
            module = importlib.import_module(f"{room.__name__}.{entry.name}")
        except Exception:
            log.exception("voice %s does not import", entry.name)
            continue
        if (voice := getattr(module, "VOICE", None)) is not None:
            found.append(voice)
    return {voice.name: voice for voice in sorted(found, key=lambda v: v.rung)}
