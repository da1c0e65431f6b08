"""`bench certainty`: a tiny network's sentences are judged by a manifest, and bounds come of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from imagecraft_desktop.bench import certainty
from imagecraft_desktop.bench.certainty import OPEN, RIGHT, WRONG, Row, bounds_of, judge
from imagecraft_desktop.bench.run import bench
from imagecraft_desktop.cli.main import make_parser
from imagecraft_desktop.describe.facts_first import FactsFirst
from imagecraft_desktop.values import Certainty
from tests.golden import IMAGECRAFT

CHECKPOINT = IMAGECRAFT / "checkpoint"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of the drawing of a black diamond on blue, once told truly and once falsely, and of one of which
    nothing is known."""
    for name in ("true.png", "false.png", "unknown.png"):
        shutil.copy(IMAGECRAFT / "images" / "img0.png", tmp_path / name)
    listed = [
        {"file": "true.png", "objects": ["diamond (black)"], "absent": ["circle"]},
        {"file": "false.png", "objects": ["circle"], "absent": ["diamond"]},
    ]
    (tmp_path / "manifest.json").write_text(json.dumps({"images": listed}), encoding="utf-8")
    return tmp_path


def test_a_sentence_is_judged_by_what_is_known(folder: Path) -> None:
    picture = folder / "true.png"
    assert judge(picture, "Two diamonds.") == RIGHT
    assert judge(picture, "A diamond in a circle.") == WRONG
    assert judge(picture, "A shape.") == OPEN


def test_only_pictures_of_known_content_are_taken(folder: Path) -> None:
    found = certainty.known_pictures([str(folder)])
    assert [path.name for path in found] == ["false.png", "true.png"]
    assert certainty.known_pictures([str(folder / "unknown.png")]) == []


def test_a_network_is_judged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = folder / "figures.json"
    words = ["certainty", str(CHECKPOINT), str(folder), "--json", str(written)]
    assert bench(make_parser().parse_args(["bench", *words])) == 0
    facts = json.loads(written.read_text(encoding="utf-8"))["parts"]["certainty"]
    rows = {row["picture"]: row for row in facts["rows"]}
    assert (rows["true.png"]["verdict"], rows["false.png"]["verdict"]) == (RIGHT, WRONG)
    for row in rows.values():
        assert row["text"] == "A black diamond on a blue background."
        assert 0 < row["weakest"] < row["probability"] < 1
        assert row["level"] == "likely"
    # half of them are right
    assert facts["bounds"] == {
        "certain": None,
        "likely": None,
        "unsure": rows["true.png"]["probability"],
    }
    told = capsys.readouterr().out
    assert "Said with probably: 1 right, 1 wrong, 0 to be judged by a person." in told
    assert "Fewer than 50" in told


def test_the_device_that_is_named_is_taken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    load = FactsFirst.load
    monkeypatch.setattr(
        FactsFirst, "load", lambda self, device: (taken.append(device), load(self, device))[1]
    )
    words = ["certainty", str(CHECKPOINT), str(folder)]
    assert bench(make_parser().parse_args(["bench", *words, "--device", "cpu"])) == 0
    assert taken == ["cpu"]


def test_bounds_leave_out_what_nobody_judged() -> None:
    verdicts = [(0.9, RIGHT), (0.8, RIGHT), (0.7, OPEN), (0.6, WRONG), (0.5, RIGHT)]
    rows = [Row("a.png", "A.", one, one, "certain", verdict) for one, verdict in verdicts]
    assert bounds_of(rows) == {
        Certainty.CERTAIN: 0.8,
        Certainty.LIKELY: 0.8,
        Certainty.UNSURE: 0.5,
    }


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["certainty"], 2, "bench certainty MODEL FOLDER"),
        (["certainty", "blip-base"], 2, "bench certainty MODEL FOLDER"),
        (["certainty", "blip-base", "FOLDER", "--size", "330"], 2, "--size"),
        (["certainty", "embedded", "EMPTY"], 3, "manifest.json"),
        (["certainty", "embedded", "FOLDER"], 3, "embedded has no network"),
    ],
)
def test_what_cannot_be_judged_is_told(
    words: list[str], code: int, told: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "empty").mkdir()
    places = {"FOLDER": str(folder), "EMPTY": str(folder / "empty")}
    arguments = ["bench", *(places.get(word, word) for word in words)]
    assert bench(make_parser().parse_args(arguments)) == code
    assert told in capsys.readouterr().err
