"""A captioning model with a large vocabulary in the running program: it leaves the memory when it has not been used for a
time, and comes back; a cancel is heard while it is loaded."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from tests.desktop import Desktop
from tests.desktop.processes import wait_until
from tests.e2e.running import RunningProgram
from tests.unit.describe.large_words import write_large_words
from tests.unit.describe.tiny import write_blip
from tests.unit.describe.tiny_paligemma import write_paligemma

pytestmark = [pytest.mark.desktop, pytest.mark.alone, pytest.mark.slow]

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny PaliGemma with a vocabulary of Gemma's size: 68 MB of weights."""
    words = tmp_path_factory.mktemp("words")
    write_large_words(words)
    return write_paligemma(tmp_path_factory.mktemp("model") / "large-mix", words_of=words)


@pytest.fixture
def program(desktop: Desktop, model: Path) -> RunningProgram:
    started = RunningProgram(desktop)
    use(started, model)
    return started


def use(program: RunningProgram, model: Path, minutes: float = 0.0) -> None:
    """Have the model asked, and leave after so many minutes without use; never with 0."""
    program.use(captioner=str(model), voice="silence", unload_after_min=minutes)


def tokenizers(program: RunningProgram) -> list[int]:
    """The processes that hold a large vocabulary for it."""
    tasks = Path(f"/proc/{program.pid}/task").glob("*/children")
    pids = [int(pid) for children in tasks for pid in children.read_text().split()]
    named = ((pid, Path(f"/proc/{pid}/cmdline").read_text()) for pid in pids)
    return [pid for pid, command in named if "imagecraft_desktop.describe.tokenizer" in command]


def describe(program: RunningProgram, name: str) -> None:
    program.ask("file", path=str(SAMPLES / name))
    wait_until(
        lambda: (program.status()["last"] or {"source": ""})["source"].endswith(name), name, 60
    )
    told = program.wait_state("idle")["last"]
    assert told["captioner"] == "paligemma"
    assert told["caption"]["tokens"] > 0, "the model was asked"


def test_it_leaves_the_memory_after_a_time_without_use_and_comes_back(
    program: RunningProgram, model: Path
) -> None:
    idle_mb = 0.0
    for name in ("dog.jpg", "coffee.jpg"):
        describe(program, name)
        assert len(tokenizers(program)) == 1
        most_mb = idle_mb + 50 if idle_mb else program.resident_mb() - 130
        use(program, model, minutes=0.01)
        wait_until(lambda most_mb=most_mb: program.resident_mb() < most_mb, "the memory", 20)
        wait_until(lambda: not tokenizers(program), "the vocabulary's process to end", 5)
        idle_mb = program.resident_mb()
        use(program, model)


def test_a_cancel_while_its_vocabulary_is_read(program: RunningProgram) -> None:
    program.ask("file", path=str(SAMPLES / "dog.jpg"))
    wait_until(lambda: tokenizers(program), "the vocabulary", 60, step_s=0.005)
    begun_s = time.monotonic()
    program.ask("stop")
    program.wait_state("idle")
    wait_until(lambda: not tokenizers(program), "the vocabulary's process to end", 5)
    assert time.monotonic() - begun_s < 0.5
    describe(program, "coffee.jpg")


def test_it_leaves_the_memory_before_a_command_measures_another(
    program: RunningProgram, desktop: Desktop, tmp_path: Path
) -> None:
    describe(program, "dog.jpg")
    assert tokenizers(program)
    command = desktop.command("models", "import", "blip-base", write_blip(tmp_path / "blip"))
    done = subprocess.run(
        [*command, "--accept"],
        env=desktop.env,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("Describes a picture in about ")
    assert not tokenizers(program)
