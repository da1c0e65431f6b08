"""What became of each trigger of a soak, as a person would know it.

Two witnesses: the notifications, which show whatever is said, and the history, which has an entry for
each description. More of them than triggers is an answer that was doubled, fewer is one that was lost.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from tests.desktop import Desktop

_LIST = (strings.QUEUE_PAUSED, strings.QUEUE_CANCELLED, strings.QUEUE_RESUMED)
_LIST_BEGINS, _LIST_ENDS = "Done: ", ("is in the list.", "are in the list.")


class End(StrEnum):
    """What became of a trigger."""

    DESCRIBED = "described"
    CANCELLED = "cancelled"
    STATUS = "status told, second press"
    TOLD = "answered by a sentence"
    REPLACED = "replaced by a newer one"
    LOST = "lost"


@dataclass(eq=False)
class Trigger:
    """One.

    Attributes:
        source: How it was given.
        name: What the history calls what is to be described; "" when there is nothing.
        told: A part of the sentence that must answer it; "" for none.
    """

    source: str
    name: str = ""
    told: str = ""
    end: End | None = None


@dataclass
class Witness:
    """Sees what the program shows and keeps. `take` gives what is new since the last call."""

    desktop: Desktop
    history: Path
    shown: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    _events: int = 0
    _row: int = 0

    def look(self) -> None:
        """Add what has come."""
        events = self.desktop.events
        self.shown += [e["body"] for e in events[self._events :] if e["event"] == "notify"]
        self._events = len(events)
        with suppress(sqlite3.OperationalError):  # not made yet
            query = "SELECT number, name FROM entries WHERE number > ? ORDER BY number"
            address = f"file:{self.history}?mode=ro"
            with closing(sqlite3.connect(address, uri=True, timeout=5)) as base:
                rows = base.execute(query, (self._row,)).fetchall()
            self.kept += [name for _, name in rows]
            self._row = max([self._row, *(number for number, _ in rows)])

    def clear(self) -> None:
        """What was seen so far is accounted for."""
        self.shown.clear()
        self.kept.clear()

    def statuses(self) -> int:
        busy = strings.APP_BUSY.one.partition(" {")[0]
        return sum(text.startswith(busy) for text in self.shown)

    def cancels(self) -> int:
        return self.shown.count(say(strings.CANCELLED))

    def has(self, part: str) -> bool:
        return any(part in text for text in self.shown)

    def count(self, answers: list[str]) -> int:
        """How many sentences were shown, of these."""
        return sum(any(part in text for part in answers) for text in self.shown)

    def descriptions(self, answers: list[str]) -> list[str]:
        """What was shown and is neither status, cancel, one of these sentences nor a word about the list.

        A description of the screen may have such a word in it, for our windows show them.
        """
        whole = {*map(say, _LIST), say(strings.CANCELLED)}
        begins = (strings.APP_BUSY.one.partition(" {")[0], _LIST_BEGINS)

        def is_known(text: str) -> bool:
            is_told = any(part in text for part in answers)
            return is_told or text in whole or text.startswith(begins) or text.endswith(_LIST_ENDS)

        return [text for text in self.shown if not is_known(text)]


def match(kept: list[str], triggers: list[Trigger]) -> list[str]:
    """Give each entry of the history to a trigger that was for it, in order; those that are too many.

    Of triggers for the same thing the latest gets it: the ones before were replaced by it.
    """
    too_many, before = [], len(triggers)
    for name in reversed(kept):
        for place in range(before - 1, -1, -1):
            if triggers[place].name == name and triggers[place].end is None:
                triggers[place].end, before = End.DESCRIBED, place
                break
        else:
            too_many.append(name)
    return too_many


@dataclass
class Account:
    """All triggers together.

    Attributes:
        wrong: What should not have been, in words for a developer.
    """

    sources: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(self.sources.values())

    def add(self, triggers: list[Trigger]) -> None:
        for trigger in triggers:
            self.sources[trigger.source] += 1
            self.ends[str(trigger.end)] += 1
            if trigger.end is End.LOST:
                self.wrong.append(f"{trigger.source} of {trigger.name or trigger.told!r} was lost")
