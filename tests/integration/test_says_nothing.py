"""A network that ends at once has written nothing; that is told by every captioner, after the facts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from imagecraft_desktop import strings
from imagecraft_desktop.describe.base import known, make
from imagecraft_desktop.describe.facts_first import FactsFirst
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Description, Detail, Origin, Picture, Wish
from tests.integration.test_embedded import IMAGES
from tests.unit.describe.tiny import write_blip, write_git
from tests.unit.describe.tiny_chat import write_qwen3_vl, write_smolvlm
from tests.unit.describe.tiny_florence import write_florence
from tests.unit.describe.tiny_paligemma import write_paligemma

WRITERS = {
    "blip": write_blip,
    "git": write_git,
    "florence": write_florence,
    "paligemma": write_paligemma,
    "paligemma-mix": write_paligemma,
    "paligemma-docci": write_paligemma,
    "smolvlm": write_smolvlm,
    "qwen3_vl": write_qwen3_vl,
}
"""By the name of the folder. One that is made to write nothing less than five tokens, CoCa, cannot end at once; of
chat models two, for all take their words from the same place."""
DOG = np.asarray(Image.open(IMAGES / "a_dog.jpg").convert("RGB"))


@pytest.fixture(params=list(WRITERS), scope="module")
def silent(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> FactsFirst:
    """Its first word is its last."""
    folder = tmp_path_factory.mktemp("silent") / request.param
    WRITERS[request.param](folder)
    captioner = make(str(folder), known())
    assert isinstance(captioner, FactsFirst)
    captioner.load("cpu")
    _end_at_once(captioner)
    return captioner


def _end_at_once(captioner: FactsFirst) -> None:
    loaded = captioner.ready()
    ends = captioner.ends(loaded)
    end = ends if isinstance(ends, int) else ends[0]

    def teach(_: Any, __: Any, logits: torch.Tensor) -> torch.Tensor:
        return logits.index_fill(-1, torch.tensor([end]), 1e4)

    writes = getattr(loaded.network, "text_decoder", loaded.network)
    writes.get_output_embeddings().register_forward_hook(teach)


def describe(captioner: FactsFirst, wish: Wish) -> Description:
    work = captioner.describe(Picture(DOG, Origin.FILE, "dog"), wish, lambda: None)
    while True:
        try:
            next(work)
        except StopIteration as end:
            found: Description = end.value
            return found


def test_that_nothing_was_written_is_told_at_the_end(silent: FactsFirst):
    found = describe(silent, Wish(Detail.NORMAL))
    said = [statement.text for statement in found.statements]
    assert said[0].startswith("A photo")
    assert said.count(say(strings.CANNOT_TELL_MORE)) == 1
    assert said[-1] == say(strings.CANNOT_TELL_MORE)
    assert found.caption is not None
    assert (found.caption.text, found.caption.certainty) == ("", None)


@pytest.mark.parametrize("silent", ["paligemma-mix", "smolvlm", "qwen3_vl"], indirect=True)
def test_that_nothing_was_answered_is_told(silent: FactsFirst):
    found = describe(silent, Wish(question="Where is it?"))
    assert [statement.text for statement in found.statements] == [say(strings.CANNOT_ANSWER)]
