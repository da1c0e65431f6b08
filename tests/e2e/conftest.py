"""What the tests of the running program share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop import Desktop
from tests.e2e.running import RunningProgram


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In each file those that share the running program come first: any other test ends it."""
    files: dict[Path, int] = {}
    for item in items:
        files.setdefault(item.path, len(files))
    items.sort(
        key=lambda item: (files[item.path], "warm_program" not in getattr(item, "fixturenames", ()))
    )


_warm: list[RunningProgram] = []
"""The one that runs, at the end."""


@pytest.fixture
def warm_settings() -> dict[str, object]:
    """The settings of `warm_program` when a test begins; a file with other ones has this fixture, too."""
    return {}


@pytest.fixture
def warm_program(
    desktop: Desktop, request: pytest.FixtureRequest, warm_settings: dict[str, object]
) -> Iterator[RunningProgram]:
    """The tray program, running. The tests of a file get the same one, with all it has loaded, as long as
    none of them fails, ends it, or starts one of its own; it is tidied after each."""
    if not desktop.has_residents():
        _warm[:] = [RunningProgram(desktop, is_resident=True)]
    (program,) = _warm
    if not program.has(warm_settings):
        program.use(**warm_settings)
    failed_before = request.session.testsfailed
    yield program
    if request.session.testsfailed > failed_before or not program.is_tidied():
        desktop.end_residents()
