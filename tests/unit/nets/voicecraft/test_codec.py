"""The codec gives what the original gives, also in pieces and while the codes are still coming."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.nets.voicecraft.codec import (
    BadCodes,
    BadSamples,
    BadState,
    Codec,
    StreamState,
    load_codec,
    random_codec,
)
from imagecraft_desktop.nets.voicecraft.codec_file import Sizes
from tests.golden import CODECS, OUR_VOICECRAFT, VOICECRAFT, GoldenCodec

FORMS = [(golden, file) for golden in CODECS for file in golden.files]
CASES = [(golden, case) for golden in CODECS for case in golden.cases]
E2E = np.load(VOICECRAFT / "e2e.npz")
# one whose sizes are known here, for what needs no original
CODEC = load_codec(OUR_VOICECRAFT / "encodec_tiny.th")
N_LONG = 70
LONG = torch.randint(0, CODEC.n_codes, (4, N_LONG), generator=torch.Generator().manual_seed(1))
# other numbers of everything that a file can vary
ODD = Sizes(
    rate_hz=8000,
    n_filters=4,
    dim=6,
    n_codes=16,
    n_codebooks=3,
    ratios=(5, 4, 3),
    kernel=5,
    last_kernel=9,
    residual_kernel=5,
    n_residual=2,
    n_lstm=1,
)


@pytest.fixture(params=CODECS[0].files, ids=lambda file: file.suffix)
def codec(request: pytest.FixtureRequest) -> Codec:
    """That of the whole road, in both forms."""
    return load_codec(request.param)


def _close(found: torch.Tensor, wanted: object, atol: float) -> None:
    np.testing.assert_allclose(found.numpy(), np.asarray(wanted), rtol=0, atol=atol)


def _whole(codec: Codec, codes: torch.Tensor) -> torch.Tensor:
    """The network's own decoding, of everything at once."""
    if not codes.shape[1]:
        return torch.zeros(0)
    with torch.no_grad():
        sound: torch.Tensor = codec.network.decode(codes[None, None], [None]).audio_values
    return sound[0, 0]


@pytest.mark.parametrize(("golden", "file"), FORMS, ids=lambda one: getattr(one, "name", None))
def test_it_tells_its_sizes(golden: GoldenCodec, file: Path) -> None:
    codec, config = load_codec(file), golden.config
    found = (codec.rate_hz, codec.hop, codec.n_codebooks, codec.n_codes, codec.device.type)
    hop = math.prod(config["seanet"]["ratios"])
    rvq = config["rvq"]
    assert found == (config["sample_rate"], hop, rvq["n_q"], rvq["bins"], "cpu")


@pytest.mark.parametrize(
    ("golden", "case"), CASES, ids=lambda one: getattr(one, "name", None) or str(one["index"])
)
def test_equals_the_original(golden: GoldenCodec, case: dict[str, Any]) -> None:
    io, number = np.load(golden.arrays), case["index"]
    samples = io[f"wav{number}"].reshape(-1)
    assert len(samples) == case["n_samples"]
    for file in golden.files:
        codec = load_codec(file)
        _close(codec.embed(samples), io[f"emb{number}"], 1e-4)
        codes = codec.encode(samples)
        assert codes.dtype == torch.int64
        assert codes.shape[1] == case["n_frames"]
        assert np.array_equal(codes.numpy(), io[f"codes{number}"])
        _close(codec.sum_vectors(codes), io[f"latent{number}"], 1e-4)
        sound = codec.decode(codes)
        assert sound.dtype == torch.float32
        assert len(sound) == case["n_out"]
        _close(sound, io[f"out{number}"].reshape(-1), 1e-4)


@pytest.mark.parametrize(("golden", "file"), FORMS, ids=lambda one: getattr(one, "name", None))
def test_any_codes_are_decoded_as_by_the_original(golden: GoldenCodec, file: Path) -> None:
    io = np.load(golden.arrays)
    sound = load_codec(file).decode(torch.tensor(io["codes_rand"]))
    _close(sound, io["out_rand"].reshape(-1), 1e-4)


def test_prompt_and_generated_codes_are_those_of_the_original(codec: Codec) -> None:
    assert np.array_equal(codec.encode(E2E["wav"]).numpy(), E2E["prompt_codes"])
    _close(codec.decode(torch.tensor(E2E["gen"])), E2E["gen_wav"], 1e-4)
    _close(codec.decode(torch.tensor(E2E["full"])), E2E["concat_wav"], 1e-4)


def test_generated_codes_after_the_prompt_sound_as_in_the_whole(codec: Codec) -> None:
    stream = codec.stream()
    stream.skip(torch.tensor(E2E["prompt_codes"]))
    n_prompt = E2E["prompt_codes"].shape[1] * codec.hop
    _close(stream.push(torch.tensor(E2E["gen"]), final=True), E2E["concat_wav"][n_prompt:], 1e-4)


@pytest.mark.parametrize("n", [1, 319, 8000, 8001, 15_999, 16_320, 24_123])
def test_encoding_in_pieces_is_encoding_at_once(n: int) -> None:
    samples = torch.randn(n, generator=torch.Generator().manual_seed(n)) * 0.3
    with torch.no_grad():
        wanted = CODEC.network.encoder(samples[None, None])[0]
    found = CODEC.embed(samples)
    assert found.shape == (16, -(-n // 320))
    _close(found, wanted, 1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_other_sizes_work_in_pieces_as_well(seed: int) -> None:
    codec = random_codec(ODD, seed)
    assert (codec.rate_hz, codec.hop, codec.n_codebooks, codec.n_codes) == (8000, 60, 3, 16)
    draw = torch.Generator().manual_seed(seed)
    samples = torch.randn(60 * 80 + 7 * seed, generator=draw)
    with torch.no_grad():
        _close(codec.embed(samples), codec.network.encoder(samples[None, None])[0], 1e-5)
    codes = codec.encode(samples)
    assert codes.shape == (3, -(-len(samples) // 60))
    wanted = _whole(codec, codes)
    _close(codec.decode(codes), wanted, 1e-5)
    stream = codec.stream()
    parts = [stream.push(codes[:, at : at + 3]) for at in range(0, codes.shape[1], 3)]
    _close(torch.cat([*parts, stream.push(codes[:, :0], final=True)]), wanted, 1e-5)
    stream = codec.stream()
    stream.skip(codes[:, :30])
    stream = codec.stream(stream.state())
    _close(stream.push(codes[:, 30:], final=True), wanted[30 * 60 :], 1e-5)


@given(
    total=st.integers(0, N_LONG),
    n_heard=st.integers(0, N_LONG),
    steps=st.lists(st.integers(0, 30), max_size=40),
    is_saved=st.booleans(),
    ends_empty=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_a_stream_gives_the_whole(
    total: int, n_heard: int, steps: list[int], is_saved: bool, ends_empty: bool
) -> None:
    """However the frames come, how many were skipped, and whether the stream went on from a state."""
    n_heard = min(n_heard, total)
    codes = LONG[:, :total]
    stream = CODEC.stream()
    stream.skip(codes[:, :n_heard])
    if is_saved:
        stream = CODEC.stream(StreamState.from_tensors(stream.state().to_tensors()))
    at, parts = n_heard, []
    for step in steps:
        parts.append(stream.push(codes[:, at : min(at + step, total)]))
        at = min(at + step, total)
        assert sum(map(len, parts)) >= (at - n_heard - 4) * CODEC.hop
    if ends_empty:
        parts.append(stream.push(codes[:, at:]))
        at = total
    parts.append(stream.push(codes[:, at:], final=True))
    _close(torch.cat(parts), _whole(CODEC, codes)[n_heard * CODEC.hop :], 1e-5)


def test_a_state_survives_a_file_and_begins_many_streams(tmp_path: Path) -> None:
    stream = CODEC.stream()
    stream.push(LONG[:, :20])
    save_file(stream.state().to_tensors(), tmp_path / "state.safetensors")
    # the stream it was taken from goes on as before
    wanted = _whole(CODEC, LONG)
    _close(stream.push(LONG[:, 20:], final=True), wanted[16 * CODEC.hop :], 1e-5)
    for _ in range(2):
        state = StreamState.from_tensors(load_file(tmp_path / "state.safetensors"))
        assert state.n_frames == 20
        again = CODEC.stream(state)
        _close(again.push(LONG[:, 20:], final=True), wanted[20 * CODEC.hop :], 1e-5)


def test_a_state_does_not_grow_with_what_was_heard() -> None:
    def size(n: int) -> int:
        stream = CODEC.stream()
        stream.skip(LONG[:, :n])
        return sum(one.untyped_storage().nbytes() for one in stream.state().to_tensors().values())

    assert size(12) == size(N_LONG) < 4000


def test_a_state_of_another_codec_is_refused() -> None:
    state = random_codec(ODD).stream().state()
    with pytest.raises(BadState, match="latents"):
        CODEC.stream(state)
    stream = CODEC.stream()
    stream.skip(LONG)
    tensors = stream.state().to_tensors()
    for name in tensors:
        with pytest.raises(BadState):
            StreamState.from_tensors({key: tensors[key] for key in tensors if key != name})
    for name in ("latents", "hidden", "cell"):
        broken = {**tensors, name: tensors[name] * float("nan")}
        with pytest.raises(BadState, match=name):
            CODEC.stream(StreamState.from_tensors(broken))
    with pytest.raises(BadState):
        CODEC.stream(StreamState.from_tensors({**tensors, "n_frames": torch.tensor([-1])}))


def test_a_stream_that_is_over_takes_nothing() -> None:
    stream = CODEC.stream()
    stream.push(LONG[:, :3], final=True)
    for use in (
        lambda: stream.push(LONG[:, :1]),
        lambda: stream.push(LONG[:, :0], final=True),
        lambda: stream.skip(LONG[:, :1]),
        stream.state,
    ):
        with pytest.raises(RuntimeError, match="over"):
            use()


def test_frames_cannot_be_skipped_over_those_not_given_yet() -> None:
    stream = CODEC.stream()
    stream.skip(LONG[:, :5])
    stream.skip(LONG[:, 5:9])
    stream.push(LONG[:, 9:10])
    with pytest.raises(RuntimeError, match="not given"):
        stream.skip(LONG[:, :1])


@pytest.mark.parametrize(
    ("codebook", "frame", "code"), [(0, 0, 64), (3, 69, -1), (2, 30, 2048), (1, 5, 2**40)]
)
def test_a_code_that_the_codec_does_not_have_is_named(codebook: int, frame: int, code: int) -> None:
    codes = LONG.clone()
    codes[codebook, frame] = code
    said = rf"code {code} of codebook {codebook} in frame {frame}:"
    with pytest.raises(BadCodes, match=said):
        CODEC.decode(codes)
    stream = CODEC.stream()
    with pytest.raises(BadCodes, match=said):
        stream.push(codes)
    # and the stream is as it was
    _close(stream.push(LONG, final=True), _whole(CODEC, LONG), 1e-5)


@pytest.mark.parametrize(
    "codes",
    [LONG[0], LONG[:3], LONG[None], LONG.float(), LONG.bool(), torch.zeros(0, 4)],
    ids=["one codebook", "three", "batch", "float", "bool", "none"],
)
def test_codes_of_another_shape_or_type_are_refused(codes: torch.Tensor) -> None:
    with pytest.raises(BadCodes, match="whole numbers"):
        CODEC.decode(codes)


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int16, torch.int32])
def test_codes_may_be_small_numbers(dtype: torch.dtype) -> None:
    _close(CODEC.decode(LONG.to(dtype)), _whole(CODEC, LONG), 1e-5)


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros((1, 400), np.float32),
        np.zeros(400, np.int16),
        np.array([0.0, np.nan], np.float32),
        np.array([np.inf], np.float32),
    ],
    ids=["two axes", "whole numbers", "nan", "infinite"],
)
def test_what_is_no_sound_is_refused(samples: np.ndarray) -> None:
    with pytest.raises(BadSamples):
        CODEC.encode(samples)


def test_nothing_gives_nothing_without_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("the network was asked")

    for layer in [*CODEC.network.encoder.layers, *CODEC.network.decoder.layers]:
        monkeypatch.setattr(layer, "forward", fail)
    assert CODEC.encode(np.zeros(0, np.float32)).shape == (4, 0)
    assert CODEC.decode(LONG[:, :0]).shape == (0,)
    assert CODEC.stream().push(LONG[:, :0]).shape == (0,)


class _StopAt:
    """A tick that raises at its nth call."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled


def _count(work: object) -> int:
    many = _StopAt(1_000_000)
    work(many)  # type: ignore[operator]
    return 1_000_000 - many.left


def test_a_cancel_is_heard_at_every_tick_and_leaves_the_codec_whole() -> None:
    samples = torch.randn(5000, generator=torch.Generator().manual_seed(2)) * 0.3
    wanted = CODEC.encode(samples)
    for work in (
        lambda tick: CODEC.encode(samples, tick),
        lambda tick: CODEC.decode(LONG[:, :12], tick),
        lambda tick: CODEC.stream().skip(LONG[:, :12], tick),
    ):
        n_ticks = _count(work)
        assert n_ticks > 20
        for number in range(n_ticks):
            with pytest.raises(Cancelled):
                work(_StopAt(number))
    assert torch.equal(CODEC.encode(samples), wanted)
    _close(CODEC.decode(LONG), _whole(CODEC, LONG), 1e-5)


def test_long_sound_is_worked_on_in_pieces() -> None:
    """No layer ever gets more than a second or so, so that the time between ticks has a bound."""
    widest = {"encoder": 0, "decoder": 0}

    def note(which: str) -> object:
        def look(_: object, given: tuple[torch.Tensor, ...], got: torch.Tensor) -> None:
            widest[which] = max(widest[which], given[0].shape[-1], got.shape[-1])

        return look

    hooks = [
        layer.register_forward_hook(note(which))  # type: ignore[arg-type]
        for which in widest
        for layer in getattr(CODEC.network, which).layers
    ]
    try:
        CODEC.decode(CODEC.encode(torch.zeros(16_000 * 4)))
    finally:
        for hook in hooks:
            hook.remove()
    assert 8000 <= widest["encoder"] <= 30 * 320
    assert 8000 <= widest["decoder"] <= 30 * 320


def test_results_may_be_written_to() -> None:
    """No tensor of inference mode leaves the codec."""
    sound = CODEC.decode(LONG[:, :3])
    sound *= 0.5
    codes = CODEC.encode(sound)
    codes += 0
    assert not sound.requires_grad
