"""What was described is kept, found, limited and forgotten; a file in trouble is told of."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from pathlib import Path

import pytest

from imagecraft_desktop.errors import HistoryLocked, HistoryNewer, HistoryNotKept
from imagecraft_desktop.history import store as module
from imagecraft_desktop.history.store import Limits, Store
from imagecraft_desktop.values import Certainty, HistoryEntry, Origin, Statement
from tests.fakes import refuse_to_enter
from tests.small_disk import small_disk


def entry(text: str = "A dog on grass.", **facts: object) -> HistoryEntry:
    given = {
        "when_s": time.time(),
        "origin": Origin.FILE,
        "name": "/home/a/photo.jpg",
        "kind": "photo",
        "statements": (Statement(text, Certainty.LIKELY, "detector"),),
    }
    return HistoryEntry(**(given | facts))  # type: ignore[arg-type]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "history" / "history.db"


@pytest.fixture
def store(file: Path) -> Store:
    return Store(file)


def contents(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_an_entry_comes_back_as_it_was(store: Store):
    kept = entry(question="Which dog?", warnings=("Slow.",), captioner="chat")
    number = store.add(kept)
    (found,) = store.entries()
    assert found == store.entry(number)
    assert (found.statements, found.question, found.warnings, found.captioner) == (
        (Statement("A dog on grass.", Certainty.LIKELY, "detector"),),
        "Which dog?",
        ("Slow.",),
        "chat",
    )
    assert not found.has_picture
    assert store.entry(number + 1) is None


def test_the_newest_comes_first_and_a_second_process_sees_it(store: Store, file: Path):
    for text in ("One.", "Two.", "Three."):
        store.add(entry(text))
    assert [e.text for e in Store(file).entries(most=2)] == ["Three.", "Two."]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("dog", 1),
        ("GRASS dog", 1),
        ("cat", 0),
        ("über", 1),
        ("100%", 1),
        ("10_", 0),
        ("photo.jpg", 2),
        ("why", 1),
    ],
)
def test_search_finds_every_word_in_text_name_and_question(store: Store, words: str, found: int):
    store.add(entry("A dog on grass.", name="a.png"))
    store.add(entry("ÜBER 100% ! done", question="Why?"))
    store.add(entry("Nothing."))
    assert len(store.entries(words)) == found


def test_only_the_user_may_read_it(store: Store, file: Path):
    os.umask(0o022)
    store.add(entry())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_folder_that_may_not_be_entered_is_told(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
):
    store.add(entry())
    refuse_to_enter(file.parent, monkeypatch)
    assert store.is_there()
    for act in (store.entries, store.forget, lambda: store.forget_old(Limits())):
        with pytest.raises(HistoryNotKept) as caught:
            act()
        assert "Permission denied" in caught.value.spoken


def test_what_is_too_old_is_forgotten(store: Store):
    store.add(entry("Old.", when_s=time.time() - 3 * 86_400), limits=Limits(days=0))
    store.add(entry("New."), limits=Limits(days=2))
    assert [e.text for e in store.entries()] == ["New."]


def test_what_has_become_too_old_or_too_much_is_forgotten_when_asked(store: Store):
    assert store.forget_old(Limits()) == 0
    store.add(entry("Old.", when_s=time.time() - 3 * 86_400), limits=Limits(days=0))
    store.add(entry("Large."), bytes(300_000))
    store.add(entry("New."))
    assert store.forget_old(Limits(days=2)) == 1
    assert [e.text for e in store.entries()] == ["New.", "Large."]
    assert store.forget_old(Limits(megabytes=0.1)) == 1
    assert [e.text for e in store.entries()] == ["New."]


def test_limits_that_are_not_sure_forget_nothing_but_keep_no_large_picture(store: Store):
    unsure = Limits(days=1, megabytes=1, forgets=False)
    store.add(entry("Old.", when_s=time.time() - 3 * 86_400), bytes(600_000), unsure)
    number = store.add(entry("New."), bytes(900_000), unsure)
    assert store.forget_old(unsure) == 0
    assert [e.text for e in store.entries()] == ["New.", "Old."]
    assert store.picture(number) is not None
    assert store.picture(store.add(entry("Big."), bytes(2_000_000), unsure)) is None


def test_the_oldest_goes_when_it_is_too_much(store: Store, file: Path):
    limits = Limits(megabytes=1)
    for number in range(6):
        store.add(entry(f"{number}."), bytes([number]) * 300_000, limits)
    assert [e.text for e in store.entries()] == ["5.", "4.", "3."]
    assert file.stat().st_size < 1.5 * 1024**2, "the file has shrunk"


def test_a_picture_over_the_limit_is_left_out_and_the_words_stay(store: Store):
    number = store.add(entry("Big."), bytes(2_000_000), Limits(megabytes=1))
    assert [e.text for e in store.entries()] == ["Big."]
    assert store.picture(number) is None


def test_a_picture_comes_back(store: Store):
    number = store.add(entry(), b"PNG")
    assert store.picture(number) == b"PNG"
    assert store.entries()[0].has_picture


def test_nothing_is_left_of_what_was_forgotten(store: Store, file: Path):
    secret = "Zephyrine quartz " * 300
    numbers = [store.add(entry(f"{secret}{n}"), b"SECRETPICTURE" * 999) for n in range(20)]
    assert b"Zephyrine" in contents(file.parent)
    assert store.forget(numbers[3]) == 1
    assert store.forget() == 19
    left = contents(file.parent)
    assert b"Zephyrine" not in left
    assert b"zephyrine" not in left
    assert b"SECRETPICTURE" not in left
    assert store.entries() == []


def test_nothing_is_left_while_another_process_has_it_open(store: Store, file: Path):
    store.add(entry("Zephyrine."))
    other = sqlite3.connect(file)
    other.execute("SELECT count(*) FROM entries").fetchone()
    store.add(entry("Zephyrine again."))
    store.forget()
    assert b"ephyrine" not in contents(file.parent)
    other.close()


def test_what_was_set_aside_is_forgotten_too(store: Store, file: Path):
    store.add(entry())
    file.write_bytes(b"Zephyrine, and no database at all" * 100)
    store.add(entry())
    assert list(file.parent.glob("*.broken"))
    store.forget()
    assert b"Zephyrine" not in contents(file.parent)


def test_forgetting_nothing_makes_no_file(store: Store, file: Path):
    assert store.forget() == 0
    assert store.entries() == []
    assert not file.exists()


@pytest.mark.parametrize("damage", ["text", "cut", "header", "pages"])
def test_a_broken_file_is_set_aside_with_a_date_and_told_once(
    store: Store, file: Path, damage: str
):
    for number in range(60):
        store.add(entry(f"{number} " * 100))
    whole = file.read_bytes()
    broken = {
        "text": b"not a database " * 1000,
        "cut": whole[: len(whole) // 2],
        "header": b"x" * 100 + whole[100:],
        "pages": whole[:4096] + os.urandom(len(whole) - 4096),
    }[damage]
    file.write_bytes(broken)
    store.add(entry("After."))
    (aside,) = file.parent.glob("history-*.broken")
    assert aside.read_bytes() == broken
    assert store.take_notices() == (
        f"The history is broken and was set aside as {aside.name}. A new one is begun.",
    )
    assert [e.text for e in store.entries()] == ["After."]
    assert store.take_notices() == ()


def test_a_locked_file_is_told_and_left(store: Store, file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "BUSY_S", 0.05)
    store.add(entry())
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(HistoryLocked):
        store.add(entry())
    assert [e.text for e in store.entries()] == ["A dog on grass."], "it can be read meanwhile"
    holder.execute("ROLLBACK")
    store.add(entry())
    assert len(store.entries()) == 2


def test_a_newer_history_is_left_alone(store: Store, file: Path):
    store.add(entry())
    base = sqlite3.connect(file)
    base.execute("PRAGMA user_version = 9")
    base.close()
    before = file.read_bytes()
    with pytest.raises(HistoryNewer):
        store.add(entry())
    assert file.read_bytes() == before


def test_a_full_disk_is_told_and_the_old_entries_stay(tmp_path: Path):
    with small_disk(tmp_path / "disk", "1m") as folder:
        store = Store(folder / "h" / "history.db")
        store.add(entry("First."))

        def fill() -> None:
            for _ in range(20):
                store.add(entry(), os.urandom(200_000))

        with pytest.raises(HistoryNotKept) as told:
            fill()
        assert told.value.spoken == "The history cannot be used: the disk is full; make room on it."
        assert store.entries()[-1].text == "First."


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path):
    (tmp_path / "history").write_text("a file")
    with pytest.raises(HistoryNotKept) as told:
        Store(tmp_path / "history" / "history.db").add(entry())
    assert "exists" in told.value.spoken or "directory" in told.value.spoken


def test_in_memory_nothing_is_written(tmp_path: Path):
    store = Store(None)
    number = store.add(entry(), b"PNG")
    assert not store.is_lasting
    assert store.entry(number) == store.entries("dog")[0]
    assert store.picture(number) == b"PNG"
    assert store.forget() == 1
    assert store.entries() == []
    assert list(tmp_path.iterdir()) == []


def test_a_name_of_any_bytes_is_kept(store: Store):
    store.add(entry(name=os.fsdecode(b"/tmp/\xff\xfe.png")))
    assert store.entries()[0].name.startswith("/tmp/")
