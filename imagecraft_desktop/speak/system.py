"""The voices of the operating system, through Qt: SAPI, AVSpeech, Speech Dispatcher.

The engine plays itself, so there is nothing to save and nothing to queue. It lives in a thread of
its own with an event loop of its own: a speech server that hangs holds up that thread alone, and
the caller, whichever thread it is in, goes on looking at the user's wish to stop. For that, what asks
the server goes through `_ask`.
"""

from __future__ import annotations

import logging
import math
import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.errors import NoSoundDevice, SoundLibraryMissing, SpeakError, VoiceMissing
from imagecraft_desktop.speak.device import devices
from imagecraft_desktop.values import Manner, Speech, Tick, no_tick

log = logging.getLogger(__name__)

_LOOK_S = 0.02  # how often the user's wish to stop is looked at
_START_S = 8.0  # a speech server that starts takes 1 to 3 s; one that hangs for ever
_SILENT_S = 5.0  # an engine that has not begun to speak by then does not
_LETTER_S = 0.15  # slower than any engine; Speech Dispatcher without sound never ends
_ANSWER_S = 2.0  # a server that did not answer until then hangs
_STOP_S = 0.5  # an engine stops in a tenth of that
_REST_S = 60.0  # so long one that hangs is not asked again


class SystemVoice:
    """See `base.Voice`.

    Args:
        engine: Name of Qt's plug-in; empty for the platform's own. "mock" speaks nothing.
    """

    name = "system"
    label = strings.VOICE_SYSTEM
    rung = 30
    plays_itself = True

    def __init__(self, engine: str = "") -> None:
        self._engine = engine
        self._room: _EngineThread | None = None
        self._rests_until = 0.0
        """In the seconds of `time.monotonic`."""

    @classmethod
    def missing(cls) -> str | None:
        try:
            engines = _speech_class().availableEngines()
        except ImportError as error:
            log.info("Qt TextToSpeech: %s", error)
            return strings.say(strings.VOICE_NO_QT)
        if set(engines) <= {"mock"}:
            return strings.say(strings.VOICE_NO_ENGINE)
        return None

    @classmethod
    def has_pitch(cls) -> bool:
        return True

    def load(self, tick: Tick = no_tick) -> None:
        """Connect to the engine.

        Raises:
            VoiceMissing: There is none, or it does not answer.
            NoSoundDevice: Nobody would hear it.
            Cancelled: From `tick`.
        """
        if self._room is not None:
            return
        try:
            _speech_class()
        except ImportError as error:
            raise self._missing(str(error), strings.VOICE_NO_QT) from error
        if not need_application():
            raise self._missing("no Qt application", strings.VOICE_NO_APPLICATION)
        if not self._engine and not is_audible():
            raise NoSoundDevice("no sound output for the engine")
        if time.monotonic() < self._rests_until:
            raise self._missing("the engine did not answer", strings.VOICE_NO_ENGINE)
        room = _EngineThread(self._engine)
        room.start()
        if not _is_set(room.opened, _START_S, tick):
            self._rests_until = time.monotonic() + _REST_S
            raise self._missing("the engine does not answer", strings.VOICE_NO_ENGINE)
        if room.failure:
            raise self._missing(room.failure, strings.VOICE_NO_ENGINE)
        self._room = room

    def can_say(self, text: str, language: str) -> bool:
        """Whether the system has a voice for the language."""
        try:
            self.load()
        except SpeakError:
            return False
        return self._room is not None and _base(language) in self._room.languages

    def say(self, text: str, manner: Manner, tick: Tick) -> Iterator[Speech]:
        """Speak, and return when it was spoken; yields nothing.

        Raises:
            SpeakError: The engine failed, has no such language or keeps silent.
            NoSoundDevice: For there is no sound output.
            Cancelled: From `tick`.
        """
        tick()
        self.load(tick)
        if self._room is None or _base(manner.language) not in self._room.languages:
            raise SpeakError(f"no locale for {manner.language}", name=self.name)
        job = _Job(text, manner)
        self._room.jobs.put(job)
        try:
            is_done = _is_set(job.done, _SILENT_S + job.longest_s + _ANSWER_S, tick)
        finally:
            job.stop.set()
            # at the end of the program what the engine's thread still uses would be taken from it
            job.done.wait(_STOP_S)
        if not is_done:
            self._room = None  # its thread waits for a server that hangs
        if job.failure or not is_done:
            failure = job.failure or "the speech server does not answer"
            if not self._engine and not is_audible():
                raise NoSoundDevice(failure)
            raise SpeakError(failure, name=self.name)
        yield from ()

    def unload(self) -> None:
        """Nothing to give back: the engine speaks in another process, and its thread, ended while
        the program ends, would bring that down."""

    def _missing(self, detail: str, next_step: str) -> VoiceMissing:
        return VoiceMissing(detail, name=self.name, next_step=strings.say(next_step))


class _Job:
    """One text for the engine, and how it went."""

    def __init__(self, text: str, manner: Manner) -> None:
        self.text = text
        self.manner = manner
        self.longest_s = _SILENT_S + _LETTER_S * len(text) / manner.rate
        self.stop = threading.Event()
        self.done = threading.Event()
        self.failure = ""


class _EngineThread(threading.Thread):
    """Owns Qt's object; all that touches it happens here. Ends with the program.

    Attributes:
        opened: Set when the engine works or has failed.
        failure: Why it does not work; empty when it does.
        languages: ISO codes of the languages that it has voices for.
        jobs: What to say.
    """

    def __init__(self, engine: str) -> None:
        super().__init__(name="system voice", daemon=True)
        self._engine = engine
        self.opened = threading.Event()
        self.failure = ""
        self.languages: frozenset[str] = frozenset()
        self.jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()

    def run(self) -> None:
        from PySide6.QtCore import QEventLoop, QLocale

        loop = QEventLoop()  # timers of the engine need this thread's event dispatcher
        loop.processEvents()
        speech_class = _speech_class()
        speech = speech_class("none")
        _ask(speech, "setEngine", self._engine)
        if speech.state() == speech_class.State.Error:
            self.failure = speech.errorString() or "no engine"
        elif not self._engine and speech.engine() == "mock":
            self.failure = "no engine but the mock"
        else:
            self.languages = frozenset(
                QLocale.languageToCode(locale.language()) for locale in speech.availableLocales()
            )
        self.opened.set()
        while not self.failure:
            job = self.jobs.get()
            job.failure = _speak(speech, job)
            job.done.set()


def _speech_class() -> Any:
    """Qt's class. Qt Multimedia comes with it, which prints complaints of sound servers that are not
    installed; the engines need none of them. Raises ImportError."""
    from PySide6.QtCore import QLoggingCategory

    QLoggingCategory.setFilterRules("qt.multimedia.symbolsresolver.warning=false")
    from PySide6.QtTextToSpeech import QTextToSpeech

    return QTextToSpeech


_app: Any = None


def need_application() -> bool:
    """Whether Qt has the application object that its event loops need; makes it in the main thread.

    The command line calls this early when it may speak through the system. Made in another thread
    the object would bring the process down at its end.
    """
    from PySide6.QtCore import QCoreApplication

    global _app
    if QCoreApplication.instance() is None:
        if threading.current_thread() is not threading.main_thread():
            return False
        _app = QCoreApplication(["imagecraft-desktop"])
    return True


def is_audible() -> bool:
    """Whether there is a sound output; also where none can be looked for."""
    try:
        return bool(devices())
    except SoundLibraryMissing:
        return True
    except NoSoundDevice:
        return False


def _is_set(event: threading.Event, limit_s: float, tick: Tick) -> bool:
    """Wait for an event; False when out of time. Raises Cancelled."""
    end = time.monotonic() + limit_s
    tick()
    while not event.wait(_LOOK_S):
        if time.monotonic() > end:
            return False
        tick()
    return True


_TYPES = {str: "QString", float: "double"}
"""What Qt calls them."""


def _ask(speech: Any, slot: str, *words: object) -> None:
    """Call a slot of Qt's object that waits for the speech server. Called by name it lets Python's other
    threads run; called as a method it would stop them all."""
    from PySide6.QtCore import Q_ARG, QMetaObject, Qt

    named = [Q_ARG(_TYPES.get(type(word), type(word).__name__), word) for word in words]
    QMetaObject.invokeMethod(speech, slot, Qt.ConnectionType.DirectConnection, *named)


def _speak(speech: Any, job: _Job) -> str:
    """Say a text to its end; the reason when it could not be said."""
    state = speech.State
    # always: Speech Dispatcher's default voice is the first of more than a thousand
    _ask(speech, "setLocale", _locale(speech, job.manner.language))
    _ask(speech, "setRate", max(-1.0, min(1.0, math.log(job.manner.rate, 4))))
    _ask(speech, "setPitch", max(-1.0, min(1.0, job.manner.pitch / 12)))
    seen: list[Any] = []
    speech.stateChanged.connect(seen.append)
    _ask(speech, "say", job.text)
    began = _wait(lambda: bool(seen) or speech.state() == state.Speaking, job, _SILENT_S)
    ended = began and _wait(lambda: speech.state() != state.Speaking, job, job.longest_s)
    speech.stateChanged.disconnect(seen.append)
    if not ended:
        _ask(speech, "stop")
    if speech.state() == state.Error:
        return speech.errorString() or "the engine failed"
    return "" if ended or job.stop.is_set() else "it does not speak, or not to the end"


def _base(language: str) -> str:
    return language.lower().replace("_", "-").partition("-")[0]


def _locale(speech: Any, language: str) -> Any:
    """The engine's own locale nearest to a BCP 47 tag: exactly it, the language's usual one, any."""
    from PySide6.QtCore import QLocale

    wanted = QLocale(language.replace("-", "_"))
    usual = QLocale(wanted.language())
    same = [one for one in speech.availableLocales() if one.language() == wanted.language()]
    for choice in (wanted, usual):
        if choice in same:
            return choice
    return same[0]


def _wait(is_so: Callable[[], bool], job: _Job, limit_s: float) -> bool:
    """Run this thread's event loop until something is so; False when stopped or out of time."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, timer = QEventLoop(), QTimer()
    end = time.monotonic() + limit_s

    def look() -> None:
        if is_so() or job.stop.is_set() or time.monotonic() > end:
            loop.quit()

    timer.timeout.connect(look)
    timer.start(round(_LOOK_S * 1000))
    if not is_so():
        loop.exec()
    timer.stop()
    return is_so()


VOICE = SystemVoice
