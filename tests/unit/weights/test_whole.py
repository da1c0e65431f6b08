"""A file that is cut off is seen without opening a tensor."""

from __future__ import annotations

import json
import subprocess

import pytest

from imagecraft_desktop.weights import whole
from tests.tiny_models import safetensors, sha256, write

GOOD = safetensors(100)


def test_digests_are_those_of_the_usual_programs(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(GOOD)
    found = whole.digest(file, lambda: None)
    git = subprocess.run(["git", "hash-object", file], capture_output=True, text=True, check=True)
    assert found == whole.Digests(sha256(GOOD), git.stdout.strip())


@pytest.mark.parametrize("n", [0, 7, 8, 50, len(GOOD) - 1])
def test_cut_weights_are_seen(tmp_path, n):
    write(tmp_path, {"model.safetensors": GOOD[:n]})
    assert whole.broken(tmp_path, ["model.safetensors"]) == "model.safetensors"


DEEP = b"[" * 100_000


@pytest.mark.parametrize(
    "bad",
    [
        GOOD + b"x",
        b"\xff" * 200,
        b"PK" + GOOD,
        GOOD[:8] + b"[" * 200,
        len(DEEP).to_bytes(8, "little") + DEEP,
    ],
)
def test_weights_that_are_something_else_are_seen(tmp_path, bad):
    write(tmp_path, {"model.safetensors": bad})
    assert whole.broken(tmp_path, ["model.safetensors"]) == "model.safetensors"


def test_whole_files_are_let_through(tmp_path):
    files = {"model.safetensors": GOOD, "config.json": b"{}", "empty.txt": b""}
    assert whole.broken(write(tmp_path, files), files.keys()) is None


@pytest.mark.parametrize("bad", [b'{"model_type": "bl', DEEP])
def test_configuration_that_is_cut_off_is_seen(tmp_path, bad):
    files = {"config.json": bad, "model.safetensors": GOOD}
    assert whole.broken(write(tmp_path, files), files.keys()) == "config.json"


def test_missing_part_of_an_index_is_named(tmp_path):
    index = {"weight_map": {"a": "part-1.safetensors", "b": "part-2.safetensors"}}
    files = {
        "model.safetensors.index.json": json.dumps(index).encode(),
        "part-1.safetensors": GOOD,
    }
    write(tmp_path, files)
    assert whole.broken(tmp_path, files.keys()) == "part-2.safetensors"
    files["part-2.safetensors"] = GOOD
    assert whole.broken(write(tmp_path, files), files.keys()) is None
