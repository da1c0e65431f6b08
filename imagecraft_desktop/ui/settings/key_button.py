"""A button that takes the next combination of keys."""

from __future__ import annotations

import sys

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPushButton, QStyleOptionButton

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say

_MODIFIERS = (
    (Qt.KeyboardModifier.ControlModifier, "ctrl"),
    (Qt.KeyboardModifier.AltModifier, "alt"),
    (Qt.KeyboardModifier.ShiftModifier, "shift"),
    (Qt.KeyboardModifier.MetaModifier, "super"),
)
_HELD = {
    *(Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr),
    *(Qt.Key.Key_Super_L, Qt.Key.Key_Super_R, Qt.Key.Key_NumLock, Qt.Key.Key_unknown),
}
_NAMED = {
    Qt.Key.Key_Space: "space",
    Qt.Key.Key_Escape: "escape",
    Qt.Key.Key_Tab: "tab",
    Qt.Key.Key_Backtab: "tab",
    Qt.Key.Key_Return: "return",
    Qt.Key.Key_Enter: "return",
    Qt.Key.Key_Backspace: "backspace",
    Qt.Key.Key_Delete: "delete",
    Qt.Key.Key_Home: "home",
    Qt.Key.Key_End: "end",
    Qt.Key.Key_PageUp: "pageup",
    Qt.Key.Key_PageDown: "pagedown",
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Pause: "pause",
    Qt.Key.Key_ScrollLock: "scrolllock",
    Qt.Key.Key_Print: "print",
    Qt.Key.Key_Menu: "menu",
    Qt.Key.Key_Insert: "insert",
    Qt.Key.Key_CapsLock: "capslock",
}


def combination_of(event: QKeyEvent) -> str:
    """What was pressed, as the settings write it; "" for a key that is only held."""
    try:
        key = Qt.Key(event.key())
    except ValueError:  # a sign that Qt has no name for
        key = Qt.Key.Key_unknown
    if key in _HELD:
        return ""
    name = _NAMED.get(key)
    if name is None and Qt.Key.Key_F1 <= key <= Qt.Key.Key_F24:
        name = f"f{key - Qt.Key.Key_F1 + 1}"
    if name is None:  # a letter, a digit, or a sign, which will be refused
        name = chr(key).lower() if key <= sys.maxunicode else "?"
    held = [word for modifier, word in _MODIFIERS if event.modifiers() & modifier]
    return "+".join([*held, name])


class KeyButton(QPushButton):
    """Shows a combination. Pressed, it waits for another one; Escape alone leaves the old one.

    While it waits it shows so, but keeps its name and text: a reader would say the change beside what is told.
    """

    recorded = Signal(str)
    """A combination was pressed, as the settings write it; "" for Escape."""
    recording = Signal(bool)
    """It waits for keys, or no more."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._is_waiting = False
        self.setAutoDefault(False)
        self.setAccessibleName(title)
        self.clicked.connect(self._begin)

    def show_key(self, spoken: str) -> None:
        """Show this combination, by its name for the ear."""
        text = spoken or say(strings.SETTINGS_NO_KEY)
        name = say(strings.SETTINGS_NAMED, name=self._title, value=text)
        if self.accessibleName() != name:
            self.setAccessibleName(name)
        self.setText(text)  # last: Qt tells the name with it, and a reader knows that by then

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        super().initStyleOption(option)
        if self._is_waiting:
            option.text = say(strings.SETTINGS_PRESS_KEY)

    @Slot()
    def _begin(self) -> None:
        self._is_waiting = True
        self.update()
        self.recording.emit(True)

    def _end(self) -> None:
        if self._is_waiting:
            self._is_waiting = False
            self.update()
            self.recording.emit(False)

    def event(self, event: QEvent) -> bool:
        """Keys that a window uses itself, such as Tab and Alt with a letter, come here as well."""
        kind = event.type()
        if self._is_waiting and isinstance(event, QKeyEvent):
            if kind == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if kind == QEvent.Type.KeyPress:
                self._take(event)
                return True
            if kind == QEvent.Type.KeyRelease:
                return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Another window is used: the key stays as it was."""
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._end()
        super().focusOutEvent(event)

    def _take(self, event: QKeyEvent) -> None:
        pressed = combination_of(event)
        if not pressed or event.isAutoRepeat():
            return
        self._end()
        self.recorded.emit("" if pressed == "escape" else pressed)
