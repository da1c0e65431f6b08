"""Matrix products with weights in the form that a mode stores them in.

A decode step reads every weight once for one row, so its time is that of reading the weights: the
fewer bytes, the faster. Rows of a prefill are many; there the narrow forms are widened first.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

from imagecraft_desktop.nets.packed import Packed, packed
from imagecraft_desktop.values import Tick, no_tick

_FEW_ROWS = 8
"""Up to here the products for narrow weights are faster than widening them."""
_GROUP = 64
"""Inputs that share a scale in int4."""
_STRIPE = 16
"""Outputs that the int4 product takes at once."""
_SHIFT = 128
"""Between whole numbers that count from -128 and those that count from 0; they differ in one bit."""
_PIECE = 1 << 20
"""Numbers that are rounded at once: a tenth of a second on a slow core at most."""
_BLOCK = 64
"""Outputs that the int4 product may keep together: a piece has no part of them."""
_STRIDE = 32
"""Inputs that the int8 product takes at once; where some are left over it reads past their end."""


class Mode(StrEnum):
    """How weights are stored and what is computed in."""

    FP32 = "fp32"
    BF16 = "bf16"
    FP16 = "fp16"
    INT8 = "int8"
    INT4 = "int4"

    @property
    def dtype(self) -> torch.dtype:
        """What is computed in: activations, and keys and values of the attention."""
        if self is Mode.FP32:
            return torch.float32
        return torch.float16 if self is Mode.FP16 else torch.bfloat16

    @property
    def is_narrow(self) -> bool:
        """Whether weights are stored as whole numbers."""
        return self in {Mode.INT8, Mode.INT4}


class Linear(Protocol):
    """x @ weight.T + bias."""

    def __call__(self, x: Tensor) -> Tensor:
        """(rows, inputs) -> (rows, outputs), both in the mode's dtype."""


def can_run(mode: Mode, device: str) -> bool:
    """Whether this build of PyTorch has what the mode needs on this device ("cpu", "cuda", "mps")."""
    if mode is Mode.INT8:
        return device == "cpu" and hasattr(torch, "_weight_int8pack_mm")
    if mode is Mode.INT4:
        has_both = hasattr(torch, "_convert_weight_to_int4pack_for_cpu") and hasattr(
            torch, "_weight_int4pack_mm_for_cpu"
        )
        return device == "cpu" and has_both
    if mode is Mode.FP16:
        return device != "cpu"
    return True


def pieces(weight: Tensor, tick: Tick) -> Iterator[slice]:
    """The rows of a matrix in pieces, small enough that a cancel is heard between them."""
    n_rows, n_columns = weight.shape
    length = max(1, _PIECE // (_BLOCK * n_columns)) * _BLOCK
    for begin in range(0, n_rows, length):
        tick()
        yield slice(begin, begin + length)


def make_linear(
    weight: Tensor, bias: Tensor, mode: Mode, device: torch.device, tick: Tick = no_tick
) -> Linear:
    """Store a layer's weights as the mode wants them.

    Args:
        weight: float, (outputs, inputs).
        bias: float, (outputs,).
        tick: Called before each piece of the weights; what it raises ends that.
    """
    tick()
    if mode is Mode.INT4 and weight.shape[0] % _STRIPE == 0 and weight.shape[1] % _GROUP == 0:
        return _Int4(weight, bias, tick)
    if mode.is_narrow and weight.shape[1] % _STRIDE == 0:
        # in int4 also what the int4 product has no form for: the last layer of a head
        return Int8(weight, bias, tick)
    stored = _stored(weight, mode.dtype, device, tick)
    if (arranged := packed(stored)) is not None:
        return _Arranged(arranged, bias)
    return _Plain(stored, bias.to(device, mode.dtype))


def _stored(weight: Tensor, dtype: torch.dtype, device: torch.device, tick: Tick) -> Tensor:
    """The same memory where nothing is to be changed, such as that of a file."""
    if device.type != "cpu" or weight.dtype == dtype:
        return weight.to(device, dtype)
    made = torch.empty(weight.shape, dtype=dtype)
    for rows in pieces(weight, tick):
        made[rows] = weight[rows]
    return made


def _wide(x: Tensor) -> torch.dtype:
    """What many rows are multiplied in: their own type, unless the processor is slow at that."""
    is_slow = x.device.type == "cpu" and x.dtype == torch.bfloat16 and not _multiplies_bfloat16()
    return torch.float32 if is_slow else x.dtype


@cache
def _multiplies_bfloat16() -> bool:
    """Whether there are products for it here; without, they take seven times as long as in float32."""
    is_supported = getattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", None)
    return is_supported is not None and bool(is_supported())


class _Plain:
    """Weights as they are. On a processor few rows are products of the matrix with vectors: the usual
    product arranges bfloat16 weights anew at each call, which takes longer than itself."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        self._weight = weight
        self._bias = bias

    def __call__(self, x: Tensor) -> Tensor:
        if x.device.type == "cpu":
            if x.shape[0] == 1:
                return torch.addmv(self._bias, self._weight, x[0])[None]
            if x.shape[0] <= _FEW_ROWS and x.dtype == torch.bfloat16:
                # in rows again, as the products for whole numbers want them
                return torch.addmm(self._bias[:, None], self._weight, x.T).T.contiguous()
        wide = _wide(x)
        return F.linear(x.to(wide), self._weight.to(wide), self._bias.to(wide)).to(x.dtype)


class _Arranged:
    """Weights in bfloat16, arranged for any number of rows."""

    def __init__(self, weight: Packed, bias: Tensor) -> None:
        self.weight = weight
        self._bias = bias.to(torch.bfloat16)

    def __call__(self, x: Tensor) -> Tensor:
        return self.weight(x, self._bias)


class Int8:
    """One scale for each output; the scale is what bfloat16 can hold, so it adds no error."""

    def __init__(self, weight: Tensor, bias: Tensor, tick: Tick = no_tick) -> None:
        self._weight = torch.empty(weight.shape, dtype=torch.int8)
        self._scale = torch.empty(len(weight), dtype=torch.bfloat16)
        for rows in pieces(weight, tick):
            wide = weight[rows].to(torch.float32)
            scale = (wide.abs().amax(1) / 127).clamp_min(1e-12).to(torch.bfloat16)
            levels = (wide * scale.float().reciprocal()[:, None]).round_()
            self._weight[rows], self._scale[rows] = levels.clamp_(-128, 127), scale
        self._bias = bias.to(torch.bfloat16)

    def __call__(self, x: Tensor) -> Tensor:
        weight = self._weight
        if weight.dtype == torch.uint8:  # it is shared
            weight = (weight ^ _SHIFT).view(torch.int8)
        if x.shape[0] <= _FEW_ROWS:
            return torch._weight_int8pack_mm(x, weight, self._scale) + self._bias
        wide = _wide(x)
        scaled = weight.to(wide).mul_(self._scale.to(wide)[:, None])
        return F.linear(x.to(wide), scaled, self._bias.to(wide)).to(x.dtype)

    def share(self) -> tuple[Tensor, Tensor]:
        """Let others who count from 0 use the same memory.

        Returns:
            Levels, uint8, (outputs, inputs), where 128 is zero; scales, bfloat16, (outputs,).
        """
        if self._weight.dtype == torch.int8:
            self._weight = self._weight.view(torch.uint8).bitwise_xor_(_SHIFT)
        return self._weight, self._scale


class _Int4:
    """Sixteen levels for each group of 64 inputs of an output, from its lowest to its highest.

    Many rows go through an int8 copy: it is quickly widened, and more exact.
    """

    def __init__(self, weight: Tensor, bias: Tensor, tick: Tick) -> None:
        n_outputs, n_inputs = weight.shape
        self._packed = torch.empty(n_outputs, n_inputs // 2, dtype=torch.uint8)
        # (groups, outputs, 2), as the product wants them
        self._scales = torch.empty(n_inputs // _GROUP, n_outputs, 2, dtype=torch.bfloat16)
        for rows in pieces(weight, tick):
            self._packed[rows], self._scales[:, rows] = _four_bits(weight[rows])
        self._bias = bias.to(torch.bfloat16)
        self._many = Int8(weight, bias, tick)

    def __call__(self, x: Tensor) -> Tensor:
        if x.shape[0] > _FEW_ROWS:
            return self._many(x)
        product = torch._weight_int4pack_mm_for_cpu(x, self._packed, _GROUP, self._scales)
        return product + self._bias


def _four_bits(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Levels and scales, as the int4 product wants them, of rows that make whole stripes."""
    n_outputs, n_inputs = weight.shape
    groups = weight.to(torch.float32).view(n_outputs, n_inputs // _GROUP, _GROUP)
    low, high = torch.aminmax(groups, dim=2)
    scale = ((high - low) / 15).clamp_min(1e-12).to(torch.bfloat16)
    middle = (low + scale.float() * 8).to(torch.bfloat16)
    a_level = scale.float().reciprocal()
    # rounded by cutting off: half a level more than the level itself
    first = (8.5 - middle.float() * a_level)[..., None]
    levels = torch.addcmul(first, groups, a_level[..., None]).clamp_(0, 15.99).to(torch.int32)
    packed = torch._convert_weight_to_int4pack_for_cpu(levels.view(n_outputs, n_inputs), 1)
    return packed, torch.stack([scale, middle], -1).transpose(0, 1)
