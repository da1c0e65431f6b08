"""The parts of the running tray program, and what connects them."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal, SignalInstance, Slot
from PySide6.QtWidgets import QApplication, QFileDialog, QSystemTrayIcon

from imagecraft_desktop import strings
from imagecraft_desktop.control import Control, Reply
from imagecraft_desktop.engine.worker import Engine
from imagecraft_desktop.errors import SettingsError, SocketRefused
from imagecraft_desktop.regions import Regions
from imagecraft_desktop.settings import store
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.speak.player import Player
from imagecraft_desktop.speak.reader.route import Route
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import child, once, paths
from imagecraft_desktop.system.crash import CrashHook
from imagecraft_desktop.system.language import chosen
from imagecraft_desktop.system.log import start_logging
from imagecraft_desktop.system.memory import give_back, machine_bytes, trim
from imagecraft_desktop.system.qt_words import QtWords
from imagecraft_desktop.system.tenancy import Tenancy
from imagecraft_desktop.trigger.actions import SCREENS, Action
from imagecraft_desktop.trigger.hotkeys import Hotkeys
from imagecraft_desktop.trigger.server import Server
from imagecraft_desktop.ui.announce import Announcer
from imagecraft_desktop.ui.notify import make_notifier
from imagecraft_desktop.ui.tray import Tray
from imagecraft_desktop.values import Shot
from imagecraft_desktop.windows.ask import Asking
from imagecraft_desktop.windows.images import Images
from imagecraft_desktop.windows.keeping import Keeping
from imagecraft_desktop.windows.settings import SettingsDesk

if TYPE_CHECKING:
    from imagecraft_desktop.engine.early import Voices
    from imagecraft_desktop.engine.pipeline import Pipeline, Speaker
    from imagecraft_desktop.values import Capture, Request

log = logging.getLogger(__name__)

_PAUSE_LOOK_MS = 500
_PREPARE_SOUND_MS = 1000
_END_WAIT_MS = 2000
_TRAY_MS = 5000
"""At log-in the tray may start after us."""
_PICTURES = "*.png *.jpg *.jpeg *.webp *.gif *.bmp *.tif *.tiff *.heic *.heif *.avif *.svg *.pdf"
_END_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class Program(QObject):
    """Everything that runs. Lives in the main thread."""

    _player_told = Signal(object)
    _aside_told = Signal(object)
    _crashed = Signal(str)
    _unshown = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self._application = application
        loaded = store.load()
        self._settings = loaded.settings
        self._problems = list(loaded.problems)
        start_logging(self._settings.log_level)
        self._qt_words = QtWords()
        self._qt_words.use(strings.language())
        self._crash_hook = CrashHook(self._crashed.emit)
        self._is_first_start = not _was_welcomed()
        self._is_ready = False
        self._hotkeys = Hotkeys(self)
        self._server = Server(self._answer, self)
        self._player = self._make_player(self._player_told)
        self._aside = self._make_player(self._aside_told)
        self._tenancy = Tenancy(machine_bytes())
        self._route = Route(self._settings.output_route)
        self._engine = Engine(
            self._make_speaker,
            self._make_pipeline,
            give_back,
            self,
            route=self._route,
            tidy=trim,
        )
        self._engine.set_patience(self._settings.unload_after_min)
        self._tray = Tray(self)
        self._notifier = make_notifier(self._tray.icon, self._unshown.emit)
        self._announcer = Announcer(self._notifier, self._settings.notifications)
        self._control = Control(
            engine=self._engine,
            player=self._player,
            aside=self._aside,
            announcer=self._announcer,
            take=self._take,
            reload=self._reload,
            keys=lambda: (self._hotkeys.layer, self._hotkeys.window),
            settings=self._settings,
            can_answer=_can_answer,
            called=_called,
            route=self._route,
            awaits=self._awaits,
            lost_settings=loaded.lost,
            parent=self,
        )
        self._keeping = Keeping(self._control, self)
        self._asking = Asking(self._control, self)
        self._images = Images(self._control, self)
        self._keeping.picture_opened.connect(self._images.show_again)
        self._settings_desk = SettingsDesk(self._control, self._aside, self._hotkeys, self)
        self._dialog: QFileDialog | None = None
        self._regions = Regions(lambda: self._route.find() is not None, self)
        self._connect()

    def start(self) -> bool:
        """Hear keys and commands. False when the program already runs."""
        try:
            if not self._server.listen():
                return False
        except SocketRefused as error:
            log.warning("no socket: %s", error.detail)
            self._problems.append(error.spoken)
        self._crash_hook.route_qt_messages()
        if self._crash_hook.install():
            self._problems.append(say(strings.APP_CRASHED_LAST))
        problems = self._hotkeys.bind(self._settings.layer_key, self._settings.window_key)
        for sentence in problems:
            self._tell_problem(sentence)
        self._tray.show()
        self._hear_end_signals()
        QTimer.singleShot(_PREPARE_SOUND_MS, self._player.prepare)
        QTimer.singleShot(_PREPARE_SOUND_MS, self._prepare_asking)
        QTimer.singleShot(_TRAY_MS, self._look_for_tray)
        return True

    def end(self) -> None:
        """Give everything back. If the worker does not end in time the process is left all the same."""
        self._hotkeys.stop()
        self._server.close()
        self._settings_desk.close()
        self._tray.hide()
        self._player.close()
        self._aside.close()
        is_ended = self._engine.end(_END_WAIT_MS)
        self._keeping.close()
        self._notifier.close()
        self._crash_hook.remove()
        if not is_ended:
            log.error("the worker does not end; leaving without it")
            logging.shutdown()
            child.end_all()
            os._exit(0)

    def _connect(self) -> None:
        control = self._control
        self._player_told.connect(control.hear_player)
        self._aside_told.connect(control.hear_aside)
        self._hotkeys.chosen.connect(control.press)
        self._hotkeys.layer_opened.connect(control.open_layer)
        self._hotkeys.layer_closed.connect(control.close_layer)
        self._crashed.connect(control.tell_defect)
        self._unshown.connect(self._tell_no_notifications)
        self._hotkeys.failed.connect(self._tell_problem)
        self._hotkeys.impossible.connect(self._note_impossible)
        self._hotkeys.ready.connect(self._note_ready)
        self._tray.chosen.connect(control.choose)
        control.state.changed.connect(self._tray.show_state)
        control.file_wanted.connect(self._choose_file)
        control.region_wanted.connect(self._choose_region)
        control.began.connect(self._regions.make_way)
        control.stopped.connect(self._regions.stop)
        control.forgotten.connect(self._regions.forget)
        control.ended.connect(self._let_go)
        self._regions.said.connect(control.answer_key)
        self._regions.waits.connect(control.tell)
        self._regions.failed.connect(self._tell_problem)
        self._regions.chosen.connect(self._describe_region)
        control.quit_wanted.connect(self._application.quit)

    # --- what the parts ask for ---

    def _answer(self, action: Action, words: dict[str, str]) -> Reply:
        """A client of the socket asks. It prints the status, so that is spoken only if it says so."""
        if action is not Action.STATUS:
            return self._control.do(action, words)
        reply = self._control.do(action) if "aloud" in words else self._control.facts()
        return {**reply, "is_ready": self._is_ready, "hotkeys": self._hotkeys.backend_name}

    def _take(self, action: Action, words: Mapping[str, str]) -> Capture:
        """The picture that an action means. Raises CaptureError."""
        if action is Action.FILE:
            from imagecraft_desktop.capture.file import from_path

            return from_path(Path(words["path"]))
        if action is Action.CLIPBOARD:
            from imagecraft_desktop.capture.clipboard import grab_clipboard

            return grab_clipboard()
        if action in {Action.WINDOW, Action.TEXT}:
            from imagecraft_desktop.capture.window import grab_window

            return grab_window()
        if action in {Action.ELEMENT, Action.MOUSE}:
            from imagecraft_desktop.capture import element

            is_mouse = action is Action.MOUSE
            return element.grab_under_mouse() if is_mouse else element.grab_focused()
        if action is Action.REGION:
            return self._regions.take(words.get("region") or self._settings.region)
        from imagecraft_desktop.capture import screen

        number = SCREENS.get(action)
        if number is not None:
            return screen.grab_screen(str(number))
        return screen.grab_screen(screen.ALL if action is Action.ALL_SCREENS else screen.CURRENT)

    def _awaits(self) -> bool:
        """Whether the desktop has not given a picture yet that it was asked for."""
        request = self._engine.current
        shot = request.capture.content if request is not None and request.capture else None
        if not isinstance(shot, Shot):
            return self._regions.is_waiting
        from imagecraft_desktop.capture import portal

        return self._regions.is_waiting or portal.is_awaited(shot)

    @Slot(object, object)
    def _let_go(self, request: Request, _: object) -> None:
        """A description has ended: its picture is not awaited any more, unless the next is about it."""
        shot = request.capture.content if request.capture is not None else None
        after = self._engine.current
        is_wanted = after is not None and after.capture is request.capture
        if isinstance(shot, Shot) and not is_wanted:
            from imagecraft_desktop.capture import portal

            portal.give_up(shot)

    def _make_player(self, told: SignalInstance) -> Player:
        return Player(self._settings.sound_device, self._settings.speech_volume, told.emit)

    def _make_speaker(self) -> Voices:
        """Called in the worker thread, by the first request."""
        from imagecraft_desktop.speak.chain import make_chain
        from imagecraft_desktop.speak.voicecraft import VoiceCraftWish

        settings = self._settings
        wish = VoiceCraftWish(settings.voicecraft_model, settings.voicecraft_mode)
        return make_chain(settings.voice, wish, self._tenancy)

    def _make_pipeline(self, speaker: Speaker) -> Pipeline:
        """Called in the worker thread, by the first request."""
        from imagecraft_desktop.capture.decode import to_picture
        from imagecraft_desktop.engine.pipeline import Pipeline

        return Pipeline(to_picture, speaker, tenancy=self._tenancy, route=self._route)

    def _reload(self) -> tuple[Settings, list[str]]:
        """Take the settings file over."""
        old, loaded = self._settings, store.load()
        new = self._settings = loaded.settings
        self._control.lost_settings = loaded.lost
        problems = list(loaded.problems)
        strings.use_language(chosen(new.language), paths.resources() / "locale")
        self._qt_words.use(strings.language())
        start_logging(new.log_level)
        self._tray.translate()
        self._announcer.is_wanted = new.notifications
        self._route.wish = new.output_route
        for player in (self._player, self._aside):
            player.device, player.volume = new.sound_device, new.speech_volume
        if new.unload_after_min != old.unload_after_min:
            self._engine.set_patience(new.unload_after_min)
        if _voice_of(new) != _voice_of(old):
            self._engine.renew_voices()
        if (new.layer_key, new.window_key) != (old.layer_key, old.window_key):
            problems += self._hotkeys.bind(new.layer_key, new.window_key)
        return new, problems

    @Slot()
    def _choose_file(self) -> None:
        """Let the user choose a picture, which is then described."""
        dialog, before = self._dialog, self._dialog
        if dialog is None or not dialog.isVisible():
            dialog = self._dialog = self._make_dialog()
            if before is not None:
                dialog.setDirectory(before.directory())
                before.deleteLater()
            dialog.open()
        dialog.activateWindow()

    def _make_dialog(self) -> QFileDialog:
        """A new one each time: in an old one the last name stands before what is typed."""
        dialog = QFileDialog()
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setWindowTitle(say(strings.APP_CHOOSE_FILE))
        dialog.setNameFilter(f"{say(strings.APP_PICTURES)} ({_PICTURES})")
        dialog.fileSelected.connect(self._describe_file)
        return dialog

    @Slot(str)
    def _describe_file(self, path: str) -> None:
        self._control.do(Action.FILE, {"path": path})

    @Slot()
    def _choose_region(self) -> None:
        self._regions.choose(self._settings.region)

    @Slot(str)
    def _describe_region(self, region: str) -> None:
        """Describe what was chosen, and keep it for the next time."""
        self._control.do(Action.REGION, {"region": region})
        try:
            self._control.settings = self._settings = store.set_value("region", region)
        except SettingsError as error:
            log.warning("the region was not kept: %s", error.detail or type(error).__name__)
            self._tell_problem(error.spoken)

    # --- the start ---

    @Slot()
    def _prepare_asking(self) -> None:
        """Import, aside, what asks readers and windows: both have little time when they are asked."""

        def prepare() -> None:
            from imagecraft_desktop.capture import known

            known.prepare()
            self._route.find()

        threading.Thread(target=prepare, name="prepare", daemon=True).start()

    @Slot()
    def _look_for_tray(self) -> None:
        """The icon is never the only way in, so a word is enough, and one for ever."""
        if not QSystemTrayIcon.isSystemTrayAvailable() and once.is_first("no-tray"):
            self._tell_problem(say(strings.APP_NO_TRAY))

    @Slot()
    def _tell_no_notifications(self) -> None:
        """What is said cannot be read, either: on a braille display, or by who hears little. Said in a
        pause: a key ends what waits to be said."""
        if not self._control.is_quiet():
            QTimer.singleShot(_PAUSE_LOOK_MS, self._tell_no_notifications)
        elif once.is_first("no-notifications"):
            self._tell_problem(say(strings.APP_NO_NOTIFICATIONS))

    @Slot(str)
    def _tell_problem(self, sentence: str) -> None:
        self._control.tell_problem(sentence)

    @Slot(str)
    def _note_impossible(self, sentence: str) -> None:
        """Hotkeys will never work on this desktop: said once, not at every log-in."""
        log.warning("no hotkeys on this desktop")
        if self._is_first_start:
            self._tell_problem(sentence)

    @Slot()
    def _note_ready(self) -> None:
        """The keys are in force: the start is complete."""
        self._is_ready = True
        log.info("ready; hotkeys: %s", self._hotkeys.backend_name or "none")
        problems, self._problems = self._problems, []
        for sentence in problems:
            self._tell_problem(sentence)
        if self._is_first_start:
            self._is_first_start = False
            self._control.welcome()
            _note_welcomed()

    def _hear_end_signals(self) -> None:
        """End in order on Ctrl+C, at log-out and when killed politely.

        Python sees a signal only when Qt gives it a turn; the bytes in this pair of sockets, which
        Python writes from the signal itself, wake Qt.
        """
        ours, self._signals = socket.socketpair()
        for end in (ours, self._signals):
            end.setblocking(False)
        self._signal_end = ours
        signal.set_wakeup_fd(self._signals.fileno(), warn_on_full_buffer=False)
        for name in _END_SIGNALS:
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda *_: None)
        if hasattr(signal, "SIGTSTP"):  # Ctrl+Z: what is stopped may hold the keyboard up
            signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        self._signal_watch = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read, self)
        self._signal_watch.activated.connect(self._application.quit)


def _can_answer(captioner: str) -> bool:
    """Whether it answers questions; by then a picture was described. Raises DescribeError."""
    from imagecraft_desktop.describe.base import answers_questions

    return answers_questions(captioner)


def _called(captioner: str) -> str:
    from imagecraft_desktop.describe.base import called

    return called(captioner)


def _voice_of(settings: Settings) -> tuple[str, ...]:
    """What the voices are made from."""
    return settings.voice, settings.voicecraft_model, settings.voicecraft_mode


def _welcome_mark() -> Path:
    """Exists once the user was told which key does what."""
    return paths.data_dir() / "welcomed"


def _was_welcomed() -> bool:
    try:
        return _welcome_mark().exists()
    except OSError as failure:
        log.warning("whether the user was welcomed is not known: %s", type(failure).__name__)
        return False


def _note_welcomed() -> None:
    """Leave the mark; where that cannot be, the user is welcomed again at the next start."""
    try:
        _welcome_mark().parent.mkdir(parents=True, exist_ok=True)
        _welcome_mark().touch()
    except OSError as failure:
        log.warning("the user will be welcomed again: %s", type(failure).__name__)
