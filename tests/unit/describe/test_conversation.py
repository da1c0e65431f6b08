"""What of an answer is told again with the next question, and how sure that one may be."""

from __future__ import annotations

import pytest

from imagecraft_desktop import choices
from imagecraft_desktop.describe.caption import make_caption
from imagecraft_desktop.describe.conversation import Answering, Turn, ask, language_for
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.values import Certainty, Wish

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


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("es-MX", "Spanish"),
        ("hr", "Croatian"),
        ("sk", "Slovak"),
        ("sw-KE", "Swahili"),
        ("nb-NO", "Norwegian"),
        ("no", "Norwegian"),
        ("nn", "Norwegian Nynorsk"),
        ("iw-IL", "Hebrew"),
        ("IN", "Indonesian"),
        ("tl", "Filipino"),
    ],
)
def test_a_language_is_asked_for_by_its_name_under_each_of_its_tags(tag: str, name: str):
    wish = Wish(language=tag)
    language = language_for(wish, None)
    assert language == tag.partition("-")[0].lower(), "what was wished is what is told"
    assert ask(wish, language).endswith(f" Answer in {name}.")


def test_a_model_of_some_languages_knows_them_by_their_old_tags():
    assert language_for(Wish(language="iw"), frozenset({"en", "he"})) == "iw"
    assert language_for(Wish(language="he"), frozenset({"en", "zh"})) == "en"
    assert language_for(Wish(language="tlh"), None) == "en"


def test_every_language_that_can_be_chosen_for_descriptions_can_be_asked_for():
    offered = [one.value for one in choices.offered("description_language", Settings())]
    chosen = [tag for tag in offered if tag not in {"auto", "en"}]
    assert len(chosen) > 30
    assert [language_for(Wish(language=tag), None) for tag in chosen] == chosen
