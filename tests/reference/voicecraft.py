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

    def position(self, column: int) -> Tensor:
        return self.t["audio_positional_embedding.alpha"] * self.pe(column)

    def tokens(self, column: Tensor) -> Tensor:
        """A column (K,) without its position, (D,)."""
        return sum(
            self.t[f"audio_embedding.{k}.word_embeddings.weight"][one]
            for k, one in enumerate(column)
        )

    def audio_input(self, column: Tensor, position: int) -> Tensor:
        return self.tokens(column) + self.position(position)

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


class Reading:
    """A network that has read a text, and then columns, in as many tries as there are."""

    def __init__(self, net: PlainVoiceCraft, x: list[int], batch: int) -> None:
        self.net = net
        self.batch = batch
        self.n_columns = 0
        text = net.text_input(x)[None].repeat(batch, 1, 1)
        self.hidden, self.past, _ = net.run(text, None)

    def go_on(self, columns: list[Tensor]) -> None:
        """Columns without position, (D,) for all tries or (B, D)."""
        found = []
        for one in columns:
            row = one + self.net.position(self.n_columns)
            found.append(row.expand(self.batch, -1))
            self.n_columns += 1
        self.hidden, self.past, _ = self.net.run(torch.stack(found, 1), self.past)

    def logits(self) -> Tensor:
        """After the last column, (B, K, V')."""
        return self.net.heads(self.hidden[:, -1])


Draw = Callable[[int, Tensor], Tensor]
"""The number of the step and adjusted logits (B, K, V') -> tokens (B, K)."""


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
    draw: Draw,
) -> Trace:
    """Sections 6 and 8 of the description, step by step, for one or several tries."""
    trace = Trace()
    reading = Reading(net, x, batch)
    z = net.delayed(y)[:, : y.shape[1] + 1]
    reading.go_on([net.tokens(column) for column in z.T])
    plain_span(
        reading,
        trace,
        end=net.config.end,
        fewest=net.config.frames_hz // 5,
        most=len(x) * (net.config.frames_hz // 5),
        stop_repetition=stop_repetition,
        silence=silence,
        draw=draw,
    )
    return trace


@torch.no_grad()
def plain_edit(
    net: PlainVoiceCraft,
    x: list[int],
    y: Tensor,
    spans: list[tuple[int, int]],
    *,
    stop_repetition: int,
    silence: list[int],
    draw: Draw,
) -> tuple[Trace, Tensor]:
    """Appendix A of the description: the steps of all spans, and the edited codes (K, T)."""
    c = net.config
    masks = list(net.t["mask_embedding"])
    all_empty = net.tokens(torch.full((c.n_codebooks,), c.empty))
    kept, begin = [], 0
    for a, b in spans:
        kept.append(y[:, begin:a])
        begin = b
    kept.append(y[:, begin:])
    columns = []
    for j, segment in enumerate(kept):
        if j > 0:
            columns.append(masks[j - 1])
        is_last = j == len(kept) - 1
        if is_last or (c.eos is None and not c.has_one_end):
            closed = torch.cat([segment, torch.full((c.n_codebooks, 1), c.end)], 1)
        else:
            closed = segment
        columns += [net.tokens(column) for column in net.delayed(closed).T]
    trace = Trace()
    reading = Reading(net, x, batch=1)
    reading.go_on([*columns, masks[0], all_empty])
    full = kept[0]
    for j in range(len(spans)):
        n_before = len(trace.tokens)
        plain_span(
            reading,
            trace,
            end=c.eog,
            fewest=-1,
            most=len(x) * (c.frames_hz // 5),
            stop_repetition=stop_repetition,
            silence=silence,
            draw=draw,
        )
        new = torch.cat(trace.tokens[n_before:]).T
        full = torch.cat([full, spoken(new), kept[j + 1]], 1)
        if j + 1 < len(spans):
            reading.go_on([net.tokens(new[:, -1]), masks[j + 1], all_empty])
    return trace, full


def plain_span(
    reading: Reading,
    trace: Trace,
    *,
    end: int,
    fewest: int,
    most: int,
    stop_repetition: int,
    silence: list[int],
    draw: Draw,
) -> None:
    """The loop of sections 6 and 8 until all codebooks have ended; the last column is not read.

    Args:
        fewest: The last step that cannot end by itself.
        most: Columns that may have been read when a step does not begin the end.
    """
    net, batch = reading.net, reading.batch
    c = net.config
    n_books = c.n_codebooks
    n_end, s = 0, 0
    previous: list[int | None] = [None] * batch
    repeats = [0] * batch
    while True:
        raw = reading.logits()
        l = raw.clone()  # noqa: E741
        l[:, :, c.n_codes :] = torch.where(
            torch.arange(c.n_codes, c.n_classes) == end, l[:, :, c.n_codes :], -10000.0
        )
        if n_end == 0:
            l[:, 1:, end] = -10000
            if s <= fewest:
                l[:, :, end] = -10000
            for b in range(batch):
                before = previous[b]
                if stop_repetition > 0 and before in silence and repeats[b] > stop_repetition:
                    f = repeats[b] - (stop_repetition - 1)
                    now = l[b, 0, before]
                    l[b, 0, before] = now * f if now < 0 else now / f
        else:
            l[:, n_end + 1 :, end] = -10000
        drawn = draw(len(trace.raw), l)
        tokens = drawn.clone()
        if n_end == 0:
            for b in range(batch):
                for k in range(1, n_books):
                    if s < k:
                        tokens[b, k] = c.empty
                is_end = tokens[b, 0] == end or l[b, 0].argmax() == end or reading.n_columns > most
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
            return
        reading.go_on([torch.stack([net.tokens(tokens[b]) for b in range(batch)])])
        s += 1


def spoken(tokens: Tensor) -> Tensor:
    """Tokens (K, N) -> new codes (K, N - K)."""
    n_books, n = tokens.shape
    return torch.stack([tokens[k, k : n - n_books + k] for k in range(n_books)])


def plain_likely(row: Tensor, top_k: int, top_p: float, temperature: float) -> Tensor:
    """Section 7 but for the draw, for the logits (V') of one codebook."""
    row = row / temperature
    if top_k > 0:
        lowest = sorted(row.tolist())[-min(top_k, len(row))]
        row = torch.where(row < lowest, -torch.inf, row)
    if top_p < 1:
        chances = row.softmax(-1)
        reached = torch.zeros(())
        for one in row.argsort(descending=True):
            if reached > top_p:
                row[one] = -torch.inf
            reached = reached + chances[one]
    return row


def plain_draw(top_k: int, top_p: float, temperature: float, seed: int) -> Draw:
    """Draws as the original does from the same seed."""
    chance = torch.Generator().manual_seed(seed)

    def draw(_: int, logits: Tensor) -> Tensor:
        rows = [plain_likely(row, top_k, top_p, temperature) for row in logits.flatten(0, 1)]
        drawn = torch.multinomial(torch.stack(rows).softmax(-1), 1, generator=chance)
        return drawn.view(logits.shape[:2])

    return draw
