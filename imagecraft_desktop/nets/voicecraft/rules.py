"""What may be drawn at each step, and when a span ends. All of it on the device, without a look by
the host, so that steps can be captured and need not be waited for.

Tensor letters: B tries, K codebooks, V' classes, N steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from imagecraft_desktop.nets.voicecraft.config import Config
from imagecraft_desktop.nets.voicecraft.sampling import Draw

_NEVER = -torch.inf
"""Not the -10000 of the original: that is likely where a temperature is very high or all else lower."""
_MOST = 1e30
"""What a logit is cut to: still a number after the penalty and the lowest temperature."""


@dataclass(frozen=True)
class Limits:
    """When a span may and must end.

    Attributes:
        end: The id that ends it.
        fewest: Steps that cannot be the last by themselves.
        most: A step with a higher number ends it.
        stop_repetition: Equal silence tokens in a row that are not yet made unlikely; 0 or less
            lets silence be.
        silence_tokens: Ids of codebook 0 that are silence.
    """

    end: int
    fewest: int
    most: int
    stop_repetition: int
    silence_tokens: tuple[int, ...]

    @property
    def steps(self) -> int:
        """Steps up to the last that can begin the end, and it."""
        return max(self.most + 2, 1)


class Rules:
    """The state of one span of some tries. It lies in tensors that are only changed in place, so that
    a captured step stays valid; `restart` begins another span."""

    def __init__(self, config: Config, limits: Limits, batch: int, device: torch.device) -> None:
        self._config = config
        self._limits = limits
        n_books, n_classes = config.n_codebooks, config.n_classes
        self._book = torch.arange(n_books, device=device)
        self._try = torch.arange(batch, device=device)
        never = torch.zeros(n_classes, dtype=torch.bool, device=device)
        never[config.n_codes :] = True  # the codec has no such codes; the end is let through below
        never[limits.end] = False
        self._never = never
        silent = torch.zeros(n_classes, dtype=torch.bool, device=device)
        silent[[token for token in limits.silence_tokens if 0 <= token < n_classes]] = True
        self._silent = silent
        self._fewest = torch.zeros((), dtype=torch.long, device=device)
        self._most = torch.zeros((), dtype=torch.long, device=device)
        self._at = torch.zeros((), dtype=torch.long, device=device)
        self.n_end = torch.zeros((), dtype=torch.long, device=device)
        self.keep = torch.zeros((), dtype=torch.long, device=device)
        self._previous = torch.zeros(batch, dtype=torch.long, device=device)
        self._has_previous = torch.zeros((), dtype=torch.bool, device=device)
        self._repeats = torch.zeros(batch, dtype=torch.long, device=device)
        self._is_broken = torch.zeros((), dtype=torch.bool, device=device)
        self.restart(limits)

    def restart(self, limits: Limits) -> None:
        """Begin a span. All but the numbers of steps must be as it was when this was made."""
        self._fewest.fill_(limits.fewest)
        self._most.fill_(limits.most)
        for state in (
            self._at,
            self.n_end,
            self.keep,
            self._previous,
            self._has_previous,
            self._repeats,
            self._is_broken,
        ):
            state.zero_()

    def next(self, logits: Tensor, draw: Draw) -> Tensor:
        """Take one step.

        Args:
            logits: float32, (B, K, V').
        Returns:
            The tokens of this step, int64, (B, K). After the end began only the kept try's matter.
        """
        adjusted = self._adjust(logits)
        return self._settle(adjusted, draw(adjusted))

    def _adjust(self, logits: Tensor) -> Tensor:
        """Make impossible what must not come, and long silence unlikely."""
        limits, is_open = self._limits, self.n_end == 0
        # a draw from what is no number would end the process on a GPU; told by `is_broken`
        self._is_broken.logical_or_(~logits.isfinite().all())
        logits = logits.nan_to_num(0.0).clamp(-_MOST, _MOST).masked_fill(self._never, _NEVER)
        may_end = torch.where(
            is_open, (self._book == 0) & (self._at > self._fewest), self._book <= self.n_end
        )
        ends = logits[..., limits.end]
        logits[..., limits.end] = torch.where(may_end, ends, _NEVER)
        if limits.stop_repetition > 0:
            is_long = (
                is_open
                & self._has_previous
                & self._silent[self._previous]
                & (self._repeats > limits.stop_repetition)
            )
            factor = (self._repeats - (limits.stop_repetition - 1)).float()
            place = self._previous[:, None]
            now = logits[:, 0].gather(1, place)[:, 0]
            less = torch.where(now < 0, now * factor, now / factor)
            logits[:, 0].scatter_(1, place, torch.where(is_long, less, now)[:, None])
        return logits

    def _settle(self, logits: Tensor, drawn: Tensor) -> Tensor:
        """Force what the pattern asks for, and see whether the end begins."""
        limits, empty = self._limits, self._config.empty
        is_open = self.n_end == 0
        is_early = is_open & (self._book > self._at)  # codebook k begins at step k
        tokens = drawn.masked_fill(is_early, empty)
        first = tokens[:, 0]
        is_end = (first == limits.end) | (logits[:, 0].argmax(-1) == limits.end)
        is_end = (is_end | (self._at > self._most)) & is_open
        first = first.masked_fill(is_end, limits.end)
        # of several that end at once the last is kept
        last = torch.where(is_end, self._try, -1).amax()
        self.keep.copy_(torch.where(last >= 0, last, self.keep))
        repeats = self._silent[first] & self._has_previous & (first == self._previous)
        self._repeats.copy_(torch.where(repeats, self._repeats + 1, 0))
        self._previous.copy_(first)
        self._has_previous.fill_(True)
        tokens = torch.cat([first[:, None], tokens[:, 1:]], 1)
        # the end goes through the codebooks one by one
        closing = torch.where(self._book == self.n_end, limits.end, tokens)
        closing = closing.masked_fill(self._book < self.n_end, empty)
        tokens = torch.where(is_open, tokens, closing)
        self.n_end.copy_(torch.where(is_open, (last >= 0).long(), self.n_end + 1))
        self._at.add_(1)
        return tokens

    def past_end(self) -> int:
        """Steps since every codebook has its end: 0 right after the last end, minus K while no end
        has begun. Waits for the device."""
        return int(self.n_end) - self._config.n_codebooks

    def is_broken(self) -> bool:
        """Whether the network gave something that is no number. Waits for the device."""
        return bool(self._is_broken)


def speech_limits(
    config: Config,
    n_text: int,
    n_prompt: int,
    stop_repetition: int,
    silence: Sequence[int],
    *,
    most_frames: int | None = None,
    n_said: int | None = None,
) -> Limits:
    """The limits of an utterance.

    Args:
        n_text: Text ids, the prompt's among them.
        n_prompt: Frames of the prompt.
        most_frames: New frames at most; None for what the text allows.
        n_said: Text ids of the prompt. Where it is slower than they allow, it would leave less for
            the new text than that takes, or nothing: `most_frames` alone then counts.
    """
    a_fifth = config.frames_hz // 5
    # the whole audio may have a fifth of a second for each text id
    most = n_text * a_fifth - (n_prompt + 1)
    if most_frames is not None:
        is_slow = n_said is not None and n_prompt > n_said * a_fifth
        most = most_frames - 1 if is_slow else min(most, most_frames - 1)
    return Limits(
        end=config.end,
        fewest=a_fifth,
        most=most,
        stop_repetition=stop_repetition,
        silence_tokens=tuple(silence),
    )
