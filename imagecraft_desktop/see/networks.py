"""The three embedded networks: what each wants as input, and its answer in pixels and names.

Called by things.py, which decides what of it is believed. Pictures are RGB, uint8, (H, W, 3).
Errors are those of `session`: ModelMissing, ModelDamaged, DescribeError, Cancelled.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop.see import session
from imagecraft_desktop.see.classes import COCO
from imagecraft_desktop.values import Box

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


class Found(NamedTuple):
    """An object or a face. `score` is the network's own, 0 to 1."""

    name: str
    score: float
    box: Box


_NANODET_SIDE = 416
_NANODET_STRIDES = (8, 16, 32)
_NANODET_BINS = 11  # a distance to a side is the mean over so many multiples of the stride
_NANODET_MEAN_BGR = np.array([103.53, 116.28, 123.675], np.float32)
_NANODET_DEVIATION_BGR = np.array([57.375, 57.12, 58.395], np.float32)

_SAME_THING = 0.5  # common area over joint area, of two boxes of one class
_PART_OF_THING = 0.85  # common area over the smaller one, of two boxes of one class
_OTHER_NAME = 0.6  # common area over joint area, of two classes

_LITE0_SIDE = 224
_LITE0_CROP = 0.875

_FACES_LONG_SIDE = 736
_FACES_MULTIPLE = 32
_FACES_STRIDE = 4


def detect_objects(pixels: Pixels, lowest: float = 0.45) -> list[Found]:
    """Objects of the 80 COCO classes with at least this score, best first (NanoDet-g)."""
    height, width = pixels.shape[:2]
    scale = _NANODET_SIDE / max(height, width)
    inner_h, inner_w = max(1, round(height * scale)), max(1, round(width * scale))
    top, left = (_NANODET_SIDE - inner_h) // 2, (_NANODET_SIDE - inner_w) // 2
    canvas = np.zeros((_NANODET_SIDE, _NANODET_SIDE, 3), np.float32)
    canvas[top : top + inner_h, left : left + inner_w] = _shrunk(pixels, inner_w, inner_h)
    feed = (canvas[..., ::-1] - _NANODET_MEAN_BGR) / _NANODET_DEVIATION_BGR
    outputs = session.embedded("nanodet").run(None, {"x": _batch(feed)})
    steps = len(_NANODET_STRIDES)
    scores = np.concatenate([outputs[i][0] for i in range(steps)])
    sides = np.concatenate(
        [_nanodet_boxes(outputs[i + steps][0], s) for i, s in enumerate(_NANODET_STRIDES)]
    )
    places, classes = np.nonzero(scores >= lowest)
    sides = (sides[places] - np.array([left, top, left, top], np.float32)) / scale
    best = _without_overlaps(sides, scores[places, classes], classes)
    return [
        Found(
            COCO[classes[i]],
            float(scores[places[i], classes[i]]),
            _box(sides[i], width, height),
        )
        for i in best
    ]


def _nanodet_boxes(distances: Floats, stride: int) -> Floats:
    """(cells, 4) left, top, right, bottom in network pixels from (cells, 4 * bins) logits."""
    cells = _NANODET_SIDE // stride
    share = _softmax(distances.reshape(-1, 4, _NANODET_BINS))
    reach = share @ np.arange(_NANODET_BINS, dtype=np.float32) * stride
    y, x = np.divmod(np.arange(cells * cells), cells)
    centre_x, centre_y = (x + 0.5) * stride, (y + 0.5) * stride
    return np.stack(
        [
            centre_x - reach[:, 0],
            centre_y - reach[:, 1],
            centre_x + reach[:, 2],
            centre_y + reach[:, 3],
        ],
        axis=1,
    ).astype(np.float32)


def classify(pixels: Pixels) -> Floats:
    """(1000,) probabilities of the ImageNet classes, mean of centre and whole (EfficientNet-Lite0)."""
    height, width = pixels.shape[:2]
    side = max(1, round(min(height, width) * _LITE0_CROP))
    top, left = (height - side) // 2, (width - side) // 2
    crops = (pixels[top : top + side, left : left + side], pixels)
    feed = np.stack([(_shrunk(crop, _LITE0_SIDE, _LITE0_SIDE) - 127) / 128 for crop in crops])
    feed = np.ascontiguousarray(feed.transpose(0, 3, 1, 2), np.float32)
    (logits,) = session.embedded("efficientnet_lite0").run(None, {"x": feed})
    return np.asarray(_softmax(logits).mean(axis=0), np.float32)


def detect_faces(pixels: Pixels, lowest: float = 0.5) -> list[Found]:
    """Human faces with at least this score, best first (CenterFace). Also finds statues' faces."""
    height, width = pixels.shape[:2]
    scale = min(1.0, _FACES_LONG_SIDE / max(height, width))
    inner_h, inner_w = (
        max(1, round(edge * scale / _FACES_MULTIPLE)) * _FACES_MULTIPLE for edge in (height, width)
    )
    feed = _batch(_shrunk(pixels, inner_w, inner_h))
    heat, log_size, offset, _points = session.embedded("centerface").run(None, {"input.1": feed})
    y, x = np.nonzero(heat[0, 0] >= lowest)
    face_h, face_w = np.exp(log_size[0, :, y, x].T) * _FACES_STRIDE
    centre_y = (y + offset[0, 0, y, x] + 0.5) * _FACES_STRIDE
    centre_x = (x + offset[0, 1, y, x] + 0.5) * _FACES_STRIDE
    sides = np.stack(
        [
            centre_x - face_w / 2,
            centre_y - face_h / 2,
            centre_x + face_w / 2,
            centre_y + face_h / 2,
        ],
        axis=1,
    ) * np.array([width / inner_w, height / inner_h] * 2)
    scores = heat[0, 0, y, x]
    best = _without_overlaps(sides, scores, np.zeros(len(scores), int))
    return [Found("face", float(scores[i]), _box(sides[i], width, height)) for i in best]


def _shrunk(pixels: Pixels, width: int, height: int) -> Floats:
    """Scaled to this size, as float32, 0 to 255."""
    import cv2

    smaller = width * height < pixels.shape[0] * pixels.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=how), np.float32)


def _batch(picture: Floats) -> Floats:
    """(H, W, 3) to (1, 3, H, W)."""
    return np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32)


def _softmax(logits: Floats) -> Floats:
    """Over the last axis."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)


def _without_overlaps(
    sides: NDArray[np.floating], scores: Floats, classes: NDArray[np.intp]
) -> list[int]:
    """Indices, best first, of the boxes that are no second sight of a better one.

    Counts are said as "at least", so it is better to lose a thing behind another than to count
    one twice.
    """
    waiting = np.argsort(-scores, kind="stable")
    area = np.clip(sides[:, 2:] - sides[:, :2], 1e-6, None).prod(axis=1)
    kept = []
    while len(waiting):
        best, rest = waiting[0], waiting[1:]
        kept.append(int(best))
        low = np.maximum(sides[best, :2], sides[rest, :2])
        high = np.minimum(sides[best, 2:], sides[rest, 2:])
        common = np.clip(high - low, 0, None).prod(axis=1)
        within_smaller = common / np.minimum(area[best], area[rest])
        of_joint = common / (area[best] + area[rest] - common)
        same = classes[rest] == classes[best]
        second_sight = np.where(
            same,
            (of_joint > _SAME_THING) | (within_smaller > _PART_OF_THING),
            of_joint > _OTHER_NAME,
        )
        waiting = rest[~second_sight]
    return kept


def _box(sides: NDArray[np.floating], width: int, height: int) -> Box:
    left, right = np.clip(sides[[0, 2]], 0, width)
    top, bottom = np.clip(sides[[1, 3]], 0, height)
    return Box(round(float(left)), round(float(top)), round(float(right)), round(float(bottom)))
