"""The dialog that makes a voice: what a screen reader may hear of the level, and when; keys that do not clash."""

from __future__ import annotations

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from imagecraft_desktop.ui.settings.voice_dialog import LevelMeter, VoiceDialog


def test_the_value_of_the_level_follows_only_when_it_is_told(qtbot: QtBot) -> None:
    meter = LevelMeter()
    qtbot.addWidget(meter)
    told = QAccessible.queryAccessibleInterface(meter)
    assert told.role() == QAccessible.Role.ProgressBar
    assert told.text(QAccessible.Text.Name) == "Level of the microphone"
    meter.show_level(-6.0)
    assert told.valueInterface().currentValue() == 0
    meter.show_level(-30.0, is_told=True)
    assert told.valueInterface().currentValue() == 50
    meter.show_level(-90.0, is_told=True)
    assert told.valueInterface().currentValue() == 0


def test_every_control_has_a_key_of_its_own(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = VoiceDialog(True, parent)
    marked = [
        part.text()
        for kind in (QLabel, QPushButton, QCheckBox)
        for part in dialog.findChildren(kind)
        if "&" in part.text()
    ]
    letters = [text[text.index("&") + 1].casefold() for text in marked]
    assert len(letters) == len(set(letters)) == 12


def test_what_can_be_heard_says_how_it_works(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    helps = {
        button.accessibleName(): button.accessibleDescription()
        for button in VoiceDialog(False, parent).findChildren(QPushButton)
    }
    assert "the higher, the louder" in helps["Check the microphone"]
    assert "nothing is recorded" in helps["Record or stop"]
    assert helps["How loud am I"].startswith("Says whether you are too quiet")
