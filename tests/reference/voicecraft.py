"""VoiceCraft in plain modules with a growing cache, its rules written out as in the description.

Nothing here is shared with the fast form but the reading of the checkpoint: what both get wrong
would have to be wrong twice.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from imagecraft_desktop.nets.voicecraft.load import Checkpoint


class PlainLayer(nn.Module):
    def __init__(self, wide: int, inner: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(wide), nn.LayerNorm(wide)
        self.qkv, self.out = nn.Linear(wide, 3 * wide), nn.Linear(wide, wide)
        self.linear1, self.linear2 = nn.Linear(wide, inner), nn.Linear(inner, wide)

    def forward(self, x: Tensor, past: Tensor | None) -> tuple[Tensor, Tensor]:
        """x (B, n, D), past (2, B, H, S, d) -> the same and the longer past."""
        batch, n, wide = x.shape
        parts = self.qkv(self.norm1(x)).chunk(3, -1)
        q, k, v = (p.view(batch, n, self.heads, -1).transpose(1, 2) for p in parts)
        if past is not None:
            k, v = torch.cat([past[0], k], 2), torch.cat([past[1], v], 2)
        length = k.shape[2]
        scores = q @ k.transpose(2, 3) / math.sqrt(q.shape[-1])
        rows = torch.arange(length - n, length)[:, None]
        scores = scores.masked_fill(torch.arange(length) > rows, -torch.inf)
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, n, wide)
        x = x + self.out(mixed)
        x = x + self.linear2(F.relu(self.linear1(self.norm2(x))))
        return x, torch.stack([k, v])


class PlainVoiceCraft(nn.Module):
    """float32, on the CPU."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        super().__init__()
        c = self.config = checkpoint.config
        t = checkpoint.tensors
        inner = t["decoder.layers.0.linear1.weight"].shape[0]
        self.layers = nn.ModuleList(
            PlainLayer(c.d_model, inner, c.n_heads) for _ in range(c.n_layers)
        )
        for i, layer in enumerate(self.layers):
            state = {}
            for ours, theirs in (
                ("norm1.", "norm1."),
                ("norm2.", "norm2."),
                ("qkv.", "self_attn.in_proj_"),
                ("out.", "self_attn.out_proj."),
                ("linear1.", "linear1."),
                ("linear2.", "linear2."),
            ):
                for part in ("weight", "bias"):
                    state[ours + part] = t[f"decoder.layers.{i}.{theirs}{part}"]
            layer.load_state_dict(state)
        self.norm = nn.LayerNorm(c.d_model)
        self.norm.load_state_dict({p: t[f"decoder.norm.{p}"] for p in ("weight", "bias")})
        self.t = t
        self.eval()

    def pe(self, position: int) -> Tensor:
        wide = self.config.d_model
        j = torch.arange(wide // 2)
        w = torch.exp(-(2 * j) * math.log(10000) / wide)
        row = torch.empty(wide)
        row[0::2], row[1::2] = torch.sin(position * w), torch.cos(position * w)
        return row

    def text_input(self, ids: list[int]) -> Tensor:
        table, alpha = (
            self.t["text_embedding.word_embeddings.weight"],
            self.t["text_positional_embedding.alpha"],
        )
        return torch.stack([table[one] + alpha * self.pe(i) for i, one in enumerate(ids)])

    def audio_input(self, column: Tensor, position: int) -> Tensor:
        tables = [
            self.t[f"audio_embedding.{k}.word_embeddings.weight"]
            for k in range(self.config.n_codebooks)
        ]
        alpha = self.t["audio_positional_embedding.alpha"]
        return sum(
            (table[one] for table, one in zip(tables, column, strict=True)),
            alpha * self.pe(position),
        )

    def run(
        self, x: Tensor, past: list[Tensor] | None
    ) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        """x (B, n, D) -> hidden states, the past of every layer, the output of every layer."""
        kept, outputs = [], []
        for i, layer in enumerate(self.layers):
            x, one = layer(x, None if past is None else past[i])
            kept.append(one)
            outputs.append(x)
        return self.norm(x), kept, outputs

    def heads(self, hidden: Tensor) -> Tensor:
        """(..., D) -> (..., K, V')."""
        found = []
        for k in range(self.config.n_codebooks):
            w = {
                n: self.t[f"predict_layer.{k}.{n}"]
                for n in ("0.weight", "0.bias", "2.weight", "2.bias")
            }
            inner = F.gelu(F.linear(hidden, w["0.weight"], w["0.bias"]))
            found.append(F.linear(inner, w["2.weight"], w["2.bias"]))
        return torch.stack(found, -2)

    def delayed(self, codes: Tensor) -> Tensor:
        n_books, length = codes.shape
        z = torch.full((n_books, length + n_books), self.config.empty)
        for k in range(n_books):
            for t in range(length):
                z[k, 1 + k + t] = codes[k, t]
        return z


@dataclass
class Trace:
    """What happened at each step; lists of (B, K, V') and (B, K)."""

    raw: list[Tensor] = field(default_factory=list)
    adjusted: list[Tensor] = field(default_factory=list)
    drawn: list[Tensor] = field(default_factory=list)
    tokens: list[Tensor] = field(default_factory=list)
    keep: int = 0


@torch.no_grad()
def plain_speech(
    net: PlainVoiceCraft,
    x: list[int],
    y: Tensor,
    *,
    batch: int,
    stop_repetition: int,
    silence: list[int],
    draw: Callable[[int, Tensor], Tensor],
) -> Trace:
    """Sections 6 and 8 of the description, step by step, for one or several tries."""
    c = net.config
    n_books, end = c.n_codebooks, c.end
    z = net.delayed(y)[:, : y.shape[1] + 1]
    audio = torch.stack([net.audio_input(z[:, s], s) for s in range(z.shape[1])])
    hidden, past, _ = net.run(torch.cat([net.text_input(x), audio])[None].repeat(batch, 1, 1), None)
    hidden = hidden[:, -1]
    trace = Trace()
    n_end, ylen, s = 0, y.shape[1] + 1, 0
    previous: list[int | None] = [None] * batch
    repeats = [0] * batch
    while n_end < n_books:
        raw = net.heads(hidden)
        l = raw.clone()  # noqa: E741
        l[:, :, c.n_codes :] = torch.where(
            torch.arange(c.n_codes, c.n_classes) == end, l[:, :, c.n_codes :], -10000.0
        )
        if n_end == 0:
            l[:, 1:, end] = -10000
            if s <= c.frames_hz // 5:
                l[:, :, end] = -10000
            for b in range(batch):
                before = previous[b]
                if stop_repetition > 0 and before in silence and repeats[b] > stop_repetition:
                    f = repeats[b] - (stop_repetition - 1)
                    now = l[b, 0, before]
                    l[b, 0, before] = now * f if now < 0 else now / f
        else:
            l[:, n_end + 1 :, end] = -10000
        drawn = draw(s, l)
        tokens = drawn.clone()
        if n_end == 0:
            for b in range(batch):
                for k in range(1, n_books):
                    if s < k:
                        tokens[b, k] = c.empty
                is_end = (
                    tokens[b, 0] == end
                    or l[b, 0].argmax() == end
                    or ylen > len(x) * (c.frames_hz // 5)
                )
                if is_end:
                    tokens[b, 0] = end
                    n_end, trace.keep = 1, b
                first = int(tokens[b, 0])
                repeats[b] = repeats[b] + 1 if first in silence and first == previous[b] else 0
                previous[b] = first
        else:
            tokens[:, :n_end] = c.empty
            tokens[:, n_end] = end
            n_end += 1
        trace.raw.append(raw)
        trace.adjusted.append(l)
        trace.drawn.append(drawn)
        trace.tokens.append(tokens)
        if n_end == n_books:
            break
        column = torch.stack([net.audio_input(tokens[b], ylen) for b in range(batch)])
        hidden, past, _ = net.run(column[:, None], past)
        hidden = hidden[:, -1]
        ylen += 1
        s += 1
    return trace


def spoken(tokens: Tensor) -> Tensor:
    """Tokens (K, N) -> new codes (K, N - K)."""
    n_books, n = tokens.shape
    return torch.stack([tokens[k, k : n - n_books + k] for k in range(n_books)])
