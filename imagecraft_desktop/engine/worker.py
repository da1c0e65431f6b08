"""Runs requests in a thread of their own: one at a time, the newest wins.

`Engine` lives in the main thread and is all that the rest of the program sees. A new request, and
`cancel`, end the running one through an event that its `tick` looks at; whatever an older request
still sends is dropped. The pipeline, and with it everything heavy, is made by the first request.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from imagecraft_desktop import strings
from imagecraft_desktop.engine.early import EarlyVoices, Voices
from imagecraft_desktop.engine.pipeline import Output, OwnVoice, Pipeline, Route, Speaker
from imagecraft_desktop.errors import Cancelled, ImageCraftError, NoMemoryForPicture
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Failure, Progress, Request

log = logging.getLogger(__name__)

_STILL_MS = 1500
"""So long after the last work memory is handed back that this work freed."""

MakeSpeaker = Callable[[], Voices]
MakePipeline = Callable[[Speaker], Pipeline]


class Sound(Output, Protocol):
    """Where the sound goes: the player."""

    def stop(self) -> None:
        """Silence, at once."""


@dataclass(frozen=True, eq=False)
class _Job:
    request: Request
    output: Sound
    cancelled: threading.Event = field(default_factory=threading.Event)


@dataclass(eq=False)
class _Remark:
    request_id: int
    text: str
    output: Sound
    is_awaited: bool = False
    is_refused: bool = False
    """No screen reader takes it."""


class Engine(QObject):
    """Takes requests and tells how they went. Lives in the main thread, and so do its signals.

    Args:
        make_speaker: Makes the voices; called once, in the worker thread.
        make_pipeline: Makes the pipeline around them; called once, in the worker thread.
        trim: Gives freed memory back to the system; called after the models were unloaded.
        tidy: The same, quickly; called when nothing is in work any more.
        route: Whether a screen reader gets what is said.
    """

    submitted = Signal()
    """Something is in work, or about to be."""
    progressed = Signal(object)
    """A `Progress` of the newest request."""
    described = Signal(object)
    """Its `Outcome`."""
    failed = Signal(object)
    """Its `Failure`."""

    _wake = Signal()
    _tire = Signal()
    _room_wished = Signal(object)
    _oblivion = Signal()
    _still = Signal()

    def __init__(
        self,
        make_speaker: MakeSpeaker,
        make_pipeline: MakePipeline,
        trim: Callable[[], None] = lambda: None,
        parent: QObject | None = None,
        *,
        route: Route | None = None,
        tidy: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(parent)
        self._newest: _Job | None = None
        self._idle = QTimer(self, singleShot=True, interval=0)
        self._idle.timeout.connect(self._tire)
        self._quiet = QTimer(self, singleShot=True, interval=_STILL_MS)
        self._quiet.timeout.connect(self._still)
        self._worker = _Worker(make_speaker, make_pipeline, trim, route or OwnVoice(), tidy)
        self._thread = QThread(self)
        self._thread.setObjectName("engine")
        self._worker.moveToThread(self._thread)
        self._wake.connect(self._worker.work)
        self._tire.connect(self._worker.unload)
        self._room_wished.connect(self._worker.make_room)
        self._oblivion.connect(self._worker.forget)
        self._still.connect(self._worker.tidy)
        self._worker.progressed.connect(self._pass_progress)
        self._worker.described.connect(self._pass_outcome)
        self._worker.failed.connect(self._pass_failure)
        self._thread.start()

    @property
    def current(self) -> Request | None:
        """The request in work, or None."""
        return self._newest.request if self._newest is not None else None

    @property
    def is_describing(self) -> bool:
        """Whether a picture is in work, or about to be. From any thread."""
        job = self._newest
        return job is not None and job.request.capture is not None

    @property
    def speaks_itself(self) -> bool:
        """Whether the work in progress speaks by a voice that makes its own sound, without the
        player."""
        return self._newest is not None and self._worker.plays_itself

    def set_patience(self, idle_min: float) -> None:
        """Unload the models when this many minutes passed without a request; 0 for never."""
        self._idle.stop()
        self._idle.setInterval(round(idle_min * 60_000))
        self._rest()

    def submit(self, request: Request, output: Sound) -> None:
        """Do this now; what was in work is ended."""
        self.cancel()
        self._idle.stop()
        self._quiet.stop()
        self._newest = _Job(request, output)
        self._worker.put(self._newest)
        self._wake.emit()
        self.submitted.emit()

    def cancel(self) -> bool:
        """End the work; no signal comes from it any more. False when there was none."""
        if self._newest is None:
            return False
        self._newest.cancelled.set()
        self._newest = None
        self._rest()
        return True

    def remark(self, text: str, output: Sound, *, is_awaited: bool = False) -> None:
        """Say a short sentence between two steps of the work in progress. A screen reader says it at once; our
        own voice not before it has ended what it speaks by then.

        Args:
            is_awaited: When it could not be said until the work has ended, it is said then.
        """
        if self._newest is not None:
            self._worker.remark(_Remark(self._newest.request.id, text, output, is_awaited))

    def renew_voices(self) -> None:
        """Make the voices anew for the next request: another one was chosen."""
        self._worker.renew_voices()

    def forget(self) -> None:
        """Let go of what is known of pictures, once the work in progress has ended."""
        self._oblivion.emit()

    def make_room(self) -> threading.Event:
        """Have the models leave the memory, for one in another process. From any thread.

        Returns:
            Set when they have left: once the work in progress has ended.
        """
        made = threading.Event()
        self._room_wished.emit(made)
        return made

    def end(self, wait_ms: int) -> bool:
        """End the work and its threads.

        Returns:
            False when one is still busy after the time. The process must then be left without
            Python's own ending, which would take away what the thread works with.
        """
        self.cancel()
        self._thread.quit()
        end_s = time.monotonic() + wait_ms / 1000
        is_ended = self._thread.wait(wait_ms)
        return self._worker.wait_loaded(end_s - time.monotonic()) and is_ended

    def _rest(self) -> None:
        """Nothing is in work: from now on count the time."""
        if self._newest is None:
            self._quiet.start()
        if self._idle.interval() > 0 and self._newest is None:
            self._idle.start()

    def _is_newest(self, request_id: int) -> bool:
        return self._newest is not None and self._newest.request.id == request_id

    @Slot(int, object)
    def _pass_progress(self, request_id: int, progress: object) -> None:
        if self._is_newest(request_id):
            self.progressed.emit(progress)

    @Slot(int, object)
    def _pass_outcome(self, request_id: int, outcome: object) -> None:
        if self._is_newest(request_id):
            self._newest = None
            self._rest()
            self.described.emit(outcome)

    @Slot(int, object)
    def _pass_failure(self, request_id: int, failure: object) -> None:
        if self._is_newest(request_id):
            self._newest = None
            self._rest()
            self.failed.emit(failure)


class _Worker(QObject):
    """Lives in the worker thread."""

    progressed = Signal(int, object)
    described = Signal(int, object)
    failed = Signal(int, object)

    def __init__(
        self,
        make_speaker: MakeSpeaker,
        make_pipeline: MakePipeline,
        trim: Callable[[], None],
        route: Route,
        tidy: Callable[[], None],
    ) -> None:
        super().__init__()
        self._route = route
        self._hand_back = tidy
        self._trim = trim
        self._make_speaker = make_speaker
        self._make_pipeline = make_pipeline
        self._mouth = EarlyVoices()
        self._pipeline: Pipeline | None = None
        self._lock = threading.Lock()
        self._waiting: _Job | None = None
        self._is_outdated = True
        self._remark: _Remark | None = None

    @property
    def plays_itself(self) -> bool:
        """Whether the voice makes its own sound. From any thread."""
        return self._mouth.plays_itself

    def put(self, job: _Job) -> None:
        """Leave a job to be done; one that still waits is dropped. From any thread."""
        with self._lock:
            self._waiting = job

    def remark(self, remark: _Remark) -> None:
        """Leave a sentence to be said in between. From any thread."""
        with self._lock:
            self._remark = remark

    def wait_loaded(self, timeout_s: float) -> bool:
        """Wait until no voice is being loaded; False when one still is. From any thread."""
        return self._mouth.wait_loaded(timeout_s)

    def renew_voices(self) -> None:
        """Forget the voices before the next job. From any thread."""
        with self._lock:
            self._is_outdated = True

    @Slot()
    def work(self) -> None:
        """Do the job that waits: the entry of the thread, which lets no error pass."""
        with self._lock:
            job, self._waiting, self._remark = self._waiting, None, None
        if job is None:
            return  # a newer one took its place and was done already
        try:
            self._do(job)
        except Cancelled:
            job.output.stop()  # it may have been begun after the user silenced it
        except ImageCraftError as error:
            log.warning("request failed: %s", error.detail or type(error).__name__)
            _end(job)
            self._fail(job, error.spoken, error.detail, error.exit_code)
        except MemoryError:
            log.exception("out of memory")
            _end(job)
            lack = NoMemoryForPicture()
            self._fail(job, lack.spoken, "MemoryError", lack.exit_code)
        except Exception as error:
            log.exception("a request failed by a defect")
            _end(job)
            self._fail(job, say(strings.ERR_UNEXPECTED), type(error).__name__, 1)

    @Slot()
    def unload(self) -> None:
        """Give the models' memory back; the next job loads them again."""
        with self._lock:
            if self._waiting is not None:
                return
        self._let_go()

    @Slot(object)
    def make_room(self, made: threading.Event) -> None:
        """The same even when a job waits: it loads them again then."""
        self._let_go()
        made.set()

    def _let_go(self) -> None:
        if self._pipeline is None:
            return
        try:
            self._pipeline.unload()
            self._mouth.unload()
            self._trim()
            log.info("the models were unloaded")
        except Exception:
            log.exception("unloading failed by a defect")

    @Slot()
    def forget(self) -> None:
        """Let go of what the captioner knows of pictures, and with it of its memory."""
        if self._pipeline is None:
            return
        try:
            self._pipeline.forget()
            self._trim()
        except Exception:
            log.exception("forgetting failed by a defect")

    @Slot()
    def tidy(self) -> None:
        """Give back what the last work freed; the models stay."""
        with self._lock:
            is_busy = self._waiting is not None
        if not is_busy:
            self._hand_back()

    def _do(self, job: _Job) -> None:
        def tick() -> None:
            if job.cancelled.is_set():
                raise Cancelled
            self._say_remark(job, worker)

        def report(progress: Progress) -> None:
            self.progressed.emit(progress.request_id, progress)

        worker = threading.get_ident()
        tick()
        # a reader that runs will most likely take the text
        is_soon = self._route.reader(job.request.is_message) is None
        self._make_voices(job.request.manner.language, is_soon)
        tick()
        if self._pipeline is None:
            self._pipeline = self._make_pipeline(self._mouth)
        tick()
        outcome = self._pipeline.run(job.request, job.output, report, tick)
        if (remark := self._remark) is not None and remark.is_awaited:
            tick()
        self.described.emit(job.request.id, outcome)

    def _make_voices(self, language: str, is_soon: bool) -> None:
        """Make the voices if there are none, or others were chosen; what fails is tried again."""
        with self._lock:
            is_outdated, self._is_outdated = self._is_outdated, False
        if not is_outdated:
            if is_soon:
                self._mouth.wake(language)
            return
        try:
            self._mouth.take(self._make_speaker(), language, is_soon=is_soon)
        except Exception:
            self.renew_voices()
            raise

    def _fail(self, job: _Job, spoken: str, detail: str, exit_code: int) -> None:
        if not job.cancelled.is_set():
            failure = Failure(job.request.id, spoken, detail, exit_code)
            self.failed.emit(job.request.id, failure)

    def _say_remark(self, job: _Job, worker: int) -> None:
        """Say what was left to be said: by a reader, else by our voice unless that is at work already.

        Networks are watched by a second thread that also calls `tick`: it says nothing.
        """
        remark = self._remark
        if remark is None or threading.get_ident() != worker:
            return
        if remark.request_id != job.request.id or self._is_read(remark):
            self._drop(remark)
        elif not self._mouth.is_speaking:  # it cannot be entered twice
            self._drop(remark)
            self._speak_remark(job, remark)

    def _is_read(self, remark: _Remark) -> bool:
        """Whether a screen reader takes it; asked once."""
        if remark.is_refused:
            return False
        reader = self._route.reader(is_message=True)
        remark.is_refused = reader is None or not reader.say(remark.text)
        return not remark.is_refused

    def _drop(self, remark: _Remark) -> None:
        with self._lock:
            if self._remark is remark:
                self._remark = None

    def _speak_remark(self, job: _Job, remark: _Remark) -> None:
        def tick() -> None:
            if job.cancelled.is_set():
                raise Cancelled

        output = remark.output
        try:
            output.begin()
            for chunk in self._mouth.say(remark.text, job.request.manner, tick):
                output.feed(chunk)
                tick()
        except Cancelled:
            output.stop()
            raise
        except ImageCraftError as error:
            log.warning("a remark was not spoken: %s", type(error).__name__)
        output.finish()


def _end(job: _Job) -> None:
    """No more sound comes from a job that failed; what the user no longer wants falls silent."""
    if job.cancelled.is_set():
        job.output.stop()
    else:
        job.output.finish()
