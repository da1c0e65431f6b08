"""What fits this machine comes first, and what does not is told as such."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from importlib import metadata

import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.system import memory
from imagecraft_desktop.weights import catalogue, fit
from imagecraft_desktop.weights.fit import Fit, Machine

GIB = 1024**3
LAPTOP = Machine(8 * GIB, 0, has_bf16=False)
NEWER = Machine(8 * GIB, 0, has_bf16=True)
WITH_CARD = Machine(16 * GIB, 8 * GIB, has_bf16=False)


@pytest.mark.parametrize(
    ("name", "machine", "right"),
    [
        ("florence-2-base-ft", LAPTOP, Fit.FITS),
        ("blip-base", LAPTOP, Fit.FITS),
        ("imagecraft", LAPTOP, Fit.TOO_BIG),  # 15 GB in float32
        ("imagecraft", NEWER, Fit.TIGHT),  # 6 GB in bfloat16
        ("qwen3.5-9b", NEWER, Fit.TOO_BIG),
        ("qwen3-vl-2b", WITH_CARD, Fit.GPU),
        ("qwen3-vl-8b", WITH_CARD, Fit.TOO_BIG),
    ],
)
def test_fit_on_usual_machines(name, machine, right):
    assert fit.fit(catalogue.find(name), machine) is right


def test_need_is_that_of_the_form_in_which_it_runs():
    model = catalogue.find("imagecraft")
    assert fit.need_bytes(model, NEWER) == model.memory_bytes(2) == 6_000_000_000
    assert fit.need_bytes(model, LAPTOP) == model.memory_bytes(4) > 14_000_000_000
    small = catalogue.find("blip-large")
    assert fit.need_bytes(small, WITH_CARD) == small.memory_bytes(2)


@pytest.mark.parametrize("machine", [LAPTOP, NEWER, WITH_CARD])
def test_list_is_ranked_and_keeps_the_order_of_the_catalogue(machine):
    models = list(catalogue.known().values())
    found = fit.ranked(models, machine)
    keys = [(list(Fit).index(fit.fit(model, machine)), models.index(model)) for model in found]
    assert keys == sorted(keys)
    assert len(found) == len(models)


def test_within_a_fit_the_quickest_comes_first_and_the_unmeasured_last():
    names = ["blip-base", "git-base-coco", "blip-large", "qwen3-vl-8b"]
    models = [catalogue.find(name) for name in names]
    takes_s = {"git-base-coco": 2.0, "blip-large": 1.0, "qwen3-vl-8b": 0.1}
    found = [model.name for model in fit.ranked(models, LAPTOP, takes_s)]
    assert found == ["blip-large", "git-base-coco", "blip-base", "qwen3-vl-8b"]


def test_model_that_can_hardly_be_installed_comes_after_all_others():
    models = [catalogue.find(name) for name in ("blip-base", "blip-large", "qwen3-vl-8b")]
    found = fit.ranked(models, LAPTOP, {"blip-base": 0.1}, unsafe={"blip-base"})
    assert [model.name for model in found] == ["blip-large", "qwen3-vl-8b", "blip-base"]


def test_every_fit_has_its_sentence():
    assert set(strings.MODEL_FITS) == {one.value for one in Fit}


def _tool(tmp_path, monkeypatch, script):
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")


def _torch(monkeypatch, version):
    """Let this version of torch be installed; None for no torch."""

    def told(name):
        assert name == "torch"
        if version is None:
            raise metadata.PackageNotFoundError(name)
        return version

    monkeypatch.setattr(fit.metadata, "version", told)


needs_shell = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")


@needs_shell
@pytest.mark.parametrize(
    ("script", "mib"),
    [("printf '8188\\n24564\\n'", 24564), ("echo '[N/A]'", 0), ("exit 9", 0), ("true", 0)],
)
def test_memory_of_the_largest_card_is_asked_of_its_driver(tmp_path, monkeypatch, script, mib):
    _torch(monkeypatch, "2.13.0+cu130")
    _tool(tmp_path, monkeypatch, script)
    assert fit.look().gpu_bytes == mib * 1024**2


@needs_shell
@pytest.mark.parametrize(
    ("version", "mib"),
    [
        ("2.13.0+cpu", 0),
        ("2.13.0+cpu.cxx11.abi", 0),
        ("2.13.0+xpu", 0),
        ("2.13.0+cu130", 8188),
        ("2.13.0", 8188),
        ("2.13.0a0+git1234567", 8188),
        (None, 8188),
    ],
)
def test_a_card_that_torch_cannot_use_is_none(tmp_path, monkeypatch, version, mib):
    """What PyPI has for Linux, and what somebody built, may have CUDA; torch may yet be installed."""
    _torch(monkeypatch, version)
    _tool(tmp_path, monkeypatch, "echo 8188")
    assert fit.look().gpu_bytes == mib * 1024**2


@needs_shell
@pytest.mark.parametrize(
    ("told", "right"),
    [
        ({"card0": "536870912\n", "card1": "17163091968\n"}, 17163091968),
        ({"card0": "", "card1": "17163091968\n"}, 17163091968),
        ({"card0": None}, 0),
        ({}, 0),
    ],
)
def test_with_the_torch_for_amd_the_largest_amd_card_counts(tmp_path, monkeypatch, told, right):
    """Each card has a folder, and each of its plugs, which tells no memory; nor does one of another maker."""
    for card, text in told.items():
        (tmp_path / "drm" / card / "device").mkdir(parents=True)
        (tmp_path / "drm" / f"{card}-DP-1").mkdir()
        if text is not None:
            (tmp_path / "drm" / card / "device" / "mem_info_vram_total").write_text(text)
    monkeypatch.setattr(fit, "_CARDS", tmp_path / "drm")
    _torch(monkeypatch, "2.13.0+rocm7.1")
    _tool(tmp_path, monkeypatch, "echo 99999")
    assert fit.look().gpu_bytes == right


MAC = Machine(16 * GIB, 0, None)


def test_an_apple_graphics_card_takes_two_bytes_for_a_weight():
    model = catalogue.find("imagecraft")
    assert fit.fit(model, MAC) is Fit.TOO_BIG
    apple = replace(MAC, has_apple_gpu=True)
    assert fit.need_bytes(model, apple) == model.memory_bytes(2)
    assert fit.fit(model, apple) is Fit.FITS


@pytest.mark.parametrize(
    ("system", "processor", "has_one"),
    [("darwin", "arm64", True), ("darwin", "x86_64", False), ("linux", "arm64", False)],
)
def test_every_apple_processor_has_a_graphics_card(monkeypatch, system, processor, has_one):
    monkeypatch.setattr(fit.sys, "platform", system)
    monkeypatch.setattr(fit.platform, "machine", lambda: processor)
    monkeypatch.setattr(memory, "machine_bytes", lambda: 16 * GIB)
    assert fit.look().has_apple_gpu is has_one


def test_what_a_system_without_cpuinfo_does_not_tell_is_not_known(monkeypatch):
    def refuse(*_):
        raise FileNotFoundError

    monkeypatch.setattr(fit.Path, "read_text", refuse)
    assert fit._has_bf16() is None
    unknown = Machine(8 * GIB, 0, None)
    assert fit.fit(catalogue.find("imagecraft"), unknown) is Fit.TOO_BIG


@pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")
def test_memory_of_the_machine_is_what_the_system_says():
    with open("/proc/meminfo") as stream:
        total_kb = int(stream.readline().split()[1])
    assert abs(memory.machine_bytes() - total_kb * 1024) < 1024**2
    assert fit.look().memory_bytes == memory.machine_bytes()
