"""What the running program says when a part of the desktop fails, and that it goes on."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.errors import EXIT_NOT_RUNNING
from imagecraft_desktop.strings import say
from tests.desktop import Desktop, transcribe
from tests.desktop.processes import Child, wait_until
from tests.e2e.running import RunningProgram
from tests.small_disk import resize, small_disk

pytestmark = pytest.mark.desktop

LAYER, WINDOW = "ctrl+shift+f11", "ctrl+shift+f12"


@pytest.fixture
def window(desktop: Desktop) -> Child:
    return desktop.show_window(lines=["The invoice is due on Monday"], title="Accounts", entry=True)


def be_silent(desktop: Desktop) -> None:
    assert desktop.run(desktop.command("settings", "set", "voice", "silence")).returncode == 0


def notes(desktop: Desktop) -> list[str]:
    return [e["body"] for e in desktop.events if e["event"] == "notify"]


def describe(desktop: Desktop, program: RunningProgram) -> None:
    """Press the key; the description is shown."""
    before = sum("invoice" in text for text in notes(desktop))
    desktop.keys.press(WINDOW)
    wait_until(lambda: sum("invoice" in text for text in notes(desktop)) > before, "words", 60)
    program.wait_state("idle")


def data_folder(home: Path) -> Path:
    return home / "imagecraft-desktop"


def entries(file: Path) -> int:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as base:
        try:
            return int(base.execute("SELECT COUNT(*) FROM entries").fetchone()[0])
        except sqlite3.OperationalError:  # it has just been made
            return 0


def test_broken_settings_and_a_broken_and_a_locked_history_are_told_and_nothing_is_lost(
    desktop: Desktop, window: Child
) -> None:
    be_silent(desktop)
    file = data_folder(Path(desktop.env["XDG_DATA_HOME"])) / "history" / "history.db"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no database at all\n" * 200)
    program = RunningProgram(desktop)
    describe(desktop, program)
    program.wait_notified("The history is broken and was set aside as history-")
    wait_until(lambda: entries(file) == 1, "the entry")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for _ in range(2):
            describe(desktop, program)
        program.wait_notified(say(strings.ERR_HISTORY_LOCKED))
        other.execute("ROLLBACK")
    describe(desktop, program)
    wait_until(lambda: entries(file) == 4, "the entries that had to wait")
    assert notes(desktop).count(say(strings.ERR_HISTORY_LOCKED)) == 1
    settings = Path(desktop.env["XDG_CONFIG_HOME"]) / "imagecraft-desktop" / "settings.json"
    settings.write_text('{"voice": "sil')
    assert not program.ask("reload")["ok"]
    program.wait_notified("settings.json.bad")
    assert "Traceback" not in program.process.errors


def test_on_a_full_disk_all_is_described_and_what_is_not_kept_is_told_and_kept_later(
    desktop: Desktop, window: Child, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "400k") as disk:
        env = {
            f"XDG_{name}_HOME": str(disk / name) for name in ("DATA", "STATE", "CONFIG", "CACHE")
        }
        done = desktop.run(
            desktop.command("settings", "set", "voice", "silence"), env=desktop.env | env
        )
        assert done.returncode == 0, done.stderr
        program = RunningProgram(desktop, env=env)
        with (disk / "filling").open("wb", buffering=0) as filling:
            while True:
                try:
                    filling.write(os.urandom(4096))
                except OSError:
                    break
        describe(desktop, program)
        program.wait_notified("The history cannot be used: the disk is full; make room on it.")
        describe(desktop, program)
        assert sum("the disk is full" in text for text in notes(desktop)) == 1
        done = desktop.run(
            desktop.command("settings", "set", "detail", "brief"), env=desktop.env | env
        )
        assert done.returncode != 0
        assert "Setting not saved: No space left on device." in done.stdout + done.stderr
        resize(disk, "4m")
        describe(desktop, program)
        wait_until(
            lambda: entries(data_folder(disk / "DATA") / "history" / "history.db") == 3,
            "entries",
            30,
        )
        assert "Traceback" not in program.process.errors
        program.ask("quit")
        assert program.process.wait() == 0


@pytest.mark.parametrize("display", ["", ":987"], ids=["none", "unreachable"])
def test_without_a_screen_it_ends_with_a_sentence_that_is_heard(
    desktop: Desktop, display: str
) -> None:
    """Whoever starts it from a launcher sees no terminal."""
    env = desktop.env_without_screen() | ({"DISPLAY": display} if display else {})
    with desktop.record() as heard:
        done = desktop.run(desktop.command("app"), env=env, timeout_s=30)
        said = transcribe(heard.samples)
    assert done.returncode == EXIT_NOT_RUNNING
    assert done.stderr.splitlines() == [say(strings.APP_NO_SCREEN)]
    assert "there is no screen" in said
    assert said.endswith("desktop session"), "it is heard to its end"


@pytest.mark.parametrize("how", ["terminal", "silence", "no device"])
def test_without_a_screen_it_is_silent_where_the_sentence_is_read_or_cannot_be_heard(
    desktop: Desktop, how: str
) -> None:
    """In a terminal there may be a reader."""
    env = desktop.env_without_screen()
    if how == "silence":
        be_silent(desktop)
    elif how == "no device":
        env["PULSE_SERVER"] = "unix:/nowhere"
    ours, theirs = os.openpty() if how == "terminal" else os.pipe()
    begun = time.monotonic()
    with desktop.record() as heard:
        child = subprocess.Popen(desktop.command("app"), env=env, stderr=theirs)
        os.close(theirs)
        printed = b""
        with suppress(OSError):  # the end of a terminal
            while part := os.read(ours, 4096):
                printed += part
        assert child.wait(30) == EXIT_NOT_RUNNING
        assert heard.loud_at_s() is None
    os.close(ours)
    assert printed.decode().splitlines() == [say(strings.APP_NO_SCREEN)]
    assert time.monotonic() - begun < 20


def test_who_starts_it_without_a_screen_is_told_that_alone(desktop: Desktop) -> None:
    """That it is started with `app` would not help."""
    be_silent(desktop)
    started = desktop.command("trigger", "window", "--start")
    done = desktop.run(started, env=desktop.env_without_screen())
    assert done.returncode == EXIT_NOT_RUNNING
    assert done.stderr.splitlines() == [say(strings.APP_NO_SCREEN)]


@pytest.mark.sound
def test_a_missing_tray_and_missing_notifications_are_said_aloud(
    make_desktop: Callable[..., Desktop],
) -> None:
    desktop = make_desktop(tray=False, notifications=False, accessibility=False)
    desktop.show_window(lines=["The invoice is due"], title="Accounts")
    with desktop.record() as heard:
        program = RunningProgram(desktop)
        heard.wait_for_sound(20)
        time.sleep(1.5)

        def listen() -> str:
            said = transcribe(heard.samples)
            return said if "type" in said else ""

        # keys end what is said, and what was to be said after it
        for _ in range(2):
            desktop.keys.press(WINDOW)
            program.wait_described("invoice")
        said: str = wait_until(listen, "both sentences", 90, step_s=1.0)
    assert "no tray" in said
    assert "no notifications" in said


def test_a_qt_that_is_not_whole_is_not_taken_for_a_missing_screen(desktop: Desktop) -> None:
    """Qt's own reason is what helps then."""
    be_silent(desktop)
    done = desktop.run(desktop.command("app"), env=desktop.env | {"QT_QPA_PLATFORM": "nonsense"})
    assert done.returncode == EXIT_NOT_RUNNING
    assert say(strings.APP_NO_SCREEN) not in done.stderr
    assert say(strings.APP_NO_QT) in done.stderr.splitlines()
    assert "nonsense" in done.stderr


def test_an_accessibility_bus_that_dies_is_done_without(
    make_desktop: Callable[..., Desktop],
) -> None:
    desktop = make_desktop(sound=False)
    be_silent(desktop)
    controls = desktop.spawn(desktop.python("-m", "tests.desktop.controls"))
    controls.wait_event("shown", 20)
    desktop.accessible.find("push button", "Order")
    program = RunningProgram(desktop)
    wait_until(lambda: program.ask("element")["ok"], "the element", 20, step_s=0.5)
    program.wait_described("edit, Search")
    desktop.kill_accessibility()
    reply = program.ask("element")
    assert reply["spoken"] == say(strings.ERR_NO_ELEMENT)
    program.wait_notified(say(strings.ERR_NO_ELEMENT))
    begun = time.monotonic()
    assert program.ask("window")["ok"]
    assert time.monotonic() - begun < 2
    told = program.wait_described("three books")
    assert "tree" not in {statement["from"] for statement in told["statements"]}
    assert program.ask("settings")["ok"]
    wait_until(lambda: desktop.keys.windows("ImageCraft Settings"), "the settings window", 20)
    assert program.status()["ok"]


def test_a_monitor_that_goes_while_a_region_is_chosen_on_it_is_still_described(
    desktop: Desktop,
) -> None:
    desktop.set_monitors([(1200, 1080), (720, 1080)])
    be_silent(desktop)
    place = (1250, 100, 600, 400)
    desktop.show_window(lines=["The invoice is due"], title="Accounts", geometry=place)
    program = RunningProgram(desktop)
    desktop.keys.press(LAYER)
    desktop.keys.press("r")
    title = say(strings.REGION_TITLE)
    wait_until(lambda: desktop.keys.windows(title), "the frame", 10)
    (frame,) = desktop.keys.windows(title)
    wait_until(lambda: desktop.keys.active_window() == frame, "its focus", 10)
    desktop.set_monitors([(1200, 1080)])
    desktop.keys.press("Return")
    program.wait_described("invoice is due")
    program.wait_state("idle")
    desktop.keys.press(LAYER)
    desktop.keys.press("2")
    program.wait_notified("There is only 1 screen, not number 2.")
    assert "Traceback" not in program.process.errors
