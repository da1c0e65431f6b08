"""Combinations of keys: read from the settings, checked for clashes, named for speech.

A combination is written as in "ctrl+shift+f11". Those that would swallow a character, or that
screen readers, the system or nearly every program use, are refused with a sentence.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum

from imagecraft_desktop import strings
from imagecraft_desktop.errors import KeyNotAllowed


class Modifier(StrEnum):
    """Keys held down together with another, in the order they are said."""

    CTRL = "ctrl"
    ALT = "alt"
    SHIFT = "shift"
    SUPER = "super"


_MODIFIER_ALIASES = {
    "control": Modifier.CTRL,
    "option": Modifier.ALT,
    "win": Modifier.SUPER,
    "windows": Modifier.SUPER,
    "meta": Modifier.SUPER,
    "cmd": Modifier.SUPER,
    "command": Modifier.SUPER,
}
_FUNCTION_KEYS = frozenset(f"f{number}" for number in range(1, 25))
_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789") | {"space"}
_NAMED = {
    "escape": strings.KEY_ESCAPE,
    "tab": strings.KEY_TAB,
    "return": strings.KEY_RETURN,
    "backspace": strings.KEY_BACKSPACE,
    "delete": strings.KEY_DELETE,
    "home": strings.KEY_HOME,
    "end": strings.KEY_END,
    "pageup": strings.KEY_PAGE_UP,
    "pagedown": strings.KEY_PAGE_DOWN,
    "left": strings.KEY_LEFT,
    "right": strings.KEY_RIGHT,
    "up": strings.KEY_UP,
    "down": strings.KEY_DOWN,
    "pause": strings.KEY_PAUSE,
    "scrolllock": strings.KEY_SCROLL_LOCK,
    "print": strings.KEY_PRINT,
    "menu": strings.KEY_MENU,
    "space": strings.KEY_SPACE,
}
_KEY_ALIASES = {
    "esc": "escape",
    "enter": "return",
    "del": "delete",
    "pgup": "pageup",
    "pgdn": "pagedown",
}
# keys that screen readers take for themselves: NVDA, JAWS, Orca, Narrator
_READER_KEYS = frozenset({"insert", "capslock", "kp_insert", "numpad0"})
_MODIFIER_NAMES = {
    Modifier.CTRL: strings.KEY_CTRL,
    Modifier.ALT: strings.KEY_ALT,
    Modifier.SHIFT: strings.KEY_SHIFT,
    Modifier.SUPER: strings.KEY_SUPER,
}
_MAC_MODIFIER_NAMES = _MODIFIER_NAMES | {
    Modifier.ALT: strings.KEY_OPTION,
    Modifier.SUPER: strings.KEY_COMMAND,
}


@dataclass(frozen=True)
class Combination:
    """Modifiers and one key, by their names here: letters, digits, "f1" to "f24", "space"..."""

    modifiers: frozenset[Modifier]
    key: str

    def __str__(self) -> str:
        """As it is written in the settings."""
        return "+".join([*(m.value for m in Modifier if m in self.modifiers), self.key])

    @property
    def spoken(self) -> str:
        """For the ear: "Control Shift F11"."""
        names = _MAC_MODIFIER_NAMES if sys.platform == "darwin" else _MODIFIER_NAMES
        spoken = strings.say(_NAMED[self.key]) if self.key in _NAMED else self.key.upper()
        for modifier in reversed(Modifier):
            if modifier in self.modifiers:
                name = strings.say(names[modifier])
                spoken = strings.say(strings.KEY_WITH_MODIFIER, modifier=name, key=spoken)
        return spoken


SPARE = tuple(
    Combination(frozenset({Modifier.CTRL, Modifier.SHIFT}), key)
    for key in ("f9", "f8", "f7", "f6", "pageup", "pagedown")
)
"""Combinations to name when the chosen one is taken."""


def parse(text: str, platform: str = sys.platform) -> Combination | None:
    """Read "ctrl+shift+f11"; empty text is no key at all.

    Args:
        platform: As `sys.platform`; the rules differ by system.
    Raises:
        KeyNotAllowed: No such key, or one that would clash; the sentence says why. It names a combination as it
            is said, anything else as it was written.
    """
    parts = [part.strip().lower() for part in text.split("+")]
    if parts == [""]:
        return None
    modifiers = set[Modifier]()
    for part in parts[:-1]:
        if part in _READER_KEYS:
            raise _refusal(text, strings.KEY_OF_READER)
        modifier = _MODIFIER_ALIASES.get(part) or (
            Modifier(part) if part in set(Modifier) else None
        )
        if modifier is None:
            raise _refusal(text, strings.KEY_UNKNOWN)
        modifiers.add(modifier)
    key = _KEY_ALIASES.get(parts[-1], parts[-1])
    if key in _READER_KEYS:
        raise _refusal(text, strings.KEY_OF_READER)
    if key in {"", *Modifier, *_MODIFIER_ALIASES}:
        raise _refusal(text, strings.KEY_MODIFIER_ALONE)
    if key not in _FUNCTION_KEYS | _CHARACTERS | _NAMED.keys():
        raise _refusal(text, strings.KEY_UNKNOWN)
    combination = Combination(frozenset(modifiers), key)
    if (reason := _clash(combination, platform)) is not None:
        raise _refusal(combination.spoken, reason)
    return combination


def _refusal(text: str, reason: str) -> KeyNotAllowed:
    return KeyNotAllowed(key=text, reason=strings.say(reason))


def _clash(combination: Combination, platform: str) -> str | None:
    """The sentence that says what else the combination does, or None."""
    held, key = combination.modifiers, combination.key
    is_character = key in _CHARACTERS
    strong = held - {Modifier.SHIFT}
    if not strong and key not in {f"f{number}" for number in range(13, 25)} | {"pause"}:
        # alone or with Shift a key types, moves, or is an application's own
        return strings.KEY_NEEDS_MODIFIER
    if strong == {Modifier.CTRL, Modifier.ALT}:
        if platform == "darwin":
            return strings.KEY_OF_READER  # VoiceOver
        if platform == "win32" and is_character:
            return strings.KEY_TYPES  # the same as AltGr
        if platform == "linux" and key in _FUNCTION_KEYS | {"backspace"}:
            return strings.KEY_OF_SYSTEM  # switches to a text console
        if key == "delete":
            return strings.KEY_OF_SYSTEM
    if strong == {Modifier.ALT} and (key in {"tab", "escape", "space", "f4", "return"}):
        return strings.KEY_OF_SYSTEM
    if strong == {Modifier.CTRL} and key in {"escape", "tab"}:
        return strings.KEY_OF_SYSTEM
    if Modifier.SUPER in held and platform == "win32":
        return strings.KEY_OF_SYSTEM
    if is_character and Modifier.SHIFT not in held and len(strong) == 1:
        return strings.KEY_OF_PROGRAMS  # Control C, Alt F, Command S
    return None
