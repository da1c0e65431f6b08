"""What is known of another program's window without looking at its pixels: its accessibility tree.

Each system has its file. A program that hangs, or a bus, must not hold us up: the question runs in a
thread of its own, and what is not there in time is not waited for.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, TypeVar

from imagecraft_desktop.system.desktop import session_kind
from imagecraft_desktop.values import Known, Part

if TYPE_CHECKING:
    from imagecraft_desktop.capture.window import Window

log = logging.getLogger(__name__)

T = TypeVar("T")

BUDGET_S = 0.15
"""Nobody waits longer for what a program tells of its window."""

_asking: threading.Thread | None = None


class Tree(Protocol):
    """One system's accessibility tree: a module of this folder. Both may raise anything.

    `until_s` is a time of `time.monotonic` after which nothing more is asked.
    """

    def look(self, window: Window, until_s: float) -> Known | None:
        """What the window's program tells of it."""

    def at(self, window: Window, x: int, y: int, until_s: float) -> Part | None:
        """The innermost control at a point of the desktop."""


def prepare() -> None:
    """Import what the first question would otherwise wait for."""
    with suppress(ImportError):
        _tree()


def look(window: Window) -> Known | None:
    """What a window's program tells of it, within `BUDGET_S`; None when it tells nothing."""
    return _ask(window, lambda tree, until_s: tree.look(window, until_s))


def at(window: Window, x: int, y: int) -> Part | None:
    """The innermost control of a window at a point of the desktop, within `BUDGET_S`."""
    return _ask(window, lambda tree, until_s: tree.at(window, x, y, until_s))


def _ask(window: Window, question: Callable[[Tree, float], T | None]) -> T | None:
    """Ask in a thread; None when there is no answer in time."""
    global _asking
    if window.pid == os.getpid():
        return None  # we would have to answer ourselves
    if _asking is not None and _asking.is_alive():
        log.info("the accessibility tree still hangs")
        return None
    answers: list[T | None] = []
    until_s = time.monotonic() + BUDGET_S

    def ask() -> None:
        try:
            answers.append(question(_tree(), until_s))
        except Exception as failure:  # noqa: BLE001 - a bus or a program can fail in any way
            log.info("no accessibility tree: %s", type(failure).__name__)

    _asking = threading.Thread(target=ask, name="known", daemon=True)
    _asking.start()
    _asking.join(max(until_s - time.monotonic(), 0.0))
    return answers[0] if answers else None


def _tree() -> Tree:
    match session_kind():
        case "windows":
            from imagecraft_desktop.capture.known import uia

            return uia
        case "macos":
            from imagecraft_desktop.capture.known import ax

            return ax
        case _:
            from imagecraft_desktop.capture.known import atspi

            return atspi
