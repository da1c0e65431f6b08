"""Keys taken from a real X server by a process of their own, which may be late or stand still."""

import signal

import pytest

from tests.desktop.processes import WaitedTooLong, wait_until

pytestmark = pytest.mark.desktop

LAYER, WINDOW = "ctrl+shift+f11", "ctrl+shift+f12"

_LISTENER = f"""
import json, signal
from imagecraft_desktop.trigger.hotkeys import read_bindings
from imagecraft_desktop.trigger.x11 import GrabbedKeys

def tell(heard):
    print(json.dumps({{"event": "heard", "what": (heard.action or heard.what).name.lower()}}), flush=True)

signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
keys = GrabbedKeys(read_bindings({LAYER!r}, {WINDOW!r})[0], tell)
keys.start()
while True:
    signal.sigwait([signal.SIGUSR1])
    keys.rebind(read_bindings({LAYER!r}, {WINDOW!r})[0])
"""


class Listener:
    """The process, and the keys that it heard."""

    def __init__(self, desktop):
        self._desktop = desktop
        self.child = desktop.spawn(desktop.python("-c", _LISTENER))
        self.child.wait_event("heard", 20, what="ready")

    def heard(self):
        return [event["what"] for event in self.child.events[1:]]

    def wait_heard(self, *what):
        try:
            wait_until(lambda: self.heard() == list(what), f"{what}", 8)
        except WaitedTooLong as late:
            raise AssertionError(f"{late}, heard {self.heard()}") from None

    def bind_anew(self):
        self.child.process.send_signal(signal.SIGUSR1)

    def press_while_it_stands_still(self, *keys):
        self.child.process.send_signal(signal.SIGSTOP)
        try:
            for key in keys:
                self._desktop.keys.press(key)
        finally:
            self.child.process.send_signal(signal.SIGCONT)


@pytest.fixture
def listener(desktop):
    return Listener(desktop)


def texts(window):
    return [event["text"] for event in window.events if event["event"] == "text"]


def test_a_letter_pressed_before_the_program_could_answer_is_not_lost(desktop, listener):
    window = desktop.show_window(entry=True)
    listener.press_while_it_stands_still(LAYER, "w")
    listener.wait_heard("opened", "window")
    typed = wait_until(
        lambda: desktop.keys.press("a") or texts(window), "what is typed after it", 5
    )
    assert set(typed[0]) == {"a"}  # no modifier stays held


def test_keys_pressed_before_others_are_wanted_are_not_lost(desktop, listener):
    listener.child.process.send_signal(signal.SIGSTOP)
    listener.bind_anew()
    listener.press_while_it_stands_still(LAYER, "w")
    listener.wait_heard("opened", "window", "ready")


def test_the_layer_key_once_more_opens_the_layer_anew(desktop, listener):
    for key in (LAYER, LAYER, "w"):
        desktop.keys.press(key)
    listener.wait_heard("opened", "opened", "window")


def test_in_the_layer_the_window_key_does_what_it_always_does(desktop, listener):
    for key in (LAYER, WINDOW, WINDOW):
        desktop.keys.press(key)
    listener.wait_heard("opened", "window", "window")


def test_a_letter_that_does_nothing_closes_the_layer(desktop, listener):
    for key in (LAYER, "k", "w"):
        desktop.keys.press(key)
    listener.wait_heard("opened", "unknown")
