"""Copying and checking gigabytes is heard: what begins, and tenths where it was silent for a while."""

from __future__ import annotations

from pathlib import Path

import pytest

from imagecraft_desktop.cli.download_told import Teller
from imagecraft_desktop.weights import catalogue, lines, store
from imagecraft_desktop.weights.steps import Counted, Stage, Step
from tests.tiny_models import blip, write

BLIP = catalogue.find("blip-base")
N = 8_000_000


def no_tick() -> None:
    pass


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    return write(tmp_path / "stick", blip(N))


def is_rising(steps: list[Step]) -> bool:
    done = [step.done for step in steps]
    return done == sorted(set(done))


def test_an_import_tells_what_is_copied_and_then_checked(brought: Path) -> None:
    steps: list[Step] = []
    made = store.import_folder(BLIP, brought, no_tick, steps.append)
    assert [step.stage for step in steps] == sorted((one.stage for one in steps), reverse=True)
    assert {step.total for step in steps} == {made.size}
    for stage in (Stage.COPY, Stage.CHECK):
        of_stage = [step for step in steps if step.stage is stage]
        assert is_rising(of_stage)
        assert (of_stage[0].done, of_stage[-1].done) == (0, made.size)
        assert len(of_stage) > 5


def test_a_look_at_an_installed_model_is_told(brought: Path) -> None:
    made = store.import_folder(BLIP, brought, no_tick)
    for look in (store.verify, lambda *given: list(store.good_files(*given))):
        steps: list[Step] = []
        look(made.name, no_tick, steps.append)
        assert is_rising(steps)
        assert (steps[0], steps[-1].done) == (Step(Stage.CHECK, 0, made.size), made.size)


def test_a_model_of_empty_files_is_counted() -> None:
    steps: list[Step] = []
    counted = Counted(Stage.CHECK, 0, steps.append, no_tick)
    counted.of(0)
    assert steps == [Step(Stage.CHECK, 0, 0)]


@pytest.mark.parametrize("silent_s", [0.0, 60.0], ids=["slow", "quick"])
def test_tenths_are_printed_where_it_takes_long(
    brought: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    silent_s: float,
) -> None:
    monkeypatch.setattr(lines, "_SILENT_S", silent_s)
    with Teller("blip-base", is_aloud=False) as teller:
        store.import_folder(BLIP, brought, no_tick, teller.tell_step)
    told = capsys.readouterr().out.splitlines()
    assert [line for line in told if "percent" not in line] == [
        "Copying 8 megabytes.",
        "Checking the files.",
    ]
    tenths = [line for line in told if line.startswith("50 percent, 4 megabytes of 8 megabytes.")]
    assert len(tenths) == (0 if silent_s else 2)


def test_the_window_hears_the_same(brought: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_SILENT_S", 0.0)
    said = lines.Tenths()
    told: list[str] = []
    store.import_folder(BLIP, brought, no_tick, lambda step: told.append(said.sentence(step)))
    assert told[0] == "Copying 8 megabytes."
    assert "50 percent, 4 megabytes of 8 megabytes." in told
    assert told.count("Checking the files.") == 1
