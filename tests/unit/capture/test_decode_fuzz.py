"""Damaged files of every kind end as a picture or as a CaptureError, never as anything else."""

import base64
import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagecraft_desktop import strings
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


REASONS = {
    strings.READ_CUT_OFF,
    strings.READ_DAMAGED,
    strings.READ_EMPTY,
    strings.READ_NO_DRAWING,
    strings.READ_NOT_PICTURE,
    strings.READ_TEXT,
    strings.READ_WEB_PAGE,
}
"""What may be said of a damaged file; above all not that drawing it failed for no known reason."""


def check(data, kind=""):
    reason = ""
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
    assert not reason or reason in REASONS or "too many pixels" in reason


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


DRAWING = b"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 width="60" height="40" viewBox="0 0 60 40"><defs><linearGradient id="a"><stop offset="0.5"
 stop-color="red"/></linearGradient><filter id="b"><feGaussianBlur stdDeviation="2"/></filter>
 <symbol id="c"><circle cx="9" cy="9" r="5"/></symbol></defs><style>.d { fill: url(#a) }</style>
 <g transform="rotate(9) scale(1.5)"><rect class="d" width="30" height="20" filter="url(#b)"/>
 <use xlink:href="#c" x="4"/><path d="M1 1 L 20 9 A 5 5 0 0 1 30 30 C 1 2 3 4 5 6 Z"
 stroke="blue" stroke-dasharray="3 1"/><text x="5" y="30" font-size="9">Words</text></g></svg>"""

DRAW_ALL = """
import base64, json, sys
from PySide6.QtGui import QGuiApplication
from imagecraft_desktop.capture import svg
from imagecraft_desktop.capture.limits import Refused
application = QGuiApplication(["test"])
for line in sys.stdin:
    try:
        image = svg._draw(svg._without_links(base64.b64decode(line))[0])
        told = [image.width(), image.height()]
    except Refused as refusal:
        told = refusal.reason
    print(json.dumps(told), flush=True)
"""


def damaged_drawings(count):
    """With senseless numbers, and every fourth with bytes moved; the same in every run."""
    chance = random.Random(7)
    numbers = [b"0", b"-1", b"1e9", b"-1e9", b"1e-9", b"1e400", b"nan", b"99999999999", b"%", b""]
    for number in range(count):
        data = DRAWING
        for _ in range(chance.randint(1, 4)):
            start, end = chance.choice([place.span() for place in re.finditer(rb"[\d.]+", data)])
            data = data[:start] + chance.choice(numbers) + data[end:]
        if number % 4 == 0:
            start, end = sorted(chance.choices(range(len(data)), k=2))
            data = data[:start] + data[end : end + 40] + data[end:]
        yield data


def test_qt_draws_or_refuses_damaged_drawings():
    count = 80
    lines = b"\n".join(base64.b64encode(data) for data in damaged_drawings(count))
    done = subprocess.run(
        [sys.executable, "-c", DRAW_ALL],
        input=lines,
        capture_output=True,
        cwd=Path(__file__).resolve().parents[3],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        timeout=120,
        check=False,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert (len(told), done.returncode) == (count, 0), done.stderr.decode()[-2000:]
    drawn = [size for size in told if isinstance(size, list)]
    assert len(drawn) > count / 2
    assert all(0 < edge <= 4096 for size in drawn for edge in size)
    assert {reason for reason in told if isinstance(reason, str)} <= REASONS
