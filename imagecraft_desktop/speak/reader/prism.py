"""Screen readers through the library Prism (package prismatoid, MPL-2.0), where it is installed.

It reaches more readers than our own ways, and brings the libraries that some of them need. Only its
screen readers are used, not its speech engines: those are no reader that runs.
"""

from __future__ import annotations

import logging
import sys
import threading
from importlib.util import find_spec
from typing import Any

log = logging.getLogger(__name__)

_READERS = {
    "linux": ("ORCA",),
    "win32": (
        *("NVDA", "JAWS", "SENSE_READER", "SYSTEM_ACCESS", "WINDOW_EYES", "ZDSR", "ZOOM_TEXT"),
        *("BOY_PC_READER", "PC_TALKER"),
    ),
    "darwin": ("VOICE_OVER",),
}
"""Names of `prism.BackendId`."""
_SAY_NAMES = {"orca", "nvda"}
"""See `base.Reader`."""


class Prism:
    """See `base.Reader`.

    Args:
        library: The module `prism`; None to import it where it is.
    """

    systems: tuple[str, ...] = ("linux", "win32", "darwin")

    def __init__(self, library: Any = None, platform: str = sys.platform) -> None:
        self._library = library
        self._platform = platform
        self._is_sought = library is not None
        self._context: Any = None
        self._found: Any = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return str(self._found.name) if self._found is not None else ""

    @property
    def says_names(self) -> bool:
        return self.name.casefold() in _SAY_NAMES

    def is_running(self) -> bool:
        with self._lock:
            self._found = self._find()
            return self._found is not None

    def say(self, text: str) -> bool:
        with self._lock:
            if self._found is None:
                return False
            text = text.replace("\0", " ")
            try:
                if self._found.features.supports_output:  # speech and braille
                    self._found.output(text, False)
                else:
                    self._found.speak(text, False)
            except Exception as failure:  # noqa: BLE001 - of a dozen readers; our own voice says it then
                log.warning("a reader did not take a text: %s", type(failure).__name__)
                return False
            return True

    def stop(self) -> None:
        with self._lock:
            if self._found is None:
                return
            try:
                self._found.stop()
            except Exception as failure:  # noqa: BLE001 - as above; it ends by itself
                log.info("a reader was not stopped: %s", type(failure).__name__)

    def _find(self) -> Any:
        if self._context is None and not self._open():
            return None
        for name in _READERS.get(self._platform, ()):
            identity = getattr(self._library.BackendId, name, None)
            try:
                if identity is None or not self._context.exists(identity):
                    continue
                # made anew each time: one that was made before its reader ended is of no use
                backend = self._context.create(identity)
                if backend.features.is_supported_at_runtime:
                    return backend
            except Exception as failure:  # noqa: BLE001 - that reader does not run
                log.debug("%s: %s", name, type(failure).__name__)
        return None

    def _open(self) -> bool:
        if not self._is_sought:
            self._is_sought = True
            if find_spec("prism") is not None:
                try:
                    import prism

                    self._library = prism
                except (ImportError, OSError) as failure:
                    log.warning("prismatoid does not work here: %s", type(failure).__name__)
        if self._library is None or not hasattr(self._library, "Context"):
            return False
        try:
            self._context = self._library.Context()
        except Exception as failure:  # noqa: BLE001 - then without it
            log.warning("prismatoid does not work here: %s", type(failure).__name__)
            self._library = None
            return False
        return True


READER = Prism
