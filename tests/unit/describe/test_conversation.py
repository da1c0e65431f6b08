"""What of an answer is told again with the next question, and how sure that one may be."""

from __future__ import annotations

import pytest

from imagecraft_desktop.describe.caption import make_caption
from imagecraft_desktop.describe.conversation import Answering, Turn
from imagecraft_desktop.values import Certainty

CERTAIN, LIKELY, UNSURE = Certainty.CERTAIN, Certainty.LIKELY, Certainty.UNSURE
SURE = {CERTAIN: 0.9, LIKELY: 0.5, UNSURE: 0.3, None: 0.01}


def answered(levels: list[Certainty | None], *before: Certainty) -> tuple[list, Turn | None]:
    """The levels that sentences of these levels are given after such turns, and the turn that is left."""
    turns = [Turn("What is it?", "A dog.", level) for level in before]
    answering = Answering("And why?", turns)
    captions = [make_caption(f"Dog {n}", [SURE[one]], True) for n, one in enumerate(levels)]
    return [answering.take(one).certainty for one in captions], answering.turn()


@pytest.mark.parametrize(
    ("before", "levels"),
    [
        ([], [CERTAIN, LIKELY, UNSURE, None]),
        ([CERTAIN], [CERTAIN, LIKELY, UNSURE, None]),
        ([LIKELY, CERTAIN], [LIKELY, LIKELY, UNSURE, None]),
        ([LIKELY, UNSURE], [UNSURE, UNSURE, UNSURE, None]),
    ],
    ids=["nothing before", "sure", "likely", "unsure"],
)
def test_a_sentence_is_no_surer_than_what_was_said_before(before, levels):
    found, _ = answered([CERTAIN, LIKELY, UNSURE, None], *before)
    assert found == levels


def test_a_turn_is_as_sure_as_the_least_sure_of_what_was_said():
    assert answered([CERTAIN, None, LIKELY])[1] == Turn("And why?", "Dog 0. Dog 2.", LIKELY)
    assert answered([CERTAIN], UNSURE)[1] == Turn("And why?", "Dog 0.", UNSURE)


def test_of_what_was_not_said_nothing_is_left():
    assert answered([None])[1] is None
    assert answered([])[1] is None
