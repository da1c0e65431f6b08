"""Screen and hotkeys through a desktop's portal, as on Wayland; the portal is one of the tests' own."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from imagecraft_desktop import strings
from imagecraft_desktop.capture.base import take
from imagecraft_desktop.capture.decode import to_picture
from imagecraft_desktop.capture.portal import begin, forget, give_up, part_of
from imagecraft_desktop.capture.screen import grab_screen
from imagecraft_desktop.errors import Cancelled, ScreenNotAllowed
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.portal import Portal, PortalMissing
from imagecraft_desktop.trigger.actions import LETTERS, Action
from imagecraft_desktop.trigger.base import Bindings, Heard, What
from imagecraft_desktop.trigger.hotkeys import Hotkeys, read_bindings, try_keys
from imagecraft_desktop.trigger.keys import parse
from imagecraft_desktop.trigger.portal import PortalKeys, trigger_text
from imagecraft_desktop.values import Box, Origin, Shot
from tests.desktop import Desktop
from tests.desktop.processes import Child, wait_until
from tests.e2e.running import RunningProgram

LAYER, WINDOW = "ctrl+shift+f11", "ctrl+shift+f12"
WAYLAND = {"WAYLAND_DISPLAY": "wayland-9", "XDG_SESSION_TYPE": "wayland"}

pytestmark = pytest.mark.desktop


@pytest.fixture
def start_portal(inside_desktop: Desktop) -> Callable[..., Child]:
    """Starts a portal with the kinds that are named."""

    def start(*kinds: str) -> Child:
        command = [_python(), "-m", "tests.desktop.portal", *kinds]
        portal = inside_desktop.spawn(command, name="portal")
        portal.wait_event("ready")
        return portal

    return start


def _python() -> str:
    import sys

    return sys.executable


@pytest.fixture(autouse=True)
def on_wayland(monkeypatch: pytest.MonkeyPatch, inside_desktop: Desktop) -> None:
    for name, value in WAYLAND.items():
        monkeypatch.setenv(name, value)


def obey(portal: Child, **order: object) -> None:
    since = len(portal.events)
    portal.send(**order)
    portal.wait_event("obeyed", since=since)


def give(portal: Child, folder: Path, size: tuple[int, int] = (400, 300)) -> Path:
    """The next screenshot: red on the left half, blue on the right."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    path = folder / "Bild schirm.png"
    picture.save(path)
    obey(portal, do="next", code=0, uri=path.as_uri())
    return path


# --- the screen ---


def test_the_desktop_is_asked_for_the_screen_and_its_file_is_removed(start_portal, tmp_path):
    portal = start_portal("Screenshot")
    path = give(portal, tmp_path)
    capture = take(Origin.SCREEN)
    portal.wait_event("screenshot")  # at once: the worker may be busy
    picture = to_picture(capture)
    assert picture.pixels.shape == (300, 400, 3)
    assert picture.pixels[0, 0].tolist() == [255, 0, 0]
    assert picture.pixels[0, -1].tolist() == [0, 0, 255]
    assert not path.exists()
    asked = portal.wait_event("screenshot")["options"]
    assert (asked["interactive"], asked["modal"]) == (False, False)


def test_more_about_the_same_shot_is_about_the_same_picture(start_portal, tmp_path):
    portal = start_portal("Screenshot")
    give(portal, tmp_path)
    capture = take(Origin.SCREEN)
    first = to_picture(capture)
    assert (to_picture(capture).pixels == first.pixels).all()
    assert len([e for e in portal.events if e["event"] == "screenshot"]) == 1
    give(portal, tmp_path, (40, 30))
    assert to_picture(take(Origin.SCREEN)).pixels.shape == (30, 40, 3)


def test_a_window_is_the_whole_screen_and_that_is_told(start_portal, tmp_path):
    give(start_portal("Screenshot"), tmp_path)
    capture = take(Origin.WINDOW)
    assert capture.origin is Origin.SCREEN
    assert to_picture(capture).notes == (say(strings.CAPTURE_NO_WINDOWS),)


def test_a_region_is_cut_out(start_portal, tmp_path):
    give(start_portal("Screenshot"), tmp_path)
    pixels = to_picture(take(Origin.REGION, region="210,10,50,20")).pixels
    assert pixels.shape == (20, 50, 3)
    assert (pixels == [0, 0, 255]).all()


@pytest.mark.parametrize(
    ("code", "message"), [(1, strings.SCREEN_REFUSED), (2, strings.SCREEN_PORTAL_FAILED)]
)
def test_a_refusal_and_a_failure_are_told(start_portal, code, message):
    obey(start_portal("Screenshot"), do="next", code=code)
    with pytest.raises(ScreenNotAllowed) as error:
        to_picture(take(Origin.SCREEN))
    assert say(message) in error.value.spoken


@pytest.mark.parametrize("uri", ["file:///nowhere/at/all.png", "https://example.org/a.png", ""])
def test_an_address_that_is_no_file_is_a_failure(start_portal, uri):
    obey(start_portal("Screenshot"), do="next", code=0, uri=uri)
    with pytest.raises(ScreenNotAllowed) as error:
        to_picture(take(Origin.SCREEN))
    assert say(strings.SCREEN_PORTAL_FAILED) in error.value.spoken


def test_without_such_a_portal_the_way_out_is_told(start_portal):
    start_portal("GlobalShortcuts")
    with pytest.raises(ScreenNotAllowed) as error:
        to_picture(take(Origin.SCREEN))
    assert say(strings.SCREEN_WAYLAND) in error.value.spoken


def test_without_a_session_bus_the_way_out_is_told(monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    with pytest.raises(ScreenNotAllowed) as error:
        to_picture(take(Origin.SCREEN))
    assert say(strings.SCREEN_WAYLAND) in error.value.spoken


def test_a_cancel_ends_the_wait_for_a_person_and_closes_the_dialog(start_portal, tmp_path):
    portal = start_portal("Screenshot")
    give(portal, tmp_path)
    obey(portal, do="hang", on="Screenshot")
    end_s = time.monotonic() + 0.5

    def tick() -> None:
        if time.monotonic() > end_s:
            raise Cancelled

    capture = take(Origin.SCREEN)
    with pytest.raises(Cancelled):
        to_picture(capture, tick)
    assert isinstance(capture.content, Shot)
    give_up(capture.content)
    assert portal.wait_event("closed")["kind"] == "Request"


def test_a_picture_that_comes_after_it_was_given_up_does_not_stay(start_portal, tmp_path):
    portal = start_portal("Screenshot")
    path = give(portal, tmp_path)
    obey(portal, do="hang", on="Screenshot")
    shot = begin(Shot())
    portal.wait_event("screenshot")
    give_up(shot)
    time.sleep(0.3)  # so that it has been noticed
    obey(portal, do="go-on")
    wait_until(lambda: not path.exists(), "the end of the file", 5)


def test_a_portal_that_goes_away_is_told(start_portal, tmp_path):
    portal = start_portal("Screenshot")
    give(portal, tmp_path)
    obey(portal, do="hang", on="Screenshot")
    looks = 0

    def tick() -> None:
        nonlocal looks
        looks += 1
        if looks == 2:
            portal.process.kill()

    begun_s = time.monotonic()
    with pytest.raises(ScreenNotAllowed) as error:
        to_picture(take(Origin.SCREEN), tick)
    assert say(strings.SCREEN_PORTAL_FAILED) in error.value.spoken
    assert time.monotonic() - begun_s < 20, "nobody waits two minutes for who has gone"


@pytest.mark.parametrize(
    ("shot", "box"),
    [
        (Shot(), Box(0, 0, 200, 100)),
        (Shot(Box(10, 20, 30, 40)), Box(10, 20, 30, 40)),
        (Shot(Box(50, 0, 100, 50), (100, 50)), Box(100, 0, 200, 100)),
        (Shot(Box(-10, 90, 500, 500)), Box(0, 90, 200, 100)),
        (Shot(Box(300, 300, 400, 400)), None),
        (Shot(Box(10, 20, 30, 40), (200, 200)), None),
    ],
    ids=["all", "part", "scaled", "cut", "outside", "another-shape"],
)
def test_the_part_is_measured_in_the_picture(shot, box):
    assert part_of(shot, 200, 100) == box


def test_another_screen_than_the_first_needs_to_be_known(start_portal):
    start_portal("Screenshot")
    with pytest.raises(ScreenNotAllowed):
        grab_screen("7")


# --- hotkeys ---


class Listening:
    """A backend that runs, and what it told."""

    def __init__(self, bindings: Bindings) -> None:
        self.told: queue.SimpleQueue[Heard] = queue.SimpleQueue()
        self.keys = PortalKeys(bindings, self.told.put)
        self.keys.start()

    def until(self, what: What) -> list[Heard]:
        found = []
        while not found or found[-1].what is not what:
            found.append(self.told.get(timeout=10))
        return found


@pytest.fixture
def listen() -> Iterator[Callable[..., Listening]]:
    made: list[Listening] = []

    def start(layer: str = LAYER, window: str = WINDOW) -> Listening:
        made.append(Listening(read_bindings(layer, window)[0]))
        return made[-1]

    yield start
    for one in made:
        one.keys.stop()


def test_every_action_is_a_shortcut_and_the_wished_key_is_named(start_portal, listen):
    portal = start_portal("GlobalShortcuts")
    listening = listen()
    told = listening.until(What.READY)
    bound = portal.wait_event("bound")["shortcuts"]
    assert bound["window"] == {
        "description": "Describe Window",
        "preferred_trigger": "CTRL+SHIFT+F12",
    }
    assert bound["stop"] == {"description": "Stop"}
    assert bound["choose-region"] == {"description": "Choose Region"}
    assert bound["screen-2"] == {"description": "Describe Monitor 2"}
    # what is under the mouse is not told here
    assert set(bound) == set(LETTERS.values()) - {Action.MOUSE} | {Action.TOUR}
    assert [(one.what, one.text) for one in told] == [
        (What.UNGIVEN, ""),
        (What.NAMED, "CTRL+SHIFT+F12"),
        (What.READY, ""),
    ]
    portal.send(do="press", id="stop")
    assert listening.until(What.CHOSEN)[-1].action is Action.STOP
    portal.send(do="press", id="window")
    assert listening.until(What.CHOSEN)[-1].action is Action.WINDOW


def test_shortcuts_of_others_and_unknown_ones_are_not_ours(start_portal, listen):
    portal = start_portal("GlobalShortcuts")
    listening = listen()
    listening.until(What.READY)
    obey(portal, do="press", id="window", session="/org/freedesktop/portal/desktop/session/x/y")
    obey(portal, do="press", id="dance")
    obey(portal, do="press", id="help")
    assert [one.action for one in listening.until(What.CHOSEN)] == [Action.HELP]


def test_other_keys_are_another_session(start_portal, listen):
    portal = start_portal("GlobalShortcuts")
    listening = listen()
    listening.until(What.READY)
    portal.wait_event("bound")
    since = len(portal.events)
    listening.keys.rebind(read_bindings("", "ctrl+shift+pageup")[0])
    listening.until(What.READY)
    assert portal.wait_event("closed", since=since)["kind"] == "Session"
    bound = portal.wait_event("bound", since=since)["shortcuts"]
    assert bound["window"]["preferred_trigger"] == "CTRL+SHIFT+Page_Up"


def test_a_refusal_is_told(start_portal, listen):
    portal = start_portal("GlobalShortcuts")
    obey(portal, do="code", code=1)
    assert [one.what for one in listen().until(What.REFUSED)] == [What.UNGIVEN, What.REFUSED]


def test_after_a_refusal_no_key_is_told_and_other_keys_are_asked_for(start_portal, qtbot: QtBot):
    portal = start_portal("GlobalShortcuts")
    obey(portal, do="code", code=1)
    hotkeys = Hotkeys()
    told: list[str] = []
    hotkeys.failed.connect(told.append)
    with qtbot.waitSignal(hotkeys.ready, timeout=10_000):
        hotkeys.bind(LAYER, WINDOW)
    assert told == [say(strings.TRIGGER_REFUSED)]
    assert (hotkeys.layer, hotkeys.window, hotkeys.backend_name) == ("", "", "")
    with qtbot.waitSignal(hotkeys.ready, timeout=10_000):
        hotkeys.bind(LAYER, "ctrl+shift+pageup")
    assert hotkeys.window == "CTRL+SHIFT+Page_Up"
    hotkeys.stop()


def test_an_action_without_a_key_is_not_told_as_one(start_portal, listen):
    portal = start_portal("GlobalShortcuts")
    obey(portal, do="keyless")
    told = listen().until(What.READY)
    assert [one.what for one in told] == [What.UNGIVEN, What.UNGIVEN, What.READY]


def test_the_picture_of_the_screen_is_forgotten(start_portal, tmp_path):
    portal = start_portal("Screenshot")
    give(portal, tmp_path)
    capture = take(Origin.SCREEN)
    to_picture(capture)
    forget()
    give(portal, tmp_path, (40, 30))
    assert to_picture(capture).pixels.shape == (30, 40, 3)


def test_a_dialog_that_waits_is_told(start_portal, listen):
    portal = start_portal("GlobalShortcuts")
    obey(portal, do="hang", on="BindShortcuts")
    listening = listen()
    assert [one.what for one in listening.until(What.ASKING)] == [What.UNGIVEN, What.ASKING]
    obey(portal, do="go-on")
    assert listening.until(What.READY)[-1].what is What.READY


def test_the_end_does_not_wait_for_a_dialog(start_portal):
    portal = start_portal("GlobalShortcuts")
    obey(portal, do="hang", on="BindShortcuts")
    listening = Listening(read_bindings(LAYER, WINDOW)[0])
    portal.wait_event("bound")
    begun = time.monotonic()
    listening.keys.stop()
    assert time.monotonic() - begun < 1.0
    assert not listening.keys._thread.is_alive()


def test_without_such_a_portal_nothing_is_heard(start_portal, listen):
    start_portal("Screenshot")
    assert [one.what for one in listen().until(What.LOST)] == [What.LOST]


def test_a_bus_that_ends_is_told(start_portal, listen):
    with Portal() as portal, pytest.raises(PortalMissing):
        portal.call("NoSuchThing", "Do", "s", ("",))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ctrl+shift+f12", "CTRL+SHIFT+F12"),
        ("ctrl+alt+d", "CTRL+ALT+d"),
        ("super+shift+pagedown", "SHIFT+LOGO+Page_Down"),
        ("ctrl+shift+space", "CTRL+SHIFT+space"),
    ],
)
def test_a_combination_is_written_as_the_specification_says(text, written):
    combination = parse(text, "linux")
    assert combination is not None
    assert trigger_text(combination) == written


def test_the_program_knows_what_the_desktop_calls_its_key(start_portal, qtbot: QtBot):
    portal = start_portal("GlobalShortcuts")
    hotkeys = Hotkeys()
    chosen: list[Action] = []
    hotkeys.chosen.connect(chosen.append)
    with qtbot.waitSignal(hotkeys.ready, timeout=10_000):
        hotkeys.bind(LAYER, WINDOW)
    assert (hotkeys.layer, hotkeys.window) == ("", "CTRL+SHIFT+F12")
    assert hotkeys.backend_name == "portal"
    portal.send(do="press", id="repeat")
    qtbot.waitUntil(lambda: chosen == [Action.REPEAT], timeout=10_000)
    hotkeys.stop()


def test_self_test_names_the_portal(start_portal):
    start_portal("GlobalShortcuts")
    assert try_keys([LAYER, WINDOW]) == say(
        strings.TRIGGER_WORKS, backend="portal", keys="Control Shift F12"
    )


# --- the whole road ---


def test_a_shortcut_describes_the_screen_through_the_portal(
    desktop: Desktop, start_portal, tmp_path
) -> None:
    portal = start_portal("Screenshot", "GlobalShortcuts")
    give(portal, tmp_path)
    program = RunningProgram(desktop, env=WAYLAND)
    assert program.status()["keys"] == ["CTRL+SHIFT+F12"]
    portal.send(do="press", id="window")
    program.wait_described(say(strings.CAPTURE_NO_WINDOWS))
    portal.wait_event("screenshot")


def test_a_region_and_a_stop_end_what_is_theirs(desktop: Desktop, start_portal, tmp_path) -> None:
    """What is asked for in the main thread, while the worker is still busy or already waits."""
    portal = start_portal("Screenshot")
    program = RunningProgram(desktop, env=WAYLAND)
    obey(portal, do="hang", on="Screenshot")
    program.ask("window")
    assert is_waiting(program.status())
    program.ask("stop")  # the first description: the worker has not come to the picture yet
    assert portal.wait_event("closed")["kind"] == "Request"

    program.ask("choose-region")
    assert is_waiting(program.status())
    since = len(portal.events)
    assert program.ask("stop")["spoken"] == say(strings.CANCELLED)
    assert portal.wait_event("closed", since=since)["kind"] == "Request"
    program.wait_state("idle")

    give(portal, tmp_path)
    program.ask("window")
    wait_until(lambda: shots(portal) == 3, "the window's question", 10)
    obey(portal, do="next", code=1)
    program.ask("choose-region")
    wait_until(lambda: shots(portal) == 4, "the region's question", 10)
    obey(portal, do="go-on")
    program.wait_described(say(strings.CAPTURE_NO_WINDOWS))
    program.wait_notified(say(strings.SCREEN_REFUSED))
    program.wait_state("idle")


def is_waiting(status: dict[str, Any]) -> bool:
    """Whether it says that the desktop is waited for."""
    return (status["state"], status["spoken"]) == ("waiting", say(strings.SCREEN_WAITS))


def shots(portal: Child) -> int:
    """How often it was asked for a picture."""
    return len([event for event in portal.events if event["event"] == "screenshot"])
