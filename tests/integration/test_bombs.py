"""Files that claim to be huge, or would take for ever, cost little and end with a clear reason."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.bombs import BOMBS

ROOT = Path(__file__).resolve().parents[2]
LIMIT_MB = 2500
"""Address space of the child; what is over it raises MemoryError there instead of hurting others."""
MOST_GROWTH_MB = 600
MOST_SECONDS = 90
"""Each takes a few seconds at most; what was never refused would take minutes to years."""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="memory is limited and measured as on POSIX")
@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_described_or_refused_within_bounds(name):
    kind = name.split("-")[0]
    child = subprocess.run(
        [sys.executable, "-m", "tests.integration.bombs", kind, str(LIMIT_MB)],
        input=BOMBS[name](),
        capture_output=True,
        cwd=ROOT,
        timeout=MOST_SECONDS,
        check=False,
    )
    assert child.returncode == 0, child.stderr.decode()[-2000:]
    outcome, growth_mb = json.loads(child.stdout)
    assert outcome
    assert growth_mb < MOST_GROWTH_MB


_CANCELLED_AT_THE_TENTH_LOOK = """
import os
from imagecraft_desktop.capture.decode import to_picture
from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.values import Capture, Origin
from tests.integration.bombs import BOMBS

looks = []

def tick():
    looks.append(1)
    if len(looks) == 10:
        raise Cancelled

try:
    to_picture(Capture(Origin.FILE, "it", BOMBS["svg-doubling"]()), tick)
except Cancelled:
    print(f"cancelled at look {len(looks)}")
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("no process is left")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="asks for children as on POSIX")
def test_drawing_that_takes_for_ever_is_cancelled_and_leaves_no_process():
    # it would be refused as too slow if nobody asked; `bench` measures how soon a stop is obeyed.
    # A process of its own: the test run has children that other tests still need
    child = subprocess.run(
        [sys.executable, "-c", _CANCELLED_AT_THE_TENTH_LOOK],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=MOST_SECONDS,
        check=False,
    )
    assert child.stdout == "cancelled at look 10\nno process is left\n", child.stderr
