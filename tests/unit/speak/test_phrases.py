"""Long text becomes utterances that fit, end where one breathes, and lose nothing."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagecraft_desktop.speak.phrases import phrases

LONG = (
    "A large brown dog is lying on the green grass near an old house, and behind it two children are"
    " playing with a red ball while their mother watches from the open kitchen window, smiling."
)


def test_text_that_fits_is_left_alone() -> None:
    assert phrases(LONG, len, 400) == [LONG]
    assert phrases("", len, 100) == []
    assert phrases(" \n ", len, 100) == []


def test_each_sentence_is_an_utterance() -> None:
    text = "The dog is brown. It lies on the grass! Does it sleep?\nA new line"
    assert phrases(text, len, 100) == [
        "The dog is brown.",
        "It lies on the grass!",
        "Does it sleep?",
        "A new line",
    ]


def test_a_long_sentence_is_cut_at_commas_and_conjunctions() -> None:
    assert phrases(LONG, len, 90) == [
        "A large brown dog is lying on the green grass near an old house,",
        "and behind it two children are playing with a red ball",
        "while their mother watches from the open kitchen window, smiling.",
    ]


@pytest.mark.parametrize("mark", [";", ":", ",", " —", '"!'])
def test_a_clause_mark_is_where_it_is_cut(mark: str) -> None:
    text = f"one two three four five six{mark} seven eight nine ten eleven twelve thirteen"
    assert phrases(text, len, 60)[0] == f"one two three four five six{mark}"


def test_no_short_tail_is_cut_off() -> None:
    text = "one two three four five six seven eight nine ten, the end"
    first, second = phrases(text, len, 50)
    assert min(len(first.split()), len(second.split())) >= 4


def test_a_very_short_sentence_joins_its_neighbour() -> None:
    text = "Yes. The dog is brown and it sleeps. No."
    assert phrases(text, len, 40) == ["Yes. The dog is brown and it sleeps. No."]
    assert phrases(text, len, 38) == ["Yes. The dog is brown and it sleeps.", "No."]
    assert phrases(text, len, 30) == ["Yes. The dog is brown", "and it sleeps. No."]
    assert phrases("Title\nThe text of it", len, 100) == ["Title", "The text of it"]


def test_a_word_that_is_too_long_alone_is_cut() -> None:
    parts = phrases("a " + "x" * 1000 + " b", len, 50)
    assert all(len(part) <= 50 for part in parts)
    assert "".join(parts).replace(" ", "") == "a" + "x" * 1000 + "b"
    assert phrases("word", lambda text: 10, 1) == ["w", "o", "r", "d"]


SAMPLE = (
    "a dog runs quickly and the old house, which is red; but while — I'm here: yes! No. Really?"
    ' 3.14 e.g. Dr. "quoted" (so) ... extraordinarily'
)
WORDS = st.sampled_from(SAMPLE.split())


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(WORDS, st.sampled_from([" ", "  ", "\n", "\t"])), max_size=60),
    st.integers(1, 80),
)
def test_nothing_is_lost_and_all_fits(parts: list[tuple[str, str]], most: int) -> None:
    text = "".join(word + blank for word, blank in parts)
    asked = 0

    def count(part: str) -> int:
        nonlocal asked
        asked += 1
        return len(part)

    found = phrases(text, count, most)
    assert all(part and part == part.strip() for part in found)
    assert all(len(part) <= most for part in found)
    assert re.sub(r"\s", "", "".join(found)) == re.sub(r"\s", "", text)
    if most >= max(map(len, text.split()), default=0):
        assert " ".join(found).split() == text.split()
    # each sentence and each part once, and each try to join two
    assert asked <= 4 * len(found) + 2 * len(text.split()) + 1


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.integers(1, 40))
def test_any_text_is_cut(text: str, most: int) -> None:
    found = phrases(text, len, most)
    assert re.sub(r"\s", "", "".join(found)) == re.sub(r"\s", "", text)
    assert all(len(part) <= most for part in found)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["dog", "runs", "green", "house"]), min_size=20, max_size=60))
def test_parts_are_balanced(words: list[str]) -> None:
    """No long head with a short tail: no part has less than half of the largest."""
    sizes = [len(part) for part in phrases(" ".join(words), len, 80)]
    assert min(sizes) * 2 >= max(sizes) - 12


@pytest.mark.parametrize("unit", ["word ", "word, ", "x", "A b. ", "— ", "\n", "and "])
def test_time_grows_with_length_only(unit: str) -> None:
    begun = time.process_time()
    phrases((unit * 100_000)[:100_000], len, 200)
    assert time.process_time() - begun < 10  # 0.1 to 0.5 s on an idle machine
