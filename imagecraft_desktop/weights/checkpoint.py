"""A folder with a model in the form of the Hugging Face Hub: what it is, and whether its files are whole.

It is in the layout of transformers, or in that of open_clip, whose files have other names.

Only the configuration and the headers of the files are read, so this takes no time. Weights are
taken from .safetensors files alone: older forms can hold programs.
"""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass
from os.path import exists, isdir, isfile  # a folder that may not be looked into is none
from pathlib import Path
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.errors import DescribeError, ModelDamaged, ModelMissing
from imagecraft_desktop.strings import say

CONFIG = "config.json"
WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
OPEN_CLIP_CONFIG = "open_clip_config.json"
OPEN_CLIP_WEIGHTS = ("open_clip_model.safetensors", "open_clip_pytorch_model.safetensors")
COCA = "open_clip_coca"
"""Our name for open_clip's models that write text, in place of a `model_type`."""
_QUANTIZED = "quantization_config"
_LONGEST_HEADER = 100_000_000
_READING_FAILED = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
    struct.error,
)
"""What a damaged file makes of reading its header."""


@dataclass(frozen=True)
class Checkpoint:
    """A model's folder whose files are all there and as long as they say.

    Attributes:
        kind: The `model_type` of the configuration: "paligemma"; for open_clip's see `COCA`.
        weights: Names of the files with the weights.
        n_weights: How many numbers they hold, of whatever type.
    """

    folder: Path
    config: dict[str, Any]
    kind: str
    weights: tuple[str, ...]
    n_weights: int

    @property
    def name(self) -> str:
        """What the user calls it."""
        return self.folder.name


def open_checkpoint(folder: Path) -> Checkpoint:
    """Look at a folder.

    Raises:
        ModelMissing: There is no such folder, or it lacks the configuration or weights, or has these only in a
            shortened form (int4, say).
        ModelDamaged: A file is cut off, or is not what its name says, or is a pipe or a device.
    """
    config, kind = _read_config(folder)
    if config.get(_QUANTIZED):
        raise missing(folder, strings.MODEL_SHORTENED)
    names = _weight_files(folder)
    n_weights = sum(_check_file(folder, name) for name in names)
    return Checkpoint(folder, config, kind, tuple(names), n_weights)


def kind_of(folder: Path) -> str | None:
    """The kind of a folder's configuration; None where none can be read."""
    try:
        return _read_config(folder)[1]
    except DescribeError:
        return None


def _read_config(folder: Path) -> tuple[dict[str, Any], str]:
    """The configuration and its kind. Raises ModelMissing, ModelDamaged."""
    _refuse_special(folder)
    if not exists(folder / CONFIG) and isfile(folder / OPEN_CLIP_CONFIG):
        config = read_json(folder, OPEN_CLIP_CONFIG)
        parts = config.get("model_cfg")
        if not isinstance(parts, dict):
            raise damaged(folder, strings.MODEL_FILE_DAMAGED, file=OPEN_CLIP_CONFIG)
        return config, COCA if "multimodal_cfg" in parts else "open_clip"
    config = read_json(folder, CONFIG)
    kind = config.get("model_type")
    if not isinstance(kind, str):
        raise damaged(folder, strings.MODEL_FILE_DAMAGED, file=CONFIG)
    return config, kind


def _refuse_special(folder: Path) -> None:
    """Raises ModelDamaged for a model with a pipe, a socket or a device in it: whoever reads one may wait for ever, and
    the libraries read files that are not named here."""
    if not exists(folder / CONFIG) and not exists(folder / OPEN_CLIP_CONFIG):
        return  # no model
    try:
        names = [one.name for one in folder.iterdir()]
    except OSError:  # the files are there, but their names are not told
        names = [CONFIG, OPEN_CLIP_CONFIG, WEIGHTS, INDEX]
    for name in sorted(names):
        file = folder / name
        if exists(file) and not isfile(file) and not isdir(file):
            raise damaged(folder, strings.MODEL_FILE_DAMAGED, file=name)


def read_json(folder: Path, name: str) -> dict[str, Any]:
    """A JSON object of the folder. Raises ModelMissing, ModelDamaged."""
    if not isdir(folder):
        raise missing(folder, strings.MODEL_NO_FOLDER, folder=str(folder))
    try:
        found = json.loads((folder / name).read_text("utf-8"))
    except FileNotFoundError as error:
        raise missing(folder, strings.MODEL_FILE_MISSING, file=name) from error
    except (OSError, ValueError, RecursionError) as error:
        raise damaged(folder, strings.MODEL_FILE_DAMAGED, file=name) from error
    if not isinstance(found, dict):
        raise damaged(folder, strings.MODEL_FILE_DAMAGED, file=name)
    return found


def missing(folder: Path, message: str, /, **words: object) -> ModelMissing:
    """The error for a folder that lacks something, with the sentence that says what."""
    return ModelMissing(message, name=folder.name, next_step=say(message, **words))


def damaged(folder: Path, message: str, /, **words: object) -> ModelDamaged:
    """The error for a folder that cannot be used as it is, with the sentence that says why."""
    return ModelDamaged(message, name=folder.name, next_step=say(message, **words))


def _weight_files(folder: Path) -> list[str]:
    """The names of the files with the weights."""
    for name in (WEIGHTS, *OPEN_CLIP_WEIGHTS):
        if isfile(folder / name):
            return [name]
    if not isfile(folder / INDEX):
        raise missing(folder, strings.MODEL_NO_WEIGHTS)
    places = read_json(folder, INDEX).get("weight_map")
    if not isinstance(places, dict) or not places:
        raise damaged(folder, strings.MODEL_FILE_DAMAGED, file=INDEX)
    names = sorted(set(map(str, places.values())))
    if any(Path(name).name != name or not name.endswith(".safetensors") for name in names):
        raise damaged(folder, strings.MODEL_FILE_DAMAGED, file=INDEX)
    return names


def _check_file(folder: Path, name: str) -> int:
    """How many numbers a .safetensors file holds."""
    try:
        with (folder / name).open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > _LONGEST_HEADER:
                raise ValueError
            header = json.loads(file.read(length))
        size = (folder / name).stat().st_size
        tensors = [entry for key, entry in header.items() if key != "__metadata__"]
        if max(entry["data_offsets"][1] for entry in tensors) + 8 + length != size:
            raise ValueError
        sizes = [number for entry in tensors for number in entry["shape"]]
        if not all(isinstance(number, int) and number >= 0 for number in sizes):
            raise ValueError
        return sum(math.prod(entry["shape"]) for entry in tensors)
    except FileNotFoundError as error:
        raise missing(folder, strings.MODEL_FILE_MISSING, file=name) from error
    except _READING_FAILED as error:
        raise damaged(folder, strings.MODEL_FILE_DAMAGED, file=name) from error
