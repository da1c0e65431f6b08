"""QR codes and barcodes.

Called by the embedded captioner. A code is never opened; its content may hold anything, also
control characters: whoever speaks or shows it makes it safe first.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop.values import Box, Code, Tick

_SMALLEST_EDGE = 8
_LARGE = 2600  # pixels; a larger picture is also looked at in half its size
_ENLARGED_UP_TO = 700  # pixels; in a smaller picture a code may be too small to read


def read_codes(pixels: NDArray[np.uint8], tick: Tick) -> tuple[Code, ...]:
    """All codes that can be read, from top to bottom; also turned, inverted or mirrored ones.

    Args:
        pixels: RGB, uint8, (H, W, 3).
        tick: Asked between the sizes that are tried.
    """
    import cv2

    height, width = pixels.shape[:2]
    if min(height, width) < _SMALLEST_EDGE:
        return ()
    grey = np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY), np.uint8)
    found = _read(grey, 1.0)
    tick()
    if not found and max(height, width) >= _LARGE:
        half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        found = _read(np.asarray(half, np.uint8), 0.5)
    elif not found and max(height, width) <= _ENLARGED_UP_TO:
        double = cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
        found = _read(np.asarray(double, np.uint8), 2.0)
    tick()
    return tuple(sorted(found, key=lambda code: (code.box.top, code.box.left)))


def _read(grey: NDArray[np.uint8], scale: float) -> list[Code]:
    """Codes in a picture that was scaled; boxes are those before it."""
    import zxingcpp

    return [
        Code(str(result.format), result.text, _box(result.position, scale))
        for result in zxingcpp.read_barcodes(grey, text_mode=zxingcpp.TextMode.Plain)
        if result.valid
    ]


def _box(position: object, scale: float) -> Box:
    corners = [
        getattr(position, name) for name in ("top_left", "top_right", "bottom_right", "bottom_left")
    ]
    across = [corner.x / scale for corner in corners]
    down = [corner.y / scale for corner in corners]
    return Box(
        max(0, int(min(across))),
        max(0, int(min(down))),
        int(max(across)) + 1,
        int(max(down)) + 1,
    )
