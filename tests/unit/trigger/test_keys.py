"""Combinations of keys: what is read, what is refused, how they are named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagecraft_desktop import strings
from imagecraft_desktop.errors import KeyNotAllowed
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.trigger.actions import LETTERS
from imagecraft_desktop.trigger.keys import SPARE, Combination, Modifier, parse

CTRL, ALT, SHIFT, SUPER = Modifier.CTRL, Modifier.ALT, Modifier.SHIFT, Modifier.SUPER
PLATFORMS = ("linux", "win32", "darwin")


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("text", [Settings().layer_key, Settings().window_key, *map(str, SPARE)])
def test_defaults_and_spares_are_allowed_everywhere(text: str, platform: str) -> None:
    parsed = parse(text, platform)
    assert parsed is not None
    assert str(parsed) == text


def test_the_order_of_modifiers_capitals_and_blanks_do_not_matter() -> None:
    assert parse(" Shift + CONTROL+F11") == parse("ctrl+shift+f11")
    assert str(parse("shift+ctrl+f11")) == "ctrl+shift+f11"
    assert parse("ctrl+shift+PgUp") == Combination(frozenset({CTRL, SHIFT}), "pageup")


def test_empty_text_is_no_key() -> None:
    assert parse("") is None
    assert parse("  ") is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ctrl+shift+f25", strings.KEY_UNKNOWN),
        ("hyper+f5", strings.KEY_UNKNOWN),
        ("ctrl+", strings.KEY_MODIFIER_ALONE),
        ("ctrl+shift", strings.KEY_MODIFIER_ALONE),
        ("ctrl", strings.KEY_MODIFIER_ALONE),
        ("Cmd", strings.KEY_MODIFIER_ALONE),
        ("f11", strings.KEY_NEEDS_MODIFIER),
        ("shift+a", strings.KEY_NEEDS_MODIFIER),
        ("ctrl+c", strings.KEY_OF_PROGRAMS),
        ("alt+f", strings.KEY_OF_PROGRAMS),
        ("insert+f5", strings.KEY_OF_READER),
        ("ctrl+insert", strings.KEY_OF_READER),
        ("capslock+w", strings.KEY_OF_READER),
        ("alt+tab", strings.KEY_OF_SYSTEM),
        ("alt+f4", strings.KEY_OF_SYSTEM),
        ("ctrl+shift+escape", strings.KEY_OF_SYSTEM),
        ("ctrl+alt+delete", strings.KEY_OF_SYSTEM),
        ("ctrl+alt+f2", strings.KEY_OF_SYSTEM),
    ],
)
def test_what_clashes_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(KeyNotAllowed) as refusal:
        parse(text, "linux")
    assert refusal.value.spoken.endswith(f" cannot be a hotkey. {strings.say(reason)}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ctrl+c", "Control C cannot be a hotkey. "),
        ("shift+pgup", "Shift Page Up cannot be a hotkey. "),
        ("hyper+f5", "hyper+f5 cannot be a hotkey. "),
    ],
)
def test_a_refused_combination_is_named_as_it_is_said(text: str, said: str) -> None:
    with pytest.raises(KeyNotAllowed) as refusal:
        parse(text, "linux")
    assert refusal.value.spoken.startswith(said)


@pytest.mark.parametrize("character", "aeqzß0 ".replace("ß", "").replace(" ", ""))
def test_alt_gr_swallows_no_character_on_windows(character: str) -> None:
    with pytest.raises(KeyNotAllowed):
        parse(f"ctrl+alt+{character}", "win32")
    with pytest.raises(KeyNotAllowed):
        parse(f"ctrl+alt+shift+{character}", "win32")


def test_voice_over_keeps_control_option() -> None:
    with pytest.raises(KeyNotAllowed):
        parse("ctrl+alt+f9", "darwin")


def test_it_is_spoken_modifier_first() -> None:
    assert Combination(frozenset({SHIFT, CTRL}), "f11").spoken == "Control Shift F11"
    assert Combination(frozenset({SUPER, ALT}), "pageup").spoken == "Alt Super Page Up"


@given(st.text(alphabet="abcfkl+ctrlshiftalt 0123456789é\n", max_size=30))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        parsed = parse(text, "linux")
    except KeyNotAllowed as refusal:
        outcome = refusal.spoken.endswith(".")
    else:
        outcome = parsed is None or parse(str(parsed), "linux") == parsed
    assert outcome


def test_every_layer_letter_is_a_key_that_has_a_name() -> None:
    for key in LETTERS:
        assert Combination(frozenset(), key).spoken
