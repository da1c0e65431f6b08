"""PaliGemma mix: what it is asked, in which language, and what it keeps of a picture."""

from __future__ import annotations

import inspect
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from imagecraft_desktop.describe import facts_first, rescue
from imagecraft_desktop.describe.bounds import BOUNDS, with_levels
from imagecraft_desktop.describe.paligemma import PaliGemma
from imagecraft_desktop.describe.paligemma_prompts import Training, prompt_for, training_of
from imagecraft_desktop.describe.rescue import Asking
from imagecraft_desktop.errors import Cancelled, OutOfMemory
from imagecraft_desktop.values import CALIBRATED, Certainty, Detail, Wish
from imagecraft_desktop.weights import catalogue, store
from imagecraft_desktop.weights.checkpoint import open_checkpoint
from tests.cancelling import Ticks
from tests.golden import IMAGECRAFT
from tests.unit.describe.tiny_paligemma import PLACES, TAUGHT, write_paligemma

PIXELS = np.random.default_rng(0).integers(0, 255, (48, 64, 3), dtype=np.uint8)
OTHER = np.random.default_rng(1).integers(0, 255, (48, 64, 3), dtype=np.uint8)
IMAGECRAFT_FOLDER = IMAGECRAFT / "checkpoint"


def go_on() -> None:
    pass


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """PaliGemma mix, 1 and 2, taught answers and not; not to be changed."""
    folder = tmp_path_factory.mktemp("networks")
    write_paligemma(folder / "paligemma-3b-mix-224")
    write_paligemma(folder / "paligemma2-3b-mix-224", is_second=True)
    write_paligemma(folder / "taught-mix", TAUGHT)
    write_paligemma(folder / "taught2-mix", TAUGHT, is_second=True)
    paragraph = {"caption en\n": TAUGHT["describe en\n"]}
    write_paligemma(folder / "paligemma2-3b-ft-docci-448", paragraph, is_second=True)
    return folder


def opened(folder: Path) -> PaliGemma:
    made = PaliGemma(folder, "float32")
    made.load("cpu")
    return made


def said(captioner: PaliGemma, wish: Wish, pixels: np.ndarray = PIXELS) -> str:
    return " ".join(caption.text for caption in captioner.captions(pixels, wish, go_on))


# --- which folders are asked more than a caption ---


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("paligemma-3b-mix-224", Training.MIX),
        ("paligemma2-10b-mix-448", Training.MIX),
        ("My_PaliGemma.Mix", Training.MIX),
        ("models--google--paligemma2-3b-mix-224/snapshots/8f3a0c", Training.MIX),
        ("paligemma-3b-pt-224", Training.CAPTIONS),
        ("paligemma2-3b-ft-docci-448", Training.PARAGRAPHS),
        ("models--google--paligemma2-10b-ft-docci-448/snapshots/8f3a0c", Training.PARAGRAPHS),
        ("imagecraft-ft-co-224", Training.CAPTIONS),
        ("remix-ft", Training.CAPTIONS),
        ("a-mixture", Training.CAPTIONS),
        ("doccia", Training.CAPTIONS),
        ("mix/checkpoint", Training.CAPTIONS),
    ],
)
def test_only_its_name_tells_what_it_was_trained_for(tmp_path: Path, name: str, expected: Training):
    (tmp_path / name).mkdir(parents=True)
    assert training_of(tmp_path / name) is expected


def test_a_folder_that_leads_to_a_mix_is_one(tmp_path: Path):
    (tmp_path / "paligemma-3b-mix-224").mkdir()
    os.symlink(tmp_path / "paligemma-3b-mix-224", tmp_path / "mine", target_is_directory=True)
    assert training_of(tmp_path / "mine") is Training.MIX


def test_an_installed_model_is_known_by_its_repository(monkeypatch: pytest.MonkeyPatch):
    """Even under a name of the catalogue's own."""
    source = catalogue.find("paligemma-3b-mix-224").sources[0]
    assert "mix" in source.repo
    model = catalogue.find("blip-base")
    assert training_of(store.folder_of("blip-base")) is Training.CAPTIONS
    renamed = type(model)(**{**vars(model), "sources": (source,)})
    monkeypatch.setattr(catalogue, "known", lambda: {"blip-base": renamed})
    assert training_of(store.folder_of("blip-base")) is Training.MIX


# --- what is asked ---


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        (Wish(Detail.BRIEF), "caption en\n"),
        (Wish(Detail.NORMAL), "describe en\n"),
        (Wish(Detail.DETAILED, language="en-GB"), "describe en\n"),
        (Wish(Detail.BRIEF, language="es-MX"), "caption es\n"),
        (Wish(Detail.NORMAL, language="he"), "describe he\n"),
        (Wish(Detail.NORMAL, language="iw"), "describe he\n"),
        (Wish(Detail.NORMAL, language="nb-NO"), "describe no\n"),
        (Wish(Detail.NORMAL, language="nn"), "describe no\n"),
        (Wish(Detail.NORMAL, language="no"), "describe no\n"),
        (Wish(Detail.NORMAL, language="tl"), "describe fil\n"),
        (Wish(Detail.NORMAL, language="zh-Hans"), "describe zh\n"),
        (Wish(Detail.NORMAL, language="ca"), "describe en\n"),
        (Wish(question="Who is it?"), "answer en Who is it?\n"),
        (Wish(Detail.BRIEF, question="¿Qué es?", language="es"), "answer es ¿Qué es?\n"),
        (Wish(question="a\nb <eos> <image><bos> c"), "answer en a b c\n"),
    ],
    ids=str,
)
def test_a_mix_is_asked_for_what_is_wished(written: Path, wish: Wish, text: str):
    captioner = opened(written / "paligemma-3b-mix-224")
    ready = captioner.ready()
    words = ready.words
    ids = captioner.prompt(ready, wish)
    start = [words.token("<image>")] * PLACES + [words.token("<bos>")]
    assert ids == start + words.encode(text)
    assert words.encode(text)[-1] == words.token("\n")


def test_longer_wishes_may_have_longer_answers():
    brief, normal, detailed = (prompt_for(Wish(detail), Training.MIX) for detail in Detail)
    assert brief.most < normal.most < detailed.most
    assert [one.is_long for one in (brief, normal, detailed)] == [False, True, True]


def test_one_that_learned_paragraphs_may_write_one(written: Path):
    """It was tuned with the words of a caption; what differs is how much it writes."""
    captioner = opened(written / "paligemma2-3b-ft-docci-448")
    ready = captioner.ready()
    for wish in (Wish(Detail.BRIEF), Wish(), Wish(Detail.DETAILED, language="es")):
        asked_of = captioner.prompt(ready, wish)
        assert ready.words.decode(asked_of) == "caption en\n"
    most = [captioner.most(Wish(detail)) for detail in Detail]
    assert 50 <= most[0] < most[1] < most[2]
    assert most[1] >= 200, "its average paragraph has some 130 tokens"
    assert (captioner.can_answer(), captioner.language(Wish(language="es"))) == (False, "en")


def test_a_paragraph_comes_sentence_by_sentence_and_is_never_cut_in_one(
    written: Path, monkeypatch: pytest.MonkeyPatch
):
    captioner = opened(written / "paligemma2-3b-ft-docci-448")
    sentences = [one.text for one in captioner.captions(PIXELS, Wish(), go_on)]
    assert sentences == ["The dog sits.", "It is near the ring."]
    in_the_second = len(captioner.ready().words.encode("The dog sits. It is near"))
    monkeypatch.setattr(captioner, "most", lambda wish: in_the_second)
    (cut,) = captioner.captions(PIXELS, Wish(), go_on)
    assert cut.text == "The dog sits."


@pytest.mark.parametrize(
    "wish",
    [Wish(Detail.BRIEF), Wish(Detail.DETAILED), Wish(language="es"), Wish(question="What?")],
    ids=str,
)
def test_imagecraft_is_asked_what_it_was_tuned_for(wish: Wish):
    captioner = PaliGemma(IMAGECRAFT_FOLDER)
    ready = captioner.ready()
    assert captioner.prompt(ready, wish) == captioner.prompt(ready)
    assert ready.words.decode(captioner.prompt(ready)) == "caption en\n"
    assert (captioner.can_answer(), captioner.language(wish)) == (False, "en")


# --- what it writes ---


@pytest.mark.parametrize("name", ["taught-mix", "taught2-mix"])
def test_both_generations_do_every_task(written: Path, name: str):
    captioner = opened(written / name)
    assert said(captioner, Wish(Detail.BRIEF)) == "A dog on a beach."
    assert said(captioner, Wish()) == "The dog sits. It is near the ring."
    assert said(captioner, Wish(Detail.DETAILED)) == "The dog sits. It is near the ring."
    assert said(captioner, Wish(Detail.BRIEF, language="es")) == "Un perro en la playa."
    assert said(captioner, Wish(question="What is it?")) == "Dog."
    assert said(captioner, Wish(question="Where?")) == "On the beach."


def test_each_sentence_has_the_tag_of_its_language(written: Path):
    captioner = opened(written / "taught-mix")
    spanish = list(captioner.captions(PIXELS, Wish(language="es-MX"), go_on))
    assert [one.language for one in spanish] == ["es", "es"]
    (norwegian,) = captioner.captions(PIXELS, Wish(language="nb"), go_on)
    assert (norwegian.text, norwegian.language) == ("Hunden sover.", "nb")
    (brief,) = captioner.captions(PIXELS, Wish(Detail.BRIEF, language="es"), go_on)
    assert brief.language == "es"


@pytest.mark.parametrize("name", ["paligemma-3b-mix-224", "paligemma2-3b-mix-224"])
def test_it_writes_what_transformers_writes(written: Path, name: str):
    captioner = opened(written / name)
    ready = captioner.ready()
    assert ready.network.config.text_config.model_type == ("gemma2" if "2-" in name else "gemma")
    inputs = captioner.inputs(ready, ready.preprocess(PIXELS), Wish(question="What?"))
    given = {key: torch.from_numpy(value) for key, value in inputs.items()}
    made = ready.network.generate(**given, max_new_tokens=8, do_sample=False, eos_token_id=1)
    expected = made[0, given["input_ids"].shape[1] :].tolist()
    assert written_ids(captioner, Wish(question="What?"), 8) == expected


def written_ids(captioner: PaliGemma, wish: Wish, most: int, pixels: np.ndarray = PIXELS) -> list:
    from imagecraft_desktop.nets.captioners.generate import Options

    ready = captioner.ready()
    inputs = captioner.inputs(ready, ready.preprocess(pixels), wish)
    tokens = captioner.stream(ready, inputs, Options(captioner.ends(ready), most), go_on)
    return [token.id for token in tokens]


# --- what is kept of a picture ---


@pytest.fixture
def looks(written: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[PaliGemma, list[int]]:
    """A mix, and a list that grows each time it looks at a picture."""
    captioner = opened(written / "paligemma-3b-mix-224")
    base, calls = captioner.ready().network.base_model, []
    look = base.get_image_features

    def count(*given: Any, **named: Any) -> Any:
        calls.append(1)
        return look(*given, **named)

    count.__signature__ = inspect.signature(look)  # type: ignore[attr-defined]
    monkeypatch.setattr(base, "get_image_features", count)
    return captioner, calls


def test_a_picture_is_looked_at_once_for_all_questions(looks: tuple[PaliGemma, list[int]]):
    captioner, calls = looks
    wishes = [Wish(question="What?"), Wish(question="What now?"), Wish(Detail.BRIEF)]
    kept = [written_ids(captioner, wish, 6) for wish in wishes]
    assert len(calls) == 1
    anew = []
    for wish in wishes:
        captioner._seen = None
        anew.append(written_ids(captioner, wish, 6))
    assert kept == anew
    calls.clear()
    written_ids(captioner, Wish(question="What?"), 6, OTHER)
    assert len(calls) == 1


def test_a_cancel_leaves_what_was_seen_usable(looks: tuple[PaliGemma, list[int]]):
    captioner, _ = looks
    whole = Ticks()
    expected = captioner.caption(PIXELS, whole, most=6)
    for at in (1, whole.count // 4, whole.count // 2, whole.count):
        captioner._seen = None
        with pytest.raises(Cancelled):
            captioner.caption(PIXELS, Ticks(at), most=6)
        assert captioner.caption(PIXELS, go_on, most=6) == expected


def test_nothing_is_kept_after_unloading_nor_where_no_question_can_follow(written: Path):
    captioner = opened(written / "paligemma-3b-mix-224")
    said(captioner, Wish(question="What?"))
    assert captioner._seen is not None
    captioner.unload()
    assert captioner._seen is None
    imagecraft = PaliGemma(IMAGECRAFT_FOLDER)
    said(imagecraft, Wish())
    assert imagecraft._seen is None


# --- a language that a network does not know, and networks that answer nothing ---


def asked(captioner: PaliGemma, wish: Wish) -> list[str]:
    """What is told after all else."""
    asking = Asking(captioner, wish, go_on)
    for _ in asking.ask(PIXELS):
        pass
    return [statement.text for statement in asking.tell()]


def test_that_a_language_is_not_known_is_told_once(written: Path):
    told = "The model checkpoint does not know your language, so it wrote English."
    imagecraft = PaliGemma(IMAGECRAFT_FOLDER)
    assert asked(imagecraft, Wish()) == asked(imagecraft, Wish(language="en-GB")) == []
    assert asked(imagecraft, Wish(language="es")) == [told]
    assert asked(imagecraft, Wish(language="es")) == []
    mix = opened(written / "taught-mix")
    assert asked(mix, Wish(language="es")) == []
    assert asked(mix, Wish(language="ca")) == [told.replace("checkpoint", "taught-mix")]


def test_a_question_is_never_put_to_a_lighter_model_that_answers_none(
    written: Path, monkeypatch: pytest.MonkeyPatch
):
    """Its caption would be taken for the answer."""
    mix = opened(written / "taught-mix")
    mix.stand_in = PaliGemma(IMAGECRAFT_FOLDER)
    assert Asking(mix, Wish(), go_on).used is mix.stand_in
    assert Asking(mix, Wish(question="What is it?"), go_on).used is mix
    monkeypatch.setattr(mix, "captions", out_of_memory)
    installed = {"imagecraft": IMAGECRAFT_FOLDER}
    monkeypatch.setattr(store, "captioners", lambda: installed)
    monkeypatch.setattr(
        rescue, "open_checkpoint", lambda one: replace(open_checkpoint(one), n_weights=1)
    )
    asking = Asking(mix, Wish(question="What is it?"), go_on)
    assert list(asking.ask(PIXELS)) == []
    assert isinstance(asking.failure, OutOfMemory)
    installed["mix"] = written / "paligemma-3b-mix-224"
    monkeypatch.setattr(
        rescue, "open_checkpoint", lambda one: replace(open_checkpoint(one), n_weights=0)
    )
    asking = Asking(mix, Wish(question="What is it?"), go_on)
    list(asking.ask(PIXELS))
    assert asking.used.model_name == "paligemma-3b-mix-224"


def out_of_memory(*_: object, **__: object) -> Any:
    raise OutOfMemory(name="taught-mix")


# --- a second look, before a first sentence of which it is not sure ---


@pytest.fixture(scope="module")
def doubting(tmp_path_factory: pytest.TempPathFactory) -> PaliGemma:
    """One that sees something else in English when it looks again, and the same in Spanish; never said plainly."""
    taught = {
        "describe en\n": "The dog sits. It runs.",
        "caption en\n": "A cat.",
        "describe es\n": "The dog sits. It runs.",
        "caption es\n": "A dog.",
        "answer en What?\n": "The dog sits. It runs.",
    }
    folder = write_paligemma(tmp_path_factory.mktemp("networks") / "doubting-mix", taught)
    captioner = opened(folder)
    least = {Certainty.CERTAIN: None, Certainty.LIKELY: 0.5, Certainty.UNSURE: 0.5}
    captioner._loaded = replace(captioner.ready(), bounds=with_levels(least))
    return captioner


@pytest.mark.parametrize(
    ("wish", "levels", "agreement"),
    [
        (Wish(), [Certainty.UNSURE, Certainty.LIKELY], 0.0),
        (Wish(language="es"), [Certainty.LIKELY, Certainty.LIKELY], 0.5),
        (Wish(question="What?"), [Certainty.LIKELY, Certainty.LIKELY], None),
    ],
    ids=str,
)
def test_a_first_sentence_of_which_it_is_not_sure_is_compared_with_a_second_look(
    doubting: PaliGemma, wish: Wish, levels: list[Certainty], agreement: float | None
):
    """And what it was writing goes on as if it had not been asked."""
    captions = list(doubting.captions(PIXELS, wish, go_on))
    assert [caption.text for caption in captions] == ["The dog sits.", "It runs."]
    assert [caption.certainty for caption in captions] == levels
    assert captions[0].agreement == pytest.approx(agreement)
    assert captions[1].agreement is None


def test_what_was_measured_to_be_right_and_what_took_long_is_said_without_a_second_look(
    doubting: PaliGemma, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(facts_first, "BOUNDS", replace(BOUNDS, slow_s=0.0))
    assert next(doubting.captions(PIXELS, Wish(), go_on)).agreement is None
    monkeypatch.undo()
    measured = replace(BOUNDS, how=CALIBRATED)
    monkeypatch.setattr(doubting, "_loaded", replace(doubting.ready(), bounds=measured))
    first = next(doubting.captions(PIXELS, Wish(), go_on))
    assert (first.certainty, first.agreement) == (Certainty.CERTAIN, None)


def test_what_it_is_sure_of_by_what_was_chosen_is_plain_only_if_it_is_seen_twice(
    doubting: PaliGemma, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(doubting, "_loaded", replace(doubting.ready(), bounds=BOUNDS))
    english = [one.certainty for one in doubting.captions(PIXELS, Wish(), go_on)]
    assert english == [Certainty.LIKELY, Certainty.LIKELY], "nor what goes on from it"
    spanish = [one.certainty for one in doubting.captions(PIXELS, Wish(language="es"), go_on)]
    assert spanish == [Certainty.CERTAIN, Certainty.CERTAIN]


def test_what_the_second_look_took_is_known(doubting: PaliGemma):
    list(doubting.captions(PIXELS, Wish(), go_on))
    assert doubting.again_s > 0
    list(doubting.captions(PIXELS, Wish(question="What?"), go_on))
    assert doubting.again_s == 0


def test_without_memory_for_a_second_look_the_first_stands(
    doubting: PaliGemma, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(doubting, "caption", out_of_memory)
    captions = list(doubting.captions(PIXELS, Wish(), go_on))
    assert [(one.text, one.certainty, one.agreement) for one in captions] == [
        ("The dog sits.", Certainty.LIKELY, None),
        ("It runs.", Certainty.LIKELY, None),
    ]


def test_a_cancel_in_the_second_look_leaves_nothing_behind(doubting: PaliGemma):
    first = Ticks()
    next(doubting.captions(PIXELS, Wish(), first))
    for at in range(first.count // 2, first.count, 7):
        with pytest.raises(Cancelled):
            list(doubting.captions(PIXELS, Wish(), Ticks(at)))
    layers = list(doubting.ready().network.modules())
    assert not any(part._forward_pre_hooks for part in layers)
