"""Bounds count for the files that they were found with, and a file that cannot be read costs nothing but them."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from imagecraft_desktop.describe.bounds import BOUNDS, bounds_of, with_levels
from imagecraft_desktop.values import Certainty
from imagecraft_desktop.weights import catalogue, certainty, store
from imagecraft_desktop.weights.certainty import Calibration
from imagecraft_desktop.weights.speed import identity
from tests.tiny_models import blip, write

LEVELS: dict[Certainty, float | None] = {
    Certainty.CERTAIN: None,
    Certainty.LIKELY: 0.9,
    Certainty.UNSURE: 0.6,
}


def install(folder: Path, n_bytes: int = 500) -> None:
    model = catalogue.find("blip-base")
    store.import_folder(model, write(folder, blip(n_bytes)), lambda: None)


@pytest.fixture
def found(tmp_path: Path) -> Calibration:
    install(tmp_path / "blip")
    kept = store.manifest("blip-base")
    assert kept is not None
    return Calibration("blip-base", identity(kept), LEVELS, 80, "0.1.0", "2026-11-28")


def file() -> Path:
    return store.root() / ".certainty.json"


def test_what_is_kept_is_known_and_a_newer_one_takes_its_place(found: Calibration) -> None:
    assert certainty.known("blip-base") is None
    certainty.keep(found)
    assert certainty.known("blip-base") == found
    newer = replace(found, levels={**LEVELS, Certainty.CERTAIN: 0.95}, judged=90)
    certainty.keep(newer)
    assert certainty.known("blip-base") == newer
    assert len(json.loads(file().read_text())["models"]) == 1


def test_bounds_of_other_weights_do_not_count(found: Calibration, tmp_path: Path) -> None:
    certainty.keep(found)
    store.remove("blip-base")
    assert certainty.known("blip-base") is None
    (store.root() / ".recorded.json").unlink(missing_ok=True)
    install(tmp_path / "other", 700)
    assert certainty.known("blip-base") is None


def test_what_comes_with_the_program_yields_to_the_users_own(
    found: Calibration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tmp_path / "shipped.json"
    monkeypatch.setattr(certainty, "_shipped", lambda: shipped)
    store.write_json(shipped, {"version": 1, "models": [asdict(found)]})
    assert certainty.known("blip-base") == found
    own = replace(found, judged=99)
    certainty.keep(own)
    assert certainty.known("blip-base") == own


@pytest.mark.parametrize(
    "wrong",
    [
        {"levels": {"certain": 0.5, "likely": 0.9, "unsure": 0.6}},
        {"levels": {"certain": 0.9, "likely": None, "unsure": 0.6}},
        {"levels": {"certain": 1.5, "likely": 0.9, "unsure": 0.6}},
        {"levels": {"certain": "0.9", "likely": 0.9, "unsure": 0.6}},
        {"levels": {"likely": 0.9}},
        {"judged": "many"},
        {"day": None},
        {"strange": 1},
    ],
    ids=["order", "gap", "over one", "word", "lacks", "count", "no day", "unknown"],
)
def test_an_entry_that_is_not_as_it_was_written_does_not_count(
    found: Calibration, wrong: dict[str, object]
) -> None:
    certainty.keep(found)
    content = {"version": 1, "models": [{**asdict(found), **wrong}]}
    file().write_text(json.dumps(content))
    assert certainty.known("blip-base") is None


@pytest.mark.parametrize("content", ["", "[]", '{"version": 2, "models": []}', '{"version": 1}'])
def test_a_file_that_cannot_be_read_counts_as_empty(found: Calibration, content: str) -> None:
    file().write_text(content)
    assert certainty.known("blip-base") is None
    certainty.keep(found)
    assert certainty.known("blip-base") == found


def test_the_levels_of_a_network_are_those_that_were_found_with_it(found: Calibration) -> None:
    folder = store.folder_of("blip-base")
    assert bounds_of(folder) is BOUNDS
    certainty.keep(found)
    bounds = bounds_of(folder)
    assert bounds.how == "calibrated"
    told = [(level.certainty, level.mean, level.weakest) for level in bounds.levels]
    assert told == [(Certainty.LIKELY, 0.9, 0.1), (Certainty.UNSURE, 0.6, 0.02)]
    assert bounds_of(folder.parent / "elsewhere" / "blip-base") is BOUNDS
    assert with_levels(LEVELS) == bounds


def test_no_level_is_easier_to_reach_than_was_chosen() -> None:
    """A file of another program, or written by hand, may have any."""
    kind = with_levels(dict.fromkeys(Certainty, 0.1))
    assert kind.levels == BOUNDS.levels
    strict = with_levels(dict.fromkeys(Certainty, 0.5))
    assert [level.mean for level in strict.levels] == [0.75, 0.5, 0.5]


def test_what_comes_with_the_program_is_right() -> None:
    """Each of its entries counts, and is of a model that can be installed."""
    shipped = certainty._shipped()
    listed = json.loads(shipped.read_text())["models"] if shipped.exists() else []
    assert [one.name for one in certainty._read(shipped)] == [one["name"] for one in listed]
    assert {one["name"] for one in listed} <= set(catalogue.known())
