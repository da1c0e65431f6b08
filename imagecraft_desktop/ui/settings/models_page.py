"""The page of models: what there is, install with consent, progress, cancel, check, remove."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.labels import labelled
from imagecraft_desktop.ui.settings.buttons import (
    chosen,
    describe,
    fill,
    make_button,
    make_rows,
)
from imagecraft_desktop.ui.settings.mnemonics import Mnemonics
from imagecraft_desktop.values import Choice

_TERMS_SIZE = (560, 420)
_THOUSAND = 1000


class ModelsPage(QWidget):
    """Lists models in a line each."""

    install_wanted = Signal(str)
    remove_wanted = Signal(str)
    check_wanted = Signal(str)
    measure_wanted = Signal(str)
    cancel_wanted = Signal()

    def __init__(self, keys: Mnemonics) -> None:
        super().__init__()
        self._rows = make_rows()
        self._is_told = QCheckBox(keys.mark(say(strings.MODELS_TELL)))
        describe(self._is_told, say(strings.MODELS_TELL_HELP))
        self._progress = QProgressBar()
        self._progress.setRange(0, _THOUSAND)
        self._progress.setAccessibleName(say(strings.MODELS_PROGRESS))
        self._progress.hide()
        column = QVBoxLayout(self)
        column.addWidget(labelled(keys.mark(say(strings.MODELS_LIST)), self._rows))
        for part in (self._rows, self._is_told, self._progress):
            column.addWidget(part)
        column.addLayout(self._make_buttons(keys))
        self.show_work(False)

    def _make_buttons(self, keys: Mnemonics) -> QGridLayout:
        grid = QGridLayout()
        self._for_one: list[QPushButton] = []
        for place, (text, signal) in enumerate(
            (
                (strings.MODELS_INSTALL, self.install_wanted),
                (strings.MODELS_CHECK, self.check_wanted),
                (strings.MODELS_MEASURE, self.measure_wanted),
                (strings.MODELS_REMOVE, self.remove_wanted),
            )
        ):
            button = make_button(keys.mark(say(text)))
            button.clicked.connect(lambda _=False, signal=signal: signal.emit(chosen(self._rows)))
            grid.addWidget(button, *divmod(place, 2))
            if text is strings.MODELS_MEASURE:
                describe(button, say(strings.MODELS_MEASURE_HELP))
            self._for_one.append(button)
        self._cancel = make_button(keys.mark(say(strings.MODELS_CANCEL)))
        self._cancel.clicked.connect(self.cancel_wanted)
        grid.addWidget(self._cancel, *divmod(len(self._for_one), 2))
        return grid

    @property
    def is_told(self) -> bool:
        """Whether each tenth of a download and each step of a measurement is to be heard."""
        return self._is_told.isChecked()

    def show_models(self, models: Sequence[Choice]) -> None:
        """List these; the value is the name of a model."""
        fill(self._rows, models)

    def show_work(self, is_working: bool) -> None:
        """Something is being done with a model, or no more."""
        focused = self.window().focusWidget()  # also while the window is not the active one
        if is_working:
            self._cancel.setEnabled(True)
            if focused in self._for_one:  # the button that began it cannot hold the focus
                self._cancel.setFocus()
        elif focused is self._cancel:
            self._rows.setFocus()
        self._cancel.setEnabled(is_working)
        for button in self._for_one:
            button.setEnabled(not is_working)
        self._progress.setVisible(is_working)
        self._progress.setValue(0)

    @Slot(int, int)
    def show_progress(self, done: int, total: int) -> None:
        """So much of all is done."""
        self._progress.setValue(_THOUSAND * done // max(total, 1))


class TermsDialog(QDialog):
    """Shows the terms of a model; accepted only with the box checked."""

    def __init__(self, terms: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(say(strings.MODELS_TERMS_TITLE))
        self.resize(*_TERMS_SIZE)
        keys = Mnemonics()
        text = QPlainTextEdit(terms)
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        self._agreed = QCheckBox(keys.mark(say(strings.MODELS_AGREE)))
        buttons = QDialogButtonBox()
        self._go = buttons.addButton(
            keys.mark(say(strings.MODELS_DOWNLOAD)), QDialogButtonBox.ButtonRole.AcceptRole
        )
        no = buttons.addButton(
            keys.mark(say(strings.SETTINGS_CANCEL)), QDialogButtonBox.ButtonRole.RejectRole
        )
        self._go.setEnabled(False)
        self._agreed.toggled.connect(self._go.setEnabled)
        column = QVBoxLayout(self)
        column.addWidget(labelled(keys.mark(say(strings.MODELS_TERMS_TITLE)), text))
        for part in (text, self._agreed, buttons):
            column.addWidget(part)
        no.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
