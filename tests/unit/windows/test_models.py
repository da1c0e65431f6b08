"""The page Models: status tells of its work, and Stop ends that; a hub on this machine, paced or cut."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from huggingface_hub import constants
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.ui.settings.mnemonics import Mnemonics
from imagecraft_desktop.ui.settings.models_page import TermsDialog
from imagecraft_desktop.values import Tick
from imagecraft_desktop.weights import catalogue, download, store
from imagecraft_desktop.windows.jobs import Jobs
from imagecraft_desktop.windows.models import Models
from tests.hub_server import Hub, Mischief
from tests.tiny_models import blip
from tests.unit.test_control import Desk

NAME = "blip-base"
REPO = catalogue.find(NAME).sources[0].repo
N = 400_000


class Fetching:
    """The page beside a control, and what was told."""

    def __init__(self, qtbot: QtBot) -> None:
        self.told: list[str] = []
        self.desk = Desk(qtbot)
        self.models = Models(self.desk.control, Jobs(self.told.append))
        self.models.tells = self.told.append
        self.page = self.models.make_page(Mnemonics())
        qtbot.addWidget(self.page)

    def install(self) -> None:
        """As with the button; the terms are accepted."""
        self.page.install_wanted.emit(NAME)

    def status(self) -> str:
        """What is said; what was said before does not count as work."""
        self.desk.wait_done()
        self.desk.aside.end_sound()
        facts = self.desk.do(Action.STATUS)
        assert facts["state"] == "working", facts
        return str(facts["spoken"])

    def wait_told(self, sentence: str) -> None:
        self.desk.until(lambda: sentence in self.told)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub-cache"))
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
    with Hub({REPO: blip(N)}).running() as one:
        monkeypatch.setattr(download, "install", partial(download.install, endpoint=one.url))
        yield one


@pytest.fixture
def fetching(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fetching]:
    monkeypatch.setattr(TermsDialog, "exec", lambda _: QDialog.DialogCode.Accepted)
    made = Fetching(qtbot)
    yield made
    made.models.close()
    assert made.desk.engine.end(20_000)


def test_status_tells_model_and_percent_and_stop_cancels_what_install_goes_on_with(
    fetching: Fetching, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 20_000)
    hub.mischief.append(Mischief("model.safetensors", pace=N // 40))
    fetching.install()
    fetching.desk.until(lambda: "Downloading blip-base: " in fetching.status())
    first = fetching.status()
    fetching.desk.until(lambda: fetching.status() != first)
    assert fetching.desk.do(Action.STOP)["spoken"] == say(strings.CANCELLED)
    kept = say(strings.MODELS_KEPT, name=NAME)
    fetching.desk.until(lambda: fetching.desk.speaker.said[-1:] == [kept] or next_said(fetching))
    assert fetching.told[-1] == f"Cancelled. {kept}"
    assert fetching.desk.speaker.said.count("Cancelled.") == 1
    assert store.partial_of(NAME).is_dir()
    assert fetching.desk.do(Action.STATUS)["state"] != "working"


def next_said(fetching: Fetching) -> bool:
    """Let a sentence end, so that the one that waits is said; False."""
    fetching.desk.aside.end_sound()
    fetching.desk.control.end_listening()
    return False


def test_status_tells_of_a_measurement_and_its_step_and_stop_ends_it(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    from imagecraft_desktop.trials import calibrate

    def measure(name: str, *, tick: Tick, step) -> None:
        step(2, 8)
        while True:
            tick()

    monkeypatch.setattr(calibrate, "calibrate", measure)
    fetching.page.measure_wanted.emit(NAME)
    step = say(strings.MODEL_NOW_MEASURES, name=NAME, done=2, total=8)
    fetching.desk.until(lambda: fetching.status() == step)
    fetching.desk.do(Action.STOP)
    fetching.wait_told(f"Cancelled. {say(strings.MODELS_NOT_MEASURED, name=NAME)}")


def test_status_tells_of_a_check_and_stop_ends_it(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verify(name: str, tick: Tick) -> None:
        while True:
            tick()

    monkeypatch.setattr(store, "verify", verify)
    fetching.page.check_wanted.emit(NAME)
    assert fetching.status() == "Checking the files of blip-base."
    fetching.desk.do(Action.STOP)
    fetching.wait_told("Cancelled.")
