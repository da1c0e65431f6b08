"""The page Privacy: the proof is made in a thread, and the button that began it ends it, or Stop."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from imagecraft_desktop import strings
from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.strings import say
from imagecraft_desktop.trials import offline
from imagecraft_desktop.trials.offline import Proof, Wall
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.ui.settings.mnemonics import Mnemonics
from imagecraft_desktop.values import Tick
from imagecraft_desktop.windows.jobs import Jobs
from imagecraft_desktop.windows.privacy import Privacy
from tests.unit.test_control import Desk


class Proving:
    """A page whose proof goes on until it is cancelled, once; then it succeeds at once."""

    def __init__(self, qtbot: QtBot) -> None:
        self.ended: list[str] = []
        self.told: list[str] = []
        self.desk = Desk(qtbot)
        self.privacy = Privacy(self.desk.control, Jobs(self.told.append))
        self.privacy.tells = self.told.append
        self.page = self.privacy.make_page(Mnemonics())
        qtbot.addWidget(self.page, before_close_func=lambda _: self.desk.wait_jobs())
        self.button = self.page.findChildren(QPushButton)[0]

    def prove(self, tick: Tick) -> Proof:
        try:
            while not self.ended:
                tick()
                time.sleep(0.01)
        except Cancelled:
            self.ended.append("cancelled")
            raise
        return Proof(Wall.WATCH, (), "embedded", "hibari")


@pytest.fixture
def proving(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proving]:
    made = Proving(qtbot)
    monkeypatch.setattr(offline, "prove", made.prove)
    yield made
    assert made.desk.engine.end(20_000)


def test_a_second_press_cancels_the_proof_and_a_third_begins_anew(
    qtbot: QtBot, proving: Proving
) -> None:
    proving.button.click()
    assert proving.told[-1] == say(strings.PROOF_BEGUN)
    proving.button.click()
    qtbot.waitUntil(lambda: proving.told[-1] == "Cancelled.", timeout=10_000)
    assert proving.ended == ["cancelled"]
    proving.button.click()
    qtbot.waitUntil(lambda: "nothing was sent" in proving.told[-1], timeout=10_000)


def test_stop_ends_the_proof_as_any_other_work(qtbot: QtBot, proving: Proving) -> None:
    desk = proving.desk
    proving.button.click()
    desk.wait_done()
    desk.aside.end_sound()
    facts = desk.do(Action.STATUS)
    assert (facts["state"], facts["spoken"]) == ("working", say(strings.PROOF_BUSY))
    assert desk.do(Action.STOP)["spoken"] == say(strings.CANCELLED)
    qtbot.waitUntil(lambda: proving.told[-1] == "Cancelled.", timeout=10_000)
    assert proving.ended == ["cancelled"]
    desk.until(lambda: desk.speaker.said[-1:] == ["Cancelled."])
    desk.wait_done()
    desk.aside.end_sound()
    assert desk.speaker.said.count("Cancelled.") == 1
    assert desk.do(Action.STATUS)["state"] == "idle"


def test_for_how_long_is_said_with_the_numbers_of_the_settings(proving: Proving) -> None:
    rows = proving.page.findChildren(QListWidget)[0]

    def line(word: str) -> str:
        (found,) = [t for n in range(rows.count()) if word in (t := rows.item(n).text())]
        return found

    assert "forgotten after 30 days; the oldest earlier" in line("history.db")
    assert "takes more than 50 megabytes. The page History changes that." in line("history.db")
    assert line("The log").endswith(
        ": 4 files at most, together 4 megabytes; the newest replaces the oldest."
    )
    rows.setCurrentRow(4)
    for settings, told in (
        (Settings(history_days=1, history_mb=2.5), "forgotten after 1 day; "),
        (Settings(history_days=1, history_mb=2.5), "more than 2.5 megabytes. "),
        (Settings(history_days=0), "forgotten, the oldest first, only when all takes more than 50"),
        (Settings(history=False), "The history is off: nothing is added to it. It is forgotten"),
    ):
        proving.desk.reloaded = (settings, [])
        proving.desk.do(Action.RELOAD)
        assert told in line("history.db")
        assert rows.currentRow() == 4
