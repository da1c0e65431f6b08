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
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop import strings
from imagecraft_desktop.describe.conversation import harmless
from imagecraft_desktop.describe.facts_first import PLAIN, FactsFirst, Inputs, Loaded
from imagecraft_desktop.describe.paligemma_prompts import (
    Training,
    language_for,
    prompt_for,
    training_of,
)
from imagecraft_desktop.values import Caption, Tick, Wish

if TYPE_CHECKING:
    from imagecraft_desktop.nets.captioners.generate import Options, Token

_PATCH = 14
_PLACES = re.compile(r"<(?:loc\d{4}|seg\d{3})>")
"""Where something is; these belong to answers to other questions."""


@dataclass(frozen=True)
class _Seen:
    """A picture that was looked at.

    Attributes:
        pixels: As the network was given it.
        features: What its image part made of it.
    """

    pixels: NDArray[Any]
    features: Any


class PaliGemma(FactsFirst):
    """See `FactsFirst`. Of the last picture it keeps what the image part found, for the next question;
    no more can be kept, for the picture's places see the whole prompt."""

    name = "paligemma"
    label = strings.CAPTIONER_PALIGEMMA
    kinds = ("paligemma",)
    network = "PaliGemmaForConditionalGeneration"
    end = "<eos>"

    _seen: _Seen | None = None

    @cached_property
    def _training(self) -> Training:
        return training_of(self._folder())

    def can_answer(self) -> bool:
        return self._training is Training.MIX

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

    def stream(
        self, loaded: Loaded, inputs: Inputs, options: Options, tick: Tick
    ) -> Iterator[Token]:
        """See `FactsFirst.stream`. A picture that was just looked at is not looked at again."""
        from imagecraft_desktop.nets.captioners.generate import Memory, stream

        pixels, memory = inputs["pixel_values"], Memory()
        if self._seen is not None and np.array_equal(self._seen.pixels, pixels):
            memory.features = self._seen.features
        self._seen = None  # its memory goes before that of the next comes
        try:
            yield from stream(loaded.network, inputs, options, tick, memory)
        finally:
            if self.can_answer() and memory.features is not None:
                self._seen = _Seen(pixels, memory.features)

    def let_go(self) -> None:
        """Give back the memory of the network and of the last picture."""
        self._seen = None
        super().let_go()


CAPTIONER = PaliGemma
