"""What may be chosen says why it cannot be used yet, and what to do."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
import soundfile

from imagecraft_desktop import choices, strings
from imagecraft_desktop.describe import base
from imagecraft_desktop.describe.server.address import allow
from imagecraft_desktop.errors import BadSetting
from imagecraft_desktop.settings import store
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


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("es", "es"),
        ("pt-BR", "pt-BR"),
        ("pt_br", "pt-br"),
        ("auto", "auto"),
        ("", ""),
        ("cy", "cy"),
    ],
)
def test_a_description_may_be_in_any_language_that_there_is(typed: str, kept: str) -> None:
    """A server is asked for any; other captioners write English instead, and say so."""
    assert choices.check("description_language", typed) == kept


@pytest.mark.parametrize("typed", ["spanish", "sp", "xx", "es es", "-", "c", "e"])
def test_what_is_no_language_is_refused_with_what_is_allowed(typed: str) -> None:
    with pytest.raises(BadSetting) as caught:
        choices.check("description_language", typed)
    assert "Allowed: auto, or the tag of a language, such as en, es or pt-BR" in caught.value.spoken


def test_the_languages_that_models_write_are_offered_by_their_own_names() -> None:
    found = choices.offered("description_language", Settings())
    assert found[0] == Choice("auto", "the program's")
    labels = [one.label for one in found]
    assert len(set(labels)) == len(labels)
    assert {"Deutsch", "Русский", "Kiswahili", "Norsk bokmål", "Català"} <= set(labels)
    values = {one.value for one in found}
    assert {"en", "es", "pt", "zh", "nb"} <= values
    assert not {"no", "cy"} & values
    for one in found:
        assert choices.check("description_language", one.value) == one.value


def test_a_strange_language_in_the_file_is_shown_and_the_rest_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"description_language": "klingon", "speech_rate": 2.0}')
    loaded = store.load(file)
    assert loaded.problems == ()
    assert loaded.settings.speech_rate == 2.0
    found = choices.offered("description_language", loaded.settings)
    assert found[-1] == Choice("klingon", "klingon")
    store.set_value("detail", "brief", file)
    assert store.load(file).settings.description_language == "klingon"
