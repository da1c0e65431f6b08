"""Chooses a region of the screen by keyboard and by ear.

While it is open a frame window has the focus, so the keys are ours and nobody else's. It is hollow:
what is under it stays visible. Every key answers with a short sentence.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QRegion,
)
from PySide6.QtWidgets import QLabel, QMainWindow

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.labels import command_key
from imagecraft_desktop.values import Box

_STEP = 50
_SHIFT_STEP = 200
_CONTROL_STEP = 10
_BOTH_STEP = 1
"""Pixels that an arrow moves: alone, and with Shift, Control, and both held."""
_LEAST = 8
"""Pixels; a smaller region shows nothing."""
LINE = 6
"""How wide the frame is drawn."""
TITLE_MS = 500
"""A screen reader has begun with a window's title by then; what it is given sooner it says before that."""
_Key = Qt.Key
_DIGITS = [_Key(_Key.Key_0 + number) for number in range(7)]
_NAMED = {
    _Key(number)
    for number in [*range(_Key.Key_0, _Key.Key_9 + 1), *range(_Key.Key_A, _Key.Key_Z + 1)]
}
_PLACES = {
    **{number + 1: _DIGITS[number] for number in range(1, 7)},
    11: _Key.Key_0,
    17: _Key.Key_W,
    31: _Key.Key_S,
    33: _Key.Key_F,
    35: _Key.Key_H,
    38: _Key.Key_L,
}
"""Keys by their place on a keyboard, as Linux and Windows number them. Source: linux/input-event-codes.h."""
_X11_SHIFT = 8
"""What X11 adds to these numbers, and Qt with Wayland."""
_WAYS = {
    _Key.Key_Left: (-1, 0),
    _Key.Key_Right: (1, 0),
    _Key.Key_Up: (0, -1),
    _Key.Key_Down: (0, 1),
}


@dataclass(frozen=True)
class Places:
    """Where a region can begin and end, in the coordinates of `capture.screen`.

    Attributes:
        area: The whole desktop.
        screens: In the order of their numbers.
        window: The active window, if any.
        focus: What has the keyboard's focus there, if that is known.
        last: The region that was described last, if any.
        name_at: What is at a point, in words; empty when that is not known.
    """

    area: Box
    screens: Sequence[Box]
    window: Box | None = None
    focus: Box | None = None
    last: Box | None = None
    name_at: Callable[[int, int], str] = field(default=lambda x, y: "")


class Handle(Enum):
    """What of the frame the arrows move."""

    TOP_LEFT = auto()
    """The left and the top edge."""
    BOTTOM_RIGHT = auto()
    WHOLE = auto()


class Frame:
    """The rectangle that is being chosen. Pure: boxes and sentences, no window.

    It begins with the window, else the first screen, and never leaves the desktop.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self._handle = Handle.TOP_LEFT
        self.box = self._inside(places.window or places.screens[0])

    # --- what the keys do; each returns what is said ---

    def move(self, x: int, y: int) -> str:
        """An edge at the corner that was turned to, or the whole frame, by so many pixels; the edge where
        `x` or `y` is not 0."""
        left, top, right, bottom = self.box
        area = self._places.area
        if self._handle is Handle.WHOLE:
            x = min(max(x, area.left - left), area.right - right)
            y = min(max(y, area.top - top), area.bottom - bottom)
            moved = Box(left + x, top + y, right + x, bottom + y)
        elif self._handle is Handle.TOP_LEFT:
            left = min(max(left + x, area.left), right - _LEAST)
            top = min(max(top + y, area.top), bottom - _LEAST)
            moved = Box(left, top, right, bottom)
        else:
            right = max(min(right + x, area.right), left + _LEAST)
            bottom = max(min(bottom + y, area.bottom), top + _LEAST)
            moved = Box(left, top, right, bottom)
        if moved == self.box:
            return say(strings.REGION_NO_FURTHER)
        self.box = moved
        if self._handle is Handle.WHOLE:
            return say(strings.REGION_AT, left=moved.left, top=moved.top)
        edge = (1 if x else 2) if self._handle is Handle.TOP_LEFT else (3 if x else 4)
        return f"{self.tell(edge)} {self.tell_size()}"

    def turn(self, by: int) -> str:
        """To the next corner, or the whole frame; -1 for the one before."""
        handles = list(Handle)
        self._handle = handles[(handles.index(self._handle) + by) % len(handles)]
        edges = {Handle.TOP_LEFT: (1, 2), Handle.BOTTOM_RIGHT: (3, 4)}.get(self._handle)
        name = say(_HANDLE_NAMES[self._handle])
        return " ".join([name, *(map(self.tell, edges) if edges else [self.tell_size()])])

    def take_window(self) -> str:
        return self._take(self._places.window, strings.REGION_WINDOW, strings.REGION_NO_WINDOW)

    def take_focus(self) -> str:
        return self._take(self._places.focus, strings.REGION_FOCUS, strings.REGION_NO_FOCUS)

    def take_last(self) -> str:
        return self._take(self._places.last, strings.REGION_LAST, strings.REGION_NO_LAST)

    def take_screen(self) -> str:
        """The screen of the frame's middle; again, the next one."""
        screens = list(self._places.screens)
        if self.box in screens:
            number = (screens.index(self.box) + 1) % len(screens)
        else:
            x, y = self.middle
            holding = (n for n, one in enumerate(screens) if _holds(one, x, y))
            number = next(holding, 0)
        self.box = self._inside(screens[number])
        said = say(strings.REGION_SCREEN, number=number + 1)
        return f"{said} {self.tell_size()}"

    def tell(self, number: int) -> str:
        """What a digit asks for: 1 to 4 the edges, 5 the size, 6 what is under it, 0 everything."""
        box = self.box
        edges = {
            1: (strings.REGION_LEFT, box.left),
            2: (strings.REGION_TOP, box.top),
            3: (strings.REGION_RIGHT, box.right),
            4: (strings.REGION_BOTTOM, box.bottom),
        }
        if number in edges:
            message, place = edges[number]
            return say(message, place=place)
        if number == 5:
            return self.tell_size()
        if number == 6:
            return self.tell_under()
        if number == 0:
            return " ".join([*map(self.tell, (1, 2, 3, 4)), self.tell_size(), self.tell_under()])
        return say(strings.REGION_HELP, control=command_key())

    def tell_size(self) -> str:
        return say(strings.REGION_SIZE, width=self.box.width, height=self.box.height)

    def tell_under(self) -> str:
        """What is under the middle of the frame."""
        name = self._places.name_at(*self.middle)
        return say(strings.REGION_UNDER, name=name) if name else say(strings.REGION_UNDER_NOTHING)

    @property
    def middle(self) -> tuple[int, int]:
        return (self.box.left + self.box.right) // 2, (self.box.top + self.box.bottom) // 2

    def _take(self, box: Box | None, message: str, missing: str) -> str:
        if box is None:
            return say(missing)
        self.box = self._inside(box)
        return f"{say(message)} {self.tell_size()}"

    def _inside(self, box: Box) -> Box:
        """The part of a box that is on the desktop, and never too small to be seen."""
        area = self._places.area
        left = min(max(box.left, area.left), area.right - _LEAST)
        top = min(max(box.top, area.top), area.bottom - _LEAST)
        right = max(min(box.right, area.right), left + _LEAST)
        bottom = max(min(box.bottom, area.bottom), top + _LEAST)
        return Box(left, top, right, bottom)


_HANDLE_NAMES = {
    Handle.TOP_LEFT: strings.REGION_TOP_LEFT,
    Handle.BOTTOM_RIGHT: strings.REGION_BOTTOM_RIGHT,
    Handle.WHOLE: strings.REGION_WHOLE,
}


def _meant(event: QKeyEvent) -> Qt.Key:
    """The key that is meant: by what is on it; where that is no Latin letter or digit, by where it is."""
    key = _Key(event.key())
    is_typed = event.text().strip().isprintable() and bool(event.text().strip())
    if not is_typed or key in _NAMED:
        return key
    code = event.nativeScanCode()
    if sys.platform.startswith("linux"):
        code -= _X11_SHIFT
    return _PLACES.get(code, key)


class _Told(QLabel):
    """What was said last, for who reads the window: out of sight, and away from the focus, for a reader
    says at once what changes there."""

    def paintEvent(self, event: QPaintEvent) -> None:
        pass


class RegionWindow(QMainWindow):
    """The frame on the screen, and its keys. No dialog: of one, readers say every text as it opens."""

    said = Signal(str)
    """A sentence for the user."""
    taken = Signal(object)
    """The region, a Box. The window is closed."""
    cancelled = Signal(bool)
    """Closed without a region; True when another window took the focus, which is then left to it."""

    def __init__(self, places: Places) -> None:
        flags = Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(None, flags)
        self.setWindowTitle(say(strings.REGION_TITLE))
        self.setAccessibleName(say(strings.REGION_TITLE))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._frame = Frame(places)
        self._told = _Told(self)
        self._opening = QTimer(self, singleShot=True, interval=TITLE_MS)
        self._opening.timeout.connect(lambda: self.said.emit(self._told.text()))
        self._is_ended = False
        self._was_active = False

    def open(self, is_title_read: bool = False) -> None:
        """Show the frame, take the focus and say where it begins.

        Args:
            is_title_read: A screen reader runs, which says the title by itself; the rest comes after it.
        """
        self._show()
        self.activateWindow()
        self.setFocus()
        opened = f"{say(strings.REGION_OPENED)} {self._frame.tell_size()}"
        if is_title_read:
            self._show_told(opened)
            self._opening.start()
        else:
            self._tell(f"{say(strings.REGION_CHOOSE)} {opened}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        answer = self._answer(_meant(event), event)
        if answer:
            self._draw()
            self._tell(answer)

    def focusNextPrevChild(self, next: bool) -> bool:
        return False  # Tab is a key of the frame

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange:
            if self.isActiveWindow():
                self._was_active = True
            elif self._was_active:  # keys that nobody hears would trap the user in a frame
                QTimer.singleShot(0, self._leave)  # Qt crashes if the window goes within this call
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._end(None)
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_frame(painter, self._rectangle())
        painter.end()

    def _answer(self, key: Qt.Key, event: QKeyEvent) -> str:
        """What a key says; empty for one that ends the choosing or means nothing alone."""
        frame = self._frame
        letters: dict[Qt.Key, Callable[[], str]] = {
            _Key.Key_W: frame.take_window,
            _Key.Key_S: frame.take_screen,
            _Key.Key_F: frame.take_focus,
            _Key.Key_L: frame.take_last,
            _Key.Key_Tab: lambda: frame.turn(1),
            _Key.Key_Backtab: lambda: frame.turn(-1),
            _Key.Key_Space: lambda: frame.tell(0),
            _Key.Key_H: lambda: say(strings.REGION_HELP, control=command_key()),
            _Key.Key_F1: lambda: say(strings.REGION_HELP, control=command_key()),
        }
        if key in {_Key.Key_Return, _Key.Key_Enter}:
            self._end(frame.box)
        elif key == _Key.Key_Escape:
            self._end(None)
        elif key in _WAYS:
            step = _step(event.modifiers())
            return frame.move(*(step * part for part in _WAYS[key]))
        elif key in _DIGITS:
            return frame.tell(_DIGITS.index(key))
        elif key in letters:
            return letters[key]()
        elif event.text():
            return say(strings.REGION_HELP, control=command_key())
        return ""

    def _show(self) -> None:
        whole = QRect()
        for screen in QGuiApplication.screens():
            whole = whole.united(screen.geometry())
        self.setGeometry(whole)
        self._draw()
        self.show()

    @Slot()
    def _leave(self) -> None:
        self._end(None, was_left=True)

    def _end(self, box: Box | None, was_left: bool = False) -> None:
        if self._is_ended:
            return
        self._is_ended = True
        self._opening.stop()
        self.hide()
        self.deleteLater()
        if box is not None:
            self.taken.emit(box)
        else:
            self.cancelled.emit(was_left)

    def _tell(self, sentence: str) -> None:
        self._opening.stop()
        self._show_told(sentence)
        self.said.emit(sentence)

    def _show_told(self, sentence: str) -> None:
        self._told.setText(sentence)
        self._told.adjustSize()

    def _draw(self) -> None:
        self.setMask(ring(self._rectangle()))
        self.update()

    def _rectangle(self) -> QRect:
        """The frame in the window's own coordinates, around what is chosen where there is room."""
        box = self._frame.box
        corner, end = _logical(box.left, box.top), _logical(box.right, box.bottom)
        rectangle = QRect(corner, end - QPoint(1, 1)).adjusted(-LINE, -LINE, LINE, LINE)
        return rectangle.translated(-self.geometry().topLeft()).intersected(self.rect())


def _step(held: Qt.KeyboardModifier) -> int:
    """How far an arrow goes with these keys held, in pixels."""
    has_shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
    if held & Qt.KeyboardModifier.ControlModifier:
        return _BOTH_STEP if has_shift else _CONTROL_STEP
    return _SHIFT_STEP if has_shift else _STEP


def ring(outer: QRect) -> QRegion:
    """What of a rectangle the frame is drawn on."""
    return QRegion(outer).subtracted(QRegion(outer.adjusted(LINE, LINE, -LINE, -LINE)))


def draw_frame(painter: QPainter, outer: QRect) -> None:
    """Black and yellow: seen on any ground."""
    painter.fillRect(outer, Qt.GlobalColor.black)
    inset = LINE // 3
    painter.fillRect(outer.adjusted(inset, inset, -inset, -inset), Qt.GlobalColor.yellow)


def _logical(x: int, y: int) -> QPoint:
    """A point of the desktop in Qt's coordinates, where a screen's size, but not its corner, is divided
    by the ratio of its pixels."""
    for screen in QGuiApplication.screens():
        area, ratio = screen.geometry(), screen.devicePixelRatio()
        right, bottom = area.x() + area.width() * ratio, area.y() + area.height() * ratio
        if area.x() <= x <= right and area.y() <= y <= bottom:
            return QPoint(
                round(area.x() + (x - area.x()) / ratio), round(area.y() + (y - area.y()) / ratio)
            )
    return QPoint(x, y)


def _holds(box: Box, x: int, y: int) -> bool:
    return box.left <= x < box.right and box.top <= y < box.bottom
