"""What is told once is known at the next start."""

from __future__ import annotations

from imagecraft_desktop.system import once, paths


def test_the_first_time_is_the_only_one_for_each_name() -> None:
    assert [once.is_first("a"), once.is_first("b"), once.is_first("a")] == [True, True, False]


def test_where_no_mark_can_be_left_it_is_told_again() -> None:
    paths.data_dir().parent.mkdir(parents=True, exist_ok=True)
    paths.data_dir().write_text("in the place of a folder")
    assert once.is_first("a")
    assert once.is_first("a")
