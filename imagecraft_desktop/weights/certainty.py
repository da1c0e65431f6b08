"""How sure an installed model must be of a sentence, as it was found on pictures whose content is known.

`bench certainty MODEL FOLDER --keep` writes it to `.certainty.json` beside the models; what comes with the
program lies in `resources/models/certainty.json`, in the same form, and yields to it. One counts only for the
files that it was found with. A file that cannot be read counts as empty.
"""

from __future__ import annotations

import json
import logging
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from imagecraft_desktop.system import paths
from imagecraft_desktop.values import Certainty
from imagecraft_desktop.weights import store
from imagecraft_desktop.weights.speed import identity

log = logging.getLogger(__name__)

_VERSION = 1


@dataclass(frozen=True)
class Calibration:
    """Of one model.

    Attributes:
        name: Of the model.
        weights: `speed.identity` of its files.
        levels: The least probability of a sentence for each level, 0 to 1; None where no sentence is so sure.
        judged: Sentences that were found right or wrong.
        program: Version.
        day: As 2026-11-28.
    """

    name: str
    weights: str
    levels: dict[Certainty, float | None]
    judged: int
    program: str
    day: str


def known(name: str) -> Calibration | None:
    """What holds for the files of an installed model; None when it was never calibrated."""
    kept = store.manifest(name)
    if kept is None:
        return None
    weights = identity(kept)
    entries = (*_read(_file()), *_read(_shipped()))
    return next((one for one in entries if (one.name, one.weights) == (name, weights)), None)


def keep(calibration: Calibration) -> None:
    """Keep it instead of an older one of this model. Raises OSError."""
    from filelock import FileLock

    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file.with_name(file.name + ".lock")):
        others = [one for one in _read(file) if one.name != calibration.name]
        entries = [asdict(one) for one in [*others, calibration]]
        store.write_json(file, {"version": _VERSION, "models": entries})


def forget(name: str) -> bool:
    """Forget what was kept for a model; False when nothing was. What comes with the program holds again. Raises
    OSError."""
    from filelock import FileLock

    file = _file()
    if not file.is_file():
        return False
    with FileLock(file.with_name(file.name + ".lock")):
        kept = _read(file)
        others = [one for one in kept if one.name != name]
        if len(others) < len(kept):
            entries = [asdict(one) for one in others]
            store.write_json(file, {"version": _VERSION, "models": entries})
    return len(others) < len(kept)


def _file() -> Path:
    return store.root() / ".certainty.json"


def _shipped() -> Path:
    return paths.resources() / "models" / "certainty.json"


def _read(file: Path) -> list[Calibration]:
    try:
        content = json.loads(file.read_text("utf-8"))
        entries = content["models"] if content["version"] == _VERSION else []
    except FileNotFoundError:
        return []
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        log.info("%s cannot be read: %s", file.name, type(error).__name__)
        return []
    found = map(_calibration, entries if isinstance(entries, list) else [])
    return [one for one in found if one is not None]


def _calibration(entry: Any) -> Calibration | None:
    """An entry of the file; None for one that is not as it was written."""
    try:
        levels = {level: _bound(entry["levels"][level.value]) for level in Certainty}
        made = Calibration(**{**entry, "levels": levels})
        words = (made.name, made.weights, made.program, made.day)
    except (LookupError, TypeError, ValueError):
        return None
    bounds = [math.inf if bound is None else bound for bound in levels.values()]
    is_right = bounds == sorted(bounds, reverse=True) and type(made.judged) is int
    return made if is_right and all(isinstance(one, str) for one in words) else None


def _bound(value: object) -> float | None:
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise ValueError(value)
    return float(value)
