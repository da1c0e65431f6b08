"""The user's own voices in the settings window: records, prepares, plays, makes and removes them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QMessageBox

from imagecraft_desktop import strings
from imagecraft_desktop.control import Control, Mouth
from imagecraft_desktop.errors import ImageCraftError
from imagecraft_desktop.settings.table import rows
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Choice, Speech, VoiceWish
from imagecraft_desktop.windows.jobs import Jobs

if TYPE_CHECKING:
    from imagecraft_desktop.speak.microphone import Microphone
    from imagecraft_desktop.speak.prompts import Prepared
    from imagecraft_desktop.ui.settings.mnemonics import Mnemonics
    from imagecraft_desktop.ui.settings.voice_dialog import VoiceDialog
    from imagecraft_desktop.ui.settings.voices_page import VoicesPage

_TONE_MS = 700
"""So long after the tone has begun it is no longer in the air."""
_LOOK_MS = 50
_CHECK_S = 4.0
"""Of listening; with the tones between, a check lasts about three times as long."""
_TONE_EVERY_S = 0.4
_ECHO_MS = 300
"""So long after a sound has ended it is no longer in the air."""
_QUIETEST, _QUIET, _LOUD = -60.0, -30.0, -1.0
_RATE_HZ = 16_000


class Voices(QObject):
    """Lives in the main thread.

    Args:
        keep: Changes settings.

    Attributes:
        tells: Shows a sentence in the window.
    """

    changed = Signal()
    """A voice came, went or has another name."""

    def __init__(
        self,
        control: Control,
        aside: Mouth,
        jobs: Jobs,
        keep: Callable[[Mapping[str, object]], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.tells: Callable[[str], None] = lambda _: None
        self._control = control
        self._aside = aside
        self._jobs = jobs
        self._keep = keep
        self._page: VoicesPage | None = None
        self._dialog: VoiceDialog | None = None
        self._folder: Path | None = None
        self._microphone: Microphone | None = None
        self._is_check = False
        self._loudest = _QUIETEST
        self._toned_s = 0.0
        self._quiet_ms = 0
        self._is_telling = False
        self._meter = QTimer(self, interval=_LOOK_MS)
        self._meter.timeout.connect(self._measure)

    def close(self) -> None:
        """Give the microphone back and leave no recording behind."""
        self._meter.stop()
        microphone, self._microphone = self._microphone, None
        if microphone is not None:
            microphone.stop()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def make_page(self, keys: Mnemonics) -> VoicesPage:
        """The page, made anew."""
        from imagecraft_desktop.ui.settings.voices_page import VoicesPage

        page = self._page = VoicesPage(keys)
        page.new_wanted.connect(self._open_dialog)
        page.play_wanted.connect(self._play_voice)
        page.rename_wanted.connect(self._rename)
        page.remove_wanted.connect(self._remove)
        return page

    def refresh(self) -> None:
        """Look at what voices there are."""

        def look() -> list[Choice]:
            from imagecraft_desktop.speak import prompts

            return [Choice(name, _line(name)) for name in prompts.names()]

        def show(found: list[Choice]) -> None:
            if self._page is not None:
                self._page.show_voices(found)

        self._jobs.run(look, show)

    # --- voices that are there ---

    @Slot(str)
    def _play_voice(self, name: str) -> None:
        def look() -> Speech:
            from imagecraft_desktop.speak import prompts

            return Speech(prompts.load(name).samples(), _RATE_HZ)

        self._jobs.run(look, self._play)

    def _play(self, sound: Speech) -> None:
        self._aside.stop()
        try:
            self._aside.begin()
            self._aside.feed(sound)
            self._aside.finish()
        except ImageCraftError as error:
            self._tell(error.spoken)

    @Slot(str, str)
    def _rename(self, old: str, new: str) -> None:
        def work() -> str:
            from imagecraft_desktop.speak import prompts

            return prompts.rename(old, new)

        def then(name: str) -> None:
            if self._control.settings.voice == old:
                self._keep({"voice": name})
            self._tell(say(strings.VOICES_RENAMED, name=name))
            self.changed.emit()

        self._jobs.run(work, then)

    @Slot(str)
    def _remove(self, name: str) -> None:
        page = self._page
        if page is None:
            return
        yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
        question = say(strings.VOICES_SURE_REMOVE, name=name)
        if QMessageBox.question(page, say(strings.PAGE_VOICES), question, yes | no, no) != yes:
            return

        def work() -> str:
            from imagecraft_desktop.speak import prompts

            return prompts.remove(name)

        def then(_: str) -> None:
            if self._control.settings.voice == name:
                self._keep({"voice": rows()["voice"].default})
            self._tell(say(strings.VOICE_REMOVED, name=name))
            self.changed.emit()

        self._jobs.run(work, then)

    # --- a new one ---

    @Slot()
    def _open_dialog(self) -> None:
        from imagecraft_desktop.speak.transcript import is_available

        if self._page is None:
            return
        self._folder = self._folder or Path(tempfile.mkdtemp(prefix="imagecraft-voice-"))
        from imagecraft_desktop.ui.settings.voice_dialog import VoiceDialog

        dialog = self._dialog = VoiceDialog(is_available(), self._page)
        dialog.record_pressed.connect(self._record)
        dialog.check_pressed.connect(self._check)
        dialog.loudness_wanted.connect(self._tell_loudness)
        dialog.file_chosen.connect(self._take_file)
        dialog.recognise_wanted.connect(self._recognise)
        dialog.preview_wanted.connect(self._preview)
        dialog.make_wanted.connect(self._make)
        dialog.finished.connect(self._leave)
        dialog.open()

    @Slot(int)
    def _leave(self, _result: int) -> None:
        dialog, self._dialog = self._dialog, None
        self._aside.stop()
        self.close()
        if dialog is not None:
            dialog.deleteLater()

    @Slot()
    def _record(self) -> None:
        """Of a check this is the end, too."""
        if self._microphone is not None:
            self._stop()
        elif not self._meter.isActive():
            self._begin(is_check=False)

    @Slot()
    def _check(self) -> None:
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
        if self._dialog is None:  # it was closed meanwhile
            microphone.stop()
            return
        self._microphone = microphone
        if microphone.is_another:
            self._tell_meanwhile(
                say(strings.MICROPHONE_UNKNOWN, name=self._control.settings.microphone)
            )

    @Slot()
    def _measure(self) -> None:
        microphone, dialog = self._microphone, self._dialog
        if microphone is None or dialog is None:
            return
        from imagecraft_desktop.speak.microphone import LONGEST_S

        if microphone.is_resting:
            self._wait_for_silence()
            return
        dialog.meter.show_level(microphone.level)
        if microphone.seconds >= (_CHECK_S if self._is_check else LONGEST_S):
            self._stop()
        elif self._is_check and microphone.seconds >= self._toned_s + _TONE_EVERY_S:
            self._toned_s = microphone.seconds
            self._tone(microphone, dialog)

    def _tone(self, microphone: Microphone, dialog: VoiceDialog) -> None:
        """Tell the level by a tone, which the microphone must not hear."""
        loudest = microphone.take_loudest()
        self._loudest = max(self._loudest, loudest)
        dialog.meter.show_level(loudest, is_told=True)
        self._rest(microphone)
        self._aside.begin()

        def work() -> None:
            from imagecraft_desktop.speak.tone import tone_of

            self._aside.feed(tone_of(loudest))
            self._aside.finish()

        self._jobs.run(work, lambda _: None)

    # --- what is heard while the microphone is open ---

    @Slot()
    def _tell_loudness(self) -> None:
        """Say the verdict so far. Nothing is recorded meanwhile."""
        microphone, dialog = self._microphone, self._dialog
        if microphone is None or dialog is None:
            self._tell(say(strings.VOICE_DIALOG_NOT_LISTENING))
        elif not self._is_telling:
            loudest = microphone.take_loudest()
            self._loudest = max(self._loudest, loudest)
            dialog.meter.show_level(loudest, is_told=True)
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
        self._aside.sign("done")
        self._loudest = max(self._loudest, microphone.take_loudest())
        if self._dialog is not None:
            self._dialog.meter.show_level(self._loudest, is_told=True)
        file = self._folder / say(strings.VOICE_DIALOG_RECORDING)
        is_check = self._is_check
        verdict = say(_verdict(self._loudest))

        def work() -> str:
            microphone.save(file)
            return verdict if is_check else _about(file)

        def then(about: str) -> None:
            self._tell(about)
            if not is_check and self._dialog is not None:
                self._dialog.take_sound(file, about)

        self._jobs.run(work, then)

    @Slot(str)
    def _take_file(self, path: str) -> None:
        file = Path(path)

        def then(about: str) -> None:
            if self._dialog is not None:
                self._dialog.take_sound(
                    file, say(strings.VOICE_DIALOG_OF_FILE, name=file.name, about=about)
                )
            self._tell(about)

        self._jobs.run(lambda: _about(file), then)

    # --- words, cut, consent ---

    def _prepare(
        self, wish: VoiceWish, then: Callable[[Prepared], object], *, is_recognised: bool = False
    ) -> None:
        if wish.audio is None:
            self._tell(say(strings.VOICE_DIALOG_NO_SOUND))
            return
        audio, words = wish.audio, None if is_recognised else wish.transcript or None
        cut_s = wish.cut_s

        def work() -> Prepared:
            from imagecraft_desktop.speak import prompts

            return prompts.prepared(audio, words, cut_s=cut_s)

        self._jobs.run(work, then)

    @Slot(object)
    def _recognise(self, wish: VoiceWish) -> None:
        def then(made: Prepared) -> None:
            if self._dialog is not None:
                self._dialog.show_words(made.transcript, made.cut_s)
            self._tell(say(strings.VOICE_SAYS, transcript=made.transcript))

        self._prepare(wish, then, is_recognised=True)

    @Slot(object)
    def _preview(self, wish: VoiceWish) -> None:
        def then(made: Prepared) -> None:
            self._show(" ".join(made.warnings))
            self._play(Speech(made.samples, _RATE_HZ))

        self._prepare(wish, then)

    @Slot(object)
    def _make(self, wish: VoiceWish) -> None:
        if not wish.has_consent:
            self._tell(say(strings.VOICE_DIALOG_NO_CONSENT))
            return
        if wish.audio is None:
            self._tell(say(strings.VOICE_DIALOG_NO_SOUND))
            return
        audio = wish.audio
        warnings: list[str] = []

        def work() -> str:
            from imagecraft_desktop.speak import prompts

            made = prompts.add(
                wish.name,
                audio,
                wish.transcript or None,
                wish.has_consent,
                cut_s=wish.cut_s,
                warn=warnings.append,
            )
            return say(strings.VOICE_ADDED, name=made.name, seconds=f"{made.duration_s:.1f}")

        def then(added: str) -> None:
            if self._dialog is not None:
                self._dialog.accept()
            self._tell(" ".join([added, *warnings]))
            self.changed.emit()

        self._jobs.run(work, then)

    # --- telling ---

    def _show(self, sentence: str) -> None:
        (self._dialog.tell if self._dialog is not None else self.tells)(sentence)

    def _tell(self, sentence: str) -> None:
        if sentence:
            self._show(sentence)
            self._control.tell(sentence, is_important=True)


def _line(name: str) -> str:
    """A voice in the list."""
    from imagecraft_desktop.speak import prompts

    try:
        one = prompts.load(name)
    except ImageCraftError as error:
        return error.spoken
    seconds = f"{one.duration_s:.1f}"
    return say(strings.VOICE_LISTED, name=name, seconds=seconds, transcript=one.transcript)


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


def _about(file: Path) -> str:
    """What the recording is good for. Raises RecordingRefused."""
    from imagecraft_desktop.speak.recording import take

    warnings: list[str] = []
    found = take(file, warnings.append)
    return " ".join([say(strings.VOICE_DIALOG_GOOD, seconds=f"{found.duration_s:.1f}"), *warnings])
