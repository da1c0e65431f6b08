"""Which mode and device suit this machine: found by trying, not by the names of processors.

A frame of sound lasts 20 ms; a mode whose step takes no longer speaks without waiting.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import torch
from torch import Tensor

from imagecraft_desktop.nets.voicecraft import runtime
from imagecraft_desktop.nets.voicecraft.config import Config
from imagecraft_desktop.nets.voicecraft.linear import Mode, can_run, make_linear, pieces
from imagecraft_desktop.values import Tick, no_tick

_MOST_EXACT_FIRST = (Mode.FP32, Mode.BF16, Mode.INT8, Mode.INT4)
_SAMPLES = 4
"""Products tried of each mode: with other weights each time, so that they come from memory."""
_TRIES = 5
_REST = 1.3
"""A step takes so much longer than its products alone."""


def choose_device() -> str:
    """The fastest device here, as torch names it."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def choose_mode(config: Config, device: str, tick: Tick = no_tick) -> Mode:
    """The most exact mode that speaks without waiting; where none does, the fastest. Takes 0.5 s, on
    a slow machine several.

    Args:
        tick: Called many times a second; what it raises ends that.
    """
    if device == "cuda":
        return Mode.BF16 if torch.cuda.is_bf16_supported() else Mode.FP16
    if device == "mps":
        return Mode.FP16
    steps_s = {}
    for mode in _MOST_EXACT_FIRST:
        if can_run(mode, "cpu"):
            steps_s[mode] = _step_s(config, mode, tick)
            if steps_s[mode] * config.frames_hz <= 1:
                return mode
    return min(steps_s, key=lambda mode: steps_s[mode])


@torch.inference_mode()
def _step_s(config: Config, mode: Mode, tick: Tick) -> float:
    """About what a step takes: its products are those of twelve square matrices in each layer."""
    wide = config.d_model
    generator = torch.Generator().manual_seed(0)
    weight = torch.empty(4 * wide, wide)
    for rows in pieces(weight, tick):
        weight[rows].uniform_(-0.5, 0.5, generator=generator)
    take = _products(config, weight, torch.zeros(4 * wide), mode, tick)
    best = float("inf")
    for _ in range(_TRIES):
        tick()
        begun = time.perf_counter()
        take()
        best = min(best, time.perf_counter() - begun)
    return best / (4 * _SAMPLES) * 12 * config.n_layers * _REST


def _products(
    config: Config, weight: Tensor, bias: Tensor, mode: Mode, tick: Tick
) -> Callable[[], object]:
    """Several products, as a step in this mode has them."""
    wide, heads, hidden = config.d_model, config.n_heads, config.n_codes // 2
    if runtime.takes(mode, wide, heads, len(bias), hidden, tick=tick):
        made = [runtime.rounded(weight, bias, mode, tick=tick) for _ in range(_SAMPLES)]
        return runtime.Products(made, tick)
    device = torch.device("cpu")
    layers = [make_linear(_copy(weight, tick), bias, mode, device, tick) for _ in range(_SAMPLES)]
    x = torch.ones(1, weight.shape[1], dtype=mode.dtype)
    return lambda: [layer(x) for layer in layers]


def _copy(weight: Tensor, tick: Tick) -> Tensor:
    made = torch.empty_like(weight)
    for rows in pieces(weight, tick):
        made[rows] = weight[rows]
    return made
