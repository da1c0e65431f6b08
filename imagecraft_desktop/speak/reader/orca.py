"""Orca from version 49 on, through its service on the session bus.

`PresentMessage(s) -> b` gives speech and braille. Orca decides by its own settings what it says first.
Interface: Orca, README-REMOTE-CONTROLLER.md; newer versions write the name as "Orca1".
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from jeepney import DBusAddress

log = logging.getLogger(__name__)

_LOOK_S = 0.3
"""A bus answers within some milliseconds; on a busy machine a reader must not be taken for gone."""
_TAKE_S = 1.0


class _Dialect(NamedTuple):
    """Names of one generation of the service."""

    name: str
    path: str
    speech: tuple[str, ...]
    interface: str
    method: str
    words: tuple[object, ...]


_DIALECTS = (
    _Dialect(
        "org.gnome.Orca.Service",
        "/org/gnome/Orca/Service",
        ("SpeechManager", "SpeechAndVerbosityManager"),
        "org.gnome.Orca.Module",
        "ExecuteCommand",
        ("InterruptSpeech", False),
    ),
    _Dialect(
        "org.gnome.Orca1.Service",
        "/org/gnome/Orca1/Service",
        ("SpeechManager",),
        "org.gnome.Orca1.SpeechManager",
        "InterruptSpeech",
        (False,),
    ),
)


class Orca:
    """See `base.Reader`."""

    name = "Orca"
    systems: tuple[str, ...] = ("linux",)
    says_names = True

    def is_running(self) -> bool:
        try:
            with _bus() as bus:
                return _dialect(bus) is not None
        except Exception as failure:  # noqa: BLE001 - a bus can fail in any way: then there is no Orca
            log.debug("no session bus: %s", type(failure).__name__)
            return False

    def say(self, text: str) -> bool:
        try:
            from jeepney import DBusAddress

            with _bus() as bus:
                if (orca := _dialect(bus)) is None:
                    return False
                address = DBusAddress(orca.path, bus_name=orca.name, interface=orca.name)
                answer = _ask(bus, address, "PresentMessage", (text,))
                return bool(answer and answer[0])
        except Exception as failure:  # noqa: BLE001 - as above; our own voice says it then
            log.warning("Orca did not take a text: %s", type(failure).__name__)
            return False

    def stop(self) -> None:
        try:
            with _bus() as bus:
                if (orca := _dialect(bus)) is not None:
                    _interrupt(bus, orca)
        except Exception as failure:  # noqa: BLE001 - as above; it ends by itself
            log.info("Orca was not stopped: %s", type(failure).__name__)


@contextmanager
def _bus() -> Iterator[Any]:
    """The session bus, for one question. Raises what jeepney does."""
    from jeepney.io.blocking import open_dbus_connection

    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        raise ConnectionError("no session bus")
    with open_dbus_connection(bus="SESSION", auth_timeout=_LOOK_S) as bus:
        yield bus


def _dialect(bus: Any) -> _Dialect | None:
    """The one that the running Orca speaks."""
    from jeepney import message_bus

    for dialect in _DIALECTS:
        answer = bus.send_and_get_reply(message_bus.NameHasOwner(dialect.name), timeout=_LOOK_S)
        if answer.body[0]:
            return dialect
    return None


def _interrupt(bus: Any, orca: _Dialect) -> None:
    """The module that holds the command has another name in each version; the first answers."""
    from jeepney import DBusAddress

    for module in orca.speech:
        path = f"{orca.path}/{module}"
        address = DBusAddress(path, bus_name=orca.name, interface=orca.interface)
        if _ask(bus, address, orca.method, orca.words):
            return


def _ask(
    bus: Any, address: DBusAddress, method: str, words: tuple[object, ...]
) -> tuple[Any, ...] | None:
    """Orca's answer; None when it was an error."""
    from jeepney import MessageType, new_method_call

    signature = "".join("b" if isinstance(word, bool) else "s" for word in words)
    call = new_method_call(address, method, signature, words)
    reply = bus.send_and_get_reply(call, timeout=_TAKE_S)
    return None if reply.header.message_type is MessageType.error else tuple(reply.body)


READER = Orca
