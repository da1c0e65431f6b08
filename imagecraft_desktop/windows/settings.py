"""The settings window in the running program: opens it, keeps what is changed, and has it taken over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from imagecraft_desktop import choices, strings
from imagecraft_desktop.control import Control, Mouth, Reply
from imagecraft_desktop.errors import BadSetting, ImageCraftError, KeyNotAllowed
from imagecraft_desktop.settings import transfer
from imagecraft_desktop.settings.table import Settings, rows
from imagecraft_desktop.strings import say
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.trigger.hotkeys import Hotkeys
from imagecraft_desktop.trigger.keys import parse
from imagecraft_desktop.values import Choice
from imagecraft_desktop.windows.consent import CAPTIONER, ServerConsent
from imagecraft_desktop.windows.jobs import Jobs
from imagecraft_desktop.windows.models import Models
from imagecraft_desktop.windows.privacy import Privacy
from imagecraft_desktop.windows.voices import Voices

if TYPE_CHECKING:
    from imagecraft_desktop.ui.settings.window import SettingsWindow

log = logging.getLogger(__name__)

_TRY_MS = 15_000
_WAIT_MS = 300


class SettingsDesk(QObject):
    """Lives in the main thread.

    Args:
        aside: Plays voices and short sounds.
        hotkeys: Rest while a new key is pressed, and can be tried.
    """

    def __init__(
        self, control: Control, aside: Mouth, hotkeys: Hotkeys, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._control = control
        self._aside = aside
        self._hotkeys = hotkeys
        self._window: SettingsWindow | None = None
        self._jobs = Jobs(self._tell, self)
        self._voices = Voices(control, aside, self._jobs, self.keep, self)
        self._models = Models(control, self._jobs, self)
        self._privacy = Privacy(control, self._jobs, self)
        self._consent = ServerConsent(lambda: self._window, self._tell_permission)
        self._voices.changed.connect(self._look_around)
        self._models.changed.connect(self._look_around)
        self._trying = QTimer(self, singleShot=True, interval=_TRY_MS)
        self._trying.timeout.connect(self._end_trying)
        hotkeys.tried.connect(self._tell_tried)
        control.reloaded.connect(self._show_settings)
        control.add_act(Action.SETTINGS, self._open)

    def close(self) -> None:
        """End what is being done."""
        self._voices.close()
        self._models.close()
        self._privacy.close()
        if self._window is not None:
            self._window.close()

    # --- the window ---

    def _open(self, _words: Mapping[str, str]) -> Reply:
        if self._window is None:
            self._build()
        window = self._window
        if window is None:
            raise RuntimeError("there is no window")
        self._look_around()
        window.show()
        window.raise_()
        window.activateWindow()
        return {"ok": True, "spoken": ""}

    def _build(self) -> None:
        # the window's memory comes with it
        from imagecraft_desktop.ui.settings.window import Page, SettingsWindow

        pages = [
            Page(say(strings.PAGE_VOICES), self._voices.make_page),
            Page(say(strings.PAGE_MODELS), self._models.make_page),
            Page(say(strings.PAGE_PRIVACY), self._privacy.make_page),
        ]
        window = SettingsWindow(self._control.settings, list(choices.OFFERED), pages)
        self._window = window
        self._language = strings.language()
        self._voices.tells = self._models.tells = self._privacy.tells = window.tell
        window.changed.connect(self._change)
        window.reset_wanted.connect(self._reset)
        window.import_wanted.connect(self._import)
        window.export_wanted.connect(self._export)
        window.recording.connect(self._record_key)
        window.key_stayed.connect(self._tell_key)
        window.told.connect(self._control.tell)
        window.closed.connect(self._end_trying)
        self._furnish(window)
        self._show_settings()

    def _furnish(self, window: SettingsWindow) -> None:
        """Buttons that let settings be heard and tried."""
        window.add_button("speech_volume", say(strings.SETTINGS_HEAR_VOICE), self._hear_voice)
        window.add_button("sound_device", say(strings.SETTINGS_HEAR_DEVICE), self._hear_device)
        window.add_button("window_key", say(strings.SETTINGS_TRY_KEYS), self._try_keys)
        for name, label in strings.EARCON_NAMES.items():
            text = say(strings.SETTINGS_HEAR_SIGN, name=say(label))
            window.add_button("earcons", text, self._player_of(name))
        window.add_button(
            "server_address",
            say(strings.SERVER_PERMISSION),
            self._change_permission,
            help=say(strings.SERVER_PERMISSION_HELP),
        )
        last = list(rows())[-1]
        window.add_button(last, say(strings.SETTINGS_HEAR_TOUR), self._hear_tour)

    @Slot()
    def _show_settings(self) -> None:
        if self._window is None:
            return
        self._window.show_settings(self._control.settings)
        self._window.show_keys(_spoken_keys(self._control.settings))
        now = self._control.settings
        self._jobs.run(
            lambda: {name: about(now) for name, about in choices.NOTES.items()}, self._show_notes
        )
        if strings.language() != self._language:
            QTimer.singleShot(0, self._build_again)

    @Slot()
    def _build_again(self) -> None:
        """The window in another language, at the same place."""
        old = self._window
        if old is None:
            return
        if QApplication.activeModalWidget() is not None:
            # a dialog of it would go with it, and a voice that is recorded there
            QTimer.singleShot(_WAIT_MS, self._build_again)
            return
        name, page = old.focused_setting, old.page
        self._build()
        if self._window is not None:
            self._window.make(old.made)  # the rooms of pages show what they do on the newest one
        if self._window is not None and old.isVisible():
            self._window.setGeometry(old.geometry())
            self._window.turn_to(page)
            if name:
                self._window.focus_setting(name)
            self._open({})
        old.closed.disconnect()
        old.close()
        old.deleteLater()

    @Slot()
    def _look_around(self) -> None:
        """Find out what may be chosen; the window need not wait for it."""
        now = self._control.settings

        def look(name: str) -> list[Choice]:
            return choices.offered(name, now)

        for name in choices.OFFERED:
            self._jobs.run(
                lambda name=name: look(name),  # type: ignore[misc]
                lambda found, name=name: self._offer(name, found),  # type: ignore[misc]
                lambda sentence: log.info("nothing to offer: %s", sentence),
            )
        self._voices.refresh()
        self._models.refresh()

    def _show_notes(self, notes: dict[str, str]) -> None:
        if self._window is not None:
            self._window.show_notes(notes)

    def _offer(self, name: str, found: list[Choice]) -> None:
        if self._window is not None:
            self._window.offer(name, found)

    # --- changes ---

    def keep(self, changes: Mapping[str, object]) -> bool:
        """Keep settings and have them taken over; False when they cannot be so, which is told."""
        try:
            choices.keep(changes)
        except ImageCraftError as error:
            self._tell(_in_words(error))
            return False
        reply = self._control.do(Action.RELOAD)
        if not reply["ok"] and self._window is not None:
            self._window.tell(str(reply["spoken"]))
        return bool(reply["ok"])

    @Slot(str, object)
    def _change(self, name: str, value: object) -> None:
        is_kept = self.keep({name: value})
        window = self._window
        if window is None:
            return
        if is_kept:
            window.tell(say(strings.SETTINGS_KEPT, name=window.field(name).title))
            if why_not := window.field(name).why_not:
                self._tell(why_not)
            self._ask_consent({name: value})
            if rows()[name].metadata["is_key"]:
                self._control.tell_name(self._key_now(name))  # which the button's name holds

    def _ask_consent(self, changes: Mapping[str, object]) -> None:
        """Pictures may go to another machine now, which the user must allow."""
        now = self._control.settings
        if "server_address" in changes or changes.get("captioner") == CAPTIONER:
            # when what was pressed is done: the window may be closing
            QTimer.singleShot(0, lambda: self._consent.ask(now.server_address))
            self._look_around()

    def _change_permission(self) -> None:
        self._consent.change(self._control.settings.server_address)

    def _tell_permission(self, sentence: str) -> None:
        self._tell(sentence)
        self._look_around()

    @Slot(str)
    def _reset(self, name: str) -> None:
        names = [name] if name else list(rows())
        if self.keep({one: rows()[one].default for one in names}):
            self._tell(say(strings.SETTINGS_RESET_DONE))

    @Slot(str)
    def _export(self, path: str) -> None:
        file = Path(path)
        try:
            secret = transfer.export(self._control.settings, file)
        except ImageCraftError as error:
            self._tell(error.spoken)
            return
        left_out = f" {say(strings.SETTINGS_SECRET_LEFT_OUT)}" if secret else ""
        self._tell(say(strings.SETTINGS_EXPORTED, name=file.name) + left_out)

    @Slot(str)
    def _import(self, path: str) -> None:
        now = self._control.settings
        try:
            found = transfer.read(
                Path(path), lambda name, value, all: choices.check(name, value, now, all)
            )
        except ImageCraftError as error:
            self._tell(error.spoken)
            return
        if self.keep(found.changes):
            imported = say(strings.SETTINGS_IMPORTED, count=len(found.changes))
            self._tell(" ".join([imported, *found.problems]))
            self._ask_consent(found.changes)

    # --- trying ---

    def _hear_voice(self) -> None:
        self._control.try_voice(say(strings.TEST_SENTENCE))

    def _hear_device(self) -> None:
        if not self._aside.sign("done"):
            self._tell(say(strings.ERR_NO_SOUND_DEVICE))

    def _player_of(self, name: str) -> Callable[[], object]:
        return lambda: self._aside.sign(name)

    def _hear_tour(self) -> None:
        self._control.do(Action.TOUR)

    @Slot(bool)
    def _record_key(self, is_waiting: bool) -> None:
        """While a new key is awaited the old ones must reach the window."""
        self._hotkeys.rest(is_waiting)
        if is_waiting:
            self._tell(say(strings.SETTINGS_PRESS_KEY))

    @Slot(str)
    def _tell_key(self, name: str) -> None:
        self._control.tell(self._key_now(name))

    def _key_now(self, name: str) -> str:
        key = _spoken_keys(self._control.settings)[name]
        return say(strings.SETTINGS_KEY_IS, key=key) if key else say(strings.CANCELLED)

    def _try_keys(self) -> None:
        keys = " ".join(key for key in (self._hotkeys.window, self._hotkeys.layer) if key)
        if not keys:
            self._tell(say(strings.APP_NO_KEYS))
            return
        self._hotkeys.only_try(True)
        self._trying.start()
        window, layer = self._hotkeys.window, self._hotkeys.layer
        self._tell(
            say(strings.SETTINGS_PRESS_EITHER, key=window, other=layer)
            if window and layer
            else say(strings.SETTINGS_PRESS_ONE, key=window or layer)
        )

    @Slot(str)
    def _tell_tried(self, key: str) -> None:
        self._tell(say(strings.SETTINGS_KEY_WORKS, key=key))

    @Slot()
    def _end_trying(self) -> None:
        if self._trying.isActive():
            self._trying.stop()
        self._hotkeys.only_try(False)

    @Slot(str)
    def _tell(self, sentence: str) -> None:
        if not sentence:
            return
        if self._window is not None:
            self._window.tell(sentence)
        self._control.tell(sentence, is_important=True)


def _spoken_keys(settings: Settings) -> dict[str, str]:
    """The keys of the settings by their names for the ear."""
    spoken = {}
    for name, setting in rows().items():
        if setting.metadata["is_key"]:
            value = str(getattr(settings, name))
            try:
                combination = parse(value)
            except KeyNotAllowed:
                spoken[name] = value
            else:
                spoken[name] = combination.spoken if combination is not None else ""
    return spoken


def _in_words(error: ImageCraftError) -> str:
    """The sentence, with a setting's name as it is shown."""
    name = str(error.words.get("name"))
    if isinstance(error, BadSetting) and name in rows():
        words = error.words | {"name": say(rows()[name].metadata["label"])}
        return say(error.message, **words)
    return error.spoken
