"""`imagecraft-desktop history`: list, search, show, repeat, export and forget what was described.

Works with the file, so the program need not run; when it does, it forgets as well.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from imagecraft_desktop import strings
from imagecraft_desktop.errors import (
    EXIT_BAD_INPUT,
    EXIT_DONE,
    EXIT_USAGE,
    FileNotWritten,
    HistoryEntryMissing,
    HistoryPictureMissing,
    NotRunning,
)
from imagecraft_desktop.history import store as stored
from imagecraft_desktop.history.export import export, in_full
from imagecraft_desktop.settings import store as settings_store
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.new_file import write_new
from imagecraft_desktop.trigger import client
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.values import HistoryEntry, Request

_FORGETTING_S = 30.0
"""What is deleted is written over first, which a slow disk needs a while for."""


def history(arguments: argparse.Namespace) -> int:
    """Do one of the verbs. Raises HistoryError, FileNotWritten."""
    verbs: dict[str, Callable[[argparse.Namespace, stored.Store], int]] = {
        "list": _list,
        "search": _list,
        "show": _show,
        "repeat": _repeat,
        "export": _export,
        "forget": _forget,
    }
    if not stored.is_possible() and arguments.verb != "forget":
        print(say(strings.HISTORY_NOT_HERE), file=sys.stderr)
        return EXIT_BAD_INPUT
    store = stored.Store(stored.path())
    try:
        return verbs[arguments.verb](arguments, store)
    finally:
        for sentence in store.take_notices():
            print(sentence, file=sys.stderr)


def _list(arguments: argparse.Namespace, store: stored.Store) -> int:
    words = " ".join(getattr(arguments, "words", ()))
    entries = store.entries(words, max(arguments.most, 1))
    for entry in entries:
        if arguments.json:
            print(json.dumps(entry.facts(), ensure_ascii=False))
        else:
            print(_line(entry))
    if not entries and not arguments.json:
        print(say(strings.HISTORY_NOT_FOUND if words else strings.HISTORY_EMPTY))
    total = store.count(words)
    if (left := total - len(entries)) > 0 and not arguments.json:
        print(say(strings.HISTORY_MORE, count=left, total=total))
    if not settings_store.load().settings.history:
        print(say(strings.HISTORY_OFF), file=sys.stderr)
    return EXIT_DONE


def _line(entry: HistoryEntry) -> str:
    form = strings.HISTORY_LINE_ASKED if entry.question else strings.HISTORY_LINE
    first = entry.statements[0].text if entry.statements else ""
    words: dict[str, object] = {"number": entry.number, "when": entry.when, "name": entry.title}
    return say(
        form, **words, text=first, **({"question": entry.question} if entry.question else {})
    )


def _chosen(arguments: argparse.Namespace, store: stored.Store) -> HistoryEntry:
    entry = store.entry(arguments.number)
    if entry is None:
        raise HistoryEntryMissing(number=arguments.number)
    return entry


def _show(arguments: argparse.Namespace, store: stored.Store) -> int:
    entry = _chosen(arguments, store)
    if arguments.json:
        print(json.dumps(entry.facts(), ensure_ascii=False))
    else:
        print(in_full(entry))
    if arguments.picture is not None:
        _write_picture(Path(arguments.picture), entry, store)
    return EXIT_DONE


def _write_picture(path: Path, entry: HistoryEntry, store: stored.Store) -> None:
    """Write the picture that was kept, a PNG. Raises HistoryPictureMissing, FileNotWritten."""
    content = store.picture(entry.number)
    if content is None:
        are_kept = settings_store.load().settings.history_pictures
        raise HistoryPictureMissing(entry.number, are_kept=are_kept)
    if path.suffix.lower() != ".png":
        reason = say(strings.HISTORY_ENDING, endings=".png")
        raise FileNotWritten(name=path.name, reason=reason)
    write_new(path, content)
    print(say(strings.HISTORY_PICTURE_WRITTEN, path=path), file=sys.stderr)


def _repeat(arguments: argparse.Namespace, store: stored.Store) -> int:
    from imagecraft_desktop.cli.describe import finish, tell
    from imagecraft_desktop.cli.road import Road

    entry = _chosen(arguments, store)
    print(entry.text)
    arguments.json = False
    road = Road(arguments, settings_store.load().settings)
    try:
        outcome = road.run(Request(None, text=entry.text, manner=road.manner), lambda _: None)
        return tell(outcome) or finish(arguments, road)
    finally:
        road.close()


def _export(arguments: argparse.Namespace, store: stored.Store) -> int:
    entries = store.entries()
    export(Path(arguments.file), entries)
    print(say(strings.HISTORY_EXPORTED, count=len(entries), path=arguments.file))
    return EXIT_DONE


def _forget(arguments: argparse.Namespace, store: stored.Store) -> int:
    """One by its number, or all of them with `--all`: never because a number was left out."""
    if arguments.all == (arguments.number is not None):
        print(say(strings.HISTORY_FORGET_WHAT), file=sys.stderr)
        return EXIT_USAGE
    if arguments.number is not None:
        if not (count := store.forget(arguments.number)):
            raise HistoryEntryMissing(number=arguments.number)
    else:
        from imagecraft_desktop.capture import asking

        count = _forget_running()
        count = max(count, store.forget())
        asking.forget()
    print(say(strings.HISTORY_FORGOTTEN, count=count))
    return EXIT_DONE


def _forget_running() -> int:
    """Let the running program forget what it has in memory; how many descriptions it deleted."""
    try:
        reply = client.send(Action.FORGET, timeout_s=_FORGETTING_S)
    except NotRunning:
        return 0
    if not reply.get("ok"):
        print(reply.get("spoken", ""), file=sys.stderr)
    return int(reply.get("count", 0))
