"""The real voices, heard by a recogniser: what is written arrives, in time, within memory."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable

import jiwer
import numpy as np
import pytest

from imagecraft_desktop.errors import Cancelled, SpeakError
from imagecraft_desktop.speak import espeak
from imagecraft_desktop.speak.chain import Chain, make_chain
from imagecraft_desktop.speak.espeak import EspeakVoice
from imagecraft_desktop.speak.hibari import HibariVoice
from imagecraft_desktop.speak.normalize import to_words
from imagecraft_desktop.system.memory import give_back, resident_mb
from imagecraft_desktop.values import Manner, Speech
from tests.desktop.hearing import transcribe_as_written

CAPTIONS = [
    "A message box: Save failed. The file could not be saved because the disk is full.",
    "A photo of a dog, a German shepherd, lying on green grass in front of a wooden fence.",
    "A settings window. Screen reader is on. Magnifier is off. Text size is large.",
    "A bar chart of monthly revenue. Six blue bars, each taller than the one before.",
    "The screen is black; nothing to describe. Press the key again when the window is visible.",
    "Seven people sit around a long table. Behind them is a whiteboard with handwritten notes.",
]
HARD = [
    ("The temperature is 3; -12 °C today.", "three minus twelve degrees celsius today"),
    ("The ticket is 20€ and the book €14.50.", "twenty euros and the book fourteen euros and fifty cents"),
    ("They raised £1.5m last year.", "one point five million pounds last year"),
    ("45% of 1,250 files.", "forty five percent of one thousand two hundred and fifty files"),
    ("Rated 4.6 out of 5 stars, 238 reviews.", "four point six out of five stars two hundred and thirty eight reviews"),
    ("Open from 10-16.", "from ten to sixteen"),
    ("The address is 192.168.0.1.", "one nine two dot one six eight dot zero dot one"),
    ("Call 555-123-4567.", "five five five one two three four five six seven"),
    ("See https://example.org/open-day.", "link to example dot org open day"),
    ("The screen is 1920x1080.", "nineteen twenty by"),
    ("On 2026-11-21 it rained.", "november twenty first twenty twenty six it rained"),
    ("Free at least 350 MB of space.", "at least three hundred and fifty megabytes of space"),
    ("PRINTING FAILED. IT IS FULL.", "printing failed it is full"),
    ("Drive at 20 km/h for 5 km.", "twenty kilometers per hour for five kilometers"),
    ("Function getUserName failed.", "get user name failed"),
    ("Version 3.11.7 is installed.", "version three dot eleven dot seven is installed"),
    ("The 3rd of 12 items.", "the third of twelve items"),
    ("Press A to continue.", "press a to continue"),
    ("I write C# and C++.", "c sharp and c plus plus"),
]  # fmt: skip
LONG = " ".join(["She sells sea shells by the sea shore and by the river"] * 4)
FOX = "The quick brown fox jumps over the lazy dog near the river bank."


def no_tick() -> None:
    pass


def in_words(text: str) -> str:
    """Lower case, numbers in words: what was heard may be written in digits."""
    words = " ".join(re.findall("[a-z]+", to_words(text, "en").lower().replace("-", " ")))
    return re.sub(r"\b(?:and|dash) ", "", words)


def hear(chunks: list[Speech]) -> str:
    silence = np.zeros(chunks[0].rate_hz // 4, np.float32)
    sound = np.concatenate([silence, *(chunk.samples for chunk in chunks), silence])
    return in_words(transcribe_as_written(sound, chunks[0].rate_hz))


def word_error(say: Callable[[str], list[Speech]], texts: list[str]) -> float:
    return float(jiwer.wer([in_words(text) for text in texts], [hear(say(t)) for t in texts]))


@pytest.fixture(scope="module")
def hibari() -> HibariVoice:
    voice = HibariVoice()
    voice.load()
    return voice


def say(voice, text: str, tick=no_tick, **manner) -> list[Speech]:
    return list(voice.say(text, Manner(**manner), tick))


def seconds(chunks: list[Speech]) -> float:
    return sum(len(chunk.samples) / chunk.rate_hz for chunk in chunks)


def pitch_hz(chunks: list[Speech]) -> float:
    """The usual pitch of the voiced parts: for each 40 ms, the lag at which it is most like itself."""
    sound = np.concatenate([chunk.samples for chunk in chunks]).astype(np.float64)
    rate_hz, found = chunks[0].rate_hz, []
    size, low, high = rate_hz // 25, rate_hz // 500, rate_hz // 60
    for begin in range(0, len(sound) - 2 * size, size):
        piece = sound[begin : begin + 2 * size]
        like = np.correlate(piece, piece, "full")[len(piece) - 1 :]
        best = low + int(np.argmax(like[low:high]))
        if like[0] > 0.1 and like[best] > 0.5 * like[0]:
            found.append(rate_hz / best)
    return float(np.median(found))


# --- hibari -------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "error"), [(0.5, 0.05), (1.0, 0.05), (1.5, 0.08), (2.0, 0.12)])
def test_hibari_is_understood(hibari: HibariVoice, rate: float, error: float) -> None:
    texts = CAPTIONS if rate in (1.0, 2.0) else CAPTIONS[::2]
    assert word_error(lambda text: say(hibari, text, rate=rate), texts) <= error


@pytest.mark.slow
@pytest.mark.parametrize(("written", "heard"), HARD)
def test_hard_input_is_heard_right(hibari: HibariVoice, written: str, heard: str) -> None:
    chunks = list(Chain([hibari]).say(written, Manner(), no_tick))
    assert in_words(heard) in hear(chunks)


def test_espeak_reads_the_voice_of_a_language_only_when_it_changes(monkeypatch):
    """Each time some of the memory for it would never be given back."""
    engine = espeak._engine()
    library, taken = engine._library, []

    class Counted:
        def __getattr__(self, name):
            return getattr(library, name)

        def espeak_SetVoiceByName(self, name):
            taken.append(name)
            return library.espeak_SetVoiceByName(name)

    engine.choose("en")
    monkeypatch.setattr(engine, "_library", Counted())
    assert [engine.choose(one) for one in ("es", "es", "xx", "es", "en", "en")] == [
        *(True, True, False, True, True, True)
    ]
    assert taken == [b"es", b"xx", b"es", b"en-us"]


def test_hibari_never_asks_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    voice = HibariVoice()
    voice.load()
    assert seconds(say(voice, "Hello there.")) > 0.4


@pytest.mark.parametrize("rate", [0.7, 1.0, 1.7])
def test_same_seed_is_same_sound(hibari: HibariVoice, rate: float) -> None:
    first, again = (say(hibari, FOX, rate=rate, seed=3)[0].samples for _ in range(2))
    assert np.array_equal(first, again)
    other = say(hibari, FOX, rate=rate, seed=4)[0].samples
    assert len(other) == len(first)
    assert not np.array_equal(first, other)


def test_hibari_keeps_the_pace_it_is_given(hibari: HibariVoice) -> None:
    normal = seconds(say(hibari, FOX))
    for rate in (1.25, 2.0, 3.0, 4.0):
        assert seconds(say(hibari, FOX, rate=rate)) == pytest.approx(normal / rate, rel=0.05)
    assert seconds(say(hibari, FOX, rate=0.5)) > 1.6 * normal


@pytest.mark.parametrize(("rate", "pitch"), [(1.0, -5.0), (1.0, 5.0), (2.0, 3.0)])
def test_hibari_speaks_at_another_pitch(hibari: HibariVoice, rate: float, pitch: float) -> None:
    own, other = say(hibari, FOX, rate=rate), say(hibari, FOX, rate=rate, pitch=pitch)
    assert seconds(other) == pytest.approx(seconds(own), rel=0.02)
    assert pitch_hz(other) / pitch_hz(own) == pytest.approx(2 ** (pitch / 12), rel=0.06)
    if rate == 1:  # faster, it is a little less clear than at its own pitch
        error = word_error(lambda text: say(hibari, text, pitch=pitch), CAPTIONS[:1])
        assert error <= 0.1


def test_hibari_begins_before_the_rest_is_made(hibari: HibariVoice) -> None:
    """How soon the first sound comes is for the bench; that it waits for nothing else is seen here."""
    ticks: list[None] = []
    speaking = Chain([hibari]).say(" ".join(CAPTIONS), Manner(), lambda: ticks.append(None))
    chunk = next(speaking)
    before = len(ticks)
    assert chunk.text == "A message box: Save failed."
    assert len(list(speaking)) > 8
    assert before * 4 < len(ticks)
    onset = np.flatnonzero(np.abs(chunk.samples) > 0.01)[0] / chunk.rate_hz
    assert onset < 0.12  # of the 0.32 s that the network gives


def test_hibari_samples_are_sound(hibari: HibariVoice) -> None:
    for rate in (1.0, 3.0):
        (chunk,) = say(hibari, FOX, rate=rate)
        assert chunk.samples.dtype == np.float32
        assert chunk.samples.ndim == 1
        assert 0.05 < np.abs(chunk.samples).max() <= 1


def test_hibari_says_when_nothing_came(hibari: HibariVoice) -> None:
    with pytest.raises(SpeakError):
        say(hibari, "出口")


def test_hibari_can_say_english_only(hibari: HibariVoice) -> None:
    assert hibari.can_say("naïve", "en-GB")
    assert not hibari.can_say("出口", "en")
    assert not hibari.can_say("Hola", "es")


def test_hibari_stops_between_pieces(hibari: HibariVoice) -> None:
    ticks = 0

    def tick() -> None:
        nonlocal ticks
        ticks += 1
        if ticks == 3:
            raise Cancelled

    heard = []
    speaking = hibari.say("One more sentence. " * 60, Manner(), tick)
    with pytest.raises(Cancelled):
        heard.extend(speaking)
    assert ticks == 3


def test_foreign_notation_for_sounds_is_only_text(hibari: HibariVoice) -> None:
    assert seconds(say(hibari, "[word](/wɜd/)")) > 0
    from imagecraft_desktop.speak.hibari import _with_letters

    assert _with_letters("Press A to continue, or [B](/x/).") == (
        "Press [A](/ˈA/) to continue, or (B)(/x/)."
    )
    assert _with_letters("A dog. A cat. THIS IS A DOG") == "A dog. A cat. THIS IS A DOG"
    assert _with_letters("A") == "[A](/ˈA/)"
    assert _with_letters("a") == "[A](/ˈA/)"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_stays_within_bounds_on_endless_text() -> None:
    code = """if True:
        from pathlib import Path
        from imagecraft_desktop.speak.hibari import HibariVoice
        from imagecraft_desktop.values import Manner
        voice = HibariVoice()
        chunks = list(voice.say("word and " * 500, Manner(), lambda: None))
        assert len(chunks) > 12, len(chunks)
        status = Path("/proc/self/status").read_text()
        print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
    """
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert out.returncode == 0, out.stderr
    assert int(out.stdout) < 400  # MB; in one piece it takes thousands


# --- eSpeak -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello there.", "en"), ("Buenos días, veinte euros.", "es-MX"), ("Grüß Gott", "de"),
        ("Olá, tudo bem?", "pt-BR"), ("你好世界", "zh"), ("Привет, мир", "ru"), ("مرحبا", "ar"),
        ("안녕하세요", "ko"), ("नमस्ते", "hi"), ("カタカナ", "ja"), ("Ελλάδα", "el"),
    ],
)  # fmt: skip
def test_espeak_speaks_many_languages(text: str, language: str) -> None:
    voice = EspeakVoice()
    assert voice.can_say(text, language)
    chunks = say(voice, text, language=language)
    assert 0.3 < seconds(chunks) < 5
    assert np.abs(chunks[0].samples).max() > 0.05


def test_espeak_knows_what_it_cannot_say() -> None:
    voice = EspeakVoice()
    assert not voice.can_say("東京", "ja")
    assert not voice.can_say("x", "und")
    assert not voice.can_say("x", "xx-YY")
    with pytest.raises(SpeakError):
        say(voice, "x", language="xx")


def test_espeak_tells_the_letter_a_from_the_article() -> None:
    def length(text: str, language: str = "en") -> int:
        return sum(len(chunk.samples) for chunk in say(EspeakVoice(), text, language=language))

    assert length("Plan A is open.") == pytest.approx(length("Plan eigh is open."), abs=100)
    assert length("Plan A is open.") > length("Plan a is open.") + 1000
    in_spanish = length("Plan a is open.", "es")
    assert length("Plan A is open.", "es") == pytest.approx(in_spanish, abs=100)


def test_espeak_is_quick() -> None:
    """It needs 10 ms of the processor for this; 200 ms are allowed, and here ten times as much."""
    voice = EspeakVoice()
    say(voice, "Warm.")
    begun = time.process_time()
    say(voice, FOX)
    assert time.process_time() - begun < 2


def test_espeak_goes_as_fast_as_asked() -> None:
    voice = EspeakVoice()
    lengths = [seconds(say(voice, FOX, rate=rate)) for rate in (0.5, 1.0, 2.0, 3.0, 4.0)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[4] < lengths[1] / 3


def test_espeak_speaks_at_another_pitch_and_goes_back() -> None:
    voice = EspeakVoice()
    own = pitch_hz(say(voice, FOX))
    for pitch in (-5.0, -2.0, 3.0, 6.0):
        found = pitch_hz(say(voice, FOX, pitch=pitch))
        assert 12 * np.log2(found / own) == pytest.approx(pitch, abs=1)
    assert pitch_hz(say(voice, FOX, pitch=12.0)) > 1.4 * own
    assert pitch_hz(say(voice, FOX)) == pytest.approx(own, rel=0.02)


def test_espeak_stops_inside_a_sentence() -> None:
    voice = EspeakVoice()
    ticks = 0

    def tick() -> None:
        nonlocal ticks
        ticks += 1
        if ticks > 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        say(voice, "a long sentence that has many words in it " * 4, tick=tick)
    assert ticks == 5
    assert seconds(say(voice, "Again.")) > 0.2


def test_espeak_takes_any_characters() -> None:
    assert seconds(say(EspeakVoice(), "one\0two \ud800 three <b>&amp;")) > 0.5


def test_a_damaged_espeak_is_missing_and_does_not_end_the_process() -> None:
    code = """if True:
        import espeakng_loader
        from imagecraft_desktop.speak import espeak
        real = espeakng_loader.get_library_path()
        espeak.find_libraries = lambda: ((real, b"/nonexistent"),)
        from imagecraft_desktop.errors import VoiceMissing
        try:
            espeak.EspeakVoice().load()
        except VoiceMissing as error:
            print(error.spoken)
        assert not espeak.EspeakVoice().can_say("x", "en")
    """
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert out.returncode == 0, out.stderr
    assert out.stdout.startswith("Voice missing: espeak. eSpeak NG is not installed.")


# --- together -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_foreign_words_inside_english_are_spoken() -> None:
    chain = make_chain("hibari")
    chunks = list(chain.say("The sign says 出口 here.", Manner(), no_tick))
    assert chain.take_used() == ("hibari", "espeak")
    assert [chunk.rate_hz for chunk in chunks] == [24_000, 22_050, 24_000]
    assert hear([chunks[0], chunks[2]]).startswith("the sign says")


def test_prepared_text_reaches_the_voice_whole(hibari: HibariVoice) -> None:
    chain = Chain([hibari])
    text = " ".join(CAPTIONS)
    chunks = list(chain.say(text, Manner(), no_tick))
    assert [chunk.sentence for chunk in chunks] == list(range(len(chunks)))
    assert " ".join(chunk.text for chunk in chunks) == text


def test_a_long_sentence_leaves_no_memory_behind():
    """With ONNX Runtime's own ways the memory of the longest sentence ever said is kept: 43 MB."""
    voice = HibariVoice()

    def memory_after(*texts: str) -> float:
        for text in texts * 2:
            list(voice.say(text, Manner(), no_tick))
        give_back()
        return resident_mb()

    short = "Save failed."
    before = memory_after(short)
    assert len(list(voice.say(LONG, Manner(), no_tick))) == 1
    assert memory_after(LONG, short) < before + 15
