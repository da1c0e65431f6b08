"""Attention in bfloat16 on a processor that multiplies it, but has no products of matrices (AMX).

PyTorch's own attention is slow there: of a picture of 577 parts it takes 2.3 times as long as the two
products that it is made of, of a single token six times as long as in float32. On other processors, on
graphics cards and in other types it is left as it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

NAME = "imagecraft_products"
"""What transformers calls this attention in a configuration."""
_MOST = 1 << 20
"""Scores at once: in float32 4 MB, which stay near the processor, whatever the size of the picture."""


@contextmanager
def by_products(network: Any) -> Iterator[None]:
    """Within the block a network of transformers attends this way wherever it would by PyTorch's own
    attention, if this is the quicker one for it. A block within another changes nothing."""
    configs: list[Any] = []
    if _is_quicker(network):
        import transformers
        from transformers.masking_utils import sdpa_mask

        attentions: Any = transformers.AttentionInterface
        attentions.register(NAME, attend)
        masks: Any = transformers.AttentionMaskInterface
        masks.register(NAME, sdpa_mask)
        found = (getattr(module, "config", None) for module in network.modules())
        configs = [one for one in found if getattr(one, "_attn_implementation", "") == "sdpa"]
    for config in configs:
        config._attn_implementation = {"": NAME}  # not its parts
    try:
        yield
    finally:
        for config in configs:
            config._attn_implementation = {"": "sdpa"}


def _is_quicker(network: Any) -> bool:
    has_products = getattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    is_narrow = network.device.type == "cpu" and network.dtype == torch.bfloat16
    return is_narrow and not has_products()


def attend(
    module: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    dropout: float = 0.0,
    scaling: float | None = None,
    is_causal: bool | None = None,
    **others: Any,
) -> tuple[Tensor, None]:
    """Called by the layers of transformers.

    Args:
        module: The layer.
        query: (B, H, n, d).
        key, value: (B, G, N, d), where G divides H.
        attention_mask: (B or 1, H or 1, n or more, N): bool, True for what may be seen, or float, to be added. None when all is
            seen, or, for a causal layer, each its past.
        scaling: Of the scores; None for 1 / sqrt(d).
        others: Of them those that change the result are left to transformers' own.
    Returns:
        (B, n, H, d).
    """
    if dropout or any(
        others.get(name) is not None for name in ("softcap", "position_bias", "cache")
    ):
        from transformers.integrations.sdpa_attention import sdpa_attention_forward

        passed: Any = {"dropout": dropout, "scaling": scaling, "is_causal": is_causal, **others}
        return sdpa_attention_forward(module, query, key, value, attention_mask, **passed)
    batch, heads, n, wide = query.shape
    known, given = key.shape[2], query.dtype
    if is_causal is None:
        is_causal = getattr(module, "is_causal", True)
    if n > 1 and attention_mask is None and is_causal:
        attention_mask = torch.ones(n, known, dtype=torch.bool, device=query.device).tril()
    if n == 1:  # exact, and as quick
        query, key, value = query.float(), key.float(), value.float()
    groups = key.shape[1]
    # the heads of a group are rows of one product; what lies in another order is copied once
    rows = query.reshape(batch * groups, heads // groups, n, wide)
    turned = key.reshape(batch * groups, known, wide).transpose(1, 2)
    values = value.reshape(batch * groups, known, -1)
    scale = 1 / math.sqrt(wide) if scaling is None else scaling
    mask = None
    if attention_mask is not None:
        mask = attention_mask[..., -n:, :known].expand(batch, heads, n, known)
        mask = mask.reshape(batch * groups, heads // groups, n, known)
    each = max(1, _MOST // (batch * heads * known))
    made = [
        _some(
            rows[:, :, begin : begin + each],
            turned,
            values,
            None if mask is None else mask[:, :, begin : begin + each],
            scale,
        )
        for begin in range(0, n, each)
    ]
    mixed = made[0] if len(made) == 1 else torch.cat(made, 2)
    return mixed.view(batch, heads, n, -1).to(given).transpose(1, 2).contiguous(), None


def _some(
    query: Tensor, turned: Tensor, value: Tensor, mask: Tensor | None, scale: float
) -> Tensor:
    """Rows (G, h, n, d), keys (G, d, N), values (G, N, d), mask (G, h, n, N) -> (G, h, n, d)."""
    groups, heads, n, wide = query.shape
    known = value.shape[1]
    rows = query.reshape(groups, heads * n, wide)
    scores = torch.bmm(rows, turned).mul_(scale).view(groups, heads, n, known)
    if mask is not None:
        scores = (
            scores.masked_fill(~mask, -torch.inf) if mask.dtype == torch.bool else scores + mask
        )
    shares = torch.softmax(scores, -1)  # in bfloat16, too, it adds up in float32
    return torch.bmm(shares.view(groups, heads * n, known), value).view(groups, heads, n, -1)
