"""The settings window, made from the table of settings.

It shows what it is given and says what is wanted; `windows/settings.py` does it. One page is seen at a
time; while something is searched for, the settings that fit are, whatever their page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from imagecraft_desktop import strings
from imagecraft_desktop.settings.table import Settings, rows, sections
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.confirm import confirm
from imagecraft_desktop.ui.contrast import use_contrast
from imagecraft_desktop.ui.entry import Entry
from imagecraft_desktop.ui.labels import labelled, plain
from imagecraft_desktop.ui.screen import resize_within, scrolling
from imagecraft_desktop.ui.settings.buttons import make_button
from imagecraft_desktop.ui.settings.fields import ChoiceField, Field, KeyField, make_field
from imagecraft_desktop.ui.settings.mnemonics import Mnemonics
from imagecraft_desktop.values import Choice

_SIZE = QSize(900, 680)
_TYPING_MS = 400
_WORD_MS = 150
"""After the last letter; what is hidden and shown at each would keep a screen reader busy for seconds."""
_PAGES_PX = 200


@dataclass(frozen=True)
class Page:
    """A page beside those of the table: its title, and what makes it with keys of its own."""

    title: str
    make: Callable[[Mnemonics], QWidget]


class SettingsWindow(QWidget):
    """All settings and the pages that were added.

    Args:
        offered: Names of settings that `offer` will tell the choices of.
        pages: Shown after those of the table.
    """

    changed = Signal(str, object)
    """A setting is wanted to be this."""
    reset_wanted = Signal(str)
    """A setting is to be as in the beginning; "" for all."""
    import_wanted = Signal(str)
    export_wanted = Signal(str)
    recording = Signal(bool)
    """A key is awaited, or no more."""
    key_stayed = Signal(str)
    """A key was awaited for this setting, and it is as before."""
    told = Signal(str)
    """A sentence to be heard."""
    closed = Signal()

    def __init__(self, settings: Settings, offered: Sequence[str], pages: Sequence[Page]) -> None:
        super().__init__()
        self.setWindowTitle(say(strings.SETTINGS_TITLE))
        resize_within(self, _SIZE)
        self.fields: dict[str, Field] = {}
        self._last: Field | None = None
        self._extras: list[QAbstractButton] = []
        self._groups: list[QGroupBox] = []
        self._keys_of: dict[str, Mnemonics] = {}
        self._bar_keys = Mnemonics()
        self._search = Entry()
        self._search.setClearButtonEnabled(True)
        self._list = QListWidget()
        self._help, self._state = QLabel(), QLabel()
        self._column = QVBoxLayout()
        bar = (
            self._make_buttons()
        )  # its keys come first, and it itself last: Tab goes in this order
        whole = self._arrange()
        self._fill(offered, pages)
        whole.addLayout(bar)
        self.show_settings(settings)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._tell_found)
        self._word = QTimer(self, singleShot=True, interval=_WORD_MS)
        self._word.timeout.connect(self._filter)
        self._search.textChanged.connect(self._await_word)
        self._search.returnPressed.connect(self._enter_found)
        self._list.currentRowChanged.connect(self._turn)
        self._list.setCurrentRow(0)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._leave)
        QShortcut(QKeySequence.StandardKey.Find, self, self._search.setFocus)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow_focus)
        self._list.setFocus()

    # --- how it is built ---

    def _arrange(self) -> QVBoxLayout:
        whole = QVBoxLayout(self)
        for text, part in ((strings.SETTINGS_SEARCH, self._search),):
            whole.addWidget(labelled(self._bar_keys.mark(say(text)), part))
            whole.addWidget(part)
        middle = QHBoxLayout()
        left = QVBoxLayout()
        left.addWidget(labelled(self._bar_keys.mark(say(strings.SETTINGS_PAGES)), self._list))
        left.addWidget(self._list)
        self._list.setMinimumWidth(_PAGES_PX)
        self._list.setSizeAdjustPolicy(QListWidget.SizeAdjustPolicy.AdjustToContents)
        self._list.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)
        middle.addLayout(left)
        middle.addWidget(self._make_scroll(), 1)
        whole.addLayout(middle, 1)
        for label in (self._help, self._state):
            label.setWordWrap(True)
            whole.addWidget(label)
        self._state.hide()
        return whole

    def _make_scroll(self) -> QScrollArea:
        inner = QWidget()
        inner.setLayout(self._column)
        self._scroll = scrolling(inner)
        return self._scroll

    def _make_buttons(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        for text, act in (
            (strings.SETTINGS_RESET_ONE, self._reset_one),
            (strings.SETTINGS_RESET_ALL, self._reset_all),
            (strings.SETTINGS_EXPORT, self._export),
            (strings.SETTINGS_IMPORT, self._import),
            (strings.SETTINGS_CLOSE, self.close),
        ):
            button = make_button(self._bar_keys.mark(say(text)))
            button.clicked.connect(act)
            bar.addWidget(button)
        return bar

    def _fill(self, offered: Sequence[str], pages: Sequence[Page]) -> None:
        for title, names in sections().items():
            group = QGroupBox(say(title))
            column = QVBoxLayout(group)
            keys = Mnemonics(self._bar_keys.taken)
            for name in names:
                field = make_field(name, rows()[name], keys, is_offered=name in offered)
                field.changed.connect(self.changed)
                if isinstance(field, KeyField):
                    field.recording.connect(self.recording)
                    field.stayed.connect(self.key_stayed)
                self.fields[name] = field
                self._keys_of[name] = keys
                column.addWidget(field)
            column.addStretch()
            self._add_group(group)
        for page in pages:
            group = QGroupBox(page.title)
            QVBoxLayout(group).addWidget(page.make(Mnemonics(self._bar_keys.taken)))
            self._add_group(group)
        self._column.addStretch()

    def _add_group(self, group: QGroupBox) -> None:
        self._groups.append(group)
        self._list.addItem(group.title())
        self._column.addWidget(group, 1)

    # --- what is shown ---

    def show_settings(self, settings: Settings) -> None:
        """Show what the settings are now."""
        use_contrast(self, settings.high_contrast)
        for name, field in self.fields.items():
            field.show_value(getattr(settings, name))
        self._show_help()

    def offer(self, name: str, choices: Sequence[Choice]) -> None:
        """Tell what may be chosen for a setting."""
        field = self.fields[name]
        if isinstance(field, ChoiceField):
            field.offer(choices)
            self._show_help()

    def show_notes(self, notes: Mapping[str, str]) -> None:
        """Tell, beside their help, what is to be known of settings now."""
        for name, note in notes.items():
            self.fields[name].show_note(note)
        self._show_help()

    def _show_help(self) -> None:
        """Of the setting that has the focus, for it may have changed."""
        part = self.focusWidget()
        if self._last is not None and part is not None and self._last.isAncestorOf(part):
            self._help.setText(self._last.help)

    def show_keys(self, spoken: Mapping[str, str]) -> None:
        """Show keys by their names for the ear."""
        for name, text in spoken.items():
            field = self.fields[name]
            if isinstance(field, KeyField):
                field.show_spoken(text)

    def add_button(self, name: str, text: str, act: Callable[[], object]) -> QPushButton:
        """Put a button below a setting."""
        button = make_button(self._keys_of[name].mark(text))
        button.clicked.connect(lambda _checked: act())
        self.fields[name].add(button)
        return button

    def tell(self, text: str) -> None:
        """Show a sentence under the page."""
        self._state.setText(text)
        self._state.setVisible(bool(text))

    def turn_to(self, place: int) -> None:
        """Show the page of this number."""
        self._list.setCurrentRow(place)

    @property
    def page(self) -> int:
        """The number of the page that is seen."""
        return self._list.currentRow()

    @property
    def focused_setting(self) -> str:
        """The setting that had the focus last; "" for none."""
        return self._last.name if self._last is not None else ""

    def focus_setting(self, name: str) -> None:
        """Lead to a setting."""
        place = next(i for i, names in enumerate(sections().values()) if name in names)
        self._list.setCurrentRow(place)
        self.fields[name].part.setFocus()

    # --- moving about ---

    @Slot(int)
    def _turn(self, place: int) -> None:
        if self._search.text() and self._list.hasFocus():
            self._search.clear()  # the search is over; this comes again
        elif not self._search.text():
            for number, group in enumerate(self._groups):
                group.setVisible(number == place)
        self._scroll.verticalScrollBar().setValue(0)

    @Slot(str)
    def _await_word(self, words: str) -> None:
        if words.strip():
            self._word.start()
            self._typing.start()
        else:
            self._filter()

    @Slot()
    def _filter(self) -> None:
        self._word.stop()
        words = self._search.text()
        if not words.strip():
            self._extras = []
            for field in self.fields.values():
                field.show()
            self._turn(self._list.currentRow())
            return
        groups = dict.fromkeys(self._groups, False)
        self._extras = [one for one in self._all_extras() if _fits(one, words)]
        for extra in self._extras:
            groups |= {group: True for group in groups if group.isAncestorOf(extra)}
        for field in self.fields.values():
            is_found = field.fits(words)
            field.setVisible(is_found)
            group = field.parentWidget()
            if is_found and isinstance(group, QGroupBox):
                groups[group] = True
        for group, is_found in groups.items():
            group.setVisible(is_found or words.casefold().strip() in group.title().casefold())

    def _found(self) -> list[QWidget]:
        return [*(one.part for one in self.fields.values() if not one.isHidden()), *self._extras]

    def _all_extras(self) -> list[QAbstractButton]:
        """Buttons and boxes of the pages that belong to no setting."""
        buttons = [one for group in self._groups for one in group.findChildren(QAbstractButton)]
        fields = self.fields.values()
        return [one for one in buttons if not any(field.isAncestorOf(one) for field in fields)]

    @Slot()
    def _tell_found(self) -> None:
        if self._search.text().strip():
            self._say(self._count_found())

    def _count_found(self) -> str:
        return say(strings.SETTINGS_FOUND, count=len(self._found()))

    def _say(self, sentence: str) -> None:
        self.tell(sentence)
        self.told.emit(sentence)

    @Slot()
    def _enter_found(self) -> None:
        """Enter leads from the search to what was found: what is called so, else the first."""
        words = self._search.text().strip().casefold()
        if not words:
            return
        if self._word.isActive():
            self._filter()
        found = self._found()
        meant = [one for one in found if words in one.accessibleName().casefold()] or found
        usable = next((one for one in meant if one.isEnabled()), None)
        if usable is not None:
            usable.setFocus()
            return
        self._typing.stop()
        if meant:
            self._say(say(strings.SETTINGS_FOUND_RESTS, name=meant[0].accessibleName()))
        else:
            self._say(self._count_found())

    @Slot(QWidget, QWidget)
    def _follow_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None or not self.isAncestorOf(new):
            return
        self._scroll.ensureWidgetVisible(new)
        field = next((one for one in self.fields.values() if one.isAncestorOf(new)), None)
        if field is not None:
            self._last = field
            self._help.setText(field.help)
        else:
            self._help.setText(new.accessibleDescription())

    @Slot()
    def _leave(self) -> None:
        """Escape ends the search first, then the window."""
        if self._search.text():
            self._search.clear()
            self._list.setFocus()
        else:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """What was typed counts."""
        for field in self.fields.values():
            field.commit()
        self.closed.emit()
        super().closeEvent(event)

    # --- buttons ---

    @Slot()
    def _reset_one(self) -> None:
        last = self._last
        if last is None:
            self._say(say(strings.SETTINGS_NONE_CHOSEN))
            return
        question = say(strings.SETTINGS_SURE_ONE, name=last.title)
        confirm(self, question, lambda: self.reset_wanted.emit(last.name))

    @Slot()
    def _reset_all(self) -> None:
        confirm(self, say(strings.SETTINGS_SURE_ALL), lambda: self.reset_wanted.emit(""))

    @Slot()
    def _export(self) -> None:
        chooser = self._make_chooser(strings.SETTINGS_EXPORT)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix("json")
        chooser.fileSelected.connect(self.export_wanted)
        chooser.open()

    @Slot()
    def _import(self) -> None:
        chooser = self._make_chooser(strings.SETTINGS_IMPORT)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(self.import_wanted)
        chooser.open()

    def _make_chooser(self, title: str) -> QFileDialog:
        chooser = QFileDialog(self, plain(say(title)))
        chooser.setNameFilter(f"{say(strings.SETTINGS_FILES)} (*.json)")
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return chooser


def _fits(button: QAbstractButton, words: str) -> bool:
    """As `Field.fits`."""
    text = f"{plain(button.text())} {button.accessibleDescription()}".casefold()
    return all(word in text for word in words.casefold().split())
