"""Child processes that never outlive the tests, and talk in lines."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

_MARK = "IMAGECRAFT_TEST_FAMILY"
_number = itertools.count(1)


class WaitedTooLong(AssertionError):
    """Something that should have happened did not."""


def wait_until(
    true: Callable[[], Any], what: str, timeout_s: float = 5.0, step_s: float = 0.01
) -> Any:
    """Ask again and again until the answer is true, and return it.

    Raises:
        WaitedTooLong: Not within `timeout_s`.
    """
    end = time.monotonic() + timeout_s
    while not (answer := true()):
        if time.monotonic() > end:
            raise WaitedTooLong(f"waited {timeout_s} s for {what}")
        time.sleep(step_s)
    return answer


class Child:
    """A running process. Standard output is read by a thread, line by line; a line that is a JSON
    object is an event as well. Standard error goes to the file `log`."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self.log = log
        self.lines: list[str] = []
        self.events: list[dict[str, Any]] = []
        self._reader: threading.Thread | None = None
        if process.stdout is not None:
            self._reader = threading.Thread(target=self._read, args=(process.stdout,), daemon=True)
            self._reader.start()

    def _read(self, pipe: IO[bytes]) -> None:
        # closed here, by its only reader: a stray that keeps the other end open must not hang a test
        with pipe:
            for raw in pipe:
                line = raw.decode("utf-8", "replace").rstrip("\n")
                self.lines.append(line)
                if line.startswith("{"):
                    with contextlib.suppress(json.JSONDecodeError):
                        self.events.append(json.loads(line))

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def errors(self) -> str:
        """What it wrote to standard error so far."""
        return self.log.read_text("utf-8", "replace")

    def is_running(self) -> bool:
        return self.process.poll() is None

    def send(self, **message: object) -> None:
        """Write a JSON object as one line to its standard input."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def _await(self, find: Callable[[], Any], what: str, timeout_s: float) -> Any:
        def look() -> Any:
            ended = not self.is_running()
            if ended and self._reader is not None:
                self._reader.join(1)
            found = find()
            if found is None and ended:
                raise WaitedTooLong(
                    f"{self.process.args!r} ended with {self.process.returncode} before {what}; "
                    f"said {self.lines[-5:]}; errors: {self.errors[-2000:]}"
                )
            return found

        return wait_until(look, f"{what}; errors: {self.errors[-1000:]}", timeout_s)

    def wait_line(self, part: str, timeout_s: float = 10.0) -> str:
        """The first line of its standard output that contains `part`."""

        def find() -> str | None:
            return next((line for line in list(self.lines) if part in line), None)

        return str(self._await(find, f"a line with {part!r}", timeout_s))

    def wait_event(
        self, event: str, timeout_s: float = 10.0, *, since: int = 0, **match: object
    ) -> dict[str, Any]:
        """The first event of this name, from number `since` on, that has all values of `match`."""
        wanted = {"event": event, **match}

        def find() -> dict[str, Any] | None:
            return next((e for e in self.events[since:] if wanted.items() <= e.items()), None)

        found: dict[str, Any] = self._await(find, f"event {wanted}", timeout_s)
        return found

    def wait(self, timeout_s: float = 10.0) -> int:
        """Its exit status, once it has ended by itself."""
        status = self.process.wait(timeout_s)
        if self._reader is not None:
            self._reader.join(2)
        return status

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def pause(self) -> None:
        """Make it hang (SIGSTOP)."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it as a crash would (SIGKILL), with whatever it started in its group."""
        self._signal(signal.SIGKILL)
        self.process.wait(5)
        self._close()

    def stop(self, timeout_s: float = 2.0) -> int:
        """End it politely, by force after `timeout_s`; its exit status."""
        self._signal(signal.SIGTERM)
        self.resume()
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self.process.wait(5)
        self._close()
        return int(self.process.returncode)

    def _close(self) -> None:
        if self._reader is not None:
            self._reader.join(0.2)
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()


class Family:
    """Processes that are started and ended together.

    Each dies with this process, however it ends (`setpriv --pdeathsig`), and what they start in
    turn is found by a mark in its environment.
    """

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.mark = f"{os.getpid()}.{next(_number)}"
        self.children: list[Child] = []

    def environment(self, env: Mapping[str, str]) -> dict[str, str]:
        return {**env, _MARK: self.mark}

    def spawn(
        self,
        command: Sequence[str],
        env: Mapping[str, str],
        *,
        name: str = "",
        talks: bool = False,
        pass_fds: Iterable[int] = (),
        cwd: Path | None = None,
    ) -> Child:
        """Start a program; `talks` connects its standard input and output to the `Child`."""
        log = self.logs / f"{name or Path(command[0]).name}.{len(self.children)}.log"
        with log.open("wb") as errors:
            process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "--", *command],
                env=self.environment(env),
                stdin=subprocess.PIPE if talks else subprocess.DEVNULL,
                stdout=subprocess.PIPE if talks else errors,
                stderr=errors,
                pass_fds=tuple(pass_fds),
                start_new_session=True,
                cwd=cwd,
            )
        child = Child(process, log)
        self.children.append(child)
        return child

    def stop(self) -> None:
        """End all, the last one first, then whatever they left behind."""
        for child in reversed(self.children):
            if child.is_running():
                child._signal(signal.SIGTERM)
                child.resume()
        for child in reversed(self.children):
            child.stop()
        self.children.clear()
        for pid in self._left_behind():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _left_behind(self) -> list[int]:
        wanted = f"{_MARK}={self.mark}".encode()
        left = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdecimal():
                with contextlib.suppress(OSError):
                    if wanted in (folder / "environ").read_bytes().split(b"\0"):
                        left.append(int(folder.name))
        return left
