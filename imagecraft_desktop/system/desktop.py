"""What kind of desktop session this process runs in. Asked by capture, the hotkeys and self-test."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Literal

Session = Literal["x11", "wayland", "windows", "macos", "none"]


def session_kind(environ: Mapping[str, str] | None = None, platform: str = sys.platform) -> Session:
    """The kind of session, told from the environment alone; connects to nothing.

    A Wayland session counts as "wayland" even when it also offers an X server (Xwayland), because
    screen grabs through Xwayland are black and key grabs see only X programs.

    Args:
        environ: Environment variables; those of the process when None.
        platform: As `sys.platform`.
    Returns:
        "none" where a Unix process has no display at all, such as over plain SSH.
    """
    environ = os.environ if environ is None else environ
    if platform == "win32":
        return "windows"
    if platform == "darwin":
        return "macos"
    if environ.get("WAYLAND_DISPLAY"):
        return "wayland"
    if not environ.get("DISPLAY"):
        return "none"
    return "wayland" if environ.get("XDG_SESSION_TYPE") == "wayland" else "x11"
