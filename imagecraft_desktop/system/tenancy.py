"""One large network at a time, where the memory is small.

Large are the networks of captioning models and of voices of the user's own; what comes with the program
is small and does not count. Before one is loaded the other leaves. Where the memory is larger, or nobody
else could come, all this does nothing.

A `Tenancy` is made by who knows the machine, and handed to the captioners and the voices.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from imagecraft_desktop.system import memory
from imagecraft_desktop.values import Tick

log = logging.getLogger(__name__)

_LITTLE_BYTES = 12_000_000_000
_LOOK_S = 0.02


class Tenant(Protocol):
    """What has a large network."""

    def let_go(self) -> None:
        """Give its memory back; it is loaded again when it is needed."""


class Occupied(Exception):
    """Another network is at work, and cannot leave now."""


class Tenancy:
    """Knows whose network is in the memory.

    A voice is brought in between two sentences and never waits; a captioner waits for a voice that is
    just being loaded. So none of them can wait for the other for ever.

    Args:
        machine_bytes: Memory of the machine.
    """

    def __init__(self, machine_bytes: int) -> None:
        self._is_small = machine_bytes < _LITTLE_BYTES
        self._voices: weakref.WeakSet[Tenant] = weakref.WeakSet()
        self._inside: weakref.ref[Tenant] | None = None
        self._lock = threading.Lock()
        self._worker: Tenant | None = None

    def expect(self, voice: Tenant) -> None:
        """A voice with a large network may come."""
        self._voices.add(voice)

    @property
    def is_shared(self) -> bool:
        """Whether a captioner must make room for a voice when it has written."""
        return self._is_small and len(self._voices) > 0

    def is_closed_to(self, voice: Tenant) -> bool:
        """Whether another one is at work, so that the voice cannot come in."""
        return self._worker not in {None, voice}

    @contextmanager
    def working(self, captioner: Tenant, tick: Tick) -> Iterator[None]:
        """Within the block the captioner may load its network and use it; any other has left.

        Args:
            tick: Called while a voice is being loaded, which is waited for.
        """
        if not self._is_small:
            yield
            return
        while not self._lock.acquire(timeout=_LOOK_S):
            tick()
        try:
            self._worker = captioner
            self._bring_in(captioner)
            yield
        finally:
            self._worker = None
            self._lock.release()

    @contextmanager
    def moving_in(self, voice: Tenant) -> Iterator[None]:
        """Within the block the voice may load its network; any other has left. Raises Occupied."""
        if not self._is_small:
            yield
            return
        if not self._lock.acquire(blocking=False):
            raise Occupied
        try:
            self._bring_in(voice)
            yield
        finally:
            self._lock.release()

    def _bring_in(self, tenant: Tenant) -> None:
        other = self._inside() if self._inside is not None else None
        self._inside = weakref.ref(tenant)
        if other is not None and other is not tenant:
            log.info("%s leaves the memory", type(other).__name__)
            other.let_go()
            memory.give_back()


ROOMY = Tenancy(1 << 62)
"""For who loads one network only, or does not care."""
