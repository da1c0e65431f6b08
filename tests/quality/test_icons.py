"""The pictures of the tray: drawn by the script, and told apart by their shape alone."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from imagecraft_desktop.ui.state import State

ROOT = Path(__file__).resolve().parents[2]
ICONS = ROOT / "resources" / "icons"
PANELS = {"light": (240, 240, 240), "dark": (35, 38, 41)}
_APART = 0.15
"""Share of the pixels in which two shapes differ at least."""
_ROUNDING = 8


def _file(state: State) -> str:
    return "imagecraft.png" if state is State.IDLE else f"imagecraft-{state}.png"


def _read(file: Path) -> Image.Image:
    return Image.open(file).convert("RGBA")


def test_they_are_what_the_script_draws(tmp_path: Path) -> None:
    script = f"import sys; sys.path.insert(0, {str(ROOT / 'installer')!r})\nimport make_icon\n"
    draw = script + f"make_icon.main(make_icon.Path({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", draw], check=True, capture_output=True)
    drawn = {file.name for file in tmp_path.iterdir()}
    assert drawn == {_file(state) for state in State} == {f.name for f in ICONS.glob("*.png")}
    for name in drawn:
        ours, now = (np.asarray(_read(folder / name), np.int16) for folder in (ICONS, tmp_path))
        assert int(np.abs(ours - now).max()) <= _ROUNDING, name


def _shape(state: State, side: int, panel: tuple[int, int, int]) -> NDArray[np.bool_]:
    """What of it is bright on a panel, without colours."""
    ground = Image.new("RGBA", (side, side), panel)
    ground.alpha_composite(_read(ICONS / _file(state)).resize((side, side), Image.Resampling.BOX))
    return np.asarray(ground.convert("L")) > 128


def _outline(state: State, side: int) -> NDArray[np.bool_]:
    picture = _read(ICONS / _file(state)).resize((side, side), Image.Resampling.BOX)
    return np.asarray(picture.getchannel("A")) > 128


@pytest.mark.parametrize("side", [16, 22, 24])
@pytest.mark.parametrize("panel", sorted(PANELS))
def test_two_states_differ_in_shape(side: int, panel: str) -> None:
    for one, other in itertools.combinations(State, 2):
        pair = (_shape(state, side, PANELS[panel]) for state in (one, other))
        assert np.mean(next(pair) != next(pair)) >= _APART, (one, other)


def test_an_outline_alone_tells_that_something_is_the_matter() -> None:
    idle = _outline(State.IDLE, 22)
    for state in set(State) - {State.IDLE}:
        assert np.mean(idle != _outline(state, 22)) >= _APART, state
