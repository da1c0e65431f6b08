"""The VoiceCraft network: one causal transformer over text and audio columns, made for decoding.

Keys and values lie in memory allocated once; positions and sizes are tables made once; the heads'
first layers are one product. Greedy tokens equal those of the plain form (tests/reference).

Tensor letters: B tries, K codebooks, V' classes, D width, H heads, d width of a head, L layers,
S positions, n columns.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from imagecraft_desktop.nets.attention import attends_slowly
from imagecraft_desktop.nets.voicecraft import runtime
from imagecraft_desktop.nets.voicecraft.cache import Cache, CloseCache
from imagecraft_desktop.nets.voicecraft.graph import Product
from imagecraft_desktop.nets.voicecraft.linear import Linear, Mode, make_linear
from imagecraft_desktop.nets.voicecraft.load import Checkpoint
from imagecraft_desktop.values import Tick, no_tick

_SLICE = 256
"""Columns of a prefill at once: between two looks at `tick` at most 0.2 s pass on two slow cores."""


@dataclass(frozen=True)
class TextState:
    """Keys and values of a text's beginning. Text is causal and comes first, so they serve every
    text that begins with the same ids.

    Attributes:
        ids: The text ids.
        keys: (L, H, n, d), in the network's dtype.
        values: The same.
        mode: Of the network.
    """

    ids: tuple[int, ...]
    keys: Tensor
    values: Tensor
    mode: Mode

    def shared(self, ids: Sequence[int]) -> int:
        """How many ids both texts begin with."""
        most = min(len(self.ids), len(ids))
        return next((i for i in range(most) if self.ids[i] != ids[i]), most)


@dataclass(frozen=True)
class _Norm:
    weight: Tensor
    bias: Tensor

    def __call__(self, x: Tensor) -> Tensor:
        return F.layer_norm(x, self.weight.shape, self.weight, self.bias)


@dataclass(frozen=True)
class _Layer:
    norm1: _Norm
    qkv: Linear
    out: Linear
    norm2: _Norm
    up: Linear
    down: Linear


def _head(checkpoint: Checkpoint) -> tuple[Tensor, Tensor]:
    """Weight and bias of the heads' first layers as one."""
    names = [f"predict_layer.{k}.0" for k in range(checkpoint.config.n_codebooks)]
    weight, bias = (
        torch.cat([checkpoint.tensors[f"{name}.{part}"] for name in names])
        for part in ("weight", "bias")
    )
    return weight, bias


Attend = Callable[[int, Tensor, Tensor, Tensor], Tensor]
"""Layer number, queries, new keys and new values, each (B, H, n, d) -> (B, H, n, d)."""


class Network:
    """The network in one mode on one device. No weight changes after it is made."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        mode: Mode = Mode.FP32,
        device: str = "cpu",
        tick: Tick = no_tick,
    ) -> None:
        self.config = config = checkpoint.config
        self.name = checkpoint.path.name
        self.mode = mode
        self.device = torch.device(device)
        is_exact = self.device.type == "cpu" and mode.dtype == torch.float32
        self._multiplies = is_exact or attends_slowly(mode.dtype, self.device.type)
        """Whether the attention of a step is two products."""
        tensors = checkpoint.tensors

        def full(name: str) -> Tensor:
            return tensors[name].to(self.device, torch.float32)

        def norm(name: str) -> _Norm:
            return _Norm(full(f"{name}.weight"), full(f"{name}.bias"))

        is_quick = self._is_quick(checkpoint, tick)
        # steps then have weights of their own; what is left for these is many rows
        stored = Mode.INT8 if is_quick else mode

        def linear(weight: str, bias: str) -> Linear:
            return make_linear(tensors[weight], tensors[bias], stored, self.device, tick)

        def layer(name: str) -> _Layer:
            attention = f"{name}.self_attn"
            return _Layer(
                norm(f"{name}.norm1"),
                linear(f"{attention}.in_proj_weight", f"{attention}.in_proj_bias"),
                linear(f"{attention}.out_proj.weight", f"{attention}.out_proj.bias"),
                norm(f"{name}.norm2"),
                linear(f"{name}.linear1.weight", f"{name}.linear1.bias"),
                linear(f"{name}.linear2.weight", f"{name}.linear2.bias"),
            )

        self._layers = [layer(f"decoder.layers.{i}") for i in range(config.n_layers)]
        self._norm = norm("decoder.norm")
        books = range(config.n_codebooks)
        self._head = make_linear(*_head(checkpoint), stored, self.device, tick)
        self._classes = [
            linear(f"predict_layer.{k}.2.weight", f"predict_layer.{k}.2.bias") for k in books
        ]
        self._text = full("text_embedding.word_embeddings.weight")
        tick()
        # one table for all codebooks: row k * V' + id
        self._audio = torch.cat(
            [full(f"audio_embedding.{k}.word_embeddings.weight") for k in books]
        )
        self._first_row = torch.arange(config.n_codebooks, device=self.device) * config.n_classes
        self.mask_embedding = full("mask_embedding")
        self._text_alpha = full("text_positional_embedding.alpha")
        self._audio_alpha = full("audio_positional_embedding.alpha")
        self._positions = torch.zeros(0, config.d_model, device=self.device)
        self.idle: dict[object, list[Any]] = {}
        """Memory and captured steps that an utterance left for the next of its kind."""
        self.runtime = runtime.Runtime(self.parts(checkpoint, tick), tick) if is_quick else None
        """Takes the steps of the narrow modes, where it is here and has products of this size."""

    def _is_quick(self, checkpoint: Checkpoint, tick: Tick) -> bool:
        config, tensors = checkpoint.config, checkpoint.tensors
        d_inner = len(tensors["decoder.layers.0.linear1.bias"])
        n_hidden = len(tensors["predict_layer.0.0.bias"])
        is_cpu = self.device.type == "cpu"
        return is_cpu and runtime.takes(
            self.mode, config.d_model, config.n_heads, d_inner, n_hidden, tick=tick
        )

    def parts(self, checkpoint: Checkpoint, tick: Tick = no_tick) -> runtime.Parts:
        """What the runtime needs of the checkpoint that this was made of."""
        tensors = checkpoint.tensors

        def product(made: Linear, weight: Tensor, bias: Tensor) -> Product:
            return runtime.rounded(weight, bias, self.mode, made, tick)

        def named(made: Linear, weight: str, bias: str) -> Product:
            return product(made, tensors[weight], tensors[bias])

        def layer(name: str, made: _Layer) -> runtime.LayerParts:
            attention = f"{name}.self_attn"
            return runtime.LayerParts(
                (made.norm1.weight, made.norm1.bias),
                named(made.qkv, f"{attention}.in_proj_weight", f"{attention}.in_proj_bias"),
                named(made.out, f"{attention}.out_proj.weight", f"{attention}.out_proj.bias"),
                (made.norm2.weight, made.norm2.bias),
                named(made.up, f"{name}.linear1.weight", f"{name}.linear1.bias"),
                named(made.down, f"{name}.linear2.weight", f"{name}.linear2.bias"),
            )

        return runtime.Parts(
            self.config.n_heads,
            [layer(f"decoder.layers.{i}", made) for i, made in enumerate(self._layers)],
            (self._norm.weight, self._norm.bias),
            product(self._head, *_head(checkpoint)),
            [
                named(made, f"predict_layer.{k}.2.weight", f"predict_layer.{k}.2.bias")
                for k, made in enumerate(self._classes)
            ],
        )

    # --- input ---

    def positions(self, length: int) -> Tensor:
        """Sines and cosines of positions 0 to length - 1, interleaved: float32, (length, D)."""
        if len(self._positions) < length:
            wide = self.config.d_model
            rows = torch.arange(max(length, 1024), dtype=torch.float32)[:, None]
            steps = torch.arange(0, wide, 2, dtype=torch.float32)
            angles = rows * torch.exp(steps * (-math.log(10000.0) / wide))
            table = torch.stack([angles.sin(), angles.cos()], -1).view(len(rows), wide)
            self._positions = table.to(self.device)
        return self._positions[:length]

    def embed_text(self, ids: Sequence[int]) -> Tensor:
        """Text ids -> float32, (1, n, D)."""
        places = torch.tensor(list(ids), dtype=torch.long, device=self.device)
        return (self._text[places] + self._text_alpha * self.positions(len(ids)))[None]

    def audio_positions(self, length: int) -> Tensor:
        """What is added to audio columns 0 to length - 1: float32, (length, D)."""
        return self._audio_alpha * self.positions(length)

    def embed_tokens(self, tokens: Tensor) -> Tensor:
        """Ids of all codebooks, int64, (..., K) -> the sum of their embeddings, float32, (..., D),
        without position."""
        return self._audio[tokens + self._first_row].sum(-2)

    def embed_columns(self, columns: Tensor) -> Tensor:
        """Columns 0 to n - 1 of the delay pattern, int64, (K, n) -> float32, (1, n, D)."""
        n = columns.shape[1]
        return (self.embed_tokens(columns.T.to(self.device)) + self.audio_positions(n))[None]

    # --- the layers ---

    def make_cache(self, tries: int, length: int, *, is_static: bool = False) -> Cache:
        """Memory for `length` positions; static memory never moves."""
        config, dtype = self.config, self.mode.dtype
        if self._multiplies and not is_static:
            return CloseCache(config.n_layers, tries, config.n_heads, config.d_head, dtype)
        shape = (tries, config.n_heads, length, config.d_head)

        def empty() -> list[Tensor]:
            return [torch.zeros(shape, dtype=dtype, device=self.device) for _ in self._layers]

        return Cache(empty(), empty())

    def extend(self, x: Tensor, cache: Cache, tick: Tick = no_tick) -> Tensor:
        """Run further columns through all layers and keep their keys and values.

        Args:
            x: float32, (B, n, D).
            tick: Called several times in each layer.
        Returns:
            The hidden states after the last norm, float32, (B, n, D).
        """
        parts = [self._extend(part, cache, tick) for part in torch.split(x, _SLICE, dim=1)]
        return parts[0] if len(parts) == 1 else torch.cat(parts, 1)

    def _extend(self, x: Tensor, cache: Cache, tick: Tick) -> Tensor:
        at, n = cache.length, x.shape[1]
        mask = None
        if n > 1 and at > 0:
            mask = torch.ones(n, at + n, dtype=torch.bool, device=self.device).tril(at)

        def attend(number: int, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
            return cache.attend(number, query, key, value, mask)

        hidden = self._run(x, attend, tick)
        cache.length = at + n
        return hidden

    def step(self, x: Tensor, cache: Cache, at: Tensor, reach: Tensor) -> Tensor:
        """Run one column whose place is only known on the device; shapes never change, so it can
        be captured as a CUDA graph.

        Args:
            x: float32, (B, 1, D).
            at: int64, (1,): the position to fill.
            reach: int64, (S,): 0 to S - 1.
        """
        mask = (reach <= at).view(1, 1, 1, -1)

        def attend(number: int, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
            keys, values = cache.keys[number], cache.values[number]
            keys.index_copy_(2, at, key)
            values.index_copy_(2, at, value)
            return F.scaled_dot_product_attention(query, keys, values, attn_mask=mask)

        return self._run(x, attend, no_tick)

    def _run(self, x: Tensor, attend: Attend, tick: Tick) -> Tensor:
        batch, n, wide = x.shape
        heads, d_head, dtype = self.config.n_heads, self.config.d_head, self.mode.dtype
        x = x.reshape(batch * n, wide)
        for number, layer in enumerate(self._layers):
            tick()
            qkv = layer.qkv(layer.norm1(x).to(dtype)).view(batch, n, 3, heads, d_head)
            query, key, value = qkv.permute(2, 0, 3, 1, 4)
            mixed = attend(number, query, key, value).to(dtype)
            x = x + layer.out(mixed.transpose(1, 2).reshape(batch * n, wide))
            tick()
            inner = F.relu(layer.up(layer.norm2(x).to(dtype)))
            tick()
            x = x + layer.down(inner)
        return self._norm(x).view(batch, n, wide)

    def logits(self, hidden: Tensor) -> Tensor:
        """Hidden states of one column, float32, (B, D) -> float32, (B, K, V')."""
        inner = F.gelu(self._head(hidden.to(self.mode.dtype)))
        parts = inner.chunk(self.config.n_codebooks, dim=-1)
        found = [one(part.contiguous()) for one, part in zip(self._classes, parts, strict=True)]
        return torch.stack(found, 1).float()

    # --- the beginning of a text ---

    @torch.inference_mode()
    def text_state(self, ids: Sequence[int], tick: Tick = no_tick) -> TextState:
        """Compute the keys and values of a text's beginning once."""
        cache = self.make_cache(1, len(ids))
        self.extend(self.embed_text(ids), cache, tick)
        keys, values = (torch.cat(kept) for kept in cache.filled())
        return TextState(tuple(ids), keys, values, self.mode)

    def begin(self, cache: Cache, ids: Sequence[int], state: TextState | None) -> int:
        """Take over what a text shares with a state: how many ids need not be run again."""
        if state is None:
            return 0
        n = state.shared(ids)
        cache.take(state.keys[:, :, :n], state.values[:, :, :n])
        return n
