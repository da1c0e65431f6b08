"""Starts the program at log-in, in the way of each system; for the setting `autostart`.

- Linux: a desktop entry in the folder `autostart` of the user's configuration (XDG Autostart).
- Windows: a value of the registry key Run of the user.
- macOS: a LaunchAgent of the user.
"""

from __future__ import annotations

import os
import plistlib
import subprocess
import sys
from pathlib import Path
from typing import Any

from imagecraft_desktop.errors import AutostartFailed
from imagecraft_desktop.system import paths

_NAME = "imagecraft-desktop"
_LABEL = "org.imagecraft.desktop"
_RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
_ENTRY = """[Desktop Entry]
Type=Application
Version=1.4
Name=ImageCraft Desktop
Comment=Press a key and hear what is on the screen
Exec={command}
Icon=imagecraft-desktop
Terminal=false
StartupNotify=false
X-GNOME-Autostart-enabled=true
"""


def command() -> list[str]:
    """What starts the program, with whole paths."""
    python = Path(sys.executable)
    if getattr(sys, "frozen", False):
        return [str(python), "app"]
    windowless = python.with_name("pythonw.exe")  # on Windows; without a console
    return [str(windowless if windowless.exists() else python), "-m", "imagecraft_desktop", "app"]


def is_on(platform: str = sys.platform) -> bool:
    """Whether the program is started at log-in."""
    if platform == "win32":
        return _run_value() is not None
    return file(platform).exists()


def put(is_wanted: bool, platform: str = sys.platform) -> None:
    """Start the program at log-in from now on, or no more.

    Raises:
        AutostartFailed: The system does not let us; words: reason.
    """
    try:
        if platform == "win32":
            _put_run_value(subprocess.list2cmdline(command()) if is_wanted else None)
        elif is_wanted:
            _write(file(platform), agent() if platform == "darwin" else entry())
        else:
            file(platform).unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise AutostartFailed(type(error).__name__, reason=reason) from error


def file(platform: str = sys.platform) -> Path:
    """The file that starts the program; it need not exist."""
    if platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{_LABEL}.plist"
    config = os.environ.get("XDG_CONFIG_HOME", "")
    folder = Path(config) if Path(config).is_absolute() else Path.home() / ".config"
    return folder / "autostart" / f"{_NAME}.desktop"


def entry() -> bytes:
    """The desktop entry."""
    return _ENTRY.format(command=" ".join(map(_quoted, command()))).encode()


def agent() -> bytes:
    """The property list of the LaunchAgent."""
    log = str(paths.log_dir() / "autostart.log")
    return plistlib.dumps(
        {
            "Label": _LABEL,
            "ProgramArguments": command(),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
            "StandardErrorPath": log,
        }
    )


def _quoted(argument: str) -> str:
    """An argument as the Desktop Entry Specification writes it in Exec: quoted, then escaped as a
    string is."""
    for sign in ("\\", '"', "`", "$"):
        argument = argument.replace(sign, f"\\{sign}")
    return '"' + argument.replace("\\", "\\\\").replace("%", "%%") + '"'


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{target.name}.new")
    new.write_bytes(content)
    new.replace(target)


def _registry() -> Any:
    import winreg  # the checker knows this machine's modules only

    return winreg


def _run_value() -> str | None:
    registry = _registry()
    try:
        with registry.OpenKey(registry.HKEY_CURRENT_USER, _RUN_KEY) as key:
            value: str = registry.QueryValueEx(key, _NAME)[0]
            return value
    except FileNotFoundError:
        return None


def _put_run_value(value: str | None) -> None:
    registry = _registry()
    with registry.CreateKeyEx(
        registry.HKEY_CURRENT_USER, _RUN_KEY, 0, registry.KEY_SET_VALUE
    ) as key:
        if value is not None:
            registry.SetValueEx(key, _NAME, 0, registry.REG_SZ, value)
            return
        try:
            registry.DeleteValue(key, _NAME)
        except FileNotFoundError:
            return
