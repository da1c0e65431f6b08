"""Where a turned picture's boxes are, and which lines are too unclear to be said."""

import numpy as np
import pytest

from imagecraft_desktop.see.finder import Spot
from imagecraft_desktop.see.legible import (
    find_turn,
    find_unclear,
    is_line,
    is_much,
    may_be_text,
    spot_area,
    turn_back,
)
from imagecraft_desktop.values import Box


def _spot(left: int, top: int, right: int, bottom: int) -> Spot:
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    return Spot(corners, Box(left, top, right, bottom))


class _Reader:
    """Gives the readings that it was told, by turn."""

    def __init__(self, **by_turn: list[tuple[str, float]]) -> None:
        self._by_turn = by_turn

    def rate(self, pixels, spots, tick, *, turn=0):
        return self._by_turn[f"turn{turn}"][: len(spots)]


SOME = [_spot(10, 10 + 40 * n, 310, 30 + 40 * n) for n in range(3)]
TALL = [_spot(10 + 40 * n, 10, 30 + 40 * n, 310) for n in range(3)]
PIXELS = np.zeros((400, 400, 3), np.uint8)
TRUE, RUBBISH, EMPTY = ("A sentence of words", 0.98), ("Ths s e mtt", 0.72), (" ,   .", 0.95)


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_a_box_is_turned_back(turn: int):
    pixels = np.zeros((40, 70), np.uint8)
    pixels[5:9, 20:50] = 1
    rows, columns = np.nonzero(np.rot90(pixels, turn))
    box = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert turn_back(box, turn, pixels.shape) == Box(20, 5, 50, 9)


@pytest.mark.parametrize(
    ("spots", "readings", "turn"),
    [
        (SOME, {"turn0": [TRUE] * 3}, 0),
        (SOME, {"turn0": [RUBBISH] * 3, "turn2": [TRUE] * 3}, 2),
        (SOME, {"turn0": [RUBBISH] * 3, "turn2": [RUBBISH] * 3}, 0),
        (TALL, {"turn1": [RUBBISH] * 3, "turn3": [TRUE] * 3}, 3),
        (TALL, {"turn1": [TRUE] * 3, "turn3": [RUBBISH] * 3}, 1),
        (TALL, {"turn1": [EMPTY] * 3, "turn3": [EMPTY] * 3}, 0),
        ([], {}, 0),
    ],
)
def test_the_turn_that_reads_well_is_found(spots, readings, turn):
    assert find_turn(_Reader(**readings), PIXELS, spots, lambda: None) == turn


@pytest.mark.parametrize(
    ("readings", "unclear"),
    [
        ([TRUE, TRUE, TRUE], []),
        ([TRUE, TRUE, EMPTY], [2]),
        ([RUBBISH, TRUE, RUBBISH], [0, 2]),
        ([EMPTY, EMPTY, EMPTY], [0, 1, 2]),
    ],
)
def test_rubbish_is_told_from_text(readings, unclear):
    found = find_unclear(_Reader(turn0=readings), PIXELS, SOME, lambda: None)
    assert [SOME.index(spot) for spot in found] == unclear
    assert is_much(found) is bool(unclear)


def test_small_signs_are_not_much_text():
    assert not is_much([_spot(10 * n, 0, 10 * n + 15, 14) for n in range(20)])


@pytest.mark.parametrize(
    ("spot", "reading", "is_open"),
    [
        (_spot(0, 0, 100, 40), ("", 0.0), True),  # a word in another script
        (_spot(0, 0, 20, 8), ("", 0.0), False),  # an edge, too low to be read
        (_spot(0, 0, 60, 60), ("K", 0.95), False),
        (_spot(0, 0, 60, 60), ("42", 0.95), True),
        (_spot(0, 0, 60, 60), ("in", 0.62), False),
    ],
)
def test_what_was_left_out_of_a_photo_may_be_text(spot, reading, is_open):
    assert may_be_text(_Reader(turn0=[reading]), PIXELS, [spot], lambda: None) is is_open


def test_a_line_is_long_and_its_slant_adds_nothing_to_its_size():
    assert is_line(SOME[0])
    assert is_line(TALL[0])
    assert not is_line(_spot(0, 0, 100, 40))
    assert spot_area(SOME[0]) == pytest.approx(300 * 20)
    corners = np.array([[0, 100], [300, 0], [306, 19], [6, 119]], np.float32)
    assert spot_area(Spot(corners, Box(0, 0, 306, 119))) == pytest.approx(6300)
