"""`imagecraft-desktop settings get|set|list|path|window|reset|ask-again|export|import`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from imagecraft_desktop import choices, strings
from imagecraft_desktop.errors import (
    EXIT_BAD_INPUT,
    EXIT_DEFECT,
    EXIT_DONE,
    NotRunning,
)
from imagecraft_desktop.settings import store, transfer
from imagecraft_desktop.settings.table import Settings, rows, unknown
from imagecraft_desktop.strings import say
from imagecraft_desktop.trigger import client
from imagecraft_desktop.trigger.actions import Action

_ALL = "all"


def _shown(name: str, value: object) -> str:
    """A value as it may be typed back; a secret one is not shown."""
    if value and rows()[name].metadata["is_secret"]:
        return say(strings.SET_HIDDEN)
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


def _print_one(name: str, settings: Settings) -> None:
    value, label = _shown(name, getattr(settings, name)), say(rows()[name].metadata["label"])
    print(say(strings.CLI_SETTING, name=name, value=value, label=label))


def change(name: str, value: str) -> Settings:
    """Write a setting, and let a running program take it over. Raises ImageCraftError."""
    return _change({name: value})


def _change(changes: Mapping[str, object]) -> Settings:
    changed = choices.keep(changes)
    try:
        reply = client.send(Action.RELOAD)
    except NotRunning:
        return changed  # it will read the file when it starts
    if not reply["ok"]:
        print(reply["spoken"], file=sys.stderr)
    return changed


def _set(arguments: argparse.Namespace) -> int:
    changed = change(arguments.name, arguments.value)
    _print_one(arguments.name, changed)
    about = choices.NOTES.get(arguments.name)
    if about is not None and (note := about(changed)):
        print(note, file=sys.stderr)
    return EXIT_DONE


def _get(arguments: argparse.Namespace) -> int:
    name = arguments.name
    if name not in rows():
        raise unknown(name)
    print(_shown(name, getattr(store.load().settings, name)))
    return EXIT_DONE


def _list(_: argparse.Namespace) -> int:
    settings = store.load().settings
    for name in rows():
        _print_one(name, settings)
    return EXIT_DONE


def _path(_: argparse.Namespace) -> int:
    print(store.path())
    return EXIT_DONE


def _reset(arguments: argparse.Namespace) -> int:
    """One setting, or all of them with `all`."""
    name = arguments.name
    if name not in {*rows(), _ALL}:
        raise unknown(name)
    names = list(rows()) if name == _ALL else [name]
    changed = _change({one: rows()[one].default for one in names})
    if name == _ALL:
        print(say(strings.SETTINGS_RESET_DONE))
    else:
        _print_one(name, changed)
    return EXIT_DONE


def _export(arguments: argparse.Namespace) -> int:
    file = Path(arguments.file)
    secret = transfer.export(store.load().settings, file)
    print(say(strings.SETTINGS_EXPORTED, name=file.name))
    if secret:
        print(say(strings.SETTINGS_SECRET_LEFT_OUT))
    return EXIT_DONE


def _import(arguments: argparse.Namespace) -> int:
    now = store.load().settings
    found = transfer.read(
        Path(arguments.file), lambda name, value, all: choices.check(name, value, now, all)
    )
    _change(found.changes)
    print(say(strings.SETTINGS_IMPORTED, count=len(found.changes)))
    for problem in found.problems:
        print(problem, file=sys.stderr)
    return EXIT_BAD_INPUT if found.problems else EXIT_DONE


def _ask_again(_: argparse.Namespace) -> int:
    from imagecraft_desktop.capture import asking

    asking.forget()
    print(say(strings.SETTINGS_ASK_AGAIN_DONE))
    return EXIT_DONE


def _window(_: argparse.Namespace) -> int:
    reply = client.send(Action.SETTINGS)
    if reply.get("spoken"):
        print(reply["spoken"])
    return EXIT_DONE if reply.get("ok") else int(reply.get("exit_code", EXIT_DEFECT))


_VERBS = {
    "get": _get,
    "set": _set,
    "list": _list,
    "path": _path,
    "reset": _reset,
    "export": _export,
    "import": _import,
    "window": _window,
    "ask-again": _ask_again,
}


def settings(arguments: argparse.Namespace) -> int:
    """Read or change settings; a running program takes a change over at once."""
    return _VERBS[arguments.verb](arguments)
