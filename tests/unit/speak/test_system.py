"""The system's voices through Qt, with the engine that Qt has for tests."""

from __future__ import annotations

import builtins
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from imagecraft_desktop.errors import (
    Cancelled,
    NoSoundDevice,
    SoundLibraryMissing,
    SpeakError,
    VoiceMissing,
)
from imagecraft_desktop.speak import system
from imagecraft_desktop.speak.system import SystemVoice, _locale
from imagecraft_desktop.values import Manner

QtTextToSpeech = pytest.importorskip("PySide6.QtTextToSpeech", exc_type=ImportError)
TEXT = "Two dogs play on the grass."


def no_tick() -> None:
    pass


@pytest.fixture
def voice(qapp) -> SystemVoice:
    return SystemVoice("mock")


def test_speaks_to_the_end_and_yields_nothing(voice: SystemVoice) -> None:
    voice.load()
    ticks: list[None] = []
    assert list(voice.say(TEXT, Manner(), lambda: ticks.append(None))) == []
    assert len(ticks) > 2, "asked again and again, as the mock takes 0.1 s for a word"
    assert voice.plays_itself


def test_speaks_in_another_thread(voice: SystemVoice) -> None:
    done: list[object] = []

    def work() -> None:
        other = SystemVoice("mock")
        done.append(list(other.say(TEXT, Manner(), no_tick)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    assert done == [[]]


def test_stops_at_once_when_cancelled(voice: SystemVoice) -> None:
    """Of a text that takes ten minutes; were it not ended, the next one would wait for it."""
    voice.load()
    ticks = 0

    def tick() -> None:
        nonlocal ticks
        ticks += 1
        if ticks == 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        list(voice.say(" ".join([TEXT] * 1000), Manner(), tick))
    assert ticks == 5
    assert list(voice.say("Again.", Manner(), no_tick)) == []


class Engine:
    """Qt's object, with the locales of a system that has several."""

    def availableLocales(self):
        return [QLocale("bpy_IN"), QLocale("en_GB"), QLocale("es_MX"), QLocale("es_ES")]


@pytest.mark.parametrize(
    ("language", "locale"),
    [("en", "en_GB"), ("en-GB", "en_GB"), ("es", "es_ES"), ("es-MX", "es_MX"), ("es-AR", "es_ES")],
)
def test_chooses_the_nearest_locale(language: str, locale: str) -> None:
    assert _locale(Engine(), language).name() == locale


@pytest.mark.parametrize("rate", [0.5, 4.0])
def test_speaks_at_every_rate(voice: SystemVoice, rate: float) -> None:
    assert list(voice.say("Hello.", Manner(rate=rate), no_tick)) == []


@pytest.mark.parametrize(("semitones", "pitch"), [(0.0, 0.0), (6.0, 0.5), (-12.0, -1.0)])
def test_speaks_at_the_pitch_that_is_wanted(
    voice: SystemVoice, monkeypatch: pytest.MonkeyPatch, semitones: float, pitch: float
) -> None:
    asked: list[tuple[object, ...]] = []
    real = system._ask

    def ask(speech: object, slot: str, *words: object) -> None:
        real(speech, slot, *words)
        if slot == "setPitch":
            asked.append((*words, speech.pitch()))

    monkeypatch.setattr(system, "_ask", ask)
    assert list(voice.say("Hello.", Manner(pitch=semitones), no_tick)) == []
    assert asked == [(pitch, pitch)]


def test_knows_which_languages_it_has(voice: SystemVoice) -> None:
    assert voice.can_say("", "en-GB")
    assert not voice.can_say("", "xx")
    with pytest.raises(SpeakError):
        list(voice.say("Hello.", Manner(language="xx"), no_tick))


def test_an_engine_that_is_not_there_is_missing(qapp, qtlog) -> None:
    voice = SystemVoice("no such engine")
    with qtlog.disabled(), pytest.raises(VoiceMissing):
        voice.load()


def test_an_engine_that_hangs_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()

    class Hangs(system._EngineThread):
        def run(self) -> None:
            answers.wait()

    monkeypatch.setattr(system, "_EngineThread", Hangs)
    monkeypatch.setattr(system, "_START_S", 0.1)
    assert not SystemVoice("mock").can_say("", "en")
    with pytest.raises(VoiceMissing):
        SystemVoice("mock").load()
    answers.set()


_LOADS = """
from imagecraft_desktop.errors import VoiceMissing
from imagecraft_desktop.speak import system
system._START_S = 0.5
system.need_application()
try:
    system.SystemVoice("speechd").load()
except VoiceMissing as error:
    print(error.detail)
"""


@pytest.mark.skipif(
    "speechd" not in QtTextToSpeech.QTextToSpeech.availableEngines(), reason="only on Linux"
)
def test_a_speech_server_that_hangs_does_not_hold_up_the_program(tmp_path: Path) -> None:
    """It takes the connection and answers nothing; the program goes on, and ends."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "mute"))
        server.listen()
        env = os.environ | {"SPEECHD_ADDRESS": f"unix_socket:{tmp_path / 'mute'}"}
        command = [sys.executable, "-c", _LOADS]
        done = subprocess.run(
            command, env=env, capture_output=True, text=True, timeout=30, check=False
        )
    assert (done.returncode, done.stdout) == (0, "the engine does not answer\n"), done.stderr


def test_a_server_that_hangs_while_it_speaks_is_a_failure(
    voice: SystemVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = threading.Event()
    for limit in ("_SILENT_S", "_LETTER_S", "_ANSWER_S"):
        monkeypatch.setattr(system, limit, 0.0)
    monkeypatch.setattr(system, "_speak", lambda *_: answers.wait() and "")
    with pytest.raises(SpeakError):
        list(voice.say(TEXT, Manner(), no_tick))
    monkeypatch.undo()
    assert list(voice.say("Again.", Manner(), no_tick)) == []
    answers.set()


def test_loading_is_cancelled_at_once(qapp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system._EngineThread, "run", lambda _: None)

    def tick() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        SystemVoice("mock").load(tick)


def test_without_a_sound_output_it_does_not_speak(qapp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "devices", list)
    with pytest.raises(NoSoundDevice):
        SystemVoice().load()
    assert not SystemVoice().can_say("", "en")


def test_where_no_output_can_be_looked_for_it_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise SoundLibraryMissing(package="libportaudio2")

    monkeypatch.setattr(system, "devices", fail)
    assert system.is_audible()


def test_an_engine_that_hangs_is_not_asked_again_at_once(
    qapp, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []
    monkeypatch.setattr(system._EngineThread, "run", lambda thread: tries.append(thread.name))
    monkeypatch.setattr(system, "_START_S", 0.1)
    voice = SystemVoice("mock")
    assert not voice.can_say("", "en")
    assert not voice.can_say("", "en")
    assert len(tries) == 1
    monkeypatch.setattr(system, "_REST_S", -1.0)
    later = SystemVoice("mock")
    assert not later.can_say("", "en")
    assert not later.can_say("", "en")
    assert len(tries) == 3, "a server may have been started anew"


def test_an_engine_that_never_ends_is_a_failure(voice, monkeypatch) -> None:
    monkeypatch.setattr(system, "_SILENT_S", 0.2)
    monkeypatch.setattr(system, "_LETTER_S", 0.0)
    with pytest.raises(SpeakError):
        list(voice.say(" ".join([TEXT] * 10), Manner(), no_tick))
    monkeypatch.undo()
    assert list(voice.say("Again.", Manner(), no_tick)) == []


def test_without_the_libraries_it_says_what_to_install(monkeypatch) -> None:
    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name.startswith("PySide6.QtTextToSpeech"):
            raise ImportError("libpulse.so.0: cannot open shared object file")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert "libspeechd2" in SystemVoice.missing()
    with pytest.raises(VoiceMissing) as caught:
        SystemVoice().load()
    assert "libpulse0" in caught.value.spoken
    assert not SystemVoice().can_say("", "en")
