"""A screen reader runs: it gets what is said, once, and our own voice keeps silent.

Orca's service is a stand-in with the documented interface; bus, program, keys and sound are real.
"""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path

import pytest

from tests.desktop import Desktop
from tests.desktop.processes import Child, wait_until
from tests.e2e.running import RunningProgram

pytestmark = pytest.mark.desktop

WINDOW = "ctrl+shift+f12"
LINES = ("Quarterly accounts", "The invoice is due on Monday")
_LOUD_S = 1.0
"""The short signs are sound, too; speech is longer."""


def start_orca(desktop: Desktop, *conduct: str) -> Child:
    orca = desktop.spawn([sys.executable, "-m", "tests.desktop.orca_service", *conduct])
    orca.wait_event("ready")
    return orca


def presented(orca: Child) -> list[str]:
    return [event["text"] for event in orca.events if event["event"] == "presented"]


def notified(desktop: Desktop) -> list[str]:
    return [event["body"] for event in desktop.events if event["event"] == "notify"]


@pytest.fixture
def window(desktop: Desktop) -> Child:
    return desktop.show_window(lines=LINES, title="Accounts", entry=True)


@pytest.fixture
def warm_settings() -> dict[str, object]:
    return {"earcons": False}


@pytest.fixture
def program(window: Child, warm_program: RunningProgram) -> RunningProgram:
    return warm_program


@pytest.mark.parametrize("generation", ["Orca", "Orca1"])
def test_a_description_goes_to_orca_once_and_whole_and_nowhere_else(
    desktop: Desktop, program: RunningProgram, generation: str
) -> None:
    orca = start_orca(desktop, "takes", generation)
    with desktop.record() as heard:
        desktop.keys.press(WINDOW)
        told = program.wait_described("The invoice is due on Monday")
        program.wait_state("idle")
        time.sleep(1)
        assert heard.loud_at_s() is None
    assert presented(orca) == [told["description"]]
    assert (told["reader"], told["voice"]) == ("Orca", "")
    assert notified(desktop) == []
    program.ask("stop")
    orca.wait_event("interrupted")


def test_messages_go_to_orca_too(desktop: Desktop, program: RunningProgram) -> None:
    orca = start_orca(desktop)
    sentence = program.ask("region")["spoken"]
    orca.wait_event("presented", text=sentence)
    assert notified(desktop) == []


def test_the_setting_chooses_who_speaks(desktop: Desktop, program: RunningProgram) -> None:
    orca = start_orca(desktop)
    program.use(earcons=False, output_route="messages")
    with desktop.record() as heard:
        desktop.keys.press(WINDOW)
        told = program.wait_described("Accounts")
        heard.wait_for_sound(30)
    assert (told["reader"], told["voice"]) == ("", "hibari")
    program.ask("stop")
    program.wait_state("idle")
    sentence = program.ask("region")["spoken"]
    orca.wait_event("presented", text=sentence)
    program.use(earcons=False, output_route="voice")
    before = len(presented(orca))
    program.ask("region")
    program.wait_notified(sentence)
    assert len(presented(orca)) == before


@pytest.mark.parametrize("conduct", ["refuses", "hangs"])
def test_what_orca_does_not_take_our_own_voice_says(
    desktop: Desktop, program: RunningProgram, conduct: str
) -> None:
    start_orca(desktop, conduct)
    with desktop.record() as heard:
        desktop.keys.press(WINDOW)
        told = program.wait_described("Accounts")
        heard.wait_for_sound(30)
    assert (told["reader"], told["voice"]) == ("", "hibari")
    program.wait_notified("Accounts")


def test_orca_that_starts_and_quits_is_noticed_at_the_next_text(
    desktop: Desktop, program: RunningProgram
) -> None:
    def describe() -> str:
        number = program.ask("window")["request"]
        wait_until(lambda: program.status()["state"] != "describing", f"request {number}", 60)
        reader = str(program.wait_described("Accounts")["reader"])
        program.ask("stop")
        program.wait_state("idle")
        return reader

    assert describe() == ""
    orca = start_orca(desktop)
    assert describe() == "Orca"
    orca.kill()
    assert describe() == ""


def test_the_self_test_names_the_route(desktop: Desktop, window: Child) -> None:
    def route() -> str:
        done = desktop.run(desktop.command("self-test"), timeout_s=120)
        return next(line for line in done.stdout.splitlines() if line.startswith("Speech goes"))

    assert "own voice" in route()
    start_orca(desktop)
    assert "to the screen reader, Orca" in route()


def test_the_command_line_speaks_through_orca_unless_a_voice_is_named(desktop: Desktop) -> None:
    orca = start_orca(desktop)
    done = desktop.run(desktop.command("speak", "The disk is full."))
    assert done.returncode == 0, done.stderr
    assert presented(orca) == ["The disk is full."]
    done = desktop.run(desktop.command("speak", "The disk is full.", "--voice", "hibari"))
    assert done.returncode == 0, done.stderr
    assert presented(orca) == ["The disk is full."]


@pytest.mark.alone
def test_looking_for_a_reader_is_quick(inside_desktop: Desktop) -> None:
    from imagecraft_desktop.speak.reader.route import Route

    start_orca(inside_desktop)
    route = Route()
    route.find()  # imports
    times = []
    for _ in range(20):
        begun = time.perf_counter()
        assert route.find() is not None
        times.append(time.perf_counter() - begun)
    assert sorted(times)[10] < 0.02


@pytest.mark.alone
def test_a_session_bus_that_hangs_does_not_hold_up_a_message(
    inside_desktop: Desktop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from imagecraft_desktop.speak.reader.route import Route

    with socket.socket(socket.AF_UNIX) as deaf:  # takes connections and never answers
        deaf.bind(str(tmp_path / "bus"))
        deaf.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'bus'}")
        route = Route()
        begun = time.perf_counter()
        assert route.find() is None
        assert time.perf_counter() - begun < 1.0
