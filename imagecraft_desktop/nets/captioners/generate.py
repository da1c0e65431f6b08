"""Lets a network write its answer, token by token, noting how sure it was of each.

All of it happens in the calling thread: transformers prepares the network's inputs, as it does for
each of its ways of writing, and the steps are taken here, one for each token that is asked for. The
user's cancel is heard before every layer, and in the prefill, where one part of a layer may take half
a second, before every operation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from imagecraft_desktop.nets.captioners.attention import by_products
from imagecraft_desktop.values import Tick

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class NotNumbers(Exception):
    """The network's results are no numbers: its weights are damaged, or too large for its type."""


@dataclass(frozen=True)
class Token:
    """One token of an answer.

    Attributes:
        probability: When it was chosen, 0 to 1.
        is_end: Whether it ends the answer; it is no part of it then.
    """

    id: int
    probability: float
    is_end: bool


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
        end: The token that ends an answer, or those of which each does.
        most: Tokens, it among them.
        seed: None for the best token each time; else tokens are drawn, the same for the same seed.
    """

    end: int | tuple[int, ...]
    most: int
    seed: int | None = None

    @property
    def ends(self) -> tuple[int, ...]:
        """The tokens of which each ends an answer."""
        return (self.end,) if isinstance(self.end, int) else self.end


@dataclass
class Memory:
    """What is kept of one picture, so that the next question about it costs little.

    Attributes:
        features: What the network's image part made of the picture; None before it was run.
        cache: Keys and values of the tokens that were run; None when there are none to be used.
        ids: These tokens.
    """

    features: Any = None
    cache: Any = None
    ids: list[int] = field(default_factory=list)


@contextmanager
def ticking(network: torch.nn.Module, tick: Tick) -> Iterator[None]:
    """Within the block `tick` is called before every layer of the network runs; what it raises ends
    the run."""
    stacks = [part for part in network.modules() if isinstance(part, torch.nn.ModuleList)]
    layers = {id(layer): layer for stack in stacks for layer in stack}
    parts = list(layers.values()) or [network]
    handles = [part.register_forward_pre_hook(lambda *_: tick()) for part in parts]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def by_vectors(network: torch.nn.Module) -> Iterator[None]:
    """Within the block a linear layer that is given one row multiplies its matrix with a vector, if it
    is of bfloat16 and on a processor: the usual product arranges such weights anew at each call, which
    takes a third of a step. A block within another changes nothing."""
    layers: list[Any] = [
        part
        for part in network.modules()
        if type(part) is torch.nn.Linear  # a class over it may mean something else
        and part.weight.dtype == torch.bfloat16
        and part.weight.device.type == "cpu"
        and "forward" not in vars(part)  # the network is asked again while it writes
    ]
    for layer in layers:
        layer.forward = partial(_linear, layer)
    try:
        yield
    finally:
        for layer in layers:
            del layer.forward


def _linear(layer: Any, x: Tensor) -> Tensor:
    if x.numel() != layer.in_features:
        return functional.linear(x, layer.weight, layer.bias)
    row = x.reshape(-1)
    if layer.bias is None:
        made = torch.mv(layer.weight, row)
    else:
        made = torch.addmv(layer.bias, layer.weight, row)
    return made.view(*x.shape[:-1], -1)


class TickingFinely(TorchFunctionMode):
    """Within the block `tick` is called before every operation; what it raises ends the run:
    if something on the way catches it, or cleans up, `tick` is asked again."""

    def __init__(self, tick: Tick) -> None:
        super().__init__()
        self._tick = tick

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        if func is not torch._C._set_grad_enabled:  # it also puts back what a cancelled run has set
            self._tick()
        return func(*args, **(kwargs or {}))


def generate(
    network: Any,
    inputs: Mapping[str, NDArray[Any]],
    options: Options,
    tick: Tick,
    memory: Memory | None = None,
) -> Answer:
    """Write a whole answer. See `stream`."""
    return collect(stream(network, inputs, options, tick, memory))


def collect(tokens: Iterable[Token]) -> Answer:
    """All that is written, as one answer."""
    made = list(tokens)
    has_ended = bool(made) and made[-1].is_end
    written = made[:-1] if has_ended else made
    return Answer(
        tuple(token.id for token in written),
        tuple(token.probability for token in written),
        has_ended,
    )


@torch.inference_mode()
def stream(
    network: Any,
    inputs: Mapping[str, NDArray[Any]],
    options: Options,
    tick: Tick,
    memory: Memory | None = None,
) -> Generator[Token]:
    """Write an answer; each token is yielded when it is chosen, and the next is worked on when it is
    asked for. The tokens are those of the network's own `generate`.

    Args:
        network: Of `load_network`.
        inputs: What the network's `generate` takes; real numbers are brought to its type.
        memory: Of the same picture and network; what it holds is not computed again, and it holds
            more afterwards. A run that is broken off leaves it usable.
    Raises:
        NotNumbers, Cancelled.
    """
    import transformers

    made_of: Any = transformers  # whose classes have no types
    ends = options.ends
    how = made_of.GenerationConfig(
        max_new_tokens=options.most,
        num_beams=1,  # several answers at once have no probabilities of one's tokens
        do_sample=options.seed is not None,
        top_k=0 if options.seed is not None else None,
        bos_token_id=network.generation_config.bos_token_id,
        eos_token_id=list(ends),
        pad_token_id=ends[0],  # never needed: there is one answer
        return_dict_in_generate=True,
    )
    tensors = {name: _tensor(value, network) for name, value in inputs.items()}
    with ticking(network, tick), by_products(network):
        with TickingFinely(tick):
            # this prepares all, runs what only encodes, and hands over to `_steps`, which waits to be
            # asked for its first token
            tokens = network.generate(
                **(tensors if memory is None else _recalled(network, tensors, memory)),
                generation_config=how,
                custom_generate=_steps,
                options=options,
                memory=Memory() if memory is None else memory,
                tick=tick,
            )
        yield from tokens


def _steps(
    model: Any,
    input_ids: Tensor,
    *,
    logits_processor: Any,
    stopping_criteria: Any,
    generation_config: Any,
    options: Options,
    memory: Memory,
    tick: Tick,
    **given: Any,
) -> Generator[Token]:
    """The tokens, one after the other; called by transformers in place of its own loop.

    Args:
        input_ids: (1, tokens).
        logits_processor: What the checkpoint wants done to the logits.
        stopping_criteria: Not needed; they are those of `options`.
        given: What the network is run with.
    """
    chance = None
    if options.seed is not None:
        chance = torch.Generator(input_ids.device).manual_seed(options.seed)
    ends = frozenset(options.ends)
    begins: set[int | None] = set()
    if model.config.is_encoder_decoder:  # others were given it in their prompt
        begins = {generation_config.bos_token_id, generation_config.forced_bos_token_id}
    if given.get("mm_encoder_outputs"):
        memory.features = given["mm_encoder_outputs"]
    memory.cache = None  # while a step is under way it is not whole
    with TickingFinely(tick):
        outputs = model._prefill(input_ids, generation_config, given)
    with model._optimize_model_for_decode(), by_vectors(model):
        for count in range(1, options.most + 1):
            given = model._update_model_kwargs_for_generation(
                outputs, given, is_encoder_decoder=model.config.is_encoder_decoder
            )
            memory.cache, memory.ids = given.get("past_key_values"), input_ids[0].tolist()
            logits = outputs.logits[:, -1].to(torch.float32, copy=True)
            chosen, probability = choose(logits_processor(input_ids, logits), chance)
            number = int(chosen)
            if count > 1 or number not in begins:  # that one only says that the answer begins
                yield Token(number, probability, number in ends)
            if number in ends or count == options.most:
                return
            memory.cache = None
            input_ids = torch.cat([input_ids, chosen[:, None]], dim=-1)
            step = model.prepare_inputs_for_generation(
                input_ids, next_sequence_length=1 if given["use_cache"] else None, **given
            )
            outputs = model(**step, return_dict=True)


def choose(scores: Tensor, chance: torch.Generator | None) -> tuple[Tensor, float]:
    """The best token, or a drawn one, of scores (1, classes): (1,), and how probable it was.

    Raises:
        NotNumbers.
    """
    if chance is None:
        chosen = scores.argmax(-1)
    else:
        shares = torch.softmax(scores, -1)
        if not bool(torch.isfinite(shares).all()):
            raise NotNumbers
        chosen = torch.multinomial(shares, 1, generator=chance)[:, 0]
    # one wrong number among the scores makes the sum none
    probability = float((scores[0, chosen] - scores.logsumexp(-1)).exp())
    if not math.isfinite(probability):
        raise NotNumbers
    return chosen, probability


def _recalled(network: Any, tensors: dict[str, Tensor], memory: Memory) -> dict[str, Any]:
    """What the network is given besides what it remembers of the picture."""
    if network.config.is_encoder_decoder:
        # what it makes of the picture goes into this; what it reads then is another with each question
        if memory.features:
            return {**_without_pixels(tensors), "mm_encoder_outputs": dict(memory.features)}
        memory.features = {}
        return {**tensors, "mm_encoder_outputs": memory.features}
    ids = tensors["input_ids"][0].tolist()
    known = _shared(memory.ids, ids[:-1])  # one token has to be run for there to be a next
    cache, memory.cache = memory.cache, None
    pictured = int(network.config.image_token_id)
    if hasattr(network.base_model, "rope_deltas"):
        network.base_model.rope_deltas = None  # of the run before; it is found anew
    if cache is not None and pictured not in ids[known:] and _cut(cache, known):
        return {**_without_pixels(tensors), "past_key_values": cache}
    if memory.features is not None:
        return {**_without_pixels(tensors), "mm_encoder_outputs": memory.features}
    return dict(tensors)


def _without_pixels(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: one for name, one in tensors.items() if not name.startswith("pixel_")}


def _shared(one: Sequence[int], other: Sequence[int]) -> int:
    """So many tokens at the start are the same."""
    same = (number for number, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(same, min(len(one), len(other)))


def _cut(cache: Any, length: int) -> bool:
    """Leave the first tokens in a cache; False when it cannot be, as for layers that keep of the past
    only its end, or a sum of it."""
    from transformers import cache_utils

    surplus = cache.get_seq_length() - length
    if not surplus:
        return True
    for layer in cache.layers:
        is_sliding = type(layer) is cache_utils.DynamicSlidingWindowLayer
        if not (is_sliding or type(layer) is cache_utils.DynamicLayer):
            return False
        if is_sliding and layer.get_seq_length() >= layer.sliding_window:
            return False
    cache.crop(-surplus)
    return True


def _tensor(value: NDArray[np.generic], network: Any) -> Tensor:
    made = torch.from_numpy(value)
    if made.is_floating_point():
        return made.to(network.device, network.dtype)
    return made.to(network.device)
