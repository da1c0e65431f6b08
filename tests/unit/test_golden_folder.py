"""The tests of the golden data look at the folder that IMAGECRAFT_GOLDEN names."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "tests" / "data" / "golden"
VOICECRAFT_TEST = (
    "tests/unit/nets/voicecraft/test_golden.py"
    "::test_plain_form_equals_the_original_with_its_draws[{}]"
)
IMAGECRAFT_TEST = (
    "tests/unit/describe/test_paligemma.py::test_captions_are_the_original_s[float32-{}]"
)


def run_with(golden: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the variable set to this folder."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "IMAGECRAFT_GOLDEN": str(golden)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
def test_in_a_copy_of_another_name_just_the_cases_that_were_changed_fail(tmp_path: Path) -> None:
    named = tmp_path / "results"
    shutil.copytree(OURS, named)
    file = named / "voicecraft" / "gen" / "greedy_end.npz"
    with np.load(file) as found:
        arrays = dict(found)
    arrays["logits_adj"][3, 0, 2, 5] += 1e-3  # ten times what is allowed
    np.savez(file, **arrays)
    told = named / "imagecraft" / "expected" / "expected.json"
    expected = json.loads(told.read_text("utf-8"))
    changed, same = expected["images"][:2]
    changed["caption"] += " too"
    told.write_text(json.dumps(expected), "utf-8")
    bad = [VOICECRAFT_TEST.format("greedy_end"), IMAGECRAFT_TEST.format(changed["file"])]
    good = [VOICECRAFT_TEST.format("greedy_minlen"), IMAGECRAFT_TEST.format(same["file"])]
    done = run_with(named, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", *bad, *good)
    lines = [line.partition(" - ")[0] for line in done.stdout.splitlines()]
    judged = {line for line in lines if line.startswith(("FAILED ", "PASSED "))}
    assert judged == {f"FAILED {one}" for one in bad} | {f"PASSED {one}" for one in good}


_TELL = "from tests.golden import IMAGECRAFT, VOICECRAFT; print(VOICECRAFT); print(IMAGECRAFT)"


@pytest.mark.parametrize(
    ("named", "voicecraft", "imagecraft"),
    [
        (".", "voicecraft", "imagecraft"),
        ("voicecraft", "voicecraft", OURS / "imagecraft"),
        ("imagecraft", OURS / "voicecraft", "imagecraft"),
    ],
)
def test_both_or_one_can_be_named(
    tmp_path: Path, named: str, voicecraft: str | Path, imagecraft: str | Path
) -> None:
    for name, mark in (("voicecraft", "gen_cases.json"), ("imagecraft", "text_cases.json")):
        (tmp_path / name).mkdir()
        (tmp_path / name / mark).touch()
    done = run_with(tmp_path / named, "-c", _TELL)
    assert done.stdout.splitlines() == [str(tmp_path / voicecraft), str(tmp_path / imagecraft)]


@pytest.mark.parametrize("what", ["misspelt", "empty", "without its cases"])
def test_a_folder_without_golden_data_is_an_error(tmp_path: Path, what: str) -> None:
    named = tmp_path / "golden"
    if what == "empty":
        named.mkdir()
    if what == "without its cases":
        (named / "voicecraft").mkdir(parents=True)
        (named / "imagecraft").mkdir()
        (named / "imagecraft" / "text_cases.json").touch()
    done = run_with(named, "-c", _TELL)
    assert done.returncode != 0
    assert not done.stdout
    assert f"IMAGECRAFT_GOLDEN names {named}" in done.stderr
    assert "gen_cases.json" in done.stderr
