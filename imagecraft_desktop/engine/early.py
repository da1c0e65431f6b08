"""Makes the voice ready while the picture is still being looked at.

On the first request that brings the first word half a second nearer. Used by the worker and by the
command line.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Protocol

from imagecraft_desktop.engine.pipeline import Speaker
from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.values import Manner, Speech, Tick, no_tick

_LOOK_S = 0.02
_LOADING_S = 30.0
"""No voice takes longer to load."""


class Voices(Speaker, Protocol):
    """The voices: `speak.chain.Chain`."""

    @property
    def plays_itself(self) -> bool:
        """Whether the voice that speaks, or spoke last, makes its own sound, which no player can
        pause."""

    def unload(self) -> None:
        """Give the memory back; `say` loads again."""

    def load(self, language: str, tick: Tick) -> None:
        """Make the voice for this language ready before it is needed. Raises Cancelled, from `tick`."""


class EarlyVoices:
    """The voices, made ready in a thread of their own while the picture is described; and whether
    they are speaking, for they must not be entered twice."""

    def __init__(self) -> None:
        self.is_speaking = False
        self._voices: Voices | None = None
        self._loading: threading.Thread | None = None
        self._is_unloaded = False

    @property
    def plays_itself(self) -> bool:
        """Whether the voice that speaks, or spoke last, makes its own sound."""
        return self._voices is not None and self._voices.plays_itself

    def take(
        self, voices: Voices, language: str, *, is_soon: bool = True, tick: Tick = no_tick
    ) -> None:
        """Speak with these from now on, at first most likely in this language.

        Args:
            is_soon: Make them ready now; else when they are first needed.
            tick: Called while they are made ready now, in a thread of its own; what it raises ends that.
        """
        self._voices, self._is_unloaded = voices, not is_soon
        if not is_soon:
            return
        self._loading = threading.Thread(
            target=_load, args=(voices, language, tick), name="voice", daemon=True
        )
        self._loading.start()

    def unload(self) -> None:
        """Give the voices' memory back, once they are loaded."""
        if self._voices is not None:
            self.wait_loaded(_LOADING_S)
            self._voices.unload()
            self._is_unloaded = True

    def wake(self, language: str) -> None:
        """Make the voices ready again if they were unloaded."""
        if self._voices is not None and self._is_unloaded:
            self.take(self._voices, language)

    def wait_loaded(self, timeout_s: float) -> bool:
        """Wait until the voices are ready or failed; False when they still are being loaded."""
        if self._loading is None:
            return True
        self._loading.join(max(timeout_s, 0.0))
        return not self._loading.is_alive()

    def say(self, text: str, manner: Manner, tick: Tick) -> Iterator[Speech]:
        self.is_speaking = True
        try:
            while not self.wait_loaded(_LOOK_S):
                tick()
            if self._voices is not None:
                yield from self._voices.say(text, manner, tick)
        finally:
            self.is_speaking = False

    def take_used(self) -> tuple[str, ...]:
        return self._voices.take_used() if self._voices is not None else ()

    def take_notices(self) -> tuple[str, ...]:
        return self._voices.take_notices() if self._voices is not None else ()


def _load(voices: Voices, language: str, tick: Tick) -> None:
    with suppress(Cancelled):
        voices.load(language, tick)
