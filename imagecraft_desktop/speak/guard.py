"""Tells speech that went wrong from speech that is well: by how long it lasts for its text, and by
silence that does not end. For voices that make up their sound freely and sometimes lose the text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Of the time that the text should take at the prompt's pace. Words that are left out or said twice
# in a sentence of ten change it by a tenth: only what is far out is sure to be wrong.
_SHORTEST, _LONGEST = 0.4, 2.2
_SPARE_S = 0.8
"""Short texts: one breath more or less is no fault."""
_LONG_S = 2.5
"""From here on the seconds of speech tell more, for pauses do not count: half of them are half the text."""
_LEAST_SPEECH, _MOST_SPEECH = 0.62, 1.5
"""Of the seconds of speech that it should have. Two other voices have 0.79 to 1.25 of them."""
_SILENCE_S = 1.6
_FRAME_S = 0.02
_QUIET = 10 ** (-30 / 20)
"""Softer than this beside the prompt's speech is silence."""


class Wrong(Exception):
    """The utterance is not what it should be; the text says why, for the log."""


class Guard:
    """Watches one utterance.

    Args:
        expected_s: How long the text should take.
        loudness: Root mean square of the voice's speech.
        most_s: However long the text, no utterance may last longer.
        speech_s: How much of `expected_s` should not be pauses; see the function of that name.

    Attributes:
        lasts_s: What was heard so far.
    """

    def __init__(
        self, expected_s: float, loudness: float, rate_hz: int, most_s: float, *, speech_s: float
    ) -> None:
        self._expected_s = expected_s
        self._least_s = max(expected_s * _SHORTEST - _SPARE_S / 4, _FRAME_S)
        self._most_speech_s = most_s
        if expected_s > _LONG_S:
            self._least_s = speech_s * _LEAST_SPEECH
            self._most_speech_s = speech_s * _MOST_SPEECH
        self._most_s = most_s
        self._rate_hz = rate_hz
        self._loudness = loudness
        self._rest = np.zeros(0, np.float32)  # less than a frame
        self._spoken_s = 0.0
        self._silent_s = 0.0
        self.lasts_s = 0.0

    @property
    def longest_s(self) -> float:
        """Beyond this it is stopped."""
        return min(self._expected_s * _LONGEST + _SPARE_S, self._most_s)

    def hear(self, samples: NDArray[np.float32]) -> None:
        """The next samples. Raises Wrong: too long, or silent for too long."""
        self.lasts_s += len(samples) / self._rate_hz
        heard = np.concatenate([self._rest, samples])
        are_spoken = _are_spoken(heard, self._loudness, self._rate_hz)
        self._rest = heard[len(are_spoken) * _frame(self._rate_hz) :]
        for is_spoken in are_spoken:
            if is_spoken:
                self._silent_s, self._spoken_s = 0.0, self._spoken_s + _FRAME_S
            else:
                self._silent_s += _FRAME_S
            if self._silent_s > _SILENCE_S:
                raise Wrong(f"silent for {self._silent_s:.1f} s")
        if self._spoken_s > self._most_speech_s:
            raise Wrong(f"speech is longer than {self._most_speech_s:.1f} s")
        if self.lasts_s > self.longest_s:
            raise Wrong(f"longer than {self.longest_s:.1f} s")

    def end(self) -> None:
        """It is over. Raises Wrong: too little was spoken, so words are missing."""
        if self._spoken_s < self._least_s:
            raise Wrong(f"{self._spoken_s:.1f} s of speech instead of {self._expected_s:.1f} s")


def speech_s(samples: NDArray[np.float32], loudness: float, rate_hz: int) -> float:
    """Seconds that are not silent beside a voice of that loudness, see `Guard`."""
    return float(_are_spoken(samples, loudness, rate_hz).sum()) * _FRAME_S


def _frame(rate_hz: int) -> int:
    return max(1, round(_FRAME_S * rate_hz))


def _are_spoken(samples: NDArray[np.float32], loudness: float, rate_hz: int) -> NDArray[np.bool_]:
    """Whether each whole frame is."""
    size = _frame(rate_hz)
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    loud: NDArray[np.bool_] = (
        np.mean(np.square(frames, dtype=np.float64), axis=1) >= (loudness * _QUIET) ** 2
    )
    return loud
