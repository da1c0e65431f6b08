"""The release gate of captions: frames that no network may be asked about, and what comes of others.

The network is a real class of captioner that notes whether it was asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from imagecraft_desktop.describe import facts_first, rescue
from imagecraft_desktop.describe.bounds import BOUNDS, Bounds, with_levels
from imagecraft_desktop.describe.caption import make_caption
from imagecraft_desktop.describe.embedded import Embedded, work
from imagecraft_desktop.describe.facts_first import FactsFirst
from imagecraft_desktop.errors import Cancelled, NoQuestions, OutOfMemory
from imagecraft_desktop.see.regions import is_photo
from imagecraft_desktop.values import (
    Box,
    Caption,
    Certainty,
    Description,
    Detail,
    Origin,
    Picture,
    Statement,
    TextLine,
    Tick,
    Wish,
)
from tests.cancelling import Ticks
from tests.golden import IMAGECRAFT
from tests.integration.test_embedded import (
    IMAGES,
    _desktop,
    _empty_document,
    _flat,
    _gradient,
    _letterboxed,
    _link,
    _noise,
    _page,
)

PLAIN = Wish()
PERHAPS = "There may be text that cannot be read."
NO_MORE = "I cannot tell more about the picture."


class Recorder(FactsFirst):
    """Says the same of every picture and keeps the shapes of those it was asked about."""

    name = "recorder"
    label = "Recorder"
    kinds = ()
    probabilities: ClassVar[list[float]] = [0.9, 0.9, 0.9]
    texts: ClassVar[list[str]] = ["a zebra on a beach"]
    """What it says, in turn."""
    bounds: ClassVar[Bounds] = BOUNDS

    def __init__(self) -> None:
        super().__init__(Path("nowhere"))
        self.asked: list[tuple[int, ...]] = []

    def caption(
        self,
        pixels: NDArray[np.uint8],
        tick: Tick,
        most: int = 0,
        seed: int | None = None,
        wish: Wish = PLAIN,
    ) -> Caption:
        tick()
        self.asked.append(pixels.shape[:2])
        text = self.texts[(len(self.asked) - 1) % len(self.texts)]
        return make_caption(text, self.probabilities, True, bounds=self.bounds)


@pytest.fixture(scope="module")
def kept() -> Recorder:
    return Recorder()


@pytest.fixture
def recorder(kept: Recorder) -> Recorder:
    kept.asked.clear()
    return kept


def describe(
    captioner: Recorder, pixels: np.ndarray, origin: Origin = Origin.FILE, **wish: object
) -> Description:
    work = captioner.describe(Picture(pixels, origin, "picture"), Wish(**wish), lambda: None)  # type: ignore[arg-type]
    told = []
    while True:
        try:
            told.append(next(work))
        except StopIteration as end:
            found: Description = end.value
            assert list(found.statements) == told
            return found


def pixels_of(name: str) -> np.ndarray:
    return np.asarray(Image.open(IMAGES / name).convert("RGB"))


def protected() -> np.ndarray:
    """A photo on the screen, and a window that may not be captured."""
    frame = np.array(Image.open(IMAGES / "a_giraffes.jpg").convert("RGB").resize((1280, 800)))
    frame[150:650, 300:1000] = 0
    return frame


def many_scripts(size: int) -> ImageFont.FreeTypeFont:
    """A font with Cyrillic letters."""
    for name in ("DejaVuSans.ttf", "arial.ttf", "Arial.ttf"):
        with suppress(OSError):
            return ImageFont.truetype(name, size)
    pytest.fail("no font with Cyrillic letters: install fonts-dejavu-core")


def photographed(text: str, *, noise: float, blur: float) -> np.ndarray:
    """A page in one's hand: unevenly lit, a little aslant, before a darker ground."""
    page = Image.new("RGB", (900, 660), (225, 218, 205))
    draw, font = ImageDraw.Draw(page), many_scripts(34)
    for row in range(12):
        draw.text((70, 60 + 46 * row), text, fill=(40, 40, 45), font=font)
    y, x = np.mgrid[:660, :900]
    lit = np.asarray(page) * (0.75 + 0.25 * np.sin(x / 500 + y / 700))[..., None]
    photo = Image.fromarray(lit.astype(np.uint8)).filter(ImageFilter.GaussianBlur(blur))
    turned = np.asarray(photo.rotate(2, fillcolor=(90, 70, 60)))
    grain = np.random.default_rng(0).normal(0, noise, turned.shape)
    return np.clip(turned + grain, 0, 255).astype(np.uint8)


UNREADABLE_PHOTOS = {
    "cyrillic": photographed("Быть может погода будет хорошей завтра утром", noise=7, blur=0.8),
    "noisy": photographed("The weather was fine and the harvest good", noise=40, blur=4),
}
"""Photos of pages of which the reader finds the lines and can read none."""

GATE = {
    "link": _link(),
    "page": _page(),
    "empty document": _empty_document(),
    "desktop icons": _desktop(),
    "black": _flat(0, 0, 0),
    "white": _flat(255, 255, 255),
    "letterboxed black": _letterboxed(_flat(0, 0, 0)),
    "letterboxed white": _letterboxed(_flat(255, 255, 255)),
    "noise": _noise(),
    "gradient": _gradient(),
    **UNREADABLE_PHOTOS,
}


@pytest.mark.parametrize(
    ("detail", "origin"),
    [
        (Detail.NORMAL, Origin.FILE),
        (Detail.BRIEF, Origin.WINDOW),
        (Detail.DETAILED, Origin.SCREEN),
    ],
)
@pytest.mark.parametrize("frame", GATE)
def test_no_network_is_asked_about(recorder: Recorder, frame: str, detail: Detail, origin: Origin):
    found = describe(recorder, GATE[frame], origin, detail=detail)
    assert recorder.asked == []
    assert found.caption is None
    assert "zebra" not in found.spoken
    assert found.spoken


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["a_receipt_photo.jpg", "a_code_dark.png", "a_bar_chart.png", "a_settings_light.png"],
)
def test_no_network_is_asked_about_text(recorder: Recorder, name: str):
    describe(recorder, pixels_of(name))
    assert recorder.asked == []


@pytest.mark.parametrize(
    "wish",
    [{}, {"detail": Detail.BRIEF}, {"text_only": True}],
    ids=["normal", "brief", "text only"],
)
@pytest.mark.parametrize("frame", UNREADABLE_PHOTOS)
def test_a_page_that_cannot_be_read_is_told(
    recorder: Recorder, frame: str, wish: dict[str, object]
):
    pixels = UNREADABLE_PHOTOS[frame]
    assert is_photo(pixels), "else it does not go the way that is tried here"
    found = describe(recorder, pixels, **wish)
    assert "There is text that I cannot read." in found.spoken
    assert "No text" not in found.spoken


def test_no_network_is_asked_about_a_page_in_a_photo_on_a_screen(recorder: Recorder):
    screen = Image.new("RGB", (1280, 800), "white")
    page = Image.fromarray(UNREADABLE_PHOTOS["cyrillic"])
    screen.paste(page.resize((740, 540)), (500, 160))
    ImageDraw.Draw(screen).text((20, 40), "Letters of our town", fill="black", font_size=30)
    found = describe(recorder, np.asarray(screen), Origin.WINDOW)
    assert recorder.asked == []
    assert "cannot" in found.spoken


@pytest.mark.parametrize("word", ["ВХОД", "Осторожно", "42"], ids=["short", "long", "number"])
@pytest.mark.parametrize("sure", [0.9, 0.01], ids=["captioned", "no caption"])
def test_that_there_is_no_text_is_not_said_where_a_word_was_found_and_not_read(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch, word: str, sure: float
):
    monkeypatch.setattr(Recorder, "probabilities", [sure])
    photo = Image.open(IMAGES / "a_dog.jpg").convert("RGB")
    ImageDraw.Draw(photo).text((70, 40), word, fill="white", font=many_scripts(60))
    found = describe(recorder, np.asarray(photo))
    assert recorder.asked, "a word does not make a page"
    assert PERHAPS in found.spoken
    assert "No text" not in found.spoken


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["a_coffee.jpg", "a_kitten.jpg", "a_orchestra.jpg", "a_polar_bear.jpg"]
)
def test_a_network_is_asked_about_a_photo(recorder: Recorder, name: str):
    """In these the finder takes large edges for writing."""
    describe(recorder, pixels_of(name))
    assert recorder.asked


def test_no_network_is_asked_about_a_screen_with_a_protected_window(recorder: Recorder):
    assert "black" in describe(recorder, protected(), Origin.SCREEN).spoken
    assert recorder.asked == []


def test_no_network_is_asked_for_the_text_alone(recorder: Recorder):
    describe(recorder, pixels_of("a_dog.jpg"), text_only=True)
    assert recorder.asked == []


def test_a_photo_is_captioned_after_what_was_proven(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Recorder, "texts", ["a dog on a beach"])
    pixels = pixels_of("a_dog.jpg")
    found = describe(recorder, pixels)
    assert recorder.asked[0] == pixels.shape[:2]
    assert found.spoken.startswith("A photo of a dog, a German shepherd.")
    assert found.spoken.endswith("A dog on a beach. No text found in it.")
    assert found.captioner == "recorder"
    assert found.caption is not None
    assert found.caption.certainty is Certainty.CERTAIN


def test_the_bars_of_a_letterboxed_photo_are_not_shown_to_the_network(recorder: Recorder):
    inside = pixels_of("a_dog.jpg")
    describe(recorder, _letterboxed(inside))
    (height, width), _ = recorder.asked
    assert (height, width) == pytest.approx(inside.shape[:2], abs=4)


def test_a_network_that_cannot_tell_states_nothing(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Recorder, "probabilities", [0.01, 0.02])
    found = describe(recorder, pixels_of("a_colosseum.jpg"))
    assert len(recorder.asked) == 1
    assert "zebra" not in found.spoken
    assert "captioner" not in {statement.source for statement in found.statements}
    assert found.caption is not None
    assert found.caption.certainty is None


def on_screen(name: str) -> np.ndarray:
    screen = Image.new("RGB", (1280, 800), "white")
    screen.paste(Image.open(IMAGES / name).convert("RGB").resize((700, 500)), (500, 200))
    ImageDraw.Draw(screen).text((20, 40), "Dogs of our town", fill="black", font_size=30)
    return np.asarray(screen)


@pytest.mark.parametrize("detail", [Detail.NORMAL, Detail.DETAILED])
def test_that_a_network_cannot_tell_is_told_at_the_end(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch, detail: Detail
):
    monkeypatch.setattr(Recorder, "probabilities", [0.01, 0.02])
    for pixels in (pixels_of("a_dog.jpg"), on_screen("a_dog.jpg")):
        last = describe(recorder, pixels, detail=detail).statements[-1]
        assert (last.text, last.certainty) == (NO_MORE, Certainty.UNSURE)


@pytest.mark.parametrize("name", ["a_colosseum.jpg", "a_dog.jpg"])
def test_that_a_network_cannot_tell_is_told_once(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch, name: str
):
    monkeypatch.setattr(Recorder, "probabilities", [0.01, 0.02])
    assert describe(recorder, pixels_of(name)).spoken.count("I cannot tell") == 1


def test_no_question_is_put_to_a_captioner_that_only_describes(recorder: Recorder):
    with pytest.raises(NoQuestions, match="does not answer questions: Recorder"):
        describe(recorder, pixels_of("a_dog.jpg"), question="Is it a dog?")
    assert recorder.asked == []


def test_no_question_is_put_to_the_embedded_describer():
    picture = Picture(pixels_of("a_dog.jpg"), Origin.FILE, "picture")
    with pytest.raises(NoQuestions, match="questions: The embedded describer"):
        list(Embedded().describe(picture, Wish(question="Is it a dog?"), lambda: None))


def test_brief_is_the_caption(recorder: Recorder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Recorder, "texts", ["a dog on a beach"])
    assert describe(recorder, pixels_of("a_dog.jpg"), detail=Detail.BRIEF).spoken == (
        "A dog on a beach."
    )


def test_brief_is_the_proven_thing_when_the_network_is_unsure(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Recorder, "probabilities", [0.3, 0.3])
    said = describe(recorder, pixels_of("a_dog.jpg"), detail=Detail.BRIEF).spoken
    assert said == "A photo of a dog, a German shepherd."


def test_text_in_a_photo_is_quoted_before_the_caption(recorder: Recorder):
    found = describe(recorder, pixels_of("a_meme.jpg"))
    sources = [statement.source for statement in found.statements]
    assert sources.index("ocr") < sources.index("captioner")
    assert "WHEN YOU HEAR" in found.spoken


def test_a_drawing_is_captioned_but_never_plainly(recorder: Recorder):
    drawing = np.asarray(Image.open(IMAGECRAFT / "images" / "img0.png").convert("RGB"))
    found = describe(recorder, drawing)
    assert found.spoken == "No text found. Probably a zebra on a beach."


def test_flat_shapes_on_the_screen_are_not_captioned(recorder: Recorder):
    drawing = np.asarray(Image.open(IMAGECRAFT / "images" / "img0.png").convert("RGB"))
    describe(recorder, drawing, Origin.WINDOW)
    assert recorder.asked == []


def test_a_large_photo_on_a_screen_is_captioned_alone(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Recorder, "texts", ["a dog on a beach"])
    found = describe(recorder, on_screen("a_dog.jpg"), Origin.WINDOW)
    (height, width), _ = recorder.asked
    assert (height, width) == pytest.approx((500, 700), abs=40)
    assert "Probably a dog on a beach." in found.spoken
    assert "Dogs of our town" in found.spoken
    (said,) = (one for one in found.statements if one.source == "captioner")
    (box,) = said.boxes
    assert tuple(box) == pytest.approx((500, 200, 1200, 700), abs=20)


def test_no_network_is_asked_for_a_brief_word_on_a_screen_with_a_large_photo(answerer: Answerer):
    pixels = on_screen("a_dog.jpg")
    assert describe(answerer, pixels, Origin.WINDOW, detail=Detail.BRIEF).spoken
    assert answerer.asked == [], "its answer would not be the one sentence"
    describe(answerer, pixels, Origin.WINDOW, question="What is it?")
    assert len(answerer.asked) == 1, "the photo may still be asked about"


def test_a_sentence_about_the_whole_picture_has_no_place(recorder: Recorder):
    found = describe(recorder, pixels_of("a_meme.jpg"))
    assert [one.boxes for one in found.statements if one.source == "captioner"] == [()]


# --- text that a network reads, too ---


class Rereader(Recorder):
    """Reads a number at a place of each picture, and notes that it was asked."""

    reads = True
    lines: ClassVar[list[TextLine]] = [TextLine("42", Box(60, 40, 150, 100), 0.95)]

    def __init__(self) -> None:
        super().__init__()
        self.read_from: list[tuple[int, ...]] = []

    def read(self, pixels: NDArray[np.uint8], tick: Tick) -> tuple[TextLine, ...]:
        tick()
        self.read_from.append(pixels.shape[:2])
        return tuple(self.lines)


@pytest.fixture(scope="module")
def rereader_kept() -> Rereader:
    return Rereader()


@pytest.fixture
def rereader(rereader_kept: Rereader) -> Rereader:
    rereader_kept.asked.clear()
    rereader_kept.read_from.clear()
    return rereader_kept


def numbered() -> np.ndarray:
    """A photo with a lone number on it."""
    photo = Image.open(IMAGES / "a_dog.jpg").convert("RGB")
    ImageDraw.Draw(photo).text((70, 40), "42", fill="white", font_size=60)
    return np.asarray(photo)


def last_fact(found: Description) -> Statement:
    """The last that is told but that the network cannot tell more."""
    return [one for one in found.statements if one.text != NO_MORE][-1]


def test_a_lone_number_in_a_photo_is_said_when_a_network_reads_it_there_as_well(
    rereader: Rereader,
):
    found = describe(rereader, numbered(), detail=Detail.DETAILED)
    (said,) = (one for one in found.statements if "42" in one.text)
    assert said == found.statements[-1]
    assert (said.text, said.certainty) == ("Text, probably: 42.", Certainty.LIKELY)
    assert said.boxes == (rereader.lines[0].box,)
    assert found.text == (), "what was proven stands apart"
    assert "No text" not in found.spoken


@pytest.mark.parametrize(
    ("sure", "missing"),
    [(0.9, "No text found in it."), (0.01, "No text and no people found.")],
    ids=["captioned", "no caption"],
)
def test_that_there_is_no_text_is_said_only_when_a_network_has_read_none(
    rereader: Rereader, monkeypatch: pytest.MonkeyPatch, sure: float, missing: str
):
    monkeypatch.setattr(Rereader, "probabilities", [sure] * 3)
    found = describe(rereader, numbered(), detail=Detail.DETAILED)
    assert "No text" not in found.spoken
    assert last_fact(found).text == "Text, probably: 42."
    monkeypatch.setattr(Rereader, "lines", [])
    found = describe(rereader, numbered(), detail=Detail.DETAILED)
    assert last_fact(found).text == missing


@pytest.mark.parametrize("sure", [0.9, 0.01], ids=["captioned", "no caption"])
@pytest.mark.parametrize("line", ["Nora", ""], ids=["unlike", "not sure"])
def test_that_there_is_no_text_is_not_said_where_a_network_sees_some(
    rereader: Rereader, monkeypatch: pytest.MonkeyPatch, line: str, sure: float
):
    monkeypatch.setattr(Rereader, "probabilities", [sure] * 3)
    monkeypatch.setattr(Rereader, "lines", [TextLine(line, Box(60, 40, 150, 100), 0.95)])
    said = last_fact(describe(rereader, numbered(), detail=Detail.DETAILED))
    assert (said.text, said.certainty) == (PERHAPS, Certainty.UNSURE)


def test_where_a_network_reads_is_told_in_the_picture_as_it_came(rereader: Rereader):
    found = describe(rereader, _letterboxed(numbered()), detail=Detail.DETAILED)
    (said,) = (one for one in found.statements if "42" in one.text)
    ((height, width),) = rereader.read_from
    assert (height, width) == pytest.approx(numbered().shape[:2], abs=4)
    (box,) = said.boxes
    bar = (_letterboxed(numbered()).shape[1] - numbered().shape[1]) // 2
    assert tuple(box) == pytest.approx((60 + bar, 40, 150 + bar, 100), abs=4)


@pytest.mark.parametrize("detail", [Detail.BRIEF, Detail.NORMAL])
def test_a_network_reads_only_in_detail(rereader: Rereader, detail: Detail):
    assert "42" not in describe(rereader, numbered(), detail=detail).spoken
    assert rereader.read_from == []


def test_a_network_reads_nothing_where_all_is_read(rereader: Rereader):
    describe(rereader, pixels_of("a_kitten.jpg"), detail=Detail.DETAILED)
    assert (len(rereader.asked), rereader.read_from) == (2, [])


@pytest.mark.parametrize(
    ("loaded_s", "n_read"), [(0.0, 0), (3.5, 1)], ids=["slow", "only loaded slowly"]
)
def test_a_network_that_wrote_slowly_does_not_read(
    rereader: Rereader, monkeypatch: pytest.MonkeyPatch, loaded_s: float, n_read: int
):
    clock = [0.0]
    monkeypatch.setattr(rescue, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(facts_first, "BOUNDS", replace(BOUNDS, slow_s=0.0))
    monkeypatch.setattr(rereader, "loaded_at", 0.0)

    def caption(*words: object, **named: object) -> Caption:
        clock[0] += 4.0
        rereader.loaded_at = loaded_s
        return make_caption("a dog on a beach", [0.9], True)

    monkeypatch.setattr(rereader, "caption", caption)
    found = describe(rereader, numbered(), detail=Detail.DETAILED)
    assert len(rereader.read_from) == n_read
    assert found.statements[-1].text == ("Text, probably: 42." if n_read else PERHAPS)


@pytest.mark.parametrize("frame", GATE)
def test_no_network_reads(rereader: Rereader, frame: str):
    describe(rereader, GATE[frame], detail=Detail.DETAILED)
    assert (rereader.asked, rereader.read_from) == ([], [])


def test_no_network_reads_what_is_mostly_text(rereader: Rereader):
    describe(rereader, pixels_of("a_receipt_photo.jpg"), detail=Detail.DETAILED)
    assert (rereader.asked, rereader.read_from) == ([], [])


def test_a_network_that_fails_while_it_reads_is_told(
    rereader: Rereader, monkeypatch: pytest.MonkeyPatch
):
    def fail(pixels: NDArray[np.uint8], tick: Tick) -> tuple[TextLine, ...]:
        raise OutOfMemory(name="rereader")

    monkeypatch.setattr(rereader, "read", fail)
    found = describe(rereader, numbered(), detail=Detail.DETAILED)
    assert found.exit_code == OutOfMemory.exit_code
    assert found.statements[-1].source == "failure"
    assert PERHAPS in found.spoken
    assert "No text" not in found.spoken


# --- questions ---


class Answerer(Recorder):
    """Answers every question alike, in two sentences."""

    answers = True
    sentences: ClassVar[list[str]] = ["A dog.", "It stands on a beach."]

    def captions(self, pixels: NDArray[np.uint8], wish: Wish, tick: Tick) -> Iterator[Caption]:
        self.asked.append(pixels.shape[:2])
        for text in self.sentences:
            tick()
            yield make_caption(text, self.probabilities, True)


@pytest.fixture(scope="module")
def answerer_kept() -> Answerer:
    return Answerer()


@pytest.fixture
def answerer(answerer_kept: Answerer) -> Answerer:
    answerer_kept.asked.clear()
    return answerer_kept


@pytest.mark.parametrize("detail", list(Detail))
def test_the_answer_to_a_question_is_all_that_is_said(answerer: Answerer, detail: Detail):
    pixels = pixels_of("a_dog.jpg")
    found = describe(answerer, pixels, question="What is it?", detail=detail)
    assert found.spoken == "A dog. It stands on a beach."
    assert answerer.asked == [pixels.shape[:2]]
    assert {statement.source for statement in found.statements} == {"captioner"}
    assert found.caption is not None
    assert found.caption.text == "A dog. It stands on a beach."
    assert found.objects, "the facts are there, though they are not said"


@pytest.mark.parametrize("frame", GATE)
def test_no_question_is_put_about(answerer: Answerer, frame: str):
    found = describe(answerer, GATE[frame], question="What is it?")
    assert answerer.asked == []
    assert found.caption is None
    assert "beach" not in found.spoken
    assert found.spoken


def test_it_is_told_why_no_question_is_put_about_text(answerer: Answerer):
    found = describe(answerer, pixels_of("a_receipt_photo.jpg"), question="What does it cost?")
    assert answerer.asked == []
    why, brief = (statement.text for statement in found.statements)
    assert why == "The picture is mostly text, so the model was not asked."
    assert brief


def test_it_is_told_why_no_question_is_put_about_a_page(answerer: Answerer):
    found = describe(answerer, _page(), question="What is it?")
    assert found.spoken.startswith(
        "There is no large photo in the picture, so the model was not asked. "
    )


def test_it_is_told_why_no_question_is_put_about_a_protected_window(answerer: Answerer):
    found = describe(answerer, protected(), Origin.SCREEN, question="What is it?")
    assert answerer.asked == []
    assert "A part is black and may be protected, so the model was not asked." in found.spoken


def test_a_black_picture_is_its_own_answer(answerer: Answerer):
    found = describe(answerer, _flat(0, 0, 0), question="What is it?")
    assert found.spoken == "The picture is black; nothing to describe."


def test_an_answer_that_is_too_unsure_is_not_said(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Answerer, "probabilities", [0.01, 0.02])
    found = describe(answerer, pixels_of("a_dog.jpg"), question="What is it?")
    assert found.spoken == "I cannot answer that."


def test_an_answer_about_a_photo_on_a_screen_is_about_that_photo_and_never_plain(
    answerer: Answerer,
):
    found = describe(answerer, on_screen("a_dog.jpg"), Origin.WINDOW, question="What is it?")
    ((height, width),) = answerer.asked
    assert (height, width) == pytest.approx((500, 700), abs=40)
    assert found.spoken == "Probably a dog. Probably it stands on a beach."


def test_a_picture_is_looked_at_once_for_several_questions(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch
):
    looks: list[int] = []
    tell = work.Look._tell_all

    def count(look: work.Look) -> Iterator[Statement]:
        looks.append(1)
        return tell(look)

    monkeypatch.setattr(work.Look, "_tell_all", count)
    dog = pixels_of("a_dog.jpg")
    describe(answerer, dog)
    for question in ("What is it?", "And why?"):
        found = describe(answerer, dog.copy(), question=question)
        assert found.spoken == "A dog. It stands on a beach."
    assert (len(looks), len(answerer.asked)) == (1, 3)
    describe(answerer, dog, Origin.WINDOW, question="And now?")
    describe(answerer, pixels_of("a_colosseum.jpg"), question="And this?")
    assert (len(looks), len(answerer.asked)) == (3, 5)
    receipt = pixels_of("a_receipt_photo.jpg")
    first, second = (describe(answerer, receipt, question="How much?") for _ in range(2))
    assert first.spoken == second.spoken
    assert len(looks) == 4


def test_after_unloading_a_picture_is_looked_at_anew(answerer: Answerer):
    describe(answerer, pixels_of("a_dog.jpg"), question="What is it?")
    assert answerer._facts._look is not None
    answerer.unload()
    assert answerer._facts._look is None


def test_a_question_that_is_cancelled_while_looking_leaves_nothing_half_seen(answerer: Answerer):
    answerer.unload()
    picture = Picture(pixels_of("a_dog.jpg"), Origin.FILE, "picture")
    with pytest.raises(Cancelled):
        list(answerer.describe(picture, Wish(question="What is it?"), Ticks(3)))
    found = describe(answerer, picture.pixels, question="What is it?")
    assert found.spoken == "A dog. It stands on a beach."


# --- what contradicts what was proven ---


@pytest.mark.parametrize(
    ("texts", "said", "reasons"),
    [
        (["a zebra on a beach"], "Could be a zebra on a beach.", ("kind",)),
        (["two dogs on the grass"], "Could be two dogs on the grass.", ("count",)),
        (["a purple dog"], "Could be a purple dog.", ("colour",)),
        (["a picture without a dog"], "", ("count",)),
        (["a dog by a sign that says 'keep off'"], "", ("text",)),
    ],
)
def test_what_was_proven_otherwise_is_not_asserted(
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
    texts: list[str],
    said: str,
    reasons: tuple[str, ...],
):
    monkeypatch.setattr(Recorder, "texts", texts)
    found = describe(recorder, pixels_of("a_dog.jpg"))
    assert found.caption is not None
    assert found.caption.contradicts == reasons
    heard = [one.text for one in found.statements if one.source == "captioner"]
    assert heard == [said or NO_MORE]
    assert found.spoken.startswith("A photo of a dog, a German shepherd.")


def test_text_that_was_read_may_be_quoted(recorder: Recorder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Recorder, "texts", ["a meme that says 'when you hear'"])
    found = describe(recorder, pixels_of("a_meme.jpg"))
    assert found.caption is not None
    assert found.caption.contradicts == ()
    assert "A meme that says 'when you hear'." in found.spoken


@pytest.mark.parametrize(
    ("sure", "second", "said", "agreement"),
    [
        (0.6, "a dog lying on the grass", "Probably a dog on the grass.", 0.8),
        (0.6, "a kitchen with a table", "Could be a dog on the grass.", 0.0),
        (0.9, "a dog lying on the grass", " A dog on the grass.", 0.8),
        (0.9, "a kitchen with a table", "Probably a dog on the grass.", 0.0),
    ],
)
def test_a_second_look_that_disagrees_takes_certainty_away(
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
    sure: float,
    second: str,
    said: str,
    agreement: float,
):
    """A network whose sureness was never measured may be sure and wrong."""
    monkeypatch.setattr(Recorder, "probabilities", [sure, sure])
    monkeypatch.setattr(Recorder, "texts", ["a dog on the grass", second])
    found = describe(recorder, pixels_of("a_dog.jpg"))
    assert said in found.spoken
    assert found.caption is not None
    assert found.caption.agreement == pytest.approx(agreement)
    (whole, middle) = recorder.asked
    assert middle == tuple(length - 2 * round(0.05 * length) for length in whole)


@pytest.mark.parametrize(
    ("probability", "detail", "bounds"),
    [
        (0.9, Detail.NORMAL, with_levels(dict.fromkeys(Certainty, 0.8))),
        (0.6, Detail.BRIEF, BOUNDS),
        (0.9, Detail.BRIEF, BOUNDS),
        (0.05, Detail.NORMAL, BOUNDS),
    ],
)
def test_no_second_look_where_it_is_proven_sure_or_hopeless_or_brief(
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
    probability: float,
    detail: Detail,
    bounds: Bounds,
):
    monkeypatch.setattr(Recorder, "probabilities", [probability])
    monkeypatch.setattr(Recorder, "texts", ["a dog on the grass"])
    monkeypatch.setattr(Recorder, "bounds", bounds)
    found = describe(recorder, pixels_of("a_dog.jpg"), detail=detail)
    assert len(recorder.asked) == 1
    assert found.caption is not None
    assert found.caption.agreement is None
