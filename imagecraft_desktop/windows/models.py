"""Models in the settings window: installs, measures, checks and removes them in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QFileDialog

from imagecraft_desktop import strings
from imagecraft_desktop.control import Control
from imagecraft_desktop.errors import ImageCraftError
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.confirm import confirm
from imagecraft_desktop.ui.labels import plain
from imagecraft_desktop.values import Choice, Tick
from imagecraft_desktop.weights import (
    catalogue,
    download,
    lines,
    login,
    pause,
    sizes,
    speed,
    store,
    voicecraft,
)
from imagecraft_desktop.weights.catalogue import Kind, Model
from imagecraft_desktop.weights.speed import Speed
from imagecraft_desktop.weights.steps import Stage, Step
from imagecraft_desktop.windows.jobs import Jobs
from imagecraft_desktop.windows.work import Work

if TYPE_CHECKING:
    from imagecraft_desktop.ui.settings.mnemonics import Mnemonics
    from imagecraft_desktop.ui.settings.models_page import ModelsPage

_LOOK_S = 0.1


class Models(QObject):
    """One work at a time.

    Attributes:
        tells: Shows a sentence in the window.
    """

    changed = Signal()
    """A model came or went."""
    _stepped = Signal(object)
    _measured = Signal(int, int)
    _gave_way = Signal()

    def __init__(self, control: Control, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tells: Callable[[str], None] = lambda _: None
        self._control = control
        self._jobs = jobs
        self._page: ModelsPage | None = None
        self._work = Work(control, jobs, self)
        self._measures = ""
        self._tenths = lines.Tenths()
        self._standing = lines.Standing("")
        self._is_working = False
        self._step: Step | None = None
        self._stepped.connect(self._show_step)
        self._measured.connect(self._show_measured)
        self._gave_way.connect(self._show_gave_way)

    def close(self) -> None:
        """End a download, of which what has come is kept, or a measurement."""
        self._work.cancel()

    def make_page(self, keys: Mnemonics) -> ModelsPage:
        """The page, made anew."""
        from imagecraft_desktop.ui.settings.models_page import ModelsPage

        page = self._page = ModelsPage(keys)
        page.install_wanted.connect(self._install)
        page.show_wanted.connect(self._show_facts)
        page.import_wanted.connect(self._import)
        page.pause_wanted.connect(self._pause)
        page.check_wanted.connect(self._check)
        page.measure_wanted.connect(self._measure)
        page.remove_wanted.connect(self._remove)
        page.cancel_wanted.connect(self.close)
        page.login_wanted.connect(self._login)
        page.logout_wanted.connect(self._logout)
        page.show_work(self._is_working)
        if self._is_working and self._step is not None:
            _show_download(page, self._step)
        self.refresh()
        return page

    def refresh(self) -> None:
        """Look at what is installed."""
        if self._page is None:
            return

        def look() -> list[Choice]:
            machine, speeds = speed.look()
            return [
                Choice(one.name, lines.line(one, machine, speeds.get(one.name)))
                for one in lines.ranked(machine, speeds)
            ]

        def show(found: list[Choice]) -> None:
            if self._page is not None:
                self._page.show_models(found)

        self._jobs.run(look, show)

    # --- works ---

    @Slot(str)
    def _install(self, name: str) -> None:
        page = self._page
        if page is None or not name:
            return
        model = catalogue.find(name)
        from imagecraft_desktop.ui.settings.models_page import TermsDialog

        if TermsDialog(lines.terms(model), page).exec() != QDialog.DialogCode.Accepted:
            self._tell(say(strings.MODELS_NOT_ACCEPTED))
            return
        self._begin(name)
        self._tell_spoiled()
        self._work.run(
            say(strings.MODEL_NOW_BEGINS, name=name),
            lambda tick: download.install(model, tick, self._stepped.emit),
            lambda _: self._installed(model),
            lambda reason: self._break_off(reason, say(strings.MODELS_KEPT, name=name)),
        )

    @Slot(str)
    def _import(self, name: str) -> None:
        """From a folder, which is chosen after the terms."""
        page = self._page
        if page is None or not name:
            return
        model = catalogue.find(name)
        from imagecraft_desktop.ui.settings.models_page import TermsDialog

        asked = TermsDialog(lines.terms(model, is_brought=True), page, strings.MODELS_FOLDER)
        if asked.exec() != QDialog.DialogCode.Accepted:
            self._tell(say(strings.MODELS_NOT_IMPORTED))
            return
        chooser = QFileDialog(page, plain(say(strings.MODELS_FOLDER)))
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(lambda folder: self._import_from(model, Path(folder)))
        chooser.open()

    def _import_from(self, model: Model, folder: Path) -> None:
        self._begin(model.name)
        self._tell_spoiled()
        self._work.run(
            say(strings.MODEL_NOW_COPIED, name=model.name),
            lambda tick: store.import_folder(model, folder, tick, self._stepped.emit),
            lambda _: self._installed(model),
            lambda reason: self._break_off(reason, ""),
        )

    @Slot(bool)
    def _pause(self, is_wanted: bool) -> None:
        """The download tells it itself when it waits, or goes on."""
        try:
            (pause.pause if is_wanted else pause.resume)(self._standing.name)
        except ImageCraftError as error:
            self._tell(error.spoken)

    @Slot(str)
    def _show_facts(self, name: str) -> None:
        if not name:
            return

        def look() -> list[str]:
            machine, speeds = speed.look()
            return lines.facts(catalogue.find(name), machine, speeds.get(name))

        self._jobs.run(look, lambda facts: self._open_facts(name, facts))

    def _open_facts(self, name: str, facts: list[str]) -> None:
        if self._page is None:
            return
        from imagecraft_desktop.ui.settings.models_page import FactsDialog

        dialog = FactsDialog(say(strings.MODELS_ABOUT, name=name), facts, self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _installed(self, model: Model) -> None:
        ready = say(strings.MODEL_READY, name=model.name)
        self.changed.emit()
        if model.kind is Kind.VOICE:
            voicecraft.accept()
            self._end(ready)
        elif self._work.is_stopped:
            self._end(f"{ready} {say(strings.MODEL_NOT_MEASURED)}")
        else:
            self._begin_measuring(model.name, f"{ready} {say(strings.MODEL_MEASURING)}")

    @Slot(str)
    def _measure(self, name: str) -> None:
        if not name:
            return
        if catalogue.find(name).kind is Kind.VOICE:
            self._tell(say(strings.MODEL_SPEAKS, name=name))
            return
        self._begin_measuring(name, say(strings.MODEL_MEASURING))

    def _begin_measuring(self, name: str, sentence: str) -> None:
        self._begin(name)
        self._measures = name
        self._tell(sentence)

        def work(tick: Tick) -> Speed:
            from imagecraft_desktop.trials.calibrate import calibrate_alone

            def make_room() -> None:
                room = self._control.make_room()
                while not room.wait(_LOOK_S):
                    tick()

            return calibrate_alone(
                name,
                make_room,
                lambda: self._control.is_describing,
                self._gave_way.emit,
                tick=tick,
                step=self._measured.emit,
            )

        self._work.run(
            say(strings.MODEL_NOW_MEASURED, name=name),
            work,
            lambda measured: self._end(lines.takes(measured)),
            lambda reason: self._break_off(reason, say(strings.MODELS_NOT_MEASURED, name=name)),
        )

    @Slot(str)
    def _check(self, name: str) -> None:
        if not name:
            return
        self._begin(name)
        self._tell_spoiled()
        self._work.run(
            say(strings.MODEL_NOW_CHECKED, name=name),
            lambda tick: store.verify(name, tick, self._stepped.emit),
            lambda kept: self._end(say(strings.MODEL_VERIFIED, name=name, count=len(kept.files))),
            lambda reason: self._break_off(reason, ""),
        )

    @Slot(str)
    def _remove(self, name: str) -> None:
        page = self._page
        if page is None or not name:
            return

        def remove() -> None:
            self._begin(name)
            self._jobs.run(
                lambda: store.remove(name), lambda freed: self._removed(name, freed), self._end
            )

        confirm(page, say(strings.MODELS_SURE_REMOVE, name=name), remove)

    def _removed(self, name: str, freed: int) -> None:
        self._end(say(strings.MODEL_REMOVED, name=name, size=sizes.in_words(freed)))
        self.changed.emit()

    @Slot()
    def _login(self) -> None:
        page = self._page
        if page is None:
            return
        from imagecraft_desktop.ui.settings.models_page import LoginDialog

        asked = LoginDialog(page)
        is_wanted = asked.exec() == QDialog.DialogCode.Accepted
        token = asked.take_token()
        asked.deleteLater()
        if not is_wanted:
            return
        self._begin("")
        self._tell(say(strings.LOGIN_NOW))
        self._work.run(
            say(strings.LOGIN_NOW),
            lambda tick: login.login(token, tick),
            self._end,
            lambda reason: self._break_off(reason, ""),
        )

    @Slot()
    def _logout(self) -> None:
        self._begin("")
        self._jobs.run(login.logout, self._end, self._end)

    def _begin(self, name: str) -> None:
        self._tenths, self._standing = lines.Tenths(), lines.Standing(name)
        self._is_working, self._step = True, None
        if self._page is not None:
            self._page.show_work(True)

    def _tell_spoiled(self) -> None:
        if (told := lines.spoiled()) is not None:
            self._tell(told)

    def _end(self, sentence: str) -> None:
        self._is_working = False
        if self._page is not None:
            self._page.show_work(False)
        self.refresh()
        if sentence:
            self._tell(sentence)

    def _break_off(self, reason: str, left: str) -> None:
        """It failed, or was cancelled, which is told by who heard Stop if that was the way.

        Args:
            reason: Why it failed; "" when it was cancelled.
            left: What remains of a cancelled work; "" for nothing.
        """
        cancelled = say(strings.CANCELLED)
        if not reason and self._work.is_stopped:
            self._end(left)
            self.tells(" ".join(filter(None, [cancelled, left])))
        else:
            self._end(reason or " ".join(filter(None, [cancelled, left])))

    @Slot(object)
    def _show_step(self, step: Step) -> None:
        if not self._is_working or self._page is None:
            return
        if self._work.sentence:
            self._work.sentence = self._standing.sentence(step)
        self._step = step
        _show_download(self._page, step)
        if sentence := self._tenths.sentence(step):
            self.tells(sentence)
            if step.stage in {Stage.PAUSED, Stage.RESUMED}:
                self._control.tell(sentence, is_important=True)
            elif self._page.is_told:
                self._control.tell(sentence)

    @Slot(int, int)
    def _show_measured(self, done: int, total: int) -> None:
        if not self._is_working or self._page is None:
            return
        self._page.show_progress(done, total)
        if self._work.sentence:
            words = {"name": self._measures, "done": done, "total": total}
            self._work.sentence = say(strings.MODEL_NOW_MEASURES, **words)
        sentence = say(strings.MODELS_MEASURE_STEP, done=done, total=total)
        self.tells(sentence)
        if self._page.is_told:
            self._control.tell(sentence)

    @Slot()
    def _show_gave_way(self) -> None:
        """Not said: the description is."""
        if not self._is_working:
            return
        sentence = say(strings.MODEL_GIVES_WAY)
        if self._work.sentence:
            self._work.sentence = sentence
        self.tells(sentence)

    def _tell(self, sentence: str) -> None:
        self.tells(sentence)
        self._control.tell(sentence, is_important=True)


def _show_download(page: ModelsPage, step: Step) -> None:
    """How far it is, and whether it can wait or go on."""
    is_here = step.stage in {Stage.COPY, Stage.CHECK}
    if is_here or step.stage is Stage.FETCH:
        page.show_progress(step.done, step.total)
    page.show_download(not is_here, is_paused=step.stage is Stage.PAUSED)
