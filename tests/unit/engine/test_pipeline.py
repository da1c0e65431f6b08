"""The pipeline, with no Qt and no thread."""

import numpy as np
import pytest

from imagecraft_desktop.engine import pipeline as pipeline_module
from imagecraft_desktop.engine.pipeline import Pipeline
from imagecraft_desktop.errors import Cancelled, ModelMissing, NoSoundDevice, UnreadableImage
from imagecraft_desktop.speak.reader.route import Route
from imagecraft_desktop.values import (
    Capture,
    Known,
    Origin,
    Part,
    Picture,
    Request,
    Role,
    Stage,
)
from tests.fakes import FakeCaptioner, FakeOutput, FakeReader, FakeSpeaker

CAPTURE = Capture(Origin.STDIN, "standard input", b"")


def to_picture(capture, tick):
    return Picture(np.zeros((4, 4, 3), np.uint8), capture.origin, capture.name)


@pytest.fixture
def captioner(monkeypatch):
    class Captioner(FakeCaptioner):
        pass

    monkeypatch.setattr(pipeline_module, "known", lambda: {"fake": Captioner})
    return Captioner


def run(speaker, output, request, tick=lambda: None, decode=to_picture):
    reports = []
    outcome = Pipeline(decode, speaker).run(request, output, reports.append, tick)
    return outcome, reports


def test_statements_are_spoken_one_by_one_and_told_before_the_end(captioner):
    speaker, output = FakeSpeaker(), FakeOutput()
    outcome, reports = run(speaker, output, Request(CAPTURE, captioner="fake"))
    assert speaker.said == ["A dog.", "It looks like grass."]
    assert [r.statement.text for r in reports if r.statement] == speaker.said
    assert [r.stage for r in reports] == [
        Stage.LOADING,
        Stage.DESCRIBING,
        Stage.SPEAKING,
        Stage.SPEAKING,
        Stage.DONE,
    ]
    assert outcome.text == "A dog. It looks like grass."
    assert outcome.voice == "fake"
    assert outcome.duration_s == pytest.approx(0.06)
    assert set(outcome.timings_ms) == {"capture", "describe", "first_audio", "synthesis", "total"}


def test_sentences_are_counted_through_the_whole_utterance(captioner):
    output = FakeOutput()
    run(FakeSpeaker(), output, Request(CAPTURE, captioner="fake"))
    assert [chunk.sentence for chunk in output.chunks] == [0, 0, 1, 1, 1, 1]
    assert output.calls == ["begin", "finish"]


def test_the_first_statement_sounds_before_the_second_is_known(captioner):
    events = []
    output = FakeOutput()
    output.feed = lambda speech: events.append(speech.text)
    plain = FakeCaptioner.describe

    def describe(self, picture, wish, tick):
        whole = plain(self, picture, wish, lambda: events.append("tick"))
        return (yield from whole)

    captioner.describe = describe
    run(FakeSpeaker(), output, Request(CAPTURE, captioner="fake"))
    assert events == ["tick", "A", "dog.", "tick", "It", "looks", "like", "grass."]


def test_without_sound_the_description_is_still_given(captioner):
    outcome, _ = run(FakeSpeaker(), FakeOutput(NoSoundDevice()), Request(CAPTURE, captioner="fake"))
    assert outcome.text == "A dog. It looks like grass."
    assert outcome.speech_failure.exit_code == 5
    assert "first_audio" not in outcome.timings_ms


def test_nothing_is_said_without_an_output(captioner):
    speaker = FakeSpeaker()
    outcome, _ = run(speaker, None, Request(CAPTURE, captioner="fake"))
    assert speaker.said == []
    assert outcome.description.kind == "photo"
    assert outcome.speech_failure is None


def test_a_text_is_spoken_without_a_captioner():
    speaker, output = FakeSpeaker(), FakeOutput()
    outcome, _ = run(speaker, output, Request(None, text="Hello there"))
    assert speaker.said == ["Hello there"]
    assert outcome.description is None
    assert outcome.facts("text")["kind"] is None


def test_an_unknown_captioner_names_those_that_are_here(captioner):
    with pytest.raises(ModelMissing, match="fake"):
        run(FakeSpeaker(), None, Request(CAPTURE, captioner="nobody"))


def test_a_captioner_that_cannot_run_says_why(captioner):
    captioner.missing = classmethod(lambda cls: "Install it first.")
    with pytest.raises(ModelMissing, match=r"Install it first\."):
        run(FakeSpeaker(), None, Request(CAPTURE, captioner="fake"))


def test_the_captioner_is_loaded_once(captioner):
    pipeline = Pipeline(to_picture, FakeSpeaker())
    for _ in range(3):
        pipeline.run(Request(CAPTURE, captioner="fake"), None, lambda _: None, lambda: None)
    assert captioner.loads == 1


def test_what_was_said_about_a_picture_outlives_the_network_but_not_the_wish_to_forget(captioner):
    asked = []

    def describe(self, picture, wish, tick):
        asked.append(self)
        return (yield from FakeCaptioner.describe(self, picture, wish, tick))

    captioner.describe = describe
    pipeline = Pipeline(to_picture, FakeSpeaker())
    for end in (pipeline.unload, pipeline.forget, lambda: None):
        told = []
        pipeline.run(Request(CAPTURE, captioner="fake"), None, told.append, lambda: None)
        assert told[0].stage is Stage.LOADING
        end()
    assert captioner.loads == 3
    assert asked[0] is asked[1]
    assert asked[1] is not asked[2]


def test_another_folder_is_another_network(captioner, monkeypatch):
    """Two folders may be run by the same class."""
    made = []

    def make(wish, captioners, tenancy):
        made.append(wish)
        return captioner()

    monkeypatch.setattr(pipeline_module, "make", make)
    pipeline = Pipeline(to_picture, FakeSpeaker())
    for wish in ("/one", "/one", "/two", "/one"):
        pipeline.run(Request(CAPTURE, captioner=wish), None, lambda _: None, lambda: None)
    assert made == ["/one", "/two", "/one"]
    assert captioner.loads == 3


@pytest.mark.parametrize("at", range(1, 12))
def test_a_cancel_at_any_tick_ends_the_run(captioner, at):
    ticks = 0

    def tick():
        nonlocal ticks
        ticks += 1
        if ticks == at:
            raise Cancelled

    with pytest.raises(Cancelled):
        run(FakeSpeaker(), FakeOutput(), Request(CAPTURE, captioner="fake"), tick)


def test_what_cannot_be_read_is_raised_before_anything_is_said(captioner):
    def broken(capture, tick):
        raise UnreadableImage(name=capture.name, reason="the file is cut off")

    speaker = FakeSpeaker()
    with pytest.raises(UnreadableImage, match="cut off"):
        run(speaker, FakeOutput(), Request(CAPTURE, captioner="fake"), decode=broken)
    assert speaker.said == []


def test_the_facts_have_the_documented_keys(captioner):
    outcome, _ = run(FakeSpeaker(), FakeOutput(), Request(CAPTURE, captioner="fake"))
    facts = outcome.facts("-")
    assert list(facts)[:12] == [
        "source",
        "kind",
        "description",
        "statements",
        "text",
        "objects",
        "codes",
        "captioner",
        "voice",
        "sample_rate",
        "duration_s",
        "timings_ms",
    ]
    assert facts["statements"][1] == {
        "text": "It looks like grass.",
        "certainty": "likely",
        "from": "detector",
    }


# --- screen readers ---


def run_with_reader(reader, request, output=None, speaker=None, decode=to_picture):
    speaker, output = speaker or FakeSpeaker(), output or FakeOutput()
    route = Route("auto", [reader])
    pipeline = Pipeline(decode, speaker, route=route)
    return pipeline.run(request, output, lambda _: None, lambda: None), speaker, output


def test_a_reader_gets_the_whole_text_once_and_nobody_else_speaks(captioner):
    reader = FakeReader()
    outcome, speaker, output = run_with_reader(reader, Request(CAPTURE, captioner="fake"))
    assert reader.texts == ["A dog. It looks like grass."]
    assert (speaker.said, output.chunks) == ([], [])
    assert (outcome.reader, outcome.voice) == ("Orca", "")
    assert outcome.timings_ms["first_audio"] > 0
    assert outcome.facts("x")["reader"] == "Orca"


def test_what_is_for_our_own_voice_is_not_given_to_a_reader():
    reader = FakeReader()
    request = Request(None, text="This is the voice.", is_own_voice=True)
    outcome, speaker, _ = run_with_reader(reader, request)
    assert reader.texts == []
    assert speaker.said == ["This is the voice."]
    assert outcome.reader == ""


def test_what_a_reader_does_not_take_our_own_voice_says(captioner):
    reader = FakeReader(takes=False)
    outcome, speaker, _ = run_with_reader(reader, Request(CAPTURE, captioner="fake"))
    assert reader.texts == ["A dog. It looks like grass."]
    assert speaker.said == ["A dog.", "It looks like grass."]
    assert (outcome.reader, outcome.voice) == ("", "fake")


def test_what_was_found_before_a_failure_reaches_the_reader(captioner):
    captioner.error = ModelMissing(name="fake", next_step="")
    reader = FakeReader()
    with pytest.raises(ModelMissing):
        run_with_reader(reader, Request(CAPTURE, captioner="fake"))
    assert reader.texts == ["A dog. It looks like grass."]


def test_a_text_goes_to_the_reader_as_it_is():
    reader = FakeReader()
    outcome, speaker, _ = run_with_reader(reader, Request(None, text="Ready.", is_message=True))
    assert (reader.texts, speaker.said, outcome.reader) == (["Ready."], [], "Orca")


def test_without_an_output_no_reader_is_told(captioner):
    reader = FakeReader()
    pipeline = Pipeline(to_picture, FakeSpeaker(), route=Route("auto", [reader]))
    pipeline.run(Request(CAPTURE, captioner="fake"), None, lambda _: None, lambda: None)
    assert reader.texts == []


# --- what is known before the picture is looked at ---


def test_what_the_window_tells_is_spoken_before_the_captioner_is_loaded(captioner):
    known = Known(Part(Role.WINDOW, "Orders"), Part(Role.EDIT, "Search"))
    window = Capture(Origin.WINDOW, "Orders", b"", title="Orders", known=known)
    outcome, reports = run(FakeSpeaker(), FakeOutput(), Request(window, captioner="fake"))
    stages = [(r.stage, r.statement.text if r.statement else "") for r in reports]
    assert stages[:3] == [
        (Stage.SPEAKING, "A window: Orders."),
        (Stage.SPEAKING, "Focus in edit, Search."),
        (Stage.LOADING, ""),
    ]
    assert outcome.text == "A window: Orders. Focus in edit, Search. A dog. It looks like grass."
    assert [s.source for s in outcome.description.statements][:2] == ["window", "tree"]
