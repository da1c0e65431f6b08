"""Finds the active window on Windows, through user32, dwmapi and kernel32."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from ctypes import wintypes
from pathlib import PureWindowsPath
from typing import Any

from imagecraft_desktop.capture.window import Window
from imagecraft_desktop.values import Box

_EXTENDED_FRAME_BOUNDS = 9
_CLOAKED = 14
_NEXT_BELOW = 2
_QUERY_LIMITED_INFORMATION = 0x1000
_LONGEST_PATH = 32_768
_FRAME_HOST = "ApplicationFrameHost"
"""The process that owns the windows of all Store programs; its name would tell nothing."""


def find() -> Window | None:
    """The active window, or the next below when it is ours."""
    windll: Any = getattr(ctypes, "windll")  # noqa: B009 - not there on other systems
    return find_with(windll.user32, windll.dwmapi, windll.kernel32)


def find_at(x: int, y: int) -> Window | None:
    """The topmost window at a point that is not ours."""
    windll: Any = getattr(ctypes, "windll")  # noqa: B009 - as above
    return find_at_with(windll.user32, windll.dwmapi, windll.kernel32, (x, y))


def find_at_with(user32: Any, dwmapi: Any, kernel32: Any, point: tuple[int, int]) -> Window | None:
    """As `find_at`, asking these libraries."""
    desktop = _Desktop(user32, dwmapi, kernel32)
    user32.GetTopWindow.restype = wintypes.HWND
    handle = user32.GetTopWindow(None)
    covers: tuple[Box, ...] = ()
    while handle:
        pid = desktop.process(handle)
        if desktop.is_seen(handle):
            box = desktop.bounds(handle)
            if pid == os.getpid():
                covers = (*covers, box)
            elif box.left <= point[0] < box.right and box.top <= point[1] < box.bottom:
                title, app = desktop.title(handle), desktop.program(pid)
                return Window(box, title, app, pid, handle, covers=covers)
        handle = user32.GetWindow(handle, _NEXT_BELOW)
    return None


def pointer() -> tuple[int, int]:
    """Where the mouse is."""
    windll: Any = getattr(ctypes, "windll")  # noqa: B009 - as above
    return pointer_with(windll.user32)


def pointer_with(user32: Any) -> tuple[int, int]:
    """As `pointer`, asking this library."""
    point = wintypes.POINT()
    user32.GetCursorPos(ctypes.byref(point))
    return point.x, point.y


def activate(window: Window) -> None:
    """Make a window the active one; we may, for ours is that now."""
    windll: Any = getattr(ctypes, "windll")  # noqa: B009 - as above
    windll.user32.SetForegroundWindow(wintypes.HWND(window.number))


def is_there(window: Window) -> bool:
    """Whether a window still is, and can be seen."""
    windll: Any = getattr(ctypes, "windll")  # noqa: B009 - as above
    return is_there_with(windll.user32, windll.dwmapi, windll.kernel32, window)


def is_there_with(user32: Any, dwmapi: Any, kernel32: Any, window: Window) -> bool:
    """As `is_there`, asking these libraries."""
    if not user32.IsWindow(wintypes.HWND(window.number)):
        return False
    return _Desktop(user32, dwmapi, kernel32).is_seen(window.number)


def find_with(user32: Any, dwmapi: Any, kernel32: Any) -> Window | None:
    """As `find`, asking these libraries."""
    desktop = _Desktop(user32, dwmapi, kernel32)
    covers: tuple[Box, ...] = ()
    for handle in desktop.from_the_top():
        pid, is_seen = desktop.process(handle), desktop.is_seen(handle)
        if pid == os.getpid():
            covers = (*covers, desktop.bounds(handle)) if is_seen else covers
        elif is_seen:
            title, app = desktop.title(handle), desktop.program(pid)
            return Window(desktop.bounds(handle), title, app, pid, handle, covers=covers)
        else:
            return None  # what is in front cannot be seen: nothing else was asked for
    return None


class _Desktop:
    """Questions about windows, each given by its handle."""

    def __init__(self, user32: Any, dwmapi: Any, kernel32: Any) -> None:
        self._user32, self._dwmapi, self._kernel32 = user32, dwmapi, kernel32
        # a handle is as wide as a pointer, which ctypes does not know by itself
        user32.GetForegroundWindow.restype = wintypes.HWND
        user32.GetWindow.restype = wintypes.HWND
        user32.GetWindow.argtypes = [wintypes.HWND, wintypes.UINT]
        kernel32.OpenProcess.restype = wintypes.HANDLE
        kernel32.CloseHandle.argtypes = [wintypes.HANDLE]

    def from_the_top(self) -> Iterator[int]:
        """The window in front and, after one of ours, the next below that can be seen."""
        handle = self._user32.GetForegroundWindow()
        first = True
        while handle:
            if first or self.is_seen(handle):
                yield handle
            first = False
            handle = self._user32.GetWindow(handle, _NEXT_BELOW)

    def is_seen(self, handle: int) -> bool:
        """Whether it is shown, not minimised, and not hidden by the desktop (another desktop)."""
        cloaked = wintypes.DWORD(0)
        self._dwmapi.DwmGetWindowAttribute(
            wintypes.HWND(handle), _CLOAKED, ctypes.byref(cloaked), ctypes.sizeof(cloaked)
        )
        return bool(
            self._user32.IsWindowVisible(wintypes.HWND(handle))
            and not self._user32.IsIconic(wintypes.HWND(handle))
            and not cloaked.value
        )

    def bounds(self, handle: int) -> Box:
        """Device pixels, without the invisible border that Windows counts to a window."""
        rect = wintypes.RECT()
        failed = self._dwmapi.DwmGetWindowAttribute(
            wintypes.HWND(handle), _EXTENDED_FRAME_BOUNDS, ctypes.byref(rect), ctypes.sizeof(rect)
        )
        if failed:
            self._user32.GetWindowRect(wintypes.HWND(handle), ctypes.byref(rect))
        return Box(rect.left, rect.top, rect.right, rect.bottom)

    def title(self, handle: int) -> str:
        """The window's title."""
        length = self._user32.GetWindowTextLengthW(wintypes.HWND(handle))
        text = ctypes.create_unicode_buffer(length + 1)
        self._user32.GetWindowTextW(wintypes.HWND(handle), text, length + 1)
        return text.value

    def process(self, handle: int) -> int:
        """The id of the process that owns the window."""
        pid = wintypes.DWORD(0)
        self._user32.GetWindowThreadProcessId(wintypes.HWND(handle), ctypes.byref(pid))
        return pid.value

    def program(self, pid: int) -> str:
        """The name of a process's program, without its folder; empty when it cannot be told."""
        process = self._kernel32.OpenProcess(_QUERY_LIMITED_INFORMATION, False, pid)
        if not process:
            return ""
        try:
            path = ctypes.create_unicode_buffer(_LONGEST_PATH)
            length = wintypes.DWORD(_LONGEST_PATH)
            if not self._kernel32.QueryFullProcessImageNameW(
                wintypes.HANDLE(process), 0, path, ctypes.byref(length)
            ):
                return ""
        finally:
            self._kernel32.CloseHandle(process)
        name = PureWindowsPath(path.value).stem
        return "" if name == _FRAME_HOST else name
