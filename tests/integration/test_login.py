"""A login to the Hub is checked, kept where the Hub's own programs look for it, and forgotten again."""

from __future__ import annotations

import os
import stat

import pytest
from huggingface_hub import constants, get_token, hf_api

from imagecraft_desktop.errors import (
    Cancelled,
    LoginFailed,
    LoginNotChanged,
    LoginOffline,
    TokenMissing,
    TokenRefused,
)
from imagecraft_desktop.weights import login
from tests.cancelling import Ticks
from tests.hub_server import Mischief
from tests.integration.test_download import BLIP, REPO, hub, install

__all__ = ["hub"]

TOKEN = "hf_" + "q" * 34


def go_on():
    pass


@pytest.fixture
def place(hub, monkeypatch, tmp_path):
    """The file with the token; the Hub knows it."""
    monkeypatch.setattr(constants, "ENDPOINT", hub.url)
    template = hub.url + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(hf_api.api, "endpoint", hub.url)
    monkeypatch.setattr(constants, "HF_STORED_TOKENS_PATH", str(tmp_path / "stored_tokens"))
    hub.tokens.add(TOKEN)
    return tmp_path / "token"


def is_anywhere(error, folder):
    """Whether an error's words or a file hold the token."""
    while error is not None:
        if TOKEN in str(error) or TOKEN in repr(error):
            return True
        error = error.__cause__
    return any(TOKEN in one.read_text("utf-8") for one in folder.iterdir() if one.is_file())


def test_a_token_is_kept_where_the_hub_s_programs_look_and_a_gated_model_comes(hub, place):
    hub.gated.add(REPO)
    said = login.login(f"  {TOKEN}\n", go_on)
    assert said.startswith("You are logged in to the Hugging Face Hub as anna. ")
    assert get_token() == place.read_text("utf-8") == TOKEN
    assert os.name == "nt" or stat.S_IMODE(place.stat().st_mode) == 0o600
    made, _ = install(hub, login=True)
    assert made.name == BLIP.name


def test_who_logs_out_is_known_no_more(hub, place):
    login.login(TOKEN, go_on)
    assert login.logout().startswith("You are logged out of the Hugging Face Hub on this machine")
    assert get_token() is None
    assert not is_anywhere(None, place.parent)
    assert login.logout() == "You are not logged in to the Hugging Face Hub."


def test_without_git_one_can_log_out(hub, place, monkeypatch):
    login.login(TOKEN, go_on)
    monkeypatch.setenv("PATH", str(place.parent))
    assert login.logout().startswith("You are logged out")


@pytest.mark.parametrize("token", ["", " \n"])
def test_no_token_is_told_and_nobody_asked(hub, place, token):
    place.write_text("hf_before", "utf-8")
    with pytest.raises(TokenMissing, match="No access token was given"):
        login.login(token, go_on)
    assert get_token() == "hf_before"
    assert hub.asked == []


@pytest.mark.parametrize("token", ["hf_wrong", "two words", "hf_ñ", "a\nb", "api_org_x"])
def test_a_wrong_token_is_told_and_not_kept(hub, place, token):
    place.write_text("hf_before", "utf-8")
    with pytest.raises(TokenRefused) as caught:
        login.login(token, go_on)
    assert "huggingface.co/settings/tokens" in caught.value.spoken
    assert get_token() == "hf_before"
    assert len(hub.asked) == (token == "hf_wrong")


@pytest.mark.parametrize(
    ("mischief", "error"),
    [
        (Mischief("whoami", status=500), LoginFailed),
        (Mischief("whoami", status=429), LoginFailed),
        (Mischief("whoami", html=True), LoginFailed),
    ],
)
def test_an_answer_of_no_use_is_told(hub, place, mischief, error):
    hub.mischief.append(mischief)
    with pytest.raises(error) as caught:
        login.login(TOKEN, go_on)
    assert caught.value.spoken.startswith("You are not logged in: ")
    assert not is_anywhere(caught.value, place.parent)


def test_without_internet_it_is_told(hub, place, monkeypatch):
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:1")
    with pytest.raises(LoginOffline, match="cannot be reached") as caught:
        login.login(TOKEN, go_on)
    assert not is_anywhere(caught.value, place.parent)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(LoginOffline, match="HF_HUB_OFFLINE forbids it"):
        login.login(TOKEN, go_on)


def test_a_cancel_before_it_is_kept_keeps_nothing(hub, place):
    with pytest.raises(Cancelled):
        login.login(TOKEN, Ticks(1))
    assert not is_anywhere(None, place.parent)


def test_a_variable_goes_before_what_is_kept_and_is_told(hub, place, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_variable")
    assert login.login(TOKEN, go_on).endswith("HF_TOKEN is used before this one.")
    with pytest.raises(LoginNotChanged, match="take it out of the environment"):
        login.logout()
    assert not is_anywhere(None, place.parent), "that of the file is gone all the same"


def test_a_place_that_cannot_be_written_is_told(hub, place, monkeypatch):
    (place.parent / "file").touch()
    for name in ("HF_TOKEN_PATH", "HF_STORED_TOKENS_PATH"):
        monkeypatch.setattr(constants, name, str(place.parent / "file" / name))
    with pytest.raises(LoginNotChanged, match="can be written, then try again") as caught:
        login.login(TOKEN, go_on)
    assert not is_anywhere(caught.value, place.parent)
