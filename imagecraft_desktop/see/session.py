"""Networks on onnxruntime: opened on first use, checked by hash, and ended at once by a cancel.

A run inside `with stopping(tick):` is watched: when `tick()` raises, the network stops at its next
operation (a few milliseconds for ours), wherever in the run it is. This holds for every Stoppable
that the thread runs inside the block, also one that is buried in somebody else's library.

Called by things.py for the embedded models, and by the reader for the sessions of its library.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imagecraft_desktop import strings
from imagecraft_desktop.errors import (
    Cancelled,
    DescribeError,
    ModelDamaged,
    ModelMissing,
    NoMemoryForPicture,
)
from imagecraft_desktop.system import paths
from imagecraft_desktop.values import Tick

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession, RunOptions


_WATCH_EVERY_S = 0.02
_NO_MEMORY = "std::bad_alloc"
"""In the text of an error of onnxruntime, which has no class of error for a memory that was too small."""


class _Watch:
    """Calls `tick` from a thread of its own and ends the run in progress when it raises.

    `reason` is the Cancelled that `tick` raised, or None.
    """

    def __init__(self, tick: Tick) -> None:
        self.reason: Cancelled | None = None
        self._tick = tick
        self._lock = threading.Lock()
        self._running: RunOptions | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="stopping", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self.reason = None  # its frames refer to this watch: a ring that would keep the picture

    def check(self) -> None:
        """Raise the Cancelled that `tick` raises, now or before."""
        if self.reason is not None:
            raise self.reason
        self._ask()
        if self.reason is not None:
            raise self.reason

    @contextmanager
    def over(self, options: RunOptions) -> Iterator[None]:
        """End the run that has these options when it is time."""
        with self._lock:
            self._running = options
            options.terminate = self.reason is not None
        try:
            yield
        finally:
            with self._lock:
                self._running = None

    def _ask(self) -> None:
        try:
            self._tick()
        except Cancelled as stop:  # handed over to the thread that runs the network
            self.reason = stop

    def _look(self) -> None:
        while not self._over.wait(_WATCH_EVERY_S):
            with self._lock:
                idle = self._running is None
            if idle:
                continue
            self._ask()
            if self.reason is not None:
                with self._lock:
                    if self._running is not None:
                        self._running.terminate = True
                return


_watches = threading.local()


@contextmanager
def stopping(tick: Tick) -> Iterator[None]:
    """Within the block, end the network runs of this thread when `tick()` raises.

    The `Cancelled` that `tick` raised leaves the block, even if a library in between caught it and raised an
    error of its own. `tick` is called from a second thread, about every 20 ms while a network runs.
    """
    watch = _Watch(tick)
    outer: _Watch | None = getattr(_watches, "current", None)
    watch.start()
    _watches.current = watch
    try:
        yield
    except Exception as error:
        if watch.reason is None or error is watch.reason:
            raise
        raise watch.reason from error
    finally:
        _watches.current = outer
        watch.close()


class Stoppable:
    """An onnxruntime session whose runs `stopping` can end. Stands in for the session itself.

    Args:
        session: To be run.
        name: Of the model, for the user's ear.
    """

    def __init__(self, session: InferenceSession, name: str) -> None:
        self._session = session
        self._name = name

    def run(
        self,
        output_names: Sequence[str] | None,
        input_feed: Mapping[str, NDArray[Any]],
        run_options: RunOptions | None = None,
    ) -> list[NDArray[np.float32]]:
        """As `InferenceSession.run`. Outside of `stopping` nothing ends it early.

        Raises:
            Cancelled: The user asked to stop.
            NoMemoryForPicture: The machine has not enough memory for this picture.
            DescribeError: The network failed.
        """
        from onnxruntime import RunOptions

        watch: _Watch | None = getattr(_watches, "current", None)
        options = run_options or RunOptions()
        try:
            if watch is None:
                outputs = self._session.run(output_names, input_feed, options)
            else:
                watch.check()
                with watch.over(options):
                    outputs = self._session.run(output_names, input_feed, options)
        except MemoryError as error:
            raise NoMemoryForPicture(repr(error)) from error
        except runtime_errors() as error:
            if watch is not None and watch.reason is not None:
                raise watch.reason from error
            raise _failed(error, DescribeError(repr(error), name=self._name)) from error
        return list(outputs)

    def __getattr__(self, attribute: str) -> Any:
        """Everything else (`get_inputs`, `get_modelmeta`, ...) is the session's own."""
        return getattr(self._session, attribute)


def run(
    session: Stoppable, feeds: Mapping[str, NDArray[Any]], tick: Tick
) -> list[NDArray[np.float32]]:
    """All outputs of one run, which ends early when `tick()` raises. Raises as `Stoppable.run`."""
    with stopping(tick):
        return session.run(None, feeds)


@cache
def runtime_errors() -> tuple[type[Exception], ...]:
    """The error classes of onnxruntime, which share no base."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    found = (getattr(state, name) for name in dir(state))
    return tuple(item for item in found if isinstance(item, type) and issubclass(item, Exception))


def models_dir() -> Path:
    """The folder of the embedded models."""
    return paths.resources() / "models"


def threads_allowed() -> int:
    """The most threads a network may take: one core is left to the voice and the user's programs."""
    return max(1, (os.cpu_count() or 1) - 1)


def open_session(path: Path, name: str, threads: int = 1) -> Stoppable:
    """Load a network.

    Args:
        path: Of the .onnx file.
        name: Of the model, for the user's ear.
        threads: Bounded by `threads_allowed`.
    Raises:
        ModelMissing: The file cannot be read.
        ModelDamaged: It is no network.
        MemoryError, NoMemoryForPicture: The machine has not enough memory for it.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(max(1, threads), threads_allowed())
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # without the arena, what a run took goes back to the system when it ends
    options.enable_cpu_mem_arena = False
    try:
        session = onnxruntime.InferenceSession(
            path.read_bytes(), sess_options=options, providers=["CPUExecutionProvider"]
        )
    except OSError as error:
        raise _missing(name, repr(error)) from error
    except runtime_errors() as error:
        raise _failed(error, _damaged(name, repr(error))) from error
    return Stoppable(session, name)


@cache
def _open_embedded(folder: Path, name: str, threads: int) -> Stoppable:
    path = folder / f"{name}.onnx"
    _verify(path, name)
    return open_session(path, name, threads)


def embedded(name: str, threads: int = 1) -> Stoppable:
    """An embedded model, loaded on first use and kept until `close_embedded`.

    Args:
        name: "nanodet", "efficientnet_lite0" or "centerface".
    Raises:
        ModelMissing, ModelDamaged: The file is not there, or not the one that was released.
    """
    return _open_embedded(models_dir(), name, threads)


def close_embedded() -> None:
    """Give the memory of the embedded models back."""
    _open_embedded.cache_clear()


def _verify(path: Path, name: str) -> None:
    """Compare the file with the list that was released with it."""
    try:
        released = json.loads((path.parent / "models.json").read_text(encoding="utf-8"))
        wanted = released[path.name]["sha256"]
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _missing(name, repr(error)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(name, f"models.json: {error!r}") from error
    if found != wanted:
        raise _damaged(name, f"sha256 of {path.name} is {found}")


def _failed(error: Exception, other: DescribeError) -> DescribeError:
    """What an error of onnxruntime means: that the memory was too small, or the other."""
    if _NO_MEMORY in str(error):
        return NoMemoryForPicture(repr(error))
    return other


def _missing(name: str, detail: str) -> ModelMissing:
    return ModelMissing(detail, name=name, next_step=strings.say(strings.SEE_INSTALL_AGAIN))


def _damaged(name: str, detail: str) -> ModelDamaged:
    return ModelDamaged(detail, name=name, next_step=strings.say(strings.SEE_INSTALL_AGAIN))
