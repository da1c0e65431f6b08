"""Shows a picture with boxes around what was found, for those who see a little."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QGraphicsPixmapItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsView,
    QLabel,
    QWidget,
)

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Box, Picture

_STEP = 1.25
_LEAST, _MOST = 0.02, 32.0
_PAN = 60
_THIN, _THICK = 2, 5
_FOUND, _CHOSEN, _SPOKEN = QColor("#00b7ff"), QColor("#ffd500"), QColor("#ff6a00")
_EDGE = QColor("#000000")


def _make_face(viewport: QWidget) -> QLabel:
    """A label over a viewport: of a view itself, a screen reader gets no other children. One with a picture, be it empty, is an image to Qt."""
    face = QLabel(viewport)
    nothing = QPixmap(1, 1)
    nothing.fill(Qt.GlobalColor.transparent)
    face.setPixmap(nothing)
    face.setStyleSheet("background: transparent")  # high contrast paints every other ground
    face.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    face.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return face


class PictureView(QGraphicsView):
    """Plus and minus zoom, 0 fits the picture in, 1 shows its real size, arrow keys move it.

    To a screen reader an area that scrolls has no role. So what has the keyboard, the name and the role of an
    image is a label that lies over it and shows nothing; keys go through it, the mouse too.
    """

    named = Signal(str)
    """What it is called now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        scene = QGraphicsScene(self)
        self.setScene(scene)
        self._scene = scene
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        # else a screen reader finds a second, nameless place for the keyboard
        self.viewport().setFocusProxy(None)  # type: ignore[arg-type]  # Qt's way to have none
        for part in (self.viewport(), self):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.face = _make_face(self.viewport())
        """What has the keyboard and is named."""
        self.setFocusProxy(self.face)
        self.setAcceptDrops(False)  # what is dropped here is for the window
        self.viewport().setAcceptDrops(False)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self._picture: QGraphicsPixmapItem | None = None
        self._found: list[QGraphicsRectItem] = []
        self._marks: dict[str, list[QGraphicsRectItem]] = {"chosen": [], "spoken": []}
        self._are_boxes_shown = True
        self._is_inverted = False
        self._is_fitted = True
        self.size_px: tuple[int, int] | None = None
        """Width and height of the picture shown, None of none."""
        self.clear()

    def clear(self) -> None:
        """Show no picture."""
        self._scene.clear()
        self._found, self._marks = [], {"chosen": [], "spoken": []}
        self._picture, self.size_px = None, None
        self._take_name(say(strings.IMAGES_NO_PICTURE))
        self.face.setAccessibleDescription("")
        self.viewport().update()

    def show_picture(self, picture: Picture, name: str) -> None:
        """Show a picture from its top, fitted in."""
        self.clear()
        height, width = picture.pixels.shape[:2]
        image = QImage(
            picture.pixels.tobytes(), width, height, width * 3, QImage.Format.Format_RGB888
        )
        self._picture = self._scene.addPixmap(QPixmap.fromImage(image))
        if self._is_inverted:
            self._invert()
        self._scene.setSceneRect(QRectF(0, 0, width, height))
        self.size_px = (width, height)
        self._take_name(say(strings.IMAGES_PICTURE_OF, name=name, width=width, height=height))
        self.face.setAccessibleDescription(say(strings.IMAGES_PICTURE_KEYS))
        self.fit()

    @Slot(bool)
    def invert(self, is_on: bool) -> None:
        """Show this picture and all after it in the opposite colours, or as they are."""
        if is_on != self._is_inverted:
            self._is_inverted = is_on
            self._invert()

    def _invert(self) -> None:
        if self._picture is not None:
            image = self._picture.pixmap().toImage()
            image.invertPixels()
            self._picture.setPixmap(QPixmap.fromImage(image))

    def _take_name(self, name: str) -> None:
        self.face.setAccessibleName(name)
        self.named.emit(name)

    # --- boxes ---

    def show_found(self, boxes: Sequence[Box]) -> None:
        """Draw a thin box around each of these."""
        for old in self._found:
            self._scene.removeItem(old)
        self._found = [one for box in boxes for one in self._draw(box, _FOUND, _THIN)]
        self.show_boxes(self._are_boxes_shown)

    def show_boxes(self, are_shown: bool) -> None:
        """Whether the thin boxes are drawn; that of the chosen line always is."""
        self._are_boxes_shown = are_shown
        for one in self._found:
            one.setVisible(are_shown)

    def mark_chosen(self, boxes: Sequence[Box]) -> None:
        """Draw a thick box around what the user is on, and bring it into sight."""
        self._mark("chosen", boxes, _CHOSEN)
        if boxes and not self._is_fitted:
            box = boxes[0]
            self.ensureVisible(QRectF(box.left, box.top, box.width, box.height))

    def mark_spoken(self, boxes: Sequence[Box]) -> None:
        """Draw a thick box around what is being spoken."""
        self._mark("spoken", boxes, _SPOKEN)

    @property
    def marked(self) -> dict[str, int]:
        """How many boxes there are of each sort."""
        edges = 2
        marks = {name: len(items) // edges for name, items in self._marks.items()}
        return {"found": len(self._found) // edges, **marks}

    def _mark(self, name: str, boxes: Sequence[Box], colour: QColor) -> None:
        for old in self._marks[name]:
            self._scene.removeItem(old)
        self._marks[name] = [one for box in boxes for one in self._draw(box, colour, _THICK)]

    def _draw(self, box: Box, colour: QColor, width: int) -> list[QGraphicsRectItem]:
        """A box in a colour with a dark edge, so that it is seen on any ground."""
        area, drawn = QRectF(box.left, box.top, box.width, box.height), []
        for tone, wide in ((_EDGE, width + 2), (colour, width)):
            pen = QPen(tone, wide)
            pen.setCosmetic(True)
            drawn.append(self._scene.addRect(area, pen))
        return drawn

    # --- zoom ---

    @Slot()
    def larger(self) -> None:
        self._zoom(_STEP)

    @Slot()
    def smaller(self) -> None:
        self._zoom(1 / _STEP)

    @Slot()
    def fit(self) -> None:
        """Show all of the picture, as large as the window lets it be."""
        self._is_fitted = True
        if self._picture is not None:
            self.fitInView(self._scene.sceneRect(), Qt.AspectRatioMode.KeepAspectRatio)

    @Slot()
    def real_size(self) -> None:
        """One pixel of the picture for each pixel of the window."""
        self._is_fitted = False
        self.resetTransform()

    @property
    def zoom(self) -> float:
        """1.0 is the picture's real size."""
        return float(self.transform().m11())

    def _zoom(self, factor: float) -> None:
        self._is_fitted = False
        if _LEAST < self.zoom * factor < _MOST:
            self.scale(factor, factor)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.face.setGeometry(self.viewport().rect())
        if self._is_fitted:
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        acts = {
            Qt.Key.Key_Plus: self.larger,
            Qt.Key.Key_Equal: self.larger,
            Qt.Key.Key_Minus: self.smaller,
            Qt.Key.Key_0: self.fit,
            Qt.Key.Key_1: self.real_size,
        }
        act = acts.get(Qt.Key(event.key()))
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def scrollContentsBy(self, across: int, down: int) -> None:
        super().scrollContentsBy(across, down)
        self.face.move(0, 0)  # it was moved along

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.face.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def drawForeground(self, painter: QPainter, _area: QRectF | QRect) -> None:
        """A frame when the keyboard is here, and a sentence when there is no picture."""
        painter.resetTransform()
        area = self.viewport().rect()
        if self._picture is None:
            painter.setPen(self.palette().text().color())
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area.adjusted(12, 12, -12, -12), flags, say(strings.IMAGES_NO_PICTURE))
        if self.face.hasFocus():
            painter.setPen(QPen(self.palette().highlight().color(), 4))
            painter.drawRect(area.adjusted(1, 1, -2, -2))
