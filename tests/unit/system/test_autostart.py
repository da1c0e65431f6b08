"""What each system reads at log-in; the registry of Windows is a stand-in."""

from __future__ import annotations

import configparser
import plistlib
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from imagecraft_desktop.errors import AutostartFailed
from imagecraft_desktop.system import autostart


class FakeRegistry:
    """`winreg` with one key."""

    HKEY_CURRENT_USER, KEY_SET_VALUE, REG_SZ = "HKCU", 2, 1

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.opened: set[tuple[str, str]] = set()

    def _open(self, root: str, path: str) -> Any:
        self.opened.add((root, path))
        return nullcontext(self.values)

    def OpenKey(self, root: str, path: str) -> Any:
        return self._open(root, path)

    def CreateKeyEx(self, root: str, path: str, reserved: int, access: int) -> Any:
        assert (reserved, access) == (0, self.KEY_SET_VALUE)
        return self._open(root, path)

    def QueryValueEx(self, key: dict[str, str], name: str) -> tuple[str, int]:
        if name not in key:
            raise FileNotFoundError
        return key[name], self.REG_SZ

    def SetValueEx(self, key: dict[str, str], name: str, _: int, kind: int, value: str) -> None:
        assert kind == self.REG_SZ
        key[name] = value

    def DeleteValue(self, key: dict[str, str], name: str) -> None:
        if name not in key:
            raise FileNotFoundError
        del key[name]


def test_linux_gets_a_desktop_entry_that_starts_the_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert not autostart.is_on("linux")
    autostart.put(True, "linux")
    file = tmp_path / "autostart" / "imagecraft-desktop.desktop"
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(file)
    assert entry["Desktop Entry"]["Type"] == "Application"
    started = f'"{sys.executable}" "-m" "imagecraft_desktop" "app"'
    assert entry["Desktop Entry"]["Exec"] == started
    assert autostart.is_on("linux")
    autostart.put(False, "linux")
    assert not autostart.is_on("linux")
    autostart.put(False, "linux")


def test_signs_in_a_path_are_escaped_twice_as_the_specification_wants(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(autostart, "sys", SimpleNamespace(executable="/a b/$x/100%", frozen=True))
    exec_line = next(
        line for line in autostart.entry().decode().splitlines() if line.startswith("Exec=")
    )
    assert exec_line == r'Exec="/a b/\\$x/100%%" "app"'


@pytest.mark.skipif(sys.platform != "linux", reason="the validator is Linux'")
def test_desktop_entry_is_valid(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    autostart.put(True, "linux")
    try:
        done = subprocess.run(
            ["desktop-file-validate", str(autostart.file("linux"))],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        pytest.skip("desktop-file-validate is not installed")
    assert (done.returncode, done.stdout) == (0, "")


def test_macos_gets_a_launch_agent() -> None:
    autostart.put(True, "darwin")
    file = Path.home() / "Library" / "LaunchAgents" / "org.imagecraft.desktop.plist"
    agent = plistlib.loads(file.read_bytes())
    assert agent["Label"] == file.stem
    assert agent["ProgramArguments"] == [sys.executable, "-m", "imagecraft_desktop", "app"]
    assert agent["RunAtLoad"] is True
    assert autostart.is_on("darwin")
    autostart.put(False, "darwin")
    assert not autostart.is_on("darwin")


def test_windows_gets_a_value_of_the_users_run_key(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = FakeRegistry()
    monkeypatch.setitem(sys.modules, "winreg", registry)
    assert not autostart.is_on("win32")
    autostart.put(True, "win32")
    assert registry.values == {"imagecraft-desktop": f"{sys.executable} -m imagecraft_desktop app"}
    assert registry.opened == {("HKCU", r"Software\Microsoft\Windows\CurrentVersion\Run")}
    assert autostart.is_on("win32")
    autostart.put(False, "win32")
    autostart.put(False, "win32")
    assert registry.values == {}


def test_a_folder_that_cannot_be_made_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    with pytest.raises(AutostartFailed, match="Not started at log-in"):
        autostart.put(True, "linux")
