"""Hotkeys through pynput: on Windows and macOS, and on X11 where keys cannot be grabbed.

pynput only listens; on Windows and macOS our keys are kept from the focused program through its
event filters, on X11 that program gets them too. A combination that another program has is not
known here. pynput is imported when listening starts: without a display its import fails.
"""

from __future__ import annotations

import logging
import sys
import threading
from typing import Any

from imagecraft_desktop.trigger.base import LAYER_S, Bindings, Heard, Report, What
from imagecraft_desktop.trigger.chords import Chords
from imagecraft_desktop.trigger.keys import Modifier

log = logging.getLogger(__name__)

_JOIN_S = 0.2
_NAMES = {
    "space": "space",
    "esc": "escape",
    "tab": "tab",
    "enter": "return",
    "backspace": "backspace",
    "delete": "delete",
    "home": "home",
    "end": "end",
    "page_up": "pageup",
    "page_down": "pagedown",
    "left": "left",
    "right": "right",
    "up": "up",
    "down": "down",
    "pause": "pause",
    "scroll_lock": "scrolllock",
    "print_screen": "print",
    "menu": "menu",
}
_MODIFIERS = {
    "ctrl": Modifier.CTRL,
    "shift": Modifier.SHIFT,
    "alt": Modifier.ALT,
    "cmd": Modifier.SUPER,
}
# virtual-key codes of Windows (winuser.h)
_WINDOWS_NAMES: dict[int, str | Modifier] = {
    0x10: Modifier.SHIFT,
    0xA0: Modifier.SHIFT,
    0xA1: Modifier.SHIFT,
    0x11: Modifier.CTRL,
    0xA2: Modifier.CTRL,
    0xA3: Modifier.CTRL,
    0x12: Modifier.ALT,
    0xA4: Modifier.ALT,
    0xA5: Modifier.ALT,
    0x5B: Modifier.SUPER,
    0x5C: Modifier.SUPER,
    0x08: "backspace",
    0x09: "tab",
    0x0D: "return",
    0x13: "pause",
    0x1B: "escape",
    0x20: "space",
    0x21: "pageup",
    0x22: "pagedown",
    0x23: "end",
    0x24: "home",
    0x25: "left",
    0x26: "up",
    0x27: "right",
    0x28: "down",
    0x2C: "print",
    0x2E: "delete",
    0x5D: "menu",
    0x91: "scrolllock",
    **{code: chr(code).lower() for code in (*range(0x30, 0x3A), *range(0x41, 0x5B))},
    **{0x70 + number: f"f{number + 1}" for number in range(24)},
}
_WINDOWS_DOWN = (0x0100, 0x0104)
_WINDOWS_UP = (0x0101, 0x0105)


def key_name(key: Any) -> str | Modifier:
    """Our name for a pynput `Key` or `KeyCode`; "" when it has none."""
    name = getattr(key, "name", None)
    if name is not None:
        plain = name.removesuffix("_l").removesuffix("_r").removesuffix("_gr")
        if plain in _MODIFIERS:
            return _MODIFIERS[plain]
        is_function = name[:1] == "f" and name[1:].isdecimal()
        return name if is_function else _NAMES.get(name, "")
    character = getattr(key, "char", None) or ""
    return character.lower() if len(character) == 1 else ""


class HeardKeys:
    """The pynput backend. `report` is called in pynput's thread."""

    name = "pynput"

    def __init__(self, bindings: Bindings, report: Report) -> None:
        self._report = report
        self._chords = Chords(bindings, self._pass_on)
        self._listener: Any = None
        self._timer: threading.Timer | None = None
        self._keep = False

    def start(self) -> None:
        try:
            from pynput import keyboard

            self._listener = keyboard.Listener(
                on_press=self._press,
                on_release=self._release,
                win32_event_filter=self._filter_windows,
                darwin_intercept=self._intercept_mac,
            )
            self._listener.start()
        except (ImportError, OSError) as failure:  # no display; no permission
            log.warning("pynput cannot listen: %s", type(failure).__name__)
            self._report(Heard(What.LOST))
            return
        is_allowed = sys.platform != "darwin" or getattr(self._listener, "IS_TRUSTED", True)
        self._report(Heard(What.READY if is_allowed else What.FORBIDDEN))

    def rebind(self, bindings: Bindings) -> None:
        # not a new listener: on X11 the old one would end only with the next key
        self._chords.rebind(bindings)
        self._report(Heard(What.READY))

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._listener is not None and self._listener.is_alive():
            self._listener.stop()
            self._listener.join(_JOIN_S)  # on X11 it may wait for a key that never comes

    def _pass_on(self, heard: Heard) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if heard.what is What.OPENED:
            self._timer = threading.Timer(LAYER_S, self._chords.lapse)
            self._timer.daemon = True
            self._timer.start()
        self._report(heard)

    def _press(self, key: Any) -> None:
        self._keep = self._chords.press(key_name(key))

    def _release(self, key: Any) -> None:
        self._keep = self._chords.release(key_name(key))

    def _filter_windows(self, message: int, data: Any) -> bool:
        """Called before pynput's own work; all of ours is done here, where a key can be kept."""
        name = _WINDOWS_NAMES.get(data.vkCode, "")
        if message in _WINDOWS_DOWN:
            keep = self._chords.press(name)
        else:
            keep = message in _WINDOWS_UP and self._chords.release(name)
        if keep:
            self._listener.suppress_event()  # raises
        return False

    def _intercept_mac(self, _kind: int, event: Any) -> Any:
        """Called after `_press` or `_release`, which said whether to keep the key."""
        keep, self._keep = self._keep, False
        return None if keep else event
