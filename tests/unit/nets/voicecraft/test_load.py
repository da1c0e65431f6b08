"""A checkpoint is read whole, or refused with the name of what is wrong; nothing in it is run, and
what it claims is never taken for granted."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import random
import re
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path, PureWindowsPath
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from imagecraft_desktop.errors import VoiceDamaged
from imagecraft_desktop.nets.voicecraft import linear
from imagecraft_desktop.nets.voicecraft.load import Checkpoint, load_checkpoint
from imagecraft_desktop.nets.voicecraft.model import Network
from tests.cancelling import watch
from tests.golden import VOICECRAFT
from tests.unit.nets.voicecraft.tiny import (
    make_config,
    make_tensors,
    save_folder,
    save_pth,
    write_checkpoint,
    write_pth,
)

SMALL: dict[str, Any] = {"d_model": 8, "n_heads": 2, "n_codes": 6}
CONFIG = make_config(**SMALL)
TENSORS = make_tensors(CONFIG)
NEEDED = sorted(set(TENSORS) - {"eog", "eos"})
W = "decoder.layers.1.linear2.weight"
ONE_OF_EACH = [one for one in NEEDED if not re.search(r"layers\.0|(embedding|layer)\.[012]", one)]
INF, NAN = float("inf"), float("nan")


def _refusal(path: Path) -> str:
    """The reason why a checkpoint is refused."""
    with pytest.raises(VoiceDamaged) as caught:
        load_checkpoint(path)
    reason = str(caught.value.words["reason"])
    assert caught.value.words["name"] == path.name
    assert path.name in caught.value.spoken
    assert reason in caught.value.spoken
    return reason


def _is_same(found: Checkpoint) -> bool:
    return all(torch.equal(found.tensors[name], TENSORS[name]) for name in NEEDED)


@pytest.mark.parametrize("has_eos", [True, False])
def test_both_forms_hold_the_same(tmp_path: Path, has_eos: bool) -> None:
    folder = load_checkpoint(write_checkpoint(tmp_path / "voice", has_eos=has_eos, **SMALL))
    file = load_checkpoint(write_pth(tmp_path / "voice.pth", has_eos=has_eos, **SMALL))
    assert folder.config == file.config
    assert folder.config.end == (9 if has_eos else 7)
    assert set(folder.tensors) == set(file.tensors) == set(NEEDED)
    assert all(torch.equal(folder.tensors[name], file.tensors[name]) for name in NEEDED)


@pytest.mark.parametrize("name", ["tiny", "tiny.pth"])
def test_the_golden_checkpoint_has_nothing_that_is_not_looked_at(name: str) -> None:
    found = load_checkpoint(VOICECRAFT / name)
    assert found.config.phn2num["_"] == 0
    assert found.config.n_codes == 64
    assert all(one.dtype == torch.float32 for one in found.tensors.values())


def test_the_config_of_an_old_file_may_be_a_mapping(tmp_path: Path) -> None:
    assert _is_same(load_checkpoint(save_pth(tmp_path / "a.pth", CONFIG, TENSORS, config=CONFIG)))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a mapped file cannot be written to")
def test_weights_are_not_copied_into_memory(tmp_path: Path) -> None:
    """They stay mapped: what is written into the file afterwards is seen."""
    folder = write_checkpoint(tmp_path / "voice", **SMALL)
    file = write_pth(tmp_path / "voice.pth", **SMALL)
    for path, mapped in ((folder, folder / "model.safetensors"), (file, file)):
        found = load_checkpoint(path)
        content = mapped.read_bytes()
        part = TENSORS[W].numpy().tobytes()
        assert content.count(part) == 1
        with mapped.open("r+b") as stream:
            stream.seek(content.index(part))
            stream.write(bytes(len(part)))
        assert not found.tensors[W].any()


# --- configuration ---


@pytest.mark.parametrize(
    "key",
    [
        "d_model",
        "nhead",
        "num_decoder_layers",
        "n_codebooks",
        "audio_vocab_size",
        "n_special",
        "empty_token",
        "eog",
        "eos",
        "encodec_sr",
        "text_vocab_size",
        "max_n_spans",
    ],
)
def test_a_number_that_cannot_be_is_refused_before_anything_is_allocated(
    tmp_path: Path, key: str
) -> None:
    folder = save_folder(tmp_path / "voice", CONFIG, TENSORS)
    may_be_absent = key in {"eos", "max_n_spans", "n_special"}
    wrong: list[object] = [10**9, 10**30, "9" * 5000, -5, 2.5, INF, -INF, NAN, 1e300]
    wrong += ["x", "", [], {}, [5], "1e9"]
    if not may_be_absent:
        wrong += [0, None]
    for value in wrong:
        if key == "eos" and value == -5:  # any number below 1 says that there is none
            continue
        (folder / "config.json").write_text(json.dumps(CONFIG | {key: value}), "utf-8")
        reason = _refusal(folder)
        # another key or a tensor may be the first to contradict it
        assert any(one in reason for one in ("tensor ", *CONFIG)), (value, reason)
    left = {one: value for one, value in CONFIG.items() if one != key}
    (folder / "config.json").write_text(json.dumps(left), "utf-8")
    if may_be_absent and key != "n_special":
        assert _is_same(load_checkpoint(folder))
    else:
        _refusal(folder)


def test_numbers_may_be_strings_or_have_a_point(tmp_path: Path) -> None:
    given = {k: str(v) if isinstance(v, int) else v for k, v in CONFIG.items()}
    given |= {"d_model": 8.0, "args": None, "reduced_eog": True, "text_vocab_size": "100"}
    assert _is_same(load_checkpoint(save_folder(tmp_path / "voice", given, TENSORS)))


@pytest.mark.parametrize("value", [None, 3, 0])
def test_special_ids_are_three_where_their_number_is_not_told(
    tmp_path: Path, value: int | None
) -> None:
    given = make_config(has_eos=False, **SMALL) | {"eos": None, "n_special": value}
    folder = save_folder(tmp_path / "voice", given, make_tensors(given))
    assert load_checkpoint(folder).config.n_classes == 9


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"special_first": 1}, "special_first is on"),
        ({"special_first": "x"}, "special_first is no whole number"),
        ({"special_first": INF}, "special_first is no whole number"),
        ({"empty_token": 5}, "empty_token is not among the special ids"),
        ({"eog": 10}, "eog is not"),
        ({"eos": 10}, "eos is not"),
        ({"nhead": 3}, "d_model cannot be shared"),
        ({"num_decoder_layers": 1}, "more layers than the 1"),
        ({"num_decoder_layers": 3}, "tensor decoder.layers.2"),
        ({"num_decoder_layers": 10**9}, "num_decoder_layers"),
        ({"n_codebooks": 3}, "more codebooks than the 3"),
        ({"n_codebooks": 5}, "tensor audio_embedding.4"),
        ({"n_codebooks": 10**9}, "n_codebooks"),
        ({"encodec_sr": 10**9}, "encodec_sr is above"),
        ({"phn2num": None}, "phn2num is missing"),
        ({"phn2num": {}}, "phn2num is missing"),
        ({"phn2num": [1, 2]}, "phn2num is missing"),
        ({"phn2num": "abc"}, "phn2num is missing"),
        ({"phn2num": {"a": -1}}, "phn2num has an id"),
        ({"phn2num": {"a": 101}}, "phn2num has an id"),
        ({"phn2num": {"a": 10**30}}, "phn2num has an id"),
        ({"phn2num": {"a": "x"}}, "phn2num is no whole number"),
        ({"phn2num": {"a": None}}, "phn2num is no whole number"),
        ({"phn2num": {"a": [1]}}, "phn2num is no whole number"),
        ({"phn2num": {"a": INF}}, "phn2num is no whole number"),
        ({"phn2num": {"a": 0.5}}, "phn2num is no whole number"),
    ],
)
def test_a_configuration_that_is_not_of_these_tensors_is_named(
    tmp_path: Path, change: dict[str, Any], named: str
) -> None:
    assert named in _refusal(save_folder(tmp_path / "voice", CONFIG | change, TENSORS))
    assert named in _refusal(save_pth(tmp_path / "voice.pth", CONFIG | change, TENSORS))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"3",
        b'"words"',
        b"\x00\xff\xfe",
        b"[" * 100_000,
        b'{"d_model":' * 100_000,
        b'{"d_model": ' + b"9" * 10_000 + b"}",
    ],
    ids=lambda content: repr(content[:9]),
)
def test_a_configuration_that_is_none_is_named(tmp_path: Path, content: bytes) -> None:
    folder = save_folder(tmp_path / "voice", CONFIG, TENSORS)
    (folder / "config.json").write_bytes(content)
    assert "config.json" in _refusal(folder)


# --- tensors ---


def test_a_missing_tensor_is_named(tmp_path: Path) -> None:
    for name in NEEDED:
        rest = {key: value for key, value in TENSORS.items() if key != name}
        assert f"tensor {name} is missing" in _refusal(save_folder(tmp_path / name, CONFIG, rest))


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_a_wrong_shape_and_wrong_values_are_named(tmp_path: Path, name: str) -> None:
    good = TENSORS[name]
    last = [0] * good.ndim
    wrongs = (
        torch.cat([good, good]),
        good[:0],
        good[None],
        good.flatten()[0],
        good.index_put([torch.tensor([one - 1]) for one in good.shape], torch.tensor(NAN)),
        good.index_put([torch.tensor([one]) for one in last], torch.tensor(INF)),
        good.to(torch.int32),
        good.to(torch.bool),
        good.to(torch.complex64),
    )
    for number, wrong in enumerate(wrongs):
        folder = save_folder(tmp_path / str(number), CONFIG, TENSORS | {name: wrong})
        reason = _refusal(folder)
        assert name in reason, (wrong.shape, reason)


@pytest.mark.parametrize("name", [W, "decoder.layers.1.linear2.bias"])
def test_large_numbers_are_numbers(tmp_path: Path, name: str) -> None:
    """Their sum is none in float32."""
    large = torch.full_like(TENSORS[name], 3e38)
    folder = save_folder(tmp_path / "voice", CONFIG, TENSORS | {name: large})
    assert torch.equal(load_checkpoint(folder).tensors[name], large)
    wide = large.double()
    wide.view(-1)[-1] = 1e39  # the network computes with less
    folder = save_folder(tmp_path / "wide", CONFIG, TENSORS | {name: wide})
    assert f"tensor {name} has values that are no numbers" in _refusal(folder)


@pytest.mark.parametrize(
    "change",
    [
        {W: TENSORS[W].T.contiguous()},
        {
            "predict_layer.1.0.weight": TENSORS["predict_layer.1.2.weight"],
            "predict_layer.1.2.weight": TENSORS["predict_layer.1.0.weight"],
        },
        {
            "decoder.layers.0.linear1.weight": TENSORS["decoder.layers.0.linear2.weight"],
            "decoder.layers.0.linear2.weight": TENSORS["decoder.layers.0.linear1.weight"],
        },
    ],
)
def test_swapped_tensors_are_named(tmp_path: Path, change: dict[str, Tensor]) -> None:
    reason = _refusal(save_folder(tmp_path / "voice", CONFIG, TENSORS | change))
    assert reason.startswith("tensor ")
    assert " and should be " in reason


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("decoder.layers.2.linear1.weight", "more layers"),
        ("audio_embedding.4.word_embeddings.weight", "more codebooks"),
    ],
)
def test_an_extra_layer_or_codebook_is_told(tmp_path: Path, name: str, named: str) -> None:
    more = TENSORS | {name: torch.zeros(3)}
    assert named in _refusal(save_folder(tmp_path / "voice", CONFIG, more))


def test_what_only_training_needs_is_ignored(tmp_path: Path) -> None:
    more = TENSORS | {"accuracy.total": torch.tensor(NAN), "eos": torch.zeros(9)}
    assert _is_same(load_checkpoint(save_folder(tmp_path / "voice", CONFIG, more)))
    assert _is_same(load_checkpoint(save_pth(tmp_path / "a.pth", CONFIG, more, scheduler=[1])))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_are_taken(tmp_path: Path, dtype: torch.dtype) -> None:
    other = {k: v.to(dtype) if v.is_floating_point() else v for k, v in TENSORS.items()}
    found = load_checkpoint(save_folder(tmp_path / "voice", CONFIG, other))
    hidden = torch.zeros(1, 8)
    exact = Network(load_checkpoint(save_folder(tmp_path / "exact", CONFIG, TENSORS)))
    near = Network(found).logits(hidden)
    torch.testing.assert_close(near, exact.logits(hidden), atol=0.02, rtol=0)


@pytest.mark.parametrize(
    "wrong",
    [
        TENSORS[W].to_sparse(),
        TENSORS[W].to("meta"),
        torch.zeros(1, 1).expand(8, 32),
    ],
    ids=["sparse", "without values", "one number"],
)
def test_a_tensor_that_claims_more_than_the_file_holds_is_named(
    tmp_path: Path, wrong: Tensor
) -> None:
    assert W in _refusal(save_pth(tmp_path / "voice.pth", CONFIG, TENSORS | {W: wrong}))


def test_a_small_file_cannot_ask_for_a_large_network(tmp_path: Path) -> None:
    """All sizes agree, and every tensor is one number."""
    wide = 10**9
    given = CONFIG | {"d_model": wide}
    one = torch.zeros(1)
    tensors = {
        name: one.expand([wide if n == 8 else 3 * wide if n == 24 else n for n in value.shape])
        for name, value in TENSORS.items()
        if value.is_floating_point()
    }
    file = save_pth(tmp_path / "voice.pth", given, tensors)
    assert file.stat().st_size < 10**5
    assert "claims more numbers than the file holds" in _refusal(file)


def test_parameters_are_taken_as_tensors(tmp_path: Path) -> None:
    made = save_pth(tmp_path / "a.pth", CONFIG, TENSORS | {W: torch.nn.Parameter(TENSORS[W])})
    assert not load_checkpoint(made).tensors[W].requires_grad


# --- files ---


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    assert "No such file" in _refusal(tmp_path / "nothing.pth")
    assert "config.json" in _refusal(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps(CONFIG), "utf-8")
    assert "model.safetensors" in _refusal(tmp_path)
    (tmp_path / "model.safetensors").mkdir()
    assert "model.safetensors" in _refusal(tmp_path)


@pytest.mark.parametrize("part", [0, 4, 8, 30, 0.02, 0.3, 0.7, 0.99, -1])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, part: float) -> None:
    folder = write_checkpoint(tmp_path / "voice", **SMALL)
    file = write_pth(tmp_path / "voice.pth", **SMALL)
    for path, cut in ((folder, folder / "model.safetensors"), (file, file)):
        content = cut.read_bytes()
        length = int(part * len(content)) if 0 < part < 1 else int(part)
        # mapped files are replaced, never changed
        cut.unlink()
        cut.write_bytes(content[:length])
        assert "cannot be read" in _refusal(path)


@pytest.mark.parametrize("is_within", [False, True])
def test_the_first_tensor_that_is_cut_off_is_named(tmp_path: Path, is_within: bool) -> None:
    folder = write_checkpoint(tmp_path / "voice", **SMALL)
    file = folder / "model.safetensors"
    content = file.read_bytes()
    begin = content.index(TENSORS[W].numpy().tobytes())
    file.unlink()
    file.write_bytes(content[: begin + 4 * is_within])
    reason = _refusal(folder)
    assert reason == f"model.safetensors cannot be read: it ends before tensor {W} does"


@pytest.mark.parametrize(
    "header",
    [
        b"[]",
        b'{"a": 5}',
        b'{"a": {"data_offsets": 5}}',
        b'{"a": {"data_offsets": []}}',
        b'{"a": {"data_offsets": ["x", "y"]}}',
        b'{"a": {"data_offsets": [0, 8]}, "b": {"data_offsets": null}}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
    ids=lambda header: repr(header[:40]),
)
def test_a_header_that_makes_no_sense_is_refused(tmp_path: Path, header: bytes) -> None:
    (tmp_path / "config.json").write_text(json.dumps(CONFIG), "utf-8")
    file = tmp_path / "model.safetensors"
    file.write_bytes(len(header).to_bytes(8, "little") + header)
    assert _refusal(tmp_path) == "model.safetensors cannot be read"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"words",
        b"\x80\x02]q\x00.",  # an empty list, pickled
        b"PK\x05\x06" + bytes(18),  # an empty zip
        b"\x1f\x8b" + bytes(50),
        b"\xff" * 8 + b"{}",  # a header of 2 ** 64 bytes
        bytes(1000),
    ],
)
def test_another_kind_of_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "voice.pth").write_bytes(content)
    _refusal(tmp_path / "voice.pth")
    (tmp_path / "config.json").write_text(json.dumps(CONFIG), "utf-8")
    (tmp_path / "model.safetensors").write_bytes(content)
    assert "model.safetensors" in _refusal(tmp_path)


def test_a_file_from_before_zips_is_refused(tmp_path: Path) -> None:
    bundle = {"model": TENSORS, "config": argparse.Namespace(**CONFIG)}
    torch.save(bundle, tmp_path / "old.pth", _use_new_zipfile_serialization=False)
    _refusal(tmp_path / "old.pth")


@pytest.mark.parametrize(
    "content",
    [
        None,
        [1, 2],
        {"config", "model"},
        torch.zeros(3),
        argparse.Namespace(config=1, model=2),
        {"config": CONFIG},
        {"model": TENSORS},
        {"config": None, "model": TENSORS},
        {"config": [1], "model": TENSORS},
        {"config": torch.zeros(3), "model": TENSORS},
        {"config": CONFIG, "model": None},
        {"config": CONFIG, "model": list(TENSORS)},
        {"config": CONFIG, "model": {3: TENSORS[W]}},
        {"config": CONFIG, "model": dict.fromkeys(TENSORS, "words")},
        {"config": CONFIG | {"phn2num": None}, "model": TENSORS},
        {"config": CONFIG | {"phn2num": torch.zeros(3)}, "model": TENSORS},
    ],
    ids=range(16),
)
def test_a_file_with_other_things_is_refused(tmp_path: Path, content: object) -> None:
    torch.save(content, tmp_path / "voice.pth")
    _refusal(tmp_path / "voice.pth")


def test_a_file_that_was_compressed_is_refused(tmp_path: Path) -> None:
    """Its packed bytes, mapped, would be taken for the weights."""
    file = write_pth(tmp_path / "voice.pth", **SMALL)
    with (
        zipfile.ZipFile(file) as made,
        zipfile.ZipFile(tmp_path / "small.pth", "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in made.namelist():
            packed.writestr(name, made.read(name))
    assert "compressed" in _refusal(tmp_path / "small.pth")


class _Bomb:
    """Unpickled freely, it would call something."""

    def __init__(self, call: Callable[..., object], *arguments: object) -> None:
        self.call, self.arguments = call, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self.call, self.arguments


class _Other:
    pass


def test_a_file_that_would_run_something_is_refused_and_runs_nothing(tmp_path: Path) -> None:
    target = tmp_path / "made"
    bombs = [
        _Bomb(os.mkdir, str(target)),
        _Bomb(os.system, f"touch {target}"),
        _Bomb(open, str(target), "w"),
        _Bomb(Path.touch, target),
        _Bomb(eval, f"open({str(target)!r}, 'w')"),
        _Bomb(argparse.FileType("w"), str(target)),
        _Bomb(torch.zeros, 10**12),
        _Other(),
    ]
    for number, bomb in enumerate(bombs):
        for place in ("optimizer", "scheduler", "config", "phn2num", "model"):
            wrong: object = {**TENSORS, W: bomb} if place == "model" else bomb
            file = save_pth(tmp_path / f"{number}-{place}.pth", CONFIG, TENSORS, **{place: wrong})
            assert re.search(r"asks for [\w.]+, which no voice needs", _refusal(file))
            assert not target.exists()


@pytest.mark.parametrize(
    "noted",
    [
        np.float64(1e-4),
        np.float32([1, 2]),
        Path("/data/exp"),
        PureWindowsPath("c:/exp"),
        datetime.timedelta(hours=3),
    ],
    ids=lambda noted: type(noted).__name__,
)
def test_what_a_training_notes_does_no_harm(tmp_path: Path, noted: object) -> None:
    """Such a file is whole: to install it again would change nothing."""
    notes = {"scheduler": [noted], "optimizer": {"lr": noted}}
    given = CONFIG | {"exp_dir": noted, "args": argparse.Namespace(lr=noted)}
    assert _is_same(load_checkpoint(save_pth(tmp_path / "a.pth", given, TENSORS, **notes)))


def test_a_number_that_is_needed_and_only_noted_is_named(tmp_path: Path) -> None:
    """It is no number here, so that nothing of the file's is made to get it."""
    given = CONFIG | {"d_model": np.int64(8)}
    assert _refusal(save_pth(tmp_path / "a.pth", given, TENSORS)) == "d_model is no whole number"


def test_a_class_that_no_voice_needs_is_named(tmp_path: Path) -> None:
    file = save_pth(tmp_path / "a.pth", CONFIG | {"exp": _Other()}, TENSORS)
    assert _refusal(file) == f"it asks for {_Other.__module__}._Other, which no voice needs"


def test_nothing_stays_allowed_after_reading(tmp_path: Path) -> None:
    before = set(torch.serialization.get_safe_globals())
    load_checkpoint(write_pth(tmp_path / "voice.pth", **SMALL))
    _refusal(save_pth(tmp_path / "bomb.pth", CONFIG, TENSORS, scheduler=_Other()))
    assert set(torch.serialization.get_safe_globals()) == before


@pytest.mark.filterwarnings("ignore")  # torch wonders about some of these files, and goes on
def test_damaged_bytes_give_a_checkpoint_or_a_refusal(tmp_path: Path) -> None:
    """Never another error, and no thread that stays."""
    threads = set(threading.enumerate())
    chance = random.Random(5)
    small = make_config(d_model=2, n_layers=1, n_heads=1, n_codes=2, n_codebooks=1)
    made = save_pth(tmp_path / "good.pth", small, make_tensors(small))
    with zipfile.ZipFile(made) as parts:
        content = {name: parts.read(name) for name in parts.namelist()}
    (pickled,) = (name for name in content if name.endswith("data.pkl"))
    folder = save_folder(tmp_path / "voice", small, make_tensors(small))
    weights = (folder / "model.safetensors").read_bytes()
    n_header = 8 + int.from_bytes(weights[:8], "little")

    def spoil(whole: bytes, among: int) -> bytes:
        spoilt = bytearray(whole)
        for _ in range(chance.choice([1, 1, 2, 6])):
            spoilt[chance.randrange(among)] = chance.randrange(256)
        return bytes(spoilt)

    n_refused = 0
    for number in range(400):
        file = tmp_path / f"{number}.pth"
        wrong = spoil(content[pickled], len(content[pickled]))
        with zipfile.ZipFile(file, "w") as packed:
            for name, part in content.items():
                packed.writestr(name, wrong if name == pickled else part)
        broken = tmp_path / str(number)
        broken.mkdir()
        (broken / "config.json").write_text(json.dumps(small), "utf-8")
        (broken / "model.safetensors").write_bytes(spoil(weights, n_header))
        for path in (file, broken):
            try:
                load_checkpoint(path)
            except VoiceDamaged:
                n_refused += 1
    assert n_refused > 300
    assert set(threading.enumerate()) == threads


def test_loading_draws_no_random_numbers(tmp_path: Path) -> None:
    before = torch.random.get_rng_state()
    Network(load_checkpoint(write_pth(tmp_path / "voice.pth", **SMALL)))
    assert torch.equal(torch.random.get_rng_state(), before)


def test_a_config_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    save_file(TENSORS, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text(json.dumps(CONFIG), "utf-16")
    assert "config.json" in _refusal(tmp_path)


def test_a_cancel_is_heard_within_a_tensor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Reading one of the 830 M network takes most of a second from a slow disk."""
    path = write_checkpoint(tmp_path, d_model=128)
    before = watch(lambda tick: load_checkpoint(path, tick)).count
    monkeypatch.setattr(linear, "_PIECE", 1 << 13)  # 64 rows
    count = watch(lambda tick: load_checkpoint(path, tick)).count
    assert count >= before + 5 * load_checkpoint(path).config.n_layers
    tensors = make_tensors(make_config(d_model=128))
    tensors[W][-1, -1] = NAN
    assert W in _refusal(save_folder(tmp_path / "broken", make_config(d_model=128), tensors))
