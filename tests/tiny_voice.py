"""A VoiceCraft voice that is small enough for tests: the network and codec of the golden data, random
weights in the official layout, and a recording. What it says is noise, but it says it by the rules.

Random weights end an utterance anywhere. So the likelihood of the end is set: never, and then the rule
of length ends it, or at once. How long it then lasts is known, see `count_frames`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest.mock import patch

import numpy as np
import soundfile
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from imagecraft_desktop.speak import prompts
from imagecraft_desktop.speak import transcript as words
from imagecraft_desktop.speak.phonemes import Phonemizer
from imagecraft_desktop.weights import voicecraft as files
from tests.golden import OUR_VOICECRAFT as VOICECRAFT

RATE = 16_000
HOP = 320
FRAMES_PER_ID = 10
"""All audio together, the recording among it, may have so many for each text id."""
FEWEST = 11
"""The steps before this one cannot end by themselves."""
CODEC = "encodec_tiny.th"
NEVER, AT_ONCE = -1e4, 1e4
TRANSCRIPT = "Four brown dogs play."
LONG_TRANSCRIPT = "Four brown dogs play on the green grass near the river, and one of them swims."
"""Far more than is said in three seconds by the rule of length: its speech then comes out too long."""
PHN2NUM: dict[str, int] = json.loads((VOICECRAFT / "tiny/config.json").read_text("utf-8"))[
    "phn2num"
]

Tensors = dict[str, Tensor]


def write_model(
    folder: Path, *, end: float = NEVER, change: Callable[[Tensors], None] | None = None
) -> Path:
    """Write network and codec into a folder, as a user would put them there. Returns the folder.

    Args:
        end: Added to the logit of the end of an utterance.
        change: Changes the network's tensors.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config = VOICECRAFT / "tiny" / "config.json"
    shutil.copy(config, folder)
    tensors = load_file(VOICECRAFT / "tiny" / "model.safetensors")
    tensors["predict_layer.0.2.bias"][json.loads(config.read_text("utf-8"))["eos"]] += end
    if change is not None:
        change(tensors)
    save_file(tensors, folder / "model.safetensors")
    shutil.copy(VOICECRAFT / CODEC, folder)
    return folder


def write_silent_codec(folder: Path) -> None:
    """Put one in the place of the codec that decodes everything to silence."""
    tensors = load_file(VOICECRAFT / "encodec_tiny_best_state_model.safetensors")
    last = max(
        (name for name in tensors if name.startswith("decoder.") and name.endswith("weight_g")),
        key=lambda name: int(name.split(".")[2]),
    )
    tensors[last] = torch.zeros_like(tensors[last])
    bias = last.replace("weight_g", "bias")
    tensors[bias] = torch.zeros_like(tensors[bias])
    (folder / CODEC).unlink()
    save_file(tensors, folder / "codec.safetensors")


def record(file: Path, seconds: float = 3.0, pitch_hz: float = 120.0) -> Path:
    """Write a recording that is taken for speech: voiced syllables of a fifth of a second."""
    time_s = np.arange(round(seconds * RATE)) / RATE
    pitch = 2 * np.pi * np.cumsum(pitch_hz + 15 * np.sin(2 * np.pi * 0.7 * time_s)) / RATE
    voice = sum(np.sin(k * pitch + k * k) / k for k in range(1, 20))
    swell = 0.2 + np.sin(np.pi * 5 * time_s) ** 2
    noise = np.random.default_rng(0).normal(0, 1e-3, len(time_s))
    samples = 0.05 * voice * swell + noise
    quiet = np.random.default_rng(1).normal(0, 1e-3, RATE // 2)
    soundfile.write(file, np.concatenate([quiet, samples, quiet]), RATE)
    return file


def add_voice(
    folder: Path, name: str = "anna", *, transcript: str = TRANSCRIPT, seconds: float = 3.0
) -> prompts.VoicePrompt:
    """Make a voice of a recording that is written into a folder. No recogniser is asked: to hear no words in
    such a one takes it many seconds."""
    file = record(folder / f"{name}.wav", seconds)
    with patch.object(words, "is_available", lambda: False):
        prompts.add(name, file, transcript, True, replace=True)
    files.accept()
    return prompts.load(name)


def add_slow_voice(folder: Path, *, transcript: str, seconds: float = 3.0) -> prompts.VoicePrompt:
    """One that was made before recordings that are too slow were refused."""
    voice = add_voice(folder, transcript=LONG_TRANSCRIPT, seconds=seconds)
    facts = json.loads((voice.folder / "voice.json").read_text("utf-8"))
    (voice.folder / "voice.json").write_text(json.dumps(facts | {"transcript": transcript}))
    return prompts.load(voice.name)


def count_ids(text: str) -> int:
    return len(Phonemizer(PHN2NUM).ids(text))


def count_prompt_frames(voice: prompts.VoicePrompt) -> int:
    return -(-len(voice.samples()) // HOP)


def count_frames(voice: prompts.VoicePrompt, text: str) -> int:
    """How many new frames an utterance has that only the rule of length ends."""
    most = FRAMES_PER_ID * count_ids(f"{voice.transcript} {text}")
    return most - count_prompt_frames(voice)


def joined(chunks: Sequence[object]) -> np.ndarray:
    """The samples of chunks of speech."""
    parts: list[np.ndarray] = [chunk.samples for chunk in chunks]  # type: ignore[attr-defined]
    return np.concatenate([np.zeros(0, np.float32), *parts])
