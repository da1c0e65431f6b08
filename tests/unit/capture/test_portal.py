"""Each picture of the screen has its own asking, and one owner who may give it up; the person who is asked
is a stand-in. The asking itself is in tests/integration/test_portal.py."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from imagecraft_desktop import strings
from imagecraft_desktop.capture import portal, screen
from imagecraft_desktop.capture.frozen import Freezing
from imagecraft_desktop.capture.portal import Taken
from imagecraft_desktop.errors import Cancelled, ScreenNotAllowed
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Box, Shot
from tests.desktop.processes import wait_until
from tests.fakes import FakePerson, FakeQuestion


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePerson]:
    """On a Wayland desktop that tells of no windows."""
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    monkeypatch.delenv("SWAYSOCK", raising=False)
    monkeypatch.delenv("HYPRLAND_INSTANCE_SIGNATURE", raising=False)
    made = FakePerson()
    monkeypatch.setattr(portal, "_ask", made.ask)
    yield made
    portal.forget()


def asked(person: FakePerson, number: int) -> FakeQuestion:
    """The question of this number, from 1."""
    wait_until(lambda: len(person.asked) >= number, f"question {number}", 5)
    return person.asked[number - 1]


def picture(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


def never() -> None:
    """The tick of a user who does not stop."""


def stop() -> None:
    raise Cancelled


def test_a_region_leaves_the_picture_of_a_running_description_alone(
    person: FakePerson, qtbot: QtBot
) -> None:
    shot = portal.begin(Shot())
    first = asked(person, 1)
    freezing = Freezing()
    asked(person, 2).answer(Taken(picture()))
    assert freezing.finish().area == Box(0, 0, 40, 30)
    assert not first.is_closed
    first.answer(Taken(b"the first"))
    assert portal.take(shot, never).data == b"the first"


def test_a_description_leaves_the_picture_of_a_region_alone(
    person: FakePerson, qtbot: QtBot
) -> None:
    freezing = Freezing()
    region = asked(person, 1)
    shot = Shot()
    portal.begin(shot)
    asked(person, 2).answer(Taken(b"the second"))
    assert portal.take(shot, never).data == b"the second"
    region.answer(Taken(picture()))
    assert freezing.finish().area == Box(0, 0, 40, 30)


def test_more_after_a_region_that_was_given_up_is_about_the_same_picture(
    person: FakePerson, qtbot: QtBot
) -> None:
    shot = portal.begin(Shot())
    asked(person, 1).answer(Taken(b"the bank"))
    portal.take(shot, never)
    freezing = Freezing()
    asked(person, 2)
    freezing.give_up()
    assert portal.take(shot, never).data == b"the bank"
    assert len(person.asked) == 2


def test_a_picture_that_is_given_up_closes_its_dialog_and_no_other(person: FakePerson) -> None:
    shot, other = portal.begin(Shot()), portal.begin(Shot())
    wait_until(lambda: len(person.asked) == 2, "both", 5)
    portal.give_up(shot)
    wait_until(lambda: any(one.is_closed for one in person.asked), "the end of one", 5)
    (left,) = (one for one in person.asked if not one.is_closed)
    left.answer(Taken(b"the other"))
    assert portal.take(other, never).data == b"the other"


def test_a_picture_that_has_come_is_kept_for_more(person: FakePerson) -> None:
    shot = portal.begin(Shot())
    asked(person, 1).answer(Taken(b"here"))
    portal.take(shot, never)
    portal.give_up(shot)
    assert portal.take(shot, never).data == b"here"


def test_who_waits_for_a_picture_that_is_given_up_hears_of_it(person: FakePerson) -> None:
    """`Cancelled` would end the description without a word."""
    shot = portal.begin(Shot())
    asked(person, 1)
    with pytest.raises(ScreenNotAllowed, match=say(strings.SCREEN_GIVEN_UP)):
        portal.take(shot, portal.forget)
    wait_until(lambda: person.asked[0].is_closed, "the end of the dialog", 5)


def test_the_wait_ends_with_the_user_and_the_asking_with_its_owner(person: FakePerson) -> None:
    """More about a picture that is still being asked for is no second question."""
    shot = portal.begin(Shot())
    first = asked(person, 1)
    with pytest.raises(Cancelled):
        portal.take(shot, stop)
    first.answer(Taken(b"the same"))
    assert portal.take(shot, never).data == b"the same"
    assert len(person.asked) == 1


def test_a_user_who_stopped_is_not_asked(person: FakePerson) -> None:
    with pytest.raises(Cancelled):
        portal.take(Shot(), stop)
    assert person.asked == []


def test_after_a_refusal_is_asked_again(person: FakePerson) -> None:
    shot = portal.begin(Shot())
    asked(person, 1).answer(ScreenNotAllowed(reason="No."))
    with pytest.raises(ScreenNotAllowed, match="No"):
        portal.take(shot, never)

    def tick() -> None:
        if len(person.asked) == 2:
            person.asked[1].answer(Taken(b"yes"))

    assert portal.take(shot, tick).data == b"yes"


def test_a_picture_goes_with_the_last_who_has_its_shot(person: FakePerson) -> None:
    shot = portal.begin(Shot())
    asked(person, 1).answer(Taken(b"large"))
    portal.take(shot, never)
    del shot
    assert len(portal._takings) == 0


def test_what_is_to_be_heard_of_the_taking_goes_on_to_the_region(
    person: FakePerson, qtbot: QtBot
) -> None:
    freezing = Freezing()
    asked(person, 1).answer(Taken(picture(), ("The next time it asks otherwise.",)))
    whole = freezing.finish().whole
    part = screen.cut_out(whole, Box(10, 10, 20, 20), "region")
    assert part.notes == ("The next time it asks otherwise.",)
