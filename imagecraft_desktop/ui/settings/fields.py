"""One control for each setting, by its type: check box, list of choices, number, line, secret, key.

Each has its name, its key (Alt and a letter) and its help where a screen reader finds them. A combo box
does not take a name of its own: its label is its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import Field as Setting
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QVBoxLayout,
    QWidget,
)

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.entry import Entry
from imagecraft_desktop.ui.labels import labelled
from imagecraft_desktop.ui.settings.buttons import describe
from imagecraft_desktop.ui.settings.choice_box import ChoiceBox
from imagecraft_desktop.ui.settings.key_button import KeyButton
from imagecraft_desktop.ui.settings.mnemonics import Mnemonics
from imagecraft_desktop.values import Choice

_SMALL_RANGE = 10.0
_WIDEST_PX = 480
_CHOOSING_MS = 300
"""Less than Qt waits for the next letter of a choice."""


class Field(QWidget):
    """A setting with its label; below it there is room for parts that belong to it.

    Attributes:
        name: Of the setting.
        title: Its label without marks.
        help: Its sentence of help.
        part: The control that takes the focus.
    """

    changed = Signal(str, object)
    """The setting of this name is wanted to be this."""
    _is_wide = False

    def __init__(self, name: str, setting: Setting[Any], part: QWidget, keys: Mnemonics) -> None:
        super().__init__()
        self.name = name
        self.title = say(setting.metadata["label"])
        self._own_help = say(setting.metadata["help"])
        self._note = self._read_why_not = ""
        self.part = part
        self._last = part
        self.kept: object = setting.default
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 6)
        self._arrange(keys.mark(self.title))
        self.show_note("")
        part.setObjectName(name)

    def _arrange(self, marked: str) -> None:
        label = labelled(marked, self._named())
        if not self._is_wide:
            self.part.setMaximumWidth(_WIDEST_PX)
        self._column.addWidget(label)
        self._column.addWidget(self.part)

    def _named(self) -> QWidget:
        """What the label names and its key leads to."""
        return self.part

    def add(self, part: QWidget) -> None:
        """Put something below it that belongs to it."""
        self._column.addWidget(part)
        QWidget.setTabOrder(self._last, part)
        self._last = part

    def show_note(self, note: str) -> None:
        """Add a sentence to its help; "" for none."""
        self._note = note
        self._tell_help()

    @property
    def why_not(self) -> str:
        """Why what is chosen cannot be used now, and what to do; "" when it can."""
        return ""

    @Slot()
    def _tell_help(self) -> None:
        """Why not is told aloud when it is chosen. A reader says at once what is new at the place that has the
        focus, so it joins what that reads there only afterwards."""
        why_not = self.why_not
        if self.part.hasFocus() and why_not != self._read_why_not:
            why_not = ""
        self._read_why_not = why_not
        self.help = self._help_with(self.why_not)
        describe(self.part, self._help_with(why_not))
        self.part.setToolTip(self.help)

    def _help_with(self, why_not: str) -> str:
        return " ".join(filter(None, [why_not, self._own_help, self._note]))

    def show_value(self, value: object) -> None:
        """Show what the setting is now."""
        self.kept = value
        with QSignalBlocker(self.part):
            self._show(value)

    def commit(self) -> None:
        """Send what was typed and not yet sent."""

    def _show(self, value: object) -> None:
        raise NotImplementedError

    def _want(self, value: object) -> None:
        if value != self.kept:
            self.changed.emit(self.name, value)


class CheckField(Field):
    """On or off."""

    def __init__(self, name: str, setting: Setting[Any], keys: Mnemonics) -> None:
        self._box = QCheckBox()
        super().__init__(name, setting, self._box, keys)
        self._box.toggled.connect(self._want)

    def _arrange(self, marked: str) -> None:
        self._box.setText(marked)
        self._column.addWidget(self._box)

    def _show(self, value: object) -> None:
        self._box.setChecked(bool(value))


class ChoiceField(Field):
    """One of several. It is wanted when no other is chosen soon: the keyboard may be on its way to that, by arrows or
    letters, and to keep what is only passed takes time."""

    _is_wide = True  # what is chosen may be a sentence

    def __init__(self, name: str, setting: Setting[Any], keys: Mnemonics) -> None:
        self._list = ChoiceBox()
        self._why_not: dict[object, str] = {}
        self._offered: list[Choice] = []
        super().__init__(name, setting, self._list, keys)
        self._choosing = QTimer(self, singleShot=True, interval=_CHOOSING_MS)
        self._choosing.timeout.connect(self._send)
        self.offer(
            [
                Choice(
                    word,
                    say(strings.SETTING_WORDS[word]) if word in strings.SETTING_WORDS else word,
                )
                for word in setting.metadata["choices"]
            ]
        )
        self._list.currentIndexChanged.connect(self._choose)
        # a reader must know by then where the focus went
        self._list.left.connect(self._tell_help, Qt.ConnectionType.QueuedConnection)
        self._list.left.connect(self.commit)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Let these be chosen from."""
        if choices == self._offered:  # to fill it anew would keep a screen reader busy
            return
        self.commit()
        self._offered = list(choices)
        self._why_not = {choice.value: choice.why_not for choice in choices}
        with QSignalBlocker(self._list):
            self._list.fill(choices)
            self._show(self.kept)

    @property
    def why_not(self) -> str:
        return self._why_not.get(self._list.currentData(), "")

    def show_value(self, value: object) -> None:
        if self._choosing.isActive():
            self.kept = value
        else:
            super().show_value(value)

    @Slot()
    def commit(self) -> None:
        if self._choosing.isActive():
            self._choosing.stop()
            self._send()

    def _show(self, value: object) -> None:
        place = self._list.findData(value)
        if place < 0 and value is not None:
            self._list.addItem(str(value), value)
            place = self._list.count() - 1
        self._list.setCurrentIndex(place)
        self._tell_help()

    @Slot(int)
    def _choose(self, _place: int) -> None:
        self._tell_help()
        self._choosing.start()

    @Slot()
    def _send(self) -> None:
        self._want(self._list.currentData())


class NumberField(Field):
    """A number between two bounds."""

    def __init__(self, name: str, setting: Setting[Any], keys: Mnemonics) -> None:
        self._spin = QDoubleSpinBox()
        super().__init__(name, setting, self._spin, keys)
        low, high = float(setting.metadata["low"] or 0.0), float(setting.metadata["high"] or 1e9)
        is_fine = high - low <= _SMALL_RANGE
        self._spin.setDecimals(2 if is_fine else 1)
        self._spin.setSingleStep(0.1 if is_fine else 1.0)
        self._spin.setRange(low, high)
        self._is_whole = isinstance(setting.default, int)
        if self._is_whole:
            self._spin.setDecimals(0)
        # what is typed counts when it is whole, not at each digit
        self._spin.setKeyboardTracking(False)
        self._spin.valueChanged.connect(self._choose)

    def commit(self) -> None:
        self._spin.interpretText()

    def _show(self, value: object) -> None:
        self._spin.setValue(float(str(value)))

    @Slot(float)
    def _choose(self, value: float) -> None:
        self._want(int(value) if self._is_whole else round(value, 2))


class TextField(Field):
    """A line of text, taken when it is left or Enter pressed."""

    def __init__(self, name: str, setting: Setting[Any], keys: Mnemonics) -> None:
        self._line = Entry()
        super().__init__(name, setting, self._line, keys)
        if setting.metadata["is_secret"]:
            self._line.setEchoMode(Entry.EchoMode.Password)
        self._line.editingFinished.connect(self.commit)

    @Slot()
    def commit(self) -> None:
        if self._line.isModified():
            self._line.setModified(False)
            self._want(self._line.text())

    def _show(self, value: object) -> None:
        if self._line.text() != str(value):  # a reader is told of each text that is set
            self._line.setText(str(value))


class KeyField(Field):
    """A combination of keys, taken from the keyboard."""

    recording = Signal(bool)
    """A key is awaited, or no more."""
    stayed = Signal(str)
    """A key was awaited for the setting of this name, and it is the same as before."""

    def __init__(self, name: str, setting: Setting[Any], keys: Mnemonics) -> None:
        self._button = KeyButton(say(setting.metadata["label"]))
        super().__init__(name, setting, self._button, keys)
        self._button.recorded.connect(self._take)
        self._button.recording.connect(self.recording)

    def _named(self) -> QWidget:
        """Not the button: its name says the label's words and the key, and a reader would say the label as well."""
        way = QWidget(self)
        way.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        way.setFocusProxy(self._button)
        way.hide()
        return way

    def show_spoken(self, spoken: str) -> None:
        """Show the key by its name for the ear."""
        self._button.show_key(spoken)

    def _show(self, value: object) -> None:
        """`show_spoken` follows: a reader says each new name, and must not say this one."""

    @Slot(str)
    def _take(self, pressed: str) -> None:
        if pressed in ("", self.kept):
            self.stayed.emit(self.name)
        else:
            self._want(pressed)


class _NoWheel(QObject):
    """Keeps the mouse wheel, turned to move the page, from changing a setting on its way."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_asleep = isinstance(watched, QWidget) and not watched.hasFocus()
        if event.type() == QEvent.Type.Wheel and is_asleep:
            event.ignore()
            return True
        return False


def make_field(name: str, setting: Setting[Any], keys: Mnemonics, *, is_offered: bool) -> Field:
    """The control for a setting.

    Args:
        is_offered: What it may be will be told by `ChoiceField.offer`.
    """
    meta = setting.metadata
    kind: type[CheckField | ChoiceField | NumberField | TextField | KeyField] = TextField
    if isinstance(setting.default, bool):
        kind = CheckField
    elif meta["choices"] or is_offered:
        kind = ChoiceField
    elif isinstance(setting.default, int | float):
        kind = NumberField
    elif meta["is_key"]:
        kind = KeyField
    made = kind(name, setting, keys)
    made.part.installEventFilter(_NoWheel(made))
    return made
