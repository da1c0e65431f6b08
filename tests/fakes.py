"""Small honest stand-ins with the real interfaces: they do what they are told and note what was asked."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from imagecraft_desktop.capture.portal import Taken
from imagecraft_desktop.engine.pipeline import Route
from imagecraft_desktop.errors import Cancelled, ImageCraftError
from imagecraft_desktop.values import (
    Certainty,
    Description,
    Kind,
    Manner,
    Outcome,
    Picture,
    Progress,
    Request,
    Speech,
    Stage,
    Statement,
    Tick,
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

    def can_answer(self) -> bool:
        return False

    def unload(self) -> None:
        pass


class FakeSpeaker:
    """Gives 10 ms of a constant for each word, one sentence a call; notes what it said."""

    def __init__(self, rate_hz: int = 24_000) -> None:
        self.rate_hz = rate_hz
        self.said: list[str] = []
        self.manners: list[Manner] = []
        self.loaded: list[str] = []
        self.unloads = 0
        self.plays_itself = False
        self.error: ImageCraftError | None = None

    def load(self, language: str, tick: object = None) -> None:
        self.loaded.append(language)

    def unload(self) -> None:
        self.unloads += 1

    def say(self, text: str, manner: Manner, tick) -> Iterator[Speech]:
        if self.error is not None:
            raise self.error
        self.said.append(text)
        self.manners.append(manner)
        for word in text.split():
            tick()
            yield Speech(
                np.full(self.rate_hz // 100, 0.1, np.float32), self.rate_hz, sentence=0, text=word
            )

    def take_used(self) -> tuple[str, ...]:
        return ("fake",) if self.said else ()

    def take_notices(self) -> tuple[str, ...]:
        return ()


class FakeReader:
    """A screen reader that keeps what it was given."""

    systems = ("linux", "win32", "darwin")
    says_names = True

    def __init__(self, name: str = "Orca", *, is_on: bool = True, takes: bool = True) -> None:
        self.name, self.is_on, self.takes = name, is_on, takes
        self.texts: list[str] = []
        self.stops = 0

    def is_running(self) -> bool:
        return self.is_on

    def say(self, text: str) -> bool:
        self.texts.append(text)
        return self.takes

    def stop(self) -> None:
        self.stops += 1


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


class FakePlayer(FakeOutput):
    """A player without sound: notes what it was told; `is_playing` is from begin to `end_sound`."""

    def __init__(self) -> None:
        super().__init__()
        self.signs: list[str] = []
        self.is_playing = False
        self.is_paused = False
        self.first_sound_at: float | None = None
        self.ahead_s = 0.0
        self.sentence: int | None = None
        self.can_repeat = True

    def begin(self) -> None:
        super().begin()
        self.is_playing, self.is_paused, self.first_sound_at = True, False, None

    def feed(self, speech: Speech) -> None:
        super().feed(speech)
        self.first_sound_at, self.ahead_s = 1.0, 1.0

    def stop(self) -> None:
        self.calls.append("stop")
        self.is_playing = self.is_paused = False

    def end_sound(self) -> None:
        """The sound was heard to its end."""
        self.is_playing, self.ahead_s = False, 0.0

    def toggle_pause(self) -> None:
        self.calls.append("toggle_pause")
        self.is_playing, self.is_paused = self.is_paused, self.is_playing

    def skip(self) -> None:
        self.calls.append("skip")

    def back(self) -> None:
        self.calls.append("back")

    def repeat(self) -> bool:
        self.calls.append("repeat")
        return self.can_repeat

    def sign(self, name: str) -> bool:
        self.signs.append(name)
        return True


class FakeNotifier:
    """A notification service that keeps what it was shown."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def show(self, text: str) -> None:
        self.texts.append(text)

    def close(self) -> None:
        pass


class FakePipeline:
    """Takes `steps` ticks of 10 ms for each request, speaks "ready" after them, then tells the outcome.

    `error` is raised after the steps. `begun` and `ended` are the ids in order.
    """

    def __init__(self, speaker, steps: int = 5) -> None:
        self.speaker = speaker
        self.steps = steps
        self.error: Exception | None = None
        self.begun: list[int] = []
        self.ended: list[int] = []
        self.threads: set[int] = set()
        self.warnings: tuple[str, ...] = ()
        self.unloads = 0
        self.forgets = 0
        self.route: Route | None = None

    def unload(self) -> None:
        self.unloads += 1

    def forget(self) -> None:
        self.forgets += 1

    def run(self, request: Request, output, report, tick) -> Outcome:
        self.begun.append(request.id)
        self.threads.add(threading.get_ident())
        try:
            output.begin()
            for _ in range(self.steps):
                tick()
                time.sleep(0.01)
            if self.error is not None:
                raise self.error
            text = request.text or "ready"
            route = None if request.is_own_voice else self.route
            reader = route.reader(request.is_message) if route is not None else None
            is_read = reader is not None and reader.say(text)
            for chunk in () if is_read else self.speaker.say(text, request.manner, tick):
                output.feed(chunk)
            report(Progress(request.id, Stage.DONE))
            output.finish()
            statement = Statement(text, Certainty.CERTAIN, "ocr")
            found = Description(Kind.SCREEN, (statement,)) if request.capture else None
            name = reader.name if reader is not None and is_read else ""
            return Outcome(request.id, found, text, warnings=self.warnings, reader=name)
        finally:
            self.ended.append(request.id)


class FakePerson:
    """Stands in for `capture.portal._ask`: a desktop that asks a person for each picture of the screen, and
    waits for the answer as long as the picture is wanted.

    Attributes:
        asked: Each question, the oldest first.
    """

    def __init__(self) -> None:
        self.asked: list[FakeQuestion] = []

    def ask(self, tick: Tick) -> Taken:
        question = FakeQuestion()
        self.asked.append(question)
        return question.wait(tick)


class FakeQuestion:
    """A dialog."""

    def __init__(self) -> None:
        self.is_closed = False
        self._is_answered = threading.Event()
        self._answer: Taken | ImageCraftError = Taken(b"")

    def answer(self, answer: Taken | ImageCraftError) -> None:
        """Give a picture, or say why there is none."""
        self._answer = answer
        self._is_answered.set()

    def wait(self, tick: Tick) -> Taken:
        while not self._is_answered.wait(0.01):
            try:
                tick()
            except Cancelled:
                self.is_closed = True
                raise
        if isinstance(self._answer, ImageCraftError):
            raise self._answer
        return self._answer


def refuse_to_enter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies in the folder can neither be seen nor opened; the superuser, whom tests may run as, is refused nothing."""
    for name in ("stat", "open"):
        real = getattr(os, name)

        def act(path: Any, *rest: Any, real: Any = real, **words: Any) -> Any:
            if isinstance(path, str | Path) and folder in Path(path).parents:
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *rest, **words)

        monkeypatch.setattr(os, name, act)
