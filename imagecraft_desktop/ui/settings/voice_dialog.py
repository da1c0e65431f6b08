"""The dialog that makes a voice: a recording or a file, the words in it, the consent.

While the microphone records nothing changes that a screen reader would read aloud: its voice would be in the
recording. So the bar of the level is only drawn then, and the button keeps its name.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QGridLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.entry import Entry
from imagecraft_desktop.ui.labels import labelled, plain
from imagecraft_desktop.ui.screen import resize_to_scrolled, scrolling
from imagecraft_desktop.ui.scrolled import Scrolled
from imagecraft_desktop.ui.settings.buttons import describe, make_button
from imagecraft_desktop.ui.settings.mnemonics import Mnemonics
from imagecraft_desktop.values import VoiceWish

_WIDTH = 620
_QUIETEST, _TOO_QUIET, _TOO_LOUD = -60.0, -30.0, -1.0
_LONGEST_S = 600.0
_PERCENT = 100
_TEXT_HEIGHT = 90


class LevelMeter(QProgressBar):
    """How loud it is. What is drawn follows every sound; its value, at whose steps some screen readers beep,
    changes only when it is told."""

    def __init__(self) -> None:
        super().__init__()
        self._level = _QUIETEST
        self.setRange(0, _PERCENT)
        self.setValue(0)
        self.setTextVisible(False)
        self.setAccessibleName(say(strings.VOICE_DIALOG_LEVEL))

    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().height())

    def show_level(self, decibels: float, *, is_told: bool = False) -> None:
        """Draw a level, in decibels below full loudness.

        Args:
            is_told: Screen readers may know it, too.
        """
        self._level = max(decibels, _QUIETEST)
        if is_told:
            self.setValue(round(_PERCENT * self._share))
        self.update()

    @property
    def _share(self) -> float:
        return 1 - self._level / _QUIETEST

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().text().color())
        painter.drawRect(0, 0, self.width() - 1, self.height() - 1)
        is_good = _TOO_QUIET <= self._level < _TOO_LOUD
        colour = self.palette().highlight().color() if is_good else QColor("#c04000")
        painter.fillRect(2, 2, round((self.width() - 4) * self._share), self.height() - 4, colour)


class VoiceDialog(QDialog):
    """Gathers what a voice is made from."""

    record_pressed = Signal()
    """Record from now on, or end the recording."""
    check_pressed = Signal()
    """Tell by tones how loud it is, or end that with a verdict."""
    loudness_wanted = Signal()
    """Say how loud it is."""
    file_chosen = Signal(str)
    recognise_wanted = Signal(object)
    """A `VoiceWish`, as in the next two."""
    preview_wanted = Signal(object)
    make_wanted = Signal(object)

    def __init__(self, can_recognise: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(say(strings.VOICE_DIALOG_TITLE))
        self._audio: Path | None = None
        self._keys = Mnemonics()
        self._name = Entry()
        self._source = QLabel(say(strings.VOICE_DIALOG_NO_SOUND))
        self._source.setWordWrap(True)
        self.meter = LevelMeter()
        self._words = QPlainTextEdit()
        self._words.setTabChangesFocus(True)
        self._words.setFixedHeight(_TEXT_HEIGHT)
        self._cut = QDoubleSpinBox()
        self._cut.setRange(0.0, _LONGEST_S)
        self._cut.setDecimals(1)
        self._cut.setSingleStep(0.1)
        self._agreed = QCheckBox(self._keys.mark(say(strings.VOICE_CONSENT)))
        self._state = QLabel()
        self._state.setWordWrap(True)
        whole = QVBoxLayout(self)
        parts = self._make_parts(can_recognise)
        area = scrolling(parts)
        whole.addWidget(Scrolled(area), 1)
        whole.addWidget(self._state)
        last = QGridLayout()
        last.addWidget(self._make_button(strings.VOICE_DIALOG_MAKE, self._make), 0, 0)
        last.addWidget(self._make_button(strings.SETTINGS_CANCEL, self.reject), 0, 1)
        whole.addLayout(last)
        resize_to_scrolled(self, parts, area, _WIDTH)
        self._name.setFocus()

    def _make_parts(self, can_recognise: bool) -> QWidget:
        """All but the sentence and the buttons at the end."""
        inner = QWidget()
        column = QVBoxLayout(inner)
        hint = QLabel(say(strings.VOICE_DIALOG_HINT))
        hint.setWordWrap(True)
        column.addWidget(hint)
        self._add_named(column, strings.VOICE_DIALOG_NAME, self._name)
        grid = QGridLayout()
        for place, (text, help, act) in enumerate(
            (
                (
                    strings.VOICE_DIALOG_RECORD,
                    strings.VOICE_DIALOG_RECORD_HELP,
                    self.record_pressed.emit,
                ),
                (
                    strings.VOICE_DIALOG_LOUD,
                    strings.VOICE_DIALOG_LOUD_HELP,
                    self.loudness_wanted.emit,
                ),
                (
                    strings.VOICE_DIALOG_CHECK,
                    strings.VOICE_DIALOG_CHECK_HELP,
                    self.check_pressed.emit,
                ),
                (strings.VOICE_DIALOG_FILE, "", self._choose_file),
            )
        ):
            button = self._make_button(text, act)
            if help:
                describe(button, say(help))
            grid.addWidget(button, *divmod(place, 2))
        column.addLayout(grid)
        column.addWidget(self.meter)
        column.addWidget(self._source)
        self._add_named(column, strings.VOICE_DIALOG_WORDS, self._words)
        if can_recognise:
            column.addWidget(self._make_button(strings.VOICE_DIALOG_RECOGNISE, self._recognise))
        self._add_named(column, strings.VOICE_DIALOG_CUT, self._cut)
        self._cut.setAccessibleDescription(say(strings.VOICE_DIALOG_CUT_HELP))
        column.addWidget(self._make_button(strings.VOICE_DIALOG_PREVIEW, self._preview))
        column.addWidget(self._agreed)
        return inner

    def _add_named(self, column: QVBoxLayout, text: str, part: QWidget) -> None:
        column.addWidget(labelled(self._keys.mark(say(text)), part))
        column.addWidget(part)

    def _make_button(self, text: str, act: object) -> QPushButton:
        button = make_button(self._keys.mark(say(text)))
        button.clicked.connect(act)
        return button

    # --- what is shown ---

    def take_sound(self, file: Path, about: str) -> None:
        """This is the recording now; a sentence about it."""
        self._audio = file
        self._source.setText(about)

    def show_words(self, words: str, cut_s: float | None) -> None:
        """Fill in what was recognised, and where it was cut."""
        self._words.setPlainText(words)
        if cut_s is not None:
            self._cut.setValue(cut_s)

    def tell(self, text: str) -> None:
        """Show a sentence."""
        self._state.setText(text)

    # --- what is wanted ---

    def _wish(self) -> VoiceWish:
        return VoiceWish(
            self._name.text().strip(),
            self._audio,
            self._words.toPlainText().strip(),
            self._cut.value() or None,
            self._agreed.isChecked(),
        )

    @Slot()
    def _choose_file(self) -> None:
        chooser = QFileDialog(self, plain(say(strings.VOICE_DIALOG_FILE)))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilter(
            f"{say(strings.VOICE_DIALOG_FILES)} (*.wav *.flac *.mp3 *.ogg *.aiff *.aif *.opus)"
        )
        chooser.fileSelected.connect(self.file_chosen)
        chooser.open()

    @Slot()
    def _recognise(self) -> None:
        self.recognise_wanted.emit(self._wish())

    @Slot()
    def _preview(self) -> None:
        self.preview_wanted.emit(self._wish())

    @Slot()
    def _make(self) -> None:
        self.make_wanted.emit(self._wish())
