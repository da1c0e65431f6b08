"""How long an installed model takes to describe a picture, as it was measured on this machine.

All figures lie in one file beside the models, `.speed.json`. One counts only where it was taken: with the
same weights, processor and graphics card. A file that cannot be read counts as empty.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import processor
from imagecraft_desktop.weights import fit, store
from imagecraft_desktop.weights.fit import Machine

log = logging.getLogger(__name__)

_VERSION = 1
_TENTHS_BELOW_S = 10
_BF16 = "bfloat16"


@dataclass(frozen=True)
class Place:
    """What decides whether a figure holds.

    Attributes:
        gpu_bytes: Memory of the largest graphics card; 0 when there is none.
    """

    processor: str
    gpu_bytes: int


@dataclass(frozen=True)
class Speed:
    """Of one model.

    Attributes:
        weights: `identity` of its files.
        place: Where it was measured.
        load_s: Seconds until it can be asked, the libraries among them.
        first_word_s: Seconds from a picture to the first that the model says of it.
        description_s: Seconds of a whole description, its facts among them; the median of a few.
        device: "cpu", "cuda" or "mps".
        dtype: Name of the type of torch it ran in: "bfloat16".
        torch, program: Versions.
        day: As 2026-11-28.
    """

    name: str
    weights: str
    place: Place
    load_s: float
    first_word_s: float
    description_s: float
    device: str
    dtype: str
    torch: str
    program: str
    day: str


def here(gpu_bytes: int | None = None) -> Place:
    """This machine.

    Args:
        gpu_bytes: When it is known already; asking takes a while where there is a card.
    """
    return Place(processor.name(), fit.look().gpu_bytes if gpu_bytes is None else gpu_bytes)


def look() -> tuple[Machine, dict[str, Speed]]:
    """This machine, and what was measured on it. What its system does not tell of its processor, or of a graphics card of
    Apple, is taken from there."""
    machine = fit.look()
    speeds = known(here(machine.gpu_bytes))
    if machine.has_bf16 is None:
        ran = [one for one in speeds.values() if one.device == "cpu"]
        newest = max(ran, key=lambda one: one.day, default=None)
        if newest is not None:
            machine = replace(machine, has_bf16=newest.dtype == _BF16)
    if any(one.device == "mps" for one in speeds.values()):
        machine = replace(machine, has_apple_gpu=True)
    return machine, speeds


def identity(kept: store.Manifest) -> str:
    """Changes when a file of the model does."""
    facts = sorted((file.path, file.sha256) for file in kept.files)
    import hashlib  # not above, see `whole.digest`

    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def known(place: Place) -> dict[str, Speed]:
    """The figures that hold in this place, by the names of models; only of installed ones."""
    found = {one.name: one for one in _read() if one.place == place}
    kept = {name: store.manifest(name) for name in found}
    return {
        name: one
        for name, one in found.items()
        if (manifest := kept[name]) is not None and identity(manifest) == one.weights
    }


def keep(speed: Speed) -> None:
    """Keep a figure instead of the older one of this model in this place. Raises OSError."""
    from filelock import FileLock

    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file.with_name(file.name + ".lock")):
        others = [one for one in _read() if (one.name, one.place) != (speed.name, speed.place)]
        content = {"version": _VERSION, "speeds": [asdict(one) for one in [*others, speed]]}
        store.write_json(file, content)


def in_words(seconds: float) -> str:
    """Seconds for the ear: "0.4 seconds", "1 second", "12 seconds"."""
    tenths = max(1, round(seconds * 10))
    if tenths % 10 and seconds < _TENTHS_BELOW_S:
        return say(strings.SECONDS_AND_TENTHS, number=f"{tenths / 10:.1f}")
    return say(strings.SECONDS, count=round(tenths / 10))


def _file() -> Path:
    return store.root() / ".speed.json"


def _read() -> list[Speed]:
    try:
        content = json.loads(_file().read_text("utf-8"))
        entries = content["speeds"] if content["version"] == _VERSION else []
    except FileNotFoundError:
        return []
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        log.info("the figures of models cannot be read: %s", type(error).__name__)
        return []
    found = map(_speed, entries if isinstance(entries, list) else [])
    return [one for one in found if one is not None]


def _speed(entry: Any) -> Speed | None:
    """An entry of the file; None for one that is not as it was written."""
    try:
        place = Place(str(entry["place"]["processor"]), int(entry["place"]["gpu_bytes"]))
        made = Speed(**{**entry, "place": place})
        figures = (made.load_s, made.first_word_s, made.description_s)
        words = (made.name, made.weights, made.device, made.dtype, made.torch, made.day)
    except (LookupError, TypeError, ValueError):
        return None
    is_right = all(isinstance(one, int | float) and 0 <= one < 1e6 for one in figures)
    return made if is_right and all(isinstance(one, str) for one in words) else None
