"""Takes a picture from a file or a stream; nothing is decoded here.

A file travels as a path and is read in the worker, by `read_file`.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from imagecraft_desktop import strings
from imagecraft_desktop.errors import UnreadableImage
from imagecraft_desktop.strings import say
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
        raise _unreadable(name, _system_reason(error)) from error
    return from_bytes(data, name, Origin.STDIN)


def read_file(path: Path) -> bytes:
    """The whole of an ordinary file. Never waits on a pipe or a device.

    Raises:
        UnreadableImage: With the reason why it cannot be read.
    """
    name = str(path)
    # a pipe would wait for a writer; nonblocking, it opens at once and is then refused
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(path, flags), "rb") as stream:
            status = os.fstat(stream.fileno())
            if stat.S_ISDIR(status.st_mode):
                raise _unreadable(name, say(strings.READ_FOLDER))
            if not stat.S_ISREG(status.st_mode):
                raise _unreadable(name, say(strings.READ_SPECIAL))
            if status.st_size > MOST_BYTES:
                raise _too_big(name)
            data = _read_all(stream, name)
    except ValueError as error:  # a zero character in the path
        raise _unreadable(name, say(strings.READ_MISSING)) from error
    except OSError as error:
        raise _unreadable(name, _reason(error, path)) from error
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


def _reason(error: OSError, path: Path) -> str:
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return say(strings.READ_MISSING)
        case IsADirectoryError():
            return say(strings.READ_FOLDER)
        case PermissionError() if path.is_dir():  # how Windows refuses to open a folder
            return say(strings.READ_FOLDER)
        case PermissionError():
            return say(strings.READ_NOT_ALLOWED)
        case OSError(errno=errno.ENXIO):  # a socket
            return say(strings.READ_SPECIAL)
        case _:
            return _system_reason(error)


def _system_reason(error: OSError) -> str:
    return say(strings.READ_SYSTEM, detail=error.strerror or type(error).__name__)
