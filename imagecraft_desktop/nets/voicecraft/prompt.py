"""What is computed once for a voice prompt: its codes, the state after its text, the codec's memory.

Kept in a file, so that the next start of the program begins to speak at once.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from imagecraft_desktop.nets.voicecraft.codec import BadState, Codec, StreamState
from imagecraft_desktop.nets.voicecraft.linear import Mode
from imagecraft_desktop.nets.voicecraft.model import Network, TextState
from imagecraft_desktop.values import Tick, no_tick

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

_SUM_BYTES = 32
_HALF_S = 3600
"""Nobody writes for so long."""


@dataclass(frozen=True, eq=False)
class PromptState:
    """A voice prompt, ready to be continued.

    Attributes:
        codes: int64, (K, T).
        text: After the transcript.
        stream: The codec after the recording.
    """

    codes: Tensor
    text: TextState
    stream: StreamState


def compute(
    network: Network,
    codec: Codec,
    samples: NDArray[np.float32],
    text_ids: Sequence[int],
    tick: Tick = no_tick,
) -> PromptState:
    """Encode a prompt.

    Args:
        samples: float32, (N,), at the codec's sampling rate.
        text_ids: Of what is said in it.
    """
    codes = codec.encode(samples, tick)
    stream = codec.stream()
    stream.skip(codes, tick)
    return PromptState(codes.cpu(), network.text_state(text_ids, tick), stream.state())


def save(state: PromptState, file: Path) -> None:
    """Keep it, after the sum of it; the file appears whole or not at all. Raises OSError."""
    from safetensors.torch import save as as_bytes

    data = as_bytes(
        {
            "codes": state.codes.contiguous(),
            "ids": torch.tensor(state.text.ids),
            "mode": torch.tensor(list(state.text.mode.encode()), dtype=torch.uint8),
            "keys": state.text.keys.cpu().contiguous(),
            "values": state.text.values.cpu().contiguous(),
        }
        | {name: tensor.contiguous() for name, tensor in state.stream.to_tensors().items()}
    )
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _remove_halves(file.parent)
    part = file.with_suffix(f".{os.getpid()}.part")
    try:
        part.write_bytes(hashlib.sha256(data).digest() + data)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _remove_halves(folder: Path) -> None:
    """Remove what processes that were ended while they wrote have left."""
    for half in folder.glob("*.part"):
        with suppress(OSError):
            if time.time() - half.stat().st_mtime > _HALF_S:
                half.unlink()


def load(file: Path, network: Network, codec: Codec) -> PromptState | None:
    """What was kept; None when there is nothing, it is damaged, or it does not fit this network and
    codec."""
    from safetensors import SafetensorError
    from safetensors.torch import load as from_bytes

    try:
        data = file.read_bytes()
        # one wrong bit would be another voice, or an error each time that it speaks
        if hashlib.sha256(data[_SUM_BYTES:]).digest() != data[:_SUM_BYTES]:
            raise ValueError("the sum is wrong")
        kept = from_bytes(data[_SUM_BYTES:])
        text = TextState(
            tuple(kept["ids"].tolist()),
            kept["keys"].to(network.device),
            kept["values"].to(network.device),
            Mode(bytes(kept["mode"].tolist()).decode()),
        )
        stream = StreamState.from_tensors(kept)
        codec.stream(stream)
    except FileNotFoundError:
        return None
    except (OSError, SafetensorError, KeyError, ValueError, BadState) as error:
        log.warning("what was kept of a voice is of no use: %s", type(error).__name__)
        return None
    config, codes = network.config, kept["codes"]
    shape = (config.n_layers, config.n_heads, len(text.ids), config.d_head)
    fits = (
        text.mode is network.mode
        and text.keys.shape == text.values.shape == torch.Size(shape)
        and text.keys.dtype == text.values.dtype == network.mode.dtype
        and codes.dtype == torch.int64
        and codes.ndim == 2
        and codes.shape[0] == config.n_codebooks == codec.n_codebooks
        and codes.shape[1] == stream.n_frames
    )
    return PromptState(codes, text, stream) if fits else None
