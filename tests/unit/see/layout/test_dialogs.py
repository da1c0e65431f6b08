"""Dialogs over something else, and message boxes that are the whole picture."""

from __future__ import annotations

import cv2
import pytest

from .canvas import BLUE, GREY, Canvas

TEXT = ("The file could not be saved.", "The disk is full.")


def _dialog(canvas: Canvas, left: int, top: int, dark: bool) -> None:
    face, strip = ((45, 45, 48), (60, 60, 64)) if dark else ((250, 250, 250), (225, 228, 232))
    ink = (230, 230, 230) if dark else (20, 20, 20)
    canvas.box(left, top, left + 460, top + 180, face)
    canvas.box(left, top, left + 460, top + 32, strip)
    canvas.write("Save failed", left + 14, top + 10, ink)
    for n, text in enumerate(TEXT):
        canvas.write(text, left + 90, top + 60 + 26 * n, ink)
    canvas.button("Retry", left + 240, top + 138, fill=BLUE, edge=None)
    canvas.button(
        "Cancel", left + 345, top + 138, fill=(80, 80, 86) if dark else (240, 240, 240), edge=GREY
    )


@pytest.mark.parametrize("dark", [False, True])
def test_a_box_in_the_middle_with_text_and_buttons(dark: bool):
    canvas = Canvas(1000, 700, ground=(38, 90, 130))
    canvas.write("Start", 16, 670, (255, 255, 255))
    _dialog(canvas, 270, 250, dark)
    dialog = canvas.lay_out().dialog
    assert dialog is not None
    assert (dialog.title, dialog.body, dialog.buttons) == ("Save failed", TEXT, ("Retry", "Cancel"))
    assert (dialog.icon, dialog.is_whole_picture) == ("", False)


@pytest.mark.parametrize(
    ("colour", "icon"),
    [((215, 45, 40), "error"), ((240, 180, 30), "warning"), ((60, 120, 220), "")],
)
def test_the_sign_beside_the_text(colour: tuple[int, int, int], icon: str):
    canvas = Canvas(1000, 700, ground=(38, 90, 130))
    canvas.write("Start", 16, 670, (255, 255, 255))
    _dialog(canvas, 270, 250, False)
    cv2.circle(canvas.pixels, (315, 330), 20, colour, -1, cv2.LINE_AA)
    dialog = canvas.lay_out().dialog
    assert dialog is not None
    assert dialog.icon == icon


def test_the_dialog_is_read_before_what_is_behind_it():
    canvas = Canvas(1000, 700, ground=(240, 244, 248))
    canvas.write("A line of text far above the dialog", 40, 60)
    _dialog(canvas, 270, 250, False)
    layout = canvas.lay_out()
    assert [one.line for one in layout.lines][-1] == "A line of text far above the dialog"


def test_a_message_box_that_is_the_whole_picture():
    canvas = Canvas(460, 150, ground=(240, 240, 240))
    canvas.write("Delete the file holiday.jpg?", 80, 40)
    canvas.button("Delete", 250, 100)
    canvas.button("Keep", 350, 100)
    dialog = canvas.lay_out().dialog
    assert dialog is not None
    assert dialog.is_whole_picture
    assert (dialog.body, dialog.buttons) == (("Delete the file holiday.jpg?",), ("Delete", "Keep"))


def test_a_form_is_no_message_box():
    canvas = Canvas(460, 300, ground=(240, 240, 240))
    canvas.write("Type your name here.", 40, 40)
    canvas.write("Name", 40, 90)
    canvas.field(40, 108)
    canvas.button("Save", 250, 250)
    assert canvas.lay_out().dialog is None


def test_a_card_alone_on_a_page_is_no_dialog():
    canvas = Canvas(1000, 700, ground=(238, 242, 247))
    canvas.box(300, 150, 700, 500, (255, 255, 255))
    canvas.write("Sign in to Northwind", 380, 190)
    canvas.button("Sign in", 330, 440, width=340, fill=BLUE, edge=None)
    assert canvas.lay_out().dialog is None
