"""CoCa: our own network equals open_clip on its data, and a folder of open_clip's is read strictly."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from imagecraft_desktop.describe.base import known, make
from imagecraft_desktop.describe.coca import CoCa
from imagecraft_desktop.errors import (
    Cancelled,
    DescribeError,
    ImageCraftError,
    ModelDamaged,
    ModelMissing,
)
from imagecraft_desktop.nets.captioners import coca
from imagecraft_desktop.nets.captioners.coca import Coca, load_coca
from imagecraft_desktop.nets.captioners.generate import Options, collect
from imagecraft_desktop.values import Certainty, Wish
from imagecraft_desktop.weights import catalogue, store
from tests.cancelling import Ticks
from tests.unit.describe.tiny_coca import CONFIG, GOLDEN, write_coca, write_golden

EXPECTED = json.loads((GOLDEN / "expected.json").read_text("utf-8"))
TENSORS = load_file(GOLDEN / "expected.safetensors")
WEIGHTS = "open_clip_pytorch_model.safetensors"
CLOSE = {"atol": 1e-4, "rtol": 0}
PIXELS = np.random.default_rng(0).integers(0, 255, (90, 120, 3), dtype=np.uint8)


def go_on() -> None:
    pass


# --- the network ---


@pytest.fixture(scope="module")
def network() -> Coca:
    return load_coca(CONFIG, GOLDEN / "open_clip_model.safetensors", "cpu", torch.float32)


def test_image_tokens_and_logits_are_those_of_open_clip(network: Coca):
    with torch.inference_mode():
        seen = network.look(TENSORS["pixel_values"])
        logits = network(TENSORS["text_ids"], network.begin(seen))
    torch.testing.assert_close(seen, TENSORS["image_embs"], **CLOSE)
    torch.testing.assert_close(logits, TENSORS["logits"], **CLOSE)


def test_token_by_token_is_the_same_as_all_at_once(network: Coca):
    ids = TENSORS["text_ids"][:1]
    with torch.inference_mode():
        text = network.begin(network.look(TENSORS["pixel_values"][:1]))
        steps = [network(ids[:, at : at + 1], text) for at in range(ids.shape[1])]
    torch.testing.assert_close(torch.cat(steps, 1), TENSORS["logits"][:1], **CLOSE)


@pytest.mark.parametrize("number", range(len(EXPECTED["greedy"])))
def test_it_writes_what_open_clip_writes(network: Coca, number: int):
    pixels = TENSORS["pixel_values"][number : number + 1].numpy()
    options = Options(EXPECTED["eot"], most=100)
    answer = collect(coca.stream(network, pixels, EXPECTED["sot"], options, go_on))
    assert [EXPECTED["sot"], *answer.ids] == EXPECTED["greedy"][number]
    assert not answer.has_ended
    assert len(answer.probabilities) == len(answer.ids)


def test_no_caption_ends_before_its_fifth_token(network: Coca):
    """The token that would come first is made the end."""
    first = EXPECTED["greedy"][0][1]
    pixels = TENSORS["pixel_values"][:1].numpy()
    options = Options(first, most=100)
    answer = collect(coca.stream(network, pixels, EXPECTED["sot"], options, go_on))
    assert first not in answer.ids
    assert len(answer.ids) >= 4


def test_drawn_words_are_the_same_for_the_same_seed(network: Coca):
    pixels = TENSORS["pixel_values"][:1].numpy()
    drawn = []
    for seed in (1, 1, 2):
        options = Options(EXPECTED["eot"], 9, seed)
        tokens = coca.stream(network, pixels, EXPECTED["sot"], options, go_on)
        drawn.append(collect(tokens).ids)
    assert drawn[0] == drawn[1] != drawn[2]


# --- the captioner ---


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that knows one caption; not to be changed."""
    return write_coca(tmp_path_factory.mktemp("networks") / "coca")


@pytest.fixture
def changed(folder: Path, tmp_path: Path) -> Path:
    """A network of its own, to be changed."""
    return Path(shutil.copytree(folder, tmp_path / "changed"))


def opened(folder: Path) -> CoCa:
    made = make(str(folder), known())
    assert isinstance(made, CoCa)
    made.load("cpu")
    return made


def test_a_folder_of_open_clip_is_found_by_its_configuration(folder: Path):
    caption = opened(folder).caption(PIXELS, go_on)
    assert caption.text == "A dog man's hat runs, and in the street."
    assert caption.certainty is Certainty.CERTAIN
    assert caption.tokens == 12


def test_both_names_of_the_weights_are_known(tmp_path: Path):
    made = opened(write_golden(tmp_path / "golden")).caption(PIXELS, go_on)
    assert made.tokens == 15
    assert made.certainty is None


def test_pixels_are_the_middle_square_scaled_and_normalised(folder: Path):
    pixels = np.zeros((100, 200, 3), np.uint8)
    pixels[:, 60:140] = 255  # the middle hundred columns begin at 50
    made = opened(folder).ready().preprocess(pixels)
    assert made.shape == (1, 3, 64, 64)
    white = [
        (1 - 0.48145466) / 0.26862954,
        (1 - 0.4578275) / 0.26130258,
        (1 - 0.40821073) / 0.27577711,
    ]
    np.testing.assert_allclose(made[0, :, 32, 32], white, atol=1e-5)
    assert (made[0, 0, :, 0] < 0).all()
    assert (made[0, 0, :, -1] < 0).all()


def test_a_cancel_is_heard_at_any_moment(folder: Path):
    captioner = opened(folder)
    captioner.ready()  # reading it ticks, too
    whole = Ticks()
    captioner.caption(PIXELS, whole)
    leaves = [m for m in captioner.ready().network.modules() if not list(m.children())]
    assert whole.count > len(leaves)
    for at in (1, 2, whole.count // 3, whole.count // 2, whole.count):
        ticks = Ticks(at)
        with pytest.raises(Cancelled):
            captioner.caption(PIXELS, ticks)
        assert ticks.count == at
    assert [m for m in captioner.ready().network.modules() if m._forward_pre_hooks] == []


def test_it_is_installed_from_a_folder_like_any_other(folder: Path):
    store.import_folder(catalogue.find("coca"), folder, go_on)
    captioner = make("coca", known())
    captioner.load("cpu")
    assert isinstance(captioner, CoCa)
    assert captioner.caption(PIXELS, go_on, most=3).tokens == 3


def test_a_published_folder_does_not_count_what_every_text_has(changed: Path):
    """The mask that makes a text causal; some files hold it."""
    edit(changed, lambda tensors: tensors.update({"text.attn_mask": torch.zeros(16, 16)}))
    assert opened(changed).caption(PIXELS, go_on, most=1).tokens == 1


# --- what is wrong with a folder is told ---


def edit(folder: Path, change: Callable[[dict[str, torch.Tensor]], object]) -> None:
    tensors = load_file(folder / WEIGHTS)
    change(tensors)
    save_file(tensors, folder / WEIGHTS)


def fail(folder: Path) -> ImageCraftError:
    with pytest.raises(DescribeError) as caught:
        opened(folder).ready()
    assert caught.value.exit_code == 4
    return caught.value


NAME = "text_decoder.cross_attn.1.ln_1_kv.weight"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda tensors: tensors.pop(NAME), "Missing in its weights"),
        (lambda tensors: tensors.update({NAME: torch.ones(3)}), "Of a wrong size"),
        (lambda tensors: tensors.update(guest=torch.ones(3)), "Not expected in its weights"),
    ],
)
def test_tensors_must_be_exactly_those_of_the_network(
    changed: Path, change: Callable[[dict[str, torch.Tensor]], object], said: str
):
    edit(changed, change)
    error = fail(changed)
    assert isinstance(error, ModelDamaged)
    assert said in error.spoken


def test_weights_that_are_no_numbers_are_told(changed: Path):
    edit(changed, lambda tensors: tensors.update({NAME: torch.full((32,), torch.nan)}))
    with pytest.raises(ModelDamaged, match="no numbers"):
        opened(changed).caption(PIXELS, go_on)


def test_a_missing_tokenizer_says_where_there_is_one(changed: Path):
    (changed / "tokenizer.json").unlink()
    error = fail(changed)
    assert isinstance(error, ModelMissing)
    assert "openai/clip-vit-large-patch14" in error.spoken


def test_a_pickle_is_not_opened(changed: Path):
    (changed / WEIGHTS).rename(changed / "open_clip_pytorch_model.bin")
    assert "Weights in other forms are not opened" in fail(changed).spoken


def test_a_file_that_is_cut_off_is_named(changed: Path):
    (changed / WEIGHTS).write_bytes((changed / WEIGHTS).read_bytes()[:-9])
    assert WEIGHTS in fail(changed).spoken


def test_an_open_clip_that_writes_no_text_is_no_captioner(changed: Path):
    model = {key: value for key, value in CONFIG["model_cfg"].items() if key != "multimodal_cfg"}
    (changed / "open_clip_config.json").write_text(json.dumps(CONFIG | {"model_cfg": model}))
    assert "Models of the kind open_clip are not known." in fail(changed).spoken


VISION = CONFIG["model_cfg"]["vision_cfg"]


@pytest.mark.parametrize(
    "differences",
    [
        {"model_cfg": 7},
        {"model_cfg": CONFIG["model_cfg"] | {"quick_gelu": True}},
        {"model_cfg": CONFIG["model_cfg"] | {"embed_dim": 33}},
        {"model_cfg": CONFIG["model_cfg"] | {"text_cfg": None}},
        {"model_cfg": CONFIG["model_cfg"] | {"vision_cfg": VISION | {"head_width": 0}}},
        {"model_cfg": CONFIG["model_cfg"] | {"vision_cfg": VISION | {"width": "wide"}}},
        {"model_cfg": CONFIG["model_cfg"] | {"vision_cfg": VISION | {"image_size": -1}}},
        {"preprocess_cfg": CONFIG["preprocess_cfg"] | {"resize_mode": "longest"}},
        {"preprocess_cfg": CONFIG["preprocess_cfg"] | {"interpolation": "nearest"}},
        {"preprocess_cfg": CONFIG["preprocess_cfg"] | {"std": [0, 0, 0]}},
        {"preprocess_cfg": 5},
    ],
)
def test_a_configuration_of_nonsense_is_refused(changed: Path, differences: dict[str, object]):
    (changed / "open_clip_config.json").write_text(json.dumps(CONFIG | differences))
    assert isinstance(fail(changed), ModelDamaged)


def test_what_the_configuration_leaves_out_is_as_in_clip(changed: Path):
    """The published one has no number of queries, and its pictures are CLIP's."""
    config = {"model_cfg": CONFIG["model_cfg"]}
    (changed / "open_clip_config.json").write_text(json.dumps(config))
    ours = opened(changed).ready().preprocess
    assert ours.mean == tuple(CONFIG["preprocess_cfg"]["mean"])
    vision = {key: value for key, value in VISION.items() if "pooler" not in key}
    sizes = coca.read_sizes({"model_cfg": CONFIG["model_cfg"] | {"vision_cfg": vision}})
    assert (sizes.pooler_heads, sizes.queries) == (8, 256)


def test_words_are_joined_as_they_are_written():
    text = CoCa().text("a</w>man</w>'s</w>hat</w>,</w>red</w>.</w>", Wish())
    assert text.strip() == "a man's hat, red."
