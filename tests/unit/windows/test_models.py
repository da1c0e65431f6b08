"""The page Models: status tells of its work, and Stop ends that; a hub on this machine, paced or cut."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from huggingface_hub import constants
from PySide6.QtWidgets import QDialog, QFileDialog, QListWidget, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from imagecraft_desktop import strings
from imagecraft_desktop.cli.models import models
from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.strings import say
from imagecraft_desktop.trials import calibrate
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.ui.settings.mnemonics import Mnemonics
from imagecraft_desktop.ui.settings.models_page import FactsDialog, TermsDialog
from imagecraft_desktop.values import Choice, Tick
from imagecraft_desktop.weights import catalogue, download, store
from imagecraft_desktop.weights.steps import Stage, Step, Tell
from imagecraft_desktop.windows.jobs import Jobs
from imagecraft_desktop.windows.models import Models
from tests.hub_server import Hub, Mischief
from tests.tiny_models import blip, write
from tests.unit.test_control import Desk

NAME = "blip-base"
# of the offscreen platform alone
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
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
        qtbot.addWidget(self.page, before_close_func=lambda _: self.end())

    def end(self) -> None:
        self.models.close()
        self.desk.wait_jobs()

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


def measure_nothing(name: str, **_: object) -> None:
    """What is installed here is no network, and so is not measured, as after Cancel."""
    raise Cancelled


@pytest.fixture
def fetching(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fetching]:
    monkeypatch.setattr(calibrate, "calibrate", measure_nothing)
    monkeypatch.setattr(TermsDialog, "exec", lambda _: QDialog.DialogCode.Accepted)
    made = Fetching(qtbot)
    yield made
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


def button(fetching: Fetching, name: str) -> QPushButton:
    buttons = fetching.page.findChildren(QPushButton)
    return next(one for one in buttons if one.accessibleName() == name)


def test_a_download_is_paused_told_of_and_goes_on(
    fetching: Fetching, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 20_000)
    hub.mischief.append(Mischief("model.safetensors", pace=N // 40))
    paused = button(fetching, "Pause the download")
    assert not paused.isEnabled()
    fetching.install()
    fetching.desk.until(paused.isEnabled)
    paused.click()
    fetching.wait_told("Paused.")
    assert paused.accessibleName() == "Go on with the download"
    assert fetching.status().endswith("megabyte. Paused.")
    hub.mischief.clear()
    paused.click()
    fetching.wait_told("Going on.")
    assert paused.accessibleName() == "Pause the download"
    fetching.wait_told(f"Cancelled. {say(strings.MODELS_NOT_MEASURED, name=NAME)}")
    assert store.manifest(NAME) is not None
    assert not paused.isEnabled()


def test_paused_it_goes_on_also_from_a_page_that_was_made_anew(
    fetching: Fetching, hub: Hub, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the language changes."""
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 20_000)
    hub.mischief.append(Mischief("model.safetensors", pace=N // 40))
    fetching.install()
    paused = button(fetching, "Pause the download")
    fetching.desk.until(paused.isEnabled)
    paused.click()
    fetching.wait_told("Paused.")
    fetching.page = fetching.models.make_page(Mnemonics())
    qtbot.addWidget(fetching.page)
    go_on = button(fetching, "Go on with the download")
    assert go_on.isEnabled()
    hub.mischief.clear()
    go_on.click()
    fetching.wait_told("Going on.")
    fetching.wait_told(f"Cancelled. {say(strings.MODELS_NOT_MEASURED, name=NAME)}")
    page = fetching.models.make_page(Mnemonics())
    qtbot.addWidget(page)
    assert not any(
        one.isEnabled() for one in page.findChildren(QPushButton) if "download" in one.text()
    )


def test_all_about_a_model_is_told_as_the_command_does(
    fetching: Fetching, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    fetching.page.show_models([Choice(NAME, NAME)])
    button(fetching, "All about it").click()
    fetching.desk.until(lambda: fetching.page.findChildren(FactsDialog))
    (dialog,) = fetching.page.findChildren(FactsDialog)
    (rows,) = dialog.findChildren(QListWidget)
    facts = [rows.item(place).text() for place in range(rows.count())]
    assert models(argparse.Namespace(verb="show", name=NAME, json=False)) == 0
    assert "\n".join(facts) + "\n" == capsys.readouterr().out
    assert any("Licence: BSD-3-Clause. Read it at" in fact for fact in facts)
    dialog.reject()


def test_a_model_is_installed_from_a_folder_after_its_terms(
    fetching: Fetching, tmp_path: Path
) -> None:
    folder = tmp_path / "brought"
    write(folder, blip(N))
    fetching.page.show_models([Choice(NAME, NAME)])
    button(fetching, "Install from a folder").click()
    (chooser,) = fetching.page.findChildren(QFileDialog)
    assert chooser.fileMode() is QFileDialog.FileMode.Directory
    chooser.fileSelected.emit(str(folder))
    assert fetching.status() == say(strings.MODEL_NOW_COPIED, name=NAME)
    fetching.wait_told(say(strings.MODEL_CHECKING))
    assert any(told.startswith("Copying ") for told in fetching.told)
    fetching.wait_told(f"Cancelled. {say(strings.MODELS_NOT_MEASURED, name=NAME)}")
    assert store.manifest(NAME) is not None
    chooser.close()


def test_of_a_spoiled_record_of_first_downloads_it_is_told_before_a_check(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "verify", lambda name, *_: measure_nothing(name))
    write(store.root(), {".recorded.json": b"{"})
    fetching.page.check_wanted.emit(NAME)
    fetching.wait_told("Cancelled.")
    assert fetching.told[0].startswith("What was noted of the first downloads of models cannot ")


def next_said(fetching: Fetching) -> bool:
    """Let a sentence end, so that the one that waits is said; False."""
    fetching.desk.aside.end_sound()
    fetching.desk.control.end_listening()
    return False


def test_status_tells_of_a_measurement_and_its_step_and_stop_ends_it(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
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


def test_a_warm_model_leaves_the_memory_before_another_is_measured(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = fetching.desk.pipeline
    unloads: list[int] = []

    def measure(name: str, **_: object) -> None:
        unloads.append(pipeline.unloads)
        raise Cancelled

    monkeypatch.setattr(calibrate, "calibrate", measure)
    fetching.desk.describe()
    fetching.page.measure_wanted.emit(NAME)
    fetching.wait_told(f"Cancelled. {say(strings.MODELS_NOT_MEASURED, name=NAME)}")
    assert unloads == [1]


def test_a_measurement_gives_way_to_a_description_and_begins_again_after_it(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = fetching.desk
    begun: list[int] = []

    def measure(name: str, *, tick: Tick, **_: object) -> None:
        begun.append(len(desk.requests))
        while len(begun) == 1:
            tick()
        assert not desk.engine.is_describing
        raise Cancelled

    monkeypatch.setattr(calibrate, "calibrate", measure)
    fetching.page.measure_wanted.emit(NAME)
    desk.until(lambda: begun)
    desk.control.tell("A word that is said.")
    desk.until(lambda: "A word that is said." in desk.speaker.said)
    assert len(begun) == 1, "for a word it does not"
    desk.pipeline.steps = 100
    desk.describe()
    fetching.wait_told(f"Cancelled. {say(strings.MODELS_NOT_MEASURED, name=NAME)}")
    assert say(strings.MODEL_GIVES_WAY) in fetching.told
    assert len(begun) == 2
    assert begun[1] > begun[0]
    assert desk.pipeline.unloads == 2


def test_stop_is_heard_while_a_warm_model_has_yet_to_leave(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching.desk.engine, "make_room", threading.Event)
    fetching.page.measure_wanted.emit(NAME)
    assert fetching.status() == say(strings.MODEL_NOW_MEASURED, name=NAME)
    fetching.desk.do(Action.STOP)
    fetching.wait_told(f"Cancelled. {say(strings.MODELS_NOT_MEASURED, name=NAME)}")


def test_status_tells_of_a_check_and_stop_ends_it(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verify(name: str, tick: Tick, tell: Tell) -> None:
        for done in (0, 3, 6):
            tell(Step(Stage.CHECK, done, 10))
        while True:
            tick()

    monkeypatch.setattr(store, "verify", verify)
    fetching.page.check_wanted.emit(NAME)
    assert fetching.status() == "Checking the files of blip-base."
    (bar,) = fetching.page.findChildren(QProgressBar)
    fetching.desk.until(lambda: bar.value() == bar.maximum() * 6 // 10)
    assert not button(fetching, "Pause the download").isEnabled()
    assert say(strings.MODEL_CHECKING) in fetching.told
    fetching.desk.do(Action.STOP)
    fetching.wait_told("Cancelled.")
