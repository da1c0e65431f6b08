"""Measures how long an installed model takes to describe a picture here.

Used by `models calibrate`, and after a model was installed, there and in the settings window. The model
runs in a process of its own, the child: neither a crash, nor a memory that is too small, nor a model that
never ends touches the caller.
"""

from __future__ import annotations

import datetime
import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from statistics import median
from typing import TYPE_CHECKING, Any

from imagecraft_desktop import strings
from imagecraft_desktop.errors import (
    ChildFailed,
    DescribeError,
    DeviceRefused,
    DoesNotRunHere,
    ModelMissing,
    NotMeasured,
    OutOfMemory,
)
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import child, memory, paths
from imagecraft_desktop.system.language import chosen
from imagecraft_desktop.system.log import start_logging
from imagecraft_desktop.values import Caption, Picture, Tick, Wish
from imagecraft_desktop.weights import speed, store
from imagecraft_desktop.weights.speed import Speed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from imagecraft_desktop.describe.embedded import Embedded
    from imagecraft_desktop.describe.facts_first import FactsFirst

log = logging.getLogger(__name__)

_SAMPLES = ("dog.jpg", "coffee.jpg")
"""Photos, so that the model is asked about them."""
_MOST = 3
_BUDGET_S = 20.0
"""When these have passed no further description is begun."""
_TIME_OUT_S = 300.0
_LOOK_S = 0.1
_PLAIN = Wish()
_MIB = 1024 * 1024

Step = Callable[[int, int], object]
"""Told how much is done, of how much at most."""
_STEPS = _MOST + 2
"""Loading, and a first description without the clock."""


@dataclass(frozen=True)
class _Turn:
    """Seconds of one description."""

    first_word_s: float
    whole_s: float


# --- the caller's side ---


def _go_on(*_: object) -> None:
    """Nobody listens or cancels: the caller ends the process."""


def calibrate(
    name: str, timeout_s: float = _TIME_OUT_S, tick: Tick = _go_on, step: Step = _go_on
) -> Speed:
    """Measure an installed captioning model, and keep the figures.

    Args:
        tick: Asked ten times a second; what it raises ends the child.
        step: Hears of the progress.
    Raises:
        ModelMissing, ModelDamaged: See `store.find`.
        DoesNotRunHere: The memory is too small for it.
        NotMeasured: For another reason, which is told.
    """
    store.find(name)
    kept = store.manifest(name)
    if kept is None:
        raise ModelMissing(name=name, next_step=say(strings.MODEL_STEP_INSTALL, name=name))
    answer = _ask_child(name, timeout_s, tick, step)
    if "lacks_memory" in answer:
        raise DoesNotRunHere(name=name)
    if "failed" in answer:
        raise NotMeasured(name=name, reason=answer["failed"])
    made = Speed(
        name=name,
        weights=speed.identity(kept),
        place=speed.here(),
        program=metadata.version("imagecraft-desktop"),
        day=datetime.date.today().isoformat(),
        **answer["figures"],
    )
    try:
        speed.keep(made)
    except OSError as error:
        raise NotMeasured(name=name, reason=error.strerror or type(error).__name__) from error
    return made


class _GivesWay(Exception):
    """A description comes first."""


def calibrate_alone(
    name: str,
    make_room: Callable[[], object],
    is_describing: Callable[[], bool],
    give_way: Callable[[], object],
    *,
    tick: Tick = _go_on,
    step: Step = _go_on,
) -> Speed:
    """Measure a model as `calibrate` does, but not beside one that describes for the user: that comes first, and the
    measurement begins anew when it has ended. Together they would need the memory of both, and be slow.

    Args:
        make_room: Returns when the running program has let go of its models.
        is_describing: Whether it describes; asked ten times a second.
        give_way: Called when the measurement was broken off for that.
    Raises:
        ModelMissing, ModelDamaged, DoesNotRunHere, NotMeasured: See `calibrate`.
    """

    def look() -> None:
        tick()
        if is_describing():
            raise _GivesWay

    while True:
        while is_describing():
            tick()
            time.sleep(_LOOK_S)
        make_room()
        try:
            return calibrate(name, tick=look, step=step)
        except _GivesWay:
            log.info("the measurement of %s gives way", name)
            give_way()


def _ask_child(name: str, timeout_s: float, tick: Tick, step: Step) -> dict[str, Any]:
    """What the child found. Raises NotMeasured, and what `tick` raises."""
    answer: dict[str, Any] = {}
    try:
        for answer in child.answers(__name__, name, timeout_s=timeout_s, tick=tick):
            if "step" in answer:
                step(answer["step"], _STEPS)
    except TimeoutError as error:
        minutes = max(1, round(timeout_s / 60))
        reason = say(strings.NOT_MEASURED_SLOW, count=minutes)
        raise NotMeasured(name=name, reason=reason) from error
    except ChildFailed as error:
        reason = say(strings.NOT_MEASURED_ENDED)
        raise NotMeasured(error.detail, name=name, reason=reason) from error
    except OSError as error:
        raise NotMeasured(name=name, reason=error.strerror or type(error).__name__) from error
    return answer


# --- the child's side ---


def main(name: str) -> dict[str, Any]:
    """What is answered: "figures", or "failed" with a clause, or that it "lacks_memory"."""
    from imagecraft_desktop.settings import store as settings_store

    settings = settings_store.load().settings
    strings.use_language(chosen(settings.language), paths.resources() / "locale")
    start_logging(settings.log_level)
    try:
        figures = _measure(name)
    except OutOfMemory as error:
        log.warning("%s: %s", name, error.detail)
        return _out_of_memory(name)
    except DescribeError as error:
        log.warning("%s: %s", name, error.detail or type(error).__name__)
        return {"failed": error.spoken.rstrip(".")}
    except Exception as error:
        log.exception("a model cannot be measured")
        return {"failed": type(error).__name__}
    return {"figures": figures}


def _out_of_memory(name: str) -> dict[str, Any]:
    """The answer for a model that found too little: others may use what it would have alone."""
    from imagecraft_desktop.describe.facts_first import needed_mb
    from imagecraft_desktop.nets.captioners.load import choose_dtype
    from imagecraft_desktop.weights.checkpoint import open_checkpoint

    width = choose_dtype("cpu").itemsize  # no graphics card held it, or there is none
    needed_bytes = needed_mb(open_checkpoint(store.find(name)), width) * _MIB
    if needed_bytes > memory.machine_bytes():
        return {"lacks_memory": True}
    return {"failed": say(strings.NOT_MEASURED_MEMORY)}


def _measure(name: str) -> dict[str, Any]:
    """The figures of a `Speed` that only the child knows. Raises DescribeError, OutOfMemory."""
    from imagecraft_desktop.describe.base import known, make
    from imagecraft_desktop.describe.facts_first import FactsFirst

    captioner = make(name, known())
    if not isinstance(captioner, FactsFirst):
        raise TypeError(type(captioner).__name__)
    captioner.load("auto")
    while True:
        try:
            return _figures(captioner)
        except (OutOfMemory, DeviceRefused):
            if not captioner.leave_device():  # as a description would
                raise


def _figures(captioner: FactsFirst) -> dict[str, Any]:
    begun = time.perf_counter()
    network = captioner.ready().network
    load_s = time.perf_counter() - begun
    _tell(step=1)
    turns = _take_turns(captioner, [_open(sample) for sample in _SAMPLES])
    import torch

    numbers = next(network.parameters())
    return {
        "load_s": round(load_s, 3),
        "first_word_s": round(median(turn.first_word_s for turn in turns), 3),
        "description_s": round(median(turn.whole_s for turn in turns), 3),
        "device": numbers.device.type,
        "dtype": str(numbers.dtype).removeprefix("torch."),
        "torch": str(torch.__version__),
    }


def _open(sample: str) -> Picture:
    from imagecraft_desktop.capture.decode import to_picture
    from imagecraft_desktop.capture.file import from_path

    return to_picture(from_path(paths.resources() / "samples" / sample), lambda: None)


def _take_turns(captioner: FactsFirst, pictures: list[Picture]) -> list[_Turn]:
    """Describe once, which makes all ready, and then a few times with a clock."""
    from imagecraft_desktop.describe.embedded import Embedded

    facts, turns = Embedded(), list[_Turn]()
    _describe(facts, captioner, pictures[0])
    _tell(step=2)
    end_s = time.perf_counter() + _BUDGET_S
    while not turns or (len(turns) < _MOST and time.perf_counter() < end_s):
        turns.append(_describe(facts, captioner, pictures[(len(turns) + 1) % len(pictures)]))
        _tell(step=len(turns) + 2)
    return turns


def _describe(facts: Embedded, captioner: FactsFirst, picture: Picture) -> _Turn:
    """As a captioner describes, but no lighter model ever answers, and what fails is raised.

    Raises:
        DescribeError: OutOfMemory among them.
    """
    first_s: list[float] = []

    def ask(pixels: NDArray[np.uint8]) -> Iterator[Caption]:
        for caption in captioner.captions(pixels, _PLAIN, _go_on):
            if caption.text:
                first_s.append(time.perf_counter() - begun)
            yield caption

    begun = time.perf_counter()
    for _ in facts.describe(picture, _PLAIN, _go_on, ask):
        pass
    whole_s = time.perf_counter() - begun
    if not first_s:
        raise DescribeError("it was not asked, or had no answer", name=captioner.model_name)
    return _Turn(first_s[0], whole_s)


def _tell(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    child.end_with_parent()
    _tell(**main(sys.argv[1]))
