"""The tray program: builds every part, connects them, starts and ends them.

What is imported before the first request stays small: pictures, voices and networks arrive with
it, and the sound library when the program has been idle for a moment.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING

from imagecraft_desktop import strings
from imagecraft_desktop.errors import EXIT_DONE, EXIT_NOT_RUNNING, NotRunning
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.desktop import session_kind
from imagecraft_desktop.system.memory import share_heaps
from imagecraft_desktop.trigger import client
from imagecraft_desktop.trigger.actions import Action

if TYPE_CHECKING:
    from PySide6.QtCore import QtMsgType
    from PySide6.QtWidgets import QApplication

log = logging.getLogger(__name__)


_UNREACHABLE = ("could not connect to display", "Failed to create wl_display")
"""What Qt says when there is no screen at the address that it was given."""


def _already_runs() -> bool:
    """Whether the program runs already: it is asked to say so, and its answer printed.

    Raises:
        NoAnswer: It runs, but is too busy to answer.
    """
    try:
        reply = client.send(Action.GREET)
    except NotRunning:
        return False
    print(reply.get("spoken", ""))
    return True


class _StartTroubles:
    """Ends the process with a sentence where Qt would abort it: nothing answers at the screen that the
    session names, or parts of Qt are missing."""

    def __init__(self) -> None:
        self._is_unreachable = False

    def __call__(self, kind: QtMsgType, _context: object, text: str) -> None:
        from PySide6.QtCore import QtMsgType

        self._is_unreachable = self._is_unreachable or any(one in text for one in _UNREACHABLE)
        if not self._is_unreachable:
            print(text, file=sys.stderr)
        if kind is QtMsgType.QtFatalMsg:
            sentence = strings.APP_NO_SCREEN if self._is_unreachable else strings.APP_NO_QT
            try:
                _tell_no_start(say(sentence))
            finally:
                os._exit(EXIT_NOT_RUNNING)


def _tell_no_start(sentence: str) -> None:
    """Print why the program does not start, and say it where nobody reads that: a launcher has no terminal."""
    print(sentence, file=sys.stderr, flush=True)
    if sys.stderr is not None and sys.stderr.isatty():
        return  # a reader of the terminal would speak at the same time
    from imagecraft_desktop.settings import store
    from imagecraft_desktop.speak.alone import say_alone
    from imagecraft_desktop.speak.player import Player
    from imagecraft_desktop.speak.reader.route import Route
    from imagecraft_desktop.system.log import start_logging
    from imagecraft_desktop.values import Manner

    now = store.load().settings
    start_logging(now.log_level)
    player = Player(now.sound_device, now.speech_volume)
    manner = Manner(now.speech_rate, language=strings.language(), pitch=now.speech_pitch)
    say_alone(sentence, Route(now.output_route), player, manner, now.voice)


def _make_application() -> QApplication:
    from PySide6.QtCore import Qt, qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    before = qInstallMessageHandler(_StartTroubles())
    application = QApplication(["imagecraft-desktop"])
    qInstallMessageHandler(before)
    application.setApplicationName("imagecraft-desktop")
    application.setApplicationDisplayName(say(strings.TRAY_NAME))
    application.setDesktopFileName("imagecraft-desktop")
    application.setQuitOnLastWindowClosed(False)
    for effect in Qt.UIEffect:  # whatever the desktop wants: motion makes some people ill
        application.setEffectEnabled(effect, False)
    return application


def main() -> int:
    """Run the tray program until it is told to end; the exit status."""
    if _already_runs():
        return EXIT_DONE
    if session_kind() == "none" and not os.environ.get("QT_QPA_PLATFORM"):
        # Qt would end the process without a word that a person understands
        _tell_no_start(say(strings.APP_NO_SCREEN))
        return EXIT_NOT_RUNNING
    share_heaps()
    application = _make_application()
    from imagecraft_desktop.program import Program

    program = Program(application)
    if not program.start():  # another was started at the same moment
        program.end()
        if not _already_runs():  # the other one is not as far yet as to answer
            print(say(strings.APP_ALREADY))
        return EXIT_DONE
    status = application.exec()
    program.end()
    return status
