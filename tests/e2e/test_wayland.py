"""A real Wayland desktop: compositor, PipeWire and portal run; the pictures come from there."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from imagecraft_desktop.capture.base import take
from imagecraft_desktop.capture.decode import to_picture
from imagecraft_desktop.values import Origin
from tests.desktop.processes import Child
from tests.desktop.wayland import GROUND, SHOT, WaylandDesktop, missing_programs
from tests.e2e.running import RunningProgram

pytestmark = pytest.mark.desktop

PINK = (0xFF, 0xD0, 0xD0)
BLUE = tuple(bytes.fromhex(GROUND[1:]))


@pytest.fixture(scope="module")
def wayland() -> Iterator[WaylandDesktop]:
    """One compositor for all tests of this file."""
    if missing := missing_programs():
        pytest.fail(f"apt-get install --no-install-recommends {' '.join(missing)}", pytrace=False)
    made = WaylandDesktop()
    yield made
    made.close()


@pytest.fixture(scope="module")
def program(wayland: WaylandDesktop) -> RunningProgram:
    """One running program for all tests of this file."""
    return RunningProgram(wayland)


@pytest.fixture
def accounts(wayland: WaylandDesktop) -> Iterator[Child]:
    """A window with known text and colour, at a known place."""
    shown = wayland.show_at(
        200,
        100,
        lines=["The invoice is due on Monday"],
        title="Accounts",
        colour="#ffd0d0",
        geometry=(0, 0, 600, 300),
    )
    yield shown
    shown.stop()


@pytest.fixture
def inside(wayland: WaylandDesktop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The desktop for code in pytest's own process."""
    monkeypatch.delenv("DISPLAY", raising=False)
    for name, value in wayland.env.items():
        if name != "QT_QPA_PLATFORM":
            monkeypatch.setenv(name, value)


def test_the_screen_comes_from_the_real_portal(wayland, inside, accounts):
    picture = to_picture(take(Origin.SCREEN))
    assert picture.pixels.shape == (720, 1280, 3)
    left, top, width, height = wayland.content_of("Accounts")
    assert (width, height) == (600, 300)
    assert tuple(picture.pixels[top + height - 2, left + width - 2]) == PINK
    assert tuple(picture.pixels[top + height + 8, left]) == BLUE
    inner = picture.pixels[top : top + height, left : left + width]
    assert (inner == PINK).all(axis=2).mean() > 0.9
    assert not SHOT.exists()


def test_the_command_line_reads_what_is_on_the_screen(wayland, accounts):
    done = wayland.run(wayland.command("describe", "--screen", "--json", "--no-speak"))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert "The invoice is due on Monday" in told["description"], done.stderr
    assert not SHOT.exists()


def test_the_running_program_describes_the_screen(wayland, program, accounts):
    done = wayland.run(wayland.command("trigger", "screen"))
    assert done.returncode == 0, done.stderr
    program.wait_described("The invoice is due on Monday")
