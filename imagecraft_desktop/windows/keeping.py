"""The history of the running program: keeps what is described, and serves the window that lists it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from imagecraft_desktop import strings
from imagecraft_desktop.control import Control, Reply
from imagecraft_desktop.errors import HistoryPictureMissing, ImageCraftError
from imagecraft_desktop.history import store as stored
from imagecraft_desktop.history.export import export
from imagecraft_desktop.history.record import Recorder, entry_of
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import once
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.ui.history import HistoryWindow
from imagecraft_desktop.values import Capture, Description, HistoryEntry, Kind, Outcome, Request

log = logging.getLogger(__name__)

_END_S = 2.0
_SETTLED_MS = 60_000
"""So long after a change of the settings nothing is forgotten: the arrows of a field pass other values on
their way, and what was forgotten does not come back."""


class Keeping(QObject):
    """Lives in the main thread; the file is written in the recorder's."""

    picture_opened = Signal(object, object)
    """A `Capture` that was kept, with its `Description`, is to be shown in the image window."""
    _told = Signal(str)
    _written = Signal()

    def __init__(self, control: Control, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._control = control
        self._store = stored.Store(stored.path() if stored.is_possible() else None)
        self._told.connect(self._tell)
        self._written.connect(self._add)
        self._recorder = Recorder(self._store, self._told.emit, self._written.emit)
        self._window: HistoryWindow | None = None
        self._settling = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settling.timeout.connect(self._limit)
        control.ended.connect(self._keep)
        control.reloaded.connect(self._settling.start)
        control.reloaded.connect(self._follow)
        control.add_act(Action.HISTORY, self._open)
        control.add_act(Action.FORGET, self._forget)
        self._limit()

    def close(self) -> None:
        """Write what is left."""
        self._recorder.close(_END_S)

    @Slot(object, object)
    def _keep(self, request: Request, result: object) -> None:
        settings = self._control.settings
        if not settings.history or not isinstance(result, Outcome):
            return
        entry = entry_of(request, result)
        if entry is None:
            return
        picture = self._control.picture if settings.history_pictures else None
        self._recorder.record(entry, self._limits(), picture)
        if not self._store.is_lasting and once.is_first("history-in-memory"):
            self._tell(say(strings.HISTORY_IN_MEMORY))

    @Slot()
    def _limit(self) -> None:
        """Forget what has become too old or too much, whether or not anything is kept now."""
        limits = self._limits()
        if limits.forgets:
            self._recorder.limit(limits)

    def _limits(self) -> stored.Limits:
        settings = self._control.settings
        is_lost = bool(stored.LIMITS & self._control.lost_settings)
        forgets = not (is_lost or self._settling.isActive())
        return stored.Limits(settings.history_days, settings.history_mb, forgets)

    @Slot(str)
    def _tell(self, sentence: str) -> None:
        self._control.tell(sentence, is_important=True)

    # --- the window ---

    def _open(self, _words: Mapping[str, str]) -> Reply:
        if self._window is None or not self._window.isVisible():
            # made anew each time, in the language and the colours of now
            if self._window is not None:
                self._window.deleteLater()
            self._window = window = HistoryWindow(self._control.settings.high_contrast)
            window.searched.connect(self._show)
            window.repeat_wanted.connect(self._repeat)
            window.picture_wanted.connect(self._open_picture)
            window.export_wanted.connect(self._export)
            window.forget_wanted.connect(self._forget_some)
            window.told.connect(self._control.tell)
            window.walked.connect(self._control.read_line)
        self._show(self._window.words)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        self._window.tell_soon()
        return {"ok": True, "spoken": ""}

    @Slot()
    def _follow(self) -> None:
        if self._window is not None and self._window.isVisible():
            self._window.follow(self._control.settings.high_contrast)

    @Slot()
    def _add(self) -> None:
        """Let the open window have what was described meanwhile."""
        if self._window is None or not self._window.isVisible():
            return
        try:
            self._window.add(self._store.entries(self._window.words))
        except ImageCraftError as error:
            log.warning("the history: %s", error.detail or type(error).__name__)

    @Slot(str)
    def _show(self, words: str) -> None:
        if self._window is None:
            return
        try:
            is_off = not self._control.settings.history
            self._window.show_entries(self._store.entries(words), is_off=is_off)
        except ImageCraftError as error:
            self._refuse(error)
        for sentence in self._store.take_notices():
            self._tell(sentence)

    @Slot(object)
    def _repeat(self, entry: HistoryEntry) -> None:
        self._control.speak(entry.text)

    @Slot(object)
    def _open_picture(self, entry: HistoryEntry) -> None:
        try:
            content = self._store.picture(entry.number)
            if content is None:
                are_kept = self._control.settings.history_pictures
                raise HistoryPictureMissing(entry.number, are_kept=are_kept)
        except ImageCraftError as error:
            self._refuse(error)
            return
        capture = Capture(entry.origin, entry.name, content)
        found = Description(Kind(entry.kind), entry.statements, captioner=entry.captioner)
        self.picture_opened.emit(capture, found)

    @Slot(str)
    def _export(self, path: str) -> None:
        try:
            entries = self._store.entries()
            export(Path(path), entries)
        except ImageCraftError as error:
            self._refuse(error)
            return
        self._say(say(strings.HISTORY_EXPORTED, count=len(entries), path=Path(path).name))

    @Slot(object)
    def _forget_some(self, entry: HistoryEntry | None) -> None:
        if entry is None:
            self._control.do(Action.FORGET)
            return
        try:
            self._store.forget(entry.number)
        except ImageCraftError as error:
            self._refuse(error)
            return
        self._show(self._window.words if self._window is not None else "")
        self._say(say(strings.HISTORY_FORGOTTEN, count=1))

    def _forget(self, _words: Mapping[str, str]) -> Reply:
        """Forget everything, on disk and in memory."""
        from imagecraft_desktop.capture import asking, portal

        self._recorder.forget()
        self._control.forget()
        portal.forget()
        asking.forget()
        try:
            count = self._store.forget()
        except ImageCraftError as error:
            self._refuse(error)
            return {"ok": False, "spoken": error.spoken, "exit_code": error.exit_code}
        sentence = say(strings.HISTORY_FORGOTTEN, count=count)
        self._show("")
        self._say(sentence)
        return {"ok": True, "spoken": sentence, "count": count}

    def _say(self, sentence: str) -> None:
        if self._window is not None:
            self._window.tell(sentence)
        self._control.tell(sentence)

    def _refuse(self, error: ImageCraftError) -> None:
        log.warning("the history: %s", error.detail or type(error).__name__)
        if self._window is not None:
            self._window.tell(error.spoken)
        self._control.tell_problem(error.spoken)
