"""What a network wrote is compared with what was proven: words in, certainty out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagecraft_desktop.describe.bounds import BOUNDS, least_probability
from imagecraft_desktop.describe.caption import combine, make_caption
from imagecraft_desktop.describe.second_look import is_worth
from imagecraft_desktop.describe.truth import agreement, check
from imagecraft_desktop.values import Caption, Certainty, Thing, Wish

CERTAIN, UNSURE, LIKELY = Certainty.CERTAIN, Certainty.UNSURE, Certainty.LIKELY
SHEPHERD = Thing("German shepherd", 1, CERTAIN, 0.9, family="dog")
DOGS = Thing("dog", 3, CERTAIN, 0.9)
TWO_PEOPLE = Thing("person", 2, CERTAIN, 0.9)
THREE_PEOPLE = Thing("person", 3, CERTAIN, 0.9)
BUS = Thing("bus", 1, CERTAIN, 0.9)
SHEEP = Thing("sheep", 3, CERTAIN, 0.9)
PERHAPS = Thing("dog", 3, LIKELY, 0.9)


def checked(
    text: str,
    things: Sequence[Thing] = (),
    lines: Sequence[str] = (),
    *,
    question: str = "",
    **shares: float,
) -> Caption:
    written = make_caption(text, [0.9] * 4, True)
    assert written.certainty is CERTAIN
    return check(written, things, lines, lambda: shares, question)


@pytest.mark.parametrize(
    ("text", "things", "level"),
    [
        ("a dog on a beach", [SHEPHERD], CERTAIN),
        ("one dog on a beach", [SHEPHERD], CERTAIN),
        ("two dogs on a beach", [SHEPHERD], UNSURE),  # one may have been missed
        ("a dog on a beach", [DOGS], CERTAIN),
        ("dogs on a beach", [DOGS], CERTAIN),
        ("two dogs on a beach", [DOGS], None),
        ("two brown dogs on a beach", [DOGS], UNSURE),  # the third may be black
        ("two brown dogs on a beach", [PERHAPS], CERTAIN),
        ("a couple of people", [TWO_PEOPLE], CERTAIN),
        ("a single person", [TWO_PEOPLE], None),
        ("one man and a woman", [TWO_PEOPLE], CERTAIN),
        ("no people on a beach", [TWO_PEOPLE], None),
        ("a deserted beach", [TWO_PEOPLE], None),
        ("a deserted beach", [DOGS], CERTAIN),
        ("an empty beach", [TWO_PEOPLE], UNSURE),
        ("a beach empty of people", [TWO_PEOPLE], UNSURE),
        ("a beach without a dog", [SHEPHERD], None),
        ("people with two cats", [TWO_PEOPLE], CERTAIN),
    ],
)
def test_counts(text: str, things: Sequence[Thing], level: Certainty | None):
    found = checked(text, things, brown=1.0)
    assert found.certainty is level
    assert found.contradicts == (() if level is CERTAIN else ("count",))


@pytest.mark.parametrize(
    ("text", "things", "level"),
    [
        ("there are 2 dogs on the grass", [DOGS], None),
        ("3 dogs on the grass", [DOGS], CERTAIN),
        ("there are 5 dogs on the grass", [DOGS], UNSURE),
        ("0 dogs", [DOGS], None),
        ("2 sheep", [SHEEP], None),
        ("the 42 bus at a stop", [BUS], CERTAIN),  # its name
        ("2 buses", [BUS], UNSURE),
        ("a 4 year old dog", [SHEPHERD], CERTAIN),
        ("4 year old dogs", [DOGS], CERTAIN),
        ("two year old dogs", [DOGS], CERTAIN),
        ("in 2023 people stood here", [TWO_PEOPLE], CERTAIN),
        ("2 of the dogs are brown", [DOGS], CERTAIN),
        ("there aren't any dogs", [DOGS], None),
        ("there is not a dog in sight", [SHEPHERD], None),
        ("I can't see any dogs", [DOGS], None),
        ("the statue is not a dog", [SHEPHERD], CERTAIN),
        ("there are not many dogs", [DOGS], CERTAIN),
        ("a man who is not holding a dog", [SHEPHERD], CERTAIN),
        ("a dog with no other dogs around", [SHEPHERD], CERTAIN),
        ("no small dogs", [DOGS], UNSURE),  # they may be large
        ("no visible dogs", [DOGS], None),
        ("no cats, a dog", [SHEPHERD], CERTAIN),
    ],
)
def test_counts_in_digits_and_denials(text: str, things: Sequence[Thing], level: Certainty | None):
    found = checked(text, things, brown=1.0)
    assert found.certainty is level
    assert found.contradicts == (() if level is CERTAIN else ("count",))


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("there is no one in the picture", None),
        ("There's no-one here", None),
        ("nobody", None),
        ("not a soul", None),
        ("not a soul in sight", None),
        ("there isn't a single soul on the beach", None),
        ("there is not a soul looking at the camera", CERTAIN),
        ("a soul food restaurant", CERTAIN),
        ("nobody is on the beach", None),
        ("a beach with no one on it", None),
        ("the picture shows no one", None),
        ("a man with no one behind him", CERTAIN),
        ("the dog sees no one", CERTAIN),
        ("the dog can't see a person", CERTAIN),
        ("at 7:30 people wait", CERTAIN),
        ("no one is smiling", CERTAIN),
        ("no one is looking at the camera", CERTAIN),
        ("there is no one looking at the camera", CERTAIN),
        ("there is no one else in the room", CERTAIN),
        ("nobody wears a hat", CERTAIN),
        ("there are no humans", None),
        ("there is no human being", None),
        ("there is no human activity", CERTAIN),
        ("there aren't any people", None),
        ("I do not see any people", None),
        ("there is not a single person here", None),
        ("five men on a bench", UNSURE),
        ("5 women on a bench", UNSURE),
        ("two men and a woman", CERTAIN),
        ("one man on a bench", CERTAIN),
        ("no men in the room", CERTAIN),  # three women
        ("there are no children", CERTAIN),
        ("five women's shoes", CERTAIN),
        ("there isn't anybody on the beach", None),
        ("we can't see anyone", None),
        ("there isn't anyone looking at the camera", CERTAIN),
        ("neither people nor cars", None),
        ("neither person is smiling", CERTAIN),
        ("there are no cars or people", None),
        ("there are no cars, dogs or people", None),
        ("a man without a hat or people", CERTAIN),
        ("an uninhabited island", None),
        ("a man alone on a beach", UNSURE),
        ("a solitary woman on a bench", UNSURE),
        ("an abandoned street", UNSURE),
        ("the room is empty", UNSURE),
        ("An empty street.", UNSURE),
        ("A long empty beach.", UNSURE),
        ("The street is empty.", UNSURE),
        ("The street looks completely empty.", UNSURE),
        ("A street empty of people.", UNSURE),
        ("A nearly empty street.", CERTAIN),
        ("An empty bench on a street.", CERTAIN),
        ("An empty street and a plate.", UNSURE),
        ("People in front of an empty street sign.", CERTAIN),
        ("People in an empty parking lot.", CERTAIN),  # of cars
        ("Several people on a bench.", CERTAIN),
        ("A group of people.", CERTAIN),
        ("A crowd of people.", UNSURE),
        ("Dozens of women.", UNSURE),
        ("A two person tent.", CERTAIN),
    ],
)
def test_counts_of_people(text: str, level: Certainty | None):
    assert checked(text, [THREE_PEOPLE]).certainty is level
    assert checked(text).certainty is CERTAIN, "that nobody was found proves nothing"


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    "text", ["A man walks down an empty street.", "A woman on a deserted beach."]
)
def test_one_who_is_named_may_be_alone(text: str, count: int):
    found = checked(text, [Thing("person", count, CERTAIN, 0.9)])
    assert (found.certainty is CERTAIN) == (count == 1)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Several dogs.", UNSURE),
        ("Dozens of dogs.", UNSURE),
        ("A dozen dogs.", UNSURE),
        ("Half a dozen dogs.", UNSURE),
        ("Many brown dogs.", UNSURE),
        ("A few dogs on a beach.", UNSURE),
        ("A group of small dogs.", UNSURE),
        ("A pack of dogs.", UNSURE),
        ("Lots of dogs.", UNSURE),
        ("Multiple dogs.", UNSURE),
        ("Not many dogs.", CERTAIN),
        ("There are not several dogs.", CERTAIN),
        ("Several people and a dog.", CERTAIN),
        ("Several dog toys.", CERTAIN),
        ("Two dog bowls.", CERTAIN),
        ("A few of the dogs.", UNSURE),
        ("A group of people and a dog.", CERTAIN),
    ],
)
def test_many_are_not_said_where_one_was_found(text: str, level: Certainty):
    found = checked(text, [SHEPHERD], brown=1.0)
    assert found.certainty is level
    assert found.contradicts == (() if level is CERTAIN else ("count",))


def one(name: str) -> Thing:
    return Thing(name, 1, CERTAIN, 0.9)


@pytest.mark.parametrize(
    ("text", "thing", "level"),
    [
        ("Dogs on a beach.", SHEPHERD, UNSURE),
        ("The brown dogs run.", SHEPHERD, UNSURE),
        ("A beach with dogs.", SHEPHERD, UNSURE),
        ("Some dogs.", SHEPHERD, UNSURE),
        ("A dog with other dogs.", SHEPHERD, UNSURE),
        ("One of the dogs.", SHEPHERD, UNSURE),
        ("A dog's bowl.", SHEPHERD, CERTAIN),
        ("A dog without other dogs.", SHEPHERD, CERTAIN),
        ("A man eats hot dogs.", SHEPHERD, CERTAIN),
        ("Teddy bears.", one("bear"), CERTAIN),
        ("Bears.", one("bear"), UNSURE),
        ("People on a bench.", one("person"), UNSURE),
        ("The individuals sit.", one("person"), UNSURE),
        ("A person on a bench.", one("person"), CERTAIN),
        ("Men on a bench.", one("person"), UNSURE),
        ("Women and children.", one("person"), UNSURE),
        ("No men.", one("person"), CERTAIN),
        ("These are not men.", one("person"), CERTAIN),
        ("A shelf of men's shoes.", one("person"), CERTAIN),
        ("A woman on a bench.", one("person"), CERTAIN),
        ("Buses.", one("bus"), UNSURE),
        ("A bus.", one("bus"), CERTAIN),
        ("The bus.", one("bus"), CERTAIN),
        ("Cars on a road.", one("car"), UNSURE),
        ("Knives.", one("knife"), UNSURE),
        ("Sheep.", one("sheep"), CERTAIN),  # one or many
        ("Scissors on a table.", one("scissors"), CERTAIN),
        ("Skis.", one("skis"), CERTAIN),
        ("The hippopotamus.", one("hippopotamus"), CERTAIN),
        ("Jeans, glasses and stairs.", one("person"), CERTAIN),
        ("Cats on a sofa.", one("couch"), CERTAIN),  # of cats nothing was proven
        ("Broccoli.", one("broccoli"), CERTAIN),
    ],
)
def test_a_plural_is_not_said_plainly_where_one_was_found(
    text: str, thing: Thing, level: Certainty
):
    found = checked(text, [thing], brown=1.0)
    assert found.certainty is level
    assert found.contradicts == (() if level is CERTAIN else ("count",))
    more = checked(text, [replace(thing, count=2)], brown=1.0)
    assert more.certainty is CERTAIN, "two are a plural"


@pytest.mark.parametrize("text", ["Several dogs.", "A few dogs.", "A pack of dogs."])
def test_a_vague_number_denies_no_larger_one(text: str):
    for count in (3, 20):
        assert checked(text, [Thing("dog", count, CERTAIN, 0.9)]).certainty is CERTAIN


IS_THERE, HOW_MANY = "Is there a dog in the picture?", "How many dogs are there?"


@pytest.mark.parametrize(
    ("question", "text", "level"),
    [
        (IS_THERE, "No.", None),
        (IS_THERE, "no", None),
        (IS_THERE, "No, there is not.", None),
        (IS_THERE, "No, there isn't one.", None),
        (IS_THERE, "There are none.", None),
        (IS_THERE, "I do not see any.", None),
        (IS_THERE, "No, it is a cat.", None),
        (IS_THERE, "Yes.", CERTAIN),
        (IS_THERE, "Yes, there is one.", CERTAIN),
        (IS_THERE, "No other animals are visible.", CERTAIN),
        (IS_THERE, "It lies on the grass.", CERTAIN),
        ("Do you see any dogs?", "No", None),
        ("Is the dog black?", "No.", CERTAIN),
        ("Is there a dog on the sofa?", "No.", CERTAIN),
        ("Is there only one dog?", "No.", CERTAIN),
        ("Are there two dogs?", "No.", CERTAIN),
        ("Is there a cat?", "No.", CERTAIN),
        ("Isn't there a dog?", "No.", CERTAIN),
        (HOW_MANY, "One.", None),
        (HOW_MANY, "1", None),
        (HOW_MANY, "There are 2.", None),
        (HOW_MANY, "I can see two of them.", None),
        (HOW_MANY, "None.", None),
        (HOW_MANY, "0", None),
        (HOW_MANY, "Three.", CERTAIN),
        (HOW_MANY, "3", CERTAIN),
        (HOW_MANY, "There are four.", UNSURE),
        (HOW_MANY, "Dozens.", UNSURE),
        (HOW_MANY, "Several.", CERTAIN),
        (HOW_MANY, "Not many.", CERTAIN),
        (HOW_MANY, "There are a lot of them.", UNSURE),
        (HOW_MANY, "Many are asleep.", CERTAIN),
        (HOW_MANY, "One is black, two are white.", CERTAIN),
        ("How many dogs are on the left?", "One.", CERTAIN),
        ("How many brown dogs are there?", "One.", CERTAIN),
        ("How many dogs are asleep?", "None.", CERTAIN),
        ("How many cats are there?", "One.", CERTAIN),
        ("How old is the dog?", "3", CERTAIN),
    ],
)
def test_an_answer_is_about_what_the_question_names(
    question: str, text: str, level: Certainty | None
):
    assert checked(text, [DOGS], question=question, black=0.5, white=0.5).certainty is level
    assert checked(text, question=question, black=0.5, white=0.5).certainty is CERTAIN


@pytest.mark.parametrize(
    ("question", "text", "level"),
    [
        ("Is anyone there?", "No.", None),
        ("Is anybody in the picture?", "No one.", None),
        ("Who is in the picture?", "Nobody.", None),
        ("Who is smiling?", "No one.", CERTAIN),
        ("Are there any men?", "No.", CERTAIN),
        ("Are there people?", "No, there aren't.", None),
        ("How many people are there?", "2", None),
        ("How many people are there?", "Four.", UNSURE),
        ("How many women are there?", "One.", CERTAIN),
    ],
)
def test_an_answer_about_people(question: str, text: str, level: Certainty | None):
    assert checked(text, [THREE_PEOPLE], question=question).certainty is level


def test_a_number_alone_is_about_one_thing():
    question = "How many dogs and people are there?"
    assert checked("Two.", [DOGS, TWO_PEOPLE], question=question).certainty is CERTAIN
    assert checked("None.", [DOGS, TWO_PEOPLE], question=question).certainty is None


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("there are no animals", None),
        ("a beach without any animal", None),
        ("neither people nor animals", None),
        ("animals on a beach", UNSURE),
        ("an animal on a beach", CERTAIN),
        ("there are no other animals", CERTAIN),
    ],
)
def test_an_animal_is_called_so(text: str, level: Certainty | None):
    assert checked(text, [SHEPHERD]).certainty is level
    assert checked(text).certainty is CERTAIN, "that nothing was found proves nothing"


def test_a_young_one_or_a_breed_is_another_animal_too():
    cat = Thing("cat", 1, CERTAIN, 0.9)
    for text in ("a puppy on a sofa", "two poodles", "a golden retriever on a sofa"):
        assert checked(text, [cat], yellow=1.0).certainty is UNSURE, text
    assert checked("a kitten on a sofa", [cat]).certainty is CERTAIN


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("a cat on a sofa", UNSURE),
        ("a cat and a dog", CERTAIN),
        ("a sofa in a room", CERTAIN),
        ("three sheep", UNSURE),
        ("a kitten on a sofa", UNSURE),
        ("two foals in a field", UNSURE),
        ("wolves in the snow", UNSURE),
        ("a squirrel on a lawn", UNSURE),
        ("a puppy on a sofa", CERTAIN),
        ("a golden retriever and a kitten", CERTAIN),
        ("a chair on a beach", CERTAIN),
    ],
)
def test_another_animal_than_the_one_that_is_there(text: str, level: Certainty):
    assert checked(text, [SHEPHERD]).certainty is level
    assert checked(text).certainty is CERTAIN, "that nothing was found proves nothing"


@pytest.mark.parametrize(
    ("text", "shares", "level"),
    [
        ("a red car", {"blue": 1.0}, UNSURE),
        ("a red car", {"blue": 0.99, "orange": 0.01}, CERTAIN),
        ("a red car", {"blue": 0.9999, "red": 0.0001}, UNSURE),
        ("a gray cat", {"red": 1.0}, UNSURE),
        ("a gray cat", {"red": 0.9, "black": 0.1}, CERTAIN),
        ("a reddish car", {"blue": 1.0}, CERTAIN),
        ("a silver car", {"red": 1.0}, UNSURE),
        ("a silver car", {"red": 0.9, "grey": 0.1}, CERTAIN),
        ("a gold watch", {"blue": 1.0}, UNSURE),
        ("a golden watch", {"blue": 0.9, "brown": 0.1}, CERTAIN),
        ("a golden retriever", {"grey": 1.0}, CERTAIN),  # its name
        ("a maroon scarf", {"green": 1.0}, UNSURE),
        ("a maroon scarf", {"green": 0.9, "red": 0.1}, CERTAIN),
        ("a navy coat", {"yellow": 1.0}, UNSURE),
        ("a navy coat", {"yellow": 0.9, "black": 0.1}, CERTAIN),
        ("a navy blue coat", {"yellow": 1.0}, UNSURE),
        ("a blond child", {"turquoise": 1.0}, UNSURE),
        ("a blond child", {"beige": 1.0}, CERTAIN),
        ("a teal door", {"turquoise": 1.0}, CERTAIN),
        ("a violet flower", {"pink": 1.0}, CERTAIN),
    ],
)
def test_colours_that_are_nowhere(text: str, shares: dict[str, float], level: Certainty):
    assert checked(text, **shares).certainty is level


def test_colours_are_not_counted_where_none_is_named():
    def fail() -> dict[str, float]:
        raise AssertionError

    assert check(make_caption("a car", [0.9], True), [], [], fail).certainty is CERTAIN


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("a sign that says stop", True),
        ('a sign that reads "STOP!"', True),
        ("a sign with 'Main Street' on it", True),  # read as Mam Street
        ("a sign that says go", False),
        ("a poster with “Coca Cola” on it", False),
        ("a man reading a book", True),
        ("a woman reading the newspaper", True),
        ("a man's dog and a woman's cat", True),
    ],
)
def test_quoted_text(text: str, is_read: bool):
    lines = ["STOP", "Mam Street"]
    assert checked(text, (), lines).certainty is (CERTAIN if is_read else None)
    assert checked(text, (), lines, question="What is written there?").certainty is (
        CERTAIN if is_read else UNSURE
    )


@pytest.mark.parametrize(
    "text",
    [
        "A woman reading in bed.",
        "Two men reading newspapers on a train.",
        "A man reading to his children.",
        "A man reads on a bench.",
        "A girl reading an old magazine.",
        "Three children reading together.",
        "Passengers reading quietly on a bus.",
        "A person wearing reading glasses.",
        "A man under a sign reading newspapers.",
        "A man with a sign on a bench reading in the sun.",
        "A man in a hat reading to two girls.",
        "A wall with words on it.",
        "A page of words and pictures.",
        "The words are too small to read.",
        "A couple saying goodbye at a station.",
        "Two labeled bottles on a shelf.",
        "Jars labelled by hand.",
        "A sign that says something in Chinese.",
        "A sign with the words written in red.",
    ],
)
def test_what_only_sounds_like_a_quote_is_no_quote(text: str):
    assert checked(text, (), ["MENU"], red=1.0).certainty is CERTAIN


@pytest.mark.parametrize(
    "text",
    [
        "A wall with the words stop on it.",
        "A wall with the word stop.",
        "A sign that says stop on the wall.",
        "A sign that reads stop and a car.",
        "A sign saying stop is hanging on a wall.",
        "A sign reading stop in red letters.",
        "A box labelled stop next to a chair.",
        "A shirt that says stop, and a hat.",
        "A sign that says live in the moment.",  # that it goes on is no place
    ],
)
def test_where_something_is_written_is_no_part_of_the_quote(text: str):
    lines = ["STOP", "Live in the moment"]
    assert checked(text, (), lines, red=1.0).certainty is CERTAIN
    found = checked(text, (), ["EXIT"], red=1.0)
    assert (found.certainty, found.contradicts) == (None, ("text",))


@pytest.mark.parametrize(
    "text",
    [
        "A sign that says stop and go.",
        "A sign that says in case of fire.",
        "A sign that says to the beach.",
        "A man in a shirt reading best dad.",
        "A man holding a mug that says best dad.",
        "A clock that reads 10:15.",
        "A box labeled FRAGILE.",
        "A cake with the words happy birthday on top.",
        "A cake with words happy birthday.",
        "A sign reading for sale.",
        "A sign reads one way.",
    ],
)
def test_words_that_nobody_read_are_not_said(text: str):
    assert checked(text, (), ["STOP"]).certainty is None


@pytest.mark.parametrize("text", ["A man reading Vogue.", "A woman saying stop."])
def test_what_someone_reads_or_says_may_be_wrong(text: str):
    found = checked(text, (), ["MENU"])
    assert (found.certainty, found.contradicts) == (UNSURE, ("text",))


def test_much_text_is_compared_quickly():
    begun = time.process_time()
    checked("a page that says 'nothing of the sort is written here'", (), ["lorem ipsum " * 1000])
    assert time.process_time() - begun < 3


@given(st.text(max_size=60), st.lists(st.text(max_size=20), max_size=3))
def test_nothing_becomes_surer(text: str, lines: list[str]):
    written = make_caption(text, [0.6], True)
    found = check(written, [DOGS, TWO_PEOPLE], lines, lambda: {"blue": 1.0})
    levels = [CERTAIN, LIKELY, UNSURE, None]
    assert levels.index(found.certainty) >= levels.index(written.certainty)


def test_the_words_in_common():
    assert agreement("A man riding a horse.", "a man on the horses") == pytest.approx(0.8)
    assert agreement("A dog.", "Two cats.") == 0
    assert agreement("It is there.", "There it is.") == 1


@pytest.mark.parametrize(
    ("one", "other", "language", "share"),
    [
        ("The image shows two dogs.", "The image shows two cats.", "en", 0.0),
        ("A photo of a dog.", "This picture depicts a dog.", "en-GB", 1.0),
        ("Un perro en la playa.", "Un gato en la cocina.", "es", 0.0),
        ("La imagen muestra dos perros.", "La imagen muestra dos gatos.", "es-MX", 0.0),
        ("Un niño con un balón.", "Unos niños y un perro.", "es", 0.5),
        ("Ein Hund am Strand.", "Eine Katze am Strand.", "de", 2 / 3),
        ("Une fille dans la rue.", "Un chien dans la cuisine.", "fr", 0.0),
        ("Собака на пляже.", "Кошка на кухне.", "ru", 0.0),
        ("Собака на пляже.", "Собака бежит.", "ru", 0.5),
    ],
)
def test_words_without_content_are_in_common_to_all(
    one: str, other: str, language: str, share: float
):
    """Of languages without a table the short words are taken for such."""
    assert agreement(one, other, language) == pytest.approx(share)


@pytest.mark.parametrize(("language", "is_looked_at"), [("es-MX", True), ("zh-TW", False)])
def test_a_second_look_needs_words_that_can_be_told_apart(language: str, is_looked_at: bool):
    written = make_caption("一只狗", [0.9], True, language)
    assert is_worth(written, Wish()) is is_looked_at


def test_several_sentences_tell_the_least_agreement_and_all_contradictions():
    one = checked("two dogs", [SHEPHERD])
    two = checked("a red car", blue=1.0)
    whole = combine([one, two])
    assert whole is not None
    assert whole.contradicts == ("count", "colour")
    assert whole.agreement is None


# --- bounds ---


def test_levels_ask_for_less_and_less():
    assert [level.certainty for level in BOUNDS.levels] == [CERTAIN, LIKELY, UNSURE]
    assert sorted(BOUNDS.levels, key=lambda level: -level.mean) == list(BOUNDS.levels)
    assert BOUNDS.how == "chosen"


def test_a_bound_is_computed_from_what_was_right():
    pairs = [(0.9, True), (0.8, True), (0.7, False), (0.6, True), (0.3, False), (0.2, False)]
    assert least_probability(pairs, 1.0) == 0.8
    assert least_probability(pairs, 0.75) == 0.6
    assert least_probability(pairs, 0.5) == 0.2
    assert least_probability([(0.5, False)], 0.5) is None
    assert least_probability([(0.5, True), (0.5, False)], 1.0) is None, "equal ones stay together"
    assert least_probability([], 0.5) is None


def test_words_of_another_language_are_not_taken_for_english_ones():
    """A Spanish "red" is a net, an Italian "no" denies what it likes."""
    for text, language in (("Una red en la playa", "es"), ("No dog, no", "it")):
        written = make_caption(text, [0.9] * 4, True, language)
        assert check(written, [], [], lambda: {"blue": 1.0}) == written
        assert check(written, [SHEPHERD], [], lambda: {"blue": 1.0}).contradicts == ()


@pytest.mark.parametrize(
    ("things", "probability", "level"),
    [([SHEPHERD], 0.9, LIKELY), ([SHEPHERD], 0.3, UNSURE), ([PERHAPS], 0.9, CERTAIN)],
)
def test_what_cannot_be_compared_with_what_was_proven_is_not_plain(
    things: Sequence[Thing], probability: float, level: Certainty
):
    written = make_caption("Zwei Katzen", [probability] * 4, True, "de")
    assert check(written, things, [], dict).certainty is level


@pytest.mark.parametrize(
    "text", ["Auf dem Schild steht „Bäckerei“.", "Un letrero dice «Bäckerei»", '"Bäckerei" の看板']
)
def test_what_is_quoted_is_compared_in_every_language(text: str):
    written = make_caption(text, [0.9] * 4, True, "de")
    assert check(written, [], ["Bäckerei"], dict) == written
    found = check(written, [], ["Metzgerei"], dict)
    assert (found.certainty, found.contradicts) == (None, ("text",))
