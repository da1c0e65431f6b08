"""ImageCraft, and other PaliGemma networks: what is in a picture, and for some an answer to a question.

ImageCraft is PaliGemma-3B (SigLIP, a projection, Gemma-2B), tuned to COCO's captions; the published
folder is nsandiman/imagecraft-ft-co-224 on the Hugging Face Hub. PaliGemma 2 has Gemma 2 in its place.
What is asked of each is in `paligemma_prompts`.
Source: "PaliGemma: A versatile 3B VLM for transfer", arXiv 2407.07726; "PaliGemma 2: A Family of
Versatile VLMs for Transfer", arXiv 2412.03555.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop import strings
from imagecraft_desktop.describe.conversation import harmless
from imagecraft_desktop.describe.facts_first import PLAIN, Inputs, Loaded
from imagecraft_desktop.describe.last_look import LooksOnce
from imagecraft_desktop.describe.paligemma_prompts import (
    Training,
    language_for,
    prompt_for,
    training_of,
)
from imagecraft_desktop.values import Caption, Tick, Wish

if TYPE_CHECKING:
    pass

_PATCH = 14
_PLACES = re.compile(r"<(?:loc\d{4}|seg\d{3})>")
"""Where something is; these belong to answers to other questions."""


class PaliGemma(LooksOnce):
    """See `LooksOnce`. No more can be kept, for the picture's places see the whole prompt."""

    name = "paligemma"
    label = strings.CAPTIONER_PALIGEMMA
    kinds = ("paligemma",)
    network = "PaliGemmaForConditionalGeneration"
    end = "<eos>"

    @cached_property
    def _training(self) -> Training:
        return training_of(self._folder())

    def can_answer(self) -> bool:
        return self._training is Training.MIX

    def is_asked_again(self) -> bool:
        return self.can_answer()

    def language(self, wish: Wish) -> str:
        return language_for(wish, knows_many=self._training is Training.MIX)

    def captions(self, pixels: NDArray[np.uint8], wish: Wish, tick: Tick) -> Iterator[Caption]:
        if prompt_for(wish, self._training, wish.question).is_long:
            return self.sentences(pixels, wish, tick)
        return super().captions(pixels, wish, tick)

    def most(self, wish: Wish) -> int:
        return prompt_for(wish, self._training, wish.question).most

    def inputs(self, loaded: Loaded, pixels: Any, wish: Wish) -> Inputs:
        """The picture's places, the one `<bos>`, the prompt with its newline.

        All of it sees all of it: said by `token_type_ids`, without which one of transformers' ways
        of attention would silently be causal here.
        """
        ids = np.array([self.prompt(loaded, wish)], np.int64)
        return {
            "pixel_values": pixels,
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }

    def prompt(self, loaded: Loaded, wish: Wish = PLAIN) -> list[int]:
        """The tokens before the answer."""
        vision = loaded.checkpoint.config.get("vision_config")
        patch = int(vision.get("patch_size", _PATCH)) if isinstance(vision, dict) else _PATCH
        height, width = loaded.preprocess.shape
        places = (height // patch) * (width // patch)
        words = loaded.words
        start = [words.token("<image>")] * places + [words.token("<bos>")]
        asked = prompt_for(wish, self._training, harmless(words, wish.question))
        return start + words.encode(asked.text)

    def text(self, decoded: str, wish: Wish) -> str:
        return _PLACES.sub("", decoded)


CAPTIONER = PaliGemma
