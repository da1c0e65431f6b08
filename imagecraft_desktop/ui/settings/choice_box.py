"""A list of choices whose words may be longer than there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QWidget

from imagecraft_desktop.values import Choice


class ChoiceBox(QComboBox):
    """What is chosen ends in dots when it is longer than the box, and the open list is wide enough for all.

    A screen reader gets the whole words in any case.
    """

    left = Signal()
    """The focus has gone elsewhere, and not to its own list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(20)
        self._rows = QStandardItemModel(self)
        self.setModel(self._rows)

    def fill(self, choices: Sequence[Choice]) -> None:
        """Offer these and no others."""
        self.clear()
        self._rows.invisibleRootItem().appendRows([_row(choice) for choice in choices])

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, field.width()
        )

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def showPopup(self) -> None:
        view = self.view()
        bar = view.verticalScrollBar().sizeHint().width()
        widest = view.sizeHintForColumn(0) + bar + 2 * view.frameWidth()
        view.setMinimumWidth(min(widest, self.screen().availableSize().width()))
        super().showPopup()


def _row(choice: Choice) -> QStandardItem:
    """Whole before it is offered: a reader is told of each change of the chosen one."""
    row = QStandardItem(choice.label)
    row.setData(choice.value, Qt.ItemDataRole.UserRole)
    row.setData(choice.why_not, Qt.ItemDataRole.ToolTipRole)
    row.setData(choice.why_not, Qt.ItemDataRole.AccessibleDescriptionRole)
    return row
