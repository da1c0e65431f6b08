"""Settings are carried to another machine without secrets, and a bad file changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from imagecraft_desktop import choices, strings
from imagecraft_desktop.errors import BadSetting, FileNotWritten, SettingsNotRead, SoundFileError
from imagecraft_desktop.settings import store, transfer
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.strings import say


def check(name: str, value: object, others: object) -> object:
    return choices.check(name, value, Settings(), {})


def test_only_changes_are_exported_and_no_secret(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    settings = Settings(speech_rate=2.0, server_key="s3cret", detail="brief")
    assert transfer.export(settings, file) == ("server_key",)
    assert "s3cret" not in file.read_text()
    found = transfer.read(file, check)
    assert found.changes == {"speech_rate": 2.0, "detail": "brief"}
    assert found.problems == ()


def test_what_does_not_fit_is_told_and_the_rest_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    values = {"speech_rate": 99, "detail": "brief", "gone": 1, "server_key": "theirs"}
    file.write_text(
        json.dumps({"format": "imagecraft-desktop settings", "version": 1, "settings": values})
    )
    found = transfer.read(file, check)
    assert found.changes == {"detail": "brief"}
    assert found.problems == (
        "speech_rate cannot be 99. Allowed: 0.5 to 4.0.",
        "There is no setting called gone. " + say(strings.SETTINGS_SEE_ALL),
    )


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"format": "imagecraft-desktop settings", "version": 2, "settings": {}}'],
    ids=["empty", "list", "nothing", "newer"],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "mine.json"
    file.write_text(content)
    with pytest.raises(SettingsNotRead, match="Nothing was changed"):
        transfer.read(file, check)


def test_a_missing_file_and_a_folder_that_is_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsNotRead) as unread:
        transfer.read(tmp_path / "none.json", check)
    reason = say(strings.READ_MISSING)
    sentence = f"The settings in none.json could not be read: {reason}. Nothing was changed."
    assert unread.value.spoken == sentence
    with pytest.raises(FileNotWritten) as unwritten:
        transfer.export(Settings(), tmp_path / "none" / "mine.json")
    reason = say(strings.FILE_NO_FOLDER)
    assert unwritten.value.spoken == f"mine.json could not be written: {reason}."
    assert unwritten.value.exit_code == SoundFileError.exit_code
    with pytest.raises(FileNotWritten, match="it is a folder"):
        transfer.export(Settings(), tmp_path)


def test_several_changes_are_kept_together_or_not_at_all() -> None:
    with pytest.raises(BadSetting):
        choices.keep({"detail": "brief", "speech_rate": 99})
    assert store.load().settings == Settings()


def test_two_settings_cannot_have_one_key_but_may_exchange_theirs() -> None:
    with pytest.raises(BadSetting):
        choices.keep({"window_key": "ctrl+shift+f11"})
    swapped = {"window_key": "ctrl+shift+f11", "layer_key": "ctrl+shift+f12"}
    assert choices.keep(swapped).layer_key == "ctrl+shift+f12"
