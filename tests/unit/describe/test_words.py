"""A large tokenizer lies in a process of its own, answers as one that lies here, and leaves nothing behind."""

from __future__ import annotations

import gc
import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from imagecraft_desktop.describe import words as words_module
from imagecraft_desktop.describe.paligemma import PaliGemma
from imagecraft_desktop.describe.words import NAME, Words
from imagecraft_desktop.errors import Cancelled, ModelDamaged, ModelMissing
from imagecraft_desktop.system import child
from tests.cancelling import Ticks
from tests.desktop.processes import wait_until
from tests.golden import IMAGECRAFT
from tests.unit.describe.tiny_paligemma import write_paligemma

PIXELS = np.random.default_rng(0).integers(0, 255, (48, 64, 3), dtype=np.uint8)
USUAL_BYTES = words_module._LARGE_BYTES
PARENT = """
import sys
from pathlib import Path
from imagecraft_desktop.describe import words
words._LARGE_BYTES = 0
made = words.Words(Path(sys.argv[1]), lambda: None)
print(made._partner._process.pid, flush=True)
sys.stdin.read()
"""


def go_on() -> None:
    pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tokenizer like Gemma's, of some thousand words."""
    shutil.copy(IMAGECRAFT / "checkpoint" / NAME, tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_module, "_LARGE_BYTES", 0)


def left_behind() -> tuple[int, int, set[int]]:
    """Threads, file handles and children, those that ended and were not waited for included."""
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    pids = {int(pid) for file in children for pid in file.read_text().split()}
    return threading.active_count(), len(os.listdir("/proc/self/fd")), pids


@pytest.fixture
def nothing_left(request: pytest.FixtureRequest) -> Iterator[Callable[[], None]]:
    """To be called when all should be gone."""
    if sys.platform != "linux":
        yield lambda: None
        return
    gc.collect()
    before = left_behind()
    # the thread that waited ends just after what it waited for
    yield lambda: wait_until(lambda: left_behind() == before, "all to be gone", 5)


def pid_of(words: Words) -> int:
    assert words._partner is not None
    return words._partner._process.pid


def is_there(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def same(words: Words, here: Words, seed: int = 0, count: int = 200) -> None:
    """The same numbers, texts and words, whatever is asked."""
    chance = random.Random(seed)
    signs = "abcdefghij ñéß.,!?\n\t'\"\\{}漢字😀\u2028\x00"
    for _ in range(count):
        text = "".join(chance.choices(signs, k=chance.randint(0, 60)))
        ids = here.encode(text)
        assert words.encode(text) == ids
        assert words.decode(ids) == here.decode(ids)
        drawn = [chance.randint(0, 400_000) for _ in range(20)]  # unknown ones are left out
        assert words.decode(drawn) == here.decode(drawn)
    for word in ("<bos>", "<eos>", "<image>"):
        assert words.token(word) == here.token(word)
        assert words.word(here.token(word)) == word
    asked = "What <bos>is <image><image> it?"
    assert words.harmless(asked) == here.harmless(asked) != asked


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Words:
    """One in this process."""
    with monkeypatch.context() as patched:
        patched.setattr(words_module, "_LARGE_BYTES", 10**9)
        made = Words(folder, go_on)
    assert made._partner is None
    return made


def test_it_answers_as_one_in_this_process(folder: Path, here: Words):
    words = Words(folder, go_on)
    same(words, here)
    assert words._tokens is None, "the child was asked"
    assert words.decode(list(np.array(here.encode("a dog")))) == "a dog"
    words.end()


def test_what_cannot_be_done_is_no_end_of_it(folder: Path, here: Words):
    """A number that is none of a token: here it fails as there, and the next question is answered."""
    words = Words(folder, go_on)
    with pytest.raises(ValueError, match="OverflowError"):
        words.decode([-1])
    assert words.decode(here.encode("a dog")) == "a dog"
    assert words._tokens is None
    words.end()


def test_a_small_one_starts_no_process(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(words_module, "_LARGE_BYTES", USUAL_BYTES)
    assert Words(folder, go_on)._partner is None


def test_a_word_that_it_has_not(folder: Path):
    words = Words(folder, go_on)
    with pytest.raises(ModelDamaged):
        words.token("<nothing>")
    with pytest.raises(ModelDamaged):
        words.word(10**6)
    words.end()


@pytest.mark.parametrize("limit", [0, 10**9], ids=["apart", "here"])
def test_a_file_that_is_damaged_or_missing(
    folder: Path,
    limit: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    nothing_left: Callable[[], None],
):
    """The same error with and without a process of its own, which is not begun anew here."""
    monkeypatch.setattr(words_module, "_LARGE_BYTES", limit)
    (folder / NAME).write_bytes((folder / NAME).read_bytes()[:-9])
    with pytest.raises(ModelDamaged) as damaged:
        Words(folder, go_on)
    assert NAME in damaged.value.spoken
    assert "EOF while parsing" in str(damaged.value.__cause__)
    (folder / NAME).unlink()
    with pytest.raises(ModelMissing, match=NAME):
        Words(folder, go_on)
    assert caplog.text == ""
    nothing_left()


# --- nothing is left ---


def test_the_process_ends_with_it(folder: Path, nothing_left: Callable[[], None]):
    words = Words(folder, go_on)
    words.end()
    words.end()
    nothing_left()
    words = Words(folder, go_on)
    pid = pid_of(words)
    assert is_there(pid)
    del words
    gc.collect()
    assert not is_there(pid)
    nothing_left()


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at through /proc")
def test_it_ends_with_a_parent_that_is_killed(folder: Path):
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_there(pid)
        parent.kill()
        parent.wait(20)
    wait_until(lambda: not is_there(pid), "the child to end", 10)


def test_a_cancel_ends_it(folder: Path, nothing_left: Callable[[], None]):
    for at in (1, 2, 3):
        with pytest.raises(Cancelled):
            Words(folder, Ticks(at))
        nothing_left()


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_paligemma(tmp_path_factory.mktemp("network") / "paligemma")


def opened(network: Path) -> PaliGemma:
    made = PaliGemma(network, "float32")
    made.load("cpu")
    return made


def test_it_leaves_with_the_network(network: Path, nothing_left: Callable[[], None]):
    captioner = opened(network)
    pid = pid_of(captioner.ready().words)
    captioner.caption(PIXELS, go_on, most=4)
    assert is_there(pid)
    captioner.unload()
    assert not is_there(pid)
    nothing_left()
    whole = Ticks()
    captioner.ready(whole)
    captioner.unload()
    for at in (2, whole.count // 3, whole.count // 2, whole.count - 20):
        with pytest.raises(
            Cancelled
        ):  # waiting for the child ticks by the clock, so not the last ones
            captioner.ready(Ticks(at))
        nothing_left()


def test_it_leaves_when_the_network_does_not_come(
    network: Path, tmp_path: Path, nothing_left: Callable[[], None]
):
    """While the error, which knows where it came from, is still there."""
    folder = Path(shutil.copytree(network, tmp_path / "changed"))
    opened(folder).ready()
    gc.collect()
    nothing_left()
    (folder / "generation_config.json").unlink()
    config = (folder / "config.json").read_text()
    (folder / "config.json").write_text(config.replace('"hidden_size": 64', '"hidden_size": 96'))
    with pytest.raises(ModelDamaged) as caught:
        opened(folder).ready()
    assert "its weights" in caught.value.spoken
    nothing_left()


# --- a process that fails is no failure of the description ---


@pytest.mark.parametrize("program", ["/nonexistent/python", "/bin/false", "/bin/cat"])
def test_where_none_starts_it_is_read_here(
    folder: Path,
    here: Words,
    program: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    nothing_left: Callable[[], None],
):
    """There is no Python, it ends at once, and it takes no such words."""
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", program)
        words = Words(folder, go_on)
    assert "it is read here" in caplog.text
    same(words, here, count=5)
    nothing_left()


def test_where_it_says_nothing_it_is_read_here(
    folder: Path,
    here: Words,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    nothing_left: Callable[[], None],
):
    ticks = Ticks()
    with monkeypatch.context() as patched:
        patched.setattr(child, "command", lambda *_: ["sleep", "60"])
        patched.setattr(words_module, "_TIME_OUT_S", 0.1)
        words = Words(folder, ticks)
    assert ticks.count > 2
    assert "TimeoutError" in caplog.text
    same(words, here, count=5)
    nothing_left()


def test_after_its_end_it_is_read_here(
    folder: Path,
    here: Words,
    caplog: pytest.LogCaptureFixture,
    nothing_left: Callable[[], None],
):
    words = Words(folder, go_on)
    assert words.decode(here.encode("a dog")) == "a dog"
    os.kill(pid_of(words), 9)
    assert words.decode(here.encode("a cat")) == "a cat"
    assert "it is read here" in caplog.text
    same(words, here, count=5)
    words.end()
    nothing_left()
