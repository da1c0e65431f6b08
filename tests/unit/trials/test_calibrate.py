"""A model is measured where it will describe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.cli import models
from imagecraft_desktop.describe import base
from imagecraft_desktop.describe.blip import Blip
from imagecraft_desktop.describe.caption import make_caption
from imagecraft_desktop.describe.embedded import Embedded
from imagecraft_desktop.describe.facts_first import FactsFirst
from imagecraft_desktop.errors import DescribeError, OutOfMemory
from imagecraft_desktop.nets.voicecraft import choose
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import memory
from imagecraft_desktop.trials import calibrate
from imagecraft_desktop.trigger import client
from imagecraft_desktop.values import Tick
from imagecraft_desktop.weights import catalogue, store
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


@pytest.mark.parametrize(
    ("machine_bytes", "answer"),
    [
        (8 << 30, {"failed": say(strings.NOT_MEASURED_MEMORY)}),
        (600 << 20, {"lacks_memory": True}),
    ],
    ids=["used by others", "too small"],
)
def test_a_model_is_not_called_too_big_while_others_use_the_memory(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    machine_bytes: int,
    answer: dict[str, object],
) -> None:
    folder = write_blip(tmp_path / "blip")
    store.import_folder(catalogue.find("blip-base"), folder, lambda: None)

    def lack(name: str) -> None:
        raise OutOfMemory("none is free", name=name)

    monkeypatch.setattr(calibrate, "_measure", lack)
    monkeypatch.setattr(memory, "machine_bytes", lambda: machine_bytes)
    assert calibrate.main("blip-base") == answer


def test_a_model_that_writes_nothing_is_not_called_quick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    captioner, written = Blip(write_blip(tmp_path / "blip"), "float32"), ""
    monkeypatch.setattr(
        captioner, "captions", lambda *_: iter([make_caption(written, [0.9], True)])
    )
    facts, picture = Embedded(), calibrate._open(calibrate._SAMPLES[0])
    with pytest.raises(DescribeError, match="no answer"):
        calibrate._describe(facts, captioner, picture)
    written = "a dog"
    turn = calibrate._describe(facts, captioner, picture)
    assert 0 < turn.first_word_s <= turn.whole_s


def test_the_command_gives_way_to_a_description_of_the_running_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = iter([False, True, True, False, False])
    n_rooms, n_begun = [0], [0]

    def send(_: object, **words: str) -> dict[str, object]:
        n_rooms[0] += "again" not in words
        return {"is_roomy": True, "is_describing": "again" in words and next(told)}

    def measure(name: str, *, tick: Tick, **_: object) -> str:
        n_begun[0] += 1
        tick()
        return name

    monkeypatch.setattr(client, "send", send)
    monkeypatch.setattr(calibrate, "calibrate", measure)
    assert str(models._measure(catalogue.find("blip-base"))) == "blip-base"
    assert (n_rooms, n_begun) == ([2], [2])
    assert capsys.readouterr().err == say(strings.MODEL_GIVES_WAY) + "\n"
    assert list(told) == []
