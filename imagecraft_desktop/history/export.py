"""Writes the history to a file that the user named: as text to read, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from imagecraft_desktop import strings
from imagecraft_desktop.errors import FileNotWritten
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.new_file import write_new
from imagecraft_desktop.values import HistoryEntry

ENDINGS = (".txt", ".json")


def in_full(entry: HistoryEntry) -> str:
    """An entry with how sure each sentence is, one line each."""
    lines = [
        say(strings.HISTORY_HEAD, when=entry.when, name=entry.title, captioner=entry.captioner)
    ]
    if entry.question:
        lines.append(say(strings.HISTORY_QUESTION, question=entry.question))
    for one in entry.statements:
        lines.append(say(strings.HISTORY_SURE[one.certainty.value], text=one.text))
    if entry.has_picture:
        lines.append(say(strings.HISTORY_HAS_PICTURE, number=entry.number))
    return "\n".join([*lines, *entry.warnings])


def export(path: Path, entries: Sequence[HistoryEntry]) -> None:
    """Write them all; the file appears whole or not at all, for the user only. Raises FileNotWritten."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        reason = say(strings.HISTORY_ENDING, endings=", ".join(ENDINGS))
        raise FileNotWritten(name=path.name, reason=reason)
    if ending == ".json":
        facts = [entry.facts() for entry in entries]
        text = json.dumps(facts, ensure_ascii=False, indent=2)
    else:
        text = "\n\n".join(in_full(entry) for entry in entries)
    write_new(path, (text + "\n").encode(errors="replace"))
