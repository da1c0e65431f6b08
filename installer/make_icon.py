"""Draws the tray's icon from the drawing of the desktop entry: `python installer/make_icon.py`.

The tray gets a bitmap, because reading SVG would cost the idle program 2 MB.
"""

from __future__ import annotations

import os
from pathlib import Path

SIDE = 128
_RESOURCES = Path(__file__).resolve().parent.parent / "resources"
_DRAWING = _RESOURCES / "desktop" / "imagecraft-desktop.svg"
_PICTURE = _RESOURCES / "icons" / "imagecraft.png"


def main() -> None:
    """Write the picture, SIDE by SIDE pixels on a transparent ground."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication([])
    picture = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(str(_DRAWING)).render(painter)
    painter.end()
    _PICTURE.parent.mkdir(parents=True, exist_ok=True)
    if not picture.save(str(_PICTURE)):
        raise SystemExit(f"{_PICTURE} could not be written")
    application.quit()


if __name__ == "__main__":
    main()
