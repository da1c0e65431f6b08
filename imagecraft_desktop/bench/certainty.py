"""`bench certainty`: how often an installed captioner is right, beside how sure it says it is.

On pictures whose folder has a manifest.json that tells what is in them ("objects") and what is not
("absent"). A sentence that names an absent thing is wrong; one that names an object and nothing absent is
right; of others a person must judge. From the pairs of probability and verdict come the bounds that
`describe.bounds` would have for this network; with --keep it has them when it is next loaded. Those only raise the chosen
ones: a sentence that names an object may still invent the rest.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from imagecraft_desktop import strings
from imagecraft_desktop.bench.parts import Report
from imagecraft_desktop.bench.pictures import pictures_in
from imagecraft_desktop.bench.report import number
from imagecraft_desktop.bench.truth import absent_of, named
from imagecraft_desktop.describe.bounds import BOUNDS, Bounds, least_probability
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Caption, Certainty, Wish
from imagecraft_desktop.weights import certainty, store
from imagecraft_desktop.weights.speed import identity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from imagecraft_desktop.describe.facts_first import FactsFirst

NAME = "certainty"
RIGHT, WRONG, OPEN = "right", "wrong", "open"
_PRECISIONS = {Certainty.CERTAIN: 0.95, Certainty.LIKELY: 0.8, Certainty.UNSURE: 0.5}
"""Share of the sentences of a level or surer that shall be right."""
_FEWEST = 50
"""Judged sentences below which a bound says little."""
_FEWEST_ABOVE = 20
"""Judged sentences at a bound or above it below which chance made it."""
_LEVELS = {
    Certainty.CERTAIN: strings.BENCH_CERTAINTY_PLAIN,
    Certainty.LIKELY: strings.BENCH_CERTAINTY_PROBABLY,
    Certainty.UNSURE: strings.BENCH_CERTAINTY_COULD_BE,
}
_ASIDE = re.compile(r"\s*\(.*\)")


@dataclass(frozen=True)
class Row:
    """A sentence that a network wrote.

    Attributes:
        probability: Geometric mean of its tokens' probabilities.
        level: The certainty it is told with now; "" for "I cannot tell".
        verdict: RIGHT, WRONG or OPEN.
    """

    picture: str
    text: str
    probability: float
    weakest: float
    level: str
    verdict: str


def wrong_words(arguments: argparse.Namespace) -> str:
    """What is wrong with the command line; empty when nothing is."""
    if arguments.forget:
        is_one = len(arguments.pictures) == 2 and not arguments.keep
        return "" if is_one else say(strings.BENCH_CERTAINTY_FORGET_WORDS)
    return "" if len(arguments.pictures) > 2 else say(strings.BENCH_CERTAINTY_WORDS)


def known_pictures(folders: Sequence[str]) -> list[Path]:
    """Those pictures of the folders of whose content a manifest tells."""
    return [path for path in pictures_in(map(Path, folders)) if objects_of(path)]


def objects_of(picture: Path) -> tuple[str, ...]:
    """Things that are in a picture, and other names that will do, from the manifest of its folder."""
    manifest = picture.parent / "manifest.json"
    if not manifest.exists():
        return ()
    listed = json.loads(manifest.read_text(encoding="utf-8"))["images"]
    return tuple(
        _ASIDE.sub("", thing)
        for image in listed
        if image["file"] == picture.name
        for thing in (*image.get("objects", ()), *image.get("acceptable", ()))
    )


def judge(picture: Path, text: str) -> str:
    """RIGHT, WRONG or OPEN."""
    if named(absent_of(picture), text):
        return WRONG
    return RIGHT if named(objects_of(picture), text) else OPEN


def measure(captioner: FactsFirst, pictures: Sequence[Path]) -> Iterator[Row]:
    """Ask the network about each picture, whatever it shows.

    Raises:
        DescribeError, CaptureError: The network cannot run; a picture cannot be read.
    """
    for path in pictures:
        for caption in captioner.captions(_pixels(path), Wish(), _go_on):
            yield _row(path, caption)


def installed_as(captioner: FactsFirst) -> str:
    """The installed model that a captioner runs; empty for a network from another folder, whatever its name.

    Raises:
        ModelMissing, ModelDamaged.
    """
    folder = captioner.checkpoint().folder
    own = store.captioners().get(folder.name)
    return folder.name if own is not None and own.resolve() == folder.resolve() else ""


def report(
    name: str, captioner: FactsFirst, pictures: Sequence[Path], *, keep_as: str = ""
) -> Report:
    """Measure, and tell it for a person.

    Args:
        keep_as: The bounds are kept for this installed model, if they are worth it; empty: they are not kept.
    """
    rows = list(measure(captioner, pictures))
    bounds, now = bounds_of(rows), captioner.ready().bounds
    head = say(strings.BENCH_CERTAINTY_HEAD, name=name, count=len(rows))
    lines = [head, *(_level_line(level, rows, bounds[level], now) for level in _PRECISIONS)]
    lines.append(say(strings.BENCH_CERTAINTY_HOW[now.how]))
    if _judged(rows) < _FEWEST:
        lines.append(say(strings.BENCH_CERTAINTY_FEW, count=_FEWEST))
    figures: dict[str, object] = {
        "model": name,
        "rows": [asdict(row) for row in rows],
        "bounds": {str(level): bound for level, bound in bounds.items()},
        "bounds_now": now.how,
    }
    if keep_as:
        levels = levels_of(rows)
        why_not = _keep(keep_as, rows, levels)
        figures["is_kept"] = not why_not
        if not why_not:
            figures["kept"] = {str(level): bound for level, bound in levels.items()}
        lines += [why_not] if why_not else _kept_lines(keep_as, levels)
    return Report(figures, lines)


def _kept_lines(name: str, levels: Mapping[Certainty, float | None]) -> list[str]:
    lines = [say(strings.BENCH_CERTAINTY_KEPT, name=name)]
    for level, bound in levels.items():
        message = (
            strings.BENCH_CERTAINTY_NEVER if bound is None else strings.BENCH_CERTAINTY_KEPT_LEVEL
        )
        lines.append(say(message, level=say(_LEVELS[level]), bound=number(bound, 3)))
    if all(bound is None for bound in levels.values()):
        lines.append(say(strings.BENCH_CERTAINTY_NO_LEVEL, name=name))
    return lines


def _keep(name: str, rows: Sequence[Row], levels: dict[Certainty, float | None]) -> str:
    """Keep the bounds for an installed model; why they are not kept, or nothing."""
    kept = store.manifest(name)
    if kept is None:
        return say(strings.BENCH_CERTAINTY_NOT_INSTALLED, name=name)
    if _judged(rows) < _FEWEST:
        return say(strings.BENCH_CERTAINTY_NOT_KEPT, count=_FEWEST)
    found = certainty.Calibration(
        name=name,
        weights=identity(kept),
        levels=levels,
        judged=_judged(rows),
        program=metadata.version("imagecraft-desktop"),
        day=date.today().isoformat(),
    )
    try:
        certainty.keep(found)
    except OSError as error:
        return say(strings.BENCH_CERTAINTY_NOT_WRITTEN, reason=error.strerror or error)
    return ""


def _judged(rows: Sequence[Row]) -> int:
    return sum(row.verdict != OPEN for row in rows)


def levels_of(rows: Sequence[Row]) -> dict[Certainty, float | None]:
    """The bounds that are worth keeping: those that enough sentences are above, none below the chosen one."""
    judged = [row.probability for row in rows if row.verdict != OPEN]

    chosen = {level.certainty: level.mean for level in BOUNDS.levels}

    def proven(level: Certainty, bound: float | None) -> float | None:
        is_proven = bound is not None and sum(one >= bound for one in judged) >= _FEWEST_ABOVE
        return max(bound, chosen[level]) if bound is not None and is_proven else None

    return {level: proven(level, bound) for level, bound in bounds_of(rows).items()}


def bounds_of(rows: Sequence[Row]) -> dict[Certainty, float | None]:
    """The least probability for each level; None where no bound would do."""
    pairs = [(row.probability, row.verdict == RIGHT) for row in rows if row.verdict != OPEN]
    return {level: least_probability(pairs, share) for level, share in _PRECISIONS.items()}


def _level_line(level: Certainty, rows: Sequence[Row], bound: float | None, bounds: Bounds) -> str:
    told = [row.verdict for row in rows if row.level == level]
    now = next((one.mean for one in bounds.levels if one.certainty is level), None)
    return say(
        strings.BENCH_CERTAINTY_LEVEL,
        level=say(_LEVELS[level]),
        right=told.count(RIGHT),
        wrong=told.count(WRONG),
        open=told.count(OPEN),
        share=number(_PRECISIONS[level] * 100),
        bound=number(bound, 3),
        now=number(now, 3),
    )


def _row(path: Path, caption: Caption) -> Row:
    level = "" if caption.certainty is None else str(caption.certainty)
    return Row(
        path.name,
        caption.text,
        round(caption.probability, 4),
        round(caption.weakest, 4),
        level,
        judge(path, caption.text),
    )


def _pixels(path: Path) -> NDArray[np.uint8]:
    from imagecraft_desktop.capture.decode import to_picture
    from imagecraft_desktop.capture.file import from_path

    return to_picture(from_path(path)).pixels


def _go_on() -> None:
    """Control-C ends a command by itself."""
