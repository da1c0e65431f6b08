"""`imagecraft-desktop trigger`, `stop`, `repeat` and `status`: reach the running program.

Standard library only, so that a key bound to `trigger` in the desktop's settings answers at once.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.errors import (
    EXIT_BAD_INPUT,
    EXIT_DEFECT,
    EXIT_DONE,
    EXIT_NOT_RUNNING,
    EXIT_USAGE,
    NoAnswer,
    NotRunning,
    UnreadableImage,
)
from imagecraft_desktop.strings import say
from imagecraft_desktop.trigger import client
from imagecraft_desktop.trigger.actions import Action

_START_WAIT_S = 10.0
_MOST_LETTERS = 12_000
"""A message to the program may have some more; see `trigger.server`."""


def _start() -> int:
    """Start the program and wait until it answers; not 0 when it ended instead, and told why.

    Raises:
        NotRunning: It does not answer, and does not tell why.
    """
    with tempfile.TemporaryFile() as words:
        program = subprocess.Popen(
            [sys.executable, "-m", "imagecraft_desktop", "app"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=words,
            start_new_session=True,
        )
        end = time.monotonic() + _START_WAIT_S
        while True:
            try:
                client.send(Action.STATUS)
                return EXIT_DONE
            except NotRunning:
                if program.poll() is not None:
                    words.seek(0)
                    if not (told := words.read().decode(errors="replace").strip()):
                        raise
                    print(told, file=sys.stderr)
                    return EXIT_NOT_RUNNING
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)


def _refused(action: Action, files: Iterable[str]) -> set[str]:
    """Tell which of the files cannot be described; the program would read them only after its answer."""
    if action not in {Action.FILE, Action.IMAGES}:
        return set()
    from imagecraft_desktop.capture.file import check

    refused = set()
    for file in files:
        if action is Action.IMAGES and Path(file).is_dir():
            continue
        try:
            check(Path(file))
        except UnreadableImage as error:
            print(error.spoken, file=sys.stderr)
            refused.add(file)
    return refused


def _words(arguments: argparse.Namespace, files: Sequence[str]) -> dict[str, Any]:
    """What the program is told beside the action."""
    words = {}
    if arguments.command == "window" and files:
        words["paths"] = json.dumps([str(Path(file).absolute()) for file in files])
    if arguments.command == "trigger":
        words["aloud"] = "yes"  # it may be bound to a key, where nobody sees what is printed
    if path := getattr(arguments, "path", None):
        words["path"] = str(Path(path).absolute())
    if question := getattr(arguments, "question", None):
        words["question"] = question
    return words


def remote(arguments: argparse.Namespace) -> int:
    """Send one action; prints the program's answer, a sentence."""
    if arguments.command == "window":
        action, files = Action.IMAGES, arguments.files
    else:
        action = Action(arguments.action if arguments.command == "trigger" else arguments.command)
        files = [arguments.path] if getattr(arguments, "path", None) else []
    refused = _refused(action, files)
    left = [file for file in files if file not in refused]
    words = _words(arguments, left)
    if len(words.get("paths", "")) > _MOST_LETTERS:
        print(say(strings.CLI_WINDOW_TOO_MANY), file=sys.stderr)
        return EXIT_USAGE
    if refused and not left:
        if arguments.command == "trigger":
            with suppress(NotRunning, NoAnswer):
                client.send(action, **words)  # which fails so that it is heard
        return EXIT_BAD_INPUT
    try:
        reply = client.send(action, **words)
    except NotRunning:
        if not getattr(arguments, "start", False):
            raise
        if status := _start():
            return status
        reply = client.send(action, **words)
    if getattr(arguments, "json", False):
        print(json.dumps(reply, ensure_ascii=False))
    elif reply.get("spoken"):
        print(reply["spoken"])
    if not reply.get("ok"):
        return int(reply.get("exit_code", EXIT_DEFECT))
    return EXIT_BAD_INPUT if refused else EXIT_DONE
