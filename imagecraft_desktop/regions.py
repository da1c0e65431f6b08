"""The choosing of a region, from the picture that is taken first to the focus that is given back.

It stands beside `program.py`, which it would make too long: it knows capture and the window for it.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from imagecraft_desktop import strings
from imagecraft_desktop.errors import BadSetting, CaptureError, RegionMissing
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Box, Capture, Frame, Part
from imagecraft_desktop.windows.jobs import Jobs

if TYPE_CHECKING:
    from imagecraft_desktop.capture.frozen import Frozen
    from imagecraft_desktop.capture.window import Window
    from imagecraft_desktop.ui.region import Places, RegionWindow

log = logging.getLogger(__name__)


class Regions(QObject):
    """Lets the user choose a region, and takes it from the picture of before the choosing.

    So a menu or a tooltip that goes away when the frame takes the focus can be described as well.
    """

    said = Signal(str)
    """A sentence that answers a key."""
    failed = Signal(str)
    """Why nothing can be chosen."""
    chosen = Signal(str)
    """A region as in the setting, to be taken at once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open: RegionWindow | None = None
        self._before: Window | None = None
        self._desktop: Capture | None = None
        self._region = ""
        self._jobs = Jobs(self._refuse, self)
        self._is_freezing = False

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

    def stop(self) -> None:
        """Give up a picture that the desktop has not given yet."""
        if self._is_freezing:
            from imagecraft_desktop.capture import portal

            portal.forget()

    def _freeze(self, last: str) -> None:
        """Where only the desktop takes pictures: ask it for one, then open the frame on that."""
        if self._is_freezing:
            return
        from imagecraft_desktop.capture.frozen import Freezing

        freezing = Freezing()
        self._before = next(iter(freezing.windows), None)
        self._is_freezing = True
        self._jobs.run(freezing.finish, lambda frozen: self._open_on(frozen, last))

    def _open_on(self, frozen: Frozen, last: str) -> None:
        from imagecraft_desktop.ui.region import Places
        from imagecraft_desktop.ui.region_frozen import FrozenRegionWindow

        self._is_freezing = False
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

    def _refuse(self, sentence: str) -> None:
        """No picture was given; without a sentence the user gave it up."""
        self._is_freezing = False
        if sentence:
            self.failed.emit(sentence)

    def _show(self, window: RegionWindow) -> None:
        self._open = window
        window.said.connect(self.said)
        window.taken.connect(self._take)
        window.cancelled.connect(self._cancel)
        window.open()

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
