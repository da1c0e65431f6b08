"""The road of a request, in plain Python: capture to picture to statements to sound.

Runs in the worker thread of the tray program and in the command line alike; a test runs it with
no Qt and no thread. Statements are spoken as soon as they are known, so the first words sound
while the rest of the picture is still being read.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Protocol

from imagecraft_desktop.describe.base import Captioner, known, make
from imagecraft_desktop.describe.known import is_told, tell
from imagecraft_desktop.errors import ImageCraftError
from imagecraft_desktop.system.tenancy import ROOMY, Tenancy
from imagecraft_desktop.values import (
    Capture,
    Description,
    Failure,
    Manner,
    Outcome,
    Picture,
    Progress,
    Request,
    Speech,
    Stage,
    Statement,
    Tick,
)

log = logging.getLogger(__name__)

Report = Callable[[Progress], None]


class Speaker(Protocol):
    """Turns text into sound, falling back from voice to voice: `speak.chain.Chain`."""

    def say(self, text: str, manner: Manner, tick: Tick) -> Iterator[Speech]:
        """Yield the sound of a text, sentence by sentence."""

    def take_used(self) -> tuple[str, ...]:
        """Names of the voices that spoke since the last call."""

    def take_notices(self) -> tuple[str, ...]:
        """Sentences about voices that failed since the last call."""


class Reader(Protocol):
    """A screen reader: `speak.reader.base.Reader`."""

    @property
    def name(self) -> str: ...

    def say(self, text: str) -> bool:
        """Hand over a whole text; False when it was not taken."""


class Route(Protocol):
    """Whether a reader gets a text: `speak.reader.route.Route`."""

    def reader(self, is_message: bool = False) -> Reader | None:
        """Who gets it; None for our own voice."""


class OwnVoice:
    """The route that never leads to a reader."""

    def reader(self, is_message: bool = False) -> Reader | None:
        return None


class Output(Protocol):
    """Where sound goes: the player, a file, or both."""

    def begin(self) -> None:
        """A new utterance."""

    def feed(self, speech: Speech) -> None:
        """The next chunk. Raises NoSoundDevice."""

    def finish(self) -> None:
        """No more chunks."""


class _Mouth:
    """Speaks the statements of one request into the output and keeps the times.

    The first failure of the sound ends the speaking, not the describing: the text is still wanted.

    Args:
        reader: Gets the whole text at the end instead, once; what it does not take is spoken.
    """

    def __init__(
        self,
        speaker: Speaker,
        output: Output | None,
        manner: Manner,
        started: float,
        reader: Reader | None = None,
    ) -> None:
        self._reader = reader
        self._kept: list[str] = []
        self.read_by = ""
        self._speaker = speaker
        self._output = output
        self._manner = manner
        self._started = started
        self.next_sentence = 0
        self.failure: ImageCraftError | None = None
        self.first_audio_s: float | None = None
        self.synthesis_s = 0.0
        self.samples = 0
        self.rate_hz = 0
        self.duration_s = 0.0

    def say(self, text: str, tick: Tick) -> None:
        if self._output is None or self.failure is not None:
            return
        if self._reader is not None:
            self._kept.append(text)
            return
        sentence = -1
        resumed = time.perf_counter()
        try:
            for chunk in self._speaker.say(text, self._manner, tick):
                self.synthesis_s += time.perf_counter() - resumed
                sentence = max(sentence, chunk.sentence)
                self._output.feed(replace(chunk, sentence=self.next_sentence + chunk.sentence))
                if self.first_audio_s is None:
                    self.first_audio_s = time.perf_counter() - self._started
                self.rate_hz = self.rate_hz or chunk.rate_hz
                self.duration_s += len(chunk.samples) / chunk.rate_hz
                tick()
                resumed = time.perf_counter()
        except ImageCraftError as error:
            log.warning("speech ends: %s", type(error).__name__)
            self.failure = error
        self.synthesis_s += time.perf_counter() - resumed
        self.next_sentence += sentence + 1

    def hand_over(self, tick: Tick) -> None:
        """Give the reader what was kept for it."""
        reader, self._reader = self._reader, None
        if reader is None or not self._kept:
            return
        tick()
        if reader.say(" ".join(self._kept)):
            self.read_by = reader.name
            self.first_audio_s = time.perf_counter() - self._started
            return
        log.warning("%s did not take the text; our own voice says it", reader.name)
        for text in self._kept:
            self.say(text, tick)


class Pipeline:
    """Describes captures and speaks; keeps the loaded captioner between requests.

    Args:
        to_picture: Decodes a capture; raises CaptureError.
        speaker: The voices.
        device: "cpu", "cuda", "mps" or "auto", handed to captioners.
        tenancy: Where their networks share the memory with those of the voices.
        route: Whether a screen reader gets the text instead of our voice.
    """

    def __init__(
        self,
        to_picture: Callable[[Capture, Tick], Picture],
        speaker: Speaker,
        device: str = "auto",
        tenancy: Tenancy = ROOMY,
        route: Route | None = None,
    ) -> None:
        self._route = route or OwnVoice()
        self._to_picture = to_picture
        self._speaker = speaker
        self._device = device
        self._tenancy = tenancy
        self._captioner: Captioner | None = None
        self._is_loaded = False
        self._wish = ""
        """What the captioner was asked for by: its name, or a folder."""

    def run(self, request: Request, output: Output | None, report: Report, tick: Tick) -> Outcome:
        """Do one request.

        Args:
            output: Where the sound goes; None to say nothing.
            report: Hears of each stage and of each statement as soon as it is known.
            tick: Raises Cancelled when the user has asked to stop.
        Raises:
            Cancelled: From `tick`.
            ImageCraftError: What could not be done; a failure of the sound alone is not raised
                but told in the outcome, which then still carries the description.
        """
        started = time.perf_counter()
        is_ours = output is None or request.is_own_voice
        reader = None if is_ours else self._route.reader(request.is_message)
        mouth = _Mouth(self._speaker, output, request.manner, started, reader)
        if output is not None:
            output.begin()
        timings: dict[str, float] = {}
        description = None
        if request.opening:
            mouth.say(request.opening, tick)
        if request.capture is not None:
            try:
                description = self._describe(request, mouth, timings, report, tick)
            except ImageCraftError:
                mouth.hand_over(tick)  # what was found until then
                raise
            text = description.spoken
        else:
            report(Progress(request.id, Stage.SPEAKING))
            text = request.text
            mouth.say(text, tick)
        mouth.hand_over(tick)
        if output is not None:
            output.finish()
        if mouth.first_audio_s is not None:
            timings["first_audio"] = mouth.first_audio_s * 1000 + request.captured_ms
            timings["synthesis"] = mouth.synthesis_s * 1000
        timings["total"] = (time.perf_counter() - started) * 1000 + request.captured_ms
        report(Progress(request.id, Stage.DONE))
        return Outcome(
            request.id,
            description,
            text,
            voice="+".join(self._speaker.take_used()),
            speech_failure=_as_failure(request, mouth.failure),
            sample_rate=mouth.rate_hz,
            duration_s=mouth.duration_s,
            timings_ms=timings,
            warnings=self._speaker.take_notices(),
            reader=mouth.read_by,
        )

    def unload(self) -> None:
        """Give the captioner's memory back; what was said about the last picture stays with it."""
        if self._captioner is not None:
            self._captioner.unload()
            self._is_loaded = False

    def forget(self) -> None:
        """Give the captioner's memory back, and let go of all that it knows of pictures."""
        self.unload()
        self._captioner = None

    def _describe(
        self,
        request: Request,
        mouth: _Mouth,
        timings: dict[str, float],
        report: Report,
        tick: Tick,
    ) -> Description:
        if request.capture is None:
            raise ValueError("the request has no capture")
        told = list(tell(request.capture)) if is_told(request.capture, request.wish) else []
        for statement in told:
            _tell(statement, request, mouth, report, tick)
        begun = time.perf_counter()
        picture = self._to_picture(request.capture, tick)
        tick()
        timings["capture"] = (time.perf_counter() - begun) * 1000 + request.captured_ms
        captioner = self._ready(request, report)
        tick()
        report(Progress(request.id, Stage.DESCRIBING, picture=picture))
        describe_s = 0.0
        statements = captioner.describe(picture, request.wish, tick)
        try:
            while True:
                resumed = time.perf_counter()
                try:
                    statement = next(statements)
                except StopIteration as end:
                    description: Description = end.value
                    break
                finally:
                    describe_s += time.perf_counter() - resumed
                _tell(statement, request, mouth, report, tick)
        finally:
            statements.close()
        timings["describe"] = describe_s * 1000
        return replace(description, statements=(*told, *description.statements))

    def _ready(self, request: Request, report: Report) -> Captioner:
        """The request's captioner, loaded; another one is let go."""
        is_same = self._captioner is not None and self._wish == request.captioner
        if self._captioner is not None and is_same and self._is_loaded:
            return self._captioner
        if not is_same:
            self.forget()
        report(Progress(request.id, Stage.LOADING))
        captioner = self._captioner or make(request.captioner, known(), self._tenancy)
        captioner.load(self._device)
        self._captioner, self._wish, self._is_loaded = captioner, request.captioner, True
        return captioner


def _tell(
    statement: Statement, request: Request, mouth: _Mouth, report: Report, tick: Tick
) -> None:
    report(Progress(request.id, Stage.SPEAKING, statement, sentence=mouth.next_sentence))
    mouth.say(statement.text, tick)


def _as_failure(request: Request, error: ImageCraftError | None) -> Failure | None:
    if error is None:
        return None
    return Failure(request.id, error.spoken, error.detail, error.exit_code)
