"""Pictures are described one after the other; the list is paused, cancelled and resumed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from imagecraft_desktop.ui.picture_queue import DONE, FAILED, PictureQueue
from imagecraft_desktop.values import Capture, Origin


class Desk:
    """Stands for the rest of the program."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.is_quiet = True
        self.queue = PictureQueue(lambda: self.is_quiet)
        self.wanted: list[tuple[str, str]] = []
        self.told: list[str] = []
        self.queue.wanted.connect(self._want)
        self.queue.told.connect(self.told.append)

    def _want(self, capture: Capture, opening: str) -> None:
        self.wanted.append((capture.name, opening))
        self.is_quiet = False
        self.queue.note_began(len(self.wanted))

    def add(self, *names: str) -> None:
        self.queue.add([Capture(Origin.FILE, name, Path(name)) for name in names])

    def end(self, state: str | None = DONE) -> None:
        """The picture in work is over and was heard."""
        self.queue.note_ended(len(self.wanted), state)
        self.is_quiet = True

    def wait(self, count: int) -> None:
        self.qtbot.waitUntil(lambda: len(self.wanted) == count, timeout=10_000)

    @property
    def states(self) -> list[str]:
        return [item.state for item in self.queue.items]


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_each_is_wanted_when_the_one_before_was_heard(desk: Desk):
    desk.add("/p/a.png", "/p/b.png", "/p/c.png")
    assert desk.wanted == [("/p/a.png", "1 of 3: a.png.")]
    desk.queue.note_ended(1, DONE)
    desk.qtbot.wait(400)
    assert len(desk.wanted) == 1, "it is still being said"
    desk.is_quiet = True
    desk.wait(2)
    desk.end(FAILED)
    desk.wait(3)
    assert desk.wanted[2] == ("/p/c.png", "3 of 3: c.png.")
    desk.end()
    desk.qtbot.waitUntil(lambda: bool(desk.told), timeout=10_000)
    assert desk.told == ["Done: 3 pictures, of which 1 failed."]
    assert desk.states == [DONE, FAILED, DONE]
    assert not desk.queue.is_running


def test_a_single_picture_has_no_number_and_no_end(desk: Desk):
    desk.add("/p/a.png")
    assert desk.wanted == [("/p/a.png", "")]
    desk.end()
    desk.qtbot.wait(400)
    assert desk.told == []


def test_more_pictures_come_after_those_that_are_there(desk: Desk):
    desk.add("/p/a.png")
    desk.add("/p/b.png")
    assert desk.told == ["2 pictures are in the list."]
    desk.end()
    desk.wait(2)
    assert desk.wanted[1] == ("/p/b.png", "2 of 2: b.png.")
    desk.end()


def test_paused_it_begins_nothing_and_goes_on_where_it_was(desk: Desk):
    desk.add("/p/a.png", "/p/b.png")
    desk.queue.toggle()
    desk.end()
    desk.qtbot.wait(400)
    assert len(desk.wanted) == 1
    desk.queue.toggle()
    desk.wait(2)
    assert desk.told == ["The list is paused.", "The list goes on."]
    desk.end()


def test_a_new_picture_lets_a_paused_list_go_on(desk: Desk):
    desk.add("/p/a.png")
    desk.end(None)
    assert desk.queue.is_paused
    desk.add("/p/b.png")
    assert not desk.queue.is_paused
    for count, wanted in ((2, ("/p/a.png", "1 of 2: a.png.")), (3, ("/p/b.png", "2 of 2: b.png."))):
        desk.wait(count)
        assert desk.wanted[-1] == wanted
        desk.end()
    desk.qtbot.waitUntil(lambda: len(desk.told) == 4, timeout=10_000)
    assert desk.told == [
        "The list is paused.",
        "2 pictures are in the list.",
        "The list goes on.",
        "Done: 2 pictures.",
    ]


def test_a_new_picture_waits_for_what_paused_the_list(desk: Desk):
    desk.add("/p/a.png")
    desk.end(None)
    desk.is_quiet = False
    desk.add("/p/b.png")
    desk.qtbot.wait(400)
    assert len(desk.wanted) == 1
    desk.is_quiet = True
    desk.wait(2)
    desk.end()
    desk.wait(3)
    desk.end()


def test_a_picture_that_was_asked_for_before_the_pause_does_not_end_it(desk: Desk):
    desk.add("/p/a.png")
    desk.end(None)
    desk.queue.add([Capture(Origin.URL, "b", b"b")], goes_on=False)
    assert desk.queue.is_paused
    assert desk.told == ["The list is paused.", "2 pictures are in the list."]


def test_cancelled_it_forgets_those_that_are_left(desk: Desk):
    desk.add("/p/a.png", "/p/b.png", "/p/c.png")
    desk.end()
    desk.wait(2)
    desk.queue.cancel()
    desk.end(None)
    desk.qtbot.wait(400)
    assert desk.states == [DONE, "cancelled", "cancelled"]
    assert len(desk.wanted) == 2
    assert desk.told == ["The list is cancelled."]


def test_another_request_pauses_it_and_the_picture_waits_again(desk: Desk):
    desk.add("/p/a.png", "/p/b.png")
    desk.end(None)
    assert desk.states == ["waiting", "waiting"]
    assert desk.queue.is_paused
    assert desk.told == ["The list is paused."]
    desk.qtbot.wait(400)
    assert len(desk.wanted) == 1
    desk.queue.resume()
    desk.wait(2)
    assert desk.wanted[1] == ("/p/a.png", "1 of 2: a.png.")
    desk.end()


def test_the_end_of_another_request_changes_nothing(desk: Desk):
    desk.add("/p/a.png")
    desk.queue.note_ended(99, DONE)
    assert desk.states == ["working"]
    desk.end()
