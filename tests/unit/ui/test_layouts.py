"""Every window with large letters, from right to left, in high contrast and in Spanish: nothing is cut
off, nothing lies upon another, Tab goes in the order in which one reads."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QFont
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QProgressBar,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from imagecraft_desktop import strings
from imagecraft_desktop.system import paths
from imagecraft_desktop.ui import screen
from tests.windows import WINDOWS, looks

# of the offscreen platform alone
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

SCREEN = QSize(1366, 728)
"""A small laptop's, without the bar at its edge."""
_PARTS = (
    *(QAbstractButton, QAbstractSpinBox, QComboBox, QLabel, QLineEdit, QListWidget),
    *(QPlainTextEdit, QProgressBar),
)
_NARROW = 2
"""Pixels that a style may take for itself."""


@pytest.fixture(autouse=True)
def _screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The offscreen platform's own is smaller than any that is sold."""
    monkeypatch.setattr(screen, "available", lambda window: SCREEN)


@pytest.fixture(params=[(1, "en"), (2, "es")], ids=["usual", "large"])
def letters(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    """Those of a desktop, and twice as large; Spanish needs more room than English."""
    size, language = request.param
    before = qapp.font()
    font = QFont("DejaVu Sans")
    font.setPointSizeF(10 * size)
    qapp.setFont(font)
    strings.use_language(language, paths.resources() / "locale")
    yield
    strings.use_language("en", paths.resources() / "locale")
    qapp.setFont(before)


def shown(qtbot: QtBot, name: str, contrast: bool = False) -> QWidget:
    window = WINDOWS[name](contrast)
    qtbot.addWidget(getattr(window, "below", window))
    window.show()
    qtbot.waitExposed(window)
    return window


def settle() -> None:
    """Until what depends on what is laid out."""
    for _ in range(3):
        QApplication.processEvents()


def parts_of(window: QWidget) -> list[QWidget]:
    """What a person sees as one thing each: not the parts of which Qt makes a control."""

    def is_inner(part: QWidget) -> bool:
        above = part.parentWidget()
        while above is not None and above is not window:
            if isinstance(above, _PARTS):
                return True
            above = above.parentWidget()
        return False

    found = [one for one in window.findChildren(QWidget) if isinstance(one, _PARTS)]
    return [
        one
        for one in found
        if one.isVisibleTo(window) and one.window() is window and not is_inner(one)
    ]


def place_of(part: QWidget, window: QWidget) -> QRect:
    return QRect(part.mapTo(window, QPoint(0, 0)), part.size())


def told(part: QWidget) -> str:
    text = part.text() if hasattr(part, "text") else ""
    return f"{type(part).__name__} {text or part.accessibleName() or part.objectName()!r}"


def is_cut(part: QWidget) -> bool:
    """Whether it has less room than its words need."""
    need = part.minimumSizeHint()
    if isinstance(part, QListWidget):  # it scrolls, but a line must fit in
        return part.viewport().height() < part.fontMetrics().height()
    if isinstance(part, QAbstractButton):
        need = part.sizeHint()
    if isinstance(part, QLabel):
        if part.wordWrap():
            return part.height() < part.heightForWidth(part.width())
        need = part.sizeHint()
    return need.width() > part.width() + _NARROW or need.height() > part.height() + _NARROW


def scroll_of(part: QWidget) -> QScrollArea | None:
    above = part.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            return above
        above = above.parentWidget()
    return None


def is_outside(part: QWidget, window: QWidget) -> bool:
    """Whether it is not in the window, nor can be scrolled to by going on in the text."""
    place = place_of(part, window)
    scroll = scroll_of(part)
    if scroll is None:
        return not window.rect().contains(place)
    port = QRect(scroll.viewport().mapTo(window, QPoint(0, 0)), scroll.viewport().size())
    return place.left() < port.left() or place.right() > port.right()


@pytest.mark.parametrize("contrast", [False, True], ids=["plain", "contrast"])
@pytest.mark.parametrize("name", WINDOWS)
def test_nothing_is_cut_off_or_covered(
    qtbot: QtBot, name: str, contrast: bool, letters: None
) -> None:
    window = shown(qtbot, name, contrast)
    for look in looks(window):
        settle()
        assert window.width() <= SCREEN.width(), look
        assert window.height() <= SCREEN.height(), look
        parts = parts_of(window)
        assert (look, [told(one) for one in parts if is_cut(one)]) == (look, [])
        assert (look, [told(one) for one in parts if is_outside(one, window)]) == (look, [])
        for one, other in combinations(parts, 2):
            shared = place_of(one, window).intersected(place_of(other, window))
            if scroll_of(one) is scroll_of(other):
                assert shared.isEmpty(), (look, told(one), told(other))


@pytest.mark.parametrize("name", WINDOWS)
def test_from_right_to_left_all_is_mirrored(qtbot: QtBot, qapp: QApplication, name: str) -> None:
    def places() -> list[tuple[str, int, int, QRect]]:
        """Of each part the distance from the edge where lines begin and from where they end."""
        window, found = shown(qtbot, name), []
        for look in looks(window):
            settle()
            for one in parts_of(window):
                place = place_of(one, window)
                edges = place.left(), window.width() - 1 - place.right()
                found.append((look + told(one), *edges[:: -1 if is_turned else 1], place))
        return found

    is_turned = False
    before = places()
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        is_turned = True
        after = places()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    assert [one[0] for one in after] == [one[0] for one in before]
    for (what, begins, ends, place), (_, begins_now, ends_now, now) in zip(
        before, after, strict=True
    ):
        assert abs(begins - begins_now) <= _NARROW, (what, place, now)
        assert abs(ends - ends_now) <= _NARROW, (what, place, now)


@pytest.mark.parametrize("name", [name for name in WINDOWS if name != "image"])
def test_tab_goes_on_as_one_reads(qtbot: QtBot, name: str) -> None:
    """The image window, which begins with what was found, is walked in tests/e2e."""
    window = shown(qtbot, name)

    def rank(part: QWidget) -> tuple[int, int, int]:
        """What scrolls is beside or between what does not."""
        scroll, place = scroll_of(part), place_of(part, window)
        areas = [one for one in window.findChildren(QScrollArea) if type(one) is QScrollArea]
        if scroll is not None or not areas:
            return 1, place.top(), place.left()
        is_below = place.top() > place_of(areas[0], window).bottom()
        return 2 if is_below else 0, place.top(), place.left()

    for look in looks(window):
        settle()
        parts = [one for one in parts_of(window) if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
        parts = [one for one in parts if one.isEnabled()]
        first = min(parts, key=rank)
        stops, here = [first], first.nextInFocusChain()
        while here is not first:
            if here in parts:
                stops.append(here)
            here = here.nextInFocusChain()
        read = sorted(parts, key=rank)
        assert (look, [told(one) for one in stops]) == (look, [told(one) for one in read])


@pytest.mark.parametrize("name", WINDOWS)
def test_all_that_takes_the_keyboard_has_a_name(qtbot: QtBot, name: str) -> None:
    """Where a reader asks for it."""

    def name_of(part: QWidget) -> str:
        return QAccessible.queryAccessibleInterface(part).text(QAccessible.Text.Name)

    window = shown(qtbot, name)
    for look in looks(window):
        settle()
        parts = [one for one in parts_of(window) if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
        assert parts, look
        assert (look, [told(one) for one in parts if not name_of(one)]) == (look, [])


@pytest.mark.parametrize("name", WINDOWS)
def test_nothing_moves_by_itself(qtbot: QtBot, qapp: QApplication, name: str) -> None:
    """For those whom motion makes ill: only the text cursor blinks, as the desktop has it."""
    blinking = qapp.cursorFlashTime()
    qapp.setCursorFlashTime(0)
    try:
        window = shown(qtbot, name)
        for _ in looks(window):
            pass
        settle()
        before = window.grab().toImage()
        qtbot.wait(300)
        assert window.grab().toImage() == before
    finally:
        qapp.setCursorFlashTime(blinking)
