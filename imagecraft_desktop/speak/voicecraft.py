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
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop import strings
from imagecraft_desktop.errors import (
    SpeakError,
    SpeechWentWrong,
    Unpronounceable,
    VoiceAway,
    VoiceDamaged,
    VoiceMissing,
)
from imagecraft_desktop.speak import prompts
from imagecraft_desktop.speak.guard import Guard, Wrong, speech_s
from imagecraft_desktop.speak.level import Level, speech_rms
from imagecraft_desktop.speak.phonemes import Phonemizer, is_english
from imagecraft_desktop.speak.phrases import phrases
from imagecraft_desktop.speak.prepare import prepare
from imagecraft_desktop.speak.stretch import StretchedStream, is_available
from imagecraft_desktop.system import paths, processor
from imagecraft_desktop.system.aside import aside
from imagecraft_desktop.system.tenancy import ROOMY, Occupied, Tenancy
from imagecraft_desktop.values import Manner, Speech, Tick, no_tick
from imagecraft_desktop.weights import voicecraft as files

if TYPE_CHECKING:
    from imagecraft_desktop.nets.voicecraft.codec import Codec
    from imagecraft_desktop.nets.voicecraft.config import Config
    from imagecraft_desktop.nets.voicecraft.linear import Mode
    from imagecraft_desktop.nets.voicecraft.load import Checkpoint
    from imagecraft_desktop.nets.voicecraft.model import Network
    from imagecraft_desktop.nets.voicecraft.prompt import PromptState

log = logging.getLogger(__name__)

_ATTEMPTS = 3
_NEXT_SEED = 1_000_003
_WHOLE_S, _MOST_S = 16.0, 20.0
"""Prompt and new speech together, as planned and at most: the networks were trained on no more."""
_TEXT_MOST = 400
"""Text symbols together, for the same reason."""
_TEXT_LEAST = 40
# Seconds for a text symbol; a prompt's own pace counts within these. Speech has about 15 a second
_QUICKEST, _SLOWEST = 0.03, 0.12
_BLOCK_S = 0.5
_PAUSE_S = 0.12
_BROKEN_OFF_S = 0.005
_KEPT_VERSION = 2
_KEPT_STATES = 2
"""Of each voice; one has some megabytes."""


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
        facts: What of the recording and transcript it was made from.
        transcript: In words, as a text is given to the voice.
        symbol_s: Seconds for a text symbol, by the prompt's own pace.
        speech_s: The same, without its pauses.
        most: Text symbols that an utterance may have besides the prompt's.
        most_s: Seconds that an utterance may last.
    """

    facts: tuple[str, str]
    state: PromptState
    transcript: str
    loudness: float
    symbol_s: float
    speech_s: float
    most: int
    most_s: float


class VoiceCraftVoice:
    """See `base.Voice`.

    Args:
        name: Of the voice prompt.
        tenancy: Where the network shares the memory with a captioner's.
    """

    label = strings.VOICE_VOICECRAFT
    rung = 5
    plays_itself = False

    def __init__(self, name: str, wish: VoiceCraftWish, tenancy: Tenancy = ROOMY) -> None:
        self.name = name
        self._tenancy = tenancy
        tenancy.expect(self)
        self._wish = wish
        self._model: _Model | None = None
        self._prompt: _Prompt | None = None

    @classmethod
    def missing(cls) -> str | None:
        if not all(map(importlib.util.find_spec, ("torch", "transformers", "safetensors"))):
            return strings.say(strings.VOICECRAFT_NO_TORCH)
        return Phonemizer.missing()

    @classmethod
    def has_pitch(cls) -> bool:
        return is_available()

    def why_not(self) -> str | None:
        """None when this voice can speak here, else the sentence that says why not and what to do.
        Nothing is loaded."""
        if (why := self.missing()) is not None:
            return why
        try:
            files.find(self._wish.path)
            self._check_terms()
            prompts.load(self.name).samples()
        except SpeakError as error:
            # its name would be told twice
            return str(error.words["next_step"]) if type(error) is VoiceMissing else error.spoken
        return None

    def marks(self) -> tuple[object, ...]:
        """What it would be loaded from, as it lies on the disk now: other ones when that is mended."""
        model = recording = ""
        with suppress(SpeakError, OSError):
            model = files.find(self._wish.path).identity()
        with suppress(SpeakError):
            voice = prompts.load(self.name)
            voice.samples()
            recording = voice.sha256
        return files.is_accepted(), model, recording

    def load(self, tick: Tick = no_tick) -> None:
        """Read the model; 1 to 20 s. Raises VoiceMissing, VoiceDamaged, VoiceAway, SpeakError, Cancelled."""
        if self._model is not None:
            return
        found = files.find(self._wish.path)
        self._check_terms()
        prompts.load(self.name).samples()
        begun = time.perf_counter()
        try:
            with self._tenancy.moving_in(self):
                self._model = _load(found, self._wish.mode, tick)
        except Occupied as error:
            raise VoiceAway(name=self.name) from error
        except (MemoryError, RuntimeError) as error:
            raise SpeakError(f"loading: {type(error).__name__}: {error}", name=self.name) from error
        log.info("VoiceCraft loaded in %.1f s", time.perf_counter() - begun)

    def can_say(self, text: str, language: str) -> bool:
        """English in Latin letters; nothing while another network has its place."""
        return is_english(text, language) and not self.is_away

    @property
    def is_away(self) -> bool:
        """Whether another network is at work where there is memory for one only."""
        return self._tenancy.is_closed_to(self)

    def say(self, text: str, manner: Manner, tick: Tick) -> Iterator[Speech]:
        """Yield the sound while it is being made.

        Raises:
            SpeechWentWrong: It came out wrong several times; what was yielded is to be said again.
            SpeakError: Unpronounceable among them.
        """
        self.load(tick)
        try:
            prompt = self._ready(tick)
            cut = phrases(text, self._loaded.phonemizer.count, prompt.most)
            # without a phone of its own the network would make something up
            spoken = [phrase for phrase in cut if self._has_phones(phrase)]
            if not spoken:
                raise Unpronounceable(f"no phone in {len(text)} characters")
            for phrase in spoken:
                yield from self._say_phrase(phrase, prompt, manner, tick)
        except (MemoryError, RuntimeError, ValueError) as error:
            detail = f"{type(error).__name__}: {error}"
            raise SpeakError(detail, name=self.name) from error

    def unload(self) -> None:
        self.let_go()

    def let_go(self) -> None:
        """Give the memory back; what it says next loads it again."""
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
        voice = prompts.load(self.name)  # it may have been made anew or removed
        if self._prompt is not None and self._prompt.facts == (voice.sha256, voice.transcript):
            return self._prompt
        from imagecraft_desktop.nets.voicecraft import prompt as kept

        model = self._loaded
        samples = voice.samples()
        transcript = " ".join(piece.text for piece in prepare(voice.transcript))
        text_ids = model.phonemizer.ids(transcript)
        facts = [_KEPT_VERSION, model.identity, voice.sha256, text_ids]
        key = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]
        file = paths.cache_dir() / "voices" / voice.name / f"{key}.safetensors"
        state = kept.load(file, model.network, model.codec)
        if state is None:
            state = kept.compute(model.network, model.codec, samples, text_ids, tick)
            try:
                kept.save(state, file)
                _forget_older(file)
            except OSError as error:
                log.warning("the voice is computed anew next time: %s", type(error).__name__)
        lasts_s = len(samples) / model.codec.rate_hz
        loudness = speech_rms(samples, model.codec.rate_hz)
        pace_s = max(lasts_s / len(text_ids), _QUICKEST)
        room = min(_TEXT_MOST - len(text_ids), round((_WHOLE_S - lasts_s) / pace_s))
        self._prompt = _Prompt(
            (voice.sha256, voice.transcript),
            state,
            transcript,
            loudness=loudness,
            symbol_s=min(pace_s, _SLOWEST),
            speech_s=speech_s(samples, loudness, model.codec.rate_hz) / len(text_ids),
            most=max(room, _TEXT_LEAST),
            most_s=_MOST_S - lasts_s,
        )
        return self._prompt

    # --- speaking ---

    def _has_phones(self, phrase: str) -> bool:
        try:
            self._loaded.phonemizer.ids(phrase)
        except Unpronounceable:
            return False
        return True

    def _say_phrase(
        self, phrase: str, prompt: _Prompt, manner: Manner, tick: Tick
    ) -> Iterator[Speech]:
        """Say it; what went wrong is said again with other draws."""
        text, rate_hz = phrase, self._loaded.codec.rate_hz
        for attempt in range(_ATTEMPTS):
            seed = manner.seed + attempt * _NEXT_SEED
            stretch = StretchedStream(rate_hz, manner.rate, manner.seed, manner.pitch)
            last = 0.0
            made = self._utter(phrase, prompt, seed, manner.rate, tick)
            try:
                # what is kept is taken when it is whole and known to be good
                for samples, is_last in list(made) if manner.is_kept else made:
                    out = stretch.push(samples, is_last)
                    if len(out):
                        yield Speech(out, rate_hz, text=text)
                        text, last = "", float(out[-1])
            except Wrong as error:
                log.warning("attempt %d went wrong: %s", attempt + 1, error)
            else:
                return
            if last:
                yield Speech(_broken_off(last, rate_hz), rate_hz)
        raise SpeechWentWrong(f"{_ATTEMPTS} attempts", name=self.name)

    def _utter(
        self, phrase: str, prompt: _Prompt, seed: int, rate: float, tick: Tick
    ) -> Iterator[tuple[NDArray[np.float32], bool]]:
        """Samples in pieces, and whether a piece is the last. Raises Wrong."""
        from imagecraft_desktop.nets.voicecraft.generate import Options, Utterance

        model = self._loaded
        ids = model.phonemizer.ids(f"{prompt.transcript} {phrase}")
        n_new = max(1, len(ids) - len(prompt.state.text.ids))
        expected_s = n_new * prompt.symbol_s
        guard = Guard(
            expected_s,
            prompt.loudness,
            model.codec.rate_hz,
            prompt.most_s,
            speech_s=n_new * prompt.speech_s,
        )
        frames_hz = model.codec.rate_hz // model.codec.hop
        utterance = Utterance(
            model.network,
            ids,
            prompt.state.codes,
            Options(seed=seed),
            state=prompt.state.text,
            # a little more than the guard lets pass: memory is taken for no more
            most_frames=round(guard.longest_s * frames_hz) + frames_hz,
            n_said=len(prompt.state.text.ids),
        )
        stream = model.codec.stream(prompt.state.stream)
        # hears every piece as the codec gives it: how long pieces are held depends on the machine's
        # speed, and the loudness of the same words must not
        level = Level(model.codec.rate_hz, prompt.loudness)
        pace = _Pace(expected_s, rate, model.codec.rate_hz)
        block = round(_BLOCK_S * frames_hz)
        for codes in utterance.run(block, tick):
            samples = stream.push(codes, tick=tick).numpy()
            guard.hear(samples)
            pace.hold(level.push(samples))
            # after fewer frames the end is judged first
            if codes.shape[1] >= block and pace.is_time(utterance.n_frames / frames_hz):
                yield pace.let_go(), False
        last = stream.push(prompt.state.codes[:, :0], final=True, tick=tick).numpy()
        guard.hear(last)
        guard.end()
        pause = np.zeros(round(_PAUSE_S * model.codec.rate_hz), np.float32)
        pace.hold(level.push(last))
        yield pace.let_go(), False
        yield level.push(pause, final=True), True


def _forget_older(new: Path) -> None:
    """Remove what was computed for this voice before, with another mode, model or eSpeak, but for the
    last: who tries two modes by turns waits for neither. Raises OSError."""
    others = [file for file in new.parent.glob(f"*{new.suffix}") if file.is_file() and file != new]
    for file in sorted(others, key=lambda one: one.stat().st_mtime)[: -(_KEPT_STATES - 1)]:
        file.unlink(missing_ok=True)


def _broken_off(last: float, rate_hz: int) -> NDArray[np.float32]:
    """From a sample to silence: broken off there and then, it would be a click."""
    fade = np.linspace(last, 0, round(_BROKEN_OFF_S * rate_hz), dtype=np.float32)
    return np.pad(fade, (0, round(_PAUSE_S * rate_hz)))


class _Pace:
    """Holds the first sound back until what is still to be made will follow without a gap.

    Args:
        expected_s: How long the utterance will be, at the voice's own pace.
        rate: How many times as fast it is heard.
    """

    def __init__(self, expected_s: float, rate: float, rate_hz: int) -> None:
        self._expected_s = expected_s
        self._rate = rate
        self._rate_hz = rate_hz
        self._begun_s = time.perf_counter()
        self._first: tuple[float, float] | None = None  # when, and how much was made
        self._n_samples = 0
        self._held: list[NDArray[np.float32]] = []
        self._flows = False

    def hold(self, samples: NDArray[np.float32]) -> None:
        """The next samples that were made."""
        self._held.append(samples)
        self._n_samples += len(samples)

    def let_go(self) -> NDArray[np.float32]:
        """All that was held."""
        held, self._held = self._held, []
        return np.concatenate(held)

    def is_time(self, made_s: float) -> bool:
        """Whether what is held may be heard now.

        Args:
            made_s: Seconds of speech that were made so far; not all of it are samples yet.
        """
        self._flows = self._flows or self._follows(made_s)
        return self._flows

    def _follows(self, made_s: float) -> bool:
        now_s = time.perf_counter()
        takes_s = (now_s - self._begun_s) / made_s  # for a second of speech
        if self._first is None:
            self._first = now_s, made_s
        else:  # the work before the first step does not count again
            first_s, first_made_s = self._first
            takes_s = (now_s - first_s) / (made_s - first_made_s)
        # the last piece comes when all is made; what is heard before it has to last so long
        last_s = _BLOCK_S + made_s - self._n_samples / self._rate_hz
        lasts_s = max(self._expected_s - last_s, 0) / self._rate
        return max(self._expected_s - made_s, 0) * takes_s <= lasts_s


def _load_codec(file: Path, device: str) -> Codec:
    """The codec; its network is transformers', whose import takes seconds."""
    from imagecraft_desktop.nets.voicecraft.codec import load_codec

    return load_codec(file, device)


def read_model(
    found: files.VoiceCraftFiles, device: str = "cpu", tick: Tick = no_tick
) -> tuple[Checkpoint, Codec]:
    """Read the files of a model, which must belong together. Raises VoiceDamaged, Cancelled."""
    from imagecraft_desktop.nets.voicecraft.load import load_checkpoint

    checkpoint = load_checkpoint(found.network, tick)
    codec = aside(lambda: _load_codec(found.codec, device), tick)
    config = checkpoint.config
    if (codec.n_codebooks, codec.n_codes, codec.rate_hz) != (
        config.n_codebooks,
        config.n_codes,
        config.frames_hz * codec.hop,
    ):
        reason = "it is the codec of another network"
        raise VoiceDamaged(reason, name=found.codec.name, reason=reason)
    return checkpoint, codec


def _choose_device() -> str:
    """The device; torch is imported, which takes seconds."""
    from imagecraft_desktop.nets.voicecraft import choose

    return choose.choose_device()


def _load(found: files.VoiceCraftFiles, wish: str, tick: Tick) -> _Model:
    """Raises VoiceDamaged, VoiceMissing, Cancelled."""
    device = aside(_choose_device, tick)
    from imagecraft_desktop.nets.voicecraft.model import Network

    checkpoint, codec = read_model(found, device, tick)
    mode = _mode(wish, checkpoint.config, device, found.identity(), tick)
    network = Network(checkpoint, mode, device, tick)
    phonemizer = aside(lambda: Phonemizer(checkpoint.config.phn2num), tick)
    facts = [found.identity(), mode, device, *phonemizer.version]
    return _Model(
        network, codec, phonemizer, hashlib.sha256(json.dumps(facts).encode()).hexdigest()
    )


def _mode(wish: str, config: Config, device: str, identity: str, tick: Tick) -> Mode:
    """The mode that was asked for, if it runs here; else the one that suits. What was found by trying
    is kept: on a busy machine it could come out otherwise, and the same seed would speak otherwise.
    Auto after a mode of the user's own tries anew."""
    from imagecraft_desktop.nets.voicecraft.choose import choose_mode
    from imagecraft_desktop.nets.voicecraft.linear import Mode, can_run

    file = paths.cache_dir() / "voicecraft" / "mode.json"
    if wish in set(Mode) and can_run(Mode(wish), device):
        with suppress(OSError):
            file.unlink()
        return Mode(wish)
    facts = {"model": identity, "device": device, **_what_is_quick()}
    try:
        kept = json.loads(file.read_text("utf-8"))
        mode = Mode(kept["mode"])
        if kept == facts | {"mode": mode} and can_run(mode, device):
            return mode
    except (OSError, ValueError, KeyError, TypeError):
        log.info("no mode was chosen before")
    mode = choose_mode(config, device, tick)
    log.info("the mode that suits is %s", mode)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(facts | {"mode": mode.value}), "utf-8")
    except OSError as error:
        log.warning("the mode is chosen anew next time: %s", type(error).__name__)
    return mode


def _what_is_quick() -> dict[str, str | int]:
    """What decides how long a step takes, besides the model."""
    import torch

    try:
        runtime = metadata.version("onnxruntime")
    except metadata.PackageNotFoundError:
        runtime = ""
    return {
        "processor": processor.name(),
        "cores": torch.get_num_threads(),
        "torch": str(torch.__version__),
        "onnxruntime": runtime,
    }
