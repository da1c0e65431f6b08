"""What a network's image part made of the last picture is kept: it is most of the work, and is asked for
again by the next question, by the reading of text, and by the same picture in more detail.

The base of captioners whose networks take it in place of the picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop.describe.facts_first import FactsFirst, Inputs, Loaded
from imagecraft_desktop.values import Tick

if TYPE_CHECKING:
    from imagecraft_desktop.nets.captioners.generate import Options, Token


@dataclass(frozen=True)
class _Seen:
    """A picture that was looked at.

    Attributes:
        pixels: As the network was given it.
        features: What its image part made of it.
    """

    pixels: NDArray[Any]
    features: Any


class LooksOnce(FactsFirst):
    """See `FactsFirst`. A picture that was just looked at is not looked at again."""

    _seen: _Seen | None = None

    def is_asked_again(self) -> bool:
        """Whether anything else may be asked about a picture; if not, nothing is kept of it."""
        return True

    def stream(
        self, loaded: Loaded, inputs: Inputs, options: Options, tick: Tick
    ) -> Iterator[Token]:
        """See `FactsFirst.stream`."""
        from imagecraft_desktop.nets.captioners.generate import Memory, stream

        pixels, memory = inputs["pixel_values"], Memory()
        if self._seen is not None and np.array_equal(self._seen.pixels, pixels):
            memory.features = self._seen.features
        self._seen = None  # its memory goes before that of the next comes
        try:
            yield from stream(loaded.network, inputs, options, tick, memory)
        finally:
            if memory.features and self.is_asked_again():
                self._seen = _Seen(pixels, memory.features)

    def let_go(self) -> None:
        """Give back the memory of the network and of the last picture."""
        self._seen = None
        super().let_go()
