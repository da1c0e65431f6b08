"""NVDA, through its controller client, a library that NVDA's makers give to other programs.

It does not come with NVDA: it is taken from this program's folder or the path. The package prismatoid
brings one; then `prism.py` comes first.
Interface: NVDA, extras/controllerClient/x64/nvdaController.h; functions return 0 for success.
"""

from __future__ import annotations

import ctypes
import logging
from typing import Any

log = logging.getLogger(__name__)

_LIBRARIES = ("nvdaControllerClient.dll", "nvdaControllerClient64.dll")
_DONE = 0


class Nvda:
    """See `base.Reader`.

    Args:
        library: The controller client; None to look for it.
    """

    name = "NVDA"
    systems: tuple[str, ...] = ("win32",)
    says_names = True

    def __init__(self, library: Any = None) -> None:
        self._library = library
        self._is_sought = library is not None

    def is_running(self) -> bool:
        library = self._load()
        return library is not None and library.nvdaController_testIfRunning() == _DONE

    def say(self, text: str) -> bool:
        library = self._load()
        if library is None:
            return False
        # without a cancel before it: NVDA says it after what it is saying
        is_taken = library.nvdaController_speakText(ctypes.c_wchar_p(text)) == _DONE
        if library.nvdaController_brailleMessage(ctypes.c_wchar_p(text)) != _DONE:
            log.info("NVDA shows no braille")
        return bool(is_taken)

    def stop(self) -> None:
        if (library := self._load()) is not None:
            library.nvdaController_cancelSpeech()

    def _load(self) -> Any:
        if not self._is_sought:
            self._is_sought = True
            self._library = next(filter(None, map(_open, _LIBRARIES)), None)
        return self._library


def _open(name: str) -> Any:
    loader: Any = getattr(ctypes, "windll", None)  # not there on other systems
    try:
        return loader.LoadLibrary(name) if loader is not None else None
    except OSError:
        return None


READER = Nvda
