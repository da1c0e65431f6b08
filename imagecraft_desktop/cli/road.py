"""The road of a request without the tray program: one pipeline, one player, one worker thread.

Used by `describe` and `speak`. The work runs in a thread, so that Ctrl+C and the end signal are
answered at once: the sound stops and the work is cancelled.
"""

from __future__ import annotations

import argparse
import logging
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from typing import TYPE_CHECKING, TypeVar

from imagecraft_desktop import strings
from imagecraft_desktop.engine.early import EarlyVoices
from imagecraft_desktop.engine.pipeline import Output, Pipeline
from imagecraft_desktop.errors import (
    EXIT_DONE,
    EXIT_NO_SOUND,
    Cancelled,
    ImageCraftError,
    NoSoundDevice,
    NotRunning,
    SpeechNotSaved,
    VoiceMissing,
    VoiceNotReady,
)
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.speak.reader.route import VOICE, Route
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import memory, paths
from imagecraft_desktop.system.log import start_logging
from imagecraft_desktop.system.tenancy import Tenancy
from imagecraft_desktop.trigger import client
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.values import Manner, Outcome, Progress, Request, Speech

if TYPE_CHECKING:
    from imagecraft_desktop.speak.player import Player, PlayerEvent
    from imagecraft_desktop.speak.voicecraft import VoiceCraftWish

log = logging.getLogger(__name__)

T = TypeVar("T")

_LOOK_EVERY_S = 0.1
_LOADED_S = 5.0


class _Ears(Output):
    """The player, a list that is later written to a file, or both, as one output.

    Two commands at once take turns: the second one prints at once and speaks when the first has
    ended, for two voices cannot be understood.
    """

    def __init__(self, player: Player | None, keep: bool, tick: Callable[[], None]) -> None:
        from filelock import FileLock

        self._player = player
        self._keep = keep
        self._tick = tick
        self._turn = FileLock(paths.runtime_dir() / "speaking.lock", thread_local=False)
        self.kept: list[Speech] = []
        self.is_deaf = False

    def begin(self) -> None:
        if self._player is not None:
            self._player.begin()

    def feed(self, speech: Speech) -> None:
        if self._keep:
            self.kept.append(speech)
        if self._player is None or self.is_deaf:
            return
        self._take_turn()
        try:
            self._player.feed(speech)
        except NoSoundDevice:
            self.is_deaf = True
            if not self._keep:
                raise
            print(say(strings.CLI_ONLY_SAVED), file=sys.stderr)

    def finish(self) -> None:
        if self._player is not None and not self.is_deaf:
            self._player.finish()

    def close(self) -> None:
        """Let the next command speak."""
        self._turn.release()

    def _take_turn(self) -> None:
        """Wait for the turn to speak. Raises Cancelled."""
        if self._turn.is_locked:
            return
        from filelock import Timeout

        try:
            paths.runtime_dir().mkdir(parents=True, exist_ok=True, mode=0o700)
            while True:
                self._tick()
                try:
                    self._turn.acquire(timeout=_LOOK_EVERY_S)
                    return
                except Timeout:
                    continue
        except OSError as error:
            log.warning("no lock for the voice: %s", type(error).__name__)


class Road:
    """Runs requests one after the other and plays or keeps their speech.

    Args:
        arguments: voice, rate, volume, seed, out, no_speak; for `speak` also language.
    """

    def __init__(self, arguments: argparse.Namespace, settings: Settings) -> None:
        from imagecraft_desktop.capture.decode import to_picture
        from imagecraft_desktop.speak.chain import make_chain
        from imagecraft_desktop.speak.voicecraft import VoiceCraftWish

        start_logging(settings.log_level)
        self.settings = settings
        voice = arguments.voice or settings.voice
        wish = VoiceCraftWish(settings.voicecraft_model, settings.voicecraft_mode)
        is_kept = arguments.out is not None
        _check_voice(voice, wish, is_meant=arguments.voice is not None, is_kept=is_kept)
        self._cancel = threading.Event()
        self._player = None if arguments.no_speak else self._make_player(arguments)
        self._ears = _Ears(self._player, arguments.out is not None, self.tick)
        self._output = self._ears if self._player is not None or arguments.out else None
        self._voices = EarlyVoices()
        tenancy = Tenancy(memory.machine_bytes())
        route = _route(arguments, settings)
        self._pipeline = Pipeline(to_picture, self._voices, tenancy=tenancy, route=route)
        self.manner = Manner(
            rate=settings.speech_rate if arguments.rate is None else arguments.rate,
            seed=arguments.seed,
            language=getattr(arguments, "language", None) or strings.language(),
            pitch=settings.speech_pitch if arguments.pitch is None else arguments.pitch,
            is_kept=is_kept,
        )
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="describe")
        if self._player is not None:
            _silence_program()
        if self._output is not None:
            chain = make_chain(voice, wish, tenancy)
            self._voices.take(chain, self.manner.language, tick=self.tick)

    def tick(self) -> None:
        if self._cancel.is_set():
            raise Cancelled

    def run(self, request: Request, report: Callable[[Progress], None]) -> Outcome:
        """The request's outcome. Raises ImageCraftError, or KeyboardInterrupt when it is stopped."""
        try:
            return self._watched(
                lambda: self._pipeline.run(request, self._output, report, self.tick)
            )
        except ImageCraftError:
            self._ears.finish()  # what was begun is heard to its end; else `listen` waits for ever
            raise

    def listen(self) -> int:
        """Wait until everything was heard; the status, which tells of a device that was lost."""
        if self._player is None or self._ears.is_deaf:
            return EXIT_DONE
        return EXIT_DONE if self._watched(self._player.wait) else EXIT_NO_SOUND

    @property
    def has_kept(self) -> bool:
        """Whether there is speech for a file."""
        return bool(self._ears.kept)

    def kept(self) -> list[Speech]:
        """The speech for a file. Raises SpeechNotSaved when there is none."""
        if not self._ears.kept:
            raise SpeechNotSaved(name=self.settings.voice)
        return self._ears.kept

    def rest(self) -> None:
        """Let other commands speak until the next request."""
        self._ears.close()

    def stop(self) -> None:
        """End the work and the sound, for good. From any thread."""
        self._cancel.set()
        if self._player is not None:
            self._player.stop()

    def close(self) -> None:
        if self._player is not None:
            self._player.close()
        self._worker.shutdown(wait=True)
        self._ears.close()
        # a network that is being loaded while Python ends would end it with a crash
        self._voices.wait_loaded(_LOADED_S)

    def _make_player(self, arguments: argparse.Namespace) -> Player:
        from imagecraft_desktop.speak.player import Player

        volume = self.settings.speech_volume if arguments.volume is None else arguments.volume
        return Player(self.settings.sound_device, volume, self._hear_player)

    def _hear_player(self, event: PlayerEvent) -> None:
        """The player tells, in a thread of its own, of a device that is unknown or lost."""
        if event.spoken:
            print(event.spoken, file=sys.stderr)

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
            self.stop()
            raise


def _route(arguments: argparse.Namespace, settings: Settings) -> Route:
    """A reader gets the text, unless a voice was named or a file is wanted."""
    if arguments.voice is not None or arguments.out is not None:
        return Route(VOICE)
    return Route(settings.output_route)


def _silence_program() -> None:
    """Stop the running program's speech: two voices at once cannot be understood."""
    try:
        if is_program_speaking():
            client.send(Action.STOP)
    except NotRunning:
        return


def is_program_speaking() -> bool:
    """Whether the running program speaks, or is about to."""
    try:
        state = client.send(Action.STATUS).get("state")
        return state in {"waiting", "describing", "speaking"}
    except NotRunning:
        return False


def _check_voice(name: str, wish: VoiceCraftWish, *, is_meant: bool, is_kept: bool) -> None:
    """Refuse a voice that cannot do what was asked.

    Args:
        is_meant: It was asked for by name, so another one does not take its place unasked.
        is_kept: Its speech goes to a file.
    """
    from imagecraft_desktop.speak import prompts
    from imagecraft_desktop.speak.base import known
    from imagecraft_desktop.speak.chain import own_voice
    from imagecraft_desktop.speak.silence import SilenceVoice
    from imagecraft_desktop.speak.voicecraft import VoiceCraftVoice

    voices = known()
    if name in voices and is_kept and (voices[name].plays_itself or name == SilenceVoice.name):
        raise SpeechNotSaved(name=name)
    if not is_meant:
        return
    if (own := own_voice(name)) is not None:
        if (why := VoiceCraftVoice(own, wish).why_not()) is not None:
            raise VoiceNotReady(name=own, next_step=why)
        return
    if name not in voices:
        step = say(strings.NEXT_CHOOSE_VOICE, names=", ".join([*voices, *prompts.names()]))
        raise VoiceMissing(name=name, next_step=step)
    if (why := voices[name].missing()) is not None:
        raise VoiceMissing(name=name, next_step=why)
