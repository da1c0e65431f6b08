"""ImageCraft, and other PaliGemma networks: one English sentence about a picture.

ImageCraft is PaliGemma-3B (SigLIP, a projection, Gemma-2B), tuned to COCO's captions; the published
folder is nsandiman/imagecraft-ft-co-224 on the Hugging Face Hub.
Source: "PaliGemma: A versatile 3B VLM for transfer", arXiv 2407.07726.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from imagecraft_desktop import strings
from imagecraft_desktop.describe.facts_first import FactsFirst, Inputs, Loaded
from imagecraft_desktop.values import Wish

_PROMPT = "caption en\n"
_PATCH = 14
_PLACES = re.compile(r"<(?:loc\d{4}|seg\d{3})>")
"""Where something is; these belong to answers to other questions."""


class PaliGemma(FactsFirst):
    """See `FactsFirst`."""

    name = "paligemma"
    label = strings.CAPTIONER_PALIGEMMA
    kinds = ("paligemma",)
    network = "PaliGemmaForConditionalGeneration"
    end = "<eos>"

    def inputs(self, loaded: Loaded, pixels: Any, wish: Wish) -> Inputs:
        """The picture's places, the one `<bos>`, the prompt with its newline.

        All of it sees all of it: said by `token_type_ids`, without which one of transformers' ways
        of attention would silently be causal here.
        """
        ids = np.array([self.prompt(loaded)], np.int64)
        return {
            "pixel_values": pixels,
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }

    def prompt(self, loaded: Loaded) -> list[int]:
        """The tokens before the answer."""
        vision = loaded.checkpoint.config.get("vision_config")
        patch = int(vision.get("patch_size", _PATCH)) if isinstance(vision, dict) else _PATCH
        height, width = loaded.preprocess.shape
        places = (height // patch) * (width // patch)
        words = loaded.words
        start = [words.token("<image>")] * places + [words.token("<bos>")]
        return start + words.encode(_PROMPT)

    def text(self, decoded: str, wish: Wish) -> str:
        return _PLACES.sub("", decoded)


CAPTIONER = PaliGemma
