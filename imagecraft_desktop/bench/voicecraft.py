"""`bench voicecraft`: how fast the VoiceCraft network is here in each mode, and what a mode costs.

Real sizes with random weights, so nothing is downloaded; or a checkpoint. Each mode is measured in a
process of its own (voicecraft_steps), then compared with the exact network (voicecraft_likeness).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.bench.parts import Report
from imagecraft_desktop.bench.process import Figures, Measurer
from imagecraft_desktop.bench.report import Target, columns, number
from imagecraft_desktop.bench.voicecraft_network import SIZES, Plan
from imagecraft_desktop.bench.voicecraft_steps import MACHINE, MIDDLE
from imagecraft_desktop.strings import say

NAME = "voicecraft"
OPTIONS = ("size", "mode", "device", "checkpoint")
"""Of the command line, that no other part has."""
_STEPS = "imagecraft_desktop.bench.voicecraft_steps"
_LIKENESS = "imagecraft_desktop.bench.voicecraft_likeness"
_FASTEST_CARD = "H200"
_MB = 1e6


class NotHere(Exception):
    """What is wished cannot be measured; the text is the sentence for the user."""


def plan_of(arguments: argparse.Namespace) -> Plan:
    """What the command line wishes. Raises NotHere: there is no such checkpoint."""
    folder = arguments.checkpoint or ""
    if folder and not Path(folder).exists():
        raise NotHere(say(strings.BENCH_VOICECRAFT_NO_CHECKPOINT, folder=folder))
    return Plan(
        SIZES[arguments.size or next(iter(SIZES))], arguments.device or "cpu", checkpoint=folder
    )


def report(plan: Plan, mode: str | None) -> Report:
    """Measure one mode, or all that run on the device.

    Raises:
        NotHere: There is no such device, the mode does not run on it, or the checkpoint cannot be read.
    """
    facts = _ask_machine(plan, mode)
    modes = [mode] if mode else facts["modes"]
    _announce(plan, facts)
    rows = [_measure(plan, one) for one in modes]
    good = [row for row in rows if "error" not in row]
    likeness = _compare(plan, [row["mode"] for row in good])
    lines = [
        say(strings.BENCH_VOICECRAFT_FAILED, mode=row["mode"], reason=row["error"])
        for row in [*rows, *likeness]
        if "error" in row
    ]
    alike = [row for row in likeness if "error" not in row]
    if good:
        of_steps = [*_step_lines(good), *_bound_lines(good), *_attention_lines(good)]
        lines = [*of_steps, *_start_lines(good), *_deaf_lines(good), *lines]
    if alike:
        lines += _likeness_lines(alike)
    found: dict[str, Any] = {
        "size": size_of(good[0]) if good else None,
        "checkpoint": Path(plan.checkpoint).name or None,
        **{key: facts[key] for key in ("device", "device_name", "torch", "processor_kernels")},
        "rows": rows,
        "likeness": likeness,
    }
    return Report(found, lines, targets(good, facts["device_name"]))


def size_of(row: Figures) -> str | None:
    """The name of the published size that a row is of, if it is one."""
    wanted = (row["d_model"], row["n_layers"])
    sizes = {(size.d_model, size.n_layers): name for name, size in SIZES.items()}
    return sizes.get(wanted)


# --- asking the children ---


def _ask_machine(plan: Plan, mode: str | None) -> Figures:
    with Measurer(_STEPS, plan.to_text()) as child:
        facts = child.ask(MACHINE)
    if not facts["modes"]:
        raise NotHere(say(strings.BENCH_VOICECRAFT_NO_DEVICE, device=plan.device))
    if mode and mode not in facts["modes"]:
        names = ", ".join(facts["modes"])
        raise NotHere(
            say(strings.BENCH_VOICECRAFT_NO_MODE, mode=mode, device=plan.device, names=names)
        )
    return facts


def _measure(plan: Plan, mode: str) -> Figures:
    _tell(say(strings.BENCH_VOICECRAFT_MEASURING, mode=mode))
    with Measurer(_STEPS, plan.to_text()) as child:
        return _asked(child, mode)


def _compare(plan: Plan, modes: Sequence[str]) -> list[Figures]:
    """A row for each mode beside the exact one."""
    rows: list[Figures] = []
    wanted = [mode for mode in modes if mode != "fp32"]
    if not wanted:
        return rows
    with Measurer(_LIKENESS, plan.to_text()) as child:
        for mode in wanted:
            _tell(say(strings.BENCH_VOICECRAFT_COMPARING, mode=mode))
            rows.append(_asked(child, mode))
            if "error" in rows[-1]:
                break  # there is nobody left to ask
    return rows


def _asked(child: Measurer, mode: str) -> Figures:
    """One row; what went wrong is its "error", so that the other modes still have their figures.

    Raises:
        NotHere: The checkpoint cannot be read, in any mode.
    """
    try:
        row = child.ask(mode)
    except RuntimeError as error:  # mostly that there is not enough memory
        return {"mode": mode, "error": str(error).splitlines()[-1]}
    if "error" in row:
        raise NotHere(row["error"])
    return row


def _tell(sentence: str) -> None:
    """How far it is: on standard error, beside the results."""
    print(sentence, file=sys.stderr, flush=True)


# --- lines for a person ---


def _announce(plan: Plan, facts: Figures) -> None:
    name = facts["device_name"] or plan.device
    if plan.checkpoint:
        what = Path(plan.checkpoint).name
        print(say(strings.BENCH_VOICECRAFT_CHECKPOINT, name=what, device=name), flush=True)
        return
    (size,) = (key for key, size in SIZES.items() if size == plan.size)
    print(say(strings.BENCH_VOICECRAFT_RANDOM, size=size, device=name), flush=True)


def _step_lines(rows: Sequence[Figures]) -> list[str]:
    return [
        say(strings.BENCH_VOICECRAFT_STEPS, count=rows[0]["n_tries"]),
        *columns(
            [
                [
                    row["mode"],
                    *(number(step["ms"], 2) for step in row["steps"]),
                    number(_middle(row)["least_ms"], 2),
                    number(row["flatness"], 2),
                    number(row["tries"]["ms"], 2),
                    number(row["tries_ratio"], 2),
                    number(row["real_time_factor"], 2),
                ]
                for row in rows
            ]
        ),
    ]


def _bound_lines(rows: Sequence[Figures]) -> list[str]:
    return [
        say(strings.BENCH_VOICECRAFT_BOUNDS),
        *columns(
            [
                [
                    row["mode"],
                    number(row["pass"]["ms"], 2),
                    number(row["pass"]["least_ms"], 2),
                    number(row["pass_ratio"], 2),
                    number(row["usual_pass"]["ms"] if row["usual_pass"] else None, 2),
                    number(row["usual_pass_ratio"], 2),
                    number(_middle(row)["bytes"] / _MB),
                    number(row["gb_s"], 1),
                    number(_middle(row)["bound_ms"], 2),
                    number(row["bound_ratio"], 2),
                ]
                for row in rows
            ]
        ),
    ]


def _attention_lines(rows: Sequence[Figures]) -> list[str]:
    rows = [row for row in rows if row["flatness_bound"] is not None]
    if not rows:
        return []
    return [
        say(strings.BENCH_VOICECRAFT_ATTENTION),
        *columns(
            [
                [
                    row["mode"],
                    *(number(step["attention"]["ms"], 2) for step in row["steps"]),
                    *(number(step["attention_share"] * 100) for step in row["steps"]),
                    number(row["flatness"], 2),
                    number(row["flatness_bound"], 2),
                ]
                for row in rows
            ]
        ),
    ]


def _start_lines(rows: Sequence[Figures]) -> list[str]:
    return [
        say(strings.BENCH_VOICECRAFT_START),
        *columns(
            [
                [
                    row["mode"],
                    number(row["pack_s"], 1),
                    number(row["prefill"]["ms"]),
                    number(row["first_sound"]["ms"]),
                    number(row["load_peak_mb"]),
                    number(row["loaded_mb"]),
                    number(row["peak_mb"]),
                    number(row["device_peak_mb"]),
                ]
                for row in rows
            ]
        ),
    ]


def _deaf_lines(rows: Sequence[Figures]) -> list[str]:
    parts = ("prompt", "speaking", "sound")
    return [
        say(strings.BENCH_VOICECRAFT_DEAF),
        *columns(
            [[row["mode"], *(number(row["deaf_ms"][part]) for part in parts)] for row in rows]
        ),
    ]


def _likeness_lines(rows: Sequence[Figures]) -> list[str]:
    lines = [
        say(strings.BENCH_VOICECRAFT_LIKENESS, count=rows[0]["steps"]),
        *columns(
            [
                [
                    row["mode"],
                    number(row["same_likeliest"] * 100, 1),
                    number(row["same_draws"] * 100, 1),
                    f"{row['divergence']:.2g}",
                    f"{row['largest_difference']:.2g}",
                    number(row["sound_difference"], 3),
                ]
                for row in rows
            ]
        ),
    ]
    if not rows[0]["is_speech"]:
        lines.append(say(strings.BENCH_VOICECRAFT_NO_SPEECH))
    return [*lines, *_word_lines(rows)]


def _word_lines(rows: Sequence[Figures]) -> list[str]:
    """What was heard of a sentence that each mode said, or why nobody listened."""
    if not rows[0]["is_speech"]:
        return [say(strings.BENCH_VOICECRAFT_NO_WORDS)]
    if rows[0]["word_error"] is None:
        return [say(strings.BENCH_VOICECRAFT_NO_WHISPER)]
    return [
        say(strings.BENCH_VOICECRAFT_WORDS),
        *columns(
            [
                [row["mode"], *(_percent(row[key]) for key in ("word_error", "exact_word_error"))]
                for row in rows
            ]
        ),
    ]


def _percent(share: float | None) -> str:
    return number(None if share is None else share * 100, 1)


def _middle(row: Figures) -> Figures:
    step: Figures = next(step for step in row["steps"] if step["position"] == MIDDLE)
    return step


# --- targets ---


def targets(rows: Sequence[Figures], card: str = "") -> list[Target]:
    """What was promised for the device that the rows are of.

    Args:
        card: What the graphics card is called; some is promised of one only.
    """
    if not rows:
        return []
    by_mode = {row["mode"]: row for row in rows}
    size = size_of(rows[0])
    on_cuda = rows[0]["device"] == "cuda"
    flatness = max(row["flatness"] for row in rows)
    deaf_ms = max(max(row["deaf_ms"].values()) for row in rows)
    return [
        *(_cuda_targets(by_mode, size, card) if on_cuda else _processor_targets(by_mode, size)),
        Target("deaf_ms", strings.BENCH_CAPTION_CANCEL, strings.BENCH_MS, 200, deaf_ms),
        _times("flatness", strings.BENCH_VOICECRAFT_FLAT, 1.15, flatness),
    ]


def _processor_targets(by_mode: dict[str, Figures], size: str | None) -> list[Target]:
    found = []
    if size == "330":
        best = min(_middle(row)["ms"] for row in by_mode.values())
        what = strings.BENCH_VOICECRAFT_BEST
        found.append(Target("best_step_ms", what, strings.BENCH_MS, 20, best, 1))
    if size == "830" and "int8" in by_mode:
        step = _middle(by_mode["int8"])["ms"]
        what = strings.BENCH_VOICECRAFT_INT8
        found.append(Target("int8_step_ms", what, strings.BENCH_MS, 60, step, 1))
    limits = (
        ("fp32", strings.BENCH_VOICECRAFT_FP32_PASS, 1.3),
        ("bf16", strings.BENCH_VOICECRAFT_BF16_PASS, 1.3),
        ("int8", strings.BENCH_VOICECRAFT_INT8_PASS, 1.5),
    )
    found += [
        _times(f"{mode}_pass_ratio", what, limit, by_mode[mode]["usual_pass_ratio"])
        for mode, what, limit in limits
        if mode in by_mode and size
    ]
    if "bf16" in by_mode and size:
        ratio = by_mode["bf16"]["tries_ratio"]
        found.append(_times("bf16_tries_ratio", strings.BENCH_VOICECRAFT_TRIES, 1.5, ratio))
    return found


def _cuda_targets(by_mode: dict[str, Figures], size: str | None, card: str) -> list[Target]:
    if size != "830" or "bf16" not in by_mode:
        return []
    row = by_mode["bf16"]
    first = row["first_sound"]["ms"]
    what = strings.BENCH_VOICECRAFT_FIRST
    of_card = []
    if _FASTEST_CARD in card:
        ms, step = _middle(row)["ms"], strings.BENCH_VOICECRAFT_BF16
        factor, real_time = row["real_time_factor"], strings.BENCH_VOICECRAFT_REAL_TIME
        of_card = [
            Target("bf16_step_ms", step, strings.BENCH_MS, 0.8, ms, 2),
            Target("bf16_real_time_factor", real_time, strings.BENCH_TIMES, 0.05, factor, 3),
        ]
    return [
        *of_card,
        _times("bf16_bound_ratio", strings.BENCH_VOICECRAFT_BOUND, 2, row["bound_ratio"]),
        _times("bf16_tries_ratio", strings.BENCH_VOICECRAFT_TRIES, 2, row["tries_ratio"]),
        Target("first_sound_ms", what, strings.BENCH_MS, 150, first),
    ]


def _times(name: str, what: str, limit: float, figure: float) -> Target:
    return Target(name, what, strings.BENCH_TIMES, limit, figure, 2)
