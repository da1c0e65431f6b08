"""Figures count where they were measured, and a file that cannot be read costs nothing but them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from imagecraft_desktop.weights import catalogue, speed, store
from imagecraft_desktop.weights.fit import Machine
from imagecraft_desktop.weights.speed import Place, Speed
from tests.tiny_models import blip, write

HERE = Place("Some processor", 0)


def install(folder: Path, n_bytes: int = 500) -> None:
    model = catalogue.find("blip-base")
    store.import_folder(model, write(folder, blip(n_bytes)), lambda: None)


@pytest.fixture
def measured(tmp_path: Path) -> Speed:
    install(tmp_path / "blip")
    kept = store.manifest("blip-base")
    assert kept is not None
    made = Speed(
        name="blip-base",
        weights=speed.identity(kept),
        place=HERE,
        load_s=9.0,
        first_word_s=0.5,
        description_s=1.5,
        device="cpu",
        dtype="bfloat16",
        torch="2.13",
        program="0.1.0",
        day="2026-11-28",
    )
    speed.keep(made)
    return made


def file() -> Path:
    return store.root() / ".speed.json"


def test_what_is_kept_is_known_and_a_newer_figure_takes_its_place(measured: Speed) -> None:
    assert speed.known(HERE) == {"blip-base": measured}
    newer = replace(measured, description_s=0.4)
    speed.keep(newer)
    assert speed.known(HERE) == {"blip-base": newer}
    assert len(json.loads(file().read_text())["speeds"]) == 1


@pytest.mark.parametrize(
    ("told", "differences", "has_bf16"),
    [
        (None, {}, True),
        (None, {"dtype": "float32"}, False),
        (None, {"device": "mps", "dtype": "float16"}, None),
        (False, {}, False),
    ],
    ids=["it ran so", "it ran otherwise", "it ran elsewhere", "the system tells"],
)
def test_what_the_system_does_not_tell_of_the_processor_is_taken_from_figures(
    measured: Speed,
    monkeypatch: pytest.MonkeyPatch,
    told: bool | None,
    differences: dict[str, str],
    has_bf16: bool | None,
) -> None:
    speed.keep(replace(measured, **differences))  # type: ignore[arg-type]
    monkeypatch.setattr(speed.processor, "name", lambda: HERE.processor)
    monkeypatch.setattr(speed.fit, "look", lambda: Machine(8 << 30, 0, told))
    machine, speeds = speed.look()
    assert machine.has_bf16 is has_bf16
    assert list(speeds) == ["blip-base"]


@pytest.mark.parametrize("device", ["cpu", "mps"])
def test_an_apple_graphics_card_is_known_from_figures(
    measured: Speed, monkeypatch: pytest.MonkeyPatch, device: str
) -> None:
    """It may be one that the processor's name does not tell."""
    speed.keep(replace(measured, device=device))
    monkeypatch.setattr(speed.processor, "name", lambda: HERE.processor)
    monkeypatch.setattr(speed.fit, "look", lambda: Machine(16 << 30, 0, None))
    machine, _ = speed.look()
    assert machine.has_apple_gpu is (device == "mps")


def test_nothing_measured_leaves_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed.fit, "look", lambda: Machine(8 << 30, 0, None))
    assert speed.look() == (Machine(8 << 30, 0, None), {})


@pytest.mark.parametrize(
    "other", [Place("Another processor", 0), Place("Some processor", 8 << 30)], ids=["cpu", "card"]
)
def test_figures_of_another_machine_do_not_count_and_stay(measured: Speed, other: Place) -> None:
    assert speed.known(other) == {}
    speed.keep(replace(measured, place=other, description_s=9.0))
    assert speed.known(other)["blip-base"].description_s == 9.0
    assert speed.known(HERE) == {"blip-base": measured}


def test_figures_of_other_weights_do_not_count(measured: Speed, tmp_path: Path) -> None:
    store.remove("blip-base")
    assert speed.known(HERE) == {}
    for file in (".recorded.json",):
        (store.root() / file).unlink(missing_ok=True)
    install(tmp_path / "other", 700)
    assert speed.known(HERE) == {}
    store.remove("blip-base")
    install(tmp_path / "blip")
    assert speed.known(HERE) == {"blip-base": measured}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[1, 2]",
        b"null",
        b"\xff\xfe",
        b'{"version": 2, "speeds": [{}]}',
        b'{"speeds": 3}',
        b'{"version": 1, "speeds": "none"}',
        b'{"version": 1, "speeds": {"a": 1}}',
        b"[" * 100000,
    ],
    ids=["empty", "cut", "list", "null", "no text", "newer", "old", "text", "object", "deep"],
)
def test_a_damaged_file_counts_as_empty_and_is_written_anew(
    measured: Speed, content: bytes
) -> None:
    file().write_bytes(content)
    assert speed.known(HERE) == {}
    speed.keep(measured)
    assert speed.known(HERE) == {"blip-base": measured}


@pytest.mark.parametrize(
    "wrong",
    [
        {"description_s": "2"},
        {"load_s": None},
        {"first_word_s": -1},
        {"day": 3},
        {"place": 1},
        {"place": {"processor": "Some processor"}},
        {"more": 1},
    ],
    ids=["text", "none", "below", "number", "no place", "half a place", "unknown"],
)
def test_a_damaged_entry_does_not_hide_the_others(
    measured: Speed, wrong: dict[str, object]
) -> None:
    content = json.loads(file().read_text())
    content["speeds"].insert(0, content["speeds"][0] | wrong)
    content["speeds"].insert(0, 7)
    file().write_text(json.dumps(content))
    assert speed.known(HERE) == {"blip-base": measured}


def test_a_write_that_fails_leaves_the_old_file(
    measured: Speed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="No space"):
        speed.keep(replace(measured, description_s=7.0))
    assert speed.known(HERE) == {"blip-base": measured}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "0.1 seconds"),
        (0.44, "0.4 seconds"),
        (0.97, "1 second"),
        (2.04, "2 seconds"),
        (9.94, "9.9 seconds"),
        (9.96, "10 seconds"),
        (12.4, "12 seconds"),
        (90.0, "90 seconds"),
    ],
)
def test_seconds_are_said_in_short(seconds: float, words: str) -> None:
    assert speed.in_words(seconds) == words
