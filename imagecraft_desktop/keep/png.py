"""Puts blocks of metadata into a PNG file; the picture itself is copied byte for byte."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from imagecraft_desktop.keep.blocks import Alt, Damaged, clean, exif, said_before, xmp

_HEAD = 8
_XMP = b"XML:com.adobe.xmp\0"
_DESCRIPTION = b"Description\0"
_TEXTS = {b"tEXt", b"zTXt", b"iTXt"}


def embed(data: bytes, alt: Alt) -> bytes:
    """The file with the description in it: as XMP, as EXIF and as text. Raises Damaged."""
    chunks = list(_chunks(data))
    if not chunks or chunks[0][0] != b"IHDR":
        raise Damaged
    old_xmp = next(
        (body for kind, body in chunks if kind == b"iTXt" and body.startswith(_XMP)), None
    )
    old_exif = next((body for kind, body in chunks if kind == b"eXIf"), None)
    packet = _text(old_xmp, _XMP)
    before = said_before(packet)
    chunks = [one for one in chunks if not _is_said(one, before)]
    new = [(b"iTXt", _XMP + b"\0\0\0\0" + xmp(packet, alt))]
    if not any(kind in _TEXTS and body.startswith(_DESCRIPTION) for kind, body in chunks):
        new.append((b"iTXt", _DESCRIPTION + b"\0\0\0\0" + alt.long.encode(errors="replace")))
    kept = [one for one in chunks[1:] if not (one[0] == b"iTXt" and one[1].startswith(_XMP))]
    new_exif = exif(old_exif, alt, before)
    if new_exif is not None:
        kept = [one for one in kept if one[0] != b"eXIf"]
        new.append((b"eXIf", new_exif.removeprefix(b"Exif\0\0")))
    return data[:_HEAD] + b"".join(map(_packed, [chunks[0], *new, *kept]))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and contents of each chunk. Raises Damaged."""
    place = _HEAD
    while place < len(data):
        size = int.from_bytes(data[place : place + 4], "big")
        kind, end = data[place + 4 : place + 8], place + 8 + size
        if len(kind) < 4 or end + 4 > len(data):
            raise Damaged
        yield kind, data[place + 8 : end]
        if kind == b"IEND":
            return
        place = end + 4
    raise Damaged


def _packed(chunk: tuple[bytes, bytes]) -> bytes:
    kind, body = chunk
    sum_of = zlib.crc32(kind + body).to_bytes(4, "big")
    return len(body).to_bytes(4, "big") + kind + body + sum_of


def _is_said(chunk: tuple[bytes, bytes], before: frozenset[str]) -> bool:
    """Whether it is the description of before as text."""
    kind, body = chunk
    if kind != b"iTXt" or not body.startswith(_DESCRIPTION):
        return False
    text = _text(body, _DESCRIPTION) or b""
    return clean(text.decode(errors="replace")) in before


def _text(body: bytes | None, name: bytes) -> bytes | None:
    """The text of an international text chunk: after its name two flags, a language and a translated name."""
    if body is None:
        return None
    is_packed = body[len(name) : len(name) + 1] == b"\1"
    parts = body[len(name) + 2 :].split(b"\0", 2)
    if len(parts) < 3:
        raise Damaged
    if not is_packed:
        return parts[2]
    try:
        return zlib.decompressobj().decompress(parts[2], 1_000_000)
    except zlib.error as error:
        raise Damaged from error
