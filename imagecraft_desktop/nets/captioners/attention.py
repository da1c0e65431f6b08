"""The attention of transformers' layers as products, where PyTorch's own is slow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from imagecraft_desktop.nets.attention import attends_slowly, mix

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
    return attends_slowly(network.dtype, network.device.type)


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
    batch, heads, n, _ = query.shape
    known = key.shape[2]
    if is_causal is None:
        is_causal = getattr(module, "is_causal", True)
    if n > 1 and attention_mask is None and is_causal:
        attention_mask = torch.ones(n, known, dtype=torch.bool, device=query.device).tril()
    mask = None
    if attention_mask is not None:
        mask = attention_mask[..., -n:, :known].expand(batch, heads, n, known)
    each = max(1, _MOST // (batch * heads * known))
    made = []
    for begin in range(0, n, each):
        part = slice(begin, begin + each)
        seen = None if mask is None else mask[:, :, part]
        made.append(mix(query[:, :, part], key, value, seen, scaling))
    mixed = made[0] if len(made) == 1 else torch.cat(made, 2)
    return mixed.transpose(1, 2).contiguous(), None
