"""Takes the pixels of screens. Runs in the main thread, without numpy.

A new mss object is made for each grab, because an old one keeps its list of monitors for ever.
Coordinates are device pixels from the upper left corner of the whole desktop, except on macOS,
where they are points (one or two pixels).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from imagecraft_desktop import strings
from imagecraft_desktop.errors import BadSetting, CaptureError, ScreenNotAllowed
from imagecraft_desktop.strings import Plural, say
from imagecraft_desktop.system.desktop import session_kind
from imagecraft_desktop.values import Box, Capture, Frame, Origin, Shot

if TYPE_CHECKING:
    from mss import MSS

CURRENT = "current"
ALL = "all"
_PIXEL_BYTES = 4


def screens() -> list[Box]:
    """Every screen, in the order of their numbers from 1; the main one is not always the first.

    Without any monitor it is one: the whole desktop.

    Raises:
        ScreenNotAllowed: With the reason and the next step.
    """
    with _camera() as camera:
        return _screens(camera)


def grab_screen(which: str = CURRENT) -> Capture:
    """Take a whole screen.

    Args:
        which: A number from 1, `ALL`, or `CURRENT` for the screen of the active window.
    Raises:
        ScreenNotAllowed: With the reason and the next step; also when there is no such number.
    """
    if asks_desktop():
        return _shot_of_screen(which)
    if which == ALL:
        with _camera() as camera:
            taken = _grab(camera, _desktop(camera), Origin.SCREEN, say(strings.CAPTURE_ALL_SCREENS))
            return replace(taken, is_one_of_many=len(_screens(camera)) > 1)
    middle = _middle_of_active_window() if which == CURRENT else None
    with _camera() as camera:
        found = _screens(camera)
        number = _number_at(found, middle) if which == CURRENT else int(which)
        if not 1 <= number <= len(found):
            raise _not_allowed(strings.SCREEN_NO_SUCH, count=len(found), number=number)
        name = say(strings.CAPTURE_SCREEN, number=number)
        taken = _grab(camera, found[number - 1], Origin.SCREEN, name)
        return replace(taken, is_one_of_many=len(found) > 1)


def grab_region(left: int, top: int, width: int, height: int) -> Capture:
    """Take a rectangle of the desktop; what lies outside of it is cut away.

    Raises:
        ScreenNotAllowed: With the reason; also when nothing of the region is on the desktop.
    """
    box = Box(left, top, left + width, top + height)
    return grab_box(box, Origin.REGION, say(strings.CAPTURE_REGION))


def asks_desktop() -> bool:
    """Whether only the desktop's portal can take the screen, as on Wayland: a grab through Xwayland
    succeeds there, and is black."""
    return session_kind() == "wayland"


def shot_of_all(origin: Origin, notes: tuple[str, ...] = ()) -> Capture:
    """The whole desktop, to be taken through its portal."""
    return Capture(origin, say(strings.CAPTURE_ALL_SCREENS), _begun(Shot()), notes=notes)


def _begun(shot: Shot) -> Shot:
    """The same; from now on the desktop is asked for it."""
    from imagecraft_desktop.capture import portal

    return portal.begin(shot)


def _shot_of_screen(which: str) -> Capture:
    """One screen: where it lies is told by Qt, in a program that has windows."""
    found = screens_of_qt()
    if which in {ALL, CURRENT} or not found:
        if which not in {ALL, CURRENT, "1"}:
            raise _not_allowed(strings.SCREEN_ONLY_ALL)
        return shot_of_all(Origin.SCREEN)
    number = int(which)
    if not 1 <= number <= len(found):
        raise _not_allowed(strings.SCREEN_NO_SUCH, count=len(found), number=number)
    whole = around(found)
    part = moved(found[number - 1], -whole.left, -whole.top)
    size = whole.width, whole.height
    name = say(strings.CAPTURE_SCREEN, number=number)
    return Capture(Origin.SCREEN, name, _begun(Shot(part, size)))


def screens_of_qt() -> list[Box]:
    """In the desktop's own measure; none where no Qt program runs."""
    from PySide6.QtGui import QGuiApplication

    if QGuiApplication.instance() is None:
        return []
    areas = [one.geometry() for one in QGuiApplication.screens()]
    return [Box(a.left(), a.top(), a.left() + a.width(), a.top() + a.height()) for a in areas]


def region_of(text: str) -> tuple[int, int, int, int]:
    """Left, top, width and height from the setting `region`. Raises BadSetting."""
    try:
        left, top, width, height = (int(part) for part in text.split(","))
        if width < 1 or height < 1:
            raise ValueError
    except ValueError:
        allowed = say(strings.CAPTURE_REGION_FORM)
        raise BadSetting(name="region", value=text, allowed=allowed) from None
    return left, top, width, height


def grab_box(
    box: Box,
    origin: Origin,
    name: str,
    title: str = "",
    app: str = "",
    *,
    desktop: tuple[int, int] | None = None,
    number: int = 0,
) -> Capture:
    """Take the part of a rectangle that is on the desktop.

    Args:
        desktop, number: As `desktop` and `window` of a `Shot`, on Wayland.
    Raises:
        ScreenNotAllowed: With the reason.
    """
    if asks_desktop():
        shot = _begun(Shot(box, desktop, number))
        return Capture(origin, name, shot, title=title, app=app)
    with _camera() as camera:
        visible = clipped(box, _desktop(camera))
        if visible is None:
            raise _not_allowed(strings.SCREEN_EMPTY_REGION)
        return _grab(camera, visible, origin, name, title=title, app=app)


def cut_out(whole: Capture, box: Box, name: str) -> Capture:
    """The part of a picture of the desktop that was taken before. Raises ScreenNotAllowed."""
    place, frame = whole.place, whole.content
    if place is None or not isinstance(frame, Frame):
        raise ValueError("this is no picture of the desktop")
    ratio = frame.width / place.width  # macOS counts in points, its pictures in pixels
    part = clipped(box, place)
    if part is None:
        raise _not_allowed(strings.SCREEN_EMPTY_REGION)
    left, top = round((part.left - place.left) * ratio), round((part.top - place.top) * ratio)
    width, height = round(part.width * ratio), round(part.height * ratio)
    row = frame.width * _PIXEL_BYTES
    rows = range(top * row + left * _PIXEL_BYTES, (top + height) * row, row)
    data = b"".join(frame.data[start : start + width * _PIXEL_BYTES] for start in rows)
    content = Frame(width, height, data)
    return Capture(Origin.REGION, name, content, place=part, notes=whole.notes)


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds all of these, at least one."""
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def moved(box: Box, x: int, y: int) -> Box:
    """The same, elsewhere."""
    return Box(box.left + x, box.top + y, box.right + x, box.bottom + y)


def clipped(box: Box, area: Box) -> Box | None:
    """The part of a rectangle inside of another, or None when there is none."""
    inside = Box(
        max(box.left, area.left),
        max(box.top, area.top),
        min(box.right, area.right),
        min(box.bottom, area.bottom),
    )
    return inside if inside.width > 0 and inside.height > 0 else None


def check_allowed() -> None:
    """Raise ScreenNotAllowed where programs cannot look at the screen themselves."""
    kind = session_kind()
    if kind == "none":
        raise _not_allowed(strings.SCREEN_NONE)
    if kind == "wayland":
        raise _not_allowed(strings.SCREEN_ONLY_ALL)
    if kind == "macos" and not _mac_allows():
        raise _not_allowed(strings.SCREEN_MAC_PERMISSION)


def _mac_allows() -> bool:
    """Whether macOS shows us other programs' windows; without it a grab holds the wallpaper."""
    from imagecraft_desktop.capture.window_macos import may_record

    return may_record()


def _not_allowed(message: str | Plural, **words: object) -> ScreenNotAllowed:
    return ScreenNotAllowed(reason=say(message, **words))


@contextmanager
def _camera() -> Iterator[MSS]:
    """An mss object for one grab; its errors become ours."""
    check_allowed()
    import mss

    try:
        with mss.MSS() as camera:
            yield camera
    except (mss.ScreenShotError, OSError) as error:
        raise ScreenNotAllowed(str(error), reason=say(strings.SCREEN_BROKEN)) from error


def _box(monitor: dict[str, int]) -> Box:
    left, top = monitor["left"], monitor["top"]
    return Box(left, top, left + monitor["width"], top + monitor["height"])


def _desktop(camera: MSS) -> Box:
    return _box(camera.monitors[0])


def _screens(camera: MSS) -> list[Box]:
    """Every screen; without any monitor the whole desktop, where programs draw all the same."""
    return [_box(monitor) for monitor in camera.monitors[1:]] or [_desktop(camera)]


def _middle_of_active_window() -> tuple[int, int] | None:
    from imagecraft_desktop.capture.window import active_window

    try:
        box = active_window().box
    except CaptureError:
        return None
    return (box.left + box.right) // 2, (box.top + box.bottom) // 2


def _number_at(found: list[Box], point: tuple[int, int] | None) -> int:
    """The number of the screen that holds a point; 1 when none does."""
    if point is not None:
        x, y = point
        for number, box in enumerate(found, 1):
            if box.left <= x < box.right and box.top <= y < box.bottom:
                return number
    return 1


def _grab(
    camera: MSS, box: Box, origin: Origin, name: str, *, title: str = "", app: str = ""
) -> Capture:
    shot = camera.grab({"left": box.left, "top": box.top, "width": box.width, "height": box.height})
    frame = Frame(shot.width, shot.height, bytes(shot.raw))
    return Capture(origin, name, frame, title=title, app=app, place=box)
