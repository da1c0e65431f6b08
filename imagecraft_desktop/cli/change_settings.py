"""`imagecraft-desktop settings get|set|list|path`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from imagecraft_desktop import strings
from imagecraft_desktop.errors import EXIT_DONE, BadSetting, NotRunning, UnknownSetting
from imagecraft_desktop.settings import store
from imagecraft_desktop.settings.table import Settings, rows
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.language import languages
from imagecraft_desktop.trigger import client
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.trigger.keys import parse

_KEYS = ("layer_key", "window_key")


def _shown(name: str, value: object) -> str:
    """A value as it may be typed back; a secret one is not shown."""
    if value and rows()[name].metadata["is_secret"]:
        return say(strings.SET_HIDDEN)
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


def _print_one(name: str, settings: Settings) -> None:
    value, label = _shown(name, getattr(settings, name)), say(rows()[name].metadata["label"])
    print(say(strings.CLI_SETTING, name=name, value=value, label=label))


def _check(name: str, value: str) -> None:
    """Refuse a value that the table cannot judge. Raises SettingsError, HotkeyError, DescribeError."""
    if name in _KEYS:
        taken = {getattr(store.load().settings, key) for key in _KEYS if key != name}
        if str(parse(value)) in {str(parse(key)) for key in taken}:
            raise BadSetting(name=name, value=value, allowed=say(strings.ALLOWED_ANOTHER_KEY))
    elif name == "region" and value:
        from imagecraft_desktop.capture.screen import region_of

        region_of(value)
    elif name == "language" and value != "auto":
        _check_choice(name, value, ["en", *languages()])
    elif name == "voice":
        from imagecraft_desktop.speak import prompts
        from imagecraft_desktop.speak.base import known as voices

        _check_choice(name, prompts.find(value) or value, [*voices(), *prompts.names()])
    elif name == "server_address" and value:
        from imagecraft_desktop.describe.server.address import read_address

        read_address(value)
    elif name == "captioner":
        from imagecraft_desktop.describe import base
        from imagecraft_desktop.weights import store as models

        if (folder := _model_folder(value)) is not None:
            base.class_for(folder, base.known())
        else:
            _check_choice(name, value, [*base.known(), *models.captioners()])


def _model_folder(captioner: str) -> Path | None:
    """The whole path of a captioner's folder, for the program may run in another one; None when
    the word is a name."""
    from imagecraft_desktop.describe import base

    if captioner in base.known() or not base.is_folder(captioner):
        return None
    return Path(captioner).expanduser().resolve()


def _check_choice(name: str, value: str, allowed: Iterable[str]) -> None:
    if value not in set(allowed):
        raise BadSetting(name=name, value=value, allowed=", ".join(allowed))


def change(name: str, value: str) -> Settings:
    """Write a setting, and let a running program take it over. Raises SettingsError."""
    changed = store.set_value(name, value)
    try:
        reply = client.send(Action.RELOAD)
    except NotRunning:
        return changed  # it will read the file when it starts
    if not reply["ok"]:
        print(reply["spoken"], file=sys.stderr)
    return changed


def _set(name: str, value: str) -> int:
    _check(name, value)
    if name == "captioner" and (folder := _model_folder(value)) is not None:
        value = str(folder)
    _print_one(name, change(name, value))
    return EXIT_DONE


def settings(arguments: argparse.Namespace) -> int:
    """Read or change settings; a running program takes a change over at once."""
    if arguments.verb == "path":
        print(store.path())
        return EXIT_DONE
    if arguments.verb == "set":
        return _set(arguments.name, arguments.value)
    loaded = store.load()
    if arguments.verb == "get":
        if arguments.name not in rows():
            raise UnknownSetting(name=arguments.name)
        print(_shown(arguments.name, getattr(loaded.settings, arguments.name)))
        return EXIT_DONE
    for name in rows():
        _print_one(name, loaded.settings)
    return EXIT_DONE
