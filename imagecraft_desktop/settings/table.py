"""Every setting, once: its type, default, range and the sentence that names it.

From this table come the checks on load, the command line's `settings` and the settings window.
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
    help: str = "",
    section: str = "",
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
    is_secret: bool = False,
    is_key: bool = False,
) -> T:
    """A setting.

    Args:
        label: Names it; a short noun phrase.
        help: A sentence or two for who does not know what it is for.
        section: Title of a group of settings that begins with this one.
        low, high: Bounds of a number, both allowed.
        choices: The words that it may be.
        is_secret: It is never shown.
        is_key: It is a combination of keys, such as "ctrl+shift+f11".
    """
    meta = {
        **{"label": label, "help": help, "section": section},
        **{"low": low, "high": high, "choices": choices},
        **{"is_secret": is_secret, "is_key": is_key},
    }
    made: T = field(default=default, metadata=meta, repr=not is_secret)
    return made


@dataclass(frozen=True)
class Settings:
    """All settings. Add one by adding a row; nothing else needs to know."""

    voice: str = row(
        "hibari",
        label=strings.SET_VOICE,
        help=strings.SET_VOICE_HELP,
        section=strings.SECTION_SPEECH,
    )
    speech_rate: float = row(
        1.0, label=strings.SET_RATE, help=strings.SET_RATE_HELP, low=0.5, high=4.0
    )
    speech_pitch: float = row(
        0.0, label=strings.SET_PITCH, help=strings.SET_PITCH_HELP, low=-12.0, high=12.0
    )
    speech_volume: float = row(
        1.0, label=strings.SET_VOLUME, help=strings.SET_VOLUME_HELP, low=0.0, high=1.0
    )
    sound_device: str = row("", label=strings.SET_DEVICE, help=strings.SET_DEVICE_HELP)
    microphone: str = row("", label=strings.SET_MICROPHONE, help=strings.SET_MICROPHONE_HELP)
    output_route: str = row(
        "auto",
        label=strings.SET_ROUTE,
        help=strings.SET_ROUTE_HELP,
        choices=("auto", "voice", "reader", "messages"),
    )
    voicecraft_model: str = row(
        "", label=strings.SET_VOICECRAFT_MODEL, help=strings.SET_VOICECRAFT_MODEL_HELP
    )
    voicecraft_mode: str = row(
        "auto",
        label=strings.SET_VOICECRAFT_MODE,
        help=strings.SET_VOICECRAFT_MODE_HELP,
        choices=("auto", "fp32", "bf16", "int8", "int4"),
    )
    captioner: str = row(
        "embedded",
        label=strings.SET_CAPTIONER,
        help=strings.SET_CAPTIONER_HELP,
        section=strings.SECTION_DESCRIPTION,
    )
    server_address: str = row(
        "", label=strings.SET_SERVER_ADDRESS, help=strings.SET_SERVER_ADDRESS_HELP
    )
    server_model: str = row("", label=strings.SET_SERVER_MODEL, help=strings.SET_SERVER_MODEL_HELP)
    server_key: str = row(
        "", label=strings.SET_SERVER_KEY, help=strings.SET_SERVER_KEY_HELP, is_secret=True
    )
    server_wait_s: float = row(
        120.0,
        label=strings.SET_SERVER_WAIT,
        help=strings.SET_SERVER_WAIT_HELP,
        low=2.0,
        high=3600.0,
    )
    detail: str = row(
        "normal",
        label=strings.SET_DETAIL,
        help=strings.SET_DETAIL_HELP,
        choices=("brief", "normal", "detailed"),
    )
    language: str = row("auto", label=strings.SET_LANGUAGE, help=strings.SET_LANGUAGE_HELP)
    description_language: str = row(
        "auto", label=strings.SET_DESCRIPTION_LANGUAGE, help=strings.SET_DESCRIPTION_LANGUAGE_HELP
    )
    instruction_brief: str = row(
        "", label=strings.SET_INSTRUCTION_BRIEF, help=strings.SET_INSTRUCTION_BRIEF_HELP
    )
    instruction_normal: str = row(
        "", label=strings.SET_INSTRUCTION_NORMAL, help=strings.SET_INSTRUCTION_NORMAL_HELP
    )
    instruction_detailed: str = row(
        "", label=strings.SET_INSTRUCTION_DETAILED, help=strings.SET_INSTRUCTION_DETAILED_HELP
    )
    region: str = row("", label=strings.SET_REGION, help=strings.SET_REGION_HELP)
    layer_key: str = row(
        "ctrl+shift+f11",
        label=strings.SET_LAYER_KEY,
        help=strings.SET_LAYER_KEY_HELP,
        section=strings.SECTION_HOTKEYS,
        is_key=True,
    )
    window_key: str = row(
        "ctrl+shift+f12",
        label=strings.SET_WINDOW_KEY,
        help=strings.SET_WINDOW_KEY_HELP,
        is_key=True,
    )
    earcons: bool = row(
        True,
        label=strings.SET_EARCONS,
        help=strings.SET_EARCONS_HELP,
        section=strings.SECTION_SIGNS,
    )
    working_tick: bool = row(
        True, label=strings.SET_WORKING_TICK, help=strings.SET_WORKING_TICK_HELP
    )
    notifications: bool = row(
        True, label=strings.SET_NOTIFICATIONS, help=strings.SET_NOTIFICATIONS_HELP
    )
    high_contrast: bool = row(False, label=strings.SET_CONTRAST, help=strings.SET_CONTRAST_HELP)
    history: bool = row(
        True,
        label=strings.SET_HISTORY,
        help=strings.SET_HISTORY_HELP,
        section=strings.SECTION_HISTORY,
    )
    history_pictures: bool = row(
        False, label=strings.SET_HISTORY_PICTURES, help=strings.SET_HISTORY_PICTURES_HELP
    )
    history_days: float = row(
        30.0,
        label=strings.SET_HISTORY_DAYS,
        help=strings.SET_HISTORY_DAYS_HELP,
        low=0.0,
        high=3650.0,
    )
    history_mb: float = row(
        50.0,
        label=strings.SET_HISTORY_MB,
        help=strings.SET_HISTORY_MB_HELP,
        low=1.0,
        high=10_000.0,
    )
    autostart: bool = row(
        False,
        label=strings.SET_AUTOSTART,
        help=strings.SET_AUTOSTART_HELP,
        section=strings.SECTION_PROGRAM,
    )
    unload_after_min: float = row(
        5.0,
        label=strings.SET_UNLOAD_AFTER,
        help=strings.SET_UNLOAD_AFTER_HELP,
        low=0.0,
        high=1440.0,
    )
    log_level: str = row(
        "info",
        label=strings.SET_LOG_LEVEL,
        help=strings.SET_LOG_LEVEL_HELP,
        choices=("debug", "info", "warning", "error"),
    )


def sections() -> dict[str, tuple[str, ...]]:
    """The titles of the groups with the names of their settings, in the order they are shown."""
    found: dict[str, tuple[str, ...]] = {}
    title = ""
    for name, setting in rows().items():
        title = setting.metadata["section"] or title
        found[title] = (*found.get(title, ()), name)
    return found


def rows() -> dict[str, Field[Any]]:
    """The table by setting name, in the order it is shown."""
    return {f.name: f for f in fields(Settings)}


def unknown(name: str) -> UnknownSetting:
    """The error for a name that is none, which tells those that are near it."""
    steps = [strings.did_you_mean(name, rows()), strings.say(strings.SETTINGS_SEE_ALL)]
    return UnknownSetting(name=name, next_step=" ".join(step for step in steps if step))


def checked(name: str, value: object) -> str | int | float | bool:
    """The value in the setting's own type; text such as "1.5", "on" or "false" is understood.

    Raises:
        UnknownSetting: There is no such setting.
        BadSetting: The value has the wrong type or is out of range.
    """
    if name not in rows():
        raise unknown(name)
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
