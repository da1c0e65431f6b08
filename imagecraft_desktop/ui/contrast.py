"""High contrast for our own windows: white on black, yellow where the keyboard is."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

_SHEET = """
QWidget { background-color: #000000; color: #ffffff;
    selection-background-color: #ffff00; selection-color: #000000;
    alternate-background-color: #000000; }
QWidget:disabled { color: #b0b0b0; }
QListWidget, QLineEdit, QPushButton, QGraphicsView { border: 2px solid #ffffff; padding: 3px; }
QPushButton { padding: 5px 14px; }
QListWidget:focus, QLineEdit:focus, QPushButton:focus { border: 3px solid #ffff00; }
QPushButton:disabled, QLineEdit:disabled { border: 2px solid #808080; }
QListWidget::item:selected, QMenu::item:selected, QMenuBar::item:selected {
    background-color: #ffff00; color: #000000; }
QMenu { border: 2px solid #ffffff; }
QMenu::separator { height: 2px; background-color: #808080; }
QComboBox, QAbstractSpinBox, QPlainTextEdit, QGroupBox, QProgressBar { border: 2px solid #ffffff; padding: 3px; }
QComboBox:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus { border: 3px solid #ffff00; }
QGroupBox { margin-top: 14px; padding-top: 10px; }
QGroupBox::title { subcontrol-origin: margin; left: 8px; }
QAbstractSpinBox QLineEdit { border: none; padding: 0 2px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border; width: 22px;
    border: 2px solid #ffffff; background-color: #000000; }
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; border-top: none; }
QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow, QComboBox::down-arrow { width: 0; height: 0;
    border-left: 5px solid #000000; border-right: 5px solid #000000; }
QAbstractSpinBox::up-arrow { border-bottom: 5px solid #ffffff; }
QAbstractSpinBox::down-arrow, QComboBox::down-arrow { border-top: 5px solid #ffffff; }
QComboBox::drop-down { width: 22px; border: none; }
QProgressBar { text-align: center; }
QProgressBar::chunk { background-color: #3355ff; }
QCheckBox::indicator { width: 14px; height: 14px; border: 2px solid #ffffff; }
QCheckBox::indicator:checked { background-color: #ffff00; }
QCheckBox:focus { border: 2px solid #ffff00; }
QSplitter::handle { background-color: #808080; }
"""


def use_contrast(window: QWidget, is_on: bool) -> None:
    """Give a window high contrast, or the desktop's own colours."""
    sheet = _SHEET if is_on else ""
    if window.styleSheet() != sheet:  # else all that is in it would be drawn anew
        window.setStyleSheet(sheet)
