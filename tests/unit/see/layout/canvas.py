"""A drawing board for small screens whose parts are known exactly."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop.see.layout import Layout, lay_out
from imagecraft_desktop.values import Box, TextLine

Colour = tuple[int, int, int]

WHITE, BLACK, GREY, BLUE, RED = (
    (255, 255, 255),
    (20, 20, 20),
    (190, 190, 190),
    (26, 115, 232),
    (200, 30, 30),
)


def go_on() -> None:
    """A tick that never stops the work."""


def line(text: str, left: int, top: int, right: int = 0, bottom: int = 0) -> TextLine:
    """A line of text; 8 pixels a letter and 16 high when no more is said."""
    return TextLine(text, Box(left, top, right or left + 8 * len(text), bottom or top + 16), 1.0)


class Canvas:
    """Draws, and notes each text as a reader would."""

    def __init__(self, width: int = 800, height: int = 600, ground: Colour = WHITE) -> None:
        self.pixels: NDArray[np.uint8] = np.full((height, width, 3), ground, np.uint8)
        self.lines: list[TextLine] = []

    def box(
        self,
        left: int,
        top: int,
        right: int,
        bottom: int,
        fill: Colour | None,
        edge: Colour | None = None,
    ) -> Box:
        """A rectangle with square corners; `right` and `bottom` are just outside it."""
        if fill is not None:
            self.pixels[top:bottom, left:right] = fill
        if edge is not None:
            self.pixels[[top, bottom - 1], left:right] = edge
            self.pixels[top:bottom, [left, right - 1]] = edge
        return Box(left, top, right, bottom)

    def write(
        self,
        text: str,
        left: int,
        top: int,
        colour: Colour = BLACK,
        size: float = 0.5,
        weight: int = 1,
    ) -> Box:
        """Letters about 15 pixels high at size 0.5; `top` is that of the capitals."""
        (width, height), drop = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size, weight)
        at = (left, top + height)
        cv2.putText(
            self.pixels, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, colour, weight, cv2.LINE_AA
        )
        box = Box(left - 1, top - 2, left + width + 1, top + height + drop)
        self.lines.append(TextLine(text, box, 0.99))
        return box

    def button(
        self,
        text: str,
        left: int,
        top: int,
        width: int = 90,
        fill: Colour = WHITE,
        edge: Colour | None = GREY,
    ) -> Box:
        box = self.box(left, top, left + width, top + 32, fill, edge)
        (wide, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.5, 1)
        ink = WHITE if sum(fill) < 420 else BLACK
        self.write(text, left + (width - wide) // 2, top + (32 - high) // 2, ink)
        return box

    def field(self, left: int, top: int, width: int = 260, text: str = "") -> Box:
        box = self.box(left, top, left + width, top + 32, WHITE, GREY)
        if text:
            self.write(text, left + 8, top + 10)
        return box

    def lay_out(self) -> Layout:
        return lay_out(self.lines, self.pixels, go_on)
