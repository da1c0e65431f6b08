"""Settings in a file of the user's own, to carry them to another machine. Secrets stay here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.errors import FileNotWritten, ImageCraftError, SettingsNotRead
from imagecraft_desktop.settings.table import Settings, rows
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.new_file import why_not_written
from imagecraft_desktop.system.plain_file import NotReadable, opened

_MOST_BYTES = 1_000_000
_FORMAT = "imagecraft-desktop settings"
_VERSION = 1


@dataclass(frozen=True)
class Imported:
    """What a file brings: `changes` fit, `problems` says in a sentence each what was left out."""

    changes: dict[str, object]
    problems: tuple[str, ...]


def export(settings: Settings, file: Path) -> tuple[str, ...]:
    """Write what differs from the defaults.

    Returns:
        The names of the settings that were left out because they are secret.
    Raises:
        FileNotWritten: With the reason.
    """
    changed = {
        name: getattr(settings, name)
        for name, setting in rows().items()
        if getattr(settings, name) != setting.default
    }
    secret = tuple(name for name in changed if rows()[name].metadata["is_secret"])
    shown = {name: value for name, value in changed.items() if name not in secret}
    content = {"format": _FORMAT, "version": _VERSION, "settings": shown}
    text = json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    try:
        file.write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = why_not_written(error)
        raise FileNotWritten(type(error).__name__, name=file.name, reason=reason) from error
    return secret


def read(file: Path, check: Callable[[str, object, Mapping[str, object]], object]) -> Imported:
    """Read settings that were exported; nothing is changed yet.

    Args:
        check: Judges a value, given its name and all others; raises ImageCraftError.
    Raises:
        SettingsNotRead: The file is none of ours, or cannot be read.
    """
    values = _values(file)
    changes: dict[str, object] = {}
    problems: list[str] = []
    for name, value in values.items():
        if name in rows() and rows()[name].metadata["is_secret"]:
            continue
        try:
            changes[name] = check(name, value, values)
        except ImageCraftError as error:
            problems.append(error.spoken)
    return Imported(changes, tuple(problems))


def _values(file: Path) -> dict[str, Any]:
    try:
        with opened(file, _MOST_BYTES) as stream:
            content = json.loads(stream.read())
    except NotReadable as error:
        raise SettingsNotRead(name=file.name, reason=error.reason) from error
    except (ValueError, RecursionError) as error:
        raise _not_ours(file) from error
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise _not_ours(file)
    values = content.get("settings")
    if content.get("version") != _VERSION or not isinstance(values, dict):
        raise _not_ours(file)
    return values


def _not_ours(file: Path) -> SettingsNotRead:
    return SettingsNotRead(name=file.name, reason=say(strings.SETTINGS_NOT_EXPORTED))
