"""Choosing by ear: element, mouse, monitors, and a region by keyboard, on a real X server.

What was taken is compared with what was on the screen; what was said, with what a reader was given.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.capture import element, screen, window
from imagecraft_desktop.errors import CaptureError, NoActiveWindow, NoElement
from imagecraft_desktop.regions import Regions
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Box, Capture, Frame
from tests.desktop import Desktop
from tests.desktop.processes import Child, wait_until
from tests.e2e.running import RunningProgram

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

pytestmark = pytest.mark.desktop

LAYER = "ctrl+shift+f11"
LINES = ("Quarterly accounts", "The invoice is due on Monday")
OPENED = say(strings.REGION_OPENED)


def start_orca(desktop: Desktop) -> Child:
    """Gets what is said, so that a test can read it."""
    orca = desktop.spawn([sys.executable, "-m", "tests.desktop.orca_service"])
    orca.wait_event("ready")
    return orca


def said(orca: Child) -> list[str]:
    return [event["text"] for event in orca.events if event["event"] == "presented"]


def choose(desktop: Desktop, letter: str) -> None:
    desktop.keys.press(LAYER)
    desktop.keys.press(letter)


def pixels(taken: Capture) -> NDArray[np.uint8]:
    """Its picture, RGB."""
    import numpy as np

    assert isinstance(taken.content, Frame)
    flat = np.frombuffer(taken.content.data, np.uint8)
    shaped = flat.reshape(taken.content.height, taken.content.width, 4)
    return shaped[:, :, 2::-1]


def on_screen(desktop: Desktop, box: Any) -> NDArray[np.uint8]:
    left, top, right, bottom = box
    return desktop.screenshot()[top:bottom, left:right]


def same(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    """Equal but for a blinking cursor."""
    return one.shape == other.shape and float((one != other).mean()) < 0.01


@pytest.fixture
def controls(inside_desktop: Desktop) -> Child:
    shown = inside_desktop.spawn([sys.executable, "-m", "tests.desktop.controls"])
    shown.wait_event("shown", 20)
    inside_desktop.accessible.find("push button", "Order")
    return shown


@pytest.fixture
def program(warm_program: RunningProgram) -> RunningProgram:
    return warm_program


@pytest.fixture
def accounts(desktop: Desktop) -> Child:
    return desktop.show_window(lines=LINES, title="Accounts", entry=True)


# --- what is taken ---


def test_the_focused_element_is_taken_exactly(inside_desktop: Desktop, controls: Child) -> None:
    place = controls.events[0]["places"]["Search"]
    taken: Capture = wait_until(_focused, "the focus", 10, step_s=0.1)
    assert (taken.name, list(taken.place or ())) == ("Search", place)
    assert same(pixels(taken), on_screen(inside_desktop, place))


def _focused() -> Capture | None:
    try:
        return element.grab_focused()
    except NoElement:
        return None


def test_the_element_under_the_mouse_is_taken_and_else_its_window(
    inside_desktop: Desktop, controls: Child
) -> None:
    left, top, right, bottom = controls.events[0]["places"]["Order"]
    inside_desktop.keys.move((left + right) // 2, (top + bottom) // 2)
    taken = element.grab_under_mouse()
    assert (taken.name, list(taken.place or ())) == ("Order", [left, top, right, bottom])
    controls.pause()  # its program does not answer: the window then
    whole = element.grab_under_mouse()
    controls.resume()
    assert (whole.name, whole.place) == ("Orders", window.active_window().box)


def test_where_no_window_is_it_is_told(inside_desktop: Desktop, controls: Child) -> None:
    inside_desktop.keys.move(1900, 1060)
    with pytest.raises(NoActiveWindow):
        element.grab_under_mouse()


def test_a_part_of_the_picture_of_the_desktop(inside_desktop: Desktop, controls: Child) -> None:
    whole = screen.grab_screen("all")
    box = Box(190, 160, 640, 480)
    part = screen.cut_out(whole, box, "region")
    assert part.place == box
    assert same(pixels(part), on_screen(inside_desktop, box))
    outside = screen.cut_out(whole, Box(1900, 1000, 2500, 1500), "region")
    assert outside.place == Box(1900, 1000, 1920, 1080)
    with pytest.raises(CaptureError):
        screen.cut_out(whole, Box(3000, 0, 3100, 50), "region")


@pytest.mark.parametrize("number", [1, 2])
def test_each_monitor_by_its_number(inside_desktop: Desktop, number: int) -> None:
    inside_desktop.set_monitors([(1200, 1080), (720, 900)])
    inside_desktop.show_window(lines=LINES, colour="#ffd0d0")
    taken = screen.grab_screen(str(number))
    place = [(0, 0, 1200, 1080), (1200, 0, 1920, 900)][number - 1]
    assert tuple(taken.place or ()) == place
    assert taken.is_one_of_many
    assert same(pixels(taken), on_screen(inside_desktop, place))


# --- by key ---


def test_element_mouse_and_monitors_by_letter(desktop: Desktop, program: RunningProgram) -> None:
    controls = desktop.spawn([sys.executable, "-m", "tests.desktop.controls"])
    place = controls.wait_event("shown", 20)["places"]["Gift wrap"]
    desktop.accessible.find("push button", "Order")
    desktop.set_monitors([(1200, 1080), (720, 900)])
    program.use(voice="silence")
    choose(desktop, "e")
    told = program.wait_described("This is: edit, Search")
    assert told["source"] == "Search"
    desktop.keys.move(place[0] + 5, (place[1] + place[3]) // 2)
    choose(desktop, "u")
    program.wait_described("This is: check box, Gift wrap, checked.")
    choose(desktop, "2")
    program.wait_described("This is screen 2.")
    choose(desktop, "m")
    program.wait_described("This is all screens.", "three books")
    choose(desktop, "3")
    program.wait_notified("There are 2 screens")


@pytest.mark.parametrize(
    ("word", "first"),
    [("element", "This is: edit, Search."), ("screen-1", "The screen.")],
)
def test_the_same_by_command(
    desktop: Desktop, word: str, first: str, program: RunningProgram
) -> None:
    controls = desktop.spawn([sys.executable, "-m", "tests.desktop.controls"])
    controls.wait_event("shown", 20)
    desktop.accessible.find("push button", "Order")
    done = desktop.run(desktop.command("trigger", word))
    assert done.returncode == 0, done.stdout + done.stderr
    told = program.wait_described(first)
    assert told["statements"][0]["text"] == first


# --- a region by keyboard ---


def open_region(desktop: Desktop, orca: Child) -> str:
    """Open the frame with its key and wait until it has the focus; what was said."""
    choose(desktop, "r")
    title = say(strings.REGION_TITLE)
    wait_until(lambda: desktop.keys.windows(title), "the frame", 10)
    (frame,) = desktop.keys.windows(title)
    wait_until(lambda: desktop.keys.active_window() == frame, "its focus", 10)
    return str(wait_until(lambda: next((s for s in said(orca) if OPENED in s), ""), "its words"))


def press(desktop: Desktop, orca: Child, key: str, words: str) -> None:
    """Press a key in the frame; the words are what it must say."""
    before = len(said(orca))
    desktop.keys.press(key)
    wait_until(lambda: words in said(orca)[before:], f"{words!r}; got {said(orca)[before:]}", 10)


def test_a_region_is_chosen_by_ear_and_taken_as_it_was(
    desktop: Desktop, accounts: Child, program: RunningProgram
) -> None:
    orca = start_orca(desktop)
    had_focus = desktop.keys.active_window()
    left, top, width, height = accounts.events[0]["geometry"]
    before = desktop.screenshot()
    opened = open_region(desktop, orca)
    assert f"{width} by {height}." in opened  # it begins with the window
    press(
        desktop, orca, "shift+Up", f"Top {max(0, top - 200)}. {width} by {height + min(top, 200)}."
    )
    press(desktop, orca, "w", f"Window. {width} by {height}.")
    press(
        desktop, orca, "Tab", f"Bottom right corner. Right {left + width}. Bottom {top + height}."
    )
    press(desktop, orca, "ctrl+Up", f"Bottom {top + height - 10}. {width} by {height - 10}.")
    press(desktop, orca, "Tab", f"Whole frame. {width} by {height - 10}.")
    press(desktop, orca, "Right", f"{left + 50}, {top}.")
    press(desktop, orca, "Left", f"{left}, {top}.")
    press(desktop, orca, "1", f"Left {left}.")
    press(desktop, orca, "5", f"{width} by {height - 10}.")
    desktop.keys.press("6")
    wait_until(lambda: any(s.startswith("Under it: ") for s in said(orca)), "what is under it")
    # hollow: the window under it can still be seen
    middle = (slice(top + 50, top + height - 80), slice(left + 50, left + width - 50))
    assert same(desktop.screenshot()[middle], before[middle])
    assert (desktop.screenshot() != before).any()  # and the frame itself is seen
    desktop.keys.press("Return")
    told = program.wait_described("invoice is due on Monday")
    assert told["source"] == say(strings.CAPTURE_REGION)
    assert told["statements"][0]["text"] == say(strings.OPEN_REGION)
    wait_until(lambda: desktop.keys.active_window() == had_focus, "the focus to come back")
    desktop.keys.type("x")  # the keys are the program's again
    accounts.wait_event("text", text="x")
    kept = desktop.run(desktop.command("settings", "get", "region")).stdout.strip()
    assert kept.endswith(f"{left},{top},{width},{height - 10}")
    program.wait_state("idle")
    choose(desktop, "g")
    wait_until(lambda: sum("invoice is due" in s for s in said(orca)) == 2, "the last region", 30)


def test_escape_cancels_and_gives_the_focus_back(
    desktop: Desktop, accounts: Child, program: RunningProgram
) -> None:
    orca = start_orca(desktop)
    had_focus = desktop.keys.active_window()
    open_region(desktop, orca)
    press(desktop, orca, "Escape", say(strings.REGION_CANCELLED))
    wait_until(lambda: desktop.keys.active_window() == had_focus, "the focus to come back")
    assert program.status()["last"] is None
    desktop.keys.type("y")
    accounts.wait_event("text", text="y")
    assert not desktop.keys.windows(say(strings.REGION_TITLE))


def test_forgetting_ends_the_choosing_for_it_holds_a_picture(
    desktop: Desktop, accounts: Child, program: RunningProgram
) -> None:
    orca = start_orca(desktop)
    had_focus = desktop.keys.active_window()
    open_region(desktop, orca)
    reply = program.ask("forget")
    wait_until(lambda: reply["spoken"] in said(orca), "what was forgotten")
    wait_until(lambda: not desktop.keys.windows(say(strings.REGION_TITLE)), "the end of the frame")
    wait_until(lambda: desktop.keys.active_window() == had_focus, "the focus to come back")


def test_every_key_of_the_frame_is_ours_alone(
    desktop: Desktop, accounts: Child, program: RunningProgram
) -> None:
    orca = start_orca(desktop)
    open_region(desktop, orca)
    press(desktop, orca, "j", say(strings.REGION_HELP, control="Control"))
    press(desktop, orca, "s", "Screen 1. 1920 by 1080.")
    desktop.keys.press("Escape")
    wait_until(lambda: say(strings.REGION_CANCELLED) in said(orca), "the end")
    assert [e for e in accounts.events if e["event"] == "text"] == []


@pytest.mark.parametrize(
    ("layout", "keycode", "words"),
    [
        ("ru", 25, "Window. 800 by 600."),  # where W is
        ("ru", 14, "800 by 600."),  # 5
        ("fr", 14, "800 by 600."),  # a bracket without Shift
        ("fr", 52, "Window. 800 by 600."),  # where Z is, but W is on it
        ("fr", 25, say(strings.REGION_HELP, control="Control")),  # where W is, but Z is on it
    ],
)
def test_a_key_is_its_letter_else_its_place(
    desktop: Desktop,
    accounts: Child,
    program: RunningProgram,
    layout: str,
    keycode: int,
    words: str,
) -> None:
    orca = start_orca(desktop)
    open_region(desktop, orca)
    desktop._output("setxkbmap", layout)
    try:

        def is_said() -> bool:
            # again and again, for nobody tells when the program has taken the new layout over
            before = len(said(orca))
            desktop.keys._xdotool("key", str(keycode))
            wait_until(lambda: len(said(orca)) > before, "an answer", 10)
            return said(orca)[-1] == words

        wait_until(is_said, words, 10, step_s=0.2)
    finally:
        desktop._output("setxkbmap", "us")
        desktop.keys.press("Escape")


def test_another_window_that_is_activated_ends_the_choosing_and_keeps_the_focus(
    desktop: Desktop, accounts: Child, program: RunningProgram
) -> None:
    orca = start_orca(desktop)
    open_region(desktop, orca)
    other = desktop.show_window(lines=["Other"], title="Other", geometry=(900, 500, 300, 200))
    number = other.events[0]["id"]
    wait_until(lambda: say(strings.REGION_CANCELLED) in said(orca), "the end", 10)
    assert desktop.keys.active_window() == number
    assert program.status()["ok"]


def test_several_monitors_follow_each_other(
    desktop: Desktop, accounts: Child, program: RunningProgram
) -> None:
    desktop.set_monitors([(1200, 1080), (720, 900)])
    orca = start_orca(desktop)
    open_region(desktop, orca)
    press(desktop, orca, "s", "Screen 1. 1200 by 1080.")
    press(desktop, orca, "s", "Screen 2. 720 by 900.")
    press(desktop, orca, "3", "Right 1920.")


def test_the_frame_is_named_for_a_reader(
    desktop: Desktop, accounts: Child, program: RunningProgram
) -> None:
    orca = start_orca(desktop)
    open_region(desktop, orca)
    title = say(strings.REGION_TITLE)
    frame, told = desktop.accessible.shown("imagecraft-desktop")[1:]
    assert (frame["role"], frame["name"]) == ("frame", title)
    assert {"focused", "active"} <= set(frame["states"])
    # what is said can be read, but not where the focus is: a reader would say it a second time
    assert frame["description"] == ""
    assert told["role"] == "label"
    assert told["name"].startswith(OPENED)
    press(desktop, orca, "5", "800 by 600.")
    assert desktop.accessible.find("label", "800 by 600.")


def test_a_region_with_our_own_voice_is_heard(
    desktop: Desktop, accounts: Child, program: RunningProgram
) -> None:
    from tests.desktop import transcribe

    program.use(earcons=False)
    with desktop.record() as heard:
        choose(desktop, "r")

        def listen() -> bool:
            return "arrows" in transcribe(heard.samples)

        wait_until(listen, "the words", 60, step_s=0.5)


def test_where_the_screen_cannot_be_taken_nothing_opens(
    monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
    regions = Regions()
    with qtbot.waitSignal(regions.failed) as told:
        regions.choose("")
    assert say(strings.SCREEN_WAYLAND) in told.args[0]
