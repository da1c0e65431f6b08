"""What is shown, and how it is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.announce import Announcer, cut
from imagecraft_desktop.values import Failure, Outcome
from tests.fakes import FakeNotifier


def test_a_short_text_is_whole() -> None:
    assert cut("Two dogs.") == "Two dogs."


def test_a_long_text_ends_with_a_sentence_and_says_that_there_is_more() -> None:
    text = "One sentence is here. " * 40
    shown = cut(text)
    assert len(shown) < 420
    assert shown == say(
        strings.APP_CUT, text="One sentence is here. " * 15 + "One sentence is here."
    )


@given(st.text(min_size=361, max_size=2000))
def test_what_is_cut_is_the_beginning(text: str) -> None:
    tail = say(strings.APP_CUT, text="")
    assert text.startswith(cut(text).removesuffix(tail).rstrip())


def test_only_what_is_wanted_or_cannot_be_heard_is_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    notes = FakeNotifier()
    announcer = Announcer(notes, is_wanted=False)
    announcer.show_description(Outcome(1, None, "Two dogs."))
    announcer.show_message("Ready.")
    assert notes.texts == []
    failure = Failure(1, "No sound device.", "none", 5)
    announcer.show_description(Outcome(1, None, "Two dogs.", speech_failure=failure))
    announcer.show_message("Ready.", is_silent=True)
    announcer.show_failure(failure)
    assert notes.texts == ["No sound device.\nTwo dogs.", "Ready.", "No sound device."]
    assert capsys.readouterr().out == ""  # standard output is no terminal here, perhaps a log


def test_warnings_come_first() -> None:
    notes = FakeNotifier()
    Announcer(notes).show_description(Outcome(1, None, "Two dogs.", warnings=("Another voice.",)))
    assert notes.texts == ["Another voice.\nTwo dogs."]


def test_a_file_name_that_is_not_utf_8_can_be_shown() -> None:
    notes = FakeNotifier()
    announcer = Announcer(notes)
    announcer.show_message("Describing \udce9.png.")
    announcer.show_failure(Failure(1, "\udce9.png cannot be read.", "", 3))
    assert notes.texts == ["Describing ?.png.", "?.png cannot be read."]
