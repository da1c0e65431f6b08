"""Brings a recording to the codec's rate as the original does, so that it gets the same codes.

Called by speak/recording.py, for what of a recording becomes the prompt of a voice. Elsewhere in the
program soxr resamples.
Source: J. O. Smith, "Digital Audio Resampling" (windowed sinc), with the numbers of the original.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE_HZ = 16_000
_ZERO_CROSSINGS = 6
_ROLL_OFF = 0.99
_PIECE = 1 << 14


def to_mono_16k(samples: NDArray[np.float32] | Tensor, rate_hz: int) -> NDArray[np.float32]:
    """Average the channels and resample.

    Args:
        samples: float32 (channels, n), in [-1, 1].
        rate_hz: Of the recording.
    Returns:
        float32 (ceil(n * 16000 / rate_hz),); may go a little beyond [-1, 1].
    Raises:
        ValueError: If it has no channel, or the rate is not positive.
    """
    x = torch.as_tensor(samples)
    if x.ndim != 2 or not x.shape[0] or not x.is_floating_point():
        raise ValueError(f"sound of shape {tuple(x.shape)} and type {x.dtype}")
    if rate_hz <= 0:
        raise ValueError(f"a rate of {rate_hz} Hz")
    mono = x.to(torch.float32).mean(0)
    shared = math.gcd(rate_hz, RATE_HZ)
    found: NDArray[np.float32] = _resample(mono, rate_hz // shared, RATE_HZ // shared).numpy()
    return found


def _resample(x: Tensor, old: int, new: int) -> Tensor:
    """(n,) float32 -> (ceil(n * new / old),); old and new are rates in their smallest whole numbers.

    Result m lies at m * old / new on the axis of `x`. Each of the `new` places that it can have
    between two samples has its own weights for the samples around it.
    """
    if old == new:
        return x
    reach = math.ceil(_ZERO_CROSSINGS * old / (_ROLL_OFF * min(old, new)))
    around = torch.arange(-reach, reach + 2)
    weights = _weights(torch.arange(new), around, old, new)
    padded = torch.nn.functional.pad(x, (reach, reach + 2))
    n_out = -(-len(x) * new // old)
    pieces = [torch.zeros(0)]
    for first in range(0, n_out, _PIECE):
        m = torch.arange(first, min(first + _PIECE, n_out))
        seen = padded[(m * old // new)[:, None] + around + reach]
        pieces.append((seen * weights[m % new]).sum(1))
    return torch.cat(pieces)


def _weights(phase: Tensor, around: Tensor, old: int, new: int) -> Tensor:
    """(phases, samples around) float32: a sinc under a Hann window, cut off just below the lower rate."""
    cut_off = _ROLL_OFF * min(old, new)
    start = phase * old // new
    # the distance from the result to each sample, exact until it is divided
    away = (start[:, None] + around) * new - phase[:, None] * old
    t = (away.double() * cut_off / (old * new)).clamp(-_ZERO_CROSSINGS, _ZERO_CROSSINGS)
    window = torch.cos(t * math.pi / (2 * _ZERO_CROSSINGS)) ** 2
    return (cut_off / old * window * torch.sinc(t)).float()
