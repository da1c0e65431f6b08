"""The net below everything: an error that nobody caught is logged and told, never silent."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from imagecraft_desktop import strings
from imagecraft_desktop.errors import Cancelled, ImageCraftError
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths

log = logging.getLogger(__name__)

FILE_NAME = "crash.txt"
QUIET_S = 30.0
"""An error that comes again and again is told once in this time; all of them are logged."""

Announce = Callable[[str], None]


class CrashHook:
    """Hooks into Python's last resorts.

    Args:
        announce: Called with a sentence, from whatever thread the error is in.
        folder: Where a hard crash (a fault in native code) leaves its trace; the user's log
            folder when None.
    """

    def __init__(self, announce: Announce, folder: Path | None = None) -> None:
        self._announce = announce
        self._file = (folder or paths.log_dir()) / FILE_NAME
        self._trace: IO[bytes] | None = None
        self._told_at = -QUIET_S
        self._telling = threading.Lock()

    def install(self) -> bool:
        """Begin to catch.

        Returns:
            Whether the program crashed hard the last time it ran; the trace is then in a file
            beside the log that ends in ".old".
        """
        sys.excepthook = self._on_error
        threading.excepthook = self._on_thread_error
        sys.unraisablehook = self._on_unraisable
        crashed = self._keep_last_trace()
        with contextlib.suppress(OSError):  # without a folder there is no trace, and no harm
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._trace = self._file.open("wb")
            faulthandler.enable(self._trace)
        return crashed

    def remove(self) -> None:
        """Give Python its own hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__
        if self._trace is not None:
            faulthandler.disable()
            self._trace.close()
            self._trace = None

    def route_qt_messages(self) -> None:
        """Send what Qt prints into the log. Imports QtCore."""
        from PySide6.QtCore import QtMsgType, qInstallMessageHandler

        levels = {
            QtMsgType.QtDebugMsg: logging.DEBUG,
            QtMsgType.QtInfoMsg: logging.INFO,
            QtMsgType.QtWarningMsg: logging.WARNING,
            QtMsgType.QtCriticalMsg: logging.ERROR,
            QtMsgType.QtFatalMsg: logging.CRITICAL,
        }
        qt_log = logging.getLogger("imagecraft_desktop.qt")

        def handle(kind: QtMsgType, context: Any, message: str | None) -> None:
            qt_log.log(levels.get(kind, logging.WARNING), "%s: %s", context.category, message)

        qInstallMessageHandler(handle)

    def _keep_last_trace(self) -> bool:
        try:
            if self._file.stat().st_size == 0:
                return False
            self._file.replace(self._file.with_name(FILE_NAME + ".old"))
        except OSError:
            return False
        return True

    def _on_error(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt | Cancelled):
            return  # the user's own wish
        log.critical("nobody caught this", exc_info=(kind, error, trace))
        self._tell(error)

    def _on_thread_error(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and args.exc_type is not SystemExit:
            self._on_error(args.exc_type, args.exc_value, args.exc_traceback)

    def _on_unraisable(self, args: sys.UnraisableHookArgs) -> None:
        """An error while something was cleared away: the work went on, so nothing is told."""
        if args.exc_value is not None:
            found = (args.exc_type, args.exc_value, args.exc_traceback)
            log.error("error while clearing away", exc_info=found)

    def _tell(self, error: BaseException) -> None:
        if not self._telling.acquire(blocking=False):
            return  # the telling itself failed, or another thread is telling
        try:
            now = time.monotonic()
            if now - self._told_at < QUIET_S:
                return
            self._told_at = now
            if isinstance(error, ImageCraftError):
                self._announce(error.spoken)
            else:
                self._announce(say(strings.ERR_UNEXPECTED))
        except Exception:
            log.exception("the error could not be told")
        finally:
            self._telling.release()
