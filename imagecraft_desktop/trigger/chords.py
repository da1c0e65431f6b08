"""Tells combinations and layer letters from a stream of key presses and releases.

For the backends that hear every key (`listen.py`); on X11 the server does this work. Pure: a test
runs it with a clock of its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from imagecraft_desktop.trigger.actions import LETTERS
from imagecraft_desktop.trigger.base import LAYER_S, Bindings, Heard, Report, What
from imagecraft_desktop.trigger.keys import Combination, Modifier

_STALE_S = 30.0
"""A modifier whose release was never heard (the screen was locked) counts no longer than this."""


class Chords:
    """Follows the keyboard. `press` and `release` say whether the focused program should not get
    the key. Safe to call from several threads.

    Args:
        clock: The time in seconds.
    """

    def __init__(
        self, bindings: Bindings, report: Report, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._bindings = bindings
        self._report = report
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[Modifier, float] = {}
        self._down: set[str] = set()
        self._kept: set[str] = set()
        self._layer_until_s: float | None = None

    def rebind(self, bindings: Bindings) -> None:
        """Use these combinations from now on."""
        with self._lock:
            self._bindings = bindings
            self._layer_until_s = None

    def press(self, key: str | Modifier) -> bool:
        """A key went down, or repeats. Keys as in `keys.py`; "" for one without a name."""
        with self._lock:
            if isinstance(key, Modifier):
                self._held[key] = self._clock()
                return False
            if key in self._down:
                return key in self._kept
            self._down.add(key)
            if self._is_ours(key):
                self._kept.add(key)
                return True
            return False

    def release(self, key: str | Modifier) -> bool:
        """A key was let go."""
        with self._lock:
            if isinstance(key, Modifier):
                self._held.pop(key, None)
                return False
            self._down.discard(key)
            if key in self._kept:
                self._kept.discard(key)
                return True
            return False

    def lapse(self) -> None:
        """Close the layer if its time is over."""
        with self._lock:
            self._lapse()

    def _lapse(self) -> None:
        if self._layer_until_s is not None and self._clock() >= self._layer_until_s:
            self._layer_until_s = None
            self._report(Heard(What.LAPSED))

    def _is_ours(self, key: str) -> bool:
        self._lapse()
        was_open, self._layer_until_s = self._layer_until_s is not None, None
        heard = self._letter(key) if was_open else None
        heard = heard or self._combination(key)
        if heard is None and was_open:
            heard = Heard(What.UNKNOWN)
        if heard is None:
            return False
        if heard.what is What.OPENED:
            self._layer_until_s = self._clock() + LAYER_S
        self._report(heard)
        return True

    def _letter(self, key: str) -> Heard | None:
        action = LETTERS.get(key)
        return Heard(What.CHOSEN, action) if action else None

    def _combination(self, key: str) -> Heard | None:
        """The layer key, which opens the layer anew if it is open, or a direct key."""
        now = self._clock()
        held = frozenset(m for m, since in self._held.items() if now - since < _STALE_S)
        pressed = Combination(held, key)
        if pressed == self._bindings.layer:
            return Heard(What.OPENED)
        action = self._bindings.direct.get(pressed)
        return Heard(What.CHOSEN, action) if action else None
