"""When the tray is told that the program does something else."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from imagecraft_desktop.ui import state as module
from imagecraft_desktop.ui.state import State, StateWatch


class Status:
    """What a program does, and what was told of it."""

    def __init__(self) -> None:
        self.now = ("idle", "Ready.")
        self.looks = 0
        self.told: list[tuple[State, str]] = []
        self.is_sounding = False
        self.watch = StateWatch(self._look, lambda: self.is_sounding)
        self.watch.changed.connect(lambda *change: self.told.append(change))

    def _look(self) -> tuple[str, str]:
        self.looks += 1
        return self.now

    def see(self, word: str, sentence: str = "") -> State:
        """What is told once the program does this."""
        self.now = word, sentence
        self.watch._look()
        return self.told[-1][0]


@pytest.fixture
def status(qtbot: QtBot) -> Status:
    return Status()


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("waiting", State.WORKING),
        ("describing", State.WORKING),
        ("working", State.WORKING),
        ("speaking", State.SPEAKING),
        ("paused", State.PAUSED),
        ("idle", State.IDLE),
    ],
)
def test_each_word_of_the_status_has_its_state(status: Status, word: str, state: State) -> None:
    assert status.see(word) is state


def test_a_problem_is_seen_once_nothing_is_done_until_it_is_over(status: Status) -> None:
    status.watch.note_problem("The file is damaged.")
    assert status.see("speaking") is State.SPEAKING
    assert status.see("paused") is State.PAUSED
    assert status.see("idle", "Problem: The file is damaged.") is State.PROBLEM
    status.watch.end_problem()
    assert status.see("idle") is State.IDLE


def test_only_changes_are_told(status: Status) -> None:
    for sentence in ("Describing A.", "Describing A.", "Describing B."):
        status.see("describing", sentence)
    assert status.told == [(State.WORKING, "Describing A."), (State.WORKING, "Describing B.")]


def test_many_hints_are_one_look(status: Status, qtbot: QtBot) -> None:
    for _ in range(20):
        status.watch.look_soon()
    qtbot.waitUntil(lambda: status.told == [(State.IDLE, "Ready.")])
    assert status.looks == 1
    assert not status.watch._timer.isActive()


def test_it_looks_by_itself_only_at_what_ends_by_itself(status: Status, qtbot: QtBot) -> None:
    status.see("speaking", "Speaking.")
    status.now = ("idle", "Ready.")
    qtbot.waitUntil(lambda: status.told[-1] == (State.IDLE, "Ready."))
    for word in ("paused", "idle"):
        status.see(word)
        assert not status.watch._timer.isActive()


def test_the_moment_before_the_first_word_is_not_idle(status: Status, qtbot: QtBot) -> None:
    status.see("describing", "Describing A.")
    status.is_sounding = True
    status.now = ("idle", "Ready.")
    looks = status.looks
    qtbot.waitUntil(lambda: status.looks > looks)
    status.see("speaking", "Speaking.")
    assert [state for state, _ in status.told] == [State.WORKING, State.SPEAKING]


def test_a_hint_comes_before_the_next_look(status: Status) -> None:
    status.see("speaking")
    assert status.watch._timer.interval() > module._SOON_MS
    status.watch.look_soon()
    assert status.watch._timer.interval() == module._SOON_MS


def test_a_defect_in_the_status_ends_the_looking_and_nothing_else(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> tuple[str, str]:
        raise RuntimeError

    watch = StateWatch(fail, lambda: True)
    watch._look()
    assert "the state is not known" in caplog.text
    assert not watch._timer.isActive()
    caplog.clear()
