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

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jeepney import HeaderFields, Message, MessageType
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.desktop.bus import own, reply, say, serve

NAME = "org.freedesktop.impl.portal.desktop.person"


class Person:
    """Answers what arrives on one connection."""

    def __init__(self, bus: DBusConnection, folder: Path) -> None:
        self._bus, self._folder = bus, folder
        self._code = 0

    def handle(self, message: Message) -> None:
        if message.header.message_type is MessageType.method_call:
            reply(self._bus, message, self._answer(message))

    def _answer(self, call: Message) -> Sequence[Any] | None:
        match call.header.fields.get(HeaderFields.member):
            case "AccessDialog":
                say("asked", title=call.body[3], code=self._code)
                return "ua{sv}", self._code, {}
            case "Screenshot":
                path = self._folder / "shot.png"
                subprocess.run(["grim", str(path)], check=True, timeout=10)
                return "ua{sv}", 0, {"uri": ("s", path.as_uri())}
            case "GetAll" if call.body[0].endswith(".Screenshot"):
                return "a{sv}", {"version": ("u", 2)}
        return None

    def obey(self, order: dict[str, Any]) -> None:
        self._code = order["code"]


def main(folder: Path) -> None:
    with open_dbus_connection(bus="SESSION") as bus:
        own(bus, NAME)
        say("ready")
        serve(bus, Person(bus, folder))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
