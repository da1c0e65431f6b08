"""A graph for ONNX Runtime in the making: the operators that a step of the narrow modes is made of.

Used by `runtime`. Letters: B tries, D width, H heads, d width of a head, S positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from imagecraft_desktop.system.aside import aside
from imagecraft_desktop.values import Tick

if TYPE_CHECKING:
    import onnx
    import onnxruntime

GROUP = 128
"""Inputs that share a scale."""
KINDS = ("key", "value")
_OURS = "com.microsoft"
"""The domain of ONNX Runtime's own operators."""
_OPSET, _IR_VERSION = 21, 10
_INT8 = 4
"""The accuracy level that rounds inputs to int8."""
_EPSILON = 1e-5
_NO_SHARE = -1e30
"""As a score it takes nothing of the attention from the positions."""


@dataclass(frozen=True)
class Product:
    """The weights of one linear layer in whole numbers.

    Attributes:
        levels: uint8, (outputs, inputs); 4 bits: two inputs in a byte, the first one low.
        scales: float32, (outputs, groups).
        middles: The level that means zero, for 4 bits: uint8, (outputs, groups / 2), two in a byte.
            None: the middle one.
        bias: float32, (outputs,).
    """

    bits: int
    levels: Tensor
    scales: Tensor
    middles: Tensor | None
    bias: Tensor

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


def shared(tensor: Tensor) -> onnxruntime.OrtValue:
    """The same memory, kept alive by what is returned."""
    import onnxruntime

    return onnxruntime.OrtValue.from_dlpack(tensor)


class Graph:
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
        self._sink = ""
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
            self._shared[name] = shared(tensor)
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
                self.constant(levels, is_shared=True),
                self.constant(product.scales, is_shared=True),
                "" if middles is None else self.constant(middles),
                "",
                self.constant(product.bias),
            ],
            name=name,
            bits=product.bits,
            block_size=GROUP,
            accuracy_level=_INT8,
            N=product.n_outputs,
            K=product.n_inputs,
        )

    def kept(self, n_layers: int, heads: int, d_head: int) -> None:
        """Declare the keys and values of all layers, and how far they are filled."""
        self.input("last", torch.int32, ["B"])
        self.input("total", torch.int32, [1])
        shape: list[int | str] = ["B", heads, "S", d_head]
        for name in (f"{kind}{number}" for number in range(n_layers) for kind in KINDS):
            self.input(name, torch.int8, shape)
            self.output(f"{name}_new", torch.int8, shape)
            self.input(f"{name}_scale", torch.float32, [heads * d_head])

    def attention(self, qkv: str, number: int, heads: int) -> str:
        """Keeps the new key and value, and attends to all that are kept.

        With a sink, even one that takes nothing, the positions are gone through at once and not in
        blocks, which for one column and a thousand positions is a tenth faster.
        """
        self._sink = self._sink or self.constant(torch.full((heads,), _NO_SHARE))
        names = [f"{kind}{number}" for kind in KINDS]
        # no rotations, places and biases
        others = ["", "", "", "", self._sink]
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

    def session(self, tick: Tick) -> onnxruntime.InferenceSession:
        """Of the whole graph, which is empty afterwards.

        Args:
            tick: Called many times a second meanwhile; what it raises ends that.
        Raises:
            RuntimeError: It cannot be made, for want of memory among others. As later in its runs.
        """
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
        provider = ["CPUExecutionProvider"]
        try:
            return aside(lambda: onnxruntime.InferenceSession(written, options, provider), tick)
        except _faults() as error:
            raise RuntimeError(str(error)) from error
        except BaseException:
            with suppress(AttributeError):  # older ones make it to the end
                options.set_load_cancellation_flag(True)
            raise


@cache
def _faults() -> tuple[type[Exception], ...]:
    """The classes of ONNX Runtime's errors when a session is made: they share no base."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    found = (getattr(state, name) for name in dir(state))
    return tuple(one for one in found if isinstance(one, type) and issubclass(one, Exception))


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
