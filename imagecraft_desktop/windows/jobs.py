"""Work that takes time, in threads of its own; what it gives comes back in the main thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from imagecraft_desktop import strings
from imagecraft_desktop.errors import Cancelled, ImageCraftError
from imagecraft_desktop.strings import say

log = logging.getLogger(__name__)

T = TypeVar("T")


class Jobs(QObject):
    """Lives in the main thread, where what follows a job is called.

    Args:
        refused: Called with the sentence of a job that failed and has no other way to tell.
    """

    _ended = Signal(object, object)

    def __init__(self, refused: Callable[[str], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._refused = refused
        self._ended.connect(self._follow)

    def run(
        self,
        work: Callable[[], T],
        then: Callable[[T], object],
        refused: Callable[[str], None] | None = None,
    ) -> None:
        """Do something, then something else with what it gave.

        Args:
            refused: Called instead with the sentence that says why it failed; "" when it was cancelled.
        """
        tell = refused or self._refused

        def do() -> None:
            try:
                result = work()
            except Cancelled:
                self._ended.emit(tell, "")
            except ImageCraftError as error:
                log.warning("a job failed: %s", error.detail or type(error).__name__)
                self._ended.emit(tell, error.spoken)
            except Exception:
                log.exception("a job failed by a defect")
                self._ended.emit(tell, say(strings.ERR_UNEXPECTED))
            else:
                self._ended.emit(then, result)

        threading.Thread(target=do, name="window job", daemon=True).start()

    @Slot(object, object)
    def _follow(self, then: Callable[[Any], object], result: object) -> None:
        then(result)
