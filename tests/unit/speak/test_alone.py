"""A sentence of a program that cannot start goes to a reader or a quick voice, never to both."""

from __future__ import annotations

import pytest

from imagecraft_desktop.speak.alone import say_alone
from imagecraft_desktop.speak.player import Player
from imagecraft_desktop.speak.reader.route import Route
from imagecraft_desktop.values import Manner
from tests.fakes import FakeReader


@pytest.mark.parametrize("takes", [True, False])
def test_a_reader_that_takes_it_says_it_instead(
    takes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(Player, "begin", lambda _: begun.append("begin"))
    reader = FakeReader(takes=takes)
    say_alone("It is over.", Route("auto", [reader]), Player(), Manner(), "silence")
    assert reader.texts == ["It is over."]
    assert begun == ([] if takes else ["begin"])
