"""Model folders of a few bytes, in the layout of real ones, for tests of the store."""

from __future__ import annotations

import hashlib
import json
import random
import struct
from pathlib import Path


def safetensors(n_bytes: int, seed: int = 0) -> bytes:
    """A valid .safetensors file with one tensor of so many bytes."""
    data = random.Random(seed).randbytes(n_bytes)
    entry = {"dtype": "U8", "shape": [n_bytes], "data_offsets": [0, n_bytes]}
    header = json.dumps({"__metadata__": {"format": "pt"}, "weight": entry}).encode()
    return struct.pack("<Q", len(header)) + header + data


def blip(n_bytes: int = 5000) -> dict[str, bytes]:
    """The files of a repository as `blip-base` is one, with some that are not wanted."""
    return {
        "config.json": b'{"model_type": "blip"}',
        "model.safetensors": safetensors(n_bytes),
        "preprocessor_config.json": b"{}",
        "vocab.txt": b"a\nb\n",
        "pytorch_model.bin": b"a pickle",
        "modeling.py": b"raise SystemExit",
        "README.md": b"# A model",
        "onnx/model.json": b"{}",
    }


BLIP_WANTED = {"config.json", "model.safetensors", "preprocessor_config.json", "vocab.txt"}


def write(folder: Path, files: dict[str, bytes]) -> Path:
    """Write the files; the folder."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
