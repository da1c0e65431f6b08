"""Speech that lost its text is told from speech that is well, by what can be heard without words.

That the embedded voice's real speech is never judged wrong is shown in tests/integration.
"""

from __future__ import annotations

import numpy as np
import pytest

from imagecraft_desktop.speak.guard import Guard, Wrong, speech_s

RATE = 16_000
LOUD = 0.1


def noise(seconds: float, loudness: float = LOUD) -> np.ndarray:
    chance = np.random.default_rng(0)
    return chance.normal(0, loudness, round(seconds * RATE)).astype(np.float32)


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE), np.float32)


def judge(
    *sound: np.ndarray,
    expected_s: float,
    piece: int = 8000,
    loudness: float = LOUD,
    most_s: float = 17.0,
    speech_s: float | None = None,
) -> str | None:
    """Why it is wrong, heard in pieces; None when it is well."""
    speech_s = expected_s if speech_s is None else speech_s
    guard = Guard(expected_s, loudness, RATE, most_s, speech_s=speech_s)
    samples = np.concatenate([silence(0), *sound])
    try:
        for begin in range(0, len(samples), piece):
            guard.hear(samples[begin : begin + piece])
        guard.end()
    except Wrong as error:
        return str(error)
    return None


@pytest.mark.parametrize("expected_s", [0.1, 0.4, 1.0, 3.0, 8.0])
@pytest.mark.parametrize("share", [0.7, 1.0, 1.4])
def test_speech_of_about_the_right_length_is_well(expected_s: float, share: float) -> None:
    assert judge(noise(expected_s * share), expected_s=expected_s) is None


@pytest.mark.parametrize("expected_s", [0.1, 0.4, 1.0, 3.0, 6.0])
def test_three_times_as_long_is_wrong(expected_s: float) -> None:
    assert "longer than" in (judge(noise(3 * expected_s + 0.8), expected_s=expected_s) or "")


def test_it_is_stopped_as_soon_as_it_is_too_long() -> None:
    guard = Guard(1.0, LOUD, RATE, 17.0, speech_s=1.0)
    assert guard.longest_s == pytest.approx(3.0)
    guard.hear(noise(3.0))
    with pytest.raises(Wrong, match="longer"):
        guard.hear(noise(0.02))


def test_never_longer_than_the_network_was_trained_for() -> None:
    assert judge(noise(17.0), expected_s=12) is None
    assert "longer than 17.0" in (judge(noise(17.1), expected_s=12) or "")


LONG = pytest.mark.parametrize("expected_s", [2.6, 4.0, 8.0])


@LONG
@pytest.mark.parametrize("pause_s", [0.0, 0.4, 1.0])
def test_a_long_text_that_is_said_twice_is_wrong(expected_s: float, pause_s: float) -> None:
    once = noise(0.8 * expected_s)
    assert "longer than" in (judge(once, silence(pause_s), once, expected_s=expected_s) or "")


@LONG
def test_a_long_text_whose_second_half_is_missing_is_wrong(expected_s: float) -> None:
    assert "instead of" in (judge(noise(0.6 * expected_s), expected_s=expected_s) or "")


@LONG
def test_the_pauses_of_the_recording_change_nothing(expected_s: float) -> None:
    """A third of it are: new speech may have none, or as many."""
    speech_s = expected_s * 2 / 3
    once, pause = noise(0.8 * speech_s), silence(min(expected_s / 3, 1.2))
    for sound in ([once], [once, pause], [noise(1.3 * speech_s), pause]):
        assert judge(*sound, expected_s=expected_s, speech_s=speech_s) is None
    for sound in ([once, pause, once], [noise(0.6 * speech_s), pause]):
        assert judge(*sound, expected_s=expected_s, speech_s=speech_s) is not None


def test_seconds_of_speech_are_those_that_are_not_silent() -> None:
    sound = np.concatenate([silence(0.5), noise(1.0), silence(1.0), noise(0.5, LOUD / 2)])
    assert speech_s(sound, LOUD, RATE) == pytest.approx(1.5, abs=0.04)
    assert speech_s(silence(0.005), LOUD, RATE) == 0
    assert speech_s(silence(0), LOUD, RATE) == 0


@pytest.mark.parametrize("expected_s", [2.4, 4.0, 8.0])
def test_the_first_third_alone_is_wrong(expected_s: float) -> None:
    assert "instead of" in (judge(noise(0.3 * expected_s), expected_s=expected_s) or "")


@pytest.mark.parametrize("expected_s", [2.4, 4.0])
def test_silence_does_not_count_as_speech(expected_s: float) -> None:
    wrong = judge(noise(0.3 * expected_s), silence(0.7), expected_s=expected_s)
    assert "instead of" in (wrong or "")


@pytest.mark.parametrize("expected_s", [0.1, 0.5, 2.0])
def test_nothing_at_all_is_wrong(expected_s: float) -> None:
    assert judge(expected_s=expected_s) is not None
    assert judge(silence(0.5), expected_s=expected_s) is not None
    assert judge(noise(0.5, LOUD / 100), expected_s=expected_s) is not None


@pytest.mark.parametrize("piece", [320, 1000, 8000, 100_000])
@pytest.mark.parametrize("place", [0.0, 0.5, 1.0])
def test_silence_without_end_is_wrong_wherever_it_is(piece: int, place: float) -> None:
    sound = noise(3.0)
    at = round(place * len(sound))
    parts = sound[:at], silence(1.0), sound[at:]
    assert judge(*parts, expected_s=3, piece=piece) is None
    parts = sound[:at], silence(1.8), sound[at:]
    assert "silent" in (judge(*parts, expected_s=3, piece=piece) or "")


def test_it_is_stopped_while_the_silence_lasts() -> None:
    guard = Guard(10.0, LOUD, RATE, 17.0, speech_s=10.0)
    guard.hear(noise(1.0))
    pieces = iter([silence(0.02)] * 500)
    with pytest.raises(Wrong, match="silent"):
        all(guard.hear(piece) is None for piece in pieces)
    assert guard.lasts_s == pytest.approx(2.6, abs=0.05)


def test_what_is_silence_goes_by_the_voice() -> None:
    soft = noise(3.0, LOUD / 10)
    assert judge(soft, expected_s=3) is None
    assert judge(soft / 10, expected_s=3, loudness=LOUD / 10) is None
    assert "silent" in (judge(soft / 10, expected_s=3) or "")


def test_a_voice_without_loudness_has_no_silence_to_compare_with() -> None:
    assert judge(noise(2.0, 1e-4), expected_s=2, loudness=0.0) is None
