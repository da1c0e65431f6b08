"""Where the files of VoiceCraft are looked for, and that its terms were accepted."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

import pytest

from imagecraft_desktop.errors import EXIT_BAD_INPUT, EXIT_MODEL, LicenceNotKept, VoiceMissing
from imagecraft_desktop.system import paths
from imagecraft_desktop.weights import voicecraft
from tests.small_disk import small_disk

NEW = ["config.json", "model.safetensors"]
CODEC = "encodec_4cb2048_giga.th"


def fill(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(name.encode())
    return folder


@pytest.mark.parametrize("codec", [CODEC, "encodec.safetensors"])
def test_a_folder_of_the_hub_s_form(tmp_path: Path, codec: str) -> None:
    found = voicecraft.find(fill(tmp_path / "m", *NEW, codec, "README.md", ".gitattributes"))
    assert found == voicecraft.VoiceCraftFiles(tmp_path / "m", tmp_path / "m" / codec)


def test_a_folder_with_one_old_file(tmp_path: Path) -> None:
    found = voicecraft.find(fill(tmp_path / "m", "giga330M.pth", CODEC))
    assert found.network == tmp_path / "m" / "giga330M.pth"
    assert found.codec == tmp_path / "m" / CODEC


def test_the_newer_form_comes_first(tmp_path: Path) -> None:
    assert voicecraft.find(fill(tmp_path / "m", *NEW, "giga330M.pth", CODEC)).network.is_dir()


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ([], "has no network"),
        (["README.md"], "has no network"),
        ([CODEC], "has no network"),
        (["config.json", CODEC], "has no network"),
        (["model.safetensors", CODEC], "has no network"),
        (["a.pth", "b.pth", CODEC], "has no network"),
        (NEW, "one codec file"),
        (["a.pth"], "one codec file"),
        ([*NEW, CODEC, "other.th"], "one codec file"),
    ],
)
def test_what_is_missing_is_said(tmp_path: Path, names: list[str], sentence: str) -> None:
    folder = fill(tmp_path / "my model", *names)
    with pytest.raises(VoiceMissing) as caught:
        voicecraft.find(folder)
    assert sentence in caught.value.spoken
    assert str(folder) in caught.value.spoken
    assert "Put it there." in caught.value.spoken
    assert caught.value.exit_code == EXIT_MODEL


def test_folders_are_no_files(tmp_path: Path) -> None:
    folder = fill(tmp_path / "m", "config.json", CODEC)
    (folder / "model.safetensors").mkdir()
    with pytest.raises(VoiceMissing):
        voicecraft.find(folder)


@pytest.mark.parametrize("name", ["nothing", "file"])
def test_no_folder_is_said_with_the_command_to_name_one(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(VoiceMissing) as caught:
        voicecraft.find(tmp_path / name)
    assert "There is no folder" in caught.value.spoken
    assert "imagecraft-desktop voice model FOLDER" in caught.value.spoken


@pytest.mark.parametrize("network", [NEW, ["giga330M.pth"]])
def test_the_identity_changes_with_each_file(tmp_path: Path, network: list[str]) -> None:
    folder = fill(tmp_path / "m", *network, CODEC)
    found = voicecraft.find(folder)
    seen = {found.identity()}
    assert found.identity() in seen
    for name in [*network, CODEC]:
        (folder / name).write_bytes(b"longer than it was before")
        os.utime(folder / name, ns=(1, 1))
        seen.add(found.identity())
        os.utime(folder / name, ns=(2, 2))  # the same size, another time
        seen.add(found.identity())
    assert len(seen) == 1 + 2 * (len(network) + 1)
    fill(folder, "README.md")
    assert voicecraft.find(folder).identity() in seen


def test_terms_are_accepted_once_and_stay_so() -> None:
    assert not voicecraft.is_accepted()
    voicecraft.accept()
    assert voicecraft.is_accepted()
    voicecraft.accept()
    assert voicecraft.is_accepted()


def mark() -> Path:
    return paths.data_dir() / "licences" / "voicecraft.json"


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '"yes"', "{}", '{"licence": "another"}']
)
def test_what_does_not_say_so_is_no_acceptance(content: str) -> None:
    mark().parent.mkdir(parents=True)
    mark().write_text(content)
    assert not voicecraft.is_accepted()
    voicecraft.accept()
    assert json.loads(mark().read_text())["licence"] == voicecraft.LICENCE


def test_terms_of_another_licence_are_to_be_accepted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    voicecraft.accept()
    monkeypatch.setattr(voicecraft, "LICENCE", "Another Licence 2.0")
    assert not voicecraft.is_accepted()


def test_an_acceptance_that_cannot_be_kept_is_an_error() -> None:
    mark().parent.parent.mkdir(parents=True)
    mark().parent.write_text("not a folder")
    with pytest.raises(LicenceNotKept) as caught:
        voicecraft.accept()
    assert "could not be written down" in caught.value.spoken
    assert caught.value.exit_code == EXIT_BAD_INPUT


def test_a_full_disk_does_not_take_back_what_was_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "disk", "8k") as disk:
        monkeypatch.setattr(paths, "data_dir", lambda: disk)
        voicecraft.accept()
        with suppress(OSError):
            (disk / "more").write_bytes(bytes(100_000))
        with pytest.raises(LicenceNotKept) as caught:
            voicecraft.accept()
        assert "the disk is full" in caught.value.spoken
        assert voicecraft.is_accepted()
        assert [file.name for file in mark().parent.iterdir()] == [mark().name]


def test_the_terms_name_the_licence_its_address_and_what_it_forbids() -> None:
    terms = voicecraft.terms()
    for words in (
        voicecraft.LICENCE,
        voicecraft.LICENCE_ADDRESS,
        "what they speak",
        "agreed to it",
    ):
        assert words in terms
    assert "non-commercial" in terms


def test_where_no_folder_was_named_it_is_told_that_no_model_is_installed() -> None:
    with pytest.raises(VoiceMissing) as caught:
        voicecraft.find(voicecraft.usual_folder())
    assert "No VoiceCraft model is installed." in caught.value.spoken
    assert "imagecraft-desktop models install" in caught.value.spoken
