"""Asks the portal of a Linux desktop, over D-Bus, for what programs may not do by themselves there.

Every question is a call that returns a handle and later a signal with the answer: between the two the
user may be looking at a dialog. Used by the capture of the screen and the hotkeys on Wayland.
Source: the documentation of XDG Desktop Portal, org.freedesktop.portal.Request.
"""

from __future__ import annotations

import itertools
import os
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from jeepney import MatchRule, Message
    from jeepney.io.blocking import DBusConnection

APP_ID = "imagecraft-desktop"
"""The name of the program's .desktop file: portals remember permissions by it."""
PORTAL = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
_PREFIX = "org.freedesktop.portal."
_IMPL = "org.freedesktop.impl.portal."
_CALL_S = 5.0
_LOOK_S = 0.05
_DONE, _CANCELLED = 0, 1

Options = Mapping[str, tuple[str, Any]]
"""Names to D-Bus variants: signature and value."""


class PortalMissing(Exception):
    """There is no session bus, no portal on it, or none of the kind that was asked."""


class PortalRefused(Exception):
    """The user, or the desktop for them, said no."""


class PortalFailed(Exception):
    """The portal did not do it, and it was not the user's wish."""


class Portal:
    """A connection of one thread to the portal; closing it ends its sessions.

    Raises:
        PortalMissing: There is no session bus.
    """

    def __init__(self) -> None:
        from jeepney.io.blocking import open_dbus_connection

        self._numbers = itertools.count(1)
        self._watched: deque[Message] = deque()
        self._filters: list[object] = []
        try:
            self._bus: DBusConnection = open_dbus_connection(bus="SESSION", enable_fds=True)
        except (
            Exception
        ) as error:  # no address, no socket, refused: the library has no common class
            raise PortalMissing(type(error).__name__) from error
        self._register()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        self._bus.close()

    def fileno(self) -> int:
        """Readable when something has come."""
        number: int = self._bus.sock.fileno()
        return number

    def token(self) -> str:
        """A name for a request or session that no other of ours has."""
        return f"imagecraft{os.getpid()}_{next(self._numbers)}"

    def ask(
        self,
        kind: str,
        method: str,
        signature: str,
        arguments: Sequence[Any],
        *,
        options: Options,
        tick: Callable[[], None],
        wait_s: float,
    ) -> Mapping[str, tuple[str, Any]]:
        """Ask, and wait for the answer.

        Args:
            kind: Of portal: "Screenshot".
            signature: Of the arguments and, last, the options.
            tick: Called many times a second meanwhile; what it raises ends the request.
            wait_s: The longest wait: there may be a dialog.
        Raises:
            PortalMissing, PortalRefused, PortalFailed.
        """
        token = self.token()
        handed = {**options, "handle_token": ("s", token)}
        rule, end = self._response_to(token), _end_of_portal()
        with self._bus.filter(rule) as answers, self._bus.filter(end) as ends:
            self._add_match(rule)
            self._add_match(end)
            (handle,) = self.call(kind, method, signature, (*arguments, handed))
            try:
                self._await(answers, ends, tick, wait_s)
            except BaseException:
                self._take_back(handle)
                raise
            code, results = answers[0].body
        if code == _DONE:
            found: Mapping[str, tuple[str, Any]] = results
            return found
        raise PortalRefused(method) if code == _CANCELLED else PortalFailed(f"{method}: {code}")

    def call(self, kind: str, method: str, signature: str, body: Sequence[Any]) -> tuple[Any, ...]:
        """Call a method of a portal; what it returns. Raises PortalMissing, PortalFailed."""
        from jeepney import DBusAddress, MessageType, new_method_call

        address = DBusAddress(PATH, bus_name=PORTAL, interface=_PREFIX + kind)
        reply = self._ask_bus(new_method_call(address, method, signature, tuple(body)))
        if reply.header.message_type is MessageType.error:
            raise _error(reply, method)
        return tuple(reply.body)

    def version(self, kind: str) -> int:
        """Of a kind of portal. Raises PortalMissing, PortalFailed."""
        from jeepney import DBusAddress, MessageType, Properties

        address = DBusAddress(PATH, bus_name=PORTAL, interface=_PREFIX + kind)
        reply = self._ask_bus(Properties(address).get("version"))
        if reply.header.message_type is MessageType.error:
            raise PortalMissing(kind)
        return int(reply.body[0][1])

    def is_refused(self, permission: str) -> bool:
        """Whether the user once said no, which the portal keeps and then never asks again; False where
        that cannot be told. A program without a name known to the portal has the empty one."""
        from jeepney import DBusAddress, MessageType, new_method_call

        store = _IMPL + "PermissionStore"
        address = DBusAddress("/org/freedesktop/impl/portal/PermissionStore", store, store)
        reply = self._ask_bus(new_method_call(address, "Lookup", "ss", (permission, permission)))
        if reply.header.message_type is MessageType.error:
            return False
        answers = reply.body[0]
        return any("no" in answers.get(name, ()) for name in (APP_ID, ""))

    def watch(self, kind: str) -> None:
        """From now on `signals` has those of a kind of portal. Raises PortalMissing, PortalFailed."""
        from jeepney import MatchRule

        rule = MatchRule(type="signal", interface=_PREFIX + kind, path=PATH)
        self._filters.append(self._bus.filter(rule, queue=self._watched))
        self._add_match(rule)

    def signals(self) -> list[tuple[str, tuple[Any, ...]]]:
        """Name and body of the signals that have come. Raises PortalMissing when the bus is gone."""
        with suppress(TimeoutError):
            while True:
                self._receive(0)
        found = [(_member(one), tuple(one.body)) for one in self._watched]
        self._watched.clear()
        return found

    def close_session(self, handle: str) -> None:
        """End a session; one that has ended already is no error."""
        from jeepney import DBusAddress, new_method_call

        address = DBusAddress(handle, bus_name=PORTAL, interface=_PREFIX + "Session")
        with suppress(OSError):
            self._bus.send(new_method_call(address, "Close"))

    # --- how ---

    def _register(self) -> None:
        """Say who we are; older portals do not ask, and a name they do not know is no harm."""
        from jeepney import DBusAddress, MessageFlag, new_method_call

        registry = DBusAddress(
            PATH, bus_name=PORTAL, interface="org.freedesktop.host.portal.Registry"
        )
        call = new_method_call(registry, "Register", "sa{sv}", (APP_ID, {}))
        call.header.flags |= MessageFlag.no_reply_expected
        self._bus.send(call)

    def _response_to(self, token: str) -> MatchRule:
        from jeepney import MatchRule

        sender = str(self._bus.unique_name).removeprefix(":").replace(".", "_")
        return MatchRule(
            type="signal",
            interface=_PREFIX + "Request",
            member="Response",
            path=f"{PATH}/request/{sender}/{token}",
        )

    def _add_match(self, rule: MatchRule) -> None:
        from jeepney import message_bus

        self._ask_bus(message_bus.AddMatch(rule))

    def _ask_bus(self, message: Message) -> Message:
        try:
            return self._bus.send_and_get_reply(message, timeout=_CALL_S)
        except TimeoutError as error:
            raise PortalFailed("no reply") from error
        except (OSError, EOFError) as error:
            raise PortalMissing(type(error).__name__) from error

    def _await(
        self,
        answers: deque[Message],
        ends: deque[Message],
        tick: Callable[[], None],
        wait_s: float,
    ) -> None:
        end_s = time.monotonic() + wait_s
        while not answers:
            tick()
            if any(not one.body[2] for one in ends):  # it has no owner now
                raise PortalFailed("the portal has gone")
            with suppress(TimeoutError):
                self._receive(_LOOK_S)
            if time.monotonic() > end_s:
                raise PortalFailed("no answer")

    def _receive(self, seconds: float) -> None:
        """Take one message. Raises TimeoutError, PortalMissing."""
        try:
            self._bus.recv_messages(timeout=seconds)
        except TimeoutError:
            raise
        except (OSError, EOFError) as error:
            raise PortalMissing(type(error).__name__) from error

    def _take_back(self, handle: str) -> None:
        """The answer is not awaited any more: a dialog closes."""
        from jeepney import DBusAddress, new_method_call

        address = DBusAddress(handle, bus_name=PORTAL, interface=_PREFIX + "Request")
        with suppress(OSError):
            self._bus.send(new_method_call(address, "Close"))


def _end_of_portal() -> MatchRule:
    """Comes when the portal ends, and when it starts."""
    from jeepney import MatchRule

    rule = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
    rule.add_arg_condition(0, PORTAL)
    return rule


def _error(reply: Message, method: str) -> PortalMissing | PortalFailed:
    """What an error in place of a reply means."""
    from jeepney import HeaderFields

    name = str(reply.header.fields.get(HeaderFields.error_name, "")).rpartition(".")[2]
    absent = {
        "UnknownMethod",
        "UnknownInterface",
        "UnknownObject",
        "ServiceUnknown",
        "NameHasNoOwner",
    }
    if name in absent or name.startswith("Spawn"):
        return PortalMissing(name)
    return PortalFailed(f"{method}: {name}")


def _member(message: Message) -> str:
    from jeepney import HeaderFields

    return str(message.header.fields.get(HeaderFields.member, ""))
