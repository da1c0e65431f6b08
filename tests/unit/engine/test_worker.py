"""The worker thread: one request at a time, the newest wins, nothing fails in silence."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from imagecraft_desktop import strings
from imagecraft_desktop.engine.worker import Engine
from imagecraft_desktop.errors import NoSoundDevice, UnreadableImage
from imagecraft_desktop.speak.reader.route import Route
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Capture, Failure, Frame, Origin, Outcome, Request, Speech
from tests.fakes import FakePipeline, FakePlayer, FakeReader, FakeSpeaker

CAPTURE = Capture(Origin.WINDOW, "Accounts", Frame(1, 1, bytes(4)))


class Bench:
    """An engine around a fake pipeline, and what it told."""

    def __init__(self) -> None:
        self.speaker = FakeSpeaker()
        self.pipeline: FakePipeline | None = None
        self.steps = 5
        self.made = 0
        self.outcomes: list[Outcome] = []
        self.failures: list[Failure] = []
        self.player = FakePlayer()
        self.trims = 0
        self.reader = FakeReader(is_on=False)
        route = Route("auto", [self.reader])
        self.tidied: list[int] = []
        self.engine = Engine(
            *(lambda: self.speaker, self._make, self._trim),
            route=route,
            tidy=lambda: self.tidied.append(len(self.told)),
        )
        self.engine.described.connect(self.outcomes.append)
        self.engine.failed.connect(self.failures.append)

    def _make(self, speaker: object) -> FakePipeline:
        self.made += 1
        self.pipeline = FakePipeline(speaker, self.steps)
        return self.pipeline

    def _trim(self) -> None:
        self.trims += 1

    def submit(self) -> Request:
        request = Request(CAPTURE)
        self.engine.submit(request, self.player)
        return request

    @property
    def told(self) -> list[int]:
        return [o.request_id for o in (*self.outcomes, *self.failures)]


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench()
    yield made
    assert made.engine.end(20_000)


def until(qtbot: QtBot, true: Callable[[], bool]) -> None:
    qtbot.waitUntil(true, timeout=20_000)


def test_nothing_is_made_before_the_first_request(bench: Bench, qtbot: QtBot) -> None:
    qtbot.wait(50)
    assert bench.made == 0
    request = bench.submit()
    until(qtbot, lambda: bench.told == [request.id])
    second = bench.submit()
    until(qtbot, lambda: bench.told == [request.id, second.id])
    assert bench.made == 1
    assert bench.pipeline is not None
    assert bench.pipeline.threads != {threading.get_ident()}
    assert bench.engine.current is None


def test_the_newest_request_wins(bench: Bench, qtbot: QtBot) -> None:
    bench.steps = 300
    requests = [bench.submit()]
    until(qtbot, lambda: bench.pipeline is not None and bench.pipeline.begun != [])
    assert bench.pipeline is not None
    bench.pipeline.steps = 2
    requests += [bench.submit() for _ in range(5)]
    until(qtbot, lambda: bench.told != [])
    qtbot.wait(50)
    assert bench.told == [requests[-1].id]
    # one in between may have been begun before the next came, and was then ended
    assert (bench.pipeline.begun[0], bench.pipeline.begun[-1]) == (requests[0].id, requests[-1].id)


def test_cancel_ends_the_work_and_says_nothing(bench: Bench, qtbot: QtBot) -> None:
    bench.steps = 300
    request = bench.submit()
    until(qtbot, lambda: bench.pipeline is not None and bench.pipeline.begun != [])
    assert bench.engine.current == request
    assert bench.engine.cancel()
    assert bench.engine.current is None
    until(qtbot, lambda: bench.pipeline is not None and bench.pipeline.ended == [request.id])
    # within a step or two; the three hundred were not done
    assert bench.speaker.said == []
    qtbot.wait(50)
    assert bench.told == []
    assert not bench.player.is_playing
    assert not bench.engine.cancel()


def test_cancel_at_random_moments(bench: Bench, qtbot: QtBot) -> None:
    chance = random.Random(7)
    for _ in range(100):
        bench.submit()
        qtbot.wait(chance.randrange(0, 40))
        bench.engine.cancel()
    last = bench.submit()
    until(qtbot, lambda: last.id in bench.told)
    assert bench.pipeline is not None
    assert sorted(bench.pipeline.begun) == bench.pipeline.begun == bench.pipeline.ended
    assert sum(thread.name == "engine" for thread in threading.enumerate()) <= 1


@pytest.mark.parametrize(
    ("error", "spoken"),
    [
        (UnreadableImage(name="a.png", reason="it is cut off"), None),
        (MemoryError(), say(strings.ERR_NO_MEMORY_FOR_PICTURE)),
        (ZeroDivisionError(), say(strings.ERR_UNEXPECTED)),
        (RecursionError(), say(strings.ERR_UNEXPECTED)),
    ],
)
def test_every_error_becomes_a_sentence(
    bench: Bench, qtbot: QtBot, error: Exception, spoken: str | None
) -> None:
    bench.submit()
    until(qtbot, lambda: bench.told != [])
    assert bench.pipeline is not None
    bench.pipeline.error = error
    request = bench.submit()
    until(qtbot, lambda: bench.failures != [])
    failure = bench.failures[0]
    assert failure.request_id == request.id
    assert failure.spoken.endswith(".")
    assert spoken is None or failure.spoken == spoken
    assert bench.player.calls[-1] == "finish"
    bench.pipeline.error = None
    again = bench.submit()
    until(qtbot, lambda: again.id in bench.told)


def test_what_was_fed_falls_silent_when_cancelled_work_fails(bench: Bench, qtbot: QtBot) -> None:
    bench.submit()
    until(qtbot, lambda: bench.told != [])
    assert bench.pipeline is not None
    begun, release = threading.Event(), threading.Event()

    def fail(*_: object) -> Outcome:
        bench.player.begin()
        begun.set()
        assert release.wait(20)
        raise UnreadableImage(name="a.png", reason="it is cut off")

    bench.pipeline.run = fail  # type: ignore[method-assign]
    bench.submit()
    assert begun.wait(20)
    bench.engine.cancel()
    release.set()
    until(qtbot, lambda: bench.player.calls[-1] in {"stop", "finish"})
    assert bench.player.calls[-2:] == ["begin", "stop"]
    assert bench.failures == []


def test_models_leave_the_memory_after_a_time_without_use(bench: Bench, qtbot: QtBot) -> None:
    bench.engine.set_patience(0.001)  # minutes
    first = bench.submit()
    until(qtbot, lambda: first.id in bench.told)
    assert bench.pipeline is not None
    until(qtbot, lambda: bench.trims == 1)
    assert (bench.pipeline.unloads, bench.speaker.unloads) == (1, 1)
    second = bench.submit()
    until(qtbot, lambda: second.id in bench.told)
    assert bench.speaker.loaded == ["en", "en"]
    assert bench.made == 1
    until(qtbot, lambda: bench.trims == 2)


def test_room_is_made_at_once_and_with_work_in_progress_after_it(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.engine.set_patience(0)
    assert bench.engine.make_room().wait(20), "nothing was ever loaded"
    for n in (1, 2):
        request = bench.submit()
        assert bench.engine.make_room().wait(20)
        assert bench.pipeline is not None
        assert bench.pipeline.ended[-1] == request.id
        assert (bench.pipeline.unloads, bench.speaker.unloads, bench.trims) == (n, n, n)
    assert bench.made == 1


def test_room_is_made_between_two_requests_however_many_come(bench: Bench, qtbot: QtBot) -> None:
    bench.steps = 60
    bench.submit()
    until(qtbot, lambda: bench.pipeline is not None and bench.pipeline.begun != [])
    made = bench.engine.make_room()
    last = bench.submit()
    assert made.wait(20)
    until(qtbot, lambda: bench.told == [last.id])
    assert bench.pipeline is not None
    assert bench.pipeline.unloads == 1


def test_what_is_known_of_pictures_is_forgotten_when_the_work_has_ended(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.engine.forget()  # nothing is known yet
    first = bench.submit()
    bench.engine.forget()
    until(qtbot, lambda: bench.pipeline is not None and bench.pipeline.forgets == 1)
    assert bench.pipeline.ended == [first.id]
    assert bench.speaker.unloads == 0


def test_freed_memory_is_given_back_when_it_has_been_still(bench: Bench, qtbot: QtBot) -> None:
    assert bench.tidied == []
    for _ in range(3):
        request = bench.submit()
        until(qtbot, lambda: request.id in bench.told)  # noqa: B023 - waited for at once
    until(qtbot, lambda: bool(bench.tidied))
    assert bench.tidied == [3], "once, after the last"
    assert bench.speaker.loaded == ["en"]
    assert bench.speaker.unloads == 0


def test_models_stay_while_they_are_used_or_for_ever(bench: Bench, qtbot: QtBot) -> None:
    bench.engine.set_patience(0)
    first = bench.submit()
    until(qtbot, lambda: first.id in bench.told)
    qtbot.wait(50)
    assert bench.pipeline is not None
    bench.pipeline.steps = 30
    bench.engine.set_patience(0.001)
    second = bench.submit()
    until(qtbot, lambda: second.id in bench.told)
    assert bench.speaker.loaded == ["en"]


def test_a_speaker_that_cannot_be_made_is_told_and_tried_again(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def fail() -> FakeSpeaker:
        tries.append(1)
        if len(tries) == 1:
            raise NoSoundDevice("none")
        return bench.speaker

    monkeypatch.setattr(bench.engine._worker, "_make_speaker", fail)
    bench.submit()
    until(qtbot, lambda: bench.failures != [])
    second = bench.submit()
    until(qtbot, lambda: second.id in [o.request_id for o in bench.outcomes])
    assert bench.speaker.said == ["ready"]


def test_voices_are_made_ready_while_the_picture_is_described(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    release = threading.Event()

    def load(language: str, _: object) -> None:
        steps.append(language)
        assert release.wait(20)
        steps.append("loaded")

    monkeypatch.setattr(bench.speaker, "load", load)
    bench.submit()
    until(qtbot, lambda: bench.pipeline is not None and bench.pipeline.begun != [])
    assert steps == ["en"]
    assert bench.speaker.said == []
    release.set()
    until(qtbot, lambda: bench.outcomes != [])
    assert steps == ["en", "loaded"]
    assert bench.speaker.said == ["ready"]


def test_cancel_does_not_wait_for_a_voice(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading, release = threading.Event(), threading.Event()

    def load(*_: object) -> None:
        loading.set()
        release.wait(20)

    monkeypatch.setattr(bench.speaker, "load", load)
    bench.submit()
    assert loading.wait(20)
    until(qtbot, lambda: bench.pipeline is not None and bench.pipeline.begun != [])
    bench.engine.cancel()
    until(qtbot, lambda: bench.pipeline is not None and bench.pipeline.ended != [])
    assert not release.is_set()
    release.set()


def test_a_remark_is_said_between_two_steps(bench: Bench, qtbot: QtBot) -> None:
    bench.steps = 60
    aside = FakePlayer()
    bench.submit()
    until(qtbot, lambda: bench.pipeline is not None and bench.pipeline.begun != [])
    bench.engine.remark("still at it", aside)
    until(qtbot, lambda: bench.outcomes != [])
    assert bench.speaker.said == ["still at it", "ready"]
    assert [chunk.text for chunk in aside.chunks] == ["still", "at", "it"]
    assert aside.calls == ["begin", "finish"]


def test_a_remark_about_older_work_is_not_said(bench: Bench, qtbot: QtBot) -> None:
    bench.steps = 60
    bench.submit()
    until(qtbot, lambda: bench.pipeline is not None and bench.pipeline.begun != [])
    bench.engine.remark("still at it", FakePlayer())
    bench.submit()
    until(qtbot, lambda: bench.outcomes != [])
    assert "still at it" not in bench.speaker.said[1:]


class Held(FakePlayer):
    """Holds the voice up at its first chunk."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.release = threading.Event(), threading.Event()

    def feed(self, speech: Speech) -> None:
        super().feed(speech)
        self.begun.set()
        assert self.release.wait(20)


@pytest.mark.parametrize("takes", [True, False])
def test_a_remark_goes_to_the_reader_while_speech_is_made_for_a_file(
    bench: Bench, qtbot: QtBot, takes: bool
) -> None:
    bench.reader.is_on, bench.reader.takes = True, takes
    file, aside = Held(), FakePlayer()
    bench.engine.submit(Request(None, text="one two three four", is_own_voice=True), file)
    assert file.begun.wait(20)
    bench.engine.remark("still at it", aside)
    file.release.set()
    until(qtbot, lambda: bench.outcomes != [])
    assert bench.reader.texts == ["still at it"], "asked once"
    assert bench.speaker.said == ["one two three four"], "the voice is not entered twice"
    assert [chunk.text for chunk in file.chunks] == ["one", "two", "three", "four"]
    assert aside.chunks == []


@pytest.mark.parametrize("is_awaited", [True, False])
def test_a_remark_that_the_voice_was_too_busy_for_is_said_at_the_end_if_it_is_awaited(
    bench: Bench, qtbot: QtBot, is_awaited: bool
) -> None:
    file, aside = Held(), FakePlayer()
    bench.engine.submit(Request(None, text="one two", is_own_voice=True), file)
    assert file.begun.wait(20)
    bench.engine.remark("a dog", aside, is_awaited=is_awaited)
    file.release.set()
    until(qtbot, lambda: bench.outcomes != [])
    assert bench.speaker.said == ["one two", *(["a dog"] if is_awaited else [])]


def test_new_voices_speak_the_next_request(bench: Bench, qtbot: QtBot) -> None:
    first = bench.submit()
    until(qtbot, lambda: first.id in bench.told)
    old, bench.speaker = bench.speaker, FakeSpeaker()
    bench.engine.renew_voices()
    second = bench.submit()
    until(qtbot, lambda: second.id in bench.told)
    assert (old.said, bench.speaker.said) == (["ready"], ["ready"])


def test_the_end_waits_for_a_voice_being_loaded_but_not_for_ever(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench()
    loading, release = threading.Event(), threading.Event()

    def load(*_: object) -> None:
        loading.set()
        release.wait(60)

    monkeypatch.setattr(bench.speaker, "load", load)
    bench.submit()
    assert loading.wait(20)
    assert not bench.engine.end(300)
    assert not release.is_set()
    release.set()
    assert bench.engine.end(20_000)


def test_the_end_does_not_wait_for_work_that_hangs(qtbot: QtBot) -> None:
    bench = Bench()
    hanging, release = threading.Event(), threading.Event()

    def hang() -> FakeSpeaker:
        hanging.set()
        release.wait(60)
        return bench.speaker

    bench.engine._worker._make_speaker = hang
    bench.submit()
    assert hanging.wait(20)
    assert not bench.engine.end(200)
    assert not release.is_set()
    release.set()
    assert bench.engine.end(20_000)


def test_no_voice_is_loaded_while_a_reader_runs_but_the_next_text_without_it_has_one(
    bench: Bench, qtbot: QtBot
) -> None:
    for is_on, loaded in ((True, []), (False, ["en"])):
        bench.reader.is_on = is_on
        with qtbot.waitSignal(bench.engine.described, timeout=20_000):
            bench.submit()
        assert bench.speaker.loaded == loaded
