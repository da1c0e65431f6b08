"""Remembers how this desktop asks for pictures of the screen, from one start to the next.

A desktop whose dialog comes with each picture is asked for a screen cast instead, which it allows once.
It gives a token for that, which is as good as the permission: the file is the user's alone.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from imagecraft_desktop.errors import FileNotWritten
from imagecraft_desktop.system import paths
from imagecraft_desktop.system.new_file import write_new

log = logging.getLogger(__name__)

_DIALOG_S = 2.0
"""An answer that took longer was a person's."""
_OFTEN = 2
"""So many dialogs one after the other: the first may be the only one."""


@dataclass(frozen=True)
class Memory:
    """What is known.

    Attributes:
        dialogs: How many of the last pictures came with a dialog.
        token: Of a screen cast that was allowed; empty for none.
        is_cast_refused: The user did not want one, or it came to nothing.
    """

    dialogs: int = 0
    token: str = ""
    is_cast_refused: bool = False

    @property
    def is_cast_better(self) -> bool:
        """Whether a screen cast spares the user a dialog."""
        return not self.is_cast_refused and (bool(self.token) or self.dialogs >= _OFTEN)

    def after_picture(self, took_s: float) -> Memory:
        """The same, when a picture has come after this time."""
        return replace(self, dialogs=min(self.dialogs + 1, _OFTEN) if took_s > _DIALOG_S else 0)

    def after_refusal(self, took_s: float) -> Memory:
        """The same, when a picture was refused: by a person, or at once, as always will be."""
        return self if took_s > _DIALOG_S else replace(self, dialogs=_OFTEN)

    def after_no_cast(self) -> Memory:
        """The same, when a cast came to no picture: its token may be worth nothing any more, but without
        one it is not tried again."""
        return replace(self, token="", dialogs=0, is_cast_refused=not self.token)


def remembered() -> Memory:
    """What is on disk, or nothing."""
    try:
        found = json.loads(_file().read_text("utf-8"))
        dialogs, token = found["dialogs"], found["token"]
        refused = found["is_cast_refused"]
    except FileNotFoundError:
        return Memory()
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("how the desktop asks is not known: %s", type(error).__name__)
        return Memory()
    if not (isinstance(dialogs, int) and isinstance(token, str)):
        return Memory()
    return Memory(dialogs, token, refused is True)


def remember(memory: Memory, before: Memory) -> None:
    """Write it down if it is new; where that cannot be, the desktop asks again."""
    if memory == before:
        return
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        write_new(_file(), json.dumps(asdict(memory)).encode())
    except (OSError, FileNotWritten) as error:
        log.warning("how the desktop asks is not kept: %s", type(error).__name__)


def forget() -> None:
    """Nothing was ever allowed or refused."""
    try:
        _file().unlink(missing_ok=True)
    except OSError as error:
        log.warning("how the desktop asks is not forgotten: %s", type(error).__name__)


def _file() -> Path:
    return paths.state_dir() / "screen-permission.json"
