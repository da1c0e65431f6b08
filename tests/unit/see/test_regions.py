"""Photos are told from screens, also when saved as JPEG, scaled, or shown on a screen."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from imagecraft_desktop.see.regions import find_photos, is_photo
from imagecraft_desktop.values import Box
from tests.unit.see.pictures import as_jpeg, load, stems_of

Pixels = NDArray[np.uint8]

PHOTOS = stems_of("photo", "photo_with_text")
SCREENS = stems_of("screenshot", "chart")


def resized(stem: str, width: int, height: int) -> Pixels:
    return np.asarray(Image.fromarray(load(stem)).resize((width, height)))


def page_with(*places: tuple[str, Box]) -> Pixels:
    """The login form with photos on it."""
    sheet = load("login_form").copy()
    for stem, box in places:
        sheet[box.top : box.bottom, box.left : box.right] = resized(stem, box.width, box.height)
    return sheet


def overlap(one: Box, other: Box) -> float:
    """Common area over joint area."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    common = max(0, width) * max(0, height)
    return common / (one.width * one.height + other.width * other.height - common)


@pytest.mark.parametrize("stem", PHOTOS)
def test_photos(stem: str) -> None:
    assert is_photo(load(stem))


@pytest.mark.parametrize("stem", PHOTOS)
def test_photos_saved_again_and_smaller(stem: str) -> None:
    assert is_photo(as_jpeg(load(stem), 50, 0.5))


@pytest.mark.parametrize("stem", SCREENS)
def test_screens(stem: str) -> None:
    assert not is_photo(load(stem))


@pytest.mark.parametrize("stem", SCREENS)
@pytest.mark.parametrize(("quality", "scale"), [(60, 1.0), (80, 0.7)])
def test_screens_as_jpeg(stem: str, quality: int, scale: float) -> None:
    assert not is_photo(as_jpeg(load(stem), quality, scale))


@pytest.mark.parametrize("stem", [stem for stem in SCREENS if stem != "shop_product"])
def test_no_photo_on_screens_without_one(stem: str) -> None:
    assert find_photos(load(stem)) == []


@pytest.mark.parametrize("quality", [None, 60])
def test_the_photo_of_a_shop(quality: int | None) -> None:
    pixels = load("shop_product")
    (found,) = find_photos(pixels if quality is None else as_jpeg(pixels, quality))
    assert overlap(found, Box(60, 84, 620, 457)) > 0.9


def test_three_photos_on_a_page() -> None:
    places = (
        ("dog", Box(50, 50, 350, 275)),
        ("kitten", Box(50, 400, 250, 550)),
        ("colosseum", Box(760, 400, 1080, 608)),
    )
    sheet = page_with(*places)
    assert not is_photo(sheet)
    found = find_photos(sheet)
    assert len(found) == 3
    for _, box in places:
        assert max(overlap(box, one) for one in found) > 0.4


def test_photos_of_a_4k_page_are_in_its_own_pixels() -> None:
    sheet = page_with(("dog", Box(50, 50, 350, 275)))
    large = np.asarray(Image.fromarray(sheet).resize((3300, 2160)))
    (found,) = find_photos(large)
    assert overlap(found, Box(150, 150, 1050, 825)) > 0.8


def test_a_gradient_is_no_photo() -> None:
    down, across = np.mgrid[:720, :1280]
    shades = np.stack([across / 10, down / 6, across / 20 + 100], axis=-1).astype(np.uint8)
    assert not is_photo(shades)
    assert find_photos(shades) == []
    shades[100:540, 200:900] = load("qt_export")[:440, :700]
    assert not is_photo(shades)


def test_windows_on_a_photo_are_a_screen() -> None:
    desktop = resized("dog", 1920, 1440)[:1080].copy()
    assert is_photo(desktop)
    desktop[100:900, 300:1580] = load("settings_light")
    assert not is_photo(desktop)
    assert find_photos(desktop) == []


def test_a_photo_on_a_plain_ground_is_still_a_photo() -> None:
    viewer = np.full((1080, 1920, 3), 30, np.uint8)
    viewer[150:814, 400:1424] = load("horses")
    assert is_photo(viewer)


def test_a_scanned_page_is_no_photo() -> None:
    page = Image.fromarray(load("small_text_news")).filter(ImageFilter.GaussianBlur(0.7))
    grain = np.random.default_rng(1).normal(0, 4, (page.height, page.width, 1))
    scan = (np.asarray(page) * 0.93 + grain).clip(0, 255).astype(np.uint8)
    assert not is_photo(as_jpeg(scan, 80))


def test_few_lines_of_text_speak_for_a_photo() -> None:
    """A thing before an empty ground is flat like a screen; only the reader can tell."""
    ground = np.full((480, 640, 3), 255, np.uint8)
    ground[150:350, 180:480] = load("coffee")[100:300, 150:450]
    assert not is_photo(ground)
    assert is_photo(ground, lines=0)
    assert not is_photo(load("mail_inbox"), lines=0)


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (31, 400), (33, 33), (4000, 10)])
def test_odd_shapes(shape: tuple[int, int]) -> None:
    pixels = np.zeros((*shape, 3), np.uint8)
    assert not is_photo(pixels)
    assert find_photos(pixels) == []
