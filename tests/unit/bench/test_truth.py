"""Words that name what is not there are found; quotes and denials are not held against it."""

import json
from pathlib import Path

import pytest

from imagecraft_desktop.bench.truth import absent_of, named, seen_words


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        ("cat", "A photo of a dog and a cat."),
        ("cat", "Two CATS."),
        ("bus", "Three buses."),
        ("person", "At least two people."),
        ("mouse", "It looks like mice."),
        ("second cat", "At least two cats."),
        ("second person", "There may also be people."),
        ("plate of food", "A Plate of Food."),
    ],
)
def test_named_in_singular_plural_and_any_case(thing: str, said: str) -> None:
    assert named([thing], said) == [thing]


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        ("cat", "A catalogue, and education."),
        ("second cat", "A photo of a cat."),
        ("person", "A personal computer."),
        ("hand", "A handle."),
    ],
)
def test_words_that_only_look_alike_are_not_named(thing: str, said: str) -> None:
    assert named([thing], said) == []


def test_quoted_text_is_not_what_was_seen() -> None:
    statements = [
        ("ocr", "Text in the photo: beware of the dog."),
        ("codes", "A code leads to cat.example."),
        ("window", "A window: Cars."),
        ("layout", "Buttons: Add person and Close."),
        ("detector", "A photo of a horse."),
    ]
    said = seen_words(statements, ["Add person", "Close", "beware of the dog"])
    assert named(["dog", "cat", "car", "person"], said) == []
    assert named(["horse"], said) == ["horse"]


def test_a_word_of_the_text_may_not_hide_what_was_seen() -> None:
    said = seen_words([("detector", "A photo of a cat.")], ["cat", "a"])
    assert named(["cat"], said) == ["cat"]


def test_what_is_said_to_be_missing_is_not_named() -> None:
    said = seen_words([("detector", "A photo. No text and no people found.")], [])
    assert named(["person"], said) == []


def test_absent_things_come_from_the_manifest(tmp_path: Path) -> None:
    assert absent_of(tmp_path / "a.png") == ()
    listed = {"images": [{"file": "a.png", "absent": ["cat"]}, {"file": "b.png"}]}
    (tmp_path / "manifest.json").write_text(json.dumps(listed))
    assert absent_of(tmp_path / "a.png") == ("cat",)
    assert absent_of(tmp_path / "b.png") == ()
    assert absent_of(tmp_path / "c.png") == ()
