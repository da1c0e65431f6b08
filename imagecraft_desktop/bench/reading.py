"""The part `ocr` of `bench`: our reader, plain rapidocr and Tesseract on the same pictures.

As a module of its own it is the child that reads: `python -m imagecraft_desktop.bench.reading NAME`.
Each reader is measured from the path of the file to its lines, in a process of its own; they take
turns, picture by picture.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from imagecraft_desktop.bench.ocr import character_error, true_lines, word_score
from imagecraft_desktop.bench.process import Figures, Measurer, peak_mb, reset_peak, serve
from imagecraft_desktop.capture.file import from_path
from imagecraft_desktop.values import Box, TextLine

_MODULE = "imagecraft_desktop.bench.reading"
OURS, PLAIN, TESSERACT, TESSERACT_SPARSE = "ours", "rapidocr", "tesseract", "tesseract-sparse"
READERS = (OURS, PLAIN, TESSERACT, TESSERACT_SPARSE)
_OPTIONS: dict[str, list[str]] = {TESSERACT: [], TESSERACT_SPARSE: ["--psm", "11"]}

Read = Callable[[Path], tuple[list[TextLine], float]]
"""Reads a file; gives the lines and the peak memory in MiB."""


def with_truth(pictures: Iterable[Path]) -> list[Path]:
    """Those of the pictures whose text is known."""
    return [picture for picture in pictures if _truth_of(picture).exists()]


def installed() -> list[str]:
    """The readers that are here."""
    return [name for name in READERS if name not in _OPTIONS or shutil.which("tesseract")]


def measure(
    pictures: Sequence[Path], rounds: int, tell_round: Callable[[int], None]
) -> list[Figures]:
    """A row for each reader and picture: medians over rounds, each in fresh processes."""
    tried: dict[tuple[str, Path], list[Figures]] = {}
    for number in range(rounds):
        tell_round(number + 1)
        with ExitStack() as stack:
            children = {name: stack.enter_context(Measurer(_MODULE, name)) for name in installed()}
            for picture in pictures:
                for name, child in children.items():
                    row = child.ask(str(picture))
                    tried.setdefault((name, picture), []).append(row)
    return [
        {
            "reader": name,
            "picture": picture.name,
            **{key: round(median(row[key] for row in rows), 4) for key in rows[0]},
        }
        for (name, picture), rows in tried.items()
    ]


def sum_up(rows: Iterable[Figures]) -> list[Figures]:
    """One row for each reader over all its pictures; the error is the share of all letters."""
    by_reader: dict[str, list[Figures]] = {}
    for row in rows:
        by_reader.setdefault(row["reader"], []).append(row)
    return [
        {
            "reader": name,
            "pictures": len(some),
            "character_error": _weighted(some, "character_error", "letters"),
            "worst_character_error": max(row["character_error"] for row in some),
            "word_recall": _weighted(some, "word_recall", "letters"),
            "word_precision": _weighted(some, "word_precision", "letters"),
            "seconds": round(sum(row["seconds"] for row in some), 3),
            "cpu_s": round(sum(row["cpu_s"] for row in some), 3),
            "peak_mb": max(row["peak_mb"] for row in some),
        }
        for name, some in by_reader.items()
    ]


def _weighted(rows: Sequence[Figures], key: str, weight: str) -> float:
    total: float = sum(row[weight] for row in rows)
    weighted: float = sum(row[key] * row[weight] for row in rows)
    return round(weighted / total, 4)


def _truth_of(picture: Path) -> Path:
    return picture.with_suffix(".text.json")


# --- in the child ---


def _ours() -> Read:
    from imagecraft_desktop.capture.decode import to_picture
    from imagecraft_desktop.see.reader import Reader

    reader = Reader()

    def go_on() -> None:
        """Nobody stops it."""

    def read(picture: Path) -> tuple[list[TextLine], float]:
        pixels = to_picture(from_path(picture), go_on).pixels
        lines = list(reader.read(pixels, reader.find(pixels, go_on), go_on))
        return lines, peak_mb()

    return read


def _plain() -> Read:
    """As the first example of its documentation."""
    from rapidocr import RapidOCR

    engine: Any = RapidOCR()

    def read(picture: Path) -> tuple[list[TextLine], float]:
        result = engine(str(picture))
        found = () if result.boxes is None else zip(result.txts, result.boxes, strict=True)
        lines = [TextLine(text, _around(corners), 1.0) for text, corners in found]
        return lines, peak_mb()

    return read


def _around(corners: Iterable[tuple[float, float]]) -> Box:
    points = [(round(x), round(y)) for x, y in corners]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _tesseract(options: Sequence[str]) -> Read:
    def read(picture: Path) -> tuple[list[TextLine], float]:
        command = ["tesseract", str(picture), "-", *options, "tsv"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
            told = child.stdout.read() if child.stdout else b""
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise RuntimeError(f"tesseract ended with {child.returncode}")
        return tesseract_lines(told.decode("utf-8")), usage.ru_maxrss / 1024

    return read


def tesseract_lines(tsv: str) -> list[TextLine]:
    """The words of Tesseract's table, put together to the lines it says they are in."""
    rows = [row.split("\t") for row in tsv.splitlines()[1:]]
    found: dict[tuple[str, ...], list[tuple[str, Box]]] = {}
    for row in rows:
        if len(row) < 12 or row[0] != "5" or not row[11].strip():
            continue
        left, top, width, height = map(int, row[6:10])
        box = Box(left, top, left + width, top + height)
        found.setdefault(tuple(row[1:5]), []).append((row[11].strip(), box))
    return [
        TextLine(
            " ".join(text for text, _ in words),
            Box(
                min(box.left for _, box in words),
                min(box.top for _, box in words),
                max(box.right for _, box in words),
                max(box.bottom for _, box in words),
            ),
            1.0,
        )
        for words in found.values()
    ]


def _reader(name: str) -> Read:
    if name == OURS:
        return _ours()
    return _plain() if name == PLAIN else _tesseract(_OPTIONS[name])


def _answer_with(name: str) -> Callable[[str], Figures]:
    read = _reader(name)

    def answer(path: str) -> Figures:
        picture = Path(path)
        reset_peak()
        begun, begun_cpu = time.perf_counter(), _cpu_s()
        lines, peak = read(picture)
        seconds, cpu = time.perf_counter() - begun, _cpu_s() - begun_cpu
        true = true_lines(_truth_of(picture))
        words = word_score(lines, true)
        return {
            "letters": sum(len("".join(line.line.split())) for line in true),
            "character_error": character_error(lines, true),
            "word_recall": words.recall,
            "word_precision": words.precision,
            "seconds": seconds,
            "cpu_s": cpu,
            "peak_mb": peak,
        }

    return answer


def _cpu_s() -> float:
    """Processor time of this process and of those it has run."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


if __name__ == "__main__":
    serve(_answer_with(sys.argv[1]))
