"""Where something is, in words; and which part of a picture a sentence is about."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.system import paths
from imagecraft_desktop.ui.findings import found_rows, statement_row
from imagecraft_desktop.ui.places import boxes_of, merged, place_of
from imagecraft_desktop.values import (
    Box,
    Certainty,
    Code,
    Description,
    Kind,
    Statement,
    TextLine,
    Thing,
)

SIZE = (300, 300)
DOG, CAR, LINE, CODE = (
    Box(0, 0, 50, 50),
    Box(250, 260, 300, 300),
    Box(100, 0, 200, 20),
    Box(10, 130, 60, 180),
)
FOUND = Description(
    Kind.PHOTO,
    (),
    text=(
        TextLine("Open day", LINE, 0.9),
        TextLine("See www.example.org.", Box(0, 200, 9, 210), 0.9),
    ),
    objects=(
        Thing("car", 1, Certainty.LIKELY, 0.7, (CAR,)),
        Thing("German shepherd", 1, Certainty.CERTAIN, 0.9, (DOG,), family="dog"),
    ),
    codes=(Code("QR Code", "https://example.org/a?b=1", CODE),),
)


@pytest.fixture
def spanish() -> Iterator[None]:
    strings.use_language("es", paths.resources() / "locale")
    yield
    strings.use_language("en", paths.resources() / "locale")


@pytest.mark.parametrize(
    ("box", "place"),
    [
        ((0, 0, 10, 10), "top left"),
        ((140, 0, 160, 10), "top"),
        ((290, 0, 300, 10), "top right"),
        ((0, 140, 10, 160), "left"),
        ((140, 140, 160, 160), "middle"),
        ((290, 140, 300, 160), "right"),
        ((0, 290, 10, 300), "bottom left"),
        ((140, 290, 160, 300), "bottom"),
        ((290, 290, 300, 300), "bottom right"),
        ((0, 0, 280, 280), "nearly everywhere"),
    ],
)
def test_every_place_has_its_words(box: tuple[int, int, int, int], place: str):
    assert place_of(Box(*box), SIZE) == place
    assert strings.say(strings.PLACES[place]) == place


@pytest.mark.parametrize(
    ("text", "source", "boxes"),
    [
        ("A photo of a dog, a German shepherd.", "detector", (DOG,)),
        ("It looks like a car.", "detector", (CAR,)),
        ("Two dogs and at least 2 cars.", "detector", (CAR, DOG)),
        ("A cartoon.", "detector", ()),
        ("Text in the photo: Open day.", "ocr", (LINE,)),
        ("Something else.", "ocr", ()),
        ("A QR code leads to example.org.", "codes", (CODE,)),
        ("A dog runs.", "captioner", ()),
    ],
)
def test_a_sentence_has_a_place_only_where_it_names_what_is_there(
    text: str, source: str, boxes: tuple[Box, ...]
):
    assert boxes_of(Statement(text, Certainty.CERTAIN, source), FOUND) == boxes


def test_a_thing_is_found_in_spanish_too(spanish: None):
    said = Statement("Una foto de un perro.", Certainty.CERTAIN, "detector")
    assert boxes_of(said, FOUND) == (DOG,)


def test_a_line_tells_certainty_and_place():
    said = Statement("A photo of a dog.", Certainty.LIKELY, "detector")
    assert statement_row(said, FOUND, SIZE).line == "A photo of a dog. Likely, top left."
    assert statement_row(said, None, SIZE).line == "A photo of a dog. Likely."


def test_a_network_that_says_where_gives_its_sentence_a_place():
    said = Statement("A dog runs.", Certainty.LIKELY, "captioner", (CAR,))
    assert boxes_of(said, FOUND) == (CAR,)
    assert statement_row(said, FOUND, SIZE).line == "A dog runs. Likely, bottom right."


def test_what_was_found_stands_in_reading_order_with_its_place():
    rows = found_rows(FOUND, SIZE)
    assert [row.line for row in rows] == [
        "Thing: a dog. Certain, top left.",
        "Text: Open day. Certain, top.",
        "QR Code: https://example.org/a?b=1. Press Enter to open it. Certain, left.",
        "Text: See www.example.org. Press Enter to open the address. Certain, bottom left.",
        "Thing: a car. Likely, bottom right.",
    ]
    assert [row.link for row in rows] == [
        "",
        "",
        "https://example.org/a?b=1",
        "http://www.example.org",
        "",
    ]


def test_a_picture_between_two_columns_of_text_stays_in_its_own():
    """The text was read column by column; a picture of the right one must not tear the left one apart."""
    left = [Box(0, top, 90, top + 20) for top in (100, 130, 160, 190)]
    right = [Box(110, top, 200, top + 20) for top in (100, 190)]
    picture, under_left, beside = (
        Box(112, 125, 198, 185),
        Box(0, 260, 50, 300),
        Box(205, 102, 290, 122),
    )
    of_left, of_right = [0, 1, 2, 3, 7], [4, 8, 6, 5]
    assert merged([*left, *right], [picture, under_left, beside]) == [*of_left, *of_right]


def test_things_beside_each_other_go_from_left_to_right():
    boxes = [Box(200, 10, 290, 100), Box(0, 40, 90, 130), Box(100, 150, 190, 240)]
    assert merged([], boxes) == [1, 0, 2]
    assert merged([], []) == []


@pytest.mark.parametrize(
    ("statement", "link"),
    [
        (
            Statement("A QR code leads to example.org, a.", Certainty.CERTAIN, "codes", (CODE,)),
            True,
        ),
        (Statement("A QR code leads to example.org, a.", Certainty.CERTAIN, "codes"), True),
        (Statement("Text: see www.example.org.", Certainty.CERTAIN, "ocr"), True),
        (Statement("A sign with www.example.org.", Certainty.LIKELY, "captioner"), False),
        (Statement("A photo.", Certainty.CERTAIN, "frame"), False),
    ],
    ids=["code", "code-without-place", "text", "caption", "no-address"],
)
def test_a_sentence_about_a_link_can_be_opened(statement: Statement, link: bool):
    row = statement_row(statement, FOUND, SIZE)
    assert bool(row.link) is link
    assert ("Press Enter to open the address. Certain" in row.line) is link
    assert bool(row.not_opened) is not link
    assert row.text == statement.text
    if statement.source == "codes":
        assert row.link == row.copied == "https://example.org/a?b=1"


def test_of_several_codes_each_sentence_has_its_own():
    other = Code("QR Code", "https://en.wikipedia.example/Mercury_(planet)", DOG)
    found = Description(Kind.PHOTO, (), codes=(other, *FOUND.codes))
    for code in found.codes:
        said = Statement("A QR code leads to a site.", Certainty.CERTAIN, "codes", (code.box,))
        assert statement_row(said, found, SIZE).link == code.content


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("mailto:anna@example.org", "An e-mail address"),
        ("tel:+4930123", "A phone number"),
        ("geo:52.5,13.4", "A place on the map"),
        ("WIFI:T:WPA;S:home;P:secret;;", "A wireless network"),
        ("BEGIN:VCARD\nN:Anna\nEND:VCARD", "A contact"),
        ("Just words", "A text"),
    ],
    ids=["mail", "phone", "place", "network", "contact", "text"],
)
def test_a_code_that_is_no_link_tells_what_it_is_and_is_copied(
    content: str, told: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "platform", "linux")
    found = Description(Kind.PHOTO, (), codes=(Code("QR Code", content, CODE),))
    said = Statement("A QR code.", Certainty.CERTAIN, "codes", (CODE,))
    for row in (statement_row(said, found, SIZE), *found_rows(found, SIZE)):
        assert row.link == ""
        assert row.not_opened.startswith(told)
        assert "Control C copies" in row.not_opened
        assert row.copied == content


@pytest.mark.parametrize("form", ["QR Code", "Data Matrix", "Code 128", "EAN-13"])
@pytest.mark.parametrize(
    ("content", "told"), [("4006381333931", "A number,"), ("Shelf 4, box B", "A text,")]
)
def test_whether_a_code_holds_a_number_is_told_by_what_it_holds(form: str, content: str, told: str):
    row = found_rows(Description(Kind.PHOTO, (), codes=(Code(form, content, CODE),)), SIZE)[0]
    assert row.not_opened.startswith(told)


def test_on_a_macintosh_it_is_command_that_copies(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    row = found_rows(Description(Kind.PHOTO, (), codes=(Code("EAN-13", "40", CODE),)), SIZE)[0]
    assert row.not_opened == "A number, nothing to open. Command C copies it."


def test_a_code_that_is_no_address_is_not_opened():
    for content in (
        "WIFI:T:WPA;S:home;P:secret;;",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "x",
    ):
        found = Description(Kind.PHOTO, (), codes=(Code("QR Code", content, CODE),))
        (row,) = found_rows(found, SIZE)
        assert row.link == ""
        assert "Enter" not in row.line
