"""Takes the screen where programs may not: the desktop's portal is asked, and the user may be. Called
in the worker thread, when a capture with a `Shot` is decoded.

The portal writes a file into a folder of its choosing, often the user's pictures. It is read and removed.
"""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import unquote, urlsplit

from imagecraft_desktop import strings
from imagecraft_desktop.errors import ScreenNotAllowed
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.portal import Portal, PortalFailed, PortalMissing, PortalRefused
from imagecraft_desktop.values import Box, Shot, Tick

log = logging.getLogger(__name__)

_DIALOG_S = 120.0
"""The longest wait for a person who is asked for permission."""


_last: tuple[Shot, bytes] | None = None
"""More may be asked about the picture that was taken last."""


def take(shot: Shot, tick: Tick) -> bytes:
    """The whole desktop as an image file: taken now, or for this shot before.

    Args:
        tick: Called many times a second; what it raises ends the wait, and the dialog.
    Raises:
        ScreenNotAllowed: With the reason and the next step.
    """
    global _last
    if _last is not None and _last[0] is shot:
        return _last[1]
    _last = None
    data = _ask(tick)
    _last = (shot, data)
    return data


def forget() -> None:
    """Let go of the picture that was taken last."""
    global _last
    _last = None


def _ask(tick: Tick) -> bytes:
    options = {"modal": ("b", False), "interactive": ("b", False)}
    try:
        with Portal() as portal:
            found = portal.ask(
                "Screenshot",
                "Screenshot",
                "sa{sv}",
                ("",),
                options=options,
                tick=tick,
                wait_s=_DIALOG_S,
            )
    except PortalMissing as error:
        raise _not_allowed(strings.SCREEN_WAYLAND, error) from error
    except PortalRefused as error:
        raise _not_allowed(strings.SCREEN_REFUSED, error) from error
    except PortalFailed as error:
        raise _not_allowed(strings.SCREEN_PORTAL_FAILED, error) from error
    return _read(str(found.get("uri", ("s", ""))[1]))


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


def part_of(shot: Shot, width: int, height: int) -> Box:
    """What is wanted of a picture of this size, in its pixels; all where nothing of it is there."""
    whole = Box(0, 0, width, height)
    if shot.part is None:
        return whole
    wide, high = shot.desktop or (width, height)
    across, down = width / wide, height / high
    box = Box(
        max(0, round(shot.part.left * across)),
        max(0, round(shot.part.top * down)),
        min(width, round(shot.part.right * across)),
        min(height, round(shot.part.bottom * down)),
    )
    return box if box.width > 0 and box.height > 0 else whole
