"""The delay pattern: codebook k stands k columns later than codebook 0. Plain index work."""

from __future__ import annotations

import torch
from torch import Tensor


def delay(codes: Tensor, empty: int) -> Tensor:
    """Codes, int64, (K, T) -> columns, (K, T + K), filled up with `empty`; column 0 is all empty."""
    n_books, length = codes.shape
    columns = codes.new_full((n_books, length + n_books), empty)
    for k in range(n_books):
        columns[k, 1 + k : 1 + k + length] = codes[k]
    return columns


def delay_prompt(codes: Tensor, empty: int) -> Tensor:
    """The columns that a prompt shows to the network: (K, T + 1). The last 1 to 3 codes of codebooks
    1 to 3 are not among them."""
    return delay(codes, empty)[:, : codes.shape[1] + 1]


def undelay(columns: Tensor) -> Tensor:
    """Columns, (K, T + K) -> codes, (K, T)."""
    n_books, length = columns.shape
    return torch.stack([columns[k, 1 + k : 1 + k + length - n_books] for k in range(n_books)])


def frames(tokens: Tensor, begin: int, end: int) -> Tensor:
    """Frames `begin` to `end` of generated tokens, (K, N): codebook k of a frame came k steps later."""
    return torch.stack([row[begin + k : end + k] for k, row in enumerate(tokens)])
