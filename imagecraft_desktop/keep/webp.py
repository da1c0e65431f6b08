"""Puts blocks of metadata into a WebP file; the picture itself is copied byte for byte."""

from __future__ import annotations

import io
from collections.abc import Iterator

from imagecraft_desktop.keep.blocks import Alt, Damaged, exif, said_before, xmp

_HEAD = 12
_HAS_XMP, _HAS_EXIF, _HAS_ALPHA = 0x04, 0x08, 0x10


def embed(data: bytes, alt: Alt) -> bytes:
    """The file with the description in it: as XMP and as EXIF. Raises Damaged."""
    chunks = list(_chunks(data))
    old = dict(chunks)
    new_exif = exif(old.get(b"EXIF"), alt, said_before(old.get(b"XMP ")))
    packet = xmp(old.get(b"XMP "), alt)
    kept = [one for one in chunks if one[0] not in {b"XMP ", b"VP8X"}]
    if new_exif is not None:
        kept = [one for one in kept if one[0] != b"EXIF"]
        kept.append((b"EXIF", new_exif.removeprefix(b"Exif\0\0")))
    head = bytearray(old.get(b"VP8X") or _extended(data, old))
    if len(head) < 10:
        raise Damaged
    head[0] |= _HAS_XMP | _HAS_EXIF
    body = b"".join(map(_packed, [(b"VP8X", bytes(head)), *kept, (b"XMP ", packet)]))
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and contents of each chunk. Raises Damaged."""
    place = _HEAD
    end = min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while place + 8 <= end:
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        if place + 8 + size > end:
            raise Damaged
        yield data[place : place + 4], data[place + 8 : place + 8 + size]
        place += 8 + size + size % 2


def _packed(chunk: tuple[bytes, bytes]) -> bytes:
    kind, body = chunk
    return kind + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)


def _extended(data: bytes, chunks: dict[bytes, bytes]) -> bytes:
    """The chunk that a file needs before it may hold metadata."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise Damaged from error
    lossless = chunks.get(b"VP8L", b"")
    flags = _HAS_ALPHA if len(lossless) > 4 and lossless[4] & 0x10 else 0
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes((flags, 0, 0, 0)) + size
