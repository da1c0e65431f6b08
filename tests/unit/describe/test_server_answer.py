"""What a server writes becomes sentences."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagecraft_desktop.describe.server.answer import Piece, Sentences, read_piece
from imagecraft_desktop.values import Caption, Certainty


def heard(*pieces: Piece) -> list[list[Caption]]:
    """What is said after each piece, and after the end."""
    told = Sentences()
    said = [list(told.add(piece)) for piece in pieces]
    return [*said, list(told.rest())]


def texts(*tokens: str, end: str = "stop") -> list[str]:
    pieces = [Piece(token, None, "") for token in tokens]
    return [one.text for said in heard(*pieces, Piece("", None, end)) for one in said]


def test_a_sentence_is_said_as_soon_as_the_next_begins():
    tokens = ["A", " dog", ".", " It", " runs", "."]
    said = heard(*(Piece(token, None, "") for token in tokens))
    assert [[one.text for one in each] for each in said] == [
        *([[]] * 3),
        ["A dog."],
        [],
        [],
        ["It runs."],
    ]


def test_an_abbreviation_and_a_number_end_no_sentence():
    assert texts("Dr. Smith holds No. 5 at 3.5 metres. He ", "smiles!") == [
        "Dr. Smith holds No. 5 at 3.5 metres.",
        "He smiles!",
    ]


def test_formatting_is_not_spoken():
    assert texts("# Scene\n\n- **A dog** runs\n- `x`\n\n\n", "Grass_land") == [
        "Scene.",
        "A dog runs.",
        "X.",
        "Grass_land.",
    ]


def test_tags_are_not_spoken_and_end_lines():
    said = texts("<b>A dog</b> runs<", "br", ">A <i>cat</i> sits.</p>", "<ul><li>Grass</li></ul>")
    assert said == ["A dog runs.", "A cat sits.", "Grass."]
    assert texts("```html\n<p>It is red.</p>\n```") == ["It is red."]


def test_signs_in_prose_are_spoken():
    said = ["It is 5 * 3 metres.", "#1 of the list.", "A C# book.", "I <3 it.", "A < b > c."]
    assert texts("\n".join(said)) == said


def test_signs_of_turns_are_not_spoken():
    said = "<|im_start|>A dog sits. It is < 1 m.<|im_end|></s><end_of_turn>"
    assert texts(said) == ["A dog sits.", "It is < 1 m."]
    assert texts('A sign says "<EXIT>".') == ['A sign says "<EXIT>".']


def test_control_characters_are_not_spoken():
    assert texts("a\x1b[31m dog\u202e\x00") == ["A [31m dog."]


def test_thoughts_are_dropped():
    assert texts("<th", "ink>Hm. A cat? No.", "\n</think>", "\n\nA dog.") == ["A dog."]
    assert texts("<think>Hm. It never ends.") == []
    assert texts("<EXIT> is written there.") == ["<EXIT> is written there."]


def test_what_comes_before_a_lone_end_of_thoughts_is_thought():
    """Some servers write the beginning themselves, for the model, and do not tell it."""
    assert texts("Hm. A cat? No.\n</think>\n\nA dog. It sits.") == ["A dog.", "It sits."]
    assert texts('Hm.\n</think>The sign says "</think>". Yes.')[-1] == "Yes."
    assert texts('A sign says "</think>". It is red.')[-1] == "It is red."


def test_what_was_said_and_turns_out_to_be_thought_is_known():
    told = Sentences()
    said = [*told.add(Piece("A cat? A dog. No", None, ""))]
    assert ([one.text for one in said], told.has_said_thought) == (["A cat?", "A dog."], False)
    said = [*told.add(Piece(".\n</think>A dog. It", None, ""))]
    assert ([one.text for one in said], told.has_said_thought) == (["A dog."], True)


def test_of_a_model_that_is_known_to_think_thoughts_are_awaited():
    def said(*tokens: str, end: str = "stop") -> list[str]:
        told = Sentences(thinks=True)
        pieces = [Piece(token, None, "") for token in tokens]
        made = [*pieces, Piece("", None, end)]
        return [one.text for piece in made for one in told.add(piece)] + [
            one.text for one in told.rest()
        ]

    assert said("Hm. A cat? No.\n</th", "ink>\n\nA dog. It ", "sits.") == ["A dog.", "It sits."]
    assert said("A dog. It ", "sits.") == ["A dog.", "It sits."]
    assert said("Hm. A cat? ", "No.", end="length") == []
    assert said("<think>Hm.</think>A dog. It ", "sits.") == ["A dog.", "It sits."]


def test_thoughts_that_the_server_tells_apart_are_not_awaited():
    told = Sentences(thinks=True)
    assert [*told.add(Piece("", None, "", is_thought=True))] == []
    assert [one.text for one in told.add(Piece("A dog. It", None, ""))] == ["A dog."]


def test_without_probabilities_nothing_is_certain():
    ((one,),) = heard(Piece("A dog.", None, "stop"))[1:]
    assert (one.certainty, one.tokens) == (Certainty.LIKELY, 0)


def test_a_sentence_that_was_cut_is_unsure():
    ((one,),) = heard(Piece("A dog on the", None, "length"))[1:]
    assert one.certainty is Certainty.UNSURE
    ((one,),) = heard(Piece("A dog on the", (0.99,) * 3, "length"))[1:]
    assert one.certainty is Certainty.UNSURE


def test_each_sentence_is_as_sure_as_its_own_words():
    sure = [Piece(token, (0.99,), "") for token in ("A", " dog", ".")]
    unsure = [Piece(token, (0.5,), "") for token in (" It", " runs", ".")]
    first, second = (one for said in heard(*sure, *unsure) for one in said)
    assert (first.text, first.certainty) == ("A dog.", Certainty.CERTAIN)
    assert (second.text, second.certainty) == ("It runs.", Certainty.LIKELY)


def test_a_word_without_its_probability_makes_the_sentence_no_surer_than_likely():
    pieces = [Piece("A", (0.99,), ""), Piece(" dog", None, ""), Piece(".", (0.99,), "stop")]
    ((one,),) = [said for said in heard(*pieces) if said]
    assert (one.certainty, one.tokens) == (Certainty.LIKELY, 0)


def test_a_chunk_and_a_whole_answer_are_read():
    log = {"content": [{"token": "A", "logprob": -0.5}]}
    chunk = {"choices": [{"delta": {"content": "A"}, "logprobs": log, "finish_reason": None}]}
    assert read_piece(chunk) == Piece("A", (math.exp(-0.5),), "")
    whole = {"choices": [{"message": {"content": "A dog."}, "finish_reason": "stop"}]}
    assert read_piece(whole) == Piece("A dog.", None, "stop")
    assert read_piece({"choices": [{"delta": {"content": None}}]}) == Piece("", None, "")
    assert read_piece({"choices": [], "usage": {}}) == Piece("", None, "")


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"choices": 1},
        {"choices": [1]},
        {"choices": [{"delta": []}]} | {"choices": "x"},
        {"choices": [{"delta": {"content": 5}}]},
        {"choices": [{"delta": {"content": "a"}, "logprobs": 7}]},
        {"choices": [{"delta": {"content": "a"}, "logprobs": {"content": [{}]}}]},
        {"choices": [{"delta": {"content": "a"}, "logprobs": {"content": [{"logprob": "x"}]}}]},
        {
            "choices": [
                {"delta": {"content": "a"}, "logprobs": {"content": [{"logprob": float("nan")}]}}
            ]
        },
        {
            "choices": [
                {"delta": {"content": "a"}, "logprobs": {"content": [{"logprob": -(10**400)}]}}
            ]
        },
        {"choices": [{"delta": {"content": "a"}, "finish_reason": 3}]},
    ],
)
def test_what_is_no_answer_is_refused(content: dict[str, Any]):
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        read_piece(content)


@given(st.lists(st.text("aZ. !?\n<thinkd/>*#-", max_size=8)))
def test_no_word_is_lost_or_said_twice(tokens: list[str]):
    """However the answer is cut into tokens, the same is said."""
    assert texts(*tokens) == texts("".join(tokens))
