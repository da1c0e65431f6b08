"""Lines made to be read aloud: columns parted by spaces, figures beside their targets in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say

_GAP = "  "


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """One line for each row: the first column is set left, the others right."""
    if not rows:
        return []
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        _GAP.join(
            cell.rjust(width) if number else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def number(value: float | None, digits: int = 0) -> str:
    """A figure for a column; a word where there is none."""
    return say(strings.BENCH_NONE) if value is None else f"{value:.{digits}f}"


@dataclass(frozen=True, slots=True)
class Target:
    """A promise and what was measured.

    Attributes:
        name: For the JSON file.
        what: A constant of `strings`: what was measured.
        unit: A constant of `strings` with the placeholder {number}.
        limit: The most that is allowed.
        figure: What was measured.
        digits: After the point.
    """

    name: str
    what: str
    unit: str
    limit: float
    figure: float
    digits: int = 0

    @property
    def is_met(self) -> bool:
        """Whether the figure keeps to the limit."""
        return self.figure <= self.limit

    def line(self) -> str:
        """The sentence for a person."""
        message = strings.BENCH_MET if self.is_met else strings.BENCH_MISSED
        return say(
            message,
            what=say(self.what),
            figure=say(self.unit, number=f"{self.figure:.{self.digits}f}"),
            limit=say(self.unit, number=f"{self.limit:g}"),
        )

    def facts(self) -> dict[str, Any]:
        """For the JSON file."""
        facts = asdict(self) | {"figure": round(self.figure, 4), "is_met": self.is_met}
        return {key: facts[key] for key in ("name", "limit", "figure", "is_met")}
