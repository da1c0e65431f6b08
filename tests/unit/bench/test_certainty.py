"""`bench certainty`: a tiny network's sentences are judged by a manifest, and bounds come of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch

from imagecraft_desktop.bench import certainty
from imagecraft_desktop.bench.certainty import (
    OPEN,
    RIGHT,
    WRONG,
    Row,
    bounds_of,
    judge,
    levels_of,
)
from imagecraft_desktop.bench.run import bench
from imagecraft_desktop.capture.decode import to_picture
from imagecraft_desktop.capture.file import from_path
from imagecraft_desktop.cli.main import make_parser
from imagecraft_desktop.cli.models import models
from imagecraft_desktop.describe.base import known, make
from imagecraft_desktop.describe.bounds import BOUNDS
from imagecraft_desktop.describe.facts_first import FactsFirst
from imagecraft_desktop.nets.captioners import load
from imagecraft_desktop.values import Caption, Certainty, Wish
from imagecraft_desktop.weights import catalogue, store
from imagecraft_desktop.weights import certainty as kept_bounds
from tests.golden import IMAGECRAFT
from tests.integration.test_embedded import IMAGES

CHECKPOINT = IMAGECRAFT / "checkpoint"
MODEL = "paligemma-3b-ft-cococap-224"
"""It is installed as."""


@pytest.fixture(autouse=True)
def one_type(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each loading tries which type is quick here; where both are, it may come out otherwise in the next."""
    monkeypatch.setattr(load, "choose_dtype", lambda _: torch.float32)


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


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """The drawing, told truly 45 times and falsely 20 times: 69 percent of what is said of it is right."""
    made = tmp_path / "many"
    made.mkdir()
    listed = []
    for number in range(65):
        shutil.copy(IMAGECRAFT / "images" / "img0.png", made / f"{number}.png")
        there, absent = ("diamond", "circle") if number < 45 else ("circle", "diamond")
        listed.append({"file": f"{number}.png", "objects": [there], "absent": [absent]})
    (made / "manifest.json").write_text(json.dumps({"images": listed}), encoding="utf-8")
    return made


def test_what_was_kept_decides_how_sure_the_model_is(
    many: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says "probably" by the chosen bounds; that it is right so seldom makes it "could be"."""
    store.import_folder(catalogue.find(MODEL), CHECKPOINT, lambda: None)
    pixels = certainty._pixels(many / "0.png")

    def caption() -> Caption:
        captioner = make(MODEL, known())
        assert isinstance(captioner, FactsFirst)
        return captioner.caption(pixels, lambda: None)

    before = caption()
    assert (before.certainty, before.bounds) == (Certainty.LIKELY, "chosen")
    written = many.parent / "figures.json"
    # the captioner's name will do, too: it runs the installed model
    words = ["certainty", "paligemma", str(many), "--keep", "--json", str(written)]
    assert bench(make_parser().parse_args(["bench", *words])) == 0
    told = capsys.readouterr().out
    assert "The probabilities in use were chosen, not measured." in told
    assert f"Kept: when {MODEL} is next loaded, it is as sure as these probabilities allow." in told
    bound = before.probability
    assert (
        f"Said plainly: never.\nSaid with probably: never.\nSaid with could be: from {bound:.3f}."
        in told
    )
    after = caption()
    assert (after.certainty, after.bounds) == (Certainty.UNSURE, "calibrated")
    assert after.probability == before.probability
    kept = kept_bounds.known(MODEL)
    assert kept is not None
    assert (kept.judged, kept.levels[Certainty.LIKELY]) == (65, None)
    facts = json.loads(written.read_text(encoding="utf-8"))["parts"]["certainty"]
    assert facts["kept"] == {str(level): bound for level, bound in kept.levels.items()}
    listing(["show", MODEL])
    shown = capsys.readouterr().out
    assert f"was measured on {kept.day} with 65 sentences." in shown
    listing(["show", MODEL, "--json"])
    assert json.loads(capsys.readouterr().out)["bounds"] == "calibrated"


def listing(words: list[str]) -> None:
    assert models(make_parser().parse_args(["models", *words])) == 0


def test_what_says_little_is_not_kept(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store.import_folder(catalogue.find(MODEL), CHECKPOINT, lambda: None)
    words = ["certainty", MODEL, str(folder), "--keep", "--json"]
    assert bench(make_parser().parse_args(["bench", *words])) == 0
    out, err = capsys.readouterr()
    assert "Not kept: at least 50 sentences must be judged" in err
    facts = json.loads(out)["parts"]["certainty"]
    assert facts["is_kept"] is False
    assert "kept" not in facts
    assert kept_bounds.known(MODEL) is None
    listing(["show", MODEL])
    assert "was chosen, not measured." in capsys.readouterr().out


def test_a_model_that_is_never_right_says_nothing_whatever_was_kept_before(
    many: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.import_folder(catalogue.find(MODEL), CHECKPOINT, lambda: None)
    words = ["bench", "certainty", MODEL, str(many), "--keep"]
    assert bench(make_parser().parse_args(words)) == 0
    assert kept_bounds.known(MODEL) is not None
    listed = [
        {"file": f"{number}.png", "objects": ["circle"], "absent": ["diamond"]}
        for number in range(65)
    ]
    (many / "manifest.json").write_text(json.dumps({"images": listed}), encoding="utf-8")
    capsys.readouterr()
    assert bench(make_parser().parse_args(words)) == 0
    told = capsys.readouterr().out
    assert f"Kept: when {MODEL} is next loaded" in told
    assert "Said with could be: never." in told
    assert f"so {MODEL} says nothing about a picture." in told
    kept = kept_bounds.known(MODEL)
    assert kept is not None
    assert set(kept.levels.values()) == {None}
    captioner = make(MODEL, known())
    assert isinstance(captioner, FactsFirst)
    caption = captioner.caption(certainty._pixels(many / "0.png"), lambda: None)
    assert (caption.certainty, caption.bounds) == (None, "calibrated")
    photo = from_path(IMAGES / "a_dog.jpg")
    said = list(captioner.describe(to_picture(photo), Wish(), lambda: None))
    why = (
        f"The model {MODEL} says nothing: when it was measured with pictures whose content is known, it was not right "
        f"often enough. To let it speak all the same, type: imagecraft-desktop bench certainty {MODEL} --forget. To "
        "choose another model: Settings, page Models, or the command imagecraft-desktop models list."
    )
    assert [one.text for one in said].count(why) == 1
    assert said[-1].text == why
    asked = list(captioner.describe(to_picture(photo), Wish(), lambda: None))
    assert why not in [one.text for one in asked], "it is told once"


def test_what_was_kept_can_be_forgotten(many: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store.import_folder(catalogue.find(MODEL), CHECKPOINT, lambda: None)
    assert bench(make_parser().parse_args(["bench", "certainty", MODEL, str(many), "--keep"])) == 0
    capsys.readouterr()
    words = ["bench", "certainty", MODEL, "--forget"]
    assert bench(make_parser().parse_args(words)) == 0
    told = f"Forgotten: {MODEL} is as sure as was chosen for all models when it is next loaded.\n"
    assert capsys.readouterr().out == told
    assert kept_bounds.known(MODEL) is None
    assert bench(make_parser().parse_args(words)) == 3
    assert capsys.readouterr().err == f"Nothing is kept of how sure {MODEL} must be.\n"


@pytest.mark.parametrize("is_installed", [True, False])
def test_a_network_of_another_folder_is_not_measured_for_an_installed_model(
    is_installed: bool,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One of the same name in the current directory is meant, but is not the installed one."""
    if is_installed:
        store.import_folder(catalogue.find(MODEL), CHECKPOINT, lambda: None)
    shutil.copytree(CHECKPOINT, folder / MODEL)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(certainty, "measure", lambda *_: pytest.fail("it was measured"))
    assert bench(make_parser().parse_args(["bench", "certainty", MODEL, ".", "--keep"])) == 3
    told = f"Nothing was measured: --keep is for an installed model, and {MODEL} is none."
    assert told in capsys.readouterr().err
    assert kept_bounds.known(MODEL) is None


@pytest.mark.parametrize("option", ["--keep", "--forget"])
@pytest.mark.parametrize(
    "words", [["FOLDER"], ["caption", "blip-base", "--random"], ["voicecraft"]]
)
def test_only_certainty_is_kept(
    words: list[str], option: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(folder) if word == "FOLDER" else word for word in words]
    assert bench(make_parser().parse_args(["bench", *arguments, option])) == 2
    assert capsys.readouterr().err == f"Only bench certainty has the option {option}.\n"


def test_a_bound_below_the_chosen_one_is_not_kept() -> None:
    """A sentence that names an object counts as right, though it may invent the rest."""
    rows = [Row("a.png", "A.", 0.05, 0.05, "", RIGHT)] * 60
    assert set(bounds_of(rows).values()) == {0.05}
    assert levels_of(rows) == {level.certainty: level.mean for level in BOUNDS.levels}


def test_a_bound_that_chance_may_have_made_is_not_kept() -> None:
    rows = [Row("a.png", "A.", 0.9, 0.9, "certain", RIGHT)] * 19
    rows += [Row("a.png", "A.", 0.5, 0.5, "likely", verdict) for verdict in (RIGHT, WRONG, OPEN)]
    assert bounds_of(rows)[Certainty.CERTAIN] == 0.5
    rows += [Row("a.png", "A.", 0.4, 0.4, "unsure", WRONG)] * 9
    assert bounds_of(rows)[Certainty.CERTAIN] == 0.5  # 20 of 21
    assert levels_of(rows)[Certainty.CERTAIN] == 0.75, "the chosen one is higher"
    assert levels_of(rows[:19] + rows[21:])[Certainty.CERTAIN] is None  # 19 sentences


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
