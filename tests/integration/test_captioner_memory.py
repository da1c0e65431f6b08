"""A captioning network in a process of its own: its memory goes back to the system, and a cancel is
heard at any moment, while its weights are read too."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from transformers import BlipConfig, BlipForConditionalGeneration

from imagecraft_desktop.weights import catalogue, store
from tests.e2e.test_cli import ROOT
from tests.integration.test_embedded import IMAGES
from tests.tiny_voice import add_voice, write_model
from tests.unit.describe.tiny import write_bert_tokenizer, write_blip, write_preprocessor
from tests.unit.describe.tiny_chat import write_qwen3_5, write_smolvlm
from tests.unit.describe.tiny_coca import write_coca
from tests.unit.describe.tiny_florence import write_florence
from tests.unit.describe.tiny_paligemma import TAUGHT, write_paligemma

HEARD_S = 0.3
IMPORTED_S = 3 * HEARD_S
"""A part of a library may take a while to import. Where the machine is so slow that it takes longer, a quarter of all
that is imported: a cancel is heard between its parts."""
WEIGHTS_MB = 300
"""In float32; at 160 it could be hidden by what libraries keep."""


def measured(what: str, folder: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.integration.captioner_child", what, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def middling(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BLIP with 75 million weights."""
    folder = tmp_path_factory.mktemp("middling")
    words = write_bert_tokenizer(folder, "[DEC]", "[ENC]")
    write_preprocessor(folder, image_processor_type="BlipImageProcessor")
    torch.manual_seed(0)
    sizes = {"hidden_size": 768, "intermediate_size": 3072, "num_attention_heads": 12}
    config = BlipConfig(
        text_config={
            **sizes,
            "num_hidden_layers": 4,
            "vocab_size": len(words),
            "encoder_hidden_size": 768,
            "bos_token_id": words["[DEC]"],
            "sep_token_id": words["[SEP]"],
            "eos_token_id": words["[SEP]"],
            "pad_token_id": words["[PAD]"],
        },
        vision_config={**sizes, "num_hidden_layers": 5, "image_size": 32, "patch_size": 8},
    )
    made = BlipForConditionalGeneration(config)
    made.save_pretrained(folder)
    size = (folder / "model.safetensors").stat().st_size / 2**20
    assert size == pytest.approx(WEIGHTS_MB, abs=60)
    return folder


@pytest.fixture(scope="module")
def lacking(middling: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That network, a tiny one, one that computes more than it has weights, and a photo."""
    folder = tmp_path_factory.mktemp("lacking")
    (folder / "captioner").symlink_to(middling)
    write_blip(folder / "tiny")
    write_wide_blip(folder / "wide")
    Image.open(IMAGES / "a_dog.jpg").resize((160, 120)).save(folder / "photo.png")
    return folder


def write_wide_blip(folder: Path) -> None:
    """Of a million weights; for a picture of 4,096 places it needs 130 MB at once."""
    write_blip(folder, inner=8192, layers=1, edge=512)


NEXT = (
    "Close other programs, or choose a lighter model: Settings, page Models, or the command "
    "imagecraft-desktop models list."
)


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is one of Linux")
@pytest.mark.parametrize(
    ("what", "name"), [("lacks_for_weights", "captioner"), ("lacks_for_work", "wide")]
)
def test_where_the_memory_ends_it_is_told_and_the_facts_stand(lacking: Path, what: str, name: str):
    """The system itself refuses it, for weights and for what is computed with them; so it does the next time."""
    found = measured(what, lacking)
    for outcome in (found["first"], found["second"]):
        assert outcome["text"].startswith("A photo"), outcome
        assert f"Not enough memory to describe this picture with {name}. {NEXT}" in outcome["text"]
        assert (outcome["model"], outcome["exit_code"]) == (name, 4)
        assert outcome["grown_mb"] < 20, "what was loaded in part is given back"


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is one of Linux")
@pytest.mark.parametrize(
    ("what", "name"), [("lacks_for_weights", "captioner"), ("lacks_for_work", "wide")]
)
def test_where_the_memory_ends_a_lighter_model_is_asked(lacking: Path, what: str, name: str):
    store.import_folder(catalogue.find("blip-base"), lacking / "tiny", lambda: None)
    found = measured(what, lacking)
    for outcome in (found["first"], found["second"]):
        assert (outcome["model"], outcome["exit_code"]) == ("blip-base", 0)
    told = f"Not enough memory for {name}; the lighter model blip-base was asked."
    assert told in found["first"]["text"]
    assert told not in found["second"]["text"], "it is told once"


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is one of Linux")
def test_where_the_memory_is_too_small_for_the_facts_that_is_told(lacking: Path):
    """Never that a part of the program is damaged, wherever on the way the memory ends."""
    told = (
        "4 Not enough memory to describe this picture. Close other programs, or choose a smaller picture or a region "
        "of it, then try again."
    )
    said = measured("lacks_for_facts", lacking)["said"]
    assert told in said
    assert set(said) <= {told, ""}


def test_memory_goes_back_to_the_system(middling: Path):
    found = measured("unload", middling)
    weights_mb = found["with"] - found["before"]
    assert weights_mb > WEIGHTS_MB / 2 - 40, "half of it in bfloat16"
    assert found["after"] - found["before"] < 0.1 * weights_mb
    assert found["loading"] - found["before"] < 1.2 * weights_mb, "never there twice"


@pytest.fixture
def with_voice(middling: Path, tmp_path: Path) -> Path:
    """That network, a voice of the user's own, and a photo."""
    write_model(tmp_path / "voice")
    add_voice(tmp_path)
    (tmp_path / "captioner").symlink_to(middling)
    Image.open(IMAGES / "a_dog.jpg").resize((160, 120)).save(tmp_path / "photo.png")
    return tmp_path


def test_in_a_small_memory_is_one_network_at_a_time(with_voice: Path):
    found = measured("share_small", with_voice)
    assert found["asked"] > 10
    assert found["both"] == 0
    assert found["sentences"] > 1
    assert found["after"] - found["before"] < 60, (
        "the captioner's memory is back; the voice is small"
    )


def test_in_a_large_memory_both_stay(with_voice: Path):
    found = measured("share_large", with_voice)
    assert found["both"] > 10
    assert found["after"] - found["before"] > WEIGHTS_MB / 2 - 40


def test_a_cancel_is_heard_while_weights_are_read(middling: Path):
    found = measured("cancel_reading", middling)
    assert found["ticks"] > 60
    assert found["deaf_s"] < HEARD_S
    assert found["first_deaf_s"] < max(IMPORTED_S, found["first_s"] / 4)
    assert found["cancelled"] == 8
    assert found["busy_s"] < 0.05
    assert found["grown_mb"] < 16


def test_a_cancel_is_heard_while_a_chat_model_is_loaded_for_the_first_time(tmp_path: Path):
    found = measured("cancel_first", write_smolvlm(tmp_path / "chat"))
    assert found["loading_deaf_s"] < max(IMPORTED_S, found["whole_s"] / 4)
    assert found["writing_deaf_s"] < IMPORTED_S


@pytest.mark.slow
@pytest.mark.alone
def test_two_hundred_cancels_of_other_kinds_loaded_and_not(tmp_path: Path):
    """The whole road is tried with BLIP, the lightest; here is each other way in which a network is read and
    written with, one class of transformers and our own."""
    write_paligemma(tmp_path / "taught-mix", TAUGHT)
    write_florence(tmp_path / "florence", is_taught=True)
    write_coca(tmp_path / "coca")
    write_smolvlm(tmp_path / "smolvlm")
    write_qwen3_5(tmp_path / "qwen3_5")
    found = measured("cancel_kinds", tmp_path)
    assert found["importing"] > 5
    assert found["importing_late_s"] < max(IMPORTED_S, found["importing_s"] / 4)
    assert (found["cold"], found["warm"]) == (50, 150)
    assert found["late_s"] < HEARD_S
    assert found["busy_s"] < 0.05
    assert found["grown_mb"] < 16


@pytest.mark.slow
@pytest.mark.timeout(500)
def test_two_hundred_cancels_of_the_whole_road(tmp_path: Path):
    folder = write_blip(tmp_path / "blip")
    Image.open(IMAGES / "a_dog.jpg").resize((160, 120)).save(folder / "photo.png")
    found = measured("cancel_often", folder)
    assert found["cancelled"] >= 200
    assert found["deaf_s"] < HEARD_S
    assert found["late_s"] < HEARD_S, "from each cancel to the end of the work"
    assert found["busy_s"] < 0.05
    assert found["grown_mb"] < 16
