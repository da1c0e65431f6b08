"""Where the memory is small one large network leaves before the other comes; elsewhere nothing happens."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable

import pytest

from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.system.tenancy import ROOMY, Occupied, Tenancy

GB = 10**9


class Guest:
    """Notes how often it was sent away."""

    def __init__(self) -> None:
        self.times_gone = 0

    def let_go(self) -> None:
        self.times_gone += 1


def go_on() -> None:
    pass


def cancel() -> None:
    raise Cancelled


@pytest.fixture
def voice() -> Guest:
    return Guest()


@pytest.fixture
def captioner() -> Guest:
    return Guest()


@pytest.fixture
def small(voice: Guest) -> Tenancy:
    made = Tenancy(8 * GB)
    made.expect(voice)
    return made


def test_one_leaves_before_the_other_comes(small: Tenancy, voice: Guest, captioner: Guest) -> None:
    for times in range(1, 4):
        with small.working(captioner, go_on):
            assert (voice.times_gone, captioner.times_gone) == (times - 1, times - 1)
        with small.moving_in(voice):
            assert captioner.times_gone == times
        with small.moving_in(voice):
            assert captioner.times_gone == times
    assert voice.times_gone == 2


@pytest.mark.parametrize("tenancy", [Tenancy(12 * GB), ROOMY], ids=["12 GB", "roomy"])
def test_a_large_memory_holds_both(tenancy: Tenancy, voice: Guest, captioner: Guest) -> None:
    tenancy.expect(voice)
    assert not tenancy.is_shared
    with tenancy.working(captioner, cancel), tenancy.moving_in(voice):
        assert not tenancy.is_closed_to(voice)
    assert voice.times_gone == captioner.times_gone == 0


def test_it_is_shared_only_while_a_voice_may_come(voice: Guest) -> None:
    tenancy = Tenancy(8 * GB)
    assert not tenancy.is_shared
    tenancy.expect(voice)
    assert tenancy.is_shared
    tenancy = Tenancy(8 * GB)
    tenancy.expect(Guest())
    gc.collect()
    assert not tenancy.is_shared, "it is gone for good"


def test_a_voice_does_not_disturb_a_captioner_at_work(
    small: Tenancy, voice: Guest, captioner: Guest
) -> None:
    with small.working(captioner, go_on):
        assert small.is_closed_to(voice)
        assert not small.is_closed_to(captioner)
        with pytest.raises(Occupied), small.moving_in(voice):
            pass
    assert captioner.times_gone == 0
    assert not small.is_closed_to(voice)


@pytest.mark.parametrize(
    ("tick", "is_cancelled"), [(go_on, False), (cancel, True)], ids=["waits", "cancelled"]
)
def test_a_captioner_waits_for_a_voice_that_is_being_loaded(
    small: Tenancy, voice: Guest, captioner: Guest, tick: Callable[[], None], is_cancelled: bool
) -> None:
    loading, release = threading.Event(), threading.Event()

    def load() -> None:
        with small.moving_in(voice):
            loading.set()
            assert release.wait(20)

    thread = threading.Thread(target=load)
    thread.start()
    assert loading.wait(20)
    ticks: list[int] = []

    def count() -> None:
        ticks.append(voice.times_gone)
        if len(ticks) == 3:
            release.set()
        tick()

    try:
        with small.working(captioner, count):
            assert voice.times_gone == 1
    except Cancelled:
        assert is_cancelled
    else:
        assert not is_cancelled
    assert set(ticks) == {0}
    release.set()
    thread.join(20)


def test_an_error_at_work_lets_the_next_one_in(
    small: Tenancy, voice: Guest, captioner: Guest
) -> None:
    with pytest.raises(Cancelled), small.working(captioner, go_on):
        raise Cancelled
    with small.moving_in(voice):
        assert captioner.times_gone == 1


def test_who_is_gone_for_good_is_not_sent_away(small: Tenancy, captioner: Guest) -> None:
    old = Guest()
    with small.moving_in(old):
        pass
    del old
    gc.collect()
    with small.working(captioner, go_on):
        pass
    assert captioner.times_gone == 0
