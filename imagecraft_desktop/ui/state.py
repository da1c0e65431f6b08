"""What is seen of the program's state: `control.py` knows it, the watch tells when it changed, the tray shows it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal, Slot

log = logging.getLogger(__name__)

_SOON_MS = 50
"""Whatever was asked for is under way before the picture changes, and what ends at once is not shown."""
_EVERY_MS = 250


class State(StrEnum):
    """What the tray tells. PROBLEM: nothing is done, and what was done or needed last failed."""

    IDLE = "idle"
    WORKING = "working"
    SPEAKING = "speaking"
    PAUSED = "paused"
    PROBLEM = "problem"


_STATES = {
    "waiting": State.WORKING,
    "describing": State.WORKING,
    "working": State.WORKING,
    "speaking": State.SPEAKING,
    "paused": State.PAUSED,
    "idle": State.IDLE,
}
_ENDS_BY_ITSELF = frozenset({State.WORKING, State.SPEAKING})


class StateWatch(QObject):
    """Looks when it was told that something may have begun, and again and again until that has ended.

    While nothing is done, or speech is paused, no timer runs.

    Args:
        status: What is done now: a word of `status`, and a sentence.
        is_sounding: Whether something is being said, or will be in a moment.

    Attributes:
        problem: The sentence about what failed last; "" when that is over.
    """

    changed = Signal(object, str)
    """A `State`, and the same in words."""

    def __init__(
        self,
        status: Callable[[], tuple[str, str]],
        is_sounding: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.problem = ""
        self._status = status
        self._is_sounding = is_sounding
        self._told: tuple[State, str] | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._look)

    @Slot()
    def look_soon(self) -> None:
        """Something may have changed."""
        if not self._timer.isActive() or self._timer.interval() > _SOON_MS:
            self._timer.start(_SOON_MS)

    def note_problem(self, sentence: str) -> None:
        """Something failed; seen until `end_problem`."""
        self.problem = sentence
        self.look_soon()

    def end_problem(self) -> None:
        """Something went well since, or the user does something else."""
        if self.problem:
            self.note_problem("")

    @Slot()
    def _look(self) -> None:
        try:
            word, sentence = self._status()
            is_sounding = self._is_sounding()
        except Exception:  # told as a defect it would be looked at again, and again
            log.exception("the state is not known")
            return
        state = _STATES[word]
        if is_sounding or state in _ENDS_BY_ITSELF:
            self._timer.start(_EVERY_MS)
        if is_sounding and state is State.IDLE:
            return  # between two of them, as before the first word is heard
        if state is State.IDLE and self.problem:
            state = State.PROBLEM
        if (state, sentence) != self._told:
            self._told = state, sentence
            self.changed.emit(state, sentence)
