"""Codes are read as they are met: several, turned, inverted, small; nothing is made up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray

from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.see.codes import read_codes
from tests.unit.see.pictures import load, stems_of

Pixels = NDArray[np.uint8]


def no_tick() -> None:
    """Never cancels."""


def code(text: str, kind: Any = zxingcpp.BarcodeFormat.QRCode, scale: int = 4) -> Pixels:
    """The code, dark on light, RGB."""
    made = zxingcpp.create_barcode(text, kind)
    grey = np.asarray(zxingcpp.write_barcode_to_image(made, scale=scale, add_quiet_zones=True))
    return np.repeat(grey[..., None], 3, axis=2)


def page(height: int = 600, width: int = 800) -> Pixels:
    return np.full((height, width, 3), 255, np.uint8)


def put(onto: Pixels, part: Pixels, top: int, left: int) -> None:
    onto[top : top + part.shape[0], left : left + part.shape[1]] = part


def test_a_poster_in_a_photo() -> None:
    (found,) = read_codes(load("qr_poster"), no_tick)
    assert found.format == "QR Code"
    assert found.content == "https://example.org/open-day?from=poster"
    assert 330 < found.box.left < 350
    assert 660 < found.box.right < 690


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("EAN13", "4006381333931"),
        ("Code128", "ABC-123"),
        ("DataMatrix", "hello"),
        ("Aztec", "hello"),
        ("PDF417", "hello"),
        ("QRCode", "größer, 日本"),
    ],
)
def test_every_sort_of_code(kind: str, text: str) -> None:
    sheet = page()
    put(sheet, code(text, getattr(zxingcpp.BarcodeFormat, kind), 3), 100, 100)
    assert [found.content for found in read_codes(sheet, no_tick)] == [text]


def test_several_come_from_top_to_bottom() -> None:
    sheet = page()
    put(sheet, code("second"), 350, 100)
    put(sheet, code("first"), 50, 400)
    assert [found.content for found in read_codes(sheet, no_tick)] == ["first", "second"]


def test_turned_and_inverted() -> None:
    sheet = page()
    put(sheet, np.rot90(code("turned")), 100, 100)
    assert read_codes(sheet, no_tick)[0].content == "turned"
    assert read_codes(255 - sheet, no_tick)[0].content == "turned"


@pytest.mark.parametrize("degrees", [12, 33, 45])
def test_at_an_angle(degrees: int) -> None:
    import cv2

    sheet = page()
    put(sheet, code("askew", scale=6), 200, 300)
    turn = cv2.getRotationMatrix2D((400, 300), degrees, 1)
    turned = np.asarray(cv2.warpAffine(sheet, turn, (800, 600), borderValue=(255, 255, 255)))
    assert read_codes(turned.astype(np.uint8), no_tick)[0].content == "askew"


def test_modules_of_two_pixels() -> None:
    sheet = page(200, 200)
    put(sheet, code("tiny", scale=2), 20, 20)
    assert read_codes(sheet, no_tick)[0].content == "tiny"


def test_control_characters_are_kept() -> None:
    sheet = page()
    put(sheet, code("a\nb\x1b[31m\x07"), 100, 100)
    assert read_codes(sheet, no_tick)[0].content == "a\nb\x1b[31m\x07"


@pytest.mark.parametrize("stem", [stem for stem in stems_of() if stem != "qr_poster"])
def test_none_is_made_up(stem: str) -> None:
    assert read_codes(load(stem), no_tick) == ()


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 3), (9, 9), (2700, 8)])
def test_odd_pictures_hold_none(shape: tuple[int, int]) -> None:
    assert read_codes(np.zeros((*shape, 3), np.uint8), no_tick) == ()


def test_a_view_that_is_not_contiguous() -> None:
    sheet = page()
    put(sheet, code("view"), 100, 100)
    double = np.repeat(np.repeat(sheet, 2, axis=0), 2, axis=1)
    assert read_codes(double[::2, ::2], no_tick)[0].content == "view"


def test_cancel() -> None:
    def tick() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        read_codes(page(), tick)
