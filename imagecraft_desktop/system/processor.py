"""What the processor of this machine is called. Figures measured on another one say nothing here."""

from __future__ import annotations

import importlib
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

_CPUINFO = Path("/proc/cpuinfo")
_NAMED = ("model name", "Model", "Hardware", "cpu model")
"""What the line with the name begins with, by architecture: x86, boards with ARM, old ones, MIPS."""
_REGISTRY = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
_ASK_S = 5.0


def name() -> str:
    """As its maker writes it, such as "Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz"; where that is not
    told, its architecture."""
    ways = {"linux": _of_linux, "win32": _of_windows, "darwin": _of_macos}
    way = ways.get(sys.platform)
    found = way() if way is not None else ""
    return " ".join(found.split()) or platform.processor() or platform.machine()


def _of_linux() -> str:
    try:
        lines = _CPUINFO.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    told: dict[str, str] = {}
    for line in lines:
        key, _, value = line.partition(":")
        told.setdefault(key.strip(), value.strip())
    return next((told[key] for key in _NAMED if told.get(key)), "")


def _of_windows() -> str:
    winreg: Any = importlib.import_module("winreg")
    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _REGISTRY) as key:
            return str(winreg.QueryValueEx(key, "ProcessorNameString")[0])
    except OSError:
        return ""


def _of_macos() -> str:
    command = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_ASK_S, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout
