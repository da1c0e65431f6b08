"""Finds the active window on macOS, through Quartz (PyObjC, which pynput brings)."""

from __future__ import annotations

import os
from typing import Any

from imagecraft_desktop.capture.window import Window
from imagecraft_desktop.values import Box

_NORMAL_LAYER = 0


def may_record() -> bool:
    """Whether the user has allowed this program to record the screen; asks the user once if not."""
    import Quartz

    return may_record_with(Quartz)


def may_record_with(quartz: Any) -> bool:
    """As `may_record`, asking this module."""
    return bool(quartz.CGPreflightScreenCaptureAccess() or quartz.CGRequestScreenCaptureAccess())


def find() -> Window | None:
    """The frontmost normal window that is not ours."""
    import Quartz

    return find_with(Quartz)


def find_with(quartz: Any) -> Window | None:
    """As `find`, asking this module."""
    options = quartz.kCGWindowListOptionOnScreenOnly | quartz.kCGWindowListExcludeDesktopElements
    # from front to back; menus, the Dock and notifications are on other layers
    for entry in quartz.CGWindowListCopyWindowInfo(options, quartz.kCGNullWindowID) or ():
        if entry.get(quartz.kCGWindowLayer) != _NORMAL_LAYER:
            continue
        if entry.get(quartz.kCGWindowOwnerPID) == os.getpid():
            continue
        if not entry.get(quartz.kCGWindowAlpha, 1):
            continue
        bounds = entry[quartz.kCGWindowBounds]
        left, top = round(bounds["X"]), round(bounds["Y"])
        box = Box(left, top, left + round(bounds["Width"]), top + round(bounds["Height"]))
        title = entry.get(quartz.kCGWindowName) or ""
        app = str(entry.get(quartz.kCGWindowOwnerName) or "")
        return Window(box, str(title), app, int(entry.get(quartz.kCGWindowOwnerPID) or 0))
    return None
