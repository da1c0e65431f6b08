"""pynput's keys by our names, and what its Windows filter keeps."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.trigger.base import Bindings, Heard
from imagecraft_desktop.trigger.keys import Combination, Modifier
from imagecraft_desktop.trigger.listen import HeardKeys, key_name

DOWN, UP = 0x0100, 0x0101
VK_CONTROL, VK_SHIFT, VK_F12 = 0xA2, 0xA0, 0x7B


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (SimpleNamespace(name="ctrl_l"), Modifier.CTRL),
        (SimpleNamespace(name="alt_gr"), Modifier.ALT),
        (SimpleNamespace(name="cmd_r"), Modifier.SUPER),
        (SimpleNamespace(name="f12"), "f12"),
        (SimpleNamespace(name="page_up"), "pageup"),
        (SimpleNamespace(name="media_next"), ""),
        (SimpleNamespace(char="W"), "w"),
        (SimpleNamespace(char=None), ""),
        (None, ""),
    ],
)
def test_names(key: Any, name: str) -> None:
    assert key_name(key) == name


class Suppressed(Exception):
    """As pynput's own, raised to keep a key from the focused program."""


def test_the_windows_filter_keeps_our_key_and_no_other() -> None:
    heard: list[Heard] = []
    window = Combination(frozenset({Modifier.CTRL, Modifier.SHIFT}), "f12")
    keys = HeardKeys(Bindings(None, {window: Action.WINDOW}), heard.append)

    def suppress() -> None:
        raise Suppressed

    keys._listener = SimpleNamespace(suppress_event=suppress)

    def send(message: int, code: int) -> bool:
        try:
            keys._filter_windows(message, SimpleNamespace(vkCode=code))
        except Suppressed:
            return True
        return False

    kept = [send(DOWN, code) for code in (VK_CONTROL, VK_SHIFT, VK_F12, VK_F12)]
    kept += [send(UP, code) for code in (VK_F12, VK_SHIFT, VK_CONTROL)]
    assert kept == [False, False, True, True, True, False, False]
    assert [h.action for h in heard] == [Action.WINDOW]
    assert not send(DOWN, VK_F12)
