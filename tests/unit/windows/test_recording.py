"""Recording a voice: who has the microphone, and what is heard while it listens; the microphone is a stand-in."""

from __future__ import annotations

import threading
import wave
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from imagecraft_desktop import strings
from imagecraft_desktop.errors import NoSoundDevice
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.speak import microphone as real
from imagecraft_desktop.speak.tone import tone_of
from imagecraft_desktop.strings import say
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.windows import recording as module
from imagecraft_desktop.windows.jobs import Jobs
from imagecraft_desktop.windows.recording import Recording
from tests.unit.test_control import Desk

RATE_HZ = 16_000


class FakeMicrophone:
    """Opens when it may; hears what the test makes it hear, unless it rests."""

    def __init__(self, name: str, may_open: threading.Event) -> None:
        self.is_resting = self.is_lost = self.is_open = self.was_stopped = False
        self.is_another = name == "gone"
        self.level = self._loudest = real.QUIETEST
        self.seconds = 0.0
        self._may_open = may_open

    def start(self) -> None:
        assert self._may_open.wait(10)
        self.is_open = True

    def hear(self, level: float, seconds: float = 0.5) -> None:
        assert not self.is_resting
        self._loudest = max(self._loudest, level)
        self.seconds += seconds

    def take_loudest(self) -> float:
        loudest, self._loudest = self._loudest, real.QUIETEST
        return loudest

    def stop(self) -> None:
        self.is_open, self.was_stopped = False, True

    def save(self, file: Path) -> None:
        with wave.open(str(file), "wb") as target:
            target.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
            target.writeframes(bytes(2 * RATE_HZ))


class FakeBar:
    """Notes what screen readers may know."""

    def __init__(self) -> None:
        self.told: list[float] = []

    def show_level(self, decibels: float, *, is_told: bool = False) -> None:
        if is_told:
            self.told.append(decibels)


class Studio:
    """A recording at a desk."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk, self.aside, self.folder = desk, desk.aside, folder
        self.bar = FakeBar()
        self.made: list[FakeMicrophone] = []
        self.may_open = threading.Event()
        self.may_open.set()
        self.shown: list[str] = []
        self.recording = Recording(desk.control, desk.aside, Jobs(self.refuse), self.shown.append)
        self.open()

    def refuse(self, sentence: str) -> None:
        self.desk.control.tell(sentence, is_important=True)

    def open(self) -> None:
        self.recording.open(self.bar, self.folder)  # type: ignore[arg-type]

    def make(self, name: str) -> FakeMicrophone:
        self.made.append(FakeMicrophone(name, self.may_open))
        return self.made[-1]

    def wait_listening(self) -> FakeMicrophone:
        self.desk.until(lambda: self.recording._microphone is not None)
        return self.made[-1]

    def wait_resting(self, is_resting: bool = True) -> None:
        self.desk.until(lambda: self.made[-1].is_resting == is_resting)

    def say_all(self) -> list[str]:
        """Let all that waits be said."""
        while self.desk.engine.current is not None or self.aside.is_playing:
            self.desk.wait_done()
            self.aside.end_sound()
            self.desk.control.hear_aside(SimpleNamespace(kind="finished", spoken=""))
        return self.desk.speaker.said


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    assert made.engine.end(20_000)


@pytest.fixture
def studio(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    for name, short_ms in (("_TONE_MS", 40), ("_LOOK_MS", 10), ("_ECHO_MS", 20)):
        monkeypatch.setattr(module, name, short_ms)
    made = Studio(desk, tmp_path)
    monkeypatch.setattr(real, "Microphone", made.make)
    yield made
    made.recording.close()


# --- who has the microphone ---


def test_nothing_opens_when_it_is_left_during_the_first_tone(studio: Studio) -> None:
    studio.recording.record()
    studio.recording.close()
    studio.open()
    studio.desk.qtbot.wait(100)
    assert studio.made == []


def test_a_microphone_that_opens_after_it_was_left_is_given_back(studio: Studio) -> None:
    studio.may_open.clear()
    studio.recording.record()
    studio.desk.until(lambda: studio.made)
    studio.recording.close()
    studio.open()
    studio.may_open.set()
    studio.desk.until(lambda: studio.made[0].was_stopped)
    studio.recording.record()
    assert studio.aside.signs == ["accepted", "accepted"]  # it begins, and ends nothing unseen
    assert studio.wait_listening() is studio.made[1]


def test_of_two_that_open_at_once_the_newer_one_listens(studio: Studio) -> None:
    studio.may_open.clear()
    studio.recording.record()
    studio.desk.until(lambda: studio.made)
    studio.recording.close()
    studio.open()
    studio.recording.record()
    studio.desk.until(lambda: len(studio.made) == 2)
    studio.may_open.set()
    studio.desk.until(lambda: studio.made[0].was_stopped)
    assert studio.wait_listening() is studio.made[1]
    assert studio.made[1].is_open


@pytest.mark.parametrize("second", ["record", "check"])
@pytest.mark.parametrize("first", ["record", "check"])
def test_pressed_again_before_the_microphone_is_open_it_is_given_up_and_told(
    studio: Studio, first: str, second: str
) -> None:
    studio.may_open.clear()
    getattr(studio.recording, first)()
    studio.desk.until(lambda: studio.made)
    getattr(studio.recording, second)()
    assert studio.shown == [say(strings.CANCELLED)]
    assert studio.aside.signs == ["accepted", "cancelled"]
    studio.may_open.set()
    studio.desk.until(lambda: studio.made[0].was_stopped)
    assert studio.say_all() == [say(strings.CANCELLED)]
    studio.recording.record()
    assert studio.wait_listening() is studio.made[1]


def test_check_during_a_recording_tells_the_level_so_far(studio: Studio) -> None:
    studio.recording.record()
    studio.wait_listening().hear(-10.0)
    studio.recording.check()
    studio.desk.until(lambda: studio.desk.speaker.said == [say(strings.LEVEL_GOOD)])
    assert not studio.made[0].was_stopped


# --- what is heard while it listens ---


def test_what_is_being_said_ends_before_it_listens(studio: Studio) -> None:
    desk = studio.desk
    desk.do(Action.WINDOW)
    desk.wait_done()
    assert desk.player.is_playing
    studio.recording.record()
    assert not desk.player.is_playing
    desk.control.hear_player(SimpleNamespace(kind="finished", spoken=""))  # it was on its way
    assert desk.player.signs == ["accepted"]
    studio.recording.close()
    studio.open()
    desk.pipeline.steps = 300
    desk.do(Action.WINDOW)
    desk.until(lambda: len(desk.requests) == 2)
    studio.recording.record()
    assert desk.engine.current is None


def test_a_reader_is_silenced_before_it_listens(studio: Studio) -> None:
    studio.desk.reader.is_on = True
    studio.desk.describe()
    stops = studio.desk.reader.stops
    studio.recording.record()
    assert studio.desk.reader.stops == stops + 1


def test_messages_wait_for_the_end_and_come_after_the_verdict(studio: Studio) -> None:
    desk = studio.desk
    studio.recording.check()
    microphone = studio.wait_listening()
    for text in ("10 percent.", "20 percent."):
        desk.control.tell(text)
    desk.control.tell("Nothing was sent.", is_important=True)
    desk.qtbot.wait(50)
    assert (desk.speaker.said, desk.notes.texts) == ([], [])
    microphone.hear(-10.0, 0.1)
    studio.recording.check()
    desk.until(lambda: desk.speaker.said)
    verdict = say(strings.MICROPHONE_GOOD)
    assert studio.say_all() == [verdict, "20 percent.", "Nothing was sent."]
    assert desk.notes.texts == [verdict, "20 percent.", "Nothing was sent."]


def test_a_failed_voice_is_shown_when_no_reader_can_read_it_into_the_recording(
    studio: Studio,
) -> None:
    desk = studio.desk
    studio.recording.record()
    studio.wait_listening().hear(-10.0)
    desk.pipeline.warnings = ("hibari failed; espeak speaks.",)
    studio.recording.tell_loudness()
    desk.until(lambda: desk.speaker.said)
    desk.wait_done()
    desk.pipeline.warnings = ()
    desk.control.hear_aside(SimpleNamespace(kind="lost", spoken="The sound device is gone."))
    desk.qtbot.wait(50)
    assert desk.notes.texts == []
    studio.recording.record()
    desk.until(lambda: not desk.control.is_listening)
    assert desk.notes.texts[:2] == ["hibari failed; espeak speaks.", "The sound device is gone."]


def test_a_voice_that_cannot_tell_the_level_is_shown_at_the_end(studio: Studio) -> None:
    desk = studio.desk
    studio.recording.record()
    studio.wait_listening().hear(-10.0)
    desk.pipeline.error = NoSoundDevice()
    studio.recording.tell_loudness()
    desk.until(lambda: desk.pipeline.ended)
    desk.wait_done()
    desk.pipeline.error = None
    assert desk.notes.texts == []
    studio.recording.close()
    assert desk.notes.texts == [NoSoundDevice().spoken]


def test_messages_wait_no_longer_when_it_is_left(studio: Studio) -> None:
    studio.recording.record()
    studio.desk.control.tell("Nothing was sent.", is_important=True)
    studio.recording.close()
    assert studio.say_all() == ["Nothing was sent."]


def test_messages_wait_no_longer_when_it_is_left_while_it_is_kept(studio: Studio) -> None:
    studio.recording.record()
    studio.wait_listening()
    studio.desk.control.tell("Nothing was sent.", is_important=True)
    studio.recording.record()
    studio.recording.close()
    assert studio.say_all() == ["Nothing was sent."]


def test_a_microphone_that_has_gone_is_told_before_the_verdict(studio: Studio) -> None:
    studio.recording.check()
    microphone = studio.wait_listening()
    microphone.hear(-10.0, 0.1)
    microphone.is_lost = True
    studio.desk.until(lambda: studio.desk.speaker.said)
    told = f"{say(strings.MICROPHONE_LOST)} {say(strings.MICROPHONE_GOOD)}"
    assert studio.say_all() == [told]
    assert studio.shown == [told]


def test_messages_wait_no_longer_when_it_cannot_be_kept(studio: Studio) -> None:
    studio.recording.record()
    studio.wait_listening()
    studio.desk.control.tell("Nothing was sent.", is_important=True)
    studio.recording.record()  # one second of silence
    studio.desk.until(lambda: studio.desk.speaker.said)
    assert studio.say_all()[0] == studio.shown[0] != ""
    assert studio.say_all()[1:] == ["Nothing was sent."]


@pytest.mark.parametrize("is_open", [True, False])
def test_a_key_for_something_else_ends_it(studio: Studio, is_open: bool) -> None:
    desk = studio.desk
    studio.recording.check()
    if is_open:
        studio.wait_listening().hear(-10.0, 0.1)
    desk.control.tell("Nothing was sent.", is_important=True)
    assert desk.do(Action.WINDOW)["ok"]
    assert studio.aside.signs[-1] == ("done" if is_open else "cancelled")
    assert all(one.was_stopped for one in studio.made)
    desk.until(lambda: desk.speaker.said == ["ready"])
    desk.wait_done()
    desk.qtbot.wait(100)
    desk.player.end_sound()
    desk.control.hear_player(SimpleNamespace(kind="finished", spoken=""))
    verdict = [say(strings.MICROPHONE_GOOD)] if is_open else []
    assert studio.say_all() == ["ready", *verdict, "Nothing was sent."]
    studio.recording.check()
    assert studio.wait_listening().is_open


def test_it_rests_while_a_sound_is_played_that_was_asked_for(studio: Studio) -> None:
    studio.recording.record()
    studio.wait_listening()
    studio.aside.begin()
    studio.wait_resting()
    studio.aside.end_sound()
    studio.wait_resting(False)


def test_a_check_goes_on_after_a_description_was_paused(studio: Studio) -> None:
    studio.recording.check()
    microphone = studio.wait_listening()
    studio.desk.player.is_paused = True
    microphone.hear(-10.0)
    studio.desk.until(lambda: studio.aside.chunks)
    studio.aside.end_sound()
    studio.wait_resting(False)


def test_screen_readers_know_the_level_of_a_check_only(studio: Studio) -> None:
    studio.recording.record()
    studio.wait_listening().hear(-10.0)
    studio.recording.tell_loudness()
    studio.desk.until(lambda: studio.desk.speaker.said)
    assert studio.bar.told == []
    studio.recording.close()
    studio.open()
    studio.recording.check()
    studio.wait_listening().hear(-20.0)
    studio.desk.until(lambda: studio.bar.told == [-20.0])


# --- how loud it is ---


def test_while_it_rests_the_verdict_is_of_what_was_heard_before(studio: Studio) -> None:
    studio.recording.check()
    studio.wait_listening().hear(-10.0)
    studio.wait_resting()
    studio.recording.tell_loudness()
    studio.desk.until(lambda: studio.desk.speaker.said)
    assert studio.desk.speaker.said == [say(strings.LEVEL_GOOD)]


def test_just_after_the_last_verdict_it_is_not_said_that_nothing_is_heard(studio: Studio) -> None:
    studio.recording.record()
    microphone = studio.wait_listening()
    microphone.hear(-10.0)
    for count in (1, 2):
        studio.recording.tell_loudness()
        studio.desk.until(lambda count=count: len(studio.desk.speaker.said) == count)
        studio.say_all()
        studio.wait_resting(False)
    assert studio.desk.speaker.said == [say(strings.LEVEL_GOOD)] * 2
    microphone.hear(-60.0)
    studio.recording.tell_loudness()
    studio.desk.until(lambda: len(studio.desk.speaker.said) == 3)
    assert studio.desk.speaker.said[2] == say(strings.LEVEL_SILENT)


def test_asked_before_it_has_heard_anything_it_answers_as_soon_as_it_has(studio: Studio) -> None:
    studio.recording.record()
    studio.recording.tell_loudness()
    microphone = studio.wait_listening()
    studio.recording.tell_loudness()
    studio.desk.qtbot.wait(50)
    assert studio.desk.speaker.said == []
    microphone.hear(-10.0)
    studio.desk.until(lambda: studio.desk.speaker.said == [say(strings.LEVEL_GOOD)])


# --- with the voice "silence", because a screen reader speaks ---


def test_without_a_voice_the_verdict_is_a_tone(studio: Studio) -> None:
    studio.desk.control.settings = Settings(voice="silence")
    studio.recording.record()
    studio.wait_listening().hear(-10.0)
    studio.recording.tell_loudness()
    studio.desk.until(lambda: studio.aside.chunks)
    assert (studio.aside.chunks[0].samples == tone_of(-10.0).samples).all()
    assert studio.shown == [say(strings.LEVEL_GOOD)]
    assert studio.made[0].is_resting
    studio.aside.end_sound()
    studio.wait_resting(False)
    assert studio.aside.signs == ["accepted", "accepted"]
    assert studio.desk.speaker.said == []


def test_without_a_voice_another_microphone_is_told_at_the_end(studio: Studio) -> None:
    desk = studio.desk
    desk.control.settings = Settings(voice="silence", microphone="gone")
    desk.reader.is_on = True
    studio.recording.check()
    studio.wait_listening().hear(-10.0, 0.1)
    told = say(strings.MICROPHONE_UNKNOWN, name="gone")
    assert studio.shown == [told]
    desk.qtbot.wait(50)
    assert not studio.made[0].is_resting
    assert desk.reader.texts == []
    studio.recording.check()
    desk.until(lambda: desk.reader.texts)
    studio.say_all()
    desk.until(lambda: desk.reader.texts == [say(strings.MICROPHONE_GOOD), told])
