"""Fetches pictures from the web, one after the other, in a thread of its own; status tells of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, Signal, Slot

from imagecraft_desktop import strings
from imagecraft_desktop.errors import Cancelled, ImageCraftError
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Capture
from imagecraft_desktop.windows.jobs import Jobs


def host_of(address: str) -> str:
    """The name of the machine that an address leads to; the address where it has none."""
    try:
        return urlsplit(address).hostname or address
    except ValueError:
        return address


@dataclass(eq=False)
class _Fetch:
    addresses: Sequence[str]
    place: int = 0
    """Of the address that is fetched now."""
    cancelled: threading.Event = field(default_factory=threading.Event)

    def tick(self) -> None:
        if self.cancelled.is_set():
            raise Cancelled


class Fetching(QObject):
    """Lives in the main thread, and so is what it is given called there.

    Args:
        take: Gets each picture as it comes, or why it did not come.
        refused: Gets the sentence of a fetch that failed as a whole.
    """

    _came = Signal(object, object)

    def __init__(
        self,
        jobs: Jobs,
        take: Callable[[Capture | ImageCraftError], None],
        refused: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._take = take
        self._refused = refused
        self._running: list[_Fetch] = []
        self._came.connect(self._take_one)

    def sentence(self) -> str:
        """What is fetched now; "" for nothing."""
        if not self._running:
            return ""
        fetch = self._running[0]
        host, count = host_of(fetch.addresses[fetch.place]), len(fetch.addresses)
        if count == 1:
            return say(strings.IMAGES_FETCHING, host=host)
        number = fetch.place + 1
        return say(strings.IMAGES_FETCHING_SEVERAL, number=number, count=count, host=host)

    def start(self, addresses: Sequence[str]) -> None:
        """Fetch these, beside what is fetched already."""
        fetch = _Fetch(addresses)
        self._running.append(fetch)
        self._jobs.run(
            lambda: self._fetch(fetch),
            lambda _: self._end(fetch, ""),
            lambda reason: self._end(fetch, reason),
        )

    @Slot()
    def stop(self) -> bool:
        """Let nothing more come.

        Returns:
            Whether anything was being fetched.
        """
        stopped, self._running = self._running, []
        for fetch in stopped:
            fetch.cancelled.set()
        return bool(stopped)

    def _fetch(self, fetch: _Fetch) -> None:
        """In a thread."""
        from imagecraft_desktop.capture import url

        for place, address in enumerate(fetch.addresses):
            fetch.tick()
            fetch.place = place
            try:
                came: Capture | ImageCraftError = url.fetch(address, tick=fetch.tick)
            except ImageCraftError as error:
                came = error
            self._came.emit(fetch, came)

    @Slot(object, object)
    def _take_one(self, fetch: _Fetch, came: Capture | ImageCraftError) -> None:
        if not fetch.cancelled.is_set():
            self._take(came)

    def _end(self, fetch: _Fetch, reason: str) -> None:
        if fetch in self._running:
            self._running.remove(fetch)
            if reason:
                self._refused(reason)
