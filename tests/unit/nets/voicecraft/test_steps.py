"""Steps in memory that never moves equal those that run one by one."""

from __future__ import annotations

import pytest
import torch

from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.nets.voicecraft.cache import CloseCache
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


@pytest.mark.parametrize("tries", [1, 3])
@pytest.mark.parametrize("has_products", [False, True])
def test_in_bfloat16_columns_attend_as_in_float32(
    monkeypatch: pytest.MonkeyPatch, has_products: bool, tries: int
) -> None:
    """Where the processor has no products of matrices a step attends by products of its own."""
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: has_products)
    checkpoint = make_checkpoint(seed=4)
    low, full = Network(checkpoint, Mode.BF16), Network(checkpoint)
    room, n_text = 150, 60
    caches = low.make_cache(tries, room), full.make_cache(tries, room)
    assert isinstance(caches[0], CloseCache) is not has_products
    text = full.embed_text([one % 7 for one in range(n_text)])
    columns = full.embed_columns(torch.arange(4 * (room - n_text)).view(4, -1) % 64)
    order = torch.arange(columns.shape[1])
    each = torch.stack([columns[0, order.roll(one)] for one in range(tries)])  # (B, n, D)
    for cache, network in zip(caches, (low, full), strict=True):
        first = cache.first()
        network.extend(text[:, :40], first)
        network.extend(text[:, 40:], first)  # several columns after others
        cache.share(n_text)
    for at in range(each.shape[1]):
        ours, exact = (
            network.extend(each[:, at : at + 1], cache)
            for cache, network in zip(caches, (low, full), strict=True)
        )
        torch.testing.assert_close(ours, exact, rtol=0, atol=0.1)
    for ours, exact in zip(*(low_or_full.filled() for low_or_full in caches), strict=True):
        n_same = room if tries == 1 else n_text
        for one, same in zip(ours, exact, strict=True):
            torch.testing.assert_close(
                one[:, :, :n_same].float(), same[:, :, :n_same], rtol=0.05, atol=0.05
            )
    ids = [3, 1]
    state, same = low.text_state(ids), full.text_state(ids)
    assert (state.keys.dtype, state.mode) == (torch.bfloat16, Mode.BF16)
    assert state.keys.shape == same.keys.shape
    torch.testing.assert_close(state.keys.float(), same.keys, rtol=0.05, atol=0.05)


def test_what_tries_share_is_kept_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    network = Network(make_checkpoint(seed=4), Mode.BF16)
    sizes = {}
    for tries in (1, 8):
        cache = network.make_cache(tries, 500)
        network.extend(network.embed_text([one % 7 for one in range(320)]), cache.first())
        cache.share(320)
        network.extend(network.embed_text([1]).expand(tries, -1, -1), cache)
        kept = [cache.keys, cache.values, *(cache._own or ())]
        sizes[tries] = sum(one.numel() for many in kept for one in many)
    a_position = sizes[1] / (320 + 64)
    assert sizes[8] == (320 + 8 * 64) * a_position


def test_several_tries_in_bfloat16_give_what_each_would_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    checkpoint = make_checkpoint(seed=4)
    checkpoint.tensors["predict_layer.0.2.bias"][checkpoint.config.end] = -1e4
    network = Network(checkpoint, Mode.BF16)
    drawn: list[torch.Tensor] = []

    def forced(logits: torch.Tensor) -> torch.Tensor:
        drawn.append(logits.clamp_min(-1e3))
        return (7 * len(drawn) + torch.arange(4)).remainder(60).expand(len(logits), -1)

    run = {}
    for tries in (1, 3):
        drawn.clear()
        options = Options(tries=tries)
        list(Utterance(network, TEXT, PROMPT, options, draw=forced, most_frames=100).run())
        run[tries] = drawn[:75]
    assert len(run[1]) == 75  # their memory has grown once
    for alone, together in zip(run[1], run[3], strict=True):
        both = alone.view(1, 4, -1).expand(3, -1, -1)
        torch.testing.assert_close(together.view(3, 4, -1), both, rtol=0, atol=0.05)
