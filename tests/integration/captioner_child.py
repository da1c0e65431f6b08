"""A process of its own that loads, cancels and unloads a captioning network; run with what to do and a
folder, it prints figures as JSON.

The real pipeline is used, from a file to statements, with no voice.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from pathlib import Path

import numpy as np

from imagecraft_desktop.bench.process import peak_mb, reset_peak
from imagecraft_desktop.capture.decode import to_picture
from imagecraft_desktop.capture.file import from_path
from imagecraft_desktop.describe.base import known, make
from imagecraft_desktop.describe.facts_first import FactsFirst
from imagecraft_desktop.engine.early import EarlyVoices
from imagecraft_desktop.engine.pipeline import Pipeline
from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.nets.captioners import load
from imagecraft_desktop.system.memory import give_back, resident_mb
from imagecraft_desktop.values import Request

_STILL_S = 0.1


class Cancel:
    """A `tick` that cancels when a time has passed, or at a call."""

    def __init__(self, after_s: float = 1e9, at: int = 0) -> None:
        self._end_s = time.monotonic() + after_s
        self._at = at
        self.count = 0
        self.wished_s = self._end_s

    def __call__(self) -> None:
        self.count += 1
        if time.monotonic() >= self._end_s or self.count == self._at:
            self.wished_s = min(self.wished_s, time.monotonic())
            raise Cancelled


def opened(folder: Path) -> FactsFirst:
    made = make(str(folder), known())
    assert isinstance(made, FactsFirst)
    made.load("cpu")
    return made


def unload(folder: Path) -> dict[str, float]:
    """Memory before, with and after the network; and the most while it was read."""
    pixels = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    captioner = opened(folder)
    load.choose_dtype("cpu")
    give_back()
    before_mb = resident_mb()
    reset_peak()
    captioner.ready()
    loading_mb = peak_mb()
    captioner.caption(pixels, lambda: None, most=4)
    with_mb = resident_mb()
    captioner.unload()
    after_mb = resident_mb()
    return {"before": before_mb, "loading": loading_mb, "with": with_mb, "after": after_mb}


def cancel_reading(folder: Path) -> dict[str, float]:
    """How late cancels are heard while weights are read, and the processor's seconds after them."""
    captioner = opened(folder)
    begun = time.monotonic()
    captioner.ready()
    whole_s = time.monotonic() - begun
    captioner.unload()
    chance = random.Random(0)
    late_s = busy_s = 0.0
    cancelled = 0
    for _ in range(12):
        tick = Cancel(chance.random() * whole_s)
        try:
            captioner.ready(tick)
        except Cancelled:
            cancelled += 1
            late_s = max(late_s, time.monotonic() - tick._end_s)
            busy_s = max(busy_s, _busy_s())
        captioner.unload()
    return {"late_s": late_s, "busy_s": busy_s, "cancelled": cancelled}


def cancel_often(folder: Path) -> dict[str, float]:
    """Two hundred descriptions, each cancelled at a random call of `tick`."""
    photo = folder / "photo.png"
    pipeline = Pipeline(to_picture, EarlyVoices(), "cpu")
    whole = Cancel()

    def describe(tick: Cancel) -> None:
        request = Request(from_path(photo), captioner=str(folder))
        pipeline.run(request, None, lambda _: None, tick)

    describe(Cancel())  # everything is loaded
    describe(whole)
    chance = random.Random(0)
    late_s = busy_s = first_mb = 0.0
    cancelled = 0
    for number in range(250):
        tick = Cancel(at=chance.randint(1, whole.count))
        try:
            describe(tick)
        except Cancelled:
            cancelled += 1
            late_s = max(late_s, time.monotonic() - tick.wished_s)
        if number % 25 == 0:
            busy_s = max(busy_s, _busy_s())
        if number == 49:
            give_back()
            first_mb = resident_mb()
    give_back()
    return {
        "late_s": late_s,
        "busy_s": busy_s,
        "cancelled": cancelled,
        "grown_mb": resident_mb() - first_mb,
        "threads": threading.active_count(),
    }


def _busy_s() -> float:
    """The processor's seconds in a tenth of a second, of all threads."""
    begun = time.process_time()
    time.sleep(_STILL_S)
    return time.process_time() - begun


if __name__ == "__main__":
    work = {"unload": unload, "cancel_reading": cancel_reading, "cancel_often": cancel_often}
    print(json.dumps(work[sys.argv[1]](Path(sys.argv[2]))))
