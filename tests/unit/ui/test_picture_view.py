"""The picture itself: what is seen of it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from imagecraft_desktop.ui.contrast import use_contrast
from imagecraft_desktop.ui.picture_view import PictureView
from imagecraft_desktop.values import Origin, Picture

# of the offscreen platform alone
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.mark.parametrize("contrast", [False, True])
def test_the_picture_is_seen(qtbot: QtBot, contrast: bool) -> None:
    window, view = QWidget(), PictureView()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(view)
    window.resize(200, 200)
    use_contrast(window, contrast)
    red = np.zeros((90, 90, 3), np.uint8)
    red[..., 0] = 255
    view.show_picture(Picture(red, Origin.FILE, "red.png"), "red.png")
    window.show()
    qtbot.waitExposed(window)
    middle = view.viewport().grab().toImage().pixelColor(view.viewport().rect().center())
    assert middle.name() == "#ff0000"
