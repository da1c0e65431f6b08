"""The sound of one utterance in memory, and the place in it where the listener is.

Plain Python, no device and no lock: the player guards it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple

SAMPLE_BYTES = 2
KEPT_S = 600
"""What was heard longer ago than this is forgotten, sentence by sentence: 29 MB at 24,000 Hz."""
_SAME_SENTENCE_S = 1.0


class _Mark(NamedTuple):
    """Where a sentence begins, in bytes."""

    sentence: int
    start: int


class Track:
    """Mono sound, 16 bits, one sampling rate, cut into sentences.

    Attributes:
        rate_hz: Sampling rate of all of it.
        is_whole: No more sound will come.
    """

    def __init__(self, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self.is_whole = False
        self._sound = bytearray()
        self._marks: list[_Mark] = []
        self._place = 0
        self._forgotten = 0
        self._skipped_to = 0

    def add(self, sound: bytes, sentence: int) -> None:
        """Append a chunk; sentences come in rising order."""
        if not self._marks or sentence > self._marks[-1].sentence:
            self._marks.append(_Mark(sentence, len(self._sound)))
        self._sound += sound
        if sentence < self._skipped_to:
            self._place = len(self._sound)

    def take(self, size: int) -> bytes:
        """The next bytes, at most `size`; the listener moves on."""
        sound = bytes(self._sound[self._place : self._place + size])
        self._place += len(sound)
        return sound

    @property
    def is_empty(self) -> bool:
        return not self._sound

    @property
    def has_more(self) -> bool:
        """Whether there is sound that was not taken yet."""
        return self._place < len(self._sound)

    @property
    def taken_s(self) -> float:
        """How far into the utterance the listener is."""
        return self._seconds(self._forgotten + self._place)

    @property
    def ahead_s(self) -> float:
        """How much sound waits to be taken."""
        return self._seconds(len(self._sound) - self._place)

    def sentence_at(self, unheard_s: float) -> int | None:
        """Which sentence is being heard; None before the first.

        Args:
            unheard_s: How much of what was taken has not left the loudspeaker yet.
        """
        if not self._marks:
            return None
        place = max(0, self._place - self._bytes(unheard_s))
        at = bisect_right(self._marks, place, key=lambda m: m.start) - 1
        return self._marks[max(0, at)].sentence

    def skip(self) -> None:
        """Move to the next sentence; when that has not come yet, to its beginning once it comes."""
        if not self._marks:
            return
        current = self._current()
        if current + 1 < len(self._marks):
            self._place = self._marks[current + 1].start
        else:
            self._place = len(self._sound)
            self._skipped_to = self._marks[current].sentence + 1

    def back(self, unheard_s: float) -> None:
        """Move to the start of the sentence being heard, or of the one before it when that has
        only just begun.

        Args:
            unheard_s: How much of what was taken has not left the loudspeaker yet.
        """
        if not self._marks:
            return
        self._place = max(0, self._place - self._bytes(unheard_s))
        current = self._current()
        if current and self._place - self._marks[current].start < self._bytes(_SAME_SENTENCE_S):
            current -= 1
        self._go(self._marks[current].start)

    def restart_sentence(self, unheard_s: float) -> None:
        """Move to the start of the sentence being heard."""
        if self._marks:
            self._place = max(0, self._place - self._bytes(unheard_s))
            self._go(self._marks[self._current()].start)

    def rewind(self) -> None:
        """Move to the beginning."""
        self._go(0)

    def forget(self) -> None:
        """Drop whole sentences that were heard more than KEPT_S ago."""
        limit = self._place - self._bytes(KEPT_S)
        gone = next((m.start for m in reversed(self._marks) if m.start <= limit), 0)
        if gone:
            del self._sound[:gone]
            self._marks = [_Mark(s, at - gone) for s, at in self._marks if at >= gone]
            self._place -= gone
            self._forgotten += gone

    def convert(self, rate_hz: int, change: Callable[[bytes], bytes]) -> None:
        """Replace all sound by the same at another rate, sentence by sentence; the place is kept."""
        place_s = self._seconds(self._place)
        old, marks = self._sound, self._marks
        ends = [mark.start for mark in marks[1:]] + [len(old)]
        self._forgotten = self._forgotten // SAMPLE_BYTES * rate_hz // self.rate_hz * SAMPLE_BYTES
        self.rate_hz, self._sound, self._marks = rate_hz, bytearray(), []
        for mark, end in zip(marks, ends, strict=True):
            self._marks.append(_Mark(mark.sentence, len(self._sound)))
            self._sound += change(bytes(old[mark.start : end]))
        self._place = min(self._bytes(place_s), len(self._sound))

    def _go(self, place: int) -> None:
        self._place = place
        self._skipped_to = 0

    def _current(self) -> int:
        return max(0, bisect_right(self._marks, self._place, key=lambda m: m.start) - 1)

    def _bytes(self, seconds: float) -> int:
        return int(seconds * self.rate_hz) * SAMPLE_BYTES

    def _seconds(self, size: int) -> float:
        return size / SAMPLE_BYTES / self.rate_hz
