"""Whether a model fits the memory of this machine. torch is not asked: it would take seconds to load."""

from __future__ import annotations

import math
import shutil
import subprocess
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from imagecraft_desktop.system import memory
from imagecraft_desktop.weights.catalogue import Model

_ASK_S = 5.0
_MIB = 1024 * 1024
_GPU_SHARE = 0.85
# A screen reader, a browser and the desktop want room as well
_EASY_SHARE, _MOST_SHARE = 0.5, 0.8
_BF16_FLAGS = {"avx512_bf16", "amx_bf16", "bf16"}
_BF16, _FP32 = 2, 4


@dataclass(frozen=True)
class Machine:
    """What models run on.

    Attributes:
        gpu_bytes: Memory of the largest NVIDIA card; 0 when there is none.
        has_bf16: Whether the processor computes in bfloat16; None when that is not known, as on Windows and macOS.
    """

    memory_bytes: int
    gpu_bytes: int
    has_bf16: bool | None


class Fit(StrEnum):
    """How well a model suits, best first."""

    GPU = "gpu"
    FITS = "fits"
    TIGHT = "tight"
    TOO_BIG = "too_big"


def look() -> Machine:
    """This machine."""
    return Machine(memory.machine_bytes(), _gpu_bytes(), _has_bf16())


def fit(model: Model, machine: Machine) -> Fit:
    """Where a model can run."""
    if model.memory_bytes(_BF16) <= _GPU_SHARE * machine.gpu_bytes:
        return Fit.GPU
    share = need_bytes(model, machine) / machine.memory_bytes
    if share <= _EASY_SHARE:
        return Fit.FITS
    return Fit.TIGHT if share <= _MOST_SHARE else Fit.TOO_BIG


def need_bytes(model: Model, machine: Machine) -> int:
    """Memory that a model takes here: half as much for its weights where bfloat16 can be computed."""
    is_on_gpu = model.memory_bytes(_BF16) <= _GPU_SHARE * machine.gpu_bytes
    return model.memory_bytes(_BF16 if is_on_gpu or machine.has_bf16 else _FP32)


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
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return 0
    query = [tool, "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        told = subprocess.run(query, capture_output=True, timeout=_ASK_S, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    return max((int(one) for one in told.split() if one.isdigit()), default=0) * _MIB


def _has_bf16() -> bool | None:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return None
    lines = (line for line in text.splitlines() if line.lower().startswith(("flags", "features")))
    return bool(_BF16_FLAGS & set(next(lines, "").split()))
