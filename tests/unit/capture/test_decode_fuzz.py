"""Damaged files of every kind end as a picture or as a CaptureError, never as anything else."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagecraft_desktop.capture.decode import to_picture
from imagecraft_desktop.capture.limits import MOST_PIXELS
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


def check(data):
    try:
        picture = to_picture(Capture(Origin.FILE, "it", data))
    except CaptureError as error:
        reason = error.words["reason"]
    else:
        check_picture(picture)
        reason = "none"
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
    check(bytes(whole))


@pytest.mark.parametrize("kind", FILES)
@QUICK
@given(st.data())
def test_cut_lengthened_and_spliced(kind, data):
    whole = FILES[kind]
    start = data.draw(st.integers(0, len(whole)), label="start")
    end = data.draw(st.integers(0, len(whole)), label="end")
    between = data.draw(st.binary(max_size=40), label="between")
    check(whole[:start] + between + whole[end:])


@QUICK
@given(st.binary(max_size=400))
def test_noise(data):
    check(data)


@pytest.mark.parametrize("kind", FILES)
@QUICK
@given(st.binary(max_size=200))
def test_noise_behind_a_right_beginning(kind, data):
    check(FILES[kind][:12] + data)
