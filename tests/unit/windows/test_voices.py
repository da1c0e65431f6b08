"""The page of the user's voices: status tells what is made of a recording, and Stop ends that."""

from __future__ import annotations

import time
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


def test_status_tells_that_a_voice_is_made_and_after_stop_there_is_none(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "anna.wav"
    soundfile.write(file, SPEECH, RATE, subtype="FLOAT")
    fit, is_stopped = prompts.fit, []

    def fit_slowly(*rest):
        """As Whisper, which cannot be ended in the middle of a segment."""
        while not is_stopped:
            time.sleep(0.01)
        return fit(*rest)

    monkeypatch.setattr(prompts, "fit", fit_slowly)
    told: list[str] = []
    desk = Desk(qtbot)
    jobs = Jobs(told.append)
    voices = Voices(desk.control, desk.aside, jobs, lambda _: True)
    voices.tells = told.append
    voices._make(VoiceWish("anna", file, WORDS, None, True))
    facts = desk.do(Action.STATUS)
    assert (facts["state"], facts["spoken"]) == ("working", "Making the voice anna.")
    assert desk.do(Action.STOP)["spoken"] == say(strings.CANCELLED)
    is_stopped.append(True)
    desk.until(lambda: told == [say(strings.CANCELLED)])
    assert prompts.names() == []
    assert desk.do(Action.STATUS)["state"] != "working"
    assert desk.engine.end(20_000)
