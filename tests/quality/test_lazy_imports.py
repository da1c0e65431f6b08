"""What must answer at once does not load what is heavy. Each case is a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = (
    *("torch", "transformers", "numpy", "onnxruntime", "rapidocr", "cv2", "hibari", "soundfile"),
    *("huggingface_hub", "httpx2"),
)
QT = ("PySide6", "shiboken6")


def _loaded_after(code: str, *arguments: str) -> tuple[int, set[str]]:
    """The exit status and the top-level modules that a child has in memory at its end."""
    script = f"""
import atexit, json, sys
atexit.register(lambda: print("\\n" + json.dumps(sorted({{n.partition('.')[0] for n in sys.modules}}))))
sys.argv[1:] = {list(arguments)!r}
{code}
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout, done.stderr
    return done.returncode, set(json.loads(done.stdout.splitlines()[-1]))


_COMMAND = "from imagecraft_desktop.cli.main import main; sys.exit(main())"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--help"], 0),
        (["--version"], 0),
        (["describe", "--help"], 0),
        (["status"], 7),
        (["trigger", "window"], 7),
        (["trigger", "file", __file__], 7),
        (["window", __file__], 7),
        (["stop"], 7),
        (["settings", "list"], 0),
        (["models", "list"], 0),
        (["models", "install", "blip-base"], 2),
    ],
)
def test_command_that_looks_at_no_picture_loads_nothing_heavy(
    arguments: list[str], status: int
) -> None:
    code, loaded = _loaded_after(_COMMAND, *arguments)
    assert code == status
    assert loaded.isdisjoint({*HEAVY, *QT}), loaded & {*HEAVY, *QT}


def test_tray_program_starts_without_anything_heavy() -> None:
    code, loaded = _loaded_after("import imagecraft_desktop.app, imagecraft_desktop.program")
    assert code == 0
    assert loaded.isdisjoint(HEAVY), loaded & set(HEAVY)


@pytest.mark.parametrize("room", ["describe", "speak"])
def test_list_of_captioners_or_voices_needs_no_torch(room: str) -> None:
    code, loaded = _loaded_after(f"from imagecraft_desktop.{room} import base; base.known()")
    assert code == 0
    assert loaded.isdisjoint({"torch", "transformers", "onnxruntime", "cv2"})
