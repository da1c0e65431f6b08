"""Words for the ear."""

import pytest

from imagecraft_desktop.describe.embedded import phrases
from imagecraft_desktop.values import Certainty, Thing


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Retry"], "Retry"),
        (["Retry", "Cancel"], "Retry and Cancel"),
        (["Retry", "Save as", "Cancel"], "Retry, Save as and Cancel"),
    ],
)
def test_names_are_joined_as_a_list(names: list[str], said: str):
    assert phrases.join(names) == said


def test_cells_are_joined_by_commas():
    assert phrases.series(["January", "$1,200", "$95"]) == "January, $1,200, $95"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Save failed", "Save failed."),
        ("Save failed.", "Save failed."),
        ("Really?", "Really?"),
        ('"Nice extra."', '"Nice extra."'),
        ("Write a message...", "Write a message..."),
        ("modified:", "modified."),
        ("Blood group AB-", "Blood group AB-."),
        ("Blood group AB- :", "Blood group AB-."),
        ("Rh −", "Rh −."),
        ("a whole sen-", "a whole sen."),
        ("  two \n lines ", "two lines."),
        ("", ""),
    ],
)
def test_a_sentence_ends_with_one_stop(text: str, said: str):
    assert phrases.sentence(text) == said


def test_a_name_keeps_a_sign_that_says_something():
    assert phrases.name("AB-") == "AB-"
    assert phrases.name("O-.") == "O-"
    assert phrases.name("Next -") == "Next"
    assert phrases.name("-") == ""


def test_control_and_hidden_characters_are_taken_out():
    assert phrases.safe("a\x1b[31mb\u202ec\u200bd\x00e") == "a [31mb c d e"


def test_the_first_sentence_is_cut_out():
    assert phrases.first_sentence("One 3.5 is. Two.") == "One 3.5 is."
    assert phrases.first_sentence("No stop") == "No stop."


def test_a_species_comes_with_its_plain_name():
    dog = Thing("German shepherd", 1, Certainty.CERTAIN, 0.9, (), "dog")
    assert phrases.say_thing(dog) == "a dog, a German shepherd"


def test_a_name_that_holds_the_plain_one_stands_alone():
    bear = Thing("polar bear", 1, Certainty.CERTAIN, 0.9, (), "bear")
    assert phrases.say_thing(bear) == "a polar bear"


def test_several_are_counted_as_at_least():
    assert phrases.say_thing(Thing("giraffe", 2, Certainty.CERTAIN, 0.9)) == "at least 2 giraffes"


def test_every_class_of_the_detector_has_words():
    from imagecraft_desktop import strings
    from imagecraft_desktop.see.classes import COCO, GROUPS

    names = {*COCO, *(group.name for group in GROUPS), "animal"}
    assert names <= set(strings.THINGS)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (
            "Ihre Rechnung Nr. 4471 vom 3. Mai ist da. Danke.",
            "Ihre Rechnung Nr. 4471 vom 3. Mai ist da.",
        ),
        ("Dr. Miller called. Call back.", "Dr. Miller called."),
        ("Bring z.B. Brot mit. Danke.", "Bring z.B. Brot mit."),
        ("It was built in 1999. It stands.", "It was built in 1999."),
        ("Done! Next.", "Done!"),
    ],
)
def test_the_first_sentence_does_not_end_at_an_abbreviation(text: str, first: str):
    assert phrases.first_sentence(text) == first
