"""Giving memory back, and how much there is, as each system tells it."""

from __future__ import annotations

import ctypes
import gc
import os
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from imagecraft_desktop.system import memory


class Ring:
    """Refers to itself, as a closed connection to an X server does."""

    def __init__(self) -> None:
        self.itself = self


@pytest.mark.parametrize("free", [memory.trim, memory.give_back])
def test_rings_that_were_just_left_are_freed(free: Callable[[], None]) -> None:
    gc.disable()
    try:
        ring = weakref.ref(Ring())
        assert ring() is not None
        free()
        assert ring() is None
    finally:
        gc.enable()


# In the form of its manual page; the figures are made up, and no Mac was asked.
VM_STAT = """\
Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                               10412.
Pages active:                            120893.
Pages inactive:                          117203.
Pages speculative:                         3201.
Pages throttled:                              0.
Pages wired down:                        103377.
Pages purgeable:                           1210.
"Translation faults":                 431881543.
Pages copy-on-write:                   13264720.
Pages stored in compressor:              389402.
File-backed pages:                        61034.
Swapins:                                  12001.
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
@pytest.mark.parametrize(
    ("script", "mb"),
    [
        (f"cat <<'END'\n{VM_STAT}END", (10412 + 117203 + 3201) / 64),
        ("echo 'Mach Virtual Memory Statistics: (page size of 16384 bytes)'", None),
        ("exit 1", None),
    ],
    ids=["told", "nothing told", "refused"],
)
def test_memory_at_hand_on_macos(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, mb: float | None
) -> None:
    tool = tmp_path / "vm_stat"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert memory.available_mb() == mb


def test_memory_at_hand_on_macos_without_its_tool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "darwin")
    assert memory.available_mb() is None


class Kernel:
    """kernel32, as far as memory goes: of 16 GB 3 are at hand. The offsets are those of sysinfoapi.h."""

    def GlobalMemoryStatusEx(self, status: Any) -> int:
        raw = (ctypes.c_uint64 * 8).from_address(ctypes.addressof(status._obj))
        assert raw[0] & 0xFFFFFFFF == ctypes.sizeof(raw), "dwLength"
        raw[1], raw[2] = 16 << 30, 3 << 30
        return 1


def test_memory_at_hand_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "CDLL", lambda name: Kernel())
    assert memory.available_mb() == 3 * 1024
    assert memory.machine_bytes() == 16 << 30


@pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")
def test_memory_at_hand_here() -> None:
    found = memory.available_mb()
    assert found is not None
    assert 0 < found < memory.machine_bytes() / 2**20


def test_the_memory_of_another_process_is_told() -> None:
    assert memory.resident_mb(os.getpid()) > 5
    if sys.platform != "darwin":  # of itself it tells there the most it ever was
        assert memory.resident_mb(os.getpid()) == pytest.approx(memory.resident_mb(), rel=0.2)


def test_the_memory_of_a_process_that_is_gone_is_none() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait(60)
    assert memory.resident_mb(gone.pid) == 0.0
