"""Which captioners answer questions is known before one is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from imagecraft_desktop.describe.base import answers_questions
from imagecraft_desktop.errors import ModelMissing
from tests.unit.describe.tiny_chat import write_smolvlm


@pytest.mark.parametrize(
    ("name", "does"), [("embedded", False), ("blip", False), ("chat", True), ("server", True)]
)
def test_by_name(name: str, does: bool):
    assert answers_questions(name) is does


def test_by_folder(tmp_path: Path):
    assert answers_questions(str(write_smolvlm(tmp_path / "model")))


@pytest.mark.parametrize("wish", ["nonsense", "/no/folder"])
def test_what_is_not_there_is_told(wish: str):
    with pytest.raises(ModelMissing):
        answers_questions(wish)
