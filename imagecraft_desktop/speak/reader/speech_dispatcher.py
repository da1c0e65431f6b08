"""Orca before version 49, which takes no texts, through the speech server that it speaks with.

What we say then waits in the same queue as what Orca says, in the voice that the user has set there,
so two voices never speak at once. There is no braille on this way. Through libspeechd, which the
system has; a server that does not run is not started.
Interface: Speech Dispatcher, libspeechd.h; SSIP, "Message Priority Model".
"""

from __future__ import annotations

import ctypes
import logging
import os
import socket
import threading
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

_LIBRARY = "libspeechd.so.2"
_ORCA = b"orca"
_SINGLE = 0
_LOOK_S = 0.1
_MESSAGE = 2
"""Orca's own priority: waits for what is being said."""


class SpeechDispatcher:
    """See `base.Reader`.

    Args:
        library: libspeechd; None for the system's.
        processes: Where the processes are listed.
    """

    name = "Orca"
    systems: tuple[str, ...] = ("linux",)
    says_names = True

    def __init__(self, library: Any = None, processes: Path = Path("/proc")) -> None:
        self._library = library
        self._processes = processes
        self._lock = threading.Lock()
        self._connection: int | None = None

    def is_running(self) -> bool:
        # asked in this order: the first is quick, and false nearly everywhere
        return _has_server() and runs(_ORCA, self._processes) and self._load() is not None

    def say(self, text: str) -> bool:
        library = self._load()
        if library is None or not _has_server():
            return False
        with self._lock:
            # a server that was restarted leaves a dead connection behind
            for _ in range(2):
                if self._connection is None:
                    self._connection = _open(library)
                if self._connection is None:
                    return False
                if library.spd_say(self._connection, _MESSAGE, text.encode(errors="replace")) >= 0:
                    return True
                library.spd_close(self._connection)
                self._connection = None
        log.warning("Speech Dispatcher did not take a text")
        return False

    def stop(self) -> None:
        with self._lock:
            if self._connection is not None and self._library is not None:
                self._library.spd_cancel(self._connection)  # ours alone, not Orca's

    def _load(self) -> Any:
        if self._library is None:
            try:
                self._library = ctypes.CDLL(_LIBRARY)
            except OSError:
                return None
            _declare(self._library)
        return self._library


def _has_server() -> bool:
    """Whether a speech server listens where Orca's would; one that died leaves its socket behind."""
    address = os.environ.get("SPEECHD_ADDRESS", "")
    path = address.partition(":")[2]
    if not address.startswith("unix_socket:"):
        path = f"{os.environ.get('XDG_RUNTIME_DIR', '')}/speech-dispatcher/speechd.sock"
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_LOOK_S)
            connection.connect(path)
    except OSError:
        return False
    return True


def runs(program: bytes, processes: Path) -> bool:
    """Whether a program of this name runs for this user."""
    try:
        with os.scandir(processes) as entries:
            for entry in entries:
                if entry.name.isdecimal() and _name(entry.path) == program and _is_ours(entry):
                    return True
    except OSError:
        return False
    return False


def _is_ours(process: os.DirEntry[str]) -> bool:
    """Not another user's, who is logged in as well, or the login screen's."""
    try:
        return process.stat().st_uid == os.getuid()
    except OSError:  # it has just ended
        return False


def _name(process: str) -> bytes:
    try:
        with open(f"{process}/comm", "rb", buffering=0) as file:
            return file.read().rstrip()
    except OSError:  # it has just ended
        return b""


def _declare(library: Any) -> None:
    library.spd_open2.restype = ctypes.c_void_p
    library.spd_open2.argtypes = [
        *(ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int),
        *(ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p),
    ]
    library.spd_say.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p]
    library.spd_cancel.argtypes = [ctypes.c_void_p]
    library.spd_close.argtypes = [ctypes.c_void_p]


def _open(library: Any) -> int | None:
    why = ctypes.c_char_p()  # without a place for its reason the library crashes when it fails
    name, purpose = b"imagecraft-desktop", b"descriptions"
    connection: int | None = library.spd_open2(
        name, purpose, None, _SINGLE, None, 0, ctypes.byref(why)
    )
    return connection


READER = SpeechDispatcher
