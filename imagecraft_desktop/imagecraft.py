"""ImageCraft from Python: a picture in, a sentence and its speech out.

    from imagecraft_desktop.imagecraft import ImageCraft

    model = ImageCraft.from_pretrained("~/models/imagecraft-ft-co-224")
    transcript, file = model.generate("photo.jpg")

Arguments and results are those of the ImageCraft program. Here the network says what it says of any
picture; the describer's judgement, which the command line and the tray program add, is left out.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from os.path import exists, isdir
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop import strings
from imagecraft_desktop.describe.base import class_for, known
from imagecraft_desktop.describe.facts_first import FactsFirst
from imagecraft_desktop.errors import (
    ModelMissing,
    SpeechNotSaved,
    UnreadableImage,
    VoiceMissing,
    VoiceNotReady,
)
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths
from imagecraft_desktop.system.memory import machine_bytes
from imagecraft_desktop.system.tenancy import Tenancy
from imagecraft_desktop.values import Manner, Speech
from imagecraft_desktop.weights import catalogue, store
from imagecraft_desktop.weights.checkpoint import missing

if TYPE_CHECKING:
    from PIL.Image import Image

    from imagecraft_desktop.speak.base import Voice

REPO = "nsandiman/imagecraft-ft-co-224"
RATE_HZ = 16_000
_FOLDER = Path("media", "voicecraft", "generated")


class ImageCraft:
    """A captioning network and a voice. Both are loaded when they are first needed.

    Args:
        captioner: Loaded.
        voice: A name of `imagecraft-desktop voices`.
    """

    def __init__(self, captioner: FactsFirst, voice: str) -> None:
        self._captioner = captioner
        self._voice_name = voice
        self._voice: Voice | None = None
        self._tenancy = Tenancy(machine_bytes())

    @classmethod
    def from_pretrained(
        cls,
        model_path: str | Path = REPO,
        *,
        device: str = "auto",
        dtype: str = "auto",
        voice: str = "",
    ) -> ImageCraft:
        """Open a network that is on this machine; nothing is downloaded.

        Args:
            model_path: Its folder; or the name of an installed model; or its name on the Hugging Face
                Hub, when it is installed or in the Hub's cache.
            device: "cpu", "cuda" or "mps"; "auto" for the fastest.
            dtype: "float32", "bfloat16" or "float16"; "auto" for what suits the device.
            voice: Speaks; empty for that of the settings.
        Raises:
            ModelMissing, ModelDamaged.
        """
        from imagecraft_desktop.settings import store as settings_store

        folder = _find(model_path)
        chosen = class_for(folder, known())
        if not issubclass(chosen, FactsFirst):
            raise ModelMissing(name=folder.name, next_step=say(strings.CAPTIONER_NO_MODEL))
        captioner = cast("type[FactsFirst]", chosen)(folder, dtype)
        captioner.load(device)
        return cls(captioner, voice or settings_store.load().settings.voice)

    def generate(
        self,
        image: str | Path | Image | NDArray[np.uint8],
        max_tokens: int = 100,
        do_sample: bool = False,
        output_type: str = "file",
        return_output: str | None = "speech",
        *,
        seed: int = 0,
        folder: Path = _FOLDER,
        tick: Callable[[], None] = lambda: None,
    ) -> Any:
        """Caption a picture and speak the caption.

        Args:
            image: Path, Pillow image, or uint8 array: (H, W), (H, W, 3) or (H, W, 4). A Pillow image is taken as its
                file is: turned as the camera noted, and where it is see-through lies on white or dark grey.
            max_tokens: Most tokens of the caption.
            do_sample: Draw the words instead of taking the likeliest.
            output_type: "file" to write a WAV file, anything else for its bytes.
            return_output: "speech" or None for both, anything else for the transcript alone.
            seed: Of the draws, for words and voice: the same seed gives the same.
            folder: Where the file goes, under a name of its own; it is made if need be.
            tick: Called often; what it raises ends the work.
        Returns:
            The transcript, "" when the network wrote nothing; or a pair of it and the speech, 16 kHz,
            one channel: the path as a string, or bytes.
        Raises:
            UnreadableImage, DescribeError, SpeakError, SoundFileError.
        """
        pixels = _pixels(image)
        with self._tenancy.working(self._captioner, tick):
            caption = self._captioner.caption(pixels, tick, max_tokens, seed if do_sample else None)
        if return_output not in ("speech", None):
            return caption.text
        speech = Speech(self._speak(caption.text, seed, tick), RATE_HZ)
        return caption.text, _written(speech, folder if output_type == "file" else None)

    def unload(self) -> None:
        """Give the memory of network and voice back; `generate` loads them again."""
        self._captioner.unload()
        if self._voice is not None:
            self._voice.unload()

    def _speak(self, text: str, seed: int, tick: Callable[[], None]) -> NDArray[np.float32]:
        """The speech at 16 kHz, in one voice or not at all. Raises SpeakError."""
        from imagecraft_desktop.speak.chain import Chain
        from imagecraft_desktop.speak.samples import at_rate

        if self._voice is None:
            self._voice = _make_voice(self._voice_name, self._tenancy)
        chain = Chain([self._voice], self._voice.name)
        parts = [
            at_rate(chunk.samples, chunk.rate_hz, RATE_HZ)
            for chunk in chain.say(text, Manner(seed=seed, is_kept=True), tick)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _find(model_path: str | Path) -> Path:
    """The folder of a network. Raises ModelMissing."""
    folder = paths.typed(model_path)
    if isdir(folder):
        return folder
    if exists(folder):
        raise missing(folder, strings.MODEL_NO_WEIGHTS)
    name = str(model_path)
    if (kept := store.captioners().get(name) or store.of_repo(name)) is not None:
        return kept
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError) as error:
        if (model := catalogue.captioner(name)) is not None:
            step = say(strings.MODEL_STEP_INSTALL, name=model.name)
            raise ModelMissing(name=model.name, next_step=step) from error
        raise missing(folder, strings.MODEL_NO_FOLDER, folder=name) from error


def _pixels(image: str | Path | Image | NDArray[np.uint8]) -> NDArray[np.uint8]:
    """RGB, (H, W, 3): upright, see-through parts filled, deep grey in 8 bits. Raises UnreadableImage, CaptureError."""
    if isinstance(image, str | Path):
        from imagecraft_desktop.capture.decode import to_picture
        from imagecraft_desktop.capture.file import from_path

        return to_picture(from_path(Path(image))).pixels
    if isinstance(image, np.ndarray):
        from PIL import Image as Pillow

        is_picture = image.dtype == np.uint8 and image.size > 0
        is_shape = image.ndim == 2 or (image.ndim == 3 and image.shape[2] in (3, 4))
        if not (is_picture and is_shape):
            reason = say(strings.READ_ARRAY)
            raise UnreadableImage(f"{image.dtype} {image.shape}", name="image", reason=reason)
        image = Pillow.fromarray(image)
    from imagecraft_desktop.capture.limits import Refused
    from imagecraft_desktop.capture.raster import flatten

    try:
        return flatten(image)
    except Refused as refusal:
        detail = type(refusal.__cause__).__name__ if refusal.__cause__ else ""
        raise UnreadableImage(detail, name="image", reason=refusal.reason) from refusal


def _make_voice(name: str, tenancy: Tenancy) -> Voice:
    """A voice whose sound can be kept. Raises VoiceMissing, SpeechNotSaved."""
    from imagecraft_desktop.settings import store as settings_store
    from imagecraft_desktop.speak import base
    from imagecraft_desktop.speak.chain import own_voice
    from imagecraft_desktop.speak.silence import SilenceVoice
    from imagecraft_desktop.speak.voicecraft import VoiceCraftVoice, VoiceCraftWish

    if (own := own_voice(name)) is not None:
        settings = settings_store.load().settings
        wish = VoiceCraftWish(settings.voicecraft_model, settings.voicecraft_mode)
        made = VoiceCraftVoice(own, wish, tenancy)
        if (why := made.why_not()) is not None:
            raise VoiceNotReady(name=own, next_step=why)
        return made
    voices = base.known()
    if name not in voices:
        step = say(strings.NEXT_CHOOSE_VOICE, names=", ".join(voices))
        raise VoiceMissing(name=name, next_step=step)
    if (why := voices[name].missing()) is not None:
        raise VoiceMissing(name=name, next_step=why)
    if voices[name].plays_itself or name == SilenceVoice.name:
        raise SpeechNotSaved(name=name)
    return voices[name]()


def _written(speech: Speech, folder: Path | None) -> str | bytes:
    """The path of a new WAV file in the folder; its bytes when there is none."""
    from imagecraft_desktop.speak.save import save, wav

    if folder is None:
        return wav([speech])
    with suppress(OSError):  # that it could not be made is told by `save`
        folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid.uuid4()}.wav"
    save(path, [speech])
    return str(path)
