"""A recording is resampled as the original does it."""

from __future__ import annotations

import numpy as np
import pytest

from imagecraft_desktop.nets.voicecraft.resample import to_mono_16k
from tests.golden import VOICECRAFT

GOLDEN = np.load(VOICECRAFT / "resample.npz")
CASES = sorted(name.removeprefix("in") for name in GOLDEN if name.startswith("in"))


@pytest.mark.parametrize("case", CASES)
def test_equals_the_original(case: str) -> None:
    found = to_mono_16k(GOLDEN[f"in{case}"], int(GOLDEN[f"sr{case}"]))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, GOLDEN[f"out{case}"].reshape(-1), rtol=0, atol=1e-5)


def test_there_are_cases() -> None:
    assert len(CASES) >= 5


def test_sound_at_16_khz_is_only_averaged() -> None:
    stereo = np.array([[0.5, -0.25, 1.0], [0.0, 0.25, 0.5]], np.float32)
    np.testing.assert_allclose(to_mono_16k(stereo, 16_000), [0.25, 0.0, 0.75])


@pytest.mark.parametrize("rate_hz", [44_101, 11_025, 96_000, 7])
def test_a_rate_with_no_common_measure_keeps_a_tone(rate_hz: int) -> None:
    """A tone well below both rates' limits comes out as the same tone, away from the edges."""
    lowest = min(rate_hz, 16_000)
    hz = lowest / 20
    n = max(200, rate_hz // 8)
    tone = np.sin(2 * np.pi * hz * np.arange(n) / rate_hz).astype(np.float32)
    found = to_mono_16k(tone[None], rate_hz)
    assert len(found) == -(-n * 16_000 // rate_hz)
    wanted = np.sin(2 * np.pi * hz * np.arange(len(found)) / 16_000)
    edge = 10 * 16_000 // lowest + 1
    np.testing.assert_allclose(found[edge:-edge], wanted[edge:-edge], atol=5e-3)


def test_no_samples_give_no_samples() -> None:
    assert to_mono_16k(np.zeros((1, 0), np.float32), 44_100).shape == (0,)


@pytest.mark.parametrize("shape", [(5,), (0, 5), (1, 1, 5)])
def test_what_is_no_sound_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="shape"):
        to_mono_16k(np.zeros(shape, np.float32), 44_100)


@pytest.mark.parametrize("rate_hz", [0, -16_000])
def test_a_rate_that_is_none_is_refused(rate_hz: int) -> None:
    with pytest.raises(ValueError, match="rate"):
        to_mono_16k(np.zeros((1, 5), np.float32), rate_hz)
