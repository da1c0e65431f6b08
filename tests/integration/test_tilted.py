"""Tilted text: no line may be lost without a word."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from imagecraft_desktop.describe.embedded import Embedded
from imagecraft_desktop.see.reader import Reader
from imagecraft_desktop.values import Kind
from tests.integration.test_embedded_pages import describe

IMAGES = Path(__file__).parents[1] / "data" / "images"
LINES = ("Meeting at 14:30 in Room 12", "Bring 3 copies of form B", "Do not use the lift")
WARNING = "Some text is tilted; parts of it may be missing."
ANGLES = (5, 10, 15, 20, 30, 45, 60, 75, 85)


@pytest.fixture(scope="module")
def captioner() -> Embedded:
    return Embedded()


def _note(*lines: str, ground: str = "white", ink: str = "black", size: int = 48) -> Image.Image:
    picture = Image.new("RGB", (1000, 80 + 84 * len(lines)), ground)
    draw = ImageDraw.Draw(picture)
    for row, line in enumerate(lines):
        draw.text((60, 40 + 84 * row), line, fill=ink, font=ImageFont.load_default(size))
    return picture


def _turned(picture: Image.Image, degrees: float, ground: str = "white") -> np.ndarray:
    return np.asarray(picture.rotate(degrees, Image.Resampling.BICUBIC, True, fillcolor=ground))


def _in_order(said: str, parts: tuple[str, ...]) -> bool:
    places = [said.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


@pytest.mark.parametrize("degrees", [*ANGLES, *(-angle for angle in ANGLES)])
def test_every_line_is_read_in_order(captioner: Embedded, degrees: int):
    pixels = _turned(_note(*LINES), degrees)
    found = describe(captioner, pixels, text_only=True)
    assert found.spoken == " ".join(f"{line}." for line in LINES)
    for line in found.text:  # where the writing is in the picture as it came
        box = line.box
        assert pixels[box.top : box.bottom, box.left : box.right].min() < 100
    if abs(degrees) in (20, 60):  # what is done there begins with the same lines
        assert _in_order(describe(captioner, pixels).spoken, LINES)


@pytest.mark.parametrize("degrees", [120, 160, -165])
def test_upside_down_and_tilted(captioner: Embedded, degrees: int):
    found = describe(captioner, _turned(_note(*LINES), degrees), text_only=True)
    assert found.spoken == " ".join(f"{line}." for line in LINES)


@pytest.mark.parametrize("degrees", [20, 30, -40])
def test_a_line_alone_is_not_torn(captioner: Embedded, degrees: int):
    found = describe(captioner, _turned(_note(LINES[0]), degrees))
    assert [line.line for line in found.text] == [LINES[0]]


@pytest.mark.parametrize("degrees", [20, -35])
def test_light_on_dark(captioner: Embedded, degrees: int):
    note = _note(*LINES, ground="#202428", ink="#e0e0e0")
    found = describe(captioner, _turned(note, degrees, "#202428"))
    assert _in_order(found.spoken, LINES)


@pytest.mark.parametrize("degrees", [4, -8, 25])
def test_a_dense_page(captioner: Embedded, degrees: int):
    words = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ]
    lines = [f"{word} {' '.join(words[row % 5 : row % 5 + 6])}" for row, word in enumerate(words)]
    picture = Image.new("RGB", (900, 600), "white")
    for row, line in enumerate(lines):
        font = ImageFont.load_default(22)
        ImageDraw.Draw(picture).text((60, 60 + 40 * row), line, fill="black", font=font)
    found = describe(captioner, _turned(picture, degrees), text_only=True)
    assert [line.line for line in found.text] == lines


@pytest.mark.parametrize(("degrees", "text_only"), [(-45, True), (45, False)])
def test_a_photo_of_a_note_from_the_side(captioner: Embedded, degrees: int, text_only: bool):
    found = describe(captioner, _photo_of_note(degrees), text_only=text_only)
    assert found.kind is Kind.PHOTO
    assert _in_order(found.spoken, LINES), found.spoken
    assert "tilted" not in found.spoken


def _photo_of_note(degrees: int) -> np.ndarray:
    """Tilted, farther away at its right, in front of something else, with the grain of a camera."""
    scene = Image.open(IMAGES / "a_kitten.jpg").convert("RGB").resize((1200, 900))
    note = _note(*LINES).resize((700, 233)).convert("RGBA")
    wide, high = note.size
    seen = note.transform(
        note.size,
        Image.Transform.QUAD,
        (0, 0, 0, high, wide, high * 1.15, wide, -high * 0.15),
        Image.Resampling.BICUBIC,
    ).rotate(degrees, Image.Resampling.BICUBIC, True)
    scene.paste(seen, (250, 200), seen)
    grain = np.random.default_rng(3).normal(0, 6, (900, 1200, 3))
    return (np.asarray(scene) + grain).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("text_only", [False, True])
def test_a_tilted_line_among_level_ones_is_told(captioner: Embedded, text_only: bool):
    stamp = Image.fromarray(_turned(_note("Paid on Friday"), 30))
    page = _note(*LINES, "Ask at the desk for a key")
    both = Image.new("RGB", (1000, page.height + stamp.height), "white")
    both.paste(page, (0, 0))
    both.paste(stamp, (0, page.height))
    said = describe(captioner, np.asarray(both), text_only=text_only).spoken
    assert "Paid on Friday" in said
    assert WARNING in said


@pytest.mark.parametrize("degrees", [0, 2, 5, 90])
def test_no_doubt_where_nothing_can_be_lost(captioner: Embedded, degrees: int):
    pixels = _turned(_note(*LINES), degrees)
    for text_only in (False, True):
        said = describe(captioner, pixels, text_only=text_only).spoken
        assert "tilted" not in said
    assert "turned" in describe(captioner, _turned(_note(*LINES), 30)).spoken


@pytest.mark.parametrize(("degrees", "searched"), [(0, 1), (2, 1), (20, 2)])
def test_only_a_tilted_picture_is_searched_twice(
    captioner: Embedded, monkeypatch: pytest.MonkeyPatch, degrees: int, searched: int
):
    calls: list[object] = []
    find = Reader.find

    def counted(self: Reader, *given: object, **more: object) -> object:
        calls.append(given)
        return find(self, *given, **more)

    monkeypatch.setattr(Reader, "find", counted)
    describe(captioner, _turned(_note(*LINES), degrees), text_only=True)
    assert len(calls) == searched
