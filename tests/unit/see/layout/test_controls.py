"""Buttons, fields, progress bars, check boxes: what the pixels prove, and what they do not."""

from __future__ import annotations

from itertools import pairwise

import cv2
import pytest

from imagecraft_desktop.see.layout import SwitchKind

from .canvas import BLACK, BLUE, GREY, RED, WHITE, Canvas


def _tick(canvas: Canvas, left: int, top: int, colour: tuple[int, int, int] = BLACK) -> None:
    points = [(left + 4, top + 8), (left + 7, top + 12), (left + 13, top + 4)]
    for one, other in pairwise(points):
        cv2.line(canvas.pixels, one, other, colour, 2, cv2.LINE_AA)


@pytest.mark.parametrize("dark", [False, True])
def test_buttons_of_a_row_and_the_one_that_stands_out(dark: bool):
    ground = (30, 30, 34) if dark else (240, 240, 240)
    canvas = Canvas(ground=ground)
    plain = (60, 60, 66) if dark else WHITE
    canvas.button("Retry", 100, 300, fill=BLUE, edge=None)
    canvas.button("Save as", 210, 300, fill=plain)
    canvas.button("Cancel", 320, 300, fill=plain)
    found = canvas.lay_out().buttons
    assert [(one.label, one.is_default) for one in found] == [
        ("Retry", True),
        ("Save as", False),
        ("Cancel", False),
    ]


def test_text_at_the_left_of_a_box_is_no_button():
    canvas = Canvas()
    canvas.field(100, 100, text="Oslo")
    assert canvas.lay_out().buttons == ()


def test_fields_with_their_labels_and_values():
    canvas = Canvas(ground=(240, 242, 245))
    canvas.write("Name", 100, 80)
    canvas.field(100, 98, text="Maria")
    canvas.write("City:", 100, 160)
    canvas.field(100, 178)
    canvas.write("Port", 40, 260)
    canvas.field(100, 250, text="8080")
    found = canvas.lay_out().fields
    assert [(one.label, one.value) for one in found] == [
        ("Name", "Maria"),
        ("City", ""),
        ("Port", "8080"),
    ]


def test_red_text_below_a_field_is_its_error():
    canvas = Canvas()
    canvas.write("Name", 100, 80)
    canvas.field(100, 98, text="Maria")
    canvas.write("This name is taken.", 100, 136, RED)
    (field,) = canvas.lay_out().fields
    assert field.error == "This name is taken."
    assert canvas.lay_out().errors == ()


def test_red_text_elsewhere_is_an_error_of_the_page():
    canvas = Canvas()
    canvas.write("The server does not answer.", 100, 80, RED)
    canvas.write("Try again later.", 100, 200)
    assert canvas.lay_out().errors == ("The server does not answer.",)


def test_the_dots_of_a_password_are_not_read():
    canvas = Canvas()
    canvas.write("Password", 100, 80)
    box = canvas.field(100, 98)
    for n in range(8):
        cv2.circle(canvas.pixels, (box.left + 14 + 9 * n, box.top + 16), 3, BLACK, -1, cv2.LINE_AA)
    (field,) = canvas.lay_out().fields
    assert (field.is_password, field.value) == (True, None)


@pytest.mark.parametrize("percent", [12, 45, 90])
def test_the_filled_part_of_a_bar_is_measured(percent: int):
    canvas = Canvas()
    canvas.write("Copying", 100, 80)
    canvas.box(100, 104, 500, 118, (225, 227, 230))
    canvas.box(100, 104, 100 + 4 * percent, 118, BLUE)
    (bar,) = canvas.lay_out().progress
    assert (bar.label, bar.percent) == ("Copying", percent)


def test_a_percentage_that_the_bar_contradicts_is_not_claimed():
    canvas = Canvas()
    canvas.write("Copying", 100, 80)
    canvas.box(100, 104, 500, 118, (225, 227, 230))
    canvas.box(100, 104, 300, 118, BLUE)
    canvas.write("80%", 510, 104)
    assert canvas.lay_out().progress == ()


def test_a_slider_is_no_progress_bar():
    canvas = Canvas()
    canvas.write("Volume", 100, 80)
    canvas.box(100, 110, 300, 116, BLUE)
    canvas.box(300, 110, 500, 116, (225, 227, 230))
    cv2.circle(canvas.pixels, (300, 113), 9, WHITE, -1, cv2.LINE_AA)
    cv2.circle(canvas.pixels, (300, 113), 9, GREY, 1, cv2.LINE_AA)
    assert canvas.lay_out().progress == ()


def test_check_boxes_ticked_and_not():
    canvas = Canvas()
    for n, name in enumerate(("Keep history", "Wrap lines", "Play sounds")):
        canvas.box(100, 100 + 40 * n, 117, 117 + 40 * n, WHITE, (120, 120, 120))
        canvas.write(name, 128, 103 + 40 * n)
    _tick(canvas, 100, 140)
    found = canvas.lay_out().switches
    assert [(one.label, one.is_on, one.kind) for one in found] == [
        ("Keep history", False, SwitchKind.CHECK_BOX),
        ("Wrap lines", True, SwitchKind.CHECK_BOX),
        ("Play sounds", False, SwitchKind.CHECK_BOX),
    ]


def test_a_dash_a_plus_and_a_coloured_square_say_nothing():
    """A box half chosen, the sign that opens a branch of a tree, the key to a chart's colour."""
    canvas = Canvas()
    for n, name in enumerate(("Half chosen", "Branch of a tree", "Key to a colour")):
        fill = BLUE if n == 2 else WHITE
        canvas.box(100, 100 + 40 * n, 117, 117 + 40 * n, fill, None if n == 2 else (120, 120, 120))
        canvas.write(name, 128, 103 + 40 * n)
    canvas.pixels[107:110, 104:113] = BLACK
    canvas.pixels[148, 104:113] = BLACK
    canvas.pixels[144:153, 108] = BLACK
    assert canvas.lay_out().switches == ()


def test_a_pale_tick_says_nothing():
    canvas = Canvas()
    canvas.box(100, 100, 117, 117, WHITE, (120, 120, 120))
    canvas.write("Some of the group", 128, 103)
    _tick(canvas, 100, 100, (150, 150, 150))
    assert canvas.lay_out().switches == ()


def _radio(canvas: Canvas, top: int, name: str, chosen: bool) -> None:
    cv2.circle(canvas.pixels, (110, top + 8), 8, (90, 90, 90), 1, cv2.LINE_AA)
    if chosen:
        cv2.circle(canvas.pixels, (110, top + 8), 4, BLACK, -1, cv2.LINE_AA)
    canvas.write(name, 128, top + 3)


def test_the_one_with_the_dot_of_a_group_is_chosen():
    canvas = Canvas()
    for n, name in enumerate(("Small", "Medium", "Large")):
        _radio(canvas, 100 + 40 * n, name, n == 1)
    found = canvas.lay_out().switches
    assert [(one.label, one.is_on) for one in found] == [
        ("Small", False),
        ("Medium", True),
        ("Large", False),
    ]


def test_two_dots_in_a_group_prove_nothing():
    canvas = Canvas()
    for n, name in enumerate(("Small", "Medium", "Large")):
        _radio(canvas, 100 + 40 * n, name, n != 1)
    assert canvas.lay_out().switches == ()


def _track(canvas: Canvas, top: int, is_right: bool, colour: tuple[int, int, int]) -> None:
    middle = top + 10
    cv2.circle(canvas.pixels, (610, middle), 10, colour, -1, cv2.LINE_AA)
    cv2.circle(canvas.pixels, (628, middle), 10, colour, -1, cv2.LINE_AA)
    canvas.pixels[top : top + 21, 610:629] = colour
    cv2.circle(canvas.pixels, (628 if is_right else 610, middle), 8, WHITE, -1, cv2.LINE_AA)


def test_switches_on_and_off():
    canvas = Canvas()
    for n, name in enumerate(("Bluetooth", "Flight mode")):
        canvas.write(name, 100, 104 + 50 * n)
    _track(canvas, 100, True, BLUE)
    _track(canvas, 150, False, (150, 155, 160))
    found = canvas.lay_out().switches
    assert [(one.label, one.is_on, one.kind) for one in found] == [
        ("Bluetooth", True, SwitchKind.SWITCH),
        ("Flight mode", False, SwitchKind.SWITCH),
    ]


def test_a_strong_colour_with_the_knob_at_the_left_proves_nothing():
    canvas = Canvas()
    canvas.write("Bluetooth", 100, 104)
    _track(canvas, 100, False, BLUE)
    assert canvas.lay_out().switches == ()


def _list(canvas: Canvas, chosen: list[int]) -> None:
    for n, name in enumerate(("System", "Network", "Sound", "Screen", "Power")):
        if n in chosen:
            canvas.box(20, 90 + 34 * n, 220, 122 + 34 * n, (215, 228, 255))
        canvas.write(name, 40, 100 + 34 * n)


def test_the_highlighted_entry_of_a_list():
    canvas = Canvas()
    _list(canvas, [2])
    (one,) = canvas.lay_out().selected
    assert (one.label, one.position, one.count) == ("Sound", 3, 5)


def test_stripes_are_no_selection():
    canvas = Canvas()
    _list(canvas, [1, 3])
    assert canvas.lay_out().selected == ()


def test_the_open_tab_is_the_one_without_a_line_below():
    canvas = Canvas()
    canvas.box(20, 130, 700, 400, None, GREY)
    for n, name in enumerate(("Basic", "Network", "About")):
        left = 20 + 120 * n
        canvas.box(left, 100, left + 120, 131, None, GREY)
        canvas.write(name, left + 30, 110)
    canvas.pixels[130, 141:259] = WHITE
    (one,) = canvas.lay_out().selected
    assert (one.label, one.position, one.count) == ("Network", 2, 3)
    assert canvas.lay_out().buttons == ()


def test_a_pale_button_is_no_empty_field():
    canvas = Canvas(500, 200)
    canvas.write("Backups are kept for a month.", 20, 20)
    canvas.write("The last one was made on Monday.", 20, 60)
    for left, text, colour in (
        (20, "Back up", BLACK),
        (180, "Restore", GREY),
        (340, "Close", BLACK),
    ):
        canvas.box(left, 120, left + 140, 152, (236, 236, 236), GREY)
        canvas.write(text, left + 35, 130, colour)
    layout = canvas.lay_out()
    assert layout.fields == ()


def test_a_box_beside_a_button_is_not_named_by_it():
    canvas = Canvas(600, 200)
    canvas.write("The file could not be copied.", 20, 20)
    canvas.write("There is no space on the disk.", 20, 60)
    canvas.box(150, 130, 270, 162, (236, 236, 236), GREY)
    canvas.write("Wiederholen", 158, 140)
    canvas.box(300, 130, 460, 162, (236, 236, 236), GREY)
    canvas.write("Abbrechen", 308, 140)
    layout = canvas.lay_out()
    assert layout.fields == ()


def test_the_icon_of_a_button_is_no_letter_of_its_name():
    canvas = Canvas(500, 200)
    canvas.write("Shall the file be sent now?", 20, 20)
    for left, text in ((20, "X Cancel"), (200, "A plan")):
        canvas.button(text, left, 120, width=140)
    assert [button.label for button in canvas.lay_out().buttons] == ["Cancel", "A plan"]
