"""The screen through a screen cast, where the desktop asks for each picture: the portal is one of the tests'
own, on a real bus; PipeWire, and what is read from it, is real."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.capture import asking, portal, screencast
from imagecraft_desktop.capture.asking import Memory, remembered
from imagecraft_desktop.capture.base import take
from imagecraft_desktop.capture.decode import to_picture
from imagecraft_desktop.errors import Cancelled, ScreenNotAllowed
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.portal import Portal
from imagecraft_desktop.values import Origin, Picture, Shot
from tests.desktop import Desktop
from tests.desktop.processes import Child, wait_until
from tests.integration.test_portal import WAYLAND, give, obey

pytestmark = pytest.mark.desktop

RED, GREEN = (255, 0, 0), (0, 255, 0)


@pytest.fixture
def pipewire(inside_desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PipeWire of its own; the folder of its socket."""
    folder = Path(inside_desktop.env["XDG_RUNTIME_DIR"])
    monkeypatch.setenv("PIPEWIRE_RUNTIME_DIR", str(folder))
    return folder


@pytest.fixture
def cast(
    inside_desktop: Desktop, pipewire: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Child:
    """A portal with screen casts, on a desktop that comes with a dialog for each screenshot."""
    for name, value in WAYLAND.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(asking, "_DIALOG_S", 0.0)
    command = [sys.executable, "-m", "tests.desktop.portal", "Screenshot", "ScreenCast"]
    env = inside_desktop.env | {"PIPEWIRE_RUNTIME_DIR": str(pipewire)}
    started = inside_desktop.spawn(command, env=env, name="portal")
    started.wait_event("ready")
    give(started, tmp_path)
    return started


Show = Callable[..., int]


@pytest.fixture
def show(inside_desktop: Desktop, pipewire: Path) -> Show:
    """Puts a screen of one colour into PipeWire; the number of its node."""
    env = inside_desktop.env | {"PIPEWIRE_RUNTIME_DIR": str(pipewire)}
    inside_desktop.spawn(["pipewire"], env=env)
    wait_until((pipewire / "pipewire-0").exists, "PipeWire", 10)
    inside_desktop.spawn(["wireplumber"], env=env)

    def nodes() -> list[dict[str, Any]]:
        told = subprocess.run(["pw-dump"], env=env, capture_output=True, timeout=10, check=True)
        return [one for one in json.loads(told.stdout or b"[]") if one["type"].endswith(":Node")]

    def start(pattern: str, width: int, height: int) -> int:
        before = {one["id"] for one in nodes()}
        caps = f"video/x-raw,format=BGRx,width={width},height={height},framerate=10/1"
        source = ["videotestsrc", "is-live=true", f"pattern={pattern}", "!", caps]
        command = ["gst-launch-1.0", "-q", *source, "!", "pipewiresink", "mode=provide"]
        inside_desktop.spawn(command, env=env, name=f"screen-{pattern}")

        def new() -> int | None:
            return next((one["id"] for one in nodes() if one["id"] not in before), None)

        return int(wait_until(new, "the screen", 20, step_s=0.1))

    return start


def picture() -> Picture:
    return to_picture(take(Origin.SCREEN))


def events(child: Child, name: str) -> list[dict[str, Any]]:
    return [event for event in child.events if event["event"] == name]


def colours(found: Picture, *columns: int) -> list[tuple[int, ...]]:
    return [tuple(found.pixels[5, column].tolist()) for column in columns]


def test_two_dialogs_lead_to_a_cast_that_is_allowed_once(cast: Child, show: Show, tmp_path) -> None:
    red, green = show("red", 320, 200), show("green", 160, 100)
    streams = [[red, [0, 0, 320, 200]], [green, [320, 0, 160, 100]]]
    assert picture().notes == ()
    give(cast, tmp_path)
    assert picture().notes == (say(strings.SCREEN_CAST_NEXT),)

    obey(cast, do="cast", code=0, streams=streams, token="first")
    found = picture()
    assert found.pixels.shape == (200, 480, 3)
    assert colours(found, 10, 310, 330, 470) == [RED, RED, GREEN, GREEN]
    assert found.notes == ()
    wanted = {"types": 1, "multiple": True, "persist_mode": 2}
    assert events(cast, "selected")[-1]["options"].items() >= wanted.items()
    assert "restore_token" not in events(cast, "selected")[-1]["options"]
    assert cast.wait_event("closed")["kind"] == "Session"

    obey(cast, do="cast", code=0, streams=streams[:1], token="second")
    assert picture().pixels.shape == (200, 320, 3)
    assert events(cast, "selected")[-1]["options"]["restore_token"] == "first"
    assert remembered().token == "second"
    assert asking._file().stat().st_mode & 0o777 == 0o600
    assert len(events(cast, "screenshot")) == 2


def test_pixels_of_screens_with_more_of_them_are_kept(cast: Child, show: Show) -> None:
    asking.remember(Memory(token="t"), Memory())
    red, green = show("red", 320, 200), show("green", 160, 100)
    streams = [[red, [0, 0, 160, 100]], [green, [-160, 0, 160, 100]]]
    obey(cast, do="cast", code=0, streams=streams, token="t")
    found = picture()
    assert found.pixels.shape == (200, 640, 3)
    assert colours(found, 5, 310, 330) == [GREEN, GREEN, RED]


def test_a_refusal_is_told_once_and_pictures_are_asked_for_again(cast: Child) -> None:
    asking.remember(Memory(dialogs=2), Memory())
    obey(cast, do="cast", code=1)
    with pytest.raises(ScreenNotAllowed) as error:
        picture()
    assert say(strings.SCREEN_CAST_REFUSED) in error.value.spoken
    assert picture().pixels.shape == (300, 400, 3)
    assert remembered().is_cast_refused
    assert len(events(cast, "started")) == 1


def test_a_cast_without_a_picture_is_a_screenshot(
    cast: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No PipeWire runs, and the token is worth nothing any more."""
    monkeypatch.setattr(asking, "_DIALOG_S", 5.0)
    asking.remember(Memory(token="old"), Memory())
    obey(cast, do="cast", code=0, streams=[[42, [0, 0, 320, 200]]], token="t")
    assert picture().pixels.shape == (300, 400, 3)
    assert remembered() == Memory()


def test_a_cast_that_comes_to_nothing_is_told_and_not_promised_again(
    cast: Child, tmp_path: Path
) -> None:
    """No PipeWire runs, and there never was a token."""
    asking.remember(Memory(dialogs=2), Memory())
    obey(cast, do="cast", code=0, streams=[[42, [0, 0, 320, 200]]], token="t")
    assert picture().notes == (say(strings.SCREEN_CAST_FAILED),)
    for _ in range(3):
        give(cast, tmp_path)
        assert picture().notes == ()
    assert len(events(cast, "started")) == 1


def test_a_cast_that_would_not_be_remembered_is_not_promised(cast: Child, tmp_path: Path) -> None:
    obey(cast, do="version", number=3)
    for _ in range(3):
        give(cast, tmp_path)
        assert picture().notes == ()
    assert not events(cast, "session")


def test_a_stream_that_never_comes_is_not_waited_for(
    cast: Child, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screencast, "_PICTURE_S", 1.0)
    show("red", 32, 20)
    asking.remember(Memory(token="old"), Memory())
    obey(cast, do="cast", code=0, streams=[[9999, [0, 0, 320, 200]]], token="t")
    assert picture().pixels.shape == (300, 400, 3)


def test_a_cancel_closes_the_dialog_of_a_cast(cast: Child) -> None:
    asking.remember(Memory(dialogs=2), Memory())
    obey(cast, do="cast", code=0, streams=[], token="t")
    obey(cast, do="hang", on="Start")

    def tick() -> None:
        if events(cast, "started"):
            raise Cancelled

    capture = take(Origin.SCREEN)
    with pytest.raises(Cancelled):
        to_picture(capture, tick)
    assert isinstance(capture.content, Shot)
    portal.give_up(capture.content)
    assert cast.wait_event("closed")["kind"] == "Request"


def test_a_refusal_without_a_dialog_leads_to_a_cast(
    cast: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_DIALOG_S", 5.0)
    obey(cast, do="next", code=1)
    with pytest.raises(ScreenNotAllowed):
        picture()
    assert remembered().is_cast_better


@pytest.mark.parametrize(
    ("version", "message"),
    [(4, strings.SCREEN_REFUSED_SHARE), (3, strings.SCREEN_REFUSED_KEPT)],
    ids=["offered", "not-offered"],
)
def test_sharing_is_promised_after_a_kept_no_where_it_is_offered(
    cast: Child, monkeypatch: pytest.MonkeyPatch, version: int, message: str
) -> None:
    """The store of permissions is a stand-in; the real one is in tests/e2e/test_wayland.py."""
    monkeypatch.setattr(Portal, "is_refused", lambda self, permission: True)
    obey(cast, do="version", number=version)
    obey(cast, do="next", code=2)
    with pytest.raises(ScreenNotAllowed) as error:
        picture()
    assert say(message) in error.value.spoken


def test_a_desktop_that_never_asks_is_not_asked_for_a_cast(
    cast: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWAYSOCK", "/nowhere")
    asking.remember(Memory(dialogs=2), Memory())
    assert picture().pixels.shape == (300, 400, 3)
    assert not events(cast, "started")


def test_everything_is_forgotten_with_the_history(inside_desktop: Desktop) -> None:
    asking.remember(Memory(dialogs=2, token="t", is_cast_refused=True), Memory())
    done = inside_desktop.run(inside_desktop.command("history", "forget", "--all"))
    assert done.returncode == 0, done.stderr
    assert remembered() == Memory()


def test_the_desktop_asks_again_and_the_history_stays(
    inside_desktop: Desktop, capsys: pytest.CaptureFixture[str]
) -> None:
    from imagecraft_desktop.cli.main import main

    asking.remember(Memory(dialogs=2, is_cast_refused=True), Memory())
    assert main(["settings", "ask-again"]) == 0
    assert capsys.readouterr().out == say(strings.SETTINGS_ASK_AGAIN_DONE) + "\n"
    assert remembered() == Memory()


@pytest.mark.parametrize("text", ["", "[]", '{"dialogs": "x", "token": 3}'], ids=["0", "1", "2"])
def test_a_damaged_memory_is_none(inside_desktop: Desktop, text: str) -> None:
    asking._file().parent.mkdir(parents=True, exist_ok=True)
    asking._file().write_text(text)
    assert remembered() == Memory()


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Any:
    yield
    portal.forget()
