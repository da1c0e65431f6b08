"""Pauses a download from another command: a mark beside what has come, which the download looks for."""

from __future__ import annotations

from os.path import exists
from pathlib import Path

from imagecraft_desktop.errors import NothingIsDownloaded, NotPaused
from imagecraft_desktop.weights import store


def is_wished(name: str) -> bool:
    """Whether the download of this model is to wait."""
    return exists(_mark(name))


def forget(name: str) -> None:
    """Take the mark away, be it there or not. Raises OSError."""
    _mark(name).unlink(missing_ok=True)


def pause(name: str) -> None:
    """Let a running download wait; it does so within a second.

    Raises:
        NothingIsDownloaded: None is running that could wait.
        ModelNotKept: The mark cannot be made.
    """
    _check_runs(name)
    try:
        _mark(name).touch()
    except OSError as error:
        raise store.told(error, name) from error


def resume(name: str) -> None:
    """Let a download that waits go on.

    Raises:
        NothingIsDownloaded: None is running; `install` goes on with what has come.
        NotPaused: It does not wait.
        ModelNotKept: The mark cannot be taken away.
    """
    _check_runs(name)
    if not is_wished(name):
        raise NotPaused(name=name)
    try:
        forget(name)
    except OSError as error:
        raise store.told(error, name) from error


def _check_runs(name: str) -> None:
    if not store.is_changing(name):
        raise NothingIsDownloaded(name=name)


def _mark(name: str) -> Path:
    partial = store.partial_of(name)
    return partial.with_name(f"{partial.name}.pause")
