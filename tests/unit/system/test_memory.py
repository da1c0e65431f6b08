"""Giving memory back."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable

import pytest

from imagecraft_desktop.system import memory


class Ring:
    """Refers to itself, as a closed connection to an X server does."""

    def __init__(self) -> None:
        self.itself = self


@pytest.mark.parametrize("free", [memory.trim, memory.give_back])
def test_rings_that_were_just_left_are_freed(free: Callable[[], None]) -> None:
    gc.disable()
    try:
        ring = weakref.ref(Ring())
        assert ring() is not None
        free()
        assert ring() is None
    finally:
        gc.enable()
