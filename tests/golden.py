"""Where the golden data lies: results of the original programs that ours must equal.

A compact copy is in tests/data/golden. IMAGECRAFT_GOLDEN names another folder of the same format:
one with the folders `voicecraft` and `imagecraft` in it, or one of these itself.
"""

from __future__ import annotations

import os
from pathlib import Path

_OURS = Path(__file__).parent / "data" / "golden"
_named = Path(os.environ.get("IMAGECRAFT_GOLDEN") or _OURS)


def _find(name: str, mark: str) -> Path:
    """The folder of that name; the named one itself when it has the file that marks it."""
    if (_named / name).is_dir():
        return _named / name
    return _named if (_named / mark).is_file() else _OURS / name


VOICECRAFT = _find("voicecraft", "gen_cases.json")
IMAGECRAFT = _find("imagecraft", "text_cases.json")
