"""Generated screens with known controls: what is said of them must be true; most should be found."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from imagecraft_desktop.see.layout import Layout, lay_out
from imagecraft_desktop.values import Box, TextLine

SCRIPT = Path(__file__).parents[1] / "data" / "make_screens.py"
COUNT = 60
FIRST = 3000  # the finders were made looking at screens with lower numbers


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Layout, dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("screens")
    subprocess.run(
        [sys.executable, str(SCRIPT), str(folder), str(COUNT), str(FIRST)], check=True, timeout=120
    )
    found = []
    for path in sorted(folder.glob("*.json")):
        noted = json.loads(path.read_text(encoding="utf-8"))
        lines = [TextLine(one["text"], Box(*one["box"]), 1.0) for one in noted["lines"]]
        with Image.open(path.with_suffix(".png")) as picture:
            pixels = np.asarray(picture.convert("RGB"))
        found.append((lay_out(lines, pixels, lambda: None), noted["truth"]))
    assert len(found) == COUNT
    return found


def _fields(layout: Layout) -> list[tuple[str, Any]]:
    return [(one.label, None if one.is_password else one.value) for one in layout.fields]


def _tables(layout: Layout) -> list[tuple[str, Any]]:
    return [("table", [list(row) for row in one.rows]) for one in layout.tables]


# What is said, what is true, least precision, least recall.
@pytest.mark.parametrize(
    ("said", "true", "precision", "recall"),
    [
        pytest.param(
            lambda layout: [(one.label, one.is_on) for one in layout.switches],
            lambda truth: truth["switches"].items(),
            0.99,
            0.88,
            id="switches",
        ),
        pytest.param(
            lambda layout: [(one.label, True) for one in layout.buttons],
            lambda truth: [(name, True) for name in truth["buttons"]],
            0.98,
            0.9,
            id="buttons",
        ),
        pytest.param(_fields, lambda truth: truth["fields"].items(), 0.99, 0.85, id="fields"),
        pytest.param(
            lambda layout: [(one.label, one.percent) for one in layout.progress],
            lambda truth: truth["progress"].items(),
            0.98,
            0.7,
            id="progress",
        ),
        pytest.param(
            lambda layout: [(one.label, True) for one in layout.selected],
            lambda truth: [(name, True) for name in truth["selected"]],
            0.98,
            0.45,
            id="selected",
        ),
        pytest.param(
            _tables,
            lambda truth: [("table", rows) for rows in truth["tables"]],
            0.98,
            0.9,
            id="tables",
        ),
    ],
)
def test_what_is_said_is_true(
    screens: list[tuple[Layout, dict[str, Any]]],
    said: Callable[[Layout], list[tuple[str, Any]]],
    true: Callable[[dict[str, Any]], Any],
    precision: float,
    recall: float,
):
    claims = right = wanted = 0
    wrong = []
    for number, (layout, truth) in enumerate(screens):
        expected = list(true(truth))
        wanted += len(expected)
        for name, state in said(layout):
            claims += 1
            if any(name == one and _is_same(state, other) for one, other in expected):
                right += 1
            else:
                wrong.append((FIRST + number, name, state))
    assert right >= precision * claims, wrong
    assert right >= recall * wanted, (right, wanted)


def _is_same(state: Any, other: Any) -> bool:
    if isinstance(state, int) and not isinstance(state, bool):
        return isinstance(other, int) and abs(state - other) <= 2
    return bool(state == other)


def test_nothing_else_is_seen_in_them(screens: list[tuple[Layout, dict[str, Any]]]):
    for layout, _ in screens:
        assert layout.charts == ()
        assert layout.tiles == ()
        assert layout.dialog is None or layout.dialog.is_whole_picture
