"""A recording is cut in a pause between words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from imagecraft_desktop.speak.cutpoint import Word, cut_point, snap_to_word
from tests.golden import VOICECRAFT

CASES: list[dict[str, Any]] = json.loads((VOICECRAFT / "cutpoint.json").read_text("utf-8"))
# pauses of 0.3, 0, 0.02 and 0.5 seconds
WORDS = [
    Word("one", 0.1, 0.5),
    Word("two", 0.8, 1.2),
    Word("three", 1.2, 1.6),
    Word("four", 1.62, 2.0),
    Word("five", 2.5, 3.0),
]


@pytest.mark.parametrize("case", CASES)
def test_golden_cut(case: dict[str, Any]) -> None:
    words = [Word(word["word"], word["start"], word["end"]) for word in case["words"]]
    cut = cut_point(words, case["cut_off_sec"], case["margin"], case["cutoff_tolerance"])
    assert cut == (case["cut_time"], case["last_word_index"])


def test_a_pause_is_preferred_to_an_earlier_end_of_a_word() -> None:
    time_s, last = cut_point(WORDS, 1.0, tolerance_s=1.1)
    assert last == 3
    assert time_s == pytest.approx(2.0 + 0.04 * 2 / 3)


def test_a_pause_that_is_too_late_is_not_waited_for() -> None:
    assert cut_point(WORDS, 1.0, tolerance_s=0.5) == (1.2, 1)


def test_the_end_of_the_recording_is_no_pause() -> None:
    assert cut_point(WORDS, 2.8) == (3.0, 4)


def test_a_recording_shorter_than_wished_is_kept_whole() -> None:
    assert cut_point(WORDS, 9.0) == (3.0, 4)


def test_without_words_there_is_no_cut() -> None:
    with pytest.raises(ValueError, match="no words"):
        cut_point([], 1.0)


@pytest.mark.parametrize(
    ("end_s", "snapped"),
    [
        (0.0, (0.0, -1)),
        (0.2, (0.2, -1)),  # less than half of "one"
        (0.4, (0.5, 0)),  # more than half of it
        (0.7, (0.7, 0)),  # in a pause
        (1.2, (1.2, 1)),
        (1.3, (1.3, 1)),
        (9.0, (9.0, 4)),
    ],
)
def test_a_chosen_end_moves_to_the_end_of_its_word(
    end_s: float, snapped: tuple[float, int]
) -> None:
    assert snap_to_word(WORDS, end_s) == snapped
