"""CoCa: one short English sentence about a picture, by a network of our own in open_clip's layout.

The published folder, laion/mscoco_finetuned_CoCa-ViT-L-14-laion2B-s13B-b90k on the Hugging Face Hub,
MIT, has no tokenizer: that of openai/clip-vit-large-patch14, which is every CLIP's, goes beside it.
Source: "CoCa: Contrastive Captioners are Image-Text Foundation Models", arXiv 2205.01917.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from imagecraft_desktop import strings
from imagecraft_desktop.describe import words
from imagecraft_desktop.describe.facts_first import FactsFirst, Inputs, Loaded
from imagecraft_desktop.describe.pixels import Preprocessor, read_open_clip
from imagecraft_desktop.values import Tick, Wish
from imagecraft_desktop.weights.checkpoint import COCA, Checkpoint, missing

if TYPE_CHECKING:
    from torch import dtype

    from imagecraft_desktop.nets.captioners.generate import Options, Token

_BEGIN = "<|startoftext|>"
_WORD_END = "</w>"
"""How CLIP's tokenizer marks the end of a word."""
_BLANK_BEFORE = re.compile(r"\s+(?=[.,;:!?'’])")


class CoCa(FactsFirst):
    """See `FactsFirst`. Nothing but the picture is given to it."""

    name = "coca"
    label = strings.CAPTIONER_COCA
    kinds = (COCA,)
    end = "<|endoftext|>"
    most_tokens = 30

    def text(self, decoded: str, wish: Wish) -> str:
        return _BLANK_BEFORE.sub("", decoded.replace(_WORD_END, " "))

    def preprocessor(self, checkpoint: Checkpoint) -> Preprocessor:
        return read_open_clip(checkpoint)

    def words(self, checkpoint: Checkpoint, tick: Tick) -> words.Words:
        if not (checkpoint.folder / words.NAME).is_file():
            raise missing(checkpoint.folder, strings.MODEL_CLIP_WORDS, file=words.NAME)
        return super().words(checkpoint, tick)

    def open(self, checkpoint: Checkpoint, device: str, dtype: dtype, tick: Tick) -> Any:
        from imagecraft_desktop.nets.captioners.coca import load_coca

        file = checkpoint.folder / checkpoint.weights[0]
        return load_coca(checkpoint.config, file, device, dtype, tick)

    def stream(
        self, loaded: Loaded, inputs: Inputs, options: Options, tick: Tick
    ) -> Iterator[Token]:
        from imagecraft_desktop.nets.captioners.coca import stream

        pixels = inputs["pixel_values"]
        return stream(loaded.network, pixels, loaded.words.token(_BEGIN), options, tick)


CAPTIONER = CoCa
