"""What is said about a window, a screen or a page, from the parts that layout proved.

The most useful comes first: a message box, an error, what is selected, what is set, what can be
pressed; then the text. Pure: parts in, statements out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from imagecraft_desktop import strings
from imagecraft_desktop.describe.embedded.phrases import (
    certain,
    count_words,
    first_sentence,
    join,
    name,
    safe,
    sentence,
    series,
)
from imagecraft_desktop.see.layout import (
    Block,
    Chart,
    Dialog,
    Field,
    Layout,
    Role,
    SelectionKind,
    Switch,
    SwitchKind,
    Table,
)
from imagecraft_desktop.values import Box, Detail, Statement, TextLine

_MOST_WORDS = 120
"""Of running text in a normal description: twenty seconds for a fast listener."""
_ENOUGH_WORDS = 50
"""A long paragraph after fewer words is said whole."""
_LARGER = 1.3
_MOST_ABOVE = 6
"""Lines above the heading of a whole page: a menu."""
_MOST_ROWS = 4
_MOST_NAMES = 12
"""Of a menu or side list."""
_PAGE_HEADINGS = 3
_FEWEST_TICKS = 3
_SMALL_WINDOW = 30
"""Lines of text, at most."""
_MOST_SENTENCES = 4
_SENTENCE_WORDS = 5
_PROSE_WORDS = 7
"""A line with fewer words is no prose that runs on,"""
_NARROW_WORDS = 3
"""unless it has so many and the next begins with a small letter, as in a narrow column."""

_DIALOGS = {
    "error": (
        strings.DIALOG_ERROR,
        strings.DIALOG_ERROR_UNTITLED,
        strings.BRIEF_DIALOG_ERROR,
    ),
    "warning": (
        strings.DIALOG_WARNING,
        strings.DIALOG_WARNING_UNTITLED,
        strings.BRIEF_DIALOG_WARNING,
    ),
    "": (strings.DIALOG, strings.DIALOG_UNTITLED, strings.BRIEF_DIALOG),
}
_SWITCHES = {
    (SwitchKind.SWITCH, True): strings.SWITCHES_ON,
    (SwitchKind.SWITCH, False): strings.SWITCHES_OFF,
    (SwitchKind.CHECK_BOX, True): strings.CHECKED,
    (SwitchKind.CHECK_BOX, False): strings.UNCHECKED,
    (SwitchKind.RADIO, True): strings.CHOSEN,
}


class Untold:
    """The lines of a picture that have not been said yet."""

    def __init__(self, lines: Iterable[TextLine]) -> None:
        self._lines = list(lines)
        self._skipped = 0

    def __contains__(self, line: object) -> bool:
        return line in self._lines

    def __iter__(self) -> Iterator[TextLine]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines) + self._skipped

    def take(self, lines: Iterable[TextLine]) -> None:
        """These have been said."""
        gone = set(lines)
        self._lines = [line for line in self._lines if line not in gone]

    def take_signs(self) -> None:
        """Leave out single letters: most are icons read as letters."""
        self.take([line for line in self._lines if _is_sign(line.line)])

    def skip(self, lines: Sequence[TextLine]) -> None:
        """These will not be said, and count as left out."""
        before = len(self._lines)
        self.take(lines)
        self._skipped += before - len(self._lines)

    def take_within(self, box: Box) -> None:
        """Everything in this rectangle has been said."""
        self.take([line for line in self._lines if is_within(line.box, box)])

    def take_title(self, title: str, layout: Layout) -> None:
        """The window's title, which has been said, often holds what its title bar shows."""
        for block in layout.blocks:
            if block.role is Role.TITLE and _letters(block.text) in _letters(title):
                self.take(block.lines)

    def take_texts(self, texts: Iterable[str]) -> None:
        """Of each of these texts one line, the first that reads so, has been said."""
        for text in texts:
            self.take([line for line in self._lines if same(line.line, text)][:1])

    def take_name(self, name: str) -> None:
        """A name, which has been said, may be one of the lines, or all of them together."""
        downwards = sorted(self._lines, key=lambda line: line.box.top)
        if name and same("".join(line.line for line in downwards), name):
            self.take(downwards)
        self.take_texts([name])


def _is_sign(text: str) -> bool:
    return len(text) == 1 and text.isascii() and text.isalpha()


def is_within(inner: Box, outer: Box) -> bool:
    """Whether the middle of `inner` lies in `outer`."""
    x, y = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    return outer.left <= x < outer.right and outer.top <= y < outer.bottom


def same(one: str, other: str) -> bool:
    """Whether two texts read the same, but for spaces, stops and case."""
    return _letters(one) == _letters(other)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def say_parts(
    layout: Layout, untold: Untold, detail: Detail, title: str = ""
) -> Iterator[Statement]:
    """Everything but running text: what the screen wants and what can be done with it.

    Args:
        layout: Of the picture.
        untold: Its lines; those that are said are taken from it.
        detail: Of a table all rows, or some.
        title: Has been said already.
    """
    for block in layout.blocks:
        if block.role is Role.LINE_NUMBERS:
            untold.take(block.lines)
    if layout.dialog is not None:
        yield from _say_dialog(layout.dialog, untold, title)
    yield from _say_errors(layout, untold)
    said: list[str] = []
    for selection in layout.selected:
        if selection.label in said:  # the same file in the tabs and in a list
            continue
        said.append(selection.label)
        message = strings.SELECTED_TAB if selection.kind is SelectionKind.TAB else strings.SELECTED
        yield certain(
            strings.say(
                message,
                label=name(selection.label),
                position=selection.position,
                count=selection.count,
            ),
            "layout",
        )
        untold.take_texts([selection.label])
        untold.take_within(selection.box)
    yield from _say_heading(layout, untold)
    yield from _say_sentences(layout, untold)
    for tile in layout.tiles:
        yield certain(sentence(series([name(line) for line in tile.lines])), "ocr")
        untold.take_within(tile.box)
    for bar in layout.progress:
        yield certain(
            strings.say(strings.PROGRESS, label=name(bar.label), percent=bar.percent)
            if bar.label
            else strings.say(strings.PROGRESS_UNNAMED, percent=bar.percent),
            "layout",
        )
        untold.take_texts([bar.label])
    yield from _say_switches(layout.switches, untold, detail)
    if _is_form(layout):
        yield from _say_fields(layout.fields, untold)
    for chart in layout.charts:
        yield from _say_chart(chart, layout, untold, detail)
    for table in layout.tables:
        yield from _say_table(table, untold, detail)
    untold.take(line for block in layout.blocks if block.role is Role.TABLE for line in block.lines)
    yield from _say_buttons(layout, untold)


def without(layout: Layout, names: Sequence[str]) -> Layout:
    """The layout without the buttons and switches of these names, which are told otherwise."""
    if not names:
        return layout
    told = set(map(_letters, names))

    def is_new(label: str) -> bool:
        return _letters(label) not in told

    dialog = layout.dialog
    if dialog is not None:
        dialog = replace(dialog, buttons=tuple(filter(is_new, dialog.buttons)))
    return replace(
        layout,
        dialog=dialog,
        buttons=tuple(one for one in layout.buttons if is_new(one.label)),
        switches=tuple(one for one in layout.switches if is_new(one.label)),
    )


def say_text(layout: Layout, untold: Untold, detail: Detail) -> Iterator[Statement]:
    """The running text that is left, in reading order; in a normal description the first of it."""
    main = [block for block in layout.blocks if not _is_edge(block, layout)]
    minor = [] if _is_form(layout) else list(_say_fields(layout.fields, untold))
    headings = [b for b in main if b.role is Role.HEADING and _left(b, untold)]
    if detail is Detail.NORMAL and _is_page(headings, main):
        names = series([name(block.text) for block in headings])
        yield certain(strings.say(strings.HEADINGS, names=names), "layout")
        untold.take([line for block in headings for line in block.lines])
    spoken = 0
    for rows in _units(main, untold):
        text = " ".join(sentence(row_text(row)) for row in rows)
        is_enough = spoken > _ENOUGH_WORDS and spoken + count_words(text) > _MOST_WORDS
        if detail is Detail.NORMAL and is_enough:
            break
        yield certain(text, "ocr")
        spoken += count_words(text)
        untold.take([line for row in rows for line in row])
    yield from minor
    yield from _say_edges(layout, untold, detail)


def say_rest(untold: Untold, unread: int) -> Iterator[Statement]:
    """How much text was left out. `unread` lines were found but not read."""
    count = len(untold) + unread
    if count:
        yield certain(strings.say(strings.MORE_TEXT, count=count), "ocr")


def brief(layout: Layout, title: str) -> str | None:
    """The one sentence that says most, or None when there is no text. Not yet said where it was."""
    dialog = layout.dialog
    if dialog is not None:
        titled, untitled, both = _DIALOGS[dialog.icon]
        body = _body(dialog)
        if dialog.title and body:
            return strings.say(both, title=name(dialog.title), text=first_sentence(body[0]))
        if dialog.title:
            return strings.say(titled, title=name(dialog.title))
        return first_sentence(body[0]) if body else strings.say(untitled)
    if errors := _errors(layout):
        heading = title or layout.title or _heading(layout)
        if heading:
            return strings.say(
                strings.BRIEF_ERROR_IN, title=name(heading), text=first_sentence(errors[0])
            )
        return strings.say(strings.ERROR_TEXT, text=first_sentence(errors[0]))
    if len(layout.charts) == 1 and layout.charts[0].title and not title and not layout.title:
        return _brief_chart(layout.charts[0])
    return None


def main_line(layout: Layout, untold: Untold) -> str | None:
    """What a page or window is about in one sentence: its figures, table, heading, or first text."""
    if layout.tiles:
        return sentence(series([name(line) for line in layout.tiles[0].lines]))
    if layout.tables:
        return _brief_table(layout.tables[0])
    blocks = [
        *(block for block in layout.blocks if block.role is Role.HEADING and not block.is_aside),
        *(block for block in layout.blocks if not _is_edge(block, layout)),
        *layout.blocks,
    ]
    for block in blocks:
        if block.role is Role.LINE_NUMBERS:
            continue
        if rows := rows_of([line for line in block.lines if line in untold]):
            return first_sentence(row_text(rows[0]))
    return None


def _brief_table(table: Table) -> str:
    rows = table.rows[1:] if table.has_header else table.rows
    if table.has_header:
        columns = join([name(cell) for cell in table.rows[0] if cell])
        return strings.say(strings.TABLE, count=len(rows), columns=columns)
    first = name(_say_row(rows[0]))
    return strings.say(strings.BRIEF_TABLE, count=len(rows), row=first)


def _say_dialog(dialog: Dialog, untold: Untold, title: str) -> Iterator[Statement]:
    titled, untitled, _ = _DIALOGS[dialog.icon]
    is_new = bool(dialog.title) and not same(dialog.title, title)
    yield certain(
        strings.say(titled, title=name(dialog.title)) if is_new else strings.say(untitled),
        "layout",
    )
    for paragraph in _body(dialog):
        yield certain(sentence(paragraph), "ocr")
    yield from _names(dialog.buttons)
    untold.take_within(dialog.box)


def _body(dialog: Dialog) -> list[str]:
    """Its text without single letters, which are signs."""
    return [text for text in dialog.body if sum(map(str.isalnum, text)) > 1]


def _errors(layout: Layout) -> list[str]:
    return [
        *(error for error in layout.errors),
        *(field.error for field in layout.fields if field.error),
    ]


def _say_errors(layout: Layout, untold: Untold) -> Iterator[Statement]:
    for error in _errors(layout):
        yield certain(strings.say(strings.ERROR_TEXT, text=sentence(error)), "layout")
        untold.take_texts([error])


def _heading(layout: Layout) -> str:
    """The heading of the main part, or nothing."""
    for block in layout.blocks:
        if block.role in (Role.HEADING, Role.TITLE) and not block.is_aside:
            return block.text
    return ""


def _say_heading(layout: Layout, untold: Untold) -> Iterator[Statement]:
    """The heading of the whole: near the top, and larger than others. Others stay with their text."""
    headings = [
        block
        for block in layout.blocks
        if block.role is Role.HEADING and not block.is_aside and _left(block, untold)
    ]
    headings.sort(key=_letter_height, reverse=True)
    if not headings:
        return
    if len(headings) > 1 and _letter_height(headings[0]) < _LARGER * _letter_height(headings[1]):
        return
    above = [line for line in untold if line.box.bottom <= headings[0].box.top]
    if len(above) > _MOST_ABOVE:
        return
    if not any(same(selection.label, headings[0].text) for selection in layout.selected):
        yield certain(_left(headings[0], untold), "ocr")
    untold.take(headings[0].lines)


def _say_sentences(layout: Layout, untold: Untold) -> Iterator[Statement]:
    """In a small window what it says in full comes before what can be set and pressed.

    Of many sentences most explain a setting; they keep their place.
    """
    if layout.dialog is not None or len(layout.lines) > _SMALL_WINDOW:
        return
    if not (layout.buttons or layout.switches or layout.fields):
        return
    found = [
        block
        for block in layout.blocks
        if block.role in (Role.PARAGRAPH, Role.OTHER, Role.LIST)
        and not _is_edge(block, layout)
        and _is_sentence(_left(block, untold))
    ]
    if len(found) > _MOST_SENTENCES:
        return
    for block in found:
        yield certain(_left(block, untold), "ocr")
        untold.take(block.lines)


def _is_sentence(text: str) -> bool:
    return count_words(text) >= _SENTENCE_WORDS and text[:1].isupper()


def _letter_height(block: Block) -> int:
    return max(line.box.height for line in block.lines)


def _say_switches(
    switches: Sequence[Switch], untold: Untold, detail: Detail
) -> Iterator[Statement]:
    for (kind, is_on), message in _SWITCHES.items():
        names = [name(s.label) for s in switches if s.kind is kind and s.is_on is is_on and s.label]
        if names:
            yield certain(strings.say(message, names=join(names)), "layout")
    labels = [switch.label for switch in switches]
    for switch in switches:
        label = next((line for line in untold if same(line.line, switch.label)), None)
        if label is not None and detail is Detail.NORMAL:
            small_print = [line for line in untold if _explains(line.box, label.box)]
            untold.skip([p for p in small_print if not any(same(p.line, each) for each in labels)])
        untold.take_texts([switch.label])
        untold.take_within(switch.box)


def _explains(small: Box, label: Box) -> bool:
    """Whether this is the small print right below the name of a switch."""
    return (
        abs(small.left - label.left) <= label.height
        and small.height <= label.height
        and 0 < small.top + small.bottom - label.top - label.bottom <= 3 * label.height
    )


def _is_form(layout: Layout) -> bool:
    """Whether its fields matter: one empty field (a search) is less than what is around it."""
    return len(layout.fields) > 1 or any(field.value for field in layout.fields)


def _say_fields(fields: Sequence[Field], untold: Untold) -> Iterator[Statement]:
    for field in fields:
        yield certain(_say_field(field), "layout")
        untold.take_texts([field.label])
        untold.take_within(field.box)


def _say_field(field: Field) -> str:
    if field.is_password:
        return strings.say(strings.FIELD_HIDDEN, label=name(field.label))
    if not field.label:
        return strings.say(strings.FIELD_UNNAMED, value=name(field.value or ""))
    if field.value is None:
        return strings.say(strings.FIELD_FILLED, label=name(field.label))
    if not field.value:
        return strings.say(strings.FIELD_EMPTY, label=name(field.label))
    return strings.say(strings.FIELD, label=name(field.label), value=name(field.value))


def _say_chart(chart: Chart, layout: Layout, untold: Untold, detail: Detail) -> Iterator[Statement]:
    # the title was said when it is the window's or the page's
    title = name(chart.title) if any(same(line.line, chart.title) for line in untold) else ""
    yield certain(
        strings.say(strings.CHART[chart.kind], title=title)
        if title
        else strings.say(strings.CHART_UNTITLED[chart.kind]),
        "layout",
    )
    untold.take_texts([chart.title])
    for block in layout.blocks:
        if _is_subtitle(block, chart) and (text := _left(block, untold)):
            yield certain(text, "ocr")
            untold.take(block.lines)
    if chart.heights:
        yield certain(strings.say(_bars(chart), count=len(chart.heights)), "layout")
    read = [
        strings.say(strings.CHART_VALUE, label=name(label), value=name(value)).strip()
        for label, value in chart.values
        if value is not None
    ]
    unread = [name(label) for label, value in chart.values if value is None and label]
    if read:
        yield certain(strings.say(strings.CHART_VALUES, values=series(read)), "ocr")
        if unread:
            yield certain(strings.say(strings.CHART_UNREAD, labels=join(unread)), "ocr")
    elif chart.heights and not chart.trend and len(chart.values) == len(chart.heights):
        label = chart.values[chart.heights.index(max(chart.heights))][0]
        if label:
            yield certain(strings.say(strings.TALLEST_BAR, label=name(label)), "layout")
    untold.take_within(chart.box)
    untold.take_texts([text for pair in chart.values for text in pair if text])
    if detail is not Detail.DETAILED:
        untold.take([line for line in untold if _is_on_axis(line, chart.box)])
        if chart.kind == "line":
            untold.take(_ticks(untold, chart.box))


def _is_subtitle(block: Block, chart: Chart) -> bool:
    """Whether a block stands right above a chart."""
    above = chart.box.top - block.box.bottom
    return (
        0 <= above <= 0.3 * chart.box.height
        and block.box.left >= chart.box.left - 2 * block.lines[0].box.height
        and block.box.right <= chart.box.right
        and block.role in (Role.PARAGRAPH, Role.OTHER)
        and any(letter.isalpha() for letter in block.text)
    )


def _is_on_axis(line: TextLine, chart: Box) -> bool:
    """Whether this is a number beside or below a chart."""
    near = max(4 * line.box.height, 0.25 * chart.width)
    return (
        not any(letter.isalpha() for letter in line.line)
        and chart.left - near <= line.box.left
        and line.box.right <= chart.right + near
        and abs(line.box.top - chart.top) <= 2 * chart.height
    )


def _ticks(lines: Iterable[TextLine], chart: Box) -> list[TextLine]:
    """The names in the row below a curve."""
    high = chart.height
    near = 0.1 * chart.width
    below = [
        line
        for line in lines
        if chart.top + 0.5 * high <= line.box.top <= chart.bottom + 2 * high
        and chart.left - near <= line.box.left
        and line.box.right <= chart.right + near
        and count_words(line.line) <= 2
    ]
    rows = [
        [other for other in below if abs(other.box.top - line.box.top) <= 0.6 * line.box.height]
        for line in below
    ]
    row = max(rows, key=len, default=[])
    return row if len(row) >= _FEWEST_TICKS else []


def _bars(chart: Chart) -> strings.Plural:
    if chart.is_horizontal:
        turned = {"rising": strings.BARS_RISING_LYING, "falling": strings.BARS_FALLING_LYING}
        return turned.get(chart.trend, strings.BARS)
    upright = {"rising": strings.BARS_RISING, "falling": strings.BARS_FALLING}
    return upright.get(chart.trend, strings.BARS)


def _brief_chart(chart: Chart) -> str:
    if not chart.heights:
        return strings.say(strings.CHART[chart.kind], title=name(chart.title))
    message = strings.BRIEF_CHART_BARS
    if chart.trend and not chart.is_horizontal:
        rising = chart.trend == "rising"
        message = strings.BRIEF_CHART_RISING if rising else strings.BRIEF_CHART_FALLING
    return strings.say(message, title=name(chart.title), count=len(chart.heights))


def _say_table(table: Table, untold: Untold, detail: Detail) -> Iterator[Statement]:
    rows = table.rows[1:] if table.has_header else table.rows
    if table.has_header:
        columns = join([name(cell) for cell in table.rows[0] if cell])
        yield certain(strings.say(strings.TABLE, count=len(rows), columns=columns), "layout")
    else:
        wide = max(len(row) for row in table.rows)
        yield certain(strings.say(strings.TABLE_UNNAMED, count=len(rows), columns=wide), "layout")
    if table.bold_rows:
        yield certain(strings.say(strings.ROWS_BOLD, count=len(table.bold_rows)), "layout")
    shown = rows if detail is Detail.DETAILED or len(rows) <= _MOST_ROWS + 1 else rows[:_MOST_ROWS]
    for row in shown:
        yield certain(_say_row(row), "ocr")
    left = len(rows) - len(shown)
    if left and table.has_header:
        # the last row is often the sum
        left -= 1
        if left:
            yield certain(strings.say(strings.ROWS_MORE, count=left), "layout")
        yield certain(strings.say(strings.ROW_LAST, row=name(_say_row(rows[-1]))), "ocr")
    elif left:
        yield certain(strings.say(strings.ROWS_MORE, count=left), "layout")
    untold.take_within(table.box)


def _say_row(row: Sequence[str]) -> str:
    return sentence(series([safe(cell) for cell in row if cell]))


def _say_buttons(layout: Layout, untold: Untold) -> Iterator[Statement]:
    in_dialog = layout.dialog.buttons if layout.dialog else ()
    labels = [button.label for button in layout.buttons if button.label not in in_dialog]
    yield from _names(labels)
    for button in layout.buttons:
        untold.take_within(button.box)
    untold.take_texts(labels)


def _names(labels: Sequence[str]) -> Iterator[Statement]:
    names = [name(label) for label in labels if label]
    if len(names) == 1:
        yield certain(strings.say(strings.BUTTON, name=names[0]), "layout")
    elif names:
        yield certain(strings.say(strings.BUTTONS, names=join(names)), "layout")


def _say_edges(layout: Layout, untold: Untold, detail: Detail) -> Iterator[Statement]:
    """Menus, side lists and the status line, which are heard so often that they come last."""
    wholes = {strings.MENU: Role.MENU, strings.ASIDE: None, strings.STATUS_BAR: Role.STATUS}
    for message, role in wholes.items():
        lines = [
            line
            for block in layout.blocks
            if _is_edge(block, layout)
            and (block.role is role or (role is None and block.role not in wholes.values()))
            for line in block.lines
            if line in untold
        ]
        if not lines or (detail is Detail.NORMAL and len(lines) > _MOST_NAMES):
            continue
        if role is None:  # a column of names, some with a number at their right
            lines = _by_row(lines)
        names = series([name(row_text(row)) for row in rows_of(lines)])
        yield certain(strings.say(message, names=names), "ocr")
        untold.take(lines)


def _by_row(lines: Sequence[TextLine]) -> list[TextLine]:
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda line: line.box.top + line.box.bottom):
        middle = (line.box.top + line.box.bottom) / 2
        if rows and rows[-1][0].box.top < middle < rows[-1][0].box.bottom:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.box.left)]


def _is_edge(block: Block, layout: Layout) -> bool:
    """Whether a block is beside the main part: a menu, a side list, a list one entry of which is
    selected, tabs, the status line."""
    return (
        block.is_aside
        or block.role in (Role.MENU, Role.STATUS)
        or (
            block.role is Role.LIST
            and any(is_within(line.box, s.box) for s in layout.selected for line in block.lines)
        )
    )


def _is_page(headings: Sequence[Block], main: Sequence[Block]) -> bool:
    """Whether these headings part a page of prose; bold words in a list do not."""
    lines = sum(len(block.lines) for block in main)
    return len(headings) >= _PAGE_HEADINGS and len(headings) * 4 <= lines


def _units(main: Sequence[Block], untold: Untold) -> Iterator[list[list[TextLine]]]:
    """What is said in one go: the rows of a block; blocks that stand beside each other are one."""
    current: list[list[TextLine]] = []
    for block in main:
        lines = [line for line in block.lines if line in untold]
        if not lines:
            continue
        if current and belong(current[-1][-1], lines[0]):
            current = current[:-1] + rows_of([*current[-1], *lines])
            continue
        if current:
            yield current
        current = rows_of(lines)
    if current:
        yield current


def rows_of(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Put lines together, in the order given, that stand beside each other or run on."""
    rows: list[list[TextLine]] = []
    for line in lines:
        if rows and belong(rows[-1][-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def belong(line: TextLine, following: TextLine) -> bool:
    """Whether two lines in reading order are said in one go: they stand on one row, or the first runs on."""
    return is_beside(line.box, following.box) or runs_on(line, following)


def row_text(row: Sequence[TextLine]) -> str:
    """Lines that run on as one text, lines beside each other as a series."""
    text = safe(row[0].line)
    for before, line in pairwise(row):
        if runs_on(before, line) or text.endswith((*".!?:;,",)):
            text = f"{text} {safe(line.line)}"
        else:
            text = series([text, safe(line.line)])
    return text


def is_beside(left: Box, right: Box) -> bool:
    """Whether one box stands to the right of the other, on the same row."""
    middle = (right.top + right.bottom) / 2
    return left.top < middle < left.bottom and right.left > left.left


def runs_on(line: TextLine, following: TextLine) -> bool:
    """Whether a full line of prose goes on in one close below it, in letters of the same size."""
    upper, lower = line.box, following.box
    size = min(upper.height, lower.height)
    words = count_words(line.line)
    goes_on = words >= _NARROW_WORDS and _is_small_word(following.line) and line.line[-1:].isalpha()
    return (
        (words >= _PROSE_WORDS or goes_on)
        and upper.width >= 0.75 * lower.width
        and abs(upper.height - lower.height) <= 0.35 * size
        and abs(upper.left - lower.left) <= size
        and 0 < lower.top + lower.bottom - upper.top - upper.bottom <= 4 * size
        and not line.line.endswith((".", "!", "?", ":"))
    )


def _is_small_word(text: str) -> bool:
    """Does it begin with a word in small letters? Commands and paths have signs in them."""
    first = text.split(maxsplit=1)[0].rstrip(",.;!?")
    return first.isalpha() and first[:1].islower()


def _left(block: Block, untold: Untold) -> str:
    """What is left to say of a block."""
    rows = rows_of([line for line in block.lines if line in untold])
    return " ".join(sentence(row_text(row)) for row in rows)
