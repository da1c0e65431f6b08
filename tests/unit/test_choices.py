"""What may be chosen says why it cannot be used yet, and what to do."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
import soundfile

from imagecraft_desktop import choices, strings
from imagecraft_desktop.describe import base
from imagecraft_desktop.describe.server.address import allow
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.speak import prompts
from imagecraft_desktop.speak.phonemes import Phonemizer
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Choice
from imagecraft_desktop.weights import voicecraft
from tests.unit.speak.test_prompts import RATE, SPEECH, WORDS


def offered(name: str, value: str, **settings: str) -> Choice:
    found = choices.offered(name, Settings(**settings))  # type: ignore[arg-type]
    return next(one for one in found if one.value == value)


def test_a_captioner_without_a_model_says_so_and_what_to_do() -> None:
    blip = base.known()["blip"]
    found = offered("captioner", "blip")
    assert found.why_not == blip.missing()
    assert "Settings, page Models" in found.why_not
    assert found.label.endswith("(not ready)")
    assert offered("captioner", "embedded").why_not == ""


def test_a_captioner_is_called_by_what_its_label_begins_with() -> None:
    assert [base.called(one) for one in ("embedded", "florence", "blip-base", "/m/own")] == [
        *("Embedded describer", "Florence-2", "BLIP base", "own")
    ]


def test_the_server_says_that_none_is_named_or_allowed() -> None:
    assert offered("captioner", "server").why_not == say(strings.ERR_SERVER_NOT_NAMED)
    typed = "box.example:8080"
    found = offered("captioner", "server", server_address=typed)
    assert "you have not allowed it" in found.why_not
    allow("box.example")
    assert offered("captioner", "server", server_address=typed).why_not == ""


@pytest.mark.skipif(
    Phonemizer.missing() is not None or importlib.util.find_spec("torch") is None,
    reason="voices of one's own come with an extra",
)
def test_a_voice_of_ones_own_says_what_it_lacks(tmp_path: Path) -> None:
    file = tmp_path / "anna.wav"
    soundfile.write(file, SPEECH, RATE, subtype="FLOAT")
    prompts.add("anna", file, WORDS, True)
    found = offered("voice", "anna")
    assert found.label == "anna: a voice of your own (not ready)"
    assert str(voicecraft.usual_folder()) in found.why_not
    model = tmp_path / "model"
    model.mkdir()
    for name in ("config.json", "model.safetensors", "codec.th"):
        (model / name).touch()
    terms = offered("voice", "anna", voicecraft_model=str(model)).why_not
    assert "licence" in terms
    voicecraft.accept()
    found = offered("voice", "anna", voicecraft_model=str(model))
    assert (found.label, found.why_not) == ("anna: a voice of your own", "")
