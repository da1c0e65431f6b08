"""The speech between two earcons is found in a recording."""

import numpy as np
import pytest

from imagecraft_desktop.bench.hearing import RATE_HZ, find_moments, loud_span_s


def _sound(*spans: tuple[float, float], length_s: float = 4.0) -> bytes:
    """Silence with noise from each start to each end, in seconds."""
    samples = np.zeros(round(length_s * RATE_HZ), "<i2")
    for start, end in spans:
        samples[round(start * RATE_HZ) : round(end * RATE_HZ)] = 3000
    return samples.tobytes()


def test_moments_are_those_of_sign_first_and_last_word() -> None:
    heard = find_moments(_sound((0.02, 0.07), (0.4, 1.0), (1.3, 2.5), (2.9, 3.1)), 0.05, 0.2)
    assert heard is not None
    assert heard.earcon_s == pytest.approx(0.02, abs=0.001)
    assert heard.word_s == pytest.approx(0.4, abs=0.001)
    assert heard.end_s == pytest.approx(2.5, abs=0.001)


def test_without_speech_there_are_no_moments() -> None:
    assert find_moments(_sound(), 0.05, 0.2) is None
    assert find_moments(_sound((0.02, 0.07), (0.5, 0.7)), 0.05, 0.2) is None


def test_length_of_a_sound_is_its_loud_part() -> None:
    assert loud_span_s(_sound((0.5, 0.7)), RATE_HZ) == pytest.approx(0.2, abs=0.001)
    assert loud_span_s(_sound(), RATE_HZ) == 0.0
