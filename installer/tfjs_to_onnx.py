"""Convert a TensorFlow.js graph model to ONNX: the operations that NanoDet needs, and no others.

Called by convert_models.py. Each TensorFlow node becomes one ONNX node; what is computed from
constants only is computed here. Convolutions and pooling of TensorFlow are NHWC, those of ONNX
NCHW, hence the transpositions around them; onnxruntime removes most of them when it loads.

The operations: tensorflow.org/api_docs/python/tf/raw_ops, onnx.ai/onnx/operators.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

Node = dict[str, Any]
Array = NDArray[Any]

OPSET = 18
IR_VERSION = 9
_TO_NCHW = [0, 3, 1, 2]
_TO_NHWC = [0, 2, 3, 1]
_SAME_OP = {
    "Add": "Add",
    "AddV2": "Add",
    "Sigmoid": "Sigmoid",
}


def read_weights(graph_path: Path, graph: Node) -> dict[str, Array]:
    """The constants of the graph by node name; float16 is widened to float32."""
    weights: dict[str, Array] = {}
    for group in graph["weightsManifest"]:
        data = b"".join((graph_path.parent / name).read_bytes() for name in group["paths"])
        start = 0
        for entry in group["weights"]:
            stored = entry.get("quantization", {}).get("dtype", entry["dtype"])
            count = int(np.prod(entry["shape"], dtype=np.int64))
            flat = np.frombuffer(data, np.dtype(stored).newbyteorder("<"), count, start)
            start += flat.nbytes
            weights[entry["name"]] = flat.astype(entry["dtype"]).reshape(entry["shape"])
        if start != len(data):
            raise ValueError(f"{graph_path.name}: {len(data) - start} bytes of weights left over")
    return weights


def convert(graph_path: Path, outputs: list[str]) -> ModelProto:
    """Convert the graph in `graph_path`, whose one input is kept, to these outputs.

    The ONNX input is called "x", its outputs as in TensorFlow.
    """
    return _Conversion(graph_path).model(outputs)


class _Conversion:
    """One conversion: `_results` maps a TensorFlow tensor to the ONNX name that carries it."""

    def __init__(self, graph_path: Path) -> None:
        graph = json.loads(graph_path.read_text(encoding="utf-8"))
        self._tf = {node["name"]: node for node in graph["modelTopology"]["node"]}
        self._weights = read_weights(graph_path, graph)
        (entry,) = graph["signature"]["inputs"].values()
        self._input_shape = _shape(entry)
        self._output_shapes = {
            name.removesuffix(":0"): _shape(entry)
            for name, entry in graph["signature"]["outputs"].items()
        }
        self._nodes: list[NodeProto] = []
        self._constants: dict[str, Array] = {}
        self._results: dict[str, list[str]] = {}

    def model(self, outputs: list[str]) -> ModelProto:
        for name in outputs:
            self._nodes.append(helper.make_node("Identity", [self._result(name)], [name]))
        used = {name for node in self._nodes for name in node.input}
        graph = helper.make_graph(
            self._nodes,
            "converted",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, self._input_shape)],
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, self._output_shapes[name])
                for name in outputs
            ],
            [
                numpy_helper.from_array(value, name)
                for name, value in self._constants.items()
                if name in used
            ],
        )
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )

    def _result(self, tensor: str) -> str:
        """The ONNX name of "node" or "node:2", converting what it needs first."""
        name, _, index = tensor.partition(":")
        if name not in self._results:
            self._results[name] = self._convert_node(self._tf[name])
        return self._results[name][int(index or 0)]

    def _constant(self, value: Array) -> str:
        name = f"constant_{len(self._constants)}"
        self._constants[name] = np.ascontiguousarray(value)
        return name

    def _add(self, op: str, inputs: list[str], results: int = 1, **attributes: Any) -> list[str]:
        names = [f"{op}_{len(self._nodes)}_{i}" for i in range(results)]
        self._nodes.append(helper.make_node(op, inputs, names, **attributes))
        return names

    def _transposed(self, name: str, order: list[int]) -> str:
        return self._add("Transpose", [name], perm=order)[0]

    def _convert_node(self, node: Node) -> list[str]:
        op = node["op"]
        if op == "Placeholder":
            return ["x"]
        if op == "Const":
            return [self._constant(self._weights[node["name"]])]
        inputs = [self._result(name) for name in node["input"]]
        if op == "Identity":
            return inputs
        if all(name in self._constants for name in inputs):
            return [self._constant(_folded(op, [self._constants[name] for name in inputs]))]
        if op in _SAME_OP:
            return self._add(_SAME_OP[op], inputs)
        return self._with_fixed_arguments(node, inputs)

    def _with_fixed_arguments(self, node: Node, inputs: list[str]) -> list[str]:
        """Operations of one or more tensors with arguments that must be constants."""
        op, x = node["op"], inputs[0]
        fixed = [self._constants[name] for name in inputs if name in self._constants]
        if op == "LeakyRelu":
            return self._add(op, [x], alpha=_attribute(node, "alpha"))
        if op == "Transpose":
            return [self._transposed(x, fixed[0].tolist())]
        if op == "Reshape":
            return self._add(op, [x, self._constant(fixed[0].astype(np.int64))])
        if op == "ConcatV2":
            return self._add("Concat", inputs[:-1], axis=fixed[-1].item())
        if op == "SplitV":
            sizes, axis = fixed
            sizes_name = self._constant(sizes.astype(np.int64))
            return self._add("Split", [x, sizes_name], results=len(sizes), axis=axis.item())
        if op in ("Pad", "PadV2"):
            before_then_after = fixed[0].T.reshape(-1).astype(np.int64)
            return self._add("Pad", [x, self._constant(before_then_after), *inputs[2:]])
        if op == "Conv2D":
            return [self._convolution(node, x, fixed[0])]
        if op == "MaxPool":
            return [self._pooling(node, x)]
        if op == "ResizeBilinear":
            return [self._resizing(node, x, fixed[0])]
        raise NotImplementedError(op)

    def _convolution(self, node: Node, x: str, kernel: Array) -> str:
        """`kernel` is (height, width, in, out)."""
        _require(node, data_format="NHWC")
        made = self._add(
            "Conv",
            [self._transposed(x, _TO_NCHW), self._constant(kernel.transpose(3, 2, 0, 1))],
            strides=_attribute(node, "strides")[1:3],
            dilations=_attribute(node, "dilations")[1:3],
            auto_pad={"SAME": "SAME_UPPER", "VALID": "VALID"}[_attribute(node, "padding")],
        )
        return self._transposed(made[0], _TO_NHWC)

    def _pooling(self, node: Node, x: str) -> str:
        _require(node, data_format="NHWC", padding="VALID")
        made = self._add(
            "MaxPool",
            [self._transposed(x, _TO_NCHW)],
            kernel_shape=_attribute(node, "ksize")[1:3],
            strides=_attribute(node, "strides")[1:3],
        )
        return self._transposed(made[0], _TO_NHWC)

    def _resizing(self, node: Node, x: str, size: Array) -> str:
        """`size` is (height, width)."""
        _require(node, half_pixel_centers=True, align_corners=False)
        nchw = self._transposed(x, _TO_NCHW)
        shape = self._add("Shape", [nchw], end=2)[0]
        wanted = self._add("Concat", [shape, self._constant(size.astype(np.int64))], axis=0)[0]
        made = self._add(
            "Resize",
            [nchw, "", "", wanted],
            mode="linear",
            coordinate_transformation_mode="half_pixel",
        )
        return self._transposed(made[0], _TO_NHWC)


def _shape(entry: Node) -> list[int]:
    return [int(dimension["size"]) for dimension in entry["tensorShape"]["dim"]]


def _folded(op: str, values: list[Array]) -> Array:
    """The result of an operation on constants."""
    if op in ("Add", "AddV2"):
        return np.asarray(values[0] + values[1])
    if op == "Transpose":
        return values[0].transpose(values[1])
    if op == "Reshape":
        return values[0].reshape(values[1])
    if op == "ConcatV2":
        return np.concatenate(values[:-1], values[-1].item())
    if op == "SparseToDense":
        places, shape, filled, default = values
        dense = np.full(shape, default, dtype=filled.dtype)
        dense[tuple(places.T) if places.ndim == 2 else places] = filled
        return dense
    raise NotImplementedError(f"{op} of constants")


def _attribute(node: Node, name: str) -> Any:
    value = node["attr"][name]
    if "list" in value:
        return [int(item) for item in value["list"]["i"]]
    if "s" in value:
        return base64.b64decode(value["s"]).decode()
    if "i" in value:
        return int(value["i"])
    return value.get("f", value.get("b"))


def _require(node: Node, **attributes: object) -> None:
    for name, wanted in attributes.items():
        if _attribute(node, name) != wanted:
            raise NotImplementedError(f"{node['op']} with {name} {_attribute(node, name)}")
