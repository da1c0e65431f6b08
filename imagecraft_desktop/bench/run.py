"""`imagecraft-desktop bench`: measures this machine and prints figures beside their targets.

Each part measures in processes of its own and gives rows; here they become lines and a JSON file.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.bench import caption, certainty, keys, machine, parts, pictures, voicecraft
from imagecraft_desktop.bench.report import number
from imagecraft_desktop.errors import EXIT_BAD_INPUT, EXIT_DONE, EXIT_USAGE, NotRunning
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.desktop import session_kind
from imagecraft_desktop.trigger import client
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.weights import certainty as kept_certainty

PARTS = ("pictures", "ocr", "start", "keys")
ON_OUTPUT = "-"
"""In the place of a file: standard output, which then has nothing else."""
Facts = dict[str, Any]
_VERSION = 1


def bench(arguments: argparse.Namespace) -> int:
    """Measure; the exit status. A missed target is told, it is no failure."""
    if arguments.json != ON_OUTPUT:
        return _bench(arguments, _write)
    out = sys.stdout
    with redirect_stdout(sys.stderr):
        return _bench(arguments, lambda facts, _: print(_as_json(facts), file=out))


def _bench(arguments: argparse.Namespace, keep: Callable[[Facts, str], None]) -> int:
    """Args: keep: Takes the figures and the name given with --json, if it was."""
    first = arguments.pictures[:1]
    is_voicecraft, is_caption = first == [voicecraft.NAME], first == [caption.NAME]
    is_certainty = first == [certainty.NAME]
    if (arguments.keep or arguments.forget) and not is_certainty:
        option = "--keep" if arguments.keep else "--forget"
        problem = say(strings.BENCH_CERTAINTY_ONLY, option=option)
    elif is_caption:
        problem = caption.wrong_words(arguments)
    elif is_certainty:
        problem = certainty.wrong_words(arguments) or _wrong_words(arguments, False, ("device",))
    else:
        problem = _wrong_words(arguments, is_voicecraft)
    if problem:
        print(problem, file=sys.stderr)
        return EXIT_USAGE
    if arguments.forget:
        return _forget_certainty(arguments.pictures[1])
    facts: Facts = {
        "version": _VERSION,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine.describe_machine(),
        "parts": {},
    }
    if is_caption:
        _run(facts, caption.NAME, lambda: caption.report(arguments))
        status = EXIT_DONE
    elif is_voicecraft:
        status = _bench_voicecraft(arguments, facts)
    elif is_certainty:
        status = _bench_certainty(arguments, facts)
    else:
        status = _bench_pictures(arguments, facts)
    if status == EXIT_DONE and arguments.json:
        keep(facts, arguments.json)
    return status


def _wrong_words(
    arguments: argparse.Namespace, is_voicecraft: bool, allowed: Sequence[str] = ()
) -> str:
    """What is wrong with the command line; empty when nothing is.

    Args:
        allowed: Options of the networks that are taken besides.
    """
    if is_voicecraft:
        is_alone = len(arguments.pictures) == 1 and arguments.only is None
        return "" if is_alone else say(strings.BENCH_VOICECRAFT_ALONE)
    options = (*voicecraft.OPTIONS, "random")
    strange = [
        f"--{name}"
        for name in options
        if name not in allowed and getattr(arguments, name) is not None
    ]
    if strange:
        return say(strings.BENCH_VOICECRAFT_ONLY, names=", ".join(strange))
    if arguments.only not in (None, *PARTS):
        return say(strings.BENCH_NO_PART, parts=", ".join(PARTS))
    return ""


def _bench_voicecraft(arguments: argparse.Namespace, facts: Facts) -> int:
    try:
        plan = voicecraft.plan_of(arguments)
        _run(facts, voicecraft.NAME, lambda: voicecraft.report(plan, arguments.mode))
    except voicecraft.NotHere as reason:
        print(reason, file=sys.stderr)
        return EXIT_BAD_INPUT
    return EXIT_DONE


def _bench_certainty(arguments: argparse.Namespace, facts: Facts) -> int:
    from imagecraft_desktop.describe.base import known, make
    from imagecraft_desktop.describe.facts_first import FactsFirst

    _, name, *folders = arguments.pictures
    found = certainty.known_pictures(folders)
    if not found:
        print(say(strings.BENCH_CERTAINTY_NO_PICTURES), file=sys.stderr)
        return EXIT_BAD_INPUT
    captioner = make(name, known())
    if not isinstance(captioner, FactsFirst):
        print(say(strings.BENCH_CERTAINTY_NO_NETWORK, name=name), file=sys.stderr)
        return EXIT_BAD_INPUT
    keep_as = certainty.installed_as(captioner) if arguments.keep else ""
    if arguments.keep and not keep_as:
        print(say(strings.BENCH_CERTAINTY_NOT_INSTALLED, name=name), file=sys.stderr)
        return EXIT_BAD_INPUT
    captioner.load(arguments.device or "auto")
    _run(
        facts,
        certainty.NAME,
        lambda: certainty.report(name, captioner, found, keep_as=keep_as),
    )
    return EXIT_DONE


def _forget_certainty(name: str) -> int:
    if not kept_certainty.forget(name):
        print(say(strings.BENCH_CERTAINTY_NOTHING, name=name), file=sys.stderr)
        return EXIT_BAD_INPUT
    print(say(strings.BENCH_CERTAINTY_FORGOTTEN, name=name))
    return EXIT_DONE


def _bench_pictures(arguments: argparse.Namespace, facts: Facts) -> int:
    named = [Path(name) for name in arguments.pictures] or [pictures.samples()]
    found = pictures.pictures_in(path for path in named if path.exists())
    if not found or not all(path.exists() for path in named):
        print(say(strings.BENCH_NO_PICTURES), file=sys.stderr)
        return EXIT_BAD_INPUT
    for part in PARTS if arguments.only is None else (arguments.only,):
        _run(facts, part, partial(_measure, part, found))
    return EXIT_DONE


def _run(facts: Facts, part: str, measure: Callable[[], parts.Report]) -> None:
    """Measure a part, tell it and add it to the facts."""
    if not facts["parts"]:
        _print(_machine_lines(facts["machine"]))
    before = machine.load()
    report = measure()
    facts["parts"][part] = {
        "load_before": before,
        "load_after": machine.load(),
        **report.rows,
        "targets": [target.facts() for target in report.targets],
    }
    _print(report.lines)
    _print([target.line() for target in report.targets])


def _as_json(facts: Facts) -> str:
    return json.dumps(facts, indent=1, ensure_ascii=False)


def _write(facts: Facts, path: str) -> None:
    Path(path).write_text(f"{_as_json(facts)}\n", encoding="utf-8")
    print(say(strings.BENCH_WRITTEN, path=path))


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
