"""A child process does not outlive the program, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desktop.processes import wait_until

CHILD = """
import json, os, time
from imagecraft_desktop.system import child
if {is_bound}:
    child.end_with_parent()
print(json.dumps({{"pid": os.getpid()}}), flush=True)
time.sleep(60)
"""
PARENT = """
import os, sys, threading, time
from imagecraft_desktop.system import child

def work():
    for answer in child.answers("sleeper", timeout_s=60, tick=lambda: None):
        print(answer["pid"], flush=True)

threading.Thread(target=work, daemon=True).start()
sys.stdin.readline()
{end}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    return tmp_path


def is_there(pid: int) -> bool:
    """Running, and no mere entry in the table of processes."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at through /proc")
@pytest.mark.parametrize(
    ("end", "is_bound"),
    [
        ("", False),
        ("child.end_all(); os._exit(0)", False),
        (f"os.kill(os.getpid(), {int(signal.SIGKILL)}); time.sleep(60)", True),
    ],
    ids=["ends by itself", "leaves at once", "is killed"],
)
def test_a_child_ends_with_the_program(folder: Path, end: str, is_bound: bool) -> None:
    (folder / "sleeper.py").write_text(CHILD.format(is_bound=is_bound))
    with subprocess.Popen(
        [sys.executable, "-c", PARENT.format(end=end)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_there(pid)
        parent.stdin.write("\n")
        parent.stdin.close()
        parent.wait(20)
    wait_until(lambda: not is_there(pid), "the child to end", 10)


@pytest.mark.skipif(sys.platform != "linux", reason="only there a child can be bound to its parent")
def test_a_child_whose_parent_is_gone_before_it_begins_ends_at_once() -> None:
    work = "from imagecraft_desktop.system import child; child.end_with_parent(); print('goes on')"
    env = os.environ | {"IMAGECRAFT_PARENT": "1"}
    done = subprocess.run(
        [sys.executable, "-c", work], env=env, stdout=subprocess.PIPE, check=False
    )
    assert done.stdout == b""
