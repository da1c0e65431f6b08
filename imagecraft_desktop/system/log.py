"""The log file: what the program did, never what the user saw, heard or copied.

Above the level "debug" three things keep content out: our own log calls name things and numbers
only; values that carry content are written as their type; and of a foreign error only its type is
written, because its text may quote what it choked on. Other people's libraries are heard from
"error" on.
"""

from __future__ import annotations

import copy
import logging
import os
import sys
import traceback
from dataclasses import is_dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

from imagecraft_desktop.errors import ImageCraftError
from imagecraft_desktop.system import paths

FILE_NAME = "imagecraft-desktop.log"

_OURS = "imagecraft_desktop"
_FORMAT = "%(asctime)s %(levelname)s %(name)s [%(threadName)s] %(message)s"
MOST_BYTES, MOST_FILES = 1_000_000, 4
"""Of a log file; and how many there are: the newest takes the place of the oldest."""

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def start_logging(level: str, folder: Path | None = None) -> Path | None:
    """Log to a file from now on; called again, with the new level or folder.

    Args:
        level: "debug", "info", "warning" or "error".
        folder: Where the file is kept; the user's log folder when None.
    Returns:
        The file, or None when it cannot be written: then warnings go to standard error.
    """
    folder = folder or paths.log_dir()
    number = logging.getLevelNamesMapping()[level.upper()]
    handler, file = _make_handler(folder)
    shows_content = number <= logging.DEBUG
    handler.setFormatter(_Formatter(_FORMAT, shows_content=shows_content))
    if file is None:
        number = max(number, logging.WARNING)
    root = logging.getLogger()
    stop_logging()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if shows_content else logging.ERROR)
    logging.getLogger(_OURS).setLevel(number)
    return file


def stop_logging() -> None:
    """Close the log file."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler.formatter, _Formatter):
            root.removeHandler(handler)
            handler.close()


def _make_handler(folder: Path) -> tuple[logging.Handler, Path | None]:
    """A handler that writes into the folder, or else to standard error."""
    file = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # nobody else on the machine may read it
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        handler = _PrivateFileHandler(
            file, maxBytes=MOST_BYTES, backupCount=MOST_FILES - 1, encoding="utf-8"
        )
    except OSError:
        return logging.StreamHandler(sys.stderr), None
    return handler, file


class _PrivateFileHandler(RotatingFileHandler):
    """A full disk is no reason to fill the terminal with tracebacks, nor to stop working."""

    def handleError(self, record: logging.LogRecord) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


def _hidden(value: Any) -> Any:
    if isinstance(value, BaseException):
        return _named(value)
    if isinstance(value, bytes | bytearray) or (
        is_dataclass(value) and not isinstance(value, type)
    ):
        return f"<{type(value).__name__}>"
    if isinstance(value, list | tuple | set | frozenset | dict):
        return f"<{type(value).__name__} of {len(value)}>"
    return value


def _named(error: BaseException) -> str:
    """An error by its type and what it may tell: ours a detail, the system's its number."""
    name = type(error).__name__
    if isinstance(error, ImageCraftError):
        return f"{name}: {error.detail}" if error.detail else name
    if isinstance(error, OSError) and error.strerror:
        return f"{name}: {error.strerror}"
    return name


class _Formatter(logging.Formatter):
    """Writes values and errors without what they contain, unless content may be shown."""

    def __init__(self, pattern: str, *, shows_content: bool) -> None:
        super().__init__(pattern)
        self._shows_content = shows_content

    def format(self, record: logging.LogRecord) -> str:
        # a copy, because other handlers share the record and keep their text of the error in it
        record = copy.copy(record)
        record.exc_text = None
        if not self._shows_content:
            if isinstance(record.args, dict) and "%(" in record.msg:
                record.args = {name: _hidden(value) for name, value in record.args.items()}
            else:  # logging takes a lone dict out of its tuple
                args = record.args if isinstance(record.args, tuple) else (record.args,)
                record.args = tuple(map(_hidden, args)) if record.args else ()
        return super().format(record)

    def formatException(self, ei: _ExcInfo) -> str:
        if self._shows_content or ei[1] is None:
            return super().formatException(ei)
        return "\n".join(_told(ei[1], set()))


def _told(error: BaseException, seen: set[int]) -> list[str]:
    """The lines of an error and of those that led to it, the first one first."""
    seen.add(id(error))
    lines: list[str] = []
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in seen:
        lines += [*_told(cause, seen), "which led to"]
    for place in traceback.extract_tb(error.__traceback__):
        lines.append(f"  {place.filename}:{place.lineno} in {place.name}")
    return [*lines, _named(error)]
