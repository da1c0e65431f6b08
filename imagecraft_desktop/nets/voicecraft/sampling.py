"""Drawing tokens: temperature, top-k, top-p, then one draw for each row."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Draw = Callable[[Tensor], Tensor]
"""Adjusted logits, float32, (B, K, V') -> the tokens drawn, int64, (B, K)."""


def keep_likely(logits: Tensor, top_k: int, top_p: float, temperature: float) -> Tensor:
    """Scale the logits and set those that may not be drawn to minus infinity.

    Args:
        logits: float32, (rows, V').
        top_k: Keep the k highest, and what equals the lowest of them; 0 or less keeps all.
        top_p: Then keep the fewest whose probabilities exceed it; 1 or more keeps all.
    """
    if temperature != 1.0:
        logits = logits / temperature
    if top_k > 0:
        k = min(top_k, logits.shape[-1])
        lowest = logits.topk(k, dim=-1).values[..., -1:]
        logits = logits.masked_fill(logits < lowest, -torch.inf)
    if top_p < 1.0:
        ordered, places = logits.sort(dim=-1, descending=True)
        reached = ordered.softmax(-1).cumsum(-1)
        # the first that exceeds stays: each is judged by the one before it
        gone = reached.roll(1, -1) > top_p
        gone[..., 0] = False
        logits = logits.masked_fill(gone.scatter(-1, places, gone), -torch.inf)
    return logits


def sampler(top_k: int, top_p: float, temperature: float, generator: torch.Generator) -> Draw:
    """Draws what torch.multinomial, and so the original, draws with the same generator: of all ids the
    one whose probability is the largest multiple of a random number. Unlike it, waits for no device.
    """

    def draw(logits: Tensor) -> Tensor:
        rows = keep_likely(logits.flatten(0, 1), top_k, top_p, temperature).softmax(-1)
        chances = torch.empty_like(rows).exponential_(1, generator=generator)
        return (rows / chances).argmax(-1).view(logits.shape[:2])

    return draw
