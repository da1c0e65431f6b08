"""Leaves our own windows out of the picture of another program's window, without numpy.

A screen shows what lies on top: what our window says would be described as what the other one shows.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from imagecraft_desktop import strings
from imagecraft_desktop.capture.screen import clipped
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Box, Capture, Frame

_PIXEL_BYTES = 4
_POINTS = 48
"""So many are looked at from left to right, and from top to bottom, to find the colour of the ground."""


def seen_share(box: Box, covers: Sequence[Box]) -> float:
    """How much of a box none of the others covers, 0 to 1."""
    inside = [part for one in covers if (part := clipped(one, box)) is not None]
    columns = sorted({box.left, box.right, *(x for one in inside for x in (one.left, one.right))})
    rows = sorted({box.top, box.bottom, *(y for one in inside for y in (one.top, one.bottom))})
    seen = 0
    for left, right in itertools.pairwise(columns):
        for top, bottom in itertools.pairwise(rows):
            if not any(_holds(one, left, top) for one in inside):
                seen += (right - left) * (bottom - top)
    return seen / (box.width * box.height)


def leave_out(taken: Capture, covers: Sequence[Box]) -> Capture:
    """The same picture, with the colour of its ground where these boxes of the desktop are, and a note."""
    place, frame = taken.place, taken.content
    if place is None or not isinstance(frame, Frame):
        raise ValueError("this is no picture of the desktop")
    ratio = frame.width / place.width  # macOS counts in points, its pictures in pixels
    parts = [
        Box(
            math.floor((part.left - place.left) * ratio),
            math.floor((part.top - place.top) * ratio),
            min(math.ceil((part.right - place.left) * ratio), frame.width),
            min(math.ceil((part.bottom - place.top) * ratio), frame.height),
        )
        for one in covers
        if (part := clipped(one, place)) is not None
    ]
    if not parts:
        return taken
    notes = (*taken.notes, say(strings.CAPTURE_LEFT_OUT))
    return replace(taken, content=_painted(frame, parts), notes=notes)


def _painted(frame: Frame, parts: Sequence[Box]) -> Frame:
    data, ground = bytearray(frame.data), _ground(frame, parts)
    for part in parts:
        run = ground * part.width
        for row in range(part.top, part.bottom):
            start = (row * frame.width + part.left) * _PIXEL_BYTES
            data[start : start + len(run)] = run
    return replace(frame, data=bytes(data))


def _ground(frame: Frame, parts: Sequence[Box]) -> bytes:
    """The colour that is seen most often beside these parts."""
    found: Counter[bytes] = Counter()
    for y in range(0, frame.height, max(frame.height // _POINTS, 1)):
        for x in range(0, frame.width, max(frame.width // _POINTS, 1)):
            if not any(_holds(part, x, y) for part in parts):
                start = (y * frame.width + x) * _PIXEL_BYTES
                found[frame.data[start : start + _PIXEL_BYTES]] += 1
    return found.most_common(1)[0][0] if found else bytes(_PIXEL_BYTES)


def _holds(box: Box, x: int, y: int) -> bool:
    return box.left <= x < box.right and box.top <= y < box.bottom
