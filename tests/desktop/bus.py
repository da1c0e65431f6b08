"""What the stand-ins on a private bus share. Each is a process of its own that says what happens as JSON
lines on standard output and takes orders as JSON lines on standard input."""

from __future__ import annotations

import json
import os
import select
import sys
from collections.abc import Sequence
from typing import Any, Protocol

from jeepney import Message, message_bus, new_error, new_method_return
from jeepney.io.blocking import DBusConnection

_NO_QUEUE = 4
_OWNED = (1, 4)


class Answerer(Protocol):
    """Something on a bus that also takes orders."""

    def handle(self, message: Message) -> None: ...

    def obey(self, order: dict[str, Any]) -> None: ...


def say(event: str, **facts: object) -> None:
    print(json.dumps({"event": event, **facts}, ensure_ascii=False), flush=True)


def own(bus: DBusConnection, name: str) -> None:
    """Be the one with this name."""
    told = bus.send_and_get_reply(message_bus.RequestName(name, _NO_QUEUE))
    if told.body[0] not in _OWNED:
        sys.exit(f"{name} is taken")


def reply(bus: DBusConnection, call: Message, answer: Sequence[Any] | None) -> None:
    """Answer a call with a signature and its values; None for a method that is not known."""
    if answer is None:
        bus.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))
    else:
        signature, *body = answer
        bus.send(new_method_return(call, signature or None, tuple(body)))


def serve(bus: DBusConnection, answerer: Answerer) -> None:
    """Hand over what comes from the bus, and the orders on standard input, until that is closed."""
    orders = sys.stdin.fileno()  # read past Python's buffer, so that select tells the truth
    rest = b""
    while True:
        ready, _, _ = select.select([bus.sock, orders], [], [])
        if orders in ready:
            block = os.read(orders, 65536)
            if not block:
                return
            *lines, rest = (rest + block).split(b"\n")
            for line in lines:
                order = json.loads(line)
                answerer.obey(order)
                say("obeyed", order=order)
        _hand_over(bus, answerer)


def _hand_over(bus: DBusConnection, answerer: Answerer) -> None:
    while True:
        try:
            message = bus.receive(timeout=0)
        except TimeoutError:
            return
        answerer.handle(message)
