"""The error measures themselves."""

import pytest

from imagecraft_desktop.bench.ocr import character_error, edit_distance, word_score
from imagecraft_desktop.values import Box, TextLine


def _line(text: str, left: int, top: int) -> TextLine:
    return TextLine(text, Box(left, top, left + 10 * len(text), top + 20), 1.0)


def test_edit_distance_counts_the_fewest_changes():
    assert edit_distance("kitten", "sitting") == 3
    assert edit_distance("", "abc") == 3
    assert edit_distance("same", "same") == 0


def test_order_and_spaces_do_not_count():
    true = [_line("first line", 0, 0), _line("second", 0, 40)]
    found = [_line("second", 0, 40), _line("firstline", 0, 0)]
    assert character_error(found, true) == 0


def test_one_line_found_for_several_true_pieces_is_right():
    true = [_line("def", 0, 0), _line("name(x):", 40, 0)]
    assert character_error([_line("def name(x):", 0, 0)], true) == 0


def test_missing_and_invented_letters_count():
    true = [_line("abcd", 0, 0)]
    assert character_error([], true) == 1
    assert character_error([_line("abcd", 0, 0), _line("zz", 300, 300)], true) == 0.5


def test_words_found_and_invented():
    score = word_score([_line("one two six", 0, 0)], [_line("one two three four", 0, 0)])
    assert (score.recall, score.precision) == (0.5, pytest.approx(2 / 3))


def test_an_empty_truth_cannot_be_measured():
    with pytest.raises(ValueError, match="no true text"):
        character_error([], [])
