"""Entries are written in a thread; what cannot be written waits and is told once."""

from __future__ import annotations

import io
import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imagecraft_desktop.history import store as module
from imagecraft_desktop.history.record import _MOST_WAITING, Recorder, entry_of
from imagecraft_desktop.history.store import Limits, Store
from imagecraft_desktop.values import (
    Capture,
    Certainty,
    Description,
    Kind,
    Origin,
    Outcome,
    Picture,
    Request,
    Statement,
    Wish,
)
from tests.desktop.processes import wait_until
from tests.unit.history.test_store import entry

LOCKED = (
    "The history is held by another program. What is described is kept in memory and written later."
)


class Kept:
    def __init__(self, folder: Path) -> None:
        self.file = folder / "history" / "history.db"
        self.store = Store(self.file)
        self.told: list[str] = []
        self.threads: set[int] = set()
        self.recorder = Recorder(self.store, self._hear)

    def _hear(self, sentence: str) -> None:
        self.told.append(sentence)
        self.threads.add(threading.get_ident())

    def texts(self) -> list[str]:
        return [e.text for e in reversed(Store(self.file).entries())]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    monkeypatch.setattr(module, "BUSY_S", 0.05)
    return Kept(tmp_path)


def test_what_is_recorded_is_there_after_the_end_in_order(kept: Kept):
    for number in range(5):
        kept.recorder.record(entry(f"{number}."), Limits())
    kept.recorder.close(10)
    assert kept.texts() == ["0.", "1.", "2.", "3.", "4."]
    assert kept.told == []


def test_a_picture_is_kept_pixel_for_pixel(kept: Kept):
    pixels = np.random.default_rng(0).integers(0, 255, (30, 40, 3), np.uint8)
    kept.recorder.record(entry(), Limits(), Picture(pixels, Origin.FILE, "a"))
    kept.recorder.close(10)
    data = kept.store.picture(kept.store.entries()[0].number)
    assert data is not None
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(data))), pixels)


def test_a_locked_history_is_told_once_and_nothing_is_lost(kept: Kept):
    kept.store.add(entry("0."))
    holder = sqlite3.connect(kept.file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    for number in (1, 2, 3):
        kept.recorder.record(entry(f"{number}."), Limits())
    wait_until(lambda: kept.told, "the trouble to be told", 20)
    wait_until(kept.recorder._arriving.empty, "all to arrive", 20)
    holder.execute("ROLLBACK")
    kept.recorder.record(entry("4."), Limits())
    kept.recorder.close(20)
    assert kept.told == [LOCKED]
    assert threading.get_ident() not in kept.threads
    assert kept.texts() == ["0.", "1.", "2.", "3.", "4."]


def test_limits_that_wait_push_out_no_description(kept: Kept):
    kept.store.add(entry("0."))
    holder = sqlite3.connect(kept.file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    kept.recorder.record(entry("1."), Limits())
    for _ in range(_MOST_WAITING):
        kept.recorder.limit(Limits())
    wait_until(kept.recorder._arriving.empty, "all to arrive", 20)
    holder.execute("ROLLBACK")
    kept.recorder.close(20)
    assert kept.texts() == ["0.", "1."]


def test_a_broken_history_is_told_and_the_entry_kept(kept: Kept):
    kept.file.parent.mkdir()
    kept.file.write_bytes(b"no database" * 100)
    kept.recorder.record(entry("After."), Limits())
    kept.recorder.close(10)
    assert kept.texts() == ["After."]
    assert len(kept.told) == 1
    assert kept.told[0].startswith("The history is broken and was set aside as history-")


def test_a_request_becomes_an_entry_and_a_spoken_text_does_not():
    statement = Statement("Two.", Certainty.CERTAIN, "captioner")
    found = Description(Kind.PHOTO, (statement,), captioner="chat")
    capture = Capture(Origin.WINDOW, "Firefox", b"")
    request = Request(capture, wish=Wish(question="How many?"))
    made = entry_of(request, Outcome(request.id, found, "Two.", warnings=("Slow.",)))
    assert made is not None
    assert (made.origin, made.name, made.kind, made.captioner) == (
        Origin.WINDOW,
        "Firefox",
        "photo",
        "chat",
    )
    assert (made.text, made.question, made.warnings) == ("Two.", "How many?", ("Slow.",))
    spoken = Request(None, text="Hello.")
    assert entry_of(spoken, Outcome(spoken.id, None, "Hello.")) is None
