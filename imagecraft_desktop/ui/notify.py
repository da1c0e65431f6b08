"""Notifications: through the desktop's notification service on Linux, through the tray icon
elsewhere.

On Linux the tray icon is not used for them, because a desktop without a tray still has a
notification service. The service is spoken to in a thread of its own: one that hangs holds up nobody.
"""

from __future__ import annotations

import html
import logging
import queue
import sys
import threading
from collections.abc import Callable
from typing import Protocol

from PySide6.QtWidgets import QSystemTrayIcon

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say

log = logging.getLogger(__name__)

_ANSWER_S = 2.0
_SHOWN_MS = 10_000
_NAME = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_BUS_ERROR = "org.freedesktop.DBus.Error."
_NO_SERVICE = {"ServiceUnknown", "NameHasNoOwner", "UnknownMethod"}


class Notifier(Protocol):
    """Shows short texts where a screen reader and a braille display find them."""

    def show(self, text: str) -> None:
        """Show the text; one shown before is replaced. Never blocks, never raises."""

    def close(self) -> None:
        """Show nothing more."""


class TrayNotifier:
    """Shows texts beside the tray icon, on Windows and macOS."""

    def __init__(self, icon: QSystemTrayIcon) -> None:
        self._icon = icon

    def show(self, text: str) -> None:
        no_icon = QSystemTrayIcon.MessageIcon.NoIcon
        self._icon.showMessage(say(strings.TRAY_NAME), text, no_icon, _SHOWN_MS)

    def close(self) -> None:
        """Nothing is held."""


class BusNotifier:
    """Shows texts through D-Bus.

    Args:
        tell_missing: Called, once and in another thread, when there is nobody who shows texts.
    """

    def __init__(self, tell_missing: Callable[[], None] = lambda: None) -> None:
        self._tell_missing: Callable[[], None] | None = tell_missing
        self._texts: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def show(self, text: str) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="notifications", daemon=True)
            self._thread.start()
        self._texts.put(text)

    def close(self) -> None:
        if self._thread is not None:
            self._texts.put(None)
            self._thread.join(_ANSWER_S)

    def _run(self) -> None:
        shown = 0
        while (text := self._texts.get()) is not None:
            try:
                shown = _notify(text, shown)
            except Exception as failure:  # noqa: BLE001 - a bus can fail in any way, and nobody is harmed
                log.warning("no notification: %s", type(failure).__name__)
                if self._tell_missing is not None and _is_missing(failure):
                    self._tell_missing()
                    self._tell_missing = None


def _is_missing(failure: Exception) -> bool:
    """Whether there is no bus or no service; one that is only slow is there."""
    from jeepney.wrappers import DBusErrorResponse

    if isinstance(failure, DBusErrorResponse):
        return failure.name.removeprefix(_BUS_ERROR) in _NO_SERVICE
    return isinstance(failure, (KeyError, OSError)) and not isinstance(failure, TimeoutError)


def _notify(text: str, replaces: int) -> int:
    """Show one text in the place of another; the number it got.

    Raises:
        Exception: Whatever the bus library has: no bus, no service, no answer in time.
    """
    from jeepney import DBusAddress, new_method_call
    from jeepney.io.blocking import open_dbus_connection
    from jeepney.wrappers import unwrap_msg

    service = DBusAddress(_PATH, bus_name=_NAME, interface=_NAME)
    with open_dbus_connection(bus="SESSION") as bus:

        def ask(method: str, signature: str = "", body: tuple[object, ...] = ()) -> object:
            call = new_method_call(service, method, signature, body)
            return unwrap_msg(bus.send_and_get_reply(call, timeout=_ANSWER_S))[0]

        abilities = ask("GetCapabilities")
        if isinstance(abilities, list) and "body-markup" in abilities:
            text = html.escape(text, quote=False)
        hints = {"desktop-entry": ("s", "imagecraft-desktop"), "transient": ("b", True)}
        title = say(strings.TRAY_NAME)
        body: tuple[object, ...] = (
            title,
            replaces,
            "imagecraft-desktop",
            title,
            text,
            [],
            hints,
            _SHOWN_MS,
        )
        number = ask("Notify", "susssasa{sv}i", body)
        return number if isinstance(number, int) else 0


def make_notifier(icon: QSystemTrayIcon, tell_missing: Callable[[], None]) -> Notifier:
    """The way that this system shows notifications; `tell_missing` as in `BusNotifier`."""
    is_linux = sys.platform.startswith("linux")
    return BusNotifier(tell_missing) if is_linux else TrayNotifier(icon)
