"""The network equals the original program on its own data: the plain form and the fast one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from imagecraft_desktop.nets.voicecraft.codec import load_codec
from imagecraft_desktop.nets.voicecraft.edit import edit
from imagecraft_desktop.nets.voicecraft.generate import Options, Utterance
from imagecraft_desktop.nets.voicecraft.load import Checkpoint, load_checkpoint
from imagecraft_desktop.nets.voicecraft.model import Network
from imagecraft_desktop.nets.voicecraft.pattern import delay, delay_prompt, undelay
from imagecraft_desktop.nets.voicecraft.sampling import keep_likely
from tests.golden import CODECS, VOICECRAFT
from tests.reference.voicecraft import PlainVoiceCraft, plain_speech, spoken

CLOSE = {"atol": 1e-4, "rtol": 0}
CASES = json.loads((VOICECRAFT / "gen_cases.json").read_text("utf-8"))
E2E = json.loads((VOICECRAFT / "e2e.json").read_text("utf-8"))
SPEECH = [case for case in CASES if case["method"] != "inference"]
EDITS = [case for case in CASES if case["method"] == "inference"]


def arrays(name: str) -> dict[str, torch.Tensor]:
    with np.load(VOICECRAFT / name) as file:
        found = {key: torch.from_numpy(file[key]) for key in file}
    return {k: v.long() if v.dtype == torch.int32 else v for k, v in found.items()}


@pytest.fixture(scope="module")
def tiny() -> Checkpoint:
    return load_checkpoint(VOICECRAFT / E2E["checkpoint"])


def checkpoint_of(case: dict, path: Path = VOICECRAFT) -> Checkpoint:
    made = load_checkpoint(path / case["checkpoint"])
    tensors = dict(made.tensors)
    for wish in case.get("bias_edits", ()):
        changed = tensors[wish["key"]].clone()
        changed[slice(None) if wish["index"] is None else wish["index"]] += wish["add"]
        tensors[wish["key"]] = changed
    return replace(made, tensors=tensors)


def options_of(case: dict) -> Options:
    return Options(
        top_k=case["top_k"],
        top_p=case["top_p"],
        temperature=case["temperature"],
        stop_repetition=case["stop_repetition"],
        silence_tokens=tuple(case["silence_tokens"]),
        tries=case.get("batch_size", 1),
        seed=case["seed"],
    )


def by_name(case: dict) -> str:
    return case["name"]


class Watched(Network):
    """Notes what the heads say."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        super().__init__(checkpoint)
        self.raw: list[torch.Tensor] = []

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        self.raw.append(super().logits(hidden))
        return self.raw[-1]


def matter(case: dict, data: dict[str, torch.Tensor]) -> list[torch.Tensor]:
    """Which tries matter at each step: all of them until one has ended."""
    everyone = torch.arange(case.get("batch_size", 1))
    kept = torch.tensor([case.get("keep", 0)])
    last = case.get("end_step", len(data["drawn"]))
    return [everyone if s <= last else kept for s in range(len(data["drawn"]))]


def compare(case: dict, data: dict, raw: list, adjusted: list, tokens: torch.Tensor) -> None:
    """Raw and adjusted logits (lists of (B, K, V')) and the kept tokens (K, N)."""
    assert len(raw) == len(adjusted) == case["n_steps"] == len(data["drawn"])
    n_codes = load_checkpoint(VOICECRAFT / case["checkpoint"]).config.n_codes
    real = [*range(n_codes), case["end_token"]]  # ours forbids the other special ids, theirs not
    for s, rows in enumerate(matter(case, data)):
        torch.testing.assert_close(raw[s][rows], data["logits_raw"][s][rows], **CLOSE)
        ours, theirs = adjusted[s][rows][..., real], data["logits_adj"][s][rows][..., real]
        # what must not come is minus infinity in ours
        torch.testing.assert_close(ours.clamp_min(-10000), theirs, **CLOSE)
    assert torch.equal(tokens, data["tokens"][:, case.get("keep", 0)].T)


@pytest.mark.parametrize("case", SPEECH, ids=by_name)
def test_fast_form_equals_the_original_with_its_draws(case):
    data = arrays(f"gen/{case['name']}.npz")
    network = Watched(checkpoint_of(case))
    adjusted = []

    def draw(logits):
        adjusted.append(logits)
        return data["drawn"][len(adjusted) - 1]

    made = Utterance(network, case["x"], torch.tensor(case["y"]), options_of(case), draw=draw)
    blocks = list(made.run(block=3))
    compare(case, data, network.raw, adjusted, made.tokens)
    assert made.kept == case.get("keep", 0)
    assert torch.equal(torch.cat(blocks, 1), data["gen"])
    assert torch.equal(torch.cat([torch.tensor(case["y"]), *blocks], 1), data["full"])


@pytest.mark.parametrize("is_static", [False, True])
@pytest.mark.parametrize("case", SPEECH, ids=by_name)
def test_fast_form_draws_what_the_original_drew_from_the_same_seed(case, is_static):
    data = arrays(f"gen/{case['name']}.npz")
    network = Network(checkpoint_of(case))
    for _ in range(2):  # static memory is used again
        made = Utterance(
            network, case["x"], torch.tensor(case["y"]), options_of(case), is_static=is_static
        )
        assert torch.equal(torch.cat(list(made.run()), 1), data["gen"])
        assert torch.equal(made.tokens, data["tokens"][:, case.get("keep", 0)].T)
    assert sum(map(len, network.idle.values())) == int(is_static)


@pytest.mark.parametrize("case", SPEECH, ids=by_name)
def test_plain_form_equals_the_original_with_its_draws(case):
    data = arrays(f"gen/{case['name']}.npz")
    trace = plain_speech(
        PlainVoiceCraft(checkpoint_of(case)),
        case["x"],
        torch.tensor(case["y"]),
        batch=case.get("batch_size", 1),
        stop_repetition=case["stop_repetition"],
        silence=case["silence_tokens"],
        draw=lambda step, _: data["drawn"][step],
    )
    assert trace.keep == case.get("keep", 0)
    tokens = torch.stack(trace.tokens)[:, trace.keep].T
    compare(case, data, trace.raw, trace.adjusted, tokens)
    assert torch.equal(spoken(tokens), data["gen"])


@pytest.mark.parametrize("file", CODECS[0].files, ids=lambda file: file.suffix)
def test_from_a_recording_to_speech_it_equals_the_original(tiny, file):
    """Sound, codes of the prompt, greedy codes after it, sound again: each step of ours is fed with what
    the one before it gave."""
    data, codec = arrays("e2e.npz"), load_codec(file)
    prompt = codec.encode(data["wav"])
    assert torch.equal(prompt, data["prompt_codes"])
    stream = codec.stream()
    stream.skip(prompt)
    codes, sound = [], []
    for block in Utterance(Network(tiny), E2E["x"], prompt, options_of(E2E)).run(block=5):
        codes.append(block)
        sound.append(stream.push(block))
    sound.append(stream.push(prompt[:, :0], final=True))
    gen = torch.cat(codes, 1)
    assert torch.equal(gen, data["gen"])
    full = torch.cat([prompt, gen], 1)
    assert torch.equal(full, data["full"])
    torch.testing.assert_close(codec.decode(gen), data["gen_wav"], **CLOSE)
    torch.testing.assert_close(codec.decode(full), data["concat_wav"], **CLOSE)
    heard = data["concat_wav"][prompt.shape[1] * codec.hop :]
    torch.testing.assert_close(torch.cat(sound), heard, **CLOSE)


@pytest.mark.parametrize("name", [E2E["checkpoint"], f"{E2E['checkpoint']}.pth"])
def test_prefill_equals_the_original(name):
    data = arrays("forward.npz")
    network = Network(load_checkpoint(VOICECRAFT / name))
    text = network.embed_text(data["x"].tolist())
    audio = network.embed_columns(delay_prompt(data["y"], network.config.empty))
    torch.testing.assert_close(text[0], data["x_emb"], **CLOSE)
    torch.testing.assert_close(audio[0], data["y_emb"], **CLOSE)
    n_text, n = text.shape[1], text.shape[1] + audio.shape[1]
    cache = network.make_cache(1, n)
    hidden = network.extend(torch.cat([text, audio], 1), cache)[0, n_text:]
    torch.testing.assert_close(hidden, data["audio_hidden"], **CLOSE)
    torch.testing.assert_close(network.logits(hidden), data["logits"], **CLOSE)
    kept = torch.stack(
        [torch.stack([k[0], v[0]]) for k, v in zip(cache.keys, cache.values, strict=True)]
    )
    torch.testing.assert_close(kept, data["kv"], **CLOSE)


def test_plain_prefill_equals_the_original(tiny):
    data = arrays("forward.npz")
    net = PlainVoiceCraft(tiny)
    z = net.delayed(data["y"])[:, : data["y"].shape[1] + 1]
    text = net.text_input(data["x"].tolist())
    audio = torch.stack([net.audio_input(z[:, s], s) for s in range(z.shape[1])])
    with torch.no_grad():
        hidden, past, outputs = net.run(torch.cat([text, audio])[None], None)
        torch.testing.assert_close(net.heads(hidden[0, len(text) :]), data["logits"], **CLOSE)
    torch.testing.assert_close(torch.cat(outputs), data["layer_out"], **CLOSE)
    torch.testing.assert_close(torch.cat([p.transpose(0, 1) for p in past]), data["kv"], **CLOSE)


@pytest.mark.parametrize("case", json.loads((VOICECRAFT / "pattern.json").read_text("utf-8")))
def test_delay_pattern_equals_the_original(case):
    codes = torch.tensor(case["codes"])
    columns = delay(codes, case["special_token"])
    assert columns.tolist() == case["shifted"]
    assert delay_prompt(codes, case["special_token"]).tolist() == case["tts_prompt"]
    assert undelay(columns).tolist() == case["reverted"]


@pytest.mark.parametrize(
    "number", range(len(json.loads((VOICECRAFT / "sampling.json").read_text())))
)
def test_filters_equal_the_original(number):
    wish = json.loads((VOICECRAFT / "sampling.json").read_text("utf-8"))[number]
    data = arrays("sampling.npz")
    kept = keep_likely(data["logits"], **wish)
    theirs, probs = data["filtered"][number], data["probs"][number]
    for row in range(len(kept)):
        ours_finite, theirs_finite = kept[row].isfinite(), theirs[row].isfinite()
        assert ours_finite.sum() == theirs_finite.sum()
        if row in {1, 2} and wish["top_p"] < 1:
            continue  # of equal logits either may stay
        assert torch.equal(ours_finite, theirs_finite)
        torch.testing.assert_close(kept[row].softmax(-1), probs[row], atol=1e-6, rtol=0)


@pytest.mark.parametrize("case", EDITS, ids=by_name)
def test_editing_equals_the_original_with_its_draws(case):
    data = arrays(f"gen/{case['name']}.npz")
    network = Watched(checkpoint_of(case))
    adjusted = []

    def draw(logits):
        adjusted.append(logits)
        return data["drawn"][len(adjusted) - 1]

    spans = [tuple(span) for span in case["mask_interval"]]
    full = edit(network, case["x"], torch.tensor(case["y"]), spans, options_of(case), draw=draw)
    for s in range(case["n_steps"]):
        torch.testing.assert_close(network.raw[s], data["logits_raw"][s], **CLOSE)
    assert len(network.raw) == case["n_steps"]
    assert torch.equal(full, data["full"])
