"""The weights of a network of transformers, arranged once for a processor's products in bfloat16."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import torch
from torch import Tensor, nn

from imagecraft_desktop.nets.packed import Packed, packed
from imagecraft_desktop.values import Tick

_MOST_ROWS = 400
"""Up to here arranged weights are of use where a processor multiplies matrices (AMX): on two cores of one, products by 512 rows and
more took up to 1.9 times as long as usual ones, and by 384 rows 0.9 times."""
_SEES = ("vision", "visual", "image")
"""In the names of parts that see a picture, with a row for each patch of it."""
_MOST_TWICE = 128 << 20
"""Bytes of weights that are kept in both forms, for an embedding is the same; larger ones stay as they are."""


def arrange(network: nn.Module, tick: Tick) -> None:
    """Arrange the weights of all linear layers, if that is of use here. What a layer had is let go of.

    Args:
        tick: Called before each layer; what it raises ends this, and leaves the network usable.
    """
    uses = Counter(id(one) for _, one in network.named_parameters(remove_duplicate=False))
    left = _SEES if has_amx() and _patches(network) > _MOST_ROWS else ()
    layers: list[Any] = [
        part
        for name, part in network.named_modules()
        if type(part) is nn.Linear  # a class over it may mean something else
        and part.weight.dtype == torch.bfloat16
        and not any(word in name for word in left)
    ]
    for layer in layers:
        tick()
        is_shared = uses[id(layer.weight)] > 1
        if is_shared and layer.weight.nbytes > _MOST_TWICE:
            continue
        if (weight := packed(layer.weight)) is None:
            return
        layer.forward = _Product(weight, layer.bias)
        if not is_shared:
            # its shape, in the memory of one number; who multiplies with it all the same gets no numbers
            gone = torch.full((1, 1), math.nan, dtype=torch.bfloat16)
            layer.weight = nn.Parameter(gone.expand(layer.weight.shape), requires_grad=False)


def has_amx() -> bool:
    """Whether the processor multiplies matrices, as PyTorch finds it; False where it does not tell."""
    asked = getattr(torch.cpu, "_is_amx_tile_supported", None)
    return asked is not None and bool(asked())


def _patches(network: Any) -> int:
    """Of a picture, where each is a row; 0 where its configuration does not tell."""
    vision = getattr(getattr(network, "config", None), "vision_config", None)
    size, patch = (getattr(vision, name, None) for name in ("image_size", "patch_size"))
    if not (isinstance(size, int) and isinstance(patch, int) and patch > 0):
        return 0
    return (size // patch) ** 2


class _Product:
    """In place of the forward of a linear layer."""

    def __init__(self, weight: Packed, bias: Tensor | None) -> None:
        self._weight = weight
        self._bias = bias

    def __call__(self, x: Tensor) -> Tensor:
        return self._weight(x, self._bias)
