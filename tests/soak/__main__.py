"""`python -m tests.soak`: see the package. Exit status 1 when something is off."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from imagecraft_desktop.bench.machine import describe_machine
from tests.desktop.desktop import Desktop, missing_programs
from tests.soak.course import Course

_PAUSE_S = 1.0
_WARM = 100


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--triggers", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pause", type=float, default=_PAUSE_S, help="the longest, in seconds")
    parser.add_argument("--warm", type=int, default=_WARM, help="triggers between measurings")
    parser.add_argument("--minutes", type=float, default=math.inf, help="end earlier then")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    return parser.parse_args(arguments)


def _figures(course: Course, wrong: list[str], minutes: float, seed: int) -> dict[str, Any]:
    return {
        "machine": describe_machine(),
        "seed": seed,
        "minutes": round(minutes, 1),
        "triggers": course.account.count,
        "sources": dict(course.account.sources.most_common()),
        "ends": dict(course.account.ends.most_common()),
        "costs": [asdict(one) for one in course.costs],
        "wrong": wrong,
    }


def _told(figures: dict[str, Any]) -> str:
    first, last = figures["costs"][0], figures["costs"][-1]
    rows = [
        f"{figures['triggers']} triggers in {figures['minutes']} minutes, seed {figures['seed']}"
    ]
    for part in ("sources", "ends"):
        rows += [f"  {count:5} {name}" for name, count in figures[part].items()]
    for name in ("memory_mb", "threads", "files"):
        rows.append(f"{name}: warm {first[name]:.1f}, at the end {last[name]:.1f}")
    rows += [f"WRONG: {sentence}" for sentence in figures["wrong"]]
    return "\n".join(rows)


def main(arguments: list[str]) -> int:
    wish = _parsed(arguments)
    if missing := missing_programs():
        print("Install first:", " ".join(missing), file=sys.stderr)
        return 1
    desktop = Desktop()
    try:
        desktop.begin_test(0)
        begun = time.monotonic()
        course = Course(desktop, wish.seed, wish.pause)
        course.run(wish.triggers, wish.warm, lambda text: print(text, flush=True), wish.minutes)
        minutes = (time.monotonic() - begun) / 60
    finally:
        desktop.close()
    wrong = course.account.wrong + course.check_costs()
    figures = _figures(course, wrong, minutes, wish.seed)
    print(_told(figures))
    if wish.json:
        wish.json.write_text(json.dumps(figures, indent=2) + "\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
