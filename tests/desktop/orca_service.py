"""A stand-in for the D-Bus service of Orca 49 and later. Runs as a process of its own.

    python -m tests.desktop.orca_service [takes|refuses|hangs] [Orca|Orca1]

Interface as in Orca's README-REMOTE-CONTROLLER.md: PresentMessage(s) -> b on the service,
ExecuteCommand(s, b) -> b on its modules; "Orca1" is the newer spelling, where a command is a method.
Says as JSON lines what it was given: {"event": "presented", "text": ...}, {"event": "interrupted"}.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from jeepney import (
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
)
from jeepney.io.blocking import open_dbus_connection

_UNKNOWN = "org.freedesktop.DBus.Error.UnknownMethod"


def _say(event: str, **facts: object) -> None:
    print(json.dumps({"event": event, **facts}, ensure_ascii=False), flush=True)


def _answer(call: Message, conduct: str, generation: str) -> tuple[str, tuple[Any, ...]] | None:
    fields = call.header.fields
    name = f"org.gnome.{generation}.Service"
    path = "/" + name.replace(".", "/")
    asked = (
        fields[HeaderFields.path],
        fields.get(HeaderFields.interface),
        fields[HeaderFields.member],
    )
    if asked[2] == "Introspect" and asked[0] in {path, f"{path}/SpeechManager"}:
        return ("s", ("<node/>",))
    if asked == (path, name, "PresentMessage"):
        _say("presented", text=call.body[0])
        return ("b", (conduct == "takes",))
    if asked[0] == f"{path}/SpeechManager" and asked[2] == "ListCommands":
        return ("a(ss)", ([("InterruptSpeech", "Interrupts the speech.")],))
    old = (f"{path}/SpeechManager", "org.gnome.Orca.Module", "ExecuteCommand")
    new = (f"{path}/SpeechManager", "org.gnome.Orca1.SpeechManager", "InterruptSpeech")
    is_stop = (
        asked == new
        if generation == "Orca1"
        else asked == old and call.body[0] == "InterruptSpeech"
    )
    if is_stop:
        _say("interrupted")
        return ("b", (True,))
    return None


def main(conduct: str = "takes", generation: str = "Orca") -> None:
    with open_dbus_connection(bus="SESSION") as bus:
        reply = bus.send_and_get_reply(
            message_bus.RequestName(f"org.gnome.{generation}.Service", 4)
        )
        if reply.body[0] != 1:
            sys.exit("the name is taken")
        _say("ready")
        while True:
            message = bus.receive()
            if message.header.message_type is not MessageType.method_call:
                continue
            if conduct == "hangs":
                time.sleep(600)
            answer = _answer(message, conduct, generation)
            if answer is None:
                bus.send(new_error(message, _UNKNOWN))
            else:
                bus.send(new_method_return(message, *answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
