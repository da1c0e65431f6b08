"""The mode that is chosen runs here, and is the most exact that is quick enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch

from imagecraft_desktop.nets.voicecraft import choose, linear
from imagecraft_desktop.nets.voicecraft.generate import Options, generate
from imagecraft_desktop.nets.voicecraft.linear import Mode, can_run
from imagecraft_desktop.nets.voicecraft.model import Network
from imagecraft_desktop.values import Tick
from tests.cancelling import cancel, watch
from tests.unit.nets.voicecraft.tiny import make_checkpoint

HERE = [mode for mode in choose._MOST_EXACT_FIRST if can_run(mode, "cpu")]


def steps_take(monkeypatch: pytest.MonkeyPatch, **seconds: float) -> list[str]:
    """Let a step take so long in each mode. Returns the modes as they are tried."""
    tried: list[str] = []

    def take(_: object, mode: Mode, tick: Tick) -> float:
        tick()
        tried.append(mode)
        return seconds[mode]

    monkeypatch.setattr(choose, "_step_s", take)
    monkeypatch.setattr(choose, "can_run", lambda mode, _: mode in seconds)
    return tried


CONFIG = make_checkpoint(d_model=32).config


@pytest.mark.parametrize(
    ("seconds", "chosen", "tried"),
    [
        ({"fp32": 0.02, "bf16": 0.001}, "fp32", ["fp32"]),
        ({"fp32": 0.021, "bf16": 0.019, "int8": 0.001}, "bf16", ["fp32", "bf16"]),
        (
            {"fp32": 0.07, "bf16": 0.034, "int8": 0.018, "int4": 0.011},
            "int8",
            ["fp32", "bf16", "int8"],
        ),
        ({"fp32": 0.2, "bf16": 0.3, "int8": 0.06}, "int8", ["fp32", "bf16", "int8"]),
        ({"fp32": 0.2, "bf16": 0.3}, "fp32", ["fp32", "bf16"]),
        ({"fp32": 0.2}, "fp32", ["fp32"]),
    ],
)
def test_the_most_exact_that_is_quick_enough_else_the_quickest(
    monkeypatch: pytest.MonkeyPatch, seconds: dict[str, float], chosen: str, tried: list[str]
) -> None:
    seen = steps_take(monkeypatch, **seconds)
    assert choose.choose_mode(CONFIG, "cpu") == chosen
    assert seen == tried


def test_a_codec_of_more_frames_a_second_needs_quicker_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps_take(monkeypatch, fp32=0.015, bf16=0.01)
    assert choose.choose_mode(CONFIG, "cpu") == "fp32"
    assert choose.choose_mode(replace(CONFIG, frames_hz=75), "cpu") == "bf16"


@pytest.mark.parametrize("d_model", [4, 32, 36, 64, 512])
@pytest.mark.parametrize("mode", HERE)
def test_every_mode_can_be_tried_on_any_width(d_model: int, mode: Mode) -> None:
    config = make_checkpoint(d_model=32).config
    taken_s = choose._step_s(replace(config, d_model=d_model, n_heads=1), mode, lambda: None)
    assert 0 < taken_s < 1


@pytest.mark.parametrize(
    "size", [{"d_model": 32}, {"d_model": 36}, {"d_model": 128, "n_layers": 3}]
)
@pytest.mark.parametrize("frames_hz", [1, 50, 1000])
def test_a_network_speaks_in_the_mode_that_is_chosen(size: dict[str, int], frames_hz: int) -> None:
    checkpoint = make_checkpoint(**size)
    # as if there were more or less time for a step than there is
    mode = choose.choose_mode(replace(checkpoint.config, frames_hz=frames_hz), "cpu")
    assert can_run(mode, "cpu")
    prompt = torch.zeros(4, 5, dtype=torch.long)
    made = generate(Network(checkpoint, mode), [1, 2], prompt, Options())
    assert made.shape[0] == 4


def test_a_wide_network_that_no_mode_is_quick_enough_for_gets_one_that_runs() -> None:
    config = replace(make_checkpoint(d_model=32).config, d_model=512, frames_hz=10**9)
    assert choose.choose_mode(config, "cpu") in HERE


def test_a_tiny_network_has_no_need_of_rounding() -> None:
    assert choose.choose_mode(replace(CONFIG, frames_hz=1), "cpu") is Mode.FP32


# --- a cancel meanwhile: in every mode, on a network that no mode is quick enough for ---

WIDE = replace(CONFIG, d_model=256, n_heads=4, n_codes=512, frames_hz=10**9)


def test_a_cancel_is_heard_at_every_moment() -> None:
    def work(tick: Tick) -> object:
        return choose.choose_mode(WIDE, "cpu", tick)

    for at in range(1, watch(work).count + 1):
        cancel(work, at)
    assert work(lambda: None) in HERE


def test_a_cancel_is_heard_within_a_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing one of the 830 M network takes a quarter of a second, and so does rounding it."""
    monkeypatch.setattr(linear, "_PIECE", 1 << 14)
    pieces = 4 * WIDE.d_model**2 // (1 << 14)
    narrow = [mode for mode in HERE if mode.is_narrow]
    count = watch(lambda tick: choose.choose_mode(WIDE, "cpu", tick)).count
    assert count >= pieces * (len(HERE) + choose._SAMPLES * len(narrow))


@pytest.mark.parametrize(("has_bf16", "mode"), [(True, Mode.BF16), (False, Mode.FP16)])
def test_on_a_graphics_card(monkeypatch: pytest.MonkeyPatch, has_bf16: bool, mode: Mode) -> None:
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: has_bf16)
    assert choose.choose_mode(CONFIG, "cuda") is mode
    assert can_run(mode, "cuda")
    assert can_run(choose.choose_mode(CONFIG, "mps"), "mps")


@pytest.mark.parametrize(
    ("cuda", "mps", "device"),
    [(True, False, "cuda"), (False, True, "mps"), (False, False, "cpu"), (True, True, "cuda")],
)
def test_the_device(monkeypatch: pytest.MonkeyPatch, cuda: bool, mps: bool, device: str) -> None:
    def is_there(answer: bool) -> Callable[[], bool]:
        return lambda: answer

    monkeypatch.setattr(torch.cuda, "is_available", is_there(cuda))
    monkeypatch.setattr(torch.backends.mps, "is_available", is_there(mps))
    assert choose.choose_device() == device
