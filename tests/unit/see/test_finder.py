"""Where the finder looks, and in what order lines are read. No network runs here."""

import numpy as np
from PIL import Image, ImageDraw

from imagecraft_desktop.see import finder
from imagecraft_desktop.see.finder import Spot
from imagecraft_desktop.values import Box


class _MarksNothing:
    """Stands in for the network; remembers the sizes it was shown."""

    def __init__(self) -> None:
        self.sizes: list[tuple[int, int]] = []

    def run(self, names: object, feed: dict[str, np.ndarray], options: object = None) -> list:
        high, wide = feed["x"].shape[2:]
        self.sizes.append((wide, high))
        return [np.zeros((1, 1, high, wide), np.float32)]


class _MarksInk:
    """Stands in for the network; marks everything that is darker than the ground."""

    def run(self, names: object, feed: dict[str, np.ndarray], options: object = None) -> list:
        return [(feed["x"].max(axis=1, keepdims=True) < 0).astype(np.float32)]


def _page(*bars: Box, size: tuple[int, int] = (800, 1200)) -> np.ndarray:
    pixels = np.full((*size, 3), 255, np.uint8)
    for bar in bars:
        pixels[bar.top : bar.bottom, bar.left : bar.right] = 0
    return pixels


def _spot(left: int, top: int, wide: int, high: int) -> Spot:
    box = Box(left, top, left + wide, top + high)
    corners = [
        (box.left, box.top),
        (box.right, box.top),
        (box.right, box.bottom),
        (box.left, box.bottom),
    ]
    return Spot(np.array(corners, np.float32), box)


def test_a_blank_picture_is_never_shown_to_the_network():
    network = _MarksNothing()
    found = list(finder.find_lines(network, _page(), lambda: None, is_photo=False))
    assert found == []
    assert network.sizes == []


def test_only_the_parts_with_ink_are_shown_to_the_network():
    network = _MarksNothing()
    page = _page(Box(40, 40, 200, 52), Box(900, 40, 1000, 52))
    list(finder.find_lines(network, page, lambda: None, is_photo=False))
    assert sum(wide * high for wide, high in network.sizes) < page.size / 3 / 10


def test_each_line_is_found_once_also_where_strips_meet():
    bars = [Box(100, y, 500, y + 12) for y in range(20, 780, 21)]
    found = list(finder.find_lines(_MarksInk(), _page(*bars), lambda: None, is_photo=False))
    tops = sorted(spot.box.top for spot in found)
    assert len(tops) == len(bars)
    assert all(abs(top - bar.top) < 14 for top, bar in zip(tops, bars, strict=True))


def _slanted_page(middles: list[tuple[int, int]]) -> np.ndarray:
    """Bars of 500 x 20 pixels that rise to the right by 15 degrees."""
    picture = Image.new("RGB", (1200, 800), "white")
    cos, sin = np.cos(np.deg2rad(15)), np.sin(np.deg2rad(15))
    along, aside = 250 * np.array([cos, -sin]), 10 * np.array([sin, cos])
    for middle in middles:
        corners = [along + aside, along - aside, -along - aside, -along + aside]
        ImageDraw.Draw(picture).polygon([tuple(middle + one) for one in corners], fill="black")
    return np.asarray(picture)


def test_a_slanted_line_is_not_taken_for_the_one_above_it():
    middles = [(500, y) for y in range(110, 720, 60)]
    page = _slanted_page(middles)
    found = list(finder.find_lines(_MarksInk(), page, lambda: None, is_photo=False))
    for x, y in middles:
        assert any(np.hypot(*(spot.corners.mean(axis=0) - (x, y))) < 20 for spot in found), (x, y)


def test_letters_higher_than_a_strip_are_found_whole():
    found = list(
        finder.find_lines(_MarksInk(), _page(Box(100, 30, 1000, 700)), lambda: None, is_photo=False)
    )
    assert [spot.box.height >= 670 for spot in found] == [True]


def test_the_first_lines_come_before_the_rest_is_searched():
    seen = 0

    def tick() -> None:
        nonlocal seen
        seen += 1

    page = _page(Box(100, 20, 300, 32), Box(100, 700, 300, 712))
    next(finder.find_lines(_MarksInk(), page, tick, is_photo=False))
    after_first = seen
    list(finder.find_lines(_MarksInk(), page, tick, is_photo=False))
    assert 0 < after_first < (seen - after_first)


def test_focus_then_top_row_then_large_then_middle():
    focus, top, large = _spot(10, 700, 60, 14), _spot(10, 5, 60, 14), _spot(10, 300, 200, 40)
    middle, corner = _spot(590, 400, 60, 14), _spot(1100, 760, 60, 14)
    order = finder.order_by_importance(
        [corner, middle, large, top, focus], (800, 1200, 3), Box(0, 690, 100, 730)
    )
    assert order == [focus, top, large, middle, corner]


def test_nothing_found_has_no_order():
    assert finder.order_by_importance([], (10, 10, 3)) == []


def test_the_headline_is_the_first_line_in_large_letters_below_the_top():
    rows = [_spot(10, 100 + 30 * n, 300, 14) for n in range(9)]
    top, headline, later = _spot(10, 5, 60, 30), _spot(10, 60, 300, 24), _spot(500, 90, 200, 25)
    assert finder.find_headline([top, *rows, later, headline]) == headline.box
    assert finder.find_headline([top, *rows]) is None
    assert finder.find_headline([]) is None


def test_text_photographed_at_an_angle_is_levelled_for_sorting():
    turn = np.deg2rad(10)
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    straight = [_spot(100, 100, 300, 20), _spot(450, 100, 60, 20), _spot(100, 140, 300, 20)]
    turned = []
    for spot in straight:
        corners = (spot.corners @ matrix).astype(np.float32)
        edges = (*corners.min(axis=0), *corners.max(axis=0))
        turned.append(Spot(corners, Box(*(round(float(edge)) for edge in edges))))
    boxes = finder.level_boxes(turned)
    assert abs(boxes[0].top - boxes[1].top) <= 2
    assert boxes[2].top - boxes[0].top >= 35
    assert finder.level_boxes([]) == []


def test_effort_goes_with_the_length_of_a_line():
    assert finder.estimate_effort(_spot(0, 0, 200, 20)) == 10
