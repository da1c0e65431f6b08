"""Reaches the running program through its local socket; used by the command line.

Standard library only, so that a key bound to `imagecraft-desktop trigger window` answers at once.
The message is one line of JSON, and so is the reply:

    {"version": 1, "action": "file", "path": "/home/a/dog.jpg"}
    {"ok": true, "spoken": "Describing dog.jpg.", ...}
"""

from __future__ import annotations

import getpass
import json
import os
import socket
import threading
from pathlib import Path
from typing import Any

from imagecraft_desktop.errors import NoAnswer, NotRunning
from imagecraft_desktop.system import paths
from imagecraft_desktop.trigger.actions import Action

VERSION = 1
LIMIT_BYTES = 1 << 20
"""No message and no reply is longer."""
TIMEOUT_S = 2.0
_MAX_SOCKET_PATH = 100
"""The system's limit is 108 bytes, on macOS 104."""


def address() -> str:
    """Where the program listens: the path of a Unix socket, or the name of a Windows pipe."""
    if os.name == "nt":
        return rf"\\.\pipe\imagecraft-desktop-{getpass.getuser()}"
    path = paths.runtime_dir() / "trigger"
    if len(os.fsencode(path)) > _MAX_SOCKET_PATH:
        path = Path(f"/tmp/imagecraft-desktop-{os.getuid()}/trigger")  # noqa: S108 - made for the user only
    return str(path)


def send(action: Action, timeout_s: float | None = None, **words: str) -> dict[str, Any]:
    """Ask the running program for something.

    Args:
        timeout_s: How long to wait for the reply; `TIMEOUT_S` when None.
        words: What the action needs: `path` for a file.
    Returns:
        The reply: `ok`; `spoken`, a sentence for the user; with `ok` false, `exit_code`; and what
        else the action tells.
    Raises:
        NotRunning: No program listens.
        NoAnswer: One does, but no reply came in time, or none that makes sense.
    """
    message = json.dumps({"version": VERSION, "action": action.value, **words}).encode() + b"\n"
    try:
        ask = _ask_pipe if os.name == "nt" else _ask_socket
        line = ask(message, TIMEOUT_S if timeout_s is None else timeout_s)
        reply = json.loads(line)
    except (OSError, ValueError) as failure:
        raise NoAnswer(type(failure).__name__) from failure
    if not isinstance(reply, dict):
        raise NoAnswer("reply is not an object")
    return reply


def _connect(connection: socket.socket) -> None:
    """Connect to the Unix socket. Raises NotRunning; OSError when a program is too busy for it."""
    path = address()
    try:
        # another user may have made the folder in /tmp first, to read what is asked
        if Path(path).parent.lstat().st_uid != os.getuid():
            raise NotRunning("the folder is not ours")
        connection.connect(path)
    except (TimeoutError, BlockingIOError):
        raise
    except OSError as failure:
        raise NotRunning(type(failure).__name__) from failure


def _ask_socket(message: bytes, timeout_s: float) -> bytes:
    """Send a line to the Unix socket and read one. Raises NotRunning, OSError."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout_s)
        _connect(connection)
        connection.sendall(message)
        with connection.makefile("rb") as stream:
            return stream.readline(LIMIT_BYTES)


def _ask_pipe(message: bytes, timeout_s: float) -> bytes:
    """Send a line to the Windows pipe and read one. Raises NotRunning, OSError.

    A pipe opened as a file has no time-out, so a thread that may be left behind reads it.
    """
    answer: list[bytes | OSError] = []

    def ask() -> None:
        try:
            with open(address(), "r+b", buffering=0) as pipe:
                pipe.write(message)
                line = b""
                while not line.endswith(b"\n") and len(line) < LIMIT_BYTES:
                    if not (part := pipe.read(65536)):
                        break
                    line += part
                answer.append(line)
        except OSError as failure:
            answer.append(failure)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(timeout_s)
    if not answer:
        raise TimeoutError
    if isinstance(answer[0], FileNotFoundError):
        raise NotRunning("no pipe") from answer[0]
    if isinstance(answer[0], OSError):
        raise answer[0]
    return answer[0]
