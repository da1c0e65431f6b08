"""VoiceCraft: speaks in the voice of a short recording. English only, 16 kHz.

A voice of the user's own (`prompts`) with a model that the user brought (`weights.voicecraft`). The
first sound comes after half a second of speech is made; on a machine slower than speech it waits
until the rest will follow without a gap. Not in the list of `base.known`: it is spoken with only
when it was chosen by the name of its prompt.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop import strings
from imagecraft_desktop.errors import SpeakError, SpeechWentWrong, VoiceDamaged, VoiceMissing
from imagecraft_desktop.speak import prompts
from imagecraft_desktop.speak.guard import Guard, Wrong
from imagecraft_desktop.speak.level import Level, speech_rms
from imagecraft_desktop.speak.phonemes import Phonemizer, is_english
from imagecraft_desktop.speak.phrases import phrases
from imagecraft_desktop.speak.stretch import StretchedStream
from imagecraft_desktop.system import paths
from imagecraft_desktop.values import Manner, Speech, Tick
from imagecraft_desktop.weights import voicecraft as files

if TYPE_CHECKING:
    from imagecraft_desktop.nets.voicecraft.codec import Codec
    from imagecraft_desktop.nets.voicecraft.config import Config
    from imagecraft_desktop.nets.voicecraft.linear import Mode
    from imagecraft_desktop.nets.voicecraft.model import Network
    from imagecraft_desktop.nets.voicecraft.prompt import PromptState

log = logging.getLogger(__name__)

_ATTEMPTS = 3
_NEXT_SEED = 1_000_003
_WHOLE_S = 16.0
"""Prompt and new speech together: the networks were trained on no more than 16 to 20 s."""
_TEXT_MOST = 400
"""Text symbols together, for the same reason."""
_TEXT_LEAST = 40
# Seconds for a text symbol; a prompt's own pace counts within these. Speech has about 15 a second
_QUICKEST, _SLOWEST = 0.03, 0.12
_BLOCK_S = 0.5
_PAUSE_S = 0.12
_KEPT_VERSION = 1


@dataclass(frozen=True)
class VoiceCraftWish:
    """What the settings say.

    Attributes:
        folder: Of the model's files; empty for the usual place.
        mode: "auto", or a `Mode` of the network.
    """

    folder: str = ""
    mode: str = "auto"

    @property
    def path(self) -> Path:
        return Path(self.folder) if self.folder else files.usual_folder()


@dataclass(frozen=True)
class _Model:
    network: Network
    codec: Codec
    phonemizer: Phonemizer
    identity: str


@dataclass(frozen=True)
class _Prompt:
    """The voice, ready to speak.

    Attributes:
        symbol_s: Seconds for a text symbol, by the prompt's own pace.
        most: Text symbols that an utterance may have besides the prompt's.
    """

    state: PromptState
    transcript: str
    loudness: float
    symbol_s: float
    most: int


class VoiceCraftVoice:
    """See `base.Voice`.

    Args:
        name: Of the voice prompt.
    """

    label = strings.VOICE_VOICECRAFT
    rung = 5
    plays_itself = False

    def __init__(self, name: str, wish: VoiceCraftWish) -> None:
        self.name = name
        self._wish = wish
        self._model: _Model | None = None
        self._prompt: _Prompt | None = None
        self._level = Level(1, 0.0)

    @classmethod
    def missing(cls) -> str | None:
        if not all(map(importlib.util.find_spec, ("torch", "transformers", "safetensors"))):
            return strings.say(strings.VOICECRAFT_NO_TORCH)
        return Phonemizer.missing()

    def why_not(self) -> str | None:
        """None when this voice can speak here, else the sentence that says why not and what to do.
        Nothing is loaded."""
        if (why := self.missing()) is not None:
            return why
        try:
            files.find(self._wish.path)
            self._check_terms()
            prompts.load(self.name)
        except SpeakError as error:
            return error.spoken
        return None

    def load(self) -> None:
        """Read the model; 1 to 20 s. Raises VoiceMissing, VoiceDamaged, SpeakError."""
        if self._model is not None:
            return
        found = files.find(self._wish.path)
        self._check_terms()
        prompts.load(self.name)
        begun = time.perf_counter()
        try:
            self._model = _load(found, self._wish.mode)
        except (MemoryError, RuntimeError) as error:
            raise SpeakError(f"loading: {type(error).__name__}: {error}", name=self.name) from error
        log.info("VoiceCraft loaded in %.1f s", time.perf_counter() - begun)

    def can_say(self, text: str, language: str) -> bool:
        """English in Latin letters."""
        return is_english(text, language)

    def say(self, text: str, manner: Manner, tick: Tick) -> Iterator[Speech]:
        """Yield the sound while it is being made.

        Raises:
            SpeechWentWrong: It came out wrong several times; what was yielded is to be said again.
            SpeakError: Unpronounceable among them.
        """
        self.load()
        try:
            prompt = self._ready(tick)
            for phrase in phrases(text, self._loaded.phonemizer.count, prompt.most):
                yield from self._say_phrase(phrase, prompt, manner, tick)
        except (MemoryError, RuntimeError, ValueError) as error:
            detail = f"{type(error).__name__}: {error}"
            raise SpeakError(detail, name=self.name) from error

    def unload(self) -> None:
        self._model = self._prompt = None

    # --- getting ready ---

    @property
    def _loaded(self) -> _Model:
        if self._model is None:
            raise RuntimeError("the model is not loaded")
        return self._model

    def _check_terms(self) -> None:
        if not files.is_accepted():
            step = strings.say(strings.VOICECRAFT_NOT_ACCEPTED)
            raise VoiceMissing("terms not accepted", name=self.name, next_step=step)

    def _ready(self, tick: Tick) -> _Prompt:
        """The prompt; what of it takes long is computed once and kept on disk."""
        if self._prompt is not None:
            return self._prompt
        from imagecraft_desktop.nets.voicecraft import prompt as kept

        model, voice = self._loaded, prompts.load(self.name)
        samples = voice.samples()
        text_ids = model.phonemizer.ids(voice.transcript)
        facts = [_KEPT_VERSION, model.identity, voice.sha256, text_ids]
        key = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]
        file = paths.cache_dir() / "voices" / voice.name / f"{key}.safetensors"
        state = kept.load(file, model.network, model.codec)
        if state is None:
            state = kept.compute(model.network, model.codec, samples, text_ids, tick)
            try:
                kept.save(state, file)
            except OSError as error:
                log.warning("the voice is computed anew next time: %s", type(error).__name__)
        rate_hz, loudness = model.codec.rate_hz, speech_rms(samples, model.codec.rate_hz)
        lasts_s = len(samples) / rate_hz
        symbol_s = float(np.clip(lasts_s / len(text_ids), _QUICKEST, _SLOWEST))
        room = min(_TEXT_MOST - len(text_ids), round((_WHOLE_S - lasts_s) / symbol_s))
        self._level = Level(rate_hz, loudness)
        self._prompt = _Prompt(state, voice.transcript, loudness, symbol_s, max(room, _TEXT_LEAST))
        return self._prompt

    # --- speaking ---

    def _say_phrase(
        self, phrase: str, prompt: _Prompt, manner: Manner, tick: Tick
    ) -> Iterator[Speech]:
        """Say it; what went wrong is said again with other draws."""
        text = phrase
        for attempt in range(_ATTEMPTS):
            sound = self._utter(phrase, prompt, manner.seed + attempt * _NEXT_SEED, tick)
            stretch = StretchedStream(self._loaded.codec.rate_hz, manner.rate, manner.seed)
            try:
                for samples, is_last in sound:
                    out = stretch.push(self._level.push(samples, is_last), is_last)
                    if len(out):
                        yield Speech(out, self._loaded.codec.rate_hz, text=text)
                        text = ""
            except Wrong as error:
                log.warning("attempt %d went wrong: %s", attempt + 1, error)
                self._level.push(np.zeros(0, np.float32), final=True)
            else:
                return
        raise SpeechWentWrong(f"{_ATTEMPTS} attempts", name=self.name)

    def _utter(
        self, phrase: str, prompt: _Prompt, seed: int, tick: Tick
    ) -> Iterator[tuple[NDArray[np.float32], bool]]:
        """Samples in pieces, and whether a piece is the last. Raises Wrong."""
        from imagecraft_desktop.nets.voicecraft.generate import Options, Utterance

        model = self._loaded
        ids = model.phonemizer.ids(f"{prompt.transcript} {phrase}")
        n_new = max(1, len(ids) - len(prompt.state.text.ids))
        guard = Guard(n_new * prompt.symbol_s, prompt.loudness, model.codec.rate_hz)
        utterance = Utterance(
            model.network,
            ids,
            prompt.state.codes,
            Options(seed=seed),
            state=prompt.state.text,
        )
        stream = model.codec.stream(prompt.state.stream)
        frames_hz = model.codec.rate_hz // model.codec.hop
        pace = _Pace(n_new * prompt.symbol_s * frames_hz, frames_hz)
        for codes in utterance.run(round(_BLOCK_S * frames_hz), tick):
            samples = stream.push(codes, tick=tick).numpy()
            guard.hear(samples)
            if (ready := pace.take(samples, utterance.n_frames)) is not None:
                yield ready, False
        last = stream.push(prompt.state.codes[:, :0], final=True, tick=tick).numpy()
        guard.hear(last)
        guard.end()
        pause = np.zeros(round(_PAUSE_S * model.codec.rate_hz), np.float32)
        yield np.concatenate([*pace.left(), last]), False
        yield pause, True


class _Pace:
    """Holds the first sound back until what is still to be made will follow without a gap."""

    def __init__(self, n_expected: float, frames_hz: int) -> None:
        self._n_expected = n_expected
        self._frame_s = 1 / frames_hz
        self._begun_s = time.perf_counter()
        self._n_first = 0
        self._held: list[NDArray[np.float32]] = []
        self._flows = False

    def take(self, samples: NDArray[np.float32], n_frames: int) -> NDArray[np.float32] | None:
        """What may be heard now; None to wait.

        Args:
            n_frames: Frames made so far.
        """
        self._held.append(samples)
        if not self._flows:
            making_s = (time.perf_counter() - self._begun_s) / n_frames
            n_ahead = self._n_expected * (1 - self._frame_s / making_s)
            self._flows = n_frames >= n_ahead
        return np.concatenate(self.left()) if self._flows else None

    def left(self) -> list[NDArray[np.float32]]:
        """What was held back, which is let go."""
        held, self._held = self._held, []
        return held


def _load(found: files.VoiceCraftFiles, wish: str) -> _Model:
    """Raises VoiceDamaged, VoiceMissing."""
    from imagecraft_desktop.nets.voicecraft import choose
    from imagecraft_desktop.nets.voicecraft.codec import load_codec
    from imagecraft_desktop.nets.voicecraft.load import load_checkpoint
    from imagecraft_desktop.nets.voicecraft.model import Network

    checkpoint = load_checkpoint(found.network)
    device = choose.choose_device()
    mode = _mode(wish, checkpoint.config, device, found.identity())
    network = Network(checkpoint, mode, device)
    codec = load_codec(found.codec, device)
    if codec.n_codebooks != network.config.n_codebooks or codec.n_codes != network.config.n_codes:
        reason = "it is the codec of another network"
        raise VoiceDamaged(reason, name=found.codec.name, reason=reason)
    phonemizer = Phonemizer(checkpoint.config.phn2num)
    facts = [found.identity(), mode, device, *phonemizer.version]
    return _Model(
        network, codec, phonemizer, hashlib.sha256(json.dumps(facts).encode()).hexdigest()
    )


def _mode(wish: str, config: Config, device: str, identity: str) -> Mode:
    """The mode that was asked for, if it runs here; else the one that suits. What was found by trying
    is kept: on a busy machine it could come out otherwise, and the same seed would speak otherwise."""
    from imagecraft_desktop.nets.voicecraft.choose import choose_mode
    from imagecraft_desktop.nets.voicecraft.linear import Mode, can_run

    if wish in set(Mode) and can_run(Mode(wish), device):
        return Mode(wish)
    file = paths.cache_dir() / "voicecraft" / "mode.json"
    try:
        kept = json.loads(file.read_text("utf-8"))
        if kept["model"] == identity and kept["device"] == device:
            return Mode(kept["mode"])
    except (OSError, ValueError, KeyError, TypeError):
        log.info("no mode was chosen before")
    mode = choose_mode(config, device)
    log.info("the mode that suits is %s", mode)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        facts = {"model": identity, "device": device, "mode": mode.value}
        file.write_text(json.dumps(facts), "utf-8")
    except OSError as error:
        log.warning("the mode is chosen anew next time: %s", type(error).__name__)
    return mode
