"""Narrow weights stay near the real ones, for few rows and for many."""

from __future__ import annotations

import pytest
import torch

from imagecraft_desktop.nets.packed import can_pack
from imagecraft_desktop.nets.voicecraft import linear
from imagecraft_desktop.nets.voicecraft.linear import Mode, can_run, make_linear
from tests.cancelling import Ticks

CPU = torch.device("cpu")
# of the result's spread: half a level of rounding, added up over the inputs
FARTHEST = {Mode.FP32: 1e-6, Mode.BF16: 0.02, Mode.INT8: 0.03, Mode.INT4: 0.2}


@pytest.mark.parametrize("mode", FARTHEST)
@pytest.mark.parametrize("rows", [1, 3, 8, 9, 70])
@pytest.mark.parametrize("n_outputs", [128, 68])  # 68: the int4 product has no form for it
@pytest.mark.parametrize("is_arranged", [True, False])
def test_product_is_near_the_exact_one(
    monkeypatch: pytest.MonkeyPatch, mode: Mode, rows: int, n_outputs: int, is_arranged: bool
) -> None:
    if not can_run(mode, "cpu"):
        pytest.skip(f"this PyTorch has no product for {mode}")
    if is_arranged and not can_pack():
        pytest.skip("this processor or PyTorch has no weights that are arranged")
    if not is_arranged:
        monkeypatch.setattr(linear, "packed", lambda _: None)
    chance = torch.Generator().manual_seed(7)
    weight = torch.randn(n_outputs, 256, generator=chance) * 0.03
    bias = torch.randn(n_outputs, generator=chance) * 0.1
    x = torch.randn(rows, 256, generator=chance)
    made = make_linear(weight, bias, mode, CPU)(x.to(mode.dtype))
    assert made.dtype == mode.dtype
    exact = x @ weight.T + bias
    error = (made.float() - exact).std() / exact.std()
    assert error < FARTHEST[mode]


@pytest.mark.parametrize("mode", [Mode.BF16, Mode.INT8, Mode.INT4])
@pytest.mark.parametrize("has_it", [True, False])
def test_many_rows_are_multiplied_in_what_the_processor_multiplies(
    monkeypatch: pytest.MonkeyPatch, mode: Mode, has_it: bool
) -> None:
    """Without products for bfloat16 a prefill takes six times as long in it as in float32."""
    if not can_run(mode, "cpu"):
        pytest.skip(f"this PyTorch has no product for {mode}")
    seen: list[set[torch.dtype]] = []
    multiply = linear.F.linear

    def noted(*given: torch.Tensor) -> torch.Tensor:
        seen.append({one.dtype for one in given})
        return multiply(*given)

    monkeypatch.setattr(linear.F, "linear", noted)
    monkeypatch.setattr(linear, "_multiplies_bfloat16", lambda: has_it)
    monkeypatch.setattr(linear, "packed", lambda _: None)
    chance = torch.Generator().manual_seed(7)
    made = make_linear(torch.randn(128, 256, generator=chance), torch.ones(128), mode, CPU)
    assert made(torch.ones(70, 256).bfloat16()).dtype == torch.bfloat16
    assert seen == [{torch.bfloat16 if has_it else torch.float32}]


@pytest.mark.parametrize("mode", [Mode.INT8, Mode.INT4])
def test_equal_weights_are_kept_exactly(mode: Mode) -> None:
    """A row or a group without spread must not be divided by nothing."""
    weight = torch.zeros(32, 128)
    weight[1] = 0.5
    x = torch.ones(1, 128).bfloat16()
    made = make_linear(weight, torch.zeros(32), mode, CPU)(x)
    assert made[0, 0] == 0
    torch.testing.assert_close(made[0, 1].float(), torch.tensor(64.0), rtol=0.01, atol=0)


@pytest.mark.parametrize("mode", [Mode.BF16, Mode.INT8, Mode.INT4])
@pytest.mark.parametrize("n_outputs", [448, 68])
def test_pieces_that_a_cancel_is_heard_between_are_the_whole(
    monkeypatch: pytest.MonkeyPatch, mode: Mode, n_outputs: int
) -> None:
    """A whole matrix of the 830 M network takes a third of a second on a slow core."""
    if not can_run(mode, "cpu"):
        pytest.skip(f"this PyTorch has no product for {mode}")
    chance = torch.Generator().manual_seed(7)
    weight = torch.randn(n_outputs, 256, generator=chance) * 0.03
    bias = torch.zeros(n_outputs)
    x = torch.randn(3, 256, generator=chance).bfloat16()
    whole = make_linear(weight, bias, mode, CPU)(x)
    monkeypatch.setattr(linear, "_PIECE", 1 << 14)  # 64 outputs
    ticks = Ticks()
    assert torch.equal(make_linear(weight, bias, mode, CPU, ticks)(x), whole)
    assert ticks.count >= n_outputs / 64


def test_half_precision_is_for_graphics_cards_only() -> None:
    assert not can_run(Mode.FP16, "cpu")
    assert can_run(Mode.FP16, "cuda")
    assert not can_run(Mode.INT4, "cuda")


@pytest.mark.parametrize("mode", FARTHEST)
@pytest.mark.parametrize("rows", [1, 3, 70])
def test_what_comes_out_may_go_into_any_other(mode: Mode, rows: int) -> None:
    """A layer that has no narrow form stays in bfloat16 between narrow ones."""
    first = make_linear(torch.ones(64, 40), torch.zeros(64), Mode.BF16, CPU)
    second = make_linear(torch.ones(32, 64), torch.zeros(32), mode, CPU)
    made = second(first(torch.ones(rows, 40).bfloat16()).to(mode.dtype))
    torch.testing.assert_close(made.float(), torch.full((rows, 32), 2560.0), rtol=0.02, atol=0)
