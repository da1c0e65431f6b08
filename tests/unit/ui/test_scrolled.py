"""What scrolls: its bars, and what a screen reader finds in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from imagecraft_desktop.ui import scrolled
from imagecraft_desktop.ui.picture_view import PictureView
from imagecraft_desktop.ui.screen import scrolling
from imagecraft_desktop.ui.scrolled import Scrolled

# of the offscreen platform alone
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def bar_of(place: Scrolled, orientation: Qt.Orientation) -> QScrollBar:
    bars = place.findChildren(QScrollBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    (found,) = (one for one in bars if one.orientation() == orientation)
    return found


def children(part: QWidget) -> int:
    """How many a screen reader is told of."""
    return QAccessible.queryAccessibleInterface(part).childCount()


def test_no_child_comes_or_goes_for_a_reader(qtbot: QtBot) -> None:
    inner = QWidget()
    area = scrolling(inner)
    place = Scrolled(area)
    qtbot.addWidget(place)
    place.resize(200, 200)
    place.show()
    qtbot.waitExposed(place)
    bar = bar_of(place, Qt.Orientation.Vertical)
    assert children(area) == 1
    assert not bar.isVisible()
    inner.setMinimumHeight(900)
    qtbot.waitUntil(bar.isVisible)
    assert children(area) == 1
    assert bar.maximum() == 900 - bar.pageStep() == area.verticalScrollBar().maximum()
    assert not bar_of(place, Qt.Orientation.Horizontal).isVisible()
    inner.setMinimumHeight(100)
    qtbot.waitUntil(lambda: not bar.isVisible())
    place.hide()
    assert children(area) == 1


def test_a_bar_moves_what_scrolls_and_moves_with_it(qtbot: QtBot) -> None:
    inner = QWidget()
    inner.setMinimumSize(900, 900)
    area = scrolling(inner)
    place = Scrolled(area)
    qtbot.addWidget(place)
    place.resize(200, 200)
    place.show()
    for orientation, own in (
        (Qt.Orientation.Vertical, area.verticalScrollBar()),
        (Qt.Orientation.Horizontal, area.horizontalScrollBar()),
    ):
        bar = bar_of(place, orientation)
        qtbot.waitUntil(bar.isVisible)
        bar.setValue(100)
        assert own.value() == 100
        own.setValue(50)
        assert bar.value() == 50
    assert inner.pos().x() == inner.pos().y() == -50
    assert bar_of(place, Qt.Orientation.Vertical).focusPolicy() == Qt.FocusPolicy.NoFocus


def test_the_picture_scrolls_in_such_a_place(qtbot: QtBot) -> None:
    view = PictureView()
    place = Scrolled(view)
    qtbot.addWidget(place)
    place.resize(200, 200)
    place.show()
    qtbot.waitExposed(place)
    before = children(view)
    view.scene().setSceneRect(0, 0, 4000, 4000)
    qtbot.waitUntil(bar_of(place, Qt.Orientation.Vertical).isVisible)
    assert children(view) == before


def test_every_part_that_scrolls_is_in_such_a_place() -> None:
    """Lists and text are told to readers in another way, without that fault."""
    ui = Path(scrolled.__file__).parent
    makers = re.compile(r"\b(?:QScrollArea|PictureView|scrolling)\(")
    at_risk = {
        file.name: (len(makers.findall(text)), text.count("Scrolled("))
        for file in ui.rglob("*.py")
        if file.name not in {"screen.py", "scrolled.py", "picture_view.py"}
        if makers.search(text := file.read_text("utf-8"))
    }
    assert at_risk == {
        "image_window.py": (1, 1),
        "voice_dialog.py": (1, 1),
        "window.py": (1, 1),
    }
