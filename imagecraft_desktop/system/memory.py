"""How much memory this machine has and a process holds; how much there is for a network; and
giving it back.

Told by `status`, `self-test` and `models list`.
"""

from __future__ import annotations

import ctypes
import gc
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_MIB = 1024 * 1024
_ASK_S = 5.0
_AT_HAND = ("free", "inactive", "speculative")
"""Pages of macOS that can be had at once, as `vm_stat` names them."""
_M_ARENA_MAX = -8
_QUERY = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION of winnt.h
_YOUNG = 1
"""The generation of `gc` up to which all is young."""


def resident_mb(pid: int | None = None) -> float:
    """Resident memory in MiB; 0.0 where it cannot be told, and of a process that has ended.

    Args:
        pid: Of another process of the user's; None for this one, of which macOS tells the most it ever was.
    """
    platform = sys.platform  # a variable, for mypy believes what it knows of this machine's
    if platform == "linux":
        return _linux_mb(pid)
    if platform == "win32":
        return _windows_mb(pid)
    if pid is not None:
        return _mac_mb(pid)
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MIB


def machine_bytes() -> int:
    """Memory of the whole machine."""
    platform = sys.platform
    if platform == "win32":
        return _windows_status().total_bytes
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def available_mb() -> float | None:
    """Memory in MiB that can be had now without swapping; None where it cannot be told."""
    platform = sys.platform
    if platform == "win32":
        return _windows_status().available_bytes / _MIB or None
    if platform == "darwin":
        return _mac_available_mb()
    if platform != "linux":
        return None
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) / 1024
    return None


def give_back() -> None:
    """Hand memory that Python freed to the system, which glibc otherwise keeps for itself."""
    gc.collect()
    _hand_over()


def trim() -> None:
    """The same, but Python only frees what is young: quick, and holds up no other thread.

    Rings of objects, such as those of a closed connection to an X server, else wait for the next
    look at the young, which an idle program is long in coming to.
    """
    gc.collect(_YOUNG)
    _hand_over()


def share_heaps() -> None:
    """Let all threads of this process take memory from one heap, before any thread is started.

    glibc else gives each thread one of its own: a program that does nothing is smaller without.
    """
    if sys.platform == "linux":
        choose = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc has it, musl has not
        if choose is not None:
            choose(_M_ARENA_MAX, 1)


def _hand_over() -> None:
    if sys.platform == "linux":
        hand_over = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl has not
        if hand_over is not None:
            hand_over(0)


def _linux_mb(pid: int | None) -> float:
    try:
        told = Path(f"/proc/{'self' if pid is None else pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    rows = (line.split() for line in told.splitlines() if line.startswith("VmRSS:"))
    return next((int(row[1]) / 1024 for row in rows), 0.0)


def _mac_mb(pid: int) -> float:
    try:
        told = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(pid)],
            capture_output=True,
            text=True,
            timeout=_ASK_S,
            check=True,
        )
        return int(told.stdout) / 1024
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0.0


def _windows_mb(pid: int | None) -> float:
    class Counters(ctypes.Structure):  # PROCESS_MEMORY_COUNTERS of psapi.h
        _fields_ = (
            ("cb", ctypes.c_uint32),
            ("PageFaultCount", ctypes.c_uint32),
            *(
                (name, ctypes.c_size_t)
                for name in (
                    "PeakWorkingSetSize",
                    "WorkingSetSize",
                    "QuotaPeakPagedPoolUsage",
                    "QuotaPagedPoolUsage",
                    "QuotaPeakNonPagedPoolUsage",
                    "QuotaNonPagedPoolUsage",
                    "PagefileUsage",
                    "PeakPagefileUsage",
                )
            ),
        )

    counters = Counters(cb=ctypes.sizeof(Counters))
    kernel = ctypes.CDLL("kernel32")
    kernel.GetCurrentProcess.restype = kernel.OpenProcess.restype = ctypes.c_void_p
    opened = kernel.GetCurrentProcess() if pid is None else kernel.OpenProcess(_QUERY, False, pid)
    process = ctypes.c_void_p(opened)
    is_told = kernel.K32GetProcessMemoryInfo(process, ctypes.byref(counters), counters.cb)
    if pid is not None and opened:
        kernel.CloseHandle(process)
    return float(counters.WorkingSetSize) / _MIB if is_told else 0.0


@dataclass(frozen=True)
class _WindowsStatus:
    """Memory of the machine; zeros when Windows does not tell."""

    total_bytes: int
    available_bytes: int


def _windows_status() -> _WindowsStatus:
    class Status(ctypes.Structure):  # MEMORYSTATUSEX of sysinfoapi.h
        _fields_ = (
            ("dwLength", ctypes.c_uint32),
            ("dwMemoryLoad", ctypes.c_uint32),
            *(
                (name, ctypes.c_uint64)
                for name in (
                    "ullTotalPhys",
                    "ullAvailPhys",
                    "ullTotalPageFile",
                    "ullAvailPageFile",
                    "ullTotalVirtual",
                    "ullAvailVirtual",
                    "ullAvailExtendedVirtual",
                )
            ),
        )

    status = Status(dwLength=ctypes.sizeof(Status))
    ctypes.CDLL("kernel32").GlobalMemoryStatusEx(ctypes.byref(status))
    return _WindowsStatus(int(status.ullTotalPhys), int(status.ullAvailPhys))


def _mac_available_mb() -> float | None:
    try:
        told = subprocess.run(
            ["vm_stat"], capture_output=True, text=True, timeout=_ASK_S, check=True
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    size = re.search(r"page size of (\d+) bytes", told.stdout)
    pages = dict(re.findall(r"^Pages (\w+): +(\d+)\.?$", told.stdout, re.MULTILINE))
    if size is None or not pages.keys() >= set(_AT_HAND):
        return None
    return sum(int(pages[kind]) for kind in _AT_HAND) * int(size[1]) / _MIB
