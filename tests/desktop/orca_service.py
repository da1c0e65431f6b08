"""A stand-in for the D-Bus service of Orca 49 and later. Runs as a process of its own.

    python -m tests.desktop.orca_service [takes|refuses|hangs] [Orca|Orca1]

Interface as in Orca's README-REMOTE-CONTROLLER.md: PresentMessage(s) -> b on the service,
ExecuteCommand(s, b) -> b on its modules; "Orca1" is the newer spelling, where a command is a method.
Says as JSON lines what it was given: {"event": "presented", "text": ...}, {"event": "interrupted"}.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import Any

from jeepney import HeaderFields, Message, MessageType
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.desktop.bus import own, reply, say, serve


class Orca:
    """Answers what arrives on one connection; takes no orders."""

    def __init__(self, bus: DBusConnection, conduct: str, generation: str) -> None:
        self._bus, self._conduct, self._generation = bus, conduct, generation

    def handle(self, message: Message) -> None:
        if message.header.message_type is not MessageType.method_call:
            return
        if self._conduct == "hangs":
            time.sleep(600)
        reply(self._bus, message, self._answer(message))

    def _answer(self, call: Message) -> Sequence[Any] | None:
        fields = call.header.fields
        name = f"org.gnome.{self._generation}.Service"
        path = "/" + name.replace(".", "/")
        asked = (
            fields[HeaderFields.path],
            fields.get(HeaderFields.interface),
            fields[HeaderFields.member],
        )
        if asked[2] == "Introspect" and asked[0] in {path, f"{path}/SpeechManager"}:
            return "s", "<node/>"
        if asked == (path, name, "PresentMessage"):
            say("presented", text=call.body[0])
            return "b", self._conduct == "takes"
        if asked[0] == f"{path}/SpeechManager" and asked[2] == "ListCommands":
            return "a(ss)", [("InterruptSpeech", "Interrupts the speech.")]
        old = (f"{path}/SpeechManager", "org.gnome.Orca.Module", "ExecuteCommand")
        new = (f"{path}/SpeechManager", "org.gnome.Orca1.SpeechManager", "InterruptSpeech")
        is_old = self._generation != "Orca1" and asked == old and call.body[0] == "InterruptSpeech"
        if is_old or (self._generation == "Orca1" and asked == new):
            say("interrupted")
            return "b", True
        return None

    def obey(self, order: dict[str, Any]) -> None: ...


def main(conduct: str = "takes", generation: str = "Orca") -> None:
    with open_dbus_connection(bus="SESSION") as bus:
        own(bus, f"org.gnome.{generation}.Service")
        say("ready")
        serve(bus, Orca(bus, conduct, generation))


if __name__ == "__main__":
    main(*sys.argv[1:])
