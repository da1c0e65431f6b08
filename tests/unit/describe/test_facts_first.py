"""The facts come first: what the network is never asked about, and how what it says is worded."""

from __future__ import annotations

import gc
import json
import random
import shutil
import struct
import traceback
import weakref
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from imagecraft_desktop import strings
from imagecraft_desktop.describe import facts_first
from imagecraft_desktop.describe.base import known, make
from imagecraft_desktop.describe.blip import Blip
from imagecraft_desktop.describe.caption import make_caption, say_caption
from imagecraft_desktop.describe.facts_first import FactsFirst
from imagecraft_desktop.describe.git import Git
from imagecraft_desktop.describe.pixels import read_preprocessor
from imagecraft_desktop.errors import (
    Cancelled,
    DescribeError,
    ImageCraftError,
    ModelDamaged,
    ModelMissing,
    OutOfMemory,
)
from imagecraft_desktop.system.memory import give_back, resident_mb
from imagecraft_desktop.values import Caption, Certainty, Wish
from imagecraft_desktop.weights import catalogue, store
from tests.cancelling import Ticks
from tests.unit.describe.tiny import write_blip, write_git

PIXELS = np.random.default_rng(0).integers(0, 255, (48, 64, 3), dtype=np.uint8)


def go_on() -> None:
    pass


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tiny networks, each in its folder; not to be changed."""
    folder = tmp_path_factory.mktemp("networks")
    write_blip(folder / "blip")
    write_git(folder / "git")
    return folder


@pytest.fixture
def changed(written: Path, tmp_path: Path) -> Path:
    """A BLIP of its own, to be changed."""
    return Path(shutil.copytree(written / "blip", tmp_path / "changed"))


def opened(folder: Path) -> FactsFirst:
    made = make(str(folder), known())
    assert isinstance(made, FactsFirst)
    made.load("cpu")
    return made


@pytest.mark.parametrize(
    ("loads_s", "writes_s", "looks"), [(60.0, 1.0, 2), (0.0, 1.0, 2), (60.0, 4.0, 1)]
)
def test_a_second_look_waits_for_a_quick_network_be_it_loaded_slowly_or_not(
    monkeypatch: pytest.MonkeyPatch, loads_s: float, writes_s: float, looks: int
):
    captioner, asked = Blip(Path("nowhere")), []
    clock = [100.0]
    monkeypatch.setattr(facts_first, "time", SimpleNamespace(perf_counter=lambda: clock[0]))

    def caption(pixels: np.ndarray, *_: object, **__: object) -> Caption:
        if not asked:
            clock[0] += loads_s
            captioner.loaded_at = clock[0]
        asked.append(pixels.shape)
        clock[0] += writes_s
        return make_caption("a dog on a beach", [0.9], True)

    monkeypatch.setattr(captioner, "caption", caption)
    (said,) = captioner.captions(PIXELS, Wish(), go_on)
    assert (said.text, len(asked)) == ("A dog on a beach.", looks)
    assert captioner.again_s == writes_s * (looks - 1)


# --- each class runs from its own layout ---


@pytest.mark.parametrize(("name", "cls"), [("blip", Blip), ("git", Git)])
def test_a_folder_is_run_by_the_class_of_its_kind(written: Path, name: str, cls: type):
    captioner = opened(written / name)
    assert type(captioner) is cls
    first = captioner.caption(PIXELS, go_on, most=6)
    assert 1 <= first.tokens <= 6
    assert 0 < first.weakest <= first.probability < 0.5  # it was never trained
    assert first.certainty is None
    assert captioner.caption(PIXELS, go_on, most=6) == first


@pytest.mark.parametrize("name", ["blip", "git"])
def test_what_it_writes_is_what_transformers_writes(written: Path, name: str):
    captioner = opened(written / name)
    ready = captioner.ready()
    pixels = torch.from_numpy(ready.preprocess(PIXELS)).to(ready.network.dtype)
    made = ready.network.generate(pixel_values=pixels, max_new_tokens=6, do_sample=False)
    text = ready.words.decode(made[0].tolist())
    said = captioner.caption(PIXELS, go_on, most=6).text
    assert said.rstrip(".").casefold() == text.casefold()


def test_of_a_thin_picture_no_more_is_scaled_than_is_kept(
    written: Path, monkeypatch: pytest.MonkeyPatch
):
    """Scaled as a whole, a strip of a million pixels would take gigabytes."""
    sizes: list[tuple[int, int]] = []
    resize = Image.Image.resize

    def noted(picture: Image.Image, size: tuple[int, int], *more: object) -> Image.Image:
        sizes.append(size)
        return resize(picture, size, *more)

    preprocess = read_preprocessor(written / "git")
    strip = np.zeros((4, 8000, 3), np.uint8)
    strip[:, 3998:4002] = 255
    monkeypatch.setattr(Image.Image, "resize", noted)
    made = preprocess(strip)[0, 0]
    assert (made[:, 16] > 1).all(), "it is the middle"
    assert max(map(max, sizes)) < 2000


def test_the_network_is_read_when_it_is_first_asked(written: Path):
    captioner = opened(written / "blip")
    assert captioner._loaded is None
    captioner.caption(PIXELS, go_on, most=1)
    assert captioner._loaded is not None


def test_unloading_frees_the_network(written: Path):
    captioner = opened(written / "blip")
    network = weakref.ref(captioner.ready().network)
    captioner.unload()
    gc.collect()
    assert network() is None
    assert captioner.caption(PIXELS, go_on, most=1).tokens == 1, "it is read again when asked"


def test_the_hooks_of_a_run_are_gone_after_it(written: Path):
    captioner = opened(written / "blip")
    captioner.caption(PIXELS, go_on, most=2)
    with pytest.raises(Cancelled):
        captioner.caption(PIXELS, Ticks(5), most=2)
    parts = captioner.ready().network.modules()
    assert [part for part in parts if part._forward_pre_hooks] == []


@pytest.mark.parametrize("name", ["blip", "git"])
def test_a_cancel_is_heard_before_every_part_of_every_layer(written: Path, name: str):
    """In the prefill and in each step; nothing of the network runs after it."""
    captioner = opened(written / name)
    captioner.ready()
    whole = Ticks()
    captioner.caption(PIXELS, whole, most=4)
    leaves = [m for m in captioner.ready().network.modules() if not list(m.children())]
    assert whole.count > len(leaves)  # each at least once, and more in the steps
    for at in (1, 2, whole.count // 3, whole.count // 2, whole.count - 1, whole.count):
        ticks = Ticks(at)
        with pytest.raises(Cancelled):
            captioner.caption(PIXELS, ticks, most=4)
        assert ticks.count <= at + 2  # asked again while it cleans up


@pytest.mark.parametrize("name", ["blip", "git"])
def test_a_cancel_is_heard_while_the_layers_are_made(written: Path, name: str):
    """With the layers of a published network that takes half a second."""

    def tick() -> None:
        places = traceback.extract_stack()
        if any(place.name == "_make" for place in places):
            raise Cancelled

    captioner = opened(written / name)
    with pytest.raises(Cancelled):
        captioner.ready(tick)
    assert torch.get_default_dtype() == torch.float32
    again = captioner.caption(PIXELS, go_on, most=6)
    assert again == opened(written / name).caption(PIXELS, go_on, most=6)


def test_two_hundred_cancels_leave_nothing_behind(written: Path):
    captioner = opened(written / "blip")
    captioner.ready()
    whole = Ticks()
    captioner.caption(PIXELS, whole, most=8)
    chance = random.Random(0)

    def cancel_often(times: int) -> float:
        for _ in range(times):
            with pytest.raises(Cancelled):
                captioner.caption(PIXELS, Ticks(chance.randint(1, whole.count)), most=8)
        give_back()
        return resident_mb()

    before_mb = cancel_often(30)
    assert cancel_often(200) - before_mb < 8


# --- what is wrong with a folder is told ---


def fail(folder: Path) -> ImageCraftError:
    with pytest.raises(DescribeError) as caught:
        opened(folder).ready()
    assert caught.value.exit_code == 4
    return caught.value


def edit_tensors(folder: Path, change: Callable[[dict[str, torch.Tensor]], object]) -> None:
    tensors = load_file(folder / "model.safetensors")
    change(tensors)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


PART = "text_decoder.bert.encoder.layer.1.output.dense.bias"


def test_a_missing_tensor_is_named(changed: Path):
    edit_tensors(changed, lambda tensors: tensors.pop(PART))
    error = fail(changed)
    assert isinstance(error, ModelDamaged)
    assert error.spoken.startswith(f"Model damaged: changed. Missing in its weights: {PART}.")


def test_an_unexpected_tensor_is_named(changed: Path):
    edit_tensors(changed, lambda tensors: tensors.update(guest=torch.ones(3)))
    assert "Not expected in its weights: guest." in fail(changed).spoken


def test_a_tensor_of_a_wrong_size_is_named(changed: Path):
    edit_tensors(changed, lambda tensors: tensors.update({PART: torch.ones(5)}))
    assert f"Of a wrong size in its weights: {PART}." in fail(changed).spoken


def test_a_tied_tensor_of_a_wrong_size_is_refused(changed: Path):
    tied = "text_decoder.cls.predictions.decoder.bias"
    edit_tensors(changed, lambda tensors: tensors.update({tied: torch.ones(8)}))
    assert isinstance(fail(changed), ModelDamaged)


def test_weights_that_are_no_numbers_are_refused(changed: Path):
    edit_tensors(changed, lambda tensors: tensors.update({PART: torch.full((32,), torch.nan)}))
    captioner = opened(changed)
    with pytest.raises(ModelDamaged, match="no numbers"):
        captioner.caption(PIXELS, go_on)


@pytest.mark.parametrize(
    "name", ["config.json", "model.safetensors", "preprocessor_config.json", "tokenizer.json"]
)
def test_a_file_that_is_cut_off_is_named(changed: Path, name: str):
    file = changed / name
    file.write_bytes(file.read_bytes()[:-9])
    error = fail(changed)
    assert isinstance(error, ModelDamaged)
    assert name in error.spoken


@pytest.mark.parametrize("name", ["config.json", "preprocessor_config.json", "tokenizer.json"])
def test_a_file_that_is_not_there_is_named(changed: Path, name: str):
    (changed / name).unlink()
    error = fail(changed)
    assert isinstance(error, ModelMissing)
    assert name in error.spoken


@pytest.mark.parametrize(
    ("name", "differences"),
    [
        ("config.json", {"model_type": 7}),
        ("config.json", {"text_config": {"hidden_size": "wide"}}),
        ("config.json", {"vision_config": 3}),
        ("config.json", {"text_config": {"num_attention_heads": 0}}),
        ("preprocessor_config.json", {"size": None}),
        ("preprocessor_config.json", {"size": {"height": -1, "width": 5}}),
        ("preprocessor_config.json", {"image_mean": [0.5]}),
        ("preprocessor_config.json", {"image_std": [0, 0, 0]}),
        ("preprocessor_config.json", {"size": {"shortest_edge": 9}}),
    ],
)
def test_a_configuration_of_nonsense_is_refused(
    changed: Path, name: str, differences: dict[str, object]
):
    file = changed / name
    file.write_text(json.dumps(json.loads(file.read_text()) | differences))
    assert isinstance(fail(changed), ModelDamaged)


def test_weights_that_would_have_to_be_unpickled_are_not_opened(changed: Path):
    tensors = load_file(changed / "model.safetensors")
    (changed / "model.safetensors").unlink()
    torch.save(tensors, changed / "pytorch_model.bin")
    assert "Weights in other forms are not opened" in fail(changed).spoken


def test_an_index_never_leads_out_of_the_folder(changed: Path):
    (changed / "model.safetensors").rename(changed.parent / "other.safetensors")
    index = {"weight_map": {PART: "../other.safetensors"}}
    (changed / "model.safetensors.index.json").write_text(json.dumps(index))
    assert "model.safetensors.index.json" in fail(changed).spoken


def test_a_shard_that_is_not_there_is_named(changed: Path):
    (changed / "model.safetensors").unlink()
    index = {"weight_map": {PART: "model-00001-of-00002.safetensors"}}
    (changed / "model.safetensors.index.json").write_text(json.dumps(index))
    assert "model-00001-of-00002.safetensors" in fail(changed).spoken


@pytest.mark.parametrize(
    "head",
    [
        b"",
        struct.pack("<Q", 2**60),
        struct.pack("<Q", 2) + b"{}",
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 12) + b'{"a": {"b":0',
        struct.pack("<Q", 6) + b'{"a":1}',
    ],
)
def test_a_file_that_only_has_the_name_of_weights_is_refused(changed: Path, head: bytes):
    (changed / "model.safetensors").write_bytes(head)
    assert "model.safetensors" in fail(changed).spoken


def test_a_kind_that_nobody_runs_is_named(changed: Path):
    config = json.loads((changed / "config.json").read_text()) | {"model_type": "oracle"}
    (changed / "config.json").write_text(json.dumps(config))
    said = fail(changed).spoken
    assert "Models of the kind oracle are not known. Choose one of these: blip, " in said
    assert "git, " in said


def test_code_in_a_folder_is_never_run(changed: Path):
    config = json.loads((changed / "config.json").read_text())
    config["auto_map"] = {"AutoModel": "trap.Trap", "AutoConfig": "trap.Trap"}
    (changed / "config.json").write_text(json.dumps(config))
    (changed / "trap.py").write_text(f"open({str(changed / 'sprung')!r}, 'w')")
    opened(changed).caption(PIXELS, go_on, most=1)
    assert not (changed / "sprung").exists()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(ModelMissing, match="There is no folder"):
        make(str(tmp_path / "nowhere"), known())


def test_a_name_that_is_no_folder_gets_the_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelMissing, match=r"Choose one of: blip, .*embedded, .*git, .*paligemma"):
        make("nobody", known())


@pytest.mark.parametrize("wish", ["blip-large", "imagecraft", "ImageCraft"])
def test_a_model_that_is_not_installed_says_how_to_install_it(wish: str):
    """It is known: to be told to choose another would lead astray."""
    with pytest.raises(ModelMissing) as caught:
        make(wish, known())
    name = wish.lower()
    assert caught.value.spoken == (
        f"Model missing: {name}. It is not installed. To install it: Settings, page Models, or the command imagecraft-desktop models install {name}"
    )
    assert caught.value.exit_code == 4


def test_a_voice_s_model_is_no_captioner():
    with pytest.raises(ModelMissing, match="Choose one of"):
        make("voicecraft-330m", known())


def test_a_captioner_without_its_model_says_what_to_do():
    with pytest.raises(
        ModelMissing, match=r"Settings, page Models, which also takes one from a folder"
    ):
        make("blip", known())


@pytest.mark.parametrize("name", ["blip", "blip-base"])
def test_an_installed_model_is_found_by_its_name_and_by_its_captioner(written: Path, name: str):
    store.import_folder(catalogue.find("git-base-coco"), written / "git", go_on)
    store.import_folder(catalogue.find("blip-base"), written / "blip", go_on)
    captioner = make(name, known())
    captioner.load("cpu")
    assert isinstance(captioner, Blip)
    assert captioner.caption(PIXELS, go_on, most=1).tokens == 1


def test_an_installed_model_that_has_lost_a_file_is_damaged(written: Path):
    store.import_folder(catalogue.find("blip-base"), written / "blip", go_on)
    (store.folder_of("blip-base") / "model.safetensors").unlink()
    with pytest.raises(ModelDamaged, match="blip-base"):
        make("blip-base", known())


def test_a_network_too_large_for_the_memory_is_refused_before_it_is_read(
    written: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(facts_first, "available_mb", lambda: 500.0)
    with pytest.raises(OutOfMemory) as caught:
        opened(written / "blip").ready()
    assert caught.value.spoken == (
        "Not enough memory to describe this picture with blip. Close other programs, or choose a lighter model: "
        "Settings, page Models, or the command imagecraft-desktop models list."
    )
    assert caught.value.exit_code == 4


# --- what is made of what it wrote ---


@pytest.mark.parametrize(
    ("probabilities", "said", "level"),
    [
        ([0.9, 0.8, 0.9], "A man on a horse.", Certainty.CERTAIN),
        ([0.9, 0.9, 0.2], "Probably a man on a horse.", Certainty.LIKELY),
        ([0.6, 0.6, 0.6], "Probably a man on a horse.", Certainty.LIKELY),
        ([0.3, 0.3, 0.3], "Could be a man on a horse.", Certainty.UNSURE),
        ([0.9, 0.9, 0.05], "Could be a man on a horse.", Certainty.UNSURE),
        ([0.1, 0.1, 0.1], "I cannot tell what it shows.", Certainty.UNSURE),
        ([0.9, 0.9, 0.001], "I cannot tell what it shows.", Certainty.UNSURE),
    ],
)
def test_the_words_are_as_sure_as_the_network(
    probabilities: list[float], said: str, level: Certainty
):
    statement = say_caption(make_caption("a man on a horse", probabilities, True))
    assert (statement.text, statement.certainty) == (said, level)
    assert statement.source == "captioner"


def test_what_was_cut_off_is_never_sure():
    assert make_caption("a man on a", [0.99] * 4, False).certainty is Certainty.UNSURE


def test_nothing_written_is_nothing_stated():
    for text in ("", " ", "...", "\n"):
        made = make_caption(text, [], True)
        assert (made.text, made.certainty) == ("", None)
        assert say_caption(made).text == "I cannot tell what it shows."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A dog", "Probably a dog."),
        ("Rome at night", "Probably Rome at night."),
        ("NASA staff", "Probably NASA staff."),
        ("there is a cat", "Probably there is a cat."),
    ],
)
def test_a_hedge_changes_no_name(text: str, said: str):
    assert say_caption(make_caption(text, [0.6], True)).text == said


def test_the_hedge_is_in_the_language_of_the_caption(monkeypatch: pytest.MonkeyPatch):
    from imagecraft_desktop.system import paths

    strings.use_language("es", paths.resources() / "locale")
    try:
        assert say_caption(make_caption("a dog", [0.6], True)).text == "Probably a dog."
    finally:
        strings.use_language("en", paths.resources() / "locale")


@pytest.mark.parametrize(
    ("sure", "said"),
    [
        (0.9, "Ein Hund am Strand."),
        (0.6, "Probably: Ein Hund am Strand."),
        (0.3, "Could be: Ein Hund am Strand."),
        (0.1, "I cannot tell what it shows."),
    ],
)
def test_a_hedge_stands_before_a_sentence_in_a_foreign_language(sure: float, said: str):
    caption = make_caption("Ein Hund am Strand", [sure], True, "de")
    assert say_caption(caption).text == said


def test_a_hedge_is_never_in_a_third_language():
    from imagecraft_desktop.system import paths

    strings.use_language("es", paths.resources() / "locale")
    try:
        spanish = make_caption("Un perro", [0.6], True, "es-MX")
        assert say_caption(spanish).text == "Probablemente un perro."
        german = make_caption("Ein Hund", [0.3], True, "de")
        assert say_caption(german).text == "Podría ser: Ein Hund."
    finally:
        strings.use_language("en", paths.resources() / "locale")


@pytest.mark.parametrize("error", [ZeroDivisionError, AttributeError])
def test_what_a_wrong_number_in_a_configuration_makes_of_a_run_is_told(
    written: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
):
    def fail(*_: object) -> None:
        raise error

    captioner = opened(written / "blip")
    monkeypatch.setattr(captioner, "inputs", fail)
    with pytest.raises(DescribeError, match="could not be described by blip"):
        captioner.caption(PIXELS, go_on)
