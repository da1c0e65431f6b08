"""Takes the active window. Runs in the main thread, without numpy.

What is taken is the part of the screen where the window is, without its frame.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from imagecraft_desktop import strings
from imagecraft_desktop.capture import screen
from imagecraft_desktop.errors import NoActiveWindow
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.desktop import session_kind
from imagecraft_desktop.values import Box, Capture, Origin

_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Window:
    """A window of another program.

    Attributes:
        box: Its inside on the desktop, in the coordinates of `screen`; may lie partly outside.
        title: Empty when it has none.
        app: The program's name, empty when unknown.
    """

    box: Box
    title: str
    app: str


def active_window() -> Window:
    """The window in front that is not our own.

    Raises:
        NoActiveWindow: There is none, or it is minimised.
        ScreenNotAllowed: With the reason and the next step.
    """
    screen.check_allowed()
    match session_kind():
        case "windows":
            from imagecraft_desktop.capture import window_windows

            found = window_windows.find()
        case "macos":
            from imagecraft_desktop.capture import window_macos

            found = window_macos.find()
        case _:
            from imagecraft_desktop.capture import window_x11

            found = window_x11.find()
    if found is None:
        raise NoActiveWindow
    return found


def grab_window() -> Capture:
    """Take the active window.

    Raises:
        NoActiveWindow: There is none, it is minimised, or lies outside of every screen (some
            window managers make a helper window active there when no other is left).
        ScreenNotAllowed: With the reason and the next step.
    """
    if screen.asks_desktop():  # which does not tell where windows are
        return screen.shot_of_all(Origin.SCREEN, (say(strings.CAPTURE_NO_WINDOWS),))
    window = active_window()
    if not any(screen.clipped(window.box, area) for area in screen.screens()):
        raise NoActiveWindow("outside of every screen")
    title, app = _cleaned(window.title), _cleaned(window.app)
    name = title or app or say(strings.CAPTURE_WINDOW)
    return screen.grab_box(window.box, Origin.WINDOW, name, title, app)


def _cleaned(text: str) -> str:
    """A title as one short line without control characters."""
    shown = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join(shown.split())[:_LONGEST_TITLE]
