"""How well text was read: character error, and words found and invented.

Called by `bench` and by the tests. No order is asked for: a line belongs to the true lines that lie
under it, so a table read by rows and one read by columns are equally right.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from imagecraft_desktop.values import Box, TextLine


@dataclass(frozen=True, slots=True)
class WordScore:
    """Shares, 0 to 1: of the true words that were found, and of the found words that are true."""

    recall: float
    precision: float


def true_lines(path: Path) -> list[TextLine]:
    """The text that a picture really shows, from its `.text.json`."""
    lines = json.loads(path.read_text(encoding="utf-8"))["lines"]
    return [TextLine(line["text"], Box(*map(round, line["box"])), 1.0) for line in lines]


def character_error(found: Sequence[TextLine], true: Sequence[TextLine]) -> float:
    """Letters wrong, missing or invented, divided by the true letters. Spaces do not count.

    Raises:
        ValueError: There are no true letters.
    """
    total = sum(len(_squeezed([line])) for line in true)
    if not total:
        raise ValueError("no true text to compare with")
    wrong = sum(
        edit_distance(_squeezed(some_found), _squeezed(some_true))
        for some_found, some_true in _groups(found, true)
    )
    return wrong / total


def word_score(found: Iterable[TextLine], true: Iterable[TextLine]) -> WordScore:
    """Words found and words invented, wherever they stand."""
    got = Counter(word for line in found for word in line.line.split())
    want = Counter(word for line in true for word in line.line.split())
    both = (got & want).total()
    return WordScore(both / max(1, want.total()), both / max(1, got.total()))


def edit_distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Levenshtein distance: the fewest letters, or words, to insert, delete or exchange."""
    previous = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, wanted in enumerate(other, 1):
            current.append(
                min(
                    previous[column] + 1,
                    current[-1] + 1,
                    previous[column - 1] + (letter != wanted),
                )
            )
        previous = current
    return previous[-1]


def _groups(
    found: Sequence[TextLine], true: Sequence[TextLine]
) -> list[tuple[list[TextLine], list[TextLine]]]:
    """Put lines together that lie on each other. Each line is in exactly one group."""
    groups: list[tuple[list[TextLine], list[TextLine]]] = [([line], []) for line in found]
    for line in true:
        touching = [group for group in groups if any(_overlap(f.box, line.box) for f in group[0])]
        merged = (
            [f for group in touching for f in group[0]],
            [line, *(t for group in touching for t in group[1])],
        )
        groups = [group for group in groups if group not in touching]
        groups.append(merged)
    return groups


def _overlap(one: Box, other: Box) -> bool:
    """Whether the middle of one lies in the other, give or take a pixel."""
    return _middle_in(one, other) or _middle_in(other, one)


def _middle_in(inner: Box, outer: Box) -> bool:
    x, y = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    return outer.left <= x <= outer.right and outer.top <= y <= outer.bottom


def _squeezed(lines: Sequence[TextLine]) -> str:
    """The letters of the lines from left to right, row by row, without spaces."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda line: line.box.top + line.box.bottom):
        middle = (line.box.top + line.box.bottom) / 2
        if rows and rows[-1][0].box.top <= middle <= rows[-1][0].box.bottom:
            rows[-1].append(line)
        else:
            rows.append([line])
    ordered = (line for row in rows for line in sorted(row, key=lambda line: line.box.left))
    return "".join("".join(line.line.split()) for line in ordered)
