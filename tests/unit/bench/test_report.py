"""Lines for the ear: columns by spaces only, and targets in words."""

from imagecraft_desktop import strings
from imagecraft_desktop.bench.report import Target, columns, number


def test_columns_are_parted_by_spaces_alone() -> None:
    lines = columns([["a.png", "7", "none"], ["longer.png", "1200", "3"]])
    assert lines == ["a.png          7  none", "longer.png  1200     3"]
    assert columns([]) == []


def test_a_figure_that_is_missing_is_a_word() -> None:
    assert (number(None), number(0.456, 2), number(1499.6)) == ("none", "0.46", "1500")


def _target(figure: float) -> Target:
    return Target("earcon_ms", strings.BENCH_EARCON, strings.BENCH_MS, 50, figure)


def test_a_target_tells_figure_limit_and_whether_it_is_met() -> None:
    assert _target(50).line() == (
        "Key to the first sign: 50 milliseconds. Target: at most 50 milliseconds. Met."
    )
    assert _target(91).line().endswith("Missed.")
    assert _target(50.2).facts() == {
        "name": "earcon_ms",
        "limit": 50,
        "figure": 50.2,
        "is_met": False,
    }
