"""What `bench voicecraft` measures: a network of a published size with random weights, or a checkpoint.

Both children use it. torch is imported inside the functions, so that the parent stays light.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from imagecraft_desktop.errors import Unpronounceable, VoiceMissing
from imagecraft_desktop.values import Manner

if TYPE_CHECKING:
    import torch

    from imagecraft_desktop.nets.voicecraft.codec import Codec
    from imagecraft_desktop.nets.voicecraft.config import Config
    from imagecraft_desktop.nets.voicecraft.load import Checkpoint

_SPREAD = 0.03
"""Random weights lie between minus this and this."""
_NEVER = -10000.0
_PROMPT_FRAMES = 150
_TEXT_IDS = 100
_TRANSCRIPT = "The old man walked along the harbour in the morning, as he had done every day."
TEXT = "Two ships were leaving, and nobody on the quay could say where they were going."


@dataclass(frozen=True, slots=True)
class Size:
    """A network's sizes. `codec_filters` is the codec's; the rest are those of `Config`."""

    d_model: int
    n_layers: int
    n_heads: int
    d_inner: int
    n_codes: int = 2048
    n_text: int = 100
    codec_filters: int = 64


SIZES = {"330": Size(1024, 24, 16, 4096), "830": Size(2048, 16, 16, 8192)}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured, and how long.

    Attributes:
        size: Of the random network; a checkpoint has its own.
        device: As torch names it.
        checkpoint: A folder or file; "" for random weights.
        seconds: How long steps are repeated, about.
        read_mb: What is read at once to learn how fast memory is.
        frames: How many steps are compared with the exact network.
    """

    size: Size
    device: str = "cpu"
    checkpoint: str = ""
    seconds: float = 20.0
    read_mb: int = 512
    frames: int = 100

    def to_text(self) -> str:
        """For the command line of a child."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Plan:
        """What `to_text` gave."""
        given = json.loads(text)
        return cls(**(given | {"size": Size(**given["size"])}))


@dataclass(frozen=True, slots=True)
class Made:
    """A network's weights and a codec that takes its codes.

    Attributes:
        checkpoint: Never ends an utterance.
        as_it_is: The same weights, which end it where they will.
        is_real_codec: Whether the codec came with the checkpoint.
    """

    checkpoint: Checkpoint
    as_it_is: Checkpoint
    codec: Codec
    is_real_codec: bool


def make(plan: Plan) -> Made:
    """Read or draw the weights, which never end an utterance: how long it lasts is the bench's wish.

    Raises:
        VoiceDamaged: The checkpoint cannot be read.
    """
    if not plan.checkpoint:
        checkpoint = random_checkpoint(plan.size)
        codec = _random_codec(plan, checkpoint.config)
        return Made(_endless(checkpoint), checkpoint, codec, is_real_codec=False)
    from imagecraft_desktop.nets.voicecraft.codec import load_codec
    from imagecraft_desktop.nets.voicecraft.load import load_checkpoint
    from imagecraft_desktop.weights.voicecraft import find

    folder = Path(plan.checkpoint)
    with suppress(VoiceMissing):  # a network without a codec is enough
        files = find(folder)
        checkpoint = load_checkpoint(files.network)
        codec = load_codec(files.codec, plan.device)
        return Made(_endless(checkpoint), checkpoint, codec, is_real_codec=True)
    checkpoint = load_checkpoint(folder)
    codec = _random_codec(plan, checkpoint.config)
    return Made(_endless(checkpoint), checkpoint, codec, is_real_codec=False)


def random_checkpoint(size: Size) -> Checkpoint:
    """A network of this size that says nothing; the same each time."""
    import torch

    from imagecraft_desktop.nets.voicecraft.config import read_config
    from imagecraft_desktop.nets.voicecraft.load import Checkpoint, shapes

    config = read_config(
        {
            "n_codebooks": 4,
            "audio_vocab_size": size.n_codes,
            "n_special": 4,
            "empty_token": size.n_codes,
            "eog": size.n_codes + 1,
            "eos": size.n_codes + 3,
            "encodec_sr": 50,
            "d_model": size.d_model,
            "nhead": size.n_heads,
            "num_decoder_layers": size.n_layers,
            "text_vocab_size": size.n_text,
            "phn2num": {str(place): place for place in range(size.n_text)},
        }
    )
    generator = torch.Generator().manual_seed(0)
    tensors = {
        name: torch.empty(shape).uniform_(-_SPREAD, _SPREAD, generator=generator)
        for name, shape in shapes(config, size.d_inner).items()
    }
    for name, tensor in tensors.items():
        if ".norm" in name and name.endswith("weight"):
            tensor.add_(1)  # else what comes out is next to nothing
    return Checkpoint(config, tensors, Path("random"))


def _endless(checkpoint: Checkpoint) -> Checkpoint:
    name = "predict_layer.0.2.bias"
    bias = checkpoint.tensors[name].clone()
    bias[checkpoint.config.end] = _NEVER
    return replace(checkpoint, tensors=checkpoint.tensors | {name: bias})


def _random_codec(plan: Plan, config: Config) -> Codec:
    from imagecraft_desktop.nets.voicecraft.codec import random_codec
    from imagecraft_desktop.nets.voicecraft.codec_file import PUBLISHED

    sizes = replace(
        PUBLISHED,
        n_filters=plan.size.codec_filters,
        n_codes=config.n_codes,
        n_codebooks=config.n_codebooks,
    )
    return random_codec(sizes, device=plan.device)


# --- what is said ---


def random_ids(config: Config, n_text: int) -> list[int]:
    """Text ids of the vocabulary; the same each time."""
    import torch

    known = torch.tensor(sorted(config.phn2num.values()))
    generator = torch.Generator().manual_seed(0)
    chosen: list[int] = known[torch.randint(len(known), (n_text,), generator=generator)].tolist()
    return chosen


def random_codes(config: Config, n_frames: int) -> torch.Tensor:
    """Codes of a prompt, int64, (K, n_frames); the same each time."""
    import torch

    generator = torch.Generator().manual_seed(1)
    shape = (config.n_codebooks, n_frames)
    return torch.randint(config.n_codes, shape, generator=generator)


@dataclass(frozen=True, slots=True)
class Wording:
    """Text ids and the codes of a prompt. `is_speech`: a sentence, after the voice of the program."""

    ids: list[int]
    prompt: torch.Tensor
    is_speech: bool


def wording(made: Made) -> Wording:
    """Real speech where the checkpoint has its codec and the text can be turned into phones; weights
    that were learned answer in their own way to what they have learned. Else random ids and codes."""
    config = made.checkpoint.config
    if made.is_real_codec:
        with suppress(VoiceMissing, Unpronounceable):
            return _speech(made)
    return Wording(random_ids(config, _TEXT_IDS), random_codes(config, _PROMPT_FRAMES), False)


def _speech(made: Made) -> Wording:
    """Raises VoiceMissing: there is no phonemizer, or no voice for the prompt; Unpronounceable: the
    vocabulary has none of its phones."""
    import numpy as np

    from imagecraft_desktop.nets.voicecraft.resample import to_mono_16k
    from imagecraft_desktop.speak.hibari import RATE_HZ, HibariVoice
    from imagecraft_desktop.speak.phonemes import Phonemizer

    phonemizer = Phonemizer(made.checkpoint.config.phn2num)
    ids = phonemizer.ids(f"{_TRANSCRIPT} {TEXT}")
    voice = HibariVoice()
    voice.load()
    spoken = [chunk.samples for chunk in voice.say(_TRANSCRIPT, Manner(), lambda: None)]
    samples = np.concatenate(spoken, dtype=np.float32)
    prompt = made.codec.encode(to_mono_16k(samples[None], RATE_HZ)).cpu()
    return Wording(ids, prompt, True)
