"""What a trigger can ask for: by hotkey, layer letter, tray menu or `imagecraft-desktop trigger`.

Standard library only: the command line lists the actions without starting anything.
"""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """Something asked of the running program. The values are words of the command line."""

    WINDOW = "window"
    SCREEN = "screen"
    ALL_SCREENS = "all-screens"
    REGION = "region"
    CLIPBOARD = "clipboard"
    FILE = "file"
    TEXT = "text"
    MORE = "more"
    ASK = "ask"
    REPEAT = "repeat"
    STATUS = "status"
    PAUSE = "pause"
    SKIP = "skip"
    BACK = "back"
    STOP = "stop"
    HELP = "help"
    SETTINGS = "settings"
    TOUR = "introduction"
    GREET = "greet"
    RELOAD = "reload"
    QUIT = "quit"


DESCRIBING = frozenset(
    {
        Action.WINDOW,
        Action.SCREEN,
        Action.ALL_SCREENS,
        Action.REGION,
        Action.CLIPBOARD,
        Action.FILE,
        Action.TEXT,
        Action.MORE,
    }
)
"""The actions that make a new description; the others act on what is there already."""

LETTERS: dict[str, Action] = {
    "w": Action.WINDOW,
    "s": Action.SCREEN,
    "m": Action.ALL_SCREENS,
    "r": Action.REGION,
    "c": Action.CLIPBOARD,
    "f": Action.FILE,
    "t": Action.TEXT,
    "a": Action.ASK,
    "d": Action.MORE,
    "space": Action.REPEAT,
    "i": Action.STATUS,
    "p": Action.PAUSE,
    "right": Action.SKIP,
    "left": Action.BACK,
    "x": Action.STOP,
    "escape": Action.STOP,
    "h": Action.HELP,
    "o": Action.SETTINGS,
    "q": Action.QUIT,
}
"""After the layer key, one of these keys (names as in `keys.py`) chooses."""
