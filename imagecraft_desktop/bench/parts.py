"""The parts of `bench`: each measures, and makes lines for a person and rows for the JSON file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.bench import keys, pictures, reading, start
from imagecraft_desktop.bench.process import Figures
from imagecraft_desktop.bench.report import Target, columns, number
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Kind

_ROUNDS = 3
_STARTS = 5
_PRESSES = 5


@dataclass(slots=True)
class Report:
    """What a part found: rows for the JSON file, lines for a person, targets for both."""

    rows: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)


def _rounds_told(count: int) -> Callable[[int], None]:
    """Tells how far the measuring is: on standard error, beside the results."""

    def tell(now: int) -> None:
        print(say(strings.BENCH_ROUND, now=now, count=count), file=sys.stderr, flush=True)

    return tell


def _announce(heading: str) -> None:
    print(heading, flush=True)


# --- pictures ---


def report_pictures(found: Sequence[Path]) -> Report:
    _announce(say(strings.BENCH_PICTURES, count=_ROUNDS))
    warm = pictures.measure_warm(found, _ROUNDS, _rounds_told(_ROUNDS))
    good = [row for row in warm if "error" not in row]
    chosen = [Path(path) for path in pictures.pick_for_cold(good)]
    cold = pictures.measure_cold(chosen, _ROUNDS)
    lines = [f"{row['picture']}: {row['error']}" for row in warm if "error" in row]
    lines += columns([_picture_row(row) for row in good])
    lines += [
        say(
            strings.BENCH_COLD,
            name=row["picture"],
            first=number(row["first_sound_ms"]),
            whole=number(row["whole_ms"] / 1000, 1),
        )
        for row in cold
    ]
    absent = {row["picture"]: row["absent_named"] for row in good if row["absent_named"]}
    lines += [
        say(strings.BENCH_ABSENT, name=name, words=", ".join(words))
        for name, words in absent.items()
    ]
    rows = {"rounds": _ROUNDS, "warm": warm, "cold": cold}
    return Report(rows, lines, _picture_targets(good))


def _picture_row(row: Figures) -> list[str]:
    return [
        row["picture"],
        row["kind"],
        number(row["first_sound_ms"]),
        number(row["described_ms"] / 1000, 2),
        number(row["whole_ms"] / 1000, 2),
        number(row["cpu_s"], 2),
        number(row["memory_mb"]),
        number(row["peak_mb"]),
        number(row["speech_s"], 1),
        number(row["again_first_sound_ms"]),
        number(row["again_whole_ms"] / 1000, 2),
        str(len(row["absent_named"])),
    ]


def _picture_targets(rows: Sequence[Figures]) -> list[Target]:
    photos = [
        row["first_sound_ms"]
        for row in rows
        if row["kind"] == Kind.PHOTO and row["first_sound_ms"] is not None
    ]
    targets = []
    if photos:
        what = strings.BENCH_PHOTO_FIRST
        targets.append(Target("photo_first_sound_ms", what, strings.BENCH_MS, 500, median(photos)))
        what = strings.BENCH_PHOTO_WORST
        targets.append(Target("photo_worst_sound_ms", what, strings.BENCH_MS, 500, max(photos)))
    absent = sum(len(row["absent_named"]) for row in rows)
    what = strings.BENCH_ABSENT_ALL
    targets.append(Target("absent_named", what, strings.BENCH_COUNT, 0, absent))
    return targets


# --- ocr ---


def report_ocr(found: Sequence[Path]) -> Report:
    known = reading.with_truth(found)
    if not known:
        why_not = say(strings.BENCH_NO_TRUTH)
        return Report(rows={"left_out": why_not}, lines=[why_not])
    _announce(say(strings.BENCH_OCR, count=_ROUNDS))
    rows = reading.measure(known, _ROUNDS, _rounds_told(_ROUNDS))
    sums = reading.sum_up(rows)
    lines = columns([[row["picture"], row["reader"], *_ocr_cells(row)] for row in rows])
    lines.append(say(strings.BENCH_OCR_SUMS))
    lines += columns(
        [
            [row["reader"], *_ocr_cells(row), number(row["worst_character_error"] * 100, 2)]
            for row in sums
        ]
    )
    lines += [
        say(strings.BENCH_NOT_INSTALLED, name=name)
        for name in reading.READERS
        if name not in reading.installed()
    ]
    ours = next(row for row in sums if row["reader"] == reading.OURS)
    error = ours["character_error"] * 100
    what = strings.BENCH_OCR_ERROR
    targets = [Target("character_error_percent", what, strings.BENCH_PERCENT, 1.5, error, 2)]
    return Report({"rounds": _ROUNDS, "rows": rows, "sums": sums}, lines, targets)


def _ocr_cells(row: Figures) -> list[str]:
    return [
        number(row["character_error"] * 100, 2),
        number(row["word_recall"] * 100, 1),
        number(row["word_precision"] * 100, 1),
        number(row["seconds"], 2),
        number(row["cpu_s"], 2),
        number(row["peak_mb"]),
    ]


# --- start ---


def report_start() -> Report:
    _announce(say(strings.BENCH_START, count=_STARTS))
    rows = start.measure(_STARTS, _rounds_told(_STARTS))
    lines = [f"{row['program']}: {row['error']}" for row in rows if "error" in row]
    good = {row["program"]: row for row in rows if "error" not in row}
    lines += columns(
        [[name, number(row["ready_s"], 2), number(row["idle_mb"], 1)] for name, row in good.items()]
    )
    targets = []
    if start.APP in good:
        app = good[start.APP]
        ready, idle = app["ready_s"], app["idle_mb"]
        targets = [
            Target("ready_s", strings.BENCH_READY, strings.BENCH_S, 0.6, ready, 2),
            Target("idle_mb", strings.BENCH_IDLE, strings.BENCH_MB, 80, idle, 1),
        ]
    return Report({"rounds": _STARTS, "rows": rows}, lines, targets)


# --- keys ---


def report_keys() -> Report:
    _announce(say(strings.BENCH_KEYS, count=_PRESSES))
    rows = keys.measure(_PRESSES, _rounds_told(_PRESSES))
    lines = [f"{row['case']}: {row['error']}" for row in rows if "error" in row]
    good = {row["case"]: row for row in rows if "error" not in row}
    lines += columns(
        [
            [
                case,
                number(row["earcon_ms"]),
                number(row["first_word_ms"]),
                number(row["end_of_speech_s"], 1),
                number(row.get("command_ms")),
            ]
            for case, row in good.items()
        ]
    )
    targets = []
    if keys.WINDOW in good:
        row = good[keys.WINDOW]
        targets += [
            Target("earcon_ms", strings.BENCH_EARCON, strings.BENCH_MS, 50, row["earcon_ms"]),
            Target(
                "window_first_word_ms",
                strings.BENCH_WINDOW_FIRST,
                strings.BENCH_MS,
                700,
                row["first_word_ms"],
            ),
        ]
    if keys.PHOTO in good:
        what, figure = strings.BENCH_COMMAND, good[keys.PHOTO]["command_ms"]
        targets.append(Target("command_ms", what, strings.BENCH_MS, 300, figure))
    return Report({"presses": _PRESSES, "rows": rows}, lines, targets)
