"""Draws the tray's icons, one for each state: `python installer/make_icon.py`.

The tray gets bitmaps, because reading SVG would cost the idle program 2 MB. The icon of the idle program
comes from the drawing of the desktop entry, the others from the drawings beside them.
"""

from __future__ import annotations

import os
from pathlib import Path

SIDE = 128
_RESOURCES = Path(__file__).resolve().parent.parent / "resources"
_ICONS = _RESOURCES / "icons"
DRAWINGS = {
    "imagecraft": _RESOURCES / "desktop" / "imagecraft-desktop.svg",
    **{drawing.stem: drawing for drawing in sorted(_ICONS.glob("*.svg"))},
}
"""What each picture is drawn from, by its name."""


def draw(drawing: Path, picture: Path) -> None:
    """Write a picture, SIDE by SIDE pixels on a transparent ground. Needs a QGuiApplication."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(drawing)).render(painter)
    painter.end()
    if not image.save(str(picture)):
        raise SystemExit(f"{picture} could not be written")


def main(folder: Path = _ICONS) -> None:
    """Write all pictures."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    for name, drawing in DRAWINGS.items():
        draw(drawing, folder / f"{name}.png")
    application.quit()


if __name__ == "__main__":
    main()
