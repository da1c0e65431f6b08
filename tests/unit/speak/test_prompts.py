"""Voices of the user's own: what is kept of a recording, what is refused, and that nothing is lost.

The recordings are made of voiced syllables with pauses; real speech is in tests/integration.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
import threading
import time

import numpy as np
import pytest
import soundfile
from filelock import FileLock

from imagecraft_desktop import strings
from imagecraft_desktop.errors import (
    EXIT_BAD_INPUT,
    EXIT_MODEL,
    EXIT_USAGE,
    ConsentMissing,
    RecordingClipped,
    RecordingNoisy,
    RecordingNotCut,
    RecordingRefused,
    RecordingSilent,
    RecordingTooShort,
    RecordingTooSlow,
    RecordingUnreadable,
    TranscriptEmpty,
    TranscriptMissing,
    TranscriptNotCut,
    TranscriptTooLong,
    TranscriptUnmatched,
    VoiceMissing,
    VoiceNameRefused,
    VoiceNotSaved,
    VoicePromptDamaged,
    VoicePromptMissing,
)
from imagecraft_desktop.nets.voicecraft.resample import to_mono_16k
from imagecraft_desktop.speak import prompts, recording, transcript
from imagecraft_desktop.speak.cutpoint import Word
from imagecraft_desktop.system import paths

RATE = 24_000
WORDS = "The old lighthouse keeper walked slowly down the stairs."


def spoken(seconds: float, rate: int = RATE) -> np.ndarray:
    """Syllables of a fifth of a second, each of its own loudness; every fifth one is a pause."""
    rng = np.random.default_rng(0)
    time_s = np.arange(round(seconds * rate)) / rate
    pitch = 2 * np.pi * np.cumsum(120 + 15 * np.sin(2 * np.pi * 0.7 * time_s)) / rate
    voice = sum(np.sin(k * pitch + k * k) / k for k in range(1, 20))
    syllable = (time_s / 0.2).astype(int)
    loudness = rng.uniform(0.3, 1, syllable[-1] + 1)
    loudness[4::5] = 0
    envelope = np.sin(np.pi * (time_s / 0.2 % 1)) ** 0.5 * loudness[syllable]
    return (0.12 * voice * envelope + rng.normal(0, 2e-5, len(time_s))).astype(np.float32)


SPEECH = spoken(5.0)
SILENCE = np.zeros(RATE, np.float32)


@pytest.fixture(autouse=True)
def deaf(monkeypatch):
    """Nothing is installed that hears words, unless a test says so: it would take a second for each voice."""
    monkeypatch.setattr(transcript, "is_available", lambda: False)


@pytest.fixture
def write(tmp_path):
    def save(samples, rate=RATE, name="anna.wav"):
        path = tmp_path / name
        soundfile.write(path, samples, rate, subtype="FLOAT" if path.suffix == ".wav" else None)
        return path

    return save


def add(file, name="anna", words=WORDS, agreed=True, **options):
    return prompts.add(name, file, words, agreed, **options)


def level(samples) -> float:
    """Of the speech, in decibels."""
    levels = recording._levels(samples)
    return recording._mean_level(levels[recording._is_speech(levels)])


def test_a_voice_keeps_the_speech_and_loses_the_silence_around_it(write):
    voice = add(write(np.concatenate([SILENCE, SPEECH, SILENCE, SILENCE])))
    samples = voice.samples()
    assert samples.dtype == np.float32
    assert voice.duration_s == voice.cut_s == len(samples) / 16_000
    assert 4.8 <= voice.duration_s <= 5.2
    assert level(samples) == pytest.approx(-23, abs=0.5)
    assert np.abs(samples).max() <= 10 ** (-1 / 20)
    assert voice.transcript == WORDS
    data = (voice.folder / "prompt.wav").read_bytes()
    assert hashlib.sha256(data).hexdigest() == voice.sha256
    info = soundfile.info(voice.folder / "prompt.wav")
    assert (info.samplerate, info.channels, info.subtype) == (16_000, 1, "PCM_16")


def test_the_facts_say_who_agreed_when_and_name_the_file_without_its_folder(write):
    file = write(SPEECH)
    facts = json.loads((add(file).folder / "voice.json").read_text("utf-8"))
    assert facts["source"] == "anna.wav"
    assert str(file.parent) not in json.dumps(facts)
    date, _, statement = facts["consent"].partition(": ")
    assert date == time.strftime("%Y-%m-%d")
    assert statement == strings.VOICE_CONSENT
    assert facts["version"] == 1
    assert facts["name"] == "anna"


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
def test_the_rate_is_changed_as_by_the_original_program(write, rate):
    """Its network learned from codes of sound that was made so."""
    sound = spoken(4.0, rate)
    taken = recording.take(write(np.stack([sound, 0.5 * sound], 1), rate), print)
    whole = to_mono_16k(np.stack([sound, 0.5 * sound]) - 0.75 * sound.mean(), rate)
    begin = round(taken.begin_s * 16_000)
    assert abs(len(taken.samples) - 64_000) < 8_000
    inner = slice(100, len(taken.samples) - 100)  # the edges are cut in the recording's own rate
    wanted = whole[begin : begin + len(taken.samples)]
    np.testing.assert_allclose(taken.samples[inner], wanted[inner], rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.mp3", "a.ogg", "a.aiff"])
@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
def test_any_format_and_rate_gives_the_same_voice(write, name, rate):
    warnings = []
    voice = add(write(spoken(4.0, rate), rate, name), warn=warnings.append)
    # as it was, less the pause at its end; an MP3 or Ogg file may be padded
    assert voice.duration_s == pytest.approx(3.9, abs=0.12)
    assert level(voice.samples()) == pytest.approx(-23, abs=0.5)
    assert any("telephone" in warning for warning in warnings) == (rate == 8_000)


def test_channels_are_averaged_and_an_offset_does_not_hide_the_silence(write):
    whole = np.concatenate([SILENCE, SPEECH, SILENCE])
    alone = add(write(whole), "one").samples()
    both = add(write(np.stack([whole, 0.5 * whole], axis=1)), "two").samples()
    moved = add(write(whole + 0.1), "three").samples()
    for other in (both, moved):
        assert len(other) == len(alone)
        assert np.abs(other - alone).max() < 0.01


def test_a_click_before_the_speech_is_no_speech(write):
    click = np.tile(np.array([0.9, -0.9], np.float32), 60)
    voice = add(write(np.concatenate([click, SILENCE, SILENCE, SPEECH])))
    assert voice.duration_s == pytest.approx(5.0, abs=0.2)


def test_loud_peaks_limit_the_gain(write):
    peaky = SPEECH.copy()
    peaky[RATE // 4 :: RATE // 2] += 3  # a narrow peak every half second
    samples = add(write(peaky)).samples()
    assert 20 * np.log10(np.abs(samples).max()) == pytest.approx(-1, abs=0.5)
    assert level(samples) < -23


def noisy(decibels: float) -> np.ndarray:
    """Speech with noise so far below it."""
    power = np.mean(np.square(SPEECH[np.abs(SPEECH) > 0.003]))
    noise = np.random.default_rng(1).normal(0, np.sqrt(power) * 10 ** (-decibels / 20), len(SPEECH))
    return (SPEECH + noise).astype(np.float32)


REFUSED = [
    (SPEECH[: 2 * RATE], RecordingTooShort, ["seconds of speech", "At least 3", "Record more"]),
    (SILENCE, RecordingSilent, ["120 decibels", "microphone"]),
    (SPEECH * 1e-3, RecordingSilent, ["decibels below", "record again"]),
    (np.clip(SPEECH * 8, -0.5, 0.5), RecordingClipped, ["percent", "softer"]),
    (noisy(3), RecordingNoisy, ["decibels louder", "8 are needed", "quiet room"]),
    (noisy(-30), RecordingNoisy, ["only 0 decibels", "8 are needed"]),
]


@pytest.mark.parametrize(("samples", "error", "parts"), REFUSED)
@pytest.mark.parametrize("ending", ["wav", "ogg"])
def test_a_bad_recording_is_refused_with_what_was_measured(write, samples, error, parts, ending):
    with pytest.raises(error) as caught:
        add(write(samples, name=f"anna.{ending}"))
    for part in [f"anna.{ending}", *parts]:
        assert part in caught.value.spoken
    assert caught.value.exit_code == EXIT_BAD_INPUT
    assert prompts.names() == []


@pytest.mark.parametrize(
    ("samples", "word"),
    [(noisy(10), "noise"), (np.clip(SPEECH, -0.168, 0.168), "distorted"), (SPEECH, None)],
)
def test_a_doubtful_recording_is_taken_with_a_warning(write, samples, word):
    warnings = []
    add(write(samples), warn=warnings.append)
    assert [word in warning for warning in warnings] == ([True] if word else [])


def test_silence_of_zeros_does_not_hide_the_noise(write):
    with pytest.raises(RecordingNoisy):
        add(write(np.concatenate([SILENCE, noisy(3), SILENCE])))


def test_long_pauses_do_not_count_as_speech(write):
    with pytest.raises(RecordingTooShort):
        add(write(np.concatenate([SPEECH[:RATE], SILENCE, SILENCE, SPEECH[:RATE]])))


def test_a_file_that_is_no_recording_is_refused_in_words(tmp_path, write):
    (tmp_path / "empty.wav").touch()
    (tmp_path / "letter.wav").write_text("Dear Ann, this is no sound. " * 50)
    (tmp_path / "folder.wav").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.wav")
    whole = write(SPEECH).read_bytes()
    (tmp_path / "head.wav").write_bytes(whole[:44])
    write(np.full(RATE * 4, np.nan, np.float32), name="nan.wav")
    write(SPEECH[: RATE * 4], 4_000, "slow.wav")
    write(np.zeros(8_000 * 601, np.float32), 8_000, "endless.flac")
    for name, reason in {
        "empty.wav": "empty",
        "letter.wav": "not a kind of sound",
        "folder.wav": "folder",
        **({"pipe.wav": "not an ordinary file"} if hasattr(os, "mkfifo") else {}),
        "none.wav": "no such file",
        "a\0.wav": "no such file",
        "head.wav": "",
        "nan.wav": "damaged",
        "slow.wav": "4000 samples a second",
        "endless.flac": "longer than 10 minutes",
    }.items():
        with pytest.raises(RecordingUnreadable) as caught:
            add(tmp_path / name)
        assert name.replace("\0", " ") in caught.value.spoken
        assert reason in caught.value.spoken
        assert str(tmp_path) not in caught.value.spoken
    assert prompts.names() == []


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.mp3"])
@pytest.mark.parametrize("part", [3, 0.9, 0.5, 0.1])
def test_a_file_that_ends_in_the_middle_is_used_or_refused(write, name, part):
    path = write(SPEECH, name=name)
    whole = path.read_bytes()
    path.write_bytes(whole[: round(len(whole) * part)] if part < 1 else whole * part)
    with contextlib.suppress(RecordingRefused):
        assert add(path).duration_s > 2.8


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.wav"
    path.touch()
    os.truncate(path, 201 * 1024**2)
    with pytest.raises(RecordingUnreadable, match="200 megabytes"):
        add(path)


# -- transcript and cut ----------------------------------------------------------------------


@pytest.mark.parametrize("words", ["", "  \n ", "12 ... 34", "Привет, мир, как дела"])
def test_a_transcript_without_english_words_is_refused(write, words):
    with pytest.raises(TranscriptEmpty, match="word for word"):
        add(write(SPEECH), words=words)


def test_a_transcript_that_nobody_could_say_in_that_time_is_refused(write):
    with pytest.raises(TranscriptTooLong, match="letters in"):
        add(write(SPEECH), words=WORDS * 5)
    warnings = []
    add(write(SPEECH), words="It costs $5, Dr. Smith.", warn=warnings.append)
    assert "15 letters" in warnings[0]


SLOW = "The lamp is on again."
"""19 ids, which are 3.8 seconds at most; what is kept of `spoken` is 0.1 seconds shorter."""


def test_speech_that_is_too_slow_for_the_network_is_refused(write):
    """Each text would have the less time: a short one none at all."""
    with pytest.raises(RecordingTooSlow) as caught:
        add(write(spoken(4.0)), words=SLOW)
    for part in ("anna.wav", "3.9 seconds", "3.8", "normal pace", "long pauses"):
        assert part in caught.value.spoken
    assert caught.value.exit_code == EXIT_BAD_INPUT
    assert prompts.names() == []
    assert add(write(spoken(3.8)), words=SLOW).transcript == SLOW


def test_where_no_phones_can_be_told_slow_speech_is_warned_of(write, monkeypatch):
    def fail(_):
        raise VoiceMissing(name="espeak", next_step="Install it.")

    monkeypatch.setattr(transcript, "Phonemizer", fail)
    warnings = []
    add(write(spoken(4.0)), words=SLOW, warn=warnings.append)
    assert "16 letters" in warnings[0]


def test_the_transcript_is_kept_on_one_line(write):
    assert add(write(spoken(3.5)), words=" One,\n two  and three men. ").transcript == (
        "One, two and three men."
    )


def test_a_long_recording_with_a_transcript_by_hand_is_refused_where_no_words_are_heard(
    write, monkeypatch
):
    monkeypatch.setattr(transcript, "is_available", lambda: False)
    with pytest.raises(TranscriptNotCut) as caught:
        add(write(spoken(20.0)))
    assert "lasts 19.9 seconds" in caught.value.spoken, "no more than 15 are looked at"
    assert "3 to 9 seconds" in caught.value.spoken
    assert "voice-input" in caught.value.spoken


# In `spoken`, a pause follows each four of these. As a recogniser hears them, a little late
LYRIC = (
    "One two three four. Five, six seven eight! Nine ten eleven twelve, 'thirteen' fourteen fifteen"
    " sixteen, and so on till twenty. But no more can be said in time, I fear; that is all we know."
)
LYRICS = LYRIC.split()
HEARD = [
    Word(word.strip(".,;!'").lower(), 0.2 * at + 0.02, 0.2 * at + 0.22)
    for word, at in zip(LYRICS, (n + n // 4 for n in range(len(LYRICS))), strict=True)
]


@pytest.fixture
def hears(monkeypatch):
    """Let a recogniser hear these words in every recording; how real speech is heard is in tests/integration."""

    def hear(words):
        monkeypatch.setattr(transcript, "is_available", lambda: True)
        monkeypatch.setattr(transcript, "transcribe_words", lambda *_: words)

    return hear


def test_a_transcript_by_hand_is_cut_with_the_recording(write, hears):
    hears(HEARD)
    voice = add(write(spoken(9.5)), words=LYRIC)
    kept = voice.transcript.split()
    assert kept == LYRICS[: len(kept)]
    assert len(kept) % 4 == 0
    assert HEARD[len(kept) - 1].end_s - 0.1 < voice.duration_s < HEARD[len(kept)].begin_s
    assert 5 < voice.duration_s < 7


def test_a_few_misheard_words_do_not_matter_but_no_cut_is_made_beside_them(write, hears):
    misheard = [
        Word("blah", word.begin_s, word.end_s) if n in {2, 23, 24} else word
        for n, word in enumerate(HEARD)
    ]
    hears(misheard)
    voice = add(write(spoken(9.5)), words=LYRIC)
    kept = len(voice.transcript.split())
    assert kept in {20, 28}
    assert voice.transcript.split() == LYRICS[:kept]


@pytest.mark.parametrize(
    "words",
    [[], [Word(f"other{n}", word.begin_s, word.end_s) for n, word in enumerate(HEARD)]],
)
def test_other_words_than_are_heard_are_not_cut(write, hears, words):
    hears(words)
    with pytest.raises(TranscriptUnmatched) as caught:
        add(write(spoken(9.5)), words=LYRIC)
    assert "3 to 9" in caught.value.spoken
    assert "leave out --transcript" in caught.value.spoken


OTHERS = [Word(f"other{n}", word.begin_s, word.end_s) for n, word in enumerate(HEARD)]


@pytest.mark.parametrize(
    ("heard", "is_told"),
    [
        (HEARD[:10], False),
        (HEARD[:6] + OTHERS[6:10], False),
        (HEARD[:4] + OTHERS[4:10], True),
        (HEARD[:4], True),
        (HEARD[:24], True),
        ([], False),
    ],
)
def test_a_transcript_of_which_little_is_heard_is_taken_with_a_warning(
    write, hears, heard, is_told
):
    """Also one that is much longer or shorter; where nothing is understood, nothing is known."""
    hears(heard)
    warnings = []
    words = " ".join(LYRICS[:10])
    voice = add(write(SPEECH), words=words, warn=warnings.append)
    assert voice.transcript == words
    assert ["anna.wav differ from the transcript" in one for one in warnings] == [True] * is_told


def test_up_to_a_cut_that_is_asked_the_words_are_compared(write, hears):
    hears(OTHERS)
    warnings = []
    words = " ".join(LYRICS[:20])
    assert add(write(spoken(9.5)), words=words, cut_s=5.2, warn=warnings.append).transcript == words
    assert "anna.wav differ from the transcript" in warnings[0]
    hears(HEARD[:20] + OTHERS[20:])
    del warnings[:]
    add(write(spoken(9.5)), "bert", words=words, cut_s=5.2, warn=warnings.append)
    assert len(warnings) == 1
    assert "cut at" in warnings[0]


def test_words_that_were_recognised_are_not_compared(write, hears, monkeypatch):
    hears(HEARD[:10])
    monkeypatch.setattr(transcript, "_heard_in", None)
    assert add(write(SPEECH), words=None).transcript.startswith("one two three")


def test_where_the_recogniser_is_broken_a_transcript_is_taken_as_it_is(write, hears, monkeypatch):
    def fail(*_):
        raise RuntimeError("model.bin is incomplete")

    hears([])
    monkeypatch.setattr(transcript, "transcribe_words", fail)
    warnings = []
    assert add(write(SPEECH), warn=warnings.append).transcript == WORDS
    assert warnings == []


def test_a_recogniser_that_is_broken_cuts_no_transcript(write, monkeypatch):
    def fail(*_):
        raise RuntimeError("model.bin is incomplete")

    monkeypatch.setattr(transcript, "is_available", lambda: True)
    monkeypatch.setattr(transcript, "transcribe_words", fail)
    with pytest.raises(TranscriptUnmatched):
        add(write(spoken(12.0)))


@pytest.mark.parametrize("cut_s", [5.7, 5.95, 6.2])
def test_a_cut_that_is_asked_moves_to_the_pause_and_the_transcript_with_it(write, hears, cut_s):
    hears(HEARD)
    voice = add(write(spoken(9.5)), words=LYRIC, cut_s=cut_s)
    assert voice.transcript == " ".join(LYRICS[:24])
    assert HEARD[23].end_s - 0.1 < voice.duration_s < HEARD[24].begin_s


def test_without_a_pause_a_cut_that_is_asked_moves_to_the_end_of_a_word(hears):
    hears([Word(word, 0.25 * n, 0.25 * n + 0.25) for n, word in enumerate(LYRICS)])
    tone = np.sin(700 * np.arange(10 * 16_000) / 16_000).astype(np.float32)
    words, end_s = transcript.fit(recording.Take(tone, 0.5, "anna.wav"), LYRIC, 6.1)
    assert end_s == pytest.approx(5.5, abs=0.06)
    assert words == " ".join(LYRICS[:22])


def test_a_transcript_that_ends_at_the_cut_is_kept_whole(write, hears):
    hears(HEARD)
    voice = add(write(spoken(9.5)), words=" ".join(LYRICS[:20]), cut_s=5.2)
    assert voice.transcript == " ".join(LYRICS[:20])
    assert HEARD[19].end_s - 0.1 < voice.duration_s < HEARD[20].begin_s
    # its last word, which the recogniser hears otherwise, is not lost
    words = " ".join([*LYRICS[:19], "Jenny."])
    assert add(write(spoken(9.5)), "two", words=words, cut_s=5.0).transcript == words


def test_a_transcript_by_hand_ends_where_the_cut_is_asked(write, monkeypatch):
    monkeypatch.setattr(transcript, "is_available", lambda: False)
    warnings = []
    file = write(np.concatenate([SILENCE, spoken(12.0)]))
    voice = add(file, cut_s=6.0, warn=warnings.append)
    assert voice.duration_s == pytest.approx(5.05, abs=0.12)
    assert voice.transcript == WORDS
    assert "cut at" in warnings[0]
    # the pause that is nearest, for every fifth syllable is one
    assert np.abs(voice.samples()[-160:]).max() < 0.01


@pytest.mark.parametrize("cut_s", [0.0, 2.0, 3.5, 10.5, 100.0])
def test_a_cut_where_none_is_possible_is_refused(write, cut_s):
    file = write(np.concatenate([SILENCE, spoken(12.0)]))
    with pytest.raises(RecordingNotCut, match=r"4\.0 to 9\.9 is possible"):
        add(file, cut_s=cut_s)


def test_without_a_transcript_and_a_recogniser_the_next_step_is_said(write, monkeypatch):
    monkeypatch.setattr(transcript, "is_available", lambda: False)
    with pytest.raises(TranscriptMissing) as caught:
        add(write(SPEECH), words=None)
    assert "--transcript" in caught.value.spoken
    assert "voice-input" in caught.value.spoken


def test_a_recogniser_that_is_broken_is_as_none(write, monkeypatch):
    def fail(*_):
        raise RuntimeError("model.bin is incomplete")

    monkeypatch.setattr(transcript, "is_available", lambda: True)
    monkeypatch.setattr(transcript, "transcribe_words", fail)
    with pytest.raises(TranscriptMissing):
        add(write(SPEECH), words=None)


def test_a_long_recording_is_cut_in_the_longest_pause_between_words():
    gaps = {3: 0.05, 6: 0.3, 8: 0.1}  # a pause after the word of that number
    words, parts, now_s = [], [], 0.0
    for number in range(12):
        parts.append(spoken(0.8, 16_000))
        words.append(Word(f"word{number}", now_s, now_s + 0.8))
        now_s += 0.8
        pause = np.zeros(round(gaps.get(number, 0) * 16_000), np.float32)
        parts.append(pause)
        now_s += len(pause) / 16_000
    cut_s, last = transcript.best_cut(np.concatenate(parts), words)
    assert last == 6
    assert words[6].end_s < cut_s < words[7].begin_s


def test_without_a_pause_it_is_cut_at_the_end_of_a_word():
    time_s = np.arange(12 * 16_000) / 16_000
    words = [Word(str(n), 0.4 * n, 0.4 * n + 0.4) for n in range(30)]
    cut_s, last = transcript.best_cut(np.sin(700 * time_s).astype(np.float32), words)
    assert cut_s == pytest.approx(words[last].end_s, abs=0.05)
    assert 3 <= cut_s <= 9


# -- names and consent -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Anna", "anna 2", "José", "7 of 9", "a-b_c", "Ирина", "x" * 40])
def test_a_good_name_is_kept_as_it_is_written(write, name):
    assert add(write(SPEECH), name).name == name
    assert prompts.names() == [name]
    assert prompts.load(name.upper()).name == name


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", "..", ".", ".hidden", "../up", "a/b", "a\\b", "/etc", "C:", "a.b", "-x", "_x"),
        *(
            "a\0b",
            "a\nb\x07",
            "con",
            "NUL",
            "Com1",
            "lpt9",
            "x" * 41,
            "a*",
            "~",
            "%TEMP%",
            "a\u202eb",
        ),
    ],
)
def test_a_name_that_could_do_harm_is_refused(write, name):
    with pytest.raises(VoiceNameRefused) as caught:
        add(write(SPEECH), name)
    assert caught.value.exit_code == EXIT_USAGE
    assert not (paths.data_dir() / "voices").exists()


def test_blanks_are_made_single(write):
    assert add(write(SPEECH), "  anna   maria ").name == "anna maria"


@pytest.mark.parametrize("name", ["hibari", "Hibari", "ESPEAK", "silence"])
def test_the_name_of_a_voice_of_the_program_is_refused(write, name):
    with pytest.raises(VoiceNameRefused, match="voice of the program"):
        add(write(SPEECH), name, replace=True)


def test_a_name_is_taken_whatever_its_capitals(write):
    first = add(write(SPEECH), "Anna")
    with pytest.raises(VoiceNameRefused, match="--replace"):
        add(write(SPEECH), "ANNA")
    second = add(write(spoken(3.5)), "anna", words="Something else was said.", replace=True)
    assert prompts.names() == ["Anna"]
    assert second.folder == first.folder
    assert prompts.load("anna").transcript == "Something else was said."
    with pytest.raises(VoicePromptDamaged):
        first.samples()


def test_nothing_is_made_without_consent(write):
    with pytest.raises(ConsentMissing) as caught:
        add(write(SPEECH), agreed=False)
    assert caught.value.exit_code == EXIT_USAGE
    assert "--speaker-agreed" in caught.value.spoken
    assert not (paths.data_dir() / "voices").exists()


# -- the store -------------------------------------------------------------------------------


def folders():
    return sorted(p.name for p in (paths.data_dir() / "voices").iterdir() if p.name != ".lock")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights another way")
def test_only_the_user_may_look_into_the_folder(write):
    voice = add(write(SPEECH))
    for folder in (voice.folder, voice.folder.parent):
        assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("step", ["sound", "facts", "rename"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("replace", [False, True])
def test_a_failure_half_way_leaves_what_was_there(write, monkeypatch, step, error, replace):
    if replace:
        add(write(SPEECH), words="This was there before the other one came.")
    before = folders() if replace else []
    real_write, real_rename = prompts._write, prompts.Path.rename

    def fail_write(file, data):
        if file.name == {"sound": "prompt.wav", "facts": "voice.json"}.get(step):
            file.write_bytes(data[:10])
            raise error
        real_write(file, data)

    def fail_rename(path, target):
        if step == "rename" and path.name == ".new":
            raise error
        return real_rename(path, target)

    monkeypatch.setattr(prompts, "_write", fail_write)
    monkeypatch.setattr(prompts.Path, "rename", fail_rename)
    with pytest.raises(
        VoiceNotSaved if isinstance(error, OSError) else KeyboardInterrupt
    ) as caught:
        add(write(SPEECH), replace=replace)
    if isinstance(error, OSError):
        assert "the disk is full" in caught.value.spoken
    assert folders() == before
    if replace:
        voice = prompts.load("anna")
        assert voice.transcript == "This was there before the other one came."
        assert len(voice.samples()) > 0


def test_after_a_power_cut_the_old_voice_comes_back_and_halves_go(write):
    voice = add(write(SPEECH))
    voice.folder.rename(voice.folder.parent / ".old-anna")  # the new one was not there yet
    for half in (".new", ".gone"):
        shutil.copytree(voice.folder.parent / ".old-anna", voice.folder.parent / half)
    assert prompts.names() == []
    add(write(SPEECH), "bert")
    assert folders() == ["anna", "bert"]
    assert len(prompts.load("anna").samples()) > 0


def test_two_at_once_take_turns_and_the_second_is_told_that_the_name_is_taken(write):
    file, results = write(SPEECH), []

    def make():
        try:
            results.append(add(file).name)
        except VoiceNameRefused as error:
            results.append(type(error).__name__)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == ["VoiceNameRefused"] * 3 + ["anna"]
    assert folders() == ["anna"]


def test_a_lock_that_is_held_is_told_and_not_waited_for_ever(write, monkeypatch):
    add(write(SPEECH))
    monkeypatch.setattr(prompts, "_LOCK_WAIT_S", 0.2)
    with (
        FileLock(paths.data_dir() / "voices" / ".lock"),
        pytest.raises(VoiceNotSaved, match="another command"),
    ):
        prompts.remove("anna")
    assert prompts.names() == ["anna"]


def test_a_removed_voice_and_what_was_computed_for_it_are_gone(write):
    add(write(SPEECH), "Anna")
    add(write(SPEECH), "bert")
    computed = paths.cache_dir() / "voices" / "Anna"
    computed.mkdir(parents=True)
    (computed / "codes.npz").touch()
    prompts.remove("anna")
    assert prompts.names() == ["bert"]
    assert folders() == ["bert"]
    assert not computed.exists()


def test_a_missing_voice_is_told_with_those_there_are(write):
    with pytest.raises(VoicePromptMissing, match="voice add"):
        prompts.load("anna")
    add(write(SPEECH), "Bert")
    add(write(SPEECH), "carla")
    for act in (prompts.load, prompts.remove):
        with pytest.raises(VoicePromptMissing) as caught:
            act("../Bert")
        assert "Bert, carla" in caught.value.spoken
        assert caught.value.exit_code == EXIT_MODEL
    assert [voice.name for voice in prompts.listed()] == ["Bert", "carla"]


def test_no_folder_of_voices_is_an_empty_list():
    assert prompts.listed() == []


def change_byte(folder):
    sound = bytearray((folder / "prompt.wav").read_bytes())
    sound[5_000] ^= 1
    (folder / "prompt.wav").write_bytes(sound)


@pytest.mark.parametrize(
    "harm",
    [
        change_byte,
        lambda folder: os.truncate(folder / "prompt.wav", 1_000),
        lambda folder: (folder / "prompt.wav").unlink(),
    ],
)
def test_a_damaged_sound_is_noticed(write, harm):
    voice = add(write(SPEECH))
    harm(voice.folder)
    assert prompts.listed() == [voice]
    with pytest.raises(VoicePromptDamaged, match="anna"):
        prompts.load("anna").samples()
    add(write(SPEECH), replace=True).samples()


def test_a_sound_of_another_form_is_noticed(write):
    voice = add(write(SPEECH))
    soundfile.write(voice.folder / "prompt.wav", SPEECH, RATE)
    facts = json.loads((voice.folder / "voice.json").read_text("utf-8"))
    facts["sha256"] = hashlib.sha256((voice.folder / "prompt.wav").read_bytes()).hexdigest()
    (voice.folder / "voice.json").write_text(json.dumps(facts), "utf-8")
    with pytest.raises(VoicePromptDamaged):
        prompts.load("anna").samples()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        "[" * 30_000,
        '{"transcript": 1}',
        "\ud800".encode("utf-8", "surrogatepass"),
    ],
)
def test_damaged_facts_are_noticed_and_the_voice_can_be_removed(write, text):
    add(write(SPEECH), "bert")
    voice = add(write(SPEECH))
    data = text if isinstance(text, bytes) else text.encode()
    (voice.folder / "voice.json").write_bytes(data)
    with pytest.raises(VoicePromptDamaged, match="anna"):
        prompts.load("anna")
    assert [one.name for one in prompts.listed()] == ["bert"]
    assert prompts.names() == ["anna", "bert"]
    prompts.remove("anna")
    assert prompts.names() == ["bert"]


@pytest.mark.parametrize(
    "change",
    [{"version": 2}, {"transcript": ""}, {"cut_s": -1}, {"cut_s": float("nan")}, {"sha256": 5}],
)
def test_facts_that_make_no_sense_are_noticed(write, change):
    voice = add(write(SPEECH))
    facts = json.loads((voice.folder / "voice.json").read_text("utf-8"))
    (voice.folder / "voice.json").write_text(json.dumps(facts | change), "utf-8")
    with pytest.raises(VoicePromptDamaged):
        prompts.load("anna")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes in folders")
@pytest.mark.parametrize("name", ["voice.json", "prompt.wav"])
def test_a_pipe_in_a_voice_is_refused_and_not_waited_for(write, name):
    prompts.add("Anna", write(SPEECH), WORDS, True)
    file = prompts.load("Anna").folder / name
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(VoicePromptDamaged):
        prompts.load("Anna").samples()


def test_what_of_a_removed_voice_cannot_be_deleted_is_in_nobodys_way(write, monkeypatch):
    root = prompts.add("Anna", write(SPEECH), WORDS, True).folder.parent
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", lambda folder, ignore_errors: None)
        prompts.remove("Anna")
        prompts.add("Anna", write(SPEECH), WORDS, True)
        prompts.remove("Anna")
        assert prompts.names() == []
    prompts.add("Anna", write(SPEECH), WORDS, True)
    assert {one.name for one in root.iterdir() if one.is_dir()} == {"Anna"}
