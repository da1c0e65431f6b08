"""What is said about the parts of a screen."""

import pytest

from imagecraft_desktop.describe.embedded import screens
from imagecraft_desktop.describe.embedded.screens import Untold
from imagecraft_desktop.see.layout import (
    Block,
    Button,
    Chart,
    Dialog,
    Field,
    Layout,
    Role,
    Selection,
    SelectionKind,
    Switch,
    SwitchKind,
    Table,
    Tile,
)
from imagecraft_desktop.values import Box, Detail, TextLine

SOMEWHERE = Box(2000, 2000, 2010, 2010)


def _line(text: str, top: int, left: int = 0, wide: int | None = None) -> TextLine:
    return TextLine(text, Box(left, top, left + (wide or 10 * len(text)), top + 20), 0.99)


def _block(role: Role, *lines: TextLine, is_aside: bool = False) -> Block:
    box = Box(
        min(line.box.left for line in lines),
        min(line.box.top for line in lines),
        max(line.box.right for line in lines),
        max(line.box.bottom for line in lines),
    )
    return Block(role, box, lines, is_aside)


def _layout(*blocks: Block, **parts: object) -> Layout:
    lines = tuple(line for block in blocks for line in block.lines)
    return Layout(lines=lines, blocks=blocks, **parts)


def _told(layout: Layout, detail: Detail = Detail.NORMAL, title: str = "") -> list[str]:
    untold = Untold(layout.lines)
    untold.take_texts([title])
    statements = [
        *screens.say_parts(layout, untold, detail, title),
        *screens.say_text(layout, untold, detail),
        *screens.say_rest(untold, 0),
    ]
    return [statement.text for statement in statements]


def test_a_message_box_comes_whole_with_its_buttons():
    dialog = Dialog(
        SOMEWHERE, "Save failed", ("The disk is full.", "X"), ("Retry", "Cancel"), icon="error"
    )
    assert _told(_layout(dialog=dialog)) == [
        "An error message: Save failed.",
        "The disk is full.",
        "Buttons: Retry and Cancel.",
    ]


def test_the_title_of_a_message_box_is_not_said_twice():
    dialog = Dialog(SOMEWHERE, "Save failed", ("The disk is full.",), ("OK",))
    told = _told(_layout(dialog=dialog), title="Save failed")
    assert told == ["A message box.", "The disk is full.", "Button: OK."]


def test_an_error_comes_before_the_form_it_belongs_to():
    form = Field("Password", None, SOMEWHERE, error="It is not correct.", is_password=True)
    told = _told(_layout(fields=(form, Field("Name", "", SOMEWHERE))))
    assert told == ["Error: It is not correct.", "Password: filled in, hidden.", "Name: empty."]


def test_switches_are_told_by_their_state():
    switches = (
        Switch("Screen reader", True, SOMEWHERE),
        Switch("Magnifier", False, SOMEWHERE),
        Switch("Captions", True, SOMEWHERE),
        Switch("Embed fonts", True, SOMEWHERE, SwitchKind.CHECK_BOX),
        Switch("Protect", False, SOMEWHERE, SwitchKind.CHECK_BOX),
        Switch("Weekly", True, SOMEWHERE, SwitchKind.RADIO),
        Switch("Daily", False, SOMEWHERE, SwitchKind.RADIO),
    )
    assert _told(_layout(switches=switches)) == [
        "On: Screen reader and Captions.",
        "Off: Magnifier.",
        "Checked: Embed fonts.",
        "Not checked: Protect.",
        "Chosen: Weekly.",
    ]


def test_small_print_below_a_switch_is_left_for_detail():
    lines = _line("Screen reader", 0), _line("Reads aloud", 22)
    layout = _layout(
        _block(Role.OTHER, lines[0]),
        _block(Role.OTHER, lines[1]),
        switches=(Switch("Screen reader", True, SOMEWHERE),),
    )
    assert _told(layout) == ["On: Screen reader.", "One more line of text."]
    assert _told(layout, Detail.DETAILED) == ["On: Screen reader.", "Reads aloud."]


def test_what_is_selected_is_told_once():
    tab = Selection("words.py", SOMEWHERE, SelectionKind.TAB, 1, 3)
    entry = Selection("words.py", SOMEWHERE, SelectionKind.ENTRY, 2, 5)
    assert _told(_layout(selected=(tab, entry))) == ["Open tab: words.py, 1 of 3."]


def test_a_chart_tells_only_the_values_that_were_read():
    chart = Chart(
        "bar",
        Box(0, 100, 400, 300),
        "Revenue",
        (("Jan", None), ("Feb", "$48"), ("Mar", "$55")),
        "rising",
        (0.5, 0.8, 1.0),
    )
    layout = _layout(_block(Role.TITLE, _line("Revenue", 10)), charts=(chart,))
    assert _told(layout) == [
        "A bar chart: Revenue.",
        "3 bars, each taller than the one before.",
        "Values read: Feb $48, Mar $55.",
        "Values not read: Jan.",
    ]


def test_the_tallest_bar_is_named_when_no_value_was_read():
    chart = Chart("bar", SOMEWHERE, "", (("A1", None), ("B1", None)), "", (1.0, 0.4))
    assert _told(_layout(charts=(chart,))) == ["A bar chart.", "2 bars.", "The tallest is A1."]


def _table(rows: int, **more: object) -> Table:
    body = tuple((f"Row {n}", f"{n}", f"{2 * n}") for n in range(1, rows + 1))
    return Table(SOMEWHERE, (("Name", "One", "Two"), *body), True, **more)


def test_a_long_table_is_told_in_part_with_its_last_row():
    assert _told(_layout(tables=(_table(8),))) == [
        "A table with 8 rows. Columns: Name, One and Two.",
        "Row 1, 1, 2.",
        "Row 2, 2, 4.",
        "Row 3, 3, 6.",
        "Row 4, 4, 8.",
        "3 more rows.",
        "Last row: Row 8, 8, 16.",
    ]


def test_all_rows_are_told_in_detail():
    told = _told(_layout(tables=(_table(8, bold_rows=(1, 2)),)), Detail.DETAILED)
    assert told[1] == "2 rows are in bold."
    assert len(told) == 10


def test_tiles_are_told_one_by_one():
    tiles = (Tile(SOMEWHERE, ("Power now", "42.7 MW")), Tile(SOMEWHERE, ("Alarms", "2 open")))
    assert _told(_layout(tiles=tiles)) == ["Power now, 42.7 MW.", "Alarms, 2 open."]


def test_buttons_of_the_window_are_told():
    assert _told(_layout(buttons=(Button("Buy now", SOMEWHERE),))) == ["Button: Buy now."]


def test_lines_of_prose_run_on_and_list_entries_do_not():
    prose = (
        _line("The first electric ferry left the harbour on Friday", 100),
        _line("morning with 212 passengers.", 124),
    )
    entries = _line("Holds 80 ml", 200), _line("Spoon included", 224)
    layout = _layout(_block(Role.PARAGRAPH, *prose), _block(Role.LIST, *entries))
    assert _told(layout) == [
        "The first electric ferry left the harbour on Friday morning with 212 passengers.",
        "Holds 80 ml. Spoon included.",
    ]


def test_what_stands_beside_each_other_is_one_sentence():
    layout = _layout(
        _block(Role.OTHER, _line("Text size", 10)),
        _block(Role.OTHER, _line("125%", 10, left=600)),
        _block(Role.OTHER, _line("modified:", 50)),
        _block(Role.OTHER, _line("audio.py", 50, left=300)),
    )
    assert _told(layout) == ["Text size, 125%.", "modified: audio.py."]


def test_long_text_is_cut_and_the_rest_counted():
    words = "one two three four five six seven eight nine ten eleven twelve"
    blocks = [_block(Role.PARAGRAPH, _line(words, 60 * n, wide=700)) for n in range(20)]
    told = _told(_layout(*blocks))
    assert told[-1] == "10 more lines of text."
    assert len(_told(_layout(*blocks), Detail.DETAILED)) == 20


def test_menus_and_side_lists_come_last():
    layout = _layout(
        _block(Role.MENU, _line("File", 0), _line("Edit", 0, left=100)),
        _block(Role.LIST, _line("Inbox", 100), _line("Sent", 130), is_aside=True),
        _block(Role.PARAGRAPH, _line("Hello", 100, left=400)),
        _block(Role.STATUS, _line("2 warnings", 900)),
    )
    assert _told(layout) == [
        "Hello.",
        "Menu: File, Edit.",
        "Beside it: Inbox, Sent.",
        "Status bar: 2 warnings.",
    ]


def test_a_page_begins_with_its_headings():
    blocks = []
    for n in range(4):
        blocks.append(_block(Role.HEADING, _line(f"Heading {n}", 200 * n)))
        blocks += [_block(Role.OTHER, _line("Some words", 200 * n + 40 * m)) for m in range(1, 4)]
    told = _told(_layout(*blocks))
    assert told[0] == "Headings: Heading 0, Heading 1, Heading 2, Heading 3."
    assert told.count("Heading 0.") == 0


def test_single_letters_are_icons_and_not_said():
    untold = Untold([_line("C", 0), _line("7", 40), _line("OK", 80)])
    untold.take_signs()
    assert [line.line for line in untold] == ["7", "OK"]


@pytest.mark.parametrize(
    ("layout", "title", "said"),
    [
        (
            _layout(dialog=Dialog(SOMEWHERE, "Save", ("It failed. Try again.",), ("OK",))),
            "",
            "A message box, Save: It failed.",
        ),
        (_layout(dialog=Dialog(SOMEWHERE, "", ("Sure?",), ("OK",))), "", "Sure?"),
        (_layout(errors=("Wrong password.",)), "Sign in", "Sign in, error: Wrong password."),
        (
            _layout(charts=(Chart("bar", SOMEWHERE, "Sales", (), "falling", (1.0, 0.5)),)),
            "",
            "A bar chart, Sales: 2 bars, each shorter than the one before.",
        ),
        (_layout(_block(Role.OTHER, _line("Hello", 0))), "", None),
    ],
)
def test_brief_names_what_matters_most(layout: Layout, title: str, said: str | None):
    assert screens.brief(layout, title) == said


def test_every_line_is_told_or_counted_in_detail():
    """Nothing is lost: in detail each line of a plain screen is in some sentence."""
    blocks = [_block(Role.OTHER, _line(f"Entry number {n}", 30 * n)) for n in range(40)]
    told = " ".join(_told(_layout(*blocks), Detail.DETAILED))
    assert all(f"Entry number {n}." in told for n in range(40))


def test_a_full_sentence_comes_before_controls_and_is_never_left_out():
    label, small = _line("Keep a copy", 100), "The report cannot be changed later."
    layout = _layout(
        _block(Role.SWITCH, label),
        _block(Role.PARAGRAPH, _line(small, 125)),
        switches=(Switch("Keep a copy", True, SOMEWHERE, SwitchKind.CHECK_BOX),),
    )
    assert _told(layout) == [small, "Checked: Keep a copy."]


def test_the_names_below_a_curve_are_left_out():
    names = [_line(name, 330, 60 * n) for n, name in enumerate(("Jan", "Mar", "Feb", "Apr"))]
    chart = Chart("line", Box(0, 100, 300, 300), "Visitors", (), "")
    layout = _layout(*(_block(Role.OTHER, name) for name in names), charts=(chart,))
    assert _told(layout) == ["A line chart."]


def test_lines_of_a_narrow_column_run_on_but_not_those_of_a_terminal():
    assert screens.runs_on(_line("it rose by two whole", 0), _line("metres in the night", 22))
    assert not screens.runs_on(
        _line("main.c:14: error: expected it", 0), _line("make: *** Error 1", 22)
    )
