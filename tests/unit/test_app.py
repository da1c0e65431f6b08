"""The start of the tray program, where another one already runs."""

from __future__ import annotations

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
