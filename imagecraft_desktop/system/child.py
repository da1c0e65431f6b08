"""How a part of the program is run in a process of its own: one that can be ended, or can crash."""

from __future__ import annotations

import json
import os
import queue
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


def command(module: str, *arguments: str) -> list[str]:
    """What runs a module of the package as a program."""
    # -P: the folder the user stands in must not be able to lend us modules
    return [sys.executable, "-P", "-m", module, *arguments]


def environment() -> dict[str, str]:
    """Ours, with which the child finds the package where this process found it."""
    root = str(Path(__file__).resolve().parents[2])
    found = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(found)}


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
