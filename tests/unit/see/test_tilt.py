"""Which way writing leans, and where it was before the picture was turned. No network runs here."""

import numpy as np
import pytest

from imagecraft_desktop.see.finder import Spot
from imagecraft_desktop.see.tilt import Level, can_level, find_tilt, has_tilted, reads_as_well
from imagecraft_desktop.values import Box


def _line(
    degrees: float, wide: int = 300, high: int = 20, middle: tuple[int, int] = (400, 300)
) -> Spot:
    """A line that leans with the clock, as the finder gives it."""
    turn = np.deg2rad(degrees)
    along = wide / 2 * np.array([np.cos(turn), np.sin(turn)])
    aside = high / 2 * np.array([-np.sin(turn), np.cos(turn)])
    corners = middle + np.array([-along - aside, along - aside, along + aside, -along + aside])
    edges = (*corners.min(axis=0), *corners.max(axis=0))
    return Spot(corners.astype(np.float32), Box(*(round(float(edge)) for edge in edges)))


class _Reader:
    """Reads every line of a picture so; which picture is told by its first pixel."""

    def __init__(self, *readings: tuple[str, float]) -> None:
        self._readings = readings

    def rate(self, pixels, spots, tick, *, turn=0):
        return [self._readings[int(pixels[0, 0, 0])]] * len(spots)


FIRST, SECOND = np.zeros((9, 9, 3), np.uint8), np.ones((9, 9, 3), np.uint8)


@pytest.mark.parametrize("degrees", [4, 45, 80, -4, -46, -86])
def test_what_leans_alike_is_tilted(degrees: int):
    page = [_line(degrees + apart) for apart in (-2, -1, 0, 1, 2)]
    assert abs(find_tilt([*page, _line(degrees + 40)]) - degrees) < 0.5


@pytest.mark.parametrize(
    "spots",
    [
        [],
        [_line(0), _line(1), _line(2)],
        [_line(90), _line(-89), _line(88)],
        [_line(20), _line(-20), _line(50)],
        [_line(0), _line(0), _line(30)],
        [_line(20, wide=60), _line(20, wide=50)],
    ],
    ids=["nothing", "level", "on end", "all ways", "a stamp", "short pieces"],
)
def test_what_is_not_tilted(spots: list[Spot]):
    assert find_tilt(spots) == 0


@pytest.mark.parametrize(
    ("shape", "degrees", "can_be"),
    [
        ((900, 1600), 45, True),
        ((1600, 900), -45, True),
        ((2000, 500), 45, True),
        ((20_000, 1280), 20, False),  # sixteen times as large
        ((300, 40_000), -10, False),
        ((300, 40_000), 0.4, True),
    ],
)
def test_a_strip_is_not_made_level_for_that_would_take_all_memory(
    shape: tuple[int, int], degrees: float, can_be: bool
):
    assert can_level((*shape, 3), degrees) is can_be


@pytest.mark.parametrize("degrees", [7, 30, -60])
def test_a_level_picture_leads_back(degrees: int):
    pixels = np.full((200, 300, 3), 255, np.uint8)
    pixels[80:90, 140:180] = 0
    level = Level(pixels, degrees)
    rows, columns = np.nonzero(level.pixels.min(axis=2) < 128)
    box = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    back = level.box_back(box)
    assert back.left <= 142
    assert back.top <= 82
    assert back.right >= 178
    assert back.bottom >= 88
    corners = np.array([[box.left, box.top], [box.right, box.top], [box.right, box.bottom]])
    spot = level.spot_back(Spot(np.float32([*corners, [box.left, box.bottom]]), box))
    assert spot is not None
    assert np.hypot(*(spot.corners.mean(axis=0) - (160, 85))) < 2
    assert level.pixels.min(axis=(0, 1)).max() == 0
    assert (level.pixels[0, 0] == 255).all()


def test_a_line_outside_of_the_picture_is_none():
    level = Level(np.full((200, 300, 3), 255, np.uint8), 45)
    assert level.spot_back(_line(0, 20, 10, middle=(12, 8))) is None


@pytest.mark.parametrize(
    ("spot", "reading", "expected"),
    [
        (_line(30), ("Paid on Friday", 0.97), True),
        (_line(-75), ("Paid on Friday", 0.97), True),
        (_line(5), ("Paid on Friday", 0.97), False),
        (_line(90), ("Paid on Friday", 0.97), False),
        (_line(30, wide=60), ("Paid on Friday", 0.97), False),
        (_line(30), ("//l", 0.6), False),
    ],
)
def test_only_writing_that_leans_much_is_doubted(
    spot: Spot, reading: tuple[str, float], expected: bool
):
    found = has_tilted(_Reader(reading), FIRST, [spot, _line(0)], lambda: None)
    assert found is expected


def test_the_better_of_two_readings():
    def is_kept(level: tuple[str, float], before: tuple[str, float]) -> bool:
        reader, spots = _Reader(level, before), [_line(0)]
        return reads_as_well(reader, (FIRST, spots), (SECOND, spots), lambda: None)

    assert is_kept(("A sentence of words", 0.98), ("A sentence of words", 0.98))
    assert is_kept(("A sentence of words", 0.98), ("A sentence of words words", 0.98))
    assert not is_kept(("A sentence", 0.98), ("A sentence of words", 0.98))
    assert not is_kept(("A sentence of words", 0.7), ("A sentence of words", 0.98))
