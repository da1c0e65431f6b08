"""What a window's program tells of it, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from imagecraft_desktop.describe import known
from imagecraft_desktop.describe.known import element, is_told, tell, tell_controls
from imagecraft_desktop.values import (
    Capture,
    Certainty,
    Detail,
    Frame,
    Known,
    Origin,
    Part,
    Role,
    Wish,
)

FOCUS = Part(Role.EDIT, "Search")
PARTS = (
    FOCUS,
    Part(Role.CHECK_BOX, "Gift wrap", is_on=True),
    Part(Role.CHECK_BOX, "Newsletter", is_on=False),
    Part(Role.RADIO_BUTTON, "By air", is_on=False),
    Part(Role.RADIO_BUTTON, "By sea", is_on=True),
    Part(Role.BUTTON, "Order"),
    Part(Role.BUTTON, "Cancel"),
    Part(Role.BUTTON, "Order"),
)
KNOWN = Known(Part(Role.WINDOW, "Orders"), FOCUS, PARTS)


def capture(known: Known | None = KNOWN, title: str = "Orders", app: str = "shop") -> Capture:
    frame = Frame(1, 1, bytes(4))
    return Capture(Origin.WINDOW, title or app, frame, title=title, app=app, known=known)


def texts(capture: Capture) -> list[str]:
    return [statement.text for statement in tell(capture)]


def test_the_window_comes_first_and_then_the_focus() -> None:
    told = list(tell(capture()))
    assert [(one.text, one.source) for one in told] == [
        ("A window of shop: Orders.", "window"),
        ("Focus in edit, Search.", "tree"),
    ]
    assert {one.certainty for one in told} == {Certainty.CERTAIN}


@pytest.mark.parametrize(
    ("role", "title", "app", "said"),
    [
        (Role.DIALOG, "Save?", "shop", "A dialog: Save?."),
        (Role.ALERT, "Disk full", "", "An alert: Disk full."),
        (Role.WINDOW, "", "shop", "A window of shop: From the tree."),
        (Role.WINDOW, "My shop", "shop", "A window: My shop."),
    ],
)
def test_first_words(role: Role, title: str, app: str, said: str) -> None:
    found = Known(Part(role, "From the tree"))
    assert texts(capture(found, title, app)) == [said]


def test_a_window_without_any_name() -> None:
    assert texts(capture(Known(Part(Role.WINDOW, "")), "", "")) == ["A window."]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (Part(Role.BUTTON, "OK"), "button, OK"),
        (Part(Role.EDIT, ""), "edit"),
        (Part(Role.PASSWORD, "PIN"), "password edit, PIN"),
        (Part(Role.CHECK_BOX, "Bold", is_on=True), "check box, Bold, checked"),
        (Part(Role.CHECK_BOX, "Bold", is_on=False), "check box, Bold, not checked"),
        (Part(Role.SWITCH, "Wifi", is_on=True), "switch, Wifi, on"),
        (Part(Role.SWITCH, "Wifi", is_on=False), "switch, Wifi, off"),
        (Part(Role.TAB, "Files", is_on=True), "tab, Files"),
        (Part(Role.LIST_ITEM, "a.txt", is_on=False), "list item, a.txt, not selected"),
        (Part(Role.TREE_ITEM, "src", is_on=True, is_open=False), "tree item, src, collapsed"),
        (
            Part(Role.BUTTON, "Save", is_open=True, is_enabled=False),
            "button, Save, expanded, unavailable",
        ),
        (Part(Role.OTHER, "Map\nof Rome."), "element, Map of Rome"),
    ],
)
def test_an_element_in_words(part: Part, said: str) -> None:
    assert element(part) == said


def test_controls_are_told_once_and_without_the_focused_one() -> None:
    assert [one.text for one in tell_controls(KNOWN)] == [
        "Checked: Gift wrap.",
        "Not checked: Newsletter.",
        "Chosen: By sea.",
        "Buttons: Order and Cancel.",
    ]
    on_order = replace(KNOWN, focus=Part(Role.BUTTON, "Order"))
    assert [one.text for one in tell_controls(on_order)][-1] == "Button: Cancel."


def test_switches_are_on_and_off() -> None:
    parts = (Part(Role.SWITCH, "Wifi", is_on=True), Part(Role.SWITCH, "Flight mode", is_on=False))
    told = [one.text for one in tell_controls(Known(KNOWN.window, None, parts))]
    assert told == ["On: Wifi.", "Off: Flight mode."]


def test_too_many_controls_are_not_told() -> None:
    many = Known(KNOWN.window, None, tuple(Part(Role.BUTTON, f"B{n}") for n in range(13)))
    assert list(tell_controls(many)) == []


@pytest.mark.parametrize(
    ("wish", "is_said"),
    [
        (Wish(), True),
        (Wish(Detail.DETAILED), True),
        (Wish(Detail.BRIEF), False),
        (Wish(text_only=True), False),
        (Wish(question="Where?"), False),
    ],
    ids=["normal", "detailed", "brief", "text", "question"],
)
def test_when_it_is_told(wish: Wish, is_said: bool) -> None:
    assert is_told(capture(), wish) == is_said
    assert not is_told(capture(None), wish)


def test_one_of_several_screens_is_named() -> None:
    taken = Capture(Origin.SCREEN, "screen 2", Frame(1, 1, bytes(4)), is_one_of_many=True)
    assert is_told(taken, Wish())
    assert texts(taken) == ["This is screen 2."]
    assert not is_told(replace(taken, is_one_of_many=False), Wish())


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (Part(Role.BUTTON, "Send order"), "Focus on button, Send order."),
        (Part(Role.LIST_ITEM, "a.txt"), "Focus on list item, a.txt."),
        (Part(Role.LIST, "Files"), "Focus in list, Files."),
        (Part(Role.PASSWORD, "PIN"), "Focus in password edit, PIN."),
    ],
)
def test_one_is_in_a_field_and_on_a_button(part: Part, said: str) -> None:
    assert texts(capture(Known(KNOWN.window, part)))[1] == said


def test_a_control_alone_is_named() -> None:
    button = Known(Part(Role.BUTTON, "OK"))
    taken = Capture(Origin.REGION, "OK", Frame(1, 1, bytes(4)), known=button)
    assert texts(taken) == ["This is: button, OK."]


def test_nothing_known_is_nothing_told() -> None:
    assert texts(capture(None)) == []
    assert known.controls(Known(Part(Role.WINDOW, "x"))) == []
