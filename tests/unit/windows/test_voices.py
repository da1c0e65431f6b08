"""The page of the user's voices: status tells what is made of a recording, and Stop ends that."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile
from pytestqt.qtbot import QtBot

from imagecraft_desktop import strings
from imagecraft_desktop.speak import prompts
from imagecraft_desktop.strings import say
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.values import VoiceWish
from imagecraft_desktop.windows.jobs import Jobs
from imagecraft_desktop.windows.voices import Voices
from tests.unit.speak.test_prompts import RATE, SPEECH, WORDS
from tests.unit.test_control import Desk

MAKING = "Making the voice anna."


class Making:
    """The voice anna is being made, as slowly as with Whisper, which cannot be ended in the middle of a segment."""

    def __init__(self, qtbot: QtBot, file: Path) -> None:
        self.desk = Desk(qtbot)
        self.told: list[str] = []
        self.may_go_on: list[bool] = []
        self.wish = VoiceWish("anna", file, WORDS, None, True)
        self.voices = Voices(self.desk.control, self.desk.aside, Jobs(print), lambda _: True)
        self.voices.tells = self.told.append

    def wait(self) -> None:
        while not self.may_go_on:
            time.sleep(0.01)

    def end(self) -> None:
        self.may_go_on.append(True)
        self.desk.until(lambda: not self.voices._work.sentence)


@pytest.fixture
def making(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Making]:
    file = tmp_path / "anna.wav"
    soundfile.write(file, SPEECH, RATE, subtype="FLOAT")
    made, fit = Making(qtbot, file), prompts.fit

    def fit_slowly(*rest):
        made.wait()
        return fit(*rest)

    monkeypatch.setattr(prompts, "fit", fit_slowly)
    made.voices._make(made.wish)
    yield made
    made.end()
    assert made.desk.engine.end(20_000)


def test_status_tells_that_a_voice_is_made_and_after_stop_there_is_none(making: Making) -> None:
    desk = making.desk
    facts = desk.do(Action.STATUS)
    assert (facts["state"], facts["spoken"]) == ("working", MAKING)
    assert desk.do(Action.STOP)["spoken"] == say(strings.CANCELLED)
    making.end()
    assert making.told == [say(strings.CANCELLED)]
    assert prompts.names() == []
    assert desk.do(Action.STATUS)["state"] != "working"


@pytest.mark.parametrize("button", ["_preview", "_recognise", "_make"])
def test_a_second_button_tells_what_is_being_made_and_does_not_end_it(
    making: Making, qtbot: QtBot, button: str
) -> None:
    getattr(making.voices, button)(making.wish)
    assert making.told == [MAKING]
    with qtbot.waitSignal(making.voices.changed):
        making.end()
    assert making.told[1].startswith("Voice anna is kept")
    assert prompts.names() == ["anna"]


def test_left_while_a_voice_is_made_it_tells_that_there_is_none(making: Making) -> None:
    making.voices._leave(0)
    making.end()
    assert making.told == [say(strings.CANCELLED)]
    assert prompts.names() == []
    making.desk.until(lambda: making.desk.speaker.said == [say(strings.CANCELLED)])


def test_a_recording_that_is_too_slow_is_refused_here_too(making: Making) -> None:
    making.end()
    assert prompts.remove("anna") == "anna"
    making.voices._make(replace(making.wish, transcript="A lamp."))
    making.end()
    assert "Record again at a normal pace" in making.told[-1]
    assert prompts.names() == []
