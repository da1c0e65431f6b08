"""The user's own voices in the settings window: prepares, plays, makes and removes them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from imagecraft_desktop import choices, strings
from imagecraft_desktop.control import Control, Mouth
from imagecraft_desktop.errors import ImageCraftError
from imagecraft_desktop.settings.table import rows
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.confirm import confirm
from imagecraft_desktop.values import Choice, Speech, Tick, VoiceWish
from imagecraft_desktop.windows.jobs import Jobs
from imagecraft_desktop.windows.recording import Recording, about
from imagecraft_desktop.windows.work import Work

if TYPE_CHECKING:
    from imagecraft_desktop.speak.prompts import Prepared
    from imagecraft_desktop.ui.settings.mnemonics import Mnemonics
    from imagecraft_desktop.ui.settings.voice_dialog import VoiceDialog
    from imagecraft_desktop.ui.settings.voices_page import VoicesPage

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
        self._work = Work(control, jobs, self)
        self._recording = Recording(control, aside, jobs, self._show, self)
        self._recording.taken.connect(self._take_recording)

    def close(self) -> None:
        """Give the microphone back, end what is made and leave no recording behind."""
        self._work.cancel()
        self._recording.close()
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
        self.refresh()
        return page

    def refresh(self) -> None:
        """Look at what voices there are."""
        if self._page is None:
            return

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
            self._control.state.look_soon()
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

        def work() -> str:
            from imagecraft_desktop.speak import prompts

            return prompts.remove(name)

        def then(_: str) -> None:
            if self._control.settings.voice == name:
                self._keep({"voice": rows()["voice"].default})
            self._tell(say(strings.VOICE_REMOVED, name=name))
            self.changed.emit()

        question = say(strings.VOICES_SURE_REMOVE, name=name)
        confirm(page, question, lambda: self._jobs.run(work, then))

    # --- a new one ---

    @Slot()
    def _open_dialog(self) -> None:
        from imagecraft_desktop.speak.transcript import is_available

        if self._page is None:
            return
        self._folder = self._folder or Path(tempfile.mkdtemp(prefix="imagecraft-voice-"))
        from imagecraft_desktop.ui.settings.voice_dialog import VoiceDialog

        dialog = self._dialog = VoiceDialog(is_available(), self._page)
        self._recording.open(dialog.meter, self._folder)
        dialog.record_pressed.connect(self._recording.record)
        dialog.check_pressed.connect(self._recording.check)
        dialog.loudness_wanted.connect(self._recording.tell_loudness)
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

    @Slot(object, str)
    def _take_recording(self, file: Path, about: str) -> None:
        if self._dialog is not None:
            self._dialog.take_sound(file, about)

    @Slot(str)
    def _take_file(self, path: str) -> None:
        file = Path(path)

        def then(about: str) -> None:
            if self._dialog is not None:
                self._dialog.take_sound(
                    file, say(strings.VOICE_DIALOG_OF_FILE, name=file.name, about=about)
                )
            self._tell(about)

        self._jobs.run(lambda: about(file), then)

    # --- words, cut, consent ---

    def _is_busy(self) -> bool:
        """Whether something is being made: a newer one would end it without a word, so what it is is told instead."""
        self._tell(self._work.sentence)
        return bool(self._work.sentence)

    def _prepare(
        self, wish: VoiceWish, then: Callable[[Prepared], object], *, is_recognised: bool = False
    ) -> None:
        if self._is_busy():
            return
        if wish.audio is None:
            self._tell(say(strings.VOICE_DIALOG_NO_SOUND))
            return
        audio, words = wish.audio, None if is_recognised else wish.transcript or None
        cut_s = wish.cut_s

        def work(tick: Tick) -> Prepared:
            from imagecraft_desktop.speak import prompts

            return prompts.prepared(audio, words, cut_s=cut_s, tick=tick)

        now = strings.VOICE_NOW_CUT if words else strings.VOICE_NOW_RECOGNISED
        self._work.run(say(now), work, then, self._break_off)

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
        if self._is_busy():
            return
        if not wish.has_consent:
            self._tell(say(strings.VOICE_DIALOG_NO_CONSENT))
            return
        if wish.audio is None:
            self._tell(say(strings.VOICE_DIALOG_NO_SOUND))
            return
        audio = wish.audio
        warnings: list[str] = []

        def work(tick: Tick) -> str:
            from imagecraft_desktop.speak import prompts

            made = prompts.add(
                wish.name,
                audio,
                wish.transcript or None,
                wish.has_consent,
                cut_s=wish.cut_s,
                warn=warnings.append,
                tick=tick,
            )
            why_not = choices.lacks_of_own(made.name)
            sentence = strings.VOICE_KEPT if why_not else strings.VOICE_ADDED
            told = [say(sentence, name=made.name, seconds=f"{made.duration_s:.1f}")]
            if wish.transcript and made.transcript != " ".join(wish.transcript.split()):
                told.append(say(strings.VOICE_SAYS, transcript=made.transcript))
            if why_not:
                told.append(say(strings.VOICE_NOT_YET, next_step=why_not))
            return " ".join(told)

        def then(added: str) -> None:
            if self._dialog is not None:
                self._dialog.accept()
            self._tell(" ".join([added, *warnings]))
            self.changed.emit()

        self._work.run(say(strings.VOICE_NOW_MADE, name=wish.name), work, then, self._break_off)

    # --- telling ---

    def _break_off(self, reason: str) -> None:
        """It failed, or was cancelled, which who heard Stop has said."""
        if not reason and self._work.is_stopped:
            self._show(say(strings.CANCELLED))
        else:
            self._tell(reason or say(strings.CANCELLED))

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
