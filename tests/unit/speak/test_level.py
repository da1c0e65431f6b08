"""Utterances come out equally loud, without a step between pieces and never too loud."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagecraft_desktop.speak.level import Level, speech_rms

RATE = 16_000
TARGET = 0.07


def tone(seconds: float, rms: float, hz: float = 150.0) -> np.ndarray:
    time_s = np.arange(round(seconds * RATE)) / RATE
    return (rms * np.sqrt(2) * np.sin(2 * np.pi * hz * time_s)).astype(np.float32)


def syllables(seconds: float, rms: float) -> np.ndarray:
    """A tone whose loudness comes and goes five times a second, between silences."""
    sound = tone(seconds, 1.0)
    swell = np.sin(np.pi * 5 * np.arange(len(sound)) / RATE) ** 2
    sound = sound * swell.astype(np.float32)
    return sound * np.float32(rms / speech_rms(sound, RATE))


def level(sound: np.ndarray, *, target: float = TARGET, piece: int = 8000) -> np.ndarray:
    made = Level(RATE, target)
    begins = range(0, len(sound), piece)
    parts = [made.push(sound[b : b + piece], b + piece >= len(sound)) for b in begins]
    return np.concatenate(parts)


def decibels(ratio: float) -> float:
    return float(20 * np.log10(ratio))


def test_loudness_of_speech_leaves_pauses_out() -> None:
    sound = np.concatenate([tone(1.0, 0.1), np.zeros(3 * RATE, np.float32)])
    assert speech_rms(sound, RATE) == pytest.approx(0.1, rel=0.01)


@pytest.mark.parametrize("count", [1, 319, 320, 400])
def test_loudness_of_next_to_nothing_is_that_of_what_there_is(count: int) -> None:
    assert speech_rms(np.full(count, 0.5, np.float32), RATE) == pytest.approx(0.5)


@pytest.mark.parametrize("count", [0, 1, RATE])
def test_loudness_of_silence_is_zero(count: int) -> None:
    assert speech_rms(np.zeros(count, np.float32), RATE) == 0


@pytest.mark.parametrize("first", [-10.0, -7.0, -5.0, 0.0])
def test_utterances_ten_decibels_apart_come_out_within_two(first: float) -> None:
    heard = []
    for level_db in (first, first + 10):
        sound = syllables(3.0, TARGET * 10 ** (level_db / 20))
        heard.append(speech_rms(level(sound), RATE))
    assert abs(decibels(heard[0] / heard[1])) < 2
    assert all(abs(decibels(one / TARGET)) < 2 for one in heard)


def test_what_is_far_too_soft_is_not_blown_up() -> None:
    sound = syllables(2.0, TARGET / 1000)
    assert speech_rms(level(sound), RATE) < TARGET / 100


def test_with_no_target_nothing_changes_but_the_ends() -> None:
    sound = syllables(2.0, 0.05)
    out = level(sound, target=0)
    edge = round(0.005 * RATE)
    np.testing.assert_array_equal(out[edge:-edge], sound[edge:-edge])


@pytest.mark.parametrize("piece", [100, 320, 8000, 50_000])
def test_it_begins_and_ends_in_silence(piece: int) -> None:
    out = level(tone(2.0, 0.2) + np.float32(0.1), piece=piece)
    assert out[0] == 0
    assert out[-1] == 0


def test_silence_stays_silence() -> None:
    assert not level(np.zeros(2 * RATE, np.float32)).any()


def test_silence_before_the_speech_does_not_matter() -> None:
    sound = syllables(2.0, TARGET / 2)
    alone = level(sound, piece=1600)
    after = level(np.concatenate([np.zeros(1600, np.float32), sound]), piece=1600)
    assert decibels(speech_rms(after, RATE) / speech_rms(alone, RATE)) == pytest.approx(0, abs=0.1)


def test_a_pause_before_the_speech_is_not_taken_for_soft_speech() -> None:
    """What a codec makes of silence is never quite silent; the speech after it must not come too loud."""
    noise = np.random.default_rng(0).normal(0, 0.0005, 8000).astype(np.float32)
    out = level(np.concatenate([noise, syllables(2.0, TARGET)]))
    begin = speech_rms(out[8000:12_000], RATE)
    assert abs(decibels(begin / TARGET)) < 1


def level_of(*parts: np.ndarray, target: float = TARGET) -> np.ndarray:
    made = Level(RATE, target)
    last = len(parts) - 1
    return np.concatenate([made.push(part, n == last) for n, part in enumerate(parts)])


def largest_step(sound: np.ndarray) -> float:
    return float(np.abs(np.diff(sound)).max())


def test_a_loud_place_after_a_soft_one_makes_no_step() -> None:
    """The gain has to fall at once, for the loud place would be too loud; not from one sample to the
    next."""
    soft, loud = tone(0.5, 0.01, 97.3), tone(0.5, 0.6, 97.3)
    for cut in range(0, 200, 7):  # wherever in the wave the pieces meet
        sound = np.concatenate([soft, loud])
        at = len(soft) - cut
        out = level_of(sound[:at], sound[at:])
        gain = 10 ** (10 / 20)
        at_join = np.abs(np.diff(out[at - 2 : at + 2])).max()
        assert at_join <= gain * np.abs(np.diff(sound[at - 2 : at + 2])).max() + 0.002
        assert np.abs(out).max() <= 1


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.tuples(st.floats(0, 1.2), st.integers(1, 4000)),
        min_size=1,
        max_size=12,
    ),
    st.floats(30, 400),
    st.sampled_from([0.0, 0.02, TARGET, 0.3]),
)
def test_whatever_comes_is_never_too_loud_and_never_a_click(
    pieces: list[tuple[float, int]], hz: float, target: float
) -> None:
    pieces = [*pieces, (0.5, 500)]
    length = sum(count for _, count in pieces)
    wave = tone(length / RATE + 1, 1 / np.sqrt(2), hz)[:length]
    peaks = np.concatenate([np.full(count, peak) for peak, count in pieces])
    # the input itself has no clicks: its loudness changes within 10 ms
    peaks = np.convolve(np.pad(peaks, 80, mode="edge"), np.ones(161) / 161, "valid")
    sound = (wave * peaks).astype(np.float32)
    ends = np.cumsum([count for _, count in pieces])[:-1]
    out = level_of(*np.split(sound, ends), target=target)
    assert len(out) == len(sound)
    assert np.isfinite(out).all()
    assert np.abs(out).max() <= 1
    # a fade of 5 ms moves a full-scale sample by an 80th each time; the gain is at most ten decibels
    assert largest_step(out) <= 3.2 * largest_step(sound) + 1.3 / 40
