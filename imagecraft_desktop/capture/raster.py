"""Opens pictures made of pixels, with Pillow and its plug-in for HEIC."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from imagecraft_desktop import strings
from imagecraft_desktop.capture.limits import (
    MOST_DECODED_PIXELS,
    Refused,
    check_size,
    shrink_factor,
)
from imagecraft_desktop.capture.sniff import Format, is_cut_off, webp_size
from imagecraft_desktop.strings import say

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

_MOST_JPEG_PIXELS = 400_000_000
"""A baseline JPEG is scaled down while it is decoded, so it may be larger: a 200 megapixel phone."""

_MOST_FRAMES_TRIED = 30
_STRIP_ROWS = 128
_ORIENTATION_TAG = 0x0112
_SEE_THROUGH_MODES = {"RGBA", "RGBa", "LA", "La", "PA"}
_LIGHT_GROUND = (255, 255, 255)
_DARK_GROUND = (40, 40, 40)
_LIGHT = 190
"""Mean lightness, 0 to 255, above which a see-through picture would be lost on white."""

_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
)
"""What Pillow and its plug-ins raise on damaged files; found by fuzzing, none is documented."""


@cache
def _pillow() -> Any:
    """Pillow's Image module, ready for every format."""
    import pillow_heif
    from PIL import Image

    pillow_heif.register_heif_opener(thumbnails=False)
    # Pillow only warns of bombs, and refuses large JPEGs that it could scale; `limits` decides
    Image.MAX_IMAGE_PIXELS = None
    return Image


def decode(
    data: bytes, kind: Format, tick: Callable[[], None] = lambda: None
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Decode an image file.

    Args:
        kind: One of Pillow's formats.
        tick: Called before each frame is decoded; raises Cancelled when the user wants to stop.
    Returns:
        RGB pixels, uint8, (H, W, 3), upright, see-through parts filled; and notes for the user.
    Raises:
        Refused: With the reason.
    """
    if kind is Format.WEBP:
        check_size(*webp_size(data))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of tags that Pillow skips; nobody could act on them
            return _decode(data, kind, tick)
    except MemoryError as error:
        raise Refused(strings.READ_NO_MEMORY) from error
    except _BROKEN as error:
        cut = is_cut_off(data, kind)
        raise Refused(strings.READ_CUT_OFF if cut else strings.READ_DAMAGED) from error


def flatten(image: Image) -> NDArray[np.uint8]:
    """A picture that Pillow has opened or made, as its file would be decoded; at the frame where it is.

    Returns:
        See `decode`.
    Raises:
        Refused: With the reason.
    """
    check_size(*image.size)
    if not all(image.size):
        raise Refused(strings.READ_DAMAGED)
    _pillow()
    try:
        image.load()
        return _to_pixels(image)
    except MemoryError as error:
        raise Refused(strings.READ_NO_MEMORY) from error
    except _BROKEN as error:
        raise Refused(strings.READ_DAMAGED) from error


def _decode(
    data: bytes, kind: Format, tick: Callable[[], None]
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    with _pillow().open(io.BytesIO(data), formats=[kind.value]) as image:
        _bound(image, kind)
        notes = _choose_frame(image, kind, tick)
        tick()
        image.load()
        tick()
        return _to_pixels(image), notes


def _bound(image: Image, kind: Format) -> None:
    """Scale while decoding where the format can, and refuse what is still too large."""
    if kind is Format.JPEG and not image.info.get("progressive"):
        check_size(*image.size, _MOST_JPEG_PIXELS)
        factor = shrink_factor(*image.size)
        if factor > 1:
            image.draft(None, (image.width // factor, image.height // factor))
    check_size(*image.size)


def _choose_frame(image: Image, kind: Format, tick: Callable[[], None]) -> tuple[str, ...]:
    """Go to the first page, or to the first frame of an animation that shows anything."""
    count = getattr(image, "n_frames", 1)
    if count < 2:
        return ()
    if kind is Format.TIFF:
        return (say(strings.NOTE_FIRST_PAGE, count=count),)
    if kind not in {Format.GIF, Format.PNG, Format.WEBP, Format.AVIF}:
        return ()  # the second picture of a phone's JPEG or HEIC is a depth map or a preview
    number = _first_that_shows(image, count, tick)
    image.seek(number)
    return (say(strings.NOTE_ANIMATION, count=count, number=number + 1),)


def _first_that_shows(image: Image, count: int, tick: Callable[[], None]) -> int:
    """The first frame that is more than one even colour; 0 when none is found at a fair price."""
    pixels = 0
    for frame in range(min(count, _MOST_FRAMES_TRIED)):
        tick()
        pixels += image.width * image.height
        if pixels > MOST_DECODED_PIXELS:
            break
        image.seek(frame)
        check_size(*image.size)  # a GIF may grow from frame to frame
        with image.convert("RGB") as copy:
            if any(low != high for low, high in copy.getextrema()):  # type: ignore[misc]
                return frame
    return 0


def _to_pixels(image: Image) -> NDArray[np.uint8]:
    factor = shrink_factor(*image.size)
    if image.mode.startswith("I") or image.mode == "F":
        size = (max(1, image.width // factor), max(1, image.height // factor))
        values = image if factor == 1 else image.resize(size, resample=0)
        small: Image = _pillow().fromarray(_deep_grey(np.asarray(values), image.mode))
    elif image.mode in _SEE_THROUGH_MODES or "transparency" in image.info:
        small = on_ground(_reduced(image, "RGBA", factor))
    else:
        small = _reduced(image, "RGB", factor)
    return np.asarray(_converted(_upright(small, image), "RGB"))


def _converted(image: Image, mode: str) -> Image:
    """The picture in this mode; Pillow would copy it even when nothing changes."""
    return image if image.mode == mode else image.convert(mode)


def _reduced(image: Image, mode: str, factor: int) -> Image:
    """The picture in this mode, smaller by a whole factor; strip by strip, to spare memory."""
    if factor == 1:
        return _converted(image, mode)
    width, height = -(-image.width // factor), -(-image.height // factor)
    small: Image = _pillow().new(mode, (width, height))
    rows = factor * _STRIP_ROWS
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        small.paste(_converted(strip, mode).reduce(factor), (0, top // factor))
    return small


def _deep_grey(values: NDArray[Any], mode: str) -> NDArray[np.uint8]:
    """Grey of more than 8 bits as 8 bits.

    16 bits keep their meaning; whole numbers of 32 bits and fractions have no agreed range, so
    theirs is stretched from the lowest to the highest.
    """
    if mode.startswith("I;16"):
        return (values.astype(np.uint16) >> 8).astype(np.uint8)
    finite = np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)
    low, high = float(finite.min()), float(finite.max())
    span = high - low
    if not 0 < span < np.inf:
        return np.zeros(values.shape, np.uint8)
    return ((finite - low) * (255 / span)).astype(np.uint8)


def on_ground(image: Image) -> Image:
    """A see-through picture on white, or on dark grey where its own colours are light."""
    alpha = image.getchannel("A")
    if alpha.getextrema()[0] == 255:
        return image.convert("RGB")
    small = image.resize((min(image.width, 256), min(image.height, 256)), resample=0)
    colours = np.asarray(small, dtype=np.float32)
    weight = colours[:, :, 3]
    shown = float(weight.sum())
    lightness = float((colours[:, :, :3].mean(axis=2) * weight).sum() / shown) if shown else 0.0
    ground: Image = _pillow().new(
        "RGB", image.size, _DARK_GROUND if lightness > _LIGHT else _LIGHT_GROUND
    )
    ground.paste(image, mask=alpha)
    return ground


def _upright(image: Image, opened: Image) -> Image:
    """Turn by the orientation that the camera noted; Pillow has turned TIFF and HEIC already."""
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    try:
        orientation = opened.getexif().get(_ORIENTATION_TAG)
    except _BROKEN:  # damaged camera notes; the picture itself is good
        return image
    turn = turns.get(orientation) if isinstance(orientation, int) else None
    return image if turn is None else image.transpose(turn)
