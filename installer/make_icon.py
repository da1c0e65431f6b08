"""Draws the program's icon: `python installer/make_icon.py`. Needs Pillow.

An eye whose look goes out as sound: white on dark blue, seen well at 16 pixels and in high contrast.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

SIDE = 128
_FINE = 8
_BLUE = (16, 42, 92, 255)
_WHITE = (255, 255, 255, 255)


def draw() -> Image.Image:
    """The icon, SIDE by SIDE, with a transparent ground."""
    unit = SIDE * _FINE / 16
    picture = Image.new("RGBA", (SIDE * _FINE, SIDE * _FINE), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
        return (left * unit, top * unit, right * unit, bottom * unit)

    pen.rounded_rectangle(box(0, 0, 16, 16), radius=3 * unit, fill=_BLUE)
    pen.ellipse(box(1.5, 4, 9.5, 12), fill=_WHITE)
    pen.ellipse(box(4, 6.5, 7, 9.5), fill=_BLUE)
    for reach in (3, 6):
        ring = box(
            5.5 - 4 - reach / 1.2, 8 - 4 - reach / 1.2, 5.5 + 4 + reach / 1.2, 8 + 4 + reach / 1.2
        )
        pen.arc(ring, -38, 38, fill=_WHITE, width=round(1.2 * unit))
    return picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    target = Path(__file__).resolve().parent.parent / "resources" / "icons" / "imagecraft.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    draw().save(target, optimize=True)
