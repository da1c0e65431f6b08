"""What an utterance keeps of its columns, and how a new one attends to it.

Tensor letters: B tries, L layers, H heads, d width of a head, S positions, n columns.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

_STRIDE = 64
"""Positions that a `CloseCache` grows by."""


class Cache:
    """Keys and values of all layers, (B, H, S, d) each, in memory that never moves.

    Attributes:
        length: So many positions are filled.
    """

    def __init__(self, keys: list[Tensor], values: list[Tensor], length: int = 0) -> None:
        self.keys = keys
        self.values = values
        self.length = length

    def first(self) -> Cache:
        """What the prefill of all tries fills: the first try, in the same memory."""
        return Cache([k[:1] for k in self.keys], [v[:1] for v in self.values], self.length)

    def share(self, length: int) -> None:
        """Give all tries the first `length` positions of the first try."""
        for kept in (*self.keys, *self.values):
            kept[1:, :, :length] = kept[:1, :, :length]
        self.length = length

    def take(self, keys: Tensor, values: Tensor) -> None:
        """Begin the first try with the keys and values of columns that were run before, (L, H, n, d)."""
        self.length = keys.shape[2]
        for number, (key, value) in enumerate(zip(keys, values, strict=True)):
            self._fit(number, self.length)
            self.keys[number][:1, :, : self.length] = key
            self.values[number][:1, :, : self.length] = value

    def filled(self) -> tuple[list[Tensor], list[Tensor]]:
        """Keys and values of the first try as far as they are filled, (1, H, n, d) for each layer."""
        keys, values = (
            [one[:1, :, : self.length] for one in kept] for kept in (self.keys, self.values)
        )
        return keys, values

    def attend(
        self, number: int, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None
    ) -> Tensor:
        """Keep further columns of a layer and let them attend; `length` is for who runs the layers to move.

        Args:
            number: Of the layer.
            query, key, value: (B, H, n, d).
            mask: bool, (n, length + n): what each may see, where they are several and not the first.
        Returns:
            (B, H, n, d).
        """
        keys, values = self._keep(number, key, value)
        is_causal = key.shape[2] > 1 and mask is None
        return F.scaled_dot_product_attention(
            query, keys, values, attn_mask=mask, is_causal=is_causal
        )

    def _keep(self, number: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """All keys and values up to these."""
        end = self.length + key.shape[2]
        self._fit(number, end)
        for kept, new in ((self.keys[number], key), (self.values[number], value)):
            kept[:, :, self.length : end] = new
        return self.keys[number][:, :, :end], self.values[number][:, :, :end]

    def _fit(self, number: int, length: int) -> None:
        """Have room for so many positions of a layer."""


class CloseCache(Cache):
    """Keys and values that lie close together, for a column to attend by plain products on a processor.

    Products in bfloat16 first copy what does not lie close together, which takes as long as they do. So
    there is next to no room after what is filled, and it grows by 64 positions at a time. What all
    tries share is kept once, and read once for all of them.

    Args:
        n_layers, tries, n_heads, d_head: L, B, H, d.
        dtype: Of keys and values.
    """

    def __init__(
        self, n_layers: int, tries: int, n_heads: int, d_head: int, dtype: torch.dtype
    ) -> None:
        def nothing() -> list[Tensor]:
            return [torch.zeros(1, n_heads, 0, d_head, dtype=dtype) for _ in range(n_layers)]

        super().__init__(nothing(), nothing())
        self._tries = tries
        self._seen: dict[int, tuple[Tensor, Tensor, Tensor]] = {}
        """Of each layer of one try keys, (H, S, d), the same as (H, d, S), and values."""
        self._mask = torch.zeros(0)
        self._n_seen = 0
        self._n_shared = 0
        self._own: tuple[list[Tensor], list[Tensor]] | None = None
        """Keys and values that several tries do not share, (H, B, S, d) for each layer."""

    def first(self) -> Cache:
        return self

    def share(self, length: int) -> None:
        self.length = self._n_shared = length
        if self._tries == 1:
            return
        self.keys, self.values = (
            [one[:, :, :length].contiguous() for one in kept] for kept in (self.keys, self.values)
        )
        keys, values = (
            [one.new_zeros(one.shape[1], self._tries, 0, one.shape[3]) for one in kept]
            for kept in (self.keys, self.values)
        )
        self._own = keys, values

    def attend(
        self, number: int, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None
    ) -> Tensor:
        if self._own is not None:
            return self._attend_each(number, query, key, value)
        if key.shape[2] > 1:  # quickest in float32
            keys, values = (one.float() for one in self._keep(number, key, value))
            return F.scaled_dot_product_attention(
                query.float(), keys, values, attn_mask=mask, is_causal=mask is None
            )
        return self._attend_one(number, query[0], key[0], value[0])[None]

    def _attend_one(self, number: int, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        """One column of the only try: (H, 1, d). It is the whole of a step's attention, so calls count."""
        self._fit(number, self.length + 1)
        keys, turned, values = self._seen[number]
        keys.narrow(1, self.length, 1).copy_(key)
        values.narrow(1, self.length, 1).copy_(value)
        scale = 1 / math.sqrt(query.shape[2])
        scores = torch.baddbmm(self._unseen(turned), query, turned, alpha=scale)
        return torch.bmm(torch.softmax(scores, -1), values)

    def _unseen(self, turned: Tensor) -> Tensor:
        """What is added to scores, (1, 1, S): nothing as far as it is filled after this column."""
        room = turned.shape[2]
        if len(self._mask) != room:
            self._mask, self._n_seen = turned.new_empty(room), 0
        if self._n_seen != self.length + 1:
            self._n_seen = self.length + 1
            self._mask[: self._n_seen], self._mask[self._n_seen :] = 0, -torch.inf
        return self._mask[None, None]

    def _attend_each(self, number: int, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        """One column of each try."""
        assert self._own is not None
        own_keys, own_values = self._own
        at = self.length - self._n_shared
        for kept, new in ((own_keys, key), (own_values, value)):
            kept[number] = _with_room(kept[number], at + 1)
            kept[number][:, :, at] = new[:, :, 0].transpose(0, 1)
        rows = query[:, :, 0].transpose(0, 1).contiguous()  # (H, B, d)
        # heads of tries are products of their own
        lone = rows.flatten(0, 1)[:, None]
        of_own = torch.bmm(lone, own_keys[number].flatten(0, 1).transpose(1, 2))
        of_shared = torch.bmm(rows, self.keys[number][0].transpose(1, 2))
        scores = torch.cat([of_shared, of_own.view(*rows.shape[:2], -1)], 2)
        shares = _shares(scores, self.length + 1, query.shape[3])
        of_shared, of_own = shares[..., : self._n_shared], shares[..., self._n_shared :]
        mixed = torch.bmm(of_own.reshape(len(lone), 1, -1), own_values[number].flatten(0, 1))
        mixed = torch.bmm(of_shared, self.values[number][0]) + mixed.view(rows.shape)
        return mixed.transpose(0, 1)[:, :, None]

    def _fit(self, number: int, length: int) -> None:
        if self.keys[number].shape[2] >= length:
            return
        for kept in (self.keys, self.values):
            kept[number] = _with_room(kept[number], length)
        keys, values = self.keys[number][0], self.values[number][0]
        self._seen[number] = keys, keys.transpose(1, 2), values


def _with_room(kept: Tensor, length: int) -> Tensor:
    """The same, (.., S, d), with room for more positions if it has not so many."""
    lacking = length - kept.shape[2]
    if lacking <= 0:
        return kept
    more = -(-lacking // _STRIDE) * _STRIDE
    return torch.cat([kept, kept.new_zeros(*kept.shape[:2], more, kept.shape[3])], 2)


def _shares(scores: Tensor, length: int, d_head: int) -> Tensor:
    """What each row takes of the first `length` positions: (.., S) -> (.., S)."""
    scores[..., length:] = -torch.inf
    return torch.softmax(scores.mul_(1 / math.sqrt(d_head)), -1)
