"""Loads a transformers class from a folder: no network, no pickle, no code from the folder.

Refuses when the file's tensors are not exactly those of the network. The weights are read here, in
small pieces and straight into the type that is wanted: a cancel is heard between two pieces, and the
memory never holds them twice.
"""

from __future__ import annotations

import gc
import itertools
import json
import math
import re
import struct
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from imagecraft_desktop.nets.captioners.arranged import arrange
from imagecraft_desktop.nets.captioners.generate import TickingFinely
from imagecraft_desktop.values import Tick

_WEIGHTS = "model.safetensors"
_INDEX = "model.safetensors.index.json"
_PIECE = 4 << 20
"""Bytes read at once: a twentieth of a second from a slow disk."""
_TYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}
"""Names of types in a .safetensors file. Source: the format's description, Apache-2.0."""
_ROWS, _WIDE = 64, 1024
_TRIES = 3
_NORM = re.compile(r"norm|ln_")
"""In the names of layers that bring numbers to a common size."""
_SPREAD = 0.03
"""Random weights lie between minus this and this."""
_SLOWER = 1.3
"""So much slower bfloat16 may be: it halves the memory."""


_NO_MEMORY = (
    "DefaultCPUAllocator",
    "MPS backend out of memory",
    "CUDA error: out of memory",
    "HIP error: out of memory",
)
"""Of these in the text of an error: that of the processor, of an Apple graphics card, of the drivers of NVIDIA and AMD."""
_LOADING_FAILED = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    ImportError,
    struct.error,
)
"""What wrong configurations and tensors make of loading, of tied ones in the wrong size, too."""


class DoesNotFit(Exception):
    """The file's tensors are not those of the network.

    Attributes:
        missing, unexpected, mismatched: Names of tensors, sorted.
    """

    def __init__(
        self, missing: Iterable[str], unexpected: Iterable[str], mismatched: Iterable[str]
    ) -> None:
        self.missing = sorted(missing)
        self.unexpected = sorted(unexpected)
        self.mismatched = sorted(mismatched)
        super().__init__(f"{self.missing=} {self.unexpected=} {self.mismatched=}")


class Unloadable(Exception):
    """The folder cannot be made into a network: what the library said is in the message."""


class NotOnDevice(Exception):
    """The device does not take the network, which is whole: what the library said is in the message."""


def import_kernels() -> None:
    """Import what torch needs for tensors without memory, of which a network is made; it does so when the first of
    them gets its numbers. Takes a second or two."""
    torch.empty(1, device="meta").normal_()


def choose_dtype(device: str) -> torch.dtype:
    """The narrowest type that is not slower here; on a processor that is found by trying."""
    if device == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    if device == "mps":
        return torch.float16
    narrow_s, wide_s = _product_s(torch.bfloat16), _product_s(torch.float32)
    return torch.bfloat16 if narrow_s <= _SLOWER * wide_s else torch.float32


def load_network(
    class_name: str, folder: Path, device: str, dtype: torch.dtype, tick: Tick = lambda: None
) -> Any:
    """Make a network of a class of transformers, ready for inference.

    Args:
        class_name: "PaliGemmaForConditionalGeneration".
        folder: With config.json and .safetensors files.
        device: "cpu", "cuda" or "mps".
        tick: Called many times a second while weights are read; what it raises ends that.
    Raises:
        DoesNotFit: Tensors are missing, not known to the network, or have another shape.
        Unloadable: The configuration is not one of that class, or a file cannot be read.
        NotOnDevice: The device does not take it.
        MemoryError, torch.OutOfMemoryError: It is too large.
    """
    import transformers
    from huggingface_hub.errors import StrictDataclassError

    # its reports and bars would be read aloud by a screen reader; what matters is raised
    talk: Any = transformers.logging
    talk.set_verbosity_error()
    talk.disable_progress_bar()
    cls = getattr(transformers, class_name)
    try:
        config = cls.config_class.from_pretrained(str(folder), local_files_only=True)
        weights = _read_weights(folder, _Wanted(cls, dtype), tick)
        network, told = _make(cls, config, weights, dtype, tick)
        if (folder / "generation_config.json").is_file():
            network.generation_config = transformers.GenerationConfig.from_pretrained(
                str(folder), local_files_only=True
            )
    except torch.OutOfMemoryError:
        raise
    except (*_LOADING_FAILED, StrictDataclassError) as error:
        if is_out_of_memory(error):
            raise MemoryError(str(error)) from error
        raise Unloadable(f"{type(error).__name__}: {error}") from error
    wrong = [entry[0] if isinstance(entry, tuple) else entry for entry in told["mismatched_keys"]]
    if told["missing_keys"] or told["unexpected_keys"] or wrong:
        raise DoesNotFit(told["missing_keys"], told["unexpected_keys"], wrong)
    # it would make every answer that is cut off look whole
    network.generation_config.forced_eos_token_id = None
    return _ready(network, weights, device, tick)


def random_network(
    class_name: str, config: Any, device: str, dtype: torch.dtype, *, is_plain: bool = False
) -> Any:
    """A network of any size that has learned nothing, made as `load_network` makes one.

    Args:
        config: The class's configuration.
        is_plain: Leave its weights as transformers has them.
    """
    import transformers

    cls = getattr(transformers, class_name)
    with torch.device("meta"):
        empty = cls(config)
    weights = random_weights(empty, dtype)
    network, _ = _make(cls, config, weights, dtype, lambda: None)
    if is_plain:
        return _move(network.eval(), device, lambda: None)
    return _ready(network, weights, device, lambda: None)


def random_weights(empty: torch.nn.Module, dtype: torch.dtype) -> dict[str, Tensor]:
    """What a network could have learned, drawn by chance; the same each time.

    Args:
        empty: On the device "meta".
    """
    generator = torch.Generator().manual_seed(0)
    drawn: dict[int, Tensor] = {}
    weights = {}
    for name, tensor in empty.state_dict(keep_vars=True).items():
        if id(tensor) not in drawn:  # tied ones are one
            is_real = tensor.is_floating_point()
            made = torch.zeros(tensor.shape, dtype=dtype if is_real else tensor.dtype)
            if is_real:
                made.uniform_(-_SPREAD, _SPREAD, generator=generator)
            if _NORM.search(name.lower()) and name.endswith("weight"):
                made += 1  # else what comes out is next to nothing
            drawn[id(tensor)] = made
        weights[name] = drawn[id(tensor)]
    return weights


def _make(cls: Any, config: Any, weights: dict[str, Tensor], dtype: torch.dtype, tick: Tick) -> Any:
    """The network, and what transformers tells of the tensors. Half a second for one of many layers."""
    with TickingFinely(tick):
        return cls.from_pretrained(
            None,  # the files were read here
            config=config,
            state_dict=weights,
            dtype=dtype,
            local_files_only=True,
            trust_remote_code=False,
            ignore_mismatched_sizes=True,  # they are told with the rest
            output_loading_info=True,
        )


def is_out_of_memory(error: Exception) -> bool:
    """Whether a memory was too small. torch has a class of error only for that of its own store on a
    card of NVIDIA or AMD; for the rest there is nothing but the text."""
    return isinstance(error, RuntimeError) and any(sign in str(error) for sign in _NO_MEMORY)


def release() -> None:
    """Give back to the system what a network had on a graphics card, once nobody holds it. A card that
    is lost gives nothing back."""
    gc.collect()
    with suppress(RuntimeError):
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        if torch.backends.mps.is_available():
            torch.mps.empty_cache()


def _product_s(dtype: torch.dtype) -> float:
    """Seconds of a product such as a layer makes."""
    x, weight = torch.ones(_ROWS, _WIDE, dtype=dtype), torch.ones(_WIDE, _WIDE, dtype=dtype)
    best = float("inf")
    for _ in range(_TRIES):
        begun = time.perf_counter()
        torch.nn.functional.linear(x, weight)
        best = min(best, time.perf_counter() - begun)
    return best


# --- reading ---


class _Wanted:
    """The type in which each tensor is kept: real numbers in the network's, but those that the class
    keeps wide as they are stored."""

    def __init__(self, cls: Any, dtype: torch.dtype) -> None:
        self._dtype = dtype
        kept = (getattr(cls, name, None) for name in ("_keep_in_fp32_modules", _STRICT))
        self._wide = [part for names in kept for part in names or ()]

    def type_of(self, name: str, stored: torch.dtype) -> torch.dtype:
        """Args: stored: Its type in the file."""
        if not stored.is_floating_point or any(part in name for part in self._wide):
            return stored
        return self._dtype


_STRICT = "_keep_in_fp32_modules_strict"


def _read_weights(folder: Path, wanted: _Wanted, tick: Tick) -> dict[str, Tensor]:
    """All tensors of a folder. Raises OSError, ValueError, LookupError, TypeError, struct.error."""
    names = [_WEIGHTS]
    if not (folder / _WEIGHTS).is_file():
        index = json.loads((folder / _INDEX).read_text("utf-8"))
        names = sorted({Path(name).name for name in index["weight_map"].values()})
    found: dict[str, Tensor] = {}
    for name in names:
        with (folder / name).open("rb", buffering=0) as file:
            found.update(_read_file(file, wanted, tick))
    return found


def _read_file(file: FileIO, wanted: _Wanted, tick: Tick) -> Iterator[tuple[str, Tensor]]:
    """The tensors of a .safetensors file, in the order in which they lie there."""
    (length,) = struct.unpack("<Q", file.read(8))
    header = json.loads(file.read(length))
    header.pop("__metadata__", None)
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = entry["data_offsets"]
        stored = _TYPES[entry["dtype"]]
        if math.prod(entry["shape"]) * stored.itemsize != end - begin:
            raise ValueError(f"{name} is not as long as its shape")
        made = torch.empty(entry["shape"], dtype=wanted.type_of(name, stored))
        file.seek(8 + length + begin)
        _fill(made.view(-1), stored, file, tick)
        yield name, made


def _fill(made: Tensor, stored: torch.dtype, file: FileIO, tick: Tick) -> None:
    """Read as many numbers as there is room for, piece by piece."""
    length = _PIECE // stored.itemsize
    for begin in range(0, len(made), length):
        tick()
        piece = made[begin : begin + length]
        raw = piece if piece.dtype == stored else torch.empty(len(piece), dtype=stored)
        bytes_left: Any = memoryview(raw.view(torch.uint8).numpy())  # type: ignore[arg-type]
        while bytes_left:
            count = file.readinto(bytes_left)
            if not count:
                raise ValueError("the file is cut off")
            bytes_left = bytes_left[count:]
        if raw is not piece:
            piece.copy_(raw)


def _ready(network: Any, weights: dict[str, Tensor], device: str, tick: Tick) -> Any:
    """Where and as it will run. `weights` are emptied, for they hold what the network lets go of.

    Raises MemoryError, torch.OutOfMemoryError, NotOnDevice."""
    weights.clear()
    network = _move(network.eval(), device, tick)
    arrange(network, tick)
    return network


def _move(network: Any, device: str, tick: Tick) -> Any:
    """To a device, tensor by tensor. Raises MemoryError, torch.OutOfMemoryError, NotOnDevice."""
    with on_device():
        if device != "cpu":
            for tensor in itertools.chain(network.parameters(), network.buffers()):
                tick()
                tensor.data = tensor.data.to(device)
        return network.to(device)


@contextmanager
def on_device() -> Iterator[None]:
    """Within the block tensors go to a device. Raises MemoryError, torch.OutOfMemoryError, NotOnDevice."""
    try:
        yield
    except torch.OutOfMemoryError:
        raise
    except (RuntimeError, AssertionError) as error:  # the latter where torch knows no such device
        if is_out_of_memory(error):
            raise MemoryError(str(error)) from error
        raise NotOnDevice(f"{type(error).__name__}: {error}") from error
