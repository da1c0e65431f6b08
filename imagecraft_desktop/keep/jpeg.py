"""Puts blocks of metadata into a JPEG file; the picture itself is copied byte for byte."""

from __future__ import annotations

from collections.abc import Iterator

from imagecraft_desktop import strings
from imagecraft_desktop.keep.blocks import Alt, Damaged, exif, said_before, xmp

_APP0, _APP1, _SCAN = 0xE0, 0xE1, 0xDA
_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
_MOST = 65_533


def embed(data: bytes, alt: Alt) -> bytes:
    """The file with the description in it. Raises Damaged."""
    segments, start = list(_segments(data)), _scan_start(data)
    first = [one for one in segments if one[0] == _APP0]
    rest = [one for one in segments if one[0] != _APP0]
    old_exif = _payload(rest, _EXIF)
    old_xmp = _payload(rest, _XMP)
    old_packet = old_xmp[len(_XMP) :] if old_xmp else None
    new_exif = exif(old_exif, alt, said_before(old_packet))
    has_room = old_exif is None or new_exif is None or len(new_exif) <= _MOST
    if new_exif is not None and has_room:
        rest = _without(rest, _EXIF)
        first.append((_APP1, new_exif))
    else:
        first += [one for one in rest if _is(one, _EXIF)]
        rest = _without(rest, _EXIF)
    packet = xmp(old_packet, alt)
    rest = _without(rest, _XMP)
    out = bytearray(data[:2])
    for marker, payload in [*first, (_APP1, _XMP + packet), *rest]:
        if len(payload) > _MOST:
            raise Damaged(strings.KEEP_TOO_MUCH)
        out += bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload
    return bytes(out + data[start:])


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and contents of each segment before the picture's own data. Raises Damaged."""
    place = 2
    while True:
        while data[place : place + 2] == b"\xff\xff":  # padding
            place += 1
        if data[place : place + 1] != b"\xff" or place + 4 > len(data):
            raise Damaged
        marker, size = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if marker == _SCAN:
            return
        if size < 2 or place + 2 + size > len(data):
            raise Damaged
        yield marker, data[place + 4 : place + 2 + size]
        place += 2 + size


def _scan_start(data: bytes) -> int:
    place = 2
    while True:
        while data[place : place + 2] == b"\xff\xff":
            place += 1
        if data[place + 1] == _SCAN:
            return place
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")


def _is(segment: tuple[int, bytes], head: bytes) -> bool:
    return segment[0] == _APP1 and segment[1].startswith(head)


def _payload(segments: list[tuple[int, bytes]], head: bytes) -> bytes | None:
    return next((one[1] for one in segments if _is(one, head)), None)


def _without(segments: list[tuple[int, bytes]], head: bytes) -> list[tuple[int, bytes]]:
    return [one for one in segments if not _is(one, head)]
