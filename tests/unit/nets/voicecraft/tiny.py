"""Makes small checkpoints of random weights in the official layouts: for tests of the network and
for the voice as a whole, which must then say something with it, though nothing that is a word.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from imagecraft_desktop.nets.voicecraft.config import read_config
from imagecraft_desktop.nets.voicecraft.load import (
    CONFIG_NAME,
    WEIGHTS_NAME,
    Checkpoint,
    shapes,
)
from tests.golden import OUR_VOICECRAFT as VOICECRAFT

GOLDEN_CONFIG = json.loads((VOICECRAFT / "tiny" / CONFIG_NAME).read_text("utf-8"))
PHN2NUM: dict[str, int] = GOLDEN_CONFIG["phn2num"]
"""What espeak prints for English, and the ids that the golden data has for it."""


def make_config(
    *,
    d_model: int = 64,
    n_layers: int = 2,
    n_heads: int = 4,
    n_codes: int = 64,
    n_codebooks: int = 4,
    frames_hz: int = 50,
    has_eos: bool = True,
    **others: object,
) -> dict[str, Any]:
    """A configuration as training wrote it, with keys that inference does not need.

    Args:
        others: Further keys, or other values of these, under their names in the file.
    """
    return {
        **GOLDEN_CONFIG,
        "d_model": d_model,
        "audio_embedding_dim": d_model,
        "num_decoder_layers": n_layers,
        "nhead": n_heads,
        "audio_vocab_size": str(n_codes),  # the published files have a string
        "n_codebooks": n_codebooks,
        "encodec_sr": frames_hz,
        "n_special": 4 if has_eos else 3,
        "empty_token": n_codes,
        "eog": n_codes + 1,
        "audio_pad_token": n_codes + 2,
        "eos": n_codes + 3 if has_eos else -1,
        **others,
    }


def make_tensors(
    given: Mapping[str, Any], *, seed: int = 0, d_inner: int | None = None
) -> dict[str, Tensor]:
    """Random weights for a configuration, float32; nothing in them is zero or one by convention.

    Args:
        d_inner: Width of the feed-forward layers, by default four times that of the network.
    """
    config = read_config(given)
    chance = torch.Generator().manual_seed(seed)
    tensors: dict[str, Tensor] = {}
    for name, shape in shapes(config, d_inner or 4 * config.d_model).items():
        values = torch.randn(shape, generator=chance)
        if "norm" in name and name.endswith("weight"):
            values = 1 + 0.1 * values
        elif name.endswith("alpha"):
            values = 1 + 0.2 * values
        elif name.endswith("bias"):
            values = 0.1 * values
        elif "embedding" not in name:
            values = values * shape[-1] ** -0.5
        tensors[name] = values
    books = (config.n_codebooks, 1)
    tensors["eog"] = torch.full(books, config.eog)
    if config.eos is not None:
        tensors["eos"] = torch.full(books, config.eos)
    return tensors


def make_checkpoint(*, seed: int = 0, d_inner: int | None = None, **config: Any) -> Checkpoint:
    """A checkpoint that was never in a file; the other arguments are those of `make_config`."""
    given = make_config(**config)
    tensors = make_tensors(given, seed=seed, d_inner=d_inner)
    return Checkpoint(read_config(given), tensors, Path("tiny"))


def write_checkpoint(
    folder: Path, *, seed: int = 0, d_inner: int | None = None, **config: Any
) -> Path:
    """Write a checkpoint as the hub has it, config.json and model.safetensors, into a folder that is
    made if need be. The other arguments are those of `make_config`: d_model, n_layers, n_heads,
    n_codes, n_codebooks, frames_hz, has_eos.

    Returns:
        The folder.
    """
    given = make_config(**config)
    return save_folder(folder, given, make_tensors(given, seed=seed, d_inner=d_inner))


def write_pth(file: Path, *, seed: int = 0, d_inner: int | None = None, **config: Any) -> Path:
    """Write the same checkpoint as one older file. Returns the file."""
    given = make_config(**config)
    return save_pth(file, given, make_tensors(given, seed=seed, d_inner=d_inner))


def save_folder(folder: Path, given: object, tensors: Mapping[str, Tensor]) -> Path:
    """Write any configuration and tensors in the hub's form."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIG_NAME).write_text(json.dumps(given), "utf-8")
    save_file(dict(tensors), folder / WEIGHTS_NAME)
    return folder


def save_pth(
    file: Path, given: Mapping[str, Any], tensors: Mapping[str, Tensor], **others: object
) -> Path:
    """Write any configuration and tensors in the older form.

    Args:
        others: Further entries of the file, or other values of its own.
    """
    flat = dict(given)
    bundle = {
        "model": dict(tensors),
        "optimizer": {"state": {}, "param_groups": []},
        "scheduler": None,
        "phn2num": flat.pop("phn2num", None),
        "config": argparse.Namespace(**flat),
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    torch.save(bundle | others, file)
    return file
