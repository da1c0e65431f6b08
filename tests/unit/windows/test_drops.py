"""What is dropped on the image window is described: a folder, a picture itself, addresses of the web."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from imagecraft_desktop import strings
from imagecraft_desktop.capture import url
from imagecraft_desktop.strings import say
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.ui.image_window import ImageWindow
from imagecraft_desktop.values import Capture
from imagecraft_desktop.windows import images as module
from imagecraft_desktop.windows.images import Images
from tests.local_server import Handler, LocalServer
from tests.unit.capture.encoded import FILES
from tests.unit.test_control import Desk

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "raise")
SAMPLES = Path(__file__).parents[3] / "resources" / "samples"


class Pictures(Handler):
    """Any path is a picture, but those with "none" in them."""

    def do_GET(self) -> None:
        is_there = "none" not in self.path
        self.answer(200 if is_there else 404, FILES["png"] if is_there else b"", {})


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    assert made.engine.end(20_000)


@pytest.fixture
def images(desk: Desk) -> Iterator[Images]:
    made = Images(desk.control)
    desk.do(Action.IMAGES)
    yield made
    made._follow.stop()
    window = window_of(made)
    window.close()
    window.deleteLater()
    desk.wait_done()


def window_of(images: Images) -> ImageWindow:
    assert images._window is not None
    return images._window


def drop(images: Images, mime: QMimeData) -> None:
    action, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    button = Qt.MouseButton.LeftButton
    for event in (
        QDragEnterEvent(QPoint(9, 9), action, mime, button, none),
        QDropEvent(QPointF(9, 9), action, mime, button, none),
    ):
        QApplication.sendEvent(window_of(images), event)


def links(*addresses: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl(address) for address in addresses])
    return mime


def question(images: Images) -> QMessageBox:
    return window_of(images).findChildren(QMessageBox)[-1]


def names(images: Images) -> list[str]:
    return [item.name for item in images._queue.items]


def test_the_pictures_of_a_dropped_folder_are_described(
    desk: Desk, images: Images, tmp_path: Path
) -> None:
    for name in ("10.jpg", "9.jpg", "below/1.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(SAMPLES / "dog.jpg", tmp_path / name)
    (tmp_path / "notes.txt").write_text("no picture")
    drop(images, links(QUrl.fromLocalFile(str(tmp_path)).toString()))
    desk.until(lambda: names(images))
    assert names(images) == ["9.jpg", "10.jpg", "1.jpg"]
    desk.until(lambda: desk.requests)
    assert desk.requests[0].opening == "1 of 3: 9.jpg."


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Stands in for a disk that is slow: each folder waits until this is set."""
    event, walk = threading.Event(), os.walk

    def wait(*given: Any) -> Iterator[Any]:
        assert event.wait(20)
        yield from walk(*given)

    monkeypatch.setattr(os, "walk", wait)
    yield event
    event.set()


def drop_folder(images: Images, folder: Path) -> None:
    shutil.copy(SAMPLES / "dog.jpg", folder / "a.jpg")
    drop(images, links(QUrl.fromLocalFile(str(folder)).toString()))


def test_a_folder_that_takes_long_is_told_and_holds_nothing_up(
    desk: Desk, images: Images, tmp_path: Path, held: threading.Event
) -> None:
    drop_folder(images, tmp_path)
    assert names(images) == []
    told = "Looking for pictures in the folder."
    status = desk.do(Action.STATUS)
    assert (status["state"], status["spoken"]) == ("working", told)
    desk.until(lambda: told in desk.notes.texts)
    held.set()
    desk.until(lambda: names(images))
    assert names(images) == ["a.jpg"]
    assert desk.do(Action.STATUS)["state"] != "working"


@pytest.mark.parametrize("way", ["stop", "forget", "close"])
def test_looking_through_a_folder_ends_with_stop_and_with_the_window(
    desk: Desk, images: Images, tmp_path: Path, held: threading.Event, way: str
) -> None:
    drop_folder(images, tmp_path)
    window = window_of(images)
    acts = {
        "stop": lambda: desk.do(Action.STOP),
        "forget": desk.control.forget,
        "close": window.close,
    }
    acts[way]()
    held.set()
    if way != "forget":
        desk.until(lambda: say(strings.CANCELLED) in desk.speaker.said)
    desk.until(lambda: not any(t.name == "window job" for t in threading.enumerate()))
    desk.qtbot.wait(50)
    assert images._looking.sentence() == ""
    assert names(images) == []
    if way == "close":
        desk.do(Action.IMAGES)


@pytest.mark.parametrize("kind", ["file", "bitmap"])
def test_a_dropped_picture_itself_is_described(desk: Desk, images: Images, kind: str) -> None:
    mime = QMimeData()
    if kind == "file":
        mime.setData("image/png", FILES["png"])
    else:
        mime.setImageData(QImage(4, 3, QImage.Format.Format_RGB32))
    drop(images, mime)
    assert names(images) == ["dropped picture"]
    desk.until(lambda: desk.requests)


def test_all_dropped_addresses_are_fetched_after_one_yes(
    desk: Desk, images: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(url, "is_public", lambda _: True)  # the only server here is this machine
    with LocalServer(Pictures).running() as server:
        drop(images, links(*(f"{server.url}/{name}.png" for name in ("a", "none", "b"))))
        box = question(images)
        assert box.text() == "Fetch 3 pictures from 127.0.0.1? The network is used for that."
        assert desk.requests == []
        box.button(QMessageBox.StandardButton.Yes).click()
        desk.until(lambda: len(images._queue.items) == 2)
        assert [name.rpartition("/")[2] for name in names(images)] == ["a.png", "b.png"]
        desk.until(lambda: any("none.png" in text for text in desk.notes.texts))
        desk.until(lambda: desk.requests)
        assert desk.requests[0].capture.content == FILES["png"]


class Held(Pictures):
    """The second picture does not come before the test is over."""

    def do_GET(self) -> None:
        if "2" in self.path:
            self.server.owner.over.wait(20)
        super().do_GET()


def fetch(images: Images, server: LocalServer, count: int) -> None:
    drop(images, links(*(f"{server.url}/{number}.png" for number in range(1, count + 1))))
    question(images).button(QMessageBox.StandardButton.Yes).click()


@pytest.mark.parametrize("way", ["stop", "forget", "cancel", "close"])
def test_fetching_ends_with_stop_with_the_list_and_with_the_window(
    desk: Desk, images: Images, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(url, "is_public", lambda _: True)
    with LocalServer(Held).running() as server:
        fetch(images, server, 3)
        desk.until(lambda: names(images) and "2 of 3" in images._fetching.sentence())
        window = window_of(images)
        acts = {
            "stop": lambda: desk.do(Action.STOP),
            "forget": desk.control.forget,
            "cancel": window._cancel_queue,
            "close": window.close,
        }
        acts[way]()
        assert images._fetching.sentence() == ""
        desk.until(lambda: not any(t.name == "fetch" for t in threading.enumerate()))
        desk.until(lambda: say(strings.CANCELLED) in desk.speaker.said)
    desk.wait_done()
    if way == "close":
        desk.do(Action.IMAGES)
    assert len(names(images)) <= 1, "no other was fetched"
    assert not any("could not be fetched" in text for text in desk.notes.texts)


def test_status_tells_of_fetching_and_a_closed_window_ends_it_without_a_list(
    desk: Desk, images: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(url, "is_public", lambda _: True)
    with LocalServer(Held).running() as server:
        drop(images, links(f"{server.url}/2.png"))
        question(images).button(QMessageBox.StandardButton.Yes).click()
        status = desk.do(Action.STATUS)
        assert (status["state"], status["spoken"]) == (
            "working",
            "Fetching a picture from 127.0.0.1.",
        )
        window_of(images).close()
        assert desk.do(Action.STATUS)["state"] != "working"
        assert "Cancelled." in desk.notes.texts
    desk.do(Action.IMAGES)


def test_a_defect_while_fetching_is_told_and_ends_it(
    desk: Desk, images: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Capture:
        raise ZeroDivisionError

    monkeypatch.setattr(url, "fetch", fail)
    drop(images, links("https://example.org/a.png"))
    question(images).button(QMessageBox.StandardButton.Yes).click()
    desk.until(lambda: say(strings.ERR_UNEXPECTED) in desk.notes.texts)
    assert images._fetching.sentence() == ""


def test_it_is_told_how_many_addresses_are_taken(
    desk: Desk, images: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_FETCHED", 2)
    drop(images, links(*(f"https://example.org/{name}.png" for name in "abc")))
    assert question(images).text().startswith("Fetch 2 pictures from example.org?")
    question(images).reject()
    assert "Only the first 2 are taken." in desk.notes.texts
    assert images._queue.items == []
