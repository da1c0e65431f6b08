"""Cancels work at a chosen moment, and tells what the work did after it.

Moments are counted in calls of `tick`, and time in seconds of this process's processor: so nothing
here depends on what else the machine does.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.values import Tick

REACTION_S = 2.0
"""Ten times what is promised from a cancel to the end of the work; the bench measures the figure."""


class Ticks:
    """A `tick` that cancels from call number `at` on, the first being 1; never with 0.

    Attributes:
        count: How often it was called.
        longest_gap_s: Most processor time between two calls: so late may a cancel be noticed.
        cancelled_at_s: Processor time of this process at the first Cancelled.
    """

    def __init__(self, at: int = 0) -> None:
        self.count = 0
        self.longest_gap_s = 0.0
        self.cancelled_at_s: float | None = None
        self._at = at
        self._last_s = time.process_time()

    def __call__(self) -> None:
        now_s = time.process_time()
        self.longest_gap_s = max(self.longest_gap_s, now_s - self._last_s)
        self._last_s = now_s
        self.count += 1
        if self._at and self.count >= self._at:
            if self.cancelled_at_s is None:
                self.cancelled_at_s = now_s
            raise Cancelled


def watch(work: Callable[[Tick], object]) -> Ticks:
    """Let the work come to its end; no cancel would have been noticed too late."""
    ticks = Ticks()
    work(ticks)
    assert ticks.longest_gap_s < REACTION_S
    return ticks


def cancel(work: Callable[[Tick], object], at: int) -> None:
    """Cancel the work at the tick `at`: it ends at once, with `Cancelled`, without asking again.

    While a network runs, ticks go by the clock: work that needed fewer this time, and so came to its
    end, is done again and cancelled at half of them.
    """
    ticks = Ticks(at)
    with suppress(Cancelled):
        work(ticks)
        assert ticks.cancelled_at_s is None, "somebody swallowed the cancel"
        assert ticks.count > 1
        cancel(work, ticks.count // 2)
        return
    assert ticks.cancelled_at_s is not None
    assert time.process_time() - ticks.cancelled_at_s < REACTION_S
    assert ticks.count <= at + 1, "the work and the watch over its network may both have asked"
