"""Florence-2: three lengths, sentences each as sure as its own words, text with its places."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional
from torch.overrides import TorchFunctionMode
from transformers import AutoImageProcessor, Florence2Processor, PreTrainedTokenizerFast

from imagecraft_desktop.describe.base import known, make
from imagecraft_desktop.describe.bounds import BOUNDS, with_levels
from imagecraft_desktop.describe.florence import Florence, parse_lines
from imagecraft_desktop.errors import Cancelled, ModelDamaged, NoQuestions
from imagecraft_desktop.nets.captioners.generate import Answer, Options, collect
from imagecraft_desktop.nets.packed import Packed
from imagecraft_desktop.values import Box, Certainty, Detail, Origin, Picture, Wish
from tests.cancelling import Ticks
from tests.unit.describe.tiny_florence import write_florence

PIXELS = np.random.default_rng(0).integers(0, 255, (300, 400, 3), dtype=np.uint8)
TASKS = {
    Detail.BRIEF: "<CAPTION>",
    Detail.NORMAL: "<DETAILED_CAPTION>",
    Detail.DETAILED: "<MORE_DETAILED_CAPTION>",
}
SAID = {
    Detail.BRIEF: ["A dog."],
    Detail.NORMAL: ["The dog sits.", "It runs."],
    Detail.DETAILED: ["The dog sits in the street.", "The man runs.", "It sits."],
}

SURE = BOUNDS.levels[0]


def go_on() -> None:
    pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that knows a few answers; not to be changed."""
    return write_florence(tmp_path_factory.mktemp("networks") / "florence", is_taught=True)


@pytest.fixture(scope="module")
def captioner(folder: Path) -> Florence:
    made = make(str(folder), known())
    assert isinstance(made, Florence)
    made.load("cpu")
    return made


def written(captioner: Florence, wish: Wish, most: int) -> Answer:
    """What it writes, in tokens."""
    ready = captioner.ready()
    inputs = captioner.inputs(ready, ready.preprocess(PIXELS), wish)
    return collect(captioner.stream(ready, inputs, Options(captioner.ends(ready), most), go_on))


@pytest.fixture(scope="module")
def processor(folder: Path) -> Florence2Processor:
    """That of transformers, for the same folder."""
    words = PreTrainedTokenizerFast(
        tokenizer_file=str(folder / "tokenizer.json"),
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        extra_special_tokens={"image_token": "<image>"},
    )
    pixels = AutoImageProcessor.from_pretrained(folder)
    return Florence2Processor(pixels, words, post_processor_config={"ocr": {}, "pure_text": {}})


@pytest.mark.parametrize("detail", Detail)
def test_what_is_given_is_what_transformers_gives(
    captioner: Florence, processor: Florence2Processor, detail: Detail
):
    ready = captioner.ready()
    made = captioner.inputs(ready, ready.preprocess(PIXELS), Wish(detail))
    expected = processor(images=PIXELS, text=TASKS[detail], return_tensors="np")
    assert set(made) == set(expected)
    np.testing.assert_array_equal(made["input_ids"], expected["input_ids"])
    np.testing.assert_array_equal(made["attention_mask"], expected["attention_mask"])
    np.testing.assert_allclose(made["pixel_values"], expected["pixel_values"], atol=1e-5)


@pytest.mark.parametrize("detail", Detail)
def test_there_are_three_lengths_sentence_by_sentence(captioner: Florence, detail: Detail):
    captions = list(captioner.captions(PIXELS, Wish(detail), go_on))
    assert [caption.text for caption in captions] == SAID[detail]
    assert {caption.certainty for caption in captions} == {Certainty.CERTAIN}


def test_each_sentence_is_as_sure_as_its_own_tokens(captioner: Florence):
    wish = Wish(Detail.DETAILED)
    answer = written(captioner, wish, 300)
    captions = list(captioner.captions(PIXELS, wish, go_on))
    assert [caption.tokens for caption in captions] == [7, 4, 3]
    assert sum(caption.tokens for caption in captions) == len(answer.ids)
    assert captions[0].weakest == pytest.approx(min(answer.probabilities[:7]))
    assert captions[2].weakest == pytest.approx(min(answer.probabilities[11:]))


def test_the_words_are_those_of_transformers_without_its_searches(
    captioner: Florence, processor: Florence2Processor
):
    """Its own settings ask for three searches at once."""
    ready = captioner.ready()
    assert ready.network.generation_config.num_beams == 3
    given = processor(images=PIXELS, text="<DETAILED_CAPTION>", return_tensors="pt")
    given["pixel_values"] = given["pixel_values"].to(ready.network.dtype)
    with torch.inference_mode():
        made = ready.network.generate(**given, num_beams=1, early_stopping=None, max_new_tokens=50)
    said = processor.post_process_generation(
        sequence=made[0].tolist(), task="<DETAILED_CAPTION>", image_size=(400, 300)
    )
    whole = captioner.caption(PIXELS, go_on, wish=Wish(Detail.NORMAL)).text
    assert whole == said["<DETAILED_CAPTION>"] == "The dog sits. It runs."


def test_an_answer_that_is_cut_off_is_not_sure(captioner: Florence):
    """Its own settings force an end as the last token, which would look as if it had come to it."""
    answer = written(captioner, Wish(Detail.DETAILED), 10)
    assert not answer.has_ended
    made = captioner.caption(PIXELS, go_on, most=10, wish=Wish(Detail.DETAILED))
    assert made.certainty is Certainty.UNSURE


def test_text_is_read_with_its_places(captioner: Florence, processor: Florence2Processor):
    lines = captioner.read(PIXELS, go_on)
    assert lines is not None
    assert [(line.line, line.box) for line in lines] == [
        ("EXIT", Box(40, 60, 201, 121)),
        ("TO the street", Box(0, 180, 400, 271)),
    ]
    assert all(0.5 < line.score < 1 for line in lines)
    given = processor(images=PIXELS, text="<OCR_WITH_REGION>", return_tensors="pt")
    given["pixel_values"] = given["pixel_values"].to(captioner.ready().network.dtype)
    made = captioner.ready().network.generate(
        **given, num_beams=1, early_stopping=None, max_new_tokens=50
    )
    told = processor.post_process_generation(
        sequence=made[0].tolist(), task="<OCR_WITH_REGION>", image_size=(400, 300)
    )["<OCR_WITH_REGION>"]
    assert told["labels"] == [line.line for line in lines]
    for corners, line in zip(told["quad_boxes"], lines, strict=True):
        across, down = corners[::2], corners[1::2]
        assert line.box.left <= min(across)
        assert max(across) <= line.box.right <= max(across) + 1
        assert line.box.top <= min(down)
        assert max(down) <= line.box.bottom <= max(down) + 1


def test_a_line_without_its_whole_place_is_left_out(captioner: Florence):
    words = captioner.ready().words
    text = [words.token("EX"), words.token("IT")]
    place = [words.token(f"<loc_{number}>") for number in (0, 0, 500, 0, 500, 10, 0, 10)]
    for ids, count in (
        ([*text, *place[:7], *text, *place], 1),
        ([*place, *text], 0),
        ([*text, *place, *place, *text, *place], 2),
        ([], 0),
    ):
        lines = list(parse_lines(words, ids, [0.9] * len(ids), (100, 200, 3), SURE))
        assert [line.line for line in lines] == ["EXIT"] * count
        assert all(line.box == Box(0, 0, 101, 2) for line in lines)


@pytest.mark.parametrize(
    ("sure", "text", "score"),
    [
        ((0.9, 0.9), "EXIT", 0.9),
        ((1.0, 0.31), "", 0.5568),
        ((1.0, 0.57), "EXIT", 0.755),
        ((1.0, 0.56), "", 0.7483),
        ((0.95, 0.2), "", 0.4359),
    ],
    ids=["sure", "mean", "just sure", "just not", "weakest"],
)
def test_a_line_is_as_sure_as_a_sentence_must_be(
    captioner: Florence, sure: tuple[float, float], text: str, score: float
):
    """By the geometric mean of its tokens and the least of them; if not, it only has a place."""
    words = captioner.ready().words
    place = [words.token(f"<loc_{number}>") for number in (0, 0, 500, 0, 500, 10, 0, 10)]
    ids = [words.token("EX"), words.token("IT"), *place]
    (line,) = parse_lines(words, ids, [*sure, *[0.1] * 8], (100, 200, 3), SURE)
    assert (line.line, line.score) == (text, pytest.approx(score, abs=1e-3))


def test_one_token_that_is_too_unlikely_is_enough(captioner: Florence):
    words = captioner.ready().words
    place = [words.token(f"<loc_{number}>") for number in (0, 0, 500, 0, 500, 10, 0, 10)]
    ids = [*[words.token("EX")] * 9, words.token("IT"), *place]
    (line,) = parse_lines(words, ids, [*[0.99] * 9, 0.2, *[0.1] * 8], (100, 200, 3), SURE)
    assert line.line == ""
    assert line.score > SURE.mean


def test_text_is_read_by_the_bounds_of_the_network(
    captioner: Florence, monkeypatch: pytest.MonkeyPatch
):
    """One that may never say a sentence plainly reads nothing."""
    ready = captioner.ready()
    strict = with_levels({Certainty.CERTAIN: 1.0, Certainty.LIKELY: 0.5, Certainty.UNSURE: 0.5})
    monkeypatch.setattr(captioner, "_loaded", replace(ready, bounds=strict))
    lines = captioner.read(PIXELS, go_on)
    assert lines is not None
    assert [line.line for line in lines] == ["", ""]
    never = with_levels({Certainty.CERTAIN: None, Certainty.LIKELY: 0.5, Certainty.UNSURE: 0.5})
    monkeypatch.setattr(captioner, "_loaded", replace(ready, bounds=never))
    assert captioner.read(PIXELS, go_on) is None


def test_a_cancel_is_heard_at_any_moment(captioner: Florence):
    captioner.ready()  # reading it ticks, too
    whole = Ticks()
    captioner.caption(PIXELS, whole, most=4)
    for at in (1, whole.count // 3, whole.count // 2, whole.count):
        ticks = Ticks(at)
        with pytest.raises(Cancelled):
            captioner.caption(PIXELS, ticks, most=4)
        assert ticks.count <= at + 2  # asked again while it cleans up


def test_while_it_looks_at_a_picture_a_cancel_is_heard_before_every_operation(
    captioner: Florence, monkeypatch: pytest.MonkeyPatch
):
    """In the real size one part of the encoder takes half a second on a slow machine."""
    slow = {functional.linear, functional.conv2d, functional.scaled_dot_product_attention}
    ticks, moments = Ticks(), []

    class Watching(TorchFunctionMode):
        def __torch_function__(self, func, types, args=(), kwargs=None):
            if func in slow:
                moments.append(ticks.count)
            return func(*args, **(kwargs or {}))

    multiply = Packed.__call__

    def noted(weight: Packed, *given: Any) -> Any:
        moments.append(ticks.count)
        return multiply(weight, *given)

    monkeypatch.setattr(Packed, "__call__", noted)
    captioner.ready()
    with Watching():
        captioner.caption(PIXELS, ticks, most=1)
    assert len(moments) > 20
    assert all(before < after for before, after in pairwise(moments))


def test_it_answers_no_questions(captioner: Florence):
    picture = Picture(PIXELS, Origin.FILE, "a picture")
    with pytest.raises(NoQuestions):
        next(captioner.describe(picture, Wish(question="What is it?"), go_on))


@pytest.mark.parametrize("strides", [3, ["wide"], [0]])
def test_strides_of_nonsense_are_refused(folder: Path, tmp_path: Path, strides: object):
    changed = Path(shutil.copytree(folder, tmp_path / "changed"))
    captioner = make(str(changed), known())
    assert isinstance(captioner, Florence)
    captioner.load("cpu")
    captioner.ready().checkpoint.config["vision_config"]["patch_stride"] = strides
    with pytest.raises(ModelDamaged, match=r"config\.json"):
        captioner.caption(PIXELS, go_on)


def test_a_configuration_that_leaves_out_what_is_usual_is_read(folder: Path, tmp_path: Path):
    changed = Path(shutil.copytree(folder, tmp_path / "changed"))
    config = json.loads((changed / "config.json").read_text("utf-8"))
    del config["vision_config"]["patch_stride"]
    (changed / "config.json").write_text(json.dumps(config))
    captioner = make(str(changed), known())
    assert isinstance(captioner, Florence)
    captioner.load("cpu")
    assert captioner.caption(PIXELS, go_on, wish=Wish(Detail.BRIEF)).text == "A dog."


# --- what is kept of a picture ---


@pytest.fixture
def looks(captioner: Florence) -> Iterator[list[int]]:
    """A list that grows each time the captioner looks at a picture."""
    calls: list[int] = []
    captioner._seen = None
    tower = captioner.ready().network.base_model.vision_tower
    hook = tower.register_forward_hook(lambda *_: calls.append(1))
    yield calls
    hook.remove()


def test_a_picture_is_looked_at_once_for_words_and_text(captioner: Florence, looks: list[int]):
    wishes = [Wish(Detail.DETAILED), Wish(Detail.BRIEF), Wish(Detail.NORMAL)]
    kept = [written(captioner, wish, 30) for wish in wishes]
    lines = captioner.read(PIXELS, go_on)
    assert len(looks) == 1
    for wish, answer in zip(wishes, kept, strict=True):
        captioner._seen = None
        assert written(captioner, wish, 30) == answer
    captioner._seen = None
    assert captioner.read(PIXELS, go_on) == lines
    looks.clear()
    list(captioner.captions(PIXELS[:, ::-1].copy(), Wish(Detail.BRIEF), go_on))
    assert len(looks) == 1


def test_a_cancel_leaves_what_was_seen_usable(captioner: Florence):
    captioner._seen = None
    whole = Ticks()
    expected = captioner.caption(PIXELS, whole, most=6)
    for at in (1, whole.count // 4, whole.count // 2, whole.count):
        captioner._seen = None
        with pytest.raises(Cancelled):
            captioner.caption(PIXELS, Ticks(at), most=6)
        assert captioner.caption(PIXELS, go_on, most=6) == expected


def test_nothing_is_kept_after_unloading(folder: Path):
    made = Florence(folder)
    made.caption(PIXELS, go_on, most=2)
    assert made._seen is not None
    made.unload()
    assert made._seen is None
