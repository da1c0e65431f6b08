"""Lets a network write its answer, token by token, noting how sure it was of each.

The user's cancel is heard before every layer's every part, in the prefill as in the steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from imagecraft_desktop.values import Tick

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class NotNumbers(Exception):
    """The network's results are no numbers: its weights are damaged, or too large for its type."""


@dataclass(frozen=True)
class Answer:
    """What a network wrote.

    Attributes:
        ids: The new tokens, without the one that ends the answer.
        probabilities: Of each of them when it was chosen, 0 to 1.
        has_ended: False when it was cut off at the most tokens.
    """

    ids: tuple[int, ...]
    probabilities: tuple[float, ...]
    has_ended: bool


@dataclass(frozen=True)
class Options:
    """How it is written.

    Attributes:
        end: The token that ends an answer.
        most: Tokens, it among them.
        seed: None for the best token each time; else tokens are drawn, the same for the same seed.
    """

    end: int
    most: int
    seed: int | None = None


@contextmanager
def ticking(network: torch.nn.Module, tick: Tick) -> Iterator[None]:
    """Within the block `tick` is called before every part of the network runs; what it raises ends
    the run."""
    parts = [part for part in network.modules() if next(part.children(), None) is None]
    handles = [part.register_forward_pre_hook(lambda *_: tick()) for part in parts]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@torch.inference_mode()
def generate(
    network: Any, inputs: Mapping[str, NDArray[Any]], options: Options, tick: Tick
) -> Answer:
    """Write an answer.

    Args:
        network: Of `load_network`.
        inputs: What the network's `generate` takes; real numbers are brought to its type.
    Raises:
        NotNumbers, Cancelled.
    """
    import transformers

    made_of: Any = transformers  # whose classes have no types
    how = made_of.GenerationConfig(
        max_new_tokens=options.most,
        do_sample=options.seed is not None,
        top_k=0 if options.seed is not None else None,
        bos_token_id=network.generation_config.bos_token_id,
        eos_token_id=options.end,
        pad_token_id=options.end,  # never needed: there is one answer
        return_dict_in_generate=True,
    )
    note = _Note()
    devices = [network.device] if network.device.type == "cuda" else []
    with torch.random.fork_rng(devices), ticking(network, tick):
        torch.manual_seed(options.seed or 0)
        made = network.generate(
            **{name: _tensor(value, network) for name, value in inputs.items()},
            generation_config=how,
            logits_processor=made_of.LogitsProcessorList([note]),
        )
    ids, sure = note.finish(made.sequences[0])
    has_ended = bool(ids) and ids[-1] == options.end
    if has_ended:
        ids, sure = ids[:-1], sure[:-1]
    return Answer(tuple(ids), tuple(sure), has_ended)


class _Note:
    """Hears the logits of each step and keeps the probability of the token that was chosen."""

    def __init__(self) -> None:
        self._last: Tensor | None = None
        self.probabilities: list[float] = []

    def __call__(self, ids: Tensor, logits: Tensor) -> Tensor:
        """As transformers calls a logits processor: (1, tokens), (1, classes)."""
        self._hear(ids[0])
        self._last = torch.log_softmax(logits[0].float(), -1)
        if not bool(torch.isfinite(logits[0]).any()) or bool(torch.isnan(logits[0]).any()):
            raise NotNumbers
        return logits

    def finish(self, ids: Tensor) -> tuple[list[int], list[float]]:
        """The new tokens of the whole sequence, and their probabilities."""
        self._hear(ids)
        count = len(self.probabilities)
        return ids[len(ids) - count :].tolist(), self.probabilities

    def _hear(self, ids: Tensor) -> None:
        """The last of these was chosen by the logits before."""
        if self._last is not None:
            self.probabilities.append(float(self._last[ids[-1]].exp()))
            self._last = None


def _tensor(value: NDArray[np.generic], network: Any) -> Tensor:
    made = torch.from_numpy(value)
    if made.is_floating_point():
        return made.to(network.device, network.dtype)
    return made.to(network.device)
