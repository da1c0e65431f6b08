"""`python -m tests` says of each check how it went, and fails when one does."""

from __future__ import annotations

import pytest
from _pytest.mark.expression import Expression

from tests import __main__ as tests_command

GOOD, BAD = ["json.tool", "--help"], ["json.tool", "--no-such-option"]


def _run(monkeypatch: pytest.MonkeyPatch, lint: list[str], pytest_status: int) -> int:
    monkeypatch.setattr(tests_command, "CHECKS", {"format": GOOD, "lint": lint})
    monkeypatch.setattr(tests_command.subprocess, "call", lambda *_, **__: pytest_status)
    return tests_command.main([])


@pytest.mark.parametrize(
    ("lint", "pytest_status", "status"), [(GOOD, 0, 0), (BAD, 0, 1), (GOOD, 1, 1), (BAD, 2, 2)]
)
def test_status_is_zero_only_when_all_passed(
    monkeypatch: pytest.MonkeyPatch, lint: list[str], pytest_status: int, status: int
) -> None:
    assert _run(monkeypatch, lint, pytest_status) == status


@pytest.mark.parametrize("is_desktop", [True, False])
@pytest.mark.parametrize("is_alone", [True, False])
def test_every_test_is_in_one_part_and_what_is_alone_beside_no_other(
    is_desktop: bool, is_alone: bool
) -> None:
    marks = {"desktop": is_desktop, "alone": is_alone}
    parts = [
        part
        for part in tests_command.PARTS
        if Expression.compile(part[1]).evaluate(marks.__getitem__)
    ]
    assert len(parts) == 1
    assert ("-n" in parts[0]) is not is_alone


def test_each_check_has_a_line_and_a_failed_one_its_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(monkeypatch, BAD, 0)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Check format: passed in ")
    assert lines[-1].startswith("Check lint: failed in ")
    assert any("--no-such-option" in line for line in lines)
