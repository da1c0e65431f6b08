"""Where in a picture something is, in words; and which part of it a sentence is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Box, Code, Description, Statement

_ROWS = ("top", "", "bottom")
_COLUMNS = ("left", "", "right")
_EVERYWHERE = 0.6
_LEAST_LETTERS = 3


def place_of(box: Box, size: tuple[int, int]) -> str:
    """A key of `strings.PLACES`: the ninth of the picture that has the middle of the box.

    Args:
        size: Of the picture, width and height in pixels.
    """
    width, height = size
    if box.width * box.height > _EVERYWHERE * width * height:
        return "nearly everywhere"
    column = _third((box.left + box.right) / 2 / max(width, 1))
    row = _third((box.top + box.bottom) / 2 / max(height, 1))
    return f"{_ROWS[row]} {_COLUMNS[column]}".strip() or "middle"


def _third(share: float) -> int:
    return min(max(int(share * 3), 0), 2)


def around(boxes: Iterable[Box]) -> Box | None:
    """The smallest box that has all of them; None of none."""
    all_of = list(boxes)
    if not all_of:
        return None
    return Box(
        min(b.left for b in all_of),
        min(b.top for b in all_of),
        max(b.right for b in all_of),
        max(b.bottom for b in all_of),
    )


def boxes_of(statement: Statement, found: Description) -> tuple[Box, ...]:
    """The parts of the picture that a sentence rests on, as far as it names them word for word.

    A sentence that only sounds as if it were about something gets no place: a wrong one would
    mislead. A source that knows its parts has told them.
    """
    if statement.boxes:
        return statement.boxes
    said = statement.text.casefold()
    match statement.source:
        case "ocr" | "layout":
            return tuple(one.box for one in found.text if _is_in(one.line, said))
        case "codes":
            return tuple(one.box for one in codes_of(statement, found))
        case "detector":
            return tuple(
                box
                for one in found.objects
                if _names(one.name, one.family, said)
                for box in one.boxes
            )
        case _:
            return ()


def merged(lines: Sequence[Box], others: Sequence[Box]) -> list[int]:
    """The order in which text and what lies between it are walked: from top to bottom, from left to right.

    The lines of text keep theirs, for columns were told apart when they were read. Something else comes before
    the first line after it among those of its column or its row, or of all where there are none.

    Args:
        lines: Of text, in reading order.
        others: Of things and codes, in any order.
    Returns:
        Places in the lines and, counted on, in the others.
    """
    before: list[list[int]] = [[] for _ in range(len(lines) + 1)]
    for number in _by_rows(others):
        before[_place_among(lines, others[number])].append(len(lines) + number)
    return [
        one
        for place, found in enumerate(before)
        for one in (*found, *([place] if place < len(lines) else ()))
    ]


def _place_among(lines: Sequence[Box], box: Box) -> int:
    """The number of the line before which a box comes; that after the last for behind all."""
    near = [n for n, line in enumerate(lines) if _shares_column(line, box) or _is_row(line, box)]
    for number in near or range(len(lines)):
        if _comes_before(box, lines[number]):
            return number
    return near[-1] + 1 if near else len(lines)


def _by_rows(boxes: Sequence[Box]) -> list[int]:
    rows: list[list[int]] = []
    for number in sorted(range(len(boxes)), key=lambda n: (boxes[n].top, boxes[n].left)):
        if rows and _is_row(boxes[rows[-1][0]], boxes[number]):
            rows[-1].append(number)
        else:
            rows.append([number])
    return [n for row in rows for n in sorted(row, key=lambda n: (boxes[n].left, boxes[n].top))]


def _comes_before(one: Box, other: Box) -> bool:
    return one.left < other.left if _is_row(one, other) else one.top < other.top


def _is_row(one: Box, other: Box) -> bool:
    """Whether two boxes begin at about the same height, by the size of the smaller one."""
    return abs(one.top - other.top) < min(one.height, other.height) / 2


def _shares_column(one: Box, other: Box) -> bool:
    return min(one.right, other.right) > max(one.left, other.left)


def codes_of(statement: Statement, found: Description) -> tuple[Code, ...]:
    """The codes that a sentence tells of."""
    if statement.source != "codes":
        return ()
    if statement.boxes:
        return tuple(one for one in found.codes if one.box in statement.boxes)
    said = statement.text.casefold()
    named = tuple(one for one in found.codes if _is_in(one.content, said))
    return named or (found.codes if len(found.codes) == 1 else ())


def _is_in(text: str, said: str) -> bool:
    text = text.casefold().strip()
    return len(text) >= _LEAST_LETTERS and text in said


def _names(name: str, family: str, said: str) -> bool:
    """Whether a sentence in the language of now names a thing, as one or as several."""
    for word in (name, family):
        message = strings.THINGS.get(word)
        stems = [word.casefold()] if strings.language() == "en" and word else []
        if message is not None:
            stems += [_stem(say(message, count=count)) for count in (1, 2)]
        if any(re.search(rf"\b{re.escape(stem)}\b", said) for stem in stems):
            return True
    return False


def _stem(phrase: str) -> str:
    """A phrase without its article or number: "a dog" is about "dog", "at least 2 dogs" about "dogs"."""
    phrase = phrase.casefold()
    after = re.split(r"\d+\s*", phrase)
    return after[-1] if len(after) > 1 else phrase.partition(" ")[2] or phrase
