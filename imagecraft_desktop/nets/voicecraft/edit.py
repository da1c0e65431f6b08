"""Speech editing: spans of a recording are made anew to fit another text, the rest is kept.

A library function; nothing in the program calls it yet.

Tensor letters: K codebooks, T frames, D width.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor

from imagecraft_desktop.nets.voicecraft.config import Config
from imagecraft_desktop.nets.voicecraft.generate import Options, broken, check_input
from imagecraft_desktop.nets.voicecraft.model import Network
from imagecraft_desktop.nets.voicecraft.pattern import delay, frames
from imagecraft_desktop.nets.voicecraft.rules import Limits, Rules
from imagecraft_desktop.nets.voicecraft.sampling import Draw, sampler
from imagecraft_desktop.values import Tick, no_tick

Span = tuple[int, int]
"""First frame of a span and the frame after its last."""


@torch.inference_mode()
def edit(
    network: Network,
    text_ids: Sequence[int],
    codes: Tensor,
    spans: Sequence[Span],
    options: Options,
    *,
    tick: Tick = no_tick,
    draw: Draw | None = None,
) -> Tensor:
    """Make the spans anew.

    Args:
        text_ids: The whole text as it shall be said.
        codes: The recording, int64, (K, T).
        spans: In order, not overlapping and not touching the end; one of no frames inserts.
        options: `tries` must be 1.
        draw: Takes the place of the sampler; tests give tokens with it.
    Returns:
        Kept parts and new ones in order, int64, (K, frames).
    Raises:
        ValueError: The spans do not fit, or the text or the codes are not of this network.
        VoiceDamaged: The network gives something that is no number.
    """
    config = network.config
    check_input(config, text_ids, codes)
    parts = _kept(codes.to(network.device), spans, config)
    if options.tries != 1:
        raise ValueError("editing has one try")
    if draw is None:
        generator = torch.Generator(network.device).manual_seed(options.seed)
        draw = sampler(options.top_k, options.top_p, options.temperature, generator)
    columns = _context(network, [_with_end(parts, i, config) for i in range(len(parts))])
    n_text, most = len(text_ids), len(text_ids) * (config.frames_hz // 5)
    # each span may begin its end one step after the limit, and is followed by two more columns
    room = n_text + max(len(columns), most) + (config.n_codebooks + 4) * (len(spans) + 1)
    positions = network.audio_positions(room)
    cache = network.make_cache(1, room)
    known = columns + positions[: len(columns)]
    network.extend(torch.cat([network.embed_text(text_ids), known[None]], 1), cache, tick)
    empty = torch.full((config.n_codebooks,), config.empty, device=network.device)
    ahead = torch.stack([network.mask_embedding[0], network.embed_tokens(empty)])
    done = parts[0]
    for number, part in enumerate(parts[1:]):
        begun = cache.length - n_text + len(ahead)
        hidden = network.extend((ahead + positions[begun - len(ahead) : begun])[None], cache, tick)
        rules = Rules(config, _limits(config, options, most - begun), 1, network.device)
        tokens: list[Tensor] = []
        while True:
            tokens.append(rules.next(network.logits(hidden[:, -1]), draw))
            if rules.past_end() >= 0:
                break
            x = network.embed_tokens(tokens[-1]) + positions[cache.length - n_text]
            hidden = network.extend(x[:, None], cache, tick)
        if number + 2 < len(parts):
            last = network.embed_tokens(tokens[-1][0])
            mask = network.mask_embedding[number + 1]
            ahead = torch.stack([last, mask, network.embed_tokens(empty)])
        if rules.is_broken():
            raise broken(network)
        n_new = len(tokens) - config.n_codebooks
        done = torch.cat([done, frames(torch.cat(tokens).T, 0, n_new), part], 1)
    return done


def _kept(codes: Tensor, spans: Sequence[Span], config: Config) -> list[Tensor]:
    """The parts around the spans, (K, frames) each. Raises ValueError."""
    length = codes.shape[1]
    if not 1 <= len(spans) <= config.n_spans:
        raise ValueError(f"there must be 1 to {config.n_spans} spans")
    edges = [0, *(edge for span in spans for edge in span), length]
    # (0, 0) and a span from the first frame on leave an empty first part, which is allowed
    if any(a > b for a, b in pairwise(edges)) or spans[-1][1] >= length:
        raise ValueError("the spans overlap, are out of order or touch the end")
    return [codes[:, a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _with_end(parts: Sequence[Tensor], number: int, config: Config) -> Tensor:
    """A kept part with its end column, where it has one."""
    part = parts[number]
    is_last = number == len(parts) - 1
    if not is_last and (config.eos is not None or config.has_one_end):
        return part
    return torch.cat([part, part.new_full((len(part), 1), config.end)], 1)


def _context(network: Network, parts: Sequence[Tensor]) -> Tensor:
    """The kept parts with masks between them, embedded without position: float32, (n, D)."""
    found: list[Tensor] = []
    for number, part in enumerate(parts):
        if number:
            found.append(network.mask_embedding[number - 1][None])
        found.append(network.embed_tokens(delay(part, network.config.empty).T))
    return torch.cat(found)


def _limits(config: Config, options: Options, most: int) -> Limits:
    return Limits(
        end=config.eog,
        fewest=-1,
        most=most,
        stop_repetition=options.stop_repetition,
        silence_tokens=options.silence_tokens,
    )
