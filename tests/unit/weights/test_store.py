"""A model is there whole or not at all, and what was installed is what is loaded."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections import namedtuple

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
from imagecraft_desktop.weights import catalogue, sizes, store
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


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"version": 2, "name": "blip-base"}'])
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
    with pytest.raises(ImportIncomplete):
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
def test_link_is_a_copy_where_links_are_not_possible(monkeypatch, tmp_path, works):
    def refuse(*_):
        raise OSError(errno.EXDEV, "another disk")

    if not works:
        monkeypatch.setattr(os, "link", refuse)
    write(tmp_path, {"a": b"content", "new/b": b"old"})
    store.link(tmp_path / "a", tmp_path / "new" / "b", no_tick)
    assert (tmp_path / "new" / "b").read_bytes() == b"content"
    assert (tmp_path / "new" / "b").samefile(tmp_path / "a") is works


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
