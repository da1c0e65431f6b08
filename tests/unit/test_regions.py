"""Choosing a region where only the desktop takes pictures: what a second key does while it is asked. The
person who is asked is a stand-in; the frame is in tests/e2e."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from imagecraft_desktop import strings
from imagecraft_desktop.capture.portal import Taken
from imagecraft_desktop.errors import ScreenNotAllowed
from imagecraft_desktop.regions import Regions
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Box, Request
from tests.fakes import FakePerson
from tests.unit.capture.test_portal import asked, person, picture

__all__ = ["person"]


class Choosing:
    """Regions, and what they told."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.regions = Regions()
        self.failed: list[str] = []
        self.waits: list[str] = []
        self.regions.failed.connect(self.failed.append)
        self.regions.waits.connect(self.waits.append)

    @property
    def is_open(self) -> bool:
        return self.regions._open is not None

    def until_open(self) -> None:
        self.qtbot.waitUntil(lambda: self.is_open, timeout=5000)


@pytest.fixture
def choosing(qtbot: QtBot, person: FakePerson) -> Choosing:
    return Choosing(qtbot)


def test_a_second_key_tells_that_the_desktop_is_waited_for(
    choosing: Choosing, person: FakePerson
) -> None:
    choosing.regions.choose("")
    asked(person, 1)
    assert choosing.waits == []
    choosing.regions.choose("")
    assert choosing.waits == [say(strings.SCREEN_WAITS)]
    assert len(person.asked) == 1


def test_after_a_stop_nothing_opens_and_nothing_is_told(
    choosing: Choosing, person: FakePerson
) -> None:
    choosing.regions.choose("")
    asked(person, 1)
    choosing.regions.stop()
    choosing.regions.choose("")
    choosing.qtbot.waitUntil(lambda: person.asked[0].is_closed, timeout=5000)
    asked(person, 2).answer(Taken(picture()))
    choosing.until_open()
    assert (choosing.failed, choosing.waits) == ([], [])


def test_a_picture_that_had_come_when_it_was_given_up_opens_nothing(
    choosing: Choosing, person: FakePerson
) -> None:
    choosing.regions.choose("")
    asked(person, 1).answer(Taken(picture()))
    choosing.regions.stop()
    choosing.qtbot.wait(300)
    assert not choosing.is_open


def test_another_description_ends_the_wait_and_one_of_a_list_does_not(
    choosing: Choosing, person: FakePerson
) -> None:
    choosing.regions.choose("")
    first = asked(person, 1)
    choosing.regions.make_way(Request(None, opening="2 of 12."))
    assert not first.is_closed
    choosing.regions.make_way(Request(None))
    choosing.qtbot.waitUntil(lambda: first.is_closed, timeout=5000)
    choosing.qtbot.wait(100)
    assert not choosing.is_open
    assert choosing.failed == []


def test_a_refusal_is_told_and_the_key_works_again(choosing: Choosing, person: FakePerson) -> None:
    choosing.regions.choose("")
    asked(person, 1).answer(ScreenNotAllowed(reason="Not today."))
    choosing.qtbot.waitUntil(lambda: choosing.failed != [], timeout=5000)
    assert "Not today." in choosing.failed[0]
    choosing.regions.choose("")
    asked(person, 2).answer(Taken(picture()))
    choosing.until_open()


def test_the_region_comes_with_what_is_to_be_heard_of_the_taking(
    choosing: Choosing, person: FakePerson
) -> None:
    choosing.regions.choose("")
    asked(person, 1).answer(Taken(picture(), ("It asks otherwise.",)))
    choosing.until_open()
    window = choosing.regions._open
    assert window is not None
    with choosing.qtbot.waitSignal(choosing.regions.chosen) as chosen:
        window.taken.emit(Box(5, 5, 20, 20))
    assert choosing.regions.take(chosen.args[0]).notes == ("It asks otherwise.",)
