"""The settings window without a screen: keys that do not clash in any language, and what the search finds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QPushButton,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from imagecraft_desktop import choices, strings
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths
from imagecraft_desktop.ui.labels import plain
from imagecraft_desktop.ui.settings.buttons import fill, make_rows
from imagecraft_desktop.ui.settings.choice_box import ChoiceBox
from imagecraft_desktop.ui.settings.fields import KeyField
from imagecraft_desktop.ui.settings.key_button import KeyButton
from imagecraft_desktop.ui.settings.mnemonics import Mnemonics
from imagecraft_desktop.ui.settings.models_page import ModelsPage
from imagecraft_desktop.ui.settings.privacy_page import PrivacyPage
from imagecraft_desktop.ui.settings.voices_page import VoicesPage
from imagecraft_desktop.ui.settings.window import Page, SettingsWindow
from imagecraft_desktop.values import Choice
from imagecraft_desktop.windows.settings import SettingsDesk

ALL = range(9)
"""The numbers of the pages."""


@pytest.fixture(params=["en", "es"])
def window(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[SettingsWindow]:
    strings.use_language(request.param, paths.resources() / "locale")
    pages = [
        Page("Your voices", VoicesPage),
        Page("Models", ModelsPage),
        Page("Privacy", lambda keys: PrivacyPage(["It stays here."], keys)),
    ]
    made = SettingsWindow(Settings(), list(choices.OFFERED), pages)
    qtbot.addWidget(made)
    desk = SimpleNamespace(_hear_voice=id, _hear_device=id, _try_keys=id, _hear_tour=id)
    desk._player_of = lambda _: id
    desk._change_permission = id
    SettingsDesk._furnish(desk, made)  # type: ignore[arg-type]
    yield made
    strings.use_language("en", paths.resources() / "locale")


def test_every_control_has_a_key_that_no_other_of_its_page_has(window: SettingsWindow) -> None:
    window.make(ALL)
    groups = window.findChildren(QGroupBox)
    assert len(groups) == len(ALL)
    for group in groups:
        texts = [
            part.text()
            for kind in (QLabel, QPushButton, QCheckBox)
            for part in group.findChildren(kind)
            if part.text()
        ]
        letters = [text[text.index("&") + 1].casefold() for text in texts if "&" in text]
        assert len(letters) == len(texts), (group.title(), texts)
        assert len(set(letters)) == len(letters), (group.title(), texts)


def test_what_is_chosen_says_in_its_help_why_it_cannot_be_used(window: SettingsWindow) -> None:
    reason = "None of its models is installed."
    field = window.field("captioner")
    own = field.help
    window.offer(
        "captioner", [Choice("embedded", "embedded"), Choice("blip", "blip (not ready)", reason)]
    )
    assert field.help == own
    box = field.part
    assert isinstance(box, QComboBox)
    assert box.itemData(1, Qt.ItemDataRole.AccessibleDescriptionRole) == reason
    box.setCurrentIndex(1)
    assert box.accessibleDescription() == f"{reason} {own}"
    window.show_notes({"captioner": "And a note."})
    assert box.accessibleDescription() == f"{reason} {own} And a note."
    box.setCurrentIndex(0)
    assert box.accessibleDescription() == f"{own} And a note."


@pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's own screen for tests
def test_a_choice_is_typed_whole_however_slow_the_disk(
    window: SettingsWindow, qtbot: QtBot
) -> None:
    """What is chosen on the way to it is not kept: that may take longer than Qt waits for the next letter."""
    window.offer("voice", [Choice(one, one) for one in ("embedded", "silver", "idle", "silence")])
    wanted: list[object] = []

    def keep(_name: str, value: object) -> None:
        wanted.append(value)
        time.sleep(0.5)

    window.changed.connect(keep)
    box = window.field("voice").part
    window.show()
    window.focus_setting("voice")
    for letter in "sile":
        qtbot.keyClick(box, letter)
    assert box.currentText() == "silence"
    assert wanted == []
    qtbot.waitUntil(lambda: wanted == ["silence"])
    qtbot.keyClick(box, Qt.Key.Key_Home)
    window.show_settings(Settings(voice="silence"))  # as when another setting has changed
    window.close()
    assert wanted == ["silence", "embedded"], "what was chosen last counts"


@pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's own screen for tests
def test_why_not_is_told_once_and_joins_the_help_when_the_focus_leaves(
    window: SettingsWindow, qtbot: QtBot
) -> None:
    window.offer(
        "captioner", [Choice("embedded", "embedded"), *(Choice(one, one, one) for one in "ab")]
    )
    field = window.field("captioner")
    own, box = field.help, field.part
    assert isinstance(box, QComboBox)
    window.show()
    window.focus_setting("captioner")
    qtbot.waitUntil(box.hasFocus)
    qtbot.keyClick(box, Qt.Key.Key_Down)  # the desk tells why not
    assert field.help == field.part.toolTip() == f"a {own}"
    assert box.accessibleDescription() == own  # a reader would say at once what comes to it
    window.field("voice").part.setFocus()
    qtbot.waitUntil(lambda: box.accessibleDescription() == f"a {own}")
    window.focus_setting("captioner")
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.accessibleDescription() == own  # what is not true any more goes at once
    window.field("voice").part.setFocus()
    qtbot.waitUntil(lambda: box.accessibleDescription() == f"b {own}")


_KEY = "ctrl+shift+f12"


@pytest.fixture
def key_field(window: SettingsWindow) -> KeyField:
    window.show_settings(Settings(window_key=_KEY))
    window.show_keys({"window_key": "Control Shift F12"})
    field = window.field("window_key")
    assert isinstance(field, KeyField)
    return field


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_a_key_button_keeps_its_name_until_it_has_another_key(
    window: SettingsWindow, key_field: KeyField, qtbot: QtBot
) -> None:
    button = key_field.part
    assert isinstance(button, KeyButton)
    name = f"{key_field.title}: Control Shift F12"
    shown = QStyleOptionButton()
    window.show()
    window.focus_setting("window_key")
    with qtbot.waitSignal(window.recording):
        button.click()
    button.initStyleOption(shown)
    assert shown.text == strings.say(strings.SETTINGS_PRESS_KEY)
    assert (button.accessibleName(), button.text()) == (name, "Control Shift F12")
    window.show_settings(Settings(window_key="ctrl+shift+f9"))
    assert button.accessibleName() == name  # never as it is written in the file
    window.show_keys({"window_key": "Control Shift F9"})
    assert button.accessibleName() == f"{key_field.title}: Control Shift F9"


@pytest.mark.qt_log_ignore("propagateSizeHints")
@pytest.mark.parametrize(
    ("key", "held"),
    [
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_F12, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier),
    ],
    ids=["escape", "the same"],
)
def test_a_key_that_stays_is_told(
    window: SettingsWindow,
    key_field: KeyField,
    qtbot: QtBot,
    key: Qt.Key,
    held: Qt.KeyboardModifier,
) -> None:
    window.show()
    window.focus_setting("window_key")
    key_field.part.click()
    with qtbot.assertNotEmitted(window.changed), qtbot.waitSignal(window.key_stayed) as told:
        qtbot.keyClick(key_field.part, key, held)
    assert told.args == ["window_key"]


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_the_letter_of_a_key_leads_to_its_button_and_records_nothing(
    window: SettingsWindow, key_field: KeyField, qtbot: QtBot
) -> None:
    """The label is not the button's own, or a reader would say it beside the button's name."""
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.focus_setting("layer_key")
    marked = next(one.text() for one in key_field.findChildren(QLabel))
    letter = marked[marked.index("&") + 1]
    with qtbot.assertNotEmitted(window.recording, wait=200):
        qtbot.keyClick(window, letter, Qt.KeyboardModifier.AltModifier)
    assert key_field.part.hasFocus()


def test_what_is_the_same_as_before_tells_a_reader_nothing(
    window: SettingsWindow,
) -> None:
    """Each event is a question of the reader's to the program: hundreds of them kept Orca silent for seconds."""
    field = window.field("voice")
    line, box = window.field("server_address").part, field.part
    assert isinstance(line, QLineEdit)
    assert isinstance(box, QComboBox)
    offered = [Choice("hibari", "Hibari"), Choice("auto", "automatic")]
    rows = make_rows()
    window.offer("voice", offered)
    fill(rows, offered)
    window.show_settings(Settings(server_address="box:1"))
    line.setCursorPosition(0)
    events: list[object] = []
    for model in (box.model(), rows.model()):
        model.rowsInserted.connect(lambda *_: events.append("filled"))
    line.cursorPositionChanged.connect(lambda *_: events.append("typed"))
    window.offer("voice", list(offered))
    fill(rows, list(offered))
    window.show_settings(Settings(server_address="box:1"))
    assert events == []
    window.offer("voice", offered[:1])
    fill(rows, offered[:1])
    window.show_settings(Settings(server_address="box:2"))
    assert (box.count(), rows.count(), line.text()) == (1, 1, "box:2")


def test_choices_are_whole_when_they_are_offered(window: SettingsWindow) -> None:
    """A reader is told several times of each change of the chosen one."""
    box = window.field("voice").part
    assert isinstance(box, QComboBox)
    changes: list[str] = []
    box.model().rowsInserted.connect(lambda *_: changes.append("filled"))
    box.model().dataChanged.connect(lambda *_: changes.append("changed"))
    window.offer(
        "voice", [Choice("hibari", "Hibari"), Choice("a", "A", "Not here."), Choice("b", "B")]
    )
    assert changes == ["filled"]
    assert (box.count(), box.currentData(), box.itemText(1)) == (3, "hibari", "A")
    for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
        assert box.itemData(1, role) == "Not here."


def titles(window: SettingsWindow) -> list[str]:
    """Of the pages that were made, as a reader goes through them."""
    return [group.title() for group in window.findChildren(QGroupBox)]


@pytest.mark.parametrize("window", ["en"], indirect=True)
def test_a_page_is_made_when_it_is_turned_to(window: SettingsWindow) -> None:
    assert titles(window) == ["Speech"]
    window.turn_to(6)
    assert titles(window) == ["Speech", "Your voices"]
    window.turn_to(2)
    assert titles(window) == ["Speech", "Hotkeys", "Your voices"]
    window.turn_to(6)
    assert titles(window) == ["Speech", "Hotkeys", "Your voices"]


@pytest.mark.qt_log_ignore("propagateSizeHints")
@pytest.mark.parametrize("window", ["en"], indirect=True)
def test_a_page_that_keys_go_past_is_not_made_and_tab_leads_into_the_one_reached(
    window: SettingsWindow, qtbot: QtBot
) -> None:
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    pages = window._list
    for _ in range(3):
        qtbot.keyClick(pages, Qt.Key.Key_Down)
    assert titles(window) == ["Speech"]
    qtbot.waitUntil(lambda: titles(window) == ["Speech", "Signs"])
    qtbot.keyClick(pages, Qt.Key.Key_Down)
    assert window.findChildren(QGroupBox)[-1].title() == "Signs"
    qtbot.keyClick(pages, Qt.Key.Key_Tab)
    assert window.field("history").part.hasFocus()
    pages.setFocus()
    qtbot.keyClick(pages, Qt.Key.Key_Home)  # which is there, and comes at once
    assert window.field("voice").isVisible()


@pytest.mark.parametrize("window", ["en"], indirect=True)
def test_a_page_shows_what_was_told_before_it_was_made(window: SettingsWindow) -> None:
    reason = "None of its models is installed."
    window.show_settings(Settings(captioner="blip", server_address="box:1", window_key=_KEY))
    window.offer("captioner", [Choice("embedded", "E"), Choice("blip", "B", reason)])
    window.show_notes({"captioner": "And a note."})
    window.show_keys({"window_key": "Control Shift F12"})
    window.add_button("window_key", "One more", id, help="Does nothing.")
    assert titles(window) == ["Speech"]
    captioner, key = window.field("captioner"), window.field("window_key")
    box, address = captioner.part, window.field("server_address").part
    assert isinstance(box, QComboBox)
    assert (box.count(), box.currentData()) == (2, "blip")
    assert box.accessibleDescription() == captioner.help
    assert captioner.help.startswith(reason)
    assert captioner.help.endswith("And a note.")
    assert isinstance(address, QLineEdit)
    assert address.text() == "box:1"
    assert key.part.accessibleName() == f"{key.title}: Control Shift F12"
    buttons = [one.accessibleName() for one in key.findChildren(QPushButton)]
    assert buttons[1:] == ["Try the keys", "One more"]
    assert key.findChildren(QPushButton)[2].accessibleDescription() == "Does nothing."


@pytest.mark.parametrize("window", ["en"], indirect=True)
@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("region of the screen", "Description"),
        ("permission to send", "Description"),
        ("unheard of", "Description"),
        ("not yet", "Description"),
        ("window_key", "Hotkeys"),
        ("hotkeys", "Hotkeys"),
    ],
    ids=["label", "button", "note", "why not", "name", "title"],
)
def test_the_search_makes_the_pages_that_have_something(
    window: SettingsWindow, words: str, page: str
) -> None:
    window.show_notes({"detail": "This is unheard of."})
    window.offer("captioner", [Choice(window._told.settings.captioner, "E", "Not yet.")])
    window._search.setText(words)
    window._filter()
    assert titles(window) == ["Speech", page, "Your voices", "Models", "Privacy"]
    assert not window.findChildren(QGroupBox)[1].isHidden()


@pytest.mark.qt_log_ignore("propagateSizeHints")
@pytest.mark.parametrize("window", ["en"], indirect=True)
def test_tab_goes_through_the_pages_in_their_order_whichever_was_made_first(
    window: SettingsWindow,
) -> None:
    """A search shows several of them."""
    window.make([7, 2, 5, 1])
    window.show()
    window._search.setText("key")
    window._filter()
    stops, here = [], window._search.nextInFocusChain()
    while here is not window._search:
        if here.isVisible() and here.focusPolicy() & Qt.FocusPolicy.TabFocus:
            stops.append(here.mapTo(window, QPoint(0, 0)).y())
        here = here.nextInFocusChain()
    assert len(stops) > 8
    assert stops[1:] == sorted(stops[1:])  # the list of pages is beside them


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_the_search_looks_once_when_several_letters_were_typed(
    window: SettingsWindow, qtbot: QtBot
) -> None:
    """What is hidden and shown at each letter is told to a reader as well."""
    window.show()
    field = window.field("voice")
    (search, *_) = window.findChildren(QLineEdit)
    for words in ("s", "sp", "speech", "speech_pitch"):
        search.setText(words)
        assert field.isVisible()
    qtbot.waitUntil(lambda: not field.isVisible())
    assert window.field("speech_pitch").isVisible()
    search.clear()
    assert field.isVisible()  # at once


@pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's own screen for tests
def test_turning_to_a_page_by_hand_ends_the_search(window: SettingsWindow, qtbot: QtBot) -> None:
    """A reader says the page's title; what is shown must be that page."""
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window._search.setText("1")
    window._filter()
    pages = window._list
    pages.setFocus()
    place = (pages.currentRow() + 2) % pages.count()
    qtbot.keyClick(pages, Qt.Key.Key_Home)
    for _ in range(place):
        qtbot.keyClick(pages, Qt.Key.Key_Down)
    assert window._search.text() == ""
    wanted = pages.item(place).text()

    def seen() -> list[str]:
        return [one.title() for one in window.findChildren(QGroupBox) if one.isVisible()]

    qtbot.waitUntil(lambda: seen() == [wanted])


def test_a_digit_that_is_a_key_is_no_part_of_the_name(window: SettingsWindow) -> None:
    window.make(ALL)
    buttons = [one for one in window.findChildren(QPushButton) if "(&1)" in one.text()]
    assert buttons or strings.language() != "en"
    assert all(plain(one.text()) == one.accessibleName() for one in buttons)
    assert not any("(" in one.accessibleName() for one in buttons)


@pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's own screen for tests
@pytest.mark.parametrize("wanted", ["PRIVACY_PROVE", "MODELS_MEASURE"])
def test_the_search_finds_buttons_and_enter_leads_to_them(
    window: SettingsWindow, qtbot: QtBot, wanted: str
) -> None:
    window.show()
    search = window.findChildren(QLineEdit)[0]
    name = strings.say(getattr(strings, wanted))
    search.setText(name)
    search.returnPressed.emit()
    focused = window.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.accessibleName() == name
    assert focused.isVisible()


def test_a_note_is_added_to_the_help_and_goes_again(window: SettingsWindow) -> None:
    field = window.field("speech_pitch")
    before = field.part.accessibleDescription()
    window.show_notes({"speech_pitch": "It cannot."})
    assert field.part.accessibleDescription() == field.help == f"{before} It cannot."
    window.show_notes({"speech_pitch": ""})
    assert field.part.accessibleDescription() == before


_LONG = "server: a server of yours that speaks as OpenAI's does, on this machine or on another one"


@pytest.mark.qt_log_ignore("propagateSizeHints", "raise", "grabbing")
def test_a_choice_that_is_longer_than_its_box_ends_in_dots_and_is_whole_in_the_open_list(
    qtbot: QtBot,
) -> None:
    box = ChoiceBox()
    qtbot.addWidget(box)
    box.addItems(["auto", _LONG])
    box.setFixedWidth(200)
    box.show()
    shown = QStyleOptionComboBox()
    box.initStyleOption(shown)
    assert shown.currentText == "auto"
    box.setCurrentIndex(1)
    box.initStyleOption(shown)
    assert shown.currentText.endswith("…")
    assert _LONG.startswith(shown.currentText[:-1])
    assert box.currentText() == _LONG
    box.showPopup()
    assert box.view().viewport().width() >= box.fontMetrics().horizontalAdvance(_LONG)
    box.hidePopup()


@pytest.mark.qt_log_ignore("propagateSizeHints")
@pytest.mark.parametrize("window", ["en"], indirect=True)
def test_a_choice_has_the_whole_width_of_its_page(window: SettingsWindow, qtbot: QtBot) -> None:
    window.show()
    qtbot.waitExposed(window)
    window.turn_to(1)
    for name in ("captioner", "detail"):
        part = window.field(name).part
        assert part.width() == window.field(name).width()


@pytest.mark.qt_log_ignore("propagateSizeHints")
@pytest.mark.parametrize("window", ["en"], indirect=True)
def test_the_search_does_not_lead_to_a_button_that_cannot_be_pressed(
    window: SettingsWindow, qtbot: QtBot
) -> None:
    window.show()
    window.make(ALL)
    search, page = window.findChildren(QLineEdit)[0], window.findChildren(ModelsPage)[0]
    told: list[str] = []
    window.told.connect(told.append)
    search.setFocus()
    search.setText("Cancel the work")
    search.returnPressed.emit()
    assert window.focusWidget() is search
    assert told == ["Cancel the work: this button cannot be used now."]
    search.setText("no such words")
    search.returnPressed.emit()
    assert told[1:] == ["0 settings or buttons found."]
    page.show_work(True)
    search.setText("Cancel the work")
    search.returnPressed.emit()
    focused = window.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.accessibleName() == "Cancel the work"


@pytest.mark.qt_log_ignore("propagateSizeHints", "raise")
def test_to_reset_all_is_asked_about_in_the_one_box_of_the_program(window: SettingsWindow) -> None:
    reset: list[str] = []
    window.reset_wanted.connect(reset.append)
    yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
    for answer, wanted in ((no, []), (yes, [""])):
        window._reset_all()
        box = window.findChildren(QMessageBox)[-1]
        told = (box.windowTitle(), box.text(), box.button(yes).text())
        parts = (strings.CONFIRM_TITLE, strings.SETTINGS_SURE_ALL, strings.CONFIRM_YES)
        assert told == tuple(map(say, parts))
        assert box.defaultButton() is box.button(no)
        box.button(answer).click()
        assert reset == wanted


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_work_with_a_model_takes_the_focus_only_from_the_button_that_began_it(
    qtbot: QtBot,
) -> None:
    window, page, other = QWidget(), ModelsPage(Mnemonics()), QLineEdit()
    column = QVBoxLayout(window)
    column.addWidget(page)
    column.addWidget(other)
    qtbot.addWidget(window)
    window.show()
    install = page.findChildren(QPushButton)[0]
    other.setFocus()
    page.show_work(True)
    assert window.focusWidget() is other
    page.show_work(False)
    assert window.focusWidget() is other
    install.setFocus()
    page.show_work(True)
    cancel = window.focusWidget()
    assert isinstance(cancel, QPushButton)
    assert cancel.accessibleName() == "Cancel the work"
    page.show_work(False)
    assert isinstance(window.focusWidget(), QListWidget)
