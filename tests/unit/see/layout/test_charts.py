"""Charts that shape and colour prove."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from .canvas import BLUE, GREY, RED, WHITE, Canvas

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May")


def _bars(canvas: Canvas, heights: tuple[int, ...], values: tuple[str, ...] = ()) -> None:
    canvas.write("Revenue", 60, 30, size=0.9)
    canvas.box(40, 450, 760, 451, GREY)
    for n, height in enumerate(heights):
        left = 60 + 130 * n
        canvas.box(left, 450 - height, left + 70, 450, BLUE)
        canvas.write(MONTHS[n], left + 20, 462)
        if values and values[n]:
            canvas.write(values[n], left + 20, 450 - height - 18)


def test_bars_with_labels_values_and_heights():
    canvas = Canvas()
    _bars(canvas, (100, 150, 200, 260, 300), ("10", "15", "", "26", "30"))
    (chart,) = canvas.lay_out().charts
    assert (chart.kind, chart.title, chart.trend) == ("bar", "Revenue", "rising")
    assert chart.values == (
        ("Jan", "10"),
        ("Feb", "15"),
        ("Mar", None),
        ("Apr", "26"),
        ("May", "30"),
    )
    assert chart.heights == pytest.approx((0.333, 0.5, 0.667, 0.867, 1.0), abs=0.01)


@pytest.mark.parametrize(
    ("heights", "trend"),
    [((300, 250, 200, 150, 90), "falling"), ((100, 200, 150, 260, 300), "")],
)
def test_a_trend_needs_every_bar(heights: tuple[int, ...], trend: str):
    canvas = Canvas()
    _bars(canvas, heights)
    (chart,) = canvas.lay_out().charts
    assert chart.trend == trend


def test_a_value_that_its_bar_contradicts_is_dropped():
    canvas = Canvas()
    _bars(canvas, (100, 150, 200, 260, 300), ("10", "15", "70", "26", "30"))
    (chart,) = canvas.lay_out().charts
    assert [value for _, value in chart.values] == ["10", "15", None, "26", "30"]


def test_lying_bars():
    canvas = Canvas()
    for n, (name, width) in enumerate((("Cats", 400), ("Dogs", 300), ("Fish", 120))):
        canvas.write(name, 40, 108 + 60 * n)
        canvas.box(120, 100 + 60 * n, 120 + width, 130 + 60 * n, BLUE)
    (chart,) = canvas.lay_out().charts
    assert (chart.is_horizontal, chart.trend) == (True, "falling")
    assert [name for name, _ in chart.values] == ["Cats", "Dogs", "Fish"]


def test_cards_of_one_height_are_no_chart():
    canvas = Canvas(ground=(230, 234, 240))
    for n, name in enumerate(("One", "Two", "Three")):
        canvas.box(60 + 200 * n, 100, 220 + 200 * n, 300, (120, 60, 200))
        canvas.write(name, 100 + 200 * n, 310)
    assert canvas.lay_out().charts == ()


def test_a_curve_between_two_axes_is_a_line_chart():
    canvas = Canvas()
    for n, number in enumerate(("60", "45", "30", "15", "0")):
        canvas.write(number, 30, 60 + 80 * n)
        canvas.box(70, 66 + 80 * n, 760, 67 + 80 * n, (225, 225, 225))
    for n in range(6):
        canvas.write(str(10 + 2 * n), 66 + 130 * n, 400)
    points = [(70, 300), (200, 220), (330, 250), (460, 160), (590, 140), (740, 120)]
    cv2.polylines(canvas.pixels, [np.array(points, np.int32)], False, BLUE, 3, cv2.LINE_AA)
    (chart,) = canvas.lay_out().charts
    assert (chart.kind, chart.values) == ("line", ())


def test_a_disc_of_slices_is_a_pie_chart():
    canvas = Canvas()
    for start, end, colour in ((0, 120, BLUE), (120, 210, RED), (210, 360, (40, 160, 60))):
        cv2.ellipse(canvas.pixels, (400, 300), (150, 150), 0, start, end, colour, -1, cv2.LINE_AA)
    canvas.write("Votes", 360, 60, size=0.9)
    (chart,) = canvas.lay_out().charts
    assert (chart.kind, chart.title) == ("pie", "Votes")


def test_a_plain_disc_is_no_chart():
    canvas = Canvas()
    cv2.circle(canvas.pixels, (400, 300), 150, BLUE, -1, cv2.LINE_AA)
    cv2.circle(canvas.pixels, (400, 300), 60, WHITE, -1, cv2.LINE_AA)
    canvas.write("Votes", 360, 60, size=0.9)
    assert canvas.lay_out().charts == ()
