"""Writes a whole file at once, in the place of an old one of that name or as a new one."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from imagecraft_desktop import strings
from imagecraft_desktop.errors import FileNotWritten
from imagecraft_desktop.strings import say

_REASONS = {
    errno.ENOSPC: strings.FILE_DISK_FULL,
    errno.EDQUOT: strings.FILE_DISK_FULL,
    errno.EACCES: strings.FILE_NOT_ALLOWED,
    errno.EPERM: strings.FILE_NOT_ALLOWED,
    errno.EROFS: strings.FILE_NOT_ALLOWED,
    errno.ENOENT: strings.FILE_NO_FOLDER,
    errno.ENOTDIR: strings.FILE_NO_FOLDER,
    errno.EISDIR: strings.READ_FOLDER,
}


def why_not_written(error: OSError | ValueError) -> str:
    """The clause for what the system says, in its own words where we have none."""
    number = error.errno if isinstance(error, OSError) else None
    if (known := _REASONS.get(number or 0)) is not None:
        return say(known)
    return getattr(error, "strerror", None) or type(error).__name__


def write_new(path: Path, data: bytes) -> None:
    """Write the file; it appears whole or not at all, readable by the user only.

    Raises:
        FileNotWritten: With the system's reason; an old file of that name is intact.
    """
    if not path.name or not path.parent.is_dir():
        raise FileNotWritten(name=path.name, reason=say(strings.FILE_NO_FOLDER))
    # a name that nobody can lay a link to in advance
    part = path.with_name(f".{path.name[:40]}.{os.urandom(6).hex()}.part")
    try:
        handle = os.open(
            part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600
        )
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        reason = why_not_written(error)
        raise FileNotWritten(type(error).__name__, name=path.name, reason=reason) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
