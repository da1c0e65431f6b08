"""Looks whether the files of a model are whole, and takes their digests. Opens no tensor."""

from __future__ import annotations

import json
import struct
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from imagecraft_desktop.values import Tick

BLOCK = 1 << 20
"""Bytes that are read at once; `tick` is called before each such block."""
_HEADER_MOST = 100_000_000
_INDEX = ".safetensors.index.json"


@dataclass(frozen=True)
class Digests:
    """Of one file.

    Attributes:
        sha256: Hexadecimal.
        git: The name git gives a file of this content (SHA-1), by which the Hub tells small files.
    """

    sha256: str
    git: str


def digest(file: Path, tick: Tick) -> Digests:
    """Read a file through. Raises OSError, and what `tick` raises."""
    import hashlib  # not above: it is OpenSSL, 3 MB that the idle program need not hold

    sha256 = hashlib.sha256()
    git = hashlib.sha1(f"blob {file.stat().st_size}\0".encode(), usedforsecurity=False)
    with file.open("rb") as stream:
        while block := stream.read(BLOCK):
            tick()
            sha256.update(block)
            git.update(block)
    return Digests(sha256.hexdigest(), git.hexdigest())


def broken(folder: Path, names: Collection[str]) -> str | None:
    """The first of these files that is cut off, unreadable, or names a part that is missing.

    A file is looked at by its own account: a .safetensors file tells its length in its header, an
    index the files that belong to it.

    Raises:
        OSError: A file cannot be read.
    """
    for name in sorted(names):
        file = folder / name
        if name.endswith(".safetensors") and not _is_whole(file):
            return name
        if name.endswith(".json"):
            try:
                content = json.loads(file.read_text("utf-8"))
            except (ValueError, RecursionError):
                return name
            if name.endswith(_INDEX) and (part := _missing_part(content, names)):
                return part
    return None


def _is_whole(file: Path) -> bool:
    """Whether a .safetensors file is as long as its header says.

    Source: the format's description in its documentation: 8 bytes, the header's length, little endian;
    the header, JSON; then the data, which `data_offsets` of all tensors cover without a gap.
    """
    size = file.stat().st_size
    with file.open("rb") as stream:
        first = stream.read(8)
        if len(first) < 8:
            return False
        (length,) = struct.unpack("<Q", first)
        if length > min(size - 8, _HEADER_MOST):
            return False
        try:
            header = json.loads(stream.read(length))
            ends = [entry["data_offsets"][1] for key, entry in header.items() if key[:2] != "__"]
            return bool(size == 8 + length + max(ends, default=0))
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
            return False


def _missing_part(index: object, names: Collection[str]) -> str | None:
    parts = index.get("weight_map") if isinstance(index, dict) else None
    if not isinstance(parts, dict):
        return _INDEX
    return next((str(one) for one in sorted(map(str, parts.values())) if one not in names), None)
