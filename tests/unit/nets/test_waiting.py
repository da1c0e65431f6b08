"""PyTorch's threads let go of a core soon while they wait for each other; told by the library that they are of."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="others have another library")


def turns(**more: str) -> int:
    """How many a thread waits, in a process that has imported a network."""
    env = {name: value for name, value in os.environ.items() if name != "GOMP_SPINCOUNT"}
    done = subprocess.run(
        [sys.executable, "-c", "import imagecraft_desktop.nets.packed"],
        env=env | {"OMP_DISPLAY_ENV": "verbose"} | more,
        stderr=subprocess.PIPE,
        text=True,
        timeout=100,
        check=True,
    )
    (found,) = re.findall(r"GOMP_SPINCOUNT = '(\d+)'", done.stderr)
    return int(found)


def test_they_wait_for_about_a_millisecond_at_most() -> None:
    assert turns() == 10_000


def test_who_has_chosen_another_number_keeps_it() -> None:
    assert turns(GOMP_SPINCOUNT="77") == 77
