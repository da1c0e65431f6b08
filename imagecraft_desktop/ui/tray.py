"""The icon in the tray and its menu. Never the only way to anything: keys and commands do the same."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths

_WATCHER = "org.kde.StatusNotifierWatcher"
_MENU_GONE_MS = 200
"""So long after a choice the menu has vanished from the screen and the window under it is active."""

# what each entry asks for, by the words of `trigger.actions`; None is a line between two groups
_ENTRIES: tuple[tuple[str, str] | None, ...] = (
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
    (strings.TRAY_STATUS, "status"),
    (strings.TRAY_HELP, "help"),
    (strings.TRAY_SETTINGS, "settings"),
    None,
    (strings.TRAY_QUIT, "quit"),
)


class Tray(QObject):
    """Shows the icon as soon as there is a tray, be it now or later."""

    chosen = Signal(str)
    """An entry of the menu: a word of `trigger.actions`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._picture = QIcon(str(paths.resources() / "icons" / "imagecraft.png"))
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
        self.icon.setToolTip(say(strings.TRAY_NAME))

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
            action = QAction(say(label), self._menu)
            action.setData(word)
            action.triggered.connect(self._choose)
            self._menu.addAction(action)

    def _make_icon(self) -> QSystemTrayIcon:
        icon = QSystemTrayIcon(self._picture, self)
        icon.setToolTip(say(strings.TRAY_NAME))
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
