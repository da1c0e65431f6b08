"""The running program changes its language when the setting does, without a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desktop import Desktop
from tests.desktop.processes import Child, wait_until
from tests.e2e.running import RunningProgram

pytestmark = pytest.mark.desktop

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"


@pytest.fixture
def window(desktop: Desktop) -> Child:
    """Another program's window in front."""
    return desktop.show_window(lines=("The invoice is due on Monday",), title="Accounts")


@pytest.fixture
def program(window: Child, warm_program: RunningProgram) -> RunningProgram:
    return warm_program


def set_language(desktop: Desktop, language: str) -> None:
    done = desktop.run(desktop.command("settings", "set", "language", language))
    assert done.returncode == 0, done.stderr


def menu(desktop: Desktop) -> list[str]:
    return [entry["label"] for entry in desktop.tray_menu()]


def test_a_change_of_the_setting_changes_everything_at_once(
    desktop: Desktop, program: RunningProgram
) -> None:
    program.ask("file", path=str(SAMPLES / "error_dialog.png"))
    program.wait_described("An error message: Save failed.")
    program.ask("stop")
    program.wait_state("idle")
    set_language(desktop, "es")
    assert program.status()["spoken"] == "A la espera. No hay nada en curso."
    assert program.ask("region")["spoken"].startswith("No hay ninguna región definida.")
    program.ask("stop")
    wait_until(lambda: "Describir ventana" in menu(desktop), "the menu in Spanish")
    assert "Describe Window" not in menu(desktop)
    program.ask("file", path=str(SAMPLES / "error_dialog.png"))
    told = program.wait_described("Un mensaje de error: Save failed.", "Botones: Retry")
    assert "Buttons" not in told["description"]
    program.wait_notified("Un mensaje de error: Save failed.")
    help_text = program.ask("help")["spoken"]
    assert "Control Shift F11" in help_text
    assert "W: ventana." in help_text
    set_language(desktop, "en")
    wait_until(lambda: "Describe Window" in menu(desktop), "the menu in English again")
    assert program.ask("stop")["ok"]


def test_the_dialog_for_a_file_follows(
    desktop: Desktop, window: Child, program: RunningProgram
) -> None:
    for language, title, button in [
        ("en", "Choose a picture", "Cancel"),
        ("es", "Elegir una imagen", "Cancelar"),
    ]:
        set_language(desktop, language)
        program.ask("file")
        wait_until(lambda: desktop.keys.windows(title), f"the dialog {title}")  # noqa: B023
        desktop.accessible.find("push button", button)
        desktop.keys.press("Escape")
        wait_until(lambda: not desktop.keys.windows(title), "the dialog to close")  # noqa: B023


def test_an_unknown_language_is_english(desktop: Desktop, program: RunningProgram) -> None:
    set_language(desktop, "es")
    file = Path(desktop.run(desktop.command("settings", "path")).stdout.strip())
    file.write_text('{"language": "xx"}')  # edited by hand; the command line refuses it
    program.ask("reload")
    assert program.status()["spoken"] == "Ready. Nothing is running."
    assert "Describe Window" in menu(desktop)


def test_it_starts_in_the_language_of_the_system(desktop: Desktop, window: Child) -> None:
    program = RunningProgram(desktop, is_new=True, env={"LANG": "es_ES.UTF-8", "LC_ALL": ""})
    text = program.wait_notified("ImageCraft está en marcha.")
    assert "Pulse Control Shift F12 para oír la ventana activa." in text
    assert "Describir ventana" in menu(desktop)
    program.ask("file", path=str(SAMPLES / "dog.jpg"))
    program.wait_described("Una foto de un perro")
