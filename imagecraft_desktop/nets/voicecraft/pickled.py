"""Reads what torch.save wrote in a zip, and runs nothing of it. Called by load.py and codec_file.py.

torch's restricted unpickler reads it. What a training notes besides the tensors, its settings, losses,
folders and hours, becomes inert here, whether the packages of those classes are installed or not; a
file that asks for anything else is refused.
"""

from __future__ import annotations

import collections
import pickle
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from imagecraft_desktop.errors import VoiceDamaged

READING_FAILED = (
    RuntimeError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    MemoryError,
    struct.error,
    pickle.UnpicklingError,
    zipfile.BadZipFile,
)
"""What torch's reader raises for damaged files, besides OSError; found by damaging one in some thousand ways."""
_HARMLESS: Mapping[str, Any] = {
    "collections.defaultdict": collections.defaultdict,
    **{f"builtins.{kind.__name__}": kind for kind in (dict, list, tuple, int, float, bool, str)},
}
_NOTED = frozenset(
    [
        *(
            f"numpy.{core}.multiarray.{name}"
            for core in ("core", "_core")
            for name in ("scalar", "_reconstruct")
        ),
        *("numpy.dtype", "numpy.ndarray"),
        *(
            f"{room}.{name}"
            for room in ("pathlib", "pathlib._local")  # the second since Python 3.13
            for name in ("PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath")
        ),
        *(f"datetime.{name}" for name in ("datetime", "date", "timedelta", "timezone")),
        "argparse.Namespace",
        "typing.Any",
    ]
)
_SHOWN = 80


class Inert:
    """Stands for a class that is not needed: does nothing. Only a state of named values is kept, which
    is how omegaconf's classes keep theirs."""

    def __init__(self, *args: object) -> None:
        pass

    def __setstate__(self, state: object) -> None:
        if isinstance(state, dict):
            vars(self).update(state)


def read(path: Path, *, classes: Mapping[str, type] | None = None, inert: str = "") -> Any:
    """The content; tensors are still in the file (memory-mapped).

    Args:
        classes: Those that are made of it, by their names in the file. What they do is run.
        inert: A package all classes of which are inert.
    Raises:
        VoiceDamaged: It asks for something else, which is named.
        OSError, and READING_FAILED: It cannot be read.
    """
    asked = sorted(torch.serialization.get_unsafe_globals_in_checkpoint(path))
    allowed = [_stand_in(path, name, classes or {}, inert) for name in asked]
    with torch.serialization.safe_globals(allowed):
        return torch.load(path, weights_only=True, mmap=True, map_location="cpu")


def _stand_in(path: Path, name: str, classes: Mapping[str, type], inert: str) -> Any:
    """What the unpickler gets when the file asks for `name`, in the form that torch wants."""
    if name in classes:
        return classes[name], name
    if name in _HARMLESS:
        return _HARMLESS[name], name
    if name in _NOTED or (inert and name.startswith(f"{inert}.")):
        return Inert, name
    reason = f"it asks for {name:.{_SHOWN}}, which no voice needs"
    raise VoiceDamaged(f"{path.name}: {reason}", name=path.name, reason=reason)
