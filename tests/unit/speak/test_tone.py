"""The tone that tells a level: the louder, the higher; short, soft, without a click."""

from __future__ import annotations

import numpy as np
import pytest

from imagecraft_desktop.speak.tone import tone_of


def height_hz(decibels: float) -> float:
    tone = tone_of(decibels)
    spectrum = np.abs(np.fft.rfft(tone.samples, 1 << 16))
    return float(np.argmax(spectrum) * tone.rate_hz / (1 << 16))


@pytest.mark.parametrize(
    ("decibels", "height"), [(-90, 220), (-60, 220), (-40, 440), (-20, 880), (0, 1760), (3, 1760)]
)
def test_each_20_decibels_are_an_octave(decibels: float, height: float) -> None:
    assert height_hz(decibels) == pytest.approx(height, abs=3)


def test_it_is_short_soft_and_without_a_click() -> None:
    tone = tone_of(-10)
    assert len(tone.samples) / tone.rate_hz == pytest.approx(0.12)
    assert 0.2 < np.abs(tone.samples).max() < 0.3
    assert np.abs(tone.samples[[0, 1, -1]]).max() < 0.01
