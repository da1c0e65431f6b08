"""Finds the active window on macOS, through Quartz (PyObjC, which pynput brings)."""

from __future__ import annotations

import os
from collections.abc import Iterator
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
    return next(_windows(quartz), None)


def find_at(x: int, y: int) -> Window | None:
    """The topmost normal window at a point that is not ours."""
    import Quartz

    return find_at_with(Quartz, x, y)


def find_at_with(quartz: Any, x: int, y: int) -> Window | None:
    """As `find_at`, asking this module."""
    for window in _windows(quartz):
        box = window.box
        if box.left <= x < box.right and box.top <= y < box.bottom:
            return window
    return None


def pointer() -> tuple[int, int]:
    """Where the mouse is."""
    import Quartz

    return pointer_with(Quartz)


def pointer_with(quartz: Any) -> tuple[int, int]:
    """As `pointer`, asking this module."""
    point = quartz.CGEventGetLocation(quartz.CGEventCreate(None))
    return round(point.x), round(point.y)


def activate(window: Window) -> None:
    """Make a window's program the active one."""
    import AppKit

    found = AppKit.NSRunningApplication.runningApplicationWithProcessIdentifier_(window.pid)
    if found is not None:
        found.activateWithOptions_(AppKit.NSApplicationActivateIgnoringOtherApps)


def is_there(window: Window) -> bool:
    """Whether a window is still on the screen."""
    import Quartz

    return is_there_with(Quartz, window)


def is_there_with(quartz: Any, window: Window) -> bool:
    """As `is_there`, asking this module."""
    return any(one.number == window.number for one in _windows(quartz))


def _windows(quartz: Any) -> Iterator[Window]:
    """Normal windows of others, from front to back."""
    covers: tuple[Box, ...] = ()
    options = quartz.kCGWindowListOptionOnScreenOnly | quartz.kCGWindowListExcludeDesktopElements
    # menus, the Dock and notifications are on other layers
    for entry in quartz.CGWindowListCopyWindowInfo(options, quartz.kCGNullWindowID) or ():
        if entry.get(quartz.kCGWindowLayer) != _NORMAL_LAYER:
            continue
        if not entry.get(quartz.kCGWindowAlpha, 1):
            continue
        bounds = entry[quartz.kCGWindowBounds]
        left, top = round(bounds["X"]), round(bounds["Y"])
        box = Box(left, top, left + round(bounds["Width"]), top + round(bounds["Height"]))
        title = str(entry.get(quartz.kCGWindowName) or "")
        app = str(entry.get(quartz.kCGWindowOwnerName) or "")
        pid = int(entry.get(quartz.kCGWindowOwnerPID) or 0)
        if pid == os.getpid():
            covers = (*covers, box)
            continue
        number = int(entry.get(quartz.kCGWindowNumber) or 0)
        yield Window(box, title, app, pid, number, covers=covers)
