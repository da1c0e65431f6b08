"""Rectangles and regions; the grabs themselves are tested on a real display."""

import pytest

from imagecraft_desktop.capture.base import take
from imagecraft_desktop.capture.screen import clipped, region_of
from imagecraft_desktop.capture.window import cleaned
from imagecraft_desktop.errors import BadSetting
from imagecraft_desktop.values import Box, Origin


@pytest.mark.parametrize(
    ("box", "inside"),
    [
        (Box(10, 10, 20, 20), Box(10, 10, 20, 20)),
        (Box(-5, -5, 5, 5), Box(0, 0, 5, 5)),
        (Box(90, 90, 200, 200), Box(90, 90, 100, 100)),
        (Box(-9, -9, 999, 999), Box(0, 0, 100, 100)),
        (Box(100, 0, 120, 50), None),
        (Box(50, 50, 50, 90), None),
        (Box(60, 60, 50, 50), None),
    ],
)
def test_box_is_cut_to_the_desktop(box, inside):
    assert clipped(box, Box(0, 0, 100, 100)) == inside


def test_desktop_may_begin_left_of_and_above_zero():
    assert clipped(Box(-50, -40, 10, 10), Box(-1920, -20, 1920, 1080)) == Box(-50, -20, 10, 10)


def test_region_is_read_from_the_setting():
    assert region_of(" 1,-2, 30 ,40") == (1, -2, 30, 40)


@pytest.mark.parametrize("text", ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "0,0,0,5", "0,0,5,-1"])
def test_bad_region_says_what_is_allowed(text):
    with pytest.raises(BadSetting, match=r"four whole numbers.* above zero"):
        region_of(text)


def test_titles_become_one_short_line():
    assert cleaned("a\tb\n\u202ec\0  d") == "a b c d"
    assert len(cleaned("x" * 999)) == 200


@pytest.mark.parametrize("where", [Origin.FILE, Origin.URL, Origin.STDIN])
def test_what_comes_with_its_content_is_not_taken_from_the_desktop(where):
    with pytest.raises(ValueError, match="desktop"):
        take(where)
