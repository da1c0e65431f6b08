"""The history in the running program: what is kept, and what is told where it cannot be."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from imagecraft_desktop import strings
from imagecraft_desktop.history import store as stored
from imagecraft_desktop.history.record import _as_png
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.ui.history import HistoryWindow
from imagecraft_desktop.values import Certainty, Detail, HistoryEntry, Origin, Picture, Statement
from imagecraft_desktop.windows import keeping as module
from imagecraft_desktop.windows.images import Images
from imagecraft_desktop.windows.keeping import Keeping
from tests.unit.test_control import Desk

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "raise")
IN_MEMORY = (
    "Your data folder is on a network share. The history stays in memory and ends with ImageCraft."
)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    assert made.engine.end(20_000)


@pytest.fixture
def keep(desk: Desk) -> Iterator[Callable[[], Keeping]]:
    made: list[Keeping] = []

    def start() -> Keeping:
        made.append(Keeping(desk.control))
        return made[-1]

    yield start
    for one in made:
        one.close()


def kept() -> list[str]:
    return [entry.text for entry in stored.Store(stored.path()).entries()]


def test_each_description_is_kept_until_it_is_forgotten(
    desk: Desk, keep: Callable[[], Keeping], qtbot: QtBot
):
    keep()
    for number in (1, 2):
        desk.describe()
        qtbot.waitUntil(lambda number=number: len(kept()) == number, timeout=10_000)
    reply = desk.do(Action.FORGET)
    assert (reply["ok"], reply["count"]) == (True, 2)
    assert reply["spoken"] == "2 descriptions are forgotten."
    assert kept() == []
    assert desk.do(Action.STATUS)["last"] is None


def keep_old(*days: int) -> stored.Store:
    """A history with an entry of each of these ages."""
    store = stored.Store(stored.path())
    for age in days:
        old = HistoryEntry(time.time() - age * 86_400, Origin.FILE, f"{age}", "", ())
        store.add(old, limits=stored.Limits(days=0))
    return store


def names(store: stored.Store) -> list[str]:
    return [one.name for one in store.entries()]


def test_old_entries_go_at_the_start_and_when_the_limit_is_changed_even_while_it_is_off(
    desk: Desk, keep: Callable[[], Keeping], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "_SETTLED_MS", 50)
    store = keep_old(90, 10, 1)
    desk.control.settings = Settings(history=False)
    keep()
    qtbot.waitUntil(lambda: names(store) == ["1", "10"], timeout=10_000)
    desk.control.settings = Settings(history=False, history_days=5)
    desk.control.reloaded.emit()
    qtbot.waitUntil(lambda: names(store) == ["1"], timeout=10_000)


def test_a_limit_on_the_way_to_another_forgets_nothing(
    desk: Desk, keep: Callable[[], Keeping], qtbot: QtBot
):
    """The arrows of the field for days go from 3 to 0, for ever, through 2 and 1."""
    store = keep_old(2)
    desk.control.settings = Settings(history_days=3)
    keeping = keep()
    for days in (2, 1):
        desk.reloaded = (Settings(history_days=days), [])
        desk.do(Action.RELOAD)
    desk.describe()
    qtbot.waitUntil(lambda: len(names(store)) == 2, timeout=10_000)
    desk.reloaded = (Settings(history_days=0), [])
    desk.do(Action.RELOAD)
    keeping._settling.timeout.emit()
    keeping.close()
    assert names(store) == ["Accounts", "2"]


@pytest.mark.parametrize("when", ["start", "later"])
def test_nothing_is_forgotten_while_the_settings_cannot_be_read(
    desk: Desk,
    keep: Callable[[], Keeping],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    when: str,
):
    monkeypatch.setattr(module, "_SETTLED_MS", 1)
    store = keep_old(90)
    if when == "start":
        desk.control.lost_settings = frozenset({"history_days"})
    else:
        desk.control.settings = Settings(history_days=0)
    keeping = keep()
    desk.control.settings, desk.control.lost_settings = Settings(), frozenset({"history_days"})
    desk.control.reloaded.emit()
    qtbot.waitUntil(lambda: not keeping._settling.isActive(), timeout=10_000)
    desk.describe()
    keeping.close()
    assert names(store) == ["Accounts", "90"]


def test_off_it_keeps_nothing(desk: Desk, keep: Callable[[], Keeping]):
    desk.control.settings = Settings(history=False)
    keep().close()
    desk.describe()
    assert not stored.path().exists()


def test_on_a_network_share_it_stays_in_memory_and_that_is_told_once(
    desk: Desk, keep: Callable[[], Keeping], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
):
    monkeypatch.setattr(stored, "is_possible", lambda: False)
    keeping = keep()
    for number in (1, 2):
        desk.describe()
        qtbot.waitUntil(
            lambda number=number: len(keeping._store.entries()) == number, timeout=10_000
        )
    assert desk.notes.texts.count(IN_MEMORY) == 1
    files = [file.name for file in Path(paths.data_dir()).rglob("*")]
    assert files == ["history-in-memory"]
    assert (paths.data_dir() / "history-in-memory").read_bytes() == b""
    assert desk.do(Action.FORGET)["count"] == 2


def test_a_kept_picture_is_opened_in_the_image_window(desk: Desk, keep: Callable[[], Keeping]):
    keeping, images = keep(), Images(desk.control)
    keeping.picture_opened.connect(images.show_again)
    pixels = np.full((30, 40, 3), 200, np.uint8)
    said = (Statement("A grey wall.", Certainty.CERTAIN, "frame"),)
    for picture in (None, _as_png(Picture(pixels, Origin.FILE, "/p/wall.png"))):
        keeping._store.add(
            HistoryEntry(time.time(), Origin.FILE, "/p/wall.png", "photo", said), picture
        )
    desk.do(Action.HISTORY)
    window = keeping._window
    assert window is not None
    (button,) = (b for b in window.findChildren(QPushButton) if b.text() == "&Open Picture")
    assert button.isEnabled()
    button.click()
    desk.until(lambda: images._window is not None and images._window.text == "A grey wall.")
    assert images._window is not None
    assert images._window.windowTitle() == "wall.png - ImageCraft"
    assert desk.control.picture is not None
    assert np.array_equal(desk.control.picture.pixels, pixels)
    desk.until(lambda: "A grey wall." in desk.speaker.said)
    window._entries.setCurrentRow(1)
    assert not button.isEnabled(), "only the words of this one were kept"
    assert images._window._request is not None
    images._window.describe_wanted.emit(images._window._request.capture, Detail.DETAILED)
    # beside it the speaking of the entry may have been asked for
    desk.until(lambda: any(request.capture is not None for request in desk.requests))
    assert desk.requests[-1].capture is desk.control.capture
    desk.wait_done()
    images._window.close()
    window.close()
    window.deleteLater()


def test_trouble_with_the_file_is_told(desk: Desk, keep: Callable[[], Keeping], qtbot: QtBot):
    paths.data_dir().mkdir(parents=True)
    (paths.data_dir() / "history").write_text("in the way")
    keep()
    desk.describe()
    qtbot.waitUntil(
        lambda: any("The history cannot be used" in text for text in desk.notes.texts),
        timeout=10_000,
    )


# --- what is heard of the window ---


@pytest.fixture
def open_window(desk: Desk, keep: Callable[[], Keeping]) -> Iterator[Callable[[], HistoryWindow]]:
    keeping: list[Keeping] = []

    def open_it() -> HistoryWindow:
        keeping[:] = keeping or [keep()]
        desk.do(Action.HISTORY)
        window = keeping[0]._window
        assert window is not None
        return window

    yield open_it
    window = open_it()
    window.close()
    window.deleteLater()


@pytest.mark.parametrize("why", ["empty", "off"])
def test_a_window_with_nothing_to_read_says_so_each_time_it_is_opened(
    desk: Desk, open_window: Callable[[], HistoryWindow], why: str
):
    if why == "off":
        keep_old(1)
        desk.control.settings = Settings(history=False)
    sentence = say(strings.HISTORY_OFF if why == "off" else strings.HISTORY_EMPTY)
    window = open_window()
    desk.until(lambda: desk.notes.texts == [sentence])
    assert window._state.text() == sentence
    window.close()
    open_window()
    desk.until(lambda: desk.notes.texts == [sentence] * 2)


def test_a_window_with_entries_says_nothing_of_its_own(
    desk: Desk, open_window: Callable[[], HistoryWindow]
):
    keep_old(1)
    window = open_window()
    assert not window._telling.isActive()
    desk.control.reloaded.emit()
    assert not window._telling.isActive()
    assert desk.notes.texts == []


@pytest.mark.parametrize("is_on", [True, False])
def test_a_search_says_how_many_there_are_when_the_typing_rests(
    desk: Desk, open_window: Callable[[], HistoryWindow], qtbot: QtBot, is_on: bool
):
    keep_old(12, 11, 1)
    desk.control.settings = Settings(history=is_on)
    window = open_window()
    window._telling.stop()
    qtbot.keyClicks(window._search, "1")
    desk.until(lambda: desk.notes.texts == ["3 descriptions found."])
    qtbot.keyClicks(window._search, "2")
    desk.until(lambda: desk.notes.texts[1:] == ["1 description found."])
    qtbot.keyClicks(window._search, "x")
    desk.until(lambda: desk.notes.texts[2:] == ["Nothing like that in the history."])
    assert window._state.text() == "Nothing like that in the history."


def test_what_is_copied_is_told(desk: Desk, open_window: Callable[[], HistoryWindow]):
    keep_old(1)
    window = open_window()
    window._copy()
    assert QGuiApplication.clipboard().text() == window._chosen().text
    assert desk.notes.texts == ["Copied."]


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_one_is_forgotten_only_when_the_user_says_so(
    desk: Desk, open_window: Callable[[], HistoryWindow], answer: str
):
    """Then the keyboard is on its neighbour, and what was done is told once."""
    store = keep_old(3, 2, 1)
    window = open_window()
    window._entries.setCurrentRow(1)
    window._forget_one()
    (box,) = window.findChildren(QMessageBox)
    assert box.text() == "Forget description 2, 2? It cannot be brought back."
    assert names(store) == ["1", "2", "3"]
    yes = box.button(QMessageBox.StandardButton.Yes)
    (yes if answer == "yes" else box.defaultButton()).click()
    assert window.focusWidget() is window._entries
    if answer == "no":
        assert names(store) == ["1", "2", "3"]
        assert desk.notes.texts == []
        return
    assert names(store) == ["1", "3"]
    assert window._chosen().name == "3"
    assert desk.notes.texts == ["1 description is forgotten."]
    assert window._state.text() == "1 description is forgotten."
    assert not window._telling.isActive()
