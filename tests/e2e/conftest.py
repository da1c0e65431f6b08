"""What the tests of the running program share."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.cli.main import main
from imagecraft_desktop.system import paths
from imagecraft_desktop.system.log import stop_logging
from tests.desktop import Desktop
from tests.e2e.running import RunningProgram

Here = Callable[..., tuple[int, str, str]]


@pytest.fixture
def here(capfd: pytest.CaptureFixture[str]) -> Iterator[Here]:
    """A command in this process, where torch is there already: what a child needs eight seconds for. Gives
    the status, the output and the errors. What a process does is looked at in children."""
    term, language = signal.getsignal(signal.SIGTERM), strings.language()

    def run(*arguments: object) -> tuple[int, str, str]:
        capfd.readouterr()
        status = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return status, out, err

    yield run
    stop_logging()
    signal.signal(signal.SIGTERM, term)
    strings.use_language(language, paths.resources() / "locale")


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
