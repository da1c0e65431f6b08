"""Changes of the form of sound: sampling rate, 16-bit samples. Used by the player and by `save`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def at_rate(samples: NDArray[np.float32], from_hz: int, to_hz: int) -> NDArray[np.float32]:
    """Resample; the same array when the rates are equal.

    Args:
        samples: float32, (N,), mono.
    Returns:
        float32, (about N * to_hz / from_hz,).
    """
    if from_hz == to_hz or not len(samples):
        return samples
    import soxr

    resampled: NDArray[np.float32] = soxr.resample(samples, from_hz, to_hz)
    return resampled


def to_pcm(samples: NDArray[np.float32], volume: float = 1.0) -> bytes:
    """16-bit samples in the machine's byte order.

    Sound that was made from 16-bit samples comes out unchanged at volume 1. What is too loud is
    limited, what is not a number becomes silence.
    """
    scaled = np.nan_to_num(samples, posinf=1.0, neginf=-1.0) * np.float32(32768 * volume)
    pcm: NDArray[np.int16] = np.clip(np.rint(scaled), -32768, 32767).astype(np.int16)
    return pcm.tobytes()


def from_pcm(sound: bytes) -> NDArray[np.float32]:
    """The opposite of `to_pcm`."""
    return np.frombuffer(sound, np.int16).astype(np.float32) / np.float32(32768)
