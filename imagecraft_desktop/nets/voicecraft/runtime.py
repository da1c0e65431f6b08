"""Steps of the narrow modes in ONNX Runtime: all layers and heads for one column in one call.

PyTorch's products for whole numbers widen the weights, and computing holds them up. Those of ONNX
Runtime multiply whole numbers: inputs are rounded to int8 too, with a scale for each group, and
reading the weights is what takes time. Keys and values are int8 as well, with a scale for each
channel that the prefill tells.

Letters: B tries, K codebooks, V' classes, D width, H heads, d width of a head, S positions, n columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from imagecraft_desktop.nets.voicecraft.graph import GROUP, KINDS, Graph, Product, shared
from imagecraft_desktop.nets.voicecraft.linear import Int8, Linear, Mode, pieces
from imagecraft_desktop.system.aside import aside
from imagecraft_desktop.values import Tick, no_tick

if TYPE_CHECKING:
    import onnxruntime

_WIDTHS = 256
"""Inputs come in multiples of this: then every group is whole, and their middles fill whole bytes."""
_HEAD_WIDTHS = 8
_ROOM = 1.25
"""Keys and values may go so many times as far as those of the prefill; beyond, they are cut."""
FEWEST_KNOWN = 64
"""Columns of a prefill that tell how far keys and values go."""


def rounded(
    weight: Tensor, bias: Tensor, mode: Mode, known: Linear | None = None, tick: Tick = no_tick
) -> Product:
    """Round the weights of a layer as a narrow mode wants them.

    Args:
        weight: float, (outputs, inputs).
        bias: float, (outputs,).
        known: The same layer in int8, whose memory is then shared.
        tick: Called before each piece of the weights; what it raises ends that.
    """
    tick()
    if mode is Mode.INT4:
        return _four_bits(weight, bias, tick)
    kept = known if isinstance(known, Int8) else Int8(weight, bias, tick)
    levels, scale = kept.share()
    scales = scale.float()[:, None].expand(-1, levels.shape[1] // GROUP).contiguous()
    return Product(8, levels, scales, None, bias.float())


def _four_bits(weight: Tensor, bias: Tensor, tick: Tick) -> Product:
    """Sixteen levels for each group of an output, from its lowest to its highest, zero among them."""
    n_outputs, n_inputs = weight.shape
    n_groups = n_inputs // GROUP
    packed = torch.empty(n_outputs, n_inputs // 2, dtype=torch.uint8)
    scales = torch.empty(n_outputs, n_groups)
    middles = torch.empty(n_outputs, n_groups, dtype=torch.uint8)
    for rows in pieces(weight, tick):
        groups = weight[rows].float().view(-1, n_groups, GROUP)
        low, high = torch.aminmax(groups, dim=2)
        low, high = low.clamp_max(0), high.clamp_min(0)
        scale = ((high - low) / 15).clamp_min(1e-12)
        middle = (-low / scale).round_().clamp_(0, 15)
        # rounded by cutting off
        levels = torch.addcmul(middle[..., None] + 0.5, groups, scale.reciprocal()[..., None])
        packed[rows] = _pairs(levels.clamp_(0, 15.99).to(torch.uint8).view(-1, n_inputs))
        scales[rows], middles[rows] = scale, middle
    return Product(4, packed, scales, _pairs(middles), bias.float())


def _pairs(levels: Tensor) -> Tensor:
    return levels[:, ::2] | levels[:, 1::2] << 4


@dataclass(frozen=True)
class LayerParts:
    """One layer; a norm is its weight and bias, float32, (D,)."""

    norm1: tuple[Tensor, Tensor]
    qkv: Product
    out: Product
    norm2: tuple[Tensor, Tensor]
    up: Product
    down: Product


@dataclass(frozen=True)
class Parts:
    """All that a step needs of a network.

    Attributes:
        head: The first layers of all heads as one.
        classes: The last layer of each head.
    """

    n_heads: int
    layers: Sequence[LayerParts]
    norm: tuple[Tensor, Tensor]
    head: Product
    classes: Sequence[Product]


def takes(
    mode: Mode, d_model: int, n_heads: int, d_inner: int, n_hidden: int, *, tick: Tick = no_tick
) -> bool:
    """Whether steps in this mode can be taken here with networks of these sizes, on a processor.

    Args:
        d_inner: Width of the feed-forward layers.
        n_hidden: Width of the heads between their layers.
        tick: Called many times a second where it has to be tried.
    """
    is_whole = all(size % _WIDTHS == 0 for size in (d_model, d_inner, n_hidden))
    fits = mode.is_narrow and is_whole and d_model // n_heads % _HEAD_WIDTHS == 0
    return fits and aside(is_here, tick)


@cache
def is_here() -> bool:
    """Whether the packages are here and their operators run on this processor: found by trying."""
    if not (find_spec("onnx") and find_spec("onnxruntime")):
        return False
    wide = _WIDTHS

    def product(n_outputs: int, mode: Mode) -> Product:
        return rounded(torch.eye(n_outputs, wide), torch.zeros(n_outputs), mode)

    norm = (torch.ones(wide), torch.zeros(wide))
    square = product(wide, Mode.INT4)
    layer = LayerParts(norm, product(3 * wide, Mode.INT8), square, norm, square, square)
    parts = Parts(2, [layer], norm, square, [product(wide, Mode.INT8)])
    known = [torch.ones(1, 2, 1, wide // 2)]
    try:
        run = Runtime(parts).begin(known, known, tries=1, room=2)
        return bool(run.step(torch.linspace(-1, 1, wide)[None]).isfinite().all())
    except Exception:  # noqa: BLE001 - a package may fail in any way; steps then run without it
        return False


class Runtime:
    """The layers and heads of a network in one session. The parts may be forgotten afterwards."""

    def __init__(self, parts: Parts, tick: Tick = no_tick) -> None:
        wide = parts.head.n_inputs
        self._shape = (parts.n_heads, wide // parts.n_heads)
        self._n_logits = (len(parts.classes), parts.classes[0].n_outputs)
        self.n_bytes = sum(one.n_bytes for one in products_of(parts))
        graph = Graph()
        graph.input("x", torch.float32, ["B", 1, wide])
        graph.kept(len(parts.layers), *self._shape)
        x, normed = "x", graph.norm("x", parts.layers[0].norm1)
        after = [layer.norm1 for layer in parts.layers[1:]] + [parts.norm]
        for number, (layer, norm) in enumerate(zip(parts.layers, after, strict=True)):
            tick()
            x, normed = self._layer(graph, number, layer, (x, normed), norm)
        inner = graph.node("Gelu", [graph.product(normed, parts.head)])
        n_books = len(parts.classes)
        pieces = graph.nodes("Split", [inner], n_books, domain="", axis=-1, num_outputs=n_books)
        found = [
            graph.product(piece, one) for piece, one in zip(pieces, parts.classes, strict=True)
        ]
        graph.node("Concat", found, domain="", name="logits", axis=-1)
        graph.output("logits", torch.float32, ["B", 1, "all"])
        self._session = graph.session(tick)

    def _layer(
        self,
        graph: Graph,
        number: int,
        layer: LayerParts,
        before: tuple[str, str],
        norm: tuple[Tensor, Tensor],
    ) -> tuple[str, str]:
        """Names of a column and its form after the next norm, before the layer and after it."""
        x, normed = before
        mixed = graph.attention(graph.product(normed, layer.qkv), number, self._shape[0])
        x, normed = graph.add_norm(graph.product(mixed, layer.out), x, layer.norm2)
        inner = graph.node("Relu", [graph.product(normed, layer.up)], domain="")
        return graph.add_norm(graph.product(inner, layer.down), x, norm)

    def begin(
        self, keys: Sequence[Tensor], values: Sequence[Tensor], *, tries: int, room: int
    ) -> Run:
        """Take over what a prefill has computed.

        Args:
            keys: Of each layer, (1, H, n, d).
            values: The same.
            room: Positions at most, those of the prefill among them.
        """
        return Run(self._session, keys, values, tries=tries, room=room, n_logits=self._n_logits)


class Run:
    """The steps of one utterance."""

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        keys: Sequence[Tensor],
        values: Sequence[Tensor],
        *,
        tries: int,
        room: int,
        n_logits: tuple[int, int],
    ) -> None:
        n_books, n_classes = n_logits
        n_known, wide = keys[0].shape[2], keys[0].shape[1] * keys[0].shape[3]
        self._session = session
        self._binding = session.io_binding()
        # memory that never moves; the session reads and writes it directly
        self._x = torch.zeros(tries, 1, wide)
        self._last = torch.full((tries,), n_known - 1, dtype=torch.int32)
        self._total = torch.full((1,), n_known, dtype=torch.int32)
        self._logits = torch.zeros(tries, 1, n_books * n_classes)
        self._n_logits = n_logits
        for name, tensor in (("x", self._x), ("last", self._last), ("total", self._total)):
            self._binding.bind_ortvalue_input(name, shared(tensor))
        self._binding.bind_ortvalue_output("logits", shared(self._logits))
        for kind, given in zip(KINDS, (keys, values), strict=True):
            for number, known in enumerate(given):
                _bind_kept(self._binding, f"{kind}{number}", *_rounded(known, tries, room))

    def step(self, x: Tensor) -> Tensor:
        """The next column of each try, float32, (B, D) -> what the heads say, float32, (B, K, V')."""
        self._x[:, 0] = x
        self._last += 1
        self._total += 1
        self._session.run_with_iobinding(self._binding)
        return self._logits.view(-1, *self._n_logits).clone()


def _bind_kept(binding: onnxruntime.IOBinding, name: str, levels: Tensor, scale: Tensor) -> None:
    kept = shared(levels)
    binding.bind_ortvalue_input(name, kept)
    binding.bind_ortvalue_output(f"{name}_new", kept)
    binding.bind_ortvalue_input(f"{name}_scale", shared(scale))


def _rounded(known: Tensor, tries: int, room: int) -> tuple[Tensor, Tensor]:
    """Keys or values, (1, H, n, d) -> int8, (B, H, S, d), and a scale for each channel, (H * d,)."""
    _, heads, n_known, d_head = known.shape
    wide = known.float()
    scale = (wide.abs().amax(2) * (_ROOM / 127)).clamp_min(1e-12)
    levels = torch.zeros(tries, heads, room, d_head, dtype=torch.int8)
    levels[:, :, :n_known] = (wide / scale[:, :, None]).round_().clamp_(-127, 127).to(torch.int8)
    return levels, scale.flatten()


class Products:
    """Products alone, each of a column of ones: how long those of a step take."""

    def __init__(self, products: Sequence[Product], tick: Tick = no_tick) -> None:
        self.n_bytes = sum(one.n_bytes for one in products)
        graph = Graph()
        widths = {one.n_inputs for one in products}
        for width in widths:
            graph.input(f"x{width}", torch.float32, [1, 1, width])
        for number, one in enumerate(products):
            graph.product(f"x{one.n_inputs}", one, name=f"y{number}")
            graph.output(f"y{number}", torch.float32, [1, 1, one.n_outputs])
        self._session = graph.session(tick)
        self._binding = self._session.io_binding()
        for width in widths:
            self._binding.bind_ortvalue_input(f"x{width}", shared(torch.ones(1, 1, width)))
        for number, one in enumerate(products):
            made = torch.zeros(1, 1, one.n_outputs)
            self._binding.bind_ortvalue_output(f"y{number}", shared(made))

    def __call__(self) -> None:
        """All of them once."""
        self._session.run_with_iobinding(self._binding)


class Attention:
    """The attention of all layers alone, one column at one position: how long that of a step takes.

    Args:
        n_known: Positions that are kept, the column's own among them.
    """

    def __init__(self, n_layers: int, n_heads: int, d_head: int, n_known: int) -> None:
        wide = n_heads * d_head
        graph = Graph()
        graph.input("qkv", torch.float32, [1, 1, 3 * wide])
        graph.kept(n_layers, n_heads, d_head)
        for number in range(n_layers):
            graph.output(graph.attention("qkv", number, n_heads), torch.float32, [1, 1, wide])
        self._session = graph.session(no_tick)
        self._binding = self._session.io_binding()
        for name, given in (
            ("qkv", torch.ones(1, 1, 3 * wide)),
            ("last", torch.full((1,), n_known - 1, dtype=torch.int32)),
            ("total", torch.full((1,), n_known, dtype=torch.int32)),
        ):
            self._binding.bind_ortvalue_input(name, shared(given))
        for name in (f"{kind}{number}" for number in range(n_layers) for kind in KINDS):
            levels = torch.ones(1, n_heads, n_known, d_head, dtype=torch.int8)
            _bind_kept(self._binding, name, levels, torch.ones(wide))
        for made in self._session.get_outputs()[2 * n_layers :]:
            self._binding.bind_output(made.name)

    def __call__(self) -> None:
        """All of it once."""
        self._session.run_with_iobinding(self._binding)


def products_of(parts: Parts) -> list[Product]:
    """All products of a step."""
    found = [one for layer in parts.layers for one in (layer.qkv, layer.out, layer.up, layer.down)]
    return [*found, parts.head, *parts.classes]
