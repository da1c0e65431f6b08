"""The tray program in a child process on the private desktop, and what a person can learn of it."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.desktop import Desktop
from tests.desktop.processes import Child, wait_until


class NoAnswer(AssertionError):
    """The program does not answer on its socket."""


class RunningProgram:
    """Started when made; `desktop` ends it after the test.

    Args:
        is_new: Whether it has never been started before, and so says which keys there are.
        env: Variables beside those of the desktop.
        is_resident: Whether it outlives the test (see `warm_program`).
        command: That which starts it; `imagecraft-desktop app` when None.
    """

    def __init__(
        self,
        desktop: Desktop,
        *,
        is_new: bool = False,
        env: dict[str, str] | None = None,
        is_resident: bool = False,
        command: Sequence[str] | None = None,
    ) -> None:
        self._desktop = desktop
        self._env = desktop.env | (env or {})
        mark = Path(self._env["XDG_DATA_HOME"]) / "imagecraft-desktop" / "welcomed"
        if not is_new:
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.touch()
        self.process: Child = desktop.spawn(
            command or desktop.command("app"),
            env=self._env,
            name="app",
            is_resident=is_resident,
        )
        wait_until(self._is_ready, "the program to be ready", 20)

    @property
    def socket(self) -> Path:
        return Path(self._env["XDG_RUNTIME_DIR"]) / "imagecraft-desktop" / "trigger"

    @property
    def settings_file(self) -> Path:
        return Path(self._env["XDG_CONFIG_HOME"]) / "imagecraft-desktop" / "settings.json"

    def use(self, **settings: object) -> None:
        """These settings and no others from now on, as if the file was edited: that is quicker than a
        command for each, where the command is not what is looked at."""
        self.settings_file.parent.mkdir(parents=True, exist_ok=True)
        if settings:
            self.settings_file.write_text(json.dumps(settings))
        else:
            self.settings_file.unlink(missing_ok=True)
        reply = self.ask("reload")
        if not reply["ok"]:
            raise AssertionError(reply["spoken"])

    def has(self, settings: Mapping[str, object]) -> bool:
        """Whether these are its settings, and no others."""
        file = self.settings_file
        return settings == (json.loads(file.read_text()) if file.exists() else {})

    def is_tidied(self) -> bool:
        """Bring it to where it was after its first start, but for settings: nothing open, said or
        remembered.

        False when it has ended, or does not come to that.
        """
        try:
            for action in ("stop", "forget", "stop"):
                wait_until(lambda action=action: self._takes(action), action, 20)
            self._desktop.close_windows(self.pid)
            self.wait_state("idle", 20)
        except AssertionError as failure:
            print(f"the program is not as at its start: {failure}")
            return False
        return True

    def _takes(self, action: str) -> bool:
        """Whether it answers now; it may be busy for a moment."""
        try:
            self.ask(action)
        except NoAnswer:
            return False
        return True

    def _is_ready(self) -> bool:
        if not self.process.is_running():
            raise AssertionError(f"the program ended: {self.process.errors}")
        try:
            return bool(self.status()["is_ready"])
        except NoAnswer:
            return False

    def ask(self, action: str, **words: str) -> dict[str, Any]:
        """What the command line would do, without starting a process."""
        message = json.dumps({"version": 1, "action": action, **words}).encode() + b"\n"
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(5)
                connection.connect(str(self.socket))
                connection.sendall(message)
                with connection.makefile() as stream:
                    reply: dict[str, Any] = json.loads(stream.readline())
        except (OSError, ValueError) as failure:
            raise NoAnswer(type(failure).__name__) from failure
        return reply

    def status(self) -> dict[str, Any]:
        return self.ask("status")

    def wait_state(self, state: str, timeout_s: float = 60.0) -> dict[str, Any]:
        """Wait for "idle", "waiting", "describing", "speaking", "working" or "paused"."""
        wait_until(
            lambda: self.status()["state"] == state,
            f"the state {state}; errors: {self.process.errors[-500:]}",
            timeout_s,
            step_s=0.02,
        )
        return self.status()

    def wait_described(self, *parts: str, timeout_s: float = 60.0) -> dict[str, Any]:
        """Wait for a description whose text has all parts; what `--json` would print of it."""

        def look() -> dict[str, Any] | None:
            last: dict[str, Any] | None = self.status()["last"]
            found = last is not None and all(part in last["description"] for part in parts)
            return last if found else None

        told: dict[str, Any] = wait_until(
            look, f"{parts}; got {self.status()['last']}", timeout_s, step_s=0.02
        )
        return told

    def wait_notified(self, part: str, timeout_s: float = 20.0) -> str:
        """Wait for a notification that has this part; its text."""

        def look() -> str | None:
            texts = [e["body"] for e in self._desktop.events if e["event"] == "notify"]
            return next((text for text in texts if part in text), None)

        text: str = wait_until(look, f"a notification with {part!r}", timeout_s)
        return text

    # --- what it costs ---

    @property
    def pid(self) -> int:
        return self.process.pid

    def cpu_s(self) -> float:
        """Processor time it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _in_status(self, key: str) -> int:
        rows = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(row.split()[1]) for row in rows if row.startswith(key + ":"))

    def threads(self) -> int:
        return self._in_status("Threads")

    def resident_mb(self) -> float:
        return self._in_status("VmRSS") / 1024

    def open_files(self) -> int:
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))
