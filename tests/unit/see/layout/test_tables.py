"""Tables: drawn cells and aligned text."""

from __future__ import annotations

import pytest

from .canvas import BLACK, GREY, WHITE, Canvas

PRICES = (
    ("Item", "Count", "Price"),
    ("Bread", "2", "3.40"),
    ("Milk", "1", "1.19"),
    ("Soap", "3", "1.85"),
)


def _grid(canvas: Canvas, rows: tuple[tuple[str, ...], ...], left: int = 40, top: int = 60) -> None:
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            x, y = left + 120 * column, top + 30 * at
            canvas.box(x, y, x + 121, y + 31, WHITE, GREY)
            if text:
                canvas.write(text, x + 8, y + 9)


def test_drawn_cells_with_an_empty_one():
    canvas = Canvas()
    rows = (*PRICES[:3], ("Soap", "", "1.85"))
    _grid(canvas, rows)
    (table,) = canvas.lay_out().tables
    assert (table.rows, table.has_header) == (rows, True)


def test_row_numbers_and_column_letters_of_a_sheet_are_left_out():
    canvas = Canvas()
    letters = ("", "A", "B", "C")
    _grid(canvas, (letters, *((str(n), *row) for n, row in enumerate(PRICES, 1))))
    (table,) = canvas.lay_out().tables
    assert (table.rows, table.is_sheet, table.has_header) == (PRICES, True, True)


def test_a_row_number_read_together_with_its_cell_is_cut_off():
    canvas = Canvas()
    _grid(canvas, tuple((str(n), *row) for n, row in enumerate(PRICES[1:], 1)))
    joined = []
    for n, name in ((1, "Bread"), (2, "Milk"), (3, "Soap")):
        number = next(one for one in canvas.lines if one.line == str(n) and one.box.left < 100)
        cell = next(one for one in canvas.lines if one.line == name)
        box = number.box._replace(right=cell.box.right, bottom=cell.box.bottom)
        joined.append((number, cell, cell.__class__(f"{n} {name}", box, 1.0)))
    for number, cell, both in joined:
        canvas.lines.remove(number)
        canvas.lines.remove(cell)
        canvas.lines.append(both)
    (table,) = canvas.lay_out().tables
    assert table.rows == PRICES[1:]


def _mails(canvas: Canvas, bold: tuple[int, ...] = ()) -> None:
    for n, (name, subject) in enumerate(
        (
            ("Maria Lopez", "Invoice is ready for payment"),
            ("City Library", "Your book is due on Friday"),
            ("Tom Becker", "Lunch on Tuesday?"),
            ("Grace Kim", "Photos from the trip"),
            ("Anna Novak", "Question about chapter four"),
        )
    ):
        weight = 2 if n in bold else 1
        canvas.write(name, 40, 60 + 36 * n, weight=weight)
        canvas.write(subject, 220, 60 + 36 * n, weight=weight)
        canvas.write(f"0{n}:41", 700, 60 + 36 * n, weight=weight)


def test_lines_aligned_in_three_columns_are_a_table():
    canvas = Canvas()
    _mails(canvas)
    (table,) = canvas.lay_out().tables
    assert len(table.rows) == 5
    assert table.rows[1] == ("City Library", "Your book is due on Friday", "01:41")
    assert (table.has_header, table.bold_rows) == (False, ())


def test_rows_in_bold_are_told():
    canvas = Canvas()
    _mails(canvas, bold=(0, 2))
    (table,) = canvas.lay_out().tables
    assert table.bold_rows == (0, 2)


def test_columns_of_a_newspaper_are_no_table():
    canvas = Canvas(1400, 500)
    for column in range(3):
        for row in range(6):
            canvas.write(
                f"this is a line of {row} with many words in it", 20 + 460 * column, 60 + 26 * row
            )
    assert canvas.lay_out().tables == ()


@pytest.mark.parametrize("columns", [3, 4])
def test_boxes_with_figures_are_tiles_and_no_table(columns: int):
    canvas = Canvas(1200, 400, ground=(235, 238, 242))
    for at in range(columns):
        left = 20 + 290 * at
        canvas.box(left, 40, left + 270, 160, WHITE)
        canvas.write("Power now", left + 16, 60)
        canvas.write("42.7 MW", left + 16, 90, BLACK, 0.9)
        canvas.write("up since 08:00", left + 16, 130)
    layout = canvas.lay_out()
    assert layout.tables == ()
    assert [tile.lines for tile in layout.tiles] == [
        ("Power now", "42.7 MW", "up since 08:00")
    ] * columns
