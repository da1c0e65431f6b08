"""A model is measured where it will describe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from imagecraft_desktop.describe import base
from imagecraft_desktop.describe.blip import Blip
from imagecraft_desktop.describe.facts_first import FactsFirst
from imagecraft_desktop.nets.voicecraft import choose
from imagecraft_desktop.trials import calibrate
from tests.unit.describe.tiny import write_blip


@pytest.mark.skipif(choose.choose_device() == "mps", reason="it works here")
def test_what_a_graphics_card_does_not_take_is_measured_on_the_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    captioner = Blip(write_blip(tmp_path / "blip"), "float32")

    def place(asked: FactsFirst) -> dict[str, Any]:
        return {"device": asked.ready().network.device.type}

    monkeypatch.setattr(base, "make", lambda *_: captioner)
    monkeypatch.setattr(choose, "choose_device", lambda: "mps")
    monkeypatch.setattr(calibrate, "_figures", place)
    assert calibrate._measure("blip") == {"device": "cpu"}
