"""What the running program does on each trigger; the sound, the voice and the screen are stand-ins."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imagecraft_desktop import control as module
from imagecraft_desktop import strings
from imagecraft_desktop.cli import selftest
from imagecraft_desktop.control import Control
from imagecraft_desktop.engine.worker import Engine
from imagecraft_desktop.errors import NothingToCapture, UnreadableImage
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.speak.player import PlayerEvent, PlayerEventKind
from imagecraft_desktop.speak.reader.route import Route
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import child
from imagecraft_desktop.trigger.actions import DESCRIBING, LETTERS, Action
from imagecraft_desktop.ui.announce import Announcer
from imagecraft_desktop.ui.state import State
from imagecraft_desktop.values import (
    Capture,
    Certainty,
    Description,
    Detail,
    Frame,
    Kind,
    Origin,
    Outcome,
    Picture,
    Progress,
    Request,
    Stage,
    Statement,
    Wish,
)
from tests.fakes import FakeNotifier, FakePipeline, FakePlayer, FakeReader, FakeSpeaker

LAYER, WINDOW = "Control Shift F11", "Control Shift F12"


class Desk:
    """A control with stand-ins around it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.speaker = FakeSpeaker()
        self.player, self.aside = FakePlayer(), FakePlayer()
        self.notes = FakeNotifier()
        self.pipeline = FakePipeline(None, steps=3)
        self.reader = FakeReader(is_on=False)
        self.pipeline.route = self.route = Route("auto", [self.reader])
        self.requests: list[Request] = []
        self.taken: list[tuple[Action, dict[str, str]]] = []
        self.cannot_take: Exception | None = None
        self.reloaded: tuple[Settings, list[str]] = (Settings(), [])
        self.keys = (LAYER, WINDOW)
        self.answering: set[str] = set()
        self.awaits = False
        self.engine = Engine(lambda: self.speaker, self._make, route=self.route)
        self.control = Control(
            engine=self.engine,
            player=self.player,
            aside=self.aside,
            announcer=Announcer(self.notes),
            take=self._take,
            reload=lambda: self.reloaded,
            keys=lambda: self.keys,
            settings=Settings(),
            can_answer=lambda captioner: captioner in self.answering,
            route=self.route,
            awaits=lambda: self.awaits,
        )

    def _make(self, speaker: Any) -> Any:
        self.pipeline.speaker = speaker

        def run(request: Request, *rest: Any) -> Any:
            self.requests.append(request)
            return self.pipeline.run(request, *rest)

        return SimpleNamespace(run=run, unload=self.pipeline.unload)

    def _take(self, action: Action, words: Mapping[str, str]) -> Capture:
        self.taken.append((action, dict(words)))
        if self.cannot_take is not None:
            raise self.cannot_take
        return Capture(Origin.WINDOW, "Accounts", Frame(1, 1, bytes(4)))

    def do(self, action: Action, **words: str) -> dict[str, Any]:
        return self.control.do(action, words)

    def until(self, true: Callable[[], Any]) -> None:
        self.qtbot.waitUntil(lambda: bool(true()), timeout=20_000)

    def wait_done(self) -> None:
        self.until(lambda: self.engine.current is None)

    def wait_jobs(self) -> None:
        """Let the jobs of windows end, and what follows them, before what they show goes."""
        for _ in ("what was begun", "what its end begins, such as to look anew"):
            self.until(lambda: not any(one.name == "window job" for one in threading.enumerate()))
            QApplication.processEvents()

    def describe(self) -> dict[str, Any]:
        """Describe the window and let the sound come to its end."""
        reply = self.do(Action.WINDOW)
        self.wait_done()
        self.player.end_sound()
        return reply


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    assert made.engine.end(20_000)


def test_while_the_desktop_is_waited_for_the_status_says_so_and_stop_cancels(desk: Desk) -> None:
    desk.awaits = True
    facts = desk.do(Action.STATUS)
    assert (facts["state"], facts["spoken"]) == ("waiting", say(strings.SCREEN_WAITS))
    assert desk.player.signs == ["working"]
    desk.until(lambda: desk.speaker.said == [say(strings.SCREEN_WAITS)])
    assert desk.do(Action.STOP)["spoken"] == say(strings.CANCELLED)
    desk.awaits = False
    desk.until(lambda: desk.speaker.said[1:] == [say(strings.CANCELLED)])


def test_a_description_is_signed_taken_spoken_and_shown(desk: Desk) -> None:
    reply = desk.do(Action.WINDOW)
    assert desk.player.signs == ["accepted"]
    assert desk.taken == [(Action.WINDOW, {})]
    assert reply["ok"]
    assert reply["spoken"] == "Describing Accounts."
    desk.wait_done()
    assert desk.speaker.said == ["ready"]
    assert desk.notes.texts == ["ready"]
    facts = desk.do(Action.STATUS)
    assert facts["last"]["description"] == "ready"
    assert facts["last"]["source"] == "Accounts"
    assert facts["rss_mb"] > 1
    assert facts["children_mb"] == 0
    assert facts["request"] == reply["request"]


def test_the_memory_of_a_part_that_runs_apart_is_told_beside_the_program_s(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as the tokenizer of a large vocabulary."""
    monkeypatch.setattr(child, "memory_mb", lambda: 312.34)
    facts = desk.do(Action.STATUS)
    assert facts["children_mb"] == 312.3
    said = selftest._running(facts)
    assert said == say(strings.TEST_RUNNING, megabytes=round(facts["rss_mb"] + 312.3))


@pytest.mark.parametrize("action", sorted(DESCRIBING - {Action.MORE, Action.FILE}))
def test_every_describing_action_takes_its_picture(desk: Desk, action: Action) -> None:
    desk.do(action)
    desk.wait_done()
    assert desk.taken == [(action, {})]
    assert desk.requests[0].wish.text_only == (action is Action.TEXT)
    assert desk.requests[0].wish.detail is Detail.NORMAL


def test_a_file_is_taken_by_its_path_and_asked_for_without_one(desk: Desk) -> None:
    desk.do(Action.FILE, path="/tmp/dog.jpg")
    assert desk.taken == [(Action.FILE, {"path": "/tmp/dog.jpg"})]
    with desk.qtbot.waitSignal(desk.control.file_wanted):
        desk.do(Action.FILE)
    assert len(desk.taken) == 1


def test_a_second_and_third_press_tell_the_status_and_start_nothing(desk: Desk) -> None:
    desk.pipeline.steps = 60
    desk.do(Action.WINDOW)
    desk.until(lambda: desk.requests)
    for _ in range(2):
        reply = desk.do(Action.WINDOW)
        assert reply["state"] == "describing"
        assert reply["spoken"].startswith("Still describing Accounts")
    desk.wait_done()
    assert len(desk.taken) == len(desk.requests) == 1
    assert desk.player.signs == ["accepted", "working", "working"]
    assert any(said.startswith("Still describing Accounts") for said in desk.speaker.said)
    assert desk.speaker.said[-1] == "ready"


def test_another_trigger_wins(desk: Desk) -> None:
    desk.pipeline.steps = 300
    desk.do(Action.WINDOW)
    desk.until(lambda: desk.requests)
    desk.pipeline.steps = 2
    desk.do(Action.SCREEN)
    desk.wait_done()
    assert [action for action, _ in desk.taken] == [Action.WINDOW, Action.SCREEN]
    assert desk.notes.texts == ["ready"]


def test_the_same_key_while_it_only_speaks_describes_anew(desk: Desk) -> None:
    desk.do(Action.WINDOW)
    desk.wait_done()
    assert desk.player.is_playing
    desk.do(Action.WINDOW)
    assert len(desk.taken) == 2


def test_stop_ends_sound_and_work_and_says_so(desk: Desk) -> None:
    desk.pipeline.steps = 300
    desk.do(Action.WINDOW)
    desk.until(lambda: desk.requests)
    desk.pipeline.steps = 2  # for the message
    reply = desk.do(Action.STOP)
    assert reply["spoken"] == "Cancelled."
    assert not desk.player.is_playing
    assert desk.player.signs[-1] == "cancelled"
    desk.until(lambda: desk.speaker.said == ["Cancelled."])
    desk.wait_done()
    assert desk.notes.texts == ["Cancelled."]
    assert desk.do(Action.STATUS)["last"] is None


def test_stop_with_nothing_to_stop(desk: Desk) -> None:
    assert desk.do(Action.STOP)["spoken"] == say(strings.APP_NOTHING_RUNS)
    assert desk.speaker.said == []


@pytest.mark.parametrize(
    ("error", "sign"),
    [
        (NothingToCapture(name="clipboard"), "nothing"),
        (UnreadableImage(name="a.png", reason="it is cut off"), "error"),
    ],
)
def test_what_cannot_be_taken_is_told(desk: Desk, error: Any, sign: str) -> None:
    desk.cannot_take = error
    reply = desk.do(Action.CLIPBOARD)
    assert (reply["ok"], reply["spoken"], reply["exit_code"]) == (False, error.spoken, 3)
    assert desk.player.signs == ["accepted", sign]
    desk.wait_done()
    assert desk.speaker.said == desk.notes.texts == [error.spoken]


def test_a_defect_in_an_action_is_told(desk: Desk) -> None:
    desk.cannot_take = ZeroDivisionError()
    reply = desk.do(Action.WINDOW)
    assert (reply["ok"], reply["exit_code"]) == (False, 1)
    desk.wait_done()
    assert desk.speaker.said == [say(strings.ERR_UNEXPECTED)]


def test_a_failed_request_is_shown_and_spoken_after_what_was_begun(desk: Desk) -> None:
    desk.pipeline.error = UnreadableImage(name="a.png", reason="it is cut off")
    desk.do(Action.WINDOW)
    desk.until(lambda: desk.notes.texts)
    assert desk.player.signs == ["accepted", "error"]
    desk.pipeline.error = None
    desk.player.end_sound()
    desk.control.hear_player(SimpleNamespace(kind="finished", spoken=""))
    sentence = "a.png cannot be read as a picture: it is cut off."
    desk.until(lambda: desk.speaker.said == [sentence])


def test_a_message_that_fails_is_not_said_for_ever(desk: Desk) -> None:
    desk.pipeline.error = UnreadableImage(name="x", reason="y")
    desk.do(Action.HELP)
    desk.wait_done()
    desk.qtbot.wait(50)
    assert len(desk.requests) == 1
    assert len(desk.notes.texts) == 2


def test_without_sound_the_text_is_shown_though_notifications_are_off(desk: Desk) -> None:
    from imagecraft_desktop.values import Failure, Outcome

    desk.control._announcer.is_wanted = False
    desk.describe()
    assert desk.notes.texts == []
    failure = Failure(1, say(strings.ERR_NO_SOUND_DEVICE), "none", 5)
    outcome = Outcome(1, None, "Two dogs.", speech_failure=failure)
    desk.control._finish(outcome)
    assert desk.notes.texts == ["Two dogs."]
    assert desk.player.signs[-1] == "error"


def test_more_describes_the_last_picture_in_detail(desk: Desk) -> None:
    assert desk.do(Action.MORE)["spoken"] == say(strings.APP_NOTHING_YET)
    assert desk.taken == []
    desk.wait_done()
    desk.describe()
    desk.do(Action.MORE)
    desk.wait_done()
    assert len(desk.taken) == 1
    first, again = (r for r in desk.requests if r.capture is not None)
    assert again.capture is first.capture
    assert again.wish.detail is Detail.DETAILED


def test_repeat_plays_the_sound_again_and_shows_the_text(desk: Desk) -> None:
    desk.describe()
    reply = desk.do(Action.REPEAT)
    assert reply["spoken"] == "ready"
    assert desk.player.calls[-1] == "repeat"
    assert desk.notes.texts == ["ready", "ready"]
    assert len(desk.requests) == 1


def test_repeat_speaks_anew_what_the_player_no_longer_has(desk: Desk) -> None:
    desk.describe()
    desk.player.can_repeat = False
    desk.do(Action.REPEAT)
    desk.wait_done()
    assert desk.speaker.said == ["ready", "ready"]
    assert desk.requests[1].capture is None


def test_repeat_with_nothing_to_repeat(desk: Desk) -> None:
    assert desk.do(Action.REPEAT)["exit_code"] == 3
    desk.wait_done()
    assert desk.speaker.said == [say(strings.APP_NOTHING_YET)]


def test_pause_skip_and_back_reach_who_speaks(desk: Desk) -> None:
    assert desk.do(Action.PAUSE)["spoken"] == say(strings.APP_NOTHING_RUNS)
    desk.wait_done()
    desk.aside.end_sound()
    desk.do(Action.WINDOW)
    desk.wait_done()
    assert desk.do(Action.PAUSE)["spoken"] == say(strings.APP_PAUSED)
    assert desk.do(Action.STATUS)["state"] == "paused"
    desk.wait_done()
    desk.aside.end_sound()
    assert desk.do(Action.PAUSE)["spoken"] == say(strings.APP_GOING_ON)
    desk.do(Action.SKIP)
    desk.do(Action.BACK)
    assert desk.player.calls[-2:] == ["skip", "back"]
    desk.do(Action.HELP)
    desk.wait_done()
    desk.do(Action.SKIP)
    assert desk.aside.calls[-1] == "skip"


@pytest.mark.parametrize("action", [Action.PAUSE, Action.SKIP, Action.BACK])
def test_a_voice_that_plays_itself_is_not_said_to_be_paused(desk: Desk, action: Action) -> None:
    desk.speaker.plays_itself = True
    desk.describe()
    desk.pipeline.steps = 300  # as long as the system's voice speaks
    desk.do(Action.WINDOW)
    desk.until(lambda: len(desk.requests) == 2)
    reply = desk.do(action)
    assert (reply["ok"], reply["spoken"]) == (False, say(strings.APP_ONLY_STOP))
    assert desk.notes.texts[-1] == say(strings.APP_ONLY_STOP)
    assert not {"toggle_pause", "skip", "back"} & set(desk.player.calls)
    assert desk.do(Action.STOP)["spoken"] == say(strings.CANCELLED)
    assert desk.do(Action.STATUS)["state"] != "paused"


def test_a_message_waits_for_a_description_on_its_way_to_a_slow_device(desk: Desk) -> None:
    desk.do(Action.WINDOW)
    desk.wait_done()
    desk.player.first_sound_at = None  # all was fed, and the sound server has not begun
    assert desk.player.ahead_s > 0
    for is_important in (False, True):
        desk.control.tell("Something else.", is_important)
        assert desk.engine.current is None
    assert desk.do(Action.STATUS)["state"] == "speaking"
    desk.player.end_sound()
    desk.control.hear_player(SimpleNamespace(kind="finished", spoken=""))
    desk.until(lambda: desk.speaker.said == ["ready", "Something else."])


def test_what_a_message_tells_of_the_voice_is_shown(desk: Desk) -> None:
    desk.pipeline.warnings = ("The voice x cannot be used.",)
    desk.control.tell("Something else.")
    desk.wait_done()
    assert desk.notes.texts == ["Something else.", "The voice x cannot be used.\nSomething else."]


def test_a_lost_sound_device_of_a_message_is_shown(desk: Desk) -> None:
    desk.control._announcer.is_wanted = False
    desk.control.hear_aside(SimpleNamespace(kind="no_device", spoken="No sound device."))
    assert desk.notes.texts == ["No sound device."]


def test_a_message_cut_off_by_a_lost_device_is_shown(desk: Desk) -> None:
    desk.control._announcer.is_wanted = False
    desk.control.tell("Something else.")
    desk.wait_done()
    desk.control.hear_aside(SimpleNamespace(kind="no_device", spoken="No sound device."))
    assert desk.notes.texts == ["No sound device.", "Something else."]


def test_a_message_gives_way_when_the_description_speaks(desk: Desk) -> None:
    desk.pipeline.steps = 300
    desk.do(Action.WINDOW)
    desk.until(lambda: desk.requests)
    desk.do(Action.STATUS)
    desk.until(lambda: desk.aside.is_playing)
    statement = Statement("Two dogs.", Certainty.CERTAIN, "ocr")
    desk.control._follow(Progress(desk.requests[0].id, Stage.SPEAKING, statement))
    assert not desk.aside.is_playing
    desk.do(Action.STOP)


@pytest.mark.parametrize("action", [Action.REPEAT, Action.BACK, Action.PAUSE])
def test_a_message_about_to_be_said_gives_way(desk: Desk, action: Action) -> None:
    desk.describe()
    if action is Action.PAUSE:
        desk.player.is_paused = True
    desk.pipeline.steps = 300
    desk.do(Action.ASK)
    desk.until(lambda: len(desk.requests) == 2)
    desk.do(action)
    desk.until(lambda: desk.pipeline.ended == [r.id for r in desk.requests])
    assert desk.aside.chunks == []
    assert not desk.aside.is_playing


def test_status_does_not_talk_over_a_description(desk: Desk) -> None:
    desk.do(Action.WINDOW)
    desk.wait_done()
    assert desk.do(Action.STATUS)["state"] == "speaking"
    desk.qtbot.wait(50)
    assert desk.speaker.said == ["ready"]


def test_important_messages_wait_for_each_other(desk: Desk) -> None:
    for text in ("One.", "Two.", "Three."):
        desk.control.tell(text, is_important=True)
    assert desk.notes.texts == ["One.", "Two.", "Three."]
    for count in (1, 2, 3):
        desk.until(lambda count=count: len(desk.speaker.said) == count)
        desk.wait_done()
        desk.aside.end_sound()
        desk.control.hear_aside(SimpleNamespace(kind="finished", spoken=""))
    assert desk.speaker.said == ["One.", "Two.", "Three."]


def test_help_names_the_keys(desk: Desk) -> None:
    assert LAYER in desk.do(Action.HELP)["spoken"]
    desk.keys = ("", "")
    assert "imagecraft-desktop trigger window" in desk.do(Action.HELP)["spoken"]


# --- asking ---


def test_without_a_picture_there_is_nothing_to_ask_about(desk: Desk) -> None:
    desk.answering = {"embedded"}
    reply = desk.do(Action.ASK, question="How many?")
    assert (reply["ok"], reply["spoken"]) == (False, "Nothing has been described yet.")


def test_a_captioner_that_answers_nothing_is_not_asked(desk: Desk) -> None:
    desk.describe()
    with desk.qtbot.assertNotEmitted(desk.control.question_wanted):
        reply = desk.do(Action.ASK)
    assert (reply["ok"], reply["exit_code"]) == (False, 2)
    assert reply["spoken"].startswith("This captioner does not answer questions: embedded. ")
    assert desk.notes.texts[-1] == reply["spoken"]


def test_a_question_is_put_to_the_last_picture(desk: Desk) -> None:
    desk.answering = {"embedded"}
    desk.describe()
    assert desk.do(Action.ASK, question=" How\nmany? ")["ok"]
    desk.wait_done()
    first, second = desk.requests
    assert second.capture is first.capture
    assert second.wish.question == "How many?"
    assert desk.taken == [(Action.WINDOW, {})]
    desk.player.end_sound()
    desk.do(Action.ASK, question="And why?")
    desk.wait_done()
    assert desk.requests[2].wish.question == "And why?"


def test_the_user_is_asked_for_a_question_and_nothing_else_happens(desk: Desk) -> None:
    desk.answering = {"embedded"}
    desk.describe()
    with desk.qtbot.waitSignal(desk.control.question_wanted):
        assert desk.do(Action.ASK)["ok"]
    assert len(desk.requests) == 1


def test_the_same_question_twice_tells_the_status(desk: Desk) -> None:
    desk.answering = {"embedded"}
    desk.describe()
    desk.pipeline.steps = 60
    desk.do(Action.ASK, question="Why?")
    desk.until(lambda: len(desk.requests) == 2)
    assert desk.do(Action.ASK, question="Why?")["state"] == "describing"
    assert len(desk.requests) == 2
    desk.do(Action.STOP)


# --- what other parts of the program are told ---


def test_how_each_request_ended_is_told_once(desk: Desk) -> None:
    told: list[tuple[int, str]] = []
    desk.control.ended.connect(lambda r, how: told.append((r.id, type(how).__name__)))
    desk.describe()
    desk.pipeline.steps = 300
    desk.do(Action.SCREEN)
    desk.do(Action.CLIPBOARD)  # the newest wins
    desk.until(lambda: len(desk.requests) == 3 or len(desk.pipeline.begun) > 1)
    desk.do(Action.STOP)
    desk.pipeline.steps, desk.pipeline.error = 1, UnreadableImage(name="x", reason="y")
    desk.do(Action.SCREEN)
    desk.wait_done()
    desk.until(lambda: len(told) == 4)
    assert [how for _, how in told] == ["Outcome", "NoneType", "NoneType", "Failure"]
    assert [number for number, _ in told] == sorted({number for number, _ in told})


def test_what_another_part_took_is_described_with_its_opening(desk: Desk) -> None:
    capture = Capture(Origin.FILE, "/tmp/dog.jpg", Frame(1, 1, bytes(4)))
    desk.control.describe(capture, Detail.BRIEF, "2 of 3.")
    desk.wait_done()
    (request,) = desk.requests
    assert (request.capture, request.opening) == (capture, "2 of 3.")
    assert request.wish.detail is Detail.BRIEF


def test_nothing_is_left_in_memory_when_all_is_forgotten(desk: Desk) -> None:
    desk.describe()
    with desk.qtbot.waitSignal(desk.control.forgotten):
        desk.control.forget()
    assert desk.do(Action.STATUS)["last"] is None
    for action in (Action.REPEAT, Action.MORE):
        assert desk.do(action)["spoken"] == "Nothing has been described yet."


def test_to_repeat_is_to_say_the_picture_that_was_taken_up(desk: Desk) -> None:
    desk.do(Action.TEXT)
    desk.wait_done()
    capture = Capture(Origin.FILE, "/p/wall.png", b"")
    picture = Picture(np.zeros((2, 3, 3), np.uint8), Origin.FILE, "/p/wall.png")
    found = Description(Kind.PHOTO, (Statement("A wall.", Certainty.CERTAIN, "frame"),))
    desk.control.take_up(capture, picture, Outcome(7, found, "A wall."))
    desk.wait_done()
    assert desk.do(Action.REPEAT)["spoken"] == "A wall."
    desk.wait_done()
    assert desk.speaker.said[1:] == ["A wall.", "A wall."]
    last = desk.do(Action.STATUS)["last"]
    assert (last["source"], last["description"]) == ("/p/wall.png", "A wall.")
    desk.do(Action.MORE)
    desk.wait_done()
    assert desk.requests[-1].capture is capture
    assert not desk.requests[-1].wish.text_only, "that was wanted of another picture"


@pytest.mark.parametrize("act", ["stop", "stop_describing", "forget"])
def test_only_stop_ends_what_other_parts_work_at(desk: Desk, act: str) -> None:
    stopped: list[int] = []
    desk.control.stopped.connect(lambda: stopped.append(1))
    desk.control.add_work(lambda: "A model is downloaded.")
    desk.pipeline.steps = 300
    desk.do(Action.WINDOW)
    desk.until(lambda: desk.pipeline.begun)
    if act == "stop":
        desk.do(Action.STOP)
    else:
        getattr(desk.control, act)()
    assert bool(stopped) == (act == "stop")
    desk.until(lambda: desk.speaker.said == [say(strings.CANCELLED)])
    desk.until(lambda: len(desk.pipeline.ended) > 1)
    assert not desk.player.is_playing


def test_forgetting_says_no_cancelled_when_only_a_download_goes_on(desk: Desk) -> None:
    desk.control.add_work(lambda: "A model is downloaded.")
    desk.control.forget()
    desk.wait_done()
    assert desk.speaker.said == []


def test_no_question_is_left_when_all_is_forgotten(desk: Desk) -> None:
    desk.answering.add(desk.control.settings.captioner)
    desk.describe()
    desk.do(Action.ASK, question="Who is that?")
    desk.wait_done()
    desk.control.forget()
    assert desk.control._wish == Wish()
    assert desk.control._asked is None


def test_help_tells_every_letter_of_the_layer(desk: Desk) -> None:
    spoken = desk.do(Action.HELP)["spoken"]
    for key, action in LETTERS.items():
        if key.isdecimal():
            assert "1 to 9" in spoken
        elif action is not Action.HELP:  # said by whoever hears this
            assert re.search(rf"\b{key.capitalize()}\b", spoken)


def test_a_letter_that_means_nothing_is_told(desk: Desk) -> None:
    desk.control.close_layer(False)
    assert desk.notes.texts == []
    desk.control.close_layer(True)
    assert LAYER in desk.notes.texts[0]


def test_working_is_signed_after_three_seconds_and_then_every_five(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.pipeline.steps = 100_000
    desk.do(Action.WINDOW)
    heard: list[int] = []
    for look in range(1, 4 * 14):
        desk.control._sign_working()
        if desk.player.signs.count("working") > len(heard):
            heard.append(look * module._LOOK_MS)
    assert heard == [3000, 8000, 13000]
    desk.do(Action.STOP)


def test_no_working_sign_while_it_speaks_or_when_it_is_off(desk: Desk) -> None:
    desk.player.is_playing, desk.player.first_sound_at, desk.player.ahead_s = True, 1.0, 2.0
    for _ in range(40):
        desk.control._sign_working()
    desk.player.ahead_s = 0.0
    desk.control.settings = Settings(working_tick=False)
    for _ in range(40):
        desk.control._sign_working()
    assert desk.player.signs == []


def test_new_settings_are_taken_over_and_problems_told(desk: Desk) -> None:
    desk.reloaded = (Settings(earcons=False), ["Something is wrong."])
    reply = desk.do(Action.RELOAD)
    assert (reply["ok"], reply["spoken"]) == (False, "Something is wrong.")
    desk.reloaded = (Settings(earcons=False, speech_rate=2.0, speech_pitch=-3.0), [])
    assert desk.do(Action.RELOAD)["ok"]
    desk.describe()
    assert desk.player.signs == []
    manner = desk.requests[-1].manner
    assert (manner.rate, manner.pitch) == (2.0, -3.0)


def test_quit_answers_first(desk: Desk) -> None:
    with desk.qtbot.waitSignal(desk.control.quit_wanted):
        assert desk.do(Action.QUIT)["spoken"] == say(strings.APP_GOODBYE)


def test_a_lost_sound_device_is_shown(desk: Desk) -> None:
    desk.control.hear_player(SimpleNamespace(kind="device_lost", spoken="The sound goes on."))
    assert desk.notes.texts == ["The sound goes on."]


def test_a_description_whose_speech_was_made_before_the_device_was_lost_is_shown(
    desk: Desk,
) -> None:
    desk.control._announcer.is_wanted = False
    desk.describe()
    for _ in range(2):  # tried again by a key: not shown again
        desk.control.hear_player(SimpleNamespace(kind="no_device", spoken="No sound device."))
    assert desk.notes.texts == ["No sound device.", "ready", "No sound device."]
    desk.do(Action.REPEAT)
    desk.control.hear_player(SimpleNamespace(kind="no_device", spoken="No sound device."))
    assert desk.notes.texts[3:] == ["No sound device.", "ready"]
    desk.describe()
    assert len(desk.notes.texts) == 5


def test_a_device_lost_before_the_description_is_whole_has_it_shown_then(desk: Desk) -> None:
    desk.control._announcer.is_wanted = False
    desk.pipeline.steps = 100
    desk.do(Action.WINDOW)
    desk.until(lambda: desk.requests)
    desk.control.hear_player(SimpleNamespace(kind="no_device", spoken="No sound device."))
    assert desk.notes.texts == ["No sound device."]
    desk.wait_done()
    assert desk.notes.texts == ["No sound device.", "ready"]


# --- a screen reader runs ---


@pytest.fixture
def read_desk(desk: Desk) -> Desk:
    desk.reader.is_on = True
    return desk


def test_a_description_that_the_reader_took_is_not_shown_too(read_desk: Desk) -> None:
    desk = read_desk
    desk.describe()
    assert desk.reader.texts == ["ready"]
    assert desk.speaker.said == []
    assert desk.notes.texts == []  # the reader would read it a second time
    assert desk.do(Action.STATUS)["last"]["reader"] == "Orca"


def test_what_the_reader_refused_is_spoken_and_shown(read_desk: Desk) -> None:
    desk = read_desk
    desk.reader.takes = False
    desk.describe()
    desk.do(Action.STATUS)
    desk.until(lambda: len(desk.notes.texts) == 2)
    assert desk.speaker.said == ["ready", say(strings.APP_IDLE)]
    assert desk.notes.texts == ["ready", say(strings.APP_IDLE)]


def test_a_message_goes_to_the_reader_alone(read_desk: Desk) -> None:
    desk = read_desk
    desk.do(Action.STATUS)
    desk.wait_done()
    assert desk.reader.texts == [say(strings.APP_IDLE)]
    assert (desk.speaker.said, desk.notes.texts) == ([], [])


@pytest.mark.parametrize("wish", ["auto", "voice"])
def test_a_new_name_is_left_to_a_reader_that_says_it(read_desk: Desk, wish: str) -> None:
    desk = read_desk
    desk.route.wish = wish
    desk.control.tell_name("The key is F9 now.")
    desk.wait_done()
    assert (desk.reader.texts, desk.speaker.said, desk.notes.texts) == ([], [], [])


def test_a_new_name_is_told_where_no_reader_is_known_to_say_it(desk: Desk) -> None:
    desk.control.tell_name("The key is F9 now.")
    desk.wait_done()
    assert (desk.speaker.said, desk.notes.texts) == (["The key is F9 now."],) * 2
    desk.reader.is_on, desk.reader.says_names = True, False
    desk.player.end_sound()
    desk.control.tell_name("The key is F8 now.")
    desk.wait_done()
    assert desk.reader.texts == ["The key is F8 now."]


def test_a_status_in_between_goes_to_the_reader(read_desk: Desk) -> None:
    desk = read_desk
    desk.pipeline.steps = 100_000
    desk.do(Action.WINDOW)
    desk.until(lambda: desk.pipeline.begun)
    desk.do(Action.WINDOW)
    desk.until(lambda: desk.reader.texts)
    assert desk.reader.texts[0].startswith("Still describing Accounts")
    assert (desk.speaker.said, desk.notes.texts) == ([], [])
    desk.do(Action.STOP)


def test_a_failure_is_told_by_the_reader_alone(read_desk: Desk) -> None:
    desk = read_desk
    error = desk.pipeline.error = UnreadableImage(name="x", reason="y")

    def mend(_: object) -> None:
        desk.pipeline.error = None

    desk.engine.failed.connect(mend)
    desk.do(Action.WINDOW)
    desk.until(lambda: desk.reader.texts == [error.spoken])
    desk.wait_done()
    assert desk.notes.texts == []
    assert "error" in desk.player.signs


def test_messages_that_no_reader_was_given_are_shown(read_desk: Desk) -> None:
    desk = read_desk
    desk.pipeline.steps = 100_000
    desk.do(Action.WINDOW)
    desk.control.tell("The disk is full.", is_important=True)
    assert desk.notes.texts == []
    desk.do(Action.STOP)
    assert desk.notes.texts[0] == "The disk is full."


def test_stop_silences_the_reader_as_well(read_desk: Desk) -> None:
    read_desk.describe()
    read_desk.do(Action.STOP)
    assert read_desk.reader.stops >= 1


def test_repeat_goes_to_a_reader_that_was_started_meanwhile(desk: Desk) -> None:
    desk.describe()
    assert desk.speaker.said == ["ready"]
    desk.reader.is_on = True
    desk.do(Action.REPEAT)
    desk.wait_done()
    assert desk.reader.texts == ["ready"]
    assert desk.speaker.said == ["ready"]
    assert "repeat" not in desk.player.calls


def test_the_reader_for_messages_and_our_voice_for_descriptions(read_desk: Desk) -> None:
    desk = read_desk
    desk.route.wish = "messages"
    desk.describe()
    desk.do(Action.STATUS)
    desk.wait_done()
    assert desk.speaker.said == ["ready"]
    assert desk.reader.texts == [say(strings.APP_IDLE)]
    assert desk.notes.texts == ["ready"]


def test_a_reader_that_ends_leaves_our_own_voice(read_desk: Desk) -> None:
    desk = read_desk
    desk.describe()
    desk.reader.is_on = False
    desk.describe()
    assert desk.reader.texts == ["ready"]
    assert desk.speaker.said == ["ready"]


def test_the_sentence_of_the_description_is_told_and_that_of_a_repeated_text_is_not(
    desk: Desk,
) -> None:
    desk.player.sentence = 2
    assert desk.control.spoken_sentence() is None
    desk.describe()
    assert desk.control.spoken_sentence() == 2
    desk.control.speak("Something old.")
    desk.wait_done()
    assert desk.control.spoken_sentence() is None
    assert desk.speaker.said == ["ready", "Something old."]


def test_a_text_becomes_sound_for_another_output(desk: Desk) -> None:
    file = FakePlayer()
    desk.describe()
    desk.control.make("For a file.", file)
    desk.wait_done()
    assert len(file.chunks) == 3
    assert desk.notes.texts == ["ready"]
    assert desk.speaker.manners[-1].is_kept


def test_while_speech_is_made_for_a_file_the_status_says_so_and_stop_ends_it(desk: Desk) -> None:
    file = FakePlayer()
    desk.pipeline.steps = 500
    desk.control.make("For a file.", file)
    desk.until(lambda: desk.requests)
    facts = desk.do(Action.STATUS)
    told = say(strings.APP_SAVING, count=0)
    assert (facts["state"], facts["spoken"]) == ("working", told)
    desk.until(lambda: desk.speaker.said == [told])
    assert [request.text for request in desk.requests] == ["For a file."]  # it goes on meanwhile
    assert desk.do(Action.STOP)["spoken"] == say(strings.CANCELLED)
    desk.pipeline.steps = 3
    desk.until(lambda: desk.speaker.said[1:] == [say(strings.CANCELLED)])
    assert file.chunks == []
    assert desk.do(Action.STATUS)["state"] != "working"


@pytest.mark.parametrize("action", [Action.SCREEN, Action.STOP])
def test_what_is_told_because_a_request_gave_way_is_said_afterwards(
    desk: Desk, action: Action
) -> None:
    desk.control.ended.connect(
        lambda _, how: (
            desk.control.tell("The list is paused.", is_important=True) if how is None else None
        )
    )
    desk.pipeline.steps = 60
    desk.do(Action.WINDOW)
    desk.until(lambda: desk.requests)
    desk.do(action)
    for _ in range(3):
        desk.wait_done()
        desk.player.end_sound()
        desk.aside.end_sound()
        desk.control.hear_player(SimpleNamespace(kind="finished", spoken=""))
    desk.until(lambda: "The list is paused." in desk.speaker.said)
    assert desk.speaker.said[0] in {"ready", "Cancelled."}


# --- the introduction ---


def test_the_introduction_says_keys_settings_and_privacy_and_the_layer_key_ends_it(
    desk: Desk,
) -> None:
    desk.control.welcome()
    desk.wait_done()
    (said,) = desk.speaker.said
    assert "ImageCraft is ready." in said
    assert f"To skip this introduction, press {LAYER}." in said
    assert f"press {LAYER}, then O" in said
    assert "Nothing is sent anywhere" in said
    assert desk.aside.is_playing
    desk.control.open_layer()
    assert not desk.aside.is_playing


def test_the_layer_key_ends_the_introduction_of_a_reader_too(read_desk: Desk) -> None:
    desk = read_desk
    desk.control.welcome()
    desk.until(lambda: desk.reader.texts)
    before = desk.reader.stops
    desk.control.open_layer()
    assert desk.reader.stops == before + 1


def test_hearing_the_voice_of_the_settings_is_not_left_to_a_reader(read_desk: Desk) -> None:
    read_desk.control.try_voice("This is the voice.")
    read_desk.wait_done()
    assert read_desk.speaker.said == ["This is the voice."]
    assert read_desk.reader.texts == []


def test_a_text_for_a_file_is_not_given_to_a_reader(read_desk: Desk) -> None:
    file = FakePlayer()
    read_desk.control.make("For a file.", file)
    read_desk.wait_done()
    assert len(file.chunks) == 3
    assert read_desk.reader.texts == []


def test_an_old_text_that_a_reader_says_is_not_shown_too(read_desk: Desk) -> None:
    read_desk.control.speak("Something old.")
    read_desk.wait_done()
    assert read_desk.reader.texts == ["Something old."]
    assert read_desk.notes.texts == []


def test_the_next_of_a_list_lets_the_reader_finish(read_desk: Desk) -> None:
    desk = read_desk
    desk.describe()
    before = desk.reader.stops
    capture = desk.control.capture
    assert capture is not None
    desk.control.describe(capture, opening="2 of 3.")
    desk.wait_done()
    assert desk.reader.stops == before
    assert len(desk.reader.texts) == 2


@pytest.mark.parametrize("how", ["answer_key", "try_voice"])
def test_what_is_broken_off_for_an_answer_has_ended(desk: Desk, how: str) -> None:
    ended: list[object] = []
    desk.control.ended.connect(lambda _, result: ended.append(result))
    desk.pipeline.steps = 100_000
    desk.do(Action.WINDOW)
    desk.until(lambda: desk.requests)
    getattr(desk.control, how)("Left edge: 10.")
    assert ended == [None]
    desk.do(Action.STOP)


def test_the_line_that_is_walked_to_is_said_instead_of_the_description(desk: Desk) -> None:
    desk.do(Action.WINDOW)
    desk.wait_done()
    desk.notes.texts.clear()
    desk.control.read_line("A dog. Certain.")
    assert not desk.player.is_playing
    desk.wait_done()
    assert desk.speaker.said == ["ready", "A dog. Certain."]
    assert (desk.aside.is_playing, desk.notes.texts) == (True, [])
    desk.control.read_line("A ball. Likely.")
    desk.wait_done()
    assert desk.speaker.said[-1] == "A ball. Likely."
    assert desk.do(Action.REPEAT)["spoken"] == "ready"


def test_a_line_is_said_while_its_description_is_in_work_which_goes_on(desk: Desk) -> None:
    ended: list[object] = []
    desk.control.ended.connect(lambda _, result: ended.append(result))
    desk.pipeline.steps = 30
    desk.do(Action.WINDOW)
    desk.until(lambda: desk.pipeline.begun)
    desk.until(lambda: desk.player.is_playing)
    desk.control.read_line("A dog. Certain.")
    desk.until(lambda: desk.speaker.said)
    assert desk.speaker.said == ["A dog. Certain."]
    statement = Statement("More.", Certainty.CERTAIN, "ocr")
    desk.control._follow(Progress(1, Stage.SPEAKING, statement))
    assert desk.aside.is_playing, "what comes of it now is not heard, and cuts nothing off"
    desk.wait_done()
    assert [type(one) for one in ended] == [Outcome]
    assert (desk.player.is_playing, desk.aside.is_playing) == (False, True)


def test_a_line_leaves_speech_for_a_file_in_work(desk: Desk) -> None:
    file = FakePlayer()
    desk.pipeline.steps = 30
    desk.control.make("The text.", file)
    desk.until(lambda: desk.pipeline.begun)
    desk.control.read_line("A dog. Certain.")
    desk.wait_done()
    assert desk.speaker.said == ["A dog. Certain.", "The text."]
    assert file.calls == ["begin", "finish"]


def test_what_is_paused_stays_so_under_a_line(desk: Desk) -> None:
    desk.do(Action.WINDOW)
    desk.wait_done()
    desk.do(Action.PAUSE)
    desk.control.read_line("A dog. Certain.")
    desk.wait_done()
    assert desk.speaker.said[-1] == "A dog. Certain."
    assert desk.player.is_paused
    desk.do(Action.PAUSE)
    assert (desk.player.is_playing, desk.aside.is_playing) == (True, False)


def test_what_waits_to_be_told_comes_after_the_line(desk: Desk) -> None:
    desk.do(Action.WINDOW)
    desk.wait_done()
    desk.control.tell("The disk is full.", is_important=True)
    desk.control.read_line("A dog. Certain.")
    desk.wait_done()
    desk.aside.end_sound()
    desk.control.hear_aside(SimpleNamespace(kind="finished", spoken=""))
    desk.wait_done()
    assert desk.speaker.said == ["ready", "A dog. Certain.", "The disk is full."]


@pytest.mark.parametrize("wish", ["auto", "voice", "messages"])
def test_lines_are_left_to_a_reader_that_runs(read_desk: Desk, wish: str) -> None:
    desk = read_desk
    desk.route.wish = wish
    desk.do(Action.WINDOW)
    desk.wait_done()
    before = (list(desk.reader.texts), list(desk.speaker.said), desk.player.is_playing)
    desk.control.read_line("A dog. Certain.")
    desk.wait_done()
    assert (desk.reader.texts, desk.speaker.said, desk.player.is_playing) == before


def test_the_layer_key_ends_no_other_message(desk: Desk) -> None:
    desk.control.welcome()
    desk.wait_done()
    desk.aside.end_sound()
    desk.control.tell("Something else.", is_important=True)
    desk.wait_done()
    assert desk.aside.is_playing
    desk.control.open_layer()
    assert desk.aside.is_playing


def test_without_keys_the_introduction_names_commands(desk: Desk) -> None:
    desk.keys = ("", "")
    spoken = desk.do(Action.TOUR)["spoken"]
    assert "imagecraft-desktop settings window" in spoken
    assert "To skip this introduction, choose Stop in the tray menu" in spoken
    assert "press ," not in spoken


# --- while a microphone listens ---


@pytest.mark.parametrize("action", [Action.STATUS, Action.RELOAD, Action.MAKE_ROOM])
def test_what_programs_ask_does_not_end_listening(desk: Desk, action: Action) -> None:
    desk.control.listen()
    with desk.qtbot.assertNotEmitted(desk.control.interrupted):
        assert desk.do(action)["ok"]
    assert desk.control.is_listening
    desk.control.end_listening()
    desk.qtbot.wait(50)
    assert (desk.speaker.said, desk.notes.texts) == ([], [])


@pytest.mark.parametrize(
    "ask",
    [
        lambda control: control.open_layer(),
        lambda control: control.do(Action.HELP),
        lambda control: control.speak("Something old."),
        lambda control: control.answer_key("Left edge: 10."),
        lambda control: control.read_line("A dog. Certain."),
        lambda control: control.make("For a file.", FakePlayer()),
    ],
    ids=["layer", "help", "speak", "answer", "line", "make"],
)
def test_what_the_user_asks_for_ends_listening_and_is_heard(
    desk: Desk, ask: Callable[[Control], object]
) -> None:
    desk.control.listen()
    with desk.qtbot.waitSignal(desk.control.interrupted):
        ask(desk.control)
    assert not desk.control.is_listening
    desk.wait_done()
    assert desk.speaker.said or desk.player.signs == ["accepted"]


def test_what_waited_before_it_listened_is_said_afterwards(desk: Desk) -> None:
    desk.do(Action.WINDOW)
    desk.wait_done()
    desk.control.tell("The disk is full.", is_important=True)
    desk.control.listen()
    desk.control.hear_player(SimpleNamespace(kind="finished", spoken=""))
    desk.qtbot.wait(50)
    assert desk.speaker.said == ["ready"]
    assert not desk.control.is_quiet()  # the next picture of a list waits as well
    desk.control.end_listening()
    desk.until(lambda: desk.speaker.said == ["ready", "The disk is full."])
    desk.wait_done()


# --- what the tray shows ---


def seen(desk: Desk) -> list[tuple[State, str]]:
    """What the tray is told from now on."""
    told: list[tuple[State, str]] = []
    desk.control.state.changed.connect(lambda *change: told.append(change))
    return told


READY = (State.IDLE, "Ready. Nothing is running.")
BROKEN = UnreadableImage(name="a.png", reason="it is cut off")


def test_the_tray_sees_working_speaking_paused_and_idle(desk: Desk) -> None:
    told = seen(desk)
    desk.pipeline.steps = 30
    desk.do(Action.WINDOW)
    desk.wait_done()
    desk.until(lambda: told[-1:] == [(State.SPEAKING, "Speaking.")])
    desk.do(Action.PAUSE)
    desk.until(lambda: told[-1] == (State.PAUSED, say(strings.APP_PAUSED)))
    desk.do(Action.PAUSE)
    desk.until(lambda: told[-1] == (State.SPEAKING, "Speaking."))
    desk.player.end_sound()
    desk.until(lambda: told[-1] == READY)
    assert told[0] == (State.WORKING, "Describing Accounts.")
    assert len(told) == 5


def test_a_failed_description_is_seen_until_one_succeeds(desk: Desk) -> None:
    told = seen(desk)
    desk.pipeline.error = BROKEN
    desk.do(Action.WINDOW)
    desk.until(lambda: desk.notes.texts)
    desk.pipeline.error = None
    desk.player.end_sound()
    desk.control.hear_player(PlayerEvent(PlayerEventKind.FINISHED))
    problem = BROKEN.spoken
    desk.until(lambda: desk.speaker.said == [problem])
    desk.wait_done()
    desk.aside.end_sound()
    desk.until(lambda: told[-1:] == [(State.PROBLEM, f"Problem: {problem}")])
    facts = desk.control.facts()
    assert (facts["state"], facts["problem"]) == ("idle", problem)
    assert facts["spoken"] == f"Problem: {problem}"
    desk.describe()
    desk.until(lambda: told[-1] == READY)
    assert desk.control.facts()["problem"] is None


def test_whatever_the_user_does_next_ends_a_problem_but_asking_for_the_status(desk: Desk) -> None:
    desk.control.tell_problem("The key is taken.")
    for action in (Action.STATUS, Action.RELOAD):
        desk.do(action)
        assert desk.control.state.problem == "The key is taken."
    desk.do(Action.HELP)
    assert desk.control.state.problem == ""


def test_an_empty_clipboard_is_no_problem_but_what_cannot_be_taken_is(desk: Desk) -> None:
    desk.cannot_take = NothingToCapture(name="clipboard")
    desk.do(Action.CLIPBOARD)
    assert desk.control.state.problem == ""
    desk.cannot_take = BROKEN
    desk.do(Action.CLIPBOARD)
    assert desk.control.state.problem == BROKEN.spoken


def test_a_lost_device_and_a_failed_voice_are_problems(desk: Desk) -> None:
    desk.control.hear_player(PlayerEvent(PlayerEventKind.NO_DEVICE, "There is no sound device."))
    assert desk.control.state.problem == "There is no sound device."
    desk.pipeline.warnings = ("The voice failed.",)
    desk.describe()
    assert desk.control.state.problem == "The voice failed."


def test_a_described_name_is_forgotten_in_the_tray_too(desk: Desk) -> None:
    desk.control.state.note_problem("Secret.png cannot be read.")
    told = seen(desk)
    desk.control.forget()
    desk.until(lambda: told[-1:] == [READY])


def test_a_command_asks_for_room_and_then_whether_it_was_made(desk: Desk) -> None:
    desk.describe()
    asked = desk.do(Action.MAKE_ROOM)
    assert (asked["ok"], asked["spoken"]) == (True, "")
    desk.until(lambda: desk.do(Action.MAKE_ROOM, again="yes")["is_roomy"])
    assert desk.pipeline.unloads == 1


def test_a_command_that_has_room_hears_when_the_user_needs_it(desk: Desk) -> None:
    def is_describing() -> bool:
        return bool(desk.do(Action.MAKE_ROOM, again="yes")["is_describing"])

    assert not is_describing()
    desk.do(Action.WINDOW)
    assert is_describing()
    desk.wait_done()
    assert not is_describing()
    desk.control.speak("A text that is read needs no model.")
    assert not is_describing()
    desk.wait_done()
