"""Draws the first page of a PDF, with PDFium. Runs in a process of its own: see `apart`."""

from __future__ import annotations

import math

from imagecraft_desktop import strings
from imagecraft_desktop.capture.apart import Drawn
from imagecraft_desktop.capture.limits import Refused
from imagecraft_desktop.capture.sniff import Format, is_cut_off

_POINTS_PER_INCH = 72
_DOTS_PER_INCH = 200
"""Fine enough to read 8 point type."""
_MOST_PIXELS = 16_000_000
_LONGEST_EDGE = 16_384
_PASSWORD_ERROR = 4


def draw(data: bytes) -> Drawn:
    """Draw the first page, with its form fields as they are filled in, on white.

    Raises:
        Refused: With the reason.
    """
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as document:
            if len(document) == 0:
                raise Refused(strings.READ_NO_PAGES)
            document.init_forms()
            page = document[0]
            scale = _scale(*page.get_size())
            bitmap = page.render(scale=scale, rev_byteorder=True, force_bitmap_format=_RGB)
            pixels = _without_padding(bytes(bitmap.buffer), bitmap.width * 3, bitmap.stride)
            return Drawn(bitmap.width, bitmap.height, "RGB", pixels, pages=len(document))
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD_ERROR:
            raise Refused(strings.READ_PASSWORD) from error
        cut = is_cut_off(data, Format.PDF)
        raise Refused(strings.READ_CUT_OFF if cut else strings.READ_DAMAGED) from error


_RGB = 2  # FPDFBitmap_BGR, whose order `rev_byteorder` turns round


def _without_padding(data: bytes, row: int, stride: int) -> bytes:
    """Rows of `row` bytes that begin every `stride` bytes, as rows without gaps."""
    if row == stride:
        return data
    return b"".join(data[at : at + row] for at in range(0, len(data), stride))


def _scale(width: float, height: float) -> float:
    """Pixels for each point of a page of this size in points. Raises Refused for no size."""
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise Refused(strings.READ_DAMAGED)
    return min(
        _DOTS_PER_INCH / _POINTS_PER_INCH,
        math.sqrt(_MOST_PIXELS / (width * height)),
        _LONGEST_EDGE / max(width, height),
    )
