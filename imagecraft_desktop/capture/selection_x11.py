"""Reads the X11 clipboard without Qt, so that an owner that hangs costs a bounded time.

Qt waits 5 to 15 seconds for such an owner, and meanwhile the program is deaf. Here the bytes come
as the owner encoded them, so nothing is decoded in the main thread either.
"""

from __future__ import annotations

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from Xlib import X, display, error

from imagecraft_desktop.capture.file import MOST_BYTES

ANSWER_S = 1.0
"""Longest wait for the owner to say what it has: it need not encode anything for that."""
DATA_S = 4.0
"""Longest wait for a picture, or for its next piece: an owner may have to encode 4K first."""
_LOOK_S = 0.1
"""So often it is looked whether the one that is waited for is still there."""


class OwnerSilent(Exception):
    """The clipboard's owner does not answer, or sends without end."""


class OwnerGone(OwnerSilent):
    """The owner ended, or lost the clipboard to another, before it had given everything."""


class DisplaySilent(Exception):
    """There is no X server to ask."""


class Selection:
    """The clipboard as its owner offers it. Made by `open_clipboard`.

    Attributes:
        formats: Names of the formats on offer, the owner's own order; empty without an owner.
    """

    def __init__(self, connection: Any) -> None:
        self._display = connection
        self._clipboard = connection.intern_atom("CLIPBOARD")
        self._place = connection.intern_atom("IMAGECRAFT_CLIPBOARD")
        self._incremental = connection.intern_atom("INCR")
        root = connection.screen().root
        self._window = root.create_window(
            0, 0, 1, 1, 0, X.CopyFromParent, event_mask=X.PropertyChangeMask
        )
        self._owner: Any = X.NONE
        self.formats = self._ask_formats()

    def read(self, name: str) -> bytes:
        """The clipboard in one of its formats; empty when the owner cannot give it after all.

        Raises:
            OwnerGone: It ended in the middle.
            OwnerSilent: It stops for longer than `DATA_S`, or sends more than is ever wanted.
        """
        found = self._ask(name, DATA_S)
        if found is None:
            return b""
        if found.property_type != self._incremental:
            return bytes(found.value)
        data = bytearray()
        for piece in self._pieces():
            data += piece
            if len(data) > MOST_BYTES:
                raise OwnerSilent
        return bytes(data)

    def _ask_formats(self) -> tuple[str, ...]:
        self._owner = self._display.get_selection_owner(self._clipboard)
        if self._owner == X.NONE:
            return ()
        found = self._ask("TARGETS", ANSWER_S)
        if found is None or found.format != 32:
            return ()
        names = []
        for atom in found.value:
            try:
                names.append(str(self._display.get_atom_name(atom)))
            except error.BadAtom:
                continue
        return tuple(names)

    def _ask(self, name: str, wait_s: float) -> Any | None:
        """The property in which the owner put its answer, None when it refuses."""
        target = self._display.intern_atom(name)
        self._window.convert_selection(self._clipboard, target, self._place, X.CurrentTime)
        end = time.monotonic() + wait_s
        while True:
            event = self._next_event(end)
            if event.type == X.SelectionNotify and event.target == target:
                break
        if event.property == X.NONE:
            return None
        return self._take()

    def _take(self) -> Any | None:
        """Read the property and delete it, which tells the owner to go on."""
        found = self._window.get_full_property(self._place, X.AnyPropertyType, sizehint=65_536)
        self._window.delete_property(self._place)
        return found

    def _pieces(self) -> Iterator[bytes]:
        """The pieces of a long answer; an empty one ends it."""
        while True:
            end = time.monotonic() + DATA_S
            event = self._next_event(end)
            if event.type != X.PropertyNotify or event.state != X.PropertyNewValue:
                continue
            if event.atom != self._place or (found := self._take()) is None:
                continue
            if not found.value:
                return
            yield bytes(found.value)

    def _next_event(self, end: float) -> Any:
        """The next event before the time `end` of the monotonic clock. Raises OwnerSilent, OwnerGone."""
        while not self._display.pending_events():
            left = end - time.monotonic()
            if left <= 0:
                raise OwnerSilent
            if select.select([self._display.fileno()], [], [], min(left, _LOOK_S))[0]:
                continue
            if self._display.get_selection_owner(self._clipboard) != self._owner:
                raise OwnerGone
        return self._display.next_event()


@contextmanager
def open_clipboard() -> Iterator[Selection]:
    """Ask the owner of the clipboard what it offers.

    Raises:
        DisplaySilent: No X server answers.
        OwnerSilent: The owner does not answer within `ANSWER_S`.
    """
    try:
        connection = display.Display()
    except (error.DisplayError, OSError) as problem:
        raise DisplaySilent from problem
    try:
        yield Selection(connection)
    except error.ConnectionClosedError as problem:
        raise DisplaySilent from problem
    finally:
        connection.close()
