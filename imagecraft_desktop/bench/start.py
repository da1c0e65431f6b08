"""The part `start` of `bench`: how soon the tray program hears its keys, and what it holds idle.

As a module of its own it is the child that starts programs in private folders. They take turns
with a bare tray icon, which is the least that is possible.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from imagecraft_desktop.bench.private import private_environment
from imagecraft_desktop.bench.process import Figures, Measurer, serve
from imagecraft_desktop.errors import NotRunning
from imagecraft_desktop.trigger import client
from imagecraft_desktop.trigger.actions import Action

_MODULE = "imagecraft_desktop.bench.start"
APP, BARE = "app", "bare"
_IDLE_S = 5.0
_LIMIT_S = 30.0
_LOOK_S = 0.002


def measure(rounds: int, tell_round: Callable[[int], None]) -> list[Figures]:
    """A row for the program and one for the bare icon: medians, and all the times."""
    tried: dict[str, list[Figures]] = {APP: [], BARE: []}
    with private_environment() as env, Measurer(_MODULE, env=env) as child:
        for number in range(rounds):
            tell_round(number + 1)
            for name, rows in tried.items():
                rows.append(child.ask(name))
    return [_sum_up(name, rows) for name, rows in tried.items()]


def _sum_up(name: str, rows: list[Figures]) -> Figures:
    if any("error" in row for row in rows):
        return {"program": name, **next(row for row in rows if "error" in row)}
    return {
        "program": name,
        "ready_s": round(median(row["ready_s"] for row in rows), 3),
        "idle_mb": round(median(row["idle_mb"] for row in rows), 1),
        "all_ready_s": [round(row["ready_s"], 3) for row in rows],
        "all_idle_mb": [round(row["idle_mb"], 1) for row in rows],
    }


# --- in the child ---


@contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A program in the background, ended with the block."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        try:
            yield program
        finally:
            program.terminate()
            try:
                program.wait(5)
            except subprocess.TimeoutExpired:
                program.kill()


def app_command(*arguments: str) -> list[str]:
    """The command line of this installation's `imagecraft-desktop ARGUMENTS`."""
    return [sys.executable, "-m", "imagecraft_desktop", *arguments]


def wait_ready(program: subprocess.Popen[str]) -> None:
    """Wait until the program answers that its keys are in force. Raises NotRunning."""
    end = time.monotonic() + _LIMIT_S
    while time.monotonic() < end and program.poll() is None:
        try:
            if client.send(Action.STATUS).get("is_ready"):
                return
        except NotRunning:
            pass  # not yet
        time.sleep(_LOOK_S)
    raise NotRunning("it does not become ready")


def _start_app() -> Figures:
    begun = time.perf_counter()
    with running(app_command("app")) as program:
        wait_ready(program)
        return _figures(program, time.perf_counter() - begun)


def _start_bare() -> Figures:
    begun = time.perf_counter()
    with running([sys.executable, "-m", "imagecraft_desktop.bench.bare_tray"]) as program:
        if program.stdout is None or not program.stdout.readline():
            raise RuntimeError("the bare icon did not start")
        return _figures(program, time.perf_counter() - begun)


def _figures(program: subprocess.Popen[str], ready_s: float) -> Figures:
    time.sleep(_IDLE_S)
    return {"ready_s": ready_s, "idle_mb": _resident_mb(program.pid)}


def _resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


if __name__ == "__main__":
    serve(lambda name: _start_app() if name == APP else _start_bare())
