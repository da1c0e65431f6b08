"""Text that two readers find at the same place of a photo: what is said of it, and what is not."""

from __future__ import annotations

import pytest

from imagecraft_desktop.describe.embedded import reread
from imagecraft_desktop.describe.embedded.reread import Found, compare, is_open, is_worth
from imagecraft_desktop.values import Box, Certainty, TextLine

BOX = Box(100, 100, 300, 150)
ELSEWHERE = Box(500, 400, 700, 450)


def found(text: str, score: float, is_said: bool, box: Box = BOX) -> Found:
    return Found(TextLine(text, box, score), is_said)


def told(text: str, score: float = 0.9, box: Box = BOX) -> TextLine:
    return TextLine(text, box, score)


@pytest.mark.parametrize(
    ("first", "second", "said", "certainty"),
    [
        (("42", 0.99, False), "42", "Text, probably: 42.", Certainty.LIKELY),
        (("EXlT", 0.6, False), "EXIT", "Text that could be: EXIT.", Certainty.UNSURE),
        (
            ("FlRE EXlT", 0.82, True),
            "Fire exit",
            "Instead of FlRE EXlT the text could be: Fire exit.",
            Certainty.UNSURE,
        ),
    ],
    ids=["alike", "nearly alike", "said otherwise"],
)
def test_two_readings_are_worded_by_how_alike_they_are(first, second, said, certainty):
    (statement,) = compare([found(*first)], [told(second)])
    assert (statement.text, statement.certainty) == (said, certainty)
    assert (statement.source, statement.boxes) == ("captioner", (BOX,))


@pytest.mark.parametrize(
    ("first", "line"),
    [
        (("FIRE EXIT", 0.97, True), told("Fire exit")),
        (("FIRE EXIT", 0.85, True), told("EXIT")),
        (("FIRE EXIT", 0.97, True), told("FIVE EXIT")),
        (("a", 0.9, False), told("a")),
        (("W008", 0.4, False), told("Nora")),
        (("42", 0.9, False), told("47")),
        (("42", 0.9, False), told("")),
        (("42", 0.9, False), told("42", box=ELSEWHERE)),
        (("42", 0.9, False), told("42", box=Box(0, 0, 1000, 700))),
        (("42", 0.9, False, Box(0, 0, 1000, 700)), told("42")),
    ],
    ids=[
        "said already",
        "a part was said",
        "said for certain",
        "one sign",
        "nothing alike",
        "short and different",
        "the network is unsure",
        "found elsewhere",
        "everywhere",
        "found everywhere",
    ],
)
def test_nothing_is_said(first, line):
    assert list(compare([found(*first)], [line])) == []


@pytest.mark.parametrize(
    ("read", "text"),
    [
        ("1.5", "15"),
        ("-15", "15"),
        ("7:30", "730"),
        ("1230", "12.30"),
        ("10%", "10"),
        ("15", "1/5"),
        ("4711", "4712"),
    ],
)
def test_a_number_is_probable_only_where_every_sign_is_read_alike(read, text):
    (statement,) = compare([found(read, 0.9, False)], [told(text)])
    said = f"Text that could be: {text}."
    assert (statement.text, statement.certainty) == (said, Certainty.UNSURE)
    (statement,) = compare([found(read, 0.9, False)], [told(read)])
    assert (statement.text, statement.certainty) == (f"Text, probably: {read}.", Certainty.LIKELY)


@pytest.mark.parametrize(
    ("read", "text"), [("12.30", "1230"), ("1230", "230"), ("Till 12.30", "Till 12:30")]
)
def test_a_number_that_was_said_and_is_read_otherwise_is_doubted(read, text):
    (statement,) = compare([found(read, 0.85, True)], [told(text)])
    assert statement.text == f"Instead of {read} the text could be: {text}."
    assert list(compare([found(read, 0.95, True)], [told(text)])) == []


@pytest.mark.parametrize(
    ("read", "text"), [("EXIT 12", "Exit12"), ("Total 12.30.", "12.30"), ("EXIT 12", "EXIT")]
)
def test_a_number_that_was_said_is_not_said_again(read, text):
    assert list(compare([found(read, 0.85, True)], [told(text)])) == []


SIGNS = [("AB+", "AB-"), ("EXIT →", "EXIT ←"), ("C+D", "C-D"), ("C#m", "Cm"), ("AB", "AB-")]


@pytest.mark.parametrize(("read", "text"), SIGNS)
def test_words_are_probable_only_where_their_signs_are_read_alike(read, text):
    (statement,) = compare([found(read, 0.9, False)], [told(text)])
    said = f"Text that could be: {text}."
    assert (statement.text, statement.certainty) == (said, Certainty.UNSURE)
    (statement,) = compare([found(text, 0.9, False)], [told(text)])
    assert (statement.text, statement.certainty) == (f"Text, probably: {text}.", Certainty.LIKELY)


@pytest.mark.parametrize(("read", "text"), [*SIGNS, ("HTML+ page", "HTML")])
def test_words_that_were_said_and_whose_signs_are_read_otherwise_are_doubted(read, text):
    (statement,) = compare([found(read, 0.85, True)], [told(text)])
    assert statement.text == f"Instead of {read} the text could be: {text}."
    assert list(compare([found(read, 0.95, True)], [told(text)])) == []


@pytest.mark.parametrize("read", ["“Fire”: (exit)!", "FIRE, EXIT.", "fire exit", "¿Fire exit?"])
def test_how_a_sentence_is_punctuated_is_no_difference(read):
    (statement,) = compare([found(read, 0.9, False)], [told("Fire exit.")])
    assert (statement.text, statement.certainty) == (
        "Text, probably: Fire exit.",
        Certainty.LIKELY,
    )
    assert list(compare([found(read, 0.85, True)], [told("Fire exit")])) == []


@pytest.mark.parametrize(
    ("pieces", "text", "place"),
    [
        (
            {"EXIT": Box(100, 155, 200, 205), "FIRE": Box(150, 100, 250, 150)},
            "FIRE EXIT",
            Box(100, 100, 250, 205),
        ),
        (
            {"4711": Box(210, 60, 300, 130), "B": Box(100, 110, 190, 180)},
            "B 4711",
            Box(100, 60, 300, 180),
        ),
    ],
    ids=["rows from the top", "rising from the left"],
)
def test_what_was_found_in_pieces_is_put_together(pieces, text, place):
    read = [found(piece, 0.9, False, box) for piece, box in pieces.items()]
    (statement,) = compare(read, [told(text, box=place)])
    assert statement.text == f"Text, probably: {text}."


def test_a_long_text_is_compared_at_once(monkeypatch):
    """Spans of its words are followed only while they say the same; to look at all of them takes seconds."""
    looked, signs = [], reread._signs
    monkeypatch.setattr(reread, "_signs", lambda text: (looked.append(len(text)), signs(text))[1])
    words = [f"{chr(97 + number % 26) * 5}" for number in range(200)]
    pieces = [
        found(" ".join([*words[:99], "x"]), 0.85, True, Box(100, 100, 300, 125)),
        found(" ".join(words[100:]), 0.9, False, Box(100, 125, 300, 150)),
    ]
    text = " ".join(words)
    (statement,) = compare(pieces, [told(text)])
    assert statement.text == f"Text that could be: {text}."
    assert sum(looked) < 1_000_000


def test_what_was_found_in_pieces_is_put_together_from_the_left():
    pieces = [
        found("4711", 0.9, False, Box(210, 100, 300, 150)),
        found("B", 0.9, False, Box(100, 100, 190, 150)),
    ]
    (statement,) = compare(pieces, [told("B 4711")])
    assert statement.text == "Text, probably: B 4711."


def pieces(first: tuple[str, float, bool], second: tuple[str, float, bool]) -> list[Found]:
    return [found(*first, Box(100, 100, 200, 150)), found(*second, Box(205, 100, 300, 150))]


@pytest.mark.parametrize("second", [("4Z", 0.6, False), ("42", 0.95, False), ("42", 0.85, True)])
def test_what_was_said_for_certain_is_not_doubted_beside_what_was_not(second):
    assert list(compare(pieces(("FIRE", 0.97, True), second), [told("FIVE 42")])) == []
    assert list(compare(pieces(("12.30", 0.97, True), second), [told("1230 42")])) == []


@pytest.mark.parametrize("score", [0.97, 0.82])
@pytest.mark.parametrize(
    ("second", "said"),
    [
        (("42", 0.9, False), ["Text, probably: 42."]),
        (("4.2", 0.9, False), ["Text that could be: 42."]),
        (("4.2", 0.85, True), ["Instead of 4.2 the text could be: 42."]),
        (("42", 0.85, True), []),
    ],
)
def test_what_was_said_and_is_read_alike_is_not_said_again(score, second, said):
    told_now = compare(pieces(("FIRE", score, True), second), [told("Fire 42")])
    assert [statement.text for statement in told_now] == said


def test_words_that_only_the_network_reads_beside_what_was_said_are_not_said():
    assert list(compare([found("FIRE EXIT", 0.85, True)], [told("Fire exit only")])) == []


def test_a_line_that_comes_twice_is_said_once():
    assert len(list(compare([found("42", 0.9, False)], [told("42"), told("42")]))) == 1


@pytest.mark.parametrize(
    ("first", "right"),
    [
        (("42", 0.99, False), True),
        (("FlRE", 0.82, True), True),
        (("FIRE", 0.95, True), False),
        (("42", 0.45, False), False),
        (("8", 0.93, False), False),
    ],
)
def test_the_network_is_asked_only_for_what_it_could_change(first, right):
    assert is_worth([found(*first)]) is right


@pytest.mark.parametrize(
    ("line", "right"),
    [
        (told("Nora"), True),
        (told(""), True),
        (told("Nora", box=Box(250, 120, 400, 180)), True),
        (told("Nora", box=ELSEWHERE), False),
    ],
    ids=["unlike", "not sure", "beside", "elsewhere"],
)
def test_where_both_see_writing_it_is_open_whether_there_is_any(line, right):
    assert is_open([found("W008", 0.6, False)], [line]) is right
    assert not is_open([found("W008", 0.6, False)], [])
