"""Text and the codes of a voice prompt become the codes of new speech.

Tensor letters: B tries, K codebooks, T frames of the prompt, G frames that are new, N steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from imagecraft_desktop.errors import VoiceDamaged
from imagecraft_desktop.nets.voicecraft.config import Config
from imagecraft_desktop.nets.voicecraft.model import Network, TextState
from imagecraft_desktop.nets.voicecraft.pattern import delay_prompt, frames
from imagecraft_desktop.nets.voicecraft.rules import speech_limits
from imagecraft_desktop.nets.voicecraft.runtime import FEWEST_KNOWN
from imagecraft_desktop.nets.voicecraft.sampling import Draw, sampler
from imagecraft_desktop.nets.voicecraft.steps import (
    STEPS_AT_ONCE,
    EagerSteps,
    RuntimeSteps,
    StaticSteps,
    Steps,
)
from imagecraft_desktop.values import Tick, no_tick

SILENCE_TOKENS = (1388, 1898, 131)
"""Codes of codebook 0 that the published codec has for silence."""
LOWEST_TEMPERATURE = 0.01
_ROOM = 256
"""Static memory comes in these sizes, so that utterances of about the same length share it."""


@dataclass(frozen=True)
class Options:
    """How tokens are drawn; the defaults are those that the authors recommend, with one try.

    Attributes:
        tries: Utterances begun side by side; the first to end is taken.
    """

    top_k: int = 40
    top_p: float = 1.0
    temperature: float = 1.0
    stop_repetition: int = 3
    silence_tokens: tuple[int, ...] = SILENCE_TOKENS
    tries: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        if self.tries < 1:
            raise ValueError("there must be at least one try")
        if not self.temperature >= LOWEST_TEMPERATURE:
            raise ValueError(f"the temperature must be at least {LOWEST_TEMPERATURE}")


def check_input(config: Config, text_ids: Sequence[int], codes: Tensor) -> None:
    """Raise ValueError for what no network of this configuration can be given.

    Args:
        codes: (K, T), T at least 1.
    """
    if not text_ids:
        raise ValueError("there is no text")
    if not all(0 <= one < config.n_text_rows for one in text_ids):
        raise ValueError("a text id is not in the text embedding")
    if codes.is_floating_point():
        raise ValueError("codes are whole numbers")
    if codes.ndim != 2 or codes.shape[0] != config.n_codebooks or codes.shape[1] < 1:
        raise ValueError("the codes must be (codebooks, frames) with at least one frame")
    if codes.min() < 0 or codes.max() >= config.n_codes:
        raise ValueError("there is a code that the codec does not have")


class Utterance:
    """One utterance in the making; it is run once.

    Args:
        text_ids: The prompt's transcript and the new text, phonemized as one; (n,).
        prompt: The prompt's codes, int64, (K, T), T at least 1.
        state: The transcript's beginning, computed before; saves time only.
        most_frames: It ends with so many new frames, if not before; None for what the text allows.
        n_said: Text ids of the transcript, see `speech_limits`.
        draw: Takes the place of the sampler; tests give tokens with it.
        is_static: Whether the steps run in memory that never moves; None where that pays.
    """

    def __init__(
        self,
        network: Network,
        text_ids: Sequence[int],
        prompt: Tensor,
        options: Options,
        *,
        state: TextState | None = None,
        most_frames: int | None = None,
        n_said: int | None = None,
        draw: Draw | None = None,
        is_static: bool | None = None,
    ) -> None:
        config = network.config
        check_input(config, text_ids, prompt)
        self._network = network
        self._text_ids = list(text_ids)
        self._prompt = prompt.to(network.device)
        self._options = options
        self._state = state
        self._draw = draw
        self.is_static = network.device.type == "cuda" if is_static is None else is_static
        self._limits = speech_limits(
            config,
            len(text_ids),
            prompt.shape[1],
            options.stop_repetition,
            options.silence_tokens,
            most_frames=most_frames,
            n_said=n_said,
        )
        self._is_begun = False
        self.n_steps = 0
        """Steps taken, N."""
        self.n_frames = 0
        """Frames given so far."""
        self.kept = 0
        """The try that was taken, once it is over."""
        self.tokens = torch.zeros(config.n_codebooks, 0, dtype=torch.long)
        """All tokens of that try, int64, (K, N), once it is over."""

    @torch.inference_mode()
    def run(self, block: int = 10, tick: Tick = no_tick) -> Iterator[Tensor]:
        """Generate. With one try frames are given while later ones are made, else at the end.

        Args:
            block: The fewest frames given at once, but for the last.
            tick: Called within each step; raises Cancelled.
        Yields:
            New frames, int64, (K, n), n at least 1.
        Raises:
            VoiceDamaged: The network gives something that is no number.
        """
        if self._is_begun:
            raise RuntimeError("an utterance is run once")
        self._is_begun = True
        with self._steps() as steps:
            yield from self._run(steps, block, tick)

    def _run(self, steps: Steps, block: int, tick: Tick) -> Iterator[Tensor]:
        n_books = self._network.config.n_codebooks
        self._prefill(steps, tick)
        while True:
            tick()
            self.n_steps += steps.run(tick)
            past_end = steps.rules.past_end()
            if past_end >= 0:
                break
            if self._options.tries == 1 and past_end == -n_books:
                ready = self.n_steps - n_books + 1
                if ready - self.n_frames >= max(block, 1):
                    yield self._give(steps, ready)
        self.n_steps -= past_end
        self.kept = int(steps.rules.keep)
        self.tokens = steps.tokens[self.kept, :, : self.n_steps].clone()
        n_new = self.n_steps - n_books
        if n_new > self.n_frames:
            yield self._give(steps, n_new)

    @contextmanager
    def _steps(self) -> Iterator[Steps]:
        """What takes the steps: for static ones, those that an utterance before left free."""
        network, options = self._network, self._options
        n_known = len(self._text_ids) + self._prompt.shape[1] + 1
        n_steps = self._limits.steps + network.config.n_codebooks - 1
        if not self.is_static or self._draw is not None:
            draw = self._draw
            if draw is None:
                generator = torch.Generator(network.device).manual_seed(options.seed)
                draw = _sampler(options, generator)
            if self.is_static:
                room = n_known + n_steps + STEPS_AT_ONCE
                yield StaticSteps(network, self._limits, options.tries, draw, room=room)
            else:
                yield self._eager(draw, n_known, n_steps)
            return
        room = -(-(n_known + n_steps + STEPS_AT_ONCE) // _ROOM) * _ROOM
        key = (room, options.tries, _sampling(options), self._limits.end)
        idle = network.idle.setdefault(key, [])
        if idle:
            steps = idle.pop()
        else:
            generator = torch.Generator(network.device)
            draw = _sampler(options, generator)
            steps = StaticSteps(
                network, self._limits, options.tries, draw, room=room, generator=generator
            )
        steps.restart(self._limits, options.seed)
        yield steps
        idle.append(steps)

    def _eager(self, draw: Draw, n_known: int, n_steps: int) -> Steps:
        network, tries, room = self._network, self._options.tries, n_known + n_steps
        if network.runtime is None or n_known < FEWEST_KNOWN:
            return EagerSteps(network, self._limits, tries, draw, room=room)
        return RuntimeSteps(
            network, network.runtime, self._limits, tries, draw, n_known=n_known, room=room
        )

    def _prefill(self, steps: Steps, tick: Tick) -> None:
        """Run text and prompt once for all tries."""
        network = self._network
        columns = delay_prompt(self._prompt, network.config.empty)
        n_known = len(self._text_ids) + columns.shape[1]
        first = steps.cache.first()
        begun = network.begin(first, self._text_ids, self._state)
        text = network.embed_text(self._text_ids)[:, begun:]
        x = torch.cat([text, network.embed_columns(columns)], 1)
        hidden = network.extend(x, first, tick)[:, -1]
        steps.cache.share(n_known)
        steps.begin(hidden, n_known, columns.shape[1])

    def _give(self, steps: Steps, end: int) -> Tensor:
        if steps.rules.is_broken():
            raise broken(self._network)
        begin, self.n_frames = self.n_frames, end
        return frames(steps.tokens[int(steps.rules.keep)], begin, end)


def _sampler(options: Options, generator: torch.Generator) -> Draw:
    return sampler(options.top_k, options.top_p, options.temperature, generator)


def _sampling(options: Options) -> tuple[object, ...]:
    """All that a captured step has fixed in it."""
    return (
        options.top_k,
        options.top_p,
        options.temperature,
        options.stop_repetition,
        options.silence_tokens,
    )


def broken(network: Network) -> VoiceDamaged:
    """What is raised when the network gives something that is no number: its weights are finite, but
    too large to compute with in its mode."""
    reason = f"what it computes in {network.mode} is no number"
    return VoiceDamaged(f"{network.name}: {reason}", name=network.name, reason=reason)


def generate(
    network: Network,
    text_ids: Sequence[int],
    prompt: Tensor,
    options: Options,
    *,
    tick: Tick = no_tick,
    state: TextState | None = None,
    draw: Draw | None = None,
) -> Tensor:
    """The new frames of a whole utterance, int64, (K, G). See `Utterance`."""
    utterance = Utterance(network, text_ids, prompt, options, state=state, draw=draw)
    given = list(utterance.run(tick=tick))
    if not given:
        return prompt.new_zeros(prompt.shape[0], 0)
    return torch.cat(given, 1)
