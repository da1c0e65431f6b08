"""Whether another machine may be sent pictures is asked where its address is set."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from imagecraft_desktop.describe.server.address import allow, allowed, is_allowed, read_address
from imagecraft_desktop.windows.consent import ServerConsent

# of the offscreen platform alone
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
YES, NO = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No


@pytest.fixture
def asking(qtbot: QtBot) -> tuple[ServerConsent, QWidget, list[str]]:
    window, told = QWidget(), []
    qtbot.addWidget(window)
    window.show()
    return ServerConsent(lambda: window, told.append), window, told


def boxes(window: QWidget) -> list[QMessageBox]:
    return window.findChildren(QMessageBox)


@pytest.mark.parametrize("typed", ["", "127.0.0.1:8080", "http://[::1]:1", "two words", "old"])
def test_nothing_is_asked_of_this_machine_or_an_allowed_one(asking, typed: str) -> None:
    consent, window, told = asking
    allow(read_address("old"))
    consent.ask(typed)
    assert (boxes(window), told) == ([], [])


def test_no_is_what_enter_says_and_allows_nothing(asking) -> None:
    consent, window, told = asking
    consent.ask("https://box.example/v1")
    (box,) = boxes(window)
    assert box.defaultButton() is box.button(NO)
    assert "will be sent to box.example" in box.text()
    assert "not encrypted" not in box.text()
    box.button(NO).click()
    assert told[0].startswith("box.example is not allowed, and nothing is sent there.")
    assert allowed() == {}


def test_yes_allows_the_machine_and_the_button_takes_it_back(asking) -> None:
    consent, window, told = asking
    consent.ask("box:8080")
    assert "On their way there they are not encrypted." in boxes(window)[0].text()
    boxes(window)[0].button(YES).click()
    assert list(allowed()) == ["box"]
    consent.change("box:8080")
    boxes(window)[-1].button(YES).click()
    assert allowed() == {}
    assert told == [
        "box is allowed. The button Permission to send takes it back.",
        "box is not allowed any more.",
    ]


@pytest.mark.parametrize("answer", [YES, NO])
def test_a_machine_that_is_allowed_over_https_is_asked_about_anew_without(
    asking, answer: QMessageBox.StandardButton
) -> None:
    consent, window, told = asking
    allow(read_address("https://box"))
    consent.ask("https://box:8443")
    assert boxes(window) == []
    consent.ask("http://box")
    (box,) = boxes(window)
    assert "On their way there they are not encrypted." in box.text()
    box.button(answer).click()
    assert is_allowed(read_address("http://box")) is (answer is YES)
    assert is_allowed(read_address("https://box"))
    said = (
        "box is allowed."
        if answer is YES
        else "box is allowed only by an address that begins with https, and nothing is sent there without encryption."
    )
    assert told[0].startswith(said)


def test_the_button_says_why_there_is_nothing_to_allow(asking) -> None:
    consent, window, told = asking
    consent.change("")
    consent.change("localhost:1")
    assert told == [
        "No server is named. Type its address first.",
        "localhost is this machine and needs no permission.",
    ]
    assert boxes(window) == []
