"""Speech faster or slower than it was spoken, or at another pitch. Used by voices that have a pace and a
pitch of their own."""

from __future__ import annotations

import importlib.util
import logging
from typing import Any

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)

_TONAL_HZ = 8000
_UNSURE_S = 0.06
"""The last sound of a piece changes when more comes after it; so much of it is kept back."""


def is_available() -> bool:
    """Whether the package has a build for this machine. Does not load it."""
    return importlib.util.find_spec("python_stretch") is not None


def make_stretcher(rate_hz: int, pace: float, seed: int, pitch: float = 0.0) -> Any:
    """A new one for each piece, so that the same text and seed give the same sound; None where the
    package has no build for this machine.

    Args:
        pitch: In semitones.
    """
    try:
        from python_stretch import Signalsmith
    except ImportError:
        log.info("no time-stretcher on this machine")
        return None
    stretcher = Signalsmith.Stretch(seed)
    # 40 ms blocks, 10 ms steps: of those tried, the ones that keep most of fast speech
    stretcher.configure(1, rate_hz // 25, rate_hz // 100)
    stretcher.timeFactor = pace
    if pitch:
        # above the limit noise such as S is not shifted by the whole factor, and stays natural
        stretcher.setTransposeSemitones(pitch, _TONAL_HZ / rate_hz)
    return stretcher


def stretched(
    samples: NDArray[np.float32], rate_hz: int, pace: float, seed: int, pitch: float = 0.0
) -> NDArray[np.float32]:
    """A whole piece; as it is where there is no stretcher."""
    is_other = pace != 1 or pitch != 0
    stretcher = make_stretcher(rate_hz, pace, seed, pitch) if is_other and len(samples) else None
    if stretcher is None:
        return samples
    out: NDArray[np.float32] = np.asarray(stretcher.process(samples[np.newaxis].copy()))[0]
    return out


class StretchedStream:
    """A piece that comes bit by bit; what comes out equals the whole piece stretched at once.

    The stretcher cannot go on where it ended, so each time all of the piece so far is stretched;
    that is a hundredth of the time that it lasts.

    Args:
        pace: 1.5 is half as fast again; rounded to hundredths.
        pitch: In semitones.
    """

    def __init__(self, rate_hz: int, pace: float, seed: int, pitch: float = 0.0) -> None:
        self._rate_hz = rate_hz
        # lengths that come out whole: else the pace would differ a little with the length
        self._unit = round(pace * 100)
        self._pace = self._unit / 100
        self._seed = seed
        self._pitch = pitch
        self._held = np.zeros(0, np.float32)
        self._given = 0

    def push(self, samples: NDArray[np.float32], final: bool = False) -> NDArray[np.float32]:
        """What nothing that follows can change: float32, (m,); with `final` all that is left."""
        if self._pace == 1 and not self._pitch:
            return samples
        self._held = np.concatenate([self._held, samples])
        short = -len(self._held) % self._unit
        if final:
            known = np.pad(self._held, (0, short))
        else:
            known = self._held[: len(self._held) // self._unit * self._unit]
        out = stretched(known, self._rate_hz, self._pace, self._seed, self._pitch)
        end = len(out) - (0 if final else round(_UNSURE_S * self._rate_hz))
        begin, self._given = self._given, max(self._given, end)
        return out[begin : self._given]
