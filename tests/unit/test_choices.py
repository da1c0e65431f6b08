"""What may be chosen says why it cannot be used yet, and what to do."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
import soundfile

from imagecraft_desktop import choices, strings
from imagecraft_desktop.describe import base
from imagecraft_desktop.describe.server.address import allow, read_address
from imagecraft_desktop.errors import BadSetting, ModelMissing, NoSoundDevice
from imagecraft_desktop.settings import store
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.speak import prompts
from imagecraft_desktop.speak.device import Device
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


def test_a_captioner_is_called_by_its_name_to_the_ear() -> None:
    assert [base.called(one) for one in ("embedded", "florence", "blip-base", "/m/own")] == [
        *("The embedded describer", "Florence-2", "BLIP base", "own")
    ]


def test_a_model_that_is_not_installed_says_how_to_get_it() -> None:
    with pytest.raises(BadSetting) as refused:
        choices.check("captioner", "florence-2-base-ft")
    assert refused.value.spoken == say(
        strings.ERR_CAPTIONER_NOT_INSTALLED, value="florence-2-base-ft"
    )
    assert "models install florence-2-base-ft" in refused.value.spoken


def test_what_may_be_a_captioner_includes_a_folder() -> None:
    with pytest.raises(BadSetting, match="embedded") as refused:
        choices.check("captioner", "nobody")
    assert say(strings.ALLOWED_FOLDER) in refused.value.spoken


def test_a_captioner_s_folder_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    """The home of nobody, and links in a circle."""
    (tmp_path / "one").symlink_to(tmp_path / "other")
    (tmp_path / "other").symlink_to(tmp_path / "one")
    for folder in ("~nobody-is-called-so/model", tmp_path / "one", f"a/{'b' * 300}"):
        for refuse in (choices.check, lambda _, wish: base.make(wish, base.known())):
            with pytest.raises(ModelMissing, match="There is no folder"):
                refuse("captioner", str(folder))


def test_the_server_says_that_none_is_named_or_allowed() -> None:
    assert offered("captioner", "server").why_not == say(strings.ERR_SERVER_NOT_NAMED)
    typed = "box.example:8080"
    found = offered("captioner", "server", server_address=typed)
    assert "you have not allowed it" in found.why_not
    allow(read_address(typed))
    assert offered("captioner", "server", server_address=typed).why_not == ""


@pytest.mark.skipif(
    Phonemizer.missing() is not None or importlib.util.find_spec("torch") is None,
    reason="voices of one's own come with an extra",
)
def test_a_voice_of_ones_own_says_what_it_lacks(tmp_path: Path) -> None:
    file = tmp_path / "anna.wav"
    soundfile.write(file, SPEECH, RATE, subtype="FLOAT")
    prompts.add("anna", file, WORDS, True)
    assert choices.check("voice", " ANNA") == "anna", (
        "else it is not known again when it is renamed"
    )
    found = offered("voice", "anna")
    assert found.label == "anna: a voice of your own (not ready)"
    assert found.why_not == say(strings.VOICECRAFT_NO_MODEL)
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


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Device]]:
    """The sound outputs and inputs that are there."""
    found = {
        "output": [Device("hdmi", "Display"), Device("usb", "Blue headphones")],
        "input": [Device("web", "Camera"), Device("usb", "Blue headset")],
    }
    monkeypatch.setattr(
        "imagecraft_desktop.speak.device.devices", lambda way="output": list(found[way])
    )
    return found


@pytest.mark.parametrize(
    ("name", "there", "part"),
    [
        ("sound_device", "Display, Blue headphones", "headphones"),
        ("microphone", "Camera, Blue headset", "headset"),
    ],
)
@pytest.mark.usefixtures("plugged")
def test_a_device_that_is_not_there_is_refused(name: str, there: str, part: str) -> None:
    with pytest.raises(BadSetting) as caught:
        choices.check(name, "nope")
    assert there in caught.value.spoken
    assert choices.check(name, part) == part
    assert choices.check(name, "") == ""


@pytest.mark.parametrize("name", ["sound_device", "microphone"])
@pytest.mark.usefixtures("plugged")
def test_a_device_of_before_may_be_unplugged(name: str) -> None:
    before = Settings(**{name: "desk"})  # type: ignore[arg-type]
    assert choices.check(name, "desk", before) == "desk"


@pytest.mark.parametrize("name", ["sound_device", "microphone"])
def test_any_device_is_taken_where_none_can_be_listed(
    plugged: dict[str, list[Device]], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for found in plugged.values():
        found.clear()
    assert choices.check(name, "usb") == "usb"

    def fail(_way: str = "output") -> None:
        raise NoSoundDevice

    monkeypatch.setattr("imagecraft_desktop.speak.device.devices", fail)
    assert choices.check(name, "usb") == "usb"


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("captioner", "embedded"),
        ("voice", "hibari"),
        ("language", "auto"),
        ("detail", "brief"),
        ("output_route", "messages"),
        ("speech_rate", "0.5"),
        ("earcons", "on"),
    ],
)
def test_what_cannot_be_empty_is_told_with_what_it_may_be(name: str, allowed: str) -> None:
    with pytest.raises(BadSetting) as refused:
        choices.check(name, "")
    assert refused.value.spoken.startswith(f"{name} cannot be empty. Allowed: ")
    assert allowed in refused.value.spoken


@pytest.mark.parametrize(
    "name",
    ["region", "server_address", "server_model", "voicecraft_model", "layer_key", "window_key"],
)
def test_an_empty_value_is_kept_where_it_means_none(name: str) -> None:
    assert choices.check(name, "") == ""
