"""The loop of decoding: rules and draw, then the next column through the network.

`EagerSteps` run one by one, on a processor, and so do `RuntimeSteps`, in ONNX Runtime. `StaticSteps` keep everything in memory that never moves,
so that a step can be captured as a CUDA graph: it launches some four hundred small kernels, and on a
fast GPU handing them out takes several times as long as running them. Without a GPU they run one by
one too, which is how tests see that both are equal.

Tensor letters: B tries, K codebooks, D width.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import Protocol

import torch
from torch import Tensor

from imagecraft_desktop.nets.voicecraft.cache import Cache
from imagecraft_desktop.nets.voicecraft.model import Network
from imagecraft_desktop.nets.voicecraft.rules import Limits, Rules
from imagecraft_desktop.nets.voicecraft.runtime import Run, Runtime
from imagecraft_desktop.nets.voicecraft.sampling import Draw
from imagecraft_desktop.values import Tick

STEPS_AT_ONCE = 8
"""Static steps between two looks of the host at whether the end has come."""
_WARM_UP = 3
"""Static steps before the capture: libraries take their memory in the first ones."""
_ALONE = Lock()


class Steps(Protocol):
    """Takes the steps of one utterance.

    Attributes:
        cache: To be filled by the prefill.
        tokens: int64, (B, K, steps): what was drawn and forced.
    """

    cache: Cache
    rules: Rules
    tokens: Tensor

    def begin(self, hidden: Tensor, n_known: int, n_columns: int) -> None:
        """After the prefill.

        Args:
            hidden: The last column's state, float32, (1, D).
            n_known: Positions of the cache that are filled.
            n_columns: Audio columns among them.
        """

    def run(self, tick: Tick) -> int:
        """Take some steps; how many. May go beyond the end."""


class EagerSteps:
    """One step at a time; the cache is read only as far as it is filled.

    Args:
        room: Positions of the cache: the most that an utterance can take.
    """

    def __init__(
        self, network: Network, limits: Limits, tries: int, draw: Draw, *, room: int
    ) -> None:
        self.cache = network.make_cache(tries, room)
        self.rules = Rules(network.config, limits, tries, network.device)
        n_books = network.config.n_codebooks
        self.tokens = torch.zeros(tries, n_books, room, dtype=torch.long, device=network.device)
        self._network = network
        self._draw = draw
        self._positions = network.audio_positions(room)
        self._hidden = torch.zeros(0)
        self._last: Tensor | None = None
        self._n_columns = self._n_steps = 0

    def begin(self, hidden: Tensor, n_known: int, n_columns: int) -> None:
        self._hidden = hidden.expand(self.tokens.shape[0], -1)
        self._n_columns = n_columns

    def run(self, tick: Tick) -> int:
        network = self._network
        if self._last is not None:
            x = network.embed_tokens(self._last) + self._positions[self._n_columns]
            self._hidden = network.extend(x[:, None], self.cache, tick)[:, -1]
            self._n_columns += 1
        self._last = self.rules.next(network.logits(self._hidden), self._draw)
        self.tokens[:, :, self._n_steps] = self._last
        self._n_steps += 1
        return 1


class RuntimeSteps:
    """One step at a time, each one call of the runtime; a step is short, so `tick` is called once.

    Args:
        n_known: Positions that the prefill fills.
        room: Positions that an utterance can take at most.
    """

    def __init__(
        self,
        network: Network,
        runtime: Runtime,
        limits: Limits,
        tries: int,
        draw: Draw,
        *,
        n_known: int,
        room: int,
    ) -> None:
        self.cache = network.make_cache(1, n_known)
        self.rules = Rules(network.config, limits, tries, network.device)
        self.tokens = torch.zeros(tries, network.config.n_codebooks, room, dtype=torch.long)
        self._network = network
        self._runtime = runtime
        self._draw = draw
        self._positions = network.audio_positions(room)
        self._begun: Run | None = None
        self._logits = torch.zeros(0)
        self._n_columns = self._n_steps = 0
        self._n_threads = 1

    def begin(self, hidden: Tensor, n_known: int, n_columns: int) -> None:
        tries, _, room = self.tokens.shape
        keys, values = self.cache.filled()
        self._begun = self._runtime.begin(keys, values, tries=tries, room=room)
        self.cache = Cache([], [])  # its rounded copy takes its place
        self._logits = self._network.logits(hidden).expand(tries, -1, -1)
        self._n_columns = n_columns
        self._n_threads = _count_threads()

    def run(self, tick: Tick) -> int:
        assert self._begun is not None
        tick()
        with _one_thread(self._n_threads):
            if self._n_steps:
                last = self.tokens[:, :, self._n_steps - 1]
                x = self._network.embed_tokens(last) + self._positions[self._n_columns]
                self._logits = self._begun.step(x)
                self._n_columns += 1
            self.tokens[:, :, self._n_steps] = self.rules.next(self._logits, self._draw)
        self._n_steps += 1
        return 1


def _count_threads() -> int:
    """Threads of PyTorch outside `_one_thread`. As a new thread has them: one that first met PyTorch
    while another was within keeps the one."""
    with _ALONE, ThreadPoolExecutor(1) as new:
        return new.submit(torch.get_num_threads).result()


@contextmanager
def _one_thread(n_after: int) -> Iterator[None]:
    """For small operations between two steps of the runtime: those threads of PyTorch that have helped
    with one spin for some milliseconds afterwards, and take the core from the threads of the runtime.

    Their number is the whole process's, so only one utterance at a time may change it.

    Args:
        n_after: See `_count_threads`.
    """
    with _ALONE:
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(n_after)


class StaticSteps:
    """Made once, restarted for each utterance.

    Args:
        room: Positions of the cache: more than an utterance can take, with the steps beyond its end.
        draw: Draws with `generator` and nothing else.
    """

    def __init__(
        self,
        network: Network,
        limits: Limits,
        tries: int,
        draw: Draw,
        *,
        room: int,
        generator: torch.Generator | None = None,
    ) -> None:
        device, config = network.device, network.config
        self.cache = network.make_cache(tries, room, is_static=True)
        self.rules = Rules(config, limits, tries, device)
        self.tokens = torch.zeros(tries, config.n_codebooks, room, dtype=torch.long, device=device)
        self._network = network
        self._draw = draw
        self._generator = generator
        self._hidden = torch.zeros(tries, config.d_model, device=device)
        self._at = torch.zeros(1, dtype=torch.long, device=device)
        self._column = torch.zeros(1, dtype=torch.long, device=device)
        self._step = torch.zeros(1, dtype=torch.long, device=device)
        self._reach = torch.arange(room, device=device)
        self._positions = network.audio_positions(room).clone()
        self._graph: torch.cuda.CUDAGraph | None = None
        self._n_warm = 0

    def restart(self, limits: Limits, seed: int) -> None:
        """Before the prefill of another utterance."""
        self.rules.restart(limits)
        if self._generator is not None:
            self._generator.manual_seed(seed)
        self._step.zero_()
        self.cache.length = 0

    def begin(self, hidden: Tensor, n_known: int, n_columns: int) -> None:
        self._hidden.copy_(hidden.expand_as(self._hidden))
        self._at.fill_(n_known)
        self._column.fill_(n_columns)

    def run(self, tick: Tick) -> int:
        for _ in range(STEPS_AT_ONCE):
            tick()
            if self._graph is not None:
                self._graph.replay()
            elif self._hidden.is_cuda and self._n_warm >= _WARM_UP:
                self._graph = self._captured()
                self._graph.replay()
            else:
                self._one()
                self._n_warm += 1
        return STEPS_AT_ONCE

    def _one(self) -> None:
        network = self._network
        tokens = self.rules.next(network.logits(self._hidden), self._draw)
        self.tokens.index_copy_(2, self._step, tokens[:, :, None])
        x = network.embed_tokens(tokens) + self._positions.index_select(0, self._column)
        hidden = network.step(x[:, None], self.cache, self._at, self._reach)
        self._hidden.copy_(hidden[:, -1])
        for place in (self._at, self._column, self._step):
            place.add_(1)

    def _captured(self) -> torch.cuda.CUDAGraph:
        """A step, recorded. Recording does not run it."""
        graph = torch.cuda.CUDAGraph()
        if self._generator is not None:
            graph.register_generator_state(self._generator)
        torch.cuda.synchronize()
        with torch.cuda.graph(graph):
            self._one()
        return graph
