"""Pages that a captioner easily gets wrong: columns, turned pages, foreign scripts, controls."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from imagecraft_desktop.describe.embedded import Embedded
from imagecraft_desktop.values import Description, Detail, Origin, Picture, Wish

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


@pytest.fixture(scope="module")
def captioner() -> Embedded:
    return Embedded()


def describe(
    captioner: Embedded,
    pixels: np.ndarray,
    detail: Detail = Detail.NORMAL,
    text_only: bool = False,
) -> Description:
    picture = Picture(pixels, Origin.FILE, "picture")
    work = captioner.describe(picture, Wish(detail, text_only), lambda: None)
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def _page(size: tuple[int, int], texts: list[tuple[int, int, str, int]]) -> Image.Image:
    """Black on white: (left, top, text, letter height) each."""
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    for left, top, text, height in texts:
        draw.text((left, top), text, fill="black", font=ImageFont.load_default(height))
    return picture


def _in_order(said: str, parts: list[str]) -> bool:
    places = [said.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


@pytest.mark.parametrize("text_only", [False, True])
def test_columns_of_prose_are_never_read_across(captioner: Embedded, text_only: bool):
    texts = [
        (left, 90 + 28 * row, text, 18)
        for left, column in ((40, LEFT), (480, RIGHT))
        for row, text in enumerate(column)
    ]
    page = _page((900, 300), [(40, 20, "The Valley News", 30), *texts])
    said = describe(captioner, np.asarray(page), text_only=text_only).spoken
    starts = [" ".join(line.split()[:3]).rstrip(".") for line in (*LEFT, *RIGHT)]
    assert _in_order(said, starts), said


def test_items_and_prices_of_a_scan_are_read_together(captioner: Embedded):
    items = (("Bananas 1.2 kg", "2.28"), ("Rye bread", "3.40"), ("Soap", "1.85"), ("TOTAL", "7.53"))
    texts = [
        (left, 60 + 50 * row, text, 24)
        for row, pair in enumerate(items)
        for left, text in zip((40, 420), pair, strict=True)
    ]
    said = describe(captioner, np.asarray(_page((560, 300), texts)), text_only=True).spoken
    assert said == "Bananas 1.2 kg, 2.28. Rye bread, 3.40. Soap, 1.85. TOTAL, 7.53."


LETTER = (
    "Minutes of the meeting",
    "The council met on Tuesday evening.",
    "All nine members were present.",
    "The budget for the school was agreed.",
    "The next meeting is on the third of May.",
)


def _letter() -> np.ndarray:
    page = _page((800, 400), [(50, 50 + 50 * n, text, 24) for n, text in enumerate(LETTER)])
    return np.asarray(page)


@pytest.mark.parametrize("turns", [1, 2, 3])
@pytest.mark.parametrize("text_only", [False, True])
def test_a_turned_page_is_read_upright(captioner: Embedded, turns: int, text_only: bool):
    pixels = np.ascontiguousarray(np.rot90(_letter(), turns))
    found = describe(captioner, pixels, text_only=text_only)
    assert _in_order(found.spoken, [text.rstrip(".") for text in LETTER]), found.spoken
    assert ("turned" in found.spoken) is not text_only
    for line in found.text:  # where the writing is in the picture as it came
        box = line.box
        assert pixels[box.top : box.bottom, box.left : box.right].min() < 100
        assert (box.height > box.width) is (turns != 2)


@pytest.mark.parametrize("detail", list(Detail))
def test_an_unknown_script_is_text_that_cannot_be_read(captioner: Embedded, detail: Detail):
    page = Image.new("RGB", (800, 300), "white")
    draw = ImageDraw.Draw(page)
    for row in range(4):  # strokes in groups, as of writing, that are no letters
        for word in range(6):
            for stroke in range(5):
                x, y = 60 + 90 * word + 14 * stroke, 50 + 50 * row
                draw.line((x, y, x + 10 * (stroke % 2), y + 22), fill="black", width=2)
                draw.arc((x, y + 8, x + 12, y + 22), 40 * stroke, 200 + 31 * word, "black", 2)
    found = describe(captioner, np.asarray(page), detail)
    assert "There is text that I cannot read." in found.spoken
    assert "No text" not in found.spoken
    assert found.text == ()
