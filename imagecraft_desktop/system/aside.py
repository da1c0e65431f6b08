"""Work that cannot be stopped, such as an import, is done in a thread of its own: a cancel is heard.

Used where networks are loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from typing import TypeVar

from imagecraft_desktop.values import Tick

_LOOK_S = 0.02
T = TypeVar("T")


def aside(work: Callable[[], T], tick: Tick) -> T:
    """The result of the work. After a cancel the work still comes to its end, and nobody gets what it gives.

    Raises:
        Cancelled, and what the work raises.
    """
    thread = ThreadPoolExecutor(1, thread_name_prefix="aside")
    working = thread.submit(work)
    thread.shutdown(wait=False)
    while True:
        try:
            return working.result(_LOOK_S)
        except NotYet:
            if working.done():  # just now, or with a time-out of its own
                return working.result()
            tick()
