"""What a PaliGemma network is asked, in the words it was trained with. Used by `paligemma`.

Only the "mix" checkpoints know several tasks and languages; one that was tuned for a task knows that
alone, and those before all tuning are not made to be asked. Those tuned with DOCCI are asked for a caption as
well, and write a paragraph: of 529 letters and 8 sentences on average.
Source: "PaliGemma prompt and system instructions" in the documentation of Gemma, and "PaliGemma 2 Mix" and
"PaliGemma 2" in the blog of Hugging Face; only "Mix" gives "describe" for a "mix" as well. The languages are those of
COCO-35L, google/crossmodal-3600: captions like those that it was trained with were translated into them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from imagecraft_desktop.describe.languages import usual
from imagecraft_desktop.values import Detail, Wish
from imagecraft_desktop.weights import catalogue, store

ENGLISH = "en"
_CODES_TEXT = (
    "ar bn cs da de el en es fa fi fil fr he hi hr hu id it ja ko mi nl no pl pt ro ru sv sw te th "
    "tr uk vi zh"
)
CODES = frozenset(_CODES_TEXT.split())
"""Of the languages that a "mix" writes."""
_OTHER_CODES = {"nb": "no", "nn": "no"}
"""Of languages whose code in the training data is none of their tags in use."""
_CAPTION_MOST = 50
_DESCRIBE_MOST = {Detail.NORMAL: 120, Detail.DETAILED: 250}
_PARAGRAPH_MOST = {Detail.BRIEF: 60, Detail.NORMAL: 200, Detail.DETAILED: 300}
_ANSWER_MOST = 100
_SNAPSHOTS = "snapshots"


class Training(Enum):
    """What a checkpoint was trained for; the value is a word of its name."""

    MIX = "mix"
    PARAGRAPHS = "docci"
    CAPTIONS = ""


@dataclass(frozen=True)
class Prompt:
    """What is asked of a network.

    Attributes:
        text: Stands behind the picture; ends with a new line.
        most: Tokens of the answer.
        is_long: Whether the answer may be several sentences.
    """

    text: str
    most: int
    is_long: bool


def training_of(folder: Path) -> Training:
    """What the checkpoint in a folder was trained for: nothing but its name tells."""
    names = " ".join(_names(folder)).lower()
    known = (Training.MIX, Training.PARAGRAPHS)
    found = (one for one in known if re.search(rf"(?<![a-z]){one.value}(?![a-z])", names))
    return next(found, Training.CAPTIONS)


def language_for(wish: Wish, knows_many: bool) -> str:
    """The language that is written for a wish: a BCP 47 tag without region.

    Args:
        knows_many: Whether the network knows more than English.
    """
    tag = wish.language.partition("-")[0].lower()
    return tag if knows_many and _code(tag) in CODES else ENGLISH


def prompt_for(wish: Wish, training: Training, question: str = "") -> Prompt:
    """What is asked for a wish.

    Args:
        question: That of the wish, on one line and without signs of the network's own.
    """
    if training is Training.PARAGRAPHS:  # a brief one ends with a sentence all the same
        return Prompt(f"caption {ENGLISH}\n", _PARAGRAPH_MOST[wish.detail], is_long=True)
    if training is Training.CAPTIONS:
        return Prompt(f"caption {ENGLISH}\n", _CAPTION_MOST, is_long=False)
    tag = language_for(wish, knows_many=True)
    code = _code(tag)
    if question:
        return Prompt(f"answer {code} {question}\n", _ANSWER_MOST, is_long=True)
    if wish.detail is Detail.BRIEF:
        return Prompt(f"caption {code}\n", _CAPTION_MOST, is_long=False)
    return Prompt(f"describe {code}\n", _DESCRIBE_MOST[wish.detail], is_long=True)


def _code(tag: str) -> str:
    """What a language is called in the training data."""
    return _OTHER_CODES.get(usual(tag), usual(tag))


def _names(folder: Path) -> list[str]:
    """What a folder is called: by itself, where it leads to, in the Hub's cache, in the catalogue."""
    real = folder.resolve()
    names = [folder.name, real.name]
    if real.parent.name == _SNAPSHOTS:
        names.append(real.parent.parent.name)
    model = catalogue.known().get(real.name)
    if model is not None and store.folder_of(real.name).resolve() == real:
        names += [source.repo for source in model.sources]
    return names
