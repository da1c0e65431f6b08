"""`describe --captioner FOLDER` as a person types it, with a tiny network of the real layout."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.conftest import Here
from tests.e2e.test_cli import ROOT, SAMPLES, heard, run
from tests.golden import IMAGECRAFT

CHECKPOINT = IMAGECRAFT / "checkpoint"
DRAWING = IMAGECRAFT / "images" / "img0.png"
WATCHED = """
import sys
import imagecraft_desktop.cli.main as command

def refuse(event, arguments):
    if event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        raise SystemExit(f"looked up {arguments}")
    if event == "pickle.find_class":
        raise SystemExit(f"unpickled {arguments}")

sys.addaudithook(refuse)
status = command.main(sys.argv[1:])
print("torch" in sys.modules)
sys.exit(status)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the network, to be changed."""
    return Path(shutil.copytree(CHECKPOINT, tmp_path / "my-imagecraft"))


def watched(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The command in a process that ends when it looks up an address or unpickles; says at the end
    whether torch was loaded."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", WATCHED, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_picture_is_captioned_after_the_facts():
    done = watched("describe", DRAWING, "--captioner", CHECKPOINT, "--no-speak")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "No text found.",
        "Probably a black diamond on a blue background.",
        "True",
    ]


def test_a_black_picture_does_not_even_load_the_network(tmp_path: Path):
    Image.new("RGB", (640, 480)).save(tmp_path / "black.png")
    done = watched("describe", tmp_path / "black.png", "--captioner", CHECKPOINT, "--no-speak")
    assert done.stdout.splitlines() == ["The picture is black; nothing to describe.", "False"]


def test_json_carries_the_numbers(here: Here):
    code, out, err = here("describe", DRAWING, "--captioner", CHECKPOINT, "--no-speak", "--json")
    assert (code, err) == (0, "")
    facts = json.loads(out)
    assert facts["captioner"] == "paligemma"
    assert facts["caption"]["text"] == "A black diamond on a blue background."
    assert facts["caption"]["certainty"] == "likely"
    assert facts["caption"]["tokens"] == 7
    assert 0.1 < facts["caption"]["weakest"] < 0.3 < facts["caption"]["probability"] < 0.9
    assert facts["statements"][-1] == {
        "text": "Probably a black diamond on a blue background.",
        "certainty": "likely",
        "from": "captioner",
    }


def test_a_sample_is_captioned_and_spoken(tmp_path: Path):
    """What the tiny network says of a photo is of no matter: the dog is what is proven."""
    out_file = tmp_path / "speech.wav"
    arguments = ("--captioner", CHECKPOINT, "--no-speak", "--out", out_file)
    code, out, err = run("describe", SAMPLES / "dog.jpg", *arguments)
    assert (code, err) == (0, "")
    assert out.startswith("A photo of a dog, a German shepherd.")
    assert "dog" in heard(out_file)


def test_several_pictures_take_one_network(here: Here):
    pictures = [IMAGECRAFT / "images" / f"img{n}.png" for n in range(3)]
    code, out, err = here("describe", *pictures, "--captioner", CHECKPOINT, "--no-speak", "--json")
    assert (code, err) == (0, "")
    texts = [json.loads(line)["caption"]["text"] for line in out.splitlines()]
    expected = json.loads((IMAGECRAFT / "expected" / "expected.json").read_text("utf-8"))
    assert texts == [entry["caption"] for entry in expected["images"][:3]]


def refused(here: Here, folder: Path | str) -> str:
    code, _, err = here("describe", DRAWING, "--captioner", folder, "--no-speak")
    assert code == 4
    assert err.count("\n") == 1
    return err


def test_a_folder_that_is_not_there(here: Here, tmp_path: Path):
    assert refused(here, tmp_path / "none") == (
        f"Model missing: none. There is no folder {tmp_path / 'none'}. Check its name.\n"
    )


def test_a_shard_that_is_cut_off(here: Here, folder: Path):
    shard = folder / "model-00002-of-00003.safetensors"
    shard.write_bytes(shard.read_bytes()[:-100])
    assert refused(here, folder) == (
        "Model damaged: my-imagecraft. The file model-00002-of-00003.safetensors cannot be read or "
        "is cut off. Get the model again.\n"
    )


def test_a_kind_nobody_knows(here: Here, folder: Path):
    config = json.loads((folder / "config.json").read_text()) | {"model_type": "oracle"}
    (folder / "config.json").write_text(json.dumps(config))
    assert "Models of the kind oracle are not known." in refused(here, folder)


def test_a_tensor_that_nobody_asked_for(here: Here, folder: Path):
    from safetensors.torch import load_file, save_file

    shard = folder / "model-00003-of-00003.safetensors"
    tensors = load_file(shard)
    name = next(iter(tensors))
    tensors["guest.weight"] = tensors.pop(name)
    save_file(tensors, shard, metadata={"format": "pt"})
    index = json.loads((folder / "model.safetensors.index.json").read_text())
    index["weight_map"]["guest.weight"] = shard.name
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    assert refused(here, folder).startswith(
        "Model damaged: my-imagecraft. Missing in its weights: "
    )


def test_the_list_says_which_captioners_have_no_model():
    code, out, _ = run("captioners")
    assert code == 0
    lines = {line.partition(":")[0]: line for line in out.splitlines()}
    assert {"embedded", "paligemma", "blip", "git"} <= set(lines)
    assert "None of its models is installed" in lines["paligemma"]
    assert "which also takes one from a folder" in lines["blip"]


def test_a_picture_without_a_network_has_no_caption(here: Here):
    code, out, _ = here("describe", DRAWING, "--no-speak", "--json")
    assert code == 0
    assert json.loads(out)["caption"] is None


def test_a_folder_is_kept_in_the_settings_by_its_whole_path(here: Here, folder: Path):
    assert run("settings", "set", "captioner", folder.parent / "." / folder.name)[0] == 0
    code, out, _ = run("settings", "get", "captioner")
    assert code == 0
    assert str(folder) in out
    code, out, err = here("describe", DRAWING, "--no-speak")
    assert (code, err) == (0, "")
    assert "Probably a black diamond on a blue background." in out


def test_a_folder_without_a_model_is_not_kept(tmp_path: Path):
    code, _, err = run("settings", "set", "captioner", tmp_path)
    assert (code, err.count("\n")) == (4, 1)
    assert "config.json" in err
    assert "embedded" in run("settings", "get", "captioner")[1]
