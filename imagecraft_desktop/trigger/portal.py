"""Hotkeys through the desktop's portal for global shortcuts: on Wayland, where a program can take none.

The desktop keeps the keys: it may ask the user once, shows them in its own settings, and may give
others than those wished for. It tells which shortcut was pressed and nothing of other keys, so there is
no layer; instead every action is a shortcut of its own, which the user may give a key.
Source: the documentation of XDG Desktop Portal, org.freedesktop.portal.GlobalShortcuts.
"""

from __future__ import annotations

import logging
import os
import select
import threading
import time
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.portal import (
    Options,
    Portal,
    PortalFailed,
    PortalMissing,
    PortalRefused,
)
from imagecraft_desktop.trigger.actions import SCREENS, Action
from imagecraft_desktop.trigger.base import Bindings, Heard, Report, What
from imagecraft_desktop.trigger.keys import Combination, Modifier

log = logging.getLogger(__name__)

_KIND = "GlobalShortcuts"
_ANSWER_S = 30.0
_DIALOG_S = 600.0
"""The user may take their time over the dialog; nothing waits for it."""
_PATIENCE_S = 2.0
"""Without an answer for so long there is a dialog, which the user may not have noticed."""
_JOIN_S = 1.0
_OFFERED = {
    Action.WINDOW: strings.TRAY_WINDOW,
    Action.SCREEN: strings.TRAY_SCREEN,
    Action.ALL_SCREENS: strings.TRAY_ALL_SCREENS,
    Action.ELEMENT: strings.TRAY_ELEMENT,
    Action.CHOOSE_REGION: strings.TRAY_REGION,
    Action.REGION: strings.TRAY_LAST_REGION,
    Action.CLIPBOARD: strings.TRAY_CLIPBOARD,
    Action.FILE: strings.TRAY_FILE,
    Action.TEXT: strings.TRAY_TEXT,
    Action.MORE: strings.TRAY_MORE,
    Action.ASK: strings.TRAY_ASK,
    Action.IMAGES: strings.TRAY_IMAGES,
    Action.HISTORY: strings.TRAY_HISTORY,
    Action.REPEAT: strings.TRAY_REPEAT,
    Action.PAUSE: strings.TRAY_PAUSE,
    Action.SKIP: strings.TRAY_SKIP,
    Action.BACK: strings.TRAY_BACK,
    Action.STOP: strings.TRAY_STOP,
    Action.STATUS: strings.SHORTCUT_STATUS,
    Action.HELP: strings.TRAY_HELP,
    Action.TOUR: strings.SHORTCUT_TOUR,
    Action.SETTINGS: strings.TRAY_SETTINGS,
    Action.QUIT: strings.TRAY_QUIT,
    **dict.fromkeys(SCREENS, strings.SHORTCUT_MONITOR),
}
"""Each action with what the desktop's settings call it. What is under the mouse no program learns here."""
_MODIFIERS = {
    Modifier.CTRL: "CTRL",
    Modifier.ALT: "ALT",
    Modifier.SHIFT: "SHIFT",
    Modifier.SUPER: "LOGO",
}
_KEYS = {
    "escape": "Escape",
    "tab": "Tab",
    "return": "Return",
    "backspace": "BackSpace",
    "delete": "Delete",
    "home": "Home",
    "end": "End",
    "pageup": "Page_Up",
    "pagedown": "Page_Down",
    "left": "Left",
    "right": "Right",
    "up": "Up",
    "down": "Down",
    "pause": "Pause",
    "scrolllock": "Scroll_Lock",
    "print": "Print",
    "menu": "Menu",
}
"""Names of xkbcommon, where they are not ours."""


def trigger_text(combination: Combination) -> str:
    """A combination as the shortcuts specification of freedesktop.org writes it: "CTRL+SHIFT+F11"."""
    key = combination.key
    named = _KEYS.get(key, key.upper() if key[0] == "f" and key[1:].isdecimal() else key)
    held = [name for one, name in _MODIFIERS.items() if one in combination.modifiers]
    return "+".join([*held, named])


class PortalKeys:
    """See `base.Backend`. `report` is called in a thread of this object."""

    name = "portal"

    def __init__(self, bindings: Bindings, report: Report) -> None:
        self._report = report
        self._bindings = bindings
        self._is_new = False
        self._ends = False
        self._asked_s: float | None = None
        self._woken, self._wake = os.pipe()
        self._thread = threading.Thread(target=self._run, name="shortcuts", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def rebind(self, bindings: Bindings) -> None:
        self._bindings, self._is_new = bindings, True
        os.write(self._wake, b".")

    def stop(self) -> None:
        if self._ends:
            return
        self._ends = True
        os.write(self._wake, b".")
        self._thread.join(_JOIN_S)

    def _run(self) -> None:
        try:
            with Portal() as portal:
                portal.watch(_KIND)
                while not self._ends:
                    self._is_new = False
                    self._follow(portal, self._bind(portal))
        except _Ended:
            return
        except PortalRefused:
            self._report(Heard(What.REFUSED))
        except (PortalMissing, PortalFailed) as error:
            log.warning("no shortcuts through the portal: %r", error)
            self._report(Heard(What.LOST))

    def _bind(self, portal: Portal) -> str:
        """Make a session with the shortcuts; its handle."""
        options = {"session_handle_token": ("s", portal.token())}
        made = portal.ask(
            _KIND, "CreateSession", "a{sv}", (), options=options, tick=self._look, wait_s=_ANSWER_S
        )
        session = str(made["session_handle"][1])
        if self._bindings.layer is not None:
            self._report(Heard(What.UNGIVEN, combination=self._bindings.layer))
        self._asked_s = time.monotonic()
        bound = portal.ask(
            _KIND,
            "BindShortcuts",
            "oa(sa{sv})sa{sv}",
            (session, self._shortcuts(), ""),
            options={},
            tick=self._look,
            wait_s=_DIALOG_S,
        )
        self._asked_s = None
        self._tell_names(bound.get("shortcuts", ("", []))[1])
        self._report(Heard(What.READY))
        return session

    def _tell_names(self, shortcuts: list[tuple[str, Options]]) -> None:
        """What the desktop calls the keys that it gave, which need not be those wished for."""
        names = {
            name: str(facts.get("trigger_description", ("s", ""))[1]) for name, facts in shortcuts
        }
        for combination, action in self._bindings.direct.items():
            if text := names.get(action.value):
                self._report(Heard(What.NAMED, combination=combination, text=text))
            else:
                self._report(Heard(What.UNGIVEN, combination=combination))

    def _shortcuts(self) -> list[tuple[str, Options]]:
        wished = {action: combination for combination, action in self._bindings.direct.items()}
        found: list[tuple[str, Options]] = []
        for action, label in _OFFERED.items():
            facts: dict[str, tuple[str, Any]] = {
                "description": ("s", _plain(say(label, number=SCREENS.get(action, 0))))
            }
            if action in wished:
                facts["preferred_trigger"] = ("s", trigger_text(wished[action]))
            found.append((action.value, facts))
        return found

    def _follow(self, portal: Portal, session: str) -> None:
        """Tell of each shortcut until there are others, or the end."""
        while True:
            ready, _, _ = select.select([portal.fileno(), self._woken], [], [])
            if self._woken in ready:
                os.read(self._woken, 64)
            if self._ends or self._is_new:
                portal.close_session(session)
                return
            for name, body in portal.signals():
                if name == "Activated" and body[0] == session and body[1] in set(Action):
                    self._report(Heard(What.CHOSEN, Action(body[1])))

    def _look(self) -> None:
        """What is asked while the portal has not answered."""
        if self._ends:
            raise _Ended
        if self._asked_s is not None and time.monotonic() > self._asked_s + _PATIENCE_S:
            self._asked_s = None
            self._report(Heard(What.ASKING))


class _Ended(Exception):
    """`stop` was called."""


def _plain(label: str) -> str:
    """Of a menu, without its mark for a key and its dots."""
    return label.replace("&", "").rstrip("…")
