"""A network whose weights are arranged writes what it wrote before, and holds them once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from imagecraft_desktop.describe.base import known, make
from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.nets.captioners import arranged
from imagecraft_desktop.nets.captioners.arranged import arrange
from imagecraft_desktop.nets.captioners.generate import Options, stream
from imagecraft_desktop.nets.packed import can_pack, packed
from imagecraft_desktop.values import Wish
from tests.cancelling import Ticks
from tests.unit.describe.tiny import write_blip, write_git
from tests.unit.describe.tiny_chat import WRITERS
from tests.unit.describe.tiny_florence import write_florence
from tests.unit.describe.tiny_paligemma import write_paligemma

pytestmark = pytest.mark.skipif(not can_pack(), reason="this processor or PyTorch has none")

NO_END = 10_000_000
KINDS: dict[str, Callable[[Path], Path]] = {
    "blip": write_blip,
    "git": write_git,
    "florence": write_florence,
    "paligemma": write_paligemma,
    **WRITERS,
}


def go_on() -> None:
    pass


@pytest.mark.parametrize("kind", KINDS)
def test_it_writes_the_same(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = KINDS[kind](tmp_path / kind)
    pixels = np.random.default_rng(3).integers(0, 255, (40, 60, 3), np.uint8)

    def written(is_arranged: bool) -> tuple[int, list[tuple[int, float]]]:
        monkeypatch.setattr(arranged, "packed", packed if is_arranged else lambda _: None)
        captioner: Any = make(str(folder), known())
        captioner._dtype = "bfloat16"
        captioner.load("cpu")
        loaded = captioner.ready()
        inputs = captioner.inputs(loaded, loaded.preprocess(pixels), Wish())
        tokens = list(stream(loaded.network, inputs, Options(NO_END, 6), go_on))
        changed = sum("forward" in vars(part) for part in loaded.network.modules())
        return changed, [(one.id, one.probability) for one in tokens]

    usual, arranged_too = written(False), written(True)
    assert usual[0] == 0
    assert arranged_too[0] > 5
    for (number, sure), (other, as_sure) in zip(usual[1], arranged_too[1], strict=True):
        if number != other:  # two that are all but equally likely; what follows is another text
            assert as_sure == pytest.approx(sure, rel=0.25)
            break
        assert as_sure == pytest.approx(sure, rel=0.25)


class Small(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(64, 32)
        self.first, self.own = nn.Linear(32, 32), nn.Linear(32, 32, bias=False)
        self.last = nn.Linear(32, 64, bias=False)
        self.last.weight = self.words.weight
        self.to(torch.bfloat16)

    def forward(self, ids: torch.Tensor) -> Any:
        return self.last(self.own(self.first(self.words(ids))))


def holding(network: nn.Module) -> int:
    """Bytes of weights in the form that transformers gives them."""
    found = {
        one.untyped_storage().data_ptr(): one.untyped_storage() for one in network.parameters()
    }
    return sum(one.nbytes() for one in found.values())


def test_what_a_layer_had_is_let_go_of_but_for_what_others_use() -> None:
    network = Small()
    ids, before = torch.tensor([[1, 2]]), holding(network)
    exact = network(ids).float()
    n_weights = sum(one.numel() for one in network.parameters())
    arrange(network, go_on)
    assert holding(network) < before - 2 * 2 * 32 * 32 + 100
    assert sum(one.numel() for one in network.parameters()) == n_weights
    assert network.first.weight.isnan().all(), "who multiplies with it gets no numbers"
    assert not network.words.weight.isnan().any()
    torch.testing.assert_close(network(ids).float(), exact, rtol=0.02, atol=0.02)


def test_large_weights_that_are_shared_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arranged, "_MOST_TWICE", 64 * 32 * 2 - 1)
    network = Small()
    arrange(network, go_on)
    assert "forward" in vars(network.own)
    assert "forward" not in vars(network.last)


def test_a_cancel_between_two_layers_leaves_a_network_that_runs() -> None:
    network = Small()
    ids = torch.tensor([[1, 2]])
    exact = network(ids).float()
    with pytest.raises(Cancelled):
        arrange(network, Ticks(2))
    torch.testing.assert_close(network(ids).float(), exact, rtol=0.02, atol=0.02)


def test_in_another_type_all_stays_as_it_is() -> None:
    network = Small().float()
    arrange(network, go_on)
    assert not any("forward" in vars(part) for part in network.modules())


class Seeing(Small):
    """As transformers names its parts; what its configuration says of a picture is given."""

    def __init__(self, **vision: object) -> None:
        super().__init__()
        self.vision_tower = nn.Linear(32, 32, dtype=torch.bfloat16)
        self.config = SimpleNamespace(vision_config=SimpleNamespace(**vision))


@pytest.mark.parametrize(
    ("amx", "vision", "is_left"),
    [
        (True, {"image_size": 384, "patch_size": 16}, True),
        (True, {"image_size": 224, "patch_size": 14}, False),
        (False, {"image_size": 384, "patch_size": 16}, False),
        (True, {"image_size": [448, 448], "patch_size": [14, 14]}, False),
        (True, {"image_size": 384, "patch_size": 0}, False),
        (True, {}, False),
    ],
)
def test_where_the_processor_multiplies_matrices_many_patches_meet_usual_weights(
    amx: bool, vision: dict[str, object], is_left: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arranged, "has_amx", lambda: amx)
    network = Seeing(**vision)
    arrange(network, go_on)
    assert ("forward" not in vars(network.vision_tower)) == is_left
    assert "forward" in vars(network.first)
    assert not is_left or not network.vision_tower.weight.isnan().any()


def test_of_a_pytorch_that_does_not_tell_nothing_is_supposed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(torch.cpu, "_is_amx_tile_supported", raising=False)
    assert not arranged.has_amx()
