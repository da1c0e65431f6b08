"""Nothing there is said only when nothing is there: the smallest text counts."""

from __future__ import annotations

import time

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from imagecraft_desktop.see.frame import State, check_frame
from imagecraft_desktop.values import Box
from tests.unit.see.pictures import as_jpeg, load, stems_of

Pixels = NDArray[np.uint8]


def plain(colour: tuple[int, int, int], size: tuple[int, int] = (1280, 720)) -> Image.Image:
    return Image.new("RGB", size, colour)


def write(picture: Image.Image, text: str, colour: tuple[int, int, int]) -> Pixels:
    ImageDraw.Draw(picture).text((picture.width * 3 // 4 + 1, 301), text, fill=colour)
    return np.asarray(picture)


def shades(width: int = 1280, height: int = 720) -> Pixels:
    down, across = np.mgrid[:height, :width]
    red, green = across / width * 120 + 60, down / height * 120 + 40
    return np.stack([red, green, np.full_like(red, 150.0)], axis=-1).astype(np.uint8)


@pytest.mark.parametrize("stem", stems_of())
def test_real_pictures_have_content(stem: str) -> None:
    facts = check_frame(load(stem))
    assert facts.state is State.CONTENT
    assert facts.hidden is None
    height, width = load(stem).shape[:2]
    assert facts.content == Box(0, 0, width, height)


def test_black_and_the_noise_of_black() -> None:
    assert check_frame(np.asarray(plain((0, 0, 0)))).state is State.BLACK
    noise = np.random.default_rng(1).integers(0, 10, (480, 640, 3), dtype=np.uint8)
    assert check_frame(noise).state is State.BLACK


def test_one_colour_is_named_by_its_colour() -> None:
    facts = check_frame(np.asarray(plain((200, 30, 40))))
    assert facts.state is State.ONE_COLOUR
    assert facts.colour == (200, 30, 40)
    assert facts.plain_share == 1.0


def test_one_colour_as_jpeg() -> None:
    assert check_frame(as_jpeg(np.asarray(plain((40, 90, 200))), 60)).state is State.ONE_COLOUR


@pytest.mark.parametrize(
    ("ground", "ink"),
    [
        ((255, 255, 255), (200, 200, 200)),
        ((0, 0, 0), (40, 40, 40)),
        ((0, 128, 0), (200, 0, 0)),  # differs little in brightness
        ((30, 30, 30), (60, 60, 60)),
    ],
)
def test_a_single_faint_letter_is_content(
    ground: tuple[int, int, int], ink: tuple[int, int, int]
) -> None:
    facts = check_frame(write(plain(ground, (3840, 2160)), "i", ink))
    assert facts.state is State.CONTENT
    assert facts.plain_share > 0.99


def test_text_on_shades_is_content() -> None:
    assert check_frame(shades()).state is State.SHADES
    assert check_frame(as_jpeg(shades(), 75)).state is State.SHADES
    written = write(Image.fromarray(shades()), "hello", (255, 255, 255))
    assert check_frame(written).state is State.CONTENT


def test_noise() -> None:
    noise = np.random.default_rng(2).integers(0, 256, (480, 640, 3), dtype=np.uint8)
    assert check_frame(noise).state is State.NOISE


@pytest.mark.parametrize("shape", [(1, 1), (9, 2000), (2000, 9)])
def test_too_small(shape: tuple[int, int]) -> None:
    assert check_frame(np.zeros((*shape, 3), np.uint8)).state is State.TOO_SMALL


def test_bars_of_a_film_are_cut_off() -> None:
    sheet = np.zeros((1080, 1920, 3), np.uint8)
    film = np.asarray(Image.fromarray(load("dog")).resize((1920, 810)))
    sheet[135:945] = film
    facts = check_frame(sheet)
    assert facts.content == Box(0, 135, 1920, 945)
    assert facts.hidden is None


def test_a_bar_on_one_side_only_stays() -> None:
    sheet = np.zeros((600, 800, 3), np.uint8)
    sheet[100:] = np.asarray(Image.fromarray(load("dog")).resize((800, 500)))
    assert check_frame(sheet).content == Box(0, 0, 800, 600)


def test_a_protected_part_is_found() -> None:
    sheet = load("mail_inbox").copy()
    sheet[200:600, 500:1200] = 0
    hidden = check_frame(sheet).hidden
    assert hidden is not None
    assert abs(hidden.left - 500) < 10
    assert abs(hidden.bottom - 600) < 10


def test_a_black_window_with_text_is_not_protected() -> None:
    sheet = load("mail_inbox").copy()
    sheet[200:600, 500:1200] = 0
    sheet[300:310, 600:900] = 255
    assert check_frame(sheet).hidden is None


def test_quick() -> None:
    large = np.asarray(Image.fromarray(load("shop_product")).resize((3840, 2160)))
    check_frame(large)
    began = time.process_time()
    check_frame(large)
    assert time.process_time() - began < 2  # 0.03 s on an idle machine
