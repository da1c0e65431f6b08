"""The embedded captioner: says what can be proven, offline, with no download.

It is composed of what `see` finds: frame checks, text, the parts of a screen, codes, things in
photos, colours. Importing this costs nothing; the networks come with the first picture.
"""

from __future__ import annotations

from collections.abc import Generator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from imagecraft_desktop import strings
from imagecraft_desktop.errors import DescribeError, OutOfMemory
from imagecraft_desktop.values import Description, Picture, Statement, Tick, Wish

if TYPE_CHECKING:
    from imagecraft_desktop.describe.embedded.work import Ask
    from imagecraft_desktop.see.reader import Reader

_PACKAGES = ("numpy", "onnxruntime", "cv2", "rapidocr", "zxingcpp")


class Embedded:
    """See `describe.base.Captioner`."""

    name = "embedded"
    label = strings.CAPTIONER_EMBEDDED

    def __init__(self) -> None:
        self._reader: Reader | None = None

    @classmethod
    def missing(cls) -> str | None:
        """None when it can run here, else the sentence that says why not and what to do."""
        absent = [package for package in _PACKAGES if find_spec(package) is None]
        if absent:
            return strings.say(strings.CAPTIONER_PACKAGES_MISSING, names=", ".join(absent))
        return None

    def load(self, device: str) -> None:
        """Make ready. It runs on the processor alone; each network is opened when it is needed."""
        self._ready()

    def _ready(self) -> Reader:
        if self._reader is None:
            from imagecraft_desktop.see.reader import Reader

            self._reader = Reader()
        return self._reader

    def describe(
        self, picture: Picture, wish: Wish, tick: Tick, ask: Ask | None = None
    ) -> Generator[Statement, None, Description]:
        """See `describe.base.Captioner.describe`.

        Args:
            ask: A captioning network, which is asked where `work.describe` lets it.
        """
        import cv2

        from imagecraft_desktop.describe.embedded.work import describe

        reader = self._ready()
        try:
            return (yield from describe(reader, picture, wish, tick, ask))
        except MemoryError as error:
            raise OutOfMemory(repr(error), name=self.name) from error
        except cv2.error as error:
            raise DescribeError(repr(error), name=self.name) from error

    def unload(self) -> None:
        """Give the memory of the networks back."""
        if self._reader is not None:
            from imagecraft_desktop.see.session import close_embedded

            self._reader.unload()
            self._reader = None
            close_embedded()


CAPTIONER = Embedded
