"""The command line on a desktop with a screen and a sound server."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path

import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.errors import EXIT_CANCELLED
from imagecraft_desktop.strings import say
from tests.desktop import Desktop, transcribe
from tests.e2e.running import RunningProgram

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"
LINES = ["The invoice is due on Monday", "Please pay by card"]

pytestmark = pytest.mark.desktop


def test_self_test_says_in_a_line_each_what_works(desktop: Desktop) -> None:
    desktop.show_window(lines=LINES, title="Accounts")
    done = desktop.run(desktop.command("self-test"), timeout_s=120)
    assert done.returncode == 0, done.stderr
    said = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert list(said) == [
        "Settings",
        "Screen",
        "Active window",
        "Describer",
        "Voice",
        "Sound",
        "Speech goes",
        "Hotkeys",
        "Program",
    ]
    assert "Accounts" in said["Active window"]
    assert "hibari" in said["Voice"]
    assert "Control Shift F12" in said["Hotkeys"]
    assert "not running" in said["Program"]


def test_self_test_beside_the_running_program(desktop: Desktop) -> None:
    RunningProgram(desktop)
    done = desktop.run(desktop.command("self-test"), timeout_s=120)
    assert re.search(r"Hotkeys: work in the running program.*Control Shift F12", done.stdout)
    assert re.search(r"Program: running, \d+ megabytes", done.stdout)


@pytest.mark.sound
def test_the_active_window_is_printed_and_heard(desktop: Desktop) -> None:
    desktop.show_window(lines=LINES, title="Accounts")
    with desktop.record() as heard:
        done = desktop.run(desktop.command("describe", "--window"), timeout_s=120)
        said = transcribe(heard.samples)
    assert done.returncode == 0, done.stderr
    assert "Accounts" in done.stdout
    assert LINES[0] in done.stdout
    assert "accounts" in said
    assert "the invoice is due on monday" in said


@pytest.mark.sound
def test_a_picture_from_the_clipboard_is_heard(desktop: Desktop) -> None:
    picture = SAMPLES / "dog.jpg"
    desktop.own_clipboard(picture.read_bytes(), "image/jpeg")
    with desktop.record() as heard:
        done = desktop.run(desktop.command("describe", "--clipboard", "--brief"), timeout_s=120)
        said = transcribe(heard.samples)
    assert done.returncode == 0, done.stderr
    assert "dog" in said


def test_each_of_two_screens_is_described(desktop: Desktop) -> None:
    desktop.set_monitors([(960, 1080), (960, 1080)])
    desktop.show_window(lines=LINES, title="Left", geometry=(20, 60, 800, 400))
    desktop.show_window(lines=["A second paper"], title="Right", geometry=(1000, 60, 800, 400))
    for number, words, other in (("1", LINES[0], "second"), ("2", "A second paper", "invoice")):
        command = desktop.command("describe", "--screen", number, "--text", "--no-speak")
        done = desktop.run(command, timeout_s=120)
        assert words in done.stdout
        assert other not in done.stdout
    both = desktop.run(
        desktop.command("describe", "--screen", "all", "--text", "--no-speak"), timeout_s=120
    )
    assert LINES[0] in both.stdout
    assert "A second paper" in both.stdout


def _speaking(desktop: Desktop):
    """A command that speaks for long, at the moment when it is heard."""
    text = "Two brown dogs play on the green grass. " * 20
    with desktop.record() as heard:
        child = desktop.spawn(desktop.command("speak", text), name="speak")
        heard.wait_for_sound(60)
    return child


@pytest.mark.sound
def test_a_device_that_is_lost_while_speaking_is_told(desktop: Desktop) -> None:
    child = _speaking(desktop)
    desktop.sound.unplug()
    assert child.wait(60) == 5
    assert "sound device" in child.errors


@pytest.mark.sound
def test_the_running_program_falls_silent_for_the_command_line(desktop: Desktop) -> None:
    program = RunningProgram(desktop)
    program.ask("file", path=str(SAMPLES / "receipt_photo.jpg"))
    program.wait_state("speaking")
    desktop.run(desktop.command("speak", "Hello"), timeout_s=60)
    assert program.status()["state"] == "idle"


@pytest.mark.sound
def test_the_end_signal_silences_it(desktop: Desktop) -> None:
    child = _speaking(desktop)
    with desktop.record() as heard:
        heard.wait_for_sound()
        child.process.terminate()
        heard.wait_for_silence(1.0, 20)
    assert child.wait(20) == 6


@pytest.mark.sound
def test_two_commands_at_once_take_turns(desktop: Desktop) -> None:
    with desktop.record() as heard:
        first = desktop.spawn(desktop.command("speak", "Two brown dogs play on the grass."))
        heard.wait_for_sound(60)
        second = desktop.spawn(desktop.command("speak", "The invoice is due on Monday."))
        assert first.wait(60) == 0
        assert second.wait(60) == 0
        said = transcribe(heard.samples)
    assert "dogs play on the grass" in said
    assert "invoice is due on monday" in said


@pytest.mark.sound
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_systems_voice_is_stopped_while_it_speaks(desktop: Desktop, number: int) -> None:
    speak = desktop.command("speak", "Two brown dogs play. " * 50, "--voice", "system")
    with desktop.record() as heard:
        child = subprocess.Popen(speak, env=desktop.env, stderr=subprocess.PIPE, text=True)
        heard.wait_for_sound(30)
        child.send_signal(number)
        told = child.communicate(timeout=30)[1]
        heard.wait_for_silence(0.5, 5)
    assert (child.returncode, told) == (EXIT_CANCELLED, say(strings.CANCELLED) + "\n")
