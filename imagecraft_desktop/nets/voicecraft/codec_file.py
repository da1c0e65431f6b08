"""Reads the file of VoiceCraft's codec and makes the network of it. Called by codec.py.

The file is what audiocraft's training writes: a torch.save zip with the settings (`xp.cfg`, objects
of omegaconf) and the tensors (`best_state`), or the tensors alone as safetensors. The sizes are those
of the tensors; the settings only say what the tensors cannot.

Nothing in the file is ever run, see `pickled`: the classes of omegaconf are inert stand-ins here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from imagecraft_desktop.errors import VoiceDamaged
from imagecraft_desktop.nets.voicecraft import pickled

if TYPE_CHECKING:
    from transformers import EncodecModel


@dataclass(frozen=True)
class Sizes:
    """What the codec's layers measure. The defaults are those of the published codec, 56.8 M parameters."""

    rate_hz: int = 16_000
    n_filters: int = 64
    dim: int = 128
    n_codes: int = 2048
    n_codebooks: int = 4
    ratios: tuple[int, ...] = (8, 5, 4, 2)
    kernel: int = 7
    last_kernel: int = 7
    residual_kernel: int = 3
    n_residual: int = 1
    dilation: int = 2
    compress: int = 2
    n_lstm: int = 2


PUBLISHED = Sizes()

# what a setting must be, where the file tells it; another value means a network that is not this one
_WANTED: Mapping[str, object] = {
    "compression_model": "encodec",
    "channels": 1,
    "encodec.autoencoder": "seanet",
    "encodec.quantizer": "rvq",
    "encodec.causal": False,
    "encodec.renormalize": False,
    "seanet.causal": False,
    "seanet.activation": "ELU",
    "seanet.activation_params.alpha": 1.0,
    "seanet.norm": "weight_norm",
    "seanet.pad_mode": "constant",
    "seanet.true_skip": True,
    "seanet.decoder.final_activation": None,
}
_UNUSED = re.compile(r"quantizer\.vq\.layers\.\d+\._codebook\.(inited|cluster_size|embed_avg)")


def read_network(path: Path, device: str = "cpu") -> tuple[EncodecModel, Sizes]:
    """Read a codec's file: .safetensors, else a torch.save zip.

    Returns:
        The network in float32 on the device, ready to run, its weight norm folded in.
    Raises:
        VoiceDamaged: If it cannot be read, or is not a codec of this kind; names the tensor.
    """
    try:
        with path.open("rb"):  # so that a missing or forbidden file is told in the system's words
            pass
        is_plain = path.suffix == ".safetensors"
        settings, tensors = (None, _read_safetensors(path)) if is_plain else _read_zip(path)
        size = path.stat().st_size
    except OSError as error:
        raise _damaged(path, error.strerror or type(error).__name__) from error
    _check_settings(path, settings)
    found = _Tensors(path, tensors)
    sizes = _measure(path, settings, found)
    try:
        network = make_network(sizes)
    except (RuntimeError, ValueError, TypeError, ArithmeticError) as error:
        raise _damaged(path, f"its tensors fit no codec: {sizes}") from error
    fill_network(network, _weights(network, found, size), device)
    return network, sizes


def make_network(sizes: Sizes) -> EncodecModel:
    """The network without its weights (on torch's `meta` device), with plain convolutions."""
    from transformers import EncodecConfig, EncodecModel

    bits = sizes.n_codes.bit_length() - 1
    hop = torch.Size(sizes.ratios).numel()
    config = EncodecConfig(
        sampling_rate=sizes.rate_hz,
        audio_channels=1,
        normalize=False,
        chunk_length_s=None,
        overlap=None,
        # it divides this by the bits per second of one codebook and rounds down: aim for the middle
        target_bandwidths=[(sizes.n_codebooks + 0.5) * bits * -(-sizes.rate_hz // hop) / 1000],
        hidden_size=sizes.dim,
        codebook_dim=sizes.dim,
        codebook_size=sizes.n_codes,
        num_filters=sizes.n_filters,
        num_residual_layers=sizes.n_residual,
        upsampling_ratios=list(sizes.ratios),
        norm_type="weight_norm",
        kernel_size=sizes.kernel,
        last_kernel_size=sizes.last_kernel,
        residual_kernel_size=sizes.residual_kernel,
        dilation_growth_rate=sizes.dilation,
        use_causal_conv=False,
        pad_mode="constant",
        compress=sizes.compress,
        num_lstm_layers=sizes.n_lstm,
        trim_right_ratio=1.0,
        use_conv_shortcut=False,
    )
    with torch.device("meta"):
        network = EncodecModel(config)
    for module in list(network.modules()):
        if parametrize.is_parametrized(module, "weight"):
            parametrize.remove_parametrizations(module, "weight")
    nn.Module.eval(network)
    network.requires_grad_(False)
    return network


def fill_network(network: EncodecModel, weights: Mapping[str, Tensor], device: str) -> None:
    """Give a network of `make_network` its weights, by its own names, on a device.

    The numbers that its layers pad by stay on the CPU: asking a GPU for them would wait for it.
    """
    only_for_training = {
        name: torch.zeros_like(value, device=device)
        for name, value in network.state_dict().items()
        if name not in weights
    }
    there = {name: value.to(device) for name, value in weights.items()}
    network.load_state_dict({**only_for_training, **there}, assign=True)
    network.requires_grad_(False)
    for layer in network.modules():
        if "padding_total" in dict(layer.named_buffers(recurse=False)):
            conv = layer.conv
            if not isinstance(conv, nn.Conv1d):
                raise TypeError(f"{type(conv).__name__} is no convolution")
            width = (conv.kernel_size[0] - 1) * conv.dilation[0] + 1
            layer.kernel_size = torch.tensor(width)
            layer.stride = torch.tensor(conv.stride[0])
            layer.padding_total = torch.tensor(width - conv.stride[0])


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path)
    except SafetensorError as error:
        raise _damaged(path, "the file is cut off or not safetensors", error) from error


def _read_zip(path: Path) -> tuple[Any, dict[str, Tensor]]:
    """Settings and tensors of a torch.save zip; the tensors are still in the file (memory-mapped)."""
    try:
        content = pickled.read(path, inert="omegaconf")
        return content.get("xp.cfg"), _find_tensors(path, content)
    except pickled.READING_FAILED as error:
        raise _damaged(path, "the file is cut off or not a codec", error) from error


def _open(node: Any) -> Any:
    """A value of the settings, without the stand-in around it. One level: what is within may be huge."""
    while isinstance(node, pickled.Inert):
        inside = vars(node)
        node = inside["_content"] if "_content" in inside else inside.get("_val")
    return node


def _find_tensors(path: Path, content: Mapping[str, Any]) -> dict[str, Tensor]:
    """The state dict: `best_state.model`, a flat `best_state`, or `model`."""
    state = content.get("best_state", content.get("model"))
    if isinstance(state, Mapping) and isinstance(state.get("model"), Mapping):
        state = state["model"]
    if not isinstance(state, Mapping):
        raise _damaged(path, "it has neither best_state nor model")
    for name, value in state.items():
        is_usual = isinstance(value, Tensor) and value.layout == torch.strided
        if not isinstance(name, str) or not is_usual or value.device.type != "cpu":
            raise _damaged(path, f"{_shown(name)} is no tensor")
    return dict(state)


def _setting(settings: Any, name: str, default: Any) -> Any:
    """A setting by its dotted name; what it refers to where it is written as `${other.name}`."""
    for _ in range(5):
        value = _open(settings)
        for part in name.split("."):
            if not isinstance(value, Mapping) or part not in value:
                return default
            value = _open(value[part])
        reference = re.fullmatch(r"\$\{([\w.]+)\}", value) if isinstance(value, str) else None
        if reference is None:
            return value
        name = reference[1]
    return default


def _check_settings(path: Path, settings: Any) -> None:
    for name, wanted in _WANTED.items():
        value = _setting(settings, name, wanted)
        if value != wanted:
            raise _damaged(path, f"its {name} is {_shown(value)}, not {wanted}")


class _Tensors:
    """The tensors of a file, which must all be there, in the shape they should have, and used."""

    def __init__(self, path: Path, tensors: Mapping[str, Tensor]) -> None:
        self.path = path
        self._tensors = tensors
        self.unused = {name for name in tensors if not _UNUSED.fullmatch(name)}

    def nbytes(self) -> int:
        return sum(self._tensors[name].nbytes for name in self.unused)

    def numbers(self, pattern: str) -> list[int]:
        """The numbers in the names that match."""
        hits = (re.fullmatch(pattern, name) for name in self._tensors)
        return sorted(int(hit[1]) for hit in hits if hit)

    def shape(self, name: str, n_axes: int) -> tuple[int, ...]:
        found = tuple(self._find(name).shape)
        if len(found) != n_axes or 0 in found:
            raise _damaged(self.path, f"the tensor {name} has the shape {found}")
        return found

    def take(self, name: str, shape: tuple[int, ...]) -> Tensor:
        """A copy in float32, so that the network does not hold the file open."""
        tensor = self._find(name)
        found = tuple(tensor.shape)
        if found != shape:
            raise _damaged(self.path, f"the tensor {name} has the shape {found}, not {shape}")
        if not tensor.is_floating_point():
            raise _damaged(self.path, f"the tensor {name} holds {tensor.dtype}")
        copy = tensor.detach().to(torch.float32, copy=True)
        if not bool(copy.isfinite().all()):
            raise _damaged(self.path, f"the tensor {name} holds what is no number")
        self.unused.discard(name)
        return copy

    def take_normed(self, name: str, shape: tuple[int, ...]) -> Tensor:
        """A weight under weight norm, over all axes but the first (input channels, if transposed)."""
        gain = self.take(f"{name}_g", (shape[0], *(1 for _ in shape[1:])))
        value = self.take(f"{name}_v", shape)
        length = torch.linalg.vector_norm(value.flatten(1), dim=1).view_as(gain)
        if not bool(length.all()):
            raise _damaged(self.path, f"the tensor {name}_v has a row of zeros")
        weight: Tensor = gain * value / length
        return weight

    def _find(self, name: str) -> Tensor:
        if name not in self._tensors:
            raise _damaged(self.path, f"the tensor {name} is missing")
        return self._tensors[name]


def _measure(path: Path, settings: Any, tensors: _Tensors) -> Sizes:
    """The sizes, from the shapes of those tensors that tell them."""
    rises = tensors.numbers(r"decoder\.model\.(\d+)\.convtr\.convtr\.weight_v")
    ends = tensors.numbers(r"decoder\.model\.(\d+)\.conv\.conv\.weight_v")
    if not rises or not ends or ends[-1] < rises[-1] + 2:
        raise _damaged(path, "the tensors decoder.model.N.convtr.convtr.weight_v are missing")
    kernels = [tensors.shape(f"decoder.model.{n}.convtr.convtr.weight_v", 3)[2] for n in rises]
    if any(kernel % 2 for kernel in kernels):
        raise _damaged(path, f"the tensors decoder.model.N.convtr have the widths {kernels}")
    n_filters, _, kernel = tensors.shape("encoder.model.0.conv.conv.weight_v", 3)
    inner, _, residual_kernel = tensors.shape("encoder.model.1.block.1.conv.conv.weight_v", 3)
    codebooks = tensors.numbers(r"quantizer\.vq\.layers\.(\d+)\._codebook\.\w+") or [0]
    n_codes, _ = tensors.shape("quantizer.vq.layers.0._codebook.embed", 2)
    return Sizes(
        rate_hz=_whole(path, settings, "sample_rate", Sizes.rate_hz, 192_000),
        n_filters=n_filters,
        dim=tensors.shape("decoder.model.0.conv.conv.weight_v", 3)[1],
        n_codes=n_codes,
        n_codebooks=_whole(path, settings, "rvq.n_q", codebooks[-1] + 1, 64),
        ratios=tuple(kernel // 2 for kernel in kernels),
        kernel=kernel,
        last_kernel=tensors.shape(f"decoder.model.{ends[-1]}.conv.conv.weight_v", 3)[2],
        residual_kernel=residual_kernel,
        # a rise is followed by its residual blocks, an ELU and the next rise or the last layer
        n_residual=ends[-1] - rises[-1] - 2,
        dilation=_whole(path, settings, "seanet.dilation_base", Sizes.dilation, 8),
        compress=max(1, n_filters // inner),
        n_lstm=len(tensors.numbers(r"decoder\.model\.1\.lstm\.weight_ih_l(\d+)")),
    )


def _whole(path: Path, settings: Any, name: str, default: int, highest: int) -> int:
    value = _setting(settings, name, default)
    if not isinstance(value, int) or not 1 <= value <= highest:
        raise _damaged(path, f"its {name} is {_shown(value)}")
    return value


def _weights(network: EncodecModel, tensors: _Tensors, file_size: int) -> dict[str, Tensor]:
    """The weights under the network's own names."""
    if tensors.nbytes() > file_size:
        raise _damaged(tensors.path, "its tensors claim more than the file holds")
    weights = {}
    for name, wanted in network.state_dict().items():
        owner, _, leaf = name.rpartition(".")
        module = network.get_submodule(owner)
        theirs = f"{_their_name(owner, module)}.{leaf}"
        shape = tuple(wanted.shape)
        if leaf == "weight" and isinstance(module, nn.Conv1d | nn.ConvTranspose1d):
            weights[name] = tensors.take_normed(theirs, shape)
        elif not _UNUSED.fullmatch(theirs):
            weights[name] = tensors.take(theirs, shape)
    if tensors.unused:
        raise _damaged(tensors.path, f"the tensor {min(tensors.unused)} fits no codec of this kind")
    return weights


def _their_name(owner: str, module: nn.Module) -> str:
    """What the file calls a module of ours."""
    name = owner.replace("coder.layers.", "coder.model.")
    name = name.replace("quantizer.layers.", "quantizer.vq.layers.")
    if isinstance(module, nn.ConvTranspose1d):
        return f"{name.removesuffix('.conv')}.convtr.convtr"
    if isinstance(module, nn.Conv1d):
        return f"{name}.conv"
    return f"{name.removesuffix('.codebook')}._codebook" if name.endswith(".codebook") else name


def _shown(value: object) -> str:
    is_short = value is None or isinstance(value, str | int | float)
    return f"{value!s:.80}" if is_short else f"a {type(value).__name__}"


def _damaged(path: Path, reason: str, error: Exception | None = None) -> VoiceDamaged:
    """Args: error: what the reader says, in sentences of its own; for the log."""
    detail = "" if error is None else f" ({str(error).partition(chr(10))[0]})"
    return VoiceDamaged(f"{path}: {reason}{detail}", name=path.name, reason=reason)
