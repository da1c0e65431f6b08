"""The socket of the running program, against polite, slow, talkative and hostile clients."""

from __future__ import annotations

import gc
import json
import os
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from imagecraft_desktop.errors import ImageCraftError, NoAnswer, NotRunning, SocketRefused
from imagecraft_desktop.trigger import client
from imagecraft_desktop.trigger import server as server_module
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.trigger.server import Server, understand

pytestmark = pytest.mark.skipif(os.name == "nt", reason="speaks to the Unix socket directly")


@pytest.fixture
def asked() -> list[tuple[Action, dict[str, str]]]:
    return []


@pytest.fixture
def server(qtbot: QtBot, asked: list[tuple[Action, dict[str, str]]]) -> Iterator[Server]:
    def answer(action: Action, words: dict[str, str]) -> dict[str, Any]:
        asked.append((action, words))
        return {"ok": True, "spoken": "Größe ä\n", "words": words}

    made = Server(answer)
    assert made.listen()
    yield made
    made.close()


def in_background(qtbot: QtBot, work: Callable[[], Any]) -> Any:
    """Run work in a thread while the server's event loop turns; its result, or its error."""
    results: list[Any] = []

    def run() -> None:
        try:
            results.append(work())
        except ImageCraftError as error:
            results.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    qtbot.waitUntil(lambda: bool(results), timeout=10_000)
    thread.join()
    return results[0]


def connect() -> socket.socket:
    made = socket.socket(socket.AF_UNIX)
    made.settimeout(5)
    made.connect(client.address())
    return made


def test_a_message_is_answered(qtbot: QtBot, server: Server, asked: list[Any]) -> None:
    reply = in_background(qtbot, lambda: client.send(Action.FILE, path="/tmp/ein Bild ü.png"))
    assert reply["spoken"] == "Größe ä\n"
    assert asked == [(Action.FILE, {"path": "/tmp/ein Bild ü.png"})]


def test_nothing_is_left_of_clients_that_have_gone(qtbot: QtBot, server: Server) -> None:
    def sockets() -> int:
        gc.collect()
        return sum(isinstance(one, QLocalSocket) for one in gc.get_objects())

    before = sockets()
    in_background(qtbot, lambda: [client.send(Action.STATUS) for _ in range(20)])
    qtbot.waitUntil(lambda: server.client_count == 0)
    assert sockets() == before


def test_nobody_listens() -> None:
    with pytest.raises(NotRunning):
        client.send(Action.STATUS)


def test_a_socket_in_the_folder_of_somebody_else_is_not_asked(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.os, "getuid", lambda: os.stat("/").st_uid + 54_321)
    with pytest.raises(NotRunning):
        client.send(Action.STATUS)


@pytest.mark.parametrize("reply", [None, b"", b"[]\n", b"nonsense\n"])
def test_a_program_that_gives_no_answer_is_not_one_that_does_not_run(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, reply: bytes | None
) -> None:
    monkeypatch.setattr(client, "TIMEOUT_S", 0.3)
    Path(client.address()).parent.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(client.address())
        listening.listen()

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1000)
                if reply is not None:
                    connection.sendall(reply)
                else:
                    connection.recv(1000)  # until the client gives up

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(NoAnswer):
            client.send(Action.STATUS)
        thread.join()


def test_a_reply_with_a_file_name_that_is_not_utf_8_arrives(qtbot: QtBot, server: Server) -> None:
    name = "/tmp/\udce9.png"  # as Python names a file whose name is the byte E9
    reply = in_background(qtbot, lambda: client.send(Action.FILE, path=name))
    assert reply["words"] == {"path": name}


def test_only_the_user_may_open_it(server: Server) -> None:
    path = Path(client.address())
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_second_program_finds_the_first(server: Server) -> None:
    second = Server(lambda *_: {})
    assert not second.listen()
    server.close()
    assert second.listen()
    second.close()


def test_a_socket_left_by_a_crash_is_replaced(
    qtbot: QtBot, asked: list[Any], request: pytest.FixtureRequest
) -> None:
    folder = Path(client.address()).parent
    folder.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(client.address())
    (folder / "running.lock").touch()
    server = request.getfixturevalue("server")
    assert in_background(qtbot, lambda: client.send(Action.STATUS))["ok"]
    assert server is not None


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    folder = Path(client.address()).parent
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.symlink_to(tmp_path)
    with pytest.raises(SocketRefused):
        Server(lambda *_: {}).listen()


def test_a_silent_client_holds_up_nobody_and_is_dropped(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    monkeypatch.setattr(server_module, "_TIMEOUT_MS", 600_000)
    with connect() as silent:
        qtbot.waitUntil(lambda: server.client_count == 1)
        assert in_background(qtbot, lambda: client.send(Action.STATUS))["ok"]
        monkeypatch.setattr(server_module, "_TIMEOUT_MS", 50)
        with connect() as second:
            assert in_background(qtbot, lambda: second.recv(100)) == b""
        silent.setblocking(False)
        with pytest.raises(BlockingIOError):  # its own time is not up
            silent.recv(100)


@pytest.fixture
def slow_server(qtbot: QtBot) -> Iterator[Server]:
    """Works for half a second in the main thread."""

    def answer(_action: Action, _words: dict[str, str]) -> dict[str, Any]:
        time.sleep(0.5)
        return {"ok": True, "spoken": "Done."}

    made = Server(answer)
    assert made.listen()
    yield made
    made.close()


def test_the_reply_of_long_work_still_arrives(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, slow_server: Server
) -> None:
    """Work that takes longer than a silent client may stay, such as deleting on a slow disk."""
    monkeypatch.setattr(server_module, "_TIMEOUT_MS", 50)
    for _ in range(3):
        reply = in_background(qtbot, lambda: client.send(Action.FORGET))
        assert reply == {"ok": True, "spoken": "Done."}


def test_a_client_may_wait_longer_for_long_work(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, slow_server: Server
) -> None:
    monkeypatch.setattr(client, "TIMEOUT_S", 0.1)
    assert isinstance(in_background(qtbot, lambda: client.send(Action.STATUS)), NoAnswer)
    assert in_background(qtbot, lambda: client.send(Action.FORGET, timeout_s=20))["ok"]


def test_a_server_may_end_and_go_while_somebody_is_connected(qtbot: QtBot) -> None:
    """What is deleted later must not be told to who is gone: that ended the process."""

    def answer(_action: Action, _words: dict[str, str]) -> dict[str, Any]:
        time.sleep(0.5)
        return {"ok": True}

    def end_one() -> None:
        server = Server(answer)
        assert server.listen()
        for _ in range(3):
            in_background(qtbot, lambda: client.send(Action.STATUS))
        with connect():
            qtbot.waitUntil(lambda: server.client_count > 0)
            server.close()
        assert server.client_count == 0

    end_one()
    gc.collect()
    qtbot.wait(50)


def test_an_endless_message_is_cut_off(qtbot: QtBot, server: Server, asked: list[Any]) -> None:
    def flood() -> bytes:
        with connect() as hostile:
            try:
                for _ in range(1000):
                    hostile.sendall(b"x" * 10_000)
            except OSError:
                return b"cut off"
            return hostile.recv(100_000)

    assert in_background(qtbot, flood) == b"cut off"
    assert asked == []
    assert in_background(qtbot, lambda: client.send(Action.STATUS))["ok"]


def test_of_many_idle_clients_the_oldest_give_way(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    monkeypatch.setattr(server_module, "_TIMEOUT_MS", 600_000)
    crowd = [connect() for _ in range(40)]
    try:
        assert in_background(qtbot, lambda: client.send(Action.STATUS))["ok"]
        assert in_background(qtbot, lambda: crowd[0].recv(100)) == b""
    finally:
        for one in crowd:
            one.close()


def test_a_client_that_leaves_at_once_is_forgotten(qtbot: QtBot, server: Server) -> None:
    message = json.dumps({"version": 1, "action": "status"}).encode() + b"\n"
    for _ in range(50):
        with connect() as hasty:
            hasty.sendall(message)
        qtbot.wait(1)
    assert in_background(qtbot, lambda: client.send(Action.STATUS))["ok"]
    qtbot.waitUntil(lambda: server.client_count == 0)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"window\n",
        b"[]\n",
        b'{"action": "window"}\n',
        b'{"version": 2, "action": "window"}\n',
        b'{"version": 1, "action": "explode"}\n',
        b'{"version": 1, "action": ["window"]}\n',
        b'{"version": 1, "action": "file", "path": 7}\n',
        b"[" * 15_000 + b"\n",
        b"\xff\xfe\n",
    ],
)
def test_what_is_not_ours_is_not_understood(line: bytes) -> None:
    assert understand(line) is None


def test_a_message_that_is_not_understood_gets_a_sentence(qtbot: QtBot, server: Server) -> None:
    def ask() -> Any:
        with connect() as odd:
            odd.sendall(b"hello\n")
            return json.loads(odd.makefile().readline())

    reply = in_background(qtbot, ask)
    assert reply["ok"] is False
    assert reply["spoken"]


@given(st.binary(max_size=200))
def test_no_bytes_break_it(line: bytes) -> None:
    assert understand(line) is None or b"action" in line
