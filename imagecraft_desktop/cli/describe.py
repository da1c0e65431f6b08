"""`imagecraft-desktop describe` and `speak`: the road of a request, without the tray program.

The work runs in a thread, so that Ctrl+C and the end signal are answered at once: the sound stops,
the work is cancelled and the exit status is 6.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from imagecraft_desktop import strings
from imagecraft_desktop.engine.early import EarlyVoices
from imagecraft_desktop.engine.pipeline import Output, Pipeline
from imagecraft_desktop.errors import (
    EXIT_BAD_INPUT,
    EXIT_DONE,
    EXIT_USAGE,
    Cancelled,
    ImageCraftError,
    NoSoundDevice,
    VoiceMissing,
)
from imagecraft_desktop.settings import store
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.log import start_logging
from imagecraft_desktop.values import (
    Capture,
    Detail,
    Manner,
    Outcome,
    Progress,
    Request,
    Speech,
    Wish,
)

if TYPE_CHECKING:
    from imagecraft_desktop.speak.player import Player

T = TypeVar("T")

_LOOK_EVERY_S = 0.1
_LOADED_S = 5.0


class _Ears(Output):
    """The player, a list that is later written to a file, or both, as one output."""

    def __init__(self, player: Player | None, keep: bool) -> None:
        self._player = player
        self._keep = keep
        self.kept: list[Speech] = []
        self.silent: NoSoundDevice | None = None

    def begin(self) -> None:
        if self._player is not None:
            self._player.begin()

    def feed(self, speech: Speech) -> None:
        if self._keep:
            self.kept.append(speech)
        if self._player is None or self.silent is not None:
            return
        try:
            self._player.feed(speech)
        except NoSoundDevice as error:
            self.silent = error
            if not self._keep:
                raise

    def finish(self) -> None:
        if self._player is not None and self.silent is None:
            self._player.finish()


class _Road:
    """One pipeline, player and worker thread for all sources of a command line."""

    def __init__(self, arguments: argparse.Namespace, settings: Settings) -> None:
        from imagecraft_desktop.capture.decode import to_picture
        from imagecraft_desktop.speak.chain import make_chain
        from imagecraft_desktop.speak.player import Player

        start_logging(settings.log_level)
        if arguments.voice is not None:
            _check_voice(arguments.voice)
        self._cancel = threading.Event()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="describe")
        volume = settings.speech_volume if arguments.volume is None else arguments.volume
        self._player = None if arguments.no_speak else Player(settings.sound_device, volume=volume)
        self.ears = _Ears(self._player, keep=arguments.out is not None)
        self._output = self.ears if self._player is not None or arguments.out else None
        self._voices = EarlyVoices()
        self._pipeline = Pipeline(to_picture, self._voices)
        self._manner = Manner(
            rate=settings.speech_rate if arguments.rate is None else arguments.rate,
            seed=arguments.seed,
            language=getattr(arguments, "language", None) or strings.language(),
        )
        chain = make_chain(arguments.voice or settings.voice)
        if self._output is not None:
            self._voices.take(chain, self._manner.language)

    def manner(self) -> Manner:
        return self._manner

    def tick(self) -> None:
        if self._cancel.is_set():
            raise Cancelled

    def run(self, request: Request, report: Callable[[Progress], None]) -> Outcome:
        """The request's outcome. Raises KeyboardInterrupt when the user stops it."""
        try:
            return self._watched(
                lambda: self._pipeline.run(request, self._output, report, self.tick)
            )
        except ImageCraftError:
            self.ears.finish()  # what was begun is heard to its end; else `listen` waits for ever
            raise

    def listen(self) -> None:
        """Wait until everything was heard."""
        if self._player is not None and self.ears.silent is None:
            self._watched(self._player.wait)

    def close(self) -> None:
        if self._player is not None:
            self._player.close()
        self._worker.shutdown(wait=True)
        # a network that is being loaded while Python ends would end it with a crash
        self._voices.wait_loaded(_LOADED_S)

    def _watched(self, work: Callable[[], T]) -> T:
        future = self._worker.submit(work)
        try:
            while True:
                # with a time-out, because a plain wait hides Ctrl+C on Windows
                try:
                    return future.result(timeout=_LOOK_EVERY_S)
                except NotYet:
                    if future.done():
                        raise
        except KeyboardInterrupt:
            self._cancel.set()
            if self._player is not None:
                self._player.stop()
            raise


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
    if progress.statement is not None:
        print(progress.statement.text, flush=True)


def _finish(arguments: argparse.Namespace, road: _Road, failures: list[int]) -> int:
    """Wait for the sound, write the file, and say which status the command ends with."""
    road.listen()
    if arguments.out is not None and road.ears.kept:
        from imagecraft_desktop.speak.save import save

        seconds = save(Path(arguments.out), road.ears.kept)
        if not arguments.json:
            print(say(strings.CLI_SAVED, path=arguments.out, seconds=f"{seconds:.1f}"))
    return failures[0] if failures else EXIT_DONE


def _tell(outcome: Outcome, road: _Road, arguments: argparse.Namespace) -> int:
    """Print the warnings of an outcome; the status it alone would end with."""
    for warning in outcome.warnings:
        print(warning, file=sys.stderr)
    if outcome.speech_failure is not None:
        print(outcome.speech_failure.spoken, file=sys.stderr)
        return outcome.speech_failure.exit_code
    if road.ears.silent is not None:
        print(road.ears.silent.spoken, file=sys.stderr)
    return EXIT_DONE


def describe(arguments: argparse.Namespace) -> int:
    """Describe every source; the exit status is that of the first that failed."""
    sources = list(_captures(arguments))
    if not sources:
        print(say(strings.CLI_NO_SOURCE), file=sys.stderr)
        return EXIT_USAGE
    _check_out(arguments)
    settings = store.load().settings
    wish = Wish(arguments.detail or Detail(settings.detail), arguments.text, arguments.seed)
    captioner = arguments.captioner or settings.captioner
    road = _Road(arguments, settings)
    failures: list[int] = []
    report = _print_progress if not arguments.json else lambda _: None
    try:
        for source, take in sources:
            if len(sources) > 1 and not arguments.json:
                print(say(strings.CLI_SOURCE_NAME, name=source), flush=True)
            try:
                begun = time.perf_counter()
                capture = take()
                taken_ms = (time.perf_counter() - begun) * 1000
                road.listen()  # the description before is heard to its end
                request = Request(
                    capture,
                    wish=wish,
                    manner=road.manner(),
                    captioner=captioner,
                    captured_ms=taken_ms,
                )
                outcome = road.run(request, report)
            except ImageCraftError as error:
                print(error.spoken, file=sys.stderr)
                failures.append(error.exit_code)
                continue
            if arguments.json:
                print(json.dumps(outcome.facts(source), ensure_ascii=False), flush=True)
            if status := _tell(outcome, road, arguments):
                failures.append(status)
        return _finish(arguments, road, failures)
    finally:
        road.close()


def speak(arguments: argparse.Namespace) -> int:
    """Speak a text, or what comes on standard input."""
    text = " ".join(arguments.text)
    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    if not text.strip():
        print(say(strings.CLI_NOTHING_TO_SAY), file=sys.stderr)
        return EXIT_BAD_INPUT
    _check_out(arguments)
    road = _Road(arguments, store.load().settings)
    try:
        outcome = road.run(Request(None, text=text, manner=road.manner()), lambda _: None)
        if arguments.json:
            print(json.dumps(outcome.facts("text"), ensure_ascii=False), flush=True)
        status = _tell(outcome, road, arguments)
        return _finish(arguments, road, [status] if status else [])
    finally:
        road.close()


def _check_voice(name: str) -> None:
    """A voice asked for by name is meant: another one does not take its place unasked."""
    from imagecraft_desktop.speak.base import known

    voices = known()
    if name not in voices:
        step = say(strings.NEXT_CHOOSE_VOICE, names=", ".join(voices))
        raise VoiceMissing(name=name, next_step=step)
    if (why := voices[name].missing()) is not None:
        raise VoiceMissing(name=name, next_step=why)


def _check_out(arguments: argparse.Namespace) -> None:
    """Refuse a file that could not be written before any work is done."""
    if arguments.out is not None:
        from imagecraft_desktop.speak.save import check

        check(Path(arguments.out))
