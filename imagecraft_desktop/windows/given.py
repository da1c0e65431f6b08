"""Makes captures of what the user gave the image window: files, folders, contents, addresses."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from imagecraft_desktop import strings
from imagecraft_desktop.capture.file import from_path
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Capture, Frame, Origin

MOST = 1000
"""More files are not taken at once."""

_ENDINGS = frozenset(
    {
        *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".bmp", ".tif", ".tiff"),
        *(".heic", ".heif", ".avif", ".svg", ".svgz", ".pdf"),
    }
)


def captures_of(
    paths: Sequence[Path], tick: Callable[[], None] = lambda: None
) -> tuple[list[Capture], bool]:
    """The files, and the pictures in the folders and those below, in the order people expect.

    Args:
        tick: Called often; raises Cancelled to end it.
    Returns:
        The captures; whether there were more than are taken.
    """
    found: list[Capture] = []
    for path in _files(paths, tick):
        if len(found) == MOST:
            return found, True
        found.append(from_path(path))
    return found, False


def capture_of(content: bytes | Frame, origin: Origin) -> Capture:
    """A picture that was given itself."""
    is_paste = origin is Origin.CLIPBOARD
    name = say(strings.CAPTURE_CLIPBOARD if is_paste else strings.IMAGES_DROPPED)
    return Capture(origin, name, content)


def _files(paths: Sequence[Path], tick: Callable[[], None]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, folders, names in os.walk(path):
            tick()
            folders.sort(key=_natural)
            for name in sorted(names, key=_natural):
                if Path(name).suffix.lower() in _ENDINGS:
                    yield Path(folder, name)


def _natural(name: str) -> list[tuple[int, str]]:
    """So that picture 10 comes after picture 9."""
    parts = re.split(r"(\d+)", name.casefold())
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]
