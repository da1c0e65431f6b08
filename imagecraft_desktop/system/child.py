"""How a part of the program is run in a process of its own: one that can be ended, or can crash."""

from __future__ import annotations

import atexit
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from imagecraft_desktop.errors import ChildFailed
from imagecraft_desktop.values import Tick

_LOOK_S = 0.1
_PARENT = "IMAGECRAFT_PARENT"
"""A variable: the process that a child is bound to."""
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_running: set[subprocess.Popen[str]] = set()


def command(module: str, *arguments: str) -> list[str]:
    """What runs a module of the package as a program."""
    # -P: the folder the user stands in must not be able to lend us modules
    return [sys.executable, "-P", "-m", module, *arguments]


def environment() -> dict[str, str]:
    """Ours, with which the child finds the package where this process found it."""
    root = str(Path(__file__).resolve().parents[2])
    found = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(found), _PARENT: str(os.getpid())}


def end_with_parent() -> None:
    """In a child, at its start: end with the process that started it, even if that is killed.

    On Linux only; elsewhere a child outlives a parent that had no time for `end_all`. The thread that
    started it counts as that process, so it must live as long.
    """
    if not sys.platform.startswith("linux") or _PARENT not in os.environ:
        return
    import ctypes  # no part of what the program itself needs

    with suppress(OSError, AttributeError):  # a system that knows no such wish
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if str(os.getppid()) != os.environ[_PARENT]:  # it ended before the wish was known
        os._exit(1)


def end_all() -> None:
    """End every child that `answers` runs; to be called before the process is left without its end."""
    for process in list(_running):
        process.kill()


atexit.register(end_all)


def answers(module: str, *arguments: str, timeout_s: float, tick: Tick) -> Iterator[dict[str, Any]]:
    """Run a module that prints a JSON object a line: each as it comes, the last is the answer.

    Args:
        tick: Asked ten times a second. Whatever it raises, the child is ended.
    Raises:
        ChildFailed: It ended with a failure, or without a word.
        TimeoutError: It takes too long.
        OSError: It cannot be started.
    """
    with subprocess.Popen(
        command(module, *arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env=environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as process:
        _running.add(process)
        try:
            n_said = 0
            for line in _lines(process.stdout, time.monotonic() + timeout_s, tick):
                answer = None
                with suppress(ValueError):  # what a library printed
                    answer = json.loads(line)
                if isinstance(answer, dict):
                    n_said += 1
                    yield answer
            if process.wait() or not n_said:
                raise ChildFailed(f"the child ended with {process.returncode}")
        finally:
            process.kill()  # when it has ended by itself this does nothing
            _running.discard(process)


def _lines(stream: IO[str] | None, end_s: float, tick: Tick) -> Iterator[str]:
    """What is written, until the end of it. Raises TimeoutError, and what `tick` raises."""
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        for line in stream or ():
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, name="child", daemon=True).start()
    while True:
        tick()
        if time.monotonic() > end_s:
            raise TimeoutError
        try:
            line = lines.get(timeout=_LOOK_S)
        except queue.Empty:
            continue
        if line is None:
            return
        yield line
