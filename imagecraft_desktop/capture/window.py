"""Takes the active window. Runs in the main thread, without numpy.

What is taken is the part of the screen where the window is, without its frame.
"""

from __future__ import annotations

import logging
import unicodedata
from dataclasses import dataclass, replace
from typing import Protocol

from imagecraft_desktop import strings
from imagecraft_desktop.capture import known, screen
from imagecraft_desktop.capture.cover import leave_out, seen_share
from imagecraft_desktop.errors import NoActiveWindow, ScreenNotAllowed, WindowCovered, WindowGone
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.desktop import session_kind
from imagecraft_desktop.values import Box, Capture, Origin, Shot

log = logging.getLogger(__name__)

_LONGEST_TITLE = 200
_LEAST_SEEN = 0.1
"""Share of a window: what is left at the edges of ours tells nothing of it."""


@dataclass(frozen=True, slots=True)
class Window:
    """A window of another program.

    Attributes:
        box: Its inside on the desktop, in the coordinates of `screen`; may lie partly outside.
        title: Empty when it has none.
        app: The program's name, empty when unknown.
        pid: Of its process; 0 when unknown.
        number: What the system knows it by; 0 when unknown.
        desktop: Width and height of the desktop that `box` is measured in, where a picture of it may
            have other ones, as on Wayland.
        tree_corner: Where its accessibility tree counts from, where that is not the desktop's corner.
        covers: Where our own windows lie over it, or may, in the measure of `box`.
    """

    box: Box
    title: str
    app: str
    pid: int = 0
    number: int = 0
    desktop: tuple[int, int] | None = None
    tree_corner: tuple[int, int] | None = None
    covers: tuple[Box, ...] = ()


def active_window() -> Window:
    """The window in front that is not our own.

    Raises:
        NoActiveWindow: There is none, or it is minimised.
        ScreenNotAllowed: With the reason and the next step.
    """
    found = _system().find()
    if found is None:
        raise NoActiveWindow
    return found


def window_at(x: int, y: int) -> Window:
    """The topmost window at a point of the desktop that is not our own. Raises as `active_window`."""
    found = _system().find_at(x, y)
    if found is None:
        raise NoActiveWindow("none at the point")
    return found


def pointer() -> tuple[int, int]:
    """Where the mouse is, in the coordinates of `screen`. Raises ScreenNotAllowed."""
    return _system().pointer()


def activate(window: Window) -> None:
    """Give a window the keyboard's focus; does nothing when it has gone. Raises ScreenNotAllowed."""
    _system().activate(window)


class _System(Protocol):
    """A module that asks one system for its windows."""

    def find(self) -> Window | None: ...
    def find_at(self, x: int, y: int) -> Window | None: ...
    def pointer(self) -> tuple[int, int]: ...
    def activate(self, window: Window) -> None: ...
    def is_there(self, window: Window) -> bool: ...


def _system() -> _System:
    """Raises ScreenNotAllowed."""
    if screen.asks_desktop():
        from imagecraft_desktop.capture import window_wayland

        return window_wayland
    screen.check_allowed()
    match session_kind():
        case "windows":
            from imagecraft_desktop.capture import window_windows

            return window_windows
        case "macos":
            from imagecraft_desktop.capture import window_macos

            return window_macos
        case _:
            from imagecraft_desktop.capture import window_x11

            return window_x11


def grab_window() -> Capture:
    """Take the active window.

    Raises:
        NoActiveWindow: There is none, it is minimised, or lies outside of every screen (some
            window managers make a helper window active there when no other is left).
        ScreenNotAllowed: With the reason and the next step.
    """
    try:
        active = active_window()
    except ScreenNotAllowed as error:
        if not screen.asks_desktop():
            raise
        log.info("the desktop does not tell of windows: %s", error.detail)
        return screen.shot_of_all(Origin.SCREEN, (say(strings.CAPTURE_NO_WINDOWS),))
    return grab(active)


def grab(window: Window) -> Capture:
    """Take a window. Raises as `grab_window` and `grab_part`."""
    if not is_on_screen(window.box, window):
        raise NoActiveWindow("outside of every screen")
    title, app = cleaned(window.title), cleaned(window.app)
    name = title or app or say(strings.CAPTURE_WINDOW)
    taken = grab_part(window, window.box, Origin.WINDOW, name)
    taken = replace(taken, title=title, app=app)
    return replace(taken, known=known.look(window))  # after the picture, which may change meanwhile


def grab_part(window: Window, box: Box, origin: Origin, name: str) -> Capture:
    """Take a part of a window, or all of it, without what our own windows show over it.

    Raises:
        WindowGone: The picture may show what lay under it; on Wayland that is only known when the desktop
            has given the picture.
        WindowCovered: Next to nothing of it can be seen under our own windows.
        ScreenNotAllowed: With the reason.
    """
    number = window.number
    covers = [one for one in window.covers if screen.clipped(one, box)]
    if covers and seen_share(box, covers) < _LEAST_SEEN:
        raise WindowCovered(name=name)
    taken = screen.grab_box(box, origin, name, desktop=window.desktop, number=number)
    if number and not isinstance(taken.content, Shot) and not _system().is_there(window):
        raise WindowGone
    if not covers:
        return taken
    if isinstance(taken.content, Shot):  # the picture is yet to come
        return replace(taken, notes=(*taken.notes, say(strings.CAPTURE_COVERED)))
    return leave_out(taken, covers)


def is_on_screen(box: Box, window: Window) -> bool:
    """Whether a part of a window, or all of it, is on a screen. Raises ScreenNotAllowed."""
    if window.desktop is not None:
        return screen.clipped(box, Box(0, 0, *window.desktop)) is not None
    return any(screen.clipped(box, area) for area in screen.screens())


def cleaned(text: str) -> str:
    """A title as one short line without control characters."""
    shown = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join(shown.split())[:_LONGEST_TITLE]
