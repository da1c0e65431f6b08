"""What is computed once for a voice comes back from its file as it was, or not at all."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import load as from_bytes
from safetensors.torch import save as as_bytes

from imagecraft_desktop.nets.voicecraft import prompt
from imagecraft_desktop.nets.voicecraft.codec import load_codec
from imagecraft_desktop.nets.voicecraft.generate import Options, generate
from imagecraft_desktop.nets.voicecraft.linear import Mode
from imagecraft_desktop.nets.voicecraft.load import load_checkpoint
from imagecraft_desktop.nets.voicecraft.model import Network
from tests.golden import OUR_VOICECRAFT as VOICECRAFT
from tests.unit.nets.voicecraft.tiny import make_checkpoint

NETWORK = Network(load_checkpoint(VOICECRAFT / "tiny"))
CODEC = load_codec(VOICECRAFT / "encodec_tiny.th")
E2E = np.load(VOICECRAFT / "e2e.npz")
SAMPLES = np.asarray(E2E["wav"] if "wav" in E2E else E2E["prompt_wav"], np.float32).reshape(-1)
IDS = [24, 63, 21, 74, 74, 34]


@pytest.fixture(scope="module")
def state() -> prompt.PromptState:
    return prompt.compute(NETWORK, CODEC, SAMPLES, IDS)


def equal(one: prompt.PromptState, other: prompt.PromptState | None) -> bool:
    if other is None or one.text.ids != other.text.ids:
        return False
    pairs = [
        (one.codes, other.codes),
        (one.text.keys, other.text.keys),
        (one.text.values, other.text.values),
    ]
    ours, theirs = one.stream.to_tensors(), other.stream.to_tensors()
    pairs += [(ours[name], theirs[name]) for name in ours]
    return all(a.dtype == b.dtype and torch.equal(a, b) for a, b in pairs)


def test_the_codes_are_those_of_the_original(state: prompt.PromptState) -> None:
    np.testing.assert_array_equal(state.codes.numpy(), E2E["prompt_codes"])


def test_what_is_generated_is_the_same_with_it_as_without(state: prompt.PromptState) -> None:
    text = [*IDS, 17, 44, 56, 19]
    options = Options(seed=3)
    with_it = generate(NETWORK, text, state.codes, options, state=state.text)
    assert torch.equal(with_it, generate(NETWORK, text, state.codes, options))
    whole = CODEC.decode(torch.cat([state.codes, with_it], 1))[len(state.codes[0]) * CODEC.hop :]
    heard = CODEC.stream(state.stream).push(with_it, final=True)
    torch.testing.assert_close(heard, whole, rtol=0, atol=1e-5)


@pytest.mark.parametrize("mode", [Mode.FP32, Mode.BF16])
def test_it_comes_back_as_it_was(tmp_path: Path, mode: Mode) -> None:
    network = Network(load_checkpoint(VOICECRAFT / "tiny"), mode)
    state = prompt.compute(network, CODEC, SAMPLES, IDS)
    file = tmp_path / "voices" / "anna" / "state.safetensors"
    prompt.save(state, file)
    assert equal(state, prompt.load(file, network, CODEC))
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_what_was_kept_before_is_replaced(tmp_path: Path, state: prompt.PromptState) -> None:
    file = tmp_path / "state"
    file.write_bytes(b"older")
    prompt.save(state, file)
    assert equal(state, prompt.load(file, NETWORK, CODEC))


def test_no_half_stays_when_it_cannot_be_written(tmp_path: Path, state: prompt.PromptState) -> None:
    (tmp_path / "state").mkdir()
    with pytest.raises((IsADirectoryError, PermissionError)):
        prompt.save(state, tmp_path / "state")
    assert [one.name for one in tmp_path.iterdir()] == ["state"]


def test_a_half_of_a_process_that_was_ended_is_removed(
    tmp_path: Path, state: prompt.PromptState
) -> None:
    """One of now may be just being written."""
    for name, age_s in {"state.123.part": 4000, "state.124.part": 0}.items():
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, (time.time() - age_s,) * 2)
    prompt.save(state, tmp_path / "state.safetensors")
    left = sorted(one.name for one in tmp_path.iterdir())
    assert left == ["state.124.part", "state.safetensors"]


def test_nothing_kept_is_nothing(tmp_path: Path) -> None:
    assert prompt.load(tmp_path / "state", NETWORK, CODEC) is None
    assert prompt.load(tmp_path, NETWORK, CODEC) is None


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.floats(0, 1), st.integers(1, 255))
def test_one_wrong_byte_anywhere_is_seen(
    tmp_path: Path, state: prompt.PromptState, place: float, change: int
) -> None:
    file = tmp_path / "state"
    prompt.save(state, file)
    data = bytearray(file.read_bytes())
    data[round(place * (len(data) - 1))] ^= change
    file.write_bytes(data)
    assert prompt.load(file, NETWORK, CODEC) is None


@pytest.mark.parametrize("size", [0, 1, 31, 32, 33, 40, 1000])
def test_a_file_that_was_cut_off_is_of_no_use(
    tmp_path: Path, state: prompt.PromptState, size: int
) -> None:
    file = tmp_path / "state"
    prompt.save(state, file)
    file.write_bytes(file.read_bytes()[:size])
    assert prompt.load(file, NETWORK, CODEC) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: kept.pop("keys"),
        lambda kept: kept.pop("n_frames"),
        lambda kept: kept.update(codes=kept["codes"].float()),
        lambda kept: kept.update(codes=kept["codes"][:3].contiguous()),
        lambda kept: kept.update(codes=kept["codes"][:, 1:].contiguous()),
        lambda kept: kept.update(codes=kept["codes"][0].contiguous()),
        lambda kept: kept.update(values=kept["values"].bfloat16()),
        lambda kept: kept.update(ids=kept["ids"][1:].contiguous()),
        lambda kept: kept.update(latents=kept["latents"][1:].contiguous()),
        lambda kept: kept.update(hidden=kept["hidden"] * float("nan")),
    ],
)
def test_a_whole_file_of_something_else_is_of_no_use(
    tmp_path: Path, state: prompt.PromptState, change
) -> None:
    """Written by another release: its sum is right."""
    file = tmp_path / "state"
    prompt.save(state, file)
    kept = from_bytes(file.read_bytes()[32:])
    change(kept)
    data = as_bytes(kept)
    file.write_bytes(prompt.hashlib.sha256(data).digest() + data)
    assert prompt.load(file, NETWORK, CODEC) is None


@pytest.mark.parametrize("size", [{"n_layers": 3}, {"d_model": 64}, {"n_heads": 2}])
def test_it_does_not_serve_another_network(
    tmp_path: Path, state: prompt.PromptState, size: dict[str, int]
) -> None:
    prompt.save(state, tmp_path / "state")
    same = {"d_model": 32, "n_layers": 2, "n_heads": 4}
    other = Network(make_checkpoint(**same | size))
    assert prompt.load(tmp_path / "state", other, CODEC) is None
    assert prompt.load(tmp_path / "state", Network(make_checkpoint(**same)), CODEC) is not None


def test_it_does_not_serve_another_mode(tmp_path: Path, state: prompt.PromptState) -> None:
    prompt.save(state, tmp_path / "state")
    other = Network(load_checkpoint(VOICECRAFT / "tiny"), Mode.BF16)
    assert prompt.load(tmp_path / "state", other, CODEC) is None
