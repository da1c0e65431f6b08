"""The one door for triggers: takes what can vanish at once, in the main thread, without numpy."""

from __future__ import annotations

from contextlib import suppress

from imagecraft_desktop.errors import CaptureError
from imagecraft_desktop.values import Capture, Origin


def prepare() -> None:
    """Import and try what the first taking would otherwise wait for, about 0.2 s; call when idle."""
    from imagecraft_desktop.capture import clipboard, known, window  # noqa: F401 - `take` needs it
    from imagecraft_desktop.capture.screen import asks_desktop, grab_region

    known.prepare()
    if asks_desktop():
        return  # the user may be asked
    with suppress(CaptureError):  # the user is told when a picture is wanted
        grab_region(0, 0, 1, 1)
        window.active_window()


def take(where: Origin, *, screen: str = "current", region: str = "") -> Capture:
    """Take a picture of the desktop or from the clipboard.

    Args:
        where: SCREEN, WINDOW, REGION or CLIPBOARD; the others come with their content.
        screen: For SCREEN: a number from 1, "all", or "current".
        region: For REGION: left, top, width, height, as in the setting.
    Raises:
        CaptureError: With the reason and the next step.
        BadSetting: The region is no region.
    """
    from imagecraft_desktop.capture import clipboard, window
    from imagecraft_desktop.capture import screen as screens

    match where:
        case Origin.SCREEN:
            return screens.grab_screen(screen)
        case Origin.WINDOW:
            return window.grab_window()
        case Origin.REGION:
            return screens.grab_region(*screens.region_of(region))
        case Origin.CLIPBOARD:
            return clipboard.grab_clipboard()
        case _:
            raise ValueError(f"{where} is not taken from the desktop")
