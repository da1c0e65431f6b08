"""The list of pictures gives way to whatever else the user asks for, and says so."""

from __future__ import annotations

import json
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from imagecraft_desktop import strings
from imagecraft_desktop.capture import decode
from imagecraft_desktop.strings import say
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.values import (
    Capture,
    Certainty,
    Description,
    Kind,
    Origin,
    Picture,
    Statement,
)
from imagecraft_desktop.windows import images as module
from imagecraft_desktop.windows.images import Images
from tests.unit.capture.encoded import FILES
from tests.unit.test_control import Desk

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "raise")
SAMPLES = Path(__file__).parents[3] / "resources" / "samples"


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    assert made.engine.end(20_000)


@pytest.fixture
def images(desk: Desk, tmp_path: Path) -> Iterator[Images]:
    """With a list of three pictures, of which the first is in work."""
    made = Images(desk.control)
    for number in range(3):
        shutil.copy(SAMPLES / "dog.jpg", tmp_path / f"{number}.jpg")
    desk.do(Action.IMAGES, paths=json.dumps([str(tmp_path)]))
    desk.until(lambda: desk.requests)
    yield made
    if made._window is not None:
        made._window.close()
    desk.wait_done()


def states(images: Images) -> list[str]:
    return [item.state for item in images._queue.items]


def test_the_next_comes_when_the_one_before_was_heard(desk: Desk, images: Images, qtbot: QtBot):
    desk.wait_done()
    qtbot.wait(400)
    assert len(desk.requests) == 1, "it is still being said"
    desk.player.end_sound()
    desk.until(lambda: len(desk.requests) == 2)
    assert [request.opening for request in desk.requests] == ["1 of 3: 0.jpg.", "2 of 3: 1.jpg."]
    assert states(images) == ["done", "working", "waiting"]
    desk.wait_done()


@pytest.mark.parametrize("way", ["in time", "next", "paused and resumed"])
def test_a_reader_gets_the_next_when_it_may_have_said_the_one_before(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
):
    monkeypatch.setattr(module, "_READ_PER_S", 6.0 if way == "in time" else 0.1)
    desk = Desk(qtbot)
    desk.reader.is_on = True
    images = Images(desk.control)
    for number in range(2):
        shutil.copy(SAMPLES / "dog.jpg", tmp_path / f"{number}.jpg")
    desk.do(Action.IMAGES, paths=json.dumps([str(tmp_path)]))
    desk.until(lambda: states(images)[:1] == ["done"])
    desk.player.end_sound()
    qtbot.wait(400)
    assert states(images) == ["done", "waiting"]
    if way == "next":
        desk.do(Action.SKIP)
    elif way == "paused and resumed":
        images._queue.pause()
        desk.wait_done()
        images._queue.resume()
        desk.wait_done()
        desk.aside.end_sound()
    desk.until(lambda: states(images) == ["done", "done"])
    assert images._window is not None
    images._window.close()
    assert desk.engine.end(20_000)


def test_a_closed_window_is_gone_and_a_new_one_shows_what_was_described(
    desk: Desk, images: Images, qtbot: QtBot
):
    closed = images._window
    assert closed is not None
    with qtbot.waitSignal(closed.destroyed):
        closed.close()
    assert not images._follow.isActive()
    desk.describe()
    assert images._window is None
    desk.do(Action.IMAGES)
    assert images._window is not None
    assert images._window.statements


@pytest.mark.parametrize("when", ["working", "speaking"])
@pytest.mark.parametrize("action", [Action.STOP, Action.SCREEN])
def test_what_else_is_asked_for_pauses_it(
    desk: Desk, images: Images, qtbot: QtBot, when: str, action: Action
):
    if when == "speaking":
        desk.wait_done()
    desk.do(action)
    desk.wait_done()
    desk.player.end_sound()
    desk.aside.end_sound()
    qtbot.wait(500)
    assert images._queue.is_paused
    assert states(images)[1:] == ["waiting", "waiting"]
    assert any("The list is paused." in text for text in desk.notes.texts)
    assert [r.opening for r in desk.requests if r.opening][1:] == []
    desk.wait_done()


def test_cancelled_nothing_is_left(desk: Desk, images: Images, qtbot: QtBot):
    assert images._window is not None
    images._window._cancel_queue()
    desk.player.end_sound()
    desk.wait_done()
    qtbot.wait(400)
    assert not images._queue.is_running
    assert states(images)[1:] == ["cancelled", "cancelled"]
    assert len([r for r in desk.requests if r.capture]) == 1
    desk.wait_done()


def test_enter_on_a_picture_of_the_list_shows_it_again(desk: Desk, images: Images, qtbot: QtBot):
    window = images._window
    assert window is not None
    for count in (1, 2):
        desk.until(lambda count=count: len(desk.requests) == count)
        desk.wait_done()
        if count == 1:
            desk.player.end_sound()
    desk.until(lambda: states(images)[:2] == ["done", "done"])
    first, text = images._queue.items[0], window.text
    window._pictures.setCurrentRow(0)
    qtbot.keyClick(window._pictures, Qt.Key.Key_Return)
    desk.until(lambda: window.windowTitle() == "0.jpg - ImageCraft")
    assert window.text == text != ""
    assert desk.control.capture is first.capture
    assert desk.control.picture is not None
    assert images._queue.is_paused
    qtbot.keyClick(window._pictures, Qt.Key.Key_Down)
    qtbot.keyClick(window._pictures, Qt.Key.Key_Down)
    qtbot.keyClick(window._pictures, Qt.Key.Key_Return)
    desk.until(lambda: "2.jpg, waiting" in desk.notes.texts)
    images._queue.cancel()
    desk.wait_done()


class Decoding:
    """Stands in for the decoding of pictures: each waits until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waits: dict[str, threading.Event] = {}
        self.over: list[str] = []
        monkeypatch.setattr(decode, "to_picture", self._wait)

    def _wait(self, capture: Capture) -> Picture:
        assert self.waits.setdefault(capture.name, threading.Event()).wait(20)
        self.over.append(capture.name)
        return Picture(np.zeros((2, 3, 3), np.uint8), capture.origin, capture.name)

    def let_go(self, name: str) -> None:
        self.waits.setdefault(name, threading.Event()).set()


@pytest.fixture
def decoding(monkeypatch: pytest.MonkeyPatch) -> Decoding:
    return Decoding(monkeypatch)


@pytest.fixture
def alone(desk: Desk) -> Iterator[Images]:
    """With no list and no window."""
    made = Images(desk.control)
    yield made
    if made._window is not None:
        made._window.close()
    desk.wait_done()


def show(images: Images, name: str) -> None:
    statement = Statement(f"This is {name}.", Certainty.CERTAIN, "frame")
    images.show_again(Capture(Origin.FILE, name, b""), Description(Kind.PHOTO, (statement,)))


def test_of_two_pictures_to_show_again_the_last_that_was_wanted_is_shown(
    desk: Desk, alone: Images, decoding: Decoding, qtbot: QtBot
):
    show(alone, "first")
    show(alone, "second")
    decoding.let_go("second")
    desk.until(lambda: "This is second." in desk.speaker.said)
    decoding.let_go("first")
    desk.until(lambda: decoding.over == ["second", "first"])
    qtbot.wait(50)
    assert desk.control.capture is not None
    assert desk.control.capture.name == "second"
    assert "This is first." not in desk.speaker.said
    assert desk.do(Action.REPEAT)["spoken"] == "This is second."


@pytest.mark.parametrize("newer", [Action.WINDOW, Action.HELP, Action.STOP, "forget", "repeat"])
def test_what_was_wanted_since_is_not_ended_by_a_picture_to_show_again(
    desk: Desk, alone: Images, decoding: Decoding, qtbot: QtBot, newer: Action | str
):
    if newer == "repeat":
        desk.describe()
    show(alone, "old")
    if newer == "forget":
        desk.control.forget()
    else:
        desk.do(Action(newer))
    decoding.let_go("old")
    desk.until(lambda: decoding.over)
    desk.wait_done()
    qtbot.wait(50)
    assert "This is old." not in desk.speaker.said
    assert alone._window is None
    assert desk.control.capture is None or desk.control.capture.name != "old"


def test_the_next_of_the_list_is_nothing_newer_than_a_picture_to_show_again(
    desk: Desk, alone: Images, decoding: Decoding
):
    show(alone, "kept")
    alone._queue.add([Capture(Origin.URL, "fetched", FILES["png"])])
    decoding.let_go("kept")
    desk.until(lambda: "This is kept." in desk.speaker.said)
    assert alone._queue.is_paused


def test_status_and_the_list_do_not_end_a_picture_to_show_again(
    desk: Desk, images: Images, decoding: Decoding, qtbot: QtBot
):
    desk.wait_done()
    show(images, "kept")
    desk.do(Action.STATUS)
    desk.player.end_sound()
    qtbot.wait(400)
    assert len([r for r in desk.requests if r.capture]) == 1, "the list waits meanwhile"
    decoding.let_go("kept")
    desk.until(lambda: "This is kept." in desk.speaker.said)


def pasted(number: int) -> Capture:
    return Capture(Origin.CLIPBOARD, f"paste {number}", FILES["png"] + bytes(number + 1))


def test_what_is_no_file_is_in_the_memory_only_until_the_next_picture(
    desk: Desk, alone: Images, qtbot: QtBot
):
    desk.do(Action.IMAGES)
    captures = [pasted(number) for number in range(3)]
    contents = [capture.content for capture in captures]

    def is_kept(number: int) -> bool:
        return sys.getrefcount(contents[number]) > 2

    alone._queue.add(captures)
    del captures
    desk.wait_done()
    assert is_kept(0), "it is the last one"
    desk.player.end_sound()
    desk.until(lambda: states(alone) == ["done", "working", "waiting"])
    desk.requests.clear()
    desk.until(lambda: not is_kept(0))
    window = alone._window
    assert window is not None
    window.close()
    assert not is_kept(2), "it will never be described"
    desk.describe()
    desk.requests.clear()
    desk.until(lambda: not is_kept(1))


def test_enter_on_a_pasted_picture_that_is_gone_tells_so_and_its_description(
    desk: Desk, alone: Images
):
    desk.do(Action.IMAGES)
    alone._queue.add([pasted(number) for number in range(2)])
    desk.wait_done()
    first = alone._queue.items[0]
    desk.player.end_sound()
    desk.until(lambda: states(alone) == ["done", "done"])
    desk.wait_done()
    alone._show_item(first)
    assert desk.notes.texts[-1] == "Not kept any more: paste 0. Its description was: ready"
    first.found = None
    alone._show_item(first)
    assert desk.notes.texts[-1] == "Not kept any more: paste 0. Give it again to hear it."
    desk.player.end_sound()
    desk.wait_done()


@pytest.mark.parametrize("way", ["close", "cancel"])
def test_a_download_goes_on_when_the_window_or_the_list_ends(
    desk: Desk, images: Images, qtbot: QtBot, way: str
):
    assert images._window is not None
    desk.control.add_work(lambda: "A model is downloaded.")
    with qtbot.assertNotEmitted(desk.control.stopped):
        if way == "close":
            images._window.close()
        else:
            images._window._cancel_queue()
    assert not images._queue.is_running
    desk.until(lambda: say(strings.CANCELLED) in desk.speaker.said)


def test_forgotten_the_window_is_empty(desk: Desk, images: Images):
    desk.wait_done()
    desk.control.forget()
    assert images._window is not None
    assert images._queue.items == []
    assert images._window.text == ""
    desk.wait_done()


def test_a_refused_question_is_not_lost(desk: Desk, qtbot: QtBot):
    """The field says beforehand that nothing is answered, and what was typed stands there until it is taken."""
    images = Images(desk.control)
    desk.describe()
    desk.do(Action.IMAGES)
    window = images._window
    assert window is not None
    why = say(strings.ERR_NO_QUESTIONS, name="embedded")
    qtbot.waitUntil(lambda: window._question.accessibleDescription() == why)
    window._question.setText("How many?")
    qtbot.keyClick(window._question, Qt.Key.Key_Return)
    assert (window._question.text(), window._state.text()) == ("How many?", why)
    assert desk.notes.texts[-1] == why
    desk.answering = {"embedded"}
    desk.do(Action.RELOAD)
    qtbot.waitUntil(lambda: window._question.accessibleDescription() == "")
    qtbot.keyClick(window._question, Qt.Key.Key_Return)
    assert window._question.text() == ""
    desk.until(lambda: desk.requests[-1].wish.question == "How many?")
    desk.wait_done()
    window.close()
