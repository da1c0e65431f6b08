"""Cancelling: what happens around a run. Real networks are in tests/integration/test_see.py."""

from __future__ import annotations

import gc
import json
import os
import threading
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidArgument

from imagecraft_desktop.errors import Cancelled, DescribeError, ModelDamaged, ModelMissing
from imagecraft_desktop.see import session
from imagecraft_desktop.see.session import Stoppable, stopping
from imagecraft_desktop.values import Tick


class SlowSession:
    """Works until it is told to end, as onnxruntime does between two operations, or is done."""

    def __init__(self) -> None:
        self.has_begun = threading.Event()
        self.done = threading.Event()
        self.ended_early = False

    def run(self, names: Any, feeds: Any, options: Any) -> list[np.ndarray]:
        self.has_begun.set()
        while not self.done.wait(0.002):
            if options.terminate:
                self.ended_early = True
                raise Fail("Exiting due to terminate flag being set to true.")
        return [np.zeros(1, np.float32)]

    def get_inputs(self) -> str:
        return "inputs"


def cancel_while(inner: SlowSession) -> Tick:
    """Cancels once the session runs."""

    def tick() -> None:
        if inner.has_begun.is_set():
            raise Cancelled

    return tick


def cancel_now() -> None:
    raise Cancelled


def no_tick() -> None:
    """Never cancels."""


def slow() -> tuple[SlowSession, Stoppable]:
    inner = SlowSession()
    return inner, Stoppable(inner, "test")  # type: ignore[arg-type]


def test_a_cancel_ends_the_run() -> None:
    inner, stoppable = slow()
    with pytest.raises(Cancelled):
        session.run(stoppable, {}, cancel_while(inner))
    assert inner.ended_early


class Picture(bytearray):
    """Stands for what a description holds while a network runs."""


def test_after_a_cancel_nothing_holds_the_picture() -> None:
    inner, stoppable = slow()
    gone: list[weakref.ref[Picture]] = []

    def look() -> None:
        picture = Picture(8)
        gone.append(weakref.ref(picture))
        session.run(stoppable, {"picture": np.asarray(picture)}, cancel_while(inner))

    gc.disable()  # memory must not wait until Python looks for cycles
    try:
        with suppress(Cancelled):
            look()
        assert gone[0]() is None
    finally:
        gc.enable()


def test_a_cancel_before_the_run_starts_none() -> None:
    inner, stoppable = slow()
    with pytest.raises(Cancelled), stopping(cancel_now):
        stoppable.run(None, {})
    assert not inner.has_begun.is_set()


def test_a_library_that_swallows_the_cancel_does_not_hide_it() -> None:
    inner, stoppable = slow()

    def library() -> None:
        try:
            stoppable.run(None, {})
        except Exception as error:
            raise RuntimeError("inference failed") from error

    with pytest.raises(Cancelled), stopping(cancel_while(inner)):
        library()


def test_an_error_of_the_library_without_a_cancel_is_its_own() -> None:
    with pytest.raises(RuntimeError, match="own"), stopping(no_tick):
        raise RuntimeError("own")


def test_without_stopping_it_runs_to_the_end() -> None:
    inner, stoppable = slow()
    inner.done.set()
    assert len(stoppable.run(None, {})) == 1


def test_the_outer_block_watches_again_after_an_inner_one() -> None:
    inner, stoppable = slow()

    def run_after_another_block() -> None:
        with stopping(no_tick):
            pass
        stoppable.run(None, {})

    with pytest.raises(Cancelled), stopping(cancel_while(inner)):
        run_after_another_block()
    assert inner.ended_early


def test_other_threads_are_not_stopped() -> None:
    inner, stoppable = slow()
    outputs: list[Any] = []
    other = threading.Thread(target=lambda: outputs.append(stoppable.run(None, {})))
    other.start()
    inner.has_begun.wait()
    with pytest.raises(Cancelled), stopping(cancel_now):
        stoppable.run(None, {})
    inner.done.set()
    other.join()
    assert len(outputs) == 1
    assert not inner.ended_early


def test_no_thread_is_left() -> None:
    before = threading.active_count()
    for _ in range(5):
        with stopping(no_tick):
            pass
    assert threading.active_count() == before


def test_a_failure_of_the_network_is_translated() -> None:
    class Broken:
        def run(self, names: Any, feeds: Any, options: Any) -> None:
            raise InvalidArgument("bad shape")

    with pytest.raises(DescribeError) as caught:
        Stoppable(Broken(), "reader").run(None, {})  # type: ignore[arg-type]
    assert "reader" in caught.value.spoken
    assert "bad shape" in caught.value.detail


def test_the_rest_is_the_sessions_own() -> None:
    _, stoppable = slow()
    assert stoppable.get_inputs() == "inputs"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of models."""
    monkeypatch.setattr(session, "models_dir", lambda: tmp_path)
    return tmp_path


def test_a_missing_model(folder: Path) -> None:
    with pytest.raises(ModelMissing) as caught:
        session.embedded("nanodet")
    assert "nanodet" in caught.value.spoken
    assert "install" in caught.value.spoken.lower()


def test_a_model_that_was_changed(folder: Path) -> None:
    (folder / "models.json").write_text(json.dumps({"nanodet.onnx": {"sha256": "0" * 64}}))
    (folder / "nanodet.onnx").write_bytes(b"something else")
    with pytest.raises(ModelDamaged):
        session.embedded("nanodet")


@pytest.mark.parametrize("listed", ["", "{", "[]", "{}", '{"nanodet.onnx": 5}'])
def test_a_list_that_cannot_be_read(folder: Path, listed: str) -> None:
    (folder / "models.json").write_text(listed)
    (folder / "nanodet.onnx").write_bytes(b"x")
    with pytest.raises(ModelDamaged):
        session.embedded("nanodet")


def test_a_file_that_is_no_network(tmp_path: Path) -> None:
    (tmp_path / "reader.onnx").write_bytes(b"no network")
    with pytest.raises(ModelDamaged):
        session.open_session(tmp_path / "reader.onnx", "reader")
    with pytest.raises(ModelMissing):
        session.open_session(tmp_path / "none.onnx", "reader")


def test_threads_leave_a_core() -> None:
    assert 1 <= session.threads_allowed() <= max(1, (os.cpu_count() or 1) - 1)
