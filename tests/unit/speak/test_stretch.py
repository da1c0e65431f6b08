"""Faster and slower speech: bit by bit it is the same as all at once, and lasts as long as it should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagecraft_desktop.speak import stretch
from imagecraft_desktop.speak.stretch import StretchedStream, stretched

RATE = 16_000
RATES = [0.5, 0.73, 0.9, 1.07, 1.25, 1.5, 1.99, 2.0, 3.0, 4.0]

pytest.importorskip("python_stretch", reason="has no build for this processor")


def speech(seconds: float) -> np.ndarray:
    """A voiced sound whose pitch and loudness change."""
    time_s = np.arange(round(seconds * RATE)) / RATE
    pitch = 2 * np.pi * np.cumsum(120 + 20 * np.sin(2 * np.pi * 0.8 * time_s)) / RATE
    voice = sum(np.sin(k * pitch) / k for k in range(1, 15))
    return (0.1 * voice * np.sin(np.pi * 3 * time_s) ** 2).astype(np.float32)


def stream(sound: np.ndarray, rate: float, sizes: list[int], seed: int = 0) -> list[np.ndarray]:
    """What comes out for pieces of these sizes, in turn; the last piece is final."""
    made, parts, begin, turn = StretchedStream(RATE, rate, seed), [], 0, 0
    while True:
        end = begin + sizes[turn % len(sizes)]
        parts.append(made.push(sound[begin:end], end >= len(sound)))
        if end >= len(sound):
            return parts
        begin, turn = end, turn + 1


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("sizes", [[8000], [320], [1, 4000, 77], [100_000]])
def test_bit_by_bit_it_is_the_same_as_all_at_once(rate: float, sizes: list[int]) -> None:
    sound = speech(1.0)
    parts = np.concatenate(stream(sound, rate, sizes if sizes != [320] else [960]))
    unit = round(rate * 100)
    whole = np.pad(sound, (0, -len(sound) % unit))
    np.testing.assert_array_equal(parts, stretched(whole, RATE, unit / 100, 0))
    assert np.abs(parts).max() > 0.05


@settings(deadline=None, max_examples=20)
@given(
    st.integers(50, 400),
    st.lists(st.integers(1, 9000), min_size=1, max_size=6),
    st.integers(1, 20_000),
)
def test_any_rate_and_any_pieces(hundredths: int, sizes: list[int], length: int) -> None:
    rate = hundredths / 100
    sizes = [max(size, length // 12 + 1) for size in sizes]  # a dozen pieces will do
    sound = speech(length / RATE)
    parts = np.concatenate(stream(sound, rate, sizes))
    whole = np.concatenate(stream(sound, rate, [length]))
    np.testing.assert_array_equal(parts, whole)
    assert len(parts) / RATE == pytest.approx(length / RATE / rate, abs=0.05)


@pytest.mark.parametrize("rate", RATES)
def test_it_lasts_as_long_as_it_should(rate: float) -> None:
    sound = speech(2.0)
    lasts_s = sum(map(len, stream(sound, rate, [8000]))) / RATE
    assert lasts_s == pytest.approx(2.0 / rate, rel=0.01, abs=0.02)


def test_sound_comes_out_while_it_goes_in() -> None:
    parts = stream(speech(3.0), 1.5, [8000])
    given_s = np.cumsum([len(part) for part in parts]) / RATE
    for pieces in range(1, 5):
        assert given_s[pieces - 1] >= pieces * 0.5 / 1.5 - 0.1


@pytest.mark.parametrize("rate", [1, 1.0, 1.004, 0.996])
def test_the_normal_pace_passes_through_at_once(rate: float) -> None:
    sound = speech(1.0)
    parts = stream(sound, rate, [3000])
    assert [len(part) for part in parts[:-1]] == [3000] * (len(parts) - 1)
    np.testing.assert_array_equal(np.concatenate(parts), sound)


def test_the_same_seed_is_the_same_sound() -> None:
    first, again = (np.concatenate(stream(speech(1.0), 1.7, [8000], seed=3)) for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_nothing_in_is_nothing_out() -> None:
    made = StretchedStream(RATE, 2.0, 0)
    assert len(made.push(np.zeros(0, np.float32))) == 0
    assert len(made.push(np.zeros(0, np.float32), final=True)) == 0
    assert len(stretched(np.zeros(0, np.float32), RATE, 2.0, 0)) == 0


def test_silence_stays_silence() -> None:
    assert not np.concatenate(stream(np.zeros(RATE, np.float32), 1.5, [4000])).any()


def test_without_a_stretcher_it_is_heard_at_its_own_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretch, "make_stretcher", lambda *_: None)
    sound = speech(1.0)
    parts = np.concatenate(stream(sound, 2.0, [3000]))
    np.testing.assert_array_equal(parts[: len(sound)], sound)
    assert len(parts) - len(sound) < 200


def pitch_hz(sound: np.ndarray) -> float:
    """Of a steady voiced sound: the lag at which it is most like itself."""
    middle = sound[len(sound) // 4 : len(sound) * 3 // 4].astype(np.float64)
    like = np.correlate(middle, middle, "full")[len(middle) - 1 :]
    shortest = RATE // 400
    return RATE / (shortest + int(np.argmax(like[shortest : RATE // 50])))


@pytest.mark.parametrize("semitones", [-12.0, -5.0, 4.0, 12.0])
@pytest.mark.parametrize("pace", [1.0, 1.5])
def test_the_pitch_changes_and_the_pace_does_not(semitones: float, pace: float) -> None:
    time_s = np.arange(RATE) / RATE
    sound = sum(np.sin(2 * np.pi * 120 * k * time_s) / k for k in range(1, 15)) * np.float32(0.1)
    out = stretched(np.asarray(sound, np.float32), RATE, pace, 0, semitones)
    assert len(out) == pytest.approx(RATE / pace, abs=2)
    assert pitch_hz(out) == pytest.approx(120 * 2 ** (semitones / 12), rel=0.03)


@pytest.mark.parametrize("pace", [1.0, 1.5])
def test_at_another_pitch_bit_by_bit_is_the_same_too(pace: float) -> None:
    sound, made = speech(1.0), StretchedStream(RATE, pace, 0, 3.0)
    parts = [made.push(sound[begin : begin + 960], False) for begin in range(0, RATE, 960)]
    parts.append(made.push(np.zeros(0, np.float32), True))
    unit = round(pace * 100)
    whole = np.pad(sound, (0, -len(sound) % unit))
    np.testing.assert_array_equal(np.concatenate(parts), stretched(whole, RATE, pace, 0, 3.0))
