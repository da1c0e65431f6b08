"""A pytest plugin that keeps the names of the tests that failed, for a second look at them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

FILE = "IMAGECRAFT_FAILED"
"""The variable that names the file: a JSON object of `failed`, a list of names, and `crashed`, whether one ended its process."""
_CRASHED = "???"  # what pytest-xdist says of when, for a test whose worker is gone


class Failed:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._names: dict[str, None] = {}
        self._crashed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._names[report.nodeid] = None
            self._crashed = self._crashed or report.when == _CRASHED

    def pytest_sessionfinish(self) -> None:
        facts = {"failed": list(self._names), "crashed": self._crashed}
        self._file.write_text(json.dumps(facts), "utf-8")


def pytest_configure(config: pytest.Config) -> None:
    file = os.environ.get(FILE)
    if file and not hasattr(config, "workerinput"):  # workers report to the first process
        config.pluginmanager.register(Failed(Path(file)))
