"""Another language, all the way: the settings, what is printed, and what the voices are given."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.describe.embedded import photos, phrases
from imagecraft_desktop.errors import KeyNotAllowed, UnreadableImage
from imagecraft_desktop.speak.chain import Chain
from imagecraft_desktop.speak.espeak import EspeakVoice
from imagecraft_desktop.system import paths
from imagecraft_desktop.trigger.keys import parse
from imagecraft_desktop.values import Certainty, Manner, Speech, Thing, Tick

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "resources" / "samples"
SPANISH = {"LANG": "es_MX.UTF-8", "LC_ALL": "", "LC_MESSAGES": ""}


def run(*arguments: object, env: dict[str, str] | None = None) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "imagecraft_desktop", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
        cwd=ROOT,
        env=os.environ | (env or {}),
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def spanish() -> Iterator[None]:
    folder = paths.resources() / "locale"
    strings.use_language("es", folder)
    yield
    strings.use_language("en", folder)


# --- the command line ---


def test_the_setting_changes_the_language_of_descriptions() -> None:
    assert run("settings", "set", "language", "es")[0] == 0
    sources = [SAMPLES / "error_dialog.png", SAMPLES / "dog.jpg"]
    code, out, err = run("describe", *sources, "--no-speak")
    assert (code, err) == (0, "")
    assert "Un mensaje de error: Save failed.\n" in out
    assert "The file could not be saved.\n" in out  # what is written there stays as it is
    assert "Botones: Retry, Save as y Cancel.\n" in out
    assert "Una foto de un perro" in out
    assert "German" not in out
    assert "No se encontraron ni texto ni personas.\n" in out


def test_the_language_of_the_system_is_taken() -> None:
    code, out, err = run("describe", SAMPLES / "dog.jpg", "--brief", "--no-speak", env=SPANISH)
    assert (code, err) == (0, "")
    assert out.startswith("Una foto de un perro")


def test_what_programs_read_stays_english() -> None:
    _, out, _ = run("describe", SAMPLES / "dog.jpg", "--json", "--no-speak", env=SPANISH)
    facts = json.loads(out)
    assert facts["kind"] == "photo"
    assert facts["description"].startswith("Una foto de un perro")
    assert facts["objects"][0]["name"] == "German shepherd"


@pytest.mark.parametrize("language", ["xx", "de", "../es"])
def test_a_language_without_translation_is_english(language: str) -> None:
    assert run("settings", "set", "language", language)[0] == 2
    file = Path(run("settings", "path")[1].strip())  # edited by hand
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"language": language}))
    code, out, _ = run("--help")
    assert code == 0
    assert "Hear what is on the screen." in out


def test_help_errors_and_lists_are_translated() -> None:
    for command in ([], ["describe"], ["settings", "set"]):
        help_text = run(*command, "--help", env=SPANISH)[1]
        assert help_text.startswith("uso: imagecraft-desktop ")
        assert "imprime esta ayuda" in help_text
        for word in ("usage", "argument", "positional", "options", " the ", " show ", " this "):
            assert word not in help_text
    assert "Oiga lo que hay en la pantalla.\n" in run("--help", env=SPANISH)[1]
    code, _, err = run("describe", "missing.png", "--no-speak", env=SPANISH)
    assert (code, err) == (
        3,
        "No se puede leer missing.png como imagen: no existe ese archivo; compruebe el nombre.\n",
    )
    code, _, err = run("status", env=SPANISH)
    assert (code, err) == (
        7,
        "ImageCraft no está en marcha. Para iniciarlo: imagecraft-desktop app\n",
    )
    code, _, err = run("settings", "set", "speech_rate", "99", env=SPANISH)
    assert err == "speech_rate no admite 99. Valores permitidos: de 0.5 a 4.0.\n"
    assert "(Velocidad de la voz)" in run("settings", "list", env=SPANISH)[1]


# --- sentences ---


def test_a_change_needs_no_restart() -> None:
    error = UnreadableImage(name="a.png", reason="x")
    folder = paths.resources() / "locale"
    assert error.spoken == "a.png cannot be read as a picture: x."
    strings.use_language("es", folder)
    try:
        assert error.spoken == "No se puede leer a.png como imagen: x."
    finally:
        strings.use_language("en", folder)
    assert error.spoken == "a.png cannot be read as a picture: x."


@pytest.mark.usefixtures("spanish")
class TestSpanish:
    def test_one_and_several(self) -> None:
        def said(message: strings.Plural, count: int) -> str:
            return strings.say(message, count=count)

        assert said(strings.BARS, 1) == "Una barra."
        assert said(strings.BARS, 4) == "4 barras."
        assert said(strings.BARS_RISING, 4) == "4 barras, cada una más alta que la anterior."
        assert said(strings.MORE_TEXT, 0) == "0 líneas más de texto."

    def test_a_species_without_a_name_is_said_by_its_group(self) -> None:
        dog = Thing("German shepherd", 1, Certainty.CERTAIN, 0.9, (), "dog")
        bear = Thing("polar bear", 1, Certainty.CERTAIN, 0.9, (), "bear")
        fish = Thing("goldfish", 1, Certainty.LIKELY, 0.97)
        assert phrases.say_things([dog, bear, fish]) == "un perro, un oso y un pez"
        (statement, *_) = photos.say_photo([dog], (), (100, 100))
        assert statement.text == "Una foto de un perro."

    def test_a_thing_without_a_name_is_not_said(self) -> None:
        espresso = Thing("espresso", 1, Certainty.LIKELY, 0.9)
        assert phrases.say_thing(espresso) == ""
        said = [statement.text for statement in photos.say_photo([espresso], (), (100, 100))]
        assert said == ["Una foto."]
        missing = photos.say_what_is_missing([espresso], (), has_text=False, has_codes=False)
        assert "No es posible saber qué muestra." in [statement.text for statement in missing]
        assert photos.brief_photo([espresso], (), "", ()) == (
            "Una foto; no es posible saber qué muestra."
        )

    def test_every_thing_stands_in_its_sentences(self) -> None:
        for name in strings.THINGS:
            one, several = (Thing(name, count, Certainty.LIKELY, 0.9) for count in (1, 3))
            assert phrases.say_thing(one).split()[0] in {"un", "una", "unos", "unas", "brócoli"}
            assert phrases.say_thing(several).startswith("al menos 3 ")

    def test_keys_are_named(self) -> None:
        layer = parse("ctrl+shift+pagedown")
        assert layer is not None
        assert layer.spoken == "Control Shift Avance de página"
        with pytest.raises(KeyNotAllowed) as refused:
            parse("ctrl+c")
        assert refused.value.spoken.startswith("Control C no puede ser un atajo. ")

    def test_each_letter_of_the_menu_is_used_once(self) -> None:
        labels = [
            strings.say(getattr(strings, name)) for name in dir(strings) if name.startswith("TRAY_")
        ]
        letters = [label[label.index("&") + 1].lower() for label in labels if "&" in label]
        assert len(letters) == len(labels) - 2  # the name of the icon and its tip have none
        assert sorted(set(letters)) == sorted(letters)


# --- voices ---


class _Voice:
    """Notes what it is given, and knows some languages."""

    label = ""
    sample_rate = 24_000
    plays_itself = False

    def __init__(self, name: str, *languages: str) -> None:
        self.name = name
        self.languages = languages
        self.given: list[tuple[str, str]] = []

    def missing(self) -> str | None:
        return None

    def load(self, tick: object = None) -> None: ...

    def unload(self) -> None: ...

    def can_say(self, text: str, language: str) -> bool:
        return language.partition("-")[0] in self.languages

    def say(self, text: str, manner: Manner, tick: Tick) -> Iterator[Speech]:
        self.given.append((manner.language, text))
        yield Speech(np.zeros(10, np.float32), 24_000, text=text)


def _say(text: str, language: str, *voices: _Voice) -> tuple[str, ...]:
    chain = Chain(list(voices), "english")
    assert list(chain.say(text, Manner(language=language), lambda: None))
    return chain.take_notices()


@pytest.mark.usefixtures("spanish")
@pytest.mark.parametrize("language", ["es", "es-MX"])
def test_a_spanish_sentence_goes_whole_to_the_voice_that_knows_spanish(language: str) -> None:
    english, many = _Voice("english", "en"), _Voice("many", "en", "es")
    # one voice for a whole sentence: a change of voice within it would sound like two people
    assert _say("Botones: Retry y Cancel.", language, english, many) == ()
    assert many.given == [("es", "Botones: Retry y Cancel.")]
    assert english.given == []


@pytest.mark.usefixtures("spanish")
def test_without_a_spanish_voice_that_is_told_once() -> None:
    english = _Voice("english", "en")
    chain = Chain([english], "english")
    for _ in range(2):
        assert list(chain.say("Una foto de un perro.", Manner(language="es"), lambda: None))
    # shown in the language of the program, said in that of the voice
    assert chain.take_notices() == ("No hay voz en español; se lee como si fuera inglés.",)
    notice = "No voice for Spanish; it is read as if it were English."
    assert [text for _, text in english.given] == [
        notice,
        "Una foto de un perro.",
        "Una foto de un perro.",
    ]


@pytest.mark.parametrize("language", ["es", "es-ES", "es-MX", "es-419"])
def test_the_voice_for_many_languages_knows_spanish(language: str) -> None:
    voice = EspeakVoice()
    if voice.missing() is not None:
        pytest.skip("eSpeak NG is not installed")
    assert voice.can_say("", language)
    said = list(voice.say("Una foto de un perro.", Manner(language=language), lambda: None))
    assert sum(len(chunk.samples) for chunk in said) / said[0].rate_hz > 0.8
