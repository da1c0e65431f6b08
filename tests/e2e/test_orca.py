"""The real Orca says our windows and gets our sentences, each once; `python -m tests.orca` walks through more."""

from __future__ import annotations

import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from tests.desktop import Desktop
from tests.e2e.running import RunningProgram
from tests.orca import WINDOW, Hearing, Listener, absent

pytestmark = pytest.mark.desktop

TITLE = "Accounts - ImageCraft"
FRAME = say(strings.REGION_TITLE)
OURS, THEIRS = (f"{FRAME} frame.",), ("Accounts.", "text.")
"""What Orca says by itself of the focus in our frame, and in the other program's window."""


def test_orca_says_each_sentence_once_and_names_what_tab_leads_to(desktop: Desktop) -> None:
    if missing := absent():
        pytest.fail(f"apt-get install --no-install-recommends {' '.join(missing)}", pytrace=False)
    listener = Listener(desktop)
    desktop.show_window(lines=["The invoice is due"], title="Accounts", entry=True)
    program = RunningProgram(desktop, env=listener.env)
    program.use(earcons=False)
    hearing = Hearing(desktop, listener)
    with desktop.record() as heard:
        count = hearing.press(WINDOW)
        told = program.wait_described("The invoice is due")
        hearing.once(told["description"], count)
        hearing.region()
        assert (told["reader"], heard.loud_at_s()) == ("Orca", None)
    describe_less_in_the_list(program, hearing)
    hearing.window("v", TITLE, 2, "ctrl+w")  # a list, then the question
    program.use(earcons=False, output_route="voice")
    choose_with_our_own_voice(desktop, program, hearing)
    assert (hearing.missing, hearing.wrong) == ([], [])


def describe_less_in_the_list(program: RunningProgram, hearing: Hearing) -> None:
    """A new description comes where the focus is; only the keys of the list read from it then."""
    hearing.open("v", TITLE)
    count = hearing.press("ctrl+shift+d")
    text = program.wait_described("A window, Accounts")["description"]
    hearing.once(text, count)
    hearing.nothing_but((text,), count)
    count = hearing.press("Down")
    hearing.once(f"{text} Certain, top left.", count)
    hearing.close("ctrl+w", TITLE)


def choose_with_our_own_voice(desktop: Desktop, program: RunningProgram, hearing: Hearing) -> None:
    """Orca says where the focus is, and we all else."""
    for keys, allowed in (("r", OURS + THEIRS), ("Left", ()), ("5", ())):
        with desktop.record() as heard:
            count = hearing.open("r", FRAME) if keys == "r" else hearing.press(keys)
            hearing.told()
            heard.wait_for_sound(30)
            hearing.nothing_but(allowed, count)
    count = hearing.press("Escape")
    hearing.nothing_but(THEIRS, count)
    program.ask("stop")
