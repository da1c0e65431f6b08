"""A back end for the real xdg-desktop-portal: the dialog "may this program ...?" with the person who answers
it, and screenshots that need it. Runs as a process of its own:
`python -m tests.desktop.permission_dialog FOLDER`, where the pictures go.

xdg-desktop-portal-wlr lacks the dialog, without which there is no Screenshot portal, and needs none for its
own pictures; those of this back end are as on GNOME and KDE (version 2 of
org.freedesktop.impl.portal.Screenshot): the portal asks once and remembers. Says {"event": "asked",
"title": ...} for each dialog; takes {"do": "answer", "code": 1} as the answer to the following ones: 0
allows, which is so at first, 1 refuses.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

from jeepney import (
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NAME = "org.freedesktop.impl.portal.desktop.person"
_NO_QUEUE = 4
_UNKNOWN = "org.freedesktop.DBus.Error.UnknownMethod"


def _say(event: str, **facts: object) -> None:
    print(json.dumps({"event": event, **facts}), flush=True)


def _reply(message: Message, code: int, folder: Path) -> Message:
    match message.header.fields.get(HeaderFields.member):
        case "AccessDialog":
            _say("asked", title=message.body[3], code=code)
            return new_method_return(message, "ua{sv}", (code, {}))
        case "Screenshot":
            path = folder / "shot.png"
            subprocess.run(["grim", str(path)], check=True, timeout=10)
            return new_method_return(message, "ua{sv}", (0, {"uri": ("s", path.as_uri())}))
        case "GetAll" if message.body[0].endswith(".Screenshot"):
            return new_method_return(message, "a{sv}", ({"version": ("u", 2)},))
        case _:
            return new_error(message, _UNKNOWN)


def _waiting(bus: DBusConnection) -> list[Message]:
    """The calls that have come."""
    found = []
    while True:
        try:
            message = bus.receive(timeout=0)
        except TimeoutError:
            return found
        if message.header.message_type is MessageType.method_call:
            found.append(message)


def main(folder: Path) -> None:
    orders, code = sys.stdin.fileno(), 0
    with open_dbus_connection(bus="SESSION") as bus:
        reply = bus.send_and_get_reply(message_bus.RequestName(NAME, _NO_QUEUE))
        if reply.body[0] not in (1, 4):
            sys.exit(f"{NAME} is taken")
        _say("ready")
        while True:
            ready, _, _ = select.select([bus.sock, orders], [], [])
            if orders in ready:
                block = os.read(orders, 65536)
                if not block:
                    return
                order: dict[str, Any] = json.loads(block)
                code = order["code"]
                _say("obeyed", order=order)
            for message in _waiting(bus):
                bus.send(_reply(message, code, folder))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
