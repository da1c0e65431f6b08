"""The test pictures by their short names, and what the manifest says of them."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

FOLDER = Path(__file__).resolve().parents[2] / "data" / "images"


@cache
def manifest() -> dict[str, dict[str, Any]]:
    """Entries by short name: "dog" for a_dog.jpg."""
    entries = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))["images"]
    return {Path(entry["file"]).stem.removeprefix("a_"): entry for entry in entries}


def stems_of(*kinds: str) -> list[str]:
    """Short names of the pictures of these kinds ("photo", "screenshot", ...), or of all."""
    return [stem for stem, entry in manifest().items() if not kinds or entry["kind"] in kinds]


def load(stem: str) -> NDArray[np.uint8]:
    """RGB, uint8, (H, W, 3)."""
    with Image.open(FOLDER / manifest()[stem]["file"]) as picture:
        return np.asarray(picture.convert("RGB"))


def as_jpeg(pixels: NDArray[np.uint8], quality: int, scale: float = 1.0) -> NDArray[np.uint8]:
    """The picture after it was saved as JPEG, scaled before."""
    picture = Image.fromarray(pixels)
    if scale != 1.0:
        size = (round(picture.width * scale), round(picture.height * scale))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    saved = io.BytesIO()
    picture.save(saved, "JPEG", quality=quality)
    with Image.open(saved) as again:
        return np.asarray(again.convert("RGB"))
