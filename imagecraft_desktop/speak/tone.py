"""How loud something is, told by the height of a tone. Used while a microphone is checked."""

from __future__ import annotations

import numpy as np

from imagecraft_desktop.values import Speech

RATE_HZ = 24_000
_LENGTH_S, _FADE_S = 0.12, 0.015
_LOWEST_HZ, _OCTAVES = 220.0, 3.0
_QUIETEST = -60.0
_VOLUME = 0.25


def tone_of(decibels: float) -> Speech:
    """A short tone: 220 hertz for silence (-60 decibels), an octave higher for each 20 decibels.

    Args:
        decibels: Below full loudness, which is 0.
    """
    share = 1 - min(max(decibels, _QUIETEST), 0.0) / _QUIETEST
    height_hz = _LOWEST_HZ * 2 ** (_OCTAVES * share)
    time_s = np.arange(round(_LENGTH_S * RATE_HZ)) / RATE_HZ
    # without a fade a tone begins and ends with a click
    fade = np.minimum(1.0, np.minimum(time_s, _LENGTH_S - time_s) / _FADE_S)
    samples = _VOLUME * fade * np.sin(2 * np.pi * height_hz * time_s)
    return Speech(samples.astype(np.float32), RATE_HZ)
