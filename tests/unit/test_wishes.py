"""What the settings make of a wish."""

from __future__ import annotations

import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.values import Detail, Wish
from imagecraft_desktop.wishes import wish_for

SETTINGS = Settings(
    instruction_brief="Be short.",
    instruction_normal="Say the colours.",
    instruction_detailed="Say it all.",
)


@pytest.mark.parametrize(
    ("detail", "instruction"),
    [
        (Detail.BRIEF, "Be short."),
        (Detail.NORMAL, "Say the colours."),
        (Detail.DETAILED, "Say it all."),
    ],
)
def test_each_detail_has_its_instruction(detail: Detail, instruction: str):
    assert wish_for(SETTINGS, detail) == Wish(detail, instruction=instruction, language="en")


def test_a_question_has_none():
    made = wish_for(SETTINGS, Detail.NORMAL, question="What is it?", seed=3)
    assert made == Wish(question="What is it?", seed=3, language="en")


def test_the_language_is_that_of_the_program_or_of_the_setting(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(strings, "language", lambda: "es")
    assert wish_for(Settings(), Detail.BRIEF).language == "es"
    assert wish_for(Settings(description_language=""), Detail.BRIEF).language == "es"
    assert wish_for(Settings(description_language="de"), Detail.BRIEF).language == "de"
