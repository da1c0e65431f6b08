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
    checked = [] if arguments else [passes(*check) for check in CHECKS.items()]
    # pytest comes last, so that its summary is the last line
    status = subprocess.call([sys.executable, "-m", "pytest", "-q", *arguments], cwd=ROOT)
    return status or int(not all(checked))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
