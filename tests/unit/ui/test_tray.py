"""The tray menu: every entry has a key of its own and asks for an action."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.ui import tray as module
from imagecraft_desktop.ui.tray import Tray


def test_every_entry_asks_for_an_action_and_has_its_own_letter(qtbot: QtBot) -> None:
    tray = Tray()
    entries = [action for action in tray._menu.actions() if not action.isSeparator()]
    letters = [entry.text()[entry.text().index("&") + 1].lower() for entry in entries]
    assert len(set(letters)) == len(letters) == 22
    for entry in entries:
        with qtbot.waitSignal(tray.chosen) as told:
            entry.trigger()
        assert told.args == [Action(entry.data())]


def test_the_icon_has_a_picture_and_a_name(qtbot: QtBot) -> None:
    tray = Tray()
    assert not tray.icon.icon().isNull()
    assert tray.icon.toolTip() == "ImageCraft"
    tray.translate()
    assert len(tray._menu.actions()) == len(module._ENTRIES)
