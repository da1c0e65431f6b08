"""A tokenizer of Gemma's size: while it is read and while it is asked everything else is heard, a cancel too."""

from __future__ import annotations

import random
import threading
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from imagecraft_desktop.describe.paligemma import PaliGemma
from imagecraft_desktop.describe.words import NAME, Words
from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.system.memory import give_back, resident_mb
from imagecraft_desktop.values import Detail, Wish
from tests.unit.describe.large_words import write_large_words
from tests.unit.describe.tiny_paligemma import write_paligemma

pytestmark = [pytest.mark.slow, pytest.mark.alone]

HEARD_S = 0.3
PIXELS = np.random.default_rng(0).integers(0, 255, (48, 64, 3), dtype=np.uint8)


class Turns:
    """A thread that wants its turn all the time; within the block it notes how long it had none at most."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._wait)

    def __enter__(self) -> Turns:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _wait(self) -> None:
        last_s = time.monotonic()
        while not self._is_over.wait(0.002):
            now_s = time.monotonic()
            self.longest_s, last_s = max(self.longest_s, now_s - last_s), now_s


class Clock:
    """A `tick` that cancels after a time, and notes how long it was not asked at most."""

    def __init__(self, after_s: float = 1e9) -> None:
        self.begun_s = self._last_s = time.monotonic()
        self.count = 0
        self.longest_s = 0.0
        self._after_s = after_s

    def __call__(self) -> None:
        now_s = time.monotonic()
        self.count += 1
        self.longest_s, self._last_s = max(self.longest_s, now_s - self._last_s), now_s
        if now_s - self.begun_s > self._after_s:
            raise Cancelled


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tokenizer alone; not to be changed."""
    made = tmp_path_factory.mktemp("words")
    assert write_large_words(made) > 256_000
    return made


@pytest.fixture(scope="module")
def network(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny PaliGemma with it."""
    return write_paligemma(tmp_path_factory.mktemp("network") / "large-mix", words_of=folder)


def test_while_it_is_read_all_others_have_their_turn(folder: Path):
    before_mb = resident_mb()
    clock = Clock()
    with Turns() as turns:
        words = Words(folder, clock)
        taken_s = time.monotonic() - clock.begun_s
        assert words.decode(words.encode("the dog")) == "the dog"
        words.end()
    assert turns.longest_s < HEARD_S
    assert clock.longest_s < HEARD_S
    assert clock.count > taken_s / HEARD_S
    give_back()
    assert resident_mb() - before_mb < 16, (
        "in this process it takes 250 MB, and gives few of them back"
    )


def test_it_answers_as_one_in_this_process(folder: Path):
    words, here = Words(folder, lambda: None), Tokenizer.from_file(str(folder / NAME))
    chance = random.Random(0)
    signs = 'abcdefghijklmnñopqrstuvwxyzABC áéü.,!?\n"\\漢字😀'
    for _ in range(500):
        text = "".join(chance.choices(signs, k=chance.randint(0, 200)))
        ids = here.encode(text, add_special_tokens=False).ids
        assert words.encode(text) == ids
        assert words.decode(ids) == here.decode(ids)
        drawn = [chance.randrange(300_000) for _ in range(50)]
        assert words.decode(drawn) == here.decode(drawn)
    assert words._tokens is None, "the child was asked"
    words.end()


def test_a_cancel_is_heard_at_any_moment_of_reading_it(folder: Path):
    chance = random.Random(0)
    threads = threading.active_count()
    for _ in range(12):
        clock = Clock(after_s := chance.uniform(0, 0.7))
        with Turns() as turns, suppress(Cancelled):  # it may have been quicker
            Words(folder, clock).end()
        assert time.monotonic() - clock.begun_s < after_s + HEARD_S
        assert turns.longest_s < HEARD_S
    assert threading.active_count() <= threads + 1, "at most the one that hears of the last end"


def test_a_whole_description_with_it(network: Path):
    """After a first one, for which libraries are imported."""
    captioner = PaliGemma(network, "float32")
    captioner.load("cpu")
    wish = Wish(Detail.DETAILED)
    first = [one.text for one in captioner.captions(PIXELS, wish, lambda: None)]
    captioner.unload()
    clock = Clock()
    with Turns() as turns:
        again = [one.text for one in captioner.captions(PIXELS, wish, clock)]
        captioner.unload()
    assert again == first != []
    assert turns.longest_s < HEARD_S
    assert clock.longest_s < HEARD_S
