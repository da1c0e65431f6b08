"""The whole desktop at one moment, on Wayland: its picture, and where screens and windows were on it.

A region is chosen on it, for nothing there moves any more. Begun in the main thread, by `regions.py`, and
finished in another, because the desktop may ask the user first.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from imagecraft_desktop.capture import known, portal, screen, window_wayland
from imagecraft_desktop.capture.window import Window
from imagecraft_desktop.errors import ScreenNotAllowed
from imagecraft_desktop.values import Box, Capture, Frame, Origin, Part, Shot


@dataclass(frozen=True)
class Frozen:
    """Boxes and points are pixels of the picture.

    Attributes:
        whole: The picture; its content is a `Frame`.
        screens: As Qt counts them; only the whole where the picture does not fit them.
        windows: Those that could be seen and are not ours, the last used first, in the compositor's
            measure; none where it does not tell.
        focus: What has the keyboard's focus in the first of them, in the same measure.
    """

    whole: Capture
    screens: tuple[Box, ...]
    windows: tuple[Window, ...]
    focus: Box | None

    @property
    def area(self) -> Box:
        """Of the whole picture."""
        frame = self.whole.content
        assert isinstance(frame, Frame)
        return Box(0, 0, frame.width, frame.height)

    @property
    def window_box(self) -> Box | None:
        """Where the active window was."""
        return self._in_picture(self.windows[0].box) if self.windows else None

    @property
    def focus_box(self) -> Box | None:
        """Where the focus was in it."""
        return self._in_picture(self.focus) if self.focus is not None else None

    def at(self, x: int, y: int) -> tuple[Window, Part | None] | None:
        """The window at a point, and the control, if its program tells."""
        if not self.windows or self.windows[0].desktop is None:
            return None
        wide, high = self.windows[0].desktop
        left, top = x * wide // self.area.width, y * high // self.area.height
        under = (one for one in self.windows if _holds(one.box, left, top))
        if (found := next(under, None)) is None:
            return None
        return found, known.at(found, left, top)

    def _in_picture(self, box: Box) -> Box | None:
        shot = Shot(box, self.windows[0].desktop)
        return portal.part_of(shot, self.area.width, self.area.height)


class Freezing:
    """A desktop that is being taken, from when this is made."""

    def __init__(self) -> None:
        self._whole = screen.shot_of_all(Origin.REGION)
        self._screens = screen.screens_of_qt()
        self.windows: tuple[Window, ...] = ()
        with suppress(ScreenNotAllowed):
            self.windows = tuple(window_wayland.seen())
        told = known.look(self.windows[0]) if self.windows else None
        self._focus = told.focus.box if told is not None and told.focus is not None else None

    def give_up(self) -> None:
        """It is not wanted any more: a dialog closes, and `finish` raises."""
        assert isinstance(self._whole.content, Shot)
        portal.give_up(self._whole.content)

    def finish(self) -> Frozen:
        """Wait for the picture. Raises ScreenNotAllowed, UnreadableImage."""
        from imagecraft_desktop.capture.decode import to_frame, to_picture

        picture = to_picture(self._whole)
        frame = to_frame(picture)
        area = Box(0, 0, frame.width, frame.height)
        whole = replace(self._whole, content=frame, place=area, notes=picture.notes)
        screens = _on_picture(self._screens, area) or (area,)
        return Frozen(whole, screens, self.windows, self._focus)


def _on_picture(screens: Sequence[Box], area: Box) -> tuple[Box, ...]:
    """The screens in the pixels of a picture of all; none where it does not fit them."""
    if not screens:
        return ()
    whole = screen.around(screens)
    found = []
    for one in screens:
        part = screen.moved(one, -whole.left, -whole.top)
        shot = Shot(part, (whole.width, whole.height))
        if (box := portal.part_of(shot, area.width, area.height)) is None:
            return ()
        found.append(box)
    return tuple(found)


def _holds(box: Box, x: int, y: int) -> bool:
    return box.left <= x < box.right and box.top <= y < box.bottom
