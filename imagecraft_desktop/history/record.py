"""Writes finished descriptions to the history, in a thread of its own: a slow disk holds up nobody.

What cannot be written, because the file is locked or the disk full, waits in memory for the next
time. The running program has the thread; the command line writes with `write` alone.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from imagecraft_desktop.errors import HistoryError
from imagecraft_desktop.history.store import Limits, Store
from imagecraft_desktop.values import HistoryEntry, Origin, Outcome, Picture, Request

log = logging.getLogger(__name__)

_MOST_WAITING = 100


def entry_of(request: Request, outcome: Outcome) -> HistoryEntry | None:
    """What is kept of a finished request; None of one that only spoke a text."""
    found = outcome.description
    if request.capture is None or found is None:
        return None
    return HistoryEntry(
        when_s=time.time(),
        origin=Origin(request.capture.origin),
        name=request.capture.name,
        kind=found.kind.value,
        statements=found.statements,
        captioner=found.captioner or request.captioner,
        question=request.wish.question,
        warnings=outcome.warnings,
    )


def write(store: Store, entry: HistoryEntry, picture: Picture | None, limits: Limits) -> None:
    """Keep an entry, with its picture if one is given. Raises HistoryError."""
    store.add(entry, _as_png(picture) if picture is not None else None, limits)


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    entry: HistoryEntry
    picture: Picture | None
    limits: Limits


class Recorder:
    """Takes entries from any thread.

    Args:
        tell: Hears a sentence about trouble, once until it is over; in the recorder's thread.
        written: Called when entries were added; in that thread, too.
    """

    def __init__(
        self,
        store: Store,
        tell: Callable[[str], None],
        written: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._tell = tell
        self._written = written
        self._arriving: queue.SimpleQueue[_Waiting | Limits | None] = queue.SimpleQueue()
        self._waiting: deque[_Waiting] = deque(maxlen=_MOST_WAITING)
        self._overdue: Limits | None = None
        self._is_in_trouble = False
        self._thread: threading.Thread | None = None

    def record(self, entry: HistoryEntry, limits: Limits, picture: Picture | None = None) -> None:
        """Keep an entry, with its picture if one is given. Returns at once."""
        self._put(_Waiting(entry, picture, limits))

    def limit(self, limits: Limits) -> None:
        """Forget what is over the limits. Returns at once."""
        if self._store.is_there():
            self._put(limits)

    def _put(self, one: _Waiting | Limits) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="history", daemon=True)
            self._thread.start()
        self._arriving.put(one)

    def forget(self) -> None:
        """Let go what still waits to be written."""
        self._waiting.clear()

    def close(self, wait_s: float) -> None:
        """Write what is left, for so long at most."""
        if self._thread is not None:
            self._arriving.put(None)
            self._thread.join(wait_s)

    def _run(self) -> None:
        while (arrived := self._arriving.get()) is not None:
            if isinstance(arrived, Limits):
                self._overdue = arrived  # only the last counts
            else:
                self._waiting.append(arrived)
            try:
                self._write()
            except Exception:
                log.exception("the history failed by a defect")

    def _write(self) -> None:
        try:
            while self._waiting:
                one = self._waiting[0]
                write(self._store, one.entry, one.picture, one.limits)
                if self._waiting and self._waiting[0] is one:
                    self._waiting.popleft()
                self._written()
            if self._overdue is not None:
                self._store.forget_old(self._overdue)
                self._overdue = None
            self._is_in_trouble = False
        except HistoryError as error:
            log.warning("not written to the history: %s", error.detail)
            if not self._is_in_trouble:
                self._is_in_trouble = True
                self._tell(error.spoken)
        for sentence in self._store.take_notices():
            self._tell(sentence)


def _as_png(picture: Picture) -> bytes:
    import io

    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(picture.pixels).save(file, "PNG", compress_level=3)
    return file.getvalue()
