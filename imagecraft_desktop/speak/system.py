"""The voices of the operating system, through Qt: SAPI, AVSpeech, Speech Dispatcher.

The engine plays itself, so there is nothing to save and nothing to queue. It works in any thread:
each call runs an event loop of its own, in which the user's wish to stop is looked at.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Iterator
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.errors import SpeakError, VoiceMissing
from imagecraft_desktop.speak.base import Tick
from imagecraft_desktop.values import Manner, Speech

log = logging.getLogger(__name__)

_LOOK_MS = 20  # how often the user's wish to stop is looked at
_START_MS = 3_000  # an engine that has not said whether it works by then does not
_SILENT_MS = 5_000  # an engine that has not begun to speak by then does not
_LETTER_MS = 150  # slower than any engine; Speech Dispatcher without sound never ends


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
        self._speech: Any = None
        self._thread = 0
        self._app: Any = None
        self._languages: frozenset[str] = frozenset()

    @classmethod
    def missing(cls) -> str | None:
        try:
            from PySide6.QtTextToSpeech import QTextToSpeech
        except ImportError as error:
            log.info("Qt TextToSpeech: %s", error)
            return strings.say(strings.VOICE_NO_QT)
        if set(QTextToSpeech.availableEngines()) <= {"mock"}:
            return strings.say(strings.VOICE_NO_ENGINE)
        return None

    def load(self) -> None:
        """Connect to the engine, in the thread that will speak. Raises VoiceMissing."""
        if self._speech is not None and self._thread == threading.get_ident():
            return
        try:
            from PySide6.QtCore import QCoreApplication, QLocale
            from PySide6.QtTextToSpeech import QTextToSpeech
        except ImportError as error:
            raise self._missing(str(error), strings.VOICE_NO_QT) from error
        self.unload()
        if QCoreApplication.instance() is None:
            self._app = QCoreApplication(["imagecraft-desktop"])
        speech = QTextToSpeech(self._engine) if self._engine else QTextToSpeech()
        starting = {QTextToSpeech.State.Synthesizing}
        if not self._engine and speech.engine() == "mock":
            raise self._missing("no engine but the mock", strings.VOICE_NO_ENGINE)
        _wait(speech, lambda: speech.state() not in starting, lambda: None, _START_MS)
        if speech.state() == QTextToSpeech.State.Error:
            raise self._missing(speech.errorString(), strings.VOICE_NO_ENGINE)
        self._speech, self._thread = speech, threading.get_ident()
        self._languages = frozenset(
            QLocale.languageToCode(locale.language()) for locale in speech.availableLocales()
        )

    def can_say(self, text: str, language: str) -> bool:
        """Whether the system has a voice for the language."""
        try:
            self.load()
        except VoiceMissing:
            return False
        return _base(language) in self._languages

    def say(self, text: str, manner: Manner, tick: Tick) -> Iterator[Speech]:
        """Speak, and return when it was spoken; yields nothing.

        Raises:
            SpeakError: The engine failed, has no such language or keeps silent.
        """
        tick()
        self.load()
        self._speak(text, manner, tick)
        yield from ()

    def unload(self) -> None:
        if self._speech is not None and self._thread == threading.get_ident():
            self._speech.stop()
            self._speech.deleteLater()
        self._speech = None

    def _speak(self, text: str, manner: Manner, tick: Tick) -> None:
        from PySide6.QtTextToSpeech import QTextToSpeech

        speech, state = self._speech, QTextToSpeech.State
        if _base(manner.language) not in self._languages:
            raise SpeakError(f"no locale for {manner.language}", name=self.name)
        # always: Speech Dispatcher's default voice is the first of more than a thousand
        speech.setLocale(_locale(speech, manner.language))
        speech.setRate(max(-1.0, min(1.0, math.log(manner.rate, 4))))
        seen: list[Any] = []
        speech.stateChanged.connect(seen.append)
        try:
            speech.say(text)
            began = _wait(
                speech, lambda: bool(seen) or speech.state() == state.Speaking, tick, _SILENT_MS
            )
            longest_ms = _SILENT_MS + round(_LETTER_MS * len(text) / manner.rate)
            ended = began and _wait(
                speech, lambda: speech.state() != state.Speaking, tick, longest_ms
            )
        except BaseException:
            speech.stop()
            raise
        finally:
            speech.stateChanged.disconnect(seen.append)
        if not ended:
            speech.stop()
        if not ended or speech.state() == state.Error:
            raise SpeakError(
                speech.errorString() or "it does not speak, or not to the end", name=self.name
            )

    def _missing(self, detail: str, next_step: str) -> VoiceMissing:
        return VoiceMissing(detail, name=self.name, next_step=strings.say(next_step))


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


def _wait(speech: Any, is_over: Any, tick: Tick, limit_ms: int) -> bool:
    """Run an event loop until something is so; False when the time is up. Raises what `tick` does."""
    from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer

    loop, timer, clock = QEventLoop(), QTimer(), QElapsedTimer()
    raised: list[BaseException] = []
    clock.start()

    def look() -> None:
        try:
            tick()
        except BaseException as error:  # noqa: BLE001 - must not cross Qt; raised again below
            raised.append(error)
        if raised or is_over() or clock.elapsed() > limit_ms:
            loop.quit()

    speech.stateChanged.connect(look)
    timer.timeout.connect(look)
    timer.start(_LOOK_MS)
    try:
        if not is_over():
            loop.exec()
    finally:
        timer.stop()
        speech.stateChanged.disconnect(look)
    if raised:
        raise raised[0]
    return bool(is_over())


VOICE = SystemVoice
