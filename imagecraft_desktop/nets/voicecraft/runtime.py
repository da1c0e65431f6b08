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
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from imagecraft_desktop.nets.voicecraft.linear import Int8, Linear, Mode

if TYPE_CHECKING:
    import onnx
    import onnxruntime

_OURS = "com.microsoft"
"""The domain of ONNX Runtime's own operators."""
_OPSET, _IR_VERSION = 21, 10
_GROUP = 128
"""Inputs that share a scale."""
_WIDTHS = 256
"""Inputs come in multiples of this: then every group is whole, and their middles fill whole bytes."""
_HEAD_WIDTHS = 8
_INT8 = 4
"""The accuracy level that rounds inputs to int8."""
_EPSILON = 1e-5
_ROOM = 1.25
"""Keys and values may go so many times as far as those of the prefill; beyond, they are cut."""
_KINDS = ("key", "value")
FEWEST_KNOWN = 64
"""Columns of a prefill that tell how far keys and values go."""


@dataclass(frozen=True)
class Product:
    """The weights of one linear layer in whole numbers.

    Attributes:
        levels: uint8, (outputs, inputs); 4 bits: two inputs in a byte, the first one low.
        scales: float32, (outputs, groups).
        middles: The level that means zero, for 4 bits: uint8, (outputs, groups / 2), two in a byte.
            None: the middle one.
        bias: float32, (outputs,).
        is_shared: Whether the levels are also somebody else's, and must not be copied.
    """

    bits: int
    levels: Tensor
    scales: Tensor
    middles: Tensor | None
    bias: Tensor
    is_shared: bool = False

    @property
    def n_outputs(self) -> int:
        return self.levels.shape[0]

    @property
    def n_inputs(self) -> int:
        return self.levels.shape[1] * 8 // self.bits

    @property
    def n_bytes(self) -> int:
        """What a step reads."""
        parts = (self.levels, self.scales, self.middles, self.bias)
        return sum(part.nbytes for part in parts if part is not None)


def rounded(weight: Tensor, bias: Tensor, mode: Mode, known: Linear | None = None) -> Product:
    """Round the weights of a layer as a narrow mode wants them.

    Args:
        weight: float, (outputs, inputs).
        bias: float, (outputs,).
        known: The same layer in int8, whose memory is then shared.
    """
    if mode is Mode.INT4:
        return _four_bits(weight, bias)
    kept = known if isinstance(known, Int8) else Int8(weight, bias)
    levels, scale = kept.share()
    scales = scale.float()[:, None].expand(-1, levels.shape[1] // _GROUP).contiguous()
    return Product(8, levels, scales, None, bias.float(), is_shared=True)


def _four_bits(weight: Tensor, bias: Tensor) -> Product:
    """Sixteen levels for each group of an output, from its lowest to its highest, zero among them."""
    n_outputs, n_inputs = weight.shape
    groups = weight.float().view(n_outputs, -1, _GROUP)
    low, high = torch.aminmax(groups, dim=2)
    low, high = low.clamp_max(0), high.clamp_min(0)
    scales = ((high - low) / 15).clamp_min(1e-12)
    middles = (-low / scales).round_().clamp_(0, 15)
    # rounded by cutting off
    levels = torch.addcmul(middles[..., None] + 0.5, groups, scales.reciprocal()[..., None])
    packed = _pairs(levels.clamp_(0, 15.99).to(torch.uint8).view(n_outputs, n_inputs))
    return Product(4, packed, scales, _pairs(middles.to(torch.uint8)), bias.float())


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


def takes(mode: Mode, d_model: int, n_heads: int, d_inner: int, n_hidden: int) -> bool:
    """Whether steps in this mode can be taken here with networks of these sizes, on a processor.

    Args:
        d_inner: Width of the feed-forward layers.
        n_hidden: Width of the heads between their layers.
    """
    is_whole = all(size % _WIDTHS == 0 for size in (d_model, d_inner, n_hidden))
    return mode.is_narrow and is_whole and d_model // n_heads % _HEAD_WIDTHS == 0 and is_here()


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

    def __init__(self, parts: Parts) -> None:
        wide = parts.head.n_inputs
        self._shape = (parts.n_heads, wide // parts.n_heads)
        self._n_logits = (len(parts.classes), parts.classes[0].n_outputs)
        self.n_bytes = sum(one.n_bytes for one in products_of(parts))
        graph = _Graph()
        graph.input("x", torch.float32, ["B", 1, wide])
        graph.input("last", torch.int32, ["B"])
        graph.input("total", torch.int32, [1])
        x, normed = "x", graph.norm("x", parts.layers[0].norm1)
        after = [layer.norm1 for layer in parts.layers[1:]] + [parts.norm]
        for number, (layer, norm) in enumerate(zip(parts.layers, after, strict=True)):
            x, normed = self._layer(graph, number, layer, (x, normed), norm)
        inner = graph.node("Gelu", [graph.product(normed, parts.head)])
        n_books = len(parts.classes)
        pieces = graph.nodes("Split", [inner], n_books, domain="", axis=-1, num_outputs=n_books)
        found = [
            graph.product(piece, one) for piece, one in zip(pieces, parts.classes, strict=True)
        ]
        graph.node("Concat", found, domain="", name="logits", axis=-1)
        graph.output("logits", torch.float32, ["B", 1, "all"])
        self._session = graph.session()

    def _layer(
        self,
        graph: _Graph,
        number: int,
        layer: LayerParts,
        before: tuple[str, str],
        norm: tuple[Tensor, Tensor],
    ) -> tuple[str, str]:
        """Names of a column and its form after the next norm, before the layer and after it."""
        heads, d_head = self._shape
        x, normed = before
        for kind in _KINDS:
            shape: list[int | str] = ["B", heads, "S", d_head]
            graph.input(f"{kind}{number}", torch.int8, shape)
            graph.output(f"{kind}{number}_new", torch.int8, shape)
            graph.input(f"{kind}{number}_scale", torch.float32, [heads * d_head])
        mixed = graph.attention(graph.product(normed, layer.qkv), number, heads)
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
            self._binding.bind_ortvalue_input(name, _shared(tensor))
        self._binding.bind_ortvalue_output("logits", _shared(self._logits))
        for kind, given in zip(_KINDS, (keys, values), strict=True):
            for number, known in enumerate(given):
                levels, scale = _rounded(known, tries, room)
                kept = _shared(levels)
                self._binding.bind_ortvalue_input(f"{kind}{number}", kept)
                self._binding.bind_ortvalue_output(f"{kind}{number}_new", kept)
                self._binding.bind_ortvalue_input(f"{kind}{number}_scale", _shared(scale))

    def step(self, x: Tensor) -> Tensor:
        """The next column of each try, float32, (B, D) -> what the heads say, float32, (B, K, V')."""
        self._x[:, 0] = x
        self._last += 1
        self._total += 1
        self._session.run_with_iobinding(self._binding)
        return self._logits.view(-1, *self._n_logits).clone()


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

    def __init__(self, products: Sequence[Product]) -> None:
        self.n_bytes = sum(one.n_bytes for one in products)
        graph = _Graph()
        widths = {one.n_inputs for one in products}
        for width in widths:
            graph.input(f"x{width}", torch.float32, [1, 1, width])
        for number, one in enumerate(products):
            graph.product(f"x{one.n_inputs}", one, name=f"y{number}")
            graph.output(f"y{number}", torch.float32, [1, 1, one.n_outputs])
        self._session = graph.session()
        self._binding = self._session.io_binding()
        for width in widths:
            self._binding.bind_ortvalue_input(f"x{width}", _shared(torch.ones(1, 1, width)))
        for number, one in enumerate(products):
            made = torch.zeros(1, 1, one.n_outputs)
            self._binding.bind_ortvalue_output(f"y{number}", _shared(made))

    def __call__(self) -> None:
        """All of them once."""
        self._session.run_with_iobinding(self._binding)


def products_of(parts: Parts) -> list[Product]:
    """All products of a step."""
    found = [one for layer in parts.layers for one in (layer.qkv, layer.out, layer.up, layer.down)]
    return [*found, parts.head, *parts.classes]


def _shared(tensor: Tensor) -> onnxruntime.OrtValue:
    """The same memory, kept alive by what is returned."""
    import onnxruntime

    return onnxruntime.OrtValue.from_dlpack(tensor)


class _Graph:
    """A graph in the making. Names of nodes' outputs are numbers unless they are given.

    It is written straight into its last form: every copy of the weights would count.
    """

    def __init__(self) -> None:
        import onnx

        self._model = onnx.ModelProto(ir_version=_IR_VERSION)
        for domain, version in (("", _OPSET), (_OURS, 1)):
            self._model.opset_import.add(domain=domain, version=version)
        self._graph = self._model.graph
        self._graph.name = "step"
        self._shared: dict[str, onnxruntime.OrtValue] = {}
        self._n_names = 0

    def input(self, name: str, dtype: torch.dtype, shape: Sequence[int | str]) -> None:
        self._graph.input.append(_declared(name, dtype, shape))

    def output(self, name: str, dtype: torch.dtype, shape: Sequence[int | str]) -> None:
        self._graph.output.append(_declared(name, dtype, shape))

    def node(
        self,
        kind: str,
        inputs: Sequence[str],
        *,
        domain: str = _OURS,
        name: str = "",
        **attributes: Any,
    ) -> str:
        """Add an operator with one output; the output's name."""
        return self.nodes(kind, inputs, 1, domain=domain, names=[name], **attributes)[0]

    def nodes(
        self,
        kind: str,
        inputs: Sequence[str],
        n_outputs: int,
        *,
        domain: str = _OURS,
        names: Sequence[str] = (),
        **attributes: Any,
    ) -> list[str]:
        """Add an operator with several outputs; their names."""
        from onnx import helper

        outputs = [(names[i] if i < len(names) else "") or self._name() for i in range(n_outputs)]
        self._graph.node.append(
            helper.make_node(kind, inputs, outputs, domain=domain, **attributes)
        )
        return outputs

    def _name(self) -> str:
        self._n_names += 1
        return str(self._n_names)

    def constant(self, tensor: Tensor, *, is_shared: bool = False) -> str:
        """Add weights: a copy of the session's own, or the memory of the tensor itself."""
        import onnx

        name = self._name()
        made = self._graph.initializer.add(
            name=name, data_type=_dtype(tensor.dtype), dims=tensor.shape
        )
        if is_shared:
            # as if they were in a file; the session is given them before it looks for it
            made.data_location = onnx.TensorProto.EXTERNAL
            made.external_data.add(key="location", value=name)
            self._shared[name] = _shared(tensor)
        else:
            made.raw_data = tensor.contiguous().numpy().tobytes()
        return name

    def norm(self, x: str, norm: tuple[Tensor, Tensor]) -> str:
        weight, bias = (self.constant(one) for one in norm)
        return self.node(
            "LayerNormalization", [x, weight, bias], domain="", axis=-1, epsilon=_EPSILON
        )

    def add_norm(self, x: str, other: str, norm: tuple[Tensor, Tensor]) -> tuple[str, str]:
        """Names of the sum, and of the sum after the norm."""
        weight, bias = (self.constant(one) for one in norm)
        normed, _, _, total = self.nodes(
            "SkipLayerNormalization", [x, other, weight, bias], 4, epsilon=_EPSILON
        )
        return total, normed

    def product(self, x: str, product: Product, *, name: str = "") -> str:
        levels = product.levels.view(product.n_outputs, product.scales.shape[1], -1)
        middles = product.middles
        return self.node(
            "MatMulNBits",
            [
                x,
                self.constant(levels, is_shared=product.is_shared),
                self.constant(product.scales),
                "" if middles is None else self.constant(middles),
                "",
                self.constant(product.bias),
            ],
            name=name,
            bits=product.bits,
            block_size=_GROUP,
            accuracy_level=_INT8,
            N=product.n_outputs,
            K=product.n_inputs,
        )

    def attention(self, qkv: str, number: int, heads: int) -> str:
        """Keeps the new key and value, and attends to all that are kept."""
        names = [f"{kind}{number}" for kind in _KINDS]
        # no rotations, places, biases and sinks
        others = [""] * 5
        inputs = [qkv, "", "", *names, "last", "total", *others, *(f"{n}_scale" for n in names)]
        return self.nodes(
            "GroupQueryAttention",
            inputs,
            3,
            names=["", *(f"{n}_new" for n in names)],
            num_heads=heads,
            kv_num_heads=heads,
            kv_cache_bit_width=8,
            k_quant_type="PER_CHANNEL",
            v_quant_type="PER_CHANNEL",
        )[0]

    def session(self) -> onnxruntime.InferenceSession:
        """Of the whole graph, which is empty afterwards."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        options.enable_cpu_mem_arena = False
        # within a step threads spin while they wait, which saves time; after it they would go on for
        # up to a second, and take the cores from PyTorch's and from everybody else
        options.add_session_config_entry("session.force_spinning_stop", "1")
        if self._shared:
            options.add_external_initializers(list(self._shared), list(self._shared.values()))
        written = self._model.SerializeToString()
        self._model.Clear()
        return onnxruntime.InferenceSession(written, options, providers=["CPUExecutionProvider"])


def _dtype(dtype: torch.dtype) -> int:
    from onnx import TensorProto

    kinds: dict[torch.dtype, int] = {
        torch.float32: TensorProto.FLOAT,
        torch.int32: TensorProto.INT32,
        torch.int8: TensorProto.INT8,
        torch.uint8: TensorProto.UINT8,
    }
    return kinds[dtype]


def _declared(name: str, dtype: torch.dtype, shape: Sequence[int | str]) -> onnx.ValueInfoProto:
    from onnx import helper

    return helper.make_tensor_value_info(name, _dtype(dtype), shape)
