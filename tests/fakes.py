"""Small honest stand-ins with the real interfaces: they do what they are told and note what was asked."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import numpy as np

from imagecraft_desktop.errors import ImageCraftError
from imagecraft_desktop.values import (
    Certainty,
    Description,
    Kind,
    Manner,
    Picture,
    Speech,
    Statement,
    Wish,
)


class FakeCaptioner:
    """Says the statements it was given."""

    name = "fake"
    label = "Fake"
    statements: tuple[Statement, ...] = (
        Statement("A dog.", Certainty.CERTAIN, "detector"),
        Statement("It looks like grass.", Certainty.LIKELY, "detector"),
    )
    error: ImageCraftError | None = None
    loads = 0

    @classmethod
    def missing(cls) -> str | None:
        return None

    def load(self, device: str) -> None:
        type(self).loads += 1

    def describe(
        self, picture: Picture, wish: Wish, tick
    ) -> Generator[Statement, None, Description]:
        for statement in self.statements:
            tick()
            yield statement
        if self.error is not None:
            raise self.error
        return Description(Kind.PHOTO, self.statements, captioner=self.name)

    def unload(self) -> None:
        pass


class FakeSpeaker:
    """Gives 10 ms of a constant for each word, one sentence a call; notes what it said."""

    def __init__(self, rate_hz: int = 24_000) -> None:
        self.rate_hz = rate_hz
        self.said: list[str] = []
        self.error: ImageCraftError | None = None

    def say(self, text: str, manner: Manner, tick) -> Iterator[Speech]:
        if self.error is not None:
            raise self.error
        self.said.append(text)
        for word in text.split():
            tick()
            yield Speech(
                np.full(self.rate_hz // 100, 0.1, np.float32), self.rate_hz, sentence=0, text=word
            )

    def take_used(self) -> tuple[str, ...]:
        return ("fake",) if self.said else ()

    def take_notices(self) -> tuple[str, ...]:
        return ()


class FakeOutput:
    """Keeps the chunks it was fed."""

    def __init__(self, error: ImageCraftError | None = None) -> None:
        self.error = error
        self.chunks: list[Speech] = []
        self.calls: list[str] = []

    def begin(self) -> None:
        self.calls.append("begin")

    def feed(self, speech: Speech) -> None:
        if self.error is not None:
            raise self.error
        self.chunks.append(speech)

    def finish(self) -> None:
        self.calls.append("finish")
