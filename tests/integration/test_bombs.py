"""Files that claim to be huge, or would take for ever, cost little and end with a clear reason."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from imagecraft_desktop.capture.decode import to_picture
from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.values import Capture, Origin
from tests.integration.bombs import BOMBS

ROOT = Path(__file__).resolve().parents[2]
LIMIT_MB = 2500
"""Address space of the child; what is over it raises MemoryError there instead of hurting others."""
MOST_GROWTH_MB = 600
MOST_SECONDS = 20.0


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
        timeout=90,
        check=False,
    )
    assert child.returncode == 0, child.stderr.decode()[-2000:]
    outcome, seconds, growth_mb, _ = json.loads(child.stdout)
    assert outcome
    assert seconds < MOST_SECONDS
    assert growth_mb < MOST_GROWTH_MB


def test_drawing_that_takes_for_ever_is_cancelled_at_once_and_leaves_no_process():
    begun = time.monotonic()

    def tick():
        if time.monotonic() - begun > 0.6:
            raise Cancelled

    capture = Capture(Origin.FILE, "it", BOMBS["svg-doubling"]())
    with pytest.raises(Cancelled):
        to_picture(capture, tick)
    assert time.monotonic() - begun < 1.0
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
