"""The picture itself: what is seen of it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from imagecraft_desktop.ui.contrast import use_contrast
from imagecraft_desktop.ui.picture_view import PictureView
from imagecraft_desktop.values import Box, Origin, Picture

# of the offscreen platform alone
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def shown(qtbot: QtBot, contrast: bool) -> tuple[QWidget, PictureView]:
    """A window, and the view of nothing in it."""
    window, view = QWidget(), PictureView()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(view)
    window.resize(200, 200)
    use_contrast(window, contrast)
    window.show()
    qtbot.waitExposed(window)
    return window, view


def show_red(view: PictureView) -> None:
    red = np.zeros((90, 90, 3), np.uint8)
    red[..., 0] = 255
    view.show_picture(Picture(red, Origin.FILE, "red.png"), "red.png")


def middle(view: PictureView) -> str:
    """The colour in the middle, as #rrggbb."""
    return view.viewport().grab().toImage().pixelColor(view.viewport().rect().center()).name()


@pytest.mark.parametrize("contrast", [False, True])
def test_the_picture_is_seen(qtbot: QtBot, contrast: bool) -> None:
    _window, view = shown(qtbot, contrast)
    show_red(view)
    assert middle(view) == "#ff0000"


def test_its_colours_can_be_inverted_and_so_are_those_of_the_next(qtbot: QtBot) -> None:
    _window, view = shown(qtbot, contrast=False)
    view.invert(True)  # of nothing yet
    show_red(view)
    assert middle(view) == "#00ffff"
    view.invert(True)
    assert middle(view) == "#00ffff"
    view.invert(False)
    assert middle(view) == "#ff0000"
    view.show_found([Box(0, 0, 90, 90)])
    view.invert(True)
    assert view.marked["found"] == 1
