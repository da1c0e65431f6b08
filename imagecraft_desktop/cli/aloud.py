"""Speaks short sentences while a command works, without ever making it wait.

Used by `models install --say`. Whatever fails at speaking is told once; the work goes on.
"""

from __future__ import annotations

import argparse
import logging
import sys
import threading
import time
from collections import deque

from imagecraft_desktop.cli.road import Road, is_program_speaking
from imagecraft_desktop.errors import Cancelled, ImageCraftError
from imagecraft_desktop.settings import store
from imagecraft_desktop.values import Request

log = logging.getLogger(__name__)

_LOOK_S = 0.5
_POLITE_S = 20.0
"""So long the description that the program speaks is not interrupted."""
_LAST_S = 30.0
_USUAL = argparse.Namespace(
    voice=None, rate=None, pitch=None, volume=None, seed=0, out=None, no_speak=False
)


class Aloud:
    """A voice in a thread of its own. To be made in the main thread."""

    def __init__(self) -> None:
        self._road = Road(_USUAL, store.load().settings)
        self._changed = threading.Condition()
        self._waiting: deque[tuple[str, bool]] = deque()
        self._is_over = False
        self._thread = threading.Thread(target=self._run, name="aloud", daemon=True)
        self._thread.start()

    def say(self, sentence: str, *, is_passing: bool = False) -> None:
        """Say it when all before it was said. Returns at once.

        Args:
            is_passing: Soon out of date; a newer one takes its place if it still waits.
        """
        with self._changed:
            if is_passing and self._waiting and self._waiting[-1][1]:
                self._waiting.pop()
            self._waiting.append((sentence, is_passing))
            self._changed.notify()

    def finish(self) -> None:
        """Wait until all was heard; not for ever."""
        self._end()
        self._thread.join(_LAST_S)
        self.stop()

    def stop(self) -> None:
        """Silence, and the end."""
        with self._changed:
            self._waiting.clear()
        self._end()
        self._road.stop()
        self._thread.join(_LAST_S)
        self._road.close()

    def _end(self) -> None:
        with self._changed:
            self._is_over = True
            self._changed.notify()

    def _next(self) -> str | None:
        """The next sentence; None when there will be no more."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_over)
            return self._waiting[0][0] if self._waiting else None

    def _run(self) -> None:
        try:
            while self._next() is not None:
                self._wait_for_program()
                with self._changed:
                    sentence = self._waiting.popleft()[0] if self._waiting else ""
                if sentence:
                    self._speak(sentence)
        except Cancelled:
            return
        except ImageCraftError as error:
            print(error.spoken, file=sys.stderr)
        except Exception:
            log.exception("speaking ended by a defect")

    def _speak(self, sentence: str) -> None:
        outcome = self._road.run(Request(None, text=sentence, manner=self._road.manner), _ignore)
        if outcome.speech_failure is not None:
            print(outcome.speech_failure.spoken, file=sys.stderr)
            raise Cancelled  # nor would the next one be heard
        self._road.listen()
        self._road.rest()

    def _wait_for_program(self) -> None:
        end_s = time.monotonic() + _POLITE_S
        while is_program_speaking() and time.monotonic() < end_s:
            self._road.tick()
            time.sleep(_LOOK_S)


def _ignore(_: object) -> None:
    """What is said is shown by the command itself."""
