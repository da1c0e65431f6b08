"""The tray menu: every entry has a key of its own and asks for an action."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.ui import tray as module
from imagecraft_desktop.ui.state import State
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


def test_the_icon_has_a_picture_and_words(qtbot: QtBot) -> None:
    tray = Tray()
    assert not tray.icon.icon().isNull()
    assert tray.icon.toolTip() == "ImageCraft: Ready. Nothing is running."
    assert tray._menu.actions()[0].text() == "Stat&us: Ready. Nothing is running."
    tray.translate()
    assert len(tray._menu.actions()) == len(module._ENTRIES)


def test_a_state_that_comes_back_has_the_same_picture(qtbot: QtBot) -> None:
    """Qt keeps what it made of another, up to 10 MB."""
    tray = Tray()
    first = tray.icon.icon().cacheKey()
    tray.show_state(State.WORKING, "Busy.")
    tray.show_state(State.IDLE, "Ready.")
    assert tray.icon.icon().cacheKey() == first


def test_each_state_has_a_picture_of_its_own_and_is_told_in_words(qtbot: QtBot) -> None:
    tray = Tray()
    pictures = set()
    for state in State:
        tray.show_state(state, f"Now {state}.")
        pictures.add(tray.icon.icon().pixmap(22, 22).toImage().constBits().tobytes())
        assert tray.icon.toolTip() == f"ImageCraft: Now {state}."
        assert tray._menu.actions()[0].text() == f"Stat&us: Now {state}."
    assert len(pictures) == len(State)


def test_the_state_stays_when_the_menu_is_made_anew(qtbot: QtBot) -> None:
    tray = Tray()
    tray.show_state(State.PAUSED, "Paused.")
    tray.translate()
    assert tray.icon.toolTip() == "ImageCraft: Paused."
    assert tray._menu.actions()[0].text() == "Stat&us: Paused."
    tray.show_state(State.SPEAKING, "Speaking.")
    assert tray._menu.actions()[0].text() == "Stat&us: Speaking."


def test_any_name_can_be_told(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    tray = Tray()
    tray.show_state(State.WORKING, "Describing Tom & Jerry.")
    assert tray._menu.actions()[0].text() == "Stat&us: Describing Tom && Jerry."
    tray.show_state(State.WORKING, "Describing a_b.png.")
    assert tray._menu.actions()[0].text() == "Stat&us: Describing a__b.png."
    tray.show_state(State.WORKING, "Describing bad\udcff\nname " + "very " * 100)
    tip = tray.icon.toolTip()
    assert tip.startswith("ImageCraft: Describing bad? name very")
    assert tip.endswith("very…")
    assert len(tip) < 220
