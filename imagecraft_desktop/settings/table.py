"""Every setting, once: its type, default, range and the sentence that names it.

From this table come the checks on load, the command line's `settings` and, later, the dialog.
"""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from typing import Any, TypeVar

from imagecraft_desktop import strings
from imagecraft_desktop.errors import BadSetting, UnknownSetting

T = TypeVar("T", str, int, float, bool)


def row(
    default: T,
    *,
    label: str,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
    is_secret: bool = False,
) -> T:
    """A setting: `low` and `high` bound a number (both allowed), `choices` a word; a secret one is never
    shown."""
    meta = {"label": label, "low": low, "high": high, "choices": choices, "is_secret": is_secret}
    made: T = field(default=default, metadata=meta, repr=not is_secret)
    return made


@dataclass(frozen=True)
class Settings:
    """All settings. Add one by adding a row; nothing else needs to know."""

    # speech
    voice: str = row("hibari", label=strings.SET_VOICE)
    speech_rate: float = row(1.0, label=strings.SET_RATE, low=0.5, high=4.0)
    speech_volume: float = row(1.0, label=strings.SET_VOLUME, low=0.0, high=1.0)
    sound_device: str = row("", label=strings.SET_DEVICE)
    output_route: str = row(
        "auto", label=strings.SET_ROUTE, choices=("auto", "voice", "reader", "messages")
    )
    voicecraft_model: str = row("", label=strings.SET_VOICECRAFT_MODEL)
    voicecraft_mode: str = row(
        "auto",
        label=strings.SET_VOICECRAFT_MODE,
        choices=("auto", "fp32", "bf16", "int8", "int4"),
    )
    # description
    captioner: str = row("embedded", label=strings.SET_CAPTIONER)
    server_address: str = row("", label=strings.SET_SERVER_ADDRESS)
    server_model: str = row("", label=strings.SET_SERVER_MODEL)
    server_key: str = row("", label=strings.SET_SERVER_KEY, is_secret=True)
    server_wait_s: float = row(120.0, label=strings.SET_SERVER_WAIT, low=2.0, high=3600.0)
    detail: str = row("normal", label=strings.SET_DETAIL, choices=("brief", "normal", "detailed"))
    language: str = row("auto", label=strings.SET_LANGUAGE)
    description_language: str = row("auto", label=strings.SET_DESCRIPTION_LANGUAGE)
    instruction_brief: str = row("", label=strings.SET_INSTRUCTION_BRIEF)
    instruction_normal: str = row("", label=strings.SET_INSTRUCTION_NORMAL)
    instruction_detailed: str = row("", label=strings.SET_INSTRUCTION_DETAILED)
    region: str = row("", label=strings.SET_REGION)
    # hotkeys
    layer_key: str = row("ctrl+shift+f11", label=strings.SET_LAYER_KEY)
    window_key: str = row("ctrl+shift+f12", label=strings.SET_WINDOW_KEY)
    # signs
    earcons: bool = row(True, label=strings.SET_EARCONS)
    working_tick: bool = row(True, label=strings.SET_WORKING_TICK)
    notifications: bool = row(True, label=strings.SET_NOTIFICATIONS)
    high_contrast: bool = row(False, label=strings.SET_CONTRAST)
    # what is kept
    history: bool = row(True, label=strings.SET_HISTORY)
    history_pictures: bool = row(False, label=strings.SET_HISTORY_PICTURES)
    history_days: float = row(30.0, label=strings.SET_HISTORY_DAYS, low=0.0, high=3650.0)
    history_mb: float = row(50.0, label=strings.SET_HISTORY_MB, low=1.0, high=10_000.0)
    # the program
    unload_after_min: float = row(5.0, label=strings.SET_UNLOAD_AFTER, low=0.0, high=1440.0)
    log_level: str = row(
        "info", label=strings.SET_LOG_LEVEL, choices=("debug", "info", "warning", "error")
    )


def rows() -> dict[str, Field[Any]]:
    """The table by setting name, in the order it is shown."""
    return {f.name: f for f in fields(Settings)}


def checked(name: str, value: object) -> str | int | float | bool:
    """The value in the setting's own type; text such as "1.5", "on" or "false" is understood.

    Raises:
        UnknownSetting: There is no such setting.
        BadSetting: The value has the wrong type or is out of range.
    """
    if name not in rows():
        raise UnknownSetting(name=name)
    setting = rows()[name]
    meta = setting.metadata
    kind: type = type(setting.default)

    def bad(allowed: str) -> BadSetting:
        return BadSetting(name=name, value=value, allowed=allowed)

    if kind is bool:
        if isinstance(value, bool):
            return value
        words = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}
        if isinstance(value, str) and value.strip().lower() in words:
            return words[value.strip().lower()]
        raise bad("on, off")
    if kind is int or kind is float:
        low, high = meta["low"], meta["high"]
        try:
            if isinstance(value, bool) or not isinstance(value, str | int | float):
                raise ValueError
            number = kind(value)
        except (ValueError, OverflowError):
            raise bad(strings.say(strings.ALLOWED_RANGE, low=low, high=high)) from None
        if not (low is None or number >= low) or not (high is None or number <= high):
            raise bad(strings.say(strings.ALLOWED_RANGE, low=low, high=high))
        return number
    if not isinstance(value, str):
        raise bad(strings.say(strings.ALLOWED_TEXT))
    if meta["choices"] and value not in meta["choices"]:
        raise bad(", ".join(meta["choices"]))
    return value
