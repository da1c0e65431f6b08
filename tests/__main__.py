"""`python -m tests [pytest arguments]`: format, lint, types, tests; one line says how each went.

With arguments only pytest runs, for a look at a few tests.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
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


def main(arguments: list[str]) -> int:
    pytest = [sys.executable, "-m", "pytest", "-q"]
    if arguments:
        return subprocess.call([*pytest, *arguments], cwd=ROOT)
    checked = [passes(*check) for check in CHECKS.items()]
    # pytest comes last, so that its summary is the last line
    statuses = [subprocess.call([*pytest, *part], cwd=ROOT) for part in PARTS]
    return next(filter(None, statuses), int(not all(checked)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
