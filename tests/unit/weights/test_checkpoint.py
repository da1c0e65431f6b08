"""What a folder's files say of themselves, before any of their weights is read."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from imagecraft_desktop.errors import ModelDamaged, ModelMissing
from imagecraft_desktop.weights.checkpoint import WEIGHTS, kind_of, open_checkpoint


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.json").write_text('{"model_type": "blip"}')
    return tmp_path


def test_weights_are_counted_one_by_one_whatever_their_types(folder: Path) -> None:
    tensors = {
        "layer": torch.zeros(100, 7, dtype=torch.bfloat16),
        "norm": torch.zeros(7),
        "position_ids": torch.arange(5),
        "scale": torch.zeros(()),
    }
    save_file(tensors, folder / WEIGHTS)
    assert open_checkpoint(folder).n_weights == 100 * 7 + 7 + 5 + 1


@pytest.mark.parametrize("shape", [None, "7", [7, "7"], 7, [-7, -7], [7.5]])
def test_a_shape_that_is_none_is_told(folder: Path, shape: object) -> None:
    save_file({"layer": torch.zeros(7, 7)}, folder / WEIGHTS)
    whole = (folder / WEIGHTS).read_bytes()
    length = int.from_bytes(whole[:8], "little")
    header = json.loads(whole[8 : 8 + length])
    header["layer"]["shape"] = shape
    changed = json.dumps(header).encode()
    (folder / WEIGHTS).write_bytes(
        len(changed).to_bytes(8, "little") + changed + whole[8 + length :]
    )
    with pytest.raises(ModelDamaged):
        open_checkpoint(folder)


@pytest.mark.parametrize(
    "method", [{"quant_method": "bitsandbytes", "load_in_4bit": True}, {"bits": 4}]
)
def test_shortened_weights_are_told_and_not_called_damaged(
    folder: Path, method: dict[str, object]
) -> None:
    config = {"model_type": "blip", "quantization_config": method}
    (folder / "config.json").write_text(json.dumps(config))
    save_file({"layer": torch.zeros(7, 7, dtype=torch.uint8)}, folder / WEIGHTS)
    with pytest.raises(ModelMissing, match="in a shortened form"):
        open_checkpoint(folder)


def test_a_name_does_nothing_to_the_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "new\nline \x1b[31m"
    folder.mkdir()
    with pytest.raises(ModelMissing) as told:
        open_checkpoint(folder)
    assert told.value.spoken.startswith("Model missing: new line  [31m. The file config.json")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes in folders")
@pytest.mark.parametrize(
    "name", ["config.json", WEIGHTS, "tokenizer.json", "preprocessor_config.json"]
)
def test_a_pipe_is_refused_and_not_waited_for(folder: Path, name: str) -> None:
    save_file({"layer": torch.zeros(7, 7)}, folder / WEIGHTS)
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    with pytest.raises(ModelDamaged, match=f"The file {name} cannot be read"):
        open_checkpoint(folder)
    assert kind_of(folder) is None


@pytest.mark.skipif(sys.platform == "win32", reason="there are no devices in folders")
def test_a_link_to_a_device_is_refused(folder: Path) -> None:
    (folder / "config.json").unlink()
    (folder / "config.json").symlink_to("/dev/zero")
    with pytest.raises(ModelDamaged, match=r"config\.json"):
        open_checkpoint(folder)
