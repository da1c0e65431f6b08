"""Weights that are arranged once give the products of those that are not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch.nn import functional as F

from imagecraft_desktop.nets import packed
from imagecraft_desktop.nets.packed import Packed, can_pack

needs_it = pytest.mark.skipif(not can_pack(), reason="this processor or PyTorch has none")


@pytest.fixture
def tried_anew() -> Any:
    can_pack.cache_clear()
    yield
    can_pack.cache_clear()


@needs_it
@pytest.mark.parametrize("shape", [(48,), (1, 48), (3, 48), (577, 48), (2, 3, 48), (0, 48)])
@pytest.mark.parametrize("has_bias", [True, False])
@pytest.mark.parametrize("is_turned", [True, False])
def test_a_product_is_that_of_the_weights_as_they_are(
    shape: tuple[int, ...], has_bias: bool, is_turned: bool
) -> None:
    chance = torch.Generator().manual_seed(3)
    weight = torch.randn(80, 48, generator=chance).bfloat16()
    if is_turned:
        weight = weight.T.contiguous().T
    bias = torch.randn(80, generator=chance).bfloat16() if has_bias else None
    x = torch.randn(shape, generator=chance).bfloat16()
    with torch.inference_mode():
        made = Packed(weight)(x, bias)
    exact = F.linear(x.float(), weight.float(), None if bias is None else bias.float())
    assert (made.shape, made.dtype) == (exact.shape, torch.bfloat16)
    torch.testing.assert_close(made.float(), exact, rtol=0.01, atol=0.01)


@needs_it
def test_rows_may_lie_in_any_order_and_the_weights_may_go() -> None:
    weight = torch.randn(80, 48).bfloat16()
    x = torch.randn(48, 7).bfloat16().T
    exact = F.linear(x.float(), weight.float())
    made = Packed(weight)
    weight.zero_()
    torch.testing.assert_close(made(x, None).float(), exact, rtol=0.01, atol=0.02)
    assert made.n_bytes == 80 * 48 * 2


@needs_it
def test_a_network_may_be_made_within_inference_and_run_without_and_back() -> None:
    weight, x = torch.randn(16, 8).bfloat16(), torch.ones(1, 8).bfloat16()
    with torch.inference_mode():
        within = Packed(weight)
    with torch.no_grad():
        outside = Packed(weight)
        made = within(x, None)
    with torch.inference_mode():
        assert torch.equal(outside(x, None), made)


def fails(*_: object) -> Any:
    raise RuntimeError("could not create a primitive descriptor")


@pytest.mark.parametrize(
    "operators",
    [
        SimpleNamespace(),
        SimpleNamespace(_is_mkldnn_bf16_supported=lambda: False),
        SimpleNamespace(_is_mkldnn_bf16_supported=lambda: True),
        SimpleNamespace(
            _is_mkldnn_bf16_supported=lambda: True,
            _reorder_linear_weight=lambda weight: weight,
            _linear_pointwise=fails,
        ),
        SimpleNamespace(
            _is_mkldnn_bf16_supported=lambda: True,
            _reorder_linear_weight=lambda weight: weight,
            _linear_pointwise=lambda x, weight, bias, *_: x @ weight.T,  # without the bias
        ),
    ],
    ids=["absent", "no bfloat16", "partly there", "fails", "another meaning"],
)
def test_where_the_operators_are_not_what_they_are_here_there_is_none(
    monkeypatch: pytest.MonkeyPatch, tried_anew: None, operators: Any
) -> None:
    """They are PyTorch's own affair and may change."""
    monkeypatch.setattr(packed, "_operators", lambda: operators)
    assert not can_pack()


@needs_it
def test_where_no_memory_is_left_the_weights_stay_as_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weight = torch.randn(80, 48).bfloat16()
    assert packed.packed(weight) is not None
    assert packed.packed(weight.float()) is None
    failing = SimpleNamespace(_reorder_linear_weight=fails)
    monkeypatch.setattr(packed, "_operators", lambda: failing)
    assert packed.packed(weight) is None
