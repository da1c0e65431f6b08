"""Tells how far work on a model is: printed, and spoken where the user wishes that."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from imagecraft_desktop import strings
from imagecraft_desktop.errors import ImageCraftError
from imagecraft_desktop.strings import say
from imagecraft_desktop.weights import lines, sizes
from imagecraft_desktop.weights.steps import Stage, Step

if TYPE_CHECKING:
    from imagecraft_desktop.cli.aloud import Aloud


class Teller:
    """Tells a line for each tenth, and when a download waits, pauses and goes on; how far copying and checking are.

    At the end of its block the last words are waited for; after an error there is silence at once.

    Args:
        name: Of the model.
        is_aloud: Whether it is spoken as well.
    """

    def __init__(self, name: str, *, is_aloud: bool) -> None:
        self._name = name
        self._tenth = -1
        self._work = lines.Work()
        self._aloud = _open_voice() if is_aloud else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._aloud is None:
            return
        if isinstance(error, ImageCraftError):
            self._aloud.say(error.spoken)
        if error is None or isinstance(error, ImageCraftError):
            self._aloud.finish()
        else:
            self._aloud.stop()

    def tell(self, sentence: str, spoken: str = "", *, is_passing: bool = False) -> None:
        """Print a sentence, and say it.

        Args:
            spoken: What is said in its place.
            is_passing: See `Aloud.say`.
        """
        print(sentence, flush=True)
        if self._aloud is not None:
            self._aloud.say(spoken or sentence, is_passing=is_passing)

    def tell_failure(self, error: ImageCraftError) -> None:
        """What went wrong without ending the work."""
        print(error.spoken, file=sys.stderr, flush=True)
        if self._aloud is not None:
            self._aloud.say(error.spoken)

    def tell_step(self, step: Step) -> None:
        """See `steps.Tell`."""
        if step.stage in {Stage.COPY, Stage.CHECK}:
            self._tell_work(step)
        elif step.stage is Stage.PAUSED:
            paused = say(strings.MODEL_PAUSED, name=self._name)
            self.tell(paused, say(strings.MODEL_PAUSED_SHORT))
        elif step.stage is Stage.RESUMED:
            self.tell(say(strings.MODEL_RESUMED))
        elif step.stage is Stage.WAIT:
            waiting = say(strings.MODEL_WAITING, count=step.total)
            self.tell(waiting if step.total else say(strings.MODEL_SILENT), is_passing=True)
        else:
            self._tell_bytes(step.done, step.total)

    def _tell_work(self, step: Step) -> None:
        if not (sentence := self._work.sentence(step)):
            return
        percent = 10 * lines.tenths(step)
        short = say(strings.MODEL_PERCENT_SHORT, percent=percent) if step.done else ""
        self.tell(sentence, short, is_passing=step.done > 0)

    def _tell_bytes(self, done: int, total: int) -> None:
        percent = 100 * done // total
        if percent // 10 <= self._tenth:
            return
        in_all, is_first = sizes.in_words(total), self._tenth < 0
        self._tenth = percent // 10
        if not is_first:
            words = {"percent": self._tenth * 10, "done": sizes.in_words(done), "total": in_all}
            short = say(strings.MODEL_PERCENT_SHORT, percent=self._tenth * 10)
            self.tell(say(strings.MODEL_PERCENT, **words), short, is_passing=True)
        elif percent:
            self.tell(say(strings.MODEL_GOING_ON, percent=percent, total=in_all))
        else:
            self.tell(say(strings.MODEL_DOWNLOADING, total=in_all))


def _open_voice() -> Aloud | None:
    """None, which is told, where nothing can be spoken: what is printed stays."""
    from imagecraft_desktop.cli.aloud import Aloud

    try:
        return Aloud()
    except ImageCraftError as error:
        print(error.spoken, file=sys.stderr)
        return None
