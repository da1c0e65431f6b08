"""Where a turned picture's boxes are, and which lines are too unclear to be said."""

import numpy as np
import pytest

from imagecraft_desktop.see.finder import Spot
from imagecraft_desktop.see.legible import find_turn, find_unclear, is_much, turn_back
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
