"""What is saved is what was shown when the user asked for it, whatever comes while the dialog is open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from imagecraft_desktop.capture.decode import to_picture
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.ui.image_window import ImageWindow
from imagecraft_desktop.values import (
    Capture,
    Certainty,
    Description,
    Kind,
    Origin,
    Outcome,
    Progress,
    Request,
    Stage,
    Statement,
)
from imagecraft_desktop.windows.images import Images
from tests.fakes import FakePipeline
from tests.unit.test_control import Desk

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "raise")


class Naming(FakePipeline):
    """Decodes each picture, and says the name of its file."""

    def run(self, request: Request, output, report, tick) -> Outcome:
        if request.capture is None:
            return super().run(request, output, report, tick)
        said = Statement(
            f"This is {Path(request.capture.name).name}.", Certainty.CERTAIN, "caption"
        )
        report(Progress(request.id, Stage.DESCRIBING, picture=to_picture(request.capture)))
        report(Progress(request.id, Stage.DONE, statement=said))
        for _ in range(self.steps):
            tick()
        return Outcome(request.id, Description(Kind.PHOTO, (said,)), said.text)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    made.pipeline = Naming(None, steps=0)
    yield made
    assert made.engine.end(20_000)


@pytest.fixture
def window(desk: Desk) -> Iterator[ImageWindow]:
    images = Images(desk.control)
    desk.do(Action.IMAGES)
    made = images._window
    assert made is not None
    yield made
    made.close()
    desk.wait_done()


def show(desk: Desk, path: Path) -> None:
    desk.control.describe(Capture(Origin.FILE, str(path), path))
    desk.wait_done()


def picture(path: Path, colour: str) -> Path:
    Image.new("RGB", (6, 4), colour).save(path)
    return path


def choose(window: ImageWindow, what: str) -> QFileDialog:
    """Open the dialog, as the key does."""
    window._actions[what].trigger()
    return window.findChildren(QFileDialog)[-1]


def confirm(qtbot: QtBot, dialog: QFileDialog, path: Path) -> None:
    field = dialog.findChild(QLineEdit)
    field.setText(str(path))
    qtbot.keyClick(field, Qt.Key.Key_Return)


@pytest.mark.parametrize("what", ["picture", "text", "speech"])
@pytest.mark.parametrize("other", ["whole", "broken"])
def test_what_was_shown_is_saved_although_another_picture_came_meanwhile(
    desk: Desk, window: ImageWindow, qtbot: QtBot, tmp_path: Path, what: str, other: str
):
    first, second = picture(tmp_path / "first.png", "red"), tmp_path / "second.png"
    if other == "whole":
        picture(second, "blue")
    else:
        second.write_bytes(b"no picture")
    show(desk, first)
    dialog = choose(window, f"save_{what}")
    show(desk, second)
    desk.player.end_sound()
    saved = tmp_path / {"picture": "saved.png", "text": "saved.txt", "speech": "saved.wav"}[what]
    confirm(qtbot, dialog, saved)
    desk.until(saved.exists)
    if what == "picture":
        with Image.open(saved) as image:
            assert np.array_equal(np.asarray(image), np.asarray(Image.open(first)))
            assert image.text["Description"] == "This is first.png."
    elif what == "text":
        assert saved.read_text() == "This is first.png.\n"
    else:
        assert [one.text for one in desk.requests if one.is_own_voice] == ["This is first.png."]


def test_what_came_of_the_picture_while_the_dialog_was_open_is_saved_too(
    desk: Desk, window: ImageWindow, qtbot: QtBot, tmp_path: Path
):
    show(desk, picture(tmp_path / "first.png", "red"))
    dialog = choose(window, "save_text")
    window.add_statement(Statement("It is red.", Certainty.CERTAIN, "caption"), 1)
    confirm(qtbot, dialog, tmp_path / "saved.txt")
    desk.until((tmp_path / "saved.txt").exists)
    assert (tmp_path / "saved.txt").read_text() == "This is first.png.\nIt is red.\n"


def test_a_picture_that_is_not_there_is_never_told_as_saved(
    desk: Desk, window: ImageWindow, qtbot: QtBot, tmp_path: Path
):
    show(desk, picture(tmp_path / "first.png", "red"))
    window._picture = None
    confirm(qtbot, choose(window, "save_picture"), tmp_path / "saved.png")
    desk.until(lambda: any("saved.png could not be" in text for text in desk.notes.texts))
    assert "saved.png is saved." not in desk.notes.texts
    assert not (tmp_path / "saved.png").exists()
