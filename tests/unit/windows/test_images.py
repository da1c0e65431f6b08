"""The list of pictures gives way to whatever else the user asks for, and says so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.windows import images as module
from imagecraft_desktop.windows.images import Images
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
    desk.until(lambda: states(images)[0] == "done")
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


def test_forgotten_the_window_is_empty(desk: Desk, images: Images):
    desk.wait_done()
    desk.control.forget()
    assert images._window is not None
    assert images._queue.items == []
    assert images._window.text == ""
    desk.wait_done()
