"""Which way what is said goes: to the screen reader that runs, or through our own voice.

Never both: a text that a reader took is not spoken by us, and one that it did not take is.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

from imagecraft_desktop.speak.reader.base import Reader, known

log = logging.getLogger(__name__)

AUTO, VOICE, READER, MESSAGES = "auto", "voice", "reader", "messages"
"""Values of the setting `output_route`. AUTO and READER both fall back to our voice, so that nothing
is silent; MESSAGES gives a reader the messages, and our voice the descriptions."""
_SLOW_S = 0.1


class Route:
    """Chooses for each utterance. Safe to use from several threads.

    Args:
        wish: See AUTO; may be set anew at any time.
        readers: In the order they are tried; those of this system when None.
    """

    def __init__(self, wish: str = AUTO, readers: Sequence[Reader] | None = None) -> None:
        self.wish = wish
        self._readers = readers
        self._lock = threading.Lock()
        self._last: Reader | None = None

    def reader(self, is_message: bool = False) -> Reader | None:
        """Who is to get the next text; None for our own voice."""
        if self.wish == VOICE or (self.wish == MESSAGES and not is_message):
            return None
        return self.find()

    def find(self) -> Reader | None:
        """The reader that runs, whatever the wish."""
        with self._lock:
            if self._readers is None:
                self._readers = known()
            begun = time.perf_counter()
            found = next((one for one in self._readers if one.is_running()), None)
            self._last = found or self._last
        if (took := time.perf_counter() - begun) > _SLOW_S:
            log.info("looking for a reader took %.0f ms", took * 1000)
        return found

    def says_names(self) -> bool:
        """Whether the new name of what has the focus is said by the reader that runs, whatever the wish."""
        found = self.find()
        return found is not None and found.says_names

    def stop(self) -> None:
        """End what the reader was given last."""
        with self._lock:
            last, self._last = self._last, None
        if last is not None and self.wish != VOICE:
            last.stop()
