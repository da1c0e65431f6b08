"""Which captioners answer questions is known before one is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from imagecraft_desktop.describe.base import answers_questions
from imagecraft_desktop.describe.paligemma import PaliGemma
from imagecraft_desktop.errors import ModelMissing
from imagecraft_desktop.weights import store
from tests.golden import IMAGECRAFT
from tests.unit.describe.tiny_chat import write_smolvlm
from tests.unit.describe.tiny_paligemma import write_paligemma


@pytest.mark.parametrize(
    ("name", "does"), [("embedded", False), ("blip", False), ("chat", True), ("server", True)]
)
def test_by_name(name: str, does: bool):
    assert answers_questions(name) is does


def test_by_folder(tmp_path: Path):
    assert answers_questions(str(write_smolvlm(tmp_path / "model")))


@pytest.fixture(scope="module")
def mix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_paligemma(tmp_path_factory.mktemp("networks") / "paligemma-3b-mix-224")


def test_of_paligemma_a_mix_alone_does(mix: Path):
    assert answers_questions(str(mix))
    assert not answers_questions(str(IMAGECRAFT / "checkpoint"))


@pytest.mark.parametrize("wish", ["paligemma", "paligemma-3b-mix-224"])
def test_an_installed_mix_does_by_each_name(mix: Path, monkeypatch: pytest.MonkeyPatch, wish: str):
    monkeypatch.setattr(store, "captioners", lambda: {mix.name: mix})
    monkeypatch.setattr(store, "find", lambda _: mix)
    assert answers_questions(wish)


def test_the_network_is_not_loaded_for_it(mix: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(PaliGemma, "ready", lambda *_: pytest.fail("loaded"))
    assert answers_questions(str(mix))


@pytest.mark.parametrize("wish", ["nonsense", "/no/folder", "paligemma"])
def test_what_is_not_there_is_told(wish: str):
    with pytest.raises(ModelMissing):
        answers_questions(wish)
