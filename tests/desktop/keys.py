"""Keyboard and pointer of the private desktop, through xdotool; each call has a time limit."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping

_LIMIT_S = 5.0
_STEPS = 12  # a drop needs many small moves: one jump is not taken for a drag
_STEP_S = 0.03


def _keysyms(combination: str) -> str:
    """ "ctrl+shift+f11" in the spelling of X: ctrl+shift+F11."""
    return "+".join(
        part.upper() if part[:1] in "fF" and part[1:].isdecimal() else part
        for part in combination.split("+")
    )


class Keys:
    """What a person's hands do."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._held: list[str] = []

    def _xdotool(self, *arguments: object, timeout_s: float = _LIMIT_S) -> str:
        done = subprocess.run(
            ["xdotool", *map(str, arguments)],
            env=dict(self._env),
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"xdotool {arguments} failed: {done.stderr.strip()}")
        return done.stdout.strip()

    def press(self, combination: str) -> None:
        """Press and let go: "ctrl+shift+f11", "w", "Escape".

        Not with xdotool's --clearmodifiers, which presses again what it found down: while a program
        holds the keyboard back, the server tells keys as down that were let go of.
        """
        self._xdotool("key", _keysyms(combination))

    def hold(self, combination: str) -> None:
        self._held.append(combination)
        self._xdotool("keydown", _keysyms(combination))

    def let_go(self, combination: str) -> None:
        self._held.remove(combination)
        self._xdotool("keyup", _keysyms(combination))

    def let_go_of_all(self) -> None:
        """A test that failed may have left a key down, which would spoil the next one."""
        for combination in list(self._held):
            self.let_go(combination)

    def type(self, text: str) -> None:
        self._xdotool("type", "--delay", 5, text)

    def windows(self, title: str) -> list[int]:
        """Windows on the screen whose title contains the pattern."""
        try:
            return [
                int(n) for n in self._xdotool("search", "--onlyvisible", "--name", title).split()
            ]
        except AssertionError:
            return []

    def active_window(self) -> int:
        """0 where none is, as for a moment between two."""
        try:
            return int(self._xdotool("getactivewindow"))
        except AssertionError as error:
            if "_NET_ACTIVE_WINDOW" not in str(error):
                raise
            return 0

    def focused_window(self) -> int:
        """That which keys go to: the active one, some moments after it has become so."""
        return int(self._xdotool("getwindowfocus"))

    def focus(self, window: int) -> None:
        """Make a window the active one and wait until it is."""
        self._xdotool("windowactivate", "--sync", window)

    def place(self, window: int, x: int, y: int) -> None:
        """Put a window's upper left corner there."""
        self._xdotool("windowmove", window, x, y)

    def move(self, x: int, y: int) -> None:
        self._xdotool("mousemove", x, y)

    def click(self, x: int, y: int, button: int = 1) -> None:
        self._xdotool("mousemove", x, y, "click", button)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Drag with the left button from one point of the screen to another, and drop."""
        self._xdotool("mousemove", *start, "mousedown", 1)
        try:
            for step in range(1, _STEPS + 1):
                part = step / _STEPS
                point = [round(a + (b - a) * part) for a, b in zip(start, end, strict=True)]
                self._xdotool("mousemove", *point)
                time.sleep(_STEP_S)
        finally:
            self._xdotool("mouseup", 1)
