"""Where the files of VoiceCraft lie, and whether the user accepted the terms of its weights.

A model of the catalogue that is installed, else the files in a folder that the user names:

    config.json and model.safetensors, or one old .pth file     the network
    encodec_4cb2048_giga.th, or a .safetensors of its tensors   the codec
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from pathlib import Path

from imagecraft_desktop import strings
from imagecraft_desktop.errors import FileNotWritten, LicenceNotKept, VoiceMissing
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths
from imagecraft_desktop.system.new_file import why_not_written, write_new
from imagecraft_desktop.weights import catalogue, store

NAME = "VoiceCraft"
LICENCE = "Coqui Public Model License 1.0.0"
LICENCE_ADDRESS = "https://coqui.ai/cpml"
_NETWORK = ("config.json", "model.safetensors")


@dataclass(frozen=True)
class VoiceCraftFiles:
    """The files of one model.

    Attributes:
        network: The folder with config.json, or a .pth file.
        codec: A .th or .safetensors file.
    """

    network: Path
    codec: Path

    def identity(self) -> str:
        """Changes when a file does; what was computed with other files is of no use."""
        files = [self.codec]
        files += (
            [self.network / name for name in _NETWORK] if self.network.is_dir() else [self.network]
        )
        facts = [(f.name, f.stat().st_size, f.stat().st_mtime_ns) for f in files]
        import hashlib  # not above, see `whole.digest`

        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def usual_folder() -> Path:
    """Where the model is when the user named no folder: the installed one, the best of several."""
    for name, model in catalogue.known().items():
        if model.kind is catalogue.Kind.VOICE and store.manifest(name) is not None:
            return store.folder_of(name)
    return store.folder_of("voicecraft")


def find(folder: Path) -> VoiceCraftFiles:
    """The files in a folder.

    Raises:
        VoiceMissing: They are not all there; the next step says what is missing.
    """
    try:
        names = sorted(entry.name for entry in folder.iterdir() if entry.is_file())
    except OSError as error:
        is_named = folder != usual_folder()
        reason = strings.VOICECRAFT_NO_FOLDER if is_named else strings.VOICECRAFT_NO_MODEL
        raise _missing(reason, folder) from error
    old = [name for name in names if name.endswith(".pth")]
    if set(_NETWORK) <= set(names):
        network = folder
    elif len(old) == 1:
        network = folder / old[0]
    else:
        raise _missing(strings.VOICECRAFT_NO_NETWORK, folder)
    codecs = [name for name in names if name.endswith((".th", ".safetensors"))]
    codecs = [name for name in codecs if name not in _NETWORK]
    if len(codecs) != 1:
        raise _missing(strings.VOICECRAFT_NO_CODEC, folder)
    return VoiceCraftFiles(network, folder / codecs[0])


def _missing(reason: str, folder: Path) -> VoiceMissing:
    step = say(reason, folder=str(folder))
    return VoiceMissing(reason, name=NAME, next_step=step)


# --- the terms ---


def _mark() -> Path:
    return paths.data_dir() / "licences" / "voicecraft.json"


def terms() -> str:
    """The notice, in the language of now: to be read before the first use, and at any time after."""
    return say(strings.VOICECRAFT_TERMS, licence=LICENCE, address=LICENCE_ADDRESS)


def is_accepted() -> bool:
    """Whether the user has accepted the terms of this licence."""
    try:
        kept = json.loads(_mark().read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(kept, dict) and kept.get("licence") == LICENCE


def accept() -> None:
    """Keep it that the user accepts. Raises LicenceNotKept."""
    facts = {"licence": LICENCE, "accepted": datetime.date.today().isoformat()}
    try:
        _mark().parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LicenceNotKept(type(error).__name__, reason=why_not_written(error)) from error
    try:
        write_new(_mark(), json.dumps(facts).encode())
    except FileNotWritten as error:
        raise LicenceNotKept(error.detail, reason=error.words["reason"]) from error
