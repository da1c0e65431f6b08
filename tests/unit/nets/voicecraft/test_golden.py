"""The network equals the original program on its own data: the plain form and the fast one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from imagecraft_desktop.nets.voicecraft import edit as editing
from imagecraft_desktop.nets.voicecraft.codec import load_codec
from imagecraft_desktop.nets.voicecraft.generate import Options, Utterance
from imagecraft_desktop.nets.voicecraft.load import Checkpoint, load_checkpoint
from imagecraft_desktop.nets.voicecraft.model import Network
from imagecraft_desktop.nets.voicecraft.pattern import delay, delay_prompt, undelay
from imagecraft_desktop.nets.voicecraft.rules import Rules
from imagecraft_desktop.nets.voicecraft.sampling import Draw, keep_likely
from tests.golden import CODECS, VOICECRAFT
from tests.reference.voicecraft import Draw as PlainDraw
from tests.reference.voicecraft import (
    PlainVoiceCraft,
    Trace,
    plain_draw,
    plain_edit,
    plain_likely,
    plain_speech,
    spoken,
)

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


def spans_of(case: dict) -> list[tuple[int, int]]:
    return [(a, b) for a, b in case["mask_interval"]]


def plain_run(case: dict, draw: PlainDraw, prompt: torch.Tensor | None = None) -> Trace:
    """The plain form says what a case asks for; the prompt is the case's own if none is given."""
    return plain_speech(
        PlainVoiceCraft(checkpoint_of(case)),
        case["x"],
        torch.tensor(case["y"]) if prompt is None else prompt,
        batch=case.get("batch_size", 1),
        stop_repetition=case["stop_repetition"],
        silence=case["silence_tokens"],
        draw=draw,
    )


def plain_edited(case: dict, draw: PlainDraw) -> tuple[Trace, torch.Tensor]:
    return plain_edit(
        PlainVoiceCraft(checkpoint_of(case)),
        case["x"],
        torch.tensor(case["y"]),
        spans_of(case),
        stop_repetition=case["stop_repetition"],
        silence=case["silence_tokens"],
        draw=draw,
    )


def plain_draw_of(case: dict) -> PlainDraw:
    return plain_draw(case["top_k"], case["top_p"], case["temperature"], case["seed"])


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
    config = load_checkpoint(VOICECRAFT / case["checkpoint"]).config
    # ours forbids all special ids but the end, theirs not all of them
    never = [i for i in range(config.n_codes, config.n_classes) if i != case["end_token"]]
    for s, rows in enumerate(matter(case, data)):
        torch.testing.assert_close(raw[s][rows], data["logits_raw"][s][rows], **CLOSE)
        theirs = data["logits_adj"][s][rows]
        theirs[..., never] = -10000
        # what must not come is minus infinity in ours
        torch.testing.assert_close(adjusted[s][rows].clamp_min(-10000), theirs, **CLOSE)
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
    trace = plain_run(case, lambda step, _: data["drawn"][step])
    assert trace.keep == case.get("keep", 0)
    tokens = torch.stack(trace.tokens)[:, trace.keep].T
    compare(case, data, trace.raw, trace.adjusted, tokens)
    assert torch.equal(spoken(tokens), data["gen"])


@pytest.mark.parametrize("case", SPEECH, ids=by_name)
def test_plain_form_draws_what_the_original_drew_from_the_same_seed(case):
    data = arrays(f"gen/{case['name']}.npz")
    trace = plain_run(case, plain_draw_of(case))
    assert trace.keep == case.get("keep", 0)
    tokens = torch.stack(trace.tokens)[:, trace.keep].T
    assert torch.equal(tokens, data["tokens"][:, trace.keep].T)
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


def test_from_a_recording_to_speech_the_plain_form_equals_the_original():
    """The codec takes each sound as a whole."""
    data, codec = arrays("e2e.npz"), load_codec(CODECS[0].files[0])
    prompt = codec.encode(data["wav"])
    trace = plain_run(E2E, plain_draw_of(E2E), prompt)
    gen = spoken(torch.cat(trace.tokens).T)
    assert torch.equal(gen, data["gen"])
    full = torch.cat([prompt, gen], 1)
    assert torch.equal(full, data["full"])
    torch.testing.assert_close(codec.decode(gen), data["gen_wav"], **CLOSE)
    torch.testing.assert_close(codec.decode(full), data["concat_wav"], **CLOSE)


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
    kept = torch.stack([torch.cat(pair) for pair in zip(*cache.filled(), strict=True)])
    torch.testing.assert_close(kept, data["kv"], **CLOSE)


def test_plain_prefill_equals_the_original(tiny):
    data = arrays("forward.npz")
    net = PlainVoiceCraft(tiny)
    z = net.delayed(data["y"])[:, : data["y"].shape[1] + 1]
    text = net.text_input(data["x"].tolist())
    audio = torch.stack([net.audio_input(z[:, s], s) for s in range(z.shape[1])])
    torch.testing.assert_close(text, data["x_emb"], **CLOSE)
    torch.testing.assert_close(audio, data["y_emb"], **CLOSE)
    with torch.no_grad():
        hidden, past, outputs = net.run(torch.cat([text, audio])[None], None)
        torch.testing.assert_close(hidden[0, len(text) :], data["audio_hidden"], **CLOSE)
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


@pytest.mark.parametrize("case", json.loads((VOICECRAFT / "pattern.json").read_text("utf-8")))
def test_plain_delay_pattern_equals_the_original(tiny, case):
    filled = replace(tiny, config=replace(tiny.config, empty=case["special_token"]))
    columns = PlainVoiceCraft(filled).delayed(torch.tensor(case["codes"]))
    assert columns.tolist() == case["shifted"]
    assert columns[:, : case["T"] + 1].tolist() == case["tts_prompt"]
    # what is generated begins after the empty column, and has one more for the end
    generated = torch.cat([columns[:, 1:], columns[:, :1]], 1)
    assert spoken(generated).tolist() == case["reverted"]


def plain_filter(logits: torch.Tensor, **wish: float) -> torch.Tensor:
    return torch.stack([plain_likely(row, **wish) for row in logits])


@pytest.mark.parametrize("keep", [keep_likely, plain_filter])
@pytest.mark.parametrize(
    "number", range(len(json.loads((VOICECRAFT / "sampling.json").read_text())))
)
def test_filters_equal_the_original(number, keep):
    wish = json.loads((VOICECRAFT / "sampling.json").read_text("utf-8"))[number]
    data = arrays("sampling.npz")
    kept = keep(data["logits"], **wish)
    theirs, probs = data["filtered"][number], data["probs"][number]
    for row in range(len(kept)):
        ours_finite, theirs_finite = kept[row].isfinite(), theirs[row].isfinite()
        assert ours_finite.sum() == theirs_finite.sum()
        if row in {1, 2} and wish["top_p"] < 1:
            continue  # of equal logits either may stay
        assert torch.equal(ours_finite, theirs_finite)
        torch.testing.assert_close(kept[row].softmax(-1), probs[row], atol=1e-6, rtol=0)


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[torch.Tensor]:
    """The tokens of each step of editing, (1, K), which it tells nobody."""
    found = []

    class NotedRules(Rules):
        def next(self, logits: torch.Tensor, draw: Draw) -> torch.Tensor:
            found.append(super().next(logits, draw))
            return found[-1]

    monkeypatch.setattr(editing, "Rules", NotedRules)
    return found


@pytest.mark.parametrize("case", EDITS, ids=by_name)
def test_editing_equals_the_original_with_its_draws(case, settled):
    data = arrays(f"gen/{case['name']}.npz")
    network = Watched(checkpoint_of(case))
    adjusted = []

    def draw(logits):
        adjusted.append(logits)
        return data["drawn"][len(adjusted) - 1]

    codes = torch.tensor(case["y"])
    full = editing.edit(network, case["x"], codes, spans_of(case), options_of(case), draw=draw)
    compare(case, data, network.raw, adjusted, torch.cat(settled).T)
    assert torch.equal(full, data["full"])


@pytest.mark.parametrize("case", EDITS, ids=by_name)
def test_editing_draws_what_the_original_drew_from_the_same_seed(case, settled):
    data = arrays(f"gen/{case['name']}.npz")
    codes = torch.tensor(case["y"])
    network = Network(checkpoint_of(case))
    full = editing.edit(network, case["x"], codes, spans_of(case), options_of(case))
    assert torch.equal(torch.cat(settled).T, data["tokens"][:, 0].T)
    assert torch.equal(full, data["full"])


@pytest.mark.parametrize("case", EDITS, ids=by_name)
def test_plain_editing_equals_the_original_with_its_draws(case):
    data = arrays(f"gen/{case['name']}.npz")
    trace, full = plain_edited(case, lambda step, _: data["drawn"][step])
    compare(case, data, trace.raw, trace.adjusted, torch.cat(trace.tokens).T)
    assert torch.equal(full, data["full"])


@pytest.mark.parametrize("case", EDITS, ids=by_name)
def test_plain_editing_draws_what_the_original_drew_from_the_same_seed(case):
    data = arrays(f"gen/{case['name']}.npz")
    trace, full = plain_edited(case, plain_draw_of(case))
    assert torch.equal(torch.cat(trace.tokens), data["tokens"][:, 0])
    assert torch.equal(full, data["full"])
