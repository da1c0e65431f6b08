"""`imagecraft-desktop bench` measures for real, in processes of its own."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from imagecraft_desktop.bench import parts
from imagecraft_desktop.bench.process import Measurer
from imagecraft_desktop.bench.run import bench
from imagecraft_desktop.cli.main import make_parser
from tests.golden import OUR_VOICECRAFT as VOICECRAFT

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"
IMAGES = Path(__file__).parents[1] / "data" / "images"


def _bench(*arguments: object, timeout_s: float = 140) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "imagecraft_desktop", "bench", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


@pytest.mark.slow
def test_a_picture_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(parts, "_ROUNDS", 1)
    folder = tmp_path / "pictures"
    folder.mkdir()
    shutil.copy(SAMPLES / "error_dialog.png", folder / "dialog.png")
    listed = {"images": [{"file": "dialog.png", "absent": ["person"]}]}
    (folder / "manifest.json").write_text(json.dumps(listed))
    wish = ["bench", str(folder), "--only", "pictures", "--json", str(tmp_path / "figures.json")]
    assert bench(make_parser().parse_args(wish)) == 0
    printed = capsys.readouterr().out
    facts = json.loads((tmp_path / "figures.json").read_text())
    assert set(facts["parts"]) == {"pictures"}
    (row,) = facts["parts"]["pictures"]["warm"]
    assert (row["picture"], row["kind"], row["voice"]) == ("dialog.png", "screen", "hibari")
    assert "Save failed" in row["said"]
    assert row["absent_named"] == []
    for key in ("first_sound_ms", "described_ms", "whole_ms", "cpu_s", "memory_mb", "peak_mb"):
        assert row[key] > 0, key
    assert row["first_sound_ms"] <= row["whole_ms"]
    assert row["memory_mb"] <= row["peak_mb"]
    assert {"again_first_sound_ms", "again_whole_ms", "speech_s"} <= set(row)
    (cold,) = facts["parts"]["pictures"]["cold"]
    assert cold["picture"] == "dialog.png"
    assert any(line.startswith("dialog.png  screen  ") for line in printed.splitlines())
    assert "Absent things named: 0. Target: at most 0. Met." in printed


def test_readers_are_measured_on_the_same_picture() -> None:
    picture = IMAGES / "a_login_form.png"
    for name in ("ours", "rapidocr"):
        with Measurer("imagecraft_desktop.bench.reading", name) as reader:
            row = reader.ask(str(picture))
        assert row["character_error"] < 0.1
        assert row["word_recall"] > 0.9
        assert {"letters", "word_precision", "seconds", "cpu_s", "peak_mb"} <= set(row)


def test_a_picture_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"no picture")
    with Measurer("imagecraft_desktop.bench.pictures") as child:
        assert "broken.png" in child.ask(str(tmp_path / "broken.png"))["error"]


def test_a_child_with_a_defect_is_told_with_its_last_words() -> None:
    with (
        Measurer("imagecraft_desktop.bench.reading", "no-such-reader") as child,
        pytest.raises(RuntimeError, match="no-such-reader"),
    ):
        child.ask("a.png")


@pytest.mark.parametrize(
    ("arguments", "status", "part"),
    [
        (["--only", "speed"], 2, "pictures, ocr, start, keys"),
        (["/no/such/folder"], 3, "No pictures found"),
    ],
)
def test_wrong_wishes_are_told(arguments: list[str], status: int, part: str) -> None:
    done = _bench(*arguments)
    assert done.returncode == status
    assert part in done.stderr


@pytest.mark.parametrize("part", ["start", "keys"])
def test_without_a_screen_it_says_what_is_missing(part: str) -> None:
    done = _bench("--only", part)
    assert done.returncode == 0, done.stderr
    assert f"The part {part} needs a screen" in done.stdout


def test_figures_alone_go_to_the_output_when_no_file_is_named() -> None:
    done = _bench("--only", "start", "--json")
    assert done.returncode == 0, done.stderr
    part = json.loads(done.stdout)["parts"]["start"]
    assert part["left_out"] in done.stderr.splitlines()


@pytest.mark.slow
@pytest.mark.timeout(300)  # what it says is transcribed, too
def test_a_voicecraft_checkpoint_is_measured(tmp_path: Path) -> None:
    """Its figures are all that is on the output; what a person reads is beside them."""
    for file in ("tiny/config.json", "tiny/model.safetensors", "encodec_tiny.th"):
        shutil.copy(VOICECRAFT / file, tmp_path)
    done = _bench("voicecraft", "--checkpoint", tmp_path, "--mode", "bf16", "--json", timeout_s=280)
    assert done.returncode == 0, done.stderr
    part = json.loads(done.stdout)["parts"]["voicecraft"]
    assert (part["checkpoint"], part["size"], part["device"]) == (tmp_path.name, None, "cpu")
    (row,) = part["rows"]
    assert (row["mode"], row["d_model"]) == ("bf16", 32)
    assert [step["position"] for step in row["steps"]] == [100, 500, 900]
    (likeness,) = part["likeness"]
    assert likeness["is_speech"] is True
    assert likeness["same_likeliest"] > 0.9
    assert 0 < likeness["sound_difference"] < 1
    assert [target["name"] for target in part["targets"]] == ["deaf_ms", "flatness"]
    assert f"the checkpoint {tmp_path.name}, on cpu" in done.stderr
    assert any(line.startswith("bf16  ") for line in done.stderr.splitlines())


def test_a_damaged_voicecraft_checkpoint_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    done = _bench("voicecraft", "--checkpoint", tmp_path, "--mode", "fp32")
    assert done.returncode == 3
    assert f"The voice model {tmp_path.name} is damaged" in done.stderr
