"""Where the golden data lies: results of the original programs that ours must equal.

A compact copy is in tests/data/golden. IMAGECRAFT_GOLDEN names another folder of the same format:
one with the folder `voicecraft` in it, or that folder itself.
"""

from __future__ import annotations

import os
from pathlib import Path

_named = Path(os.environ.get("IMAGECRAFT_GOLDEN") or Path(__file__).parent / "data" / "golden")
VOICECRAFT = _named / "voicecraft" if (_named / "voicecraft").is_dir() else _named
