"""The fast form of the network equals the plain one on random networks of random sizes: the same
logits, the same rules, the same tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from torch import Tensor

from imagecraft_desktop.nets.voicecraft import model
from imagecraft_desktop.nets.voicecraft.edit import edit
from imagecraft_desktop.nets.voicecraft.generate import Options, Utterance
from imagecraft_desktop.nets.voicecraft.load import Checkpoint
from imagecraft_desktop.nets.voicecraft.model import Network, TextState
from tests.reference.voicecraft import (
    PlainVoiceCraft,
    Trace,
    plain_draw,
    plain_edit,
    plain_speech,
    spoken,
)
from tests.unit.nets.voicecraft.tiny import make_checkpoint

CLOSE: dict[str, float] = {"atol": 1e-4, "rtol": 0}
SAME: dict[str, float] = {"atol": 1e-5, "rtol": 0}
CLEAR = 1e-3
"""Two logits that differ by more are ordered alike in both forms."""


@dataclass(frozen=True)
class Case:
    """One run."""

    sizes: dict[str, Any]
    text: list[int]
    n_prompt: int
    options: Options
    is_greedy: bool
    n_known: int | None
    """How much of the text a state holds; None: there is no state."""

    @property
    def checkpoint(self) -> Checkpoint:
        return make_checkpoint(**self.sizes)

    @property
    def prompt(self) -> Tensor:
        chance = torch.Generator().manual_seed(self.options.seed)
        size = (self.sizes.get("n_codebooks", 4), self.n_prompt)
        return torch.randint(0, self.sizes["n_codes"], size, generator=chance)

    def state(self, network: Network) -> TextState | None:
        """Another text that begins like this one, if only with nothing."""
        if self.n_known is None:
            return None
        others = [(self.text[min(self.n_known, len(self.text) - 1)] + 1) % 100, 7]
        return network.text_state([*self.text[: self.n_known], *others])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    # norms of fewer than 8 numbers enlarge the last digits too much to compare anything
    heads, d_head = draw(
        st.sampled_from([(1, 8), (1, 16), (2, 4), (3, 6), (4, 2), (4, 16), (8, 1)])
    )
    n_codes = draw(st.integers(2, 40))
    sizes = {
        "seed": draw(st.integers(0, 10**6)),
        "n_heads": heads,
        "d_model": heads * d_head,
        "n_layers": draw(st.integers(1, 3)),
        "d_inner": draw(st.sampled_from([1, 24, 64])),
        "n_codes": n_codes,
        "n_codebooks": draw(st.sampled_from([4, 4, 4, 1, 2, 5])),
        "frames_hz": draw(st.sampled_from([50, 10, 5, 4])),
        "has_eos": draw(st.booleans()),
    }
    text = draw(st.lists(st.integers(0, 100), min_size=1, max_size=40))
    silent = st.integers(-2, n_codes - 1) | st.sampled_from([131, 1388])
    options = Options(
        stop_repetition=draw(st.integers(-1, 3)),
        silence_tokens=tuple(draw(st.lists(silent, max_size=8))),
        tries=draw(st.integers(1, 4)),
        seed=draw(st.integers(0, 10**6)),
    )
    return Case(
        sizes,
        text,
        draw(st.sampled_from([1, 2, 3, 4]) | st.integers(1, 30)),
        options,
        draw(st.booleans()),
        draw(st.none() | st.integers(0, len(text))),
    )


class Watched(Network):
    """Notes what the heads say."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        super().__init__(checkpoint)
        self.raw: list[Tensor] = []

    def logits(self, hidden: Tensor) -> Tensor:
        self.raw.append(super().logits(hidden))
        return self.raw[-1]


def plain(case: Case) -> Trace:
    chance = torch.Generator().manual_seed(case.options.seed)

    def draw(_: int, logits: Tensor) -> Tensor:
        if case.is_greedy:
            return logits.argmax(-1)
        rows = logits.flatten(0, 1).softmax(-1)
        return torch.multinomial(rows, 1, generator=chance).view(logits.shape[:2])

    return plain_speech(
        PlainVoiceCraft(case.checkpoint),
        case.text,
        case.prompt,
        batch=case.options.tries,
        stop_repetition=case.options.stop_repetition,
        silence=list(case.options.silence_tokens),
        draw=draw,
    )


def fast(case: Case, trace: Trace, state: bool) -> tuple[Utterance, Tensor, list[Tensor]]:
    """Run the fast form with the draws of the plain one: the utterance, all it gave, its logits."""
    network = Watched(case.checkpoint)
    n_steps = 0

    def draw(logits: Tensor) -> Tensor:
        nonlocal n_steps
        theirs, drawn = trace.adjusted[n_steps], trace.drawn[n_steps]
        torch.testing.assert_close(logits.clamp_min(-10000), theirs, **CLOSE)
        if case.is_greedy:
            best = theirs.topk(2, dim=-1).values
            is_clear = best[..., 0] - best[..., 1] > CLEAR
            assert torch.equal(logits.argmax(-1)[is_clear], drawn[is_clear])
        n_steps += 1
        return drawn

    known = case.state(network) if state else None
    made = Utterance(network, case.text, case.prompt, case.options, state=known, draw=draw)
    blocks = list(made.run(block=1 + case.options.seed % 7))
    return made, torch.cat([case.prompt[:, :0], *blocks], 1), network.raw


def at_the_limit(**others: Any) -> Case:
    """It never ends by itself: all of it is silence that may be repeated."""
    sizes = {"n_codes": 12, "d_model": 8, "seed": 3}
    return Case(sizes, [1, 2, 3], 5, Options(stop_repetition=-1, **others), True, None)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
@example(at_the_limit())
@example(at_the_limit(tries=3))
def test_the_same_logits_and_tokens_and_end(case: Case) -> None:
    trace = plain(case)
    made, given_codes, raw = fast(case, trace, state=True)
    assert len(raw) == len(trace.raw) == made.n_steps
    for ours, theirs in zip(raw, trace.raw, strict=True):
        torch.testing.assert_close(ours, theirs, **CLOSE)
    tokens = torch.stack(trace.tokens)[:, trace.keep].T
    assert made.kept == trace.keep
    assert torch.equal(made.tokens, tokens)
    assert torch.equal(given_codes, spoken(tokens))
    assert made.n_frames == given_codes.shape[1] == made.n_steps - len(given_codes)


@settings(max_examples=25, deadline=None)
@given(
    edges=st.lists(st.integers(0, 12), min_size=2, max_size=6).filter(lambda e: len(e) % 2 == 0),
    n_text=st.integers(1, 15),
    has_eos=st.booleans(),
    reduced_eog=st.integers(0, 1),
    n_codebooks=st.sampled_from([1, 4]),
    stop_repetition=st.sampled_from([-1, 1]),
    seed=st.integers(0, 10**6),
)
@example([2, 4, 4, 6, 8, 8], 15, True, 1, 4, 1, 0)
@example([2, 4, 4, 6, 8, 8], 15, False, 1, 4, 1, 0)
@example([0, 0, 6, 9], 15, False, 0, 4, 1, 0)
def test_editing_is_the_same(
    edges: list[int],
    n_text: int,
    has_eos: bool,
    reduced_eog: int,
    n_codebooks: int,
    stop_repetition: int,
    seed: int,
) -> None:
    sizes = {"d_model": 16, "n_codes": 3, "n_codebooks": n_codebooks, "frames_hz": 25, "seed": seed}
    checkpoint = make_checkpoint(has_eos=has_eos, reduced_eog=reduced_eog, **sizes)
    # spans of many frames, that silence may repeat
    checkpoint.tensors["predict_layer.0.2.bias"][checkpoint.config.eog] -= 4
    text, silence = list(range(n_text)), [0, 1, 2]
    chance = torch.Generator().manual_seed(seed)
    codes = torch.randint(0, 3, (n_codebooks, 14), generator=chance)
    edges = sorted(edges)
    spans = list(zip(edges[::2], edges[1::2], strict=True))
    trace, theirs = plain_edit(
        PlainVoiceCraft(checkpoint),
        text,
        codes,
        spans,
        stop_repetition=stop_repetition,
        silence=silence,
        draw=plain_draw(0, 1.0, 1.0, seed),
    )
    network = Watched(checkpoint)
    adjusted: list[Tensor] = []

    def draw(logits: Tensor) -> Tensor:
        adjusted.append(logits.clamp_min(-10000))
        return trace.drawn[len(adjusted) - 1]

    options = Options(stop_repetition=stop_repetition, silence_tokens=tuple(silence))
    assert torch.equal(edit(network, text, codes, spans, options, draw=draw), theirs)
    torch.testing.assert_close(torch.stack(network.raw), torch.stack(trace.raw), **CLOSE)
    torch.testing.assert_close(torch.stack(adjusted), torch.stack(trace.adjusted), **CLOSE)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_a_text_begun_before_changes_nothing(case: Case) -> None:
    trace = plain(case)
    _, with_state, raw_with = fast(case, trace, state=True)
    _, without, raw_without = fast(case, trace, state=False)
    assert torch.equal(with_state, without)
    for one, other in zip(raw_with, raw_without, strict=True):
        torch.testing.assert_close(one, other, **SAME)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=30),
    st.lists(st.integers(0, 5), min_size=1, max_size=30),
)
def test_a_state_shares_just_what_both_texts_begin_with(ours: list[int], theirs: list[int]) -> None:
    network = Network(make_checkpoint(d_model=8, n_codes=6))
    state = network.text_state(theirs)
    n = state.shared(ours)
    assert ours[:n] == theirs[:n]
    assert n == min(len(ours), len(theirs)) or ours[n] != theirs[n]
    whole, begun = network.make_cache(1, len(ours)), network.make_cache(1, len(ours))
    with torch.inference_mode():
        network.extend(network.embed_text(ours), whole)
        assert network.begin(begun, ours, state) == begun.length == n
        if n < len(ours):
            network.extend(network.embed_text(ours)[:, n:], begun)
    assert begun.length == whole.length
    for one, other in zip(begun.filled(), whole.filled(), strict=True):
        torch.testing.assert_close(torch.cat(one), torch.cat(other), **SAME)


@settings(max_examples=25, deadline=None)
@given(
    batch=st.integers(1, 4),
    n_before=st.integers(0, 20),
    n_after=st.integers(1, 6),
    n_room=st.integers(0, 9),
    heads=st.sampled_from([1, 4]),
    seed=st.integers(0, 999),
)
def test_a_step_of_unknown_place_equals_the_next_column(
    batch: int, n_before: int, n_after: int, n_room: int, heads: int, seed: int
) -> None:
    network = Network(make_checkpoint(d_model=16, n_heads=heads, n_codes=6, seed=seed))
    chance = torch.Generator().manual_seed(seed)
    x = torch.randn(batch, n_before + n_after, 16, generator=chance)
    length = n_before + n_after + n_room
    one = network.make_cache(batch, length)
    other = network.make_cache(batch, length, is_static=True)
    # what lies beyond the place must not be looked at
    for kept in (*other.keys, *other.values):
        kept.fill_(1e4)
    reach = torch.arange(length)
    with torch.inference_mode():
        for cache in (one, other):
            if n_before:
                network.extend(x[:1, :n_before], cache.first())
            cache.share(n_before)
        for at in range(n_before, n_before + n_after):
            column = x[:, at : at + 1]
            known = network.extend(column, one)
            unknown = network.step(column, other, torch.tensor([at]), reach)
            torch.testing.assert_close(unknown, known, **SAME)
            if batch == 1:
                for ours, theirs in zip(other.keys, one.filled()[0], strict=True):
                    torch.testing.assert_close(ours[:, :, : at + 1], theirs, **SAME)


@pytest.mark.parametrize("a_slice", [1, 3, 7])
@pytest.mark.parametrize("n_first", [0, 4])
def test_a_prefill_in_slices_equals_one_at_once(
    monkeypatch: pytest.MonkeyPatch, a_slice: int, n_first: int
) -> None:
    network = Network(make_checkpoint(d_model=16, n_codes=6))
    x = torch.randn(1, 19, 16, generator=torch.Generator().manual_seed(0))
    cache = network.make_cache(1, 19)
    with torch.inference_mode():
        whole = network.extend(x, cache)
        monkeypatch.setattr(model, "_SLICE", a_slice)
        again = network.make_cache(1, 19)
        parts = [
            network.extend(part, again) for part in (x[:, :n_first], x[:, n_first:]) if part.numel()
        ]
    torch.testing.assert_close(torch.cat(parts, 1), whole, **SAME)
    assert cache.length == again.length == 19
