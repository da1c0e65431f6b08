"""Where the golden data lies: results of the original programs that ours must equal.

A compact copy is in tests/data/golden. IMAGECRAFT_GOLDEN names another folder of the same format:
one with the folders `voicecraft` and `imagecraft` in it, or one of these itself. One that has neither
is an error.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_OURS = Path(__file__).parent / "data" / "golden"
_MARKS = {"voicecraft": "gen_cases.json", "imagecraft": "text_cases.json"}
"""The file that each folder has."""


def _find(named: Path) -> dict[str, Path]:
    """The folders of golden data by their names; ours in the place of one that is not there.

    Raises:
        FileNotFoundError: There is none of them, or one without its cases: ours in its place would
            pass for it.
    """
    found = {}
    for name, mark in _MARKS.items():
        if (named / name).is_dir():
            found[name] = named / name
        elif (named / mark).is_file():
            found[name] = named
    if not found or not all((folder / _MARKS[name]).is_file() for name, folder in found.items()):
        wanted = " or ".join(f"{name}/{mark}" for name, mark in _MARKS.items())
        reason = f"IMAGECRAFT_GOLDEN names {named}, where {wanted} is missing"
        raise FileNotFoundError(f"{reason}: name a folder with golden data, or leave it unset")
    return {name: found.get(name, _OURS / name) for name in _MARKS}


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
_found = _find(Path(os.environ.get("IMAGECRAFT_GOLDEN") or _OURS))
VOICECRAFT = _found["voicecraft"]
IMAGECRAFT = _found["imagecraft"]
CODECS = _codecs(VOICECRAFT)
