"""The start of the tray program, where another one already runs."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from imagecraft_desktop import app, program, strings
from imagecraft_desktop.errors import EXIT_DONE, NoAnswer, NotRunning
from imagecraft_desktop.strings import say
from imagecraft_desktop.trigger.actions import Action


def test_one_that_starts_at_the_same_moment_and_does_not_answer_yet_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ask(_: Action) -> dict[str, Any]:
        raise NotRunning("not yet")

    late = SimpleNamespace(start=lambda: False, end=lambda: None)
    monkeypatch.setattr(app.client, "send", ask)
    monkeypatch.setattr(app, "_make_application", lambda: None)
    monkeypatch.setattr(program, "Program", lambda _: late)
    assert app.main() == EXIT_DONE
    assert capsys.readouterr().out.strip() == say(strings.APP_ALREADY)


def test_one_that_runs_and_does_not_answer_is_not_started_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def ask(_: Action) -> dict[str, Any]:
        raise NoAnswer("busy")

    monkeypatch.setattr(app.client, "send", ask)
    with pytest.raises(NoAnswer):
        app.main()


_MOVING = """
from PySide6 import QtWidgets
from PySide6.QtCore import Qt

class OnAMovingDesktop(QtWidgets.QApplication):
    def __init__(self, words):
        super().__init__(words)
        for effect in Qt.UIEffect:
            self.setEffectEnabled(effect, True)
        print(any(map(self.isEffectEnabled, Qt.UIEffect)))

QtWidgets.QApplication = OnAMovingDesktop
from imagecraft_desktop.app import _make_application
made = _make_application()
print(any(map(made.isEffectEnabled, Qt.UIEffect)))
"""
"""No desktop for Linux asks Qt for these effects; Windows and macOS may."""


def test_menus_lists_and_tips_do_not_move_where_the_desktop_lets_them() -> None:
    """For those whom motion makes ill. In a process of its own, which has its own application."""
    run = [sys.executable, "-c", _MOVING]
    done = subprocess.run(run, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["True", "False"]
