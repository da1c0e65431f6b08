"""The weights of a network of transformers, arranged once for a processor's products in bfloat16."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import torch
from torch import Tensor, nn

from imagecraft_desktop.nets.packed import Packed, packed
from imagecraft_desktop.values import Tick

_MOST_TWICE = 128 << 20
"""Bytes of weights that are kept in both forms, for an embedding is the same; larger ones stay as they are."""


def arrange(network: nn.Module, tick: Tick) -> None:
    """Arrange the weights of all linear layers, if that is of use here. What a layer had is let go of.

    Args:
        tick: Called before each layer; what it raises ends this, and leaves the network usable.
    """
    uses = Counter(id(one) for _, one in network.named_parameters(remove_duplicate=False))
    layers: list[Any] = [
        part
        for part in network.modules()
        if type(part) is nn.Linear  # a class over it may mean something else
        and part.weight.dtype == torch.bfloat16
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


class _Product:
    """In place of the forward of a linear layer."""

    def __init__(self, weight: Packed, bias: Tensor | None) -> None:
        self._weight = weight
        self._bias = bias

    def __call__(self, x: Tensor) -> Tensor:
        return self._weight(x, self._bias)
