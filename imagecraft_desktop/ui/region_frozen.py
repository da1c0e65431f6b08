"""Chooses a region on a picture of the desktop that was taken before, where no hollow window can lie over
the real one: on Wayland. The picture fills every screen; what is chosen is cut out of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QGuiApplication,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QScreen,
)
from PySide6.QtWidgets import QMainWindow, QWidget

from imagecraft_desktop.ui.region import LINE, Places, RegionWindow, draw_frame, ring
from imagecraft_desktop.values import Box, Frame

_FOCUS_MS = 3000
"""A window that has no focus by then gets none: the picture must not lie over the screen for ever."""


class FrozenRegionWindow(RegionWindow):
    """The frame on the picture; this window is on the first screen, and has one beside it on each other.

    Args:
        places: In pixels of the picture. One screen alone is the whole picture, wherever that is shown.
        picture: Of the whole desktop.
    """

    unfocused = Signal()
    """Closed, because the desktop gave it no focus."""

    def __init__(self, places: Places, picture: Frame) -> None:
        super().__init__(places)
        self._data = picture.data  # of the image, which does not keep it
        form = QImage.Format.Format_RGB32
        row = 4 * picture.width
        self._image = QImage(self._data, picture.width, picture.height, row, form)
        shown = QGuiApplication.screens()[: len(places.screens)]
        self._areas = [_rectangle(box) for box in places.screens]
        self._panes = [_Pane(self, number) for number in range(1, len(shown))]
        self._shown: Sequence[QScreen] = shown
        self._waiting = QTimer(self, singleShot=True, interval=_FOCUS_MS)
        self._waiting.timeout.connect(self._give_up)

    def paintEvent(self, event: QPaintEvent) -> None:
        self.paint(self, 0)

    def paint(self, pane: QWidget, number: int) -> None:
        """Draw the part of a screen, and of the frame what is on it."""
        painter = QPainter(pane)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = self._areas[number]
        painter.drawImage(QRectF(pane.rect()), self._image, QRectF(area))
        if area.intersects(_rectangle(self._frame.box)):
            outer = self._on(pane, area)
            painter.setClipRegion(ring(outer))
            draw_frame(painter, outer)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if self.isActiveWindow():
            self._waiting.stop()

    def follow_focus(self) -> None:
        """A window beside this one has won or lost the focus."""
        self._was_active = True
        self._waiting.stop()
        QTimer.singleShot(0, self._leave)

    # --- how ---

    def _show(self) -> None:
        places = zip([*self._panes, self], [*self._shown[1:], self._shown[0]], strict=True)
        for pane, screen in places:
            pane.setScreen(screen)
            pane.setGeometry(screen.geometry())
            pane.showFullScreen()  # this one last, so that it gets the focus
        self._waiting.start()

    def _draw(self) -> None:
        for pane in (self, *self._panes):
            pane.update()

    def _on(self, pane: QWidget, area: QRect) -> QRect:
        """The frame in a window's own coordinates, around what is chosen where there is room."""
        across, down = pane.width() / area.width(), pane.height() / area.height()
        box = self._frame.box
        left, top = (box.left - area.x()) * across, (box.top - area.y()) * down
        size = round(box.width * across), round(box.height * down)
        around = QRect(round(left), round(top), *size).adjusted(-LINE, -LINE, LINE, LINE)
        return around.intersected(pane.rect())

    @Slot()
    def _leave(self) -> None:
        if not any(one.isActiveWindow() for one in (self, *self._panes)):
            super()._leave()

    @Slot()
    def _give_up(self) -> None:
        self._close_panes()
        self._is_ended = True
        self._opening.stop()
        self.hide()
        self.deleteLater()
        self.unfocused.emit()

    def _end(self, box: Box | None, was_left: bool = False) -> None:
        self._waiting.stop()
        self._close_panes()
        super()._end(box, was_left)

    def _close_panes(self) -> None:
        for pane in self._panes:
            pane.hide()
            pane.deleteLater()
        self._panes = []


class _Pane(QMainWindow):
    """The picture of another screen; its keys are the frame's."""

    def __init__(self, owner: FrozenRegionWindow, number: int) -> None:
        super().__init__(None, owner.windowFlags())
        self.setWindowTitle(owner.windowTitle())
        self.setAccessibleName(owner.accessibleName())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._owner, self._number = owner, number

    def paintEvent(self, event: QPaintEvent) -> None:
        self._owner.paint(self, self._number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._owner.keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange:
            self._owner.follow_focus()
        super().changeEvent(event)


def _rectangle(box: Box) -> QRect:
    return QRect(box.left, box.top, box.width, box.height)
