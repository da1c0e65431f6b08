"""Attention by products is that of PyTorch, for every shape that captioners have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from transformers.integrations.sdpa_attention import sdpa_attention_forward

from imagecraft_desktop.describe.chat import Chat
from imagecraft_desktop.describe.florence import Florence
from imagecraft_desktop.describe.paligemma import PaliGemma
from imagecraft_desktop.nets.captioners import attention
from imagecraft_desktop.nets.captioners.attention import NAME, attend, by_products
from imagecraft_desktop.nets.captioners.generate import Options, stream
from imagecraft_desktop.nets.captioners.load import load_network
from imagecraft_desktop.values import Wish
from tests.unit.describe.tiny_chat import (
    write_gemma3,
    write_internvl,
    write_qwen3_vl,
    write_smolvlm,
)
from tests.unit.describe.tiny_florence import write_florence
from tests.unit.describe.tiny_paligemma import write_paligemma

NO_END = 10_000_000


def shapes() -> st.SearchStrategy[tuple[int, int, int, int, int]]:
    """Groups, heads of each, rows, keys, width."""
    n = st.integers(1, 9)
    return st.tuples(st.integers(1, 3), st.integers(1, 3), n, n, st.sampled_from([4, 8]))


def mask_of(kind: str, heads: int, n: int, known: int) -> Tensor | None:
    chance = torch.Generator().manual_seed(n * known)
    if kind in ("none", "causal"):
        return None
    if kind == "float":
        return torch.randn(1, heads, n, known, generator=chance, dtype=torch.bfloat16)
    seen = torch.rand(1, 1, n, known, generator=chance) < 0.6
    seen[..., 0] = True  # a row that sees nothing has no answer
    return seen


@given(shapes(), st.sampled_from(["none", "causal", "bool", "float"]), st.sampled_from([None, 0.3]))
def test_it_is_the_attention_of_float32(
    shape: tuple[int, int, int, int, int], kind: str, scaling: float | None
) -> None:
    groups, each, n, known, wide = shape
    heads = groups * each
    if kind == "causal":
        known = n
    chance = torch.Generator().manual_seed(sum(shape))
    query = torch.randn(1, heads, n, wide, generator=chance).bfloat16()
    key, value = torch.randn(2, 1, groups, known, wide, generator=chance).bfloat16()
    layer = SimpleNamespace(is_causal=kind == "causal", num_key_value_groups=each)
    mask = mask_of(kind, heads, n, known)
    made, _ = attend(layer, query, key, value, mask, scaling=scaling)
    wide_mask = mask.float() if mask is not None and mask.is_floating_point() else mask
    exact, _ = sdpa_attention_forward(
        layer, query.float(), key.float(), value.float(), wide_mask, scaling=scaling
    )
    assert made.shape == exact.shape
    assert made.dtype == torch.bfloat16
    torch.testing.assert_close(made.float(), exact, rtol=0.02, atol=0.04)


def test_a_large_picture_is_attended_to_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    query, key, value = torch.randn(3, 1, 2, 50, 8).bfloat16()
    layer, seen = SimpleNamespace(is_causal=False), torch.rand(1, 1, 50, 50) < 0.8
    whole, _ = attend(layer, query, key, value, seen)
    monkeypatch.setattr(attention, "_MOST", 7 * 2 * 50)
    scores: list[int] = []
    mix = attention.mix
    monkeypatch.setattr(
        attention, "mix", lambda rows, *more: scores.append(rows.shape[2]) or mix(rows, *more)
    )
    parts, _ = attend(layer, query, key, value, seen)
    assert scores == [7] * 7 + [1]
    torch.testing.assert_close(parts, whole, rtol=0.02, atol=0.02)


def test_what_changes_the_scores_is_left_to_transformers() -> None:
    query = torch.randn(1, 2, 3, 8).bfloat16()
    layer = SimpleNamespace(is_causal=False)
    with pytest.raises(ValueError, match="softcap"):
        attend(layer, query, query, query, None, softcap=50.0)
    bias = torch.randn(1, 2, 3, 3).bfloat16()
    made, _ = attend(layer, query, query, query, None, position_bias=bias)
    same, _ = sdpa_attention_forward(layer, query, query, query, None, position_bias=bias)
    assert torch.equal(made, same)


KINDS: list[tuple[Callable[[Path], Path], type[Any]]] = [
    (write_florence, Florence),
    (write_paligemma, PaliGemma),
    (lambda folder: write_paligemma(folder, is_second=True), PaliGemma),
    (write_smolvlm, Chat),
    (write_qwen3_vl, Chat),
    (write_gemma3, Chat),
    (write_internvl, Chat),
]


@pytest.mark.parametrize(("write", "kind"), KINDS)
def test_captioners_write_with_it_as_without(
    write: Callable[[Path], Path],
    kind: type[Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    captioner = kind(
        write(tmp_path / "model"), dtype="float32"
    )  # else they differ by what is rounded
    captioner.load("cpu")
    loaded = captioner.ready()
    pixels = np.random.default_rng(3).integers(0, 255, (40, 60, 3), np.uint8)
    inputs = captioner.inputs(loaded, loaded.preprocess(pixels), Wish())
    calls: list[int] = []
    monkeypatch.setattr(
        attention, "attend", lambda *given, **more: calls.append(1) or attend(*given, **more)
    )

    def written(by_us: bool) -> list[tuple[int, float]]:
        monkeypatch.setattr(attention, "_is_quicker", lambda _: by_us)
        tokens = stream(loaded.network, inputs, Options(NO_END, 5), lambda: None)
        return [(token.id, token.probability) for token in tokens]

    usual = written(by_us=False)
    assert not calls
    ours = written(by_us=True)
    assert calls
    assert [number for number, _ in ours] == [number for number, _ in usual]
    np.testing.assert_allclose([p for _, p in ours], [p for _, p in usual], rtol=1e-3)
    names = {one._attn_implementation for one in configs(loaded.network)}
    assert NAME not in names


def configs(network: Any) -> list[Any]:
    found = (getattr(part, "config", None) for part in network.modules())
    return [one for one in found if hasattr(one, "_attn_implementation")]


@pytest.mark.parametrize("has_products", [True, False])
def test_other_types_and_processors_keep_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_products: bool
) -> None:
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: has_products)
    folder = write_florence(tmp_path / "florence")
    for dtype in (torch.float32, torch.bfloat16):
        network = load_network(Florence.network, folder, "cpu", dtype)
        before = [one._attn_implementation for one in configs(network)]
        assert "sdpa" in before
        is_other = dtype == torch.bfloat16 and not has_products
        with by_products(network), by_products(network):
            within = {one._attn_implementation for one in configs(network)}
            assert (NAME in within, "sdpa" in within) == (is_other, not is_other)
        assert [one._attn_implementation for one in configs(network)] == before
