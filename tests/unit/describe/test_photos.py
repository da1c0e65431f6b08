"""What is said about photos and codes."""

import pytest

from imagecraft_desktop.describe.embedded import photos
from imagecraft_desktop.values import Box, Certainty, Code, Thing

SIZE = (1000, 800)
DOG = Thing("dog", 1, Certainty.CERTAIN, 0.9, (Box(0, 0, 900, 700),))
CAT = Thing("cat", 1, Certainty.CERTAIN, 0.8, (Box(0, 0, 100, 100),))
CUP = Thing("espresso", 1, Certainty.LIKELY, 0.9)
PEOPLE = Thing("person", 3, Certainty.CERTAIN, 0.9)
FACE = Box(0, 0, 50, 50)


def _said(*args: object) -> list[str]:
    return [statement.text for statement in photos.say_photo(*args)]


def test_what_is_certain_is_said_plainly():
    assert _said([DOG, CAT], [], SIZE) == ["A photo of a dog and a cat."]


def test_a_thing_that_fills_the_picture_is_said_to():
    assert _said([DOG], [], SIZE) == ["A photo of a dog.", "It fills most of the picture."]


def test_what_is_likely_is_hedged():
    statements = list(photos.say_photo([CUP], [], SIZE))
    assert [s.text for s in statements] == ["A photo.", "It looks like an espresso."]
    assert [s.certainty for s in statements] == [Certainty.CERTAIN, Certainty.LIKELY]


def test_nothing_known_is_nothing_said():
    assert _said([], [], SIZE) == ["A photo."]


def test_faces_are_counted_when_there_are_people():
    assert _said([PEOPLE], [FACE] * 3, SIZE) == ["A photo of at least 3 people.", "3 faces."]
    # more faces than people would contradict what was just said
    assert _said([PEOPLE], [FACE] * 4, SIZE) == ["A photo of at least 3 people."]


def test_faces_without_people_may_be_painted():
    said = _said([], [FACE], SIZE)
    assert said == ["A photo.", "A face, perhaps of a statue or in a picture."]


@pytest.mark.parametrize(
    ("things", "faces", "text", "code", "said"),
    [
        ([], [], False, False, ["I cannot tell what it shows.", "No text and no people found."]),
        ([DOG], [], False, False, ["No text and no people found."]),
        ([PEOPLE], [], False, False, ["No text found in it."]),
        ([PEOPLE], [], None, False, ["There may be text that cannot be read."]),
        ([], [], True, False, []),
        ([], [], False, True, ["No text and no people found."]),
    ],
)
def test_what_was_not_found_is_said(things, faces, text, code, said):
    missing = photos.say_what_is_missing(things, faces, text, code)
    assert [statement.text for statement in missing] == said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("https://example.org/open-day?from=poster", "A QR code leads to example.org, open-day."),
        ("https://example.org", "A QR code leads to example.org."),
        ("https://bank.example@evil.example/x", "A QR code leads to evil.example, x."),
        ("WIFI:T:WPA;S:Guests;P:secret;;", "A QR code for the wireless network Guests."),
        ("mailto:a@example.org?subject=Hi", "A QR code for an e-mail to a@example.org."),
        ("tel:+123", "A QR code for a call to +123."),
        ("Hello\x1b[2J there", "A QR code says: Hello [2J there."),
        ("http://[broken", "A QR code says: http://[broken."),
        ("", "A QR code; it cannot be read."),
    ],
)
def test_a_code_is_told_and_never_opened(content: str, said: str):
    assert photos.say_code(Code("QR Code", content, FACE)).text == said


def test_a_barcode_is_read_out():
    assert photos.say_code(Code("EAN13", "4006381333931", FACE)).text == "A barcode: 4006381333931."


def test_a_password_in_a_code_is_not_spoken():
    code = Code("QR Code", "WIFI:T:WPA;S:Guests;P:secret;;", FACE)
    assert "secret" not in photos.say_code(code).text


@pytest.mark.parametrize(
    ("box", "place"),
    [
        (Box(0, 300, 200, 500), "left"),
        (Box(800, 300, 1000, 500), "right"),
        (Box(400, 0, 600, 100), "top"),
        (Box(400, 700, 600, 800), "bottom"),
        (Box(400, 300, 600, 500), "middle"),
    ],
)
def test_places(box: Box, place: str):
    assert photos.place_of(box, 1000, 800) == place


@pytest.mark.parametrize(
    ("things", "faces", "text", "said"),
    [
        ([DOG], [], "", "A photo of a dog."),
        ([DOG], [], "BEWARE", "A photo of a dog with the text: BEWARE."),
        ([], [], "NO ENTRY", "A photo with the text: NO ENTRY."),
        ([CUP], [], "", "A photo; it looks like an espresso."),
        ([], [FACE], "", "A photo with one face."),
        ([], [], "", "A photo; I cannot tell what it shows."),
    ],
)
def test_brief_is_one_sentence(things, faces, text, said):
    assert photos.brief_photo(things, faces, text, ()) == said
