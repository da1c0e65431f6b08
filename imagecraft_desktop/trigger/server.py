"""Listens for the command line on a local socket (a named pipe on Windows) that only the user may
open, and makes sure that the program runs once.

All of it is event-driven in the main thread: a client that is slow, silent or hostile holds up
nobody. It gets two seconds, a bounded message, one reply and two seconds to take that.
"""

from __future__ import annotations

import functools
import itertools
import json
import logging
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from imagecraft_desktop import strings
from imagecraft_desktop.errors import EXIT_USAGE, SocketRefused
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths
from imagecraft_desktop.system.single import Claim
from imagecraft_desktop.trigger import client
from imagecraft_desktop.trigger.actions import Action

log = logging.getLogger(__name__)

Answer = Callable[[Action, dict[str, str]], dict[str, Any]]
"""Does what a client asks and returns the reply (see `client.send`). Called in the main thread."""

_MESSAGE_BYTES = 16384
_MAX_CLIENTS = 16
_TIMEOUT_MS = 2000


def understand(line: bytes) -> tuple[Action, dict[str, str]] | None:
    """The action and the words of a message; None when it is not one of ours."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict) or message.pop("version", None) != client.VERSION:
        return None
    name = message.pop("action", None)
    if not all(isinstance(word, str) for word in (name, *message.values())):
        return None
    return (Action(name), message) if name in set(Action) else None


class _Door(QLocalServer):
    """Makes the sockets itself: Python would keep for ever what stands for a socket that Qt has made."""

    came = Signal(QLocalSocket)

    def incomingConnection(self, number: int) -> None:
        connection = QLocalSocket(self)
        connection.setSocketDescriptor(number)
        self.came.emit(connection)


class Server(QObject):
    """The socket of the running program; lives in the main thread."""

    def __init__(self, answer: Answer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answer = answer
        self._claim: Claim | None = None
        self._server = _Door(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.came.connect(self._greet)
        self._clients: dict[int, QLocalSocket] = {}  # by number, the oldest first
        self._numbers = itertools.count()

    @property
    def client_count(self) -> int:
        """How many clients are connected now."""
        return len(self._clients)

    def listen(self) -> bool:
        """Begin to answer; False when the program already runs for this user.

        Raises:
            SocketRefused: The socket cannot be made; the program can run without it.
        """
        folder = _private_folder(
            paths.runtime_dir() if os.name == "nt" else Path(client.address()).parent
        )
        self._claim = Claim(folder / "running.lock")
        try:
            if not self._claim.take():
                return False
        except OSError as failure:
            raise SocketRefused(type(failure).__name__, path=str(folder)) from failure
        address = client.address()
        # the claim is ours, so a socket that lies there belongs to a program that crashed
        QLocalServer.removeServer(address)
        if not self._server.listen(address):
            raise SocketRefused(self._server.errorString(), path=address)
        return True

    def close(self) -> None:
        """Stop answering and let another start."""
        self._server.close()
        for connection in list(self._clients.values()):  # none may outlive what hears of its end
            connection.abort()
            shiboken6.delete(connection)
        if self._claim is not None:
            self._claim.give_back()

    @Slot(QLocalSocket)
    def _greet(self, connection: QLocalSocket) -> None:
        if len(self._clients) >= _MAX_CLIENTS:
            # those that ask nothing must not keep out one that does
            self._clients.pop(next(iter(self._clients))).abort()
        number = next(self._numbers)
        self._clients[number] = connection
        connection.destroyed.connect(functools.partial(self._forget, number))
        _Conversation(connection, self._answer)

    def _forget(self, number: int, *_: object) -> None:
        self._clients.pop(number, None)


class _Conversation(QObject):
    """One client: one message, one reply, then the end."""

    def __init__(self, connection: QLocalSocket, answer: Answer) -> None:
        super().__init__(connection)
        self._connection = connection
        self._answer = answer
        self._answered = False
        connection.setReadBufferSize(_MESSAGE_BYTES)
        connection.readyRead.connect(self._read)
        connection.disconnected.connect(connection.deleteLater)
        self._timer = QTimer(self, singleShot=True, interval=_TIMEOUT_MS)
        self._timer.timeout.connect(self._give_up)
        self._timer.start()
        self._read()

    @Slot()
    def _read(self) -> None:
        if self._answered:
            return
        if self._connection.canReadLine():
            self._reply(bytes(self._connection.readLine(_MESSAGE_BYTES).data()))
        elif self._connection.bytesAvailable() >= _MESSAGE_BYTES:
            self._reply(b"")

    def _reply(self, line: bytes) -> None:
        self._answered = True
        understood = understand(line)
        if understood is None:
            log.warning("a message on the socket was not understood")
            spoken = say(strings.TRIGGER_BAD_MESSAGE)
            reply: dict[str, Any] = {"ok": False, "spoken": spoken, "exit_code": EXIT_USAGE}
        else:
            reply = self._answer(*understood)
        self._timer.start()  # anew: long work is not the client's fault
        self._connection.write(json.dumps(reply).encode() + b"\n")
        self._connection.disconnectFromServer()  # after all is written

    @Slot()
    def _give_up(self) -> None:
        self._connection.abort()
        self._connection.deleteLater()


def _private_folder(folder: Path) -> Path:
    """Make the socket's folder, for the user only. Raises SocketRefused when it is another's."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        if os.name != "nt":
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
                raise SocketRefused("not ours", path=str(folder))
            folder.chmod(0o700)
    except OSError as failure:
        raise SocketRefused(type(failure).__name__, path=str(folder)) from failure
    return folder
