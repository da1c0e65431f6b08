"""When a network is asked to read a photo's text, and when that is left."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest

from imagecraft_desktop.describe.facts_first import FactsFirst
from imagecraft_desktop.describe.rescue import Asking
from imagecraft_desktop.errors import DescribeError
from imagecraft_desktop.system.tenancy import ROOMY, Tenancy
from imagecraft_desktop.values import Box, TextLine, Tick, Wish

PIXELS = np.zeros((8, 8, 3), np.uint8)
LINE = TextLine("42", Box(0, 0, 8, 8), 0.9)


class Voice:
    """One that shares the memory."""

    def let_go(self) -> None:
        pass


class Reading:
    """A network, as far as its reading goes."""

    name = "reading"
    stand_in = None
    reads = True
    loaded_at = 0.0
    fails = False

    def __init__(self) -> None:
        self.tenancy = ROOMY
        self.asked = 0

    def read(self, pixels: np.ndarray, tick: Tick) -> tuple[TextLine, ...]:
        self.asked += 1
        if self.fails:
            raise DescribeError(name=self.name)
        return (LINE,)


@pytest.fixture
def network() -> Reading:
    return Reading()


def asking(network: Reading) -> Asking:
    return Asking(cast("FactsFirst", network), Wish(), lambda: None)


def test_a_network_reads(network: Reading) -> None:
    assert asking(network).read(PIXELS) == (LINE,)


def test_what_was_not_read_is_told_from_what_has_no_text(network: Reading) -> None:
    network.fails = True
    failed = asking(network)
    assert failed.read(PIXELS) is None
    assert failed.failure is not None
    assert failed.read(PIXELS) is None
    network.reads = False
    assert asking(network).read(PIXELS) is None
    assert network.asked == 1


def test_a_slow_network_is_not_asked(network: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = asking(network)
    monkeypatch.setattr(slow, "_written_s", 60.0)
    assert slow.read(PIXELS) is None
    assert network.asked == 0


def test_where_a_voice_has_taken_the_memory_the_network_is_not_read_a_second_time(
    network: Reading,
) -> None:
    network.tenancy, voice = Tenancy(1), Voice()
    network.tenancy.expect(voice)
    assert asking(network).read(PIXELS) is None
    assert network.asked == 0
