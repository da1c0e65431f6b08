"""How fast a captioning network is through this program, and through transformers' own `generate`; of CoCa,
which transformers does not have, our own network where nobody can cancel.

As a module of its own it is the child that measures: `python -m imagecraft_desktop.bench.caption_steps
MODEL DEVICE MODE SECONDS`. It is asked once. The two ways take turns, so that other work on the machine
disturbs both alike.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any

from imagecraft_desktop.bench import machine
from imagecraft_desktop.bench.caption_networks import (
    KNOWN,
    NEVER,
    Inputs,
    Known,
    make,
    unread_of,
    vision_of,
)
from imagecraft_desktop.bench.process import Figures, peak_mb, reset_peak, serve
from imagecraft_desktop.bench.voicecraft_steps import Reader
from imagecraft_desktop.system.memory import available_mb, give_back, resident_mb

TOKENS = 12
"""Of a sentence."""
_TYPES = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16"}
_FEWEST_TURNS, _MOST_TURNS = 3, 15
_MIB = 1 << 20
_MEMORY_SHARE = 1.2
_READ_MB = 512


def measure(name: str, device: str, mode: str, seconds: float) -> Figures:
    """One row: milliseconds, MiB and counts by the name; "error" when there is too little memory.

    Args:
        mode: A key of `_TYPES`, or "auto" for what the program would choose.
        seconds: How long turns are taken, about.
    """
    import torch

    from imagecraft_desktop.nets.captioners.load import choose_dtype
    from imagecraft_desktop.nets.packed import can_pack

    torch.set_num_threads(machine.cores())
    known = KNOWN[name]
    dtype = choose_dtype(device) if mode == "auto" else getattr(torch, _TYPES[mode])
    is_arranged = known.network and device == "cpu" and dtype == torch.bfloat16 and can_pack()
    n_networks = 2 if is_arranged else 1
    need_mb = n_networks * known.millions * 1e6 * dtype.itemsize * _MEMORY_SHARE / _MIB
    free_mb = available_mb()
    if free_mb is not None and free_mb < need_mb:
        return {"error": f"{need_mb:.0f} MiB, {free_mb:.0f} MiB"}
    begun = time.perf_counter()
    network = make(known, device, dtype)
    made_s = time.perf_counter() - begun
    give_back()
    reset_peak()
    loaded_mb = resident_mb()
    row: Figures = {
        "model": name,
        "device": device,
        "device_name": torch.cuda.get_device_name() if device == "cuda" else "",
        "mode": next(key for key, value in _TYPES.items() if value == str(dtype)[6:]),
        "torch": str(torch.__version__),
        "threads": torch.get_num_threads(),
        "weights": sum(one.numel() for one in network.parameters()),
        "made_s": round(made_s, 2),
        "tokens": TOKENS,
        "is_own": not known.network,
    }
    runs = (_Runs if known.network else _CocaRuns)(network, known, device)
    runs.ours(TOKENS)
    row |= {"loaded_mb": round(loaded_mb), "peak_mb": round(peak_mb())}
    if is_arranged:  # transformers' own way has its weights as they are
        runs.plain_network = make(known, device, dtype, is_plain=True)
    row |= _turns(runs, seconds)
    row["device_peak_mb"] = (
        round(torch.cuda.max_memory_allocated() / _MIB) if device == "cuda" else None
    )
    return row | _bound(network, known, device, row["step_ms"])


class _Runs:
    """The two ways to write, about one picture.

    Attributes:
        plain_network: The same with its weights as transformers has them.
    """

    def __init__(self, network: Any, known: Known, device: str) -> None:
        self._network = self.plain_network = network
        self._inputs: Inputs = known.inputs()
        self._device = device
        self._vision = vision_of(known, network)
        self.ticks = 0
        self.longest_s = 0.0
        self._last_s = 0.0

    def ours(self, tokens: int) -> float:
        """Milliseconds of this program, which listens for a cancel meanwhile."""
        self._last_s = time.perf_counter()
        return self._timed(lambda: self._write(tokens))

    def plain(self, tokens: int) -> float:
        """Milliseconds of transformers' own `generate`."""
        return self._timed(lambda: self._write_plainly(tokens))

    def _write(self, tokens: int) -> None:
        from imagecraft_desktop.nets.captioners.generate import Options, generate

        generate(self._network, self._inputs, Options(self._end, tokens), self._tick)

    def _write_plainly(self, tokens: int) -> None:
        import torch
        import transformers

        made_of: Any = transformers
        how = made_of.GenerationConfig(
            max_new_tokens=tokens,
            do_sample=False,
            bos_token_id=self._network.generation_config.bos_token_id,
            eos_token_id=self._end,
            pad_token_id=self._end,
        )
        with torch.inference_mode():
            self.plain_network.generate(**self._tensors(), generation_config=how)

    @property
    def _end(self) -> int:
        """A number that no token has: the network never ends by itself."""
        return int(self._network.config.get_text_config().vocab_size)

    def vision(self) -> float:
        """Milliseconds of the part that looks at the picture."""
        spent: list[float] = []
        begun = 0.0

        def begin(*_: object) -> None:
            nonlocal begun
            self._wait()
            begun = time.perf_counter()

        def end(*_: object) -> None:
            self._wait()
            spent.append((time.perf_counter() - begun) * 1000)

        with _hooked(self._vision, begin, end):
            self.ours(1)
        return sum(spent)

    def _tick(self) -> None:
        now_s = time.perf_counter()
        self.longest_s = max(self.longest_s, now_s - self._last_s)
        self._last_s = now_s
        self.ticks += 1

    def _tensors(self) -> dict[str, Any]:
        import torch

        network = self._network
        made = {name: torch.from_numpy(value) for name, value in self._inputs.items()}
        return {
            name: value.to(network.device, network.dtype)
            if value.is_floating_point()
            else value.to(network.device)
            for name, value in made.items()
        }

    def _timed(self, work: Callable[[], object]) -> float:
        begun = time.perf_counter()
        work()
        self._wait()
        return (time.perf_counter() - begun) * 1000

    def _wait(self) -> None:
        import torch

        if self._device == "cuda":
            torch.cuda.synchronize()
        elif self._device == "mps":
            torch.mps.synchronize()


class _CocaRuns(_Runs):
    """Of our own network, as it writes for the program, and without what a cancel needs."""

    def _write(self, tokens: int) -> None:
        from imagecraft_desktop.nets.captioners.coca import stream
        from imagecraft_desktop.nets.captioners.generate import Options, collect

        pixels, options = self._inputs["pixel_values"], Options(NEVER, tokens)
        collect(stream(self._network, pixels, self._begin, options, self._tick))

    def _write_plainly(self, tokens: int) -> None:
        import torch

        network = self._network
        with torch.inference_mode():
            text = network.begin(network.look(self._tensors()["pixel_values"]))
            last = torch.tensor([[self._begin]], device=network.device)
            for _ in range(tokens):
                last = network(last, text)[:, -1].argmax(-1, keepdim=True)

    @property
    def _begin(self) -> int:
        """The token before the first, by its place in CLIP's tokenizer."""
        return int(self._network.sizes.vocabulary) - 2


@contextmanager
def _hooked(module: Any, begin: Callable[..., None], end: Callable[..., None]) -> Iterator[None]:
    hooks = [module.register_forward_pre_hook(begin), module.register_forward_hook(end)]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _turns(runs: _Runs, seconds: float) -> Figures:
    runs.plain(2)  # the first time a kernel is used it takes longer
    runs.ours(2)
    runs.ticks, runs.longest_s = 0, 0.0
    ways: dict[str, Callable[[], float]] = {
        "sentence": lambda: runs.ours(TOKENS),
        "plain_sentence": lambda: runs.plain(TOKENS),
        "first": lambda: runs.ours(1),
        "plain_first": lambda: runs.plain(1),
        "vision": runs.vision,
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    spent_s: dict[str, list[float]] = {name: [] for name in ways}
    end_s = time.perf_counter() + seconds
    while len(times["first"]) < _FEWEST_TURNS or (
        time.perf_counter() < end_s and len(times["first"]) < _MOST_TURNS
    ):
        # who is first in a turn is last in the next
        names = list(ways)[:: 1 if len(times["first"]) % 2 == 0 else -1]
        for name in names:
            began_s = time.process_time()
            times[name].append(ways[name]())
            spent_s[name].append(time.process_time() - began_s)
    found: Figures = {
        name: {"ms": round(median(all_of), 2), "least_ms": round(min(all_of), 2)}
        for name, all_of in times.items()
    }
    # the least, for a median of one and a median of the other may be of a busy and a quiet moment
    spent_ms = found["sentence"]["least_ms"] - found["first"]["least_ms"]
    step_ms = spent_ms / (TOKENS - 1) if spent_ms > 0 else None
    return found | {
        "turns": len(times["first"]),
        "step_ms": None if step_ms is None else round(step_ms, 3),
        "tokens_per_s": None if step_ms is None else round(1000 / step_ms, 2),
        "vision_share": round(found["vision"]["ms"] / found["sentence"]["ms"], 3),
        "ratio": _ratio(times["sentence"], times["plain_sentence"]),
        "first_ratio": _ratio(times["first"], times["plain_first"]),
        # other work on the machine disturbs these less
        "processor_ratio": _ratio(spent_s["sentence"], spent_s["plain_sentence"]),
        "first_processor_ratio": _ratio(spent_s["first"], spent_s["plain_first"]),
        "longest_deaf_ms": round(runs.longest_s * 1000, 1),
    }


def _ratio(ours: Sequence[float], plain: Sequence[float]) -> float:
    """The median of the ratios of each turn."""
    return round(median(one / two for one, two in zip(ours, plain, strict=True)), 3)


def _bound(network: Any, known: Known, device: str, step_ms: float | None) -> Figures:
    """The least time of a step: reading the weights of the part that writes."""
    unread = unread_of(known, network)
    own = network.text.token_embedding if not known.network else network.get_input_embeddings()
    words = own.weight
    every = network.named_parameters(remove_duplicate=False)
    if sum(one is words for _, one in every) == 1:  # tied to the output they are read whole
        unread.add(id(words))
    reads = sum(one.nbytes for one in network.parameters() if id(one) not in unread)
    reader = Reader(device, _READ_MB)
    reader.read()
    bound_ms = reads / reader.gb_s / 1e6
    return {
        "gb_s": round(reader.gb_s, 2),
        "bytes": reads,
        "bound_ms": round(bound_ms, 3),
        "bound_ratio": None if step_ms is None else round(step_ms / bound_ms, 2),
    }


if __name__ == "__main__":
    _name, _device, _mode, _seconds = sys.argv[1:]
    serve(lambda _: measure(_name, _device, _mode, float(_seconds)))
