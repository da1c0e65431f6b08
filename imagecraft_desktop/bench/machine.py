"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from typing import Any

from imagecraft_desktop.system import processor

_PACKAGES = (
    "imagecraft-desktop",
    "numpy",
    "onnxruntime",
    "rapidocr",
    "hibari-tts",
    "PySide6-Essentials",
    "opencv-python-headless",
    "torch",
    "transformers",
)


def describe_machine() -> dict[str, Any]:
    """Processor, memory, system and the versions that matter."""
    return {
        "cores": cores(),
        "processor": processor.name(),
        "memory_gb": round(_memory_gb(), 1),
        "system": f"{_system()}, {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in _PACKAGES},
    }


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def load() -> float | None:
    """Processes that wanted a core in the last minute, on average; None where it is not told."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):  # not Linux
        return platform.platform(terse=True)


def _memory_gb() -> float:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return 0.0
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / (1 << 30)
