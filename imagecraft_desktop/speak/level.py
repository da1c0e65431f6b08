"""Keeps the sentences of a voice equally loud, while they are being made, without a step between."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FRAME_S = 0.02
_SPEECH = 10 ** (-25 / 20)
"""A frame this far below the loudest so far is a pause and does not count."""
_MOST = 10 ** (6 / 20)
_FULL = 10 ** (-1 / 20)
_EDGE_S = 0.005


def speech_rms(samples: NDArray[np.float32], rate_hz: int) -> float:
    """How loud the spoken parts are: the root of the mean square of the frames that are not pauses."""
    size = max(1, round(_FRAME_S * rate_hz))
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    if not len(frames):
        return 0.0
    power = np.mean(np.square(frames, dtype=np.float64), axis=1)
    spoken = power[power >= power.max() * _SPEECH**2]
    return float(np.sqrt(spoken.mean()))


class Level:
    """Brings utterance after utterance to one loudness.

    Args:
        target: The root mean square of speech that is wanted; 0 leaves all as it is.
    """

    def __init__(self, rate_hz: int, target: float) -> None:
        self._rate_hz = rate_hz
        self._target = target
        self._gain = 1.0
        self._heard = np.zeros(0, np.float32)
        self._is_begun = False

    def push(self, samples: NDArray[np.float32], final: bool = False) -> NDArray[np.float32]:
        """The next samples of an utterance, made louder or softer; faded at both of its ends."""
        if not len(samples):
            self._end(final)
            return samples
        self._heard = np.concatenate([self._heard, samples])
        rms = speech_rms(self._heard, self._rate_hz)
        gain = self._gain
        if self._target > 0 and rms > 0:
            gain = float(np.clip(self._target / rms, 1 / _MOST, _MOST))
        peak = float(np.abs(samples).max())
        gain = min(gain, _FULL / peak) if peak > 0 else gain
        # the first piece of an utterance begins in a pause, so it may begin with its own gain
        begin = min(self._gain, _FULL / peak if peak > 0 else gain) if self._is_begun else gain
        ramp = np.linspace(begin, gain, len(samples), dtype=np.float32)
        out = samples * ramp
        edge = min(round(_EDGE_S * self._rate_hz), len(out))
        if not self._is_begun:
            out[:edge] *= np.linspace(0, 1, edge, dtype=np.float32)
        if final:
            out[len(out) - edge :] *= np.linspace(1, 0, edge, dtype=np.float32)
        self._gain, self._is_begun = gain, True
        self._end(final)
        return out

    def _end(self, final: bool) -> None:
        if final:
            self._heard, self._is_begun = np.zeros(0, np.float32), False
