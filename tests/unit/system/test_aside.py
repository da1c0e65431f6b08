"""Work that cannot be stopped is done aside: a cancel is heard meanwhile."""

from __future__ import annotations

import threading

import pytest

from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.system.aside import aside
from tests.cancelling import Ticks


def test_what_it_gives_and_what_it_raises() -> None:
    def fail() -> None:
        raise TimeoutError("its own")

    assert aside(lambda: 42, lambda: None) == 42
    with pytest.raises(TimeoutError, match="its own"):
        aside(fail, lambda: None)


def test_a_cancel_is_heard_and_the_work_comes_to_its_end() -> None:
    may_end, threads = threading.Event(), set(threading.enumerate())
    ended: list[bool] = []
    with pytest.raises(Cancelled):
        aside(lambda: ended.append(may_end.wait(10)), Ticks(3))
    (thread,) = set(threading.enumerate()) - threads
    assert not ended
    may_end.set()
    thread.join(10)
    assert ended == [True]
