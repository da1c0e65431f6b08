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


def _describe(
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
    said = _describe(captioner, np.asarray(page), text_only=text_only).spoken
    starts = [" ".join(line.split()[:3]).rstrip(".") for line in (*LEFT, *RIGHT)]
    assert _in_order(said, starts), said
