"""The pictures that are to be described one after the other: progress, pause, cancel, go on.

It says which one is wanted next and waits until the one before was heard to its end. It never takes
the turn of what the user asked for by other means: then it pauses by itself and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Capture, Description, Origin

MOST_KEPT = 200
"""Of so many pictures the descriptions stay in the memory."""
_LOOK_MS = 150

WAITING, WORKING, DONE, FAILED, CANCELLED = "waiting", "working", "done", "failed", "cancelled"
"""States of a picture; keys of `strings.QUEUE_STATES`."""


@dataclass(eq=False)
class Item:
    """A picture in the queue.

    Attributes:
        found: What came of it; None before, and of those that are long past.
        failure: Why nothing came of it, in a sentence.
        is_gone: Whether the picture itself is not kept any more.
    """

    capture: Capture
    state: str = WAITING
    request_id: int = 0
    found: Description | None = None
    failure: str = ""
    is_gone: bool = False

    @property
    def name(self) -> str:
        """What the user calls it, short."""
        is_file = self.capture.origin is Origin.FILE
        return Path(self.capture.name).name if is_file else self.capture.name


class PictureQueue(QObject):
    """Lives in the main thread.

    Args:
        is_quiet: Whether nothing is in work or being said.
    """

    wanted = Signal(object, str)
    """A `Capture` is to be described, after this sentence was said."""
    changed = Signal()
    """The items, or their states, are others."""
    told = Signal(str)
    """A sentence for the user about the queue."""

    def __init__(self, is_quiet: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_quiet = is_quiet
        self.items: list[Item] = []
        self.is_paused = False
        self._first = 0
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._go_on)

    @property
    def is_running(self) -> bool:
        """Whether there is something left to describe, be it paused or not."""
        return any(item.state in {WAITING, WORKING} for item in self.items)

    def add(self, captures: Sequence[Capture], *, goes_on: bool = True) -> None:
        """Describe these after those that are there; the first at once when nothing runs.

        Args:
            goes_on: A paused list goes on: whoever gives something new wants to hear of it.
        """
        if not captures:
            return
        if not self.is_running:
            self._first = len(self.items)
            self.is_paused = False
        self.items += [Item(capture) for capture in captures]
        self.changed.emit()
        if self._working() is None and not self.is_paused:
            self._take()
            self._look.start()
        else:
            self.told.emit(say(strings.QUEUE_ADDED, count=self._round()))
            if goes_on:
                self.resume()

    @Slot()
    def pause(self) -> None:
        """Begin no other picture; the one in work goes on."""
        if self.is_running and not self.is_paused:
            self.is_paused = True
            self._look.stop()
            self.changed.emit()
            self.told.emit(say(strings.QUEUE_PAUSED))

    @Slot()
    def resume(self) -> None:
        """Go on where it was paused."""
        if self.is_running and self.is_paused:
            self.is_paused = False
            self.changed.emit()
            self.told.emit(say(strings.QUEUE_RESUMED))
            self._look.start()

    @Slot()
    def toggle(self) -> None:
        """Pause, or go on."""
        if self.is_paused:
            self.resume()
        else:
            self.pause()

    @Slot()
    def cancel(self) -> None:
        """Describe none of those that are left. What is in work is for the owner to stop."""
        if not self.is_running:
            return
        for item in self.items:
            if item.state in {WAITING, WORKING}:
                item.state = CANCELLED
        self._look.stop()
        self.is_paused = False
        self.changed.emit()
        self.told.emit(say(strings.QUEUE_CANCELLED))

    def note_began(self, request_id: int) -> None:
        """The picture that was wanted is in work as this request."""
        if (item := self._working()) is not None:
            item.request_id = request_id

    def note_ended(
        self,
        request_id: int,
        state: str | None,
        found: Description | None = None,
        failure: str = "",
    ) -> None:
        """A request is over: DONE, FAILED, or with None stopped by something else."""
        item = self._working()
        if item is None or item.request_id != request_id:
            return
        item.state = state or WAITING
        item.found, item.failure = found, failure
        for old in [one for one in self.items if one.found is not None][:-MOST_KEPT]:
            old.found = None
        self.changed.emit()
        if state is None:
            self.pause()

    def let_go(self, last: Capture | None) -> None:
        """Keep no contents of pictures that are over, but of the one that was described last. A file is only named."""
        for item in self.items:
            is_over = item.state not in {WAITING, WORKING}
            is_file = isinstance(item.capture.content, Path)
            if is_over and not is_file and item.capture is not last and not item.is_gone:
                item.capture, item.is_gone = replace(item.capture, content=b""), True

    def _working(self) -> Item | None:
        return next((item for item in self.items if item.state == WORKING), None)

    def _round(self) -> int:
        """How many pictures there are since the queue was empty."""
        return len(self.items) - self._first

    @Slot()
    def _go_on(self) -> None:
        """Take the next when the one before is over and heard."""
        if self._working() is not None or not self._is_quiet():
            return
        if any(item.state == WAITING for item in self.items):
            self._take()
            return
        self._look.stop()
        if self._round() > 1:
            self.told.emit(self._result())

    def _take(self) -> None:
        place = next(n for n, item in enumerate(self.items) if item.state == WAITING)
        item = self.items[place]
        item.state, item.request_id = WORKING, 0
        self.changed.emit()
        number, count = place - self._first + 1, self._round()
        opening = say(strings.QUEUE_OPENING, number=number, count=count, name=item.name)
        self.wanted.emit(item.capture, opening if count > 1 else "")

    def _result(self) -> str:
        ended = self.items[self._first :]
        failed = sum(item.state == FAILED for item in ended)
        if failed:
            return say(strings.QUEUE_DONE_FAILED, count=len(ended), failed=failed)
        return say(strings.QUEUE_DONE, count=len(ended))
