"""Reads VoiceCraft checkpoints: the hub's folder (config.json, model.safetensors) and older .pth files.

Nothing is ever unpickled freely, see `pickled`: of a .pth file one class is made. Tensors stay mapped
to the file until they are used.
"""

from __future__ import annotations

import argparse
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from imagecraft_desktop.errors import VoiceDamaged
from imagecraft_desktop.nets.voicecraft import pickled
from imagecraft_desktop.nets.voicecraft.config import BadConfig, Config, read_config
from imagecraft_desktop.nets.voicecraft.linear import pieces
from imagecraft_desktop.values import Tick, no_tick

CONFIG_NAME = "config.json"
WEIGHTS_NAME = "model.safetensors"
_MOST_HEADER = 100_000_000
"""Bytes of a header: safetensors reads no more."""


@dataclass(frozen=True)
class Checkpoint:
    """Sizes and tensors of a network, checked against each other; float32 on the CPU, mapped."""

    config: Config
    tensors: dict[str, Tensor]
    path: Path


def load_checkpoint(path: Path, tick: Tick = no_tick) -> Checkpoint:
    """Read a folder in the hub's form, or one .pth file.

    Raises:
        VoiceDamaged: It cannot be read, or a tensor is missing, has the wrong shape or values that
            are no numbers. The reason names the file or the tensor.
        Cancelled: From `tick`, which is asked before each piece of a tensor is read.
    """
    if path.is_dir():
        given, tensors = _read_folder(path)
    else:
        given, tensors = _read_pth(path)
    try:
        config = read_config(given)
    except BadConfig as error:
        raise _damaged(path, str(error)) from error
    return Checkpoint(config, _checked(config, tensors, path, tick), path)


def _damaged(path: Path, reason: str) -> VoiceDamaged:
    return VoiceDamaged(f"{path.name}: {reason}", name=path.name, reason=reason)


def _read_folder(folder: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        given = json.loads((folder / CONFIG_NAME).read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(folder, f"{CONFIG_NAME} cannot be read") from error
    if not isinstance(given, dict):
        raise _damaged(folder, f"{CONFIG_NAME} holds no configuration")
    weights = folder / WEIGHTS_NAME
    try:
        return given, load_file(weights)
    except (OSError, SafetensorError, ValueError) as error:
        cut = _first_cut(weights)
        why = "" if cut is None else f": it ends before tensor {cut} does"
        raise _damaged(folder, f"{WEIGHTS_NAME} cannot be read{why}") from error


def _first_cut(file: Path) -> str | None:
    """The first tensor of a safetensors file that the file ends before; None when there is none."""
    try:
        with file.open("rb") as stream:
            n_header = int.from_bytes(stream.read(8), "little")
            header = json.loads(stream.read(min(n_header, _MOST_HEADER)))
        size = file.stat().st_size - 8 - n_header
        header.pop("__metadata__", None)
        ends = ((facts["data_offsets"][1], name) for name, facts in header.items())
        found: tuple[int, str] | None = min((end for end in ends if end[0] > size), default=None)
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None
    return None if found is None else found[1]


def _read_pth(file: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    try:
        with zipfile.ZipFile(file) as packed:
            is_stored = all(one.compress_type == zipfile.ZIP_STORED for one in packed.infolist())
        if not is_stored:  # mapped, the packed bytes would be taken for the weights
            raise _damaged(file, "it was compressed after it was made")
        bundle = pickled.read(file, classes={"argparse.Namespace": argparse.Namespace})
    except (OSError, *pickled.READING_FAILED) as error:
        # the system's words where there are any
        reason = getattr(error, "strerror", None) or "it cannot be read safely"
        raise _damaged(file, reason) from error
    if not isinstance(bundle, Mapping) or not {"config", "model"} <= set(bundle):
        raise _damaged(file, "it holds no config and model")
    config, model = bundle["config"], bundle["model"]
    given = dict(vars(config)) if isinstance(config, argparse.Namespace) else config
    if not isinstance(given, dict) or not isinstance(model, Mapping):
        raise _damaged(file, "config or model is of a wrong kind")
    if isinstance(bundle.get("phn2num"), Mapping):
        given = given | {"phn2num": bundle["phn2num"]}
    return given, dict(model)


def shapes(config: Config, d_inner: int) -> dict[str, tuple[int, ...]]:
    """The shape of every tensor that inference reads.

    Args:
        d_inner: Width of the feed-forward layers; the configuration does not hold it.
    """
    wide, hidden = config.d_model, config.n_codes // 2
    found: dict[str, tuple[int, ...]] = {
        "text_embedding.word_embeddings.weight": (config.n_text_rows, wide),
        "mask_embedding": (config.n_spans, wide),
        "text_positional_embedding.alpha": (1,),
        "audio_positional_embedding.alpha": (1,),
        "decoder.norm.weight": (wide,),
        "decoder.norm.bias": (wide,),
    }
    for k in range(config.n_codebooks):
        found |= {
            f"audio_embedding.{k}.word_embeddings.weight": (config.n_classes, wide),
            f"predict_layer.{k}.0.weight": (hidden, wide),
            f"predict_layer.{k}.0.bias": (hidden,),
            f"predict_layer.{k}.2.weight": (config.n_classes, hidden),
            f"predict_layer.{k}.2.bias": (config.n_classes,),
        }
    for i in range(config.n_layers):
        layer = f"decoder.layers.{i}"
        found |= {
            f"{layer}.self_attn.in_proj_weight": (3 * wide, wide),
            f"{layer}.self_attn.in_proj_bias": (3 * wide,),
            f"{layer}.self_attn.out_proj.weight": (wide, wide),
            f"{layer}.self_attn.out_proj.bias": (wide,),
            f"{layer}.linear1.weight": (d_inner, wide),
            f"{layer}.linear1.bias": (d_inner,),
            f"{layer}.linear2.weight": (wide, d_inner),
            f"{layer}.linear2.bias": (wide,),
        }
        for norm in ("norm1", "norm2"):
            found |= {f"{layer}.{norm}.weight": (wide,), f"{layer}.{norm}.bias": (wide,)}
    return found


def _checked(
    config: Config, tensors: Mapping[str, object], path: Path, tick: Tick
) -> dict[str, Tensor]:
    """The tensors that inference reads. Raises VoiceDamaged with the name of the first bad one."""
    if f"decoder.layers.{config.n_layers}.linear1.weight" in tensors:
        raise _damaged(path, f"it has more layers than the {config.n_layers} of its configuration")
    if f"audio_embedding.{config.n_codebooks}.word_embeddings.weight" in tensors:
        reason = f"it has more codebooks than the {config.n_codebooks} of its configuration"
        raise _damaged(path, reason)
    if max(config.n_layers, config.n_codebooks) > len(tensors):  # so that no list grows with them
        raise _damaged(path, "it has too few tensors for num_decoder_layers or n_codebooks")
    first = tensors.get("decoder.layers.0.linear1.weight")
    d_inner = first.shape[0] if isinstance(first, Tensor) and first.ndim else 0
    found: dict[str, Tensor] = {}
    for name, shape in shapes(config, d_inner).items():
        tick()
        tensor = tensors.get(name)
        if not isinstance(tensor, Tensor):
            raise _damaged(path, f"tensor {name} is missing")
        if tuple(tensor.shape) != shape or not tensor.numel():
            is_now, should_be = ("x".join(map(str, one)) or "one" for one in (tensor.shape, shape))
            raise _damaged(path, f"tensor {name} is {is_now} and should be {should_be}")
        if not tensor.is_floating_point():
            raise _damaged(path, f"tensor {name} holds no real numbers")
        if not _is_held(tensor):
            raise _damaged(path, f"tensor {name} claims more numbers than the file holds")
        if not _is_finite(tensor, tick):
            raise _damaged(path, f"tensor {name} has values that are no numbers")
        found[name] = tensor.detach()
    return found


def _is_finite(tensor: Tensor, tick: Tick) -> bool:
    """Whether all are numbers in float32. Here they are read from the disk."""
    parts = (tensor[rows] for rows in pieces(tensor, tick)) if tensor.ndim > 1 else (tensor,)
    return all(_has_finite_sum(part) or bool(part.float().isfinite().all()) for part in parts)


def _has_finite_sum(part: Tensor) -> bool:
    """Then all are numbers. The sum takes no memory, but that of large numbers may be none."""
    return bool(part.sum(dtype=torch.float32).isfinite())


def _is_held(tensor: Tensor) -> bool:
    """Whether each number has its own place: a file can tell one number to be a tensor of any size."""
    if tensor.layout is not torch.strided or tensor.device.type != "cpu":
        return False
    return tensor.untyped_storage().nbytes() >= tensor.numel() * tensor.element_size()
