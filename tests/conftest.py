"""Keeps every test away from the user's own desktop, settings and sound."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.desktop.fixtures import desktop, inside_desktop, make_desktop, shared_desktop

__all__ = ["desktop", "inside_desktop", "make_desktop", "shared_desktop"]

# The same examples in every run: a new find belongs to whoever looks for it, not to the next change.
hypothesis.settings.register_profile("same", derandomize=True)
hypothesis.settings.load_profile("same")

# Qt inside pytest never shows a window; what needs a screen runs in a child process on the
# private desktop. Said before anything imports Qt.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["PULSE_SERVER"] = "unix:/nonexistent"
for _name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
    os.environ.pop(_name, None)


# Here and in children: networks are tiny and the workers as many as the cores. Threads of torch that
# wait for each other keep a core busy, and tests take ten times as long. Read when torch is imported.
os.environ["OMP_NUM_THREADS"] = "1"


@pytest.fixture(autouse=True)
def _one_thread_again() -> Iterator[None]:
    """A test whose code takes more threads leaves none to those after it."""
    yield
    torch = sys.modules.get("torch")
    if torch is not None and torch.get_num_threads() > 1:
        torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def _private_folders(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """HOME and the XDG folders are new and empty for each test."""
    home = Path(tempfile.mkdtemp(prefix="ich-"))  # short: a socket's path has 108 bytes at most
    (home / "run").mkdir(mode=0o700)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home / "run"))
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    yield
    shutil.rmtree(home, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Nothing that is collected is garbage: to look for some meanwhile takes a third of the time."""
    gc.disable()
    collected = yield
    gc.enable()
    return collected


@pytest.fixture(autouse=True, scope="module")
def _what_was_there_is_not_searched() -> Iterator[None]:
    """All libraries together are a million objects: to search them for cycles takes half a second, and
    is done twice a test below. What a module's own tests leave is still found."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _qt_objects_end_in_the_main_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Qt objects in reference cycles are freed by the garbage collector, in whatever thread it
    happens to run: in a worker, beside the event loop of the next test, that ends the process.
    """
    if "qtbot" not in request.fixturenames and "qapp" not in request.fixturenames:
        yield
        return
    gc.collect()
    gc.disable()
    yield
    gc.enable()
    gc.collect()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The private desktop is a Linux one; elsewhere its tests are left out."""
    if sys.platform == "linux":
        return
    left_out = [item for item in items if item.get_closest_marker("desktop")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("desktop")]
