"""`imagecraft-desktop describe` and `speak`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from imagecraft_desktop import strings
from imagecraft_desktop.cli.road import Road
from imagecraft_desktop.errors import (
    EXIT_BAD_INPUT,
    EXIT_DONE,
    EXIT_NO_SOUND,
    EXIT_USAGE,
    ImageCraftError,
    harmless,
)
from imagecraft_desktop.settings import store
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import FAILURE, Capture, Detail, Outcome, Picture, Progress, Request
from imagecraft_desktop.wishes import wish_for


def _captures(arguments: argparse.Namespace) -> Iterator[tuple[str, Callable[[], Capture]]]:
    """Each source's name and what takes it, in the order it will be described."""
    if arguments.window:
        from imagecraft_desktop.capture.window import grab_window

        yield "window", grab_window
    if arguments.screen is not None:
        from imagecraft_desktop.capture.screen import grab_screen

        yield f"screen {arguments.screen}", partial(grab_screen, arguments.screen)
    if arguments.region is not None:
        from imagecraft_desktop.capture.screen import grab_region

        name = "region " + ",".join(map(str, arguments.region))
        yield name, partial(grab_region, *arguments.region)
    if arguments.clipboard:
        from imagecraft_desktop.capture.clipboard import grab_clipboard

        yield "clipboard", grab_clipboard
    for source in arguments.sources:
        yield source, _named(source, arguments.allow_private)


def _named(source: str, allow_private: bool) -> Callable[[], Capture]:
    """What takes a source that was named: standard input, an address, or a file."""
    from imagecraft_desktop.capture import file

    if source == "-":
        return partial(file.from_stream, sys.stdin.buffer)
    if source.lower().startswith(("http://", "https://")):
        from imagecraft_desktop.capture.url import fetch

        return partial(fetch, source, allow_private=allow_private)
    return partial(file.from_path, Path(source))


def _print_progress(progress: Progress) -> None:
    statement = progress.statement
    if statement is not None and statement.source != FAILURE:
        print(statement.text, flush=True)


def tell(outcome: Outcome) -> int:
    """Print the warnings and failures of an outcome; the status it alone would end with."""
    found = outcome.description
    statements = found.statements if found is not None else ()
    failures = [one.text for one in statements if one.source == FAILURE]
    if failures:
        print(" ".join(failures), file=sys.stderr)
    for warning in outcome.warnings:
        print(warning, file=sys.stderr)
    if outcome.speech_failure is not None:
        print(outcome.speech_failure.spoken, file=sys.stderr)
        return outcome.speech_failure.exit_code
    return found.exit_code if found is not None else EXIT_DONE


def finish(arguments: argparse.Namespace, road: Road) -> int:
    """Wait for the sound and write the file; the status these alone would end with."""
    if (lost := road.listen()) and arguments.out is None:
        return lost
    if arguments.out is None:
        return EXIT_DONE
    from imagecraft_desktop.speak.save import save

    seconds = save(Path(arguments.out), road.kept())
    if not arguments.json:
        print(say(strings.CLI_SAVED, path=arguments.out, seconds=f"{seconds:.1f}"))
    return EXIT_DONE


def describe(arguments: argparse.Namespace) -> int:
    """Describe every source; the exit status is that of the first that failed."""
    sources = list(_captures(arguments))
    if not sources or "" in arguments.sources:
        print(say(strings.CLI_NO_SOURCE), file=sys.stderr)
        return EXIT_USAGE
    _check_out(arguments)
    road = Road(arguments, store.load().settings)
    statuses = []
    try:
        for source, take in sources:
            if len(sources) > 1 and not arguments.json:
                print(say(strings.CLI_SOURCE_NAME, name=harmless(source)), flush=True)
            try:
                statuses.append(_describe_one(arguments, road, source, take))
            except ImageCraftError as error:
                print(error.spoken, file=sys.stderr)
                statuses.append(error.exit_code)
        if arguments.out is None or road.has_kept or EXIT_DONE in statuses:
            statuses.append(finish(arguments, road))
    finally:
        road.close()
    return next((status for status in statuses if status != EXIT_DONE), EXIT_DONE)


def _describe_one(
    arguments: argparse.Namespace, road: Road, source: str, take: Callable[[], Capture]
) -> int:
    """Describe one source, or answer the questions about it one after the other; the status of the
    first that was not spoken. Raises ImageCraftError."""
    begun = time.perf_counter()
    capture = take()
    taken_ms = (time.perf_counter() - begun) * 1000
    detail = arguments.detail or Detail(road.settings.detail)
    statuses = []
    picture: Picture | None = None

    def follow(progress: Progress) -> None:
        nonlocal picture
        if progress.picture is not None:
            picture = progress.picture
        if not arguments.json:  # with it, statements are printed at the end only
            _print_progress(progress)

    for question in arguments.ask or [""]:
        road.listen()  # what was said before is heard to its end
        request = Request(
            capture,
            wish=wish_for(
                road.settings,
                detail,
                text_only=arguments.text,
                seed=arguments.seed,
                question=question,
            ),
            manner=road.manner,
            captioner=arguments.captioner or road.settings.captioner,
            captured_ms=taken_ms,
        )
        outcome = road.run(request, follow)
        if arguments.json:
            facts = outcome.facts(source) | ({"question": question} if question else {})
            print(json.dumps(facts, ensure_ascii=False), flush=True)
        statuses.append(tell(outcome))
        if not arguments.no_history:
            _keep(road.settings, request, outcome, picture)
        taken_ms = 0.0
    return next((status for status in statuses if status != EXIT_DONE), EXIT_DONE)


def _keep(settings: Settings, request: Request, outcome: Outcome, picture: Picture | None) -> None:
    """Put it into the history, as the running program does; trouble is told and changes nothing."""
    from imagecraft_desktop.history.record import entry_of, write
    from imagecraft_desktop.history.store import LIMITS, Limits, Store, is_possible, path

    entry = entry_of(request, outcome)
    if entry is None or not settings.history or not is_possible():
        return
    history = Store(path())
    forgets = not LIMITS & store.load().lost
    limits = Limits(settings.history_days, settings.history_mb, forgets)
    try:
        write(history, entry, picture if settings.history_pictures else None, limits)
    except ImageCraftError as error:
        print(error.spoken, file=sys.stderr)
    for sentence in history.take_notices():
        print(sentence, file=sys.stderr)


def speak(arguments: argparse.Namespace) -> int:
    """Speak a text, or what comes on standard input."""
    text = " ".join(arguments.text)
    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    if not text.strip():
        print(say(strings.CLI_NOTHING_TO_SAY), file=sys.stderr)
        return EXIT_BAD_INPUT
    _check_out(arguments)
    road = Road(arguments, store.load().settings)
    try:
        outcome = road.run(Request(None, text=text, manner=road.manner), lambda _: None)
        if arguments.json:
            print(json.dumps(outcome.facts("text"), ensure_ascii=False), flush=True)
        status = tell(outcome) or finish(arguments, road)
        is_silent = arguments.no_speak and arguments.out is None
        is_unheard = outcome.speech_failure is not None or status == EXIT_NO_SOUND
        if (is_silent or is_unheard) and not arguments.json:
            print(text, flush=True)
        return status
    finally:
        road.close()


def _check_out(arguments: argparse.Namespace) -> None:
    """Refuse a file that could not be written before any work is done."""
    if arguments.out is not None:
        from imagecraft_desktop.speak.save import check

        check(Path(arguments.out))
