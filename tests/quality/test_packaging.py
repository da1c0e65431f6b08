"""The wheel holds the program and its resources, nothing else, and the papers of an installation
agree with each other."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in the wheel that this checkout makes."""
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (file,) = folder.iterdir()
    with zipfile.ZipFile(file) as content:
        return content.namelist()


def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project


def test_wheel_holds_every_resource(wheel: list[str]) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "resources"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert len(tracked) > 10
    assert {f"imagecraft_desktop/{name}" for name in tracked} <= set(wheel)


def test_wheel_holds_the_program_and_nothing_of_the_workshop(wheel: list[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert {top for top in tops if not re.search(r"\.(dist-info|data)$", top)} == {
        "imagecraft_desktop"
    }
    assert not [name for name in wheel if re.search(r"(^|/)(tests?|installer)/", name)]


def test_wheel_brings_the_desktop_entry_and_its_icon(wheel: list[str]) -> None:
    data = {name.partition(".data/data/")[2] for name in wheel if ".data/" in name}
    assert data == {
        "share/applications/imagecraft-desktop.desktop",
        "share/icons/hicolor/scalable/apps/imagecraft-desktop.svg",
    }


@pytest.mark.desktop
def test_desktop_entry_is_valid() -> None:
    entry = ROOT / "resources" / "desktop" / "imagecraft-desktop.desktop"
    assert shutil.which("desktop-file-validate"), "install the package desktop-file-utils"
    told = subprocess.run(
        ["desktop-file-validate", entry], capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stdout) == (0, "")
    assert "Exec=imagecraft-desktop app\n" in entry.read_text("utf-8")


def test_every_direct_dependency_of_the_tests_is_pinned_within_its_range() -> None:
    lines = (ROOT / "installer" / "constraints.txt").read_text("utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    project = _project()
    wishes = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    wishes += project["optional-dependencies"]["languages"]
    for wish in map(Requirement, wishes):
        pin = pins.get(canonicalize_name(wish.name))
        assert pin, f"{wish.name} has no line in installer/constraints.txt"
        if wish.marker is None or wish.marker.evaluate():
            assert wish.specifier.contains(pin), f"{wish.name}: {pin} is not in {wish.specifier}"


def test_only_the_headless_opencv_is_installed() -> None:
    """Two OpenCV packages write into the same folder; the others bring a second Qt."""
    installed = {canonicalize_name(one.metadata["Name"]) for one in distributions()}
    assert {name for name in installed if "opencv" in name} == {"opencv-python-headless"}


def test_version_stands_once() -> None:
    version = _project()["version"]
    tracked = subprocess.run(
        ["git", "ls-files", "*.py", "*.toml"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    holders = [
        name
        for name in tracked
        if re.search(
            rf"^\s*_*version_*\s*[:=].*{re.escape(version)}",
            (ROOT / name).read_text("utf-8"),
            re.MULTILINE | re.IGNORECASE,
        )
    ]
    assert holders == ["pyproject.toml"]


def test_ci_runs_what_the_readme_says() -> None:
    run = ROOT / ".ci" / "run"
    assert "python3 installer/bootstrap.py test\n" in run.read_text("utf-8")
