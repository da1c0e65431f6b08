"""A child process does not outlive the program, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from imagecraft_desktop.errors import Cancelled, ChildFailed
from imagecraft_desktop.system.child import Partner, memory_mb
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


ECHO = """
import os, sys
from imagecraft_desktop.system import child

def answer(question):
    if question.get("leave"):
        os._exit(3)
    if question.get("pid"):
        return {"pid": os.getpid()}
    print("a library's own words", flush=True)
    return question

print("more of them", 7, flush=True)
child.serve(answer, {"ready": sys.argv[1]})
"""
HOLDER = """
import sys
from imagecraft_desktop.system import child

partner = child.Partner("echo", "yes")
partner.wait(60, lambda: None)
print(partner.ask({"pid": True})["pid"], flush=True)
sys.stdin.read()
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


# --- one that is asked ---


def go_on() -> None:
    pass


@pytest.fixture
def partner(folder: Path) -> Iterator[Partner]:
    """It says again what it hears."""
    (folder / "echo.py").write_text(ECHO)
    made = Partner("echo", "yes")
    assert made.wait(60, go_on) == {"ready": "yes"}
    yield made
    made.end()


def test_a_partner_answers_each_question(partner: Partner) -> None:
    """Also a long one, from several threads, and whatever is printed meanwhile."""
    given = [{"text": "ñ\n\u2028😀" * length} for length in (0, 1, 100_000)]
    assert [partner.ask(one) for one in given] == given
    wrong: list[int] = []

    def ask(number: int) -> None:
        wrong.extend(n for n in range(50) if partner.ask({number: n}) != {str(number): n})

    threads = [threading.Thread(target=ask, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_memory_of_children_is_counted_while_they_run(partner: Partner) -> None:
    """A Python takes some megabytes; what has ended takes nothing."""
    one_mb = memory_mb()
    assert 3 < one_mb < 100
    other = Partner("echo", "yes")
    other.wait(60, go_on)
    assert memory_mb() > 1.5 * one_mb
    other.end()
    partner.end()
    assert memory_mb() == 0.0


def test_a_partner_that_ends_is_told(partner: Partner) -> None:
    with pytest.raises(ChildFailed):
        partner.ask({"leave": True})
    with pytest.raises(ChildFailed):
        partner.ask({})
    partner.end()
    with pytest.raises(ChildFailed):
        partner.ask({})


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal to a single process")
def test_a_partner_does_not_hear_a_control_c(partner: Partner) -> None:
    """A terminal sends it to all of its programs."""
    os.kill(partner.ask({"pid": True})["pid"], signal.SIGINT)
    assert partner.ask({"still": "there"}) == {"still": "there"}


def test_a_partner_is_waited_for_with_a_cancel(folder: Path) -> None:
    (folder / "sleeper.py").write_text("import time; time.sleep(60)")

    def tick() -> None:
        raise Cancelled

    partner = Partner("sleeper")
    with pytest.raises(Cancelled):
        partner.wait(60, tick)
    assert partner._process.returncode is not None
    late = Partner("sleeper")
    with pytest.raises(TimeoutError):
        late.wait(0.1, go_on)
    assert late._process.returncode is not None


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at through /proc")
def test_a_partner_ends_with_a_program_that_is_killed(folder: Path) -> None:
    """By the end of its input, so on every system."""
    (folder / "echo.py").write_text(ECHO)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_there(pid)
        parent.kill()
        parent.wait(20)
    wait_until(lambda: not is_there(pid), "the child to end", 10)
