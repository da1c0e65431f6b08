"""Combinations and layer letters out of a stream of keys."""

from __future__ import annotations

import pytest

from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.trigger.base import LAYER_S, Bindings, Heard, What
from imagecraft_desktop.trigger.chords import Chords
from imagecraft_desktop.trigger.keys import Combination, Modifier

CTRL, SHIFT = Modifier.CTRL, Modifier.SHIFT
LAYER = Combination(frozenset({CTRL, SHIFT}), "f11")
WINDOW = Combination(frozenset({CTRL, SHIFT}), "f12")


class Keyboard:
    """Presses keys at a time of its own."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.heard: list[Heard] = []
        bindings = Bindings(LAYER, {WINDOW: Action.WINDOW})
        self.chords = Chords(bindings, self.heard.append, lambda: self.now_s)

    def tap(self, *keys: str | Modifier) -> bool:
        """Press all, let all go; whether the last was kept from the focused program."""
        kept = [self.chords.press(key) for key in keys]
        released = [self.chords.release(key) for key in reversed(keys)]
        assert released[0] == kept[-1]  # a release is kept exactly if its press was
        return kept[-1]

    @property
    def told(self) -> list[object]:
        return [h.action or h.what for h in self.heard]


@pytest.fixture
def keyboard() -> Keyboard:
    return Keyboard()


def test_the_direct_key_is_told_and_kept(keyboard: Keyboard) -> None:
    assert keyboard.tap(SHIFT, CTRL, "f12")
    assert keyboard.told == [Action.WINDOW]


def test_other_keys_pass(keyboard: Keyboard) -> None:
    assert not keyboard.tap("w")
    assert not keyboard.tap(CTRL, "f12")
    assert not keyboard.tap(CTRL, SHIFT, Modifier.ALT, "f12")
    assert keyboard.told == []


def test_a_letter_after_the_layer_key_chooses_once(keyboard: Keyboard) -> None:
    assert keyboard.tap(CTRL, SHIFT, "f11")
    assert keyboard.tap("s")
    assert not keyboard.tap("s")
    assert keyboard.told == [What.OPENED, Action.SCREEN]


def test_the_letter_may_be_pressed_with_the_modifiers_still_held(keyboard: Keyboard) -> None:
    for key in (CTRL, SHIFT, "f11", "c"):
        keyboard.chords.press(key)
    assert keyboard.told == [What.OPENED, Action.CLIPBOARD]


def test_a_held_key_tells_once_and_its_repeats_are_kept(keyboard: Keyboard) -> None:
    keyboard.chords.press(CTRL)
    keyboard.chords.press(SHIFT)
    assert [keyboard.chords.press("f12") for _ in range(5)] == [True] * 5
    assert keyboard.told == [Action.WINDOW]
    assert keyboard.chords.release("f12")


def test_in_the_layer_the_layer_key_opens_it_anew_and_the_direct_key_does_its_work(
    keyboard: Keyboard,
) -> None:
    for keys in (LAYER, LAYER, WINDOW, WINDOW):
        assert keyboard.tap(*keys.modifiers, keys.key)
    assert keyboard.told == [What.OPENED, What.OPENED, Action.WINDOW, Action.WINDOW]


def test_an_unknown_letter_closes_the_layer(keyboard: Keyboard) -> None:
    keyboard.tap(CTRL, SHIFT, "f11")
    assert keyboard.tap("k")
    assert not keyboard.tap("w")
    assert keyboard.told == [What.OPENED, What.UNKNOWN]


def test_the_layer_lapses(keyboard: Keyboard) -> None:
    keyboard.tap(CTRL, SHIFT, "f11")
    keyboard.now_s += LAYER_S - 0.1
    keyboard.chords.lapse()
    assert keyboard.told == [What.OPENED]
    keyboard.now_s += 0.2
    keyboard.chords.lapse()
    assert not keyboard.tap("w")
    assert keyboard.told == [What.OPENED, What.LAPSED]


def test_a_modifier_whose_release_was_never_heard_is_forgotten(keyboard: Keyboard) -> None:
    keyboard.chords.press(Modifier.SUPER)
    assert not keyboard.tap(CTRL, SHIFT, "f12")
    keyboard.now_s += 60
    assert keyboard.tap(CTRL, SHIFT, "f12")


def test_new_combinations_close_the_layer(keyboard: Keyboard) -> None:
    keyboard.tap(CTRL, SHIFT, "f11")
    keyboard.chords.rebind(Bindings(WINDOW, {}))
    assert not keyboard.tap("w")
    keyboard.tap(CTRL, SHIFT, "f12")
    assert keyboard.told == [What.OPENED, What.OPENED]
