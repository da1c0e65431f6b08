"""The icon in the tray and its menu. Never the only way to anything: keys and commands do the same."""

from __future__ import annotations

import sys
import textwrap

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths
from imagecraft_desktop.ui.announce import printable
from imagecraft_desktop.ui.state import State

_WATCHER = "org.kde.StatusNotifierWatcher"
_MENU_GONE_MS = 200
"""So long after a choice the menu has vanished from the screen and the window under it is active."""

_LONGEST = 200
"""Characters of what the program does: an error may name a path. Windows shows 127 beside the icon."""

# what each entry asks for, by the words of `trigger.actions`; None is a line between two groups
_ENTRIES: tuple[tuple[str, str] | None, ...] = (
    (strings.TRAY_STATUS, "status"),
    None,
    (strings.TRAY_WINDOW, "window"),
    (strings.TRAY_SCREEN, "screen"),
    (strings.TRAY_ALL_SCREENS, "all-screens"),
    (strings.TRAY_ELEMENT, "element"),
    (strings.TRAY_REGION, "choose-region"),
    (strings.TRAY_LAST_REGION, "region"),
    (strings.TRAY_CLIPBOARD, "clipboard"),
    (strings.TRAY_FILE, "file"),
    (strings.TRAY_TEXT, "text"),
    None,
    (strings.TRAY_MORE, "more"),
    (strings.TRAY_ASK, "ask"),
    (strings.TRAY_IMAGES, "image-window"),
    (strings.TRAY_HISTORY, "history"),
    None,
    (strings.TRAY_REPEAT, "repeat"),
    (strings.TRAY_PAUSE, "pause"),
    (strings.TRAY_SKIP, "skip"),
    (strings.TRAY_BACK, "back"),
    (strings.TRAY_STOP, "stop"),
    (strings.TRAY_HELP, "help"),
    (strings.TRAY_SETTINGS, "settings"),
    None,
    (strings.TRAY_QUIT, "quit"),
)


def picture_of(state: State) -> QIcon:
    """A picture whose shape tells the state."""
    name = "imagecraft" if state is State.IDLE else f"imagecraft-{state}"
    return QIcon(str(paths.resources() / "icons" / f"{name}.png"))


class Tray(QObject):
    """Shows the icon as soon as there is a tray, be it now or later."""

    chosen = Signal(str)
    """An entry of the menu: a word of `trigger.actions`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state, self._sentence = State.IDLE, say(strings.APP_IDLE)
        # each is read once: Qt keeps for a time what it scales from another
        self._pictures = {one: picture_of(one) for one in State}
        self._menu = QMenu()
        self._fill()
        self.icon = self._make_icon()
        self._watcher: QObject | None = None

    def show(self) -> None:
        """Show the icon, or wait for a tray to show it in."""
        self.icon.show()
        self._watch_for_tray()

    def translate(self) -> None:
        """Write the menu anew, in the language of now."""
        self._fill()
        self.icon.setToolTip(self._tip())

    @Slot(object, str)
    def show_state(self, state: State, sentence: str) -> None:
        """Tell what the program does: by the icon's shape, and in words."""
        if state is not self._state:
            self.icon.setIcon(self._pictures[state])
        self._state, self._sentence = state, sentence
        self.icon.setToolTip(self._tip())
        self._status.setText(self._status_text())

    def _told(self) -> str:
        return textwrap.shorten(printable(self._sentence), _LONGEST, placeholder="…")

    def _tip(self) -> str:
        return say(strings.TRAY_TIP, sentence=self._told())

    def _status_text(self) -> str:
        sentence = self._told().replace("&", "&&")
        if sys.platform.startswith("linux"):
            # its trays take _ for the mark of the key, and Qt leaves it as it is
            sentence = sentence.replace("_", "__")
        return say(strings.TRAY_STATUS, sentence=sentence)

    def hide(self) -> None:
        """Take the icon away."""
        self.icon.hide()

    def _fill(self) -> None:
        self._menu.clear()
        for entry in _ENTRIES:
            if entry is None:
                self._menu.addSeparator()
                continue
            label, word = entry
            is_status = word == "status"
            action = QAction(self._status_text() if is_status else say(label), self._menu)
            if is_status:
                self._status = action
            action.setData(word)
            action.triggered.connect(self._choose)
            self._menu.addAction(action)

    def _make_icon(self) -> QSystemTrayIcon:
        icon = QSystemTrayIcon(self._pictures[self._state], self)
        icon.setToolTip(self._tip())
        icon.setContextMenu(self._menu)
        icon.activated.connect(self._activate)
        return icon

    def _watch_for_tray(self) -> None:
        """A tray that starts after us does not take an icon made before it, only a new one."""
        if not sys.platform.startswith("linux") or QSystemTrayIcon.isSystemTrayAvailable():
            return
        from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher

        watcher = QDBusServiceWatcher(
            _WATCHER,
            QDBusConnection.sessionBus(),
            QDBusServiceWatcher.WatchModeFlag.WatchForRegistration,
            self,
        )
        watcher.serviceRegistered.connect(self._show_again)
        self._watcher = watcher

    @Slot(str)
    def _show_again(self, _service: str) -> None:
        old, self.icon = self.icon, self._make_icon()
        old.hide()
        old.deleteLater()
        self.icon.show()
        if self._watcher is not None:
            # from now on Qt itself follows a tray that restarts
            self._watcher.deleteLater()
            self._watcher = None

    @Slot()
    def _choose(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            word = str(action.data())
            QTimer.singleShot(_MENU_GONE_MS, lambda: self.chosen.emit(word))

    @Slot(QSystemTrayIcon.ActivationReason)
    def _activate(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger and sys.platform != "darwin":
            # a click, or Enter on the icon: what is most often wanted
            QTimer.singleShot(_MENU_GONE_MS, lambda: self.chosen.emit("window"))
