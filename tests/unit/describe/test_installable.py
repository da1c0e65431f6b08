"""Whatever can be installed to describe pictures can also be run here."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from imagecraft_desktop.describe.base import known, make
from imagecraft_desktop.describe.chat import Chat
from imagecraft_desktop.describe.conversation import ask
from imagecraft_desktop.describe.facts_first import FactsFirst
from imagecraft_desktop.values import Detail, Wish
from imagecraft_desktop.weights import catalogue
from imagecraft_desktop.weights.catalogue import Kind, Model, Use
from tests.golden import IMAGECRAFT
from tests.unit.describe import tiny, tiny_chat
from tests.unit.describe.tiny_coca import write_golden
from tests.unit.describe.tiny_florence import write_florence
from tests.unit.describe.tiny_paligemma import write_paligemma

Write = Callable[[Path], Path]


def write_imagecraft(folder: Path) -> Path:
    return Path(shutil.copytree(IMAGECRAFT / "checkpoint", folder))


LAYOUTS: dict[str, Write] = {
    "florence-community/Florence-2-": write_florence,
    "Salesforce/blip-image-captioning-": tiny.write_blip,
    "microsoft/git-": tiny.write_git,
    "laion/mscoco_finetuned_CoCa-": write_golden,
    "nsandiman/imagecraft-ft-": write_imagecraft,
    "google/paligemma-3b-": write_paligemma,
    "google/paligemma2-3b-": lambda folder: write_paligemma(folder, is_second=True),
    "HuggingFaceTB/SmolVLM-": tiny_chat.write_idefics3,
    "HuggingFaceTB/SmolVLM2-": tiny_chat.write_smolvlm,
    "Qwen/Qwen3.5-": tiny_chat.write_qwen3_5,
    "Qwen/Qwen3-VL-": tiny_chat.write_qwen3_vl,
    "openbmb/MiniCPM-V-4.6": tiny_chat.write_minicpmv4_6,
    "OpenGVLab/InternVL3-": tiny_chat.write_internvl,
    "google/gemma-3-": tiny_chat.write_gemma3,
    "google/gemma-4-E": tiny_chat.write_gemma4,  # the 12B is of another kind
}
"""What writes a tiny network in the layout of the repositories whose name begins so."""
_SENTENCE, _PARAGRAPH = 60, 200
"""Tokens."""


def _reads(captioner: FactsFirst) -> bool:
    """With places, or because it is told to."""
    is_told = isinstance(captioner, Chat) and "text" in ask(Wish(Detail.DETAILED), "en")
    return captioner.reads or is_told


KEPT: dict[Use, Callable[[FactsFirst], bool]] = {
    Use.CAPTION: lambda one: 0 < one.most(Wish(Detail.BRIEF)) <= _SENTENCE,
    Use.DETAIL: lambda one: one.most(Wish(Detail.DETAILED)) >= _PARAGRAPH,
    Use.TEXT: _reads,
    Use.QUESTIONS: lambda one: one.can_answer(),
}
"""Whether a captioner does what a model is said to be good for."""
MODELS = {name: one for name, one in catalogue.known().items() if one.kind is Kind.CAPTIONER}


def layout_of(model: Model) -> str | None:
    repo = model.sources[0].repo
    return next((start for start in LAYOUTS if repo.startswith(start)), None)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny network in each layout, in a folder of its number."""
    folder = tmp_path_factory.mktemp("layouts")
    for number, write in enumerate(LAYOUTS.values()):
        write(folder / str(number))
    return folder


def test_every_layout_is_that_of_a_model():
    assert {layout_of(model) for model in MODELS.values()} >= set(LAYOUTS)


@pytest.mark.parametrize("name", MODELS)
def test_a_captioner_runs_it_and_does_what_is_said_of_it(written: Path, tmp_path: Path, name: str):
    model = MODELS[name]
    layout = layout_of(model)
    assert layout is not None, "no captioner here is tried with a network of its layout"
    folder = tmp_path / name
    shutil.copytree(written / str(list(LAYOUTS).index(layout)), folder)
    captioner = make(str(folder), known())
    assert isinstance(captioner, FactsFirst)
    captioner.load("cpu")
    checkpoint = captioner.checkpoint()
    (network,) = checkpoint.config.get("architectures", [""])
    assert captioner.class_of(checkpoint) == network
    assert [use for use in model.good_for if not KEPT[use](captioner)] == []
    for use in (Use.TEXT, Use.QUESTIONS):
        assert KEPT[use](captioner) is (use in model.good_for), use


def test_every_purpose_is_one_that_is_tried():
    assert {*KEPT, Use.SPEECH} == set(Use)
