"""The long work of a page of the settings window: status tells of it, and Stop ends it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Slot

from imagecraft_desktop.control import Control
from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.values import Tick
from imagecraft_desktop.windows.jobs import Jobs

T = TypeVar("T")


class Work(QObject):
    """One at a time: a newer one ends the older, of which nothing is told any more.

    Lives in the main thread.

    Attributes:
        sentence: What it does now, as status tells it; "" for nothing.
        is_stopped: Whether Stop ended it; "Cancelled." was said then.
    """

    def __init__(self, control: Control, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sentence = ""
        self.is_stopped = False
        self._jobs = jobs
        self._control = control
        self._cancelled = threading.Event()
        control.add_work(lambda: self.sentence)
        control.stopped.connect(self._stop)

    def run(
        self,
        sentence: str,
        work: Callable[[Tick], T],
        then: Callable[[T], object],
        refused: Callable[[str], object],
    ) -> None:
        """As `Jobs.run`; what the `work` is given raises Cancelled when it is to end."""
        self.cancel()
        cancelled = self._cancelled = threading.Event()
        self.sentence, self.is_stopped = sentence, False
        self._control.state.look_soon()

        def tick() -> None:
            if cancelled.is_set():
                raise Cancelled

        def follow(act: Callable[[T], object], result: T) -> None:
            if cancelled is self._cancelled:
                self.sentence = ""
                self._control.state.look_soon()
                act(result)

        self._jobs.run(
            lambda: work(tick),
            lambda result: follow(then, result),
            lambda reason: follow(refused, reason),  # type: ignore[arg-type]
        )

    def cancel(self) -> None:
        """End it soon."""
        self._cancelled.set()

    @Slot()
    def _stop(self) -> None:
        if self.sentence:
            self.is_stopped = True
            self.cancel()
