"""Takes one picture of all screens through a screen cast, which a desktop allows once and then remembers.

The portal lets PipeWire show what is on the screen; GStreamer's own program, a process for each screen,
takes one picture of it. The cast ends with the picture, so the desktop does not tell of one that goes on.
Source: the documentation of XDG Desktop Portal, org.freedesktop.portal.ScreenCast.
"""

from __future__ import annotations

import io
import logging
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from imagecraft_desktop.system.portal import Portal, PortalFailed, PortalMissing
from imagecraft_desktop.values import Tick

log = logging.getLogger(__name__)

_KIND = "ScreenCast"
_WITH_TOKENS = 4
"""The first version of the portal that gives tokens."""
_MONITORS, _KEPT = 1, 2
_ANSWER_S, _DIALOG_S, _PICTURE_S = 10.0, 120.0, 5.0
_LOOK_S = 0.05
_TOOL = "gst-launch-1.0"
_NEVER_ASK = ("SWAYSOCK", "HYPRLAND_INSTANCE_SIGNATURE")
"""Compositors that give a picture without a dialog, but choose the screen to cast with a mouse."""


@dataclass(frozen=True)
class _Screen:
    """A picture of one screen.

    Attributes:
        place: Left, top, width and height on the desktop, in its own measure; None when not told.
        data: An image file.
    """

    place: tuple[int, int, int, int] | None
    data: bytes


def is_possible() -> bool:
    """Whether there is a screen cast here that remembers, and what is needed to take a picture of it."""
    if shutil.which(_TOOL) is None or any(map(os.environ.get, _NEVER_ASK)):
        return False
    try:
        with Portal() as portal:
            return portal.version(_KIND) >= _WITH_TOKENS
    except (PortalMissing, PortalFailed):
        return False


def take(token: str, tick: Tick) -> tuple[bytes, str]:
    """A picture of what the user shares, and the token for the next time.

    Args:
        token: Of the last time; empty for none. Without one, or with one that is worth nothing any
            more, the user is asked.
        tick: Called many times a second; what it raises ends the wait, and the dialog.
    Raises:
        PortalMissing: There is no screen cast.
        PortalRefused: The user did not want it.
        PortalFailed: It came to no picture.
    """
    with Portal() as portal:
        session = _session(portal, tick)
        _select(portal, session, token, tick)
        started = portal.ask(
            _KIND, "Start", "osa{sv}", (session, ""), options={}, tick=tick, wait_s=_DIALOG_S
        )
        streams = started.get("streams", ("", []))[1]
        screens = [_picture(portal, session, node, facts, tick) for node, facts in streams]
        portal.close_session(session)
    if not screens:
        raise PortalFailed("nothing is shared")
    return _together(screens), str(started.get("restore_token", ("s", ""))[1])


def _session(portal: Portal, tick: Tick) -> str:
    options = {"session_handle_token": ("s", portal.token())}
    made = portal.ask(
        _KIND, "CreateSession", "a{sv}", (), options=options, tick=tick, wait_s=_ANSWER_S
    )
    return str(made["session_handle"][1])


def _select(portal: Portal, session: str, token: str, tick: Tick) -> None:
    options: dict[str, tuple[str, Any]] = {
        "types": ("u", _MONITORS),
        "multiple": ("b", True),
        "persist_mode": ("u", _KEPT),
    }
    if token:
        options["restore_token"] = ("s", token)
    portal.ask(
        _KIND, "SelectSources", "oa{sv}", (session,), options=options, tick=tick, wait_s=_ANSWER_S
    )


def _picture(
    portal: Portal, session: str, node: int, facts: Mapping[str, tuple[str, Any]], tick: Tick
) -> _Screen:
    """One picture of a stream. Raises PortalMissing, PortalFailed, and what `tick` does."""
    (remote,) = portal.call(_KIND, "OpenPipeWireRemote", "oa{sv}", (session, {}))
    number = remote.to_raw_fd()
    try:
        data = _read(number, node, tick)
    finally:
        os.close(number)
    place = (*facts["position"][1], *facts["size"][1]) if {"position", "size"} <= {*facts} else None
    return _Screen(place, data)


def _read(remote: int, node: int, tick: Tick) -> bytes:
    """The next picture of a stream, as an image file."""
    source = ["pipewiresrc", f"fd={remote}", f"path={node}", "num-buffers=1"]
    rest = ["videoconvert", "!", "pngenc", "compression-level=1", "!", "fdsink", "fd=1"]
    try:
        process = subprocess.Popen(
            [_TOOL, "-q", *source, "!", *rest],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=[remote],
        )
    except OSError as error:
        raise PortalFailed(f"{_TOOL}: {type(error).__name__}") from error
    with process:
        try:
            data, told = _awaited(process, tick)
        except BaseException:
            process.kill()
            raise
    if process.returncode or not data:
        raise PortalFailed(f"{_TOOL}: {told.decode(errors='replace')[-300:].strip()}")
    return data


def _awaited(process: subprocess.Popen[bytes], tick: Callable[[], None]) -> tuple[bytes, bytes]:
    end_s = time.monotonic() + _PICTURE_S
    while True:
        tick()
        try:
            return process.communicate(timeout=_LOOK_S)
        except subprocess.TimeoutExpired:
            if time.monotonic() > end_s:
                raise PortalFailed("the screen cast gave no picture") from None


def _together(screens: Sequence[_Screen]) -> bytes:
    """All screens in one picture, each where it is on the desktop, and none smaller than it is."""
    if len(screens) == 1:
        return screens[0].data
    from PIL import Image

    pictures = [Image.open(io.BytesIO(one.data)) for one in screens]
    places = [one.place for one in screens if one.place is not None]
    if len(places) < len(screens):
        raise PortalFailed("where the screens are is not told")
    ratio = max(one.width / place[2] for one, place in zip(pictures, places, strict=True))
    left, top = min(place[0] for place in places), min(place[1] for place in places)
    wide = max(place[0] + place[2] for place in places) - left
    high = max(place[1] + place[3] for place in places) - top
    whole = Image.new("RGB", (round(wide * ratio), round(high * ratio)))
    for one, (x, y, width, height) in zip(pictures, places, strict=True):
        size = round(width * ratio), round(height * ratio)
        whole.paste(one.resize(size), (round((x - left) * ratio), round((y - top) * ratio)))
    out = io.BytesIO()
    whole.save(out, "BMP")  # which takes no time
    return out.getvalue()
