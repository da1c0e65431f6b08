"""Narrator, which hears a program only through that program's own focused window.

So this way is there while a window of ours has the focus; at other times our own voice speaks.
Interface: registry value `RunningState` of Narrator; Qt's QAccessibleAnnouncementEvent (Qt 6.8), which
becomes a UIA notification.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

_KEY = r"Software\Microsoft\Narrator\NoRoam"
_VALUE = "RunningState"
_TAKE_S = 0.5


class Narrator:
    """See `base.Reader`.

    Args:
        runs: Whether Narrator runs.
    """

    name = "Narrator"
    systems: tuple[str, ...] = ("win32",)
    says_names = False

    def __init__(self, runs: Callable[[], bool] | None = None) -> None:
        self._runs = runs or _runs

    def is_running(self) -> bool:
        return "PySide6.QtGui" in sys.modules and self._runs() and _has_focus()

    def say(self, text: str) -> bool:
        return announce(text)

    def stop(self) -> None:
        """Narrator has no command for it; the user's own key, Control, does it."""


def announce(text: str) -> bool:
    """Let our focused window announce a text, politely; False when none has the focus. From any thread."""
    from PySide6.QtCore import QCoreApplication, QThread, QTimer

    application = QCoreApplication.instance()
    if application is None:
        return False
    if QThread.currentThread() is application.thread():
        return _announce(text)
    taken: list[bool] = []
    done = threading.Event()

    def work() -> None:
        taken.append(_announce(text))
        done.set()

    QTimer.singleShot(0, application, work)
    return done.wait(_TAKE_S) and taken[0]


def _announce(text: str) -> bool:
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication

    focused = QGuiApplication.focusObject()
    if QGuiApplication.focusWindow() is None or focused is None:
        return False
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(focused, text))
    return True


def _has_focus() -> bool:
    from PySide6.QtGui import QGuiApplication

    return QGuiApplication.focusWindow() is not None


def _runs() -> bool:
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _KEY) as key:
                return bool(winreg.QueryValueEx(key, _VALUE)[0])
        except OSError:
            return False
    return False


READER = Narrator
