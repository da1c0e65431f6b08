"""Windows of Wayland compositors, by small stand-ins for the programs that are asked; the real sway is in
tests/e2e/test_wayland.py. Hyprland's answers are as in its wiki, "Using hyprctl"."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.capture import portal, window, window_wayland
from imagecraft_desktop.errors import NoActiveWindow, ScreenNotAllowed, WindowGone
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Box, Shot, Tick

Told = Callable[..., None]

FIREFOX = {
    "address": "0x55d1a0",
    "mapped": True,
    "hidden": False,
    "at": [-1000, 40],
    "size": [800, 600],
    "workspace": {"id": 1, "name": "1"},
    "class": "firefox",
    "title": "News",
    "pid": 4321,
    "focusHistoryID": 0,
}
TERMINAL = FIREFOX | {
    "address": "0x55d1b0",
    "at": [10, 40],
    "class": "foot",
    "title": "Shell",
    "pid": 4322,
    "focusHistoryID": 1,
}
ELSEWHERE = TERMINAL | {"address": "0x55d1c0", "workspace": {"id": 2, "name": "2"}, "pid": 4323}
MONITORS = [
    {"x": 0, "y": 0, "width": 2560, "height": 1440, "scale": 1.25, "transform": 0},
    {"x": -1080, "y": 0, "width": 1920, "height": 1080, "scale": 1.0, "transform": 1},
]


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Puts a program in the way that prints what is told under its first argument."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
    monkeypatch.delenv("SWAYSOCK", raising=False)
    monkeypatch.delenv("HYPRLAND_INSTANCE_SIGNATURE", raising=False)

    def tell(program: str, script: str = "", **answers: Any) -> None:
        for name, answer in answers.items():
            (tmp_path / name).write_text(json.dumps(answer))
        path = tmp_path / program
        last = f'echo "$@" >> {tmp_path}/asked; cat {tmp_path}/"$1"'
        path.write_text(f"#!/bin/sh\n{script or last}\n")
        path.chmod(0o755)
        monkeypatch.setenv(
            "SWAYSOCK" if program == "swaymsg" else "HYPRLAND_INSTANCE_SIGNATURE", "x"
        )

    return tell


def hyprland(told: Told, active: dict[str, Any], *clients: dict[str, Any]) -> None:
    shown = [one | {"activeWorkspace": {"id": 1}} for one in MONITORS]
    told("hyprctl", activewindow=active, clients=list(clients), monitors=shown)


def test_a_window_is_counted_from_the_corner_of_all_screens(told: Told) -> None:
    hyprland(told, FIREFOX, FIREFOX, TERMINAL)
    found = window.active_window()
    assert found.box == Box(80, 40, 880, 640)
    assert found.desktop == (1080 + 2048, 1920)
    assert (found.title, found.app, found.pid) == ("News", "firefox", 4321)
    assert found.tree_corner == (80, 40)


def test_ours_is_not_meant_and_what_is_not_shown_neither(told: Told) -> None:
    ours = FIREFOX | {"pid": os.getpid()}
    hyprland(told, ours, ELSEWHERE, ours, TERMINAL)
    assert window.active_window().title == "Shell"
    hyprland(told, ours, ELSEWHERE, ours)
    with pytest.raises(NoActiveWindow):
        window.active_window()


@pytest.mark.parametrize(("facts", "covers"), [({}, 0), ({"floating": True}, 1)])
def test_ours_covers_others_only_where_it_floats(
    told: Told, facts: dict[str, Any], covers: int
) -> None:
    """What floats lies over what does not, whatever has the focus."""
    ours = FIREFOX | facts | {"pid": os.getpid()}
    hyprland(told, ours, ours, TERMINAL)
    assert len(window.active_window().covers) == covers


def test_no_window_is_active(told: Told) -> None:
    hyprland(told, {}, TERMINAL)
    with pytest.raises(NoActiveWindow):
        window.active_window()


def test_the_window_and_the_mouse_at_a_point(told: Told, tmp_path: Path) -> None:
    hyprland(told, FIREFOX, FIREFOX, TERMINAL)
    (tmp_path / "cursorpos").write_text('{"x": 20, "y": 50}')
    assert window.pointer() == (1100, 50)
    assert window.window_at(1100, 50).title == "Shell"
    with pytest.raises(NoActiveWindow):
        window.window_at(1, 1)


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_window_that_closes_while_it_is_taken_is_told(
    told: Told, monkeypatch: pytest.MonkeyPatch, is_gone: bool
) -> None:
    """What lay under it would be called by its name."""
    hyprland(told, FIREFOX, FIREFOX, TERMINAL)

    def ask(tick: Tick) -> portal.Taken:
        if is_gone:
            hyprland(told, TERMINAL, TERMINAL)
        return portal.Taken(b"a picture")

    monkeypatch.setattr(portal, "_ask", ask)
    capture = window.grab_window()
    assert isinstance(capture.content, Shot)
    if is_gone:
        with pytest.raises(WindowGone):
            portal.take(capture.content, lambda: None)
    else:
        assert portal.take(capture.content, lambda: None).data == b"a picture"


def test_the_focus_is_given_back(told: Told, tmp_path: Path) -> None:
    hyprland(told, FIREFOX, FIREFOX)
    (tmp_path / "dispatch").write_text("ok")
    window.activate(window.active_window())
    assert "dispatch focuswindow address:0x55d1a0" in (tmp_path / "asked").read_text()


@pytest.mark.parametrize(
    "script", ["exit 1", "echo nonsense", "echo '{}'", "exec sleep 30"], ids=lambda one: one[:6]
)
def test_what_answers_nonsense_or_not_at_all_is_told(
    told: Told, script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window_wayland, "_PATIENCE_S", 0.3)
    told("swaymsg", script)
    with pytest.raises(ScreenNotAllowed) as error:
        window.active_window()
    assert say(strings.SCREEN_BROKEN) in error.value.spoken


def test_a_desktop_that_tells_nothing(told: Told) -> None:
    with pytest.raises(ScreenNotAllowed) as error:
        window.active_window()
    assert say(strings.SCREEN_ONLY_ALL) in error.value.spoken
