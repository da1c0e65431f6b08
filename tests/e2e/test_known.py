"""What another program tells of its window over the real accessibility bus, and how soon."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from imagecraft_desktop.capture import known
from imagecraft_desktop.capture.window import Window, active_window
from imagecraft_desktop.values import Known, Role
from tests.desktop import Desktop
from tests.desktop.processes import Child, wait_until
from tests.e2e.running import RunningProgram

pytestmark = pytest.mark.desktop

KEY = "ctrl+shift+f12"


def show_controls(desktop: Desktop, *words: str) -> Child:
    """A window with controls, whose program has come to the accessibility bus."""
    shown = desktop.spawn([sys.executable, "-m", "tests.desktop.controls", *words])
    shown.wait_event("shown", 20)
    desktop.accessible.find("push button", "Order")
    return shown


def focus(controls: Child, name: str) -> None:
    assert controls.process.stdin is not None
    controls.process.stdin.write(name.encode() + b"\n")
    controls.process.stdin.flush()
    controls.wait_event("focused", name=name)


def look() -> Known:
    """What is known of the active window; asked until the program answers."""
    found: Known = wait_until(lambda: known.look(active_window()), "an answer", 10, step_s=0.1)
    return found


def test_title_focus_roles_and_states_are_told(inside_desktop: Desktop) -> None:
    controls = show_controls(inside_desktop)
    told = look()
    assert told.window.name == "Orders"
    assert told.focus is not None
    assert (told.focus.role, told.focus.name) == (Role.EDIT, "Search")
    assert list(told.focus.box or ()) == controls.events[0]["places"]["Search"]
    states = {part.name: (part.role, part.is_on, part.is_enabled) for part in told.parts}
    assert states == {
        "Search": (Role.EDIT, None, True),
        "Gift wrap": (Role.CHECK_BOX, True, True),
        "Newsletter": (Role.CHECK_BOX, False, True),
        "By air": (Role.RADIO_BUTTON, False, True),
        "By sea": (Role.RADIO_BUTTON, True, True),
        "Order": (Role.BUTTON, None, True),
        "Cancel": (Role.BUTTON, None, False),
    }


def test_what_was_typed_into_a_password_is_not_told(inside_desktop: Desktop) -> None:
    controls = show_controls(inside_desktop)
    focus(controls, "PIN")

    def secret() -> Known | None:
        told = known.look(active_window())
        is_there = told is not None and told.focus is not None
        return told if is_there and told.focus.role is Role.PASSWORD else None

    told: Known = wait_until(secret, "the focus on the password", 10, step_s=0.1)
    assert "hunter2" not in repr(told)


def test_a_dialog_is_told_as_one(inside_desktop: Desktop) -> None:
    show_controls(inside_desktop, "Save changes", "dialog")
    assert look().window.role is Role.DIALOG


def test_the_element_at_a_point(inside_desktop: Desktop) -> None:
    controls = show_controls(inside_desktop)
    window = active_window()
    left, top, right, bottom = controls.events[0]["places"]["Order"]
    found = known.at(window, (left + right) // 2, (top + bottom) // 2)
    assert found is not None
    assert (found.role, found.name) == (Role.BUTTON, "Order")
    assert list(found.box or ()) == [left, top, right, bottom]


@pytest.mark.alone
def test_a_program_that_hangs_is_not_waited_for(inside_desktop: Desktop) -> None:
    controls = show_controls(inside_desktop)
    window = active_window()
    look()
    controls.pause()
    for _ in range(3):
        begun = time.monotonic()
        known.look(window)
        assert time.monotonic() - begun < known.BUDGET_S + 0.1
    controls.resume()
    wait_until(lambda: known.look(window), "an answer", 10, step_s=0.1)


def test_another_program_that_hangs_does_not_matter(inside_desktop: Desktop) -> None:
    other = show_controls(inside_desktop, "Other")
    controls = show_controls(inside_desktop, "Orders")
    wait_until(lambda: active_window().title == "Orders", "the window")
    look()
    other.pause()
    told = known.look(active_window())
    assert told is not None
    assert told.window.name == "Orders"
    controls.stop()
    other.resume()


def test_a_window_whose_process_is_not_known_is_told_by_its_title(inside_desktop: Desktop) -> None:
    show_controls(inside_desktop)
    window = active_window()
    nameless = Window(window.box, window.title, window.app)
    told: Known = wait_until(lambda: known.look(nameless), "an answer", 10, step_s=0.1)
    assert told.focus is not None
    assert known.look(Window(window.box, "Something else", "")) is None


def test_without_an_accessibility_bus_nothing_is_told(
    inside_desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside_desktop.show_window(lines=["Hello"])
    window = active_window()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    assert known.look(window) is None


@pytest.mark.alone
def test_a_bus_that_hangs_is_not_waited_for(
    inside_desktop: Desktop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import socket

    inside_desktop.show_window(lines=["Hello"])
    window = active_window()
    with socket.socket(socket.AF_UNIX) as deaf:  # takes connections and never answers
        deaf.bind(str(tmp_path / "bus"))
        deaf.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'bus'}")
        begun = time.monotonic()
        assert known.look(window) is None
        assert time.monotonic() - begun < known.BUDGET_S + 0.1


@pytest.mark.alone
def test_looking_is_within_its_budget(inside_desktop: Desktop) -> None:
    show_controls(inside_desktop)
    look()
    window = active_window()
    times = []
    for _ in range(10):
        begun = time.monotonic()
        known.look(window)
        times.append(time.monotonic() - begun)
    assert sorted(times)[5] < known.BUDGET_S


def test_it_is_said_first_and_not_again(desktop: Desktop, warm_program: RunningProgram) -> None:
    show_controls(desktop)
    program = warm_program
    desktop.keys.press(KEY)
    told = program.wait_described("three books")
    texts = [statement["text"] for statement in told["statements"]]
    assert texts[:2] == ["A window of controls.py: Orders.", "Focus in edit, Search."]
    assert {s["from"] for s in told["statements"][:2]} == {"window", "tree"}
    said = told["description"]
    assert "hunter2" not in said
    for once in ("Orders", "Newsletter", "Gift wrap", "Cancel"):
        assert said.count(once) == 1, said


def test_a_program_that_hangs_is_described_by_its_pixels(
    desktop: Desktop, warm_program: RunningProgram
) -> None:
    controls = show_controls(desktop)
    program = warm_program
    controls.pause()
    begun = time.monotonic()
    reply = program.ask("window")
    assert time.monotonic() - begun < 1.0
    assert reply["ok"]
    told = program.wait_described("three books")
    controls.resume()
    assert told["statements"][0]["text"] == "A window of controls.py: Orders."
    assert "tree" not in {s["from"] for s in told["statements"]}
