"""Takes the screen where programs may not: the desktop's portal is asked, and the user may be. Begun in
the main thread, when a `Shot` is made; the worker waits for it, when a capture with one is decoded.

The portal's screenshot is a file in a folder of its choosing, often the user's pictures. It is read and
removed. Where a dialog comes with each of them, the screen is cast instead (`screencast`).
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit
from weakref import WeakKeyDictionary

from imagecraft_desktop import strings
from imagecraft_desktop.capture import asking, screencast, window_wayland
from imagecraft_desktop.errors import Cancelled, CaptureError, ScreenNotAllowed, WindowGone
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.portal import Portal, PortalFailed, PortalMissing, PortalRefused
from imagecraft_desktop.values import Box, Shot, Tick

log = logging.getLogger(__name__)

_LOOK_S = 0.05
_SAME_SHAPE = 0.02
"""How far the picture of a desktop may be from its shape: sizes are rounded."""
_DIALOG_S = 120.0
"""The longest wait for a person who is asked for permission."""
_LATE_S = 2.0
"""A picture that nobody has to allow comes within this time. Even when it is not wanted any more it is
awaited so long, for its file would stay among the user's pictures."""


_WLROOTS = "xdg-desktop-portal-wlr, xdg-desktop-portal-gtk, grim"
_PACKAGES = {
    "gnome": "xdg-desktop-portal-gnome",
    "kde": "xdg-desktop-portal-kde",
    "hyprland": "xdg-desktop-portal-hyprland, xdg-desktop-portal-gtk",
    "sway": _WLROOTS,
    "wlroots": _WLROOTS,
}
"""What gives pictures of the screen there, by the names of the big distributions."""


@dataclass(frozen=True)
class Taken:
    """The whole desktop.

    Attributes:
        data: An image file.
        notes: What the user should hear of the taking.
    """

    data: bytes
    notes: tuple[str, ...] = ()


class _Taking:
    """A picture that is being taken, in a thread from the moment it is wanted: what is on the screen
    then is what the user means, and the worker may still be busy."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._taken = Taken(b"")
        self._failure: Exception | None = None
        self._is_given_up = threading.Event()
        self._is_done = threading.Event()
        threading.Thread(target=self._run, name="portal", daemon=True).start()

    def wait(self, tick: Tick) -> Taken:
        """The picture. Raises ScreenNotAllowed, and what `tick` does, which only ends the wait."""
        while not self._is_done.wait(_LOOK_S) and not self._is_given_up.is_set():
            tick()
        if self._is_given_up.is_set():
            tick()  # who waits has most likely given it up
            raise ScreenNotAllowed("given up", reason=say(strings.SCREEN_GIVEN_UP))
        if self._failure is not None:
            raise self._failure
        return self._taken

    def give_up(self) -> bool:
        """Nobody wants it any more: a dialog closes. False when it is done already."""
        if self._is_done.is_set():
            return False
        self._is_given_up.set()
        return True

    @property
    def is_awaited(self) -> bool:
        return not (self._is_done.is_set() or self._is_given_up.is_set())

    def _run(self) -> None:
        try:
            self._taken = _ask(self._look)
            if self._window and not window_wayland.is_shown(self._window):
                raise WindowGone
        except Exception as failure:  # noqa: BLE001 - it goes on in the thread that waits
            self._failure = failure
        finally:
            self._is_done.set()

    def _look(self) -> None:
        if self._is_given_up.is_set():
            raise Cancelled


_takings: WeakKeyDictionary[Shot, _Taking] = WeakKeyDictionary()
"""What is or was taken, as long as anybody has its shot: more may be asked about that picture."""
_lock = threading.Lock()
_turn = threading.Lock()


def begin(shot: Shot) -> Shot:
    """Let the desktop be asked now; `take` has the answer. Never waits.

    Whoever made the shot gives it up when it is not wanted any more; nobody else does.
    """
    with _lock:
        _takings[shot] = _Taking(shot.window)
    return shot


def take(shot: Shot, tick: Tick) -> Taken:
    """The whole desktop: that which `begin` asked for, else taken now.

    Args:
        tick: Called many times a second; what it raises ends the wait. The asking goes on until
            `give_up`.
    Raises:
        ScreenNotAllowed: With the reason and the next step.
        WindowGone: The window that was wanted has gone.
    """
    tick()
    with _lock:
        taking = _takings.get(shot) or _takings.setdefault(shot, _Taking(shot.window))
    try:
        return taking.wait(tick)
    except CaptureError:
        _drop(shot, taking)  # so that it is asked again
        raise


def give_up(shot: Shot) -> None:
    """The picture is not awaited any more: a dialog closes. One that has come stays."""
    with _lock:
        taking = _takings.get(shot)
    if taking is not None and taking.give_up():
        _drop(shot, taking)


def is_awaited(shot: Shot) -> bool:
    """Whether the desktop has not given this picture yet."""
    with _lock:
        taking = _takings.get(shot)
    return taking is not None and taking.is_awaited


def forget() -> None:
    """Let go of every picture that was taken, or is being taken."""
    with _lock:
        takings = list(_takings.values())
        _takings.clear()
    for one in takings:
        one.give_up()


def _drop(shot: Shot, taking: _Taking) -> None:
    with _lock:
        if _takings.get(shot) is taking:
            del _takings[shot]


def _ask(tick: Tick) -> Taken:
    """The way that asks the user least. Raises ScreenNotAllowed, and what `tick` does."""
    before = asking.remembered()
    notes: tuple[str, ...] = ()
    if before.is_cast_better and screencast.is_possible():
        try:
            data, token = screencast.take(before.token, tick)
        except PortalRefused as error:
            asking.remember(replace(before, token="", is_cast_refused=True), before)
            raise _not_allowed(strings.SCREEN_CAST_REFUSED, error) from error
        except (PortalMissing, PortalFailed) as error:
            log.warning("no screen cast: %s", error)
            asking.remember(before.after_no_cast(), before)
            notes = () if before.token else (say(strings.SCREEN_CAST_FAILED),)
        else:
            asking.remember(replace(before, token=token), before)
            return Taken(data)
    taken = _screenshot(asking.remembered(), tick)
    return replace(taken, notes=(*notes, *taken.notes))


def _screenshot(before: asking.Memory, tick: Tick) -> Taken:
    with _alone(tick):
        return _screenshot_alone(before, tick)


@contextmanager
def _alone(tick: Tick) -> Iterator[None]:
    """Within the block no other picture is asked for: some portals write each to the same file. One that comes
    late is not waited for: the user is asked about it."""
    tick()
    end_s = time.monotonic() + _LATE_S
    while not (is_ours := _turn.acquire(timeout=_LOOK_S)) and time.monotonic() < end_s:
        tick()
    try:
        yield
    finally:
        if is_ours:
            _turn.release()


def _screenshot_alone(before: asking.Memory, tick: Tick) -> Taken:
    options = {"modal": ("b", False), "interactive": ("b", False)}
    begun_s = time.monotonic()

    def late() -> None:
        if time.monotonic() - begun_s > _LATE_S:
            tick()

    try:
        with Portal() as portal:
            found = portal.ask(
                "Screenshot",
                "Screenshot",
                "sa{sv}",
                ("",),
                options=options,
                tick=late,
                wait_s=_DIALOG_S,
            )
    except PortalMissing as error:
        raise _missing(error) from error
    except PortalRefused as error:
        asking.remember(before.after_refusal(time.monotonic() - begun_s), before)
        raise _not_allowed(strings.SCREEN_REFUSED, error) from error
    except PortalFailed as error:
        raise _failed(error, before) from error
    after = before.after_picture(time.monotonic() - begun_s)
    asking.remember(after, before)
    data = _read(str(found.get("uri", ("s", ""))[1]))
    is_news = after.is_cast_better and not before.is_cast_better and screencast.is_possible()
    return Taken(data, (say(strings.SCREEN_CAST_NEXT),) if is_news else ())


def _failed(error: PortalFailed, before: asking.Memory) -> ScreenNotAllowed:
    """Why there is no picture: a no that is kept is a failure, for the portal."""
    try:
        with Portal() as portal:
            is_refused = portal.is_refused("screenshot")
    except (PortalMissing, PortalFailed):
        is_refused = False
    if not is_refused:
        return _not_allowed(strings.SCREEN_PORTAL_FAILED, error)
    after = before.after_refusal(0.0)
    asking.remember(after, before)
    may_share = after.is_cast_better and screencast.is_possible()
    return _not_allowed(
        strings.SCREEN_REFUSED_SHARE if may_share else strings.SCREEN_REFUSED_KEPT, error
    )


def _missing(error: PortalMissing) -> ScreenNotAllowed:
    """There is no such portal: what to install, where that is known."""
    for desktop in os.environ.get("XDG_CURRENT_DESKTOP", "").split(":"):
        if packages := _PACKAGES.get(desktop.lower()):
            reason = say(strings.SCREEN_WAYLAND_INSTALL, packages=packages)
            return ScreenNotAllowed(repr(error), reason=reason)
    return _not_allowed(strings.SCREEN_WAYLAND, error)


def _not_allowed(message: str, error: Exception) -> ScreenNotAllowed:
    return ScreenNotAllowed(repr(error), reason=say(message))


def _read(uri: str) -> bytes:
    """The file's content; the file is gone afterwards. Raises ScreenNotAllowed."""
    address = urlsplit(uri)
    path = Path(unquote(address.path))
    try:
        if address.scheme != "file":
            raise OSError("no file")
        data = path.read_bytes()
    except OSError as error:
        raise _not_allowed(strings.SCREEN_PORTAL_FAILED, error) from error
    try:
        path.unlink()
    except OSError as error:
        log.warning("the desktop's picture of the screen stays: %s", type(error).__name__)
    return data


def part_of(shot: Shot, width: int, height: int) -> Box | None:
    """What is wanted of a picture of this size, in its pixels; None where that cannot be told: nothing
    of it is there, or the picture is not of the whole desktop."""
    if shot.part is None:
        return Box(0, 0, width, height)
    wide, high = shot.desktop or (width, height)
    across, down = width / wide, height / high
    if abs(across / down - 1) > _SAME_SHAPE:
        return None
    box = Box(
        max(0, round(shot.part.left * across)),
        max(0, round(shot.part.top * down)),
        min(width, round(shot.part.right * across)),
        min(height, round(shot.part.bottom * down)),
    )
    return box if box.width > 0 and box.height > 0 else None
