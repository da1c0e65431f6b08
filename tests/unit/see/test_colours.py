"""Colours get the name that a person would give them."""

from __future__ import annotations

import numpy as np
import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.see.colours import main_colours, name_colour, name_colours, name_each
from imagecraft_desktop.values import Box
from tests.unit.see.pictures import load

NAMED = {
    "red": ["ff0000", "c81e1e", "8b0000"],
    "orange": ["ffa500", "ff7f27", "e67814"],
    "yellow": ["ffff00", "ffd700", "f0e650"],
    "green": ["00ff00", "008000", "228b22", "90ee90", "556b2f", "808000"],
    "turquoise": ["40e0d0", "008080", "00ffff"],
    "blue": ["0000ff", "000080", "87ceeb", "4682b4", "1e3c78"],
    "purple": ["800080", "4b0082", "9370db", "ee82ee"],
    "pink": ["ffc0cb", "ff69b4", "ff1493", "f0a0b4"],
    "brown": ["8b4513", "654321", "a0522d", "966e46"],
    "beige": ["f5f5dc", "d2b48c", "deb8aa", "f0e1c8"],
    "black": ["000000", "0c0c0c", "14120f"],
    "white": ["ffffff", "fafafc"],
    "grey": ["808080", "3c3c3c", "c8c8cd", "1e1e1e"],
}


@pytest.mark.parametrize(("name", "code"), [(n, c) for n, codes in NAMED.items() for c in codes])
def test_names(name: str, code: str) -> None:
    assert name_colour(tuple(bytes.fromhex(code))) == name


def test_every_colour_has_a_word() -> None:
    levels = np.arange(0, 256, 15, dtype=np.uint8)
    every = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(-1, 3)
    assert set(name_each(every).tolist()) == set(strings.COLOURS)


@pytest.mark.parametrize(
    ("stem", "wanted"),
    [
        ("coffee", {"orange", "brown", "red"}),
        ("colosseum", {"blue", "beige", "brown"}),
        ("bar_chart", {"white", "blue"}),
        ("error_dialog", {"blue"}),
    ],
)
def test_pictures(stem: str, wanted: set[str]) -> None:
    assert set(main_colours(load(stem))) == wanted


def test_largest_first_and_small_ones_left_out() -> None:
    sheet = np.full((100, 100, 3), (255, 255, 255), np.uint8)
    sheet[:30] = (0, 0, 255)
    sheet[95:] = (255, 0, 0)
    assert name_colours(sheet) == ("white", "blue")
    assert name_colours(sheet, Box(0, 0, 100, 30)) == ("blue",)
    assert name_colours(sheet, Box(5, 5, 5, 5)) == ()
