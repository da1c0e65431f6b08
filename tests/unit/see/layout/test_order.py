"""The order in which lines are read."""

from __future__ import annotations

import random
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from imagecraft_desktop.see.layout import reading_order
from imagecraft_desktop.see.layout.order import flow
from imagecraft_desktop.values import Box, TextLine

from .canvas import line


def _texts(lines: list[TextLine]) -> list[str]:
    mixed = lines[:]
    random.Random(4).shuffle(mixed)
    return [one.line for one in reading_order(mixed)]


def _article(name: str, left: int, rows: int) -> list[TextLine]:
    return [
        line(f"{name}{row} this line of the article is long enough", left, 80 + 22 * row)
        for row in range(rows)
    ]


def test_two_columns_of_an_article_are_read_one_after_the_other():
    one, other = _article("a", 20, 6), _article("b", 480, 6)
    assert _texts(one + other) == [each.line for each in one + other]


def test_the_headline_over_two_columns_comes_first():
    head = line("A headline that goes over the whole width of the page and more", 20, 20, 820, 50)
    one, other = _article("a", 20, 5), _article("b", 480, 5)
    assert _texts([*other, *one, head]) == [head.line, *(each.line for each in one + other)]


def test_a_form_is_read_row_by_row():
    rows = [
        (line(f"Label {n}", 20, 40 * n + 60), line(f"value {n}", 200, 40 * n + 60))
        for n in range(5)
    ]
    flat = [each for row in rows for each in row]
    assert _texts(flat) == [each.line for each in flat]


def test_a_list_of_pages_on_the_left_is_read_after_the_page():
    side = [line(f"Page {n}", 20, 60 + 34 * n) for n in range(6)]
    page = [line(f"A sentence number {n} about something", 260, 52 + 23 * n) for n in range(12)]
    title = line("Settings", 10, 8)
    texts = _texts([title, *side, *page])
    assert texts == ["Settings", *(each.line for each in page), *(each.line for each in side)]


def test_both_sides_of_a_chat_are_read_in_turn():
    left = [line(f"question {n}", 20, 40 + 80 * n) for n in range(4)]
    right = [line(f"answer {n}", 500, 80 + 80 * n) for n in range(4)]
    turns = [each for pair in zip(left, right, strict=True) for each in pair]
    assert _texts(left + right) == [each.line for each in turns]


def test_a_status_bar_far_below_comes_last():
    side = [line(f"Page {n}", 20, 60 + 34 * n) for n in range(5)]
    page = [line(f"A sentence number {n} about something", 260, 52 + 23 * n) for n in range(8)]
    status = line("3 errors", 20, 560)
    assert _texts([status, *side, *page])[-1] == "3 errors"


def test_boxes_that_overlap_a_little_stay_apart():
    """A reader's boxes are often too high."""
    lines = [line(f"line {n}", 20, 20 * n, 100, 20 * n + 24) for n in range(10)]
    assert _texts(lines) == [each.line for each in lines]


def test_the_side_column_is_told():
    side = [line(f"Page {n}", 20, 60 + 34 * n) for n in range(6)]
    page = [line(f"A sentence number {n} about something", 260, 52 + 23 * n) for n in range(12)]
    both = [*side, *page]
    columns = flow([one.line for one in both], [one.box for one in both]).columns
    assert [column.is_aside for column in columns] == [False, True]


_edge = st.integers(-50, 5000)
_line = st.builds(
    TextLine,
    st.text(max_size=40),
    st.builds(Box, _edge, _edge, _edge, _edge),
    st.floats(0, 1),
)


@given(st.lists(_line, max_size=60))
@settings(max_examples=150, deadline=None)
def test_no_line_is_lost_or_doubled(lines: list[TextLine]):
    assert sorted(map(id, reading_order(lines))) == sorted(map(id, lines))


@given(st.lists(_line, max_size=30))
@settings(max_examples=50, deadline=None)
def test_the_same_lines_give_the_same_order(lines: list[TextLine]):
    assert reading_order(lines) == reading_order(list(lines))


def test_thousands_of_lines_take_well_under_a_second():
    dice = random.Random(1)
    scattered = [
        line(
            "some words",
            x := dice.randrange(4000),
            y := dice.randrange(3000),
            x + dice.randrange(200),
            y + 20,
        )
        for _ in range(4000)
    ]
    stairs = [line("some words", 10 + 3 * n, 20 * n) for n in range(4000)]
    begin = time.process_time()
    assert len(reading_order(scattered)) == 4000
    assert reading_order(stairs) == tuple(stairs)
    assert time.process_time() - begin < 2


LEFT = (
    "The river rose two metres",
    "in the night and the lower",
    "road is closed until Friday.",
    "Buses take the bridge at the",
    "mill and arrive a little later",
    "than the timetable says.",
)
RIGHT = (
    "A new library opens on",
    "Monday at ten o'clock with",
    "a reading for children. It",
    "has twelve thousand books",
    "and a quiet room for work",
    "on the second floor.",
)


def test_narrow_columns_of_prose_on_one_grid_are_read_one_after_the_other():
    rows = list(zip(LEFT, RIGHT, strict=True))
    lines = [line(one, 30, 30 + 24 * at) for at, (one, _) in enumerate(rows)]
    lines += [line(other, 330, 30 + 24 * at) for at, (_, other) in enumerate(rows)]
    mixed = sorted(lines, key=lambda one: one.box.top)
    assert [one.line for one in reading_order(mixed)] == [*LEFT, *RIGHT]


def test_a_form_with_long_labels_is_still_read_row_by_row():
    rows = [
        ("Name as in your passport", "Anna Maria Lopez Garcia"),
        ("Address of your last stay", "12 Harbour Road, Leith"),
        ("Reason for the journey", "Visit to the family"),
        ("Date of the return trip", "12 December in the morning"),
    ]
    lines = [
        line(text, left, 30 + 24 * at)
        for at, row in enumerate(rows)
        for text, left in zip(row, (30, 330), strict=True)
    ]
    assert [one.line for one in reading_order(lines)] == [text for row in rows for text in row]
