"""Finds the active window on an X server, by the window manager's notes (EWMH)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from Xlib import X, Xutil, display, error
from Xlib.ext import shape
from Xlib.protocol.event import ClientMessage

from imagecraft_desktop import strings
from imagecraft_desktop.capture.window import Window
from imagecraft_desktop.errors import ScreenNotAllowed
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Box

_PAGER = 2
"""Who asks for the focus: the user, through a program that is not a window's own."""


def find() -> Window | None:
    """The active window, or the next below when it is ours. Raises ScreenNotAllowed."""
    with _server() as asked:
        return asked.first(asked.from_the_top())


def find_at(x: int, y: int) -> Window | None:
    """The topmost window at a point that is not ours. Raises ScreenNotAllowed."""
    with _server() as asked:
        return asked.first(asked.all_from_the_top(), (x, y))


def pointer() -> tuple[int, int]:
    """Where the mouse is. Raises ScreenNotAllowed."""
    with _server() as asked:
        return asked.pointer()


def activate(window: Window) -> None:
    """Ask the window manager to make a window the active one. Raises ScreenNotAllowed."""
    with _server() as asked:
        asked.activate(window.number)


def is_there(window: Window) -> bool:
    """Whether a window still is, and can be seen. Raises ScreenNotAllowed."""
    with _server() as asked:
        return asked.is_there(window.number)


@contextmanager
def _server() -> Iterator[_Asked]:
    """A connection for some questions. Raises ScreenNotAllowed."""
    try:
        connection = display.Display()
    except (error.DisplayError, OSError) as problem:
        raise ScreenNotAllowed(str(problem), reason=say(strings.SCREEN_BROKEN)) from problem
    try:
        yield _Asked(connection)
    except error.ConnectionClosedError as problem:
        raise ScreenNotAllowed(str(problem), reason=say(strings.SCREEN_BROKEN)) from problem
    finally:
        connection.close()


class _Asked:
    """Questions to one X server."""

    def __init__(self, connection: Any) -> None:
        self._display = connection
        self._root = connection.screen().root

    def from_the_top(self) -> Iterator[Any]:
        """The active window, then all others that the window manager knows, the topmost first.

        No other follows unless the first is ours or has gone: a window that merely lies on top
        is not what the user asked for.
        """
        active = self._numbers(self._root, "_NET_ACTIVE_WINDOW")
        if active is None:  # no window manager, or a very simple one
            if (focused := self._focused()) is not None:
                yield focused
            return
        if not active or active[0] == X.NONE:
            return
        first = self._window(active[0])
        yield first
        if self._is_ours(first):
            yield from self.all_from_the_top()

    def all_from_the_top(self) -> Iterator[Any]:
        """Every window that the window manager knows, the topmost first."""
        for number in reversed(self._numbers(self._root, "_NET_CLIENT_LIST_STACKING") or []):
            yield self._window(number)

    def first(self, windows: Iterable[Any], point: tuple[int, int] | None = None) -> Window | None:
        """The first that can be seen, is not ours, and holds the point."""
        for window in windows:
            try:
                found = self.look_at(window)
            except error.XError:
                continue  # it went while we looked
            if found is not None and (point is None or _holds(found.box, point)):
                return replace(found, covers=tuple(self._ours_above(found.number)))
        return None

    def _ours_above(self, number: int) -> Iterator[Box]:
        """Where our own windows lie that are above this one."""
        stacked = self._numbers(self._root, "_NET_CLIENT_LIST_STACKING") or []
        above = stacked[stacked.index(number) + 1 :] if number in stacked else []
        for window in map(self._window, above):
            with suppress(error.XError):  # it went while we looked
                if self._is_ours(window) and self._is_seen(window):
                    yield from self._outside(window)

    def _outside(self, window: Any) -> list[Box]:
        """What a window covers: with the window manager's frame, or where it is if it has holes."""
        corner = self._root.translate_coords(window, 0, 0)
        parts = window.shape_get_rectangles(shape.SK.Bounding).rectangles
        if len(parts) == 1:
            left, right, top, bottom = self._numbers(window, "_NET_FRAME_EXTENTS") or [0] * 4
        else:
            left = right = top = bottom = 0
        return [
            Box(
                corner.x + one.x - left,
                corner.y + one.y - top,
                corner.x + one.x + one.width + right,
                corner.y + one.y + one.height + bottom,
            )
            for one in parts
        ]

    def pointer(self) -> tuple[int, int]:
        """Where the mouse is."""
        found = self._root.query_pointer()
        return found.root_x, found.root_y

    def activate(self, number: int) -> None:
        """Ask for the focus as a pager does, so that it is not refused."""
        name = self._display.intern_atom("_NET_ACTIVE_WINDOW")
        words = [_PAGER, X.CurrentTime, 0, 0, 0]
        message = ClientMessage(window=self._window(number), client_type=name, data=(32, words))
        mask = X.SubstructureRedirectMask | X.SubstructureNotifyMask
        self._root.send_event(message, event_mask=mask)
        self._display.sync()

    def is_there(self, number: int) -> bool:
        """Whether a window still is, and can be seen."""
        try:
            return self.look_at(self._window(number)) is not None
        except error.XError:
            return False

    def look_at(self, window: Any) -> Window | None:
        """What the window is; None when it is ours, or cannot be seen."""
        if self._is_ours(window) or not self._is_seen(window):
            return None
        size = window.get_geometry()
        corner = self._root.translate_coords(window, 0, 0)
        # GTK draws its own frame and shadow, inside of the window, and notes how wide they are
        left, right, top, bottom = (self._numbers(window, "_GTK_FRAME_EXTENTS") or [0] * 4)[:4]
        box = Box(
            corner.x + left,
            corner.y + top,
            corner.x + size.width - right,
            corner.y + size.height - bottom,
        )
        pid = self._numbers(window, "_NET_WM_PID") or [0]
        return Window(box, self._title(window), self._app(window), pid[0], window.id)

    def _window(self, number: int) -> Any:
        return self._display.create_resource_object("window", number)

    def _numbers(self, window: Any, name: str) -> list[int] | None:
        """A property's 32-bit numbers; None when the window does not have it."""
        atom = self._display.intern_atom(name)
        found = window.get_full_property(atom, X.AnyPropertyType)
        return None if found is None or found.format != 32 else list(found.value)

    def _is_ours(self, window: Any) -> bool:
        try:
            return self._numbers(window, "_NET_WM_PID") == [os.getpid()]
        except error.BadWindow:
            return False

    def _is_seen(self, window: Any) -> bool:
        is_shown: bool = window.get_attributes().map_state == X.IsViewable
        return is_shown and not self._is_minimised(window)

    def _is_minimised(self, window: Any) -> bool:
        state = self._numbers(window, "WM_STATE")
        return bool(state) and state is not None and state[0] == Xutil.IconicState

    def _focused(self) -> Any | None:
        """The top window that holds the keyboard's focus."""
        window = self._display.get_input_focus().focus
        if isinstance(window, int):  # nobody, or whatever the pointer is over
            return None
        while window.id != self._root.id:
            parent = window.query_tree().parent
            if isinstance(parent, int) or parent.id == self._root.id:
                return window
            window = parent
        return None

    def _title(self, window: Any) -> str:
        for name in ("_NET_WM_NAME", "WM_NAME"):
            found = window.get_full_property(self._display.intern_atom(name), X.AnyPropertyType)
            if found is not None and isinstance(found.value, bytes) and found.value:
                return _text(found.value)
        return ""

    def _app(self, window: Any) -> str:
        pair = window.get_wm_class()
        return str(pair[1] or pair[0] or "") if pair else ""


def _text(value: bytes) -> str:
    """UTF-8, as today's programs write titles, or Latin-1, as old ones do."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _holds(box: Box, point: tuple[int, int]) -> bool:
    return box.left <= point[0] < box.right and box.top <= point[1] < box.bottom
