"""Windows that are open take over the language and the colours that the user chooses."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from imagecraft_desktop import strings
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.system import paths
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.values import Certainty, HistoryEntry, Origin, Statement
from imagecraft_desktop.windows.ask import Asking
from imagecraft_desktop.windows.images import Images
from imagecraft_desktop.windows.keeping import Keeping
from tests.unit.test_control import Desk

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "raise")


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    assert made.engine.end(20_000)
    _speak("en")


def _speak(language: str) -> None:
    strings.use_language(language, paths.resources() / "locale")


def _change(desk: Desk, language: str = "en", **settings: object) -> None:
    _speak(language)
    desk.reloaded = (Settings(**settings), [])  # type: ignore[arg-type]
    desk.do(Action.RELOAD)


def _ground(window: QWidget) -> str:
    return window.grab().toImage().pixelColor(1, window.height() - 2).name()


def _labels(window: QWidget) -> set[str]:
    parts: list[QLabel | QPushButton] = window.findChildren(QLabel)
    parts += window.findChildren(QPushButton)
    return {part.text().replace("&", "") for part in parts if part.isVisible()}


def test_the_image_window(desk: Desk) -> None:
    images = Images(desk.control)
    desk.describe()
    desk.do(Action.IMAGES)
    window = images._window
    assert window is not None
    window._question.setText("How many?")
    window._actions["boxes"].setChecked(False)
    _change(desk, "es", high_contrast=True)
    assert _ground(window) == "#000000"
    assert window._actions["contrast"].isChecked()
    assert not window._actions["boxes"].isChecked()
    assert {"Descripción", "Preguntar"} <= _labels(window)
    assert not {"Description", "Ask"} & _labels(window)
    assert window._list.item(0).text() == "ready Seguro."
    assert window._question.text() == "How many?"
    copying = QKeySequence("Ctrl+C")
    # two with the same key would both do nothing
    desk.until(lambda: [one.shortcut() for one in window.findChildren(QAction)].count(copying) == 1)
    window._actions["copy"].trigger()
    assert QGuiApplication.clipboard().text() == "ready"
    _change(desk, "es")
    assert _ground(window) != "#000000"
    window.close()
    desk.wait_done()


def test_the_image_window_waits_with_its_language_for_the_end_of_a_description(desk: Desk) -> None:
    images = Images(desk.control)
    desk.do(Action.IMAGES)
    window = images._window
    assert window is not None
    desk.pipeline.steps = 30
    desk.do(Action.WINDOW)
    _change(desk, "es")
    assert "Description" in _labels(window)
    desk.wait_done()
    assert "Descripción" in _labels(window)
    assert window.text == "ready"
    window.close()


def test_the_history_window(desk: Desk) -> None:
    keeping = Keeping(desk.control)
    for name in ("one", "two", "three"):
        said = (Statement(f"A grey {name}.", Certainty.CERTAIN, "frame"),)
        keeping._store.add(HistoryEntry(time.time(), Origin.FILE, name, "photo", said))
    desk.do(Action.HISTORY)
    window = keeping._window
    assert window is not None
    window._search.setText("grey")
    window._entries.setCurrentRow(1)
    _change(desk, "es", high_contrast=True)
    assert _ground(window) == "#000000"
    assert {"Descripciones", "Cerrar"} <= _labels(window)
    assert not {"Descriptions", "Close"} & _labels(window)
    assert window.words == "grey"
    entries, sentences = (one for one in window.findChildren(QListWidget) if one.isVisible())
    assert (entries.count(), entries.currentRow()) == (3, 1)
    assert sentences.item(0).text() == "Seguro: A grey two."
    window._for_one[-1].click()
    (question,) = window.findChildren(QMessageBox)
    question.button(QMessageBox.StandardButton.Yes).click()
    assert entries.count() == 2
    window.close()
    window.deleteLater()
    keeping.close()


def test_the_question_window(desk: Desk) -> None:
    asking = Asking(desk.control)
    desk.describe()
    desk.answering = {"embedded"}
    desk.do(Action.ASK)
    window = asking._dialog
    assert window is not None
    window.findChildren(QLineEdit)[0].setText("How many?")
    _change(desk, "es", high_contrast=True)
    assert _ground(window) == "#000000"
    assert {"Preguntar", "Cancelar"} <= _labels(window)
    assert window.findChildren(QLineEdit)[0].text() == "How many?"
    assert window.findChildren(QLineEdit)[0].accessibleName() in _labels(window)
    desk.answering = set()
    window._send()
    assert window.isVisible(), "a refused question is not lost"
    desk.answering = {"embedded"}
    window._send()
    assert not window.isVisible()
    desk.wait_done()
