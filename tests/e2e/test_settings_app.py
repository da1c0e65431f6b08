"""The settings window as a blind person uses it: real keys, and what a screen reader gets."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.desktop import Desktop
from tests.desktop.processes import Child, WaitedTooLong, wait_until
from tests.e2e.running import RunningProgram

pytestmark = pytest.mark.desktop

LAYER = "ctrl+shift+f11"
TITLE = "ImageCraft Settings"
# the frame itself takes the focus, too; a list's current row calls itself focused at any time
_FRAMES = {"frame", "dialog", "filler", "application", "list item"}


@pytest.fixture
def window(desktop: Desktop) -> Child:
    """Another program's window."""
    return desktop.show_window(lines=["Quarterly accounts"], title="Accounts", entry=True)


@pytest.fixture
def program(window: Child, warm_program: RunningProgram) -> RunningProgram:
    return warm_program


def settings_file(desktop: Desktop) -> Path:
    return Path(desktop.env["XDG_CONFIG_HOME"]) / "imagecraft-desktop" / "settings.json"


def kept(desktop: Desktop) -> dict[str, Any]:
    file = settings_file(desktop)
    return json.loads(file.read_text()) if file.exists() else {}


def wait_kept(desktop: Desktop, **wanted: object) -> None:
    wait_until(lambda: wanted.items() <= kept(desktop).items(), f"{wanted} in {kept(desktop)}", 20)


def open_settings(desktop: Desktop, program: RunningProgram) -> None:
    program.ask("settings")
    wait_active(desktop, TITLE)


def wait_active(desktop: Desktop, title: str) -> None:
    def is_active() -> bool:
        found = desktop.keys.windows(f"^{title}$")
        return bool(found) and desktop.keys.active_window() in found

    wait_until(is_active, f"the window {title}", 20)


def focused(desktop: Desktop) -> dict[str, Any]:
    """What has the focus, as a screen reader sees it."""

    def look() -> dict[str, Any] | None:
        return desktop.accessible.focused("imagecraft-desktop", sorted(_FRAMES))

    found: dict[str, Any] = wait_until(look, "a control with the focus", 20, step_s=0.1)
    return found


def wait_focus(desktop: Desktop, name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = []

    def look() -> bool:
        found[:] = [focused(desktop)]
        return name in {found[0]["name"], *found[0]["labels"]}

    try:
        wait_until(look, f"the focus on {name}", 20, step_s=0.1)
    except AssertionError as late:
        raise AssertionError(f"{late}; it is on {found}") from None
    return found[0]


class WentPast(AssertionError):
    """The last place was reached, and none was the wanted one."""


def press_to(
    desktop: Desktop, key: str, look: Callable[[], str], wanted: str, *, last: str = ""
) -> None:
    """Press a key until the keyboard is there; each press only after the one before has had its
    effect, for else it would go past: WentPast at the `last` place."""
    for _ in range(40):
        if (place := look()) == wanted:
            return
        if place and place == last:
            raise WentPast(f"{key} led to {last}, and not to {wanted}")
        desktop.keys.press(key)
        with suppress(WaitedTooLong):  # the next place may have the same name
            wait_until(lambda place=place: look() not in ("", place), "the next place", 3)
    there = [(one["app"], one["role"], one["name"]) for one in desktop.accessible.tree()]
    raise AssertionError(f"40 times {key} led to {look()}, not to {wanted}; there are {there}")


def tab_to(desktop: Desktop, name: str) -> None:
    """Tab to a control of this name."""
    press_to(desktop, "Tab", lambda: str(focused(desktop)["name"]), name)


def wait_named(desktop: Desktop) -> None:
    """Until everything in our windows that can have the keyboard has a name."""
    left: list[object] = []

    def are_named() -> bool:
        left[:] = [desktop.accessible.nameless("imagecraft-desktop")]
        return left == [[]]

    try:
        wait_until(are_named, "names", 10, step_s=0.1)
    except AssertionError as late:
        raise AssertionError(f"{late} for {left}") from None


def said_twice(desktop: Desktop) -> list[tuple[str, list[str]]]:
    """What is shown whose label and name a reader says both: those that are not the same. The name of a combo box
    is what is chosen in it."""
    parts = desktop.accessible.tree(app="imagecraft-desktop", state="focusable", only_shown=True)
    labelled = [one for one in parts if one["labels"] and one["role"] != "combo box"]
    return [(one["name"], one["labels"]) for one in labelled if set(one["labels"]) != {one["name"]}]


def search(desktop: Desktop, words: str, first: str) -> dict[str, Any]:
    """Look for a setting and go to it."""
    desktop.keys.press("ctrl+f")
    desktop.keys.press("ctrl+a")
    desktop.keys.type(words)
    desktop.keys.press("Return")
    return wait_focus(desktop, first)


def selected(desktop: Desktop) -> list[str]:
    """The chosen rows of the lists shown, the list of pages first."""
    rows = desktop.accessible.tree(role="list item", state="selected", only_shown=True)
    return [str(one["name"]) for one in rows]


def page(desktop: Desktop) -> str:
    """The chosen row of the list of pages; "" while the list is being drawn."""
    return next(iter(selected(desktop)), "")


def test_layer_and_letter_open_the_settings_and_every_page_is_named(
    desktop: Desktop, program: RunningProgram
) -> None:
    desktop.keys.press(LAYER)
    desktop.keys.press("o")
    wait_active(desktop, TITLE)
    wait_focus(desktop, "Pages")
    names = []
    for _ in range(9):
        names.append(page(desktop))
        desktop.accessible.find("panel", names[-1])
        wait_named(desktop)
        assert said_twice(desktop) == []
        desktop.keys.press("Down")
    assert names == [
        *("Speech", "Description", "Hotkeys", "Signs", "History", "The program"),
        *("Your voices", "Models", "Privacy"),
    ]


MOST_EVENTS = 200
"""Of a page with its window. Orca needs up to 10 ms for each, and says nothing before it has done all."""


def test_opening_tells_a_reader_of_no_page_that_is_not_seen(
    desktop: Desktop, window: Child
) -> None:
    program = RunningProgram(desktop)
    desktop.accessible.count_events()
    open_settings(desktop, program)
    wait_focus(desktop, "Pages")
    wait_until(lambda: len(offered(desktop)) == 3, "all lists of the page", 20)
    count_told(desktop)
    desktop.keys.press("Down")
    desktop.accessible.find("panel", "Description")
    count_told(desktop)


def offered(desktop: Desktop) -> list[str]:
    """What is chosen in the lists that the program fills when it knows what there is: the voice and both devices."""
    ours = ("hibari: Hibari, the built-in English voice", "the system's default")
    shown = [one for one in desktop.accessible.tree() if one["role"] == "combo box"]
    return [one["name"] for one in shown if one["name"] in ours]


def count_told(desktop: Desktop) -> None:
    """So many events at most came since the last time."""
    told = desktop.accessible.count_events()
    assert 20 < sum(told.values()) <= MOST_EVENTS, told


def test_each_control_has_help_and_its_key_leads_to_it(
    desktop: Desktop, program: RunningProgram
) -> None:
    open_settings(desktop, program)
    rate = search(desktop, "speech rate", "Speech rate")
    assert rate["role"] == "spin button"
    assert rate["description"] == "1 is the normal speed of the voice, 2 is twice as fast."
    desktop.keys.press("Escape")
    wait_focus(desktop, "Pages")
    desktop.keys.press("Home")  # to the first page, wherever another test left it
    desktop.keys.press("alt+v")
    assert wait_focus(desktop, "Voice")["role"] == "combo box"
    pitch = search(desktop, "voice pitch", "Voice pitch")
    assert (pitch["role"], pitch["text"]) == ("spin button", "0.0")
    assert "cannot change" not in pitch["description"]
    program.ask("stop")
    done = desktop.run(desktop.command("settings", "set", "voice", "silence"))
    assert done.returncode == 0
    wait_until(
        lambda: "The voice silence cannot change its pitch" in str(focused(desktop)["description"]),
        "the help to say that this voice cannot",
        20,
    )
    microphone = search(
        desktop, "which one hears you", "Microphone; empty for the system's default"
    )
    assert microphone["role"] == "combo box"


def test_a_button_proves_that_nothing_is_sent(desktop: Desktop, program: RunningProgram) -> None:
    open_settings(desktop, program)
    button = search(desktop, "prove it", "Prove it")
    assert button["role"] == "push button"
    assert button["description"].startswith("Describes two pictures and reads them")
    desktop.keys.press("space")
    program.wait_notified("Describing and reading with the network closed.")
    told = program.wait_notified("nothing was sent, and nothing tried to.", timeout_s=120)
    wait_focus(desktop, "Prove it")
    wait_until(lambda: told in labels(desktop), "the proof at the end of the list", 10)


def test_another_machine_is_asked_about_where_its_address_is_typed(
    desktop: Desktop, program: RunningProgram
) -> None:
    allowed = Path(desktop.env["XDG_DATA_HOME"]) / "imagecraft-desktop" / "servers.json"
    open_settings(desktop, program)
    search(desktop, "address server", "Address of the server that the captioner server asks")
    desktop.keys.type("box.example:8080")
    desktop.keys.press("Return")
    wait_active(desktop, "ImageCraft asks")
    question = next(one for one in labels(desktop) if "will be sent to box.example" in one)
    assert "they are not encrypted. Do you allow it?" in question
    assert wait_focus(desktop, "No")["role"] == "push button"
    desktop.keys.press("Return")
    program.wait_notified("box.example is not allowed, and nothing is sent there.")
    assert not allowed.exists()
    wait_active(desktop, TITLE)
    search(desktop, "permission to send", "Address of the server that the captioner server asks")
    desktop.keys.press("Tab")
    button = wait_focus(desktop, "Permission to send")
    assert button["description"].startswith("Asks whether pictures may be sent")
    desktop.keys.press("space")
    wait_active(desktop, "ImageCraft asks")
    desktop.keys.press("alt+y")
    program.wait_notified("box.example is allowed.")
    assert list(json.loads(allowed.read_text())["allowed"]) == ["box.example"]
    wait_active(desktop, TITLE)
    desktop.keys.press("space")
    wait_active(desktop, "ImageCraft asks")
    desktop.keys.press("alt+y")
    program.wait_notified("box.example is not allowed any more.")


def test_a_change_is_in_use_at_once_and_survives_a_kill(desktop: Desktop, window: Child) -> None:
    program = RunningProgram(desktop)
    open_settings(desktop, program)
    search(desktop, "how much", "How much is said")
    desktop.keys.press("Up")
    wait_kept(desktop, detail="brief")
    search(desktop, "soft tick", "Soft tick while working")
    desktop.keys.press("space")
    wait_kept(desktop, working_tick=False)
    search(desktop, "speech rate", "Speech rate")
    desktop.keys.press("Up")
    wait_kept(desktop, speech_rate=1.1)
    os.kill(program.pid, signal.SIGKILL)
    program.process.wait()
    again = RunningProgram(desktop)
    open_settings(desktop, again)
    rate = search(desktop, "speech rate", "Speech rate")
    assert rate["text"] == "1.10"


def test_the_language_changes_under_the_window_and_the_focus_stays(
    desktop: Desktop, program: RunningProgram
) -> None:
    open_settings(desktop, program)
    search(desktop, "language; auto", "Language; auto for the system's")
    press_to(desktop, "End", lambda: str(kept(desktop).get("language")), "es")
    wait_active(desktop, "Configuración de ImageCraft")
    assert "Idioma" in " ".join(focused(desktop)["labels"])


def test_the_language_changes_while_the_window_is_closed(
    desktop: Desktop, program: RunningProgram
) -> None:
    open_settings(desktop, program)
    desktop.keys.press("End")
    press_to(desktop, "Up", lambda: page(desktop), "Models")
    desktop.keys.press("Escape")
    wait_until(lambda: not desktop.keys.windows(TITLE), "the window to close", 10)
    program.use(language="es")
    program.ask("settings")
    wait_active(desktop, "Configuración de ImageCraft")
    desktop.keys.press("End")
    press_to(desktop, "Up", lambda: page(desktop), "Modelos")
    rows = desktop.accessible.find("list", "Modelos, primero los que convienen a este equipo")
    assert rows["children"] > 5
    log = (
        Path(desktop.env["XDG_STATE_HOME"])
        / "imagecraft-desktop"
        / "log"
        / "imagecraft-desktop.log"
    )
    assert "nobody caught this" not in log.read_text("utf-8")


def test_the_language_of_descriptions_is_chosen_from_a_list(
    desktop: Desktop, program: RunningProgram
) -> None:
    open_settings(desktop, program)
    search(
        desktop,
        "describes in",
        "Language that a model describes in, if it can; auto for that of the program",
    )
    desktop.keys.type("esp")
    wait_kept(desktop, description_language="es")


def test_a_bad_value_is_refused_with_its_sentence_and_nothing_is_lost(
    desktop: Desktop, program: RunningProgram
) -> None:
    open_settings(desktop, program)
    search(desktop, "region", "Region of the screen to describe: left, top, width, height")
    desktop.keys.type("1,2,three")
    desktop.keys.press("Return")
    program.wait_notified("1,2,three")
    assert focused(desktop)["text"] == "1,2,three"
    assert kept(desktop) == {}
    desktop.keys.press("ctrl+a")
    desktop.keys.type("0,0,400,300")
    desktop.keys.press("Return")
    wait_kept(desktop, region="0,0,400,300")


def await_key(desktop: Desktop, time: int) -> None:
    """Press the button that takes a new key, for the first time, the second."""

    def times() -> int:
        texts = [str(e["body"]) for e in desktop.events if e["event"] == "notify"]
        return sum("Press the new key now" in text for text in texts)

    desktop.keys.press("space")
    wait_until(lambda: times() == time, f"{time} times to be asked for a key", 20)


def test_a_new_key_is_pressed_tried_and_used(
    desktop: Desktop, window: Child, program: RunningProgram
) -> None:
    open_settings(desktop, program)
    name = "Key that describes the active window: Control Shift F12"
    search(desktop, "key that describes", name)
    await_key(desktop, 1)
    desktop.keys.press("ctrl+c")
    program.wait_notified("Nearly every program uses it")
    await_key(desktop, 2)
    # the key of now reaches the window, too, and is the same as the other one: refused
    desktop.keys.press(LAYER)
    program.wait_notified("a key that no other setting has")
    await_key(desktop, 3)
    desktop.keys.press("Escape")
    program.wait_notified("The key is Control Shift F12 now.")
    await_key(desktop, 4)
    wait_focus(desktop, name)  # as long as there is no other
    desktop.keys.press("ctrl+shift+f9")
    wait_kept(desktop, window_key="ctrl+shift+f9")
    program.wait_notified("The key is Control Shift F9 now.")
    wait_focus(desktop, "Key that describes the active window: Control Shift F9")
    desktop.keys.press("Tab")
    wait_focus(desktop, "Try the keys")
    desktop.keys.press("space")
    program.wait_notified("For 15 seconds they only tell")
    desktop.keys.press("ctrl+shift+f9")
    program.wait_notified("Control Shift F9 works.")
    desktop.keys.press("Escape")
    desktop.keys.press("Escape")
    wait_until(lambda: not desktop.keys.windows(TITLE), "the window to close", 10)
    desktop.keys.press("ctrl+shift+f9")
    program.wait_described("Accounts")


def test_resetting_asks_first_and_the_focus_returns(
    desktop: Desktop, program: RunningProgram
) -> None:
    settings_file(desktop).parent.mkdir(parents=True, exist_ok=True)
    settings_file(desktop).write_text('{"speech_rate": 2.0, "detail": "brief"}')
    program.ask("reload")
    open_settings(desktop, program)
    search(desktop, "speech rate", "Speech rate")
    tab_to(desktop, "Reset this setting")
    desktop.keys.press("space")
    wait_until(lambda: "Reset this setting: Speech rate?" in labels(desktop), "the question", 10)
    desktop.keys.press("Escape")
    wait_focus(desktop, "Reset this setting")
    assert kept(desktop) == {"speech_rate": 2.0, "detail": "brief"}
    desktop.keys.press("space")
    wait_until(lambda: "Reset this setting: Speech rate?" in labels(desktop), "the question", 10)
    desktop.keys.press("alt+y")
    wait_until(lambda: kept(desktop) == {"detail": "brief"}, "the rate to be reset", 10)
    wait_focus(desktop, "Reset this setting")


def labels(desktop: Desktop) -> set[str]:
    return {
        one["name"] for one in desktop.accessible.tree(app="imagecraft-desktop", only_shown=True)
    }


def test_a_background_action_takes_no_focus_from_the_settings(
    desktop: Desktop, window: Child, program: RunningProgram
) -> None:
    open_settings(desktop, program)
    search(desktop, "speech rate", "Speech rate")
    changed = desktop.run(desktop.command("settings", "set", "speech_rate", "2"))
    assert changed.returncode == 0
    wait_until(lambda: focused(desktop)["text"] == "2.00", "the new rate in the window", 10)
    program.ask("clipboard")
    wait_focus(desktop, "Speech rate")


def test_the_command_opens_the_window(desktop: Desktop, program: RunningProgram) -> None:
    done = desktop.run(desktop.command("settings", "window"))
    assert (done.returncode, done.stderr) == (0, "")
    wait_active(desktop, TITLE)


def test_autostart_is_a_setting(desktop: Desktop, program: RunningProgram) -> None:
    open_settings(desktop, program)
    search(desktop, "start when", "Start when I log in")
    desktop.keys.press("space")
    wait_kept(desktop, autostart=True)
    entry = Path(desktop.env["XDG_CONFIG_HOME"]) / "autostart" / "imagecraft-desktop.desktop"
    assert "imagecraft_desktop" in entry.read_text()
    desktop.keys.press("space")
    wait_until(lambda: not entry.exists(), "no autostart", 10)


def choose_file(desktop: Desktop, button: str, title: str, path: Path) -> None:
    """From a setting on to the button; in its dialog the file is typed."""
    tab_to(desktop, button)
    desktop.keys.press("space")
    wait_active(desktop, f"{title}( .+ ImageCraft)?")
    wait_named(desktop)
    desktop.keys.press("ctrl+a")
    desktop.keys.type(str(path))
    desktop.keys.press("Return")
    wait_active(desktop, TITLE)
    wait_focus(desktop, button)


def test_settings_are_exported_and_imported_by_keyboard_and_a_bad_file_changes_nothing(
    desktop: Desktop, program: RunningProgram, tmp_path: Path
) -> None:
    settings_file(desktop).parent.mkdir(parents=True, exist_ok=True)
    settings_file(desktop).write_text('{"speech_rate": 2.0, "server_key": "s3cret"}')
    program.ask("reload")
    open_settings(desktop, program)
    search(desktop, "speech rate", "Speech rate")
    choose_file(desktop, "Export", "Export", tmp_path / "mine")
    program.wait_notified("mine.json")
    exported = (tmp_path / "mine.json").read_text()
    assert json.loads(exported)["settings"] == {"speech_rate": 2.0}
    assert "s3cret" not in exported

    bad = tmp_path / "bad.json"
    bad.write_text("{")
    choose_file(desktop, "Import", "Import", bad)
    program.wait_notified("Nothing was changed")
    assert kept(desktop) == {"speech_rate": 2.0, "server_key": "s3cret"}

    theirs = json.loads(exported)
    theirs["settings"] = {"detail": "brief", "speech_rate": 99, "gone": 1}
    (tmp_path / "theirs.json").write_text(json.dumps(theirs))
    choose_file(desktop, "Import", "Import", tmp_path / "theirs.json")
    wait_kept(desktop, detail="brief", speech_rate=2.0, server_key="s3cret")
    told = program.wait_notified("There is no setting called gone.")
    assert "cannot be 99" in told
    desktop.keys.press("ctrl+f")
    assert search(desktop, "how much", "How much is said")["role"] == "combo box"

    desktop.keys.press("Escape")
    wait_focus(desktop, "Pages")
    tab_to(desktop, "Import")
    desktop.keys.press("space")
    wait_active(desktop, "Import( .+ ImageCraft)?")
    desktop.keys.press("Escape")
    wait_active(desktop, TITLE)
    wait_focus(desktop, "Import")
