"""Turns a capture into a picture. Called by the pipeline, in the worker thread."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from imagecraft_desktop import strings
from imagecraft_desktop.capture.file import MOST_BYTES, read_file
from imagecraft_desktop.capture.limits import Refused, shrink_factor
from imagecraft_desktop.capture.sniff import HEAD_BYTES, Format, sniff, why_refused
from imagecraft_desktop.errors import ScreenNotAllowed, UnreadableImage
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Capture, Frame, Picture, Shot, Tick

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GZIP_WINDOW = 31


def to_picture(capture: Capture, tick: Tick = lambda: None) -> Picture:
    """Decode what was taken.

    Args:
        tick: Called often while a drawing is made, and before each frame of an animation; raises
            Cancelled when the user wants to stop.
    Raises:
        UnreadableImage: With the reason: it is no picture, damaged, cut off, or too large.
        ScreenNotAllowed: The desktop was still to be asked for it, and does not give it.
    """
    try:
        pixels, notes = _pixels(capture.content, tick)
    except Refused as refusal:
        raise UnreadableImage(
            detail=type(refusal.__cause__).__name__ if refusal.__cause__ else "",
            name=capture.name,
            reason=refusal.reason,
        ) from refusal
    pixels.flags.writeable = False
    return Picture(
        pixels=pixels,
        origin=capture.origin,
        name=capture.name,
        title=capture.title,
        app=capture.app,
        place=capture.place,
        notes=capture.notes + notes,
        known=capture.known,
        is_one_of_many=capture.is_one_of_many,
    )


def to_frame(picture: Picture) -> Frame:
    """A picture as raw pixels, as a grab of the screen gives them."""
    pixels = picture.pixels
    rows = np.full((*pixels.shape[:2], 4), 255, np.uint8)
    rows[:, :, :3] = pixels[:, :, ::-1]
    return Frame(pixels.shape[1], pixels.shape[0], rows.tobytes())


def _pixels(
    content: Frame | bytes | Path | Shot, tick: Tick
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    match content:
        case Frame():
            return _from_frame(content), ()
        case bytes():
            return _from_file(content, tick)
        case Path():
            return _from_file(read_file(content), tick)
        case Shot():
            return _from_portal(content, tick)


def _from_portal(shot: Shot, tick: Tick) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    from imagecraft_desktop.capture import portal

    taken = portal.take(shot, tick)
    pixels, notes = _from_file(taken.data, tick)
    box = portal.part_of(shot, pixels.shape[1], pixels.shape[0])
    if box is None:  # all of it instead would be called by the part's name
        raise ScreenNotAllowed("the part is not there", reason=say(strings.SCREEN_OTHER_SHAPE))
    return np.ascontiguousarray(
        pixels[box.top : box.bottom, box.left : box.right]
    ), taken.notes + notes


def _from_frame(frame: Frame) -> NDArray[np.uint8]:
    """(H, W, 3) RGB from rows of blue, green, red, unused."""
    if len(frame.data) != frame.width * frame.height * 4 or not frame.data:
        raise Refused(strings.READ_DAMAGED)
    rows = np.frombuffer(frame.data, np.uint8).reshape(frame.height, frame.width, 4)
    factor = shrink_factor(frame.width, frame.height)
    rows = rows[::factor, ::factor]
    pixels = np.empty((*rows.shape[:2], 3), np.uint8)
    for channel in range(3):  # four times as fast as one copy with the channels reversed
        pixels[:, :, channel] = rows[:, :, 2 - channel]
    return pixels


def _from_file(data: bytes, tick: Tick) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    kind = sniff(data[:HEAD_BYTES])
    if kind is Format.GZIP:
        data = _unpacked(data)
        kind = sniff(data[:HEAD_BYTES])
    match kind:
        case None | Format.GZIP:
            raise Refused(why_refused(data))
        case Format.SVG | Format.PDF:
            return _from_drawing(data, kind, tick)
        case _:
            from imagecraft_desktop.capture import raster

            return raster.decode(data, kind, tick)


def _from_drawing(
    data: bytes, kind: Format, tick: Tick
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    from imagecraft_desktop.capture.apart import draw

    drawn = draw(data, kind, tick)
    if len(drawn.data) != drawn.width * drawn.height * len(drawn.mode):
        raise Refused(strings.READ_NOT_DRAWN)
    notes = []
    if drawn.pages > 1:
        notes.append(say(strings.NOTE_FIRST_PAGE, count=drawn.pages))
    if drawn.links:
        notes.append(say(strings.NOTE_LINKS_LEFT_OUT))
    rows = np.frombuffer(drawn.data, np.uint8).reshape(drawn.height, drawn.width, -1)
    if drawn.mode == "RGB":
        return rows, tuple(notes)
    from PIL import Image

    from imagecraft_desktop.capture.raster import on_ground

    return np.asarray(on_ground(Image.fromarray(rows))), tuple(notes)


def _unpacked(data: bytes) -> bytes:
    """The contents of a gzip file: a packed SVG, or what a server packed."""
    packed = zlib.decompressobj(_GZIP_WINDOW)
    try:
        plain = packed.decompress(data, MOST_BYTES)
    except zlib.error as error:
        raise Refused(strings.READ_DAMAGED) from error
    if packed.unconsumed_tail:
        raise Refused(strings.READ_TOO_BIG, megabytes=MOST_BYTES // 1024**2)
    if not packed.eof:
        raise Refused(strings.READ_CUT_OFF)
    return plain
