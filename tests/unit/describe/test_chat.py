"""The chat models: each kind runs from its own layout, and what is kept of a picture changes nothing."""

from __future__ import annotations

import gc
import inspect
import json
import shutil
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from PIL import Image
from tokenizers import Tokenizer

from imagecraft_desktop import strings
from imagecraft_desktop.describe import facts_first
from imagecraft_desktop.describe.base import known, make
from imagecraft_desktop.describe.bounds import BOUNDS
from imagecraft_desktop.describe.chat import _FAMILIES, Chat
from imagecraft_desktop.describe.conversation import Turn, ask
from imagecraft_desktop.describe.facts_first import Loaded
from imagecraft_desktop.describe.rescue import Asking
from imagecraft_desktop.errors import Cancelled, ModelDamaged, ModelMissing
from imagecraft_desktop.nets.captioners.generate import Memory, Options, Token, generate, stream
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.tenancy import Tenancy
from imagecraft_desktop.values import Caption, Certainty, Detail, Wish
from tests.cancelling import Ticks
from tests.unit.describe.tiny_chat import WRITERS

chance = np.random.default_rng(0)
PIXELS = chance.integers(0, 255, (48, 64, 3), dtype=np.uint8)
OTHER = chance.integers(0, 255, (40, 40, 3), dtype=np.uint8)
MOST = 12
KINDS = sorted(WRITERS)


def go_on() -> None:
    pass


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tiny networks, each in its folder; not to be changed."""
    folder = tmp_path_factory.mktemp("chat")
    for kind, write in WRITERS.items():
        write(folder / kind)
    return folder


def opened(folder: Path) -> Chat:
    made = Chat(folder, "float32")
    made.load("cpu")
    return made


def fed(chat: Chat, wish: Wish, pixels: np.ndarray = PIXELS) -> dict[str, Any]:
    ready = chat.ready()
    return dict(chat.inputs(ready, ready.preprocess(pixels), wish))


def plain(ready: Loaded, inputs: dict[str, Any], ends: Sequence[int], most: int) -> list[int]:
    """What transformers itself writes."""
    tensors = {name: torch.from_numpy(value) for name, value in inputs.items()}
    made = ready.network.generate(
        **tensors,
        max_new_tokens=most,
        do_sample=False,
        eos_token_id=list(ends),
        pad_token_id=ends[0],
    )
    new: list[int] = made[0, inputs["input_ids"].shape[1] :].tolist()
    return new[:-1] if new[-1] in ends else new


def said(chat: Chat, wish: Wish, pixels: np.ndarray = PIXELS) -> list[Caption]:
    return list(chat.captions(pixels, wish, go_on))


@pytest.fixture
def believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """However unsure random networks are, it is said, and without a second look, which would not agree."""
    monkeypatch.setattr(facts_first, "BOUNDS", replace(BOUNDS, slow_s=0.0))
    levels = tuple(replace(level, mean=0.0, weakest=0.0) for level in BOUNDS.levels)
    monkeypatch.setattr(facts_first, "bounds_of", lambda _: replace(BOUNDS, levels=levels))


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch, believed: None) -> None:
    """Answers of a few tokens, which are said."""
    from imagecraft_desktop.describe import chat

    monkeypatch.setattr(chat, "_MOST", dict.fromkeys(Detail, MOST))


def test_every_kind_of_the_table_is_tried():
    assert set(KINDS) == set(_FAMILIES) == set(Chat.kinds)


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_is_run_by_its_kind(written: Path, kind: str):
    chat = make(str(written / kind), known())
    assert isinstance(chat, Chat)
    chat.load("cpu")
    caption = chat.caption(PIXELS, go_on, most=4)
    assert 1 <= caption.tokens <= 4
    assert 0 <= caption.weakest <= caption.probability <= 1


@pytest.mark.parametrize("kind", KINDS)
def test_it_writes_what_transformers_writes(written: Path, kind: str):
    chat = opened(written / kind)
    ready, inputs = chat.ready(), fed(chat, Wish())
    expected = plain(ready, inputs, chat.ends(ready), MOST)
    assert list(generate(ready.network, inputs, Options(chat.ends(ready), MOST), go_on).ids) == (
        expected
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_follow_up_is_answered_as_if_nothing_had_been_kept(written: Path, kind: str, short: None):
    """Three questions; what each is given, and what is written, is that of a run from nothing."""
    chat = opened(written / kind)
    ready = chat.ready()
    for question in ("What is it?", "And why?", "And why, exactly?"):
        turns = list(chat._talk.turns) if chat._talk else []
        said(chat, Wish(question=question))
        talk = chat._talk
        assert talk is not None
        talk.turns = turns
        inputs = dict(chat._told(ready, talk, question))
        # random networks may write what nobody can say
        talk.turns = [*turns, Turn(question, "It is a dog.")]
        expected = plain(ready, inputs, chat.ends(ready), MOST)
        prompt = inputs["input_ids"][0].tolist()
        ran = [*prompt, *expected]
        # what ran last is remembered, but for the token that ends
        assert talk.memory.ids == ran[: len(talk.memory.ids)]
        assert len(talk.memory.ids) >= len(prompt) + len(expected) - 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_picture_is_looked_at_once(
    written: Path, kind: str, short: None, monkeypatch: pytest.MonkeyPatch
):
    chat = opened(written / kind)
    base, calls = chat.ready().network.base_model, []
    look = base.get_image_features

    def count(*given: Any, **named: Any) -> Any:
        calls.append(1)
        return look(*given, **named)

    count.__signature__ = inspect.signature(look)  # type: ignore[attr-defined]
    monkeypatch.setattr(base, "get_image_features", count)
    for question in ("What is it?", "And why?", "And where?"):
        said(chat, Wish(question=question))
    assert len(calls) == 1
    said(chat, Wish(question="And where?"), OTHER)
    assert len(calls) == 2


@pytest.mark.parametrize("kind", ["smolvlm", "qwen3_vl", "gemma3", "internvl"])
def test_of_a_follow_up_only_the_new_words_are_run(written: Path, kind: str):
    chat = opened(written / kind)
    ready = chat.ready()
    options, memory, ran = Options(chat.ends(ready), 4), Memory(), []
    layer = [m for n, m in ready.network.named_modules() if n.endswith("layers.1.mlp")][-1]
    layer.register_forward_pre_hook(lambda _, given: ran.append(given[0].shape[-2]))
    for question in ("What is it, now?", "What is it, then?"):
        ran.clear()
        inputs = fed(chat, Wish(question=question))
        generate(ready.network, inputs, options, go_on, memory)
        assert len(memory.ids) >= inputs["input_ids"].shape[1]
        if question.endswith("then?"):
            assert ran[0] < inputs["input_ids"].shape[1] - 16


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_is_broken_off_leaves_what_is_kept_usable(written: Path, kind: str):
    chat = opened(written / kind)
    ready, inputs = chat.ready(), fed(chat, Wish())
    options, memory, whole = Options(chat.ends(ready), 6), Memory(), Ticks()
    expected = generate(ready.network, inputs, options, whole).ids
    for part in (0.3, 0.6, 0.9):
        memory = Memory()
        with pytest.raises(Cancelled):
            generate(ready.network, inputs, options, Ticks(int(part * whole.count)), memory)
        again = Ticks()
        assert generate(ready.network, inputs, options, again, memory).ids == expected
        with pytest.raises(Cancelled):
            generate(ready.network, inputs, options, Ticks(int(part * again.count / 2)), memory)
        assert generate(ready.network, inputs, options, go_on, memory).ids == expected
    steps = stream(ready.network, inputs, options, go_on, memory)
    assert next(steps).id == expected[0]
    steps.close()
    assert [p for p in ready.network.modules() if p._forward_pre_hooks] == []
    assert generate(ready.network, inputs, options, go_on, memory).ids == expected


# --- the words around the picture ---


@pytest.mark.parametrize(
    ("kind", "processor"),
    [("idefics3", "Idefics3Processor"), ("gemma3", "Gemma3Processor")],
)
def test_the_words_are_those_of_transformers_own_processor(
    written: Path, kind: str, processor: str
):
    """Of those that can be made without torchvision."""
    chat = opened(written / kind)
    folder = written / kind
    given = json.loads((folder / "tokenizer_config.json").read_text())
    signs = {name: word for name, word in given.items() if name.endswith("_token")}
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_file=str(folder / "tokenizer.json"), extra_special_tokens=signs
    )
    pictures = transformers.AutoImageProcessor.from_pretrained(folder, backend="pil")
    made: Any = getattr(transformers, processor)
    length = "image_seq_len" if kind == "idefics3" else "image_seq_length"
    own = made(pictures, tokenizer, **{length: 4})
    content = [{"type": "image"}, {"type": "text", "text": "What is it?"}]
    text = own.apply_chat_template(
        [{"role": "user", "content": content}],
        chat_template=(folder / "chat_template.jinja").read_text(),
        add_generation_prompt=True,
        bos_token="<bos>",
    )
    one = {"do_image_splitting": False} if kind == "idefics3" else {}
    theirs = own(
        images=[Image.fromarray(PIXELS)],
        text=text,
        return_tensors="np",
        add_special_tokens=False,
        **one,
    )
    ours = fed(chat, Wish(question="What is it?"))
    assert ours["input_ids"].tolist() == theirs["input_ids"].tolist()
    np.testing.assert_array_equal(ours["pixel_values"], theirs["pixel_values"])
    if "token_type_ids" in theirs:
        assert ours["token_type_ids"].tolist() == theirs["token_type_ids"].tolist()


def text_of(chat: Chat, wish: Wish) -> str:
    """All that the network reads, signs included."""
    ids = fed(chat, wish)["input_ids"][0].tolist()
    tokenizer = Tokenizer.from_file(str(chat.checkpoint().folder / "tokenizer.json"))
    return str(tokenizer.decode(ids, skip_special_tokens=False))


def test_the_instruction_goes_with_the_detail(written: Path):
    chat = opened(written / "smolvlm")
    assert "in one sentence for a blind person." in text_of(chat, Wish(Detail.BRIEF))
    assert "in detail: people, objects, text, layout." in text_of(chat, Wish(Detail.DETAILED))
    assert "blind person. Say the colours." in text_of(chat, Wish(instruction="Say the colours."))
    asked = text_of(chat, Wish(question="Is it red?", instruction="Be short."))
    assert "Is it red? Be short." in asked
    assert "Describe" not in asked


def test_a_language_is_asked_for_where_the_model_has_it(written: Path):
    assert "Answer in Spanish." in text_of(opened(written / "qwen3_vl"), Wish(language="es-MX"))
    assert "Answer in" not in text_of(opened(written / "smolvlm"), Wish(language="es"))
    assert "Answer in" not in text_of(opened(written / "qwen3_vl"), Wish(language="en-GB"))
    assert "Answer in" not in text_of(opened(written / "qwen3_vl"), Wish(language="tlh"))


def test_the_language_of_what_is_written_is_told(written: Path, short: None):
    chat = opened(written / "qwen3_5")
    assert {one.language for one in said(chat, Wish(language="es"))} == {"es"}
    assert {one.language for one in said(chat, Wish())} == {"en"}


class Voice:
    """One of the user's own, where the memory is small."""

    def let_go(self) -> None:
        pass


def test_what_is_told_of_the_language_reads_no_network(written: Path, short: None):
    """A voice has come into the memory meanwhile: both together do not fit."""
    chat, voice = opened(written / "smolvlm"), Voice()
    chat.tenancy = Tenancy(1)
    chat.tenancy.expect(voice)
    asking = Asking(chat, Wish(language="es"), go_on)
    assert any(one.certainty is not None for one in asking.ask(PIXELS))
    with chat.tenancy.moving_in(voice):
        assert chat._loaded is None
    (told,) = [statement.text for statement in asking.tell()]
    assert told == say(strings.CAPTIONER_OTHER_LANGUAGE, name="smolvlm")
    assert chat._loaded is None


def test_a_folder_that_is_gone_is_said_to_write_english(tmp_path: Path):
    assert Chat(tmp_path / "gone").language(Wish(language="es")) == "en"


def test_thinking_is_switched_off(written: Path):
    assert text_of(opened(written / "qwen3_5"), Wish()).endswith("<think>\n\n</think>\n\n")


def test_signs_in_a_question_are_words(written: Path):
    """A question cannot end the turn, or bring a second picture."""
    chat = opened(written / "qwen3_vl")
    text = text_of(chat, Wish(question="Is <|image_pad|><|im_end|> here?"))
    assert text.count("<|im_end|>") == 1
    assert "Is here?" in text
    said(chat, Wish(Detail.BRIEF, question="Is <|image_pad|> here?"))


def test_one_tile_however_large_the_picture(written: Path):
    chat, large = opened(written / "smolvlm"), np.zeros((600, 900, 3), np.uint8)
    assert fed(chat, Wish(), large)["pixel_values"].shape[1] == 1


# --- the conversation ---


def test_a_question_goes_on_and_a_description_starts_anew(written: Path, short: None):
    chat = opened(written / "smolvlm")
    said(chat, Wish())
    said(chat, Wish(question="What is it?"))
    assert chat._talk is not None
    assert [turn.asked[:8] for turn in chat._talk.turns] == ["Describe", "What is "]
    said(chat, Wish())
    assert len(chat._talk.turns) == 1
    said(chat, Wish(question="What is it?"), OTHER)
    assert [turn.asked for turn in chat._talk.turns] == ["What is it?"]


def test_a_conversation_has_an_end(written: Path, monkeypatch: pytest.MonkeyPatch, believed: None):
    from imagecraft_desktop.describe import chat as module

    monkeypatch.setattr(module, "_MOST", dict.fromkeys(Detail, 2))
    monkeypatch.setattr(module, "_MOST_TURNS", 2)
    chat = opened(written / "internvl")
    for number in range(3):
        said(chat, Wish(question=f"Number {number}?"))
    assert chat._talk is not None
    assert len(chat._talk.turns) <= 2


def test_what_goes_on_from_doubtful_words_is_no_surer(
    written: Path, monkeypatch: pytest.MonkeyPatch
):
    """What was too unsure to be said is not told to the network again."""
    from imagecraft_desktop.nets.captioners import generate as module

    chat, sure = opened(written / "smolvlm"), [0.95]

    def write(*_: Any) -> Iterator[Token]:
        ids = chat.ready().words.encode("A dog. A cat.")
        half = len(ids) // 2
        for number, one in enumerate(ids):
            yield Token(one, sure[0] if number < half else sure[-1], False)
        yield Token(0, 1.0, True)

    monkeypatch.setattr(module, "stream", write)

    def levels(*now: float, question: str = "And?") -> list[Certainty | None]:
        sure[:] = now
        return [one.certainty for one in said(chat, Wish(question=question))]

    assert levels(0.95) == [Certainty.CERTAIN] * 2
    assert levels(0.95, 0.01) == [Certainty.CERTAIN, None]
    assert chat._talk is not None
    assert chat._talk.turns[-1].answer == "A dog."
    assert levels(0.5) == [Certainty.LIKELY] * 2
    assert levels(0.95) == [Certainty.LIKELY] * 2
    assert levels(0.95, question="") == [Certainty.CERTAIN] * 2
    assert len(chat._talk.turns) == 1, "a description begins anew"


@pytest.mark.parametrize("kind", KINDS)
def test_a_network_that_is_asked_about_another_picture_while_it_writes_goes_on(
    written: Path, kind: str
):
    """Some keep, in themselves, where the words after the picture stand."""
    ready = (chat := opened(written / kind)).ready()
    ends, wish, memory = chat.ends(ready), Wish(), Memory()
    inputs = fed(chat, wish)
    options = Options(10_000_000, MOST)
    alone = list(stream(ready.network, inputs, options, go_on))
    other = fed(chat, Wish(detail=Detail.BRIEF), OTHER)
    tokens = stream(ready.network, inputs, options, go_on, memory)
    made = [next(tokens), next(tokens)]
    generate(ready.network, other, Options(ends, 3), go_on)
    made += tokens
    assert [one.id for one in made] == [one.id for one in alone]
    assert [one.probability for one in made] == pytest.approx([one.probability for one in alone])


class Sure:
    """Writes what it is told, and is as sure of it as it is told; counts how often it is asked."""

    def __init__(self, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
        from imagecraft_desktop.nets.captioners import generate as module

        self.answers: list[tuple[str, float]] = []
        self.asked: list[str] = []
        self._words = chat.ready().words
        monkeypatch.setattr(module, "stream", self._write)

    def _write(self, network: Any, inputs: Any, *_: Any) -> Iterator[Token]:
        self.asked.append(self._words.decode(inputs["input_ids"][0].tolist()))
        text, sure = self.answers[len(self.asked) - 1]
        for one in self._words.encode(text):
            yield Token(one, sure, False)
        yield Token(0, 1.0, True)


@pytest.mark.parametrize(
    ("sure_of", "second", "levels"),
    [
        (0.5, "A dog.", [Certainty.LIKELY, Certainty.LIKELY]),
        (0.5, "A cat.", [Certainty.UNSURE, Certainty.LIKELY]),
        (0.95, "A dog.", [Certainty.CERTAIN, Certainty.CERTAIN]),
        (0.95, "A cat.", [Certainty.LIKELY, Certainty.LIKELY]),
    ],
)
def test_the_first_sentence_is_compared_with_a_second_look(
    written: Path,
    monkeypatch: pytest.MonkeyPatch,
    sure_of: float,
    second: str,
    levels: list[Certainty],
):
    """And what it goes on from, at once or later, is no surer than that."""
    chat, level = opened(written / "smolvlm"), levels[0]
    sure = Sure(chat, monkeypatch)
    sure.answers = [("The dog sits. It runs.", sure_of), (second, 0.95), ("Brown.", 0.95)]
    captions = said(chat, Wish())
    assert [caption.text for caption in captions] == ["The dog sits.", "It runs."]
    assert [caption.certainty for caption in captions] == levels
    assert (captions[0].agreement is None, captions[1].agreement) == (False, None)
    brief, normal = (ask(Wish(detail=detail), "en") for detail in (Detail.BRIEF, Detail.NORMAL))
    assert [brief in sure.asked[1], normal in sure.asked[0]] == [True, True]
    assert chat._talk is not None
    assert chat._talk.turns[-1].answer == "The dog sits. It runs."
    assert chat._talk.turns[-1].certainty is level
    (colour,) = said(chat, Wish(question="What colour?"))
    assert (colour.text, colour.certainty, colour.agreement) == ("Brown.", level, None)
    assert len(sure.asked) == 3


def test_a_brief_word_an_answer_and_what_took_long_are_said_without_a_second_look(
    written: Path, monkeypatch: pytest.MonkeyPatch
):
    chat = opened(written / "smolvlm")
    sure = Sure(chat, monkeypatch)
    sure.answers = [("A dog.", 0.95), ("A dog.", 0.5), ("A dog.", 0.5), ("A dog.", 0.5)]
    said(chat, Wish(detail=Detail.BRIEF))
    said(chat, Wish(detail=Detail.BRIEF))
    said(chat, Wish(question="What is it?"))
    monkeypatch.setattr(facts_first, "BOUNDS", replace(BOUNDS, slow_s=0.0))
    said(chat, Wish())
    assert len(sure.asked) == 4


def test_unloading_drops_the_picture(written: Path, short: None):
    chat = opened(written / "smolvlm")
    said(chat, Wish())
    assert chat._talk is not None
    memory = weakref.ref(chat._talk.memory)
    chat.unload()
    gc.collect()
    assert memory() is None
    assert said(chat, Wish(question="What is it?")) is not None


# --- folders that are not whole ---


def test_a_conversation_outlives_its_network(written: Path, short: None):
    stays, leaves = (opened(written / "qwen3_5") for _ in range(2))
    for chat in (stays, leaves):
        said(chat, Wish(Detail.NORMAL))
    assert leaves._talk is not None
    memory = weakref.ref(leaves._talk.memory)
    leaves.let_go()
    gc.collect()
    assert memory() is None, "what was computed is gone"
    assert leaves._loaded is None
    question = Wish(question="What is it?")
    assert [one.text for one in said(leaves, question)] == [
        one.text for one in said(stays, question)
    ]
    assert [turn.asked[:8] for turn in leaves._talk.turns] == ["Describe", "What is "]


@pytest.fixture
def changed(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written / "smolvlm", tmp_path / "changed"))


def test_a_folder_without_a_chat_template(changed: Path):
    (changed / "chat_template.jinja").unlink()
    with pytest.raises(ModelMissing, match=r"chat_template\.jinja"):
        opened(changed).caption(PIXELS, go_on)


@pytest.mark.parametrize("template", ["{% for %}", "{{ raise_exception('no') }}", "no picture"])
def test_a_chat_template_that_does_not_work(changed: Path, template: str):
    (changed / "chat_template.jinja").write_text(template)
    with pytest.raises(ModelDamaged, match=r"chat_template\.jinja"):
        opened(changed).caption(PIXELS, go_on)


def test_a_chat_template_in_the_tokenizers_settings(changed: Path):
    template = (changed / "chat_template.jinja").read_text()
    (changed / "chat_template.jinja").unlink()
    settings = json.loads((changed / "tokenizer_config.json").read_text())
    settings["chat_template"] = [{"name": "default", "template": template}]
    (changed / "tokenizer_config.json").write_text(json.dumps(settings))
    assert opened(changed).caption(PIXELS, go_on, most=2).tokens == 2


def test_a_folder_whose_processor_is_none(changed: Path):
    (changed / "preprocessor_config.json").write_text('{"image_processor_type": "Oracle"}')
    with pytest.raises(ModelDamaged, match=r"preprocessor_config\.json"):
        opened(changed).caption(PIXELS, go_on)


def test_a_folder_that_does_not_tell_what_ends_an_answer(written: Path, tmp_path: Path):
    folder = Path(shutil.copytree(written / "qwen3_vl", tmp_path / "changed"))
    (folder / "generation_config.json").write_text("{}")
    with pytest.raises(ModelDamaged, match=r"generation_config\.json"):
        opened(folder).caption(PIXELS, go_on)


@pytest.mark.parametrize("size", [{"height": 64, "width": 64}, {"shortest_edge": None}])
def test_a_processor_that_takes_no_picture_of_any_size(
    written: Path, tmp_path: Path, size: dict[str, int | None]
):
    folder = Path(shutil.copytree(written / "qwen3_vl", tmp_path / "changed"))
    told = json.loads((folder / "preprocessor_config.json").read_text())
    (folder / "preprocessor_config.json").write_text(json.dumps(told | {"size": size}))
    with pytest.raises(ModelDamaged, match=r"preprocessor_config\.json"):
        opened(folder).caption(PIXELS, go_on)
