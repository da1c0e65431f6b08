"""JAWS, through its automation object "FreedomSci.JawsApi" (comtypes).

Interface: Freedom Scientific, "JAWS API": SayString(text, flush) and StopSpeech; a script function shows
braille. Each call makes the object anew: an object of COM belongs to the thread that made it.
"""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)

_WINDOW_CLASS = "JFWUI2"
_OBJECT = "FreedomSci.JawsApi"


class Jaws:
    """See `base.Reader`.

    Args:
        make: Makes the automation object.
        is_there: Whether a window of this class exists.
    """

    name = "JAWS"
    systems: tuple[str, ...] = ("win32",)
    says_names = False

    def __init__(
        self,
        make: Callable[[], Any] | None = None,
        is_there: Callable[[str], bool] | None = None,
    ) -> None:
        self._make = make or _make
        self._is_there = is_there or _is_there

    def is_running(self) -> bool:
        return self._is_there(_WINDOW_CLASS)

    def say(self, text: str) -> bool:
        try:
            jaws = self._make()
            is_taken = bool(jaws.SayString(text, False))  # False: without cutting off
            jaws.RunFunction(f'BrailleString("{_quoted(text)}")')
        except Exception as failure:  # noqa: BLE001 - COM has errors of its own; our voice says it then
            log.warning("JAWS did not take a text: %s", type(failure).__name__)
            return False
        return is_taken

    def stop(self) -> None:
        try:
            self._make().StopSpeech()
        except Exception as failure:  # noqa: BLE001 - as above
            log.info("JAWS was not stopped: %s", type(failure).__name__)


def _quoted(text: str) -> str:
    """For a string of JAWS's scripts, which has no way to write a quotation mark."""
    return " ".join(text.replace('"', "'").split())


def _is_there(window_class: str) -> bool:
    windll: Any = getattr(ctypes, "windll")  # noqa: B009 - not there on other systems
    return bool(windll.user32.FindWindowW(window_class, None))


def _make() -> Any:
    import comtypes.client

    comtypes.CoInitialize()
    return comtypes.client.CreateObject(_OBJECT, dynamic=True)


READER = Jaws
