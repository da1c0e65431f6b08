"""CoCa in the layout of open_clip: an image encoder, a text tower and a decoder that looks at both.

Loaded strictly and without open_clip, whose own generating does not run beside today's transformers.
Written from a description of the network alone. Called by `describe/coca.py`.
Source: "CoCa: Contrastive Captioners are Image-Text Foundation Models", arXiv 2205.01917.

Shapes: B pictures, N tokens of the picture, T tokens of text, D numbers each.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from imagecraft_desktop.nets.captioners.generate import (
    NotNumbers,
    Options,
    Token,
    by_vectors,
    choose,
    ticking,
)
from imagecraft_desktop.nets.captioners.load import DoesNotFit, Unloadable, on_device
from imagecraft_desktop.values import Tick

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_HEAD = 64
_POOLER_HEADS, _QUERIES = 8, 256
_SHORTEST = 5
"""Tokens, the one that begins among them, before which none may end."""
_CONSTANT = ".attn_mask"
"""What tokens see of each other: in some files, and always the same."""
_CONFIG_WRONG = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RuntimeError)


@dataclass(frozen=True)
class Tower:
    """Sizes of a stack of layers."""

    width: int
    layers: int
    heads: int


@dataclass(frozen=True)
class Sizes:
    """Of the network.

    Attributes:
        edges: (height, width) of a picture.
        patch: Edge of what becomes one token of it.
        pooler_heads, queries: Of the attention that makes `queries` tokens of all patches.
        context: Most tokens of a text.
        embedding: Numbers that tell a whole picture or text.
    """

    vision: Tower
    text: Tower
    decoder: Tower
    edges: tuple[int, int]
    patch: int
    pooler_heads: int
    queries: int
    context: int
    vocabulary: int
    embedding: int


def read_sizes(config: Mapping[str, Any]) -> Sizes:
    """The sizes in open_clip_config.json.

    Raises:
        Unloadable: It is not one of a CoCa, or of one with parts that are not known here.
    """
    try:
        given = config["model_cfg"]
        vision, text, decoder = (given[f"{part}_cfg"] for part in ("vision", "text", "multimodal"))
        if given.get("quick_gelu") or not vision["attentional_pool"] or not text["embed_cls"]:
            raise ValueError("parts that are not known")
        size = vision["image_size"]
        edges = (size, size) if isinstance(size, int) else (int(size[0]), int(size[1]))
        width = int(vision["width"])
        sizes = Sizes(
            Tower(width, int(vision["layers"]), width // int(vision.get("head_width", _HEAD))),
            Tower(int(text["width"]), int(text["layers"]), int(text["heads"])),
            Tower(int(decoder["width"]), int(decoder["layers"]), int(decoder["heads"])),
            edges,
            int(vision["patch_size"]),
            int(vision.get("attn_pooler_heads", _POOLER_HEADS)),
            int(vision.get("attn_pooler_queries", _QUERIES)),
            int(text["context_length"]),
            int(text["vocab_size"]),
            int(given["embed_dim"]),
        )
        if not sizes.embedding == sizes.text.width == sizes.decoder.width:
            raise ValueError("parts that do not fit each other")
        return sizes
    except _CONFIG_WRONG as error:
        raise Unloadable(f"{type(error).__name__}: {error}") from error


class Memory:
    """What a layer of the text has seen, so that nothing is computed twice.

    Attributes:
        keys, values: (B, heads, T, D / heads); None before the first token.
    """

    def __init__(self) -> None:
        self.keys: Tensor | None = None
        self.values: Tensor | None = None

    def add(self, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """All keys and values, these among them."""
        if self.keys is not None and self.values is not None:
            keys, values = torch.cat([self.keys, keys], 2), torch.cat([self.values, values], 2)
        self.keys, self.values = keys, values
        return keys, values


@dataclass
class Text:
    """A text that is being written about a picture.

    Attributes:
        length: Tokens so far.
        tower, decoder: What their layers have seen of it.
        picture: Keys and values of the picture for each layer that looks at it.
    """

    length: int
    tower: list[Memory]
    decoder: list[Memory]
    picture: list[tuple[Tensor, Tensor]]


class Attention(nn.Module):
    """Attention whose three projections lie in one matrix."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.in_proj_weight = nn.Parameter(torch.empty(3 * width, width))
        self.in_proj_bias = nn.Parameter(torch.empty(3 * width))
        self.out_proj = nn.Linear(width, width)

    def see(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values, (B, heads, T, D / heads), of what is looked at, (B, T, D)."""
        _, key, value = self.in_proj_weight.chunk(3)
        _, key_bias, value_bias = self.in_proj_bias.chunk(3)
        keys = functional.linear(x, key, key_bias)
        return _parted(keys, self.heads), _parted(
            functional.linear(x, value, value_bias), self.heads
        )

    def forward(self, x: Tensor, keys: Tensor, values: Tensor, is_causal: bool) -> Tensor:
        """(B, T, D) for x of that shape; `is_causal`: no token of x sees one after it."""
        width = x.shape[-1]
        queries = functional.linear(x, self.in_proj_weight[:width], self.in_proj_bias[:width])
        found = functional.scaled_dot_product_attention(
            _parted(queries, self.heads), keys, values, is_causal=is_causal
        )
        joined: Tensor = self.out_proj(_joined(found))
        return joined


class Mlp(nn.Module):
    """Two products with a bend between them."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.c_fc = nn.Linear(width, 4 * width)
        self.c_proj = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        made: Tensor = self.c_proj(functional.gelu(self.c_fc(x)))
        return made


class Block(nn.Module):
    """A layer that looks at its own input."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads)
        self.ln_2 = nn.LayerNorm(width)
        self.mlp = Mlp(width)

    def forward(self, x: Tensor, memory: Memory | None = None) -> Tensor:
        """(B, T, D) for x of that shape; in a text, which has a memory, no token sees one after it."""
        normed = self.ln_1(x)
        keys, values = self.attn.see(normed)
        if memory is not None:
            keys, values = memory.add(keys, values)
        # one new token sees all that there is
        is_causal = memory is not None and x.shape[1] > 1
        x = x + self.attn(normed, keys, values, is_causal)
        made: Tensor = x + self.mlp(self.ln_2(x))
        return made


class CrossBlock(Block):
    """A layer that looks at the picture."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__(width, heads)
        self.ln_1_kv = nn.LayerNorm(width)

    def see(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of the picture's tokens, (B, N, D)."""
        return self.attn.see(self.ln_1_kv(picture))

    def look(self, x: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """(B, T, D) for x of that shape."""
        x = x + self.attn(self.ln_1(x), keys, values, False)
        made: Tensor = x + self.mlp(self.ln_2(x))
        return made


class Stack(nn.Module):
    """Layers, one after the other."""

    def __init__(self, tower: Tower) -> None:
        super().__init__()
        made = [Block(tower.width, tower.heads) for _ in range(tower.layers)]
        self.resblocks = nn.ModuleList(made)

    def forward(self, x: Tensor, memories: Sequence[Memory] | None = None) -> Tensor:
        for number, block in enumerate(self.resblocks):
            x = block(x, None if memories is None else memories[number])
        return x


class PoolerAttention(nn.Module):
    """Attention of the queries to wider patches: the three projections lie apart."""

    def __init__(self, width: int, seen: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj_weight = nn.Parameter(torch.empty(width, width))
        self.k_proj_weight = nn.Parameter(torch.empty(width, seen))
        self.v_proj_weight = nn.Parameter(torch.empty(width, seen))
        self.in_proj_bias = nn.Parameter(torch.empty(3 * width))
        self.out_proj = nn.Linear(width, width)

    def forward(self, x: Tensor, seen: Tensor) -> Tensor:
        """(B, T, D) for x of that shape and what is seen, (B, N, its width)."""
        query_bias, key_bias, value_bias = self.in_proj_bias.chunk(3)
        found = functional.scaled_dot_product_attention(
            _parted(functional.linear(x, self.q_proj_weight, query_bias), self.heads),
            _parted(functional.linear(seen, self.k_proj_weight, key_bias), self.heads),
            _parted(functional.linear(seen, self.v_proj_weight, value_bias), self.heads),
        )
        joined: Tensor = self.out_proj(_joined(found))
        return joined


class Pooler(nn.Module):
    """Makes of all patches as many tokens as there are queries."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        width, seen = sizes.embedding, sizes.vision.width
        self.query = nn.Parameter(torch.empty(sizes.queries, width))
        self.attn = PoolerAttention(width, seen, sizes.pooler_heads)
        self.ln_q = nn.LayerNorm(width)
        self.ln_k = nn.LayerNorm(seen)

    def forward(self, x: Tensor) -> Tensor:
        queries = self.ln_q(self.query).expand(x.shape[0], -1, -1)
        made: Tensor = self.attn(queries, self.ln_k(x))
        return made


class Vision(nn.Module):
    """The image encoder."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        width, patch = sizes.vision.width, sizes.patch
        patches = (sizes.edges[0] // patch) * (sizes.edges[1] // patch)
        self.class_embedding = nn.Parameter(torch.empty(width))
        self.positional_embedding = nn.Parameter(torch.empty(patches + 1, width))
        self.proj = nn.Parameter(torch.empty(sizes.embedding, sizes.embedding))
        self.conv1 = nn.Conv2d(3, width, patch, patch, bias=False)
        self.ln_pre = nn.LayerNorm(width)
        self.transformer = Stack(sizes.vision)
        self.attn_pool = Pooler(sizes)
        self.ln_post = nn.LayerNorm(sizes.embedding)

    def forward(self, pixels: Tensor) -> Tensor:
        """(B, queries, D): first what stands for the whole picture, then its tokens."""
        patches = self.conv1(pixels).flatten(2).transpose(1, 2)
        whole = self.class_embedding.expand(patches.shape[0], 1, -1)
        x = self.ln_pre(torch.cat([whole, patches], 1) + self.positional_embedding)
        made: Tensor = self.ln_post(self.attn_pool(self.transformer(x)))
        return made


class TextTower(nn.Module):
    """Reads a text without the picture. What stands for a whole text is loaded and not used."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        width = sizes.text.width
        self.token_embedding = nn.Embedding(sizes.vocabulary, width)
        self.positional_embedding = nn.Parameter(torch.empty(sizes.context + 1, width))
        self.cls_emb = nn.Parameter(torch.empty(width))
        self.text_projection = nn.Parameter(torch.empty(width, sizes.embedding))
        self.transformer = Stack(sizes.text)
        self.ln_final = nn.LayerNorm(width)

    def forward(self, ids: Tensor, text: Text) -> Tensor:
        """(B, T, D) for the next tokens of a text, (B, T)."""
        places = self.positional_embedding[text.length : text.length + ids.shape[1]]
        made: Tensor = self.transformer(self.token_embedding(ids) + places, text.tower)
        return made


class Decoder(nn.Module):
    """Writes: each layer looks at the text, then at the picture."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        width, heads, layers = sizes.decoder.width, sizes.decoder.heads, sizes.decoder.layers
        self.resblocks = nn.ModuleList([Block(width, heads) for _ in range(layers)])
        self.cross_attn = nn.ModuleList([CrossBlock(width, heads) for _ in range(layers)])
        self.ln_final = nn.LayerNorm(width)
        self.text_projection = nn.Parameter(torch.empty(width, sizes.vocabulary))

    def see(self, picture: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Keys and values of a picture's tokens, (B, N, D), for each layer."""
        return [cross.see(picture) for cross in self._crosses()]

    def forward(self, x: Tensor, text: Text) -> Tensor:
        """Logits (B, T, vocabulary) of what follows each token."""
        layers = zip(self.resblocks, self._crosses(), text.decoder, text.picture, strict=True)
        for block, cross, memory, picture in layers:
            x = cross.look(block(x, memory), *picture)
        logits: Tensor = self.ln_final(x) @ self.text_projection
        return logits

    def _crosses(self) -> Iterable[CrossBlock]:
        return cast("Iterable[CrossBlock]", self.cross_attn)


class Coca(nn.Module):
    """The whole network; its tensors are named as in the file."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.logit_scale = nn.Parameter(torch.empty(()))  # for comparing, which is not done here
        self.visual = Vision(sizes)
        self.text = TextTower(sizes)
        self.text_decoder = Decoder(sizes)

    @property
    def dtype(self) -> torch.dtype:
        return self.logit_scale.dtype

    @property
    def device(self) -> torch.device:
        return self.logit_scale.device

    def look(self, pixels: Tensor) -> Tensor:
        """The tokens of pictures (B, 3, height, width): (B, queries - 1, D)."""
        seen: Tensor = self.visual(pixels)
        return seen[:, 1:]

    def begin(self, picture: Tensor) -> Text:
        """An empty text about a picture's tokens."""
        layers = self.sizes.text.layers, self.sizes.decoder.layers
        tower, decoder = ([Memory() for _ in range(count)] for count in layers)
        return Text(0, tower, decoder, self.text_decoder.see(picture))

    def forward(self, ids: Tensor, text: Text) -> Tensor:
        """Go on with a text by the tokens (B, T). Several at once only at its beginning.

        Returns:
            Logits (B, T, vocabulary) of what follows each.
        """
        logits: Tensor = self.text_decoder(self.text(ids, text), text)
        text.length += ids.shape[1]
        return logits


def load_coca(
    config: Mapping[str, Any],
    file: Path,
    device: str,
    dtype: torch.dtype,
    tick: Tick = lambda: None,
) -> Coca:
    """Make a network ready for inference.

    Args:
        config: What open_clip_config.json holds.
        file: A .safetensors file.
        device: "cpu", "cuda" or "mps".
        tick: Called before each tensor is read; what it raises ends that.
    Raises:
        DoesNotFit: Tensors are missing, not known to the network, or have another shape.
        Unloadable: The configuration is not one of a CoCa, or the file cannot be read.
        NotOnDevice: The device does not take it.
        MemoryError, torch.OutOfMemoryError: It is too large.
    """
    from safetensors import SafetensorError, safe_open

    sizes = read_sizes(config)
    try:
        with torch.device("meta"):  # takes no memory
            network = Coca(sizes)
        with safe_open(file, "pt", device="cpu") as stored:
            names = {name for name in stored.keys() if not name.endswith(_CONSTANT)}  # noqa: SIM118
            _check_names(network, {name: stored.get_slice(name).get_shape() for name in names})
            tensors = {}
            for name in names:
                tick()
                tensor = stored.get_tensor(name)
                with on_device():
                    tensors[name] = tensor.to(device, dtype)
    except torch.OutOfMemoryError:
        raise
    except (OSError, SafetensorError, *_CONFIG_WRONG) as error:
        raise Unloadable(f"{type(error).__name__}: {error}") from error
    network.load_state_dict(tensors, assign=True)
    return network.eval().requires_grad_(False)


def _check_names(network: nn.Module, shapes: Mapping[str, Sequence[int]]) -> None:
    """Raises DoesNotFit."""
    wanted = {name: tuple(tensor.shape) for name, tensor in network.named_parameters()}
    wrong = {
        name for name, shape in shapes.items() if wanted.get(name, tuple(shape)) != tuple(shape)
    }
    missing, unexpected = wanted.keys() - shapes.keys(), shapes.keys() - wanted.keys()
    if missing or unexpected or wrong:
        raise DoesNotFit(missing, unexpected, wrong)


@torch.inference_mode()
def stream(
    network: Coca, pixels: NDArray[np.float32], begin: int, options: Options, tick: Tick
) -> Generator[Token]:
    """Write a caption, token by token. It may not end before a few of them.

    Args:
        pixels: (1, 3, height, width).
        begin: The token before the first.
    Raises:
        NotNumbers, Cancelled.
    """
    chance = None
    if options.seed is not None:
        chance = torch.Generator(network.device).manual_seed(options.seed)
    most = min(options.most, network.sizes.context - 1)
    last = torch.tensor([[begin]], device=network.device)
    with ticking(network, tick), by_vectors(network):
        seen = network.look(torch.from_numpy(pixels).to(network.device, network.dtype))
        text = network.begin(seen)
        for _ in range(most):
            scores = network(last, text)[:, -1].float()
            if not bool(torch.isfinite(scores).all()):
                raise NotNumbers
            if text.length < _SHORTEST:
                scores[:, options.ends] = -torch.inf
            chosen, probability = choose(scores, chance)
            is_end = int(chosen) in options.ends
            yield Token(int(chosen), probability, is_end)
            if is_end:
                return
            last = chosen[:, None]


def _parted(x: Tensor, heads: int) -> Tensor:
    """(B, heads, T, D / heads) of (B, T, D)."""
    return x.view(*x.shape[:-1], heads, x.shape[-1] // heads).transpose(1, 2)


def _joined(x: Tensor) -> Tensor:
    """(B, T, D) of (B, heads, T, D / heads)."""
    return x.transpose(1, 2).flatten(2)
