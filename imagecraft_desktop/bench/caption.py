"""`bench caption`: how fast a captioning network of a published size is here.

With random weights, so nothing is downloaded. Measured in a process of its own (caption_steps).
"""

from __future__ import annotations

import argparse
import sys

from imagecraft_desktop import strings
from imagecraft_desktop.bench.caption_networks import KNOWN, find
from imagecraft_desktop.bench.parts import Report
from imagecraft_desktop.bench.process import Figures, Measurer
from imagecraft_desktop.bench.report import Target, columns, number
from imagecraft_desktop.strings import say

NAME = "caption"
MODES = ("fp32", "bf16", "fp16")
_STEPS = "imagecraft_desktop.bench.caption_steps"
_SECONDS = 30
_SENTENCE_MS = {"blip-base": 500, "florence-2-base": 1500}
_FIRST_MS = 40
_BOUND = 2


def wrong_words(arguments: argparse.Namespace) -> str:
    """What is wrong with the command line; empty when nothing is."""
    names = arguments.pictures[1:]
    strange = arguments.only or arguments.size or arguments.checkpoint
    if len(names) != 1 or find(names[0]) is None or strange or not arguments.random:
        return say(strings.BENCH_CAPTION_WORDS, names=", ".join(KNOWN))
    if arguments.mode not in (None, *MODES):
        return say(strings.BENCH_CAPTION_NO_MODE, names=", ".join(MODES))
    return ""


def report(arguments: argparse.Namespace) -> Report:
    """Measure the network that the command line names."""
    asked, device = arguments.pictures[1], arguments.device or "cpu"
    name = find(asked) or asked
    print(say(strings.BENCH_CAPTION_MEASURING, name=name), file=sys.stderr, flush=True)
    with Measurer(_STEPS, name, device, arguments.mode or "auto", str(_SECONDS)) as child:
        try:
            row = child.ask("measure")
        except RuntimeError as error:  # there is no such device, or the memory was too small
            row = {"error": str(error).splitlines()[-1]}
    if "error" in row:
        line = say(strings.BENCH_CAPTION_FAILED, name=name, reason=row["error"])
        return Report({"error": row["error"]}, [line])
    return Report({"row": row}, lines(row), targets(row))


def lines(row: Figures) -> list[str]:
    """For a person: this program beside plain transformers, then the rest in sentences."""
    plain = strings.BENCH_CAPTION_BARE if row["is_own"] else strings.BENCH_CAPTION_PLAIN
    rows = [
        [
            say(way),
            *(number(row[key]["ms"], 1) for key in (first, sentence)),
            number(row[sentence]["least_ms"], 1),
        ]
        for way, first, sentence in (
            (strings.BENCH_CAPTION_OURS, "first", "sentence"),
            (plain, "plain_first", "plain_sentence"),
        )
    ]
    return [
        say(
            strings.BENCH_CAPTION_HEAD,
            name=row["model"],
            millions=number(row["weights"] / 1e6),
            device=row["device_name"] or row["device"],
            mode=row["mode"],
        ),
        say(strings.BENCH_CAPTION_COLUMNS, count=row["tokens"]),
        *columns(rows),
        say(strings.BENCH_CAPTION_VISION, share=number(row["vision_share"] * 100)),
        *_step_lines(row),
        say(
            strings.BENCH_CAPTION_MEMORY,
            loaded=number(row["loaded_mb"]),
            peak=number(row["peak_mb"]),
            card=number(row["device_peak_mb"]),
        ),
        say(strings.BENCH_CAPTION_DEAF, number=number(row["longest_deaf_ms"])),
    ]


def _step_lines(row: Figures) -> list[str]:
    """Nothing when the steps were lost in what disturbed the first token."""
    if row["tokens_per_s"] is None:
        return []
    tokens, bound = number(row["tokens_per_s"], 1), number(row["bound_ratio"], 1)
    return [say(strings.BENCH_CAPTION_STEPS, tokens=tokens, bound=bound)]


def targets(row: Figures) -> list[Target]:
    """What was promised for this network on its device."""
    found = [
        Target(
            "deaf_ms", strings.BENCH_CAPTION_CANCEL, strings.BENCH_MS, 300, row["longest_deaf_ms"]
        )
    ]
    if not row["is_own"]:  # there is no other program to be as fast as
        found += [
            _times("ratio", strings.BENCH_CAPTION_RATIO, 1, row["ratio"]),
            _times("first_ratio", strings.BENCH_CAPTION_FIRST_RATIO, 1, row["first_ratio"]),
        ]
    if row["device"] == "cpu" and row["model"] in _SENTENCE_MS:
        limit = _SENTENCE_MS[row["model"]]
        what = strings.BENCH_CAPTION_SENTENCE
        found.append(Target("sentence_ms", what, strings.BENCH_MS, limit, row["sentence"]["ms"]))
    if row["device"] == "cuda" and row["bound_ratio"] is not None:
        found.append(_times("bound_ratio", strings.BENCH_CAPTION_BOUND, _BOUND, row["bound_ratio"]))
    if row["device"] == "cuda" and row["model"] == "paligemma-3b":
        what = strings.BENCH_CAPTION_FIRST
        found.append(Target("first_ms", what, strings.BENCH_MS, _FIRST_MS, row["first"]["ms"], 1))
    return found


def _times(name: str, what: str, limit: float, figure: float) -> Target:
    return Target(name, what, strings.BENCH_TIMES, limit, figure, 2)
