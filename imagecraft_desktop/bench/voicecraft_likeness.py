"""What a mode of a VoiceCraft network costs in quality: how like the exact network it answers.

As a module of its own it is the child that compares: `python -m
imagecraft_desktop.bench.voicecraft_likeness PLAN`, asked for one mode after another. The exact network
(fp32) speaks once; each other mode is then led through the same tokens, one step at a time, and what
it would have said with the same draws is noted. Where the checkpoint is one of speech, each mode also says
a sentence freely, and Whisper tells which of its words are wrong, if it is installed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from imagecraft_desktop.bench import machine
from imagecraft_desktop.bench.ocr import edit_distance
from imagecraft_desktop.bench.process import Figures, serve
from imagecraft_desktop.bench.voicecraft_network import (
    TEXT,
    Made,
    Plan,
    Wording,
    make,
    wording,
)
from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.speak import transcript

if TYPE_CHECKING:
    import torch

_SEED = 0
_LONGEST_S = 15
"""A sentence takes five seconds."""


@dataclass(frozen=True, slots=True)
class Said:
    """The steps of one network, N of them.

    Attributes:
        logits: float32, (N, K, V): those of the codes, which the rules never forbid.
        drawn: int64, (N, K).
    """

    logits: torch.Tensor
    drawn: torch.Tensor


class Listener:
    """Compares modes of one network with its exact form.

    Args:
        plan: `frames` is how many steps are compared.
    """

    def __init__(self, plan: Plan) -> None:
        import torch

        torch.set_num_threads(machine.cores())
        self._plan = plan
        self._made: Made = make(plan)
        self._wording: Wording = wording(self._made)
        self._exact: Said = self._listen("fp32", None)
        self._exact_words: float | None = self._word_error("fp32")

    def compare(self, mode: str) -> Figures:
        """One row. Shares and probabilities from 0 to 1, the divergence in nats."""
        exact = self._exact
        said = self._listen(mode, exact.drawn)
        # a codebook's first steps are filler
        start = self._made.checkpoint.config.n_codebooks - 1
        ours, theirs = (one.logits[start:].log_softmax(-1) for one in (said, exact))
        divergence = (theirs.exp() * (theirs - ours)).sum(-1)
        is_same = said.drawn[start:] == exact.drawn[start:]
        is_likeliest = ours.argmax(-1) == theirs.argmax(-1)
        return {
            "mode": mode,
            "is_speech": self._wording.is_speech,
            "steps": len(ours),
            "same_likeliest": round(float(is_likeliest.float().mean()), 4),
            "same_draws": round(float(is_same.float().mean()), 4),
            "divergence": float(f"{float(divergence.mean().clamp_min(0)):.3g}"),
            "largest_difference": float(f"{float((ours.exp() - theirs.exp()).abs().max()):.3g}"),
            "sound_difference": self._sound_difference(said),
            "word_error": self._word_error(mode),
            "exact_word_error": self._exact_words,
        }

    def _word_error(self, mode: str) -> float | None:
        """The share of words that Whisper hears otherwise than they were to be said; None without it,
        and of random weights, which say nothing."""
        import torch

        from imagecraft_desktop.nets.voicecraft.generate import Options, Utterance
        from imagecraft_desktop.nets.voicecraft.linear import Mode
        from imagecraft_desktop.nets.voicecraft.model import Network
        from imagecraft_desktop.speak.recording import RATE_HZ
        from imagecraft_desktop.speak.samples import at_rate

        if not self._wording.is_speech or not transcript.is_available():
            return None
        network = Network(self._made.as_it_is, Mode(mode), self._plan.device)
        most = _LONGEST_S * network.config.frames_hz
        ids, prompt = self._wording.ids, self._wording.prompt
        utterance = Utterance(network, ids, prompt, Options(seed=_SEED), most_frames=most)
        sound = self._made.codec.decode(torch.cat(list(utterance.run()), 1)).cpu().numpy()
        try:
            heard = transcript.transcribe_words(at_rate(sound, self._made.codec.rate_hz, RATE_HZ))
        except (ImportError, OSError, RuntimeError, ValueError):  # a broken installation
            return None
        return round(word_error(" ".join(word.text for word in heard), TEXT), 4)

    def _listen(self, mode: str, given: torch.Tensor | None) -> Said:
        """Let a network speak, or lead it through given tokens."""
        import torch

        from imagecraft_desktop.nets.voicecraft.generate import Options, Utterance
        from imagecraft_desktop.nets.voicecraft.linear import Mode
        from imagecraft_desktop.nets.voicecraft.model import Network
        from imagecraft_desktop.nets.voicecraft.sampling import sampler

        options, device = Options(), self._plan.device
        n_codes = self._made.checkpoint.config.n_codes
        network = Network(self._made.checkpoint, Mode(mode), device)
        generator = torch.Generator(device).manual_seed(_SEED)
        sample = sampler(options.top_k, options.top_p, options.temperature, generator)
        logits: list[torch.Tensor] = []
        drawn: list[torch.Tensor] = []

        def draw(adjusted: torch.Tensor) -> torch.Tensor:
            if len(drawn) == self._plan.frames:
                raise Cancelled
            logits.append(adjusted[0, :, :n_codes].float().cpu())
            token = sample(adjusted)
            drawn.append(token[0].cpu())
            return token if given is None else given[len(drawn) - 1].to(token.device)[None]

        utterance = Utterance(network, self._wording.ids, self._wording.prompt, options, draw=draw)
        with suppress(Cancelled):
            list(utterance.run())
        return Said(torch.stack(logits), torch.stack(drawn))

    def _sound_difference(self, said: Said) -> float | None:
        """What remains when the exact sound is taken away, beside that sound: both as RMS; None
        without the codec of the weights, whose codes mean no sound to another."""
        from imagecraft_desktop.nets.voicecraft.pattern import frames

        if not self._made.is_real_codec:
            return None
        n_frames = len(said.drawn) - said.drawn.shape[1] + 1
        codec = self._made.codec
        exact, ours = (
            codec.decode(frames(one.drawn.T, 0, n_frames)) for one in (self._exact, said)
        )
        loudness = float(exact.square().mean().sqrt())
        return round(float((ours - exact).square().mean().sqrt()) / loudness, 4)


def word_error(heard: str, wanted: str) -> float:
    """Words to insert, leave out or exchange, beside the words that were wanted; may pass 1."""
    ours, theirs = (re.findall(r"[\w']+", text.lower()) for text in (heard, wanted))
    return edit_distance(ours, theirs) / len(theirs)


def _answer_with(plan: Plan) -> Callable[[str], Figures]:
    listener: Listener | None = None

    def answer(mode: str) -> Figures:
        nonlocal listener
        listener = listener or Listener(plan)
        return listener.compare(mode)

    return answer


if __name__ == "__main__":
    serve(_answer_with(Plan.from_text(sys.argv[1])))
