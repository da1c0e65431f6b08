"""The Python face: what goes in, what comes out."""

from __future__ import annotations

import io
import json
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from imagecraft_desktop.errors import (
    Cancelled,
    ModelMissing,
    SpeechNotSaved,
    UnreadableImage,
    VoiceMissing,
)
from imagecraft_desktop.imagecraft import REPO, ImageCraft
from imagecraft_desktop.values import Caption
from imagecraft_desktop.weights import catalogue, store
from tests.cancelling import Ticks
from tests.golden import IMAGECRAFT

CHECKPOINT = IMAGECRAFT / "checkpoint"
FILE = IMAGECRAFT / "images" / "img0.png"
IMAGES = json.loads((IMAGECRAFT / "expected" / "expected.json").read_text("utf-8"))["images"]
CAPTION = "A black diamond on a blue background."


@pytest.fixture(scope="module")
def model() -> Iterator[ImageCraft]:
    made = ImageCraft.from_pretrained(CHECKPOINT, device="cpu", dtype="float32", voice="hibari")
    yield made
    made.unload()


@pytest.mark.parametrize("entry", IMAGES, ids=lambda entry: entry["file"])
def test_the_transcript_is_the_original_s_caption(model: ImageCraft, entry: dict):
    picture = IMAGECRAFT / "images" / entry["file"]
    assert model.generate(picture, return_output="transcript") == entry["caption"]


def test_every_form_of_a_picture_gives_the_same(model: ImageCraft):
    picture = Image.open(FILE).convert("RGB")
    pixels = np.asarray(picture)
    opaque = np.dstack((pixels, np.full(pixels.shape[:2], 255, np.uint8)))
    for image in (FILE, str(FILE), picture, pixels, opaque):
        assert model.generate(image, return_output="transcript") == CAPTION


def _turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6  # by a quarter to the right
    return exif


SHADES = np.linspace(0, 65535, 24 * 16).reshape(16, 24)
SEE_THROUGH = np.dstack((np.full((16, 24, 3), 30), np.linspace(0, 255, 384).reshape(16, 24)))
PICTURES = {
    "see-through.png": (Image.fromarray(SEE_THROUGH.astype(np.uint8)), {}),
    "see-through-grey.png": (Image.fromarray(SEE_THROUGH.astype(np.uint8)).convert("LA"), {}),
    "see-through-palette.png": (
        Image.fromarray((SHADES // 8192).astype(np.uint8)).convert("P"),
        {"transparency": 0},
    ),
    "turned.jpg": (Image.fromarray((SHADES // 256).astype(np.uint8)), {"exif": _turned()}),
    "turned.png": (Image.fromarray(SEE_THROUGH.astype(np.uint8)), {"exif": _turned()}),
    # without a compression Pillow itself takes the rows of one that is turned for its columns
    "turned.tiff": (
        Image.fromarray((SHADES // 256).astype(np.uint8)),
        {"exif": _turned(), "compression": "tiff_deflate"},
    ),
    "deep.png": (Image.fromarray(SHADES.astype(np.uint16)), {}),
    "numbers.tiff": (Image.fromarray(SHADES.astype(np.int32)), {}),
    "fractions.tiff": (Image.fromarray(SHADES.astype(np.float32)), {}),
    "ink.jpg": (Image.fromarray((SHADES // 256).astype(np.uint8)).convert("CMYK"), {}),
}
"""Files by their names, each with how it is written."""


@pytest.fixture
def given(model: ImageCraft, monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    """The pixels that the network was given."""
    seen = []

    def caption(pixels: np.ndarray, *_: object) -> Caption:
        seen.append(pixels)
        return Caption("A dog.", 0.9, 0.9, 3, None)

    monkeypatch.setattr(model._captioner, "caption", caption)
    return seen


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_pillow_is_taken_as_its_file_is(
    model: ImageCraft, given: list[np.ndarray], tmp_path: Path, name: str
):
    picture, how = PICTURES[name]
    picture.save(tmp_path / name, **how)
    model.generate(tmp_path / name, return_output="transcript")
    with Image.open(tmp_path / name) as opened:
        model.generate(opened, return_output="transcript")
    by_path, by_pillow = given
    assert by_pillow.dtype == np.uint8
    np.testing.assert_array_equal(by_pillow, by_path)


def test_a_see_through_array_lies_on_white(model: ImageCraft, given: list[np.ndarray]):
    model.generate(np.zeros((8, 8, 4), np.uint8), return_output="transcript")
    assert (given[0] == 255).all()


def test_a_picture_of_pillow_that_cannot_be_read_is_told(model: ImageCraft, tmp_path: Path):
    whole = io.BytesIO()
    Image.effect_noise((64, 64), 50).save(whole, "PNG")
    with (
        Image.open(io.BytesIO(whole.getvalue()[:-1500])) as cut,
        pytest.raises(UnreadableImage, match="image"),
    ):
        model.generate(cut)
    with pytest.raises(UnreadableImage):
        model.generate(Image.new("RGB", (0, 4)))


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((4, 4, 3), np.float32),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((4, 4, 2), np.uint8),
        np.zeros(4, np.uint8),
    ],
)
def test_what_is_no_picture_is_refused(model: ImageCraft, array: np.ndarray):
    with pytest.raises(UnreadableImage, match="array of uint8 is needed"):
        model.generate(array)


def test_a_grey_picture_is_taken(model: ImageCraft):
    assert model.generate(np.eye(64, dtype=np.uint8) * 255, return_output="transcript")


@pytest.mark.parametrize("return_output", ["speech", None])
def test_a_file_is_written_under_a_name_of_its_own(
    model: ImageCraft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, return_output: str | None
):
    monkeypatch.chdir(tmp_path)
    transcript, path = model.generate(FILE, return_output=return_output)
    assert transcript == CAPTION
    written = Path(path)
    assert written.parent == Path("media/voicecraft/generated")
    assert uuid.UUID(written.stem).version == 4
    samples, rate_hz = soundfile.read(written)
    assert (samples.ndim, rate_hz) == (1, 16_000)
    assert 1 < len(samples) / rate_hz < 6
    assert np.abs(samples).max() > 0.1


def test_a_buffer_is_a_whole_wav_file(model: ImageCraft):
    transcript, sound = model.generate(FILE, output_type="buffer")
    assert transcript == CAPTION
    assert sound[:4] == b"RIFF"
    samples, rate_hz = soundfile.read(io.BytesIO(sound))
    assert rate_hz == 16_000
    assert len(samples) > 16_000


def test_a_caption_of_nothing_is_no_failure(model: ImageCraft, monkeypatch: pytest.MonkeyPatch):
    """The original failed there."""
    monkeypatch.setattr(type(model._captioner), "text", lambda self, decoded, wish: " . ")
    transcript, sound = model.generate(FILE, output_type="buffer")
    assert transcript == ""
    assert len(soundfile.read(io.BytesIO(sound))[0]) == 0


def test_the_most_tokens_are_kept_to(model: ImageCraft):
    assert model.generate(FILE, 3, return_output="transcript") == "A black diamond."


def test_words_can_be_drawn(model: ImageCraft):
    drawn = [
        model.generate(FILE, do_sample=True, seed=seed, return_output="transcript")
        for seed in (1, 1, 2, 3, 4, 5)
    ]
    assert drawn[0] == drawn[1]
    assert len(set(drawn)) > 1


def test_a_cancel_ends_it(model: ImageCraft):
    with pytest.raises(Cancelled):
        model.generate(FILE, tick=Ticks(9))


# --- where the network is ---


@pytest.mark.parametrize("asked", [REPO, "imagecraft"])
def test_a_model_that_is_not_here_is_not_fetched_and_its_command_is_told(asked: str):
    with pytest.raises(ModelMissing) as caught:
        ImageCraft.from_pretrained(asked)
    assert caught.value.spoken == (
        "Model missing: imagecraft. It is not installed. To install it: Settings, page Models, or the command imagecraft-desktop models install imagecraft"
    )


def test_a_name_of_the_hub_that_nobody_knows_is_no_folder():
    with pytest.raises(ModelMissing, match="There is no folder somebody/something"):
        ImageCraft.from_pretrained("somebody/something")


def test_an_error_is_told_once_and_whole(tmp_path: Path):
    folder = tmp_path / "no such"
    with pytest.raises(ModelMissing) as caught:
        ImageCraft.from_pretrained(folder)
    told = f"Model missing: no such. There is no folder {folder}. Check its name."
    assert str(caught.value) == caught.value.spoken == told


@pytest.mark.parametrize("name", ["", "no name", "a/b/c", "../../etc", "~nobody-is-called-so/a"])
def test_what_is_no_name_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelMissing):
        ImageCraft.from_pretrained(name)


@pytest.mark.parametrize("asked", ["imagecraft", REPO])
def test_a_model_that_the_program_keeps_is_found_by_its_name(asked: str, tmp_path: Path):
    brought = Path(shutil.copytree(CHECKPOINT, tmp_path / "brought"))
    for name in ("tokenizer.model", "tokenizer_config.json"):  # of the published folder; not read
        (brought / name).write_text("{}")
    store.import_folder(catalogue.find("imagecraft"), brought, lambda: None)
    shutil.rmtree(brought)
    made = ImageCraft.from_pretrained(asked)
    assert made.generate(FILE, return_output="transcript") == CAPTION


def test_a_pickle_is_not_opened(tmp_path: Path):
    (tmp_path / "model.ckpt").write_bytes(b"")
    with pytest.raises(ModelMissing, match="can hold programs"):
        ImageCraft.from_pretrained(tmp_path / "model.ckpt")


# --- who speaks ---


def test_a_voice_that_is_not_here_is_named():
    made = ImageCraft.from_pretrained(CHECKPOINT, voice="nobody")
    with pytest.raises(VoiceMissing, match="nobody"):
        made.generate(FILE)


def test_a_voice_whose_sound_cannot_be_kept_is_refused():
    made = ImageCraft.from_pretrained(CHECKPOINT, voice="silence")
    with pytest.raises(SpeechNotSaved):
        made.generate(FILE)
