"""What is told once and never again, across starts: a mark in the user's data folder."""

from __future__ import annotations

import logging

from imagecraft_desktop.system import paths

log = logging.getLogger(__name__)


def is_first(name: str) -> bool:
    """Whether this is asked for the first time; from now on it is not.

    Where no mark can be left it always is the first time.

    Args:
        name: Of the mark.
    """
    mark = paths.data_dir() / name
    try:
        mark.parent.mkdir(parents=True, exist_ok=True)
        is_new = not mark.exists()
        mark.touch()
    except OSError as failure:
        log.warning("it will be told again: %s", type(failure).__name__)
        return True
    return is_new
