"""Attention as the products that it is made of.

In bfloat16 on a processor that multiplies it, but has no products of matrices (AMX), PyTorch's own attention is slow:
of a picture of 577 parts it takes 2.3 times as long as these, of a single column eight times.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor


def attends_slowly(dtype: torch.dtype, device: str) -> bool:
    """Whether PyTorch's own attention is the slower one. `device`: "cpu", "cuda", "mps"."""
    has_products = getattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    return device == "cpu" and dtype == torch.bfloat16 and not has_products()


def mix(
    query: Tensor,
    keys: Tensor,
    values: Tensor,
    mask: Tensor | None = None,
    scale: float | None = None,
) -> Tensor:
    """What each row takes of the values.

    Args:
        query: (B, H, n, d).
        keys, values: (B, G, N, d), where G divides H.
        mask: As wide as (B, H, n, N), or to be widened to it: bool, True for what may be seen, or float, to be added.
        scale: Of the scores; None for 1 / sqrt(d).
    Returns:
        (B, H, n, d), in the type of `query`.
    """
    batch, heads, n, wide = query.shape
    groups, known = keys.shape[1:3]
    each = heads // groups
    # the heads of a group are rows of one product; what lies in another order is copied once
    rows = query.reshape(batch * groups, each * n, wide)
    scores = torch.bmm(rows, keys.reshape(batch * groups, known, wide).transpose(1, 2))
    scores = scores.mul_(1 / math.sqrt(wide) if scale is None else scale)
    if mask is not None:
        whole = scores.view(batch, heads, n, known)
        if mask.dtype == torch.bool:
            whole = whole.masked_fill(~mask, -torch.inf)
        else:
            whole = (whole + mask).to(query.dtype)
        scores = whole.view(batch * groups, each * n, known)
    shares = torch.softmax(scores, -1)  # in bfloat16, too, it adds up in float32
    mixed = torch.bmm(shares, values.reshape(batch * groups, known, -1))
    return mixed.view(batch, heads, n, -1)
