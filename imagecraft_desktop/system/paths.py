"""Where things are: resources of the program, and the user's own folders."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

import platformdirs

_APP = "imagecraft-desktop"


@cache
def resources() -> Path:
    """The folder of icons, earcons, translations and embedded models.

    In an installed program it lies inside the package, in a checkout beside it.
    """
    package = Path(__file__).resolve().parent.parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


def typed(path: str | Path) -> Path:
    """A path as the user typed it. A first "~" is the home; before the name of nobody it is part of a name."""
    return Path(os.path.expanduser(path))


def whole(path: str | Path) -> Path:
    """The same from the root on, without links, as far as they lead anywhere."""
    return Path(os.path.realpath(typed(path)))


def config_dir() -> Path:
    """Holds the settings file."""
    return Path(platformdirs.user_config_dir(_APP, appauthor=False))


def data_dir() -> Path:
    """Holds downloaded models and voices."""
    return Path(platformdirs.user_data_dir(_APP, appauthor=False))


def cache_dir() -> Path:
    """Holds what can be made again."""
    return Path(platformdirs.user_cache_dir(_APP, appauthor=False))


def state_dir() -> Path:
    """Holds what the program remembers by itself."""
    return Path(platformdirs.user_state_dir(_APP, appauthor=False))


def log_dir() -> Path:
    """Holds the log files."""
    return Path(platformdirs.user_log_dir(_APP, appauthor=False))


def runtime_dir() -> Path:
    """Holds the socket of the running program; only the user may enter it."""
    if sys.platform == "linux" and not os.environ.get("XDG_RUNTIME_DIR"):
        # after su or over SSH; the session of the desktop may still have its folder
        session = Path(f"/run/user/{os.getuid()}")
        is_ours = session.is_dir() and session.stat().st_uid == os.getuid()
        return session / _APP if is_ours else cache_dir() / "run"
    return Path(platformdirs.user_runtime_dir(_APP, appauthor=False))
