"""`bench voicecraft`: a tiny network is measured for real, and rows become lines and targets."""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch

from imagecraft_desktop.bench import voicecraft, voicecraft_likeness, voicecraft_steps
from imagecraft_desktop.bench.run import bench
from imagecraft_desktop.bench.voicecraft_network import (
    SIZES,
    TEXT,
    Plan,
    Size,
    make,
    random_checkpoint,
    random_codes,
    random_ids,
)
from imagecraft_desktop.cli.main import make_parser
from imagecraft_desktop.nets.packed import can_pack
from imagecraft_desktop.nets.voicecraft import generate
from imagecraft_desktop.nets.voicecraft.cache import Cache
from imagecraft_desktop.nets.voicecraft.linear import Mode
from imagecraft_desktop.nets.voicecraft.model import Network
from imagecraft_desktop.speak import transcript
from imagecraft_desktop.speak.cutpoint import Word
from tests.tiny_voice import write_model

TINY = Size(64, 2, 4, 128, n_codes=64, n_text=20, codec_filters=4)
PLAN = Plan(TINY, seconds=0.1, read_mb=4, frames=12)
# layers: 4 D^2 for attention, 2 D F forward; heads: K h D and K V' h; biases of all
N_WEIGHTS = 2 * (4 * 64 * 64 + 2 * 64 * 128) + 4 * 32 * 64 + 4 * 68 * 32
N_BIASES = 2 * (4 * 64 + 128 + 64) + 4 * 32 + 4 * 68


def test_the_published_sizes_have_the_published_weights() -> None:
    """Blocks and heads: 314.9 and 822.5 millions."""
    for name, millions in (("330", 314.9), ("830", 822.5)):
        size = SIZES[name]
        layer = 4 * size.d_model**2 + 2 * size.d_model * size.d_inner
        heads = 4 * (size.d_model * 1024 + 1024 * 2052)
        assert (size.n_layers * layer + heads) / 1e6 == pytest.approx(millions, abs=0.5)


def test_a_plan_goes_to_a_child_and_back() -> None:
    assert Plan.from_text(PLAN.to_text()) == PLAN


def test_random_weights_are_the_same_each_time_and_never_end() -> None:
    made = make(PLAN)
    again = random_checkpoint(TINY)
    config = made.checkpoint.config
    assert (config.d_model, config.n_layers, config.n_codes) == (64, 2, 64)
    name = "decoder.layers.1.linear2.weight"
    assert torch.equal(made.checkpoint.tensors[name], again.tensors[name])
    assert float(again.tensors[name].abs().max()) <= 0.03
    assert made.checkpoint.tensors["predict_layer.0.2.bias"][config.end] == -10000
    assert made.codec.n_codes == 64
    assert set(random_ids(config, 50)) <= set(range(20))
    assert random_codes(config, 7).shape == (4, 7)


@pytest.mark.parametrize("mode", [Mode.FP32, Mode.INT8])
def test_a_mode_is_measured(mode: Mode) -> None:
    row = voicecraft_steps.measure(PLAN, str(mode))
    assert (row["mode"], row["d_model"], row["n_layers"], row["n_tries"]) == (mode, 64, 2, 4)
    width = 4 if mode is Mode.FP32 else 2
    if mode is Mode.FP32:
        assert row["weight_bytes"] == 4 * (N_WEIGHTS + N_BIASES)
    else:  # a byte for a weight, two for the scale of an output and for its bias
        assert row["weight_bytes"] == N_WEIGHTS + 4 * N_BIASES
    assert [step["position"] for step in row["steps"]] == [100, 500, 900]
    timed = [row[key] for key in ("first_sound", "prefill", "pass", "tries")]
    attentions = [step["attention"] for step in row["steps"]]
    for figures in [*timed, *row["steps"], *attentions]:
        assert 0 < figures["least_ms"] <= figures["ms"]
        assert figures["count"] >= 3
    # each was taken as often as the others, by turns
    alike = [row["pass"], row["tries"], *row["steps"], *attentions]
    assert len({figures["count"] for figures in alike}) == 1
    for step in row["steps"]:
        # two layers of keys and values, 64 wide
        assert step["bytes"] == row["weight_bytes"] + 2 * 2 * 64 * step["position"] * width
        assert step["bound_ms"] == pytest.approx(step["bytes"] / row["gb_s"] / 1e6, rel=0.05)
        assert 0 < step["attention_share"] < 1
    first, middle, last = row["steps"]
    assert row["flatness_bound"] == pytest.approx(last["bytes"] / first["bytes"], abs=1e-3)
    assert row["real_time_factor"] == pytest.approx(middle["ms"] / 20, abs=1e-3)
    assert row["bound_ratio"] == pytest.approx(middle["ms"] / middle["bound_ms"], rel=0.05)
    for key in ("flatness", "tries_ratio", "pass_ratio", "pack_s", "gb_s", "loaded_mb", "peak_mb"):
        assert row[key] >= 0, key
    assert 0 < row["first_sound_s"] <= 0.5
    assert row["device_peak_mb"] is None
    assert set(row["deaf_ms"]) == {"prompt", "speaking", "sound"}
    assert all(ms > 0 for ms in row["deaf_ms"].values())


@pytest.mark.parametrize("mode", [Mode.FP32, Mode.BF16, Mode.INT8])
def test_arranged_weights_are_put_beside_the_usual_products(mode: Mode) -> None:
    row = voicecraft_steps.measure(PLAN, str(mode))
    usual, own = row["usual_pass"], row["pass"]
    if mode is Mode.BF16 and can_pack():
        assert usual["count"] == own["count"]
        assert 0 < usual["least_ms"] <= usual["ms"]
        assert row["usual_pass_ratio"] > 0
    else:
        assert usual is None
        assert row["usual_pass_ratio"] == row["pass_ratio"]


@pytest.mark.parametrize("position", voicecraft_steps.POSITIONS)
def test_an_utterance_begins_at_its_position(position: int) -> None:
    network = Network(random_checkpoint(TINY))
    filled = []
    made = network.make_cache

    def watched(tries: int, length: int) -> Cache:
        cache = made(tries, length)
        share = cache.share
        cache.share = lambda length: filled.append(length) or share(length)
        return cache

    network.make_cache = watched
    next(voicecraft_steps._begin(network, position, 1).run(block=1))
    assert filled == [position]


def test_modes_are_compared_with_the_exact_network() -> None:
    listener = voicecraft_likeness.Listener(PLAN)
    same = listener.compare("fp32")
    assert (same["same_likeliest"], same["same_draws"]) == (1, 1)
    assert (same["divergence"], same["largest_difference"]) == (0, 0)
    row = listener.compare("bf16")
    assert row["steps"] == 12 - 3
    assert 0.5 < row["same_likeliest"] <= 1
    assert 0.5 < row["same_draws"] <= 1
    assert 0 <= row["divergence"] < 0.01
    assert 0 < row["largest_difference"] < 0.01
    assert row["is_speech"] is False
    assert row["sound_difference"] is None  # the codec knows nothing of these codes
    assert (row["word_error"], row["exact_word_error"]) == (None, None)


@pytest.mark.parametrize(
    ("heard", "error"),
    [
        ("two ships, were LEAVING.", 0),
        ("Two chips were leaving", 0.25),
        ("ships were", 0.5),
        ("Two ships they were leaving now", 0.5),
        ("", 1),
        ("a b c d e f g h", 2),
    ],
)
def test_words_are_wrong_that_are_missing_added_or_others(heard: str, error: float) -> None:
    assert voicecraft_likeness.word_error(heard, "Two ships were leaving.") == error


@pytest.fixture
def tiny_checkpoint(tmp_path: Path) -> Plan:
    return replace(PLAN, checkpoint=str(write_model(tmp_path / "model")))


def test_a_sentence_of_each_mode_is_transcribed(tiny_checkpoint: Plan) -> None:
    """Random weights say no word: of none that was wanted one is right, or next to none."""
    row = voicecraft_likeness.Listener(tiny_checkpoint).compare("bf16")
    assert row["is_speech"] is True
    if transcript.is_available():
        assert row["word_error"] >= 0.8
        assert row["exact_word_error"] >= 0.8
    else:
        assert (row["word_error"], row["exact_word_error"]) == (None, None)


@pytest.mark.usefixtures("heard_as_written")
def test_what_is_heard_is_compared_with_the_sentence_that_was_to_be_said(
    tiny_checkpoint: Plan,
) -> None:
    assert voicecraft_likeness.Listener(tiny_checkpoint).compare("bf16")["word_error"] == 0


@pytest.fixture
def heard_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """A listener who knows what should be said: no network small enough for a test says it."""
    words = [Word(word, 0.0, 1.0) for word in TEXT.split()]
    monkeypatch.setattr(transcript, "is_available", lambda: True)
    monkeypatch.setattr(transcript, "transcribe_words", lambda _: words)


def test_without_whisper_no_word_is_counted(
    tiny_checkpoint: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcript, "is_available", lambda: False)
    row = voicecraft_likeness.Listener(tiny_checkpoint).compare("bf16")
    assert (row["word_error"], row["is_speech"]) == (None, True)
    assert "Whisper is not installed" in voicecraft._likeness_lines([row])[-1]


def test_the_machine_is_described_with_its_modes() -> None:
    facts = voicecraft_steps.describe("cpu")
    assert facts["modes"][:2] == ["fp32", "bf16"]
    assert "fp16" not in facts["modes"]
    assert facts["torch"] == torch.__version__


# --- targets and lines ---


def _row(mode: str, ms: float, size: str = "330", device: str = "cpu", **others: object) -> dict:
    spread = {"ms": ms, "least_ms": ms - 1, "count": 10}
    attention = {"attention": {"ms": ms / 8, "least_ms": ms / 9}, "attention_share": 0.125}
    bound = {"bytes": 3e8, "bound_ms": ms / 2}
    steps = [{"position": at, **spread, **bound, **attention} for at in (100, 500, 900)]
    row = {
        "mode": mode,
        "device": device,
        "d_model": SIZES[size].d_model,
        "n_layers": SIZES[size].n_layers,
        "steps": steps,
        "tries": spread,
        "n_tries": 4,
        "pass": spread,
        "usual_pass": None,
        "prefill": spread,
        "first_sound": {"ms": 140.0},
        "flatness": 1.1,
        "flatness_bound": 1.05,
        "tries_ratio": 1.2,
        "pass_ratio": 1.25,
        "usual_pass_ratio": 1.25,
        "bound_ratio": 2.0,
        "real_time_factor": ms / 20,
        "gb_s": 17.3,
        "pack_s": 1.5,
        "load_peak_mb": 900,
        "loaded_mb": 700,
        "peak_mb": 800,
        "device_peak_mb": None,
        "deaf_ms": {"prompt": 90.0, "speaking": 120.0, "sound": 40.0},
    }
    return row | others


def _met(rows: list[dict], card: str = "") -> dict[str, bool]:
    return {target.name: target.is_met for target in voicecraft.targets(rows, card)}


def test_the_fastest_mode_of_the_small_size_shall_speak_in_real_time() -> None:
    rows = [
        _row("fp32", 80, usual_pass_ratio=1.4),
        _row("bf16", 38, tries_ratio=1.6),
        _row("int4", 19),
    ]
    assert _met(rows) == {
        "best_step_ms": True,
        "fp32_pass_ratio": False,
        "bf16_pass_ratio": True,
        "bf16_tries_ratio": False,
        "deaf_ms": True,
        "flatness": True,
    }
    assert not _met([_row("int8", 21, flatness=1.2)])["best_step_ms"]
    assert not _met([_row("int8", 21, flatness=1.2)])["flatness"]


def test_the_large_size_has_a_target_of_its_own() -> None:
    met = _met([_row("int8", 59, size="830", usual_pass_ratio=1.6)])
    assert met == {
        "int8_step_ms": True,
        "int8_pass_ratio": False,
        "deaf_ms": True,
        "flatness": True,
    }


def test_the_longest_time_without_a_look_at_a_cancel_is_the_worst_of_all_parts_and_modes() -> None:
    late = {"prompt": 90.0, "speaking": 40.0, "sound": 201.0}
    assert not _met([_row("fp32", 80), _row("int8", 21, deaf_ms=late)])["deaf_ms"]
    lines = voicecraft._deaf_lines([_row("int8", 21, deaf_ms=late)])
    assert lines[1].split() == ["int8", "90", "40", "201"]


def test_a_graphics_card_has_other_targets() -> None:
    met = _met([_row("bf16", 0.8, size="830", device="cuda", tries_ratio=2.5)])
    assert met == {
        "bf16_bound_ratio": True,
        "bf16_tries_ratio": False,
        "first_sound_ms": True,
        "deaf_ms": True,
        "flatness": True,
    }


@pytest.mark.parametrize(
    ("ms", "step", "factor"), [(0.8, True, True), (0.9, False, True), (1.1, False, False)]
)
def test_an_h200_has_two_targets_more(ms: float, step: bool, factor: bool) -> None:
    rows = [_row("bf16", ms, size="830", device="cuda")]
    met = _met(rows, "NVIDIA H200")
    assert (met["bf16_step_ms"], met["bf16_real_time_factor"]) == (step, factor)
    assert met.keys() - _met(rows, "NVIDIA A100 80GB PCIe").keys() == {
        "bf16_step_ms",
        "bf16_real_time_factor",
    }
    (line,) = (
        t.line() for t in voicecraft.targets(rows, "NVIDIA H200") if t.name == "bf16_step_ms"
    )
    assert f"{ms:.2f} milliseconds. Target: at most 0.8 milliseconds." in line


def test_a_checkpoint_of_another_size_is_only_asked_to_be_flat() -> None:
    row = _row("fp32", 1.0, d_model=32) | {"d_model": 32}
    assert voicecraft.size_of(row) is None
    assert set(_met([row])) == {"deaf_ms", "flatness"}
    assert voicecraft.targets([]) == []


def test_rows_become_columns_under_a_sentence_that_names_them() -> None:
    rows = [_row("fp32", 80), _row("bf16", 40, usual_pass={"ms": 50}, usual_pass_ratio=0.8)]
    steps = voicecraft._step_lines(rows)
    assert "4 tries at once" in steps[0]
    assert steps[1].split() == [
        "fp32",
        "80.00",
        "80.00",
        "80.00",
        "79.00",
        "1.10",
        "80.00",
        "1.20",
        "4.00",
    ]
    bounds = voicecraft._bound_lines(rows)
    read = ["300", "17.3", "20.00", "2.00"]
    assert bounds[1].split()[4:] == ["none", "1.25", "300", "17.3", "40.00", "2.00"]
    assert bounds[2].split() == ["bf16", "40.00", "39.00", "1.25", "50.00", "0.80", *read]
    attention = voicecraft._attention_lines(rows)
    assert attention[2].split() == ["bf16", *["5.00"] * 3, *["12"] * 3, "1.10", "1.05"]
    start = voicecraft._start_lines(rows)
    assert start[1].split() == ["fp32", "1.5", "80", "140", "900", "700", "800", "none"]
    for lines in (steps, bounds, attention, start):  # a column is named for each figure
        assert lines[0].partition("Columns: ")[2].count(",") == len(lines[1].split()) - 1


def test_of_steps_that_look_at_all_the_room_no_attention_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a graphics card the steps are static; what a position must read is not what they do."""
    monkeypatch.setattr(generate, "Utterance", partial(generate.Utterance, is_static=True))
    row = voicecraft_steps._steps(Network(random_checkpoint(TINY)), PLAN)
    assert row["flatness_bound"] is None
    assert {step["attention"] for step in row["steps"]} == {None}
    assert {step["attention_share"] for step in row["steps"]} == {None}
    assert row["flatness"] > 0
    assert voicecraft._attention_lines([row]) == []


def test_likeness_without_speech_says_what_it_is_worth() -> None:
    row = {
        "mode": "int8",
        "is_speech": False,
        "steps": 97,
        "same_likeliest": 0.956,
        "same_draws": 0.98,
        "divergence": 0.000123,
        "largest_difference": 0.01,
        "sound_difference": None,
        "word_error": None,
        "exact_word_error": None,
    }
    heading, figures, note, words = voicecraft._likeness_lines([row])
    assert "97 steps" in heading
    assert figures.split() == ["int8", "95.6", "98.0", "0.00012", "0.01", "none"]
    assert heading.partition("Columns: ")[2].count(",") == len(figures.split()) - 1
    assert "only tells what rounding does" in note
    assert "random sounds have none" in words
    heard = row | {"is_speech": True, "word_error": 0.1333, "exact_word_error": 0.0667}
    *_, heading, figures = voicecraft._likeness_lines([heard])
    assert figures.split() == ["int8", "13.3", "6.7"]
    assert heading.partition("Columns: ")[2].count(",") == len(figures.split()) - 1


# --- the command line ---


def _wish(*words: str) -> argparse.Namespace:
    return make_parser().parse_args(["bench", *words])


def test_the_plan_is_that_of_the_command_line(tmp_path: Path) -> None:
    assert voicecraft.plan_of(_wish("voicecraft")) == Plan(SIZES["330"])
    wish = _wish("voicecraft", "--size", "830", "--device", "cuda", "--checkpoint", str(tmp_path))
    assert voicecraft.plan_of(wish) == Plan(SIZES["830"], "cuda", checkpoint=str(tmp_path))


def test_json_without_a_file_goes_to_the_output() -> None:
    assert _wish("voicecraft", "--json").json == "-"
    assert _wish("voicecraft", "--json", "a.json").json == "a.json"
    assert _wish("voicecraft").json is None


@pytest.mark.parametrize(
    ("words", "status", "part"),
    [
        (["--mode", "int8"], 2, "--mode"),
        (["voicecraft", "pictures"], 2, "no folders"),
        (["voicecraft", "--only", "ocr"], 2, "--only"),
        (["voicecraft", "--checkpoint", "/no/such/folder"], 3, "/no/such/folder"),
    ],
)
def test_words_that_do_not_fit_are_told(
    words: list[str], status: int, part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench(_wish(*words)) == status
    assert part in capsys.readouterr().err


def test_a_child_that_dies_costs_only_its_mode() -> None:
    class Dead:
        def ask(self, question: str) -> dict:
            raise RuntimeError("a.module: Traceback\nMemoryError: too large")

    class Told:
        def ask(self, question: str) -> dict:
            return {"error": "The voice model x is damaged."}

    row = voicecraft._asked(Dead(), "fp32")
    assert row == {"mode": "fp32", "error": "MemoryError: too large"}
    with pytest.raises(voicecraft.NotHere, match="damaged"):
        voicecraft._asked(Told(), "fp32")
