"""Takes a picture from a file or a stream; nothing is decoded here.

A file travels as a path and is read in the worker, by `read_file`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from imagecraft_desktop import strings
from imagecraft_desktop.errors import UnreadableImage
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.plain_file import NotReadable, opened, system_reason
from imagecraft_desktop.values import Capture, Origin

MOST_BYTES = 200 * 1024 * 1024
"""The largest file that is read."""

_CHUNK_BYTES = 1024 * 1024


def from_path(path: Path) -> Capture:
    """The file at a path; whether it can be read shows when it is decoded."""
    return Capture(Origin.FILE, str(path), path)


def from_bytes(data: bytes, name: str, origin: Origin = Origin.FILE) -> Capture:
    """An image file that is already in memory. Raises UnreadableImage when it is empty."""
    if not data:
        raise _unreadable(name, say(strings.READ_EMPTY))
    return Capture(origin, name, data)


def from_stream(stream: BinaryIO) -> Capture:
    """An image file from standard input, up to its end.

    Raises:
        UnreadableImage: It is empty, or longer than `MOST_BYTES`.
    """
    name = say(strings.CAPTURE_STDIN)
    try:
        data = _read_all(stream, name)
    except OSError as error:
        raise _unreadable(name, system_reason(error)) from error
    return from_bytes(data, name, Origin.STDIN)


def read_file(path: Path) -> bytes:
    """The whole of an ordinary file. Never waits on a pipe or a device.

    Raises:
        UnreadableImage: With the reason why it cannot be read.
    """
    return _read(path, lambda stream: _read_all(stream, str(path)))


def check(path: Path) -> None:
    """See that there is a file that can be read, with something in it. Raises what `read_file` does."""
    _read(path, lambda stream: stream.read(1))


def _read(path: Path, read: Callable[[BinaryIO], bytes]) -> bytes:
    name = str(path)
    try:
        with opened(path, MOST_BYTES) as stream:
            data = read(stream)
    except NotReadable as error:
        raise _unreadable(name, error.reason) from error
    if not data:
        raise _unreadable(name, say(strings.READ_EMPTY))
    return data


def _read_all(stream: BinaryIO, name: str) -> bytes:
    data = bytearray()
    while chunk := stream.read(_CHUNK_BYTES):
        data += chunk
        if len(data) > MOST_BYTES:
            raise _too_big(name)
    return bytes(data)


def _unreadable(name: str, reason: str) -> UnreadableImage:
    return UnreadableImage(name=name, reason=reason)


def _too_big(name: str) -> UnreadableImage:
    return _unreadable(name, say(strings.READ_TOO_BIG, megabytes=MOST_BYTES // 1024**2))
