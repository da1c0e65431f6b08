"""Keys that an X server sends at awkward moments; a real server is in tests/integration/test_grabbed_keys.py."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest

from imagecraft_desktop.trigger.hotkeys import read_bindings

if not sys.platform.startswith("linux"):
    pytest.skip("X11 is a Linux matter", allow_module_level=True)

from Xlib import X

from imagecraft_desktop.trigger import x11
from imagecraft_desktop.trigger.actions import Action

F11, W, CTRL_SHIFT = 95, 25, 5


class Server:
    """Sends keys to a backend whose connection leads nowhere."""

    def __init__(self) -> None:
        self.told: list[str] = []
        bindings, _ = read_bindings("ctrl+shift+f11", "")
        self.keys = x11.GrabbedKeys(
            bindings, lambda heard: self.told.append((heard.action or heard.what).name)
        )
        self.keys._connection = MagicMock()
        self.keys._root = MagicMock()
        self.keys._root.grab_keyboard.return_value = X.GrabSuccess
        self.keys._keyboard = MagicMock(all_modifiers=CTRL_SHIFT)
        self.keys._keyboard.is_modifier.return_value = False
        self.keys._keyboard.action = {W: Action.WINDOW}.get
        self.keys._table = {(F11, CTRL_SHIFT): None}
        self._now = 0

    def send(self, kind: int, code: int, state: int = 0) -> None:
        self._now += 100
        event = SimpleNamespace(type=kind, detail=code, state=state, time=self._now)
        self.keys._take_event(event)

    def tap(self, code: int, state: int = 0) -> None:
        self.send(X.KeyPress, code, state)
        self.send(X.KeyRelease, code, state)


def test_a_letter_that_comes_while_the_layer_closes_is_heard_in_the_next_one() -> None:
    server = Server()
    server.tap(F11, CTRL_SHIFT)
    server.tap(W)
    server.keys._close_layer()
    server.send(X.KeyPress, W)  # still by our grab; its release goes to the focused program
    server.tap(F11, CTRL_SHIFT)
    server.tap(W)
    assert server.told == ["OPENED", "WINDOW", "OPENED", "WINDOW"]
