"""The part `pictures` of `bench`: how soon, how long, how much, and how true a description is.

As a module of its own it is the child that describes: `python -m imagecraft_desktop.bench.pictures`.
The sound goes nowhere: the first sound is when the first chunk is handed to the output.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from imagecraft_desktop.bench.process import Figures, Measurer, peak_mb, reset_peak, serve
from imagecraft_desktop.bench.truth import absent_of, named, seen_words
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.system import paths
from imagecraft_desktop.system.memory import resident_mb
from imagecraft_desktop.values import Kind, Request, Speech, Tick

if TYPE_CHECKING:
    from imagecraft_desktop.engine.pipeline import Pipeline
    from imagecraft_desktop.values import Capture, Outcome, Picture

_MODULE = "imagecraft_desktop.bench.pictures"
_ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"})
_WARM_UP = ("coffee.jpg", "error_dialog.png")
_MEDIANS = (
    "first_sound_ms",
    "again_first_sound_ms",
    "described_ms",
    "whole_ms",
    "again_whole_ms",
    "cpu_s",
    "memory_mb",
    "peak_mb",
    "speech_s",
)


def pictures_in(folders: Iterable[Path]) -> list[Path]:
    """The pictures of these folders, by name; a file stands for itself."""
    return [
        path
        for folder in folders
        for path in (sorted(folder.iterdir()) if folder.is_dir() else [folder])
        if path.suffix.lower() in _ENDINGS
    ]


def samples() -> Path:
    """The folder of pictures that comes with the program."""
    return paths.resources() / "samples"


def measure_cold(pictures: Sequence[Path], rounds: int) -> list[Figures]:
    """The first request of a process, for the first photo and the first other picture."""
    rows = []
    for picture in pictures:
        tried = []
        for _ in range(rounds):
            with Measurer(_MODULE) as child:
                tried.append(child.ask(str(picture)))
        rows.append(median_of(tried))
    return rows


def measure_warm(
    pictures: Sequence[Path], rounds: int, tell_round: Callable[[int], None]
) -> list[Figures]:
    """A row for each picture: medians over rounds, each in a process that never saw it before.

    Then it is described once more at once, with the memory of what was read: "again_...".
    """
    tried: list[list[Figures]] = [[] for _ in pictures]
    for number in range(rounds):
        tell_round(number + 1)
        with Measurer(_MODULE, "warm") as child:
            for rows, picture in zip(tried, pictures, strict=True):
                row = child.ask(str(picture))
                if "error" not in row:
                    again = child.ask(str(picture))
                    row |= {f"again_{key}": again[key] for key in ("first_sound_ms", "whole_ms")}
                rows.append(row)
    return [median_of(rows) for rows in tried]


def pick_for_cold(rows: Sequence[Figures]) -> list[str]:
    """The paths of one photo and one other picture, the first of each."""
    is_photo = [row.get("kind") == Kind.PHOTO for row in rows]
    return [rows[is_photo.index(wanted)]["path"] for wanted in (True, False) if wanted in is_photo]


def median_of(rows: Sequence[Figures]) -> Figures:
    """One row for several of the same picture; no figure where one of them has none."""
    if any("error" in row for row in rows):
        return next(row for row in rows if "error" in row)
    merged = dict(rows[0])
    for key in merged.keys() & set(_MEDIANS):
        figures = [row[key] for row in rows]
        merged[key] = None if None in figures else round(median(figures), 3)
    merged["absent_named"] = sorted({thing for row in rows for thing in row["absent_named"]})
    return merged


# --- in the child ---


class _Ear:
    """An output that notes when the first chunk comes, and lets the sound go."""

    def __init__(self) -> None:
        self.first_at: float | None = None

    def begin(self) -> None:
        """Nothing to do."""

    def feed(self, speech: Speech) -> None:
        """Note the time of the first."""
        if self.first_at is None:
            self.first_at = time.perf_counter()

    def finish(self) -> None:
        """Nothing to do."""


class Describer:
    """The road of the command line, with the settings of a new user.

    What is heavy is imported by the first request, as in the tray program.
    """

    def __init__(self) -> None:
        self._pipeline: Pipeline | None = None
        self._is_mirrored = False

    def warm_up(self) -> None:
        """Load every network, with mirrored samples, so that no line is known from them."""
        self._is_mirrored = True
        for name in _WARM_UP:
            self._run(samples() / name, _Ear())
        self._is_mirrored = False

    def describe(self, path: str) -> Figures:
        """One row for one picture. Times in milliseconds or seconds by the name, memory in MiB."""
        reset_peak()
        begun, begun_cpu = time.perf_counter(), time.process_time()
        ear = _Ear()
        outcome = self._run(Path(path), ear)
        whole, cpu = time.perf_counter() - begun, time.process_time() - begun_cpu
        if outcome.description is None:
            raise RuntimeError("a picture has a description")
        statements = [(one.source, one.text) for one in outcome.description.statements]
        seen = seen_words(statements, [line.line for line in outcome.description.text])
        return {
            "picture": Path(path).name,
            "path": path,
            "kind": outcome.description.kind.value,
            "first_sound_ms": None if ear.first_at is None else (ear.first_at - begun) * 1000,
            "described_ms": outcome.timings_ms["describe"],
            "whole_ms": whole * 1000,
            "cpu_s": cpu,
            "memory_mb": resident_mb(),
            "peak_mb": peak_mb(),
            "speech_s": outcome.duration_s,
            "absent_named": named(absent_of(Path(path)), seen),
            "voice": outcome.voice,
            "said": outcome.text,
        }

    def _run(self, path: Path, ear: _Ear) -> Outcome:
        from imagecraft_desktop.capture.file import from_path
        from imagecraft_desktop.engine.pipeline import Pipeline
        from imagecraft_desktop.speak.chain import make_chain

        if self._pipeline is None:
            self._pipeline = Pipeline(self._to_picture, make_chain(Settings().voice))
        request = Request(from_path(path), captioner=Settings().captioner)
        return self._pipeline.run(request, ear, lambda _: None, lambda: None)

    def _to_picture(self, capture: Capture, tick: Tick) -> Picture:
        from imagecraft_desktop.capture.decode import to_picture

        picture = to_picture(capture, tick)
        if self._is_mirrored:
            return replace(picture, pixels=picture.pixels[:, ::-1].copy())
        return picture


def _main(arguments: Sequence[str]) -> None:
    describer = Describer()
    if "warm" in arguments:
        describer.warm_up()
    serve(describer.describe)


if __name__ == "__main__":
    _main(sys.argv[1:])
