"""Records from the microphone for a voice of the user's own, and tells by ear how loud that is.

What is played while it listens must not be in the recording: the microphone rests from before a sound until
that is no longer in the air. A check, which is not kept, tells the level by a tone every second or so.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from imagecraft_desktop import strings
from imagecraft_desktop.control import Control, Mouth
from imagecraft_desktop.strings import say
from imagecraft_desktop.windows.jobs import Jobs

if TYPE_CHECKING:
    from imagecraft_desktop.speak.microphone import Microphone
    from imagecraft_desktop.ui.settings.voice_dialog import LevelMeter

_TONE_MS = 700
"""So long after the tone has begun it is no longer in the air."""
_LOOK_MS = 50
_CHECK_S = 4.0
"""Of listening; with the tones between, a check lasts about three times as long."""
_TONE_EVERY_S = 0.4
_ECHO_MS = 300
"""So long after a sound has ended it is no longer in the air."""
_QUIETEST, _QUIET, _LOUD = -60.0, -30.0, -1.0


class Recording(QObject):
    """One at a time. Lives in the main thread.

    Args:
        show: Shows a sentence in the window.
    """

    taken = Signal(object, str)
    """The file of a recording, and what it is good for."""

    def __init__(
        self,
        control: Control,
        aside: Mouth,
        jobs: Jobs,
        show: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._control = control
        self._aside = aside
        self._jobs = jobs
        self._show = show
        self._bar: LevelMeter | None = None
        self._folder: Path | None = None
        self._microphone: Microphone | None = None
        self._is_check = False
        self._is_telling = False
        self._loudest = _QUIETEST
        self._toned_s = 0.0
        self._quiet_ms = 0
        self._meter = QTimer(self, interval=_LOOK_MS)
        self._meter.timeout.connect(self._measure)

    def open(self, bar: LevelMeter, folder: Path) -> None:
        """Show the level in a bar, and keep recordings in a folder."""
        self._bar, self._folder = bar, folder

    def close(self) -> None:
        """Give the microphone back."""
        self._meter.stop()
        microphone, self._microphone = self._microphone, None
        self._bar = self._folder = None
        if microphone is not None:
            microphone.stop()

    @Slot()
    def record(self) -> None:
        """Of a check this is the end, too."""
        if self._microphone is not None:
            self._stop()
        elif not self._meter.isActive():
            self._begin(is_check=False)

    @Slot()
    def check(self) -> None:
        """Tell the level by tones; pressed again, or after a while, the verdict."""
        if self._microphone is not None and self._is_check:
            self._stop()
        elif self._microphone is None and not self._meter.isActive():
            self._begin(is_check=True)

    def _begin(self, *, is_check: bool) -> None:
        """A tone, then the microphone: the tone must not be in the recording, nor may a voice."""
        self._is_check, self._is_telling = is_check, False
        self._loudest, self._toned_s = _QUIETEST, 0.0
        self._aside.stop()
        self._aside.sign("accepted")
        self._meter.start()
        QTimer.singleShot(_TONE_MS, self._listen)

    @Slot()
    def _listen(self) -> None:
        name = self._control.settings.microphone

        def work() -> Microphone:
            from imagecraft_desktop.speak.microphone import Microphone

            made = Microphone(name)
            made.start()
            return made

        self._jobs.run(work, self._follow, self._cannot_listen)

    def _cannot_listen(self, sentence: str) -> None:
        self._meter.stop()
        self._tell(sentence)

    def _follow(self, microphone: Microphone) -> None:
        if self._bar is None:  # it was closed meanwhile
            microphone.stop()
            return
        self._microphone = microphone
        if microphone.is_another:
            self._tell_meanwhile(
                say(strings.MICROPHONE_UNKNOWN, name=self._control.settings.microphone)
            )

    @Slot()
    def _measure(self) -> None:
        microphone, bar = self._microphone, self._bar
        if microphone is None or bar is None:
            return
        from imagecraft_desktop.speak.microphone import LONGEST_S

        if microphone.is_lost:
            self._tell(say(strings.MICROPHONE_LOST))
            self._stop()
            return
        if microphone.is_resting:
            self._wait_for_silence()
            return
        bar.show_level(microphone.level)
        if microphone.seconds >= (_CHECK_S if self._is_check else LONGEST_S):
            self._stop()
        elif self._is_check and microphone.seconds >= self._toned_s + _TONE_EVERY_S:
            self._toned_s = microphone.seconds
            self._tone(microphone, bar)

    def _tone(self, microphone: Microphone, bar: LevelMeter) -> None:
        """Tell the level by a tone, which the microphone must not hear."""
        loudest = microphone.take_loudest()
        self._loudest = max(self._loudest, loudest)
        bar.show_level(loudest, is_told=True)
        self._rest(microphone)
        self._aside.begin()

        def work() -> None:
            from imagecraft_desktop.speak.tone import tone_of

            self._aside.feed(tone_of(loudest))
            self._aside.finish()

        self._jobs.run(work, lambda _: None, lambda _: None)  # without a sound there is the bar

    # --- what is heard while the microphone is open ---

    @Slot()
    def tell_loudness(self) -> None:
        """Say the verdict so far. Nothing is recorded meanwhile."""
        microphone, bar = self._microphone, self._bar
        if microphone is None or bar is None:
            self._tell(say(strings.VOICE_DIALOG_NOT_LISTENING))
        elif not self._is_telling:
            loudest = microphone.take_loudest()
            self._loudest = max(self._loudest, loudest)
            bar.show_level(loudest, is_told=True)
            self._tell_meanwhile(say(_short_verdict(loudest)))

    def _tell_meanwhile(self, sentence: str) -> None:
        """Say something with our own voice, of which it is known when it has ended."""
        if self._microphone is not None:
            self._is_telling = True
            self._rest(self._microphone)
            self._show(sentence)
            self._control.try_voice(sentence)

    def _rest(self, microphone: Microphone) -> None:
        microphone.is_resting = True
        self._quiet_ms = 0

    def _wait_for_silence(self) -> None:
        self._quiet_ms = self._quiet_ms + _LOOK_MS if self._control.is_quiet() else 0
        if self._quiet_ms != _ECHO_MS:
            return
        if self._is_telling:  # the same tone as at the beginning: now it goes on
            self._is_telling = False
            self._aside.sign("accepted")
            QTimer.singleShot(_TONE_MS, self._go_on)
        else:
            self._go_on()

    @Slot()
    def _go_on(self) -> None:
        if self._microphone is not None and not self._is_telling:
            self._microphone.is_resting = False

    def _stop(self) -> None:
        self._meter.stop()
        microphone, self._microphone = self._microphone, None
        if microphone is None or self._folder is None:
            return
        microphone.stop()
        self._aside.stop()
        self._aside.sign("done")
        self._loudest = max(self._loudest, microphone.take_loudest())
        if self._bar is not None:
            self._bar.show_level(self._loudest, is_told=True)
        file = self._folder / say(strings.VOICE_DIALOG_RECORDING)
        is_check = self._is_check
        verdict = say(_verdict(self._loudest))

        def work() -> str:
            microphone.save(file)
            return verdict if is_check else about(file)

        def then(sentence: str) -> None:
            self._tell(sentence)
            if not is_check and self._bar is not None:
                self.taken.emit(file, sentence)

        self._jobs.run(work, then)

    def _tell(self, sentence: str) -> None:
        if sentence:
            self._show(sentence)
            self._control.tell(sentence, is_important=True)


def _verdict(loudest: float) -> str:
    """Whether the microphone hears well."""
    if loudest >= _LOUD:
        return strings.MICROPHONE_LOUD
    return strings.MICROPHONE_QUIET if loudest < _QUIET else strings.MICROPHONE_GOOD


def _short_verdict(loudest: float) -> str:
    """The same in a word, while it listens."""
    if loudest <= _QUIETEST:
        return strings.LEVEL_SILENT
    if loudest >= _LOUD:
        return strings.LEVEL_LOUD
    return strings.LEVEL_QUIET if loudest < _QUIET else strings.LEVEL_GOOD


def about(file: Path) -> str:
    """What the recording is good for. Raises RecordingRefused."""
    from imagecraft_desktop.speak.recording import take

    warnings: list[str] = []
    found = take(file, warnings.append)
    return " ".join([say(strings.VOICE_DIALOG_GOOD, seconds=f"{found.duration_s:.1f}"), *warnings])
