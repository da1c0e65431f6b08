"""Brings a picture into the form a network was trained with, in Pillow and numpy.

What is to be done stands in the checkpoint's own preprocessor_config.json, or in that of open_clip.
Used by the captioners.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop import strings
from imagecraft_desktop.weights.checkpoint import (
    OPEN_CLIP_CONFIG,
    Checkpoint,
    damaged,
    read_json,
)

NAME = "preprocessor_config.json"
_BICUBIC = 3
_LARGEST = 4096
_LONGEST = 32
"""Times as long as wide: more is left away before it is scaled."""
_CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
_CLIP_DEVIATION = (0.26862954, 0.26130258, 0.27577711)


@dataclass(frozen=True)
class Preprocessor:
    """What is done to a picture.

    Attributes:
        size: (height, width) it is scaled to, without keeping its shape; or (edge,), the length of
            its shorter edge.
        crop: (height, width) cut from the middle after that, or None.
        resample: Pillow's number of the way of scaling.
        scale: Factor that brings 0..255 to 0..1.
        mean, deviation: Of each channel: the one is subtracted, then the other divides.
    """

    size: tuple[int, ...]
    crop: tuple[int, int] | None
    resample: int
    scale: float
    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) of every picture that comes out; all networks here want a fixed one."""
        height, width = self.crop or (self.size[0], self.size[-1])
        return height, width

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The network's input.

        Args:
            pixels: RGB, (H, W, 3).
        Returns:
            (1, 3, height, width).
        """
        from PIL import Image

        if self.crop is not None and len(self.size) == 1:
            pixels = _without_ends(pixels)
        picture = Image.fromarray(pixels)
        height, width = self.size if len(self.size) == 2 else _fitted(picture.size, self.size[0])
        scaled = np.asarray(picture.resize((width, height), Image.Resampling(self.resample)))
        if self.crop is not None:
            scaled = _middle(scaled, self.crop)
        values = scaled.astype(np.float32) * np.float32(self.scale) - np.array(
            self.mean, np.float32
        )
        values /= np.array(self.deviation, np.float32)
        return np.ascontiguousarray(values.transpose(2, 0, 1)[None], np.float32)


def read_preprocessor(folder: Path) -> Preprocessor:
    """Raises ModelMissing, ModelDamaged."""
    given = read_json(folder, NAME)
    try:
        crop = _size(given["crop_size"]) if given.get("do_center_crop") else None
        made = Preprocessor(
            size=_size(given["size"]),
            crop=(crop[0], crop[-1]) if crop is not None else None,
            resample=int(given.get("resample", _BICUBIC)),
            scale=float(given.get("rescale_factor", 1 / 255)),
            mean=_three(given["image_mean"]),
            deviation=_three(given["image_std"]),
        )
        _check(made)
    except (ValueError, LookupError, TypeError) as error:
        raise damaged(folder, strings.MODEL_FILE_DAMAGED, file=NAME) from error
    return made


def read_open_clip(checkpoint: Checkpoint) -> Preprocessor:
    """What open_clip's configuration says; where it says nothing, as CLIP does. Raises ModelDamaged."""
    try:
        edges = _size(checkpoint.config["model_cfg"]["vision_cfg"]["image_size"])
        given = checkpoint.config.get("preprocess_cfg", {})
        if given.get("interpolation", "bicubic") != "bicubic":
            raise ValueError("another way of scaling")
        is_kept = {"shortest": True, "squash": False}[given.get("resize_mode", "shortest")]
        if is_kept and edges[0] != edges[-1]:
            raise ValueError("a shape that is no square")
        made = Preprocessor(
            size=edges[:1] if is_kept else edges,
            crop=(edges[0], edges[-1]) if is_kept else None,
            resample=_BICUBIC,
            scale=1 / 255,
            mean=_three(given.get("mean", _CLIP_MEAN)),
            deviation=_three(given.get("std", _CLIP_DEVIATION)),
        )
        _check(made)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        file = OPEN_CLIP_CONFIG
        raise damaged(checkpoint.folder, strings.MODEL_FILE_DAMAGED, file=file) from error
    return made


def _check(made: Preprocessor) -> None:
    """Raises ValueError: it cannot be done, or not to every picture."""
    edges = (*made.size, *(made.crop or ()))
    if not all(0 < edge <= _LARGEST for edge in edges) or not all(made.deviation):
        raise ValueError("a size or a deviation that cannot be")
    if made.crop is not None and len(made.size) == 1 and max(made.crop) > made.size[0]:
        raise ValueError("more is cut out than there is")
    if made.crop is None and len(made.size) == 1:
        raise ValueError("the shape would be that of the picture")


def _size(given: Any) -> tuple[int, ...]:
    """Of the forms that have been in use: a number, two, height and width, or the shorter edge."""
    if isinstance(given, int):
        return given, given
    if isinstance(given, list):
        return int(given[0]), int(given[1])
    if "shortest_edge" in given:
        return (int(given["shortest_edge"]),)
    return int(given["height"]), int(given["width"])


def _three(given: Any) -> tuple[float, float, float]:
    red, green, blue = map(float, given)
    return red, green, blue


def _fitted(size: tuple[int, int], edge: int) -> tuple[int, int]:
    """(height, width) with the shorter edge of that length."""
    width, height = size
    if width <= height:
        return edge * height // width, edge
    return edge, edge * width // height


def _without_ends(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Of what is many times as long as wide the middle: the rest would be scaled to gigabytes, then cut off."""
    longest = _LONGEST * min(pixels.shape[:2])
    height, width = (min(length, longest) for length in pixels.shape[:2])
    return _middle(pixels, (height, width))


def _middle(pixels: NDArray[np.uint8], crop: tuple[int, int]) -> NDArray[np.uint8]:
    top, left = ((have - want) // 2 for have, want in zip(pixels.shape, crop, strict=False))
    return pixels[top : top + crop[0], left : left + crop[1]]
