"""A real Wayland desktop: compositor, PipeWire and portal run; the pictures come from there."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.capture import element
from imagecraft_desktop.capture.base import take
from imagecraft_desktop.capture.decode import to_picture
from imagecraft_desktop.errors import NoActiveWindow, NoElement, ScreenNotAllowed
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths
from imagecraft_desktop.values import Capture, Origin
from tests.desktop.processes import Child, wait_until
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
def orca(wayland: WaylandDesktop) -> Child:
    """Gets what is said, so that a test can read it."""
    started = wayland.spawn([sys.executable, "-m", "tests.desktop.orca_service"])
    started.wait_event("ready")
    return started


@pytest.fixture(scope="module")
def program(wayland: WaylandDesktop, orca: Child) -> RunningProgram:
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


def test_pictures_that_are_asked_for_at_once_all_come(wayland, inside, accounts):
    """The portal of wlroots writes each to the same file, which is gone once it was read."""
    shots = [take(Origin.SCREEN) for _ in range(8)]
    for shot in shots:
        assert (to_picture(shot).pixels == PINK).all(-1).sum() > 100_000


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


# --- one window ---


def test_the_active_window_is_cut_out_by_what_the_compositor_tells(wayland, inside, accounts):
    taken = take(Origin.WINDOW)
    assert (taken.origin, taken.name) == (Origin.WINDOW, "Accounts")
    picture = to_picture(taken)
    assert picture.pixels.shape == (300, 600, 3)
    for row, column in ((0, 0), (0, -1), (-1, 0), (-1, -1)):
        assert tuple(picture.pixels[row, column]) == PINK
    assert not picture.notes


def test_the_running_program_describes_the_window_by_its_title(wayland, program, accounts):
    reply = program.ask("window")
    assert reply["spoken"] == say(strings.APP_DESCRIBING, name="Accounts")
    told = wait_described_as(program, "Accounts")
    assert "The invoice is due on Monday" in told["description"]
    assert say(strings.CAPTURE_NO_WINDOWS) not in told["description"]


def wait_described_as(program: RunningProgram, source: str) -> dict[str, Any]:
    """The last description, when it is of this source: the program is one for all tests."""

    def look() -> dict[str, Any] | None:
        last: dict[str, Any] | None = program.status()["last"]
        return last if last is not None and last["source"] == source else None

    told: dict[str, Any] = wait_until(look, f"a description of {source}", 60, step_s=0.05)
    return told


def test_our_own_window_is_not_what_is_meant(wayland, program, accounts):
    assert program.ask("settings")["ok"]
    wait_until(lambda: wayland.focused() != "Accounts", "our own window", 20)
    covered = say(strings.ERR_WINDOW_COVERED, name="Accounts")
    assert program.ask("window")["spoken"] == covered
    wayland.sway(f'[title="{wayland.focused()}"] move absolute position 500 150')
    reply = program.ask("window")
    assert reply["spoken"] == say(strings.APP_DESCRIBING, name="Accounts")
    program.wait_described(say(strings.CAPTURE_COVERED))
    wayland.sway(f'[title="{wayland.focused()}"] kill')
    wait_until(lambda: wayland.focused() == "Accounts", "the end of our own window", 20)


def test_what_is_copied_is_pasted_into_our_window_in_front(wayland, program, tmp_path):
    """The compositor shows the clipboard to the program in front; there is no X server here."""
    sample = paths.resources() / "samples" / "error_dialog.png"
    owner = wayland.spawn(
        ["sh", "-c", f"exec wl-copy --foreground --type image/png < '{sample}'"], name="wl-copy"
    )
    assert say(strings.CLIPBOARD_WAYLAND) in program.ask("clipboard")["spoken"]
    assert program.ask("image-window")["ok"]
    wait_until(lambda: wayland.focused().endswith("- ImageCraft"), "our window", 20)
    wayland.type("-M", "ctrl", "-k", "v")
    program.wait_described("disk is full")
    owner.stop()
    wayland.sway(f'[title="{wayland.focused()}"] kill')
    wait_until(lambda: not wayland.focused(), "the end of our own window", 20)


def test_without_a_window_that_is_told(wayland, inside):
    wait_until(lambda: not wayland.focused(), "an empty desktop", 10)
    with pytest.raises(NoActiveWindow):
        take(Origin.WINDOW)


def test_the_focused_element_is_where_its_program_and_the_compositor_tell(wayland, inside):
    shown = wayland.spawn([sys.executable, "-m", "tests.desktop.controls"])
    shown.wait_event("shown", 20)
    taken = wait_until(_focused, "the focus", 10, step_s=0.1)
    assert taken.name == "Search"
    wait_until(lambda: wayland.content_of("Orders")[2:] == (500, 420), "its size", 10)
    left, top, _, _ = wayland.content_of("Orders")
    assert shown.process.stdin is not None
    shown.process.stdin.write(
        b"Search\n"
    )  # where it is now: the desktop gave it another size at first
    shown.process.stdin.flush()
    place = shown.wait_event("focused")["places"]["Search"]
    whole = to_picture(take(Origin.SCREEN)).pixels
    wanted = whole[top + place[1] : top + place[3], left + place[0] : left + place[2]]
    got = to_picture(element.grab_focused()).pixels
    assert got.shape == wanted.shape
    assert (got != wanted).mean() < 0.01  # a cursor blinks
    with pytest.raises(ScreenNotAllowed, match="where the mouse is"):
        element.grab_under_mouse()
    shown.stop()


def _focused() -> Capture | None:
    try:
        return element.grab_focused()
    except NoElement:
        return None


# --- a region by keyboard ---


def said(orca: Child) -> list[str]:
    return [event["text"] for event in orca.events if event["event"] == "presented"]


def press(wayland: WaylandDesktop, orca: Child, keys: tuple[str, ...], sentence: str) -> None:
    wayland.type(*keys)
    wait_until(lambda: said(orca)[-1:] == [sentence], f"{sentence!r}; said {said(orca)}", 20)


def open_region(wayland: WaylandDesktop, program: RunningProgram, orca: Child) -> None:
    opened = say(strings.REGION_OPENED)
    since = len(said(orca))
    assert program.ask("choose-region")["ok"]
    wait_until(lambda: any(s.startswith(opened) for s in said(orca)[since:]), f"{said(orca)}", 30)
    wait_until(
        lambda: wayland.focused().startswith(say(strings.REGION_TITLE)), "the frame's focus", 10
    )


def test_a_region_is_chosen_on_the_picture_of_before(wayland, orca, program, accounts):
    left, top, width, height = wayland.content_of("Accounts")
    open_region(wayland, program, orca)
    assert said(orca)[-1].endswith(f"{width} by {height}.")
    press(wayland, orca, ("-k", "1"), f"Left {left}.")
    press(wayland, orca, ("6",), "Under it: Accounts.")
    press(
        wayland,
        orca,
        ("-k", "Tab"),
        f"Bottom right corner. Right {left + width}. Bottom {top + height}.",
    )
    press(
        wayland,
        orca,
        ("-M", "ctrl", "-k", "Up"),
        f"Bottom {top + height - 10}. {width} by {height - 10}.",
    )
    wayland.sway('[title="^Accounts$"] move absolute position 0 360')  # the picture stays
    wayland.type("-k", "Return")
    told = wait_described_as(program, say(strings.CAPTURE_REGION))
    assert "The invoice is due on Monday" in told["description"]
    wait_until(lambda: wayland.focused() == "Accounts", "the focus to come back", 10)
    kept = wayland.run(wayland.command("settings", "get", "region")).stdout.strip()
    assert kept.endswith(f"{left},{top},{width},{height - 10}")


def test_the_last_region_is_cut_out_of_a_new_picture(wayland, inside, accounts):
    left, top, _, _ = wayland.content_of("Accounts")
    picture = to_picture(take(Origin.REGION, region=f"{left},{top - 3},50,20"))
    assert picture.pixels.shape == (20, 50, 3)
    assert tuple(picture.pixels[3, 0]) == PINK
    assert tuple(picture.pixels[2, 0]) != PINK


def test_escape_ends_the_choosing(wayland, orca, program, accounts):
    cancelled = say(strings.REGION_CANCELLED)
    open_region(wayland, program, orca)
    press(wayland, orca, ("-k", "Escape"), cancelled)
    wait_until(lambda: wayland.focused() == "Accounts", "the focus to come back", 10)


# --- what the person is asked ---


@pytest.fixture
def asking_portal(wayland: WaylandDesktop) -> Iterator[None]:
    """The real portal with a back end that lets it ask, and keep the answer, as on GNOME and KDE."""
    wayland.use_portal(asks=True)
    yield
    wayland.person_answers(0)
    wayland.use_portal()


def test_the_portal_asks_once_and_a_no_is_told_with_the_way_out(
    wayland, inside, accounts, asking_portal, monkeypatch
):
    wayland.person_answers(1)
    for _ in range(2):
        with pytest.raises(ScreenNotAllowed, match=say(strings.SCREEN_REFUSED_KEPT)):
            to_picture(take(Origin.SCREEN))
    monkeypatch.delenv("SWAYSOCK")  # else a screen is never shared
    with pytest.raises(ScreenNotAllowed, match=say(strings.SCREEN_REFUSED_KEPT)):  # no back end can
        to_picture(take(Origin.SCREEN))
    asked = [event for event in wayland.person.events if event["event"] == "asked"]
    assert [event["code"] for event in asked] == [1]
    wayland.forget_permissions()
    wayland.person_answers(0)
    assert to_picture(take(Origin.SCREEN)).pixels.shape == (720, 1280, 3)
    assert to_picture(take(Origin.SCREEN)).pixels.shape == (720, 1280, 3)
    asked = [event for event in wayland.person.events if event["event"] == "asked"]
    assert [event["code"] for event in asked] == [1, 0]


def test_without_a_portal_it_is_told_what_to_install(wayland, inside, monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    with pytest.raises(ScreenNotAllowed, match="Install xdg-desktop-portal-wlr"):
        to_picture(take(Origin.SCREEN))


# --- several screens: last, for none goes again ---


@pytest.fixture(scope="module")
def two_outputs(wayland: WaylandDesktop) -> None:
    """The first with four pixels for one of the desktop's, the other, larger one with one."""
    wayland.set_outputs((1280, 720, 2), (800, 600, 1))


def test_pixels_of_the_device_on_two_screens(wayland, inside, two_outputs, accounts):
    left, _, width, height = wayland.content_of("Accounts")
    assert to_picture(take(Origin.SCREEN)).pixels.shape == (2 * 600, 2 * (640 + 800), 3)
    picture = to_picture(take(Origin.WINDOW))
    assert picture.pixels.shape[:2] == (2 * height, 2 * (min(left + width, 1440) - left))
    assert tuple(picture.pixels[0, 0]) == tuple(picture.pixels[9, -9]) == PINK


def test_a_region_on_two_screens(wayland, orca, program, two_outputs, accounts):
    open_region(wayland, program, orca)
    press(wayland, orca, ("s",), "Screen 1. 1280 by 720.")
    press(wayland, orca, ("s",), "Screen 2. 1600 by 1200.")
    press(wayland, orca, ("1",), "Left 1280.")
    press(wayland, orca, ("-k", "Escape"), say(strings.REGION_CANCELLED))
