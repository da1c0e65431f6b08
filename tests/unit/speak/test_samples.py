from __future__ import annotations

import numpy as np
import pytest

from imagecraft_desktop.speak.samples import at_rate, from_pcm, to_pcm


def test_16_bit_sound_survives_unchanged():
    every = np.arange(-32768, 32768).astype(np.int16)
    assert to_pcm(from_pcm(every.tobytes())) == every.tobytes()


def test_what_is_too_loud_is_limited_and_does_not_wrap_around():
    pcm = np.frombuffer(to_pcm(np.array([2.0, -2.0, 1.0, -1.0], np.float32)), np.int16)
    assert pcm.tolist() == [32767, -32768, 32767, -32768]


def test_what_is_not_a_number_is_silent_and_infinity_is_limited():
    pcm = np.frombuffer(to_pcm(np.array([np.nan, np.inf, -np.inf], np.float32)), np.int16)
    assert pcm.tolist() == [0, 32767, -32768]


def test_volume_scales():
    pcm = np.frombuffer(to_pcm(np.array([0.5], np.float32), volume=0.5), np.int16)
    assert pcm.tolist() == [8192]


@pytest.mark.parametrize(("old", "new"), [(22_050, 24_000), (16_000, 48_000), (24_000, 16_000)])
def test_tone_keeps_its_pitch_and_length_at_another_rate(old, new):
    tone = np.sin(2 * np.pi * 440 * np.arange(old) / old).astype(np.float32)
    changed = at_rate(tone, old, new)
    assert changed.dtype == np.float32
    assert len(changed) == pytest.approx(new, abs=2)
    expected = np.sin(2 * np.pi * 440 * np.arange(len(changed)) / new)
    inner = slice(new // 10, -new // 10)
    assert np.abs(changed[inner] - expected[inner]).max() < 1e-3


def test_no_sound_stays_no_sound():
    assert len(at_rate(np.zeros(0, np.float32), 22_050, 24_000)) == 0
