"""What a trigger can ask for: by hotkey, layer letter, tray menu or `imagecraft-desktop trigger`.

Standard library only: the command line lists the actions without starting anything.
"""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """Something asked of the running program. The values are words of the command line, but for `INTERNAL`."""

    WINDOW = "window"
    SCREEN = "screen"
    ALL_SCREENS = "all-screens"
    SCREEN_1 = "screen-1"
    SCREEN_2 = "screen-2"
    SCREEN_3 = "screen-3"
    SCREEN_4 = "screen-4"
    SCREEN_5 = "screen-5"
    SCREEN_6 = "screen-6"
    SCREEN_7 = "screen-7"
    SCREEN_8 = "screen-8"
    SCREEN_9 = "screen-9"
    ELEMENT = "element"
    MOUSE = "mouse"
    REGION = "region"
    CHOOSE_REGION = "choose-region"
    CLIPBOARD = "clipboard"
    FILE = "file"
    TEXT = "text"
    MORE = "more"
    ASK = "ask"
    IMAGES = "image-window"
    HISTORY = "history"
    FORGET = "forget"
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
    MAKE_ROOM = "make-room"
    QUIT = "quit"


INTERNAL = frozenset({Action.FORGET, Action.GREET, Action.RELOAD, Action.MAKE_ROOM})
"""No words of the user's: the program's own commands send them. Forgetting is asked for with `history forget --all`."""

SCREENS = {
    Action.SCREEN_1: 1,
    Action.SCREEN_2: 2,
    Action.SCREEN_3: 3,
    Action.SCREEN_4: 4,
    Action.SCREEN_5: 5,
    Action.SCREEN_6: 6,
    Action.SCREEN_7: 7,
    Action.SCREEN_8: 8,
    Action.SCREEN_9: 9,
}
"""One screen each, by its number."""

DESCRIBING = frozenset(
    {
        Action.WINDOW,
        Action.SCREEN,
        *SCREENS,
        Action.ALL_SCREENS,
        Action.ELEMENT,
        Action.MOUSE,
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
    **{str(number): action for action, number in SCREENS.items()},
    "e": Action.ELEMENT,
    "u": Action.MOUSE,
    "r": Action.CHOOSE_REGION,
    "g": Action.REGION,
    "c": Action.CLIPBOARD,
    "f": Action.FILE,
    "t": Action.TEXT,
    "a": Action.ASK,
    "d": Action.MORE,
    "v": Action.IMAGES,
    "l": Action.HISTORY,
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
