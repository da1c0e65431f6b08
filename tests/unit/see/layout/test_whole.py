"""The layout as a whole: on odd input, in time, and on the sample pictures with their true lines."""

from __future__ import annotations

import json
import random
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.see.layout import Layout, Role, SelectionKind, lay_out
from imagecraft_desktop.values import Box, TextLine
from tests.unit.see.pictures import FOLDER, load

from .canvas import BLUE, WHITE, Canvas, go_on, line

_edge = st.integers(-40, 300)
_line = st.builds(
    TextLine,
    st.one_of(st.text(max_size=20), st.sampled_from(["Save", "12", "45%", "••••", "- □ ×", "A"])),
    st.builds(Box, _edge, _edge, _edge, _edge),
    st.floats(0, 1),
)


@given(st.lists(_line, max_size=25), st.integers(0, 5), st.integers(1, 260), st.integers(1, 260))
@settings(max_examples=120, deadline=None)
def test_odd_boxes_on_odd_pictures_lose_no_line(
    lines: list[TextLine], seed: int, width: int, height: int
):
    """Pictures are noise, blocks or one colour."""
    dice = np.random.default_rng(seed)
    pixels = dice.integers(0, 256, (height, width, 3)).astype(np.uint8)
    if seed % 3 == 0:
        pixels[:] = 200
    if seed % 3 == 1:
        pixels = np.kron(
            pixels[: height // 20 + 1, : width // 20 + 1], np.ones((20, 20, 1), np.uint8)
        )
    layout = lay_out(lines, pixels, go_on)
    assert sorted(map(id, layout.lines)) == sorted(map(id, lines))
    assert layout == lay_out(lines, pixels, go_on)


def test_no_lines_on_a_blank_picture():
    layout = lay_out([], np.full((600, 800, 3), 255, np.uint8), go_on)
    assert layout == Layout((), ())


def test_three_thousand_lines_take_seconds_not_minutes():
    dice = random.Random(3)
    lines = [
        line("some words", x := dice.randrange(3600), y := dice.randrange(2100), x + 90, y + 18)
        for _ in range(3000)
    ]
    pixels = np.full((2160, 3840, 3), 255, np.uint8)
    for one in lines:
        pixels[one.box.top + 4 : one.box.bottom - 4, one.box.left : one.box.right : 3] = 20
    begin = time.process_time()
    assert len(lay_out(lines, pixels, go_on).lines) == 3000
    assert time.process_time() - begin < 30  # 2 s on an idle machine


def test_the_user_can_stop_it():
    canvas = Canvas()
    canvas.write("Hello", 40, 40)

    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        lay_out(canvas.lines, canvas.pixels, stop)


def test_blocks_hold_every_word_once_and_in_order():
    canvas = Canvas()
    canvas.button("Save", 100, 500)
    canvas.write("Name", 100, 80)
    canvas.field(100, 98, text="Maria")
    canvas.lines.append(line("- □ ×", 700, 4))
    layout = canvas.lay_out()
    in_blocks = [one for block in layout.blocks for one in block.lines]
    assert in_blocks == [one for one in layout.lines if one.line != "- □ ×"]
    assert [block.role for block in layout.blocks] == [Role.FIELD, Role.BUTTON]


# --- sample pictures ------------------------------------------------------------------------


def _sample(stem: str) -> Layout:
    truth: dict[str, Any] = json.loads((FOLDER / f"a_{stem}.text.json").read_text(encoding="utf-8"))
    lines = [TextLine(one["text"], Box(*one["box"]), 1.0) for one in truth["lines"]]
    return lay_out(lines, load(stem), go_on)


def _headings(layout: Layout) -> list[str]:
    return [block.text for block in layout.blocks if block.role is Role.HEADING]


def test_settings():
    layout = _sample("settings_light")
    assert layout.title == "Settings"
    assert {one.label: one.is_on for one in layout.switches} == {
        "Screen reader": True,
        "Magnifier": False,
        "High contrast": False,
        "Captions": True,
        "Mono audio": False,
    }
    (page,) = layout.selected
    assert (page.label, page.position, page.count) == ("Accessibility", 9, 11)
    assert _headings(layout) == ["Accessibility"]
    assert layout.blocks[-1].is_aside


def test_error_dialog():
    layout = _sample("error_dialog")
    dialog = layout.dialog
    assert dialog is not None
    assert dialog.title == "Save failed"
    assert dialog.body == (
        "The file could not be saved.",
        "The disk is full. Free at least 350 MB of space and try again.",
        "Error code: 0x80070070",
    )
    assert (dialog.buttons, dialog.icon) == (("Retry", "Save as", "Cancel"), "error")
    assert [one.label for one in layout.buttons if one.is_default] == ["Retry"]
    assert layout.blocks[-1].role is Role.STATUS


def test_mail():
    layout = _sample("mail_inbox")
    (table,) = layout.tables
    assert len(table.rows) == 12
    assert table.rows[0] == ("Maria Lopez", "Invoice 4417 is ready for payment", "09:41")
    assert table.bold_rows == (0, 1, 2, 4)
    assert [one.label for one in layout.selected] == ["Inbox"]
    assert [(one.label, one.value) for one in layout.fields] == [("Search mail", "")]
    assert [one.label for one in layout.buttons] == ["Compose"]


def test_code():
    layout = _sample("code_dark")
    assert layout.title == "words.py - reader - Editor"
    assert {(one.label, one.kind) for one in layout.selected} == {
        ("words.py", SelectionKind.TAB),
        ("words.py", SelectionKind.ENTRY),
    }
    numbers = next(block for block in layout.blocks if block.role is Role.LINE_NUMBERS)
    assert len(numbers.lines) == 28
    assert layout.blocks[-1].role is Role.STATUS
    assert layout.tables == ()


def test_spreadsheet():
    layout = _sample("spreadsheet")
    (table,) = layout.tables
    assert table.rows[0] == ("Month", "Rent", "Food", "Travel", "Savings", "Total")
    assert [row[0] for row in table.rows[1:]][-2:] == ["August", "Total"]
    assert (len(table.rows), table.rows[-1][-1]) == (10, "$16,590")
    assert (table.is_sheet, table.has_header) == (True, True)
    assert [one.label for one in layout.selected] == ["Budget"]


def test_bar_chart():
    (chart,) = _sample("bar_chart").charts
    assert (chart.kind, chart.title, chart.trend) == ("bar", "Monthly revenue", "rising")
    assert chart.values == (
        ("Jan", "$40"),
        ("Feb", "$48"),
        ("Mar", "$55"),
        ("Apr", "$61"),
        ("May", "$78"),
        ("Jun", "$95"),
    )


def test_chat():
    layout = _sample("chat_dark")
    texts = [one.line for one in layout.lines]
    assert texts.index("Yes, they were in my coat pocket.") < texts.index(
        "Great. Platform 7, right?"
    )
    assert [(one.label, one.count) for one in layout.selected] == [("Lena Fischer", 5)]
    assert _headings(layout) == ["Lena Fischer"]
    assert layout.buttons == ()


def test_shop():
    layout = _sample("shop_product")
    assert layout.title == "Bean & Cup"
    assert [one.label for one in layout.buttons] == ["Add to cart", "Buy now"]
    assert _headings(layout) == ["Espresso cup with saucer", "Reviews"]


def test_login():
    layout = _sample("login_form")
    email, password = layout.fields
    assert (email.label, email.value) == ("Email address", "sam.rivera@example.com")
    assert (password.label, password.value, password.is_password) == ("Password", None, True)
    assert password.error == "The password is not correct. Two attempts left."
    assert [one.label for one in layout.buttons] == ["Sign in"]
    assert layout.dialog is None


def test_export_form():
    layout = _sample("qt_export")
    assert [(one.label, one.value) for one in layout.fields] == [
        ("File name", "holiday_report_final.pdf"),
        ("Author", "Ingrid Solberg"),
        ("Page range", "1-4, 9, 12"),
        ("Resolution", "300 dpi"),
        ("Language", "English (United Kingdom)"),
    ]
    assert {one.label: one.is_on for one in layout.switches} == {
        "Embed all fonts": True,
        "Add alternative text to pictures": False,
        "Protect with a password": True,
        "Open the file after export": False,
    }
    (table,) = layout.tables
    assert table.rows[:2] == (("Chapter", "Pages", "Words"), ("Arrival", "12", "3,418"))
    assert (len(table.rows), table.has_header) == (5, True)


def test_newspaper():
    layout = _sample("small_text_news")
    assert layout.title == "The Harbour Gazette"
    assert layout.columns == 3
    assert _headings(layout) == [
        "New ferry line opens after two years of delay",
        "Library stays open on Sundays",
        "Weather",
        "Sport in short",
    ]
    assert layout.tables == ()


def test_dashboard():
    layout = _sample("4k_dashboard")
    assert [tile.lines for tile in layout.tiles] == [
        ("Power now", "42.7 MW", "up 3.1 MW since 08:00"),
        ("Wind speed", "11.4 m/s", "gusts to 16.2 m/s"),
        ("Turbines running", "28 of 30", "T07 and T19 stopped"),
        ("Alarms", "2 open", "1 high, 1 low"),
    ]
    assert [(one.kind, one.title) for one in layout.charts] == [
        ("line", "Power over the last 24 hours (MW)")
    ]
    assert layout.tables == ()


def test_terminal():
    layout = _sample("terminal")
    controls = (layout.buttons, layout.fields, layout.switches, layout.tables, layout.selected)
    assert controls == ((), (), (), (), ())
    assert layout.lines[0].line.endswith("git status")


@pytest.mark.parametrize(
    "stem", ["dog", "musicians", "receipt_photo", "meme", "colosseum", "coffee"]
)
def test_a_photo_has_no_controls(stem: str):
    layout = lay_out([line("WHEN YOU HEAR", 200, 40)], load(stem), go_on)
    assert layout == Layout(layout.lines, layout.blocks, layout.title, layout.columns)


def test_the_rim_of_a_field_with_the_focus_makes_no_heading_of_its_text():
    canvas = Canvas(500, 300)
    for row in range(5):
        canvas.write(f"This is line {row} of the window", 20, 30 + 30 * row)
    canvas.box(60, 198, 400, 226, WHITE, BLUE)
    canvas.write("office at example", 66, 206)
    text, box, score = canvas.lines[-1].line, canvas.lines[-1].box, 0.99
    canvas.lines[-1] = TextLine(text, Box(60, 198, box.right, 226), score)
    blocks = canvas.lay_out().blocks
    assert not [block for block in blocks if block.role in (Role.HEADING, Role.TITLE)]
