"""The page of models: what there is, install with consent, progress, pause, cancel, check, remove."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
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
    show_wanted = Signal(str)
    import_wanted = Signal(str)
    remove_wanted = Signal(str)
    check_wanted = Signal(str)
    measure_wanted = Signal(str)
    cancel_wanted = Signal()
    login_wanted = Signal()
    logout_wanted = Signal()
    pause_wanted = Signal(bool)
    """The download is to wait, or to go on."""

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
        self._is_paused = False
        for text, help, signal in (
            (strings.MODELS_INSTALL, "", self.install_wanted),
            (strings.MODELS_IMPORT, strings.MODELS_IMPORT_HELP, self.import_wanted),
            (strings.MODELS_SHOW, strings.MODELS_SHOW_HELP, self.show_wanted),
            (strings.MODELS_MEASURE, strings.MODELS_MEASURE_HELP, self.measure_wanted),
            (strings.MODELS_CHECK, "", self.check_wanted),
            (strings.MODELS_REMOVE, "", self.remove_wanted),
        ):
            button = make_button(keys.mark(say(text)))
            button.clicked.connect(lambda _=False, signal=signal: signal.emit(chosen(self._rows)))
            grid.addWidget(button, *divmod(grid.count(), 2))
            if help:
                describe(button, say(help))
            if text is not strings.MODELS_SHOW:  # which needs nothing that a work changes
                self._for_one.append(button)
        self._pause_texts = [
            keys.mark(say(text)) for text in (strings.MODELS_PAUSE, strings.MODELS_RESUME)
        ]
        self._pause = make_button(self._pause_texts[0])
        self._pause.clicked.connect(lambda: self.pause_wanted.emit(not self._is_paused))
        self._cancel = make_button(keys.mark(say(strings.MODELS_CANCEL)))
        self._cancel.clicked.connect(self.cancel_wanted)
        for button in (self._pause, self._cancel):
            grid.addWidget(button, *divmod(grid.count(), 2))
        for text, help, wanted in (
            (strings.MODELS_LOGIN, strings.MODELS_LOGIN_HELP, self.login_wanted),
            (strings.MODELS_LOGOUT, strings.MODELS_LOGOUT_HELP, self.logout_wanted),
        ):
            button = make_button(keys.mark(say(text)))
            button.clicked.connect(wanted)
            describe(button, say(help))
            grid.addWidget(button, *divmod(grid.count(), 2))
            self._for_one.append(button)
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
        elif focused in (self._cancel, self._pause):
            self._rows.setFocus()
        self._cancel.setEnabled(is_working)
        self.show_download(False)
        for button in self._for_one:
            button.setEnabled(not is_working)
        self._progress.setVisible(is_working)
        self._progress.setValue(0)

    def show_download(self, can_pause: bool, *, is_paused: bool = False) -> None:
        """A download runs that can be paused, or waits so, or there is none."""
        if not can_pause and self.window().focusWidget() is self._pause:
            self._cancel.setFocus()
        self._pause.setEnabled(can_pause)
        self._is_paused = is_paused
        text = self._pause_texts[is_paused]
        self._pause.setText(text)
        self._pause.setAccessibleName(plain(text))

    @Slot(int, int)
    def show_progress(self, done: int, total: int) -> None:
        """So much of all is done."""
        self._progress.setValue(_THOUSAND * done // max(total, 1))


class TermsDialog(QDialog):
    """Shows the terms of a model; accepted only with the box checked.

    Args:
        go: What the button that accepts says.
    """

    def __init__(self, terms: str, parent: QWidget, go: str = strings.MODELS_DOWNLOAD) -> None:
        super().__init__(parent)
        self.setWindowTitle(say(strings.MODELS_TERMS_TITLE))
        self.resize(*_TERMS_SIZE)
        keys = Mnemonics()
        text = QPlainTextEdit(terms)
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        self._agreed = QCheckBox(keys.mark(say(strings.MODELS_AGREE)))
        buttons = QDialogButtonBox()
        self._go = buttons.addButton(keys.mark(say(go)), QDialogButtonBox.ButtonRole.AcceptRole)
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


class LoginDialog(QDialog):
    """Asks for an access token of the Hub, which is not shown."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(say(strings.LOGIN_TITLE))
        self.resize(*_TERMS_SIZE)
        keys = Mnemonics()
        self._token = Entry()
        self._token.setEchoMode(Entry.EchoMode.Password)
        describe(self._token, say(strings.LOGIN_TOKEN_HELP))
        help = QLabel(say(strings.LOGIN_TOKEN_HELP))
        help.setWordWrap(True)
        buttons = QDialogButtonBox()
        go = buttons.addButton(
            keys.mark(say(strings.LOGIN_GO)), QDialogButtonBox.ButtonRole.AcceptRole
        )
        buttons.addButton(
            keys.mark(say(strings.SETTINGS_CANCEL)), QDialogButtonBox.ButtonRole.RejectRole
        )
        go.setEnabled(False)
        self._token.textChanged.connect(lambda text: go.setEnabled(bool(text.strip())))
        column = QVBoxLayout(self)
        column.addWidget(labelled(keys.mark(say(strings.LOGIN_TOKEN)), self._token))
        for part in (self._token, help, buttons):
            column.addWidget(part)
        go.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)

    def take_token(self) -> str:
        """What was typed; the field holds it no longer."""
        token = self._token.text()
        self._token.clear()
        return token


class FactsDialog(QDialog):
    """Tells all about a model, line by line."""

    def __init__(self, title: str, facts: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(*_TERMS_SIZE)
        keys = Mnemonics()
        rows = make_rows()
        fill(rows, [Choice(line, line) for line in facts])
        buttons = QDialogButtonBox()
        buttons.addButton(
            keys.mark(say(strings.SETTINGS_CLOSE)), QDialogButtonBox.ButtonRole.RejectRole
        )
        column = QVBoxLayout(self)
        column.addWidget(labelled(keys.mark(title), rows))
        column.addWidget(rows)
        column.addWidget(buttons)
        buttons.rejected.connect(self.reject)
