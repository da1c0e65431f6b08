"""Keeps the settings in a JSON file that a person may also edit.

Only values that differ from their defaults are written; keys that this version does not know are
kept. A change is made under a lock between processes, written to a new file and put in place in
one step, so that a reader, or a power cut, finds the old file or the new one and never a half.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.errors import BadSetting, SettingsLocked, SettingsNotSaved
from imagecraft_desktop.settings.table import Settings, checked, rows
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths

LOCK_WAIT_S = 5.0
"""How long a change waits for another process to finish its own."""

_UNTIL_KNOWN: Mapping[str, Any] = {"history": False}
"""Settings whose default would do what a user whose choice is lost may have forbidden."""
_EDITOR_PAUSE_S = 0.1
_REPLACE_TRIES = 20
_REPLACE_PAUSE_S = 0.05


@dataclass(frozen=True, slots=True)
class Migration:
    """A setting that was renamed, changed its values, or went.

    Attributes:
        version: The version of the program that made the change.
        old: The name in older files; it must never be given to another setting.
        new: The name now, None when the setting is gone.
        change: Turns the old value into the new one.
    """

    version: str
    old: str
    new: str | None
    change: Callable[[Any], object] = lambda value: value


MIGRATIONS: tuple[Migration, ...] = ()
"""Oldest first."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings from the file, and a sentence for each thing in it that could not be used.

    Attributes:
        lost: Names of those that the user may have set otherwise, which is not known. They are as
            by default; but nothing is kept of what is described, for the user may not want it.
    """

    settings: Settings
    problems: tuple[str, ...] = ()
    lost: frozenset[str] = frozenset()


def path() -> Path:
    """The settings file; it need not exist."""
    return paths.config_dir() / "settings.json"


def load(file: Path | None = None) -> Loaded:
    """Read the settings; whatever is wrong with the file, settings come back.

    A file that is not JSON is set aside as `settings.json.bad`: only the first load tells of it.

    Args:
        file: The settings file; that of the user when None.
    """
    file = file or path()
    problems: list[str] = []
    try:
        values = _read(file)
    except OSError:
        problems = [say(strings.ERR_BAD_SETTINGS_FILE), say(strings.SETTINGS_HISTORY_OFF)]
        return Loaded(Settings(**_UNTIL_KNOWN), tuple(problems), frozenset(rows()))
    except _NotJson:
        values, problem = _recover(file)
        problems += [problem] if problem else []
    lost = set(rows()) if problems or _was_set_aside(file) else set()
    good: dict[str, Any] = {}
    for name, value in values.items():
        if name not in rows():
            continue
        try:
            good[name] = checked(name, value)
        except BadSetting as error:
            problems.append(error.spoken)
            lost.add(name)
    careful = {name: value for name, value in _UNTIL_KNOWN.items() if name in lost}
    if problems and careful:
        problems.append(say(strings.SETTINGS_HISTORY_OFF))
    return Loaded(Settings(**good | careful), tuple(problems), frozenset(lost))


def set_value(name: str, value: object, file: Path | None = None) -> Settings:
    """Change one setting in the file; all other entries stay as they are.

    Args:
        value: Of the setting's own type, or text as a person types it ("1.5", "on").
    Returns:
        The settings as they are now.
    Raises:
        UnknownSetting: There is no such setting.
        BadSetting: The value has the wrong type or is out of range.
        SettingsNotSaved: The file cannot be written; the old one is intact.
        SettingsLocked: Another process holds the file for more than `LOCK_WAIT_S`.
    """
    return set_values({name: value}, file)


def set_values(changes: Mapping[str, object], file: Path | None = None) -> Settings:
    """Change several settings in one step: all of them or none. Raises as `set_value`."""
    file = file or path()
    new = {name: checked(name, value) for name, value in changes.items()}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with _locked(file):
            try:
                values = dict(_UNTIL_KNOWN) if _was_set_aside(file) else _read(file)
            except _NotJson:
                _set_aside(file)
                values = dict(_UNTIL_KNOWN)
            values.update(new)
            _write(file, {n: v for n, v in values.items() if not _is_default(n, v)})
    except OSError as error:
        raise SettingsNotSaved(type(error).__name__, reason=_reason(error)) from error
    return load(file).settings


def _is_default(name: str, value: object) -> bool:
    return name in rows() and value == rows()[name].default


def _reason(error: OSError) -> str:
    """The system's own words, such as "No space left on device"."""
    return error.strerror or type(error).__name__


class _NotJson(Exception):
    """The settings file does not hold a JSON object."""


def _read(file: Path) -> dict[str, Any]:
    """The entries of the file, migrated; none when there is no file. Raises OSError, _NotJson."""
    try:
        values = json.loads(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (ValueError, RecursionError) as error:
        raise _NotJson from error
    if not isinstance(values, dict):
        raise _NotJson
    for step in MIGRATIONS:
        if step.old in values:
            value = values.pop(step.old)
            if step.new is not None:
                values.setdefault(step.new, step.change(value))
    return values


def _recover(file: Path) -> tuple[dict[str, Any], str]:
    """What a file that looked broken holds after all, or nothing and the sentence to tell.

    An editor may be writing it just now, so it is read once more, with no other process of ours
    changing it, before it is set aside.
    """
    time.sleep(_EDITOR_PAUSE_S)
    try:
        with _locked(file):
            return _read(file), ""
    except _NotJson:
        return {}, _set_aside(file)
    except (OSError, SettingsLocked):
        return {}, say(strings.ERR_BAD_SETTINGS_FILE)


def _aside(file: Path) -> Path:
    return file.with_name(file.name + ".bad")


def _was_set_aside(file: Path) -> bool:
    """Whether the user's file was broken, and they have begun no new one since."""
    return not os.path.lexists(file) and os.path.lexists(_aside(file))


def _set_aside(file: Path) -> str:
    """Move a broken file out of the way, so that it can be mended; the sentence that says so."""
    aside = _aside(file)
    try:
        file.replace(aside)
    except OSError:
        return say(strings.ERR_BAD_SETTINGS_FILE)
    return say(strings.SETTINGS_SET_ASIDE, file=aside.name)


def _write(file: Path, values: dict[str, Any]) -> None:
    """Put a whole new file in the place of the old one."""
    target = file.resolve()  # a link into a folder of dot files stays a link
    text = json.dumps(values, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    for left in target.parent.glob(".settings-*.tmp"):  # by a process that was killed
        left.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(prefix=".settings-", suffix=".tmp", dir=target.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode())
            stream.flush()
            os.fsync(stream.fileno())
        _replace(new, target)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise
    _sync_folder(target.parent)


def _replace(new: Path, target: Path) -> None:
    """Rename over the target; Windows refuses while another process has it open to read."""
    for _ in range(_REPLACE_TRIES):
        try:
            new.replace(target)
        except PermissionError:
            if os.name != "nt":
                raise
            time.sleep(_REPLACE_PAUSE_S)
        else:
            return
    new.replace(target)


def _sync_folder(folder: Path) -> None:
    """Make the renaming last through a power cut, where the system can open a folder."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Hold the lock between processes. Raises SettingsLocked."""
    from filelock import FileLock, Timeout  # 30 ms that reading a setting need not pay

    lock = FileLock(file.with_name(file.name + ".lock"), timeout=LOCK_WAIT_S)
    try:
        lock.acquire()
    except Timeout as error:
        raise SettingsLocked("lock timed out") from error
    try:
        yield
    finally:
        lock.release()
