"""When the first sound may be heard, and how speech ends that is broken off.

The voice as a whole is in tests/integration/test_voicecraft_voice.py.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagecraft_desktop.errors import VoiceMissing
from imagecraft_desktop.speak import voicecraft
from imagecraft_desktop.speak.voicecraft import VoiceCraftVoice, VoiceCraftWish
from imagecraft_desktop.system import paths

RATE = 16_000
HOP = 320
BLOCK = 25
LAG = 6
"""Frames that the codec sees beyond those that it gives."""


class Utterance:
    """Makes frames at a pace of its own, in blocks, as the voice does; notes when each was let go."""

    def __init__(
        self,
        n_frames: int,
        frame_takes_s: float,
        *,
        rate: float = 1.0,
        expected: int | None = None,
        prefill_s: float = 0.0,
    ) -> None:
        self.now_s = 100.0
        self.rate = rate
        self.samples = np.arange(n_frames * HOP, dtype=np.float32)
        self.pieces: list[np.ndarray] = []
        self.times: list[float] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(voicecraft, "time", SimpleNamespace(perf_counter=lambda: self.now_s))
            self._run(n_frames, frame_takes_s, expected or n_frames, prefill_s)

    def _run(self, n_frames: int, frame_takes_s: float, expected: int, prefill_s: float) -> None:
        pace = voicecraft._Pace(expected * HOP / RATE, self.rate, RATE)
        self.now_s += prefill_s
        given = 0
        for made in range(BLOCK, n_frames + 1, BLOCK):
            self.now_s += BLOCK * frame_takes_s
            pace.hold(self.samples[given : (made - LAG) * HOP])
            given = (made - LAG) * HOP
            if pace.is_time(made * HOP / RATE):
                self._hear(pace.let_go())
        self.now_s += n_frames % BLOCK * frame_takes_s
        pace.hold(self.samples[given:])
        self._hear(pace.let_go())

    def _hear(self, piece: np.ndarray) -> None:
        self.pieces.append(piece)
        self.times.append(self.now_s - 100)

    @property
    def first_s(self) -> float:
        return self.times[0]

    @property
    def longest_gap_s(self) -> float:
        """The longest silence between two pieces, played one after the other."""
        end_s, gap_s = self.first_s, 0.0
        for time_s, piece in zip(self.times, self.pieces, strict=True):
            gap_s = max(gap_s, time_s - end_s)
            end_s = max(time_s, end_s) + len(piece) / RATE / self.rate
        return gap_s

    @property
    def is_whole(self) -> bool:
        return bool(np.array_equal(np.concatenate(self.pieces), self.samples))


@pytest.mark.parametrize("n_frames", [60, 200, 650])
@pytest.mark.parametrize("frame_takes_s", [0.001, 0.01, 0.015])
def test_on_a_quick_machine_the_first_block_is_heard_at_once(
    n_frames: int, frame_takes_s: float
) -> None:
    made = Utterance(n_frames, frame_takes_s)
    assert made.first_s == pytest.approx(BLOCK * frame_takes_s)
    assert made.longest_gap_s == 0
    assert made.is_whole


@pytest.mark.parametrize("n_frames", [60, 200, 333, 650])
@pytest.mark.parametrize("frame_takes_s", [0.02, 0.025, 0.04, 0.06, 0.2])
@pytest.mark.parametrize("rate", [0.5, 1.0, 2.0])
def test_on_a_slow_machine_it_waits_until_the_rest_will_follow(
    n_frames: int, frame_takes_s: float, rate: float
) -> None:
    made = Utterance(n_frames, frame_takes_s, rate=rate)
    assert made.longest_gap_s < 1e-6
    assert made.is_whole
    # and not longer than that: what takes so long less what may sound meanwhile, in whole blocks
    whole_s, heard_s = n_frames * frame_takes_s, n_frames * HOP / RATE / rate
    spare_s = (BLOCK + LAG) * HOP / RATE / rate + 2 * BLOCK * frame_takes_s
    assert made.first_s <= max(whole_s - heard_s, 0) + spare_s


def test_at_twice_the_pace_it_has_to_be_twice_as_quick() -> None:
    assert len(Utterance(300, 0.015, rate=1.0).pieces) > 10
    assert Utterance(300, 0.015, rate=2.0).first_s > Utterance(300, 0.015, rate=1.0).first_s


def test_what_is_done_before_the_first_step_is_not_taken_for_slow_steps() -> None:
    made = Utterance(500, 0.01, prefill_s=3.0)
    assert made.first_s == pytest.approx(3.0 + 2 * BLOCK * 0.01)
    assert made.longest_gap_s == 0


def test_what_lasts_longer_than_expected_is_heard_from_then_on() -> None:
    made = Utterance(300, 0.1, expected=100)
    assert len(made.pieces) > 5
    assert made.first_s <= 125 * 0.1
    assert made.is_whole


def test_what_is_shorter_than_expected_is_heard_at_its_end() -> None:
    made = Utterance(60, 0.1, expected=600)
    assert len(made.pieces) == 1
    assert made.is_whole


@settings(deadline=None, max_examples=200)
@given(
    st.integers(BLOCK, 700),
    st.floats(0.0, 0.3),
    st.floats(0.5, 4.0),
    st.integers(1, 1000),
    st.floats(0, 3),
)
def test_no_sample_is_lost_whatever_the_machine(
    n_frames: int, frame_takes_s: float, rate: float, expected: int, prefill_s: float
) -> None:
    """A clock that stands still is no failure either."""
    made = Utterance(n_frames, frame_takes_s, rate=rate, expected=expected, prefill_s=prefill_s)
    assert made.is_whole


@pytest.mark.parametrize("last", [0.9, -0.3])
def test_what_is_broken_off_fades_into_a_pause(last: float) -> None:
    end = voicecraft._broken_off(last, RATE)
    assert end[0] == pytest.approx(last)
    assert np.abs(np.diff(end)).max() < 0.02
    assert not end[-RATE // 10 :].any()


def test_the_model_lies_in_the_program_s_own_folder_unless_another_is_named() -> None:
    assert VoiceCraftWish().path == paths.data_dir() / "models" / "voicecraft"
    assert VoiceCraftWish("/x y").path == Path("/x y")


def test_without_torch_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voicecraft.importlib.util, "find_spec", lambda _: None)
    voice = VoiceCraftVoice("anna", VoiceCraftWish())
    assert "PyTorch" in (voice.why_not() or "")
    assert VoiceCraftVoice.missing() == voice.why_not()


def test_making_one_costs_nothing_and_what_is_not_there_is_told_when_it_is_loaded() -> None:
    voice = VoiceCraftVoice("anna", VoiceCraftWish())
    assert not voice.plays_itself
    with pytest.raises(VoiceMissing, match="No VoiceCraft model is installed"):
        voice.load()
    voice.unload()


@pytest.mark.parametrize(
    ("text", "language", "can"),
    [
        ("", "en", True), ("Hello", "en-GB", True), ("Hello", "EN_us", True), ("naïve", "en", True),
        ("Hola", "es", False), ("出口", "en", False), ("Привет", "en", False), ("", "", False),
    ],
)  # fmt: skip
def test_it_knows_english_in_latin_letters_only(text: str, language: str, can: bool) -> None:
    assert VoiceCraftVoice("anna", VoiceCraftWish()).can_say(text, language) is can
