"""Whether a model fits the memory of this machine. torch is not asked: it would take seconds to load."""

from __future__ import annotations

import math
import platform
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from imagecraft_desktop.system import memory
from imagecraft_desktop.weights.catalogue import Model

_ASK_S = 5.0
_MIB = 1024 * 1024
_CARDS = Path("/sys/class/drm")
_AMD_BYTES = "card*/device/mem_info_vram_total"
_AMD = "rocm"
_NO_NVIDIA = ("cpu", "xpu")
"""How the names of builds of torch begin, here of those that use no NVIDIA card."""
_GPU_SHARE = 0.85
# A screen reader, a browser and the desktop want room as well
_EASY_SHARE, _MOST_SHARE = 0.5, 0.8
_BF16_FLAGS = {"avx512_bf16", "amx_bf16", "bf16"}
_BF16, _FP32 = 2, 4


@dataclass(frozen=True)
class Machine:
    """What models run on.

    Attributes:
        gpu_bytes: Memory of the largest graphics card of NVIDIA, or of AMD where torch is built for these; 0 when
            there is none that torch can use.
        has_bf16: Whether the processor computes in bfloat16; None when that is not known, as on Windows and macOS.
        has_apple_gpu: Whether models run in float16 on a graphics card of Apple, which has the machine's memory.
    """

    memory_bytes: int
    gpu_bytes: int
    has_bf16: bool | None
    has_apple_gpu: bool = False


class Fit(StrEnum):
    """How well a model suits, best first."""

    GPU = "gpu"
    FITS = "fits"
    TIGHT = "tight"
    TOO_BIG = "too_big"


def look() -> Machine:
    """This machine."""
    return Machine(memory.machine_bytes(), _gpu_bytes(), _has_bf16(), _has_apple_gpu())


def fit(model: Model, machine: Machine) -> Fit:
    """Where a model can run."""
    if model.memory_bytes(_BF16) <= _GPU_SHARE * machine.gpu_bytes:
        return Fit.GPU
    share = need_bytes(model, machine) / machine.memory_bytes
    if share <= _EASY_SHARE:
        return Fit.FITS
    return Fit.TIGHT if share <= _MOST_SHARE else Fit.TOO_BIG


def need_bytes(model: Model, machine: Machine) -> int:
    """Memory that a model takes here: half as much for its weights on a graphics card, and where bfloat16 can be
    computed."""
    is_on_gpu = model.memory_bytes(_BF16) <= _GPU_SHARE * machine.gpu_bytes
    is_half = is_on_gpu or machine.has_apple_gpu or machine.has_bf16
    return model.memory_bytes(_BF16 if is_half else _FP32)


def ranked(
    models: Iterable[Model],
    machine: Machine,
    takes_s: Mapping[str, float] | None = None,
    unsafe: Collection[str] = (),
) -> list[Model]:
    """Those that can run first; within that the quickest, as far as that was measured; the others
    in the order of the catalogue.

    Args:
        takes_s: Seconds that a description takes here, by the names of models.
        unsafe: Names of those that can hardly be installed: they come after all others.
    """
    places = {one: n for n, one in enumerate((Fit.GPU, Fit.FITS, Fit.TIGHT, Fit.TOO_BIG))}
    quick = takes_s or {}

    def rank(model: Model) -> tuple[bool, int, float]:
        fits = places[fit(model, machine)]
        return model.name in unsafe, fits, quick.get(model.name, math.inf)

    return sorted(models, key=rank)


def _gpu_bytes() -> int:
    build = _torch_build()
    if build.startswith(_AMD):
        return _amd_bytes()
    return 0 if build.startswith(_NO_NVIDIA) else _nvidia_bytes()


def _torch_build() -> str:
    """What the installed torch is built for: "cpu", "cu130", "rocm7.1"; empty when that is not told, or there is none
    yet."""
    try:
        return metadata.version("torch").partition("+")[2]
    except metadata.PackageNotFoundError:
        return ""


def _amd_bytes() -> int:
    """As the driver of these cards tells it, on Linux."""
    found = [0]
    for file in _CARDS.glob(_AMD_BYTES):
        with suppress(OSError, ValueError):
            found.append(int(file.read_text("ascii")))
    return max(found)


def _nvidia_bytes() -> int:
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return 0
    query = [tool, "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        told = subprocess.run(query, capture_output=True, timeout=_ASK_S, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    return max((int(one) for one in told.split() if one.isdigit()), default=0) * _MIB


def _has_apple_gpu() -> bool:
    """Every processor of Apple has one, and torch uses it."""
    return sys.platform == "darwin" and platform.machine() == "arm64"


def _has_bf16() -> bool | None:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return None
    lines = (line for line in text.splitlines() if line.lower().startswith(("flags", "features")))
    return bool(_BF16_FLAGS & set(next(lines, "").split()))
