"""Weights in bfloat16 that are arranged once as the processor's products want them.

PyTorch's usual product arranges them anew at each call, which for one row takes as long as the product, and
for many a third of it. These are the operators of oneDNN in PyTorch that its compiler uses; they are its own
affair, so they are tried before they are relied on. Where they are absent the usual products remain.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

log = logging.getLogger(__name__)

_OUTPUTS, _INPUTS = 48, 32
_CLOSE = 0.05
"""Between two products in bfloat16 of numbers about 1."""


def packed(weight: Tensor) -> Packed | None:
    """The weights of a linear layer, arranged; None where they cannot be, or where no memory is left for it.

    Args:
        weight: float, (outputs, inputs).
    """
    is_fit = weight.device.type == "cpu" and weight.dtype == torch.bfloat16
    if not (is_fit and can_pack()):
        return None
    try:
        return Packed(weight)
    except RuntimeError as error:  # which is how oneDNN says that, too
        log.warning("weights stay as they are: %s", error)
        return None


class Packed:
    """The weights of a linear layer. Only where `can_pack`.

    Args:
        weight: bfloat16, (outputs, inputs), on a processor; not needed any more.

    Attributes:
        n_bytes: Of the weights.
    """

    def __init__(self, weight: Tensor) -> None:
        self.n_bytes = weight.nbytes
        self._n_outputs = len(weight)
        self._weight: Tensor = _operators()._reorder_linear_weight(weight.detach().contiguous())

    def __call__(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """bfloat16, (..., inputs) and (outputs,) -> bfloat16, (..., outputs)."""
        if not x.numel():
            return x.new_empty(*x.shape[:-1], self._n_outputs)
        made: Tensor = _operators()._linear_pointwise(
            x.contiguous(), self._weight, bias, "none", [], ""
        )
        return made


@cache
def can_pack() -> bool:
    """Whether this processor and this PyTorch have such products, and they give what they should."""
    operators = _operators()
    try:
        if not operators._is_mkldnn_bf16_supported():
            return False
        steps = torch.arange(_OUTPUTS * _INPUTS, dtype=torch.float32)
        weight = (torch.sin(steps) / 8).view(_OUTPUTS, _INPUTS).bfloat16()
        bias = torch.cos(steps[:_OUTPUTS]).bfloat16()
        x = torch.cos(steps[: 3 * _INPUTS]).view(3, _INPUTS).bfloat16()
        made, exact = Packed(weight)(x, bias), F.linear(x.float(), weight.float(), bias.float())
        is_right = made.shape == exact.shape and made.dtype == torch.bfloat16
        return bool(is_right and (made.float() - exact).abs().max() < _CLOSE)
    except (AttributeError, RuntimeError, TypeError, ValueError, NotImplementedError):
        return False


def _operators() -> Any:
    return torch.ops.mkldnn
