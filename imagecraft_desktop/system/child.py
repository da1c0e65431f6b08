"""How a part of the program is run in a process of its own: one that can be ended, or can crash."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def command(module: str, *arguments: str) -> list[str]:
    """What runs a module of the package as a program."""
    # -P: the folder the user stands in must not be able to lend us modules
    return [sys.executable, "-P", "-m", module, *arguments]


def environment() -> dict[str, str]:
    """Ours, with which the child finds the package where this process found it."""
    root = str(Path(__file__).resolve().parents[2])
    found = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(found)}
