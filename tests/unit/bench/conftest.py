"""Measuring takes every core of the machine, which other tests need meanwhile: here it has one."""

from __future__ import annotations

import pytest

from imagecraft_desktop.bench import machine


@pytest.fixture(autouse=True)
def _one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "cores", lambda: 1)
