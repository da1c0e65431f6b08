"""Tells what sort of file some bytes are, from the bytes alone: names and content types lie."""

from __future__ import annotations

import re
import struct
from enum import StrEnum

from imagecraft_desktop import strings

HEAD_BYTES = 8192
"""How much of a file `sniff` needs."""


class Format(StrEnum):
    """The formats that can be opened. Those of Pillow carry Pillow's own names."""

    PNG = "PNG"
    JPEG = "JPEG"
    WEBP = "WEBP"
    GIF = "GIF"
    BMP = "BMP"
    TIFF = "TIFF"
    HEIC = "HEIF"
    AVIF = "AVIF"
    SVG = "SVG"
    PDF = "PDF"
    GZIP = "GZIP"


_STARTS = (
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"\xff\xd8\xff", Format.JPEG),
    (b"GIF87a", Format.GIF),
    (b"GIF89a", Format.GIF),
    (b"II*\0", Format.TIFF),
    (b"MM\0*", Format.TIFF),
    (b"II+\0", Format.TIFF),
    (b"MM\0+", Format.TIFF),
    (b"\x1f\x8b\x08", Format.GZIP),
)
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}
_PDF_WITHIN = 1024
"""A PDF may begin this many bytes into the file; the format allows it and mailers do it."""
_SVG_TAG = re.compile(r"<(?:[\w.-]+:)?svg[\s>/]")
_PAGE_TAG = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)


def sniff(head: bytes) -> Format | None:
    """The format of a file that begins with `head`, or None when it is none that can be opened.

    Args:
        head: The first `HEAD_BYTES` or more, or the whole of a shorter file.
    """
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Format.WEBP
    if head[4:8] == b"ftyp":
        return _iso_brand(head)
    if head[:2] == b"BM" and len(head) >= 26 and head[14:18] in _BMP_HEADERS:
        return Format.BMP
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return Format.PDF
    text = as_text(head[:HEAD_BYTES])
    return Format.SVG if text is not None and _SVG_TAG.search(text) and not is_page(text) else None


_BMP_HEADERS = {struct.pack("<I", size) for size in (12, 40, 52, 56, 64, 108, 124)}


def _iso_brand(head: bytes) -> Format | None:
    """HEIC or AVIF by the brands of the first box; a film has the same box with other brands."""
    end = min(int.from_bytes(head[:4], "big"), 256)
    brands = {head[at : at + 4] for at in (8, *range(16, end, 4))}
    if brands & _AVIF_BRANDS:
        return Format.AVIF
    return Format.HEIC if brands & _HEIF_BRANDS else None


def as_text(head: bytes) -> str | None:
    """The bytes as text, or None when they are not text. A character cut at the end is forgiven."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = head.decode("utf-16", errors="replace")
    else:
        try:
            text = head.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            if len(head) - error.start > 3:
                return None
            text = head[: error.start].decode("utf-8-sig")
    controls = sum(1 for c in text if ord(c) < 32 and c not in "\t\n\r\f")
    return text if controls == 0 else None


def is_page(text: str) -> bool:
    """Whether a text is a web page."""
    return bool(_PAGE_TAG.search(text[:HEAD_BYTES]))


def why_refused(data: bytes) -> str:
    """The message, one of `strings`, that says what a file is that `sniff` does not know."""
    if not data:
        return strings.READ_EMPTY
    text = as_text(data[:HEAD_BYTES])
    if text is None:
        return strings.READ_NOT_PICTURE
    return strings.READ_WEB_PAGE if is_page(text) else strings.READ_TEXT


def is_cut_off(data: bytes, kind: Format) -> bool:
    """Whether a file that could not be decoded ends too early, by the marks of its format."""
    match kind:
        case Format.PNG:
            return b"IEND" not in data
        case Format.JPEG:
            return not data.rstrip(b"\0").endswith(b"\xff\xd9")
        case Format.GIF:
            return not data.rstrip(b"\0").endswith(b";")
        case Format.WEBP:
            return int.from_bytes(data[4:8], "little") + 8 > len(data)
        case Format.BMP:
            return int.from_bytes(data[2:6], "little") > len(data)
        case Format.TIFF:
            return _tiff_is_cut_off(data)
        case Format.HEIC | Format.AVIF:
            return _boxes_are_cut_off(data)
        case Format.PDF:
            return b"%%EOF" not in data[-_PDF_WITHIN:]
        case Format.SVG:
            return not data.rstrip().endswith(b">")
        case _:
            return False


def _boxes_are_cut_off(data: bytes) -> bool:
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size == 0:  # to the end of the file
            return False
        if size < 8:
            return False  # damaged, not cut
        at += size
    return at != len(data)


_STRIP_OFFSETS, _STRIP_COUNTS, _TILE_OFFSETS, _TILE_COUNTS = 273, 279, 324, 325
_TIFF_SIZES = {3: "H", 4: "I"}


def _tiff_is_cut_off(data: bytes) -> bool:
    """Whether the first page's directory, or the pixels it points to, lie behind the end."""
    order = "<" if data[:2] == b"II" else ">"

    def numbers(kind: str, count: int, at: int) -> tuple[int, ...]:
        size = struct.calcsize(order + kind) * count
        if at + size > len(data):
            raise EOFError
        return struct.unpack_from(f"{order}{count}{kind}", data, at)

    try:
        (at,) = numbers("I", 1, 4)
        (entries,) = numbers("H", 1, at)
        found: dict[int, tuple[int, ...]] = {}
        for entry in range(at + 2, at + 2 + 12 * entries, 12):
            tag, kind = numbers("H", 2, entry)
            (count,) = numbers("I", 1, entry + 4)
            if tag not in {_STRIP_OFFSETS, _STRIP_COUNTS, _TILE_OFFSETS, _TILE_COUNTS}:
                continue
            if kind not in _TIFF_SIZES:
                return False
            letter = _TIFF_SIZES[kind]
            fits = count * struct.calcsize(letter) <= 4
            place = entry + 8 if fits else numbers("I", 1, entry + 8)[0]
            found[tag] = numbers(letter, count, place)
    except EOFError:
        return True
    for offsets, counts in ((_STRIP_OFFSETS, _STRIP_COUNTS), (_TILE_OFFSETS, _TILE_COUNTS)):
        for start, size in zip(found.get(offsets, ()), found.get(counts, ()), strict=False):
            if start + size > len(data):
                return True
    return False


def webp_size(data: bytes) -> tuple[int, int]:
    """Width and height of a WebP's canvas, from its header; (0, 0) when it cannot be told.

    Pillow makes two canvases of that size while it only opens the file, so the size must be known
    before.
    """
    chunk, body = data[12:16], data[20:30]
    if len(body) < 10:
        return 0, 0
    if chunk == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    if chunk == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0
