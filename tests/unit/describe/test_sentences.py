"""Sentences are cut out of a growing text where they end, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from imagecraft_desktop.describe.sentences import Circle, Cutter, plain
from imagecraft_desktop.values import Caption, Certainty


def cut(text: str, size: int = 3, has_ended: bool = True) -> list[Caption]:
    """The sentences of a text that comes in pieces of a few letters."""
    pieces = [text[at : at + size] for at in range(0, len(text), size)]

    def decode(ids: Sequence[int]) -> str:
        return "".join(pieces[number] for number in ids)

    cutter = Cutter(decode)
    made = [one for number in range(len(pieces)) for one in cutter.add(number, 0.9)]
    made += cutter.finish(has_ended)
    assert cutter.text == text
    return made


def texts(text: str, size: int = 3) -> list[str]:
    return [one.text for one in cut(text, size)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("A dog sits. It is brown.", ["A dog sits.", "It is brown."]),
        ("It is 3.5 metres wide. It costs $4.99.", ["It is 3.5 metres wide.", "It costs $4.99."]),
        ("Dr. Gray is here. So is Mr. White.", ["Dr. Gray is here.", "So is Mr. White."]),
        ("Fruit, e.g. apples. Bread.", ["Fruit, e.g. apples.", "Bread."]),
        ("Cats, dogs, etc. are here. Yes.", ["Cats, dogs, etc. are here.", "Yes."]),
        ("Prof. Smith of the U.S. Army. Sun.", ["Prof. Smith of the U.S. Army.", "Sun."]),
        ("Is it red? No! It is blue.", ["Is it red?", "No!", "It is blue."]),
        ('A sign says "Stop." A car waits.', ['A sign says "Stop."', "A car waits."]),
        ('A sign "Stop!" is there. Go.', ['A sign "Stop!" is there.', "Go."]),
        ("Wait... what is it? A hat.", ["Wait... what is it?", "A hat."]),
        ("1. A dog\n2. A cat\n", ["1. A dog.", "2. A cat."]),
        ("I see:\n\n- a dog\n* a cat", ["I see.", "A dog.", "A cat."]),
        ("## People\n**Two** men. _One_ hat.", ["People.", "Two men.", "_One_ hat."]),
        ("**Layout:** Two rows.\nTwo columns.", ["Layout: Two rows.", "Two columns."]),
        ("Am 3. Mai 2019. Ein Hund.", ["Am 3. Mai 2019.", "Ein Hund."]),
        ("Hay un perro. ¿Es rojo? ¡Sí!", ["Hay un perro.", "¿Es rojo?", "¡Sí!"]),
        ("一只狗。它是棕色的。", ["一只狗。", "它是棕色的。"]),
        (
            "Open file.txt at www.example.org now. Done.",
            ["Open file.txt at www.example.org now.", "Done."],
        ),
        ("...", [""]),
        ("\n\n  \n", [""]),
        ("", [""]),
        ("A dog", ["A dog."]),
    ],
)
def test_sentences(text: str, sentences: list[str], size: int):
    assert texts(text, size) == sentences


def test_a_sentence_is_out_with_the_first_letter_of_the_next():
    text = "A dog. It sits."
    cutter = Cutter(lambda ids: text[: len(ids)])
    out = [number for number in range(len(text)) for _ in cutter.add(number, 0.9)]
    assert out == [text.index("I")]


def test_each_sentence_has_the_probabilities_of_its_own_tokens():
    words = ["A", " dog", ".", " It", " sits", ".", " Yes", "."]
    sure = [0.9, 0.9, 0.9, 0.3, 0.3, 0.9, 0.95, 0.95]
    cutter = Cutter(lambda ids: "".join(words[number] for number in ids))
    made = [one for n, p in enumerate(sure) for one in cutter.add(n, p)]
    made += cutter.finish(True)
    assert [(one.text, one.tokens, one.weakest) for one in made] == [
        ("A dog.", 3, 0.9),
        ("It sits.", 3, 0.3),
        ("Yes.", 2, 0.95),
    ]
    assert [one.certainty for one in made] == [
        Certainty.CERTAIN,
        Certainty.UNSURE,
        Certainty.CERTAIN,
    ]


def test_a_letter_that_comes_in_two_tokens_is_awaited():
    texts = ["A dog", "A dog. \N{REPLACEMENT CHARACTER}", "A dog. É", "A dog. Él"]
    cutter = Cutter(lambda ids: texts[len(ids) - 1])
    out = [[one.text for one in cutter.add(n, 0.9)] for n in range(4)]
    assert out == [[], [], ["A dog."], []]


def test_what_was_cut_off_is_left_out_unless_it_is_all():
    assert [one.text for one in cut("A dog sits. It is", has_ended=False)] == ["A dog sits."]
    (only,) = cut("A dog is", has_ended=False)
    assert (only.text, only.certainty) == ("A dog is.", Certainty.UNSURE)


def test_of_nothing_that_could_be_said_there_is_a_caption_without_a_text():
    """However it ended, for then it is told."""
    for text, has_ended in (("", True), ("", False), ("...", True), ("---\n***\n", True)):
        (only,) = cut(text, has_ended=has_ended)
        assert (only.text, only.certainty) == ("", None)


def test_markdown_is_not_read_aloud():
    assert plain("> **A** *dog* `here`") == "A dog here"
    assert plain("***A dog*** ``here``") == "A dog here"
    assert plain("*Two dogs.") == "Two dogs."
    assert plain("They run.*") == "They run."
    assert plain("```python") == plain("~~~") == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<b>Two</b> <EM>dogs</EM>", "Two dogs"),
        ("A dog<br/>", "A dog"),
        ("<p class=\"first\">A <span style='x'>dog</span></p>", "A dog"),
        ("H<sub>2</sub>O", "H2O"),
        ("<td>A</td><td>B</td>", "A B"),
        ("<answer>A dog.</answer>", "A dog."),
    ],
)
def test_tags_are_not_read_aloud(text: str, said: str):
    assert " ".join(plain(text).split()) == said


@pytest.mark.parametrize(
    "text",
    [
        *("a < b and b > c", "a <b and c> d", "I <3 it", "x > y", "A C# book", "#1 in the list"),
        *("5 * 3 * 2", "5*3*2", "a*b*c", "Only $5*", "5 stars: *****", "3 -> 4", "__init__.py"),
        *('A sign says "<EXIT>".', 'The tag "<br>" is shown', "Press <Enter>", "snake_case_name"),
    ],
)
def test_signs_that_mean_something_stay(text: str):
    assert plain(text) == text


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_tag_that_ends_a_line_ends_a_sentence(size: int):
    assert texts("A dog<br>A cat<BR />\n<ul><li>A bird</li><li>A cow</li></ul>", size) == [
        *("A dog.", "A cat.", "A bird.", "A cow.")
    ]
    assert texts('The tag "<br>" is shown.', size) == ['The tag "<br>" is shown.']


def test_what_was_written_before_is_left_out():
    assert texts("A dog. It sits. A DOG! It is brown. It sits.") == [
        "A dog.",
        "It sits.",
        "It is brown.",
    ]
    circle = Circle()
    assert circle.is_new("A group, A+.")
    assert circle.is_new("A group, A-.")
    assert not circle.is_new("A group, a-")


def test_a_network_that_goes_round_in_circles_is_known_by_it():
    written = ["A dog.", " It sits.", " A dog.", " It is brown.", " A dog.", " It sits.", " A"]
    cutter = Cutter(lambda ids: "".join(written[number] for number in ids))
    made, circling = [], []
    for number in range(len(written)):
        made += [one.text for one in cutter.add(number, 0.9)]
        circling.append(cutter.is_circling)
    assert made == ["A dog.", "It sits.", "It is brown."]
    assert circling == [False] * 6 + [True]
