"""The page Privacy: the proof is made in a thread, and the button that began it ends it."""

from __future__ import annotations

import time

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.trials import offline
from imagecraft_desktop.trials.offline import Proof, Wall
from imagecraft_desktop.ui.settings.mnemonics import Mnemonics
from imagecraft_desktop.values import Tick
from imagecraft_desktop.windows.jobs import Jobs
from imagecraft_desktop.windows.privacy import Privacy
from tests.unit.test_control import Desk


def test_a_second_press_cancels_the_proof_and_a_third_begins_anew(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []

    def prove(tick: Tick) -> Proof:
        try:
            while not ended:
                tick()
                time.sleep(0.01)
        except Cancelled:
            ended.append("cancelled")
            raise
        return Proof(Wall.WATCH, (), "embedded", "hibari")

    monkeypatch.setattr(offline, "prove", prove)
    desk = Desk(qtbot)
    told: list[str] = []
    privacy = Privacy(desk.control, Jobs(told.append))
    privacy.tells = told.append
    page = privacy.make_page(Mnemonics())
    qtbot.addWidget(page)
    button = page.findChildren(QPushButton)[0]
    button.click()
    assert told[-1].startswith("Describing and reading with the network closed.")
    button.click()
    qtbot.waitUntil(lambda: told[-1] == "Cancelled.", timeout=10_000)
    assert ended == ["cancelled"]
    button.click()
    qtbot.waitUntil(lambda: "nothing was sent" in told[-1], timeout=10_000)
    assert desk.engine.end(20_000)
