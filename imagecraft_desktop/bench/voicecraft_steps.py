"""How fast a VoiceCraft network is in one mode, and how fast it could be at best on this machine.

As a module of its own it is the child that measures: `python -m imagecraft_desktop.bench.voicecraft_steps
PLAN`. It is asked for "machine" or for the name of a mode; a process measures one mode, so that the
peak of its memory is that mode's.

What is compared takes turns, step by step, so that other work on the machine disturbs all alike.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from statistics import median
from typing import TYPE_CHECKING, Any

from imagecraft_desktop.bench import machine
from imagecraft_desktop.bench.process import Figures, peak_mb, reset_peak, serve
from imagecraft_desktop.bench.voicecraft_network import Plan, make, random_codes, random_ids
from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.system.memory import give_back, resident_mb
from imagecraft_desktop.values import Tick

if TYPE_CHECKING:
    import torch

    from imagecraft_desktop.nets.voicecraft.codec import Codec
    from imagecraft_desktop.nets.voicecraft.generate import Utterance
    from imagecraft_desktop.nets.voicecraft.linear import Linear
    from imagecraft_desktop.nets.voicecraft.model import Network

MACHINE = "machine"
POSITIONS = (100, 500, 900)
MIDDLE = 500
"""Where the tries, and what is told of a step in short, are measured: the middle of an utterance."""
_N_TRIES = {"cuda": 8}
_N_TRIES_ELSE = 4
_TEXT_IDS, _PROMPT_FRAMES = 100, 150
_KNOWN_IDS = 60
"""Of the text ids: those of the prompt's transcript, which a warm voice has computed before."""
_FIRST_FRAMES = 25
"""Half a second."""
_FEWEST_TURNS, _MOST_TURNS = 10, 40
_MOST_STEPS = 150
"""An utterance at the last position could not be much longer."""
_REPEATS = 3
_DEAF_RUNS = 2
_READS = 5
_COPIES = 4


def _wait(device: str) -> None:
    """Until the device has done what it was told; a processor always has."""
    import torch

    if device == "cuda":
        torch.cuda.synchronize()
    elif device == "mps":
        torch.mps.synchronize()


def _timed_ms(work: Callable[[], object], device: str) -> float:
    begun = time.perf_counter()
    work()
    _wait(device)
    return (time.perf_counter() - begun) * 1000


def _spread(times: Sequence[float]) -> Figures:
    """Median and least, and how many there were."""
    return {
        "ms": round(median(times), 4),
        "least_ms": round(min(times), 4),
        "count": len(times),
    }


# --- the machine ---


def describe(device: str) -> Figures:
    """The device's name, and the modes that run on it: none where there is no such device."""
    import torch

    from imagecraft_desktop.nets.voicecraft.linear import Mode, can_run

    is_here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    has_it = is_here.get(device, True)
    name = torch.cuda.get_device_name() if has_it and device == "cuda" else ""
    return {
        "torch": str(torch.__version__),
        "device": device,
        "device_name": name,
        "processor_kernels": torch.backends.cpu.get_cpu_capability(),
        "threads": machine.cores(),
        "modes": [str(one) for one in Mode if has_it and can_run(one, device)],
    }


class Reader:
    """How fast memory is read: the best of several large reads."""

    def __init__(self, device: str, megabytes: int) -> None:
        import torch

        self._device = device
        self._data = torch.ones(megabytes << 18, device=device)
        self._copy = torch.empty_like(self._data) if device != "cpu" else None
        self.gb_s = 0.0

    def read(self) -> None:
        """Read some more."""
        for _ in range(_READS):
            seconds = _timed_ms(self._once, self._device) / 1000
            # a copy reads and writes
            times = 1 if self._copy is None else 2 * _COPIES
            self.gb_s = max(self.gb_s, times * self._data.nbytes / seconds / 1e9)

    def _once(self) -> None:
        if self._copy is None:
            self._data.sum()
            return
        for _ in range(_COPIES):
            self._copy.copy_(self._data)


# --- the network ---


def measure(plan: Plan, mode: str) -> Figures:
    """One row. Times in milliseconds or seconds by the name, memory in MiB."""
    import torch

    from imagecraft_desktop.nets.voicecraft.linear import Mode
    from imagecraft_desktop.nets.voicecraft.model import Network

    torch.set_num_threads(machine.cores())
    made = make(plan)
    begun = time.perf_counter()
    network = Network(made.checkpoint, Mode(mode), plan.device)
    _wait(plan.device)
    pack_s = time.perf_counter() - begun
    codec = made.codec
    config = made.checkpoint.config
    del made
    load_peak_mb = peak_mb()
    give_back()
    loaded_mb = resident_mb()
    reset_peak()
    _forget_device_peak(plan.device)
    row: Figures = {
        "mode": mode,
        "device": plan.device,
        "n_layers": config.n_layers,
        "d_model": config.d_model,
        "pack_s": round(pack_s, 3),
        **_first_sound(network, codec, plan.device),
        "load_peak_mb": round(load_peak_mb),
        "loaded_mb": round(loaded_mb),
        "peak_mb": round(peak_mb()),
        "device_peak_mb": _device_peak_mb(plan.device),
        "prefill": _spread(_prefills(network, plan.device)),
        "deaf_ms": _deaf(network, codec),
    }
    return row | _steps(network, plan)


def _first_sound(network: Network, codec: Codec, device: str) -> Figures:
    """From text ids to the first samples, for a voice whose transcript and prompt are known."""
    from imagecraft_desktop.nets.voicecraft.generate import Options, Utterance

    ids = random_ids(network.config, _TEXT_IDS)
    prompt = random_codes(network.config, _PROMPT_FRAMES)
    known = network.text_state(ids[:_KNOWN_IDS])
    heard = codec.stream()
    heard.skip(prompt)
    voice = heard.state()
    samples = 0

    def speak() -> None:
        nonlocal samples
        stream = codec.stream(voice)
        utterance = Utterance(network, ids, prompt, Options(), state=known)
        samples = len(stream.push(next(utterance.run(block=_FIRST_FRAMES))))

    speak()  # the first time a kernel is used it takes longer
    times = [_timed_ms(speak, device) for _ in range(_REPEATS)]
    return {"first_sound": _spread(times), "first_sound_s": round(samples / codec.rate_hz, 3)}


def _prefills(network: Network, device: str) -> list[float]:
    import torch

    from imagecraft_desktop.nets.voicecraft.pattern import delay_prompt

    ids = random_ids(network.config, _TEXT_IDS)
    columns = delay_prompt(random_codes(network.config, _PROMPT_FRAMES), network.config.empty)

    @torch.inference_mode()
    def fill() -> None:
        x = torch.cat([network.embed_text(ids), network.embed_columns(columns)], 1)
        network.extend(x, network.make_cache(1, x.shape[1]))

    return [_timed_ms(fill, device) for _ in range(_REPEATS)]


# --- how long a cancel is not heard ---


class _Ear:
    """Notes how far two looks at a cancel lie apart while something runs."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._last_s = 0.0

    def hear(self, work: Callable[[Tick], object]) -> None:
        """Run it; its beginning and its end are looks as well."""
        self._last_s = time.perf_counter()
        work(self._tick)
        self._tick()

    def _tick(self) -> None:
        now_s = time.perf_counter()
        self.longest_s = max(self.longest_s, now_s - self._last_s)
        self._last_s = now_s


def _deaf(network: Network, codec: Codec) -> Figures:
    """The longest time in milliseconds in which a cancel is not heard, in each part of speaking in a new
    voice: its recording, text and steps, the sound. The kernels were used before."""
    import torch

    from imagecraft_desktop.nets.voicecraft.generate import Options, Utterance

    ids = random_ids(network.config, _TEXT_IDS)
    prompt = random_codes(network.config, _PROMPT_FRAMES)
    recording = torch.rand(_PROMPT_FRAMES * codec.hop) - 0.5

    def take_in(tick: Tick) -> None:
        codec.encode(recording, tick)
        codec.stream().skip(prompt, tick)

    def speak(tick: Tick) -> None:
        next(Utterance(network, ids, prompt, Options()).run(_FIRST_FRAMES, tick))

    parts: dict[str, Callable[[Tick], object]] = {
        "prompt": take_in,
        "speaking": speak,
        "sound": lambda tick: codec.decode(prompt, tick),
    }
    found = {}
    for name, work in parts.items():
        ear = _Ear()
        for _ in range(_DEAF_RUNS):
            ear.hear(work)
        found[name] = round(ear.longest_s * 1000, 1)
    return found


# --- steps ---


def _begin(network: Network, position: int, tries: int) -> Utterance:
    """An utterance whose first step is at a position."""
    from imagecraft_desktop.nets.voicecraft.generate import Options, Utterance

    n_text = min(_TEXT_IDS, position // 2)
    return Utterance(
        network,
        random_ids(network.config, n_text),
        random_codes(network.config, position - n_text - 1),
        Options(tries=tries),
    )


class _Steps:
    """The steps of an utterance with one try, each taken when asked for."""

    def __init__(self, network: Network, position: int, device: str) -> None:
        self._device = device
        self._utterance = _begin(network, position, 1)
        self._run = self._utterance.run(block=1)
        next(self._run)
        self.is_static = self._utterance.is_static
        self.times: list[float] = []

    def take(self) -> None:
        """Up to the next frame; that is one step, or as many as the network takes at once."""
        before = self._utterance.n_steps
        spent = _timed_ms(lambda: self._go_beyond(before), self._device)
        self.times.append(spent / (self._utterance.n_steps - before))

    def _go_beyond(self, n_steps: int) -> None:
        while self._utterance.n_steps == n_steps:
            next(self._run)


class _Products:
    """The matrix products of one step for one row, with the weights as they are stored.

    Attributes:
        stored_bytes: What a step reads of the weights.
    """

    def __init__(self, network: Network, plan: Plan) -> None:
        from imagecraft_desktop.nets.voicecraft import runtime

        self._device = plan.device
        self.times: list[float] = []
        if network.runtime is None:
            calls = _calls(network, plan.device)
            self.stored_bytes = sum(_stored_bytes(linear) for linear, _ in calls)
            self._once: Callable[[], object] = lambda: [linear(x) for linear, x in calls]
        else:
            parts = network.parts(make(plan).checkpoint)
            self._once = runtime.Products(runtime.products_of(parts))
            self.stored_bytes = network.runtime.n_bytes

    def take(self) -> None:
        """All of them once."""
        self.times.append(_timed_ms(self._once, self._device))


class _UsualProducts:
    """The same products as PyTorch usually takes them, with weights that lie as in a file; nothing where the
    network's own are these.

    Attributes:
        times: Milliseconds, empty where there is nothing to compare.
    """

    def __init__(self, network: Network, device: str) -> None:
        import torch

        self._device = device
        self.times: list[float] = []
        calls = _calls(network, device) if network.runtime is None else []
        is_arranged = any(_is_arranged(linear) for linear, _ in calls)
        given = [
            (x, torch.full((linear(x).shape[1], x.shape[1]), 0.01, dtype=x.dtype))
            for linear, x in (calls if is_arranged else [])
        ]
        self._once = lambda: [torch.nn.functional.linear(x, weight) for x, weight in given]
        self._is_worth_it = bool(given)

    def take(self) -> None:
        """All of them once."""
        if self._is_worth_it:
            self.times.append(_timed_ms(self._once, self._device))


class _Attention:
    """The attention of all layers for one column at a position, as the steps take it."""

    def __init__(self, network: Network, position: int, device: str) -> None:
        import torch

        from imagecraft_desktop.nets.voicecraft import runtime

        self._device = device
        self.times: list[float] = []
        config = network.config
        if network.runtime is not None:
            self._once: Callable[[], object] = runtime.Attention(
                config.n_layers, config.n_heads, config.d_head, position
            )
            return
        cache = network.make_cache(1, position)
        known = torch.zeros(config.n_layers, config.n_heads, position - 1, config.d_head)
        cache.take(known, known)
        one = torch.ones(
            1, config.n_heads, 1, config.d_head, dtype=network.mode.dtype, device=device
        )
        self._once = lambda: [
            cache.attend(number, one, one, one, None) for number in range(config.n_layers)
        ]

    def take(self) -> None:
        """All of it once."""
        self.times.append(_timed_ms(self._once, self._device))


def _calls(network: Network, device: str) -> list[tuple[Linear, torch.Tensor]]:
    """The linear layers of a step, and what goes into them."""
    import torch

    config = network.config
    wide = torch.ones(1, config.d_model, dtype=network.mode.dtype, device=device)
    hidden = torch.ones(1, config.n_codes // 2, dtype=network.mode.dtype, device=device)
    calls: list[tuple[Linear, torch.Tensor]] = []
    for layer in network._layers:
        inner = torch.ones_like(layer.up(wide))
        calls += [(layer.qkv, wide), (layer.out, wide), (layer.up, wide), (layer.down, inner)]
    calls.append((network._head, wide))
    return calls + [(one, hidden) for one in network._classes]


def _is_arranged(linear: object) -> bool:
    from imagecraft_desktop.nets.packed import Packed

    return any(isinstance(one, Packed) for one in vars(linear).values())


def _stored_bytes(linear: object) -> int:
    """Of the tensors that a product for one row reads; int4 keeps others, for many rows."""
    import torch

    from imagecraft_desktop.nets.packed import Packed

    kept = list(vars(linear).values())
    arranged = sum(one.n_bytes for one in kept if isinstance(one, Packed))
    return arranged + sum(one.nbytes for one in kept if isinstance(one, torch.Tensor))


def _steps(network: Network, plan: Plan) -> Figures:
    import torch

    n_tries = _N_TRIES.get(plan.device, _N_TRIES_ELSE)
    with torch.inference_mode():
        by_position = {one: _Steps(network, one, plan.device) for one in POSITIONS}
        # static steps look at all the room there is, so attention to a position is no part of theirs
        looks = [one for one, steps in by_position.items() if not steps.is_static]
        attentions = {one: _Attention(network, one, plan.device) for one in looks}
        products, usual = _Products(network, plan), _UsualProducts(network, plan.device)
        reader = Reader(plan.device, plan.read_mb)
        reader.read()
        others: list[Any] = [*by_position.values(), *attentions.values(), products, usual]
        tries = _tries_ms(network, n_tries, plan, lambda: _take_turns(others))
        reader.read()
    steps = {
        one: {
            "position": one,
            **_spread(taken.times),
            **_bound(network, one, products.stored_bytes, reader.gb_s),
            **_attention_of(attentions.get(one), taken),
        }
        for one, taken in by_position.items()
    }
    return {
        "threads": torch.get_num_threads(),
        "gb_s": round(reader.gb_s, 2),
        "pass": _spread(products.times),
        "usual_pass": _spread(usual.times) if usual.times else None,
        "weight_bytes": products.stored_bytes,
        "steps": list(steps.values()),
        "real_time_factor": round(steps[MIDDLE]["ms"] * network.config.frames_hz / 1000, 3),
        "bound_ratio": round(steps[MIDDLE]["ms"] / steps[MIDDLE]["bound_ms"], 3),
        "n_tries": n_tries,
        "tries": _spread(tries),
        # turn by turn, so that what disturbed a turn cancels out
        "flatness": _ratio(by_position[POSITIONS[-1]].times, by_position[POSITIONS[0]].times),
        "flatness_bound": _flatness_bound(steps) if attentions else None,
        "tries_ratio": _ratio(tries, by_position[MIDDLE].times),
        "pass_ratio": _ratio(by_position[MIDDLE].times, products.times),
        "usual_pass_ratio": _ratio(by_position[MIDDLE].times, usual.times or products.times),
    }


def _attention_of(attention: _Attention | None, taken: _Steps) -> Figures:
    """How long it takes alone, and its share of a step; None where no step takes it so."""
    if attention is None:
        return {"attention": None, "attention_share": None}
    share = _ratio(attention.times, taken.times)
    return {"attention": _spread(attention.times), "attention_share": share}


def _flatness_bound(steps: Mapping[int, Figures]) -> float:
    """How many times as much the last step must read as the first."""
    first, last = (float(steps[POSITIONS[at]]["bytes"]) for at in (0, -1))
    return round(last / first, 3)


def _take_turns(others: Iterable[Any]) -> None:
    for one in others:
        one.take()


def _tries_ms(network: Network, tries: int, plan: Plan, between: Callable[[], None]) -> list[float]:
    """Steps of several tries at the middle position.

    They give nothing before they end, so the others take their turns inside of this utterance: when
    it looks whether it is cancelled and a step is done.
    """
    utterance = _begin(network, MIDDLE, tries)
    times: list[float] = []
    seen, left = 0, 0.0
    end = float("inf")

    def tick() -> None:
        nonlocal seen, left, end
        now = utterance.n_steps
        if now == seen:
            return
        _wait(plan.device)
        if seen:
            times.append((time.perf_counter() - left) * 1000 / (now - seen))
        else:
            end = time.perf_counter() + plan.seconds
        is_late = len(times) >= _FEWEST_TURNS and time.perf_counter() > end
        if is_late or len(times) >= _MOST_TURNS or now > _MOST_STEPS:
            raise Cancelled
        between()
        seen, left = now, time.perf_counter()

    with suppress(Cancelled):
        list(utterance.run(tick=tick))
    return times


def _bound(network: Network, position: int, weight_bytes: int, gb_s: float) -> Figures:
    """The least time that reading the weights and what is remembered takes."""
    config = network.config
    numbers = 2 * config.n_layers * config.d_model * position
    each = network.mode.dtype.itemsize if network.runtime is None else 1
    read = weight_bytes + numbers * each
    return {"bytes": read, "bound_ms": round(read / gb_s / 1e6, 4)}


def _ratio(above: Sequence[float], below: Sequence[float]) -> float:
    return round(median(one / two for one, two in zip(above, below, strict=False)), 3)


def _forget_device_peak(device: str) -> None:
    import torch

    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()


def _device_peak_mb(device: str) -> float | None:
    import torch

    return round(torch.cuda.max_memory_allocated() / (1 << 20)) if device == "cuda" else None


def _answer_with(plan: Plan) -> Callable[[str], Figures]:
    def answer(question: str) -> Figures:
        return describe(plan.device) if question == MACHINE else measure(plan, question)

    return answer


if __name__ == "__main__":
    serve(_answer_with(Plan.from_text(sys.argv[1])))
