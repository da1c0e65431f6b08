"""Photo or screen, and where on a screen the photos are.

Screens are flat: most neighbouring pixels are equal, also between the letters of a text, and edges
are steps of a single pixel. Photos have continuous tones. Looked at in blocks of 32 pixels, and
with tolerance, so that JPEG, scaling and gradients do not deceive.

Called by the embedded captioner. Pictures are RGB, uint8, (H, W, 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop.values import Box

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]

_BLOCK = 32
_LONGEST = 1600  # pixels; larger pictures are looked at in every second, third ... pixel
_TONES = 32
_BUSY_RANGE = 24  # grey levels, of 255
_STRAIGHT_RUN = 48
_STRAIGHT_STEP = 8

_PHOTO_TONE_SHARE = 0.55
_PHOTO_TONES = 5
_PHOTO_EQUAL = 0.6

_TEXT_EQUAL = 0.6
_TEXT_SHARP = 0.015

_PHOTO_BLOCKS_SURE = 0.35
_FEW_PHOTO_OF_BUSY = 0.02
_FEW_PHOTO = 0.03
_PAGE_GROUND = 0.7
_TEXT_BLOCKS = 0.03
_TEXT_BLOCKS_COUNT = 16
_FEW_BUSY = 0.02
_FEW_BUSY_BLOCKS = 12
_SCREEN_SCORE = 0.66
_SCREEN_SCORE_WITHOUT_TEXT = 1.0
_FEW_LINES = 3

_SMALLEST_PHOTO = 80  # pixels of the picture
_PHOTO_FILL = 0.35
_MOST_PHOTOS = 12


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Facts about each block of 32 by 32 pixels, as (rows, columns) arrays.

    Attributes:
        busy: Has contrast.
        photo: Has continuous tones.
        equal: Share of neighbouring pixels that are exactly equal, 0 to 1.
        sharp: Share of neighbours that differ by more than half of the block's range.
        text: Has strokes on a flat ground.
    """

    busy: Mask
    photo: Mask
    equal: NDArray[np.float32]
    sharp: NDArray[np.float32]
    text: Mask


class _Look:
    """A picture in grey, made smaller by leaving out pixels; `step` is how many."""

    def __init__(self, pixels: Pixels) -> None:
        import cv2

        self.step = max(1, round(max(pixels.shape[:2]) / _LONGEST))
        kept = np.ascontiguousarray(pixels[:: self.step, :: self.step])
        self.grey: NDArray[np.uint8] = np.asarray(cv2.cvtColor(kept, cv2.COLOR_RGB2GRAY))
        self.across = np.zeros_like(self.grey)
        self.across[:, :-1] = cv2.absdiff(self.grey[:, 1:], self.grey[:, :-1])

    @cached_property
    def blocks(self) -> _Blocks:
        grey, across = self._in_blocks(self.grey), self._in_blocks(self.across)
        rows, columns, size = grey.shape
        number = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns, 1) * _TONES
        counts = np.bincount((number + (grey >> 3)).ravel(), minlength=rows * columns * _TONES)
        tones = counts.reshape(rows, columns, _TONES) / size
        commonest = (tones[..., :-2] + tones[..., 1:-1] + tones[..., 2:]).max(axis=-1)
        span = grey.max(axis=-1).astype(np.int16) - grey.min(axis=-1)
        equal = (across == 0).mean(axis=-1, dtype=np.float32)
        busy = span >= _BUSY_RANGE
        sharp = (across > (span * 0.5)[..., None]).mean(axis=-1, dtype=np.float32)
        return _Blocks(
            busy=busy,
            photo=(commonest < _PHOTO_TONE_SHARE)
            & ((tones > 0.01).sum(axis=-1) >= _PHOTO_TONES)
            & (equal < _PHOTO_EQUAL),
            equal=equal,
            sharp=sharp,
            text=busy & (equal >= _TEXT_EQUAL) & (sharp >= _TEXT_SHARP),
        )

    def _in_blocks(self, channel: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """(rows, columns, 1024)"""
        rows, columns = (edge // _BLOCK for edge in channel.shape)
        cut = channel[: rows * _BLOCK, : columns * _BLOCK]
        tiled = cut.reshape(rows, _BLOCK, columns, _BLOCK).swapaxes(1, 2)
        return tiled.reshape(rows, columns, _BLOCK * _BLOCK)

    def ground_share(self) -> float:
        """Share of pixels that have the commonest grey, or nearly."""
        tones = np.bincount(self.grey[::4, ::4].ravel() >> 3, minlength=_TONES)
        return float((tones[:-2] + tones[1:-1] + tones[2:]).max() / tones.sum())

    def straight_share(self) -> float:
        """Share of the edges that run straight, level or upright, for 48 pixels or more."""
        import cv2

        down = np.zeros_like(self.grey)
        down[:-1] = cv2.absdiff(self.grey[1:], self.grey[:-1])
        straight = edges = 0
        for steps, shape in ((down, (_STRAIGHT_RUN, 1)), (self.across, (1, _STRAIGHT_RUN))):
            marked = np.asarray(steps > _STRAIGHT_STEP, np.uint8)
            line = cv2.getStructuringElement(cv2.MORPH_RECT, shape)
            straight += cv2.countNonZero(cv2.morphologyEx(marked, cv2.MORPH_OPEN, line))
            edges += cv2.countNonZero(marked)
        return straight / max(1, edges)


def is_photo(pixels: Pixels, lines: int | None = None) -> bool:
    """Whether the picture as a whole is a photo, also one with text in it or of a plain ground.

    No, when it is a screen, a page or a chart, or a screen that shows a photo.

    Args:
        pixels: The picture.
        lines: How many lines of text were read, when that is known. With fewer than three, a
            thing before an empty ground is taken for a photo, too.
    """
    if min(pixels.shape[:2]) < _BLOCK:
        return False
    look = _Look(pixels)
    blocks = look.blocks
    few_photo = blocks.photo.sum() <= _FEW_PHOTO_OF_BUSY * blocks.busy.sum()
    if few_photo or (blocks.photo.mean() < _FEW_PHOTO and look.ground_share() >= _PAGE_GROUND):
        return False  # a page, also a scanned one
    if _is_written_on(blocks.text):
        return False
    outside = blocks.busy.copy()
    photos = _photo_boxes(look)
    if blocks.photo.mean() < _PHOTO_BLOCKS_SURE or _area(photos) < 0.9 * look.grey.size:
        for box in photos:
            _inside(outside, box)[...] = False
    if blocks.photo.mean() >= _PHOTO_BLOCKS_SURE and outside.mean() < 0.25:
        return True
    if outside.mean() < _FEW_BUSY or outside.sum() < _FEW_BUSY_BLOCKS:
        outside = blocks.busy
    few_lines = lines is not None and lines < _FEW_LINES
    return _screen_score(look, outside) < (
        _SCREEN_SCORE_WITHOUT_TEXT if few_lines else _SCREEN_SCORE
    )


def _is_written_on(text: Mask) -> bool:
    return bool(text.mean() >= _TEXT_BLOCKS and text.sum() >= _TEXT_BLOCKS_COUNT)


def _screen_score(look: _Look, where: Mask) -> float:
    """How much the blocks with contrast look like text and controls. Screens: 0.7 to 2; photos: to 0.6."""
    blocks = look.blocks
    return float(
        blocks.equal[where].mean()
        + 10 * blocks.sharp[where].mean()
        + 3 * min(0.1, look.straight_share())
        - blocks.photo.mean()
    )


def find_photos(pixels: Pixels) -> list[Box]:
    """Where a screen shows photos, largest first; at least 80 pixels wide and high."""
    if min(pixels.shape[:2]) < _SMALLEST_PHOTO:
        return []
    look = _Look(pixels)
    found = []
    for box in _photo_boxes(look):
        if _is_written_on(_inside(look.blocks.text, box)):
            continue  # a wallpaper with windows on it
        left, top, right, bottom = (edge * look.step for edge in _fitted(look, box))
        placed = Box(left, top, min(right, pixels.shape[1]), min(bottom, pixels.shape[0]))
        if min(placed.width, placed.height) >= _SMALLEST_PHOTO:
            found.append(placed)
    found.sort(key=lambda box: -box.width * box.height)
    return found[:_MOST_PHOTOS]


def _photo_boxes(look: _Look) -> list[Box]:
    """Boxes, in pixels of the look, around blocks of continuous tones that hang together."""
    import cv2

    marked = look.blocks.photo.astype(np.uint8)
    if marked.size == 0:
        return []
    closed = cv2.morphologyEx(marked, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=4)
    boxes = [
        Box(*(int(edge) * _BLOCK for edge in (left, top, left + width, top + height)))
        for left, top, width, height, area in stats[1:].tolist()
        if min(width, height) >= 2 and area >= _PHOTO_FILL * width * height
    ]
    return _merged(boxes)


def _merged(boxes: list[Box]) -> list[Box]:
    """Join boxes that overlap or touch."""
    waiting, done = list(boxes), []
    while waiting:
        box = waiting.pop()
        near = [other for other in waiting if _touch(box, other)]
        if not near:
            done.append(box)
            continue
        waiting = [other for other in waiting if other not in near]
        together = [box, *near]
        waiting.append(
            Box(
                min(b.left for b in together),
                min(b.top for b in together),
                max(b.right for b in together),
                max(b.bottom for b in together),
            )
        )
    return done


def _touch(one: Box, other: Box) -> bool:
    return (
        one.left <= other.right
        and other.left <= one.right
        and one.top <= other.bottom
        and other.top <= one.bottom
    )


def _inside(marks: Mask, box: Box) -> Mask:
    """The part of (rows, columns) that lies in a box whose sides are those of blocks."""
    return marks[box.top // _BLOCK : box.bottom // _BLOCK, box.left // _BLOCK : box.right // _BLOCK]


def _area(boxes: list[Box]) -> int:
    return sum(box.width * box.height for box in boxes)


def _fitted(look: _Look, box: Box) -> Box:
    """Move the sides to where the photo ends: a sky is no longer exactly flat, a page is."""
    left, right = _stretch(look.across[box.top : box.bottom].T, box.left, box.right)
    top, bottom = _stretch(look.across[:, left:right], box.top, box.bottom)
    return Box(left, top, right, bottom)


def _stretch(lines: NDArray[np.uint8], first: int, last: int) -> tuple[int, int]:
    """First and last line of a photo, at first guess `first` to `last`.

    Args:
        lines: Differences of neighbours, one line of the picture in each row.
    """
    alive = (lines > 0).mean(axis=1)
    smooth = (lines > 3 * _BUSY_RANGE).mean(axis=1) < 0.05
    is_photo = (alive > 0.1) & smooth
    middle = (first + last) // 2
    before = np.nonzero(~_steady(is_photo)[:middle])[0]
    after = np.nonzero(~_steady(is_photo)[middle:])[0]
    low = int(before[-1]) + 1 if len(before) else 0
    high = middle + int(after[0]) if len(after) else len(lines)
    # never far beyond the blocks that were found, and never less than half of them
    reach = max(_BLOCK, (last - first) // 2)
    low = min(max(low, first - reach), middle - (middle - first) // 2)
    high = max(min(high, last + reach), middle + (last - middle) // 2)
    return max(0, low), min(len(lines), high)


def _steady(lines: Mask) -> Mask:
    """Fill gaps of up to 8 lines."""
    import cv2

    kernel = np.ones((9, 1), np.uint8)
    column = lines.astype(np.uint8)[:, None]
    return np.asarray(cv2.morphologyEx(column, cv2.MORPH_CLOSE, kernel)[:, 0] > 0)
