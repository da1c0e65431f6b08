"""When a network is asked to read a photo's text, and when that is left; what is done when a graphics card is too small, or
cannot run it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch

from imagecraft_desktop import strings
from imagecraft_desktop.describe import facts_first, rescue
from imagecraft_desktop.describe.blip import Blip
from imagecraft_desktop.describe.coca import CoCa
from imagecraft_desktop.describe.facts_first import FactsFirst
from imagecraft_desktop.describe.rescue import Asking
from imagecraft_desktop.errors import DescribeError, DeviceRefused, OutOfMemory
from imagecraft_desktop.nets.captioners import generate, load
from imagecraft_desktop.nets.voicecraft import choose
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.tenancy import ROOMY, Tenancy
from imagecraft_desktop.values import Box, Caption, Certainty, TextLine, Tick, Wish
from imagecraft_desktop.weights import store
from imagecraft_desktop.weights.checkpoint import Checkpoint, open_checkpoint
from tests.unit.describe.tiny import write_blip
from tests.unit.describe.tiny_coca import write_coca

PIXELS = np.zeros((8, 8, 3), np.uint8)
LINE = TextLine("42", Box(0, 0, 8, 8), 0.9)


class Voice:
    """One that shares the memory."""

    def let_go(self) -> None:
        pass


class Reading:
    """A network, as far as its reading goes."""

    name = "reading"
    stand_in = None
    reads = True
    loaded_at = again_s = 0.0
    fails = False

    def __init__(self) -> None:
        self.tenancy = ROOMY
        self.asked = 0

    def read(self, pixels: np.ndarray, tick: Tick) -> tuple[TextLine, ...]:
        self.asked += 1
        if self.fails:
            raise DescribeError(name=self.name)
        return (LINE,)


@pytest.fixture
def network() -> Reading:
    return Reading()


def asking(network: Reading) -> Asking:
    return Asking(cast("FactsFirst", network), Wish(), lambda: None)


def test_a_network_reads(network: Reading) -> None:
    assert asking(network).read(PIXELS) == (LINE,)


def test_what_was_not_read_is_told_from_what_has_no_text(network: Reading) -> None:
    network.fails = True
    failed = asking(network)
    assert failed.read(PIXELS) is None
    assert failed.failure is not None
    assert failed.read(PIXELS) is None
    network.reads = False
    assert asking(network).read(PIXELS) is None
    assert network.asked == 1


def test_a_slow_network_is_not_asked(network: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = asking(network)
    monkeypatch.setattr(slow, "_written_s", 60.0)
    assert slow.read(PIXELS) is None
    assert network.asked == 0


def test_a_network_whose_sentences_were_quick_reads_after_a_second_look(
    network: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = asking(network)
    monkeypatch.setattr(quick, "_written_s", 4.5)
    network.again_s = 2.0
    assert quick.read(PIXELS) == (LINE,)


def test_where_a_voice_has_taken_the_memory_the_network_is_not_read_a_second_time(
    network: Reading,
) -> None:
    network.tenancy, voice = Tenancy(1), Voice()
    network.tenancy.expect(voice)
    assert asking(network).read(PIXELS) is None
    assert network.asked == 0


# --- a graphics card that is too small: the processor stands for it, and says what the card would ---

APPLE_IS_FULL = (
    "MPS backend out of memory (MPS allocated: 5.50 GB, other allocations: 14.76 GB, max allowed: 20.40 GB). "
    "Tried to allocate 1.20 GB on private pool."
)


@pytest.fixture
def on_apple(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Blip:
    """A network that believes to be on an Apple graphics card until it leaves it."""
    captioner = Blip(write_blip(tmp_path / "blip"), "float32")
    captioner.load("mps")
    opens = captioner.open

    def open_here(checkpoint: Any, device: str, dtype: Any, tick: Tick) -> Any:
        return opens(checkpoint, "cpu", dtype, tick)

    monkeypatch.setattr(captioner, "open", open_here)
    return captioner


def of_apple(captioner: Blip, work: Any) -> Any:
    """Work that fails while the captioner is on the card."""

    def run(*arguments: Any) -> Any:
        if captioner._device == "mps":
            with load.on_device():
                raise RuntimeError(APPLE_IS_FULL)
        return work(*arguments)

    return run


def in_running(captioner: Blip, work: Any, error: Exception) -> Any:
    def run(*arguments: Any) -> Any:
        if captioner._device == "mps":
            raise error
        return work(*arguments)

    return run


@pytest.mark.parametrize("is_loading", [True, False], ids=["loading", "running"])
def test_what_an_apple_card_does_not_hold_is_done_by_the_processor(
    on_apple: Blip, monkeypatch: pytest.MonkeyPatch, is_loading: bool
) -> None:
    if is_loading:
        monkeypatch.setattr(on_apple, "open", of_apple(on_apple, on_apple.open))
    else:
        runs = in_running(on_apple, generate.stream, RuntimeError(APPLE_IS_FULL))
        monkeypatch.setattr(generate, "stream", runs)
    asked = Asking(on_apple, Wish(), lambda: None)
    assert len(list(asked.ask(PIXELS))) == 1
    assert asked.failure is None
    assert [one.text for one in asked.tell()] == [
        "The graphics card has not enough memory for blip. It works on the processor now, "
        "which takes longer."
    ]


class Full:
    """A network that the card does not hold."""

    def __init__(self, said: str) -> None:
        self._said = said

    def parameters(self) -> list[object]:
        return []

    buffers = parameters

    def to(self, device: str) -> None:
        raise RuntimeError(self._said)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (APPLE_IS_FULL, MemoryError),
        ("CUDA error: out of memory", MemoryError),
        ("HIP error: out of memory", MemoryError),
        ("no kernel", load.NotOnDevice),
    ],
)
def test_a_network_on_its_way_to_the_card_fails_in_our_words(
    said: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        load._move(Full(said), "mps", lambda: None)


# --- a graphics card that does not take a network, or does not run it ---

NOT_BUILT = "The operator 'aten::_upsample_bicubic2d_aa.out' is not currently implemented for the MPS device."
HAS_LEFT = "The graphics card cannot run {name}. It works on the processor now, which takes longer."


def written(kind: str, folder: Path) -> FactsFirst:
    if kind == "blip":
        return Blip(write_blip(folder / kind), "float32")
    return CoCa(write_coca(folder / kind), "float32")


@pytest.mark.parametrize("device", ["mps", "cuda"])
@pytest.mark.parametrize("kind", ["blip", "coca"])
def test_what_a_card_does_not_take_is_done_by_the_processor(
    tmp_path: Path, kind: str, device: str
) -> None:
    """One that is not there takes nothing."""
    if choose.choose_device() == device:
        pytest.skip("it works here")
    captioner = written(kind, tmp_path)
    captioner.load(device)
    asked = Asking(captioner, Wish(), lambda: None)
    assert len(list(asked.ask(PIXELS))) == 1
    assert asked.failure is None
    assert [one.text for one in asked.tell()] == [HAS_LEFT.format(name=kind)]
    again = Asking(captioner, Wish(), lambda: None)
    assert len(list(again.ask(PIXELS))) == 1
    assert list(again.tell()) == []


def test_what_a_device_does_not_run_is_done_by_the_processor(tmp_path: Path) -> None:
    """torch's own device without numbers takes every network, and gives no results."""
    captioner = written("coca", tmp_path)
    captioner.load("meta")
    assert captioner.ready().network.device.type == "meta"
    asked = Asking(captioner, Wish(), lambda: None)
    assert len(list(asked.ask(PIXELS))) == 1
    assert asked.failure is None
    assert [one.text for one in asked.tell()] == [HAS_LEFT.format(name="coca")]
    assert captioner.ready().network.device.type == "cpu"


def test_what_an_apple_card_does_not_run_is_done_by_the_processor(
    on_apple: Blip, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuses = in_running(on_apple, generate.stream, NotImplementedError(NOT_BUILT))
    monkeypatch.setattr(generate, "stream", refuses)
    asked = Asking(on_apple, Wish(), lambda: None)
    assert len(list(asked.ask(PIXELS))) == 1
    assert [one.text for one in asked.tell()] == [HAS_LEFT.format(name="blip")]


def test_what_the_processor_does_not_run_either_is_told_once(
    on_apple: Blip, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_on: list[str] = []

    def fail(*_: object) -> Any:
        asked_on.append(on_apple._device)
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    monkeypatch.setattr(generate, "stream", fail)
    asked = Asking(on_apple, Wish(), lambda: None)
    assert list(asked.ask(PIXELS)) == []
    assert asked_on == ["mps", "cpu"]
    assert [one.text for one in asked.tell()] == [say(strings.ERR_DESCRIBE, name="blip")]


def test_a_card_that_is_lost_can_be_left(on_apple: Blip, monkeypatch: pytest.MonkeyPatch) -> None:
    """After some errors a card of NVIDIA or AMD answers nothing but that error until the program ends."""

    def fail() -> None:
        raise RuntimeError("CUDA error: device-side assert triggered")

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "empty_cache", fail)
    on_apple.ready()
    assert on_apple.leave_device()
    assert on_apple._loaded is None
    assert on_apple._device == "cpu"


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (
            OutOfMemory,
            [
                say(strings.ERR_OUT_OF_MEMORY, name="blip"),
                "The graphics card has not enough memory for blip. Ask again: until the model is unloaded, it works on "
                "the processor, which takes longer.",
            ],
        ),
        (
            DeviceRefused,
            [
                say(strings.ERR_DEVICE_REFUSED, name="blip"),
                "Ask again: until the model is unloaded, it works on the processor, which takes longer.",
            ],
        ),
    ],
)
def test_after_the_first_sentence_the_failure_stands_and_the_next_time_is_on_the_processor(
    on_apple: Blip,
    monkeypatch: pytest.MonkeyPatch,
    failure: type[DescribeError],
    told: list[str],
) -> None:
    def captions(*_: object) -> Iterator[Caption]:
        yield Caption("A dog.", Certainty.LIKELY, 0.9, 0.9, 3)
        raise failure(name="blip")

    monkeypatch.setattr(on_apple, "captions", captions)
    asked = Asking(on_apple, Wish(), lambda: None)
    assert [one.text for one in asked.ask(PIXELS)] == ["A dog."]
    assert isinstance(asked.failure, failure)
    assert [one.text for one in asked.tell()] == told
    assert on_apple._device == "cpu"
    again = Asking(on_apple, Wish(), lambda: None)
    list(again.ask(PIXELS))
    assert told[1] not in [one.text for one in again.tell()]


# --- a slow one: a lighter model is named, once ---


class Clock:
    """Seconds that pass only when they are told to."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr("imagecraft_desktop.describe.rescue._told_slow", set())
    return Clock()


def slow(captioner: Blip, clock: Clock, *, takes_s: float, wish: Wish = Wish()) -> list[str]:  # noqa: B008
    """What is told after a description that takes so long to write, and 60 seconds more to load."""

    def captions(*_: object) -> Iterator[Caption]:
        clock.now_s += 60
        captioner.loaded_at = clock.now_s
        clock.now_s += takes_s
        yield Caption("A dog.", Certainty.LIKELY, 0.9, 0.9, 3)

    captioner.captions = captions  # type: ignore[method-assign]
    asked = Asking(captioner, wish, lambda: None, clock)
    assert len(list(asked.ask(PIXELS))) == 1
    return [one.text for one in asked.tell()]


def test_of_a_slow_model_that_was_removed_meanwhile_it_is_told_as_well(
    tmp_path: Path, clock: Clock
) -> None:
    captioner = Blip(write_blip(tmp_path / "blip"), "float32")
    shutil.rmtree(tmp_path / "blip")
    (told,) = slow(captioner, clock, takes_s=21)
    assert told.startswith("The model blip took 21 seconds.")


def test_a_slow_model_is_told_once_with_what_to_do(tmp_path: Path, clock: Clock) -> None:
    captioner = Blip(write_blip(tmp_path / "blip"), "float32")
    assert slow(captioner, clock, takes_s=20) == []
    assert slow(captioner, clock, takes_s=21, wish=Wish(question="What is it?")) == []
    assert slow(captioner, clock, takes_s=21) == [
        "The model blip took 21 seconds. To look for a lighter one: Settings, page Models, or the command "
        "imagecraft-desktop models list."
    ]
    assert slow(captioner, clock, takes_s=40) == []
    assert slow(Blip(tmp_path / "blip", "float32"), clock, takes_s=40) == []
    other = Blip(write_blip(tmp_path / "other"), "float32")
    assert len(slow(other, clock, takes_s=40)) == 1


def test_a_lighter_model_that_is_installed_is_named(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If it has half the weights at most: else it would be slow as well."""
    numbers = {"blip": 10, "light": 5, "less": 6, "least": 1}
    folders = {name: write_blip(tmp_path / name) for name in numbers}
    monkeypatch.setattr(store, "captioners", lambda: folders)

    def opened(folder: Path) -> Checkpoint:
        return replace(open_checkpoint(folder), n_weights=numbers[folder.name])

    for room in (rescue, facts_first):
        monkeypatch.setattr(room, "open_checkpoint", opened)
    assert slow(Blip(folders["blip"], "float32"), clock, takes_s=30.4) == [
        "The model blip took 30 seconds. The model light is lighter and is installed. To choose it: Settings, "
        "page Description, Captioner, or the command imagecraft-desktop settings set captioner light."
    ]
