"""The system's voices through Qt, with the engine that Qt has for tests."""

from __future__ import annotations

import builtins
import threading
import time

import pytest

from imagecraft_desktop.errors import Cancelled, SpeakError, VoiceMissing
from imagecraft_desktop.speak.system import SystemVoice
from imagecraft_desktop.values import Manner

QtTextToSpeech = pytest.importorskip("PySide6.QtTextToSpeech", exc_type=ImportError)
TEXT = "Two dogs play on the grass."


def no_tick() -> None:
    pass


@pytest.fixture
def voice(qapp) -> SystemVoice:
    voice = SystemVoice("mock")
    yield voice
    voice.unload()


def test_speaks_to_the_end_and_yields_nothing(voice: SystemVoice) -> None:
    states = []
    voice.load()
    voice._speech.stateChanged.connect(states.append)
    assert list(voice.say(TEXT, Manner(), no_tick)) == []
    state = QtTextToSpeech.QTextToSpeech.State
    assert states == [state.Speaking, state.Ready]
    assert voice.plays_itself


def test_speaks_in_another_thread(voice: SystemVoice) -> None:
    done: list[object] = []

    def work() -> None:
        other = SystemVoice("mock")
        done.append(list(other.say(TEXT, Manner(), no_tick)))
        other.unload()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    assert done == [[]]


def test_stops_at_once_when_cancelled(voice: SystemVoice) -> None:
    voice.load()
    begun = time.perf_counter()

    def tick() -> None:
        if time.perf_counter() - begun > 0.2:
            raise Cancelled

    with pytest.raises(Cancelled):
        list(voice.say(" ".join([TEXT] * 10), Manner(), tick))
    assert time.perf_counter() - begun < 0.5
    assert voice._speech.state() == QtTextToSpeech.QTextToSpeech.State.Ready
    assert list(voice.say("Again.", Manner(), no_tick)) == []


def test_sets_locale_and_rate_each_time(voice: SystemVoice) -> None:
    voice.load()
    available = [locale.bcp47Name() for locale in voice._speech.availableLocales()]
    assert any(name.startswith("en") for name in available)
    list(voice.say("Hello.", Manner(rate=4.0), no_tick))
    assert voice._speech.locale().bcp47Name().startswith("en")
    assert voice._speech.rate() == pytest.approx(1.0)
    list(voice.say("Hello.", Manner(rate=0.5), no_tick))
    assert voice._speech.rate() == pytest.approx(-0.5)


def test_knows_which_languages_it_has(voice: SystemVoice) -> None:
    assert voice.can_say("", "en-GB")
    assert not voice.can_say("", "xx")
    with pytest.raises(SpeakError):
        list(voice.say("Hello.", Manner(language="xx"), no_tick))


def test_an_engine_that_is_not_there_is_missing(qapp, qtlog, monkeypatch) -> None:
    monkeypatch.setattr("imagecraft_desktop.speak.system._START_MS", 100)
    voice = SystemVoice("no such engine")
    with qtlog.disabled(), pytest.raises(VoiceMissing):
        voice.load()


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
