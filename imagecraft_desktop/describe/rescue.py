"""What is done when a network fails after the facts were spoken: they stand, and it is told.

Where its memory was too small another way is tried: the processor instead of the graphics card, then
a lighter model that is installed. The processor also stands for a card that cannot run it. Of a network
that writes slowly a lighter one is named. Used by the
captioners with a network.
"""

from __future__ import annotations

import importlib
import logging
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, cast

from imagecraft_desktop import strings
from imagecraft_desktop.describe.bounds import BOUNDS
from imagecraft_desktop.errors import DescribeError, DeviceRefused, OutOfMemory
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.memory import give_back
from imagecraft_desktop.values import FAILURE, Caption, Certainty, Statement, TextLine, Tick, Wish
from imagecraft_desktop.weights import speed, store
from imagecraft_desktop.weights.checkpoint import open_checkpoint

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from imagecraft_desktop.describe.facts_first import FactsFirst

log = logging.getLogger(__name__)

_ENGLISH = "en"
_LONG_S = 20.0
"""Who waits longer for what a network writes is told of a lighter one."""
_LIGHT = 0.5
"""Share of the weights with which one promises to be that much quicker."""
_told_slow: set[Path] = set()
"""Folders of the networks of which the user knows that they are slow."""


class Asking:
    """Asks a network about one picture.

    Args:
        captioner: The one that was wished.
        clock: Seconds, as those of `FactsFirst.loaded_at`.

    Attributes:
        used: The one that was asked last: it or a lighter one.
        failure: Why nothing, or not all, came of it.
    """

    def __init__(
        self,
        captioner: FactsFirst,
        wish: Wish,
        tick: Tick,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._clock = clock or perf_counter
        self._wished = captioner
        self._wish = wish
        self._tick = tick
        self._notes: list[str] = []
        self._later = ""
        """What will be otherwise the next time, after a failure."""
        self._has_written = False
        self._was_asked = False
        self._written_s = 0.0
        """How long it wrote, loading and the listener's pauses left out."""
        self.used = captioner
        other = captioner.stand_in
        if other is not None and (not wish.question or other.can_answer()):
            self.used = other
        self.failure: DescribeError | None = None

    def ask(self, pixels: NDArray[np.uint8]) -> Iterator[Caption]:
        """What is written about the picture; nothing more after a failure, which is kept."""
        while True:
            has_begun = False
            try:
                for caption in self._captions(pixels):
                    has_begun = self._was_asked = True
                    self._has_written |= caption.certainty is not None
                    yield caption
            except DescribeError as error:
                log.warning("%s: %s", self.used.name, error.detail or type(error).__name__)
                if not self._goes_on(error, has_begun=has_begun):
                    return
            else:
                return

    def _captions(self, pixels: NDArray[np.uint8]) -> Iterable[Caption]:
        """Of the one that is asked. Where a voice needs its memory, all is written before any of it can be
        spoken."""
        used, tenancy = self.used, self._wished.tenancy
        with tenancy.working(used, self._tick) if tenancy.is_shared else nullcontext():
            captions = self._timed(used.captions(pixels, self._wish, self._tick))
            return list(captions) if tenancy.is_shared else captions

    def _timed(self, captions: Iterable[Caption]) -> Iterator[Caption]:
        written = iter(captions)
        while True:
            begun = self._clock()
            caption = next(written, None)
            self._written_s += self._clock() - max(begun, self.used.loaded_at)
            if caption is None:
                return
            yield caption

    def read(self, pixels: NDArray[np.uint8]) -> tuple[TextLine, ...] | None:
        """See `FactsFirst.read`. Not read after a failure, which is kept; where the network writes slowly, a second look
        left out, for reading takes longer than a caption; and where a voice has taken its memory."""
        used = self.used
        is_slow = self._written_s - used.again_s > BOUNDS.slow_s
        if self.failure is not None or not used.reads or is_slow or self._wished.tenancy.is_shared:
            return None
        try:
            return used.read(pixels, self._tick)
        except DescribeError as error:
            log.warning("%s reads: %s", used.name, error.detail or type(error).__name__)
            self._goes_on(error, has_begun=True)
            return None

    def tell(self) -> Iterator[Statement]:
        """What the user must know of how it was asked, after all else."""
        if self.failure is None:
            last = (self._tell_language(), self._tell_silence(), self._tell_slow())
            for note in chain(self._notes, *last):
                yield Statement(note, Certainty.CERTAIN, "captioner")
        yield from tell_failure(self.failure, self._later)

    def _tell_language(self) -> Iterator[str]:
        """Once for a network: that it wrote in another language than was wished."""
        wished = self._wish.language.partition("-")[0].lower() or _ENGLISH
        if not self._has_written or self.used.has_told_language:
            return
        if self.used.language(self._wish) != wished:
            self.used.has_told_language = True
            yield say(strings.CAPTIONER_OTHER_LANGUAGE, name=self.used.model_name)

    def _tell_slow(self) -> Iterator[str]:
        """Once for a network: that it took long for a description, and what would be quicker."""
        if self._wish.question or self._written_s <= _LONG_S:
            return
        folder = self.used.folder.resolve()
        if folder in _told_slow:
            return
        _told_slow.add(folder)
        words = {"name": self.used.model_name, "time": speed.in_words(self._written_s)}
        if (lighter := _lighter(self.used, self._wish, _LIGHT)) is not None:
            yield say(strings.CAPTIONER_SLOW_OTHER, other=lighter.model_name, **words)
        else:
            yield say(strings.CAPTIONER_SLOW, **words)

    def _tell_silence(self) -> Iterator[str]:
        """Once for a network: that nothing it writes is said."""
        used = self.used
        if (
            not self._was_asked
            or self._has_written
            or used.has_told_silence
            or not used.is_silent()
        ):
            return
        used.has_told_silence = True
        yield say(strings.CAPTIONER_SILENT, name=used.model_name)

    def _goes_on(self, error: DescribeError, *, has_begun: bool) -> bool:
        """Whether it is asked once more, in another way. After the first sentence it is not, for it would say that
        again; but the next time it works elsewhere. What ends it is kept."""
        is_refused = isinstance(error, DeviceRefused)
        if is_refused or isinstance(error, OutOfMemory):
            _forget_frames(error)
            give_back()  # what was loaded in part
            if not has_begun and self._find_other(is_refused=is_refused):
                return True
            if self.used.leave_device():
                name = self.used.model_name
                self._later = (
                    say(strings.CAPTIONER_LATER_NOT_ON_CARD)
                    if is_refused
                    else say(strings.CAPTIONER_LATER_ON_PROCESSOR, name=name)
                )
        self.failure = error
        return False

    def _find_other(self, *, is_refused: bool) -> bool:
        """Whether there is another way; the next question goes there. One that is refused by the graphics card is not
        too large."""
        name = self.used.model_name
        if self.used.leave_device():
            note = strings.CAPTIONER_NOT_ON_CARD if is_refused else strings.CAPTIONER_ON_PROCESSOR
            self._notes.append(say(note, name=name))
            return True
        lighter = None if is_refused else _lighter(self.used, self._wish)
        if lighter is None:
            return False
        self.used.let_go()
        self._wished.stand_in = self.used = lighter
        wished = self._wished.model_name
        said = say(strings.CAPTIONER_LIGHTER, name=wished, other=lighter.model_name)
        self._notes.append(said)
        return True


def tell_failure(failure: DescribeError | None, later: str = "") -> Iterator[Statement]:
    """Why a network or a server was of no use, and what can be done; nothing for None.

    Args:
        later: What will be otherwise the next time.
    """
    if failure is None:
        return
    for sentence in filter(None, [failure.spoken, later]):
        yield Statement(sentence, Certainty.CERTAIN, FAILURE)


def _forget_frames(error: BaseException | None) -> None:
    """What an error passed through holds a network; it is to leave the memory before another comes."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__


def import_network(class_name: str) -> None:
    """Import torch and a class of transformers, if there is a name; it is kept for the next time. Takes seconds.

    Raises:
        ImportError.
    """
    if class_name:
        getattr(importlib.import_module("transformers"), class_name)
    importlib.import_module("imagecraft_desktop.nets.captioners.load").import_kernels()


def _lighter(captioner: FactsFirst, wish: Wish, share: float = 1) -> FactsFirst | None:
    """The largest installed model that is smaller and can do what is wished; not yet loaded.

    Args:
        share: Of the weights, that it has at most.
    """
    from imagecraft_desktop.describe.base import class_for, known
    from imagecraft_desktop.describe.facts_first import FactsFirst

    classes = known()
    try:
        limit = captioner.checkpoint().n_weights
    except DescribeError:  # it was removed meanwhile
        return None
    found: list[tuple[int, FactsFirst]] = []
    for folder in store.captioners().values():
        try:
            chosen, numbers = class_for(folder, classes), open_checkpoint(folder).n_weights
        except DescribeError:
            continue
        is_light = numbers < limit and numbers <= share * limit
        if not issubclass(chosen, FactsFirst) or not is_light:
            continue
        made = cast("type[FactsFirst]", chosen)(folder)
        if not wish.question or made.can_answer():
            found.append((numbers, made))
    if not found:
        return None
    _, lighter = max(found, key=lambda pair: pair[0])
    lighter.load("cpu")
    return lighter
