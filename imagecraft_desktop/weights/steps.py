"""How far work on a model is: a download, a copy, a check. Told by `download` and `store`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from imagecraft_desktop.values import Tick
from imagecraft_desktop.weights.whole import BLOCK


class Stage(StrEnum):
    """What is being done."""

    FETCH = "fetch"
    COPY = "copy"
    CHECK = "check"
    WAIT = "wait"
    PAUSED = "paused"
    RESUMED = "resumed"


@dataclass(frozen=True)
class Step:
    """How far it is.

    Attributes:
        done: Bytes that are here, copied or checked, those of earlier attempts too; 0 while waiting or paused.
        total: Bytes of the whole model; while waiting the seconds, or 0 when nobody knows; while paused 0.
    """

    stage: Stage
    done: int
    total: int


Tell = Callable[[Step], None]


def quiet(step: Step) -> None:
    """A `Tell` where nobody listens."""


class Counted:
    """Counts what is read of files, one after the other, and tells the beginning and each percent.

    Args:
        tick: Called for each block as well.
    """

    def __init__(self, stage: Stage, total: int, tell: Tell, tick: Tick) -> None:
        self._stage, self._total, self._tell, self._tick = stage, total, tell, tick
        self._before = self._size = self._here = self._percent = 0
        tell(Step(stage, 0, total))

    def of(self, size: int) -> Tick:
        """What is to be called before each block of the next file, which has so many bytes."""
        self._before, self._size, self._here = self._before + self._size, size, 0
        return self._count

    def _count(self) -> None:
        self._tick()
        self._here = min(self._here + BLOCK, self._size)
        done = self._before + self._here
        percent = 100 * done // self._total if self._total else 100
        if percent > self._percent:
            self._percent = percent
            self._tell(Step(self._stage, min(done, self._total), self._total))
