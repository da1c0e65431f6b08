"""A real disk of a few kilobytes, for tests of what happens when it becomes full."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Mount a disk in memory on a new folder. The test is skipped where that is not allowed."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root may mount a disk of its own")
    try:
        yield folder
    finally:
        # at once for us, and when whoever still has something open there lets go of it
        subprocess.run(["umount", "--lazy", folder], check=True)


def resize(folder: Path, size: str) -> None:
    """Make room on it, or leave less."""
    subprocess.run(["mount", "-o", f"remount,size={size}", folder], check=True)
