"""The choosing of a region, from the picture that is taken first to the focus that is given back.

It stands beside `program.py`, which it would make too long: it knows capture and the window for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from imagecraft_desktop import strings
from imagecraft_desktop.errors import BadSetting, CaptureError, RegionMissing
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Box, Capture, Frame, Part, Request
from imagecraft_desktop.windows.jobs import Jobs

if TYPE_CHECKING:
    from imagecraft_desktop.capture.frozen import Freezing, Frozen
    from imagecraft_desktop.capture.window import Window
    from imagecraft_desktop.ui.region import Places, RegionWindow

log = logging.getLogger(__name__)


class Regions(QObject):
    """Lets the user choose a region, and takes it from the picture of before the choosing.

    So a menu or a tooltip that goes away when the frame takes the focus can be described as well.

    Args:
        is_read: Whether a screen reader runs, which says the title of the frame by itself.
    """

    said = Signal(str)
    """A sentence that answers a key."""
    failed = Signal(str)
    """Why nothing can be chosen."""
    waits = Signal(str)
    """The desktop has not given its picture yet."""
    chosen = Signal(str)
    """A region as in the setting, to be taken at once."""

    def __init__(
        self, is_read: Callable[[], bool] = lambda: False, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._is_read = is_read
        self._open: RegionWindow | None = None
        self._before: Window | None = None
        self._desktop: Capture | None = None
        self._region = ""
        self._jobs = Jobs(self.failed.emit, self)
        self._freezing: Freezing | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether the desktop has not given its picture yet."""
        return self._freezing is not None

    def choose(self, last: str) -> None:
        """Open the frame, or come back to the open one.

        Args:
            last: The region that was described last, as in the setting.
        """
        if self._open is not None:
            self._open.activateWindow()
            return
        from imagecraft_desktop.capture import screen

        if screen.asks_desktop():
            self._freeze(last)
            return
        try:
            self._desktop = screen.grab_screen(screen.ALL)
            places = self._places(last)
        except CaptureError as error:
            self._desktop = None
            self.failed.emit(error.spoken)
            return
        from imagecraft_desktop.ui.region import RegionWindow  # its memory comes with it

        self._show(RegionWindow(places))

    @Slot()
    def stop(self) -> None:
        """Give up a picture that the desktop has not given yet."""
        freezing, self._freezing = self._freezing, None
        if freezing is not None:
            freezing.give_up()

    @Slot()
    def forget(self) -> None:
        """Let go of the picture, and with it of a choosing that is under way."""
        self.stop()
        if self._open is not None:
            self._open.close()
        self._desktop = None

    @Slot(object)
    def make_way(self, request: Request) -> None:
        """Something else is described, and that key came last; only the next of a list was no key."""
        if not request.opening:
            self.stop()

    def _freeze(self, last: str) -> None:
        """Where only the desktop takes pictures: ask it for one, then open the frame on that."""
        if self._freezing is not None:
            self.waits.emit(say(strings.SCREEN_WAITS))
            return
        from imagecraft_desktop.capture.frozen import Freezing

        self._freezing = freezing = Freezing()
        self._jobs.run(
            freezing.finish,
            lambda frozen: self._open_on(freezing, frozen, last),
            lambda sentence: self._refuse(freezing, sentence),
        )

    def _open_on(self, freezing: Freezing, frozen: Frozen, last: str) -> None:
        """Unless it was given up."""
        if freezing is not self._freezing:
            return
        from imagecraft_desktop.ui.region import Places
        from imagecraft_desktop.ui.region_frozen import FrozenRegionWindow

        self._freezing = None
        self._before = next(iter(frozen.windows), None)
        self._desktop = frozen.whole
        places = Places(
            frozen.area,
            frozen.screens,
            frozen.window_box,
            frozen.focus_box,
            _box_of(last),
            lambda x, y: _name_of(frozen.at(x, y)),
        )
        picture = frozen.whole.content
        assert isinstance(picture, Frame)
        window = FrozenRegionWindow(places, picture)
        window.unfocused.connect(self._give_up)
        self._show(window)

    @Slot()
    def _give_up(self) -> None:
        """The frame was given no focus, so no key could be heard."""
        self._open = self._desktop = None
        self.failed.emit(say(strings.REGION_NO_KEYS))

    def _refuse(self, freezing: Freezing, sentence: str) -> None:
        """No picture was given; who gave it up knows that."""
        if freezing is self._freezing:
            self._freezing = None
            self.failed.emit(sentence)

    def _show(self, window: RegionWindow) -> None:
        self._open = window
        window.said.connect(self.said)
        window.taken.connect(self._take)
        window.cancelled.connect(self._cancel)
        window.open(self._is_read())

    def take(self, region: str) -> Capture:
        """A region: out of the picture, if it is the one just chosen, else off the screen.

        Raises:
            RegionMissing: It is empty.
            BadSetting, ScreenNotAllowed: With the reason.
        """
        from imagecraft_desktop.capture import screen

        if not region:
            raise RegionMissing("none is set")
        left, top, width, height = screen.region_of(region)
        desktop, self._desktop = self._desktop, None
        if desktop is None or region != self._region:
            return screen.grab_region(left, top, width, height)
        box = Box(left, top, left + width, top + height)
        return screen.cut_out(desktop, box, say(strings.CAPTURE_REGION))

    def _places(self, last: str) -> Places:
        """Raises ScreenNotAllowed."""
        from imagecraft_desktop.capture import known, screen, window
        from imagecraft_desktop.ui.region import Places

        before = None
        with suppress(CaptureError):
            before = window.active_window()
        self._before = before
        told = known.look(before) if before is not None else None
        area = self._desktop.place if self._desktop is not None else None
        screens = screen.screens()
        return Places(
            area or screens[0],
            screens,
            before.box if before is not None else None,
            told.focus.box if told is not None and told.focus is not None else None,
            _box_of(last),
            _name_at,
        )

    @Slot(object)
    def _take(self, box: Box) -> None:
        self._end()
        self._region = f"{box.left},{box.top},{box.width},{box.height}"
        self.chosen.emit(self._region)

    @Slot(bool)
    def _cancel(self, was_left: bool) -> None:
        if was_left:
            self._before = None
        self._end()
        self._desktop = None
        self.said.emit(say(strings.REGION_CANCELLED))

    def _end(self) -> None:
        """The frame has gone: give the focus back to who had it."""
        from imagecraft_desktop.capture import window

        self._open = None
        if self._before is not None:
            with suppress(CaptureError):
                window.activate(self._before)


def _box_of(region: str) -> Box | None:
    from imagecraft_desktop.capture import screen

    try:
        left, top, width, height = screen.region_of(region)
    except BadSetting:
        return None
    return Box(left, top, left + width, top + height)


def _name_at(x: int, y: int) -> str:
    """What is at a point of the desktop: a control, else its window."""
    from imagecraft_desktop.capture import known, window

    try:
        under = window.window_at(x, y)
    except CaptureError:
        return ""
    return _name_of((under, known.at(under, x, y)))


def _name_of(found: tuple[Window, Part | None] | None) -> str:
    """A control in words, else its window; empty for nothing."""
    from imagecraft_desktop.describe.known import element

    if found is None:
        return ""
    window, part = found
    return element(part) if part is not None and part.name else window.title or window.app
