"""The frame on a picture of the desktop: what is drawn where, and whose keys are heard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from imagecraft_desktop.ui import region_frozen
from imagecraft_desktop.ui.region import Places
from imagecraft_desktop.ui.region_frozen import FrozenRegionWindow
from imagecraft_desktop.values import Box, Frame

WIDE, HIGH = 400, 200
AREA = Box(0, 0, WIDE, HIGH)
BLUE, RED, YELLOW = QColor("blue"), QColor("red"), QColor("yellow")


def picture() -> Frame:
    """Blue on the left half, red on the right."""
    row = b"\xff\x00\x00\xff" * (WIDE // 2) + b"\x00\x00\xff\xff" * (WIDE // 2)
    return Frame(WIDE, HIGH, row * HIGH)


def opened(qtbot: QtBot, places: Places) -> FrozenRegionWindow:
    window = FrozenRegionWindow(places, picture())
    window.open()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def seen(widget: QWidget) -> QImage:
    """What is drawn, in the size of the picture."""
    whole = Qt.AspectRatioMode.IgnoreAspectRatio
    return (
        widget.grab().toImage().scaled(WIDE, HIGH, whole, Qt.TransformationMode.FastTransformation)
    )


def test_the_picture_fills_the_screen_and_the_frame_is_where_it_was_chosen(qtbot: QtBot) -> None:
    window = opened(qtbot, Places(AREA, [AREA], window=Box(50, 50, 150, 150)))
    image = seen(window)
    assert [image.pixelColor(x, 100) for x in (10, 100, 300)] == [BLUE, BLUE, RED]
    ratio = window.width() / WIDE
    assert window.grab().toImage().pixelColor(round(50 * ratio) - 3, round(100 * ratio)) == YELLOW
    window.close()


def test_the_frame_around_the_whole_screen_is_inside_of_it(qtbot: QtBot) -> None:
    window = opened(qtbot, Places(AREA, [AREA]))
    assert window.grab().toImage().pixelColor(3, window.height() // 2) == YELLOW
    window.close()


def test_keys_are_heard_and_enter_gives_the_region_in_pixels_of_the_picture(qtbot: QtBot) -> None:
    window = opened(qtbot, Places(AREA, [AREA], window=Box(50, 50, 150, 150)))
    with qtbot.waitSignal(window.said) as told:
        qtbot.keyClick(window, Qt.Key.Key_Right)
    assert told.args == ["Left 100. 50 by 100."]
    with qtbot.waitSignal(window.taken) as taken:
        qtbot.keyClick(window, Qt.Key.Key_Return)
    assert taken.args == [Box(100, 50, 150, 150)]


def test_a_frame_that_gets_no_focus_does_not_stay(qtbot: QtBot, monkeypatch) -> None:
    monkeypatch.setattr(region_frozen, "_FOCUS_MS", 100)
    monkeypatch.setattr(FrozenRegionWindow, "isActiveWindow", lambda self: False)
    window = FrozenRegionWindow(Places(AREA, [AREA]), picture())
    with qtbot.waitSignal(window.unfocused, timeout=3000):
        window.open()
    assert not window.isVisible()
