"""What a person reads, and the exit status, when a captioning network is of no use: as a table.

Memory is not filled up for this: the one function that is asked for it answers something else.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.describe import facts_first
from imagecraft_desktop.nets.captioners import generate
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths
from imagecraft_desktop.system.log import FILE_NAME
from imagecraft_desktop.weights import catalogue, store
from tests.e2e.conftest import Here
from tests.e2e.test_cli import ROOT, run
from tests.golden import IMAGECRAFT
from tests.tiny_voice import add_voice, write_model
from tests.unit.describe.tiny import write_blip, write_git

CHECKPOINT = IMAGECRAFT / "checkpoint"
DRAWING = IMAGECRAFT / "images" / "img0.png"
FACTS = "No text found.\n"

Change = Callable[[pytest.MonkeyPatch], None]


def none(patch: pytest.MonkeyPatch) -> None:
    pass


def full(patch: pytest.MonkeyPatch) -> None:
    """There is too little memory to read it."""
    patch.setattr(facts_first, "available_mb", lambda: 100.0)


def runs_out(patch: pytest.MonkeyPatch) -> None:
    def run_out(*_: object) -> None:
        raise MemoryError

    patch.setattr(generate, "stream", run_out)


def runs_out_once(patch: pytest.MonkeyPatch) -> None:
    later = generate.stream

    def run_out(*_: object) -> None:
        patch.setattr(generate, "stream", later)
        raise MemoryError

    patch.setattr(generate, "stream", run_out)


def broken(patch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("an index out of range")

    patch.setattr(generate, "stream", fail)


def leaves_the_card(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        facts_first.FactsFirst, "load", lambda self, device: setattr(self, "_device", "cuda")
    )
    patch.setattr(facts_first, "_free_mb", lambda device: 1.0 if device == "cuda" else 9999.0)


SMALL_MACHINE = """
from imagecraft_desktop.system import memory
memory.machine_bytes = lambda: 8 * 10**9
"""

Describe = Callable[..., tuple[int, str, str]]


@pytest.fixture
def describe(here: Here, monkeypatch: pytest.MonkeyPatch) -> Describe:
    """The command, after a change to the program: status, output, errors."""

    def run(folder: Path, change: Change = none, *more: str) -> tuple[int, str, str]:
        change(monkeypatch)
        return here("describe", DRAWING, "--captioner", folder, "--no-speak", *more)

    return run


def describe_alone(folder: Path, change: str, *more: str) -> tuple[int, str, str]:
    """The command in a process of its own, whose memory it is about, after a change to the program."""
    code = (
        f"import sys\n{change}\n"
        "from imagecraft_desktop.cli.main import main\nsys.exit(main(sys.argv[1:]))"
    )
    arguments = ["describe", str(DRAWING), "--captioner", str(folder), "--no-speak", *more]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CHECKPOINT, tmp_path / "mine"))


def cut_off(folder: Path) -> None:
    shard = folder / "model-00002-of-00003.safetensors"
    shard.write_bytes(shard.read_bytes()[:-100])


def without_a_tensor(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    shard = folder / "model-00003-of-00003.safetensors"
    tensors = load_file(shard)
    del tensors[next(iter(tensors))]
    save_file(tensors, shard, metadata={"format": "pt"})


def whole(folder: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("state", "change", "said", "told"),
    [
        pytest.param(
            shutil.rmtree, none, "", "Model missing: mine. There is no folder ", id="missing"
        ),
        pytest.param(
            cut_off, none, "", "Model damaged: mine. The file model-00002-of-00003", id="cut off"
        ),
        pytest.param(
            without_a_tensor, none, FACTS, "Model damaged: mine. Missing in its ", id="damaged"
        ),
        pytest.param(
            whole,
            full,
            FACTS,
            say(strings.ERR_OUT_OF_MEMORY, name="mine") + "\n",
            id="too big",
        ),
        pytest.param(
            whole,
            runs_out,
            FACTS,
            say(strings.ERR_OUT_OF_MEMORY, name="mine") + "\n",
            id="runs out of memory",
        ),
        pytest.param(
            whole, broken, FACTS, say(strings.ERR_DESCRIBE, name="mine") + "\n", id="broken"
        ),
    ],
)
def test_a_network_of_no_use_is_told_and_the_facts_stand(
    describe: Describe,
    folder: Path,
    state: Callable[[Path], object],
    change: Change,
    said: str,
    told: str,
):
    state(folder)
    code, out, err = describe(folder, change)
    assert (code, out) == (4, said)
    assert err.startswith(told)
    assert err.count("\n") == 1


def test_the_failure_is_a_statement_of_its_own_in_json(describe: Describe, folder: Path):
    code, out, err = describe(folder, runs_out, "--json")
    assert (code, err.count("\n")) == (4, 1)
    facts = json.loads(out)
    assert [one["from"] for one in facts["statements"]] == ["ocr", "failure"]
    assert facts["caption"] is None
    assert facts["description"].endswith(say(strings.ERR_OUT_OF_MEMORY, name=folder.name))


def test_the_processor_is_taken_where_the_graphics_card_is_too_small(
    describe: Describe, folder: Path
):
    code, out, err = describe(folder, leaves_the_card)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "No text found.",
        "Probably a black diamond on a blue background.",
        "The graphics card has not enough memory for mine. It works on the processor now, "
        "which takes longer.",
    ]


def test_a_lighter_model_is_asked_where_the_memory_is_too_small(
    describe: Describe, folder: Path, tmp_path: Path
):
    store.import_folder(catalogue.find("blip-base"), write_blip(tmp_path / "blip"), lambda: None)
    code, out, err = describe(folder, runs_out_once, "--json")
    assert (code, err) == (0, "")
    facts = json.loads(out)
    assert facts["captioner"] == "blip"
    assert facts["caption"]["tokens"] > 0
    assert facts["statements"][-1]["text"] == (
        "Not enough memory for mine; the lighter model blip-base was asked."
    )


@pytest.mark.parametrize("is_small", [True, False], ids=["small", "large"])
def test_network_and_voice_take_turns_where_the_memory_is_small(
    folder: Path, tmp_path: Path, is_small: bool
):
    change = SMALL_MACHINE if is_small else SMALL_MACHINE.replace("8", "16")
    write_model(tmp_path / "voice")
    add_voice(tmp_path)
    assert run("settings", "set", "voicecraft_model", str(tmp_path / "voice"))[0] == 0
    sound = tmp_path / "said.wav"
    code, out, err = describe_alone(
        folder, change, "--json", "--voice", "anna", "--out", str(sound)
    )
    assert (code, err) == (0, "")
    facts = json.loads(out)
    assert facts["description"] == "No text found. Probably a black diamond on a blue background."
    assert (facts["voice"], facts["warnings"]) == ("anna", [])
    assert sound.stat().st_size > 10_000
    told = (paths.log_dir() / FILE_NAME).read_text()
    assert ("VoiceCraftVoice leaves the memory" in told) is is_small
    assert ("PaliGemma leaves the memory" in told) is is_small


def test_no_heavier_model_is_asked(describe: Describe, tmp_path: Path):
    store.import_folder(catalogue.find("git-base-coco"), write_git(tmp_path / "git"), lambda: None)
    code, _, err = describe(write_blip(tmp_path / "blip"), runs_out_once)
    assert code == 4
    assert err == say(strings.ERR_OUT_OF_MEMORY, name="blip") + "\n"


@pytest.mark.parametrize(
    ("name", "told"),
    [("blip-base", "cannot be reached"), ("paligemma-3b-ft-cococap-224", "login")],
    ids=["offline", "gated"],
)
def test_a_model_that_cannot_be_fetched_is_told(
    monkeypatch: pytest.MonkeyPatch, name: str, told: str
):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    code, _, err = run("models", "install", name, "--accept")
    assert (code, err.count("\n")) == (4, 1), err
    assert told in err.lower()
