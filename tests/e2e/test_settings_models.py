"""A model is installed, checked and removed in the settings window, from a hub on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop import Desktop
from tests.desktop.processes import Child, wait_until
from tests.e2e.running import RunningProgram
from tests.e2e.test_cli_models import REPO
from tests.e2e.test_settings_app import (
    TITLE,
    focused,
    labels,
    open_settings,
    press_to,
    selected,
    tab_to,
    wait_active,
    wait_focus,
    wait_named,
    window,
)
from tests.e2e.test_settings_voices import turn_to
from tests.hub_server import Hub, Mischief
from tests.unit.describe.tiny import write_blip

__all__ = ["window"]

pytestmark = pytest.mark.desktop


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    tiny = write_blip(tmp_path / "blip")
    files = {one.name: one.read_bytes() for one in tiny.iterdir()}
    with Hub({REPO: files}).running() as one:
        yield one


@pytest.fixture
def program(desktop: Desktop, window: Child, hub: Hub, tmp_path: Path) -> RunningProgram:
    hub_env = {"HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "hf")}
    return RunningProgram(desktop, env=hub_env)


def choose_blip(desktop: Desktop, program: RunningProgram) -> None:
    """The row of the model, by its first letter, pressed until it is there."""
    open_settings(desktop, program)
    turn_to(desktop, "Models")
    wait_until(lambda: any(one.startswith("blip-base,") for one in labels(desktop)), "a list", 20)
    tab_to(desktop, "Models, those first that suit this machine")
    press_to(desktop, "b", lambda: row(desktop).split(",")[0], "blip-base")


def row(desktop: Desktop) -> str:
    """The chosen row of the list of models; "" while the list is being drawn."""
    return next(iter(selected(desktop)[1:]), "")


def begin(desktop: Desktop) -> None:
    tab_to(desktop, "Install")
    desktop.keys.press("space")
    wait_active(desktop, "Licence and Size")


def accept(desktop: Desktop) -> None:
    wait_named(desktop)
    assert "BSD-3-Clause" in str(wait_focus(desktop, "Licence and Size")["text"])
    tab_to(desktop, "I accept the licence and the size")
    desktop.keys.press("space")
    tab_to(desktop, "Download")
    desktop.keys.press("space")


def test_a_model_is_installed_after_consent_measured_checked_and_removed(
    desktop: Desktop, program: RunningProgram, hub: Hub
) -> None:
    choose_blip(desktop, program)
    begin(desktop)
    desktop.keys.press("Escape")
    program.wait_notified("Nothing was downloaded.")
    assert hub.asked == []
    wait_focus(desktop, "Install")
    begin(desktop)
    accept(desktop)
    program.wait_notified("The model blip-base is installed. Measuring how fast it is here.")
    told = program.wait_notified("Describes a picture in about", timeout_s=120)
    wait_until(
        lambda: any(
            n.startswith("blip-base,") and f" Installed. {told}" in n for n in labels(desktop)
        ),
        "the row to say so",
        10,
    )
    tab_to(desktop, "Measure its speed")
    assert focused(desktop)["description"].startswith("The model describes sample pictures")
    desktop.keys.press("space")
    wait_focus(desktop, "Cancel the work")
    desktop.keys.press("space")
    program.wait_notified("The model blip-base is installed, but not measured")
    tab_to(desktop, "Check the files")
    desktop.keys.press("space")
    program.wait_notified("all as they were installed")
    tab_to(desktop, "Remove")
    desktop.keys.press("space")
    wait_until(lambda: "Remove the model blip-base from this machine?" in labels(desktop), "?", 10)
    desktop.keys.press("alt+y")
    program.wait_notified("The model blip-base is removed")


def test_a_download_is_heard_if_asked_and_cancelled(
    desktop: Desktop, program: RunningProgram, hub: Hub
) -> None:
    hub.mischief.append(Mischief(part="model.safetensors", pace=20))
    choose_blip(desktop, program)
    tab_to(desktop, "Say how far the work is")
    desktop.keys.press("space")
    begin(desktop)
    accept(desktop)
    program.wait_notified("Downloading 1 megabyte")
    wait_focus(desktop, "Cancel the work")
    desktop.keys.press("space")
    program.wait_notified("Cancelled. What has come of blip-base is kept")
    assert program.status()["state"] in {"idle", "speaking"}


def test_one_logs_in_to_the_hub_with_a_token_that_nobody_sees(
    desktop: Desktop, program: RunningProgram, hub: Hub, tmp_path: Path
) -> None:
    token = "hfqqqqqqqqqqqqqq"
    hub.tokens.add(token)
    open_settings(desktop, program)
    turn_to(desktop, "Models")
    tab_to(desktop, "Log in to the Hub")
    assert focused(desktop)["description"].startswith("Some models are given only to those who")
    desktop.keys.press("space")
    wait_active(desktop, "Log In to the Hugging Face Hub")
    wait_named(desktop)
    field = wait_focus(desktop, "Access token of the Hugging Face Hub")
    assert field["role"] == "password text"
    assert field["description"].startswith("Make one at huggingface.co/settings/tokens")
    desktop.keys.type("hfwrong")
    desktop.keys.press("Return")
    program.wait_notified("The Hugging Face Hub does not know this access token.")
    wait_active(desktop, TITLE)
    tab_to(desktop, "Log in to the Hub")
    desktop.keys.press("space")
    wait_active(desktop, "Log In to the Hugging Face Hub")
    wait_focus(desktop, "Access token of the Hugging Face Hub")
    desktop.keys.type(token)
    wait_until(lambda: len(str(focused(desktop)["text"])) == len(token), "the token", 10)
    assert token not in str(desktop.accessible.tree())
    desktop.keys.press("Return")
    program.wait_notified("You are logged in to the Hugging Face Hub as anna.")
    assert (tmp_path / "hf" / "token").read_text() == token
    wait_active(desktop, TITLE)
    tab_to(desktop, "Log out of the Hub")
    desktop.keys.press("space")
    program.wait_notified("You are logged out of the Hugging Face Hub on this machine")
    assert not (tmp_path / "hf" / "token").exists()
    own = [
        Path(desktop.env[name]) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    ]
    files = [one for folder in own for one in folder.rglob("*") if one.is_file()]
    assert files
    assert not [one for one in files if token.encode() in one.read_bytes()]
