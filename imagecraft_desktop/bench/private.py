"""Folders of their own for a program that is measured, so that the user's settings stay untouched."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def private_environment() -> Iterator[dict[str, str]]:
    """This desktop, sound server and screen with a new user's empty folders. Linux only.

    The user counts as welcomed already: the words of the very first start are not to be heard.
    """
    # a socket's path has 108 bytes at most
    with tempfile.TemporaryDirectory(prefix="icb-", dir="/tmp") as name:
        home = Path(name)
        runtime = home / "run"
        runtime.mkdir(mode=0o700)
        for folder in ("config", "data/imagecraft-desktop", "state", "cache"):
            (home / folder).mkdir(parents=True)
        (home / "data" / "imagecraft-desktop" / "welcomed").touch()
        yield {
            **os.environ,
            **_servers(Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent"))),
            "HOME": name,
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_STATE_HOME": str(home / "state"),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_RUNTIME_DIR": str(runtime),
        }


def _servers(runtime: Path) -> dict[str, str]:
    """Where to find the servers whose sockets lie in the user's own folder."""
    found = {}
    if "PULSE_SERVER" not in os.environ and (runtime / "pulse" / "native").exists():
        found["PULSE_SERVER"] = f"unix:{runtime}/pulse/native"
    if (runtime / "pipewire-0").exists():
        found["PIPEWIRE_RUNTIME_DIR"] = str(runtime)
    if "DBUS_SESSION_BUS_ADDRESS" not in os.environ and (runtime / "bus").exists():
        found["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={runtime}/bus"
    wayland = os.environ.get("WAYLAND_DISPLAY", "")
    if wayland and not wayland.startswith("/"):
        found["WAYLAND_DISPLAY"] = str(runtime / wayland)
    cookie = Path.home() / ".config" / "pulse" / "cookie"
    if "PULSE_COOKIE" not in os.environ and cookie.exists():
        found["PULSE_COOKIE"] = str(cookie)
    authority = Path.home() / ".Xauthority"
    if "XAUTHORITY" not in os.environ and authority.exists():
        found["XAUTHORITY"] = str(authority)
    return found
