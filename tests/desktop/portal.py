"""A desktop portal for the private session bus, with screenshots and global shortcuts. Runs as a
process of its own: `python -m tests.desktop.portal [Screenshot] [GlobalShortcuts] [ScreenCast]`.

It has the calls, requests and sessions of the real one (documentation of XDG Desktop Portal), no dialog.
Says what happens as JSON lines; takes orders as JSON lines on standard input:
{"do": "next", "code": 0, "uri": "file:///p.png"} answers the next screenshot so,
{"do": "code", "code": 1} answers the next BindShortcuts so, {"do": "keyless"} gives
no keys any more, {"do": "hang", "on": "BindShortcuts"} leaves such
calls without an answer until {"do": "go-on"}, {"do": "press", "id": "window"} presses a shortcut.
{"do": "cast", "code": 0, "streams": [[42, [0, 0, 640, 480]]], "token": "t"} answers the screen casts so: node
and place of each screen, the token for the next; they come from PipeWire at $PIPEWIRE_RUNTIME_DIR.
{"do": "version", "number": 3} is the version of every kind from now on.
"""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.desktop.bus import own, reply, say, serve

NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
PREFIX = "org.freedesktop.portal."


class FakePortal:
    """Answers what arrives on one connection."""

    def __init__(self, bus: DBusConnection, kinds: list[str]) -> None:
        self._bus = bus
        self._kinds = kinds
        self._shot: tuple[int, str] = (2, "")
        self._bind_code = 0
        self._is_keyless = False
        self._hangs = ""
        self._version = 4
        self._waiting: list[tuple[str, int, dict[str, Any]]] = []
        self._sessions: list[str] = []
        self._cast: dict[str, Any] = {"code": 2}

    def handle(self, message: Message) -> None:
        if message.header.message_type is not MessageType.method_call:
            return
        fields = message.header.fields
        kind = fields.get(HeaderFields.interface, "").removeprefix(PREFIX)
        member = fields.get(HeaderFields.member, "")
        if member == "Get" and message.body[0].removeprefix(PREFIX) in self._kinds:
            self._bus.send(new_method_return(message, "v", (("u", self._version),)))
            return
        if member == "OpenPipeWireRemote":
            self._open_remote(message)
            return
        if member == "Close":
            self._close(fields[HeaderFields.path], kind)
            self._bus.send(new_method_return(message))
            return
        answer = {
            "Screenshot": self._take,
            "CreateSession": self._create,
            "BindShortcuts": self._bind,
            "SelectSources": self._select,
            "Start": self._start,
        }.get(member)
        if answer is None or kind not in self._kinds:
            reply(self._bus, message, None)
            return
        options = message.body[-1]
        sender = fields[HeaderFields.sender].removeprefix(":").replace(".", "_")
        request = f"{PATH}/request/{sender}/{options['handle_token'][1]}"
        self._bus.send(new_method_return(message, "o", (request,)))
        code, results = answer(sender, message.body)
        if member == self._hangs:
            self._waiting.append((request, code, results))
        else:
            self._answer(request, code, results)

    def _answer(self, request: str, code: int, results: dict[str, Any]) -> None:
        address = DBusAddress(request, bus_name=NAME, interface=PREFIX + "Request")
        self._bus.send(new_signal(address, "Response", "ua{sv}", (code, results)))

    def _take(self, _: str, body: tuple[Any, ...]) -> tuple[int, dict[str, Any]]:
        code, uri = self._shot
        say("screenshot", options={name: value[1] for name, value in body[1].items()})
        return code, ({"uri": ("s", uri)} if code == 0 else {})

    def _create(self, sender: str, body: tuple[Any, ...]) -> tuple[int, dict[str, Any]]:
        session = f"{PATH}/session/{sender}/{body[0]['session_handle_token'][1]}"
        self._sessions.append(session)
        say("session", handle=session)
        return 0, {"session_handle": ("s", session)}

    def _bind(self, _: str, body: tuple[Any, ...]) -> tuple[int, dict[str, Any]]:
        session, shortcuts, _, _ = body
        plain = {name: {key: one[1] for key, one in facts.items()} for name, facts in shortcuts}
        code, self._bind_code = self._bind_code, 0
        say("bound", session=session, shortcuts=plain)
        given = [
            (
                name,
                {
                    "description": ("s", facts["description"]),
                    "trigger_description": (
                        "s",
                        "" if self._is_keyless else facts.get("preferred_trigger", ""),
                    ),
                },
            )
            for name, facts in plain.items()
        ]
        return code, ({"shortcuts": ("a(sa{sv})", given)} if code == 0 else {})

    def _select(self, _: str, body: tuple[Any, ...]) -> tuple[int, dict[str, Any]]:
        say("selected", options={name: value[1] for name, value in body[1].items()})
        return 0, {}

    def _start(self, _: str, body: tuple[Any, ...]) -> tuple[int, dict[str, Any]]:
        code = self._cast["code"]
        say("started", session=body[0], code=code)
        if code:
            return code, {}
        streams = [
            (node, {"position": ("(ii)", (x, y)), "size": ("(ii)", (width, height))})
            for node, (x, y, width, height) in self._cast["streams"]
        ]
        return 0, {
            "streams": ("a(ua{sv})", streams),
            "restore_token": ("s", self._cast["token"]),
        }

    def _open_remote(self, message: Message) -> None:
        folder = os.environ["PIPEWIRE_RUNTIME_DIR"]
        with socket.socket(socket.AF_UNIX) as remote:
            try:
                remote.connect(f"{folder}/pipewire-0")
            except OSError:
                self._bus.send(new_error(message, PREFIX + "Error.Failed"))
                return
            self._bus.send(new_method_return(message, "h", (remote,)))

    def _close(self, path: str, kind: str) -> None:
        if path in self._sessions:
            self._sessions.remove(path)
        self._waiting = [one for one in self._waiting if one[0] != path]
        say("closed", path=path, kind=kind)

    def obey(self, order: dict[str, Any]) -> None:
        match order["do"]:
            case "next":
                self._shot = (order["code"], order.get("uri", ""))
            case "code":
                self._bind_code = order["code"]
            case "cast":
                self._cast = order
            case "version":
                self._version = order["number"]
            case "keyless":
                self._is_keyless = True
            case "hang":
                self._hangs = order["on"]
            case "go-on":
                self._hangs = ""
                waiting, self._waiting = self._waiting, []
                for request, code, results in waiting:
                    self._answer(request, code, results)
            case "press":
                self._press(order["id"], order.get("session", self._sessions[-1]))

    def _press(self, name: str, session: str) -> None:
        address = DBusAddress(PATH, bus_name=NAME, interface=PREFIX + "GlobalShortcuts")
        body = (session, name, 1, {})
        self._bus.send(new_signal(address, "Activated", "osta{sv}", body))


def main(kinds: list[str]) -> None:
    with open_dbus_connection(bus="SESSION", enable_fds=True) as bus:
        own(bus, NAME)
        portal = FakePortal(bus, kinds)
        say("ready")
        serve(bus, portal)


if __name__ == "__main__":
    main(sys.argv[1:])
