"""The processor's name is found on every system, or its architecture stands for it."""

from __future__ import annotations

import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from imagecraft_desktop.system import processor

X86 = "processor\t: 0\nmodel\t\t: 142\nmodel name\t: Intel(R) Core(TM)  i5-8250U CPU @ 1.60GHz\n"
PI = "processor\t: 0\nBogoMIPS\t: 108.00\n\nRevision\t: c04170\nModel\t\t: Raspberry Pi 5 Model B\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(X86 * 2, "Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz", id="x86"),
        pytest.param(PI, "Raspberry Pi 5 Model B", id="board"),
    ],
)
def test_linux_tells_it_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, found: str
) -> None:
    (tmp_path / "cpuinfo").write_text(text)
    monkeypatch.setattr(processor, "_CPUINFO", tmp_path / "cpuinfo")
    monkeypatch.setattr(sys, "platform", "linux")
    assert processor.name() == found


def test_architecture_stands_for_a_name_that_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processor, "_CPUINFO", tmp_path / "none")
    monkeypatch.setattr(sys, "platform", "linux")
    assert processor.name() in {processor.platform.processor(), processor.platform.machine()}
    assert processor.name()


def test_windows_tells_it_in_its_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def open_key(root: str, path: str) -> nullcontext[str]:
        asked.append((root, path))
        return nullcontext("key")

    registry = SimpleNamespace(
        HKEY_LOCAL_MACHINE="machine",
        OpenKey=open_key,
        QueryValueEx=lambda key, name: (f"AMD Ryzen 5 {name} ", 1),
    )
    monkeypatch.setitem(sys.modules, "winreg", registry)
    monkeypatch.setattr(sys, "platform", "win32")
    assert processor.name() == "AMD Ryzen 5 ProcessorNameString"
    assert asked == [("machine", r"HARDWARE\DESCRIPTION\System\CentralProcessor\0")]


def test_macos_tells_it_by_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], **_: object) -> SimpleNamespace:
        assert command == ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
        return SimpleNamespace(stdout="Apple M2\n")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert processor.name() == "Apple M2"
