"""The embedded neural voice: English, American, in the package; nothing is ever downloaded.

Up to its normal pace it speaks by itself. Above that the normal pace is shortened by a stretcher
that keeps the pitch: measured by what a recogniser still understands, that is far better than the
network's own speed (word error 0.09 against 0.23 at twice the pace) and than eSpeak at any pace.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop import strings
from imagecraft_desktop.errors import SpeakError, VoiceMissing
from imagecraft_desktop.speak import scripts
from imagecraft_desktop.speak.letters import with_letter_a
from imagecraft_desktop.speak.prepare import cut
from imagecraft_desktop.speak.stretch import is_available, make_stretcher
from imagecraft_desktop.values import Manner, Speech, Tick, no_tick

RATE_HZ = 24_000
_VOICE = "heart"
_ONLY_ERRORS = 3
_FASTEST_ALONE = 2.0  # where there is no stretcher

# A sentence comes with 0.3 s of silence before and 0.4 s after it: too late and too slow.
# Softer than this beside the loudest sample is not yet, or no longer, speech
_SOFTEST = 10 ** (-62 / 20)
_FRAME = RATE_HZ // 100
_PAUSE, _SHORT_PAUSE = RATE_HZ // 5, RATE_HZ // 20  # after a sentence; within one


class HibariVoice:
    """See `base.Voice`."""

    name = "hibari"
    label = strings.VOICE_HIBARI
    rung = 10
    plays_itself = False

    def __init__(self) -> None:
        self._network: Any = None

    @classmethod
    def missing(cls) -> str | None:
        if importlib.util.find_spec("hibari") and importlib.util.find_spec("onnxruntime"):
            return None
        return strings.say(strings.VOICE_NO_HIBARI)

    @classmethod
    def has_pitch(cls) -> bool:
        return is_available()

    def load(self, _tick: Tick = no_tick) -> None:
        """Takes 0.3 to 0.6 s, with the imports. Raises VoiceMissing."""
        if self._network is not None:
            return
        try:
            import hibari  # noqa: F401 - found before anything is opened
            from onnxruntime.capi import onnxruntime_pybind11_state as onnx_errors
        except ImportError as error:
            raise self._missing(error) from error
        broken = (OSError, ValueError, onnx_errors.Fail, onnx_errors.NoSuchFile)
        try:
            network = _open()
            network("Ready.", seed=0)  # its dictionaries are read at the first word
        except (*broken, onnx_errors.InvalidProtobuf) as error:
            raise self._missing(error) from error
        self._network = network

    def can_say(self, text: str, language: str) -> bool:
        """English in Latin letters; anything else it drops without a word."""
        return language.lower().startswith("en") and scripts.is_plain(text)

    def say(self, text: str, manner: Manner, tick: Tick) -> Iterator[Speech]:
        """Yield one chunk for each 220 characters at most.

        Raises:
            SpeakError: Also when nothing came out for a text that has words in it.
        """
        self.load()
        for part in cut(text):
            tick()
            samples = self._speak(_with_letters(part), manner)
            if len(samples) == 0:
                if any(map(str.isalnum, part)):
                    raise SpeakError("the voice gave no sound", name=self.name)
                continue
            yield Speech(samples, RATE_HZ, text=part)

    def unload(self) -> None:
        self._network = None

    def _speak(self, text: str, manner: Manner) -> NDArray[np.float32]:
        stretcher = None
        if manner.rate > 1 or manner.pitch:
            pace = max(manner.rate, 1.0)
            stretcher = make_stretcher(RATE_HZ, pace, manner.seed, manner.pitch)
        # slower speech the network makes itself; faster it makes only where there is no stretcher
        speed = min(manner.rate, _FASTEST_ALONE if stretcher is None else 1.0)
        try:
            samples: NDArray[np.float32] = self._network(text, speed=speed, seed=manner.seed)
        except (RuntimeError, ValueError, KeyError, IndexError) as error:
            raise SpeakError(type(error).__name__, name=self.name) from error
        samples = _trimmed(samples, _PAUSE if text.rstrip(")\"'")[-1:] in ".!?" else _SHORT_PAUSE)
        if stretcher is not None and len(samples):
            samples = np.asarray(stretcher.process(samples[np.newaxis].copy()), np.float32)[0]
        return samples

    def _missing(self, error: Exception) -> VoiceMissing:
        return VoiceMissing(
            f"{type(error).__name__}: {error}",
            name=self.name,
            next_step=strings.say(strings.VOICE_NO_HIBARI),
        )


def _open() -> Any:
    """The network of the voice that is in the package: "heart"; any other would be downloaded.

    Hibari opens its file so that ONNX Runtime keeps the memory of the longest sentence ever said, 43 MB,
    and lets nobody choose; so it is given the smallest network there is, and the right one afterwards.
    """
    from hibari import Hibari
    from hibari.g2p.oov import ASSETS
    from hibari.tts import voice_path
    from onnxruntime import InferenceSession, SessionOptions

    network = Hibari(voice=_VOICE, model=os.path.join(ASSETS, "oov.onnx"))
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = _ONLY_ERRORS
    network.model_path = voice_path(_VOICE)
    network.sess = InferenceSession(network.model_path, options, providers=["CPUExecutionProvider"])
    return network


def _trimmed(samples: NDArray[np.float32], pause: int) -> NDArray[np.float32]:
    """Cut the silence around speech; `pause` samples of it stay at the end, one frame before."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    if not len(frames):
        return samples
    loudness = np.sqrt(np.mean(np.square(frames), axis=1))
    loud = np.flatnonzero(loudness > _SOFTEST * np.max(np.abs(samples)))
    if not len(loud):
        return samples
    first, last = max(0, loud[0] - 1) * _FRAME, (loud[-1] + 1) * _FRAME
    sound = samples[first : last + pause]
    return np.pad(sound, (0, max(0, pause - (len(sound) - (last - first)))))


def _with_letters(text: str) -> str:
    """Give the lone letter A its sound. Foreign text must not hold the notation for sounds."""
    plain = text.replace("[", "(").replace("]", ")")
    return with_letter_a(plain, "[A](/ˈA/)")


VOICE = HibariVoice
