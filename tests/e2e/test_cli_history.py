"""`imagecraft-desktop history` as a person types it; nothing else runs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from imagecraft_desktop import strings
from imagecraft_desktop.history import store as stored
from imagecraft_desktop.strings import say
from tests.e2e.conftest import Here
from tests.e2e.test_cli import SAMPLES, run

DOG, DIALOG = SAMPLES / "dog.jpg", SAMPLES / "error_dialog.png"


def files() -> bytes:
    folder = Path.home() / "data" / "imagecraft-desktop" / "history"
    return b"".join(file.read_bytes() for file in folder.iterdir()) if folder.is_dir() else b""


@pytest.fixture
def described() -> None:
    for picture in (DOG, DIALOG):
        assert run("describe", picture, "--no-speak")[0] == 0


def test_what_was_described_is_listed_found_shown_and_exported(described: None, tmp_path: Path):
    code, out, err = run("history", "list")
    assert (code, err) == (0, "")
    newest, oldest = out.splitlines()
    assert newest.startswith("2. ")
    assert "error_dialog.png" in newest
    assert "A photo of a dog" in oldest
    code, out, _ = run("history", "search", "DOG", "grass.")
    assert out.splitlines() in ([oldest], ["Nothing like that in the history."])
    assert run("history", "search", "dog")[1].splitlines() == [oldest]
    assert run("history", "search", "giraffe")[1] == "Nothing like that in the history.\n"
    shown = run("history", "show", "1")[1]
    assert "dog.jpg, described by embedded." in shown
    assert "Certain: A photo of a dog" in shown
    facts = json.loads(run("history", "show", "1", "--json")[1])
    assert facts["source"] == str(DOG)
    assert facts["statements"][0]["certainty"] == "certain"
    assert not facts["picture"]
    code, out, _ = run("history", "export", tmp_path / "all.json")
    assert (code, out) == (0, f"2 descriptions are written to {tmp_path / 'all.json'}.\n")
    assert [e["number"] for e in json.loads((tmp_path / "all.json").read_text())] == [2, 1]
    assert run("history", "export", tmp_path / "all.txt")[0] == 0
    assert "Certain: A photo of a dog" in (tmp_path / "all.txt").read_text()
    code, _, err = run("history", "export", tmp_path / "all.doc")
    assert (code, err) == (
        3,
        "all.doc could not be written: its name must end in one of .txt, .json.\n",
    )


@pytest.mark.parametrize("asked", [("list",), ("search", "photo")], ids=["list", "search"])
def test_how_many_more_there_are_is_told_at_the_end(
    here: Here, described: None, asked: tuple[str, ...]
):
    store = stored.Store(stored.path())
    dog = store.entries("dog")[0]
    for _ in range(3):
        store.add(replace(dog, number=0))
    total = len(store.entries("photo" if asked[1:] else ""))
    lines = here("history", *asked, "--most", "2")[1].splitlines()
    assert lines[2:] == [say(strings.HISTORY_MORE, count=total - 2, total=total)]
    assert f"--most {total}" in lines[2]
    assert len(here("history", *asked, "--most", str(total))[1].splitlines()) == total
    assert len(here("history", *asked, "--most", "2", "--json")[1].splitlines()) == 2


def test_a_picture_that_was_kept_is_written(described: None, tmp_path: Path):
    store = stored.Store(stored.path())
    picture = DIALOG.read_bytes()
    number = store.add(replace(store.entries()[0], number=0), picture)
    file = tmp_path / "kept.png"
    code, out, _ = run("history", "show", str(number), "--picture", file)
    assert code == 0
    assert f"The picture is kept under number {number}." in out
    assert file.read_bytes() == picture
    assert run("history", "show", str(number), "--picture", tmp_path / "kept.jpg")[0] == 3
    code, _, err = run("history", "show", "1", "--picture", tmp_path / "none.png")
    assert code == 2
    assert err.startswith("No picture is kept with number 1.")
    assert run("history", "export", tmp_path / "all.txt")[0] == 0
    assert f"The picture is kept under number {number}." in (tmp_path / "all.txt").read_text()


def test_with_the_setting_the_picture_is_kept(here: Here, tmp_path: Path):
    file = tmp_path / "kept.png"
    assert here("describe", DIALOG, "--no-speak")[0] == 0
    assert here("settings", "set", "history_pictures", "on")[0] == 0
    status, _, err = here("history", "show", "1", "--picture", file)
    assert (status, err) == (2, say(strings.ERR_HISTORY_PICTURE_NOT_YET, number=1) + "\n")
    assert "history_pictures on" not in err, "it is on"
    assert here("describe", DOG, DIALOG, "--no-speak")[0] == 0
    for number, picture in ((2, DOG), (3, DIALOG)):
        assert here("history", "show", number, "--picture", file)[0] == 0
        kept, given = Image.open(file), ImageOps.exif_transpose(Image.open(picture))
        assert np.array_equal(np.asarray(kept), np.asarray(given.convert("RGB")))
        file.unlink()
    assert here("settings", "set", "history_pictures", "off")[0] == 0
    assert here("describe", DOG, "--no-speak")[0] == 0
    status, _, err = here("history", "show", "4", "--picture", file)
    assert (status, err) == (2, say(strings.ERR_HISTORY_NO_PICTURE, number=4) + "\n")


def test_one_is_spoken_again(described: None, tmp_path: Path):
    out = tmp_path / "again.wav"
    code, text, err = run("history", "repeat", "1", "--no-speak", "--out", out)
    assert (code, err) == (0, "")
    assert "A photo of a dog" in text
    assert out.stat().st_size > 20_000


def test_what_is_forgotten_is_gone(described: None):
    assert b"photo of a dog" in files()
    assert run("history", "forget", "1")[1] == "1 description is forgotten.\n"
    assert b"photo of a dog" not in files()
    assert run("history", "forget", "1")[0] == 2
    assert run("history", "forget", "--all")[1] == "1 description is forgotten.\n"
    assert run("history", "list")[1] == "The history is empty.\n"
    assert b"error" not in files().lower().replace(b"errors", b"")


@pytest.mark.parametrize("what", [(), ("1", "--all")], ids=["neither", "both"])
def test_nothing_is_forgotten_unless_it_is_said_what(
    here: Here, described: None, what: tuple[str, ...]
):
    code, out, err = here("history", "forget", *what)
    assert (code, out) == (2, "")
    assert err == say(strings.HISTORY_FORGET_WHAT) + "\n"
    assert "--all" in err
    assert len(here("history", "list")[1].splitlines()) == 2


@pytest.mark.parametrize("how", ["option", "setting"])
def test_it_can_be_left_out(how: str):
    if how == "setting":
        assert run("settings", "set", "history", "off")[0] == 0
        assert run("describe", DOG, "--no-speak")[0] == 0
        assert "history on" in run("history", "list")[2]
    else:
        assert run("describe", DOG, "--no-speak", "--no-history")[0] == 0
    assert files() == b""


def test_a_broken_history_is_told_and_the_description_stands():
    folder = Path.home() / "data" / "imagecraft-desktop" / "history"
    folder.mkdir(parents=True)
    (folder / "history.db").write_bytes(b"no database" * 100)
    code, out, err = run("describe", DOG, "--no-speak")
    assert code == 0
    assert "A photo of a dog" in out
    assert err.startswith("The history is broken and was set aside as history-")
    assert "dog.jpg" in run("history", "list")[1]


def test_a_number_that_is_not_there_is_told():
    code, _, err = run("history", "show", "7")
    assert (code, err) == (
        2,
        "The history has no number 7. See: imagecraft-desktop history list\n",
    )


def test_nothing_of_it_is_in_the_log(described: None):
    run("history", "search", "dog")
    logs = b"".join(f.read_bytes() for f in (Path.home() / "state").rglob("*") if f.is_file())
    assert b"photo of a dog" not in logs
    assert b"dog.jpg" not in logs
