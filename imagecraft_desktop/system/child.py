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
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from imagecraft_desktop.errors import ChildFailed
from imagecraft_desktop.system.aside import aside
from imagecraft_desktop.system.memory import resident_mb
from imagecraft_desktop.values import Tick

_LOOK_S = 0.1
_PARENT = "IMAGECRAFT_PARENT"
"""A variable: the process that a child is bound to."""
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_running: set[subprocess.Popen[Any]] = set()


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
    """End every child that `answers` or `Partner` runs; to be called before the process is left without its end."""
    for process in list(_running):
        process.kill()


atexit.register(end_all)


def memory_mb() -> float:
    """Resident memory in MiB of all children that `answers` or `Partner` runs."""
    return sum((resident_mb(process.pid) for process in list(_running)), 0.0)


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


class Partner:
    """A module in a process of its own that answers questions; it has called `serve`.

    It is ended by `end`, or when nobody holds this any more. Its input ends with this process, and it with that.

    Raises:
        OSError: It cannot be started.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        process = subprocess.Popen(
            command(module, *arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        _running.add(process)
        self._process = process
        self._turn = threading.Lock()
        self._finish = weakref.finalize(self, _end, process)

    def wait(self, timeout_s: float, tick: Tick) -> dict[str, Any]:
        """Its first words: what it says when it is ready. Whatever is raised, it is ended.

        Args:
            tick: Asked many times a second.
        Raises:
            ChildFailed, TimeoutError, and what `tick` raises.
        """
        end_s = time.monotonic() + timeout_s

        def look() -> None:
            tick()
            if time.monotonic() > end_s:
                raise TimeoutError

        try:
            return aside(self._hear, look)
        except BaseException:
            self.end()
            raise

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """What it answers; to be called after `wait`, from any thread. Raises ChildFailed when it has ended."""
        line = json.dumps(question).encode() + b"\n"
        try:
            with self._turn:
                sink: Any = self._process.stdin
                sink.write(line)
                sink.flush()
                return self._hear()
        except (OSError, ValueError) as error:  # a ValueError: `end` has closed it
            raise ChildFailed(repr(error)) from error

    def end(self) -> None:
        """End it at once; without effect when it has ended."""
        self._finish()

    def _hear(self) -> dict[str, Any]:
        source: Any = self._process.stdout
        while line := source.readline():
            with suppress(ValueError):  # what a library printed
                if isinstance(answer := json.loads(line), dict):
                    return answer
        raise ChildFailed("the child has ended")


def serve(
    answer: Callable[[dict[str, Any]], dict[str, Any]], first: dict[str, Any] | None = None
) -> None:
    """In a child: say that it is ready, then answer what a `Partner` asks, until that asks no more.

    Args:
        first: What `Partner.wait` gives.
    """
    # a Control C in a terminal is for the program: what ends the child is the end of its input
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _write(first or {})
    for line in sys.stdin.buffer:
        _write(answer(json.loads(line)))


def _write(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    with suppress(OSError), process:  # closes its pipes, in one of which may be what nobody read
        pass
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
