"""Steps in ONNX Runtime give what the plain form does, as far as whole numbers can; where they cannot be
taken, others take their place."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor

from imagecraft_desktop.errors import Cancelled, VoiceDamaged
from imagecraft_desktop.nets.voicecraft import choose, graph, linear, runtime
from imagecraft_desktop.nets.voicecraft.generate import Options, Utterance
from imagecraft_desktop.nets.voicecraft.linear import Int8, Mode, can_run
from imagecraft_desktop.nets.voicecraft.load import Checkpoint
from imagecraft_desktop.nets.voicecraft.model import Network
from imagecraft_desktop.nets.voicecraft.steps import EagerSteps, RuntimeSteps
from tests.cancelling import Ticks
from tests.unit.nets.voicecraft.tiny import make_checkpoint

onnxruntime = pytest.importorskip("onnxruntime")
NARROW = [mode for mode in (Mode.INT8, Mode.INT4) if can_run(mode, "cpu")]
FARTHEST = {Mode.INT8: 0.03, Mode.INT4: 0.2}
"""Of the logits' spread: what rounding weights, inputs, keys and values adds up to."""
SIZES = {"d_model": 256, "n_heads": 4, "n_layers": 2, "n_codes": 512, "seed": 5}
TEXT = list(range(1, 31))
PROMPT = torch.randint(0, 512, (4, 60), generator=torch.Generator().manual_seed(2))

pytestmark = pytest.mark.skipif(
    not runtime.is_here(), reason="no ONNX Runtime with what the steps need"
)


@pytest.fixture(scope="module")
def checkpoint() -> Checkpoint:
    return make_checkpoint(**SIZES)


@pytest.fixture(scope="module", params=NARROW)
def network(request: pytest.FixtureRequest, checkpoint: Checkpoint) -> Network:
    return Network(checkpoint, request.param)


def heard(network: Network, drawn: list[Tensor], tries: int = 1) -> list[Tensor]:
    """What the heads say at each step, led through given tokens, (B, K) each."""
    logits: list[Tensor] = []

    def draw(adjusted: Tensor) -> Tensor:
        if len(logits) == len(drawn):
            raise Cancelled
        logits.append(adjusted.clamp_min(-100.0).clone())
        return drawn[len(logits) - 1]

    utterance = Utterance(network, TEXT, PROMPT, Options(tries=tries), draw=draw)
    with pytest.raises(Cancelled):
        list(utterance.run())
    return logits


def tokens(n_steps: int, tries: int) -> list[Tensor]:
    chance = torch.Generator().manual_seed(8)
    return [torch.randint(0, 512, (tries, 4), generator=chance) for _ in range(n_steps)]


@pytest.mark.parametrize("tries", [1, 3])
def test_the_heads_say_what_they_say_in_the_exact_mode(
    network: Network, checkpoint: Checkpoint, tries: int
) -> None:
    assert network.runtime is not None
    drawn = tokens(12, tries)
    exact = torch.stack(heard(Network(checkpoint), drawn, tries))[..., :512]
    ours = torch.stack(heard(network, drawn, tries))[..., :512]
    error = (ours - exact).std(-1) / exact.std(-1)
    assert error.max() < FARTHEST[network.mode]
    # each try goes its own way
    assert tries == 1 or not torch.equal(ours[-1, 0], ours[-1, 1])


def test_it_speaks_and_the_same_for_the_same_seed(network: Network) -> None:
    made = [
        torch.cat(list(Utterance(network, TEXT, PROMPT, Options(seed=3), most_frames=20).run()), 1)
        for _ in range(2)
    ]
    assert torch.equal(made[0], made[1])
    assert 0 < made[0].shape[1] <= 20
    assert made[0].min() >= 0
    assert made[0].max() < 512


def test_two_utterances_by_turns_do_not_disturb_each_other(network: Network) -> None:
    def begin(seed: int) -> Iterator[Tensor]:
        return Utterance(network, TEXT, PROMPT, Options(seed=seed), most_frames=20).run(block=1)

    alone = [torch.cat(list(begin(seed)), 1) for seed in (1, 2)]
    turns = [begin(1), begin(2)]
    given: list[list[Tensor]] = [[], []]
    for _ in range(30):
        for one, frames in zip(turns, given, strict=True):
            if (frame := next(one, None)) is not None:
                frames.append(frame)
    for frames, whole in zip(given, alone, strict=True):
        assert torch.equal(torch.cat(frames, 1), whole)


def test_a_cancel_ends_it_at_the_next_step(network: Network) -> None:
    seen: list[int] = []

    def tick() -> None:
        seen.append(made.n_steps)
        if made.n_steps == 5:
            raise Cancelled

    made = Utterance(network, TEXT, PROMPT, Options())
    torch.set_num_threads(2)
    with pytest.raises(Cancelled):
        list(made.run(tick=tick))
    assert torch.get_num_threads() == 2  # the steps take one for themselves
    assert set(range(6)) <= set(seen)
    assert made.n_steps == 5


def test_utterances_in_two_threads_leave_torch_its_threads(network: Network) -> None:
    """What a step takes for itself must be nobody's count, or it would be one for ever."""
    counts: list[int] = []
    is_inside, may_leave = threading.Event(), threading.Event()

    def speak(draw: Callable[[Tensor], Tensor]) -> None:
        list(Utterance(network, TEXT, PROMPT, Options(), draw=draw, most_frames=1).run())
        counts.append(torch.get_num_threads())

    def draw_second(logits: Tensor) -> Tensor:
        is_inside.set()
        may_leave.wait(1)
        return logits.argmax(-1)

    def draw_first(logits: Tensor) -> Tensor:
        if second.ident is None:
            second.start()
            is_inside.wait(0.3)  # it should be in vain
        return logits.argmax(-1)

    torch.set_num_threads(2)
    second = threading.Thread(target=lambda: speak(draw_second))
    speak(draw_first)
    may_leave.set()
    second.join(10)
    third = threading.Thread(target=lambda: counts.append(torch.get_num_threads()))
    third.start()
    third.join(10)
    assert counts == [2, 2, 2]


@pytest.mark.parametrize("bits", [4, 8])
def test_rounded_weights_are_near_the_real_ones(bits: int) -> None:
    mode = Mode.INT4 if bits == 4 else Mode.INT8
    chance = torch.Generator().manual_seed(1)
    weight = torch.randn(40, 512, generator=chance) * 0.02
    weight[3] = 0  # without spread
    weight[4] = 0.5  # all on one side
    made = runtime.rounded(weight, torch.zeros(40), mode)
    assert (made.bits, made.n_outputs, made.n_inputs) == (bits, 40, 512)
    if bits == 4:
        levels = torch.stack([made.levels & 15, made.levels >> 4], -1).view(40, 4, 128).float()
        assert made.middles is not None
        middles = torch.stack([made.middles & 15, made.middles >> 4], -1).view(40, 4, 1).float()
    else:
        levels, middles = made.levels.view(40, 4, 128).float(), torch.full((40, 4, 1), 128.0)
    again = ((levels - middles) * made.scales[..., None]).view(40, 512)
    within = made.scales.repeat_interleave(128, 1) * (1.001 if bits == 4 else 0.501)
    assert ((again - weight).abs() <= within + 1e-9).all()
    assert (again[3] == 0).all()


@pytest.mark.parametrize("mode", NARROW)
def test_pieces_that_a_cancel_is_heard_between_are_the_whole(
    monkeypatch: pytest.MonkeyPatch, mode: Mode
) -> None:
    weight = torch.randn(448, 256, generator=torch.Generator().manual_seed(1)) * 0.02
    whole = runtime.rounded(weight, torch.zeros(448), mode)
    monkeypatch.setattr(linear, "_PIECE", 1 << 14)  # 64 outputs
    ticks = Ticks()
    parts = runtime.rounded(weight, torch.zeros(448), mode, tick=ticks)
    assert ticks.count >= 7
    assert torch.equal(parts.levels, whole.levels)
    assert torch.equal(parts.scales, whole.scales)
    assert mode is Mode.INT8 or torch.equal(parts.middles, whole.middles)


def test_a_cancel_is_heard_while_the_session_is_made(
    monkeypatch: pytest.MonkeyPatch, checkpoint: Checkpoint, network: Network
) -> None:
    """That of the 830 M network takes seconds, and asks nobody meanwhile."""
    begun, may_go_on = threading.Event(), threading.Event()
    session, threads = onnxruntime.InferenceSession, set(threading.enumerate())
    ended: list[str] = []

    def make(*given: Any, **more: Any) -> Any:
        begun.set()
        may_go_on.wait(10)
        try:
            return session(*given, **more)
        except Exception as error:
            ended.append(str(error))
            raise

    def tick() -> None:
        if begun.is_set():
            raise Cancelled

    parts = network.parts(checkpoint)
    monkeypatch.setattr(onnxruntime, "InferenceSession", make)
    with pytest.raises(Cancelled):
        runtime.Runtime(parts, tick)
    may_go_on.set()
    for thread in set(threading.enumerate()) - threads:
        thread.join(10)
        assert not thread.is_alive()
    assert "cancel" in ended[0], "nobody makes it any more"
    assert network.runtime is not None
    assert runtime.Runtime(parts).n_bytes == network.runtime.n_bytes


def test_shared_weights_stay_what_they_were() -> None:
    chance = torch.Generator().manual_seed(1)
    for rows in (1, 20):
        kept = Int8(torch.randn(32, 256, generator=chance), torch.zeros(32))
        x = torch.randn(rows, 256, generator=chance).bfloat16()
        before = kept(x)
        levels, _ = kept.share()
        assert levels.data_ptr() == kept.share()[0].data_ptr()
        assert torch.equal(kept(x), before)


def test_keys_and_values_beyond_the_prefill_are_cut_not_wrapped() -> None:
    known = torch.full((1, 2, 5, 8), 3.0)
    levels, scale = runtime._rounded(known, tries=2, room=9)
    assert levels.shape == (2, 2, 9, 8)
    assert (levels[:, :, 5:] == 0).all()
    torch.testing.assert_close(
        levels[0, 0, 0].float() * scale[:8], torch.full((8,), 3.0), rtol=0.01, atol=0
    )
    silent, scale = runtime._rounded(known * 0, tries=1, room=5)
    assert (silent == 0).all()
    assert (scale > 0).all()


# --- where it is not, and what goes wrong ---


def test_short_prompts_go_the_usual_way(network: Network) -> None:
    few = Utterance(network, TEXT[:5], PROMPT[:, :9], Options(), draw=lambda x: x.argmax(-1))
    assert isinstance(few._eager(few._draw, 15, 9), EagerSteps)
    assert isinstance(few._eager(few._draw, 64, 9), RuntimeSteps)
    assert list(few.run())


@pytest.mark.parametrize("mode", [Mode.FP32, Mode.BF16, *NARROW])
@pytest.mark.parametrize(
    ("size", "fits"),
    [
        ({}, True),
        ({"d_model": 128}, False),
        ({"n_heads": 64}, False),
        ({"d_inner": 200}, False),
        ({"n_codes": 256}, False),
    ],
)
def test_only_narrow_modes_of_sizes_that_fit(mode: Mode, size: dict[str, int], fits: bool) -> None:
    network = Network(make_checkpoint(**(SIZES | size)), mode)
    assert (network.runtime is not None) == (fits and mode.is_narrow)


@pytest.mark.parametrize("package", ["onnx", "onnxruntime"])
@pytest.mark.parametrize("mode", NARROW)
def test_without_the_packages_the_usual_steps_are_taken(
    monkeypatch: pytest.MonkeyPatch, checkpoint: Checkpoint, package: str, mode: Mode
) -> None:
    monkeypatch.setattr(runtime, "is_here", runtime.is_here.__wrapped__)
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr(runtime, "find_spec", lambda name: None if name == package else name)
    assert not runtime.is_here()
    network = Network(checkpoint, mode)
    assert network.runtime is None
    assert list(Utterance(network, TEXT, PROMPT, Options(), most_frames=12).run())


def test_what_the_runtime_raises_is_an_error_that_is_known() -> None:
    """Its own errors have no base but Exception."""
    attention = runtime.Attention(1, 4, 64, 50)
    attention._binding.bind_ortvalue_input("qkv", graph.shared(torch.ones(1, 1, 5)))
    with pytest.raises(RuntimeError, match="qkv"):
        attention()
    product = runtime.rounded(torch.ones(8, 256), torch.zeros(8), Mode.INT8)
    products = runtime.Products([product])
    products._binding.bind_ortvalue_input("x256", graph.shared(torch.ones(1, 1, 5)))
    with pytest.raises(RuntimeError, match="x256"):
        products()
    empty = graph.Graph()
    empty.node("NoSuchOperator", [])
    with pytest.raises(RuntimeError, match="NoSuchOperator"):
        empty.session(lambda: None)


def test_a_runtime_that_fails_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no such operator")

    monkeypatch.setattr(runtime.Graph, "session", fail)
    assert not runtime.is_here.__wrapped__()


@pytest.mark.parametrize("mode", NARROW)
@pytest.mark.parametrize(
    "name", ["decoder.layers.1.linear2", "decoder.layers.0.self_attn.in_proj_"]
)
def test_weights_too_large_to_compute_with_are_told(mode: Mode, name: str) -> None:
    broken = make_checkpoint(**SIZES)
    weight = f"{name}weight" if name.endswith("_") else f"{name}.weight"
    broken.tensors[weight].mul_(1e38)
    with pytest.raises(VoiceDamaged, match="no number"):
        list(Utterance(Network(broken, mode), TEXT, PROMPT, Options(), most_frames=12).run())


@pytest.mark.parametrize("mode", NARROW)
def test_products_are_timed_as_the_steps_have_them(
    monkeypatch: pytest.MonkeyPatch, checkpoint: Checkpoint, mode: Mode
) -> None:
    network = Network(checkpoint, mode)
    assert network.runtime is not None
    products = runtime.Products(runtime.products_of(network.parts(checkpoint)))
    products()
    assert products.n_bytes == network.runtime.n_bytes
    n_weights = 2 * 12 * 256 * 256 + 256 * 4 * 256 + 4 * 256 * 516
    bits = 4 if mode is Mode.INT4 else 8
    assert products.n_bytes == pytest.approx(n_weights * bits / 8, rel=0.1)
    made: list[object] = []
    monkeypatch.setattr(runtime, "Products", lambda *found: made.append(found) or (lambda: None))
    choose._step_s(checkpoint.config, mode, lambda: None)
    assert len(made) == 1


def test_attention_alone_goes_to_every_position_and_nowhere_else() -> None:
    attention = runtime.Attention(2, 4, 64, 50)
    attention()
    mixed = [one.numpy() for one in attention._binding.get_outputs()[-2:]]
    # all keys are alike, so that every value counts the same; the sink takes nothing away
    for one in mixed:
        torch.testing.assert_close(torch.from_numpy(one), torch.ones(1, 1, 256))
