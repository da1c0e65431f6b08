"""`imagecraft-desktop bench`: measures this machine and prints figures beside their targets.

Each part measures in processes of its own and gives rows; here they become lines and a JSON file.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.bench import keys, machine, parts, pictures
from imagecraft_desktop.bench.report import number
from imagecraft_desktop.errors import EXIT_BAD_INPUT, EXIT_DONE, EXIT_USAGE, NotRunning
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.desktop import session_kind
from imagecraft_desktop.trigger import client
from imagecraft_desktop.trigger.actions import Action

PARTS = ("pictures", "ocr", "start", "keys")
_VERSION = 1


def bench(arguments: argparse.Namespace) -> int:
    """Measure; the exit status. A missed target is told, it is no failure."""
    wanted = PARTS if arguments.only is None else (arguments.only,)
    if wanted[0] not in PARTS:
        print(say(strings.BENCH_NO_PART, parts=", ".join(PARTS)), file=sys.stderr)
        return EXIT_USAGE
    named = [Path(name) for name in arguments.pictures] or [pictures.samples()]
    found = pictures.pictures_in(path for path in named if path.exists())
    if not found or not all(path.exists() for path in named):
        print(say(strings.BENCH_NO_PICTURES), file=sys.stderr)
        return EXIT_BAD_INPUT
    facts: dict[str, Any] = {
        "version": _VERSION,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine.describe_machine(),
        "parts": {},
    }
    _print(_machine_lines(facts["machine"]))
    for part in wanted:
        before = machine.load()
        report = _measure(part, found)
        facts["parts"][part] = {
            "load_before": before,
            "load_after": machine.load(),
            **report.rows,
            "targets": [target.facts() for target in report.targets],
        }
        _print(report.lines)
        _print([target.line() for target in report.targets])
    if arguments.json:
        text = json.dumps(facts, indent=1, ensure_ascii=False)
        Path(arguments.json).write_text(f"{text}\n", encoding="utf-8")
        print(say(strings.BENCH_WRITTEN, path=arguments.json))
    return EXIT_DONE


def _measure(part: str, found: Sequence[Path]) -> parts.Report:
    if part == "pictures":
        return parts.report_pictures(found)
    if part == "ocr":
        return parts.report_ocr(found)
    why_not = _hindrance(part)
    if why_not:
        return parts.Report(rows={"left_out": why_not}, lines=[why_not])
    return parts.report_start() if part == "start" else parts.report_keys()


def _hindrance(part: str) -> str:
    """Why a part cannot be measured here; empty when it can."""
    if sys.platform != "linux":
        return say(strings.BENCH_LINUX_ONLY, part=part)
    if session_kind() == "none":
        return say(strings.BENCH_NO_SCREEN, part=part)
    try:
        client.send(Action.STATUS)
        return say(strings.BENCH_RUNNING, part=part)
    except NotRunning:
        pass
    if part == "keys" and session_kind() != "x11":
        return say(strings.BENCH_X11_ONLY, part=part)
    if part == "keys" and (missing := keys.missing_programs()):
        return say(strings.BENCH_NO_PROGRAM, part=part, names=", ".join(missing))
    return ""


def _print(lines: Sequence[str]) -> None:
    for line in lines:
        print(line, flush=True)


def _machine_lines(facts: dict[str, Any]) -> list[str]:
    versions = ", ".join(f"{name} {version}" for name, version in facts["packages"].items())
    return [
        say(
            strings.BENCH_MACHINE,
            count=facts["cores"],
            processor=facts["processor"],
            gigabytes=number(facts["memory_gb"], 1),
            system=facts["system"],
            python=facts["python"],
        ),
        say(strings.BENCH_VERSIONS, names=versions),
        "",
    ]
