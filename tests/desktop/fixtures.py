"""The pytest fixtures of the private desktop; tests/conftest.py makes them known."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.desktop.desktop import Desktop, missing_programs

_test_number = itertools.count(1)


def _need_programs() -> None:
    if missing := missing_programs():
        pytest.fail(
            "The private desktop needs: apt-get install --no-install-recommends "
            + " ".join(missing),
            pytrace=False,
        )


@pytest.fixture(scope="session")
def shared_desktop() -> Iterator[Desktop]:
    """One desktop for the whole run. Tests take `desktop` instead."""
    _need_programs()
    made = Desktop()
    yield made
    made.close()


@pytest.fixture
def desktop(shared_desktop: Desktop, request: pytest.FixtureRequest) -> Iterator[Desktop]:
    """The private desktop, with fresh user folders; what the test starts is ended after it.

    A test that takes `warm_program` too gets the folders of that.
    """
    has_residents = "warm_program" in request.fixturenames
    file = request.node.nodeid.partition("::")[0]
    shared_desktop.begin_test(next(_test_number), residents_of=file if has_residents else "")
    yield shared_desktop
    shared_desktop.end_test()


@pytest.fixture
def make_desktop() -> Iterator[Callable[..., Desktop]]:
    """Starts another desktop, with other parts than the shared one (see `Desktop`)."""
    _need_programs()
    made: list[Desktop] = []

    def make(**wish: Any) -> Desktop:
        made.append(Desktop(**wish))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def inside_desktop(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> Desktop:
    """The private desktop, also for code in pytest's own process (not for Qt, which is offscreen)."""
    for name, value in desktop.env.items():
        if name != "QT_QPA_PLATFORM":
            monkeypatch.setenv(name, value)
    return desktop
