"""The layout of what the real reader reads: its boxes are too large and swallow check boxes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from imagecraft_desktop.see.layout import Layout, lay_out
from imagecraft_desktop.see.reader import Reader
from tests.unit.see.pictures import load


def go_on() -> None:
    """A tick that never stops the work."""


@pytest.fixture(scope="module")
def lay_out_sample() -> Callable[[str], Layout]:
    reader = Reader()

    def read(stem: str) -> Layout:
        pixels = load(stem)
        lines = list(reader.read(pixels, reader.find(pixels, go_on), go_on))
        return lay_out(lines, pixels, go_on)

    return read


def test_an_error_dialog_as_read(lay_out_sample: Callable[[str], Layout]):
    dialog = lay_out_sample("error_dialog").dialog
    assert dialog is not None
    assert (dialog.title, dialog.icon) == ("Save failed", "error")
    assert dialog.buttons == ("Retry", "Save as", "Cancel")
    assert dialog.body[0] == "The file could not be saved."


def test_an_export_form_as_read(lay_out_sample: Callable[[str], Layout]):
    layout = lay_out_sample("qt_export")
    assert {one.label: one.is_on for one in layout.switches} == {
        "Embed all fonts": True,
        "Add alternative text to pictures": False,
        "Protect with a password": True,
        "Open the file after export": False,
    }
    assert [one.label for one in layout.fields] == [
        "File name",
        "Author",
        "Page range",
        "Resolution",
        "Language",
    ]
    (table,) = layout.tables
    assert table.rows[0] == ("Chapter", "Pages", "Words")
    assert [row[0] for row in table.rows[1:]] == [
        "Arrival",
        "Mountains",
        "The long road",
        "Home again",
    ]
