"""How a line of text is painted: colours, true height, weight of its strokes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop.see.layout.shapes import Colour, Pixels, distance
from imagecraft_desktop.values import Box

FAINTEST = 24  # least difference between ink and paper that is believed, of 255
WIDEST = 900  # pixels of a line that are looked at


@dataclass(frozen=True, slots=True)
class Ink:
    """How one line is painted.

    Attributes:
        colour: Of the letters.
        paper: Of what is behind them.
        box: Where there is ink, in pixels of the picture.
        stroke: Mean thickness of the strokes, in pixels.
        second: Where the ink after the first gap begins, x in pixels: a check box that the reader
            took for a letter ends before it. The right edge when there is no gap.
    """

    colour: Colour
    paper: Colour
    box: Box
    stroke: float
    second: int

    @property
    def contrast(self) -> int:
        return distance(self.colour, self.paper)

    @property
    def weight(self) -> float:
        """Stroke thickness to height: about 0.10 to 0.15 for regular, 0.16 to 0.25 for bold letters."""
        return self.stroke / max(1, self.box.height)


def look_at(pixels: Pixels, box: Box) -> Ink | None:
    """Measure the ink within a box; None when the box is outside the picture or holds no ink."""
    height, width = pixels.shape[:2]
    left, top = max(0, box.left), max(0, box.top)
    right, bottom = min(width, box.right, left + WIDEST), min(height, box.bottom)
    if right - left < 3 or bottom - top < 4:
        return None
    crop = pixels[top:bottom, left:right].astype(np.int16)
    sample = crop.reshape(-1, 3)
    paper = np.median(sample[:: max(1, len(sample) // 800)], axis=0).astype(np.int16)
    away = np.abs(crop - paper).max(axis=2)
    most = int(away.max())
    if most < FAINTEST:
        return None
    inked = away > max(FAINTEST * 0.6, 0.4 * most)
    inked &= ~_rules(inked)
    if not inked.any():
        return None
    first_row, last_row = _middle_run(inked.sum(axis=1) > 0)
    inked, away = inked[first_row:last_row], away[first_row:last_row]
    crop = crop[first_row:last_row]
    top += first_row
    starts = _word_starts(inked)
    inked[:, : starts[0]] = False
    most = max(1, int(away[inked].max(initial=1)))
    columns = np.flatnonzero(inked.any(axis=0))
    rows = np.flatnonzero(inked.any(axis=1))
    if len(columns) == 0:
        return None
    core = crop[inked & (away >= 0.8 * most)]
    soft = np.minimum(away / most, 1.0)
    outline = np.abs(np.diff(soft, axis=0)).sum() + np.abs(np.diff(soft, axis=1)).sum()
    colour = np.median(core, axis=0).astype(int).tolist()
    return Ink(
        colour=(colour[0], colour[1], colour[2]),
        paper=(int(paper[0]), int(paper[1]), int(paper[2])),
        box=Box(
            left + int(columns[0]),
            top + int(rows[0]),
            left + int(columns[-1]) + 1,
            top + int(rows[-1]) + 1,
        ),
        stroke=float(2 * soft.sum() / max(outline, 1e-6)),
        second=left + starts[1] if len(starts) > 1 else left + int(columns[-1]) + 1,
    )


def _rules(inked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Straight lines from edge to edge: the border of a field or cell that a reader's box crosses."""
    height, width = inked.shape
    rows = inked.sum(axis=1) >= 0.95 * width
    columns = inked.sum(axis=0) >= 0.95 * height
    if width < 2 * height:
        rows[:] = False  # the strokes of a few large letters look like that
    if columns.sum() > 4:
        columns[:] = False
    return np.asarray(rows[:, None] | columns[None, :])


def _middle_run(filled: NDArray[np.bool_]) -> tuple[int, int]:
    """The rows of the line itself: a reader's box may reach into the lines above and below.

    Returns:
        (first, end) of the run of filled rows nearest to the middle, joined over gaps as between
        the dot and the stem of an i.
    """
    gap = max(1, round(0.12 * len(filled)))
    runs: list[list[int]] = []
    for row in np.flatnonzero(filled).tolist():
        if runs and row - runs[-1][1] <= gap:
            runs[-1][1] = row + 1
        else:
            runs.append([row, row + 1])
    middle = len(filled) / 2
    best = min(runs, key=lambda run: (max(run[0] - middle, middle - run[1], 0), run[0] - run[1]))
    return best[0], best[1]


def _word_starts(inked: NDArray[np.bool_]) -> list[int]:
    """Columns where the first and the second group of ink begin."""
    height = len(inked)
    columns = inked.sum(axis=0)
    gap = max(2, round(0.22 * height))
    groups: list[list[int]] = []
    for column in np.flatnonzero(columns).tolist():
        if groups and column - groups[-1][1] < gap:
            groups[-1][1] = column + 1
        elif len(groups) == 3:
            break
        else:
            groups.append([column, column + 1])
    return [group[0] for group in groups[:2]] or [0]
