"""What the chat models read around a picture: the checkpoint's own template, wherever it lies, filled as its makers do.

The expected words are what the published templates make of a picture and a question. They were compared, by
reading, with: the templates of Gemma 4 in llama.cpp (models/templates), those of Gemma 3, Qwen3.5 and
MiniCPM-V 4.6 in llama-cpp-python by JamePeng (chat handlers), the prompts in the tests of transformers
(InternVL), and SmolVLM's, which transformers itself holds and which is used here as it is. That of Qwen3-VL
is the one of Qwen3.5 without its empty thought; the variant in llama-cpp-python has a system turn besides.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from transformers.models.smolvlm.processing_smolvlm import DEFAULT_CHAT_TEMPLATE

from imagecraft_desktop.describe.chat import Chat
from imagecraft_desktop.describe.conversation import Template, Turn
from imagecraft_desktop.errors import ModelDamaged
from imagecraft_desktop.values import Wish
from tests.unit.describe.tiny_chat import WRITERS

PIXELS = np.random.default_rng(0).integers(0, 255, (48, 64, 3), dtype=np.uint8)
KINDS = sorted(WRITERS)
_SMOL = "<|im_start|>User:{picture}What is it?<end_of_utterance>\nAssistant:{then}"
_SMOL_THEN = " A dog.<end_of_utterance>\nUser: And why?<end_of_utterance>\nAssistant:"
_CHATML = "<|im_start|>user\n{picture}What is it?<|im_end|>\n<|im_start|>assistant\n{then}"
_CHATML_THEN = "A dog.<|im_end|>\n<|im_start|>user\nAnd why?<|im_end|>\n<|im_start|>assistant\n"
_NO_THOUGHT = "<think>\n\n</think>\n\n"
_GEMMA3 = (
    "<bos><start_of_turn>user\n{picture}What is it?<end_of_turn>\n<start_of_turn>model\n{then}"
)
_GEMMA3_THEN = (
    "A dog.<end_of_turn>\n<start_of_turn>user\nAnd why?<end_of_turn>\n<start_of_turn>model\n"
)
_GEMMA4 = "<bos><|turn>user\n{picture}What is it?<turn|>\n<|turn>model\n{then}"
_GEMMA4_THEN = "A dog.<turn|>\n<|turn>user\nAnd why?<turn|>\n<|turn>model\n"
PROMPTS = {
    "smolvlm": (_SMOL, "<image>", _SMOL_THEN, ""),
    "idefics3": (_SMOL, "<image>", _SMOL_THEN, ""),
    "qwen3_vl": (_CHATML, "<|vision_start|><|image_pad|><|vision_end|>", _CHATML_THEN, ""),
    "qwen3_5": (_CHATML, "<|vision_start|><|image_pad|><|vision_end|>", _CHATML_THEN, _NO_THOUGHT),
    "gemma3": (_GEMMA3, "<start_of_image>", _GEMMA3_THEN, ""),
    "gemma4": (_GEMMA4, "\n\n<|image|>\n\n", _GEMMA4_THEN, ""),
    "internvl": (_CHATML, "<IMG_CONTEXT>\n", _CHATML_THEN, ""),
    "minicpmv4_6": (_CHATML, "<|image_pad|>\n", _CHATML_THEN, _NO_THOUGHT),
    "minicpmv4_7": (_CHATML, "<|image_pad|>\n", _CHATML_THEN, _NO_THOUGHT),
}
"""By kind: the words, what stands for the picture, what follows an answer, what ends a prompt."""
PLACES = {
    "smolvlm": "<fake_token_around_image><global-img><image>+<fake_token_around_image>",
    "idefics3": "<fake_token_around_image><global-img><image>+<fake_token_around_image>",
    "qwen3_vl": "<|vision_start|><|image_pad|>+<|vision_end|>",
    "qwen3_5": "<|vision_start|><|image_pad|>+<|vision_end|>",
    "gemma3": "\n\n<start_of_image><image_soft_token>+<end_of_image>\n\n",
    "gemma4": "\n\n<|image><|image|>+<image|>\n\n",
    "internvl": "<img><IMG_CONTEXT>+</img>\n",
    "minicpmv4_6": "<image_id>0</image_id><image><|image_pad|>+</image>\n",
    "minicpmv4_7": "<image_id>0</image_id><image><|image_pad|>+</image>\n",
}
"""What the processors of transformers make of the picture's sign; "+" for as many as there are places."""


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


def read_by(chat: Chat, question: str) -> str:
    """All that the network reads, signs included, many signs for places as one and a plus."""
    ready = chat.ready()
    ids = chat.inputs(ready, ready.preprocess(PIXELS), Wish(question=question))["input_ids"][0]
    tokenizer = Tokenizer.from_file(str(ready.checkpoint.folder / "tokenizer.json"))
    text = tokenizer.decode(ids.tolist(), skip_special_tokens=False)
    return re.sub(r"(<[^<>]+>)\1+", r"\1+", text)


@pytest.fixture
def copied(written: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    kind = getattr(request, "param", "gemma3")
    return Path(shutil.copytree(written / kind, tmp_path / kind))


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_filled_as_its_makers_fill_it(written: Path, kind: str):
    words, picture, then, end = PROMPTS[kind]
    template = Template(written / kind)
    assert template.render([], "What is it?") == words.format(picture=picture, then=end)
    later = template.render([Turn("What is it?", "A dog.")], "And why?")
    assert later == words.format(picture=picture, then=then) + end


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_put_in_as_the_processors_of_transformers_do(written: Path, kind: str):
    words, _, _, end = PROMPTS[kind]
    expected = words.format(picture=PLACES[kind], then=end)
    assert read_by(opened(written / kind), "What is it?") == expected


@pytest.mark.parametrize("kind", ["smolvlm", "idefics3"])
def test_the_template_that_transformers_holds_is_filled_alike(
    written: Path, tmp_path: Path, kind: str
):
    folder = Path(shutil.copytree(written / kind, tmp_path / kind))
    (folder / "chat_template.jinja").write_text(DEFAULT_CHAT_TEMPLATE)
    assert read_by(opened(folder), "What is it?") == read_by(opened(written / kind), "What is it?")
    turns = [Turn("What is it?", "A dog.")]
    one, other = (Template(each).render(turns, "Why?") for each in (folder, written / kind))
    assert one == other


@pytest.mark.parametrize("copied", KINDS, indirect=True)
def test_the_checkpoints_own_template_is_used(copied: Path):
    """Nothing of a family's is built in but the signs of the picture."""
    file = copied / "chat_template.jinja"
    file.write_text(f"{{{{ 'OWN ' }}}}{file.read_text()}")
    assert read_by(opened(copied), "What is it?").startswith("OWN ")


PLACES_OF_TEMPLATES = [
    "processor_config.json",
    "chat_template.json",
    "chat_template.jinja",
    "tokenizer_config.json",
]
"""Those that have been in use, in the order in which a processor of transformers looks there."""


@pytest.mark.parametrize("first", PLACES_OF_TEMPLATES)
def test_a_template_is_found_where_transformers_finds_it(copied: Path, first: str):
    whole = (copied / "chat_template.jinja").read_text()
    (copied / "chat_template.jinja").unlink()
    for place in PLACES_OF_TEMPLATES[PLACES_OF_TEMPLATES.index(first) :]:
        text = f"{{{{ '{place} ' }}}}{whole}"
        file = copied / place
        if file.suffix == ".json":
            given = json.loads(file.read_text()) if file.exists() else {}
            text = json.dumps({**given, "chat_template": text})
        file.write_text(text)
    assert Template(copied).render([], "What is it?").startswith(f"{first} <bos>")


def test_the_word_that_begins_may_stand_in_a_file_of_its_own(copied: Path):
    settings = json.loads((copied / "tokenizer_config.json").read_text())
    del settings["bos_token"]
    (copied / "tokenizer_config.json").write_text(json.dumps(settings))
    special = {"bos_token": {"content": "<bos>", "lstrip": False}}
    (copied / "special_tokens_map.json").write_text(json.dumps(special))
    assert Template(copied).render([], "What is it?").startswith("<bos><start_of_turn>")


def test_a_template_whose_first_word_is_not_known_is_refused(copied: Path):
    """Without it such a network writes nonsense, and nobody would hear why."""
    settings = json.loads((copied / "tokenizer_config.json").read_text())
    del settings["bos_token"]
    (copied / "tokenizer_config.json").write_text(json.dumps(settings))
    with pytest.raises(ModelDamaged, match=r"tokenizer_config\.json"):
        Template(copied).render([], "What is it?")


@pytest.mark.parametrize("copied", KINDS, indirect=True)
def test_a_picture_may_be_prepared_by_the_settings_of_the_whole_processor(copied: Path):
    """Newer folders have one file for all that prepares, and no `preprocessor_config.json`."""
    before = read_by(opened(copied), "What is it?")
    given = json.loads((copied / "preprocessor_config.json").read_text())
    (copied / "preprocessor_config.json").unlink()
    (copied / "processor_config.json").write_text(json.dumps({"image_processor": given}))
    assert read_by(opened(copied), "What is it?") == before


def test_a_model_that_always_thinks_has_thought(tmp_path: Path):
    """Its thoughts would be said as if they were in the picture."""
    (tmp_path / "tokenizer_config.json").write_text("{}")
    (tmp_path / "chat_template.jinja").write_text("{{ messages[0].content[1].text }}\n<think>\n")
    assert Template(tmp_path).render([], "What is it?") == f"What is it?\n{_NO_THOUGHT}"
