"""Steps in memory that never moves equal those that run one by one."""

from __future__ import annotations

import pytest
import torch

from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.nets.voicecraft.generate import Options, Utterance
from imagecraft_desktop.nets.voicecraft.linear import Mode
from imagecraft_desktop.nets.voicecraft.model import Network
from tests.unit.nets.voicecraft.tiny import make_checkpoint

TEXT = [1, 2, 3, 4, 5, 6, 7, 8]
PROMPT = torch.randint(0, 64, (4, 9), generator=torch.Generator().manual_seed(3))


@pytest.fixture(scope="module")
def network() -> Network:
    return Network(make_checkpoint(seed=4))


def speak(network: Network, seed: int, **wish) -> torch.Tensor:
    made = Utterance(network, TEXT, PROMPT, Options(seed=seed), **wish)
    return torch.cat(list(made.run(block=4)), 1)


@pytest.mark.parametrize("seed", range(6))
def test_static_steps_give_the_same_frames(network: Network, seed: int) -> None:
    assert torch.equal(speak(network, seed, is_static=True), speak(network, seed, is_static=False))


def test_two_utterances_by_turns_do_not_disturb_each_other(network: Network) -> None:
    alone = [speak(network, seed, is_static=True) for seed in (1, 2)]
    turns = [
        Utterance(network, TEXT, PROMPT, Options(seed=seed), is_static=True).run(block=4)
        for seed in (1, 2)
    ]
    given: list[list[torch.Tensor]] = [[], []]
    for _ in range(200):
        for one, frames in zip(turns, given, strict=True):
            if (frame := next(one, None)) is not None:
                frames.append(frame)
    for frames, whole in zip(given, alone, strict=True):
        assert torch.equal(torch.cat(frames, 1), whole)


def test_one_that_was_cancelled_leaves_nothing_behind(network: Network) -> None:
    expected = speak(network, 5, is_static=True)
    ticks = []

    def tick() -> None:
        ticks.append(1)
        if len(ticks) == 20:
            raise Cancelled

    cut = Utterance(network, TEXT, PROMPT, Options(seed=9), is_static=True)
    with pytest.raises(Cancelled):
        list(cut.run(tick=tick))
    assert torch.equal(speak(network, 5, is_static=True), expected)


@pytest.mark.parametrize("is_static", [False, True])
@pytest.mark.parametrize("most", [1, 2, 3, 12, 30])
def test_it_ends_with_the_most_frames_that_were_asked_for(
    network: Network, most: int, is_static: bool
) -> None:
    checkpoint = make_checkpoint(seed=4)
    checkpoint.tensors["predict_layer.0.2.bias"][network.config.end] = -1e4  # never by itself
    endless = Network(checkpoint)
    made = speak(endless, 0, most_frames=most, is_static=is_static)
    assert made.shape == (4, most)
    # the other codebooks see the end of the first while their last frames are made
    assert torch.equal(made[0], speak(endless, 0, is_static=is_static)[0, :most])


def test_static_steps_in_low_precision_end(network: Network) -> None:
    low = Network(make_checkpoint(seed=4), Mode.BF16)
    made = speak(low, 0, is_static=True)
    assert made.min() >= 0
    assert made.max() < 64


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_captured_steps_give_the_same_frames_as_eager_ones() -> None:
    network = Network(make_checkpoint(seed=4), device="cuda")
    for seed in range(4):
        captured = speak(network, seed, is_static=True)
        assert torch.equal(captured, speak(network, seed, is_static=False))


@pytest.mark.parametrize("has_products", [False, True])
def test_in_bfloat16_columns_attend_as_in_float32(
    monkeypatch: pytest.MonkeyPatch, has_products: bool
) -> None:
    """Where the processor has no products of matrices a step attends by products of its own."""
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: has_products)
    checkpoint = make_checkpoint(seed=4)
    low, full = Network(checkpoint, Mode.BF16), Network(checkpoint)
    cache, exact_cache = low.make_cache(2, 6), full.make_cache(2, 6)
    assert {one.stride(2) == 1 for one in cache.keys} == {not has_products}
    assert {one.stride(3) == 1 for one in exact_cache.keys} == {True}
    x = full.embed_text([3, 1, 4, 1, 5])
    for n in (3, 1, 1):  # several columns at once, then one by one
        columns = x[:, cache.length : cache.length + n].expand(2, -1, -1)
        same = full.extend(columns, exact_cache)
        torch.testing.assert_close(low.extend(columns, cache), same, rtol=0, atol=0.1)
    for ours, exact in zip(
        cache.keys + cache.values, exact_cache.keys + exact_cache.values, strict=True
    ):
        torch.testing.assert_close(ours.float(), exact, rtol=0.05, atol=0.05)
    state = low.text_state([3, 1])
    assert (state.keys.dtype, state.mode) == (torch.bfloat16, Mode.BF16)
    torch.testing.assert_close(
        state.keys.float(), full.text_state([3, 1]).keys, rtol=0.05, atol=0.05
    )
