"""The settings window, made from the table of settings.

It shows what it is given and says what is wanted; `windows/settings.py` does it. One page is seen at a
time; while something is searched for, the settings that fit are, whatever their page. A page is made when
it is first needed: a screen reader is told of each of its controls several times, and the controls of all
pages together kept Orca silent for seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

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
from imagecraft_desktop.ui.scrolled import Scrolled
from imagecraft_desktop.ui.settings.buttons import make_button
from imagecraft_desktop.ui.settings.fields import ChoiceField, Field, KeyField, make_field
from imagecraft_desktop.ui.settings.mnemonics import Mnemonics
from imagecraft_desktop.ui.settings.told import Button, Told, has_all
from imagecraft_desktop.values import Choice

_SIZE = QSize(900, 680)
_TYPING_MS = 400
_WORD_MS = 150
"""After the last letter; what is hidden and shown at each would keep a screen reader busy for seconds."""
_REST_MS = 150
"""On a page in the list of pages; pages that key after key goes past are not made."""
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
        pages: Come after those of the table.
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
        self._told = Told(settings)
        self._offered, self._added = offered, pages
        self._sections = list(sections().items())
        self._fields: dict[str, Field] = {}
        self._last: Field | None = None
        self._extras: list[QAbstractButton] = []
        self._groups: dict[int, QGroupBox] = {}
        self._keys: dict[int, Mnemonics] = {}
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
        self._column.addStretch()
        whole.addLayout(bar)
        self._list.addItems(
            [*(say(title) for title, _ in self._sections), *(page.title for page in pages)]
        )
        use_contrast(self, settings.high_contrast)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._tell_found)
        self._word = QTimer(self, singleShot=True, interval=_WORD_MS)
        self._word.timeout.connect(self._filter)
        self._search.textChanged.connect(self._await_word)
        self._search.returnPressed.connect(self._enter_found)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._turn)
        self._list.currentRowChanged.connect(self._pass)
        self.turn_to(0)
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

    def _make_scroll(self) -> Scrolled:
        self._inner = QWidget()
        self._inner.setLayout(self._column)
        self._scroll = scrolling(self._inner)
        return Scrolled(self._scroll)

    def _make_buttons(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        self._bar: list[QPushButton] = []
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
            self._bar.append(button)
        return bar

    # --- its pages ---

    def add_button(
        self, name: str, text: str, act: Callable[[], object], *, help: str = ""
    ) -> None:
        """Put a button below a setting."""
        button = Button(text, help, act)
        self._told.buttons.setdefault(name, []).append(button)
        if name in self._fields:
            self._add(button, name)

    def field(self, name: str) -> Field:
        """The controls of a setting."""
        self._make(self._place_of(name))
        return self._fields[name]

    @property
    def made(self) -> list[int]:
        """The numbers of the pages that were needed so far."""
        return sorted(self._groups)

    def make(self, places: Iterable[int]) -> None:
        """Make the pages of these numbers, without turning to them."""
        for place in places:
            self._make(place)

    def _place_of(self, name: str) -> int:
        return next(i for i, (_, names) in enumerate(self._sections) if name in names)

    def _make(self, place: int) -> None:
        if place in self._groups:
            return
        group = QGroupBox(self._list.item(place).text())
        column = QVBoxLayout(group)
        keys = self._keys[place] = Mnemonics(self._bar_keys.taken)
        if place < len(self._sections):
            self._fill(column, self._sections[place][1], keys)
        else:
            column.addWidget(self._added[place - len(self._sections)].make(keys))
        group.hide()
        later = [other for other in self.made if other > place]
        self._column.insertWidget(len(self._groups) - len(later), group, 1)
        if later:
            group.stackUnder(self._groups[later[0]])  # a reader goes through them in this order
        self._groups[place] = group
        self._order_tabs()

    def _fill(self, column: QVBoxLayout, names: Sequence[str], keys: Mnemonics) -> None:
        for name in names:
            field = make_field(name, rows()[name], keys, is_offered=name in self._offered)
            field.changed.connect(self.changed)
            if isinstance(field, KeyField):
                field.recording.connect(self.recording)
                field.stayed.connect(self.key_stayed)
            self._fields[name] = field
            column.addWidget(field)
        for name in names:  # their letters come first
            for button in self._told.buttons.get(name, []):
                self._add(button, name)
            self._show_told(self._fields[name])
        column.addStretch()

    def _add(self, button: Button, name: str) -> None:
        part = make_button(self._keys[self._place_of(name)].mark(button.text))
        part.setAccessibleDescription(button.help)
        part.clicked.connect(lambda _checked: button.act())
        self._fields[name].add(part)

    def _show_told(self, field: Field) -> None:
        name, told = field.name, self._told
        field.show_value(getattr(told.settings, name))
        if isinstance(field, ChoiceField) and name in told.choices:
            field.offer(told.choices[name])
        if isinstance(field, KeyField) and name in told.keys:
            field.show_spoken(told.keys[name])
        field.show_note(told.notes.get(name, ""))

    def _order_tabs(self) -> None:
        """Tab goes through the pages in their order, whichever was made first, and then to the buttons below."""
        parts = [
            one
            for one in self._inner.findChildren(QWidget)
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus
            and one.focusProxy() is None
            and one.window() is self
        ]
        for one, other in pairwise([self._list, *parts, *self._bar]):
            QWidget.setTabOrder(one, other)

    # --- what is shown ---

    def show_settings(self, settings: Settings) -> None:
        """Show what the settings are now."""
        self._told.settings = settings
        use_contrast(self, settings.high_contrast)
        for name, field in self._fields.items():
            field.show_value(getattr(settings, name))
        self._show_help()

    def offer(self, name: str, choices: Sequence[Choice]) -> None:
        """Tell what may be chosen for a setting."""
        self._told.choices[name] = choices
        field = self._fields.get(name)
        if isinstance(field, ChoiceField):
            field.offer(choices)
            self._show_help()

    def show_notes(self, notes: Mapping[str, str]) -> None:
        """Tell, beside their help, what is to be known of settings now."""
        self._told.notes |= notes
        for name, field in self._fields.items():
            if name in notes:
                field.show_note(notes[name])
        self._show_help()

    def _show_help(self) -> None:
        """Of the setting that has the focus, for it may have changed."""
        part = self.focusWidget()
        if self._last is not None and part is not None and self._last.isAncestorOf(part):
            self._help.setText(self._last.help)

    def show_keys(self, spoken: Mapping[str, str]) -> None:
        """Show keys by their names for the ear."""
        self._told.keys |= spoken
        for name, field in self._fields.items():
            if isinstance(field, KeyField) and name in spoken:
                field.show_spoken(spoken[name])

    def tell(self, text: str) -> None:
        """Show a sentence under the page."""
        self._state.setText(text)
        self._state.setVisible(bool(text))

    def turn_to(self, place: int) -> None:
        """Show the page of this number."""
        self._list.setCurrentRow(place)
        self._turn()

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
        self.turn_to(self._place_of(name))
        self.field(name).part.setFocus()

    # --- moving about ---

    @Slot(int)
    def _pass(self, place: int) -> None:
        if place in self._groups:
            self._turn()
        else:
            self._rest.start()

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Tab leads into the page that the list is on."""
        if self._rest.isActive():
            self._turn()
        return super().focusNextPrevChild(is_next)

    @Slot()
    def _turn(self) -> None:
        self._rest.stop()
        place = self._list.currentRow()
        if self._search.text() and self._list.hasFocus():
            self._search.clear()  # the search is over; this comes again
        elif not self._search.text():
            self._make(place)
            for number, group in self._groups.items():
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
            for field in self._fields.values():
                field.show()
            self._turn()
            return
        found = {name for name in rows() if self._told.fits(name, words)}
        self._make_fitting(found, words)
        groups = dict.fromkeys(self._groups, False)
        self._extras = [one for one in self._all_extras() if _fits(one, words)]
        for place, group in self._groups.items():
            groups[place] = any(group.isAncestorOf(one) for one in self._extras)
        for name, field in self._fields.items():
            field.setVisible(name in found)
            groups[self._place_of(name)] |= name in found
        for place, is_found in groups.items():
            self._groups[place].setVisible(is_found or self._is_titled(place, words))

    def _make_fitting(self, found: set[str], words: str) -> None:
        """The pages that have something of what is searched for; what the added ones have is seen when they are made."""
        for place, (_, names) in enumerate(self._sections):
            if self._is_titled(place, words) or not found.isdisjoint(names):
                self._make(place)
        self.make(range(len(self._sections), self._list.count()))

    def _is_titled(self, place: int, words: str) -> bool:
        return words.casefold().strip() in self._list.item(place).text().casefold()

    def _found(self) -> list[QWidget]:
        fields = [self._fields[name] for name in rows() if name in self._fields]
        return [*(one.part for one in fields if not one.isHidden()), *self._extras]

    def _all_extras(self) -> list[QAbstractButton]:
        """Buttons and boxes of the pages that belong to no setting."""
        buttons = self._inner.findChildren(QAbstractButton)
        fields = self._fields.values()
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
        field = next((one for one in self._fields.values() if one.isAncestorOf(new)), None)
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
        for field in self._fields.values():
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
    return has_all(f"{plain(button.text())} {button.accessibleDescription()}", words)
