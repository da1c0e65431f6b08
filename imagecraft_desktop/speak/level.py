"""Keeps the sentences of a voice equally loud, while they are being made, without a step between."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FRAME_S = 0.02
_SPEECH = 10 ** (-25 / 20)
"""A frame this far below the loudest so far is a pause and does not count."""
_MOST = 10 ** (10 / 20)
_FULL = 10 ** (-1 / 20)
_EDGE_S = 0.005
"""A fade so short is not heard as one, and a jump in loudness so slow not as a click."""


def speech_rms(samples: NDArray[np.float32], rate_hz: int) -> float:
    """How loud the spoken parts are: the root of the mean square of the frames that are not pauses."""
    size = max(1, round(_FRAME_S * rate_hz))
    if not len(samples):
        return 0.0
    size = min(size, len(samples))
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    power = np.mean(np.square(frames, dtype=np.float64), axis=1)
    spoken = power[power >= power.max() * _SPEECH**2]
    return float(np.sqrt(spoken.mean()))


class Level:
    """Brings one utterance to the loudness of its voice, and fades it at both ends.

    Args:
        target: The root mean square of speech that is wanted; 0 leaves all as it is.
    """

    def __init__(self, rate_hz: int, target: float) -> None:
        self._rate_hz = rate_hz
        self._target = target
        self._edge = round(_EDGE_S * rate_hz)
        self._gain: float | None = None  # before there is something to hear
        self._heard = np.zeros(0, np.float32)

    def push(self, samples: NDArray[np.float32], final: bool = False) -> NDArray[np.float32]:
        """The next samples, made louder or softer: never beyond full scale, and without a step."""
        if not len(samples):
            return samples
        n_before = len(self._heard)
        self._heard = np.concatenate([self._heard, samples])
        out = samples * self._gains(samples)
        out *= np.minimum((np.arange(len(out)) + n_before) / self._edge, 1).astype(np.float32)
        if final:
            edge = min(self._edge, len(out))
            out[len(out) - edge :] *= np.linspace(1, 0, edge, dtype=np.float32)
        # where the gain still falls at a sudden loud place
        limited: NDArray[np.float32] = np.clip(out, -1, 1)
        return limited

    def _gains(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """A gain for each of the samples that come next."""
        gain = 1.0 if self._gain is None else self._gain
        rms = speech_rms(self._heard, self._rate_hz)
        if self._target > 0 and rms > self._target * _SPEECH:  # else it is a pause so far
            gain = float(np.clip(self._target / rms, 1 / _MOST, _MOST))
        peak = float(np.abs(samples).max())
        most = _FULL / peak if peak > 0 else _MOST
        gain = min(gain, most)
        begin = gain if self._gain is None else self._gain
        a_step = _MOST / self._edge
        reach = a_step * len(samples)
        end = min(max(gain, begin - reach), begin + reach)
        gains = np.linspace(begin, end, len(samples), dtype=np.float32)
        # what is too loud cannot wait for the end of the piece
        falling = begin - a_step * np.arange(len(samples), dtype=np.float32)
        np.minimum(gains, np.maximum(falling, np.float32(most)), out=gains)
        if peak > 0:
            self._gain = float(gains[-1])
        return gains
