"""Takes the control that has the keyboard's focus, or is under the mouse. Runs in the main thread.

Where it is and what it is, its program tells (`known`).
"""

from __future__ import annotations

from dataclasses import replace

from imagecraft_desktop import strings
from imagecraft_desktop.capture import known, window
from imagecraft_desktop.errors import NoElement
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Capture, Known, Origin, Part


def grab_focused() -> Capture:
    """Take the control that has the focus.

    Raises:
        NoActiveWindow: There is no window.
        NoElement: The window's program does not tell what has the focus, or where it is.
        ScreenNotAllowed: With the reason and the next step.
    """
    active = window.active_window()
    found = known.look(active)
    if found is None or found.focus is None or found.focus.box is None:
        raise NoElement("the program tells of no focus")
    return _grab(found.focus, active)


def grab_under_mouse() -> Capture:
    """Take the control under the mouse, or the window where its program does not tell of controls.

    Raises:
        NoActiveWindow: There is no window under the mouse.
        ScreenNotAllowed: With the reason and the next step.
    """
    x, y = window.pointer()
    under = window.window_at(x, y)
    found = known.at(under, x, y)
    if found is None or found.box is None:
        return window.grab(under)
    return _grab(found, under)


def _grab(part: Part, of: window.Window) -> Capture:
    """Raises ScreenNotAllowed, WindowGone, NoElement when it is outside of every screen."""
    box = part.box
    if box is None or not window.is_on_screen(box, of):
        raise NoElement("outside of every screen")
    name = window.cleaned(part.name) or say(strings.CAPTURE_ELEMENT)
    taken = window.grab_part(of, box, Origin.REGION, name)
    return replace(taken, known=Known(part))
