"""Tray host and notification service for the private session bus. Runs as a process of its own.

    python -m tests.desktop.bus_services [tray] [notifications]

Says what happens as JSON lines on standard output; takes orders as JSON lines on standard input:
{"do": "action", "id": 1, "key": "open"}, {"do": "close", "id": 1}, {"do": "tray-away"},
{"do": "tray-back"}.
"""

from __future__ import annotations

import base64
import sys
import xml.sax.saxutils
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    MatchRule,
    Message,
    MessageType,
    message_bus,
    new_method_call,
    new_signal,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.desktop.bus import own, reply, say, serve

WATCHER = DBusAddress(
    "/StatusNotifierWatcher",
    bus_name="org.kde.StatusNotifierWatcher",
    interface="org.kde.StatusNotifierWatcher",
)
NOTES = DBusAddress(
    "/org/freedesktop/Notifications",
    bus_name="org.freedesktop.Notifications",
    interface="org.freedesktop.Notifications",
)
_ITEM = "org.kde.StatusNotifierItem"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_INTROSPECTABLE = "org.freedesktop.DBus.Introspectable"
_CLOSED_BY_USER, _CLOSED_BY_CALL = 2, 3


def _plain(value: Any) -> Any:
    """A D-Bus variant as something JSON can hold."""
    content = value[1]
    return content if isinstance(content, str | int | float | bool) else type(content).__name__


def _tell_look(facts: dict[str, Any]) -> None:
    """What a tray shows of an icon: the smallest picture, and the words beside it."""
    side, _, pixels = min(facts["IconPixmap"][1], key=lambda picture: picture[0])
    argb = base64.b64encode(bytes(pixels)).decode()
    say("tray-shown", tip=facts["ToolTip"][1][2], side=side, argb=argb)


class Services:
    """Answers what arrives on one connection."""

    def __init__(self, connection: DBusConnection) -> None:
        self._bus = connection
        self._items: list[str] = []
        self._last_note = 0
        self._looks: set[int] = set()

    def watch_names(self) -> None:
        rule = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
        self._bus.send_and_get_reply(message_bus.AddMatch(rule))

    def watch_items(self) -> None:
        self._bus.send_and_get_reply(
            message_bus.AddMatch(MatchRule(type="signal", interface=_ITEM))
        )

    def give_up(self, name: str) -> None:
        self._bus.send_and_get_reply(message_bus.ReleaseName(name))

    def _emit(self, source: DBusAddress, signal: str, signature: str, *body: object) -> None:
        self._bus.send(new_signal(source, signal, signature, body))

    # --- what others send ---

    def handle(self, message: Message) -> None:
        fields = message.header.fields
        kind = message.header.message_type
        member = fields.get(HeaderFields.member, "")
        if kind is MessageType.signal and member == "NameOwnerChanged":
            name, _, owner = message.body
            if not owner:
                self._forget(name)
        elif kind is MessageType.signal and fields.get(HeaderFields.interface) == _ITEM:
            self._look(fields[HeaderFields.sender], member)
        elif fields.get(HeaderFields.reply_serial) in self._looks:
            self._looks.remove(fields[HeaderFields.reply_serial])
            if kind is MessageType.method_return:
                _tell_look(message.body[0])
        if kind is not MessageType.method_call:
            return
        answers = {
            WATCHER.interface: self._tray_call,
            NOTES.interface: self._note_call,
            _PROPERTIES: self._property_call,
            _INTROSPECTABLE: self._introspect_call,
        }
        answer = answers.get(fields.get(HeaderFields.interface, ""))
        reply(self._bus, message, answer(member, message) if answer else None)

    def _tray_call(self, member: str, message: Message) -> tuple[Any, ...] | None:
        if member == "RegisterStatusNotifierItem":
            sender = message.header.fields[HeaderFields.sender]
            service = message.body[0]
            item = sender + service if service.startswith("/") else f"{service}/StatusNotifierItem"
            if item not in self._items:
                self._items.append(item)
            say("tray-item", item=item, sender=sender)
            self._emit(WATCHER, "StatusNotifierItemRegistered", "s", item)
        elif member != "RegisterStatusNotifierHost":
            return None
        return ("",)

    def _look(self, sender: str, news: str) -> None:
        """An icon says that it has changed: ask how, as a tray does."""
        say("tray-news", news=news)
        item = DBusAddress("/StatusNotifierItem", bus_name=sender, interface=_PROPERTIES)
        serial = next(self._bus.outgoing_serial)
        self._looks.add(serial)
        self._bus.send(new_method_call(item, "GetAll", "s", (_ITEM,)), serial=serial)

    def _forget(self, name: str) -> None:
        for item in [i for i in self._items if i.partition("/")[0] == name]:
            self._items.remove(item)
            say("tray-item-gone", item=item)
            self._emit(WATCHER, "StatusNotifierItemUnregistered", "s", item)

    def _note_call(self, member: str, message: Message) -> tuple[Any, ...] | None:
        if member == "Notify":
            app, replaces, icon, summary, body, actions, hints, timeout = message.body
            number = replaces or self._last_note + 1
            self._last_note = max(self._last_note, number)
            say(
                "notify",
                id=number,
                app=app,
                icon=icon,
                summary=summary,
                body=body,
                actions=list(actions),
                hints={key: _plain(value) for key, value in hints.items()},
                timeout=timeout,
                sender=message.header.fields[HeaderFields.sender],
            )
            return ("u", number)
        if member == "CloseNotification":
            self.close(message.body[0], _CLOSED_BY_CALL)
            return ("",)
        if member == "GetCapabilities":
            return ("as", ["body", "actions"])
        if member == "GetServerInformation":
            return ("ssss", "test desktop", "test", "1", "1.2")
        return None

    def _property_call(self, member: str, message: Message) -> tuple[Any, ...] | None:
        values = {
            "RegisteredStatusNotifierItems": ("as", list(self._items)),
            "IsStatusNotifierHostRegistered": ("b", True),
            "ProtocolVersion": ("i", 0),
        }
        if message.body[0] != WATCHER.interface:
            return None
        if member == "GetAll":
            return ("a{sv}", values)
        if member == "Get" and message.body[1] in values:
            return ("v", values[message.body[1]])
        return None

    def _introspect_call(self, member: str, message: Message) -> tuple[Any, ...] | None:
        if message.header.fields[HeaderFields.path] != WATCHER.object_path:
            return None
        properties = {
            "RegisteredStatusNotifierItems": "as",
            "IsStatusNotifierHostRegistered": "b",
            "ProtocolVersion": "i",
        }
        rows = "".join(
            f"<property name={xml.sax.saxutils.quoteattr(name)} type='{kind}' access='read'/>"
            for name, kind in properties.items()
        )
        calls = "".join(
            f"<method name='{name}'><arg type='s' direction='in'/></method>"
            for name in ("RegisterStatusNotifierItem", "RegisterStatusNotifierHost")
        )
        return (
            "s",
            f"<node><interface name='{WATCHER.interface}'>{calls}{rows}</interface></node>",
        )

    # --- what a person does ---

    def close(self, number: int, reason: int) -> None:
        say("close", id=number, reason=reason)
        self._emit(NOTES, "NotificationClosed", "uu", number, reason)

    def obey(self, order: dict[str, Any]) -> None:
        match order["do"]:
            case "action":
                self._emit(NOTES, "ActionInvoked", "us", order["id"], order["key"])
            case "close":
                self.close(order["id"], _CLOSED_BY_USER)
            case "tray-away":
                self.give_up(str(WATCHER.bus_name))
                self._items.clear()
            case "tray-back":
                own(self._bus, str(WATCHER.bus_name))


def main(parts: list[str]) -> None:
    with open_dbus_connection(bus="SESSION") as connection:
        services = Services(connection)
        services.watch_names()
        if "tray" in parts:
            own(connection, str(WATCHER.bus_name))
            services.watch_items()
        if "notifications" in parts:
            own(connection, str(NOTES.bus_name))
        say("ready")
        serve(connection, services)


def call_item(
    address: str, item: str, path: str, interface: str, method: str, signature: str, *body: object
) -> Any:
    """Call a method of another program's tray icon, as the tray host does; the reply's body.

    Args:
        address: Of the session bus.
        item: The bus name of the icon's owner.
    """
    with open_dbus_connection(bus=address) as connection:
        call = new_method_call(
            DBusAddress(path, bus_name=item, interface=interface), method, signature or None, body
        )
        answer = connection.send_and_get_reply(call, timeout=5)
    if answer.header.message_type is MessageType.error:
        raise AssertionError(f"{interface}.{method} of {item}: {answer.body}")
    return answer.body


if __name__ == "__main__":
    main(sys.argv[1:])
