"""What every way of hearing hotkeys offers.

A backend hears keys while another program has the focus. It works in a thread of its own and tells
what it heard by calling `report`, which must be safe to call from there (a Qt signal is).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol

from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.trigger.keys import Combination

LAYER_S = 4.0
"""For how many seconds the layer waits for its letter."""


@dataclass(frozen=True)
class Bindings:
    """Which combinations do what. `layer` opens the layer; None when there is no such key."""

    layer: Combination | None = None
    direct: Mapping[Combination, Action] = field(default_factory=dict)

    @property
    def combinations(self) -> tuple[Combination, ...]:
        """All of them, the layer's first."""
        return (*([self.layer] if self.layer else []), *self.direct)


class What(Enum):
    """What a backend has to tell."""

    READY = auto()
    """The combinations are in force, but for those told as TAKEN or ABSENT before."""
    CHOSEN = auto()
    """A direct key or a letter of the layer: `action` is asked for."""
    OPENED = auto()
    """The layer key was pressed; a letter is awaited."""
    UNKNOWN = auto()
    """A key that means nothing was pressed in the layer, which is closed again."""
    LAPSED = auto()
    """No letter came in time; the layer is closed again."""
    HELD = auto()
    """Another program holds the whole keyboard, so the layer could not open."""
    TAKEN = auto()
    """`combination` belongs to another program; `spare` is a free one, if one was found."""
    ABSENT = auto()
    """The keyboard has no key for `combination`."""
    LOST = auto()
    """No keys can be heard, now or any more."""
    UNGIVEN = auto()
    """`combination` does nothing, and that is no fault: there is no layer here, or no key was given."""
    NAMED = auto()
    """The desktop chose the key for `combination`, and calls it `text`."""
    ASKING = auto()
    """The desktop is asking the user whether we may have keys."""
    REFUSED = auto()
    """The user, or the desktop for them, did not give us any keys."""
    FORBIDDEN = auto()
    """The system does not permit to hear keys until the user allows it."""


@dataclass(frozen=True)
class Heard:
    """Something a backend tells."""

    what: What
    action: Action | None = None
    combination: Combination | None = None
    spare: Combination | None = None
    text: str = ""

    @property
    def lost(self) -> Combination | None:
        """The combination that does nothing; None when this tells of none."""
        is_lost = self.what in {What.TAKEN, What.ABSENT, What.UNGIVEN}
        return self.combination if is_lost else None


Report = Callable[[Heard], None]


class Backend(Protocol):
    """A way to hear hotkeys.

    Attributes:
        name: For `self-test` and the log.
    """

    name: str

    def start(self) -> None:
        """Begin to listen; returns at once. READY (after any TAKEN) or LOST is reported later."""

    def rebind(self, bindings: Bindings) -> None:
        """Use these combinations from now on; reports as `start` does."""

    def stop(self) -> None:
        """End at once; never waits for a key. May be called twice."""
