"""Text and the codes of a voice prompt become the codes of new speech.

Tensor letters: B tries, K codebooks, T frames of the prompt, G frames that are new, N steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from imagecraft_desktop.nets.voicecraft.model import Cache, Network, TextState, no_tick
from imagecraft_desktop.nets.voicecraft.pattern import delay_prompt, frames
from imagecraft_desktop.nets.voicecraft.rules import Rules, speech_limits
from imagecraft_desktop.nets.voicecraft.sampling import Draw, sampler
from imagecraft_desktop.values import Tick

SILENCE_TOKENS = (1388, 1898, 131)
"""Codes of codebook 0 that the published codec has for silence."""


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


class Utterance:
    """One utterance in the making.

    Args:
        text_ids: The prompt's transcript and the new text, phonemized as one; (n,).
        prompt: The prompt's codes, int64, (K, T), T at least 1.
        state: The transcript's beginning, computed before; saves time only.
        draw: Takes the place of the sampler; tests give tokens with it.
    """

    def __init__(
        self,
        network: Network,
        text_ids: Sequence[int],
        prompt: Tensor,
        options: Options,
        *,
        state: TextState | None = None,
        draw: Draw | None = None,
    ) -> None:
        config = network.config
        if not text_ids:
            raise ValueError("there is no text")
        if not all(0 <= one < config.n_text_rows for one in text_ids):
            raise ValueError("a text id is not in the text embedding")
        if prompt.ndim != 2 or prompt.shape[0] != config.n_codebooks or prompt.shape[1] < 1:
            raise ValueError("the prompt must be (codebooks, frames) with at least one frame")
        if prompt.min() < 0 or prompt.max() >= config.n_codes:
            raise ValueError("the prompt has a code that the codec does not have")
        self._network = network
        self._text_ids = list(text_ids)
        self._prompt = prompt.to(network.device)
        self._options = options
        self._state = state
        limits = speech_limits(
            config,
            len(text_ids),
            prompt.shape[1],
            options.stop_repetition,
            options.silence_tokens,
        )
        self._most = limits.steps + config.n_codebooks - 1
        self._rules = Rules(config, limits, options.tries, network.device)
        if draw is None:
            generator = torch.Generator(network.device).manual_seed(options.seed)
            draw = sampler(options.top_k, options.top_p, options.temperature, generator)
        self._draw = draw
        self._tokens = torch.zeros(
            options.tries, config.n_codebooks, self._most, dtype=torch.long, device=network.device
        )
        self.n_steps = 0
        """Steps taken, N."""
        self.n_frames = 0
        """Frames given so far."""

    @torch.inference_mode()
    def run(self, block: int = 10, tick: Tick = no_tick) -> Iterator[Tensor]:
        """Generate. With one try frames are given while later ones are made, else at the end.

        Args:
            block: The fewest frames given at once, but for the last.
            tick: Called within each step; raises Cancelled.
        Yields:
            New frames, int64, (K, n), n at least 1.
        """
        network, config = self._network, self._network.config
        n_books, n_tries = config.n_codebooks, self._options.tries
        n_prompt = self._prompt.shape[1]
        positions = network.audio_positions(n_prompt + 1 + self._most)
        cache, hidden = self._prefill(tick)
        hidden = hidden.expand(n_tries, -1)
        while self.n_steps < self._most:
            tick()
            tokens = self._rules.next(network.logits(hidden), self._draw)
            self._tokens[:, :, self.n_steps] = tokens
            self.n_steps += 1
            if self._rules.is_ended():
                break
            if n_tries == 1 and int(self._rules.n_end) == 0:
                ready = self.n_steps - n_books + 1
                if ready - self.n_frames >= block:
                    yield self._give(ready)
            x = network.embed_tokens(tokens) + positions[n_prompt + self.n_steps]
            hidden = network.extend(x[:, None], cache, tick)[:, -1]
        n_new = self.n_steps - n_books
        if n_new > self.n_frames:
            yield self._give(n_new)

    def _prefill(self, tick: Tick) -> tuple[Cache, Tensor]:
        """Run text and prompt once for all tries. The cache and the last column's state, (1, D)."""
        network = self._network
        columns = delay_prompt(self._prompt, network.config.empty)
        n_known = len(self._text_ids) + columns.shape[1]
        cache = network.make_cache(self._options.tries, n_known + self._most)
        first = cache.first()
        begun = network.begin(first, self._text_ids, self._state)
        text = network.embed_text(self._text_ids)[:, begun:]
        x = torch.cat([text, network.embed_columns(columns)], 1)
        hidden = network.extend(x, first, tick)[:, -1]
        cache.share(n_known)
        return cache, hidden

    def _give(self, end: int) -> Tensor:
        begin, self.n_frames = self.n_frames, end
        return frames(self._tokens[int(self._rules.keep)], begin, end)

    @property
    def kept(self) -> int:
        """The try that was taken."""
        return int(self._rules.keep)

    @property
    def tokens(self) -> Tensor:
        """All tokens of the kept try, int64, (K, N)."""
        return self._tokens[self.kept, :, : self.n_steps]


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
