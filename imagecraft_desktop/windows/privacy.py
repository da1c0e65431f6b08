"""The page Privacy in the settings window: what is kept, and the proof that nothing is sent."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from imagecraft_desktop import strings
from imagecraft_desktop.control import Control
from imagecraft_desktop.history import store as history
from imagecraft_desktop.settings import store
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import log, paths
from imagecraft_desktop.values import Tick
from imagecraft_desktop.windows.jobs import Jobs
from imagecraft_desktop.windows.work import Work

if TYPE_CHECKING:
    from imagecraft_desktop.trials.offline import Proof
    from imagecraft_desktop.ui.settings.mnemonics import Mnemonics
    from imagecraft_desktop.ui.settings.privacy_page import PrivacyPage


class Privacy(QObject):
    """Lives in the main thread.

    Attributes:
        tells: Shows a sentence in the window.
    """

    def __init__(self, control: Control, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tells: Callable[[str], None] = lambda _: None
        self._control = control
        self._page: PrivacyPage | None = None
        self._work = Work(control, jobs, self)
        control.reloaded.connect(self._follow)

    def close(self) -> None:
        """End a proof."""
        self._work.cancel()

    def make_page(self, keys: Mnemonics) -> PrivacyPage:
        """The page, made anew."""
        from imagecraft_desktop.ui.settings.privacy_page import PrivacyPage

        page = self._page = PrivacyPage(_about(self._control.settings), keys)
        page.proof_wanted.connect(self._prove)
        return page

    @Slot()
    def _follow(self) -> None:
        if self._page is not None:
            self._page.show_sentences(_about(self._control.settings))

    @Slot()
    def _prove(self) -> None:
        """A second press cancels."""
        if self._work.sentence:
            self.close()
            return
        self._tell(say(strings.PROOF_BEGUN))

        def work(tick: Tick) -> Proof:
            from imagecraft_desktop.trials import offline

            return offline.prove(tick)

        self._work.run(
            say(strings.PROOF_BUSY), work, lambda proof: self._end(proof.spoken), self._end
        )

    def _end(self, sentence: str) -> None:
        """What was found; "" when it was cancelled."""
        if sentence and self._page is not None:
            self._page.show_proof(sentence)
        if self._work.is_stopped and not sentence:
            self.tells(say(strings.CANCELLED))
        else:
            self._tell(sentence or say(strings.CANCELLED))

    def _tell(self, sentence: str) -> None:
        self.tells(sentence)
        self._control.tell(sentence, is_important=True)


def _about(settings: Settings) -> list[str]:
    """What is kept, where, and for how long."""
    return [
        say(strings.PRIVACY_MACHINE),
        say(strings.PRIVACY_NETWORK),
        say(strings.PRIVACY_SERVER),
        say(strings.PRIVACY_PICTURES),
        _about_history(settings),
        say(strings.PRIVACY_SETTINGS, path=store.path()),
        say(strings.PRIVACY_VOICES, path=paths.data_dir() / "voices"),
        say(
            strings.PRIVACY_LOG,
            path=paths.log_dir(),
            count=log.MOST_FILES,
            megabytes=round(log.MOST_FILES * log.MOST_BYTES / 1e6),
        ),
    ]


def _about_history(settings: Settings) -> str:
    days, megabytes = settings.history_days, f"{settings.history_mb:g}"
    if days:
        count = math.ceil(days)
        limits = say(
            strings.PRIVACY_HISTORY_DAYS, count=count, days=f"{days:g}", megabytes=megabytes
        )
    else:
        limits = say(strings.PRIVACY_HISTORY_MB, megabytes=megabytes)
    off = "" if settings.history else say(strings.PRIVACY_HISTORY_OFF)
    kept = say(strings.PRIVACY_HISTORY, path=history.path())
    return " ".join(filter(None, [kept, off, limits, say(strings.PRIVACY_HISTORY_CHANGE)]))
