"""The embedded captioner: says what can be proven, offline, with no download.

It is composed of what `see` finds: frame checks, text, the parts of a screen, codes, things in
photos, colours. Importing this costs nothing; the networks come with the first picture.
"""

from __future__ import annotations

from collections.abc import Generator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from imagecraft_desktop import strings
from imagecraft_desktop.describe.base import name_in
from imagecraft_desktop.errors import DescribeError, NoMemoryForPicture, NoQuestions
from imagecraft_desktop.values import Description, Picture, Statement, Tick, Wish

if TYPE_CHECKING:
    from imagecraft_desktop.describe.embedded.reread import Reread
    from imagecraft_desktop.describe.embedded.work import Ask, Look
    from imagecraft_desktop.see.reader import Reader

_PACKAGES = ("numpy", "onnxruntime", "cv2", "rapidocr", "zxingcpp")


class Embedded:
    """See `describe.base.Captioner`."""

    name = "embedded"
    label = strings.CAPTIONER_EMBEDDED

    def __init__(self) -> None:
        self._reader: Reader | None = None
        self._look: Look | None = None
        """At the last picture, for questions about it."""

    @classmethod
    def missing(cls) -> str | None:
        """None when it can run here, else the sentence that says why not and what to do."""
        absent = [package for package in _PACKAGES if find_spec(package) is None]
        if absent:
            return strings.say(strings.CAPTIONER_PACKAGES_MISSING, names=", ".join(absent))
        return None

    def can_answer(self) -> bool:
        """No: it only says what it can prove."""
        return False

    def load(self, device: str) -> None:
        """Make ready. It runs on the processor alone; each network is opened when it is needed."""
        self._ready()

    def _ready(self) -> Reader:
        if self._reader is None:
            from imagecraft_desktop.see.reader import Reader

            self._reader = Reader()
        return self._reader

    def describe(
        self,
        picture: Picture,
        wish: Wish,
        tick: Tick,
        ask: Ask | None = None,
        *,
        keep: bool = False,
        reread: Reread | None = None,
    ) -> Generator[Statement, None, Description]:
        """See `describe.base.Captioner.describe`.

        Args:
            ask: A captioning network, which is asked where `work.describe` lets it. If the wish is a
                question, its answer is all that is said.
            keep: What is found in the picture is kept for questions about it.
            reread: A network that reads text in photos, too; asked in detail alone, where `ask` may be.
        """
        import cv2

        from imagecraft_desktop.describe.embedded.work import Look, answer, describe

        if wish.question and ask is None:
            raise NoQuestions(name=name_in(self.label))
        is_question = bool(wish.question) and not wish.text_only
        look, self._look = self._look, None
        try:
            if not (is_question and look is not None and look.is_done and look.is_of(picture)):
                look = Look(self._ready(), picture, wish, tick, None if is_question else ask)
                look.reread = reread
            self._look = look if keep and not wish.text_only else None
            if is_question and ask is not None:
                return (yield from answer(look, ask, tick, wish.question))
            return (yield from describe(look))
        except MemoryError as error:
            raise NoMemoryForPicture(repr(error)) from error
        except cv2.error as error:
            if error.code == cv2.Error.StsNoMem:
                raise NoMemoryForPicture(repr(error)) from error
            raise DescribeError(repr(error), name=self.name) from error

    def unload(self) -> None:
        """Give the memory of the networks back."""
        if self._reader is not None:
            from imagecraft_desktop.see.session import close_embedded

            self._reader.unload()
            self._reader = self._look = None
            close_embedded()


CAPTIONER = Embedded
