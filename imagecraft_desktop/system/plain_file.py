"""Opens an ordinary file that a person named, and says in words why one cannot be read."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say


class NotReadable(Exception):
    """The caller names the file and tells it in an error of its own.

    Attributes:
        reason: A sentence.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@contextmanager
def opened(path: Path, most_bytes: int) -> Iterator[BinaryIO]:
    """Open a file to read; never waits on a pipe or a device.

    Raises:
        NotReadable: It is missing, no ordinary file, not allowed or too large; or the system fails
            inside the block.
    """
    # a pipe would wait for a writer; nonblocking, it opens at once and is then refused
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        number = os.open(path, flags)
    except ValueError as error:  # a zero character in the path
        raise NotReadable(say(strings.READ_MISSING)) from error
    except OSError as error:
        raise NotReadable(_reason(error, path)) from error
    try:
        with open(number, "rb") as stream:
            _check(os.fstat(number), most_bytes)
            yield stream
    except OSError as error:
        raise NotReadable(_reason(error, path)) from error


def system_reason(error: OSError) -> str:
    """The sentence for what the system says."""
    return say(strings.READ_SYSTEM, detail=error.strerror or type(error).__name__)


def _check(status: os.stat_result, most_bytes: int) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise NotReadable(say(strings.READ_FOLDER))
    if not stat.S_ISREG(status.st_mode):
        raise NotReadable(say(strings.READ_SPECIAL))
    if status.st_size > most_bytes:
        raise NotReadable(say(strings.READ_TOO_BIG, megabytes=most_bytes // 1024**2))


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
            return system_reason(error)
