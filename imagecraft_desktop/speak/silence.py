"""The last rung: no speech. Chosen by people whose screen reader or braille display does the work.

The text itself is printed or shown by others. When every voice fails, `chain` gives `sign` instead
of words, so that nobody waits for speech that never comes.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from imagecraft_desktop import strings
from imagecraft_desktop.speak import earcon
from imagecraft_desktop.values import Manner, Speech, Tick, no_tick


class SilenceVoice:
    """See `base.Voice`. Yields nothing, and that is right."""

    name = "silence"
    label = strings.VOICE_SILENCE
    rung = 100
    plays_itself = False

    @classmethod
    def missing(cls) -> str | None:
        return None

    @classmethod
    def has_pitch(cls) -> bool:
        return False

    def load(self, _tick: Tick = no_tick) -> None:
        """Nothing to do."""

    def can_say(self, text: str, language: str) -> bool:
        """Anything can be kept silent about."""
        return True

    def say(self, text: str, manner: Manner, tick: Tick) -> Iterator[Speech]:
        tick()
        yield from ()

    def unload(self) -> None:
        """Nothing to do."""


def sign() -> Speech:
    """The error earcon as speech, for when no voice works."""
    samples = np.frombuffer(earcon.sound_of("error", 1.0), np.int16).astype(np.float32)
    return Speech(samples / np.float32(32768), earcon.RATE_HZ)


VOICE = SilenceVoice
