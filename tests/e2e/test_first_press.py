"""The very first press reaches the program, also from a keyboard that was not used before.

The X server then tells every program that the keyboard has changed. The keys must stay grabbed
meanwhile.
"""

from collections.abc import Callable

import pytest

from imagecraft_desktop.bench.keys import press
from tests.desktop import Desktop
from tests.e2e.running import RunningProgram

pytestmark = pytest.mark.desktop


def test_first_press_of_another_keyboard_is_taken(make_desktop: Callable[..., Desktop]) -> None:
    for _ in range(3):  # it went wrong about every second time
        desktop = make_desktop(tray=False, notifications=False, accessibility=False)
        desktop.show_window(lines=["Invoice 42 is due"], title="Accounts")
        program = RunningProgram(desktop)
        press("ctrl+shift+f12", desktop.env["DISPLAY"])
        program.wait_described("Invoice 42", timeout_s=30)
        desktop.close()
