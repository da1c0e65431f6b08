"""Our own windows are left out of the picture of another one."""

from __future__ import annotations

import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.capture.cover import leave_out, seen_share
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Box, Capture, Frame, Origin

WHITE, INK, OURS = b"\xff\xff\xff\0", b"\0\0\0\0", b"\1\2\3\0"


@pytest.mark.parametrize(
    ("covers", "share"),
    [
        ([], 1.0),
        ([Box(-50, -50, 50, 50)], 0.75),
        ([Box(0, 0, 60, 100), Box(40, 0, 100, 50)], 0.2),
        ([Box(-9, -9, 200, 200), Box(5, 5, 6, 6)], 0.0),
        ([Box(100, 0, 200, 100)], 1.0),
    ],
    ids=["none", "a corner", "two that overlap", "all", "beside it"],
)
def test_how_much_is_seen(covers: list[Box], share: float) -> None:
    assert seen_share(Box(0, 0, 100, 100), covers) == pytest.approx(share)


def taken(*rows: bytes, place: Box) -> Capture:
    frame = Frame(len(rows[0]) // 4, len(rows), b"".join(rows))
    return Capture(Origin.WINDOW, "Bank", frame, place=place, notes=("First.",))


def test_the_ground_takes_the_place_of_our_window() -> None:
    picture = taken(WHITE * 4, WHITE * 2 + OURS * 2, INK * 2 + OURS * 2, place=Box(10, 10, 14, 13))
    got = leave_out(picture, [Box(12, 11, 30, 30), Box(0, 0, 5, 5)])
    assert isinstance(got.content, Frame)
    assert got.content.data == WHITE * 4 + WHITE * 4 + INK * 2 + WHITE * 2
    assert got.notes == ("First.", say(strings.CAPTURE_LEFT_OUT))


def test_points_of_the_desktop_with_two_pixels_each() -> None:
    picture = taken(WHITE * 4 + OURS * 2, WHITE * 4 + OURS * 2, place=Box(0, 0, 3, 1))
    got = leave_out(picture, [Box(2, 0, 9, 9)])
    assert isinstance(got.content, Frame)
    assert got.content.data == WHITE * 12


def test_a_window_beside_it_changes_nothing() -> None:
    picture = taken(WHITE * 2, place=Box(0, 0, 2, 1))
    assert leave_out(picture, [Box(2, 0, 9, 9)]) is picture
