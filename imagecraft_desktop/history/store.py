"""The history in a SQLite file that only the user may read; in memory where there is no such place.

Each call opens the file anew and closes it, so that the program and the command line may use it at
once. What is deleted is written over. A broken file is set aside and a new one begun.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from imagecraft_desktop import strings
from imagecraft_desktop.errors import HistoryError, HistoryLocked, HistoryNewer, HistoryNotKept
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths
from imagecraft_desktop.system.drive import is_network
from imagecraft_desktop.values import Certainty, HistoryEntry, Origin, Statement

T = TypeVar("T")

BUSY_S = 2.0
"""How long another process is waited for."""
_VERSION = 1
_DAY_S = 86_400.0
_TABLE = """
CREATE TABLE IF NOT EXISTS entries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    when_s REAL NOT NULL,
    origin TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    captioner TEXT NOT NULL,
    question TEXT NOT NULL,
    statements TEXT NOT NULL,
    warnings TEXT NOT NULL,
    words TEXT NOT NULL,
    size INTEGER NOT NULL,
    picture BLOB
)"""
_COLUMNS = (
    "number, when_s, origin, name, kind, captioner, question, statements, warnings, "
    "picture IS NOT NULL"
)
_WRITE, _READ, _ALONE = "BEGIN IMMEDIATE", "BEGIN", ""
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_REASONS = {
    sqlite3.SQLITE_FULL: strings.HISTORY_DISK_FULL,
    sqlite3.SQLITE_READONLY: strings.HISTORY_NOT_ALLOWED,
    sqlite3.SQLITE_CANTOPEN: strings.HISTORY_NOT_ALLOWED,
    sqlite3.SQLITE_PERM: strings.HISTORY_NOT_ALLOWED,
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What is forgotten by itself. `days` 0 is for ever; `megabytes` counts text and pictures.

    Attributes:
        forgets: False while it is not sure that the user wants these: nothing is forgotten then.
    """

    days: float = 30.0
    megabytes: float = 50.0
    forgets: bool = True


LIMITS = frozenset({"history_days", "history_mb"})
"""The settings that they come from."""


def path() -> Path:
    """The user's history; it need not exist."""
    return paths.data_dir() / "history" / "history.db"


def is_possible() -> bool:
    """Whether a history may be written there: not on a share of the network, which others can read."""
    return not is_network(path())


class Store:
    """The history.

    Args:
        file: Of the history; None for one that ends with the program.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._notices: list[str] = []
        self._lock = threading.Lock()
        self._memory: sqlite3.Connection | None = None
        if file is None:
            self._memory = sqlite3.connect(
                ":memory:", check_same_thread=False, isolation_level=None
            )
            self._memory.execute(_TABLE)

    @property
    def is_lasting(self) -> bool:
        """Whether it is still there after the program."""
        return self._file is not None

    def take_notices(self) -> tuple[str, ...]:
        """Sentences about what went wrong and was mended, since the last call."""
        with self._lock:
            told, self._notices = tuple(self._notices), []
        return told

    def add(
        self, entry: HistoryEntry, picture: bytes | None = None, limits: Limits = Limits()
    ) -> int:
        """Keep an entry, and forget what is over the limits.

        Args:
            picture: An image file; left out when it alone is over the limit.
        Returns:
            Its number.
        Raises:
            HistoryError: It was not kept.
        """
        most = round(limits.megabytes * 1024**2)
        row = _as_row(entry)
        if picture is not None and row["size"] + len(picture) > most:
            picture = None
        row |= {"picture": picture, "size": row["size"] + len(picture or b"")}

        def keep(base: sqlite3.Connection) -> int:
            names = ", ".join(row)
            places = ", ".join(f":{name}" for name in row)
            new = base.execute(f"INSERT INTO entries ({names}) VALUES ({places})", row)  # noqa: S608 - our own names
            number = int(new.lastrowid or 0)
            _forget_old(base, limits, number)
            return number

        return self._do(keep)

    def forget_old(self, limits: Limits) -> int:
        """Forget what is over the limits now.

        Returns:
            How many entries.
        Raises:
            HistoryError: Not all could be deleted.
        """
        if not self.is_there():
            return 0
        return self._do(lambda base: _forget_old(base, limits))

    def entries(self, words: str = "", most: int = 1_000_000) -> list[HistoryEntry]:
        """The newest entries that have all of the words, the newest first. Raises HistoryError."""
        if not self.is_there():
            return []
        where, parts = _having(words)
        query = f"SELECT {_COLUMNS} FROM entries WHERE {where} ORDER BY number DESC LIMIT ?"  # noqa: S608
        return self._do(
            lambda base: [_from_row(r) for r in base.execute(query, (*parts, most))], _READ
        )

    def count(self, words: str = "") -> int:
        """How many entries have all of the words. Raises HistoryError."""
        if not self.is_there():
            return 0
        where, parts = _having(words)
        query = f"SELECT COUNT(*) FROM entries WHERE {where}"  # noqa: S608 - of `_having`
        return self._do(lambda base: int(base.execute(query, parts).fetchone()[0]), _READ)

    def entry(self, number: int) -> HistoryEntry | None:
        """One entry; None when there is none of that number. Raises HistoryError."""
        query = f"SELECT {_COLUMNS} FROM entries WHERE number = ?"  # noqa: S608
        row = self._fetch(query, number)
        return _from_row(row) if row is not None else None

    def picture(self, number: int) -> bytes | None:
        """The image file that was kept with an entry, if any. Raises HistoryError."""
        query = "SELECT picture FROM entries WHERE number = ?"
        row = self._fetch(query, number)
        return row[0] if row is not None else None

    def forget(self, number: int | None = None) -> int:
        """Delete one entry, or with None all of them and what was set aside.

        Returns:
            How many there were.
        Raises:
            HistoryError: Not all could be deleted.
        """
        if not self.is_there():
            return 0 if number is not None else self._remove_aside()
        where, values = ("1", ()) if number is None else ("number = ?", (number,))
        delete = f"DELETE FROM entries WHERE {where}"  # noqa: S608 - one of the two above
        count = self._do(lambda base: base.execute(delete, values).rowcount)
        if self._file is not None:
            self._do(_clean, _ALONE)
            if number is None:
                self._remove_aside()
        return count

    # --- the file ---

    def is_there(self) -> bool:
        """Whether there may be something to find; also where that may not be looked at."""
        if self._file is None:
            return True
        try:
            self._file.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True  # whoever opens it hears why that cannot be
        return True

    def _fetch(self, query: str, number: int) -> tuple[Any, ...] | None:
        if not self.is_there():
            return None
        row: tuple[Any, ...] | None = self._do(
            lambda base: base.execute(query, (number,)).fetchone(), _READ
        )
        return row

    def _do(self, work: Callable[[sqlite3.Connection], T], begin: str = _WRITE) -> T:
        """Do something with the base, once more when a broken file had to be set aside."""
        with self._lock:
            try:
                return self._try(work, begin)
            except sqlite3.DatabaseError as error:
                if self._file is None or _code(error) not in _BROKEN:
                    raise _told(error) from error
                self._notices.append(self._set_aside(self._file))
            except OSError as error:
                raise HistoryNotKept(type(error).__name__, reason=_system(error)) from error
            try:
                return self._try(work, begin)
            except sqlite3.DatabaseError as error:
                raise _told(error) from error

    def _try(self, work: Callable[[sqlite3.Connection], T], begin: str) -> T:
        with self._opened() as base:
            if not begin:
                return work(base)
            base.execute(begin)
            try:
                done = work(base)
                base.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    base.execute("ROLLBACK")
                raise
            return done

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        if self._memory is not None:
            yield self._memory
            return
        if self._file is None:
            raise RuntimeError("there is neither a file nor a base in memory")
        _make_private(self._file)
        with closing(sqlite3.connect(self._file, timeout=BUSY_S, isolation_level=None)) as base:
            _prepare(base)
            yield base

    @staticmethod
    def _set_aside(file: Path) -> str:
        """Move a broken file out of the way; the sentence that says so."""
        day = time.strftime("%Y-%m-%d-%H%M%S")
        aside = file.with_name(f"history-{day}.broken")
        try:
            file.replace(aside)
            for ending in ("-wal", "-shm"):
                file.with_name(file.name + ending).unlink(missing_ok=True)
        except OSError as error:
            raise HistoryNotKept(type(error).__name__, reason=_system(error)) from error
        return say(strings.HISTORY_SET_ASIDE, file=aside.name)

    def _remove_aside(self) -> int:
        """Delete the broken files that were set aside: they hold descriptions, too."""
        if self._file is None:
            return 0
        try:
            for aside in self._file.parent.glob("history-*.broken"):
                aside.unlink()
        except OSError as error:
            raise HistoryNotKept(type(error).__name__, reason=_system(error)) from error
        return 0


def _make_private(file: Path) -> None:
    """Make the file and its folder for the user only. SQLite gives its other files the same mode."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    if os.name != "nt" and file.stat().st_mode & 0o077:
        file.chmod(0o600)


def _prepare(base: sqlite3.Connection) -> None:
    """Settings of a connection, and the table in a new file. Raises HistoryNewer."""
    base.execute("PRAGMA secure_delete = ON")
    version = base.execute("PRAGMA user_version").fetchone()[0]
    if version > _VERSION:
        raise HistoryNewer(f"version {version}")
    if version == _VERSION:
        return
    base.execute("PRAGMA auto_vacuum = FULL")  # before the first table
    base.execute("PRAGMA journal_mode = WAL")
    base.execute(_TABLE)
    base.execute(f"PRAGMA user_version = {_VERSION}")


def _forget_old(base: sqlite3.Connection, limits: Limits, but: int = 0) -> int:
    """Delete what is over the limits, but for one entry, which may be too large; how many."""
    if not limits.forgets:
        return 0
    oldest_s = time.time() - limits.days * _DAY_S if limits.days else float("-inf")
    count = base.execute("DELETE FROM entries WHERE when_s < ?", (oldest_s,)).rowcount
    return (
        count
        + base.execute(
            "DELETE FROM entries WHERE number <> ? AND number IN (SELECT number FROM (SELECT "
            "number, SUM(size) OVER (ORDER BY number DESC) AS total FROM entries) WHERE total > ?)",
            (but, round(limits.megabytes * 1024**2)),
        ).rowcount
    )


def _clean(base: sqlite3.Connection) -> None:
    """Let nothing of what was deleted remain in the file or its log."""
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    base.execute("VACUUM")
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _code(error: sqlite3.Error) -> int:
    """The first part of SQLite's number for it."""
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) or 0) & 0xFF


def _told(error: sqlite3.Error) -> HistoryError:
    if _code(error) in _BUSY:
        return HistoryLocked("busy")
    known = _REASONS.get(_code(error))
    reason = say(known) if known else say(strings.HISTORY_BASE, detail=_code(error))
    return HistoryNotKept(type(error).__name__, reason=reason)


def _system(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _having(words: str) -> tuple[str, list[str]]:
    """The condition that an entry has all of the words, and what fills its placeholders."""
    parts = [f"%{_escaped(word)}%" for word in words.casefold().split()]
    return " AND ".join(["words LIKE ? ESCAPE '!'"] * len(parts)) or "1", parts


def _escaped(word: str) -> str:
    for sign in "!%_":
        word = word.replace(sign, f"!{sign}")
    return word


def _as_row(entry: HistoryEntry) -> dict[str, Any]:
    statements = [[s.text, s.certainty.value, s.source] for s in entry.statements]
    row: dict[str, Any] = {
        "when_s": entry.when_s,
        "origin": entry.origin.value,
        "name": _writable(entry.name),
        "kind": entry.kind,
        "captioner": entry.captioner,
        "question": _writable(entry.question),
        "statements": _writable(json.dumps(statements, ensure_ascii=False)),
        "warnings": json.dumps(entry.warnings),
        "words": _writable(" ".join([entry.name, entry.question, entry.text]).casefold()),
    }
    row["size"] = sum(len(str(value).encode()) for value in row.values())
    return row


def _writable(text: str) -> str:
    """A file's name may be any bytes; SQLite keeps characters."""
    return text.encode(errors="replace").decode()


def _from_row(row: tuple[Any, ...]) -> HistoryEntry:
    number, when_s, origin, name, kind, captioner, question, statements, warnings, has_picture = row
    return HistoryEntry(
        when_s=when_s,
        origin=Origin(origin),
        name=name,
        kind=kind,
        statements=tuple(
            Statement(text, Certainty(certainty), source)
            for text, certainty, source in json.loads(statements)
        ),
        captioner=captioner,
        question=question,
        warnings=tuple(json.loads(warnings)),
        number=number,
        has_picture=bool(has_picture),
    )
