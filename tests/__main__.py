"""`python -m tests [pytest arguments]`: format, lint, types, tests; one line says how each went.

With arguments only pytest runs, for a look at a few tests.

Tests that failed beside others are tried once more, by themselves: on a busy machine a sound, a key press or a window can be
late. One that passes then is named as unsteady and does not hold up a change, but is to be mended. One that fails again fails,
and a process that ended is never tried again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests import failed

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [sys.executable, "-m", "pytest", "-q"]
MOST_AGAIN = 5  # more are no chance
CHECKS = {
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "lint": ["ruff", "check", "--quiet", "."],
    "types": ["mypy"],
}


def files_with(mark: str) -> list[str]:
    """Test files with this mark somewhere: that is sooner known than pytest has imported all others."""
    found = [one for one in TESTS if f"mark.{mark}" in one.read_text("utf-8")]
    return [str(one.relative_to(ROOT)) for one in sorted(found)]


TESTS = list((ROOT / "tests").rglob("test_*.py"))
# Each worker has a desktop of its own; the tests of a file share a program, so they go to one worker.
# What measures time, memory or every sample of a sound has the machine to itself.
PARTS = (
    ["-m", "not desktop and not alone", "-n", "2", "--dist", "worksteal"],
    ["-m", "desktop and not alone", "-n", "2", "--dist", "loadfile", *files_with("desktop")],
    ["-m", "alone", "--durations", "10", *files_with("alone")],
)


def passes(name: str, command: list[str]) -> bool:
    """Run one check; its output is shown only when it fails."""
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - start
    if done.returncode:
        print(done.stdout, end="")
    verdict = "failed" if done.returncode else "passed"
    print(f"Check {name}: {verdict} in {seconds:.1f} seconds", flush=True)
    return done.returncode == 0


def status_of(part: list[str]) -> int:
    """What pytest says of one part, 0 when all passed, after a second look at what failed."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "failed.json")
        status = subprocess.call(
            [*PYTEST, "-p", failed.__name__, *part],
            cwd=ROOT,
            env={**os.environ, failed.FILE: str(file)},
        )
        if status != pytest.ExitCode.TESTS_FAILED or not file.exists():
            return status
        found = json.loads(file.read_text("utf-8"))
    names: list[str] = found["failed"]
    if found["crashed"] or len(names) > MOST_AGAIN:
        return status
    print(f"Again, by themselves: {len(names)} failed.", flush=True)
    again = subprocess.call([*PYTEST, *names], cwd=ROOT)
    if again == pytest.ExitCode.OK:
        for name in names:
            print(f"Unsteady, to be mended: {name}", flush=True)
    return again


def main(arguments: list[str]) -> int:
    if arguments:
        return subprocess.call([*PYTEST, *arguments], cwd=ROOT)
    checked = [passes(*check) for check in CHECKS.items()]
    # pytest comes last, so that its summary is the last line
    statuses = [status_of(part) for part in PARTS]
    return next(filter(None, statuses), int(not all(checked)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
