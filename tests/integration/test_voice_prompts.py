"""A voice made from real speech: what is kept is what was said, heard again by a recogniser."""

from __future__ import annotations

import functools
import re

import numpy as np
import pytest
import soundfile
from jiwer import wer

from imagecraft_desktop.errors import (
    NothingRecognised,
    RecordingClipped,
    RecordingNoisy,
    TranscriptUnmatched,
)
from imagecraft_desktop.speak import prompts
from imagecraft_desktop.speak.samples import at_rate
from tests.desktop import transcribe

RATE = 24_000
SHORT = "The old lighthouse keeper walked slowly down the stairs before the storm came."
LONG = SHORT + (
    " Nobody had seen a ship for many days. The wind was cold, and the birds had gone to the south."
)


@functools.cache
def spoken(text: str) -> np.ndarray:
    from hibari import Hibari

    samples = Hibari(voice="heart", threads=1)(text, seed=0)
    samples.setflags(write=False)
    return samples


def bare(text: str) -> str:
    return " ".join(re.findall(r"[\w']+", text.lower()))


def heard(voice: prompts.VoicePrompt) -> str:
    return transcribe(voice.samples(), 16_000)


@pytest.mark.parametrize(
    ("name", "rate"), [("a.wav", 44_100), ("a.flac", 48_000), ("a.mp3", 24_000), ("a.ogg", 8_000)]
)
def test_what_was_said_is_in_the_voice(tmp_path, name, rate):
    silence = np.zeros(rate, np.float32)
    samples = np.concatenate([silence, at_rate(spoken(SHORT), RATE, rate), silence, silence])
    soundfile.write(tmp_path / name, np.stack([samples, 0.3 * samples], axis=1), rate)
    voice = prompts.add("anna", tmp_path / name, SHORT, True)
    assert voice.duration_s < len(spoken(SHORT)) / RATE
    assert heard(voice) == bare(SHORT)


def test_the_words_are_recognised_when_they_are_not_given(tmp_path):
    soundfile.write(tmp_path / "a.wav", spoken(SHORT), RATE)
    assert bare(prompts.add("anna", tmp_path / "a.wav", None, True).transcript) == bare(SHORT)


@pytest.mark.parametrize("cut_s", [None, 4.0, 5.0, 7.5])
def test_a_long_recording_is_cut_after_a_word_and_the_transcript_ends_with_it(tmp_path, cut_s):
    soundfile.write(tmp_path / "a.wav", spoken(LONG), RATE)
    voice = prompts.add("anna", tmp_path / "a.wav", None, True, cut_s=cut_s)
    assert 3 <= voice.duration_s <= 9
    assert bare(LONG).startswith(bare(voice.transcript))
    assert len(voice.transcript.split()) > 5
    # the recogniser may mishear the last word, which has nothing after it
    assert wer(bare(voice.transcript), heard(voice)) < 0.15


@pytest.mark.parametrize("cut_s", [None, 4.0, 5.0, 7.5])
def test_words_given_by_hand_are_cut_with_a_long_recording(tmp_path, cut_s):
    soundfile.write(tmp_path / "a.wav", spoken(LONG), RATE)
    voice = prompts.add("anna", tmp_path / "a.wav", LONG, True, cut_s=cut_s)
    assert 3 <= voice.duration_s <= 9
    assert cut_s is None or abs(voice.duration_s - cut_s) < 1  # less the silence before it
    assert LONG.startswith(voice.transcript)
    assert len(voice.transcript) < len(LONG)
    # the recogniser may mishear the last word, which has nothing after it
    assert wer(bare(voice.transcript), heard(voice)) < 0.15


def test_words_of_something_else_are_not_cut(tmp_path):
    soundfile.write(tmp_path / "a.wav", spoken(LONG), RATE)
    other = "We are going to the market to buy apples, bread and a little butter for our breakfast."
    with pytest.raises(TranscriptUnmatched):
        prompts.add("anna", tmp_path / "a.wav", other, True)


def test_words_of_something_else_are_warned_of_where_nothing_is_cut(tmp_path):
    soundfile.write(tmp_path / "a.wav", spoken(SHORT), RATE)
    warnings: list[str] = []
    prompts.add("anna", tmp_path / "a.wav", SHORT, True, warn=warnings.append)
    assert warnings == []
    other = "We are going to the market to buy apples, bread and butter for our breakfast."
    prompts.add("bert", tmp_path / "a.wav", other, True, warn=warnings.append)
    (told,) = warnings
    assert "heard in a.wav differ from the transcript" in told


def test_a_whole_sentence_is_kept_when_it_may_be_cut_anywhere(tmp_path):
    soundfile.write(tmp_path / "a.wav", spoken(LONG), RATE)
    voice = prompts.add("anna", tmp_path / "a.wav", None, True)
    assert voice.transcript.endswith(".")
    assert heard(voice) == bare(voice.transcript)


def test_noise_and_clipping_of_real_speech_are_measured(tmp_path):
    speech = spoken(SHORT)
    power = np.sqrt(np.mean(np.square(speech[np.abs(speech) > 0.005])))
    noise = np.random.default_rng(0).normal(0, power, len(speech))
    soundfile.write(tmp_path / "noisy.ogg", (speech + noise * 0.7).astype(np.float32), RATE)
    with pytest.raises(RecordingNoisy):
        prompts.add("anna", tmp_path / "noisy.ogg", SHORT, True)
    loud = np.clip(speech / np.abs(speech).max() * 3, -1, 1)
    for name in ("loud.wav", "loud.mp3"):
        soundfile.write(tmp_path / name, loud * 0.9, RATE)
        with pytest.raises(RecordingClipped):
            prompts.add("anna", tmp_path / name, SHORT, True)
    warnings = []
    soundfile.write(tmp_path / "well.wav", speech + noise * 0.05, RATE)
    prompts.add("anna", tmp_path / "well.wav", SHORT, True, warn=warnings.append)
    assert warnings == []


def test_humming_has_no_words(tmp_path):
    time_s = np.arange(5 * RATE) / RATE
    swell = np.sin(np.pi * time_s * 1.5) ** 2
    hum = sum(np.sin(2 * np.pi * 140 * k * time_s + k * k) / k for k in range(1, 12))
    soundfile.write(tmp_path / "hum.wav", 0.1 * swell * hum, RATE)
    with pytest.raises(NothingRecognised, match="--transcript"):
        prompts.add("anna", tmp_path / "hum.wav", None, True)
