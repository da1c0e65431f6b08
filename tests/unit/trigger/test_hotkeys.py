"""Which keys the settings mean, and the sentence for each that cannot be heard."""

from __future__ import annotations

import os
import queue
import subprocess
import sys

import pytest
from pytestqt.qtbot import QtBot

from imagecraft_desktop import strings
from imagecraft_desktop.errors import HotkeysImpossible
from imagecraft_desktop.strings import say
from imagecraft_desktop.trigger import hotkeys as module
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.trigger.base import Bindings, Heard, Report, What
from imagecraft_desktop.trigger.hotkeys import Hotkeys, problem, read_bindings, try_keys
from imagecraft_desktop.trigger.keys import SPARE, Combination, parse

LAYER, WINDOW = "ctrl+shift+f11", "ctrl+shift+f12"


def combination(text: str) -> Combination:
    parsed = parse(text, "linux")
    assert parsed is not None
    return parsed


def test_both_keys_are_read() -> None:
    bindings, problems = read_bindings(LAYER, WINDOW)
    assert problems == []
    assert bindings.layer == combination(LAYER)
    assert bindings.direct == {combination(WINDOW): Action.WINDOW}
    assert bindings.combinations == (combination(LAYER), combination(WINDOW))


def test_a_key_that_is_not_allowed_is_told_and_the_other_kept() -> None:
    bindings, problems = read_bindings("ctrl+c", WINDOW)
    assert bindings.layer is None
    assert len(bindings.direct) == len(problems) == 1
    assert "Control C" in problems[0]


def test_the_same_key_twice_opens_the_layer() -> None:
    bindings, _ = read_bindings(LAYER, LAYER)
    assert (bindings.layer, dict(bindings.direct)) == (combination(LAYER), {})


def test_no_keys_at_all_is_a_choice() -> None:
    assert read_bindings("", "") == (Bindings(), [])


@pytest.mark.parametrize(
    ("what", "spare", "part"),
    [
        (What.TAKEN, SPARE[0], "settings set window_key ctrl+shift+f9"),
        (What.TAKEN, None, "or the command imagecraft-desktop settings set window_key"),
        (What.ABSENT, None, "is not on this keyboard"),
    ],
)
def test_a_key_that_cannot_be_had_is_told_with_the_next_step(
    what: What, spare: Combination | None, part: str
) -> None:
    bindings, _ = read_bindings(LAYER, WINDOW)
    sentence = problem(Heard(what, combination=combination(WINDOW), spare=spare), bindings)
    assert sentence is not None
    assert sentence.startswith("Control Shift F12")
    assert part in sentence


@pytest.mark.parametrize("what", [What.READY, What.OPENED, What.LAPSED, What.UNKNOWN])
def test_what_is_no_problem_has_no_sentence(what: What) -> None:
    assert problem(Heard(what), Bindings()) is None


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"WAYLAND_DISPLAY": "wayland-0"}, strings.TRIGGER_WAYLAND),
        ({}, strings.TRIGGER_NO_DISPLAY),
    ],
)
def test_where_no_key_can_be_heard_the_way_out_is_told(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], sentence: str
) -> None:
    monkeypatch.setattr("imagecraft_desktop.system.desktop.sys.platform", "linux")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    hotkeys = Hotkeys()
    told: list[str] = []
    hotkeys.impossible.connect(told.append)
    with qtbot.waitSignal(hotkeys.ready):
        hotkeys.bind(LAYER, WINDOW)
    assert told == [say(sentence)]
    assert (hotkeys.layer, hotkeys.window, hotkeys.backend_name) == ("", "", "")
    hotkeys.stop()
    with pytest.raises(HotkeysImpossible) as impossible:
        try_keys([LAYER, WINDOW])
    assert impossible.value.spoken == say(sentence)


class FakeBackend:
    """Reports what it was made for as soon as it starts."""

    def __init__(self, name: str, what: What, made: list[FakeBackend]) -> None:
        self.name = name
        self._what = what
        self._made = made
        self.is_stopped = False

    def __call__(self, bindings: Bindings, report: Report) -> FakeBackend:
        self.bindings, self.report = bindings, report
        self._made.append(self)
        return self

    def start(self) -> None:
        self.report(Heard(self._what))

    def rebind(self, bindings: Bindings) -> None:
        self.bindings = bindings

    def stop(self) -> None:
        self.is_stopped = True


@pytest.mark.parametrize(
    ("second", "told", "name"),
    [(What.READY, [], "second"), (What.LOST, [say(strings.TRIGGER_FAILED)], "")],
)
def test_where_the_first_way_hears_nothing_the_second_is_tried_once(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, second: What, told: list[str], name: str
) -> None:
    made: list[FakeBackend] = []
    ways = [FakeBackend("first", What.LOST, made), FakeBackend("second", second, made)]
    monkeypatch.setattr(module, "_backends", lambda: iter(ways))
    hotkeys = Hotkeys()
    failures: list[str] = []
    hotkeys.failed.connect(failures.append)
    hotkeys.bind(LAYER, WINDOW)
    assert made == ways
    assert ways[0].is_stopped
    assert ways[1].bindings == read_bindings(LAYER, WINDOW)[0]
    assert (failures, hotkeys.backend_name) == (told, name)
    assert (hotkeys.window != "") == (name != "")
    hotkeys.stop()
    if second is What.READY:
        assert "second" in try_keys([LAYER, WINDOW])
    else:
        with pytest.raises(HotkeysImpossible):
            try_keys([LAYER, WINDOW])


@pytest.mark.skipif(sys.platform != "linux", reason="X11 is a Linux matter")
def test_a_lost_x_server_leaves_no_file_open(monkeypatch: pytest.MonkeyPatch) -> None:
    from imagecraft_desktop.trigger import x11

    def fail() -> None:
        raise x11.error.DisplayConnectionError(":9", "gone")

    monkeypatch.setattr(x11.display, "Display", fail)
    before = len(os.listdir("/proc/self/fd"))
    told: queue.SimpleQueue[Heard] = queue.SimpleQueue()
    backend = x11.GrabbedKeys(Bindings(), told.put)
    backend.stop()
    backend.start()
    assert told.get(timeout=20).what is What.LOST
    backend.rebind(Bindings())
    backend.stop()
    backend.stop()
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.skipif(sys.platform != "linux", reason="X11 is a Linux matter")
def test_an_x_server_that_is_not_there_is_told() -> None:
    # in a process of its own, for python-xlib leaves the sockets open that lead nowhere
    code = (
        "from imagecraft_desktop.errors import HotkeysImpossible\n"
        "from imagecraft_desktop.trigger.hotkeys import try_keys\n"
        f"try: try_keys([{LAYER!r}, {WINDOW!r}])\n"
        "except HotkeysImpossible as error: print(error.spoken)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "DISPLAY": ":987"},
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert done.stdout.strip() == say(strings.TRIGGER_FAILED)


def test_while_keys_are_tried_a_letter_of_the_layer_is_not_the_window_key(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = [FakeBackend("first", What.READY, [])]
    monkeypatch.setattr(module, "_backends", lambda: iter(ways))
    hotkeys = Hotkeys()
    hotkeys.bind(LAYER, WINDOW)
    tried: list[str] = []
    hotkeys.tried.connect(tried.append)
    hotkeys.only_try(True)
    window = Heard(What.CHOSEN, Action.WINDOW)
    for heard in (Heard(What.OPENED), window, window, Heard(What.OPENED), Heard(What.LAPSED)):
        hotkeys._take(heard)
    assert tried == [hotkeys.layer, hotkeys.window, hotkeys.layer]
    hotkeys.only_try(False)
    hotkeys.stop()
