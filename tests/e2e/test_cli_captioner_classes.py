"""`describe --captioner FOLDER` with each class of network that writes its own tiny folder here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from imagecraft_desktop.settings import store as settings
from tests.e2e.conftest import Here
from tests.e2e.test_cli_captioner import CHECKPOINT, DRAWING, watched
from tests.integration.test_embedded import IMAGES
from tests.unit.describe import tiny_chat
from tests.unit.describe.tiny import write_blip, write_git
from tests.unit.describe.tiny_coca import write_coca
from tests.unit.describe.tiny_florence import write_florence
from tests.unit.describe.tiny_paligemma import TAUGHT, write_paligemma


@pytest.fixture(scope="module")
def florence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_florence(tmp_path_factory.mktemp("networks") / "florence-2-base", is_taught=True)


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("--brief", ["Probably a dog."]),
        ("--normal", ["No text found.", "Probably the dog sits.", "Probably it runs."]),
    ],
)
def test_florence_2_says_as_much_as_is_wished(
    here: Here, florence: Path, detail: str, said: list[str]
):
    code, out, err = here("describe", DRAWING, "--captioner", florence, "--no-speak", detail)
    assert (code, err) == (0, "")
    assert out.splitlines() == said


def test_florence_2_reads_what_the_describer_is_not_sure_of(
    here: Here, florence: Path, tmp_path: Path
):
    """Two letters in a photo may be edges; the network reads a word there."""
    photo = Image.open(IMAGES / "a_dog.jpg").convert("RGB")
    ImageDraw.Draw(photo).text((110, 130), "EX", fill="white", font_size=210)
    photo.save(tmp_path / "photo.png")
    command = ("describe", tmp_path / "photo.png", "--captioner", florence, "--no-speak", "--json")
    code, out, err = here(*command, "--detailed")
    assert (code, err) == (0, "")
    assert json.loads(out)["statements"][-1] == {
        "text": "Text that could be: EXIT.",
        "certainty": "unsure",
        "from": "captioner",
    }


def test_florence_2_looks_up_and_unpickles_nothing(florence: Path):
    done = watched("describe", DRAWING, "--captioner", florence, "--no-speak", "--brief")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["Probably a dog.", "True"]


def test_florence_2_is_asked_nothing(here: Here, florence: Path):
    code, out, err = here(
        "describe", DRAWING, "--captioner", florence, "--no-speak", "--ask", "What is it?"
    )
    assert (code, out) == (2, "")
    assert "This captioner does not answer questions: Florence-2." in err


def test_coca_runs_from_the_files_of_open_clip(tmp_path: Path):
    folder = write_coca(tmp_path / "coca")
    done = watched("describe", DRAWING, "--captioner", folder, "--no-speak")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "No text found.",
        "Probably a dog man's hat runs, and in the street.",
        "True",
    ]


@pytest.fixture(scope="module")
def mix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_paligemma(tmp_path_factory.mktemp("networks") / "paligemma-3b-mix-224", TAUGHT)


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("--brief", ["Probably a dog on a beach."]),
        ("--normal", ["No text found.", "Probably the dog sits.", "Probably it is near the ring."]),
    ],
)
def test_paligemma_mix_says_as_much_as_is_wished(
    here: Here, mix: Path, detail: str, said: list[str]
):
    code, out, err = here("describe", DRAWING, "--captioner", mix, "--no-speak", detail)
    assert (code, err) == (0, "")
    assert out.splitlines() == said


def test_paligemma_mix_looks_up_and_unpickles_nothing(mix: Path):
    done = watched("describe", DRAWING, "--captioner", mix, "--no-speak", "--brief")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["Probably a dog on a beach.", "True"]


def test_paligemma_2_mix_answers_one_question_after_the_other(tmp_path: Path):
    folder = write_paligemma(tmp_path / "paligemma2-3b-mix-224", TAUGHT, is_second=True)
    questions = ("--ask", "What is it?", "--ask", "Where?")
    done = watched("describe", DRAWING, "--captioner", folder, "--no-speak", "--json", *questions)
    assert (done.returncode, done.stderr) == (0, "")
    *lines, has_torch = done.stdout.splitlines()
    assert has_torch == "True"
    answers = list(map(json.loads, lines))
    assert [one["caption"]["text"] for one in answers] == ["Dog.", "On the beach."]
    assert [len(one["statements"]) for one in answers] == [1, 1]
    assert [one["captioner"] for one in answers] == ["paligemma", "paligemma"]


def test_paligemma_mix_writes_in_the_language_that_is_set(here: Here, mix: Path):
    """The word of doubt is in the program's language, and stands apart. Nothing in the drawing is red."""
    settings.set_value("description_language", "es")
    code, out, err = here("describe", DRAWING, "--captioner", mix, "--no-speak", "--normal")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "No text found.",
        "Probably: El perro duerme.",
        "Could be: La red es roja.",
    ]


def test_imagecraft_keeps_to_english_and_says_so_once(here: Here):
    settings.set_value("description_language", "es")
    code, out, err = here("describe", DRAWING, DRAWING, "--captioner", CHECKPOINT, "--no-speak")
    assert (code, err) == (0, "")
    assert out.count("Probably a black diamond on a blue background.\n") == 2
    assert out.count("The model checkpoint does not know your language, so it wrote English.") == 1


def test_imagecraft_is_asked_nothing(here: Here):
    arguments = ("--captioner", CHECKPOINT, "--no-speak", "--ask", "What is it?")
    code, out, err = here("describe", DRAWING, *arguments)
    assert (code, out) == (2, "")
    assert "This captioner does not answer questions: ImageCraft and PaliGemma." in err


OTHERS = {"blip": write_blip, "git": write_git}
CHATS = {kind: "chat" for kind in tiny_chat.WRITERS}


@pytest.mark.parametrize(
    ("kind", "captioner"), [*((kind, kind) for kind in OTHERS), *CHATS.items()]
)
def test_every_other_network_runs(here: Here, tmp_path: Path, kind: str, captioner: str):
    """Of random weights, so what it says is no sentence; that it was asked, and said something, is told."""
    folder = (OTHERS | tiny_chat.WRITERS)[kind](tmp_path / f"my-{kind}")
    command = ("describe", DRAWING, "--captioner", folder, "--no-speak", "--brief", "--json")
    code, out, err = here(*command)
    assert (code, err) == (0, "")
    facts = json.loads(out)
    assert facts["captioner"] == captioner
    assert facts["caption"]["tokens"] > 0
    assert 0 <= facts["caption"]["weakest"] <= facts["caption"]["probability"] <= 1
