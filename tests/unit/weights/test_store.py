"""A model is there whole or not at all, and what was installed is what is loaded."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import threading
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from imagecraft_desktop.errors import (
    Cancelled,
    DiskFull,
    HashMismatch,
    ImportIncomplete,
    ModelBusy,
    ModelDamaged,
    ModelMissing,
    ModelNotKept,
    NoSpace,
)
from imagecraft_desktop.system import paths
from imagecraft_desktop.weights import catalogue, download, lines, sizes, store
from imagecraft_desktop.weights.catalogue import ModelFile, Source
from tests.small_disk import small_disk
from tests.tiny_models import BLIP_WANTED, blip, safetensors, sha256, write

BLIP = catalogue.find("blip-base")


def no_tick():
    pass


@pytest.fixture
def brought(tmp_path):
    return write(tmp_path / "brought", blip())


@pytest.fixture
def there(brought):
    return store.import_folder(BLIP, brought, no_tick)


def _nothing_is_left():
    folders = [one for one in store.root().rglob("*") if one.is_dir()]
    return folders in ([], [store.root() / ".partial"])


def test_import_takes_what_the_model_needs_and_nothing_else(there, brought):
    folder = store.find("blip-base")
    assert {one.name for one in folder.iterdir()} == BLIP_WANTED | {"manifest.json"}
    assert {entry.path for entry in there.files} == BLIP_WANTED
    for entry in there.files:
        assert (
            entry.sha256
            == sha256((folder / entry.path).read_bytes())
            == sha256((brought / entry.path).read_bytes())
        )
    assert store.installed() == {"blip-base": there}
    assert there.size == sum(len(content) for n, content in blip().items() if n in BLIP_WANTED)
    assert there.licence == "BSD-3-Clause"
    assert not store.partial_of("blip-base").exists()
    assert store.verify("blip-base", no_tick) == there


def test_manifest_is_plain_json(there):
    kept = json.loads((store.folder_of("blip-base") / "manifest.json").read_text())
    assert (kept["version"], kept["name"], kept["commits"]) == (1, "blip-base", {})
    assert len(kept["files"]) == 4


@pytest.mark.parametrize("name", sorted(BLIP_WANTED))
def test_flipped_bit_is_found(there, name):
    file = store.folder_of("blip-base") / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    store.find("blip-base")  # a look at the sizes cannot see it
    with pytest.raises(ModelDamaged) as caught:
        store.verify("blip-base", no_tick)
    assert f"The file {name} has changed" in caught.value.spoken
    assert "models install blip-base" in caught.value.spoken
    assert {entry.path for _, entry in store.good_files("blip-base", no_tick)} == BLIP_WANTED - {
        name
    }


def test_file_that_is_gone_or_cut_is_found_before_loading(there):
    file = store.folder_of("blip-base") / "model.safetensors"
    os.truncate(file, 100)
    with pytest.raises(ModelDamaged):
        store.find("blip-base")
    file.unlink()
    with pytest.raises(ModelDamaged):
        store.find("blip-base")


def test_model_that_is_not_there_is_told_with_the_command_that_brings_it():
    for look in (store.find, lambda name: store.verify(name, no_tick)):
        with pytest.raises(ModelMissing) as caught:
            look("blip-base")
        assert caught.value.spoken == (
            "Model missing: blip-base. It is not installed. To install it: Settings, page Models, or the command imagecraft-desktop models install blip-base"
        )
        assert caught.value.exit_code == 4
    assert store.installed() == {}


def test_folder_without_manifest_is_no_model(there):
    (store.folder_of("blip-base") / "manifest.json").unlink()
    assert store.installed() == {}
    with pytest.raises(ModelMissing):
        store.find("blip-base")


NO_COMMITS = b'{"version": 1, "name": "blip-base", "files": [], "installed": "", "licence": "", "commits": 3}'


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"version": 2, "name": "blip-base"}', NO_COMMITS, b"[" * 100_000],
)
def test_manifest_that_cannot_be_read_is_none(there, brought, content):
    (store.folder_of("blip-base") / "manifest.json").write_bytes(content)
    assert store.manifest("blip-base") is None
    store.import_folder(BLIP, brought, no_tick)  # and is replaced
    assert store.manifest("blip-base") == there


def test_files_of_the_user_are_not_overwritten_nor_removed(brought):
    mine = write(store.folder_of("blip-base"), {"mine.txt": b"mine"})
    for change in (
        lambda: store.import_folder(BLIP, brought, no_tick),
        lambda: store.remove("blip-base"),
    ):
        with pytest.raises(ModelNotKept) as caught:
            change()
        assert str(mine) in caught.value.spoken
    assert (mine / "mine.txt").read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_import_names_the_file_that_is_missing(brought, name):
    (brought / name).unlink()
    with pytest.raises(ImportIncomplete) as caught:
        store.import_folder(BLIP, brought, no_tick)
    wanted = {"model.safetensors": "*.safetensors"}.get(name, name)
    assert f"it has no file {wanted}" in caught.value.spoken
    assert _nothing_is_left()


def test_import_of_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(ImportIncomplete, match=r"There is no folder .*nowhere\."):
        store.import_folder(BLIP, tmp_path / "nowhere", no_tick)


def test_import_refuses_weights_that_are_cut_off(brought):
    os.truncate(brought / "model.safetensors", 3000)
    with pytest.raises(ModelDamaged) as caught:
        store.import_folder(BLIP, brought, no_tick)
    assert "model.safetensors is cut off or missing" in caught.value.spoken
    assert _nothing_is_left()


def test_begun_download_outlives_an_import_that_failed_and_not_one_that_did_not(brought):
    part = store.partial_of("blip-base") / "model.safetensors.part"
    write(part.parent, {part.name: b"1"})
    whole_one = (brought / "config.json").read_bytes()
    (brought / "config.json").write_bytes(b"{")
    with pytest.raises(ModelDamaged):
        store.import_folder(BLIP, brought, no_tick)
    assert part.exists()
    (brought / "config.json").write_bytes(whole_one)
    store.import_folder(BLIP, brought, no_tick)
    assert not part.parent.exists()


def test_failed_import_leaves_the_old_model(there, brought):
    (brought / "config.json").write_bytes(b"{")
    with pytest.raises(ModelDamaged):
        store.import_folder(BLIP, brought, no_tick)
    assert store.verify("blip-base", no_tick) == there


def test_import_can_be_cancelled_at_every_step(brought):
    """Whatever step it is, nothing is half there."""
    for steps in range(50):
        left = iter(range(steps))

        def tick(left=left):
            if next(left, None) is None:
                raise Cancelled

        try:
            store.import_folder(BLIP, brought, tick)
        except Cancelled:
            assert _nothing_is_left()
        else:
            break
    assert 4 < steps < 49
    assert store.verify("blip-base", no_tick)


def test_new_import_replaces_the_old(there, brought):
    (brought / "model.safetensors").write_bytes(safetensors(700, seed=1))
    made = store.import_folder(BLIP, brought, no_tick)
    assert made.size < there.size
    assert store.verify("blip-base", no_tick) == made
    assert {one.name for one in store.root().iterdir() if one.is_dir()} == {".partial", "blip-base"}
    assert [one.name for one in (store.root() / ".partial").iterdir()] == ["blip-base.lock"]


class PowerCut(BaseException):
    """Nothing more is done."""


def cut_power(*_):
    raise PowerCut


@pytest.fixture
def cut(there, brought, monkeypatch):
    """The power is cut when the old model has left its place and the new one is not there yet."""
    rename = Path.rename

    def rename_or_cut(path, target):
        if target == store.folder_of("blip-base"):
            raise PowerCut
        return rename(path, target)

    (brought / "vocab.txt").write_bytes(b"a\nb\nc\n")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", rename_or_cut)
        with pytest.raises(PowerCut):
            store.import_folder(BLIP, brought, no_tick)
    assert not store.folder_of("blip-base").exists()
    return there


def test_after_a_power_cut_the_old_model_is_there(cut):
    assert store.installed() == {"blip-base": cut}
    assert store.verify("blip-base", no_tick) == cut


def test_after_a_power_cut_an_install_that_fails_leaves_the_old_model(cut, brought):
    (brought / "config.json").write_bytes(b"{")
    with pytest.raises(ModelDamaged):
        store.import_folder(BLIP, brought, no_tick)
    assert store.verify("blip-base", no_tick) == cut


def test_after_a_power_cut_a_new_model_replaces_the_old(cut, brought):
    made = store.import_folder(BLIP, brought, no_tick)
    assert made != cut
    assert store.verify("blip-base", no_tick) == made
    assert [one.name for one in (store.root() / ".partial").iterdir()] == ["blip-base.lock"]


def test_after_a_power_cut_the_old_model_can_be_removed(cut):
    assert store.remove("blip-base") > cut.size
    assert _nothing_is_left()


def test_while_a_model_is_changed_nobody_else_puts_the_old_one_back(cut):
    with store.changing("blip-base") as partial:
        old = partial.with_name("blip-base.old")
        store.folder_of("blip-base").rename(old)
        assert store.manifest("blip-base") is None
        assert old.is_dir()


def test_between_the_two_steps_of_a_change_a_reader_finds_the_new_model(
    there, brought, monkeypatch
):
    """Another process asks when the old model has left its place and the newer one has yet to come."""
    (brought / "config.json").write_bytes(b'{"model_type": "blip", "new": 1}')
    rename = Path.rename
    found = []

    def rename_while_asked(self, target):
        if self.name == "blip-base.import":
            assert not store.folder_of("blip-base").exists()
            for ask in (store.manifest, store.find):
                reader = threading.Thread(target=lambda ask=ask: found.append(ask("blip-base")))
                reader.start()
                reader.join(0.1)
                readers.append(reader)
            assert found == [], "there is nothing to be found yet, and they wait"
        return rename(self, target)

    readers = []
    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", rename_while_asked)
        made = store.import_folder(BLIP, brought, no_tick)
    for reader in readers:
        reader.join(20)
    assert made != there
    assert len(found) == 2
    assert made in found
    assert store.folder_of("blip-base") in found


def test_a_model_that_changes_while_it_is_looked_at_is_not_called_damaged(
    there, brought, monkeypatch
):
    """The manifest is the old one's, the files are the new one's."""
    (brought / "config.json").write_bytes(b'{"model_type": "blip", "new": 1}')
    look, changes = store._size, [lambda: store.import_folder(BLIP, brought, no_tick)]

    def look_while_it_changes(file):
        if changes:
            changes.pop()()
        return look(file)

    monkeypatch.setattr(store, "_size", look_while_it_changes)
    assert store.find("blip-base") == store.folder_of("blip-base")
    assert store.manifest("blip-base") != there


def test_a_removal_that_is_cut_off_brings_no_older_model_back(there, monkeypatch):
    shutil.copytree(store.folder_of("blip-base"), store.partial_of("blip-base.old"))
    rename = Path.rename

    def rename_and_cut(self, target):
        rename(self, target)
        cut_power()

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", rename_and_cut)
        with pytest.raises(PowerCut):
            store.remove("blip-base")
    assert store.installed() == {}


def test_what_a_power_cut_left_of_a_removal_does_not_come_back(there, brought, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", cut_power)
        with pytest.raises(PowerCut):
            store.remove("blip-base")
    assert store.installed() == {}
    with pytest.raises(ModelMissing):
        store.remove("blip-base")
    assert _nothing_is_left()
    assert store.import_folder(BLIP, brought, no_tick) == there
    store.remove("blip-base")
    assert _nothing_is_left()


def test_what_of_a_removal_cannot_be_deleted_is_in_nobodys_way(there, brought, monkeypatch):
    """As files that a scanner of viruses holds open on Windows."""
    rmtree = shutil.rmtree

    def rmtree_but_the_first(folder):
        if folder in held or not held:
            held.append(folder)
            raise PermissionError(13, "in use")
        rmtree(folder)

    held = []
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", rmtree_but_the_first)
        for _ in range(2):  # it is told, and tried again
            with pytest.raises(ModelNotKept, match="in use"):
                store.remove("blip-base")
            assert store.installed() == {}
        assert store.import_folder(BLIP, brought, no_tick) == there
        assert store.remove("blip-base") > there.size
        assert store.installed() == {}
    with pytest.raises(ModelMissing):
        store.remove("blip-base")
    assert _nothing_is_left()


def test_import_follows_links_as_a_cache_of_the_hub_has_them(tmp_path, brought):
    cache = tmp_path / "snapshot"
    cache.mkdir()
    for name in BLIP_WANTED:
        (cache / name).symlink_to(brought / name)
    store.import_folder(BLIP, cache, no_tick)
    shutil.rmtree(brought)
    assert store.verify("blip-base", no_tick)
    assert not any(one.is_symlink() for one in store.folder_of("blip-base").iterdir())


def test_import_is_not_touched_by_what_happens_to_the_folder(there, brought):
    for name in BLIP_WANTED:
        (brought / name).write_bytes(b"changed")
    assert store.verify("blip-base", no_tick) == there


@pytest.mark.parametrize("works", [True, False])
def test_link_says_where_links_are_not_possible(monkeypatch, tmp_path, works):
    def refuse(*_):
        raise OSError(errno.EXDEV, "another disk")

    if not works:
        monkeypatch.setattr(os, "link", refuse)
    write(tmp_path, {"a": b"content", "new/b": b"old"})
    assert store.link(tmp_path / "a", tmp_path / "new" / "b") is works
    assert (tmp_path / "new" / "b").exists() is works
    assert not works or (tmp_path / "new" / "b").samefile(tmp_path / "a")


def test_hash_of_the_first_download_is_kept_to(brought):
    record = {
        "Salesforce/blip-image-captioning-base": {
            "commit": "1" * 40,
            "files": {"vocab.txt": "0" * 64},
        }
    }
    write(store.root(), {".recorded.json": json.dumps(record).encode()})
    with pytest.raises(HashMismatch) as caught:
        store.import_folder(BLIP, brought, no_tick)
    assert "The file vocab.txt of the model blip-base" in caught.value.spoken
    assert _nothing_is_left()


def test_what_was_recorded_outlives_the_model_and_is_never_overwritten(brought):
    repo = BLIP.sources[0].repo
    with store.changing("blip-base") as partial:
        for name in BLIP_WANTED:
            store.copy(brought / name, partial / name, no_tick)
        files = store.check(BLIP, partial, dict.fromkeys(BLIP_WANTED, repo), no_tick)
        store.finish(BLIP, partial, files, {repo: "2" * 40})
    store.remove("blip-base")
    first = store.record_of(repo)
    assert first is not None
    assert first.commit == "2" * 40
    assert first.files == {name: sha256(blip()[name]) for name in BLIP_WANTED}
    store.import_folder(BLIP, brought, no_tick)
    assert store.record_of(repo) == first


def made_of(repo):
    """The manifest of a model from this repository."""
    file = store.Entry("vocab.txt", 4, "a" * 64, repo)
    return store.Manifest("some", {repo: "1" * 40}, (file,), "2026-11-29", "MIT")


def test_two_models_that_come_at_once_are_both_recorded(monkeypatch):
    """Each reads before the other writes, unless it is kept from it."""
    read, meeting = store._read_records, threading.Barrier(2)

    def read_together():
        found = read()
        with suppress(threading.BrokenBarrierError):
            meeting.wait(1)
        return found

    write(store.root(), {".recorded.json": b"{}"})
    with monkeypatch.context() as patched, ThreadPoolExecutor() as pool:
        patched.setattr(store, "_read_records", read_together)
        list(pool.map(store._record, [made_of("a/a"), made_of("b/b")]))
    assert [store.record_of(repo).files for repo in ("a/a", "b/b")] == [{"vocab.txt": "a" * 64}] * 2


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000],
    ids=["empty", "cut", "list", "no text", "deep"],
)
def test_a_record_that_cannot_be_read_is_set_aside(content):
    write(store.root(), {".recorded.json": content})
    store._record(made_of("a/a"))
    assert store.record_of("a/a") is not None
    assert (store.root() / ".recorded.json.bad").read_bytes() == content


def test_of_a_record_that_cannot_be_read_it_is_told_once_where_it_lies():
    assert lines.spoiled() is None, "nothing was recorded"
    store._record(made_of("a/a"))
    assert lines.spoiled() is None
    good = json.loads((store.root() / ".recorded.json").read_text())
    spoiled = json.dumps(good | {"b/b": 3}).encode()
    write(store.root(), {".recorded.json": spoiled})
    told = lines.spoiled()
    assert told is not None
    bad = store.root() / ".recorded.json.bad"
    assert str(bad) in told
    assert told.endswith("imagecraft-desktop models verify")
    assert bad.read_bytes() == spoiled
    assert store.record_of("a/a") is not None
    assert lines.spoiled() is None


def test_a_spoiled_record_that_cannot_be_set_aside_is_told_where_it_is(monkeypatch):
    def refuse(*_):
        raise PermissionError

    write(store.root(), {".recorded.json": b"{"})
    monkeypatch.setattr(Path, "replace", refuse)
    assert str(store.root() / ".recorded.json") in lines.spoiled()
    assert ".bad" not in lines.spoiled()


@pytest.mark.parametrize("entry", [3, [], {}, {"commit": "1" * 40}, {"commit": "x", "files": 3}])
def test_a_damaged_entry_of_the_record_is_renewed_and_the_others_stay(entry):
    store._record(made_of("a/a"))
    content = json.loads((store.root() / ".recorded.json").read_text())
    write(store.root(), {".recorded.json": json.dumps(content | {"b/b": entry}).encode()})
    store._record(made_of("b/b"))
    assert [store.record_of(repo).commit for repo in ("a/a", "b/b")] == ["1" * 40] * 2


KNOWN = ModelFile("vocab.txt", 4, sha256(b"a\nb\n"))
CHANGED = ModelFile("vocab.txt", 4, "0" * 64)


@pytest.mark.parametrize(
    ("commits", "revision", "file", "is_outdated"),
    [
        ({}, None, None, False),
        ({}, "1" * 40, None, False),
        ({}, "1" * 40, KNOWN, False),
        ({}, "1" * 40, CHANGED, True),
        ({"a/b": "1" * 40}, None, None, False),
        ({"a/b": "1" * 40}, "1" * 40, None, False),
        ({"a/b": "2" * 40}, "1" * 40, KNOWN, True),
    ],
    ids=[
        "folder, nothing fixed",
        "folder, no contents known",
        "folder, the same contents",
        "folder, other contents",
        "nothing fixed",
        "the same",
        "another",
    ],
)
def test_another_version_than_the_catalogues_is_outdated(
    brought, commits, revision, file, is_outdated
):
    files = (ModelFile("*.json"), ModelFile("*.safetensors"), ModelFile("*.txt"))
    source = Source("a/b", None, revision, files)
    model = replace(BLIP, sources=(source,))
    assert not store.is_outdated(model)
    with store.changing("blip-base") as partial:
        for name in BLIP_WANTED:
            store.copy(brought / name, partial / name, no_tick)
        checked = store.check(model, partial, dict.fromkeys(BLIP_WANTED, "a/b"), no_tick)
        store.finish(model, partial, checked, commits)
    if file is not None:
        model = replace(model, sources=(replace(source, files=(*files, file)),))
    assert store.is_outdated(model) is is_outdated


@pytest.mark.parametrize("content", [b"", b"[]", b'{"a/b": 3}', b'{"a/b": {"commit": "x"}}'])
def test_record_that_cannot_be_read_is_none(content):
    write(store.root(), {".recorded.json": content})
    assert store.record_of("a/b") is None


def test_removed_model_is_gone_with_all_its_bytes(there):
    on_disk = sum(one.stat().st_size for one in store.folder_of("blip-base").iterdir())
    assert store.remove("blip-base") == on_disk
    assert _nothing_is_left()
    with pytest.raises(ModelMissing):
        store.remove("blip-base")


def test_begun_download_can_be_removed():
    write(store.partial_of("blip-base"), {"model.safetensors.part": b"12345"})
    assert store.remove("blip-base") == 5
    assert _nothing_is_left()


def _free(monkeypatch, free):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 0, free))


def test_free_disk_is_checked_before(monkeypatch):
    _free(monkeypatch, 3 * 10**9)
    store.check_space("blip-base", 2_900_000_000)
    with pytest.raises(NoSpace) as caught:
        store.check_space("blip-base", 2_900_000_001)
    assert caught.value.spoken == (
        "Not enough room on the disk for the model blip-base: 3.0 gigabytes are needed and "
        "3.0 gigabytes are free. Make room, then try again."
    )


def test_disk_that_becomes_full_is_told(monkeypatch, tmp_path):
    """A real disk of 64 kB, and a model that is larger than it says."""
    brought = write(tmp_path / "brought", blip(100_000))
    monkeypatch.setattr(store, "check_space", lambda *_: None)
    with small_disk(tmp_path / "disk", "64k") as disk:
        monkeypatch.setenv("XDG_DATA_HOME", str(disk))
        with pytest.raises(DiskFull) as caught:
            store.import_folder(BLIP, brought, no_tick)
        assert caught.value.exit_code == 3
        assert _nothing_is_left()


def test_model_is_held_against_other_processes(brought):
    code = "from imagecraft_desktop.weights import store; store.remove('blip-base')"
    with store.changing("blip-base"):
        other = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
        assert "ModelBusy" in other.stderr
        with pytest.raises(ModelBusy):
            store.import_folder(BLIP, brought, no_tick)


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (1, "1 megabyte"),
        (460_000_000, "460 megabytes"),
        (994_900_000, "995 megabytes"),
        (995_000_000, "1.0 gigabytes"),
        (4_300_000_000, "4.3 gigabytes"),
        (11_690_000_000, "12 gigabytes"),
    ],
)
def test_sizes_are_said_in_words(n, words):
    assert sizes.in_words(n) == words


def test_a_folder_that_the_system_does_not_let_us_look_into_holds_nothing(
    brought, monkeypatch, tmp_path
):
    """As one of another user, after the program was run with sudo; here its name is too long, for root may look
    everywhere."""
    monkeypatch.setattr(paths, "data_dir", lambda: tmp_path / ("x" * 300))
    assert store.installed() == {}
    assert download.begun_bytes("blip-base") == 0
    assert not store.is_changing("blip-base")
    for change in (
        lambda: store.import_folder(BLIP, brought, no_tick),
        lambda: store.remove("blip-base"),
    ):
        with pytest.raises(ModelNotKept, match="the system says"):
            change()
