"""The settings file survives people, other processes and power cuts."""

import errno
import json
import os
import stat
import subprocess
import sys
import textwrap

import pytest

from imagecraft_desktop.errors import BadSetting, SettingsLocked, SettingsNotSaved, UnknownSetting
from imagecraft_desktop.settings import store
from imagecraft_desktop.settings.table import Settings, rows


@pytest.fixture
def file(tmp_path):
    return tmp_path / "conf" / "settings.json"


def write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())


def test_no_file_means_defaults_without_a_problem(file):
    assert store.load(file) == store.Loaded(Settings(), ())
    assert not file.exists()


def test_only_values_that_differ_are_written(file):
    assert store.set_value("speech_rate", "1.5", file).speech_rate == 1.5
    store.set_value("earcons", "on", file)
    assert json.loads(file.read_text()) == {"speech_rate": 1.5}
    store.set_value("speech_rate", 1, file)
    assert json.loads(file.read_text()) == {}


def test_unknown_keys_are_kept(file):
    write(file, '{"from_the_future": [1, {"a": null}], "voice": "espeak"}')
    store.set_value("detail", "brief", file)
    assert json.loads(file.read_text()) == {
        "from_the_future": [1, {"a": None}],
        "voice": "espeak",
        "detail": "brief",
    }


def test_bad_value_falls_back_alone_and_is_told(file):
    write(file, '{"speech_rate": 99, "volume_typo": 3, "detail": "brief", "earcons": "maybe"}')
    loaded = store.load(file)
    assert loaded.settings == Settings(detail="brief")
    assert loaded.problems == (
        "speech_rate cannot be 99. Allowed: 0.5 to 4.0.",
        "earcons cannot be maybe. Allowed: on, off.",
    )


@pytest.mark.parametrize("value", ["NaN", "Infinity", "null", "[]", "{}", '"fast"', "true"])
def test_odd_json_values_are_problems_not_errors(file, value):
    write(file, f'{{"speech_rate": {value}}}')
    loaded = store.load(file)
    assert loaded.settings == Settings()
    assert len(loaded.problems) == 1


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1, 2]", '"x"', b"\xff\xfe\x00", "[" * 100_000, '{"voice": ' + "1" * 5000 + "}"],
)
def test_broken_file_is_set_aside_and_told_once(file, text):
    write(file, text)
    loaded = store.load(file)
    assert loaded.settings == Settings(history=False)
    assert loaded.problems == (
        "The settings file is broken and was set aside as settings.json.bad. "
        "Default settings are used.",
        "Nothing is kept in the history until you turn it on in the settings.",
    )
    assert not file.exists()
    assert file.with_name("settings.json.bad").stat().st_size == len(text)
    assert store.load(file).problems == ()


def test_change_of_broken_file_keeps_what_was_in_it(file):
    write(file, "{broken")
    assert store.set_value("voice", "espeak", file).voice == "espeak"
    assert file.with_name("settings.json.bad").read_text() == "{broken"


def test_it_is_known_which_settings_were_lost(file):
    every = frozenset(rows())
    assert store.load(file).lost == frozenset()
    write(file, '{"history_days": -1, "history_mb": 7}')
    assert store.load(file).lost == {"history_days"}
    write(file, "{broken")
    assert store.load(file).lost == every
    assert store.load(file).lost == every, "until the user begins a new one"
    store.set_value("voice", "espeak", file)
    assert store.load(file).lost == frozenset()
    file.unlink()
    file.mkdir()
    assert store.load(file).lost == every


def test_nothing_is_kept_while_it_is_not_known_whether_it_may_be(file):
    write(file, '{"history": "perhaps"}')
    loaded = store.load(file)
    assert not loaded.settings.history
    assert "Nothing is kept in the history" in loaded.problems[-1]
    write(file, "{broken")
    for _ in range(2):
        assert not store.load(file).settings.history
    assert not store.set_value("voice", "espeak", file).history, "that was no answer to it"
    assert not store.load(file).settings.history
    assert store.set_value("history", True, file).history
    write(file, "{broken")
    assert store.set_value("history", "on", file).history
    file.unlink()
    file.mkdir()
    assert not store.load(file).settings.history


def test_file_that_an_editor_is_just_writing_is_not_set_aside(file, monkeypatch):
    write(file, "")
    monkeypatch.setattr(store.time, "sleep", lambda _: write(file, '{"voice": "espeak"}'))
    assert store.load(file) == store.Loaded(Settings(voice="espeak"), ())


def test_wrong_name_or_value_changes_nothing(file):
    with pytest.raises(UnknownSetting, match="settings list"):
        store.set_value("speech_rte", "1", file)
    with pytest.raises(BadSetting):
        store.set_values({"detail": "brief", "speech_rate": "9"}, file)
    assert not file.exists()


def test_renamed_changed_and_removed_settings_are_taken_over(file, monkeypatch):
    monkeypatch.setattr(
        store,
        "MIGRATIONS",
        (
            store.Migration("0.2.0", "rate_percent", "speech_rate", lambda v: v / 100),
            store.Migration("0.2.0", "tick", "working_tick"),
            store.Migration("0.3.0", "colour", None),
        ),
    )
    write(file, '{"rate_percent": 150, "tick": false, "colour": "red", "voice": "x"}')
    assert store.load(file).settings == Settings(speech_rate=1.5, working_tick=False, voice="x")
    store.set_value("voice", "y", file)
    assert json.loads(file.read_text()) == {
        "speech_rate": 1.5,
        "working_tick": False,
        "voice": "y",
    }


def test_new_name_wins_over_the_old_one(file, monkeypatch):
    monkeypatch.setattr(store, "MIGRATIONS", (store.Migration("0.2.0", "speaker", "voice"),))
    write(file, '{"speaker": "old", "voice": "new"}')
    assert store.load(file).settings.voice == "new"


def test_link_to_the_file_stays_a_link(file, tmp_path):
    real = tmp_path / "dots" / "imagecraft.json"
    write(real, '{"voice": "espeak"}')
    file.parent.mkdir()
    file.symlink_to(real)
    store.set_value("detail", "brief", file)
    assert file.is_symlink()
    assert json.loads(real.read_text()) == {"detail": "brief", "voice": "espeak"}


def test_full_disk_is_told_and_the_old_file_is_intact(file, monkeypatch):
    write(file, '{"voice": "espeak"}')

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(SettingsNotSaved) as error:
        store.set_value("voice", "other", file)
    assert error.value.spoken.startswith("Setting not saved: No space left on device. Check the ")
    assert file.read_text() == '{"voice": "espeak"}'
    assert not list(file.parent.glob("*.tmp"))


def test_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "conf").write_text("a file, not a folder")
    file = tmp_path / "conf" / "settings.json"
    assert store.load(file) == store.Loaded(Settings(), ())
    with pytest.raises(SettingsNotSaved):
        store.set_value("voice", "x", file)


def test_folder_in_place_of_the_file_is_told(file):
    file.mkdir(parents=True)
    assert store.load(file).problems == (
        "The settings file could not be read. Default settings are used.",
        "Nothing is kept in the history until you turn it on in the settings.",
    )
    with pytest.raises(SettingsNotSaved):
        store.set_value("voice", "x", file)


def test_other_process_that_holds_the_lock_is_waited_for_then_told(file, monkeypatch):
    write(file, "{}")
    monkeypatch.setattr(store, "LOCK_WAIT_S", 0.2)
    code = "import sys, filelock\nwith filelock.FileLock(sys.argv[1]): print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(file) + ".lock"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(SettingsLocked):
            store.set_value("voice", "x", file)
        other.stdin.close()
    assert store.set_value("voice", "x", file).voice == "x"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_file_is_for_the_user_alone(file):
    store.set_value("voice", "x", file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_two_processes_lose_none_of_each_others_changes(file):
    code = textwrap.dedent("""
        import sys
        from pathlib import Path
        from imagecraft_desktop.settings import store
        for i in range(30):
            store.set_value(sys.argv[2], f"{sys.argv[2]}{i}", Path(sys.argv[1]))
    """)
    names = ("voice", "captioner")
    children = [subprocess.Popen([sys.executable, "-c", code, str(file), n]) for n in names]
    assert [child.wait(60) for child in children] == [0, 0]
    assert json.loads(file.read_text()) == {n: f"{n}29" for n in names}


def test_loading_is_quick_and_light():
    code = textwrap.dedent("""
        import sys
        from imagecraft_desktop.settings import store
        store.load()
        print([m for m in ("numpy", "PySide6", "filelock", "PIL") if m in sys.modules])
    """)
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout == "[]\n"
