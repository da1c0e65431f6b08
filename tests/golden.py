"""Where the golden data lies: results of the original programs that ours must equal.

A compact copy is in tests/data/golden. IMAGECRAFT_GOLDEN names another folder of the same format:
one with the folders `voicecraft` and `imagecraft` in it, or one of these itself.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_OURS = Path(__file__).parent / "data" / "golden"
_named = Path(os.environ.get("IMAGECRAFT_GOLDEN") or _OURS)


def _find(name: str, mark: str) -> Path:
    """The folder of that name; the named one itself when it has the file that marks it."""
    if (_named / name).is_dir():
        return _named / name
    return _named if (_named / mark).is_file() else _OURS / name


@dataclass(frozen=True)
class GoldenCodec:
    """A codec of the original with what it gave, as NAME_io.json tells: the settings and the cases.

    Attributes:
        files: The same weights in both forms: as audiocraft writes them, and tensors alone.
    """

    name: str
    files: tuple[Path, Path]
    arrays: Path
    config: dict[str, Any]
    cases: list[dict[str, Any]]


def _codecs(folder: Path) -> list[GoldenCodec]:
    found = []
    for facts in sorted(folder.glob("*_io.json")):
        name = facts.name.removesuffix("_io.json")
        files = (folder / f"{name}.th", folder / f"{name}_best_state_model.safetensors")
        told = json.loads(facts.read_text("utf-8"))
        arrays = facts.with_suffix(".npz")
        found.append(GoldenCodec(name, files, arrays, told["config"], told["cases"]))
    return found


OUR_VOICECRAFT = _OURS / "voicecraft"
"""For tests that need some small network or codec, and know its sizes."""
VOICECRAFT = _find("voicecraft", "gen_cases.json")
IMAGECRAFT = _find("imagecraft", "text_cases.json")
CODECS = _codecs(VOICECRAFT)
