"""The voices that are made ready early, around the real chain of voices."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from imagecraft_desktop.engine.early import EarlyVoices
from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.speak.chain import Chain
from imagecraft_desktop.values import Manner, Speech, Tick, no_tick


class Voice:
    """Speaks by itself, as the system's does, or gives a chunk a text; counts what is done to it."""

    label = "Voice"
    rung = 10

    def __init__(self, name: str, plays_itself: bool) -> None:
        self.name = name
        self.plays_itself = plays_itself
        self.calls: list[str] = []

    @classmethod
    def missing(cls) -> str | None:
        return None

    def load(self, tick: object = None) -> None:
        self.calls.append("load")

    def unload(self) -> None:
        self.calls.append("unload")

    def can_say(self, text: str, language: str) -> bool:
        return True

    def say(self, text: str, manner: Manner, tick: object) -> Iterator[Speech]:
        self.calls.append(text)
        if not self.plays_itself:
            yield Speech(np.zeros(240, np.float32), 24_000, sentence=0, text=text)


@pytest.mark.parametrize("plays_itself", [False, True])
def test_whether_the_voice_makes_its_own_sound_is_known_once_it_speaks(plays_itself: bool) -> None:
    voices = EarlyVoices()
    assert not voices.plays_itself
    voices.take(Chain([Voice("one", plays_itself), Voice("two", not plays_itself)], "one"), "en")
    assert len(list(voices.say("Two dogs.", Manner(), lambda: None))) == (not plays_itself)
    assert voices.plays_itself is plays_itself


def test_a_cancel_ends_that_they_are_made_ready() -> None:
    begun, is_cancelled = threading.Event(), threading.Event()

    class Slow(Voice):
        def load(self, tick: Tick = no_tick) -> None:
            begun.set()
            while True:
                tick()
                time.sleep(0.001)

    def tick() -> None:
        if is_cancelled.is_set():
            raise Cancelled

    voices = EarlyVoices()
    voices.take(Chain([Slow("one", False)], "one"), "en", tick=tick)
    assert begun.wait(20)
    assert not voices.wait_loaded(0.05)
    is_cancelled.set()
    assert voices.wait_loaded(20)


def test_unloaded_voices_are_made_ready_again_once() -> None:
    voice = Voice("one", False)
    voices = EarlyVoices()
    voices.unload()
    voices.wake("en")
    assert voice.calls == []
    voices.take(Chain([voice], "one"), "en")
    voices.unload()
    for _ in range(2):
        voices.wake("en")
        assert voices.wait_loaded(20)
    assert voice.calls == ["load", "unload", "load"]
    voices.unload()
    assert list(voices.say("Two dogs.", Manner(), lambda: None))
    assert voice.calls[-2:] == ["load", "Two dogs."]
