"""`python -m tests` says of each check how it went, and fails when one does."""

from __future__ import annotations

from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

from tests import __main__ as tests_command

ROOT = tests_command.ROOT
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


UNSTEADY = """
import os, pathlib

def test_unsteady():
    been = pathlib.Path(__file__).with_name("been")
    was_there = been.exists()
    been.touch()
    assert was_there

def test_steady():
    pass
"""
BROKEN = "def test_broken():\n    assert False\n"
ENDED = "import os\n\ndef test_ended():\n    os._exit(3)\n"
# a worker that ended and would pass a second time
ENDED_ONCE = UNSTEADY.replace("assert was_there", "was_there or os._exit(3)")


@pytest.mark.parametrize(
    ("text", "options", "status", "told"),
    [
        (UNSTEADY, [], 0, "Unsteady, to be mended: test_it.py::test_unsteady"),
        (UNSTEADY, ["-n", "2"], 0, "Unsteady, to be mended: test_it.py::test_unsteady"),
        (UNSTEADY + BROKEN, ["-n", "2"], 1, "Again, by themselves: 2 failed."),
        (UNSTEADY + ENDED, ["-n", "2"], 1, "crashed"),
        (ENDED_ONCE, ["-n", "2"], 1, "crashed"),
        (UNSTEADY.replace("pass", "import nothing_of_this_name"), [], 1, "1 passed"),
        ("import nothing_of_this_name", [], 2, "1 error"),
    ],
)
def test_what_failed_once_is_tried_again_by_itself_and_a_crash_never_is(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    text: str,
    options: list[str],
    status: int,
    told: str,
) -> None:
    Path(tmp_path, "test_it.py").write_text(text, "utf-8")
    monkeypatch.setattr(tests_command, "ROOT", tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    assert tests_command.status_of([*options, "test_it.py"]) == status
    out = capfd.readouterr().out
    assert told in out
    assert ("Unsteady" in out) == (status == 0)


def test_a_whole_suite_that_fails_is_not_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    cases = "\n".join(f"def test_{n}():\n    assert False" for n in range(6))
    Path(tmp_path, "test_it.py").write_text(cases, "utf-8")
    monkeypatch.setattr(tests_command, "ROOT", tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    assert tests_command.status_of(["test_it.py"]) == 1
    assert "Again" not in capfd.readouterr().out
