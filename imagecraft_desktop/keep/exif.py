"""Puts the description into an EXIF block. All else that an older block holds stays where it is, byte for byte:
a camera's notes and the small picture name places counted from its beginning, which only their maker knows.
"""

from __future__ import annotations

import struct

_HEAD = b"Exif\0\0"
_DESCRIPTION = 0x010E
_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
_ENTRY = 12
_TEXT, _BYTES = 2, frozenset({1, 2, 7, 129})
"""Kinds of values: text, and all that are as long as they have bytes."""
_INLINE = 4


def new_exif(text: bytes) -> bytes:
    """A block, beginning with "Exif", that holds only the description."""
    from PIL import Image

    block = Image.Exif()
    # Pillow would write a question mark for every letter that is not ASCII
    block[_DESCRIPTION] = text
    return block.tobytes()


def with_description(old: bytes, text: bytes, replaced: frozenset[str]) -> bytes | None:
    """The block with the description; None when it cannot be understood, or has a description of its own.

    Args:
        replaced: Texts that are not the block's own, so that the new one takes their place.
    """
    head = _HEAD if old.startswith(_HEAD) else b""
    block = bytearray(old[len(head) :])
    order = _ORDERS.get(bytes(block[:4]))
    if order is None:
        return None
    try:
        done = _put(block, order, text + b"\0", replaced)
    except (struct.error, IndexError):  # it is cut off
        return None
    return head + bytes(block) if done else None


def _put(block: bytearray, order: str, text: bytes, replaced: frozenset[str]) -> bool:
    """Change the block; whether it may be."""
    (start,) = struct.unpack_from(f"{order}I", block, 4)
    (count,) = struct.unpack_from(f"{order}H", block, start)
    first, end = start + 2, start + 2 + count * _ENTRY
    (following,) = struct.unpack_from(f"{order}I", block, end)
    entries = {
        struct.unpack_from(f"{order}H", block, place)[0]: place
        for place in range(first, end, _ENTRY)
    }
    if (place := entries.get(_DESCRIPTION)) is not None:
        if not _clear(block, order, place, replaced):
            return False
        block[place : place + _ENTRY] = _entry(block, order, text)
        return True
    entry = _entry(block, order, text)
    # tags stand in order
    middle = next((entries[tag] for tag in sorted(entries) if tag > _DESCRIPTION), end)
    directory = bytes(block[first:middle]) + entry + bytes(block[middle:end])
    _pad(block)
    struct.pack_into(f"{order}I", block, 4, len(block))
    block += struct.pack(f"{order}H", count + 1) + directory + struct.pack(f"{order}I", following)
    return True


def _clear(block: bytearray, order: str, place: int, replaced: frozenset[str]) -> bool:
    """Erase an older description, unless it is one of the user's own."""
    kind, size = struct.unpack_from(f"{order}HI", block, place + 2)
    where = place + 8
    if size > _INLINE:
        (where,) = struct.unpack_from(f"{order}I", block, where)
    if kind not in _BYTES or where + size > len(block):
        return False
    text = bytes(block[where : where + size]).decode(errors="replace").strip("\0 ")
    if text and text not in replaced:
        return False
    block[where : where + size] = bytes(size)
    return True


def _entry(block: bytearray, order: str, text: bytes) -> bytes:
    """The line of the directory for a text, which is put at the end of the block."""
    value = text.ljust(_INLINE, b"\0")
    if len(text) > _INLINE:
        _pad(block)
        value = struct.pack(f"{order}I", len(block))
        block += text
    return struct.pack(f"{order}HHI", _DESCRIPTION, _TEXT, len(text)) + value


def _pad(block: bytearray) -> None:
    """Everything begins at an even place."""
    block += bytes(len(block) % 2)
