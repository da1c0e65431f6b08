"""Choosing a region by keyboard: what each key does to the frame, and what it says."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui import region
from imagecraft_desktop.ui.region import Frame, Places, RegionWindow
from imagecraft_desktop.values import Box

AREA = Box(0, 0, 3200, 1080)
SCREENS = (Box(0, 0, 1920, 1080), Box(1920, 0, 3200, 720))
PLACES = Places(
    AREA,
    SCREENS,
    window=Box(100, 100, 500, 400),
    focus=Box(120, 130, 220, 150),
    last=Box(0, 0, 800, 600),
    name_at=lambda x, y: f"something at {x} {y}",
)
NOTHING = Places(AREA, SCREENS)
Key = Qt.Key
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
OPENED = f"{say(strings.REGION_OPENED)} 400 by 300."
NONE = Qt.KeyboardModifier.NoModifier
HELP = say(strings.REGION_HELP, control="Command" if sys.platform == "darwin" else "Control")


def at(frame: Frame, tabs: int) -> Frame:
    frame.turn(tabs)
    return frame


def test_it_begins_with_the_window_else_the_first_screen() -> None:
    assert Frame(PLACES).box == PLACES.window
    assert Frame(NOTHING).box == SCREENS[0]


@pytest.mark.parametrize(
    ("act", "box", "said"),
    [
        (lambda f: f.move(50, 0), (150, 100, 500, 400), "Left 150. 350 by 300."),
        (lambda f: f.move(-50, 0), (50, 100, 500, 400), "Left 50. 450 by 300."),
        (lambda f: f.move(0, -50), (100, 50, 500, 400), "Top 50. 400 by 350."),
        (lambda f: at(f, 1).move(50, 0), (100, 100, 550, 400), "Right 550. 450 by 300."),
        (lambda f: at(f, 1).move(-1, 0), (100, 100, 499, 400), "Right 499. 399 by 300."),
        (lambda f: at(f, 1).move(0, 50), (100, 100, 500, 450), "Bottom 450. 400 by 350."),
        (lambda f: at(f, 2).move(50, 0), (150, 100, 550, 400), "150, 100."),
        (lambda f: at(f, 2).move(0, -50), (100, 50, 500, 350), "100, 50."),
        (lambda f: f.turn(1), (100, 100, 500, 400), "Bottom right corner. Right 500. Bottom 400."),
        (lambda f: f.turn(-1), (100, 100, 500, 400), "Whole frame. 400 by 300."),
        (lambda f: f.turn(3), (100, 100, 500, 400), "Top left corner. Left 100. Top 100."),
        (lambda f: f.take_focus(), (120, 130, 220, 150), "Focus. 100 by 20."),
        (lambda f: f.take_last(), (0, 0, 800, 600), "Last region. 800 by 600."),
        (lambda f: f.take_screen(), SCREENS[0], "Screen 1. 1920 by 1080."),
    ],
    ids=[
        *("left-in", "left-out", "top-out", "right-out", "right-in", "bottom-out", "whole-right"),
        *("whole-up", "corner", "whole", "around", "focus", "last", "screen"),
    ],
)
def test_what_a_key_does(act: Callable[[Frame], str], box: Box, said: str) -> None:
    frame = Frame(PLACES)
    assert act(frame) == said
    assert tuple(frame.box) == tuple(box)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "Left 100."),
        (2, "Top 100."),
        (3, "Right 500."),
        (4, "Bottom 400."),
        (5, "400 by 300."),
        (6, "Under it: something at 300 250."),
    ],
)
def test_what_a_digit_reports(number: int, said: str) -> None:
    frame = Frame(PLACES)
    assert frame.tell(number) == said
    assert said in frame.tell(0)


def test_the_frame_never_leaves_the_desktop_and_never_vanishes() -> None:
    frame = at(Frame(PLACES), 2)
    for x, y in ((-200, 0), (0, -200)):
        said = [frame.move(x, y) for _ in range(3)]
        assert said[-1] == say(strings.REGION_NO_FURTHER)
    assert frame.box == Box(0, 0, 400, 300)
    said = [at(frame, 2).move(-200, 0), frame.move(-200, 0), frame.move(-200, 0)]
    assert said[-1] == say(strings.REGION_NO_FURTHER)
    assert frame.box == Box(0, 0, 8, 300)
    for _ in range(20):
        frame.move(200, 0)
    assert frame.box == Box(0, 0, 3200, 300)
    at(frame, 2).move(4000, 4000)
    assert frame.box == Box(3192, 292, 3200, 300)


def test_screens_follow_each_other_and_a_window_partly_outside_is_cut() -> None:
    frame = Frame(Places(AREA, SCREENS, window=Box(3000, 600, 3300, 900)))
    assert frame.box == Box(3000, 600, 3200, 900)
    assert frame.take_screen().startswith("Screen 1.")  # no screen holds its middle
    assert frame.take_screen().startswith("Screen 2.")
    assert frame.take_screen().startswith("Screen 1.")


def test_what_is_not_there_is_told() -> None:
    frame = Frame(NOTHING)
    before = frame.box
    assert frame.take_window() == say(strings.REGION_NO_WINDOW)
    assert frame.take_focus() == say(strings.REGION_NO_FOCUS)
    assert frame.take_last() == say(strings.REGION_NO_LAST)
    assert frame.tell(6) == say(strings.REGION_UNDER_NOTHING)
    assert frame.box == before


no_masks = pytest.mark.qt_log_ignore("does not support setting window masks")
"""Without a screen Qt cannot make the frame hollow; tests/e2e/test_choosing.py looks at that."""


@pytest.fixture
def window(qtbot: QtBot) -> RegionWindow:
    made = RegionWindow(PLACES)
    with qtbot.waitSignal(made.said) as opened:
        made.open()
    assert opened.args == [f"{say(strings.REGION_CHOOSE)} {OPENED}"]
    return made


@no_masks
def test_a_reader_says_the_title_and_gets_the_rest_afterwards(qtbot: QtBot) -> None:
    window = RegionWindow(PLACES)
    with qtbot.waitSignal(window.said) as told:
        window.open(is_title_read=True)
        (label,) = window.findChildren(QLabel)
        assert label.text() == OPENED
        with qtbot.assertNotEmitted(window.said, wait=100):
            pass
    assert told.args == [OPENED]


@no_masks
@pytest.mark.parametrize(("key", "said"), [(Key.Key_5, ["400 by 300."]), (Key.Key_Escape, [])])
def test_a_key_comes_before_what_the_frame_says_as_it_opens(
    qtbot: QtBot, key: Qt.Key, said: list[str]
) -> None:
    window = RegionWindow(PLACES)
    told: list[str] = []
    window.said.connect(told.append)
    window.open(is_title_read=True)
    qtbot.keyClick(window, key)
    qtbot.wait(2 * region.TITLE_MS)
    assert told == said


@no_masks
def test_every_key_answers(qtbot: QtBot, window: RegionWindow) -> None:
    for key, held, said in (
        (Key.Key_Right, NONE, "Left 150. 350 by 300."),
        (Key.Key_Right, SHIFT, "Left 350. 150 by 300."),
        (Key.Key_Left, CTRL, "Left 340. 160 by 300."),
        (Key.Key_Left, CTRL | SHIFT, "Left 339. 161 by 300."),
        (Key.Key_Tab, NONE, "Bottom right corner. Right 500. Bottom 400."),
        (Key.Key_Up, NONE, "Bottom 350. 161 by 250."),
        (Key.Key_Tab, NONE, "Whole frame. 161 by 250."),
        (Key.Key_Down, CTRL, "339, 110."),
        (Key.Key_Backtab, SHIFT, "Bottom right corner. Right 500. Bottom 360."),
        (Key.Key_W, NONE, "Window. 400 by 300."),
        (Key.Key_5, NONE, "400 by 300."),
        (Key.Key_S, NONE, "Screen 1. 1920 by 1080."),
        (Key.Key_F, NONE, "Focus. 100 by 20."),
        (Key.Key_L, NONE, "Last region. 800 by 600."),
        (Key.Key_H, NONE, HELP),
        (Key.Key_J, NONE, HELP),
    ):
        with qtbot.waitSignal(window.said) as told:
            qtbot.keyClick(window, key, held)
        assert told.args == [said]
        assert [one.text() for one in window.findChildren(QLabel)] == [said]


@no_masks
def test_what_is_said_is_not_said_again_by_a_reader(qtbot: QtBot, window: RegionWindow) -> None:
    (told,) = window.findChildren(QLabel)
    assert told.text() == f"{say(strings.REGION_CHOOSE)} {OPENED}"
    assert told.isVisible()
    assert told.focusPolicy() is Qt.FocusPolicy.NoFocus
    qtbot.keyClick(window, Key.Key_5)
    # a reader tells of what changes at the place that has the focus
    assert window.accessibleDescription() == ""
    assert window.accessibleName() == say(strings.REGION_TITLE)
    shown = window.grab().toImage()
    told.hide()
    assert window.grab().toImage() == shown  # it is only for the ear and the fingers


@no_masks
def test_enter_takes_and_escape_cancels(qtbot: QtBot, window: RegionWindow) -> None:
    with qtbot.waitSignal(window.taken) as taken:
        qtbot.keyClick(window, Key.Key_Return)
    assert taken.args == [PLACES.window]
    assert not window.isVisible()
    other = RegionWindow(PLACES)
    other.open()
    with qtbot.waitSignal(other.cancelled) as cancelled:
        qtbot.keyClick(other, Key.Key_Escape)
    assert cancelled.args == [False]


@no_masks
def test_closed_from_outside_it_is_cancelled_once(qtbot: QtBot, window: RegionWindow) -> None:
    told: list[bool] = []
    window.cancelled.connect(told.append)
    window.close()
    window.close()
    assert told == [False]
