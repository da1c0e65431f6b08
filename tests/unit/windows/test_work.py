"""What a page does at length: the tray shows it, as long as it lasts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.state import State
from imagecraft_desktop.values import Tick
from imagecraft_desktop.windows.jobs import Jobs
from imagecraft_desktop.windows.work import Work
from tests.unit.test_control import Desk


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    assert made.engine.end(20_000)


def test_the_tray_shows_it_from_its_beginning_to_its_end(desk: Desk) -> None:
    seen: list[tuple[State, str]] = []
    desk.control.state.changed.connect(lambda state, sentence: seen.append((state, sentence)))
    work, ended = Work(desk.control, Jobs(print)), []

    def wait(tick: Tick) -> None:
        while not ended:
            tick()

    work.run("Checking the files of git.", wait, print, print)
    desk.until(lambda: seen == [(State.WORKING, "Checking the files of git.")])
    ended.append(True)
    desk.until(lambda: seen[1:] == [(State.IDLE, say(strings.APP_IDLE))])
