"""Records from the microphone for a voice of the user's own, and tells by ear how loud that is.

What is played while it listens must not be in the recording: what is said ends before, messages wait until after,
and the microphone rests from before a sound that was asked for until that is no longer in the air. A check, which is
not kept, tells the level by a tone every second or so.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from imagecraft_desktop import strings
from imagecraft_desktop.control import Control, Mouth
from imagecraft_desktop.errors import Cancelled
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
        self._turn = 0
        self._is_check = False
        self._is_telling = False
        self._is_asked = False
        self._loudest = self._latest = _QUIETEST
        self._taken_s = self._toned_s = 0.0
        self._quiet_ms = 0
        self._meter = QTimer(self, interval=_LOOK_MS)
        self._meter.timeout.connect(self._measure)
        self._opening = QTimer(self, singleShot=True, interval=_TONE_MS)
        self._opening.timeout.connect(self._listen)
        self._resuming = QTimer(self, singleShot=True, interval=_TONE_MS)
        self._resuming.timeout.connect(self._go_on)
        control.interrupted.connect(self._give_way)

    def open(self, bar: LevelMeter, folder: Path) -> None:
        """Show the level in a bar, and keep recordings in a folder."""
        self._bar, self._folder = bar, folder

    def close(self) -> None:
        """Give the microphone back."""
        microphone = self._end_turn()
        self._turn += 1
        self._bar = self._folder = None
        if microphone is not None:
            microphone.stop()
        self._control.end_listening()

    @Slot()
    def record(self) -> None:
        """Of a check this is the end, too."""
        if self._microphone is not None:
            self._stop()
        elif not self._give_up():
            self._begin(is_check=False)

    @Slot()
    def check(self) -> None:
        """Tell the level by tones; pressed again, or after a while, the verdict. While it records, the verdict so far."""
        if self._microphone is not None and self._is_check:
            self._stop()
        elif self._microphone is not None:
            self.tell_loudness()
        elif not self._give_up():
            self._begin(is_check=True)

    def _give_up(self) -> bool:
        """End a turn whose microphone is not open yet; False when there is none."""
        if not self._meter.isActive():
            return False
        self._leave_opening()
        self._end_listening(say(strings.CANCELLED))
        return True

    def _leave_opening(self) -> None:
        self._end_turn()
        self._turn += 1
        self._aside.sign("cancelled")

    @Slot()
    def _give_way(self) -> None:
        """The user asks for something else. What was recorded so far is kept."""
        if self._microphone is not None:
            self._stop()
        elif self._meter.isActive():
            self._leave_opening()
            QTimer.singleShot(0, self._let_speak)

    @Slot()
    def _let_speak(self) -> None:
        """What waited is said after what the user asked for, which has begun now."""
        if not self._control.is_listening:
            self._control.end_listening()

    # --- a turn: from the tone until the microphone is given back ---

    def _begin(self, *, is_check: bool) -> None:
        """A tone, then the microphone: the tone must not be in the recording, nor may a voice."""
        self._turn += 1
        self._is_check, self._is_telling, self._is_asked = is_check, False, False
        self._loudest = self._latest = _QUIETEST
        self._taken_s = self._toned_s = 0.0
        self._control.listen()
        self._aside.sign("accepted")
        self._meter.start()
        self._opening.start()

    def _end_turn(self) -> Microphone | None:
        """The microphone is nobody's any more; the caller gives it back."""
        for timer in (self._meter, self._opening, self._resuming):
            timer.stop()
        microphone, self._microphone = self._microphone, None
        return microphone

    @Slot()
    def _listen(self) -> None:
        name, turn = self._control.settings.microphone, self._turn

        def work() -> Microphone:
            from imagecraft_desktop.speak.microphone import Microphone

            if turn != self._turn:
                raise Cancelled
            made = Microphone(name)
            made.start()
            return made

        self._jobs.run(
            work,
            lambda microphone: self._follow(turn, microphone),
            lambda sentence: self._cannot_listen(turn, sentence),
        )

    def _cannot_listen(self, turn: int, sentence: str) -> None:
        if turn == self._turn:
            self._end_turn()
            self._end_listening(sentence)

    def _follow(self, turn: int, microphone: Microphone) -> None:
        if turn != self._turn:  # it was left meanwhile
            microphone.stop()
            return
        self._microphone = microphone
        if microphone.is_another:
            name = self._control.settings.microphone
            self._tell_meanwhile(microphone, say(strings.MICROPHONE_UNKNOWN, name=name))

    @Slot()
    def _measure(self) -> None:
        microphone, bar = self._microphone, self._bar
        if microphone is None or bar is None:
            return
        from imagecraft_desktop.speak.microphone import LONGEST_S

        if microphone.is_lost:
            self._stop(say(strings.MICROPHONE_LOST))
            return
        if self._control.is_sounding():
            self._rest(microphone)
            return
        if microphone.is_resting:
            self._wait_for_silence()
            return
        bar.show_level(microphone.level)
        if microphone.seconds >= (_CHECK_S if self._is_check else LONGEST_S):
            self._stop()
        elif self._is_asked and microphone.seconds >= _TONE_EVERY_S:
            self._is_asked = False
            self.tell_loudness()
        elif self._is_check and microphone.seconds >= self._toned_s + _TONE_EVERY_S:
            self._toned_s = microphone.seconds
            loudest = self._take_loudest(microphone)
            bar.show_level(loudest, is_told=True)
            self._play_tone(microphone, loudest)

    def _take_loudest(self, microphone: Microphone) -> float:
        """The loudest lately. A moment says nothing, so then what was heard before it counts, too."""
        loudest = microphone.take_loudest()
        if microphone.seconds < self._taken_s + _TONE_EVERY_S:
            self._latest = max(self._latest, loudest)
        else:
            self._latest, self._taken_s = loudest, microphone.seconds
        self._loudest = max(self._loudest, loudest)
        return self._latest

    # --- what is heard while the microphone is open ---

    @Slot()
    def tell_loudness(self) -> None:
        """Say the verdict so far, as soon as there is one. Nothing is recorded meanwhile."""
        microphone, bar = self._microphone, self._bar
        if bar is None or (microphone is None and not self._meter.isActive()):
            self._tell(say(strings.VOICE_DIALOG_NOT_LISTENING))
        elif microphone is None or microphone.seconds < _TONE_EVERY_S:
            self._is_asked = True
        elif not self._is_telling:
            loudest = self._take_loudest(microphone)
            # a screen reader that tells of it would be in the recording
            bar.show_level(loudest, is_told=self._is_check)
            self._tell_meanwhile(microphone, say(_short_verdict(loudest)), loudest)

    def _tell_meanwhile(
        self, microphone: Microphone, sentence: str, loudest: float | None = None
    ) -> None:
        """Say something with our own voice, of which it is known when it has ended.

        Without one a level is told by a tone, and what is no level when the recording is over.
        """
        from imagecraft_desktop.speak.silence import SilenceVoice

        self._show(sentence)
        is_mute = self._control.settings.voice == SilenceVoice.name
        if is_mute and loudest is None:
            self._control.tell(sentence, is_important=True)
            return
        self._is_telling = True
        if is_mute and loudest is not None:
            self._play_tone(microphone, loudest)
        else:
            self._rest(microphone)
            self._control.try_voice(sentence)

    def _play_tone(self, microphone: Microphone, loudest: float) -> None:
        """Tell a level by a tone, which the microphone must not hear."""
        self._rest(microphone)
        self._aside.begin()

        def work() -> None:
            from imagecraft_desktop.speak.tone import tone_of

            self._aside.feed(tone_of(loudest))
            self._aside.finish()

        self._jobs.run(work, lambda _: None, lambda _: None)  # without a sound there is the bar

    def _rest(self, microphone: Microphone) -> None:
        microphone.is_resting = True
        self._quiet_ms = 0
        self._resuming.stop()

    def _wait_for_silence(self) -> None:
        self._quiet_ms += _LOOK_MS
        if self._quiet_ms != _ECHO_MS:
            return
        if self._is_telling:  # the same tone as at the beginning: now it goes on
            self._is_telling = False
            self._aside.sign("accepted")
            self._resuming.start()
        else:
            self._go_on()

    @Slot()
    def _go_on(self) -> None:
        if self._microphone is not None:
            self._microphone.is_resting = False

    def _stop(self, opening: str = "") -> None:
        """Keep what was recorded, and tell how it is.

        Args:
            opening: A sentence that is said first.
        """
        microphone, turn = self._end_turn(), self._turn
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

        def tell(sentence: str) -> None:
            if turn == self._turn:  # else it was left, or a newer one takes its place
                self._end_listening(" ".join(filter(None, [opening, sentence])))

        def then(sentence: str) -> None:
            tell(sentence)
            if turn == self._turn and not is_check:
                self.taken.emit(file, sentence)

        self._jobs.run(work, then, tell)

    def _end_listening(self, sentence: str) -> None:
        """Tell how it ended, before whatever waits to be told."""
        self._show(sentence)
        self._control.end_listening(sentence)

    def _tell(self, sentence: str) -> None:
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
