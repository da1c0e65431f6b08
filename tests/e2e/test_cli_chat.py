"""`describe --ask` as a person types it, with a tiny chat model of the real layout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.conftest import Here
from tests.e2e.test_cli import SAMPLES, run
from tests.e2e.test_cli_captioner import watched
from tests.unit.describe.tiny_chat import write_qwen3_vl, write_smolvlm

DOG = SAMPLES / "dog.jpg"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_smolvlm(tmp_path_factory.mktemp("chat") / "my-smolvlm")


def test_questions_are_answered_one_after_the_other(folder: Path):
    questions = ("--ask", "What is it?", "--ask", "And why?")
    done = watched("describe", DOG, "--captioner", folder, "--no-speak", "--json", *questions)
    assert (done.returncode, done.stderr) == (0, "")
    *lines, has_torch = done.stdout.splitlines()
    assert has_torch == "True"
    first, second = map(json.loads, lines)
    assert [first["question"], second["question"]] == ["What is it?", "And why?"]
    for facts in (first, second):
        assert facts["captioner"] == "chat"
        assert facts["caption"]["tokens"] > 0
        assert {one["from"] for one in facts["statements"]} == {"captioner"}
    assert first["objects"] == second["objects"] != []


def test_only_the_answer_is_printed(here: Here, folder: Path):
    code, out, err = here("describe", DOG, "--captioner", folder, "--no-speak", "--ask", "What?")
    assert (code, err) == (0, "")
    assert out
    assert "photo of a dog" not in out


def test_a_description_says_the_facts_first(here: Here, folder: Path):
    code, out, err = here("describe", DOG, "--captioner", folder, "--no-speak", "--brief")
    assert (code, err) == (0, "")
    assert out.startswith("A photo of a dog")


def test_a_black_picture_is_not_asked_about(folder: Path, tmp_path: Path):
    Image.new("RGB", (640, 480)).save(tmp_path / "black.png")
    done = watched(
        "describe", tmp_path / "black.png", "--captioner", folder, "--no-speak", "--ask", "What?"
    )
    assert done.stdout.splitlines() == ["The picture is black; nothing to describe.", "False"]


def test_a_question_for_the_text_alone_is_wrong_usage(folder: Path):
    code, _, err = run("describe", DOG, "--text", "--ask", "What?")
    assert code == 2
    assert "--ask" in err


def test_the_describer_of_the_program_answers_no_questions(here: Here):
    code, out, err = here("describe", DOG, "--no-speak", "--ask", "What?")
    assert (code, out) == (2, "")
    assert err.startswith("This captioner does not answer questions: The embedded describer.")


def test_instruction_and_language_come_from_the_settings(here: Here, tmp_path: Path):
    """What the model is told stands in the template's place of the words: it is made to fail on them."""
    folder = write_qwen3_vl(tmp_path / "my-qwen")
    template = folder / "chat_template.jinja"
    template.write_text(
        "{% set said = messages[-1].content[-1].text %}"
        "{% if 'blind person. Say the colours. Answer in Spanish.' in said %}"
        "{{ raise_exception('heard') }}{% endif %}" + template.read_text()
    )
    arguments = ("describe", DOG, "--captioner", folder, "--no-speak", "--normal")
    assert here(*arguments)[0] == 0
    assert run("settings", "set", "instruction_normal", "Say the colours.")[0] == 0
    assert run("settings", "set", "description_language", "es")[0] == 0
    code, _, err = here(*arguments)
    assert code == 4
    assert "chat_template.jinja" in err
    assert here(*arguments, "--ask", "What?")[0] == 0, "an instruction is for descriptions"
