"""In bfloat16 on a processor where weights cannot be arranged the steps multiply their matrices with vectors,
and write the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from imagecraft_desktop.nets.captioners import arranged
from imagecraft_desktop.nets.captioners.generate import Options, by_vectors, stream
from imagecraft_desktop.nets.captioners.load import load_network
from tests.unit.describe.tiny import write_blip

TOKENS = 8
NO_END = 10_000
NETWORK = "BlipForConditionalGeneration"


class Counting(TorchFunctionMode):
    """Counts the products."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: Counter[str] = Counter()

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        self.seen[getattr(func, "__name__", "")] += 1
        return func(*args, **(kwargs or {}))


@pytest.fixture(autouse=True)
def as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arranged, "packed", lambda _: None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_blip(tmp_path_factory.mktemp("captioner") / "blip")


def picture() -> dict[str, Any]:
    drawn = np.random.default_rng(0).normal(size=(1, 3, 32, 32))
    return {"pixel_values": drawn.astype(np.float32)}


def write(network: Any) -> tuple[list[int], Counter[str]]:
    """The tokens, and the products of all steps but the first."""
    tokens = stream(network, picture(), Options(NO_END, TOKENS), lambda: None)
    made = [next(tokens).id]
    with Counting() as counting:
        made += [token.id for token in tokens]
    return made, counting.seen


def test_every_layer_of_a_step_is_a_product_with_a_vector(folder: Path) -> None:
    network = load_network(NETWORK, folder, "cpu", torch.bfloat16)
    how = transformers.GenerationConfig(
        max_new_tokens=TOKENS,
        do_sample=False,
        bos_token_id=network.generation_config.bos_token_id,
        eos_token_id=NO_END,
        pad_token_id=NO_END,
    )
    with torch.inference_mode():
        pixels = torch.from_numpy(picture()["pixel_values"]).to(torch.bfloat16)
        plain = network.generate(pixel_values=pixels, generation_config=how)[0].tolist()
    made, seen = write(network)
    assert made == plain[-len(made) :]
    assert seen["addmv"] >= TOKENS - 1
    assert seen["linear"] == 0


def test_in_another_type_all_stays_as_it_is(folder: Path) -> None:
    network = load_network(NETWORK, folder, "cpu", torch.float32)
    _, seen = write(network)
    assert seen["linear"] >= TOKENS - 1
    assert seen["addmv"] == 0


def test_no_layer_keeps_anything_of_it_even_when_it_is_broken_off(folder: Path) -> None:
    network = load_network(NETWORK, folder, "cpu", torch.bfloat16)
    tokens = stream(network, picture(), Options(NO_END, TOKENS), lambda: None)
    next(tokens)
    next(tokens)
    assert any("forward" in vars(part) for part in network.modules())
    tokens.close()
    assert not any("forward" in vars(part) for part in network.modules())


def test_a_network_that_is_asked_again_while_it_writes_goes_on(folder: Path) -> None:
    """With the same tokens, by vectors to its end, and nothing is kept."""
    network = load_network(NETWORK, folder, "cpu", torch.bfloat16)
    alone, _ = write(network)
    tokens = stream(network, picture(), Options(NO_END, TOKENS), lambda: None)
    made = [next(tokens).id, next(tokens).id]
    assert write(network)[0] == alone
    with Counting() as counting:
        made += [token.id for token in tokens]
    assert made == alone
    assert counting.seen["linear"] == 0
    assert not any("forward" in vars(part) for part in network.modules())


@pytest.mark.parametrize("has_bias", [True, False])
@pytest.mark.parametrize("shape", [(48,), (1, 48), (1, 1, 48), (5, 48), (2, 3, 48), (0, 48)])
def test_rows_of_any_number_and_shape(has_bias: bool, shape: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    layer = torch.nn.Linear(48, 80, bias=has_bias, dtype=torch.bfloat16)
    x = torch.randn(shape, dtype=torch.bfloat16)
    with torch.inference_mode(), by_vectors(torch.nn.ModuleList([layer])):
        made = layer(x)
    bias = None if layer.bias is None else layer.bias.float()
    exact = functional.linear(x.float(), layer.weight.float(), bias)
    assert made.shape == exact.shape
    assert made.dtype == torch.bfloat16
    torch.testing.assert_close(made.float(), exact, rtol=0.01, atol=0.01)
