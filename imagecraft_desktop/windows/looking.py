"""Looks for pictures in folders that the user gave, in a thread of its own; status tells of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from imagecraft_desktop import strings
from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Capture
from imagecraft_desktop.windows.given import captures_of
from imagecraft_desktop.windows.jobs import Jobs

_LONG_MS = 1500
"""After so long it is told what takes time."""

Found = tuple[list[Capture], bool]
"""What `captures_of` gives."""


class Looking(QObject):
    """Lives in the main thread, and so is what it is given called there.

    Args:
        take: Gets what was found.
        tell: Gets sentences: what takes long, and why a search failed.
    """

    def __init__(
        self,
        jobs: Jobs,
        take: Callable[[Found], None],
        tell: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._take = take
        self._tell = tell
        self._running: list[threading.Event] = []
        """What cancels each search."""
        self._long = QTimer(self, singleShot=True, interval=_LONG_MS)
        self._long.timeout.connect(self._tell_long)

    def sentence(self) -> str:
        """What is done now; "" for nothing."""
        return say(strings.IMAGES_LOOKING) if self._running else ""

    def start(self, paths: Sequence[Path]) -> None:
        """Look through these."""
        cancelled = threading.Event()

        def tick() -> None:
            if cancelled.is_set():
                raise Cancelled

        def end(found: Found | None, reason: str = "") -> None:
            if cancelled not in self._running:
                return
            self._running.remove(cancelled)
            if found is not None:
                self._take(found)
            elif reason:
                self._tell(reason)

        self._running.append(cancelled)
        self._long.start()
        self._jobs.run(lambda: captures_of(paths, tick), end, lambda reason: end(None, reason))

    @Slot()
    def stop(self) -> bool:
        """Look for nothing any more.

        Returns:
            Whether anything was looked for.
        """
        stopped, self._running = self._running, []
        for cancelled in stopped:
            cancelled.set()
        return bool(stopped)

    @Slot()
    def _tell_long(self) -> None:
        if self._running:
            self._tell(self.sentence())
