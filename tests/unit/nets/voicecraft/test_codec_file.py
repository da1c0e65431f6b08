"""A codec's file is read whole, or refused with the name of what is wrong; nothing in it is run."""

from __future__ import annotations

import argparse
import datetime
import os
import pathlib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from imagecraft_desktop.errors import VoiceDamaged
from imagecraft_desktop.nets.voicecraft import pickled
from imagecraft_desktop.nets.voicecraft.codec import Codec, load_codec, random_codec
from imagecraft_desktop.nets.voicecraft.codec_file import PUBLISHED, make_network
from tests.golden import OUR_VOICECRAFT as VOICECRAFT

FILE = VOICECRAFT / "encodec_tiny.th"
PLAIN = VOICECRAFT / "encodec_tiny_best_state_model.safetensors"
TENSORS = load_file(PLAIN)
WANTED = load_codec(PLAIN).network.state_dict()
CONV = "decoder.model.6.convtr.convtr.weight_v"


def _save(folder: Path, content: object) -> Path:
    torch.save(content, folder / "codec.th")
    return folder / "codec.th"


def _is_wanted(codec: Codec) -> bool:
    found = codec.network.state_dict()
    return found.keys() == WANTED.keys() and all(torch.equal(found[k], WANTED[k]) for k in WANTED)


def _refusal(path: Path) -> VoiceDamaged:
    with pytest.raises(VoiceDamaged) as caught:
        load_codec(path)
    assert caught.value.words["name"] == path.name
    assert str(caught.value.words["reason"]) in caught.value.spoken
    return caught.value


def test_both_forms_give_the_same_network() -> None:
    assert _is_wanted(load_codec(FILE))


def test_the_published_sizes_have_the_published_number_of_parameters() -> None:
    network = make_network(PUBLISHED)
    n_weights = sum(one.numel() for one in network.parameters())
    # the gains of weight norm, which are folded in here, are among the 56,819,138
    gains = sum(
        one.weight.shape[0]
        for one in network.modules()
        if isinstance(one, torch.nn.Conv1d | torch.nn.ConvTranspose1d)
    )
    assert n_weights + gains == 56_819_138


@pytest.mark.parametrize(
    "wrap",
    [
        lambda tensors: {"best_state": {"model": tensors}, "model": {}},
        lambda tensors: {"best_state": tensors},
        lambda tensors: {"model": tensors, "optimizer": {"state": [1, 2.5, None]}},
    ],
    ids=["best_state.model", "best_state", "model"],
)
def test_the_tensors_may_lie_in_three_places(tmp_path: Path, wrap: Callable[[Any], Any]) -> None:
    assert _is_wanted(load_codec(_save(tmp_path, wrap(TENSORS))))


def test_a_folder_holds_one_file(tmp_path: Path) -> None:
    assert "holds 0 files" in str(_refusal(tmp_path))
    (tmp_path / "licence.txt").write_text("words")
    (tmp_path / "one.th").write_bytes(FILE.read_bytes())
    assert _is_wanted(load_codec(tmp_path))
    (tmp_path / "two.safetensors").write_bytes(PLAIN.read_bytes())
    assert "holds 2 files" in str(_refusal(tmp_path))


@pytest.mark.parametrize("name", ["none.th", "none.safetensors"])
def test_a_file_that_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    assert "No such file" in str(_refusal(tmp_path / name))


def test_what_the_tensors_cannot_tell_comes_from_the_settings(tmp_path: Path) -> None:
    settings = {"rate": 8000, "sample_rate": "${rate}", "seanet": {"causal": "${encodec.causal}"}}
    codec = load_codec(_save(tmp_path, {"best_state": TENSORS, "xp.cfg": settings}))
    assert codec.rate_hz == 8000


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"encodec": {"causal": True}}, "encodec.causal"),
        ({"encodec": {"causal": True}, "seanet": {"causal": "${encodec.causal}"}}, "causal"),
        ({"encodec": {"renormalize": True}}, "encodec.renormalize"),
        ({"seanet": {"pad_mode": "reflect"}}, "seanet.pad_mode is reflect, not constant"),
        ({"seanet": {"activation": ["ELU"]}}, "seanet.activation is a list"),
        ({"channels": 2}, "channels"),
        ({"rvq": {"n_q": 5}}, "quantizer.vq.layers.4._codebook.embed is missing"),
        ({"sample_rate": "much"}, "sample_rate is much"),
        ({"sample_rate": 0}, "sample_rate is 0"),
    ],
)
def test_settings_of_another_network_are_named(
    tmp_path: Path, settings: dict[str, Any], named: str
) -> None:
    path = _save(tmp_path, {"best_state": TENSORS, "xp.cfg": settings})
    assert named in str(_refusal(path))


def test_settings_without_end_are_read_in_no_time(tmp_path: Path) -> None:
    settings: Any = {"sample_rate": "${sample_rate}"}
    nested: Any = [1]
    for _ in range(60):
        nested = [nested, nested]
    settings["seanet"] = {"activation": nested}
    assert "is a list" in str(_refusal(_save(tmp_path, {"model": TENSORS, "xp.cfg": settings})))


@pytest.mark.parametrize("name", [*sorted(TENSORS)[::5], "quantizer.vq.layers.3._codebook.embed"])
def test_a_missing_tensor_is_named(tmp_path: Path, name: str) -> None:
    rest = {key: value for key, value in TENSORS.items() if key != name}
    save_file(rest, tmp_path / "codec.safetensors")
    if name.endswith((".inited", ".cluster_size", ".embed_avg")):  # only training needs them
        assert _is_wanted(load_codec(tmp_path))
    else:
        error = _refusal(tmp_path / "codec.safetensors")
        # without its first or last layers it has other sizes, which another tensor then contradicts
        assert "tensor" in str(error)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({CONV: TENSORS[CONV].transpose(0, 1).contiguous()}, CONV),
        ({CONV: TENSORS[CONV][:, :, :-2].contiguous()}, "tensor"),
        ({CONV: TENSORS[CONV].flatten()}, CONV),
        ({CONV: torch.zeros(0, 1, 1)}, CONV),
        ({CONV: TENSORS[CONV] * float("nan")}, CONV),
        ({CONV: torch.zeros_like(TENSORS[CONV])}, "row of zeros"),
        ({"encoder.model.13.lstm.bias_ih_l0": torch.full((256,), torch.inf)}, "bias_ih_l0"),
        ({"decoder.model.0.conv.conv.bias": torch.zeros(64, dtype=torch.int32)}, "torch.int32"),
        ({"quantizer.vq.layers.2._codebook.embed": torch.zeros(32, 16)}, "layers.2._codebook"),
        ({"quantizer.vq.layers.0._codebook.embed": torch.zeros(63, 16)}, "n_codes=63"),
        ({"encoder.model.99.conv.conv.bias": torch.zeros(4)}, "encoder.model.99.conv.conv.bias"),
    ],
)
def test_a_wrong_tensor_is_named(
    tmp_path: Path, change: dict[str, torch.Tensor], named: str
) -> None:
    save_file({**TENSORS, **change}, tmp_path / "codec.safetensors")
    assert named in str(_refusal(tmp_path / "codec.safetensors"))
    assert named in str(_refusal(_save(tmp_path, {"model": {**TENSORS, **change}})))


@pytest.mark.parametrize("part", [0, 0.001, 0.3, 0.9, 0.999])
@pytest.mark.parametrize("file", [FILE, PLAIN], ids=lambda file: file.suffix)
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, file: Path, part: float) -> None:
    content = file.read_bytes()
    path = tmp_path / file.name
    path.write_bytes(content[: int(len(content) * part)])
    refused = _refusal(path)
    kind = "safetensors" if file is PLAIN else "a codec"
    assert refused.spoken.endswith(f"the file is cut off or not {kind}. Install it again.")
    assert len(str(refused)) > len(refused.spoken), "what the reader says is for the log"


@pytest.mark.parametrize("content", [b"words", b"\x80\x02]q\x00.", b"PK\x05\x06" + bytes(18)])
def test_another_kind_of_file_is_refused(tmp_path: Path, content: bytes) -> None:
    for name in ("codec.th", "codec.safetensors"):
        (tmp_path / name).write_bytes(content)
        _refusal(tmp_path / name)


@pytest.mark.parametrize(
    "content", [[1, 2], {}, {"best_state": 3}, {"model": {"a": 1}}, {"model": {3: TENSORS[CONV]}}]
)
def test_a_file_without_the_tensors_is_refused(tmp_path: Path, content: object) -> None:
    _refusal(_save(tmp_path, content))


class _Bomb:
    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.target),)


class _Unknown:
    pass


def test_a_file_that_would_run_something_is_refused_and_runs_nothing(tmp_path: Path) -> None:
    target = tmp_path / "made"
    path = _save(tmp_path, {"model": TENSORS, "xp.cfg": _Bomb(target)})
    assert "mkdir, which no voice needs" in str(_refusal(path))
    assert not target.exists()


@pytest.mark.parametrize(
    "kept",
    [
        np.float64(1),
        np.int64(3),
        np.float32([1, 2]),
        np.dtype("int16"),
        pathlib.PurePosixPath("/a/b"),
        pathlib.PureWindowsPath("c:/a"),
        pathlib.Path("a"),
        datetime.datetime(2024, 3, 1, tzinfo=datetime.UTC),
        datetime.timedelta(seconds=3),
        argparse.Namespace(lr=np.float64(1)),
    ],
    ids=lambda kept: type(kept).__name__,
)
def test_what_a_training_notes_beside_the_tensors_does_no_harm(
    tmp_path: Path, kept: object
) -> None:
    """Such a file is whole: to get it once more would change nothing."""
    notes = {"history": [{"loss": kept}], "xp.cfg": {"dir": kept}}
    assert _is_wanted(load_codec(_save(tmp_path, {"best_state": {"model": TENSORS}, **notes})))


def test_numpy_s_names_before_version_2_are_known_too(tmp_path: Path) -> None:
    path = _save(tmp_path, {"model": TENSORS, "history": [np.float64(1)]})
    with zipfile.ZipFile(path) as packed:
        members = {one.filename: packed.read(one) for one in packed.infolist()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content.replace(b"cnumpy._core.", b"cnumpy.core."))
    assert any(b"cnumpy.core.multiarray" in content for content in _members(path))
    assert _is_wanted(load_codec(path))


def _members(path: Path) -> list[bytes]:
    with zipfile.ZipFile(path) as packed:
        return [packed.read(one) for one in packed.infolist()]


def test_of_what_a_training_notes_nothing_is_run(tmp_path: Path) -> None:
    """The names stand for nothing here, so that what they would make of a file's words is not made."""
    path = _save(tmp_path, {"model": TENSORS, "xp.cfg": {"sample_rate": np.int64(8000)}})
    assert "sample_rate is None" in str(_refusal(path))


@pytest.mark.parametrize("name", ["numpy.load", "numpy.core.records.fromfile", "pathlib.os.mkdir"])
def test_other_names_of_the_same_packages_are_refused(name: str) -> None:
    with pytest.raises(VoiceDamaged, match=name):
        pickled._stand_in(Path("codec.th"), name, {}, "omegaconf")


def test_a_class_that_no_codec_needs_is_named(tmp_path: Path) -> None:
    path = _save(tmp_path, {"model": TENSORS, "history": [_Unknown()]})
    assert f"{_Unknown.__module__}._Unknown" in str(_refusal(path))


def test_nothing_stays_allowed_after_reading() -> None:
    before = set(torch.serialization.get_safe_globals())
    load_codec(FILE)
    assert set(torch.serialization.get_safe_globals()) == before


def test_tensors_that_claim_more_than_the_file_holds_are_refused(tmp_path: Path) -> None:
    """A single number can be told to be a tensor of any size."""
    name = "encoder.model.13.lstm.weight_hh_l0"
    large = torch.zeros(1).expand(10**6, 10**6)
    assert "claim more" in str(_refusal(_save(tmp_path, {"model": {**TENSORS, name: large}})))


def test_loading_draws_no_random_numbers() -> None:
    before = torch.random.get_rng_state()
    load_codec(FILE)
    random_codec(PUBLISHED.__class__(n_filters=2, dim=4, n_codes=8))
    assert torch.equal(torch.random.get_rng_state(), before)
