"""Generation ends when it must, gives only what the codec has, and can be stopped anywhere."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import Tensor

from imagecraft_desktop.errors import Cancelled, VoiceDamaged
from imagecraft_desktop.nets.voicecraft.edit import Span, edit
from imagecraft_desktop.nets.voicecraft.generate import Options, Utterance, generate
from imagecraft_desktop.nets.voicecraft.linear import Mode, can_run
from imagecraft_desktop.nets.voicecraft.load import Checkpoint, load_checkpoint
from imagecraft_desktop.nets.voicecraft.model import Network
from imagecraft_desktop.values import Tick
from tests.cancelling import Ticks
from tests.unit.nets.voicecraft.tiny import PHN2NUM, make_checkpoint, write_checkpoint, write_pth

N_CODES = 12
SIZES: dict[str, Any] = {"d_model": 16, "n_codes": N_CODES, "seed": 1}
EMPTY, EOG, PAD, EOS = range(N_CODES, N_CODES + 4)
TEXT = [3, 1, 4, 1, 5]
PROMPT = torch.randint(0, N_CODES, (4, 9), generator=torch.Generator().manual_seed(2))


def likely(more: Mapping[int, float], books: range = range(4), **sizes: Any) -> Checkpoint:
    """A checkpoint whose heads prefer some ids by so much."""
    made = make_checkpoint(**SIZES | sizes)
    tensors = dict(made.tensors)
    for k in books:
        bias = tensors[f"predict_layer.{k}.2.bias"].clone()
        for one, add in more.items():
            bias[one] += add
        tensors[f"predict_layer.{k}.2.bias"] = bias
    return replace(made, tensors=tensors)


NETWORK = Network(make_checkpoint(**SIZES))
ENDLESS = Network(likely({EOG: -1e4, EOS: -1e4}))
"""Only the length rule ends what it says."""
EAGER = Network(likely({EOG: 1e4, EOS: 1e4}))
"""It ends as soon as it may."""


def say(network: Network = NETWORK, n_text: int = 5, n_prompt: int = 9, **options: Any) -> Tensor:
    prompt = torch.zeros(4, n_prompt, dtype=torch.long)
    return generate(network, list(range(n_text)), prompt, Options(**options))


def is_in_codec(codes: Tensor, n_codes: int = N_CODES) -> bool:
    return not codes.numel() or (int(codes.min()) >= 0 and int(codes.max()) < n_codes)


# --- the end ---


@pytest.mark.parametrize("tries", [1, 3])
@pytest.mark.parametrize("has_eos", [True, False])
@pytest.mark.parametrize(("frames_hz", "fewest"), [(50, 11), (75, 16), (10, 3), (5, 2)])
def test_the_end_comes_with_the_first_step_that_may_have_it(
    tries: int, has_eos: bool, frames_hz: int, fewest: int
) -> None:
    end = EOS if has_eos else EOG
    network = Network(likely({end: 1e4}, has_eos=has_eos, frames_hz=frames_hz))
    made = Utterance(network, list(range(30)), PROMPT, Options(tries=tries))
    codes = torch.cat(list(made.run()), 1)
    assert codes.shape == (4, fewest)
    assert made.n_steps == fewest + 4
    assert is_in_codec(codes)
    # the staggered end, and what the pattern fills up with
    tokens = made.tokens
    assert [int(tokens[k, fewest + k]) for k in range(4)] == [end] * 4
    assert all((tokens[k, fewest + k + 1 :] == EMPTY).all() for k in range(4))
    assert all((tokens[k, : min(k, fewest)] == EMPTY).all() for k in range(4))


@pytest.mark.parametrize("tries", [1, 4])
@pytest.mark.parametrize("block", [1, 10])
@pytest.mark.parametrize(
    ("n_text", "n_prompt"),
    # far beyond the length rule, at it, and just before it
    [(1, 100), (1, 11), (1, 10), (1, 9), (1, 8), (1, 7), (1, 6), (2, 15), (3, 19), (4, 1)],
)
def test_the_length_rule_ends_what_has_no_end(
    n_text: int, n_prompt: int, block: int, tries: int
) -> None:
    """Prompt and speech together have at most a fifth of a second for each text id."""
    for network in (ENDLESS, EAGER):
        prompt = torch.zeros(4, n_prompt, dtype=torch.long)
        made = Utterance(network, list(range(n_text)), prompt, Options(tries=tries))
        blocks = list(made.run(block=block))
        by_length = max(0, 10 * n_text - n_prompt)
        n_frames = by_length if network is ENDLESS else min(by_length, 11)
        assert sum(one.shape[1] for one in blocks) == made.n_frames == n_frames
        assert made.n_steps == n_frames + 4
        assert all(one.shape[1] for one in blocks)
        assert is_in_codec(made.tokens[0, :n_frames])
        assert made.kept == tries - 1  # all of them end at once


def test_what_ends_at_once_has_no_frames() -> None:
    codes = say(ENDLESS, n_text=1, n_prompt=30)
    assert codes.shape == (4, 0)
    assert codes.dtype == torch.long


def test_less_than_a_fifth_of_a_frame_each_second_ends_at_once() -> None:
    assert say(Network(make_checkpoint(**SIZES, frames_hz=4)), n_text=90).shape == (4, 0)


# --- blocks ---


@settings(max_examples=25, deadline=None)
@given(
    block=st.integers(-3, 60),
    seed=st.integers(0, 99),
    tries=st.sampled_from([1, 1, 3]),
    n_prompt=st.integers(1, 50),
    is_endless=st.booleans(),
)
@example(block=0, seed=0, tries=1, n_prompt=3, is_endless=False)
def test_blocks_of_any_size_are_the_whole(
    block: int, seed: int, tries: int, n_prompt: int, is_endless: bool
) -> None:
    network = ENDLESS if is_endless else NETWORK
    prompt = PROMPT.repeat(1, 6)[:, :n_prompt]
    options = Options(seed=seed, tries=tries, top_k=0)
    whole = generate(network, TEXT, prompt, options)
    made = Utterance(network, TEXT, prompt, options)
    blocks: list[Tensor] = []
    n_given = 0
    for one in made.run(block=block):
        n_given += one.shape[1]
        assert made.n_frames == n_given
        # a frame is complete when the last codebook has it: three steps after the first
        assert n_given <= made.n_steps - 3
        blocks.append(one)
    assert torch.equal(torch.cat([whole[:, :0], *blocks], 1), whole)
    assert all(one.shape[1] >= max(block, 1) for one in blocks[:-1])
    assert all(one.shape[1] for one in blocks)
    if tries > 1:
        assert len(blocks) <= 1


def test_a_block_comes_as_soon_as_its_frames_are_complete() -> None:
    made = Utterance(ENDLESS, TEXT, PROMPT, Options())
    steps = []
    for _ in made.run(block=5):
        steps.append(made.n_steps)
    assert steps[:3] == [8, 13, 18]


def test_several_tries_give_nothing_before_the_end() -> None:
    made = Utterance(ENDLESS, TEXT, PROMPT, Options(tries=2))
    (whole,) = made.run(block=1)
    assert whole.shape[1] == made.n_steps - 4 == 41


def test_an_utterance_is_run_once() -> None:
    made = Utterance(NETWORK, TEXT, PROMPT, Options())
    list(made.run())
    with pytest.raises(RuntimeError, match="once"):
        next(made.run())


# --- ids ---


@pytest.mark.parametrize(
    "more",
    [
        {EMPTY: 1e4, PAD: 1e4},
        {EMPTY: 1e30, EOG: 1e30, PAD: 1e30},
        {
            one: -1e5 for one in range(N_CODES)
        },  # the real ones are beyond what the original masks with
        {one: -1e30 for one in range(N_CODES)} | {EOG: 1e30},
        {PAD: 3e38},
    ],
    ids=range(5),
)
@pytest.mark.parametrize(
    "how",
    [
        {"top_k": 1},
        {"top_k": 0},
        {"top_k": 10**6, "tries": 3},
        {"top_k": 0, "top_p": 0.0},
        {"top_k": 0, "top_p": 0.999, "temperature": 1e30},
        {"temperature": 0.01},
        {"stop_repetition": 1, "silence_tokens": tuple(range(-3, 300))},
    ],
    ids=range(7),
)
def test_no_id_that_the_codec_lacks_ever_comes(
    more: Mapping[int, float], how: dict[str, Any]
) -> None:
    network = Network(likely(more, n_layers=1))
    codes = say(network, **how)
    assert codes.shape[1] >= 11
    assert is_in_codec(codes)
    if how.get("tries", 1) == 1:
        made = edit(network, TEXT, PROMPT, [(2, 4)], Options(**how))
        assert is_in_codec(made)


# --- draws ---


@pytest.mark.parametrize("tries", [1, 3])
def test_the_same_seed_says_the_same(tries: int) -> None:
    found = [say(ENDLESS, seed=seed, tries=tries) for seed in (5, 5, 6)]
    assert torch.equal(found[0], found[1])
    assert not torch.equal(found[0], found[2])
    again = say(Network(likely({EOG: -1e4, EOS: -1e4})), seed=5, tries=tries)
    assert torch.equal(again, found[0])


def test_nobody_elses_random_numbers_are_drawn() -> None:
    torch.manual_seed(11)
    before = torch.random.get_rng_state()
    first = say(seed=5)
    edit(NETWORK, TEXT, PROMPT, [(2, 4)], Options())
    assert torch.equal(torch.random.get_rng_state(), before)
    torch.rand(7)
    assert torch.equal(say(seed=5), first)


def test_silence_is_not_repeated_without_end() -> None:
    """Left alone, this network is silent to the end; made unlikely, silence gives way."""
    network = Network(likely({4: 3.0, EOS: -1e4}, range(1)))
    alone = say(network, top_k=1, stop_repetition=-1, silence_tokens=(4,))
    assert (alone[0] == 4).all()
    broken = say(network, top_k=1, stop_repetition=2, silence_tokens=(4,))[0]
    runs, length = [], 0
    for now, after in pairwise([*broken.tolist(), -1]):
        length += 1
        if after != now:
            runs.append((now, length))
            length = 0
    assert len(runs) > 1
    assert max(length for _, length in runs) < 12


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    "sizes",
    [
        {"d_model": 64, "n_codes": 64},
        {"d_model": 128, "n_codes": 128, "d_inner": 192},
        # sizes that the narrow products have no form for
        {"d_model": 8, "n_codes": 6, "n_heads": 2},
        {"d_model": 36, "n_codes": 33, "d_inner": 50},
        {"d_model": 2, "n_codes": 2, "n_heads": 1, "d_inner": 1},
    ],
    ids=lambda sizes: str(sizes["d_model"]),
)
def test_every_mode_ends_with_codes(mode: Mode, sizes: dict[str, Any]) -> None:
    if not can_run(mode, "cpu"):
        pytest.skip(f"this PyTorch has no product for {mode}")
    made = make_checkpoint(**sizes)
    # few rows and many go different ways
    for n_prompt, tries in ((1, 1), (30, 9)):
        one, other = (
            say(Network(made, mode), n_prompt=n_prompt, tries=tries, seed=3) for _ in range(2)
        )
        assert torch.equal(one, other)
        assert one.dtype == torch.long
        assert one.shape[0] == 4
        assert 11 <= one.shape[1] <= 50 - n_prompt
        assert is_in_codec(one, sizes["n_codes"])
        edited = edit(Network(made, mode), TEXT, one, [(1, 3)], Options())
        assert is_in_codec(edited, sizes["n_codes"])


def test_the_files_of_one_voice_say_the_same(tmp_path: Path) -> None:
    """As the program has it: a folder or a file, and the ids of what espeak prints."""
    text = [PHN2NUM[one] for one in "hɛloʊwɜːldðɪsɪzɐtɛst" if one in PHN2NUM]
    found = []
    for path in (write_checkpoint(tmp_path / "voice"), write_pth(tmp_path / "voice.pth")):
        network = Network(load_checkpoint(path))
        found.append(generate(network, text, torch.zeros(4, 20, dtype=torch.long), Options()))
    assert torch.equal(found[0], found[1])
    assert found[0].shape[1] > 10


# --- stopping ---


SHORT = Network(make_checkpoint(**SIZES, n_layers=1))


def speak(tick: Tick) -> Tensor:
    return generate(SHORT, TEXT[:2], PROMPT, Options(seed=4), tick=tick)


def speak_several(tick: Tick) -> Tensor:
    state = SHORT.text_state(TEXT[:1], tick)
    return generate(SHORT, TEXT[:2], PROMPT, Options(seed=4, tries=3), tick=tick, state=state)


def change(tick: Tick) -> Tensor:
    return edit(SHORT, TEXT[:2], PROMPT, [(1, 2), (5, 7)], Options(seed=4), tick=tick)


def begin(tick: Tick) -> Tensor:
    return say(Network(make_checkpoint(**SIZES), tick=tick))  # before it, the weights are taken


@pytest.mark.parametrize("work", [speak, speak_several, change, begin])
def test_it_can_be_cancelled_at_every_tick(work: Callable[[Tick], Tensor]) -> None:
    threads = set(threading.enumerate())
    watched = Ticks()
    whole = work(watched)
    assert watched.count > 10
    for at in range(1, watched.count + 1):
        ticks = Ticks(at)
        with pytest.raises(Cancelled):
            work(ticks)
        assert ticks.count == at
    assert torch.equal(work(Ticks()), whole)
    assert not torch.is_inference_mode_enabled()
    assert set(threading.enumerate()) == threads


def test_each_step_and_each_layer_of_a_prefill_asks_whether_to_stop() -> None:
    made = Utterance(ENDLESS, TEXT, PROMPT, Options())
    ticks = Ticks()
    list(made.run(tick=ticks))
    assert ticks.count >= made.n_steps + ENDLESS.config.n_layers


def test_a_run_that_is_left_half_way_changes_nothing() -> None:
    whole = speak(lambda: None)
    made = Utterance(SHORT, TEXT[:2], PROMPT, Options(seed=4))
    going = made.run(block=1)
    first = next(going)
    assert not torch.is_inference_mode_enabled()  # also not while it waits
    going.close()  # type: ignore[attr-defined]
    assert torch.equal(first, whole[:, :1])
    assert torch.equal(speak(lambda: None), whole)


def test_utterances_in_turn_do_not_disturb_each_other() -> None:
    texts = [TEXT, [9, 8, 7, 6], TEXT[:3]]
    wanted = [generate(NETWORK, text, PROMPT, Options(seed=1)) for text in texts]
    runs = [Utterance(NETWORK, text, PROMPT, Options(seed=1)).run(block=2) for text in texts]
    given_in_turn: list[list[Tensor]] = [[], [], []]
    for blocks in zip_longest(*runs):
        for kept, one in zip(given_in_turn, blocks, strict=True):
            if one is not None:
                kept.append(one)
    for kept, whole in zip(given_in_turn, wanted, strict=True):
        assert torch.equal(torch.cat(kept, 1), whole)


# --- what it cannot be given ---


@pytest.mark.parametrize(
    ("text", "codes", "named"),
    [
        ([], PROMPT, "no text"),
        ([1, 101], PROMPT, "text id"),
        ([-1], PROMPT, "text id"),
        (TEXT, PROMPT[:3], "codebooks, frames"),
        (TEXT, PROMPT[0], "codebooks, frames"),
        (TEXT, PROMPT[None], "codebooks, frames"),
        (TEXT, PROMPT[:, :0], "at least one frame"),
        (TEXT, PROMPT.float(), "whole numbers"),
        (TEXT, PROMPT + N_CODES, "does not have"),
        (TEXT, PROMPT - N_CODES, "does not have"),
    ],
    ids=range(10),
)
def test_input_that_does_not_fit_the_network_is_refused(
    text: list[int], codes: Tensor, named: str
) -> None:
    with pytest.raises(ValueError, match=named):
        Utterance(NETWORK, text, codes, Options())
    with pytest.raises(ValueError, match=named):
        edit(NETWORK, text, codes, [(1, 2)], Options())


@pytest.mark.parametrize(
    "wrong",
    [
        {"tries": 0},
        {"tries": -1},
        {"temperature": 0.0},
        {"temperature": -1.0},
        {"temperature": float("nan")},
    ],
)
def test_options_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong)).removesuffix("ies")):
        Options(**wrong)


@pytest.mark.parametrize(
    "name",
    [
        "audio_embedding.0.word_embeddings.weight",
        "decoder.layers.0.linear1.weight",
        "predict_layer.0.2.weight",
    ],
)
@pytest.mark.parametrize("tries", [1, 2])
def test_weights_too_large_to_compute_with_are_an_error(name: str, tries: int) -> None:
    """Each is a number, so loading took them; what comes of them is none."""
    made = make_checkpoint(**SIZES)
    huge = {name: torch.full_like(made.tensors[name], 3e38)}
    network = Network(replace(made, tensors=made.tensors | huge))
    with pytest.raises(VoiceDamaged, match="no number"):
        say(network, tries=tries)
    if tries == 1:
        with pytest.raises(VoiceDamaged, match="no number"):
            edit(network, TEXT, PROMPT, [(1, 2)], Options())


# --- editing ---


@settings(max_examples=50, deadline=None)
@given(
    spans=st.lists(st.tuples(st.integers(-1, 14), st.integers(-1, 14)), max_size=4),
    is_sorted=st.booleans(),
    n_text=st.integers(1, 4),
    n_frames=st.integers(1, 40),
    has_eos=st.booleans(),
    reduced_eog=st.integers(0, 1),
    eog=st.sampled_from([-1e4, 0.0, 1e4]),
)
@example([(0, 3)], True, 2, 9, True, 1, 0.0)
@example([(0, 0), (0, 0), (0, 0)], True, 1, 1, False, 0, -1e4)
@example([(2, 4), (4, 6), (6, 8)], True, 4, 9, False, 1, -1e4)
@example([(3, 9)], True, 2, 9, True, 1, 0.0)
@example([(1, 2), (3, 4), (5, 6), (7, 8)], True, 2, 9, True, 1, 0.0)
@example([(1, 2), (3, 4), (5, 6)], True, 1, 40, True, 1, -1e4)
@example([(5, 6), (1, 2)], False, 2, 9, True, 1, 0.0)
def test_spans_are_made_anew_or_refused(
    spans: list[Span],
    is_sorted: bool,
    n_text: int,
    n_frames: int,
    has_eos: bool,
    reduced_eog: int,
    eog: float,
) -> None:
    if is_sorted:
        edges = sorted(edge for span in spans for edge in span)
        spans = list(zip(edges[::2], edges[1::2], strict=True))
    network = Network(
        likely({EOG: eog}, n_layers=1, has_eos=has_eos, reduced_eog=reduced_eog, frames_hz=10)
    )
    codes = PROMPT.repeat(1, 5)[:, :n_frames]
    edges = [0, *(edge for span in spans for edge in span), n_frames]
    is_good = edges == sorted(edges) and 1 <= len(spans) <= 3 and spans[-1][1] < n_frames
    if not is_good:
        with pytest.raises(ValueError, match="span"):
            edit(network, list(range(n_text)), codes, spans, Options())
        return
    made = edit(network, list(range(n_text)), codes, spans, Options(seed=n_frames))
    assert is_in_codec(made)
    kept = [codes[:, a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    assert torch.equal(made[:, : kept[0].shape[1]], kept[0])
    assert torch.equal(made[:, made.shape[1] - kept[-1].shape[1] :], kept[-1])
    n_new = made.shape[1] - sum(part.shape[1] for part in kept)
    # a span ends by itself, or one step after all columns are more than the text allows
    assert 0 <= n_new <= max(0, 2 * n_text + 1)
    if eog > 0:  # a span may have no frames at all
        assert n_new == 0


def test_editing_has_one_try() -> None:
    with pytest.raises(ValueError, match="one try"):
        edit(NETWORK, TEXT, PROMPT, [(1, 2)], Options(tries=2))
