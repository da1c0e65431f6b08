"""`describe --captioner FOLDER` with each class of network that writes its own tiny folder here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.test_cli import run
from tests.e2e.test_cli_captioner import DRAWING, watched
from tests.unit.describe.tiny_coca import write_coca
from tests.unit.describe.tiny_florence import write_florence


@pytest.fixture(scope="module")
def florence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_florence(tmp_path_factory.mktemp("networks") / "florence-2-base", is_taught=True)


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("--brief", ["Probably a dog."]),
        ("--normal", ["No text found.", "Probably the dog sits.", "Probably it runs."]),
    ],
)
def test_florence_2_says_as_much_as_is_wished(florence: Path, detail: str, said: list[str]):
    done = watched("describe", DRAWING, "--captioner", florence, "--no-speak", detail)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [*said, "True"]


def test_florence_2_is_asked_nothing(florence: Path):
    code, out, err = run(
        "describe", DRAWING, "--captioner", florence, "--no-speak", "--ask", "What is it?"
    )
    assert (code, out) == (2, "")
    assert "The captioner florence does not answer questions." in err


def test_coca_runs_from_the_files_of_open_clip(tmp_path: Path):
    folder = write_coca(tmp_path / "coca")
    done = watched("describe", DRAWING, "--captioner", folder, "--no-speak")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "No text found.",
        "Probably a dog man's hat runs, and in the street.",
        "True",
    ]
