"""Places that scroll, and a screen reader can walk while they do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QGridLayout, QScrollBar, QWidget


class Scrolled(QWidget):
    """A scroll area and, beside it, bars that are seen where there is more than has room.

    Not the area's own bars. Those are among its children for a reader only while they are seen, and when it asks for
    one that has just gone, Qt (6.11) reads past the end of its list and the whole program ends.
    """

    def __init__(self, area: QAbstractScrollArea) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(area, 0, 0)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        grid.addWidget(_like(area.verticalScrollBar(), self), 0, 1)
        grid.addWidget(_like(area.horizontalScrollBar(), self), 1, 0)


def _like(own: QScrollBar, parent: QWidget) -> QScrollBar:
    """A bar that moves with another, and moves it."""
    bar = QScrollBar(own.orientation(), parent)
    bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def follow() -> None:
        bar.setPageStep(own.pageStep())
        bar.setSingleStep(own.singleStep())
        bar.setRange(own.minimum(), own.maximum())
        bar.setValue(own.value())
        bar.setVisible(own.maximum() > own.minimum())

    # its page is set after its range
    own.rangeChanged.connect(follow, Qt.ConnectionType.QueuedConnection)
    own.valueChanged.connect(bar.setValue)
    bar.valueChanged.connect(own.setValue)
    follow()
    return bar
