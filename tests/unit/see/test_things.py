"""The rules of agreement, with scores made up for the purpose."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop import strings
from imagecraft_desktop.see.classes import (
    AGREEING,
    COCO,
    GROUPS,
    SPECIES_SAFE,
    SUPPORTING,
    group_of,
    imagenet_names,
    phrase_of,
)
from imagecraft_desktop.see.networks import Found
from imagecraft_desktop.see.things import believed_faces, believed_things
from imagecraft_desktop.values import Box, Certainty, Thing

BOX = Box(10, 10, 110, 110)


def chances(**shares: float) -> NDArray[np.float32]:
    """1000 probabilities; c235=0.9 gives class 235 its share, the rest is spread over things."""
    made = np.zeros(1000, np.float32)
    made[398:] = (1 - sum(shares.values())) / 602
    for name, share in shares.items():
        made[int(name[1:])] += share
    return made


NOTHING = chances()


def found(name: str, score: float, box: Box = BOX) -> Found:
    return Found(name, score, box)


def believe(
    objects: list[Found],
    whole: NDArray[np.float32] = NOTHING,
    look: NDArray[np.float32] | None = None,
    faces: tuple[Found, ...] = (),
) -> list[tuple[str, int, Certainty]]:
    """What is said; the second look is at `look`, or finds what the first did."""
    things = believed_things(objects, whole, lambda _: whole if look is None else look, faces)
    return [(thing.name, thing.count, thing.certainty) for thing in things]


def test_nothing_seen_nothing_said() -> None:
    assert believe([]) == []


def test_a_species_is_certain_when_both_agree() -> None:
    (thing,) = believed_things([found("dog", 0.7)], chances(c235=0.95), lambda _: chances(c235=0.9))
    assert thing == Thing("German shepherd", 1, Certainty.CERTAIN, thing.score, (BOX,), "dog")


def test_a_species_that_only_the_classifier_sees_is_likely() -> None:
    assert believe([], chances(c235=0.95)) == [("German shepherd", 1, Certainty.LIKELY)]


def test_two_of_a_species_are_named_by_the_group() -> None:
    objects = [found("dog", 0.7), found("dog", 0.6, Box(200, 10, 300, 90))]
    assert believe(objects, chances(c235=0.95)) == [("dog", 2, Certainty.CERTAIN)]


def test_a_bird_is_no_species_below_95_percent() -> None:
    assert believe([found("bird", 0.7)], chances(c99=0.92)) == [("bird", 1, Certainty.CERTAIN)]


def test_a_pig_that_the_detector_takes_for_a_dog_is_an_animal() -> None:
    assert believe([found("dog", 0.58)], chances(c341=0.6)) == [("animal", 1, Certainty.CERTAIN)]


def test_a_bison_is_no_cow() -> None:
    said = believe([found("cow", 0.77)], chances(c347=0.94))
    assert said == [("bison", 1, Certainty.LIKELY)]


def test_the_second_look_can_name_what_the_first_missed() -> None:
    said = believe([found("cat", 0.5)], NOTHING, chances(c281=0.4, c282=0.3))
    assert said == [("cat", 1, Certainty.CERTAIN)]


def test_a_statue_with_wings_is_no_animal() -> None:
    assert believe([found("bird", 0.46)], NOTHING, chances(c43=0.5)) == []


def test_a_giraffe_which_imagenet_does_not_know() -> None:
    mixed = chances(c288=0.3, c293=0.3)
    assert believe([found("giraffe", 0.8)], mixed) == [("giraffe", 1, Certainty.CERTAIN)]
    assert believe([found("giraffe", 0.5)], mixed) == [("animal", 1, Certainty.CERTAIN)]


def test_group_alone_is_likely() -> None:
    assert believe([], chances(c389=0.4, c390=0.45)) == [("fish", 1, Certainty.LIKELY)]


def test_things_need_the_classifier() -> None:
    laptop = found("laptop", 0.6)
    assert believe([laptop], NOTHING, chances(c620=0.5)) == [("laptop", 1, Certainty.CERTAIN)]
    assert believe([laptop], NOTHING, NOTHING) == []


def test_a_surer_detector_alone_is_likely_unless_the_classifier_objects() -> None:
    laptop = found("laptop", 0.8)
    assert believe([laptop], NOTHING, chances(c620=0.1)) == [("laptop", 1, Certainty.LIKELY)]
    assert believe([laptop], NOTHING, chances(c477=0.99)) == []


def test_things_unknown_to_the_classifier_need_a_very_sure_detector() -> None:
    assert believe([found("scissors", 0.75)]) == []
    assert believe([found("scissors", 0.85)]) == [("scissors", 1, Certainty.LIKELY)]


def test_a_lone_guess_is_likely_from_85_percent() -> None:
    assert believe([], chances(c967=0.9)) == [("espresso", 1, Certainty.LIKELY)]
    assert believe([], chances(c967=0.8)) == []


def test_one_thing_is_not_said_twice() -> None:
    said = believe([found("cup", 0.7)], chances(c504=0.95))
    assert said == [("cup", 1, Certainty.CERTAIN)]


def test_classes_that_judge_people_are_never_said() -> None:
    assert believe([], chances(c982=0.99)) == []
    spoken = " ".join(imagenet_names()).lower().split()
    for word in (
        "groom",
        "bridegroom",
        "man",
        "woman",
        "boy",
        "girl",
        "bikini",
        "website",
    ):
        assert word not in spoken


def test_people() -> None:
    person = found("person", 0.65)
    face = found("face", 0.9, Box(40, 20, 70, 60))
    elsewhere = found("face", 0.9, Box(400, 20, 430, 60))
    assert believe([person]) == [("person", 1, Certainty.LIKELY)]
    assert believe([person], faces=(face,)) == [("person", 1, Certainty.CERTAIN)]
    assert believe([person], faces=(elsewhere,)) == [("person", 1, Certainty.LIKELY)]
    assert believe([found("person", 0.5)]) == []
    assert believe([found("person", 0.7), found("person", 0.5)]) == [
        ("person", 2, Certainty.CERTAIN)
    ]


def test_faces_alone_are_no_people() -> None:
    """They may be of a statue or on a poster."""
    assert believe([], faces=(found("face", 0.95),)) == []


def test_which_faces_are_believed() -> None:
    tiny = found("face", 0.9, Box(0, 0, 5, 8))
    weak = found("face", 0.55, Box(0, 0, 40, 50))
    strong = found("face", 0.7, Box(0, 0, 40, 50))
    assert believed_faces([tiny, weak, strong], [], 400) == [strong]
    assert believed_faces([tiny, weak], [found("person", 0.5)], 400) == [weak]


def test_at_most_four_second_looks() -> None:
    asked: list[str] = []

    def look(thing: Found) -> NDArray[np.float32]:
        asked.append(thing.name)
        return NOTHING

    names = ("cup", "bowl", "spoon", "cake", "chair", "couch")
    believed_things([found(name, 0.9) for name in names], NOTHING, look)
    assert asked == list(names[:4])


def test_certain_things_come_first() -> None:
    said = believe([found("scissors", 0.9), found("laptop", 0.6)], NOTHING, chances(c620=0.6))
    assert [certainty for _, _, certainty in said] == [Certainty.CERTAIN, Certainty.LIKELY]


def test_every_name_can_be_said() -> None:
    for name in {*COCO, "animal", *(group.name for group in GROUPS)}:
        assert name in strings.THINGS
    assert set(AGREEING) | set(SUPPORTING) <= set(COCO)
    assert {group.name for group in GROUPS} >= SPECIES_SAFE
    assert len(imagenet_names()) == 1000
    assert all(imagenet_names()[:398])


def test_phrases_have_their_article() -> None:
    assert phrase_of("German shepherd", "en") == "a German shepherd"
    assert phrase_of("espresso", "en") == "an espresso"
    assert phrase_of("solar panels", "en") == "solar panels"
    assert phrase_of("espresso", "en-GB") == "an espresso"
    assert phrase_of("espresso", "xx") == ""
    assert phrase_of("no such class", "en") == ""


def test_an_animal_has_a_plain_name():
    assert group_of("German shepherd") == "dog"
    assert group_of("goldfish") == "fish"
    assert group_of("espresso") == ""
    assert group_of("no such class") == ""
