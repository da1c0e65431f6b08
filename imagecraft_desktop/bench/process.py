"""Each thing measured runs in a process of its own, so that its memory and first steps are honest.

`Measurer` is the parent's side: it asks, one line for each question. A module that measures ends with
`serve(answer)`, the child's side. Rows of figures travel as lines of JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from imagecraft_desktop.errors import ImageCraftError

Figures = dict[str, Any]

_LAST_WORDS = 800


class Measurer:
    """A child that runs `python -m MODULE ARGUMENTS` and answers questions. Ended with the block.

    Args:
        env: Its environment; ours when None.
    """

    def __init__(self, module: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        self._module = module
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 - closed by __exit__
        self._child = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
            env=env,
        )

    def __enter__(self) -> Measurer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._child.wait(5)  # it ends by itself when nobody can ask any more
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._errors.close()

    def ask(self, question: str) -> Figures:
        """One row of figures. With "error" in it, a sentence, the thing could not be measured.

        Raises:
            RuntimeError: The child has a defect; its last words are in the message.
        """
        if self._child.stdin is None or self._child.stdout is None:
            raise RuntimeError("the child has no pipes")
        try:
            print(question, file=self._child.stdin, flush=True)
        except BrokenPipeError:
            raise RuntimeError(self._last_words()) from None
        line = self._child.stdout.readline()
        if not line:
            raise RuntimeError(self._last_words())
        row: Figures = json.loads(line)
        return row

    def _last_words(self) -> str:
        self._child.wait()
        self._errors.seek(0)
        return f"{self._module}: {self._errors.read().strip()[-_LAST_WORDS:]}"


def serve(answer: Callable[[str], Figures]) -> None:
    """Answer the questions on standard input until there are no more.

    What a library prints goes to standard error, so that it is not taken for an answer.
    """
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        for question in sys.stdin:
            try:
                row = answer(question.rstrip("\n"))
            except ImageCraftError as error:
                row = {"error": error.spoken}
            print(json.dumps(row), file=out, flush=True)


def reset_peak() -> None:
    """Count the peak from now on, where the system can; elsewhere it is that of the whole run."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def peak_mb() -> float:
    """The most resident memory of this process since `reset_peak`, in MiB; 0.0 where unknown."""
    platform = sys.platform  # a variable, for mypy believes what it knows of this machine's
    if platform == "linux":
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        return 0.0
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    most: float = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20 if platform == "darwin" else 1 << 10)
