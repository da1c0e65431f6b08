"""Florence-2, base and large: a sentence, two or a paragraph about a picture, and text with its places.

Published folders: florence-community/Florence-2-base, -large and their -ft forms on the Hugging Face
Hub, MIT; those of the first authors have another layout and need code of theirs. Answers no questions.
Source: "Florence-2: Advancing a Unified Representation for a Variety of Vision Tasks", arXiv
2311.06242; the tasks' sentences are in the processor of transformers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, exp, floor, log
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop import strings
from imagecraft_desktop.describe.bounds import Level
from imagecraft_desktop.describe.embedded.phrases import safe
from imagecraft_desktop.describe.facts_first import Inputs, Loaded, running
from imagecraft_desktop.describe.last_look import LooksOnce
from imagecraft_desktop.describe.words import Words
from imagecraft_desktop.values import Box, Caption, Certainty, Detail, TextLine, Tick, Wish
from imagecraft_desktop.weights.checkpoint import CONFIG, damaged

_TASKS = {
    Detail.BRIEF: ("What does the image describe?", 50),
    Detail.NORMAL: ("Describe in detail what is shown in the image.", 120),
    Detail.DETAILED: ("Describe with a paragraph what is shown in the image.", 300),
}
"""What is asked, and the most tokens of the answer. In the order of <CAPTION>, <DETAILED_CAPTION> and
<MORE_DETAILED_CAPTION>."""
_READ = "What is the text in the image, with regions?"
_READ_MOST = 400
"""Some 30 lines: of photos that are mostly text it is not asked."""
_BINS = 1000
"""A place is told in thousandths of width and height."""
_STRIDES = (4, 2, 2, 2)
"""Of the patches of each stage, where the configuration says nothing."""
_NUMBERS = 8
"""Numbers behind a line of text: x and y of its four corners."""
_LEAST = 1e-12
"""Probability whose logarithm is a number."""


class Florence(LooksOnce):
    """See `LooksOnce`. The likeliest words are taken: three searches at once, as its authors do, take
    three times as long."""

    name = "florence"
    label = strings.CAPTIONER_FLORENCE
    kinds = ("florence2",)
    network = "Florence2ForConditionalGeneration"
    end = "</s>"
    reads = True

    def captions(self, pixels: NDArray[np.uint8], wish: Wish, tick: Tick) -> Iterator[Caption]:
        return self.sentences(pixels, wish, tick)

    def most(self, wish: Wish) -> int:
        return _TASKS[wish.detail][1]

    def inputs(self, loaded: Loaded, pixels: Any, wish: Wish) -> Inputs:
        return self._asked(loaded, pixels, _TASKS[wish.detail][0])

    def read(self, pixels: NDArray[np.uint8], tick: Tick) -> tuple[TextLine, ...] | None:
        """See `FactsFirst.read`. What has no whole place is left out."""
        loaded = self.ready(tick)
        plain = loaded.bounds.level_of(Certainty.CERTAIN)
        if plain is None:
            return None
        from imagecraft_desktop.nets.captioners.generate import Options, collect

        options = Options(self.ends(loaded), _READ_MOST)
        with running(loaded):
            asked = self._asked(loaded, loaded.preprocess(pixels), _READ)
            answer = collect(self.stream(loaded, asked, options, tick))
        told = answer.ids, answer.probabilities
        return tuple(parse_lines(loaded.words, *told, pixels.shape, plain))

    def _asked(self, loaded: Loaded, pixels: Any, task: str) -> Inputs:
        """The picture's places, then the task's sentence between `<s>` and `</s>`."""
        words = loaded.words
        places = [words.token("<image>")] * _places(loaded)
        sentence = [words.token("<s>"), *words.encode(task), words.token(self.end)]
        ids = np.array([places + sentence], np.int64)
        return {"pixel_values": pixels, "input_ids": ids, "attention_mask": np.ones_like(ids)}


def parse_lines(
    words: Words,
    ids: Sequence[int],
    probabilities: Sequence[float],
    shape: tuple[int, ...],
    plain: Level,
) -> Iterator[TextLine]:
    """The lines of text in an answer: each is words and then the corners of its place. See `FactsFirst.read`.

    Args:
        ids: The answer's tokens.
        probabilities: Of each.
        shape: (height, width, ...) of the picture.
        plain: What a sentence needs to be said plainly.
    """
    bins = {words.token(f"<loc_{number}>"): number for number in range(_BINS)}
    text: list[int] = []
    sure: list[float] = []
    place: list[int] = []
    for token, probability in zip(ids, probabilities, strict=True):
        if token not in bins:
            if place:  # of the line before, and not whole
                text, sure, place = [], [], []
            text.append(token)
            sure.append(probability)
            continue
        place.append(bins[token])
        if len(place) == _NUMBERS:
            line = safe(words.decode(text))
            if line:
                score = exp(fmean(log(max(one, _LEAST)) for one in sure))
                is_sure = score >= plain.mean and min(sure) >= plain.weakest
                yield TextLine(line if is_sure else "", _box(place, shape), score)
            text, sure, place = [], [], []


def _box(corners: Sequence[int], shape: tuple[int, ...]) -> Box:
    """The upright rectangle around x and y of four corners, each in the middle of its thousandth."""
    height, width = shape[:2]
    across = [(x + 0.5) * width / _BINS for x in corners[::2]]
    down = [(y + 0.5) * height / _BINS for y in corners[1::2]]
    left, top = floor(min(across)), floor(min(down))
    return Box(left, top, max(left + 1, ceil(max(across))), max(top + 1, ceil(max(down))))


def _places(loaded: Loaded) -> int:
    """How many tokens the picture takes: one for each patch of the last stage, and one for all.

    Raises:
        ModelDamaged: The configuration's strides are none.
    """
    checkpoint = loaded.checkpoint
    height, width = loaded.preprocess.shape
    try:
        for stride in checkpoint.config["vision_config"].get("patch_stride", _STRIDES):
            height, width = ceil(height / stride), ceil(width / stride)
    except (LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise damaged(checkpoint.folder, strings.MODEL_FILE_DAMAGED, file=CONFIG) from error
    return int(height * width) + 1


CAPTIONER = Florence
