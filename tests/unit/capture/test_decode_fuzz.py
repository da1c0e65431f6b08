"""Damaged files of every kind end as a picture or as a CaptureError, never as anything else."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagecraft_desktop.capture import pdf, svg
from imagecraft_desktop.capture.decode import to_picture
from imagecraft_desktop.capture.limits import MOST_PIXELS, Refused
from imagecraft_desktop.errors import CaptureError
from imagecraft_desktop.values import Capture, Origin
from tests.unit.capture.encoded import FILES

QUICK = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def check(data, kind=""):
    reason = "none"
    try:
        if kind == "pdf":  # here, not in a process of its own: that would take minutes
            assert pdf.draw(data).data
        elif kind == "svg":
            assert svg._without_links(data)
        else:
            check_picture(to_picture(Capture(Origin.FILE, "it", data)))
    except CaptureError as error:
        reason = error.words["reason"]
    except Refused as refusal:
        reason = refusal.reason
    assert reason


def check_picture(picture):
    height, width, channels = picture.pixels.shape
    assert channels == 3
    assert 0 < width * height <= MOST_PIXELS


@pytest.mark.parametrize("kind", FILES)
@QUICK
@given(st.data())
def test_changed_bytes(kind, data):
    whole = bytearray(FILES[kind])
    places = st.integers(0, len(whole) - 1)
    # half of the changes go into the headers, where they do most
    near = st.integers(0, min(len(whole) - 1, 64))
    for place in data.draw(st.lists(places | near, min_size=1, max_size=6), label="places"):
        whole[place] = data.draw(st.integers(0, 255), label="byte")
    check(bytes(whole), kind)


@pytest.mark.parametrize("kind", FILES)
@QUICK
@given(st.data())
def test_cut_lengthened_and_spliced(kind, data):
    whole = FILES[kind]
    start = data.draw(st.integers(0, len(whole)), label="start")
    end = data.draw(st.integers(0, len(whole)), label="end")
    between = data.draw(st.binary(max_size=40), label="between")
    check(whole[:start] + between + whole[end:], kind)


@QUICK
@given(st.binary(max_size=400))
def test_noise(data):
    check(data)


@pytest.mark.parametrize("kind", FILES)
@QUICK
@given(st.binary(max_size=200))
def test_noise_behind_a_right_beginning(kind, data):
    check(FILES[kind][:12] + data, kind)


@pytest.mark.parametrize("kind", ["pdf", "svg"])
@pytest.mark.parametrize("place", [3, 20, 70, 120])
def test_changed_drawings_in_their_own_process(kind, place):
    whole = bytearray(FILES[kind])
    whole[place : place + 3] = b"\xff<\0"
    check(bytes(whole))
