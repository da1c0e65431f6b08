"""A process of its own that loads, cancels and unloads a captioning network; run with what to do and a
folder, it prints figures as JSON.

The real pipeline is used, from a file to statements, with no voice.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from imagecraft_desktop.bench.process import peak_mb, reset_peak
from imagecraft_desktop.capture.decode import to_picture
from imagecraft_desktop.capture.file import from_path
from imagecraft_desktop.describe.base import known, make
from imagecraft_desktop.describe.facts_first import FactsFirst
from imagecraft_desktop.describe.rescue import Asking
from imagecraft_desktop.engine.early import EarlyVoices
from imagecraft_desktop.engine.pipeline import Pipeline
from imagecraft_desktop.errors import Cancelled, DescribeError
from imagecraft_desktop.speak.chain import make_chain
from imagecraft_desktop.speak.voicecraft import VoiceCraftVoice, VoiceCraftWish
from imagecraft_desktop.system.memory import give_back, resident_mb, share_heaps
from imagecraft_desktop.system.tenancy import Tenancy
from imagecraft_desktop.values import Caption, Detail, Outcome, Request, Tick, Wish
from tests.cancelling import Ticks
from tests.fakes import FakeOutput

_STILL_S = 0.1
_CANCELS = 40
_IMPORTING_S = 0.3
_FREE_MB = 60
"""Less than half of the weights of a BLIP of 75 million in bfloat16; enough for a thread and a tiny network."""
_TOO_LITTLE_FREE_MB = (10, 12, 14, 16, 18, 20, 22, 24, 26)
_NOISE = np.random.default_rng(0).integers(0, 255, (48, 64, 3), np.uint8)


def opened(folder: Path) -> FactsFirst:
    made = make(str(folder), known())
    assert isinstance(made, FactsFirst)
    made.load("cpu")
    return made


def unload(folder: Path) -> dict[str, float]:
    """Memory before, with and after the network, which was here once before; the most while it is read."""
    pixels = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    captioner = opened(folder)
    captioner.caption(pixels, lambda: None, most=4)
    captioner.unload()
    before_mb = resident_mb()
    reset_peak()
    captioner.ready()
    loading_mb = peak_mb()
    captioner.caption(pixels, lambda: None, most=4)
    with_mb = resident_mb()
    captioner.unload()
    return {"before": before_mb, "loading": loading_mb, "with": with_mb, "after": resident_mb()}


def cancel_reading(folder: Path) -> dict[str, float]:
    """How long no cancel is heard: at first, when libraries are imported, and later; what is done and
    kept after cancels at random moments."""
    begun_s = time.process_time()
    captioner = opened(folder)
    first = Ticks()
    captioner.ready(first)
    first_s = time.process_time() - begun_s
    captioner.unload()
    again = Ticks()
    captioner.ready(again)
    captioner.unload()
    before_mb = resident_mb()
    chance = random.Random(0)
    busy_s = 0.0
    cancelled = 0
    for _ in range(8):
        with suppress(Cancelled):
            captioner.ready(Ticks(chance.randint(1, again.count)))
            captioner.unload()
            cancelled -= 1
        cancelled += 1
        busy_s = max(busy_s, _busy_s())
    give_back()
    return {
        "first_s": first_s,
        "first_deaf_s": first.longest_gap_s,
        "deaf_s": again.longest_gap_s,
        "ticks": again.count,
        "cancelled": cancelled,
        "busy_s": busy_s,
        "grown_mb": resident_mb() - before_mb,
    }


def cancel_first(folder: Path) -> dict[str, float]:
    """How long no cancel is heard the first time, when libraries are imported: until the network is there, and then
    until all is written."""
    begun_s = time.process_time()
    captioner = opened(folder)
    loading = Ticks()
    captioner.ready(loading)
    pixels = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    writing = Ticks()
    list(captioner.captions(pixels, Wish(), writing))
    whole_s = time.process_time() - begun_s
    return {
        "whole_s": whole_s,
        "loading_deaf_s": loading.longest_gap_s,
        "writing_deaf_s": writing.longest_gap_s,
    }


def cancel_often(folder: Path) -> dict[str, float]:
    """Two hundred descriptions, each cancelled at a random call of `tick`."""
    photo = folder / "photo.png"
    pipeline = Pipeline(to_picture, EarlyVoices(), "cpu")

    def describe(tick: Ticks) -> None:
        request = Request(from_path(photo), captioner=str(folder))
        pipeline.run(request, None, lambda _: None, tick)

    describe(Ticks())  # everything is loaded
    whole = Ticks()
    describe(whole)
    chance = random.Random(0)
    busy_s = late_s = first_mb = 0.0
    cancelled = 0
    while cancelled < 230:
        ticks = Ticks(chance.randint(1, whole.count))
        # while a facts' network runs, ticks go by the clock: there may be fewer this time
        with suppress(Cancelled):
            describe(ticks)
            continue
        assert ticks.cancelled_at_s is not None
        late_s = max(late_s, time.process_time() - ticks.cancelled_at_s)
        cancelled += 1
        if cancelled % 20 == 0:
            busy_s = max(busy_s, _busy_s())
        if cancelled == 30:
            give_back()
            first_mb = resident_mb()
    give_back()
    return {
        "deaf_s": whole.longest_gap_s,
        "late_s": late_s,
        "busy_s": busy_s,
        "cancelled": cancelled,
        "grown_mb": resident_mb() - first_mb,
    }


def cancel_kinds(folder: Path) -> dict[str, float]:
    """Networks of several kinds, each in a folder of its own there, asked for all that they can do: how late a
    cancel at a random moment ends the work, and what is left after it.

    Every fourth cancel finds no network in the memory, the first ones of a kind not even its libraries.
    """
    chance = random.Random(0)
    found = {"importing": 0.0, "importing_s": 0.0, "importing_late_s": 0.0}
    found |= {"cold": 0.0, "warm": 0.0, "late_s": 0.0, "busy_s": 0.0, "grown_mb": 0.0}

    def most(name: str, value: float) -> None:
        found[name] = max(found[name], value)

    for kind in sorted(folder.iterdir()):
        begun_s = time.process_time()
        captioner = opened(kind)
        while captioner._loaded is None:
            late_s = _late_s(captioner, chance.uniform(0, _IMPORTING_S))
            found["importing"] += late_s is not None
            most("importing_late_s", late_s or 0.0)
        found["importing_s"] += time.process_time() - begun_s
        captioner = opened(kind)
        cold_s, warm_s = _spent_s(captioner), _spent_s(captioner)
        first_mb = 0.0
        for number in range(_CANCELS):
            name = "warm" if number % 4 else "cold"
            late_s = None
            while late_s is None:
                asked = captioner if name == "warm" else opened(kind)
                most_s = warm_s if name == "warm" else cold_s
                late_s = _late_s(asked, chance.uniform(0, most_s))
            found[name] += 1
            most("late_s", late_s)
            if number in (_CANCELS // 4, _CANCELS - 1):
                most("busy_s", _busy_s())
                give_back()
                first_mb = first_mb or resident_mb()
        most("grown_mb", resident_mb() - first_mb)
        captioner.unload()
    return found


def _late_s(captioner: FactsFirst, after_s: float) -> float | None:
    """Cancel at a moment: how long after it the work had ended, both in seconds of this process's processor. None
    when it ended before."""
    cancel_s = time.process_time() + after_s

    def tick() -> None:
        if time.process_time() >= cancel_s:
            raise Cancelled

    try:
        _ask(captioner, tick)
    except Cancelled:
        return time.process_time() - cancel_s
    return None


def _spent_s(captioner: FactsFirst) -> float:
    begun = time.process_time()
    _ask(captioner, lambda: None)
    return time.process_time() - begun


def _ask(captioner: FactsFirst, tick: Tick) -> None:
    """For a sentence or an answer, or where text can be read for a long description and that."""
    if captioner.reads:
        list(captioner.captions(_NOISE, Wish(detail=Detail.DETAILED), tick))
        captioner.read(_NOISE, tick)
        return
    question = "What is on the table?" if captioner.can_answer() else ""
    list(captioner.captions(_NOISE, Wish(detail=Detail.BRIEF, question=question), tick))


def lacks_for_weights(folder: Path) -> dict[str, Any]:
    """What is said when the weights do not fit, and the next time."""
    return _twice(_all_imported(folder), folder / "captioner", folder)


def lacks_for_work(folder: Path) -> dict[str, Any]:
    """What is said when the weights fit and what is computed with them does not, and the next time."""
    pipeline = _all_imported(folder)
    wide = folder / "wide"
    _run(pipeline, wide, folder)
    return _twice(pipeline, wide, folder)


def lacks_for_facts(folder: Path) -> dict[str, list[str]]:
    """What is said where there is so little that the facts cannot be found, in several places on the way to them."""
    pipeline = _all_imported(folder)
    said = []
    for free_mb in _TOO_LITTLE_FREE_MB:
        with _at_most(free_mb):
            try:
                _run(pipeline, folder / "tiny", folder)
            except DescribeError as error:
                said.append(f"{error.exit_code} {error.spoken}")
            else:
                said.append("")
        pipeline.unload()
    return {"said": said}


def _all_imported(folder: Path) -> Pipeline:
    """One that has described with a tiny network: what is loaded only once is there."""
    share_heaps()  # as the tray program does; the limit counts what threads might want for heaps of their own
    pipeline = Pipeline(to_picture, EarlyVoices(), "cpu")
    _run(pipeline, folder / "tiny", folder)
    return pipeline


def _run(pipeline: Pipeline, captioner: Path, folder: Path) -> Outcome:
    request = Request(from_path(folder / "photo.png"), captioner=str(captioner))
    return pipeline.run(request, None, lambda _: None, lambda: None)


def _twice(pipeline: Pipeline, captioner: Path, folder: Path) -> dict[str, Any]:
    """Two descriptions, without memory from when the facts are found and the network is asked."""
    ask = Asking.ask

    def ask_without_memory(asking: Asking, pixels: Any) -> Iterator[Caption]:
        with _at_most(_FREE_MB):
            yield from ask(asking, pixels)

    setattr(Asking, "ask", ask_without_memory)  # noqa: B010 - not a method that a type checker lets change
    found = []
    before_mb = resident_mb()
    for _ in range(2):
        outcome = _run(pipeline, captioner, folder)
        grown_mb = resident_mb() - before_mb
        assert outcome.description is not None
        used, exit_code = outcome.description.model, outcome.description.exit_code
        told = {"text": outcome.text, "model": used, "exit_code": exit_code}
        found.append({**told, "grown_mb": grown_mb})
    return {"first": found[0], "second": found[1]}


@contextmanager
def _at_most(more_mb: int) -> Iterator[None]:
    """Within the block this process gets so much more memory; whoever asks for more is refused."""
    import resource

    give_back()
    size = Path("/proc/self/statm").read_text().split()[0]
    now = int(size) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (now + more_mb * 2**20, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def share_small(folder: Path) -> dict[str, float]:
    return _share(folder, 8)


def share_large(folder: Path) -> dict[str, float]:
    return _share(folder, 16)


def _share(folder: Path, machine_gb: int) -> dict[str, float]:
    """Two descriptions spoken by a voice of the user's own: memory without the captioner's network, and after
    the second one; how often both were in the memory at once; what was said."""
    tenancy = Tenancy(machine_gb * 10**9)
    chain = make_chain("anna", VoiceCraftWish(str(folder / "voice"), "fp32"), tenancy)
    (voice,) = (one for one in chain._voices if isinstance(one, VoiceCraftVoice))
    mouth = EarlyVoices()
    mouth.take(chain, "en")
    pipeline = Pipeline(to_picture, mouth, "cpu", tenancy)
    output, both, asked = FakeOutput(), 0, 0

    def tick() -> None:
        nonlocal both, asked
        captioner = pipeline._captioner
        assert captioner is None or isinstance(captioner, FactsFirst)
        is_there = captioner is not None and captioner._loaded is not None
        asked += is_there
        both += is_there and voice._model is not None

    def describe() -> str:
        request = Request(from_path(folder / "photo.png"), captioner=str(folder / "captioner"))
        outcome = pipeline.run(request, output, lambda _: None, tick)
        assert outcome.description is not None
        assert outcome.description.caption is not None
        assert (outcome.voice, outcome.speech_failure, outcome.warnings) == ("anna", None, ())
        return outcome.text

    first = describe()
    assert isinstance(pipeline._captioner, FactsFirst)
    pipeline._captioner.let_go()
    give_back()
    before_mb = resident_mb()
    assert describe() == first
    give_back()
    return {
        "before": before_mb,
        "after": resident_mb(),
        "both": both,
        "asked": asked,
        "sentences": len({chunk.sentence for chunk in output.chunks}),
    }


def _busy_s() -> float:
    """The processor's seconds in a tenth of a second, of all threads."""
    begun = time.process_time()
    time.sleep(_STILL_S)
    return time.process_time() - begun


if __name__ == "__main__":
    work = {"unload": unload, "cancel_reading": cancel_reading, "cancel_often": cancel_often}
    work |= {"cancel_first": cancel_first, "cancel_kinds": cancel_kinds}
    work |= {"lacks_for_weights": lacks_for_weights, "lacks_for_work": lacks_for_work}
    work |= {"lacks_for_facts": lacks_for_facts}
    work |= {"share_small": share_small, "share_large": share_large}
    print(json.dumps(work[sys.argv[1]](Path(sys.argv[2]))))
