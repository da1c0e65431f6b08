"""The real Orca says our windows and gets our descriptions; `python -m tests.orca` walks through more of them."""

from __future__ import annotations

import pytest

from tests.desktop import Desktop
from tests.e2e.running import RunningProgram
from tests.orca import WINDOW, Hearing, Listener, absent

pytestmark = pytest.mark.desktop


def test_orca_gets_the_description_and_names_what_tab_leads_to(desktop: Desktop) -> None:
    if missing := absent():
        pytest.fail(f"apt-get install --no-install-recommends {' '.join(missing)}", pytrace=False)
    listener = Listener(desktop)
    desktop.show_window(lines=["The invoice is due"], title="Accounts", entry=True)
    program = RunningProgram(desktop, env=listener.env)
    program.use(earcons=False)
    hearing = Hearing(desktop, listener)
    with desktop.record() as heard:
        count = listener.settle()
        desktop.keys.press(WINDOW)
        told = program.wait_described("The invoice is due")
        hearing.description("The invoice is due", count)
        assert (told["reader"], heard.loud_at_s()) == ("Orca", None)
    hearing.window("v", "Accounts - ImageCraft", 2, "ctrl+w")  # a list, then the question
    assert not hearing.missing
